// The editor of /desk/procedures/…/edit: bpmn-js or dmn-js over the draft in the page's form, with
// our own properties, and what is wrong while drawing. Loaded on that page only. Its words stand
// in the page. Deliberately absent: saving (the form does it), and any rule of what is right.
import { drawProcess } from "./modeler_process.js";
import { drawTables } from "./modeler_tables.js";
import { element } from "./words.js";

/** What the house answers to a look at a file. */
interface Finding {
  code: string;
  severity: "error" | "warning" | "note";
  element: string;
  message: string;
  line?: number;
  trace?: string[];
}

/** A drawing area, whatever is drawn in it. */
export interface Drawing {
  /** The file as drawn now. */
  xml(): Promise<string>;
  /** Shows an element that a finding is about. */
  select(id: string): void;
  /** Marks the elements with findings, and the way into the worst one. */
  mark(wrong: Map<string, string>, trace: string[]): void;
}

/** The words of the page and what it says of itself. */
export interface Place {
  canvas: HTMLElement;
  fields: HTMLElement;
  properties: HTMLElement;
  posts: string[];
  words: DOMStringMap;
  translate: (text: string, replacements?: Record<string, string>) => string;
  changed: () => void;
}

/** Editing wants at least so much room; below it the page shows the still picture. */
const ROOM = "(min-width: 62rem)";
/** So long after the last change a file is looked at. */
const PAUSE_MS = 600;

const editor = document.querySelector<HTMLElement>("[data-editor]");
const form = document.querySelector<HTMLFormElement>("form[data-save]");
const source = form?.querySelector<HTMLTextAreaElement>("textarea[name=xml]");

function translations(): Map<string, string> {
  const pairs = [...document.querySelectorAll<HTMLElement>("[data-translation]")];
  return new Map(pairs.map((one) => [one.dataset.translation ?? "", one.textContent ?? ""]));
}

async function begin(editor: HTMLElement, form: HTMLFormElement, source: HTMLTextAreaElement) {
  const find = (name: string) => editor.querySelector<HTMLElement>(`[${name}]`) as HTMLElement;
  const canvas = find("data-canvas-place");
  const verdict = find("data-verdict");
  const list = find("data-findings");
  const known = translations();
  let timer = 0;
  let unsaved = false;
  let asked = 0;
  let drawing: Drawing | undefined;

  const show = (findings: Finding[]) => {
    const items = findings.map((finding) => {
      const tone = { error: "red", warning: "yellow", note: "" }[finding.severity];
      const tag = element("strong", { class: `tag ${tone}` }, words[finding.severity] ?? "");
      const item = element("li", {}, tag, " ");
      if (finding.element) {
        const button = element("button", { type: "button", class: "link" }, finding.element);
        button.addEventListener("click", () => drawing?.select(finding.element));
        item.append(button, " ");
      }
      item.append(finding.message);
      return item;
    });
    list.replaceChildren(...items);
    const severe = ["error", "warning", "note"];
    const wrong = new Map<string, string>();
    for (const level of severe)
      for (const one of findings)
        if (one.severity === level && !wrong.has(one.element)) wrong.set(one.element, level);
    const traced = findings.find((one) => one.severity === "error" && one.trace?.length);
    drawing?.mark(wrong, traced?.trace ?? []);
  };

  const look = async () => {
    if (!drawing) return;
    const mine = ++asked;
    verdict.textContent = words.busy ?? "";
    try {
      const file = await drawing.xml();
      source.value = file;
      const token = form.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
      const answer = await fetch(editor.dataset.check ?? "", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: JSON.stringify({ name: words.name, kind: words.kind, file }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = (await answer.json()) as { ok: boolean; findings: Finding[] };
      if (mine !== asked) return;
      show(said.findings);
      verdict.textContent = (said.ok ? words.good : words.bad) ?? "";
      if (unsaved) verdict.append(` · ${words.unsaved ?? ""}`);
    } catch {
      if (mine === asked) verdict.textContent = words.failed ?? "";
    }
  };

  const words = editor.dataset;
  const place: Place = {
    canvas,
    fields: find("data-fields"),
    properties: find("data-properties"),
    posts: (words.posts ?? "").split(","),
    words,
    translate: (text, replacements = {}) =>
      (known.get(text) ?? text).replace(/{([^}]+)}/g, (_, name) => replacements[name] ?? ""),
    changed: () => {
      unsaved = true;
      clearTimeout(timer);
      timer = window.setTimeout(() => void look(), PAUSE_MS);
    },
  };
  canvas.hidden = false;
  place.properties.hidden = words.kind !== "process";
  const draw = words.kind === "process" ? drawProcess : drawTables;
  drawing = await draw(place, source.value);
  document.querySelector("[data-still]")?.remove();
  editor.classList.add("drawn");

  const write = (event: SubmitEvent) => {
    if (form.dataset.ready || !drawing) return;
    // Before the help that lets a form be sent once: what is sent is the drawing as it is now.
    event.preventDefault();
    const { submitter } = event;
    void drawing.xml().then((file) => {
      source.value = file;
      form.dataset.ready = "yes";
      unsaved = false;
      // Not while the first event is still under way: a form is not sent twice at once.
      setTimeout(() => form.requestSubmit(submitter));
    });
  };
  form.addEventListener("submit", write, { capture: true });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  await look();
}

if (editor && form && source && window.matchMedia(ROOM).matches)
  void begin(editor, form, source).catch((problem: unknown) => {
    // The still picture and the file stay: the page works without the drawing.
    const area = editor.querySelector<HTMLElement>("[data-canvas-place]");
    if (area) area.hidden = true;
    console.error(problem);
  });
