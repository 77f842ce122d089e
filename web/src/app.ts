// What every page starts. Progressive enhancement only: a page that never runs this still works.
import { helpForms } from "./forms.js";
import { helpPage } from "./pages.js";
import { helpTables } from "./tables.js";
import { helpUploads } from "./upload.js";

helpForms();
helpUploads();
helpPage();
helpTables();
