// Wording of the helps, as the page delivers it: scripts hold no text for people.

const holder = document.querySelector<HTMLElement>("[data-words]");

/** The text under `key` in the reader's language; the key itself where the page has none. */
export function word(key: string): string {
  return holder?.dataset[key] ?? key;
}

/** Makes an element with text and attributes; never from markup, so nothing can be injected. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A short notice that a screen reader reads too. */
export function toast(text: string): void {
  document.querySelector(".toast")?.remove();
  const note = element("div", { class: "toast", role: "status" }, text);
  document.body.append(note);
  setTimeout(() => note.remove(), 4000);
}

/** Runs `act` for every element that matches, now. */
export function each<T extends Element>(selector: string, act: (found: T) => void): void {
  document.querySelectorAll<T>(selector).forEach(act);
}
