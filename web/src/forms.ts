// Helps for forms: leave guard, send once, confirm, draft on this device, letter count.
// Each is optional: without script the form works the same. Deliberately absent: validation;
// the house decides what is right and says so beside the field.
import { each, element, toast, word } from "./words.js";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Draft = Record<string, string[]>;

const DRAFT_PREFIX = "draft.";
const DRAFT_DAYS_MAX = 14;
const SAVE_AFTER_MS = 600;
const KEPT_OUT = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

let leaving = false;

/** Starts all helps for the forms of the page. */
export function helpForms(): void {
  each<HTMLFormElement>("form[data-guard]", guard);
  each<HTMLFormElement>("form[data-autosave]", keepDraft);
  each<HTMLFormElement>("form", (form) => form.addEventListener("submit", sendOnce));
  each<HTMLTextAreaElement>("textarea[data-count]", count);
  each<Control>("[data-submit-on-change]", (control) =>
    control.addEventListener("change", () => control.form?.requestSubmit()),
  );
  each<HTMLFormElement>("form:has([data-when])", conditions);
  document.addEventListener("click", confirmFirst);
  addEventListener("pageshow", (event) => {
    if (event.persisted) each<HTMLFormElement>("form", release);
  });
}

function guard(form: HTMLFormElement): void {
  let dirty = document.querySelector(".error-summary") !== null;
  form.addEventListener("input", () => (dirty = true));
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
}

function sendOnce(event: SubmitEvent): void {
  const form = event.currentTarget as HTMLFormElement;
  if (event.defaultPrevented || !posts(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  // Disabling at once would drop the pressed button's own name and value from what is sent.
  setTimeout(() => {
    form.classList.add("busy");
    if (event.submitter?.classList.contains("button")) toast(word("sending"));
  });
}

/** Parts of a form that only count under a condition, `data-when="name=value"` (several values
 * with `|`), are hidden while it does not hold; the house does not keep what they say then. */
function conditions(form: HTMLFormElement): void {
  const parts = [...form.querySelectorAll<HTMLElement>("[data-when]")];
  const show = () => {
    const said = new FormData(form);
    for (const part of parts) {
      const [name, values = ""] = (part.dataset.when ?? "").split("=");
      part.hidden = !said.getAll(name).some((value) => values.split("|").includes(String(value)));
    }
  };
  form.addEventListener("change", show);
  show();
}

/** Not form.method: a control called "method" would stand in its place. */
function posts(form: HTMLFormElement): boolean {
  return form.getAttribute("method")?.toLowerCase() === "post";
}

/** Lets a form be sent again, after a cut upload or a way back. */
export function release(form: HTMLFormElement): void {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  form.classList.remove("busy");
  leaving = false;
}

function confirmFirst(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-confirm]");
  const dialog = document.querySelector<HTMLDialogElement>("[data-confirm-dialog]");
  if (!button || !dialog || button.dataset.confirmed) return;
  event.preventDefault();
  const text = dialog.querySelector("[data-confirm-text]");
  if (text) text.textContent = button.dataset.confirm ?? "";
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      button.dataset.confirmed = "yes";
      button.click();
      delete button.dataset.confirmed;
    },
    { once: true },
  );
}

function controls(form: HTMLFormElement): Control[] {
  const all = [...form.elements] as Control[];
  return all.filter((control) => control.name && !KEPT_OUT.has(control.type));
}

function chosen(control: Control): boolean {
  return control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type);
}

function readDraft(form: HTMLFormElement): Draft {
  const draft: Draft = {};
  for (const control of controls(form)) {
    const values = (draft[control.name] ??= []);
    if (!chosen(control) || (control as HTMLInputElement).checked) values.push(control.value);
  }
  return draft;
}

function writeDraft(form: HTMLFormElement, draft: Draft): void {
  for (const control of controls(form)) {
    const values = draft[control.name];
    if (!values) continue;
    if (chosen(control)) (control as HTMLInputElement).checked = values.includes(control.value);
    else control.value = values.shift() ?? control.value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function storedDraft(key: string): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    if (!kept || DRAFT_DAYS_MAX * 86_400_000 < Date.now() - kept.at) return undefined;
    return kept.draft as Draft;
  } catch {
    return undefined;
  }
}

function keepDraft(form: HTMLFormElement): void {
  const key = DRAFT_PREFIX + form.dataset.autosave;
  const kept = storedDraft(key);
  const answered = document.querySelector(".error-summary") !== null;
  if (kept && !answered && JSON.stringify(kept) !== JSON.stringify(readDraft(form))) {
    offerDraft(form, key, kept);
  }
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), draft: readDraft(form) }));
      } catch {
        // A full or forbidden store costs the draft, not the form.
      }
    }, SAVE_AFTER_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    // A refused form comes back filled in, so the draft has done its work either way.
    localStorage.removeItem(key);
  });
}

function offerDraft(form: HTMLFormElement, key: string, kept: Draft): void {
  const use = element("button", { type: "button", class: "button second" }, word("draftUse"));
  const drop = element("button", { type: "button", class: "link" }, word("draftDrop"));
  const box = element(
    "div",
    { class: "draft", role: "status" },
    element("p", {}, word("draftFound")),
    use,
    drop,
  );
  use.addEventListener("click", () => {
    writeDraft(form, kept);
    box.remove();
    controls(form)[0]?.focus();
  });
  drop.addEventListener("click", () => {
    localStorage.removeItem(key);
    box.remove();
  });
  form.prepend(box);
}

function count(area: HTMLTextAreaElement): void {
  const left = element("p", { class: "count", "aria-live": "polite" });
  const show = () => (left.textContent = `${[...area.value].length} / ${area.maxLength}`);
  area.after(left);
  area.addEventListener("input", show);
  show();
}
