// dmn-js brings no types: what `modeler_tables` asks of it.
declare module "dmn-js/lib/Modeler" {
  interface Viewer {
    get(name: string): unknown;
  }
  export default class Modeler {
    constructor(options: Record<string, unknown>);
    importXML(file: string): Promise<unknown>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    getViews(): unknown[];
    getActiveView(): unknown;
    getActiveViewer(): Viewer | undefined;
    open(view: unknown): Promise<unknown>;
  }
}
