// The drawing area of decision tables: dmn-js. The first table is open at once; the diagram of
// decisions and the other tables are behind its own tabs here.
import Modeler from "dmn-js/lib/Modeler";
import { element } from "./words.js";
import type { Drawing, Place } from "./modeler.js";

/** dmn-js draws DMN 1.3. What tables hold is the same in 1.4 and 1.5: such a file is read, and
 * written, as 1.3, which the house reads like the others. */
const LATER = /https:\/\/www\.omg\.org\/spec\/DMN\/(?:20211108|20230324)\//g;
const DRAWN = "https://www.omg.org/spec/DMN/20191111/";

/** A cell that takes anything is drawn empty, and says so in the file. */
const EMPTY = /(<(?:\w+:)?inputEntry\b[^>]*>\s*)<((?:\w+:)?text)\s*(?:\/>|><\/\2>)/g;

interface View {
  type: string;
  id: string;
  name?: string;
  element: { id: string };
}

export async function drawTables(place: Place, file: string): Promise<Drawing> {
  const tabs = element("p", { class: "actions" });
  const area = element("div", { class: "editor-tables" });
  place.canvas.append(tabs, area);
  const modeler = new Modeler({
    container: area,
    ...Object.fromEntries(
      ["drd", "decisionTable", "literalExpression", "boxedExpression"].map((kind) => [
        kind,
        { additionalModules: [{ translate: ["value", place.translate] }] },
      ]),
    ),
  });
  await modeler.importXML(file.replace(LATER, DRAWN));
  const views = () => modeler.getViews() as View[];
  const open = async (view: View) => {
    await modeler.open(view);
    const now = modeler.getActiveView() as View;
    tabs.replaceChildren(
      ...views().map((one) => {
        const current = one.id === now.id;
        const look = current ? "button" : "button second";
        const made = element("button", { type: "button", class: look }, one.name || one.id);
        if (current) made.setAttribute("aria-current", "true");
        made.addEventListener("click", () => void open(one));
        return made;
      }),
    );
    const viewer = modeler.getActiveViewer();
    const bus = viewer?.get("eventBus") as
      | { on(name: string, act: () => void): void; off(name: string, act: () => void): void }
      | undefined;
    bus?.off("commandStack.changed", place.changed);
    bus?.off("elements.changed", place.changed);
    bus?.on("commandStack.changed", place.changed);
    bus?.on("elements.changed", place.changed);
  };
  const table = views().find((view) => view.type === "decisionTable") ?? views()[0];
  if (table) await open(table);
  return {
    xml: async () =>
      (await modeler.saveXML({ format: true })).xml.replace(EMPTY, "$1<$2>-</$2>"),
    select: (id) => {
      const found = views().find((view) => view.element.id === id);
      if (found) void open(found);
    },
    mark: () => undefined,
  };
}
