// The drawing area of a process: bpmn-js with our attributes (namespace qc), a panel of properties
// and ways to draw by keyboard. The bpmn.io mark stays where bpmn-js puts it: its licence asks it.
import Modeler from "bpmn-js/lib/Modeler";
import { element } from "./words.js";
import type { Drawing, Place } from "./modeler.js";

interface Business {
  id: string;
  name?: string;
  $type: string;
  $instanceOf(type: string): boolean;
  get(name: string): unknown;
  eventDefinitions?: Business[];
  conditionExpression?: { body?: string };
  sourceRef?: Business & { default?: Business };
}
interface Shape {
  id: string;
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  businessObject: Business;
  outgoing: (Shape & { source: Shape; target: Shape; waypoints: { x: number; y: number }[] })[];
  source?: Shape;
  labelTarget?: Shape;
  parent?: Shape;
}
// The services of the modeler that are asked for; its own types say no more than this.
/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
type Services = (name: string) => any;

const text = { isAttr: true, type: "String" };
const whole = { isAttr: true, type: "Integer" };

/** Our attributes, so that they are read, kept and written under their own namespace. */
const QC = {
  name: "Qingchuang",
  uri: "https://qingchuang.gov.example/bpmn",
  prefix: "qc",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Labelled",
      extends: ["bpmn:FlowElement", "bpmn:Process", "bpmn:Lane", "bpmn:Participant"],
      properties: [{ name: "nameEn", ...text }],
    },
    {
      name: "Promising",
      extends: ["bpmn:Process"],
      properties: [{ name: "promisedDays", ...whole }],
    },
    {
      name: "Done",
      extends: ["bpmn:Activity"],
      properties: [
        ...["post", "organ", "form", "duty", "outcomes", "effect", "process"].map((name) => ({
          name,
          ...text,
        })),
        { name: "limitDays", ...whole },
      ],
    },
    { name: "Posted", extends: ["bpmn:Lane"], properties: [{ name: "post", ...text }] },
    {
      name: "Waiting",
      extends: ["bpmn:Event"],
      properties: [
        { name: "workdays", ...whole },
        { name: "times", ...whole },
        { name: "message", ...text },
        { name: "signal", ...text },
      ],
    },
    {
      name: "Leading",
      extends: ["bpmn:SequenceFlow"],
      properties: [{ name: "returnsMax", ...whole }],
    },
  ],
};

const DUTIES = ["", "review", "legal", "consult", "decide", "issue", "deliver", "accept", "other"];
const EFFECTS = ["", "certificate.issue", "refusal.issue", "reminder.send"];
/** Between two elements when one is put between them. */
const GAP = 160;

