// Helps for whole pages: look, focus, copy, print, work-list keys, live refresh, session, offline.
import { page } from "./upload.js";
import { each, toast, word } from "./words.js";

const SESSION_WARNING_SECONDS = 120;

/** Starts all of them. */
export function helpPage(): void {
  document.querySelector<HTMLElement>("[data-focus], [data-flash]")?.focus();
  each<HTMLButtonElement>("[data-look]", look);
  each<HTMLElement>("[data-worklist]", workByKeys);
  each<HTMLElement>("[data-live]", live);
  each<HTMLElement>("[data-picture]", picture);
  document.addEventListener("click", copyOrPrint);
  offline();
  session();
}

function look(button: HTMLButtonElement): void {
  const root = document.documentElement;
  const dark = button.dataset.look === "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = () => root.dataset.theme ?? system;
  const on = () => (dark ? theme() === "dark" : root.dataset.size === "elder");
  const show = () => button.setAttribute("aria-pressed", String(on()));
  button.addEventListener("click", () => {
    const next = !on();
    if (dark) root.dataset.theme = next ? "dark" : "light";
    else if (next) root.dataset.size = "elder";
    else delete root.dataset.size;
    try {
      if (dark) localStorage.setItem("look.theme", next ? "dark" : "light");
      else if (next) localStorage.setItem("look.size", "elder");
      else localStorage.removeItem("look.size");
    } catch {
      // Then the choice lasts for this page only.
    }
    show();
  });
  show();
}

function copyOrPrint(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest("[data-print]")) print();
  const button = target.closest("[data-copy]");
  const text = button?.parentElement?.querySelector("[data-copy-from]")?.textContent;
  if (text) void navigator.clipboard?.writeText(text.trim()).then(() => toast(word("copied")));
}

function workByKeys(list: HTMLElement): void {
  const rows = () => [...list.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).closest("input, textarea, select, dialog")) return;
    if (event.key === "/") {
      document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
      event.preventDefault();
    }
    const move = { j: 1, k: -1 }[event.key];
    if (!move) return;
    const all = rows();
    const at = all.findIndex((row) => row.classList.contains("at"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + move))];
    all[at]?.classList.remove("at");
    next?.classList.add("at");
    next?.querySelector<HTMLElement>("a, button, input")?.focus();
  });
}

/** The picture of a process: larger, smaller, and where the case stands in view. */
function picture(part: HTMLElement): void {
  const drawing = part.querySelector("svg");
  const box = drawing?.parentElement;
  if (!drawing || !box) return;
  const natural = Number(drawing.getAttribute("width"));
  let scale = 1;
  const show = () => {
    drawing.setAttribute("width", String(Math.round(natural * scale)));
    drawing.removeAttribute("height");
    const here = drawing.querySelector(".current")?.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (here) box.scrollLeft += here.x + here.width / 2 - frame.x - frame.width / 2;
  };
  part.addEventListener("toggle", show);
  part.addEventListener("click", (event) => {
    const zoom = (event.target as Element).closest<HTMLElement>("[data-zoom]")?.dataset.zoom;
    if (!zoom) return;
    scale = Math.min(3, Math.max(0.3, scale * (zoom === "in" ? 1.3 : 1 / 1.3)));
    show();
  });
}

/** The server says that something changed; the page is fetched again and the part swapped. */
function live(part: HTMLElement): void {
  const url = part.dataset.live;
  if (!url || !part.id) return;
  const id = part.id;
  const source = new EventSource(url);
  let busy = false;
  source.addEventListener("message", () => {
    const old = document.getElementById(id);
    if (busy || !old || old.contains(document.activeElement)) return;
    busy = true;
    void fetch(location.href, { headers: { Accept: "text/html" } })
      .then(async (answer) => {
        const fresh = answer.ok ? page(await answer.text()).getElementById(id) : null;
        if (fresh) old.replaceChildren(...[...fresh.childNodes].map((n) => document.adoptNode(n)));
        if (fresh) toast(word("updated"));
      })
      .finally(() => (busy = false));
  });
}

function offline(): void {
  const note = document.querySelector<HTMLElement>("[data-offline]");
  if (!note) return;
  const show = () => (note.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** Warns before the session ends; any answer asks the house once, which renews it. */
function session(): void {
  const seconds = Number(document.body.dataset.session ?? 0);
  const dialog = document.querySelector<HTMLDialogElement>("[data-session-dialog]");
  if (!dialog || seconds <= SESSION_WARNING_SECONDS) return;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    const delay = (seconds - SESSION_WARNING_SECONDS) * 1000;
    timer = window.setTimeout(() => dialog.showModal(), delay);
  };
  dialog.addEventListener("close", () => {
    void fetch(location.href, { method: "HEAD" });
    wait();
  });
  wait();
}
