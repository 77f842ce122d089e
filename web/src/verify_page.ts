// The form of /ledger: takes a proof, shows each step of the check. Its words stand in the page.
import { verifyProof } from "./verify.js";
import { element } from "./words.js";

const form = document.querySelector<HTMLFormElement>("form[data-verify]");
const words = form?.querySelector<HTMLElement>("[data-verify-words]")?.dataset ?? {};

async function show(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const list = form?.querySelector("[data-verify-result]");
  const field = (name: string) => form?.elements.namedItem(name);
  const file = (field("proof_file") as HTMLInputElement).files?.[0];
  const typed = (field("proof") as HTMLTextAreaElement).value;
  const key = (field("key") as HTMLInputElement).value;
  const steps = await verifyProof(file ? await file.text() : typed, key);
  const lines = steps.map(({ code, good, reason, value }) => {
    const name = good ? code : `not_${reason}`;
    const text = words[camel(`say_${name}`)] ?? name;
    const title = element("p", { class: "timeline-title" }, text);
    const line = element("li", { class: good ? "good" : "bad" }, title);
    if (value) line.append(element("code", {}, value));
    return line;
  });
  const good = steps.every((step) => step.good);
  const outcome = words[good ? "sayWhole" : "sayBroken"] ?? "";
  const title = element("p", { class: "banner-title" }, outcome);
  const banner = element("div", { class: `banner ${good ? "good" : "bad"}` }, title);
  list?.replaceChildren(banner, element("ol", { class: "timeline" }, ...lines));
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

form?.addEventListener("submit", (event) => void show(event));