export async function drawProcess(place: Place, file: string): Promise<Drawing> {
  const modeler = new Modeler({
    container: place.canvas,
    moddleExtensions: { qc: QC },
    additionalModules: [{ translate: ["value", place.translate] }],
  });
  await modeler.importXML(file);
  const get: Services = (name) => modeler.get(name);
  const [canvas, registry, selection, modeling] = [
    get("canvas"),
    get("elementRegistry"),
    get("selection"),
    get("modeling"),
  ];
  canvas.zoom("fit-viewport", "auto");
  const svg = place.canvas.querySelector("svg");
  svg?.setAttribute("role", "application");
  svg?.setAttribute("aria-label", place.words.canvas ?? "");

  const label = (shape: Shape) => {
    const { name, id, $type } = shape.businessObject;
    return `${name || id} · ${place.translate($type.replace("bpmn:", ""))}`;
  };

  const panel = () => {
    const chosen = (selection.get() as Shape[])[0];
    const root = canvas.getRootElement() as Shape;
    const shape = chosen?.labelTarget ?? chosen ?? root;
    place.fields.replaceChildren(...chooser(shape), ...fields(shape), ...acts(shape));
  };

  /** All elements in a list: who has no pointer reaches each of them. */
  const chooser = (shown: Shape): Node[] => {
    const all = registry.filter(
      (one: Shape) => one.businessObject && !one.labelTarget && !one.type.endsWith("Plane"),
    ) as Shape[];
    const list = element("select", { class: "input", id: "editor-element" });
    for (const one of all) {
      const option = element("option", { value: one.id }, label(one));
      option.selected = one.id === shown.id;
      list.append(option);
    }
    list.addEventListener("change", () => show(list.value));
    return [field("editor-element", place.words.wordElement ?? "", list)];
  };

  const show = (id: string) => {
    const found = registry.get(id) as Shape | undefined;
    if (!found) return;
    if (found === canvas.getRootElement()) selection.deselect(selection.get());
    else {
      selection.select(found);
      canvas.scrollToElement(found, 80);
    }
    panel();
  };

  const field = (id: string, wording: string, control: HTMLElement): HTMLElement =>
    element("div", { class: "field" }, element("label", { for: id }, wording), control);

  const attribute = (shape: Shape, name: string, wording: string, kind = "text"): HTMLElement => {
    const id = `editor-${name.replace(":", "-")}`;
    const value = shape.businessObject.get(name);
    const shown = String(value ?? "");
    const input = element("input", { class: "input", id, type: "text", value: shown });
    if (kind === "number") input.inputMode = "numeric";
    input.addEventListener("change", () => {
      const typed = input.value.trim();
      const number = Number.parseInt(typed, 10);
      const whole = Number.isNaN(number) ? undefined : number;
      const set = kind === "number" ? whole : typed || undefined;
      modeling.updateProperties(shape, { [name]: set });
    });
    return field(id, wording, input);
  };

  const choice = (shape: Shape, name: string, wording: string, words: string[]): HTMLElement => {
    const id = `editor-${name.replace(":", "-")}`;
    const now = String(shape.businessObject.get(name) ?? "");
    const list = element("select", { class: "input", id });
    for (const word of words.includes(now) ? words : [now, ...words]) {
      const option = element("option", { value: word }, word ? place.translate(word) : "—");
      option.selected = word === now;
      list.append(option);
    }
    list.addEventListener("change", () =>
      modeling.updateProperties(shape, { [name]: list.value || undefined }),
    );
    return field(id, wording, list);
  };

  const condition = (shape: Shape): HTMLElement => {
    const value = shape.businessObject.conditionExpression?.body ?? "";
    const input = element("input", { class: "input", id: "editor-condition", type: "text", value });
    input.addEventListener("change", () => {
      const body = input.value.trim();
      const made = body ? get("bpmnFactory").create("bpmn:FormalExpression", { body }) : undefined;
      modeling.updateProperties(shape, { conditionExpression: made });
    });
    return field("editor-condition", place.words.wordCondition ?? "", input);
  };

  const fields = (shape: Shape): HTMLElement[] => {
    const { words } = place;
    const is = (type: string) => shape.businessObject.$instanceOf(`bpmn:${type}`);
    const all = [
      attribute(shape, "name", words.wordName ?? ""),
      attribute(shape, "qc:nameEn", words.wordNameEn ?? ""),
    ];
    const number = (name: string, wording?: string) =>
      attribute(shape, name, wording ?? "", "number");
    if (is("Process")) all.push(number("qc:promisedDays", words.wordPromised));
    if (is("UserTask") || is("ManualTask") || shape.type === "bpmn:Task")
      all.push(
        choice(shape, "qc:post", words.wordPost ?? "", ["", ...place.posts]),
        attribute(shape, "qc:organ", words.wordOrgan ?? ""),
        choice(shape, "qc:duty", words.wordDuty ?? "", DUTIES),
        attribute(shape, "qc:outcomes", words.wordOutcomes ?? ""),
        attribute(shape, "qc:limitDays", words.wordLimit ?? "", "number"),
        attribute(shape, "qc:form", words.wordForm ?? ""),
      );
    if (is("ServiceTask") || is("SendTask"))
      all.push(choice(shape, "qc:effect", words.wordEffect ?? "", EFFECTS));
    if (is("SequenceFlow"))
      all.push(condition(shape), number("qc:returnsMax", words.wordReturns));
    const events = shape.businessObject.eventDefinitions ?? [];
    if (events.some((one) => one.$type === "bpmn:TimerEventDefinition"))
      all.push(
        attribute(shape, "qc:workdays", words.wordWorkdays ?? "", "number"),
        attribute(shape, "qc:times", words.wordTimes ?? "", "number"),
      );
    return all;
  };

  const button = (wording: string, act: () => void, look = "second"): HTMLElement => {
    const made = element("button", { type: "button", class: `button ${look}` }, wording);
    made.addEventListener("click", act);
    return made;
  };

  /** Puts a step of a person into the way that leads on from here, and makes room for it. */
  const insert = (shape: Shape) => {
    const flow = shape.outgoing[0];
    if (!flow) {
      const made = get("autoPlace").append(
        shape,
        get("elementFactory").createShape({ type: "bpmn:UserTask" }),
      );
      show((made as Shape).id);
      return;
    }
    const from = flow.target.x;
    const behind = registry.filter(
      (one: Shape) => one.x >= from && one.width !== undefined && !one.labelTarget,
    ) as Shape[];
    modeling.moveElements(behind, { x: GAP, y: 0 });
    const at = {
      x: Math.round((shape.x + shape.width + flow.target.x) / 2),
      y: Math.round(shape.y + shape.height / 2),
    };
    const made = get("elementFactory").createShape({ type: "bpmn:UserTask" }) as Shape;
    show((modeling.createShape(made, at, flow) as Shape).id);
  };

  const acts = (shape: Shape): Node[] => {
    const { words } = place;
    const row = element("p", { class: "actions" });
    const leads = shape.businessObject.$instanceOf("bpmn:FlowNode");
    if (leads && !shape.type.endsWith("EndEvent"))
      row.append(button(words.wordInsert ?? "", () => insert(shape)));
    if (shape !== canvas.getRootElement())
      row.append(button(words.wordRemove ?? "", () => modeling.removeElements([shape])));
    const stack = get("commandStack");
    if (stack.canUndo()) row.append(button(words.wordUndo ?? "", () => stack.undo()));
    if (stack.canRedo()) row.append(button(words.wordRedo ?? "", () => stack.redo()));
    return [row];
  };

  modeler.on("selection.changed", panel);
  modeler.on("commandStack.changed", () => {
    place.changed();
    const focused = document.activeElement?.id;
    panel();
    if (focused) document.getElementById(focused)?.focus();
  });
  panel();

  const marked: [string, string][] = [];
  return {
    xml: async () => (await modeler.saveXML({ format: true })).xml ?? "",
    select: show,
    mark: (wrong, trace) => {
      for (const [id, name] of marked.splice(0))
        if (registry.get(id)) canvas.removeMarker(id, name);
      const put = (id: string, name: string) => {
        if (!registry.get(id)) return;
        canvas.addMarker(id, name);
        marked.push([id, name]);
      };
      trace.forEach((id) => put(id, "found-trace"));
      wrong.forEach((level, id) => put(id, `found-${level}`));
    },
  };
}
