// Bundles web/src and web/css into the committed web/dist: hashed names, .gz and .br beside them,
// manifest.json from plain to hashed name. `--check` builds in memory and compares with the disk.
// Deliberately absent: a watcher, plugins, source maps (the sources are public).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
} from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const LIMITS = { "app.css": 40_000, "app.js": 60_000, "modeler.js": 1_600_000 };
const FIRST_LOAD_LIMIT = 200_000;
const JS_GZIP_LIMIT = 25_000;
const TARGET = ["chrome105", "safari15.6", "firefox110"];

/** Chromium's theme button needs the dark tokens twice; they are written once and copied here. */
function withManualTheme(css) {
  const block = /:root:not\(\[data-theme=["']?light["']?\]\)\{(color-scheme:dark[^}]*)\}/.exec(css);
  if (!block) throw new Error("tokens.css: no dark tokens found");
  return css.replace("@media (prefers-color-scheme:dark)", `:root[data-theme=dark]{${block[1]}}$&`);
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const file = join(here, "node_modules/lucide-static/icons", `${name}.svg`);
    const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, "utf8"))[1];
    const drawing = body.replace(/\s+/g, " ").replace(/> </g, "><").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
  });
  const notice = "<!-- Lucide icons, ISC licence, see LICENSES.txt -->";
  return `${notice}\n<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

/** The two icon fonts of the editor are files of their own, for `font-src 'self'`; of each only
 * the form that every browser of TARGET reads. */
function fonts(outputs) {
  const setup = (build) => {
    build.onResolve({ filter: /\.(woff2?|ttf|eot|svg)([?#].*)?$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path.replace(/[?#].*$/, ""));
      // Older forms lead to the same file: nothing that a page could load is missing.
      const kept = file.replace(/\.\w+$/, ".woff2");
      const name = kept.slice(kept.lastIndexOf("/") + 1);
      outputs.set(name, readFileSync(kept));
      return { path: hashed(name, outputs.get(name)), external: true };
    });
  };
  return { name: "fonts", setup };
}

/** CodeMirror's rules go through the object model, which `style-src 'self'` allows, and not into
 * a style element, which it refuses. */
const styles = {
  name: "styles",
  setup: (build) =>
    build.onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace("!root.head && root.adopted", "root.adopted");
      if (contents === text) throw new Error("style-mod.js: another way of mounting");
      return { contents, loader: "js" };
    }),
};

async function bundle() {
  const options = {
    bundle: true,
    minify: true,
    write: false,
    target: TARGET,
    charset: "utf8",
    legalComments: "none",
  };
  const outputs = new Map();
  for (const [name, entry, format] of [
    ["app.css", "css/app.css", undefined],
    ["app.js", "src/app.ts", "esm"],
    ["look.js", "src/look.ts", "iife"],
    ["verify.js", "src/verify_page.ts", "esm"],
    ["modeler.js", "src/modeler.ts", "esm"],
    ["modeler.css", "css/modeler.css", undefined],
  ]) {
    const plugins = [fonts(outputs), styles];
    const result = await build({ ...options, plugins, entryPoints: [join(here, entry)], format });
    outputs.set(name, result.outputFiles[0].text);
  }
  outputs.set("app.css", withManualTheme(outputs.get("app.css")));
  outputs.set("icons.svg", sprite());
  outputs.set("mark.svg", readFileSync(join(here, "mark.svg"), "utf8"));
  return outputs;
}

function hashed(name, text) {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 10);
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}.${digest}${name.slice(dot)}`;
}

function compressed(bytes) {
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { ".gz": gzipSync(bytes, { level: 9 }), ".br": brotli };
}

function refuseExcess(outputs) {
  for (const [name, limit] of Object.entries(LIMITS)) {
    const size = Buffer.byteLength(outputs.get(name));
    if (limit < size) throw new Error(`${name} is ${size} bytes, the limit is ${limit}`);
  }
  const script = gzipSync(outputs.get("app.js"), { level: 9 }).length;
  if (JS_GZIP_LIMIT < script) throw new Error(`app.js is ${script} bytes compressed`);
  const first = ["app.css", "app.js", "look.js", "icons.svg", "mark.svg"];
  const load = first.reduce((sum, name) => sum + Buffer.byteLength(outputs.get(name)), 0);
  if (FIRST_LOAD_LIMIT < load) throw new Error(`first load is ${load} bytes uncompressed`);
}

function check(files) {
  const wrong = [];
  for (const [file, bytes] of files) {
    const path = join(dist, file);
    if (!existsSync(path)) {
      wrong.push(`missing ${file}`);
      continue;
    }
    // Compressors differ between versions of node; what they unpack to may not.
    const unpack = file.endsWith(".gz")
      ? gunzipSync
      : file.endsWith(".br")
        ? brotliDecompressSync
        : (b) => b;
    if (!unpack(readFileSync(path)).equals(unpack(bytes))) wrong.push(`different ${file}`);
  }
  for (const file of readdirSync(dist)) if (!files.has(file)) wrong.push(`left over ${file}`);
  if (wrong.length) {
    console.error(`web/dist is not what web/ builds: run npm run build\n${wrong.join("\n")}`);
    process.exit(1);
  }
}

const outputs = await bundle();
refuseExcess(outputs);
const manifest = {};
const files = new Map();
for (const [name, text] of [...outputs].sort()) {
  const file = hashed(name, text);
  const bytes = Buffer.from(text);
  manifest[name] = file;
  files.set(file, bytes);
  for (const [ending, packed] of Object.entries(compressed(bytes)))
    files.set(file + ending, packed);
}
files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
if (process.argv.includes("--check")) {
  check(files);
  console.log("web/dist is up to date");
} else {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  for (const [file, bytes] of files) writeFileSync(join(dist, file), bytes);
  for (const [name, file] of Object.entries(manifest)) {
    const size = files.get(file).length;
    console.log(
      [name.padEnd(10), String(size).padStart(6)].join(" ") +
        ` ${String(files.get(file + ".gz").length).padStart(6)} gz`,
    );
  }
}
