// What every browser test needs: Chromium, a page of a given size and language, axe after each
// step, a picture when something fails, and a small server for the gallery. Deliberately absent:
// waiting by the clock; Playwright waits for what a test names.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const WEB = join(dirname(fileURLToPath(import.meta.url)), "..");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(join(WEB, "node_modules/axe-core/axe.min.js"), "utf8");
const RESULTS = join(WEB, "test-results");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
export const SCREENS = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
/** The same policy as the house sends, so that what it forbids fails here too. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types qingchuang";

/** Starts Chromium with an empty profile; `close` ends it and removes the profile. */
export async function browser() {
  assert.ok(existsSync(CHROMIUM), `${CHROMIUM} is missing: apt-get install chromium`);
  const profile = mkdtempSync(join(tmpdir(), "qingchuang-chromium-"));
  const started = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, `--disk-cache-dir=${profile}`],
  });
  const close = async () => {
    await started.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { started, close };
}

/** A visitor: a fresh context with a page. Errors in its console fail `visitor.finish()`.
 * options: { base, screen: "desktop" | "phone", lang: "zh" | "en", script: false to go without,
 * dark: true }. */
export async function visitor({ started }, options = {}) {
  const { base, screen = "desktop", lang = "zh", script = true, dark = false } = options;
  const context = await started.newContext({
    ...SCREENS[screen],
    baseURL: base,
    locale: lang === "en" ? "en-GB" : "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    javaScriptEnabled: script,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (said) => {
    // Chromium reports a refused form (4xx) and a cut network as errors of its own.
    const refused = /status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(said.text());
    if (said.type() === "error" && !refused) errors.push(said.text());
  });
  const finish = async () => {
    await context.close();
    assert.deepEqual(errors, [], "the console is quiet");
  };
  return { page, context, errors, finish };
}

/** Refuses any serious or critical finding, and a page wider than its screen. */
export async function axe(page, where = page.url()) {
  // Through the protocol, so that the page's policy need not let it in.
  const client = await page.context().newCDPSession(page);
  const expression = `${AXE};axe.run({resultTypes:["violations"]}).then((r)=>JSON.stringify(
    r.violations.filter((v)=>["serious","critical"].includes(v.impact)).map((v)=>
    ({id:v.id,impact:v.impact,at:v.nodes.map((n)=>n.target.join(" ")),html:v.nodes[0].html}))))`;
  const answer = await client.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
    allowUnsafeEvalBlockedByCSP: true,
  });
  await client.detach();
  assert.ok(!answer.exceptionDetails, JSON.stringify(answer.exceptionDetails));
  assert.deepEqual(JSON.parse(answer.result.value), [], `axe at ${where}`);
  const size = await page.evaluate(() => [document.documentElement.scrollWidth, screen.width]);
  assert.ok(size[0] <= size[1], `${where} is ${size[0]} wide on a screen of ${size[1]}`);
}

/** Chinese on an English page that no tag says is Chinese: wording that nobody translated, or a
 * text of a record that a screen reader would spell out in English. */
export async function unmarkedChinese(page) {
  return page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const spoken = node.parentElement.closest("[lang]")?.getAttribute("lang") ?? "";
      const hidden = node.parentElement.closest("script, style, template, textarea");
      const chinese = /\p{Script=Han}/u.test(node.data);
      if (chinese && !hidden && !spoken.startsWith("zh")) found.push(node.data.trim());
    }
    return found;
  });
}

/** Does one step of a walk, then looks with axe; keeps a picture if either fails. */
export async function step(page, name, act) {
  try {
    await act();
    await axe(page, name);
  } catch (error) {
    await picture(page, `failed ${name}`).catch(() => {});
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** Keeps a picture of the whole page under web/test-results. */
export async function picture(page, name) {
  mkdirSync(RESULTS, { recursive: true });
  const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`;
  await page.screenshot({ path: join(RESULTS, file), fullPage: true });
}

const TOO_MANY = 429;
const LOGIN_TURNS = 4;

/**
 * Signs in on /login with an account of the demo hall. All visitors of the suite come from one
 * address, of which the hall lets ten log-ins a minute through: whoever is turned away comes back
 * when the hall says so.
 */
export async function signIn(page, name, password) {
  for (let turn = 1; ; turn += 1) {
    await page.goto("/login");
    await page.locator("main input[autocomplete=username]").fill(name);
    await page.locator("main input[type=password]").fill(password);
    const sent = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.locator("main form button[type=submit]").first().click();
    const answer = await sent;
    if (answer.status() !== TOO_MANY || turn === LOGIN_TURNS) break;
    const seconds = Number(answer.headers()["retry-after"]);
    assert.ok(0 < seconds && seconds < 60, "whoever is turned away is told when to come back");
    await page.waitForTimeout(seconds * 1000);
  }
  await page.waitForURL((url) => url.pathname !== "/login");
}

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Serves web/gallery, and web/dist under plain names; `answers` adds "METHOD /path" → function. */
export async function gallery(answers = {}) {
  const manifest = JSON.parse(readFileSync(join(WEB, "dist/manifest.json"), "utf8"));
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://gallery").pathname);
    const answer = answers[`${request.method} ${path}`];
    response.setHeader("content-security-policy", POLICY);
    if (answer) return answer(request, response);
    const name = path === "/" ? "/index.html" : path;
    const asset = manifest[name.replace("/assets/", "")];
    const file = name.startsWith("/assets/") ? join("dist", asset ?? "-") : join("gallery", name);
    if (!existsSync(join(WEB, file))) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    return response.end(readFileSync(join(WEB, file)));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return { base, close };
}
