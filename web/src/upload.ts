// Files: what was chosen, how big, its SHA-256 digest, and how far the sending is. The digest lets
// a citizen compare what arrived with what was sent. Deliberately absent: any check that the house
// does not repeat; sending in pieces.
import { release } from "./forms.js";
import { element, word } from "./words.js";

const DIGEST_BYTES_MAX = 64 * 1024 * 1024;

/** Starts the help for every file control and for the forms that send files. */
export function helpUploads(): void {
  document.querySelectorAll<HTMLElement>("[data-upload]").forEach((box) => {
    const input = box.querySelector<HTMLInputElement>("input[type=file]");
    const list = box.querySelector<HTMLElement>("[data-files]");
    if (!input || !list) return;
    input.addEventListener("change", () => show(input, list));
    for (const name of ["dragover", "dragleave", "drop"] as const) {
      box.addEventListener(name, (event) => {
        box.classList.toggle("over", name === "dragover");
        if (name === "dragover") event.preventDefault();
      });
    }
    box.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length || event.target === input) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
      show(input, list);
    });
    input.form?.addEventListener("submit", sendWithProgress);
  });
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

async function digestOf(file: File): Promise<string | undefined> {
  if (!crypto.subtle || DIGEST_BYTES_MAX < file.size) return undefined;
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(input: HTMLInputElement, list: HTMLElement): void {
  const limit = Number(input.dataset.maxBytes ?? Infinity);
  list.replaceChildren();
  input.setCustomValidity("");
  for (const file of input.files ?? []) {
    const text = element("span", {}, `${file.name} · ${size(file.size)}`);
    const line = element("li", {}, text);
    if (/^image\/(?!svg)/.test(file.type)) line.prepend(picture(file));
    if (limit < file.size) {
      input.setCustomValidity(word("tooBig"));
      text.append(element("span", { class: "error", role: "alert" }, ` ${word("tooBig")}`));
    }
    const remove = element("button", { type: "button", class: "link" }, word("remove"));
    remove.append(element("span", { class: "sr" }, ` ${file.name}`));
    remove.addEventListener("click", () => {
      const rest = new DataTransfer();
      for (const other of input.files ?? []) if (other !== file) rest.items.add(other);
      input.files = rest.files;
      show(input, list);
      input.focus();
    });
    line.append(remove);
    list.append(line);
    void digestOf(file).then((digest) => {
      if (digest) text.append(element("br"), element("code", {}, `SHA-256 ${digest}`));
    });
  }
}

function picture(file: File): HTMLImageElement {
  const image = element("img", { alt: "" });
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}

function sendWithProgress(event: SubmitEvent): void {
  const form = event.currentTarget as HTMLFormElement;
  const inputs = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
  const files = inputs.flatMap((input) => [...(input.files ?? [])]);
  const heavy = files.some((file) => 1_000_000 < file.size);
  if (event.defaultPrevented || !heavy) return;
  event.preventDefault();
  const bar = element("progress", { max: "100", value: "0", "aria-label": word("sending") });
  form.append(bar);
  const request = new XMLHttpRequest();
  // Not form.action: a button called "action" would stand in its place.
  const own = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  request.open("POST", own ?? location.href);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) bar.value = (sent.loaded / sent.total) * 100;
  });
  const cut = () => {
    bar.remove();
    release(form);
    form.prepend(element("p", { class: "banner bad", role: "alert" }, word("uploadCut")));
  };
  request.addEventListener("error", cut);
  request.addEventListener("abort", cut);
  request.addEventListener("load", () => arrive(request));
  request.send(new FormData(form, event.submitter));
}

/** A refused form comes back as a page: its main part takes the place of ours. */
function arrive(request: XMLHttpRequest): void {
  if (request.status < 400) {
    location.assign(request.responseURL);
    return;
  }
  const main = page(request.responseText).querySelector("main");
  if (main) document.querySelector("main")?.replaceWith(document.adoptNode(main));
  document.querySelector<HTMLElement>("[data-focus], main")?.focus();
  helpUploads();
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string },
  ): {
    createHTML(text: string): string;
  };
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
const own = policies?.createPolicy("qingchuang", { createHTML: (text) => text });

/** A page of our own origin as a document; scripts in it never run. */
export function page(text: string): Document {
  return new DOMParser().parseFromString(own ? own.createHTML(text) : text, "text/html");
}
