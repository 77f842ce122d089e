// A demonstration hall of its own for a browser test, and what its visitors and officers do
// there. Deliberately absent: what a test asserts of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const PROGRAM = process.env.QINGCHUANG_BIN ?? "";
export const PASSWORD = "Qingchuang-2026";

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Furnishes a hall in a folder of its own and serves it; `close` ends it and removes it. */
export async function hall() {
  assert.ok(existsSync(PROGRAM), `QINGCHUANG_BIN is no file: "${PROGRAM}"`);
  const data = mkdtempSync(join(tmpdir(), "qingchuang-hall-"));
  const base = `http://127.0.0.1:${await freePort()}`;
  const listen = base.replace("http://", "");
  const program = spawn(PROGRAM, ["demo", "--data", data, "--listen", listen], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise((done) => program.once("exit", done));
  const close = async () => {
    program.kill();
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const open = new Promise((ready) => {
    const lines = createInterface({ input: program.stdout });
    lines.on("line", (line) => line.trim() === `${base}/login` && ready(true));
  });
  const opened = await Promise.race([open, ended.then(() => false)]);
  assert.ok(opened, "the hall opens");
  return { base, close };
}

/** A paper to hand in: a whole, small PDF that says something. */
export function paper(name) {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n${places.join("")}`;
  text += `trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n% ${name}\n`;
  return { name: `${name}.pdf`, mimeType: "application/pdf", buffer: Buffer.from(text) };
}

/** Opens a case out of a list of work. */
export async function openCase(page, number, list = "/desk/tasks?scope=post") {
  await page.goto(list);
  const link = page.getByRole("link", { name: number, exact: true });
  await link.click();
  await page.waitForURL("**/desk/cases/**");
}
