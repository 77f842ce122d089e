// The parts of the gallery in the hands of a visitor: eye (axe), keyboard, no script, slow hands.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { WEB, axe, browser, gallery, picture, step, visitor } from "./harness.mjs";

let chromium;
let site;
const posts = [];

before(async () => {
  chromium = await browser();
  site = await gallery({
    "POST /gallery": (request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        posts.push(Buffer.concat(chunks).toString());
        setImmediate(() => response.writeHead(303, { location: "/problem.html" }).end());
      });
    },
  });
});

after(async () => {
  await chromium?.close();
  await site?.close();
});

const visit = (options) => visitor(chromium, { base: site.base, ...options });

for (const path of ["/", "/en.html", "/desk.html", "/problem.html"]) {
  for (const screen of ["desktop", "phone"]) {
    test(`${path} has no serious finding on a ${screen} screen, by day and by night`, async () => {
      for (const dark of [false, true]) {
        const { page, finish } = await visit({ screen, dark });
        await page.goto(path);
        await axe(page);
        await picture(page, `gallery ${path} ${screen} ${dark ? "dark" : "light"}`);
        await finish();
      }
    });
  }
}

test("every page can be read and used without script", async () => {
  const { page, finish } = await visit({ script: false });
  await page.goto("/");
  await page.getByLabel("申请人姓名").fill("李四");
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.waitForURL("**/problem.html");
  assert.match(posts.at(-1), /name="applicant"\r\n\r\n李四/);
  assert.equal(await page.locator(".tool[data-look]").first().isVisible(), false);
  await finish();
});

test("text of twice the size fits a phone", async () => {
  const { page, finish } = await visit({ screen: "phone" });
  await page.goto("/");
  await page.evaluate(() => document.documentElement.setAttribute("data-size", "elder"));
  await axe(page, "large text");
  await page.setViewportSize({ width: 320, height: 640 });
  await axe(page, "large text on 320 points");
  await finish();
});

test("large text and the dark look are kept from page to page", async () => {
  const { page, finish } = await visit();
  await page.goto("/");
  await step(page, "large text", () => page.getByRole("button", { name: "长辈版" }).click());
  await step(page, "dark", () => page.getByRole("button", { name: "深色" }).click());
  await page.goto("/desk.html");
  await axe(page);
  const look = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.deepEqual(look, { size: "elder", theme: "dark" });
  await finish();
});

test("the first tab leads over the skip link into the page", async () => {
  const { page, finish } = await visit();
  await page.goto("/problem.html");
  await page.keyboard.press("Tab");
  await step(page, "skip link", () => page.keyboard.press("Enter"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await finish();
});

test("the error summary takes the focus and leads to the field", async () => {
  const { page, finish } = await visit();
  await page.goto("/");
  const focused = () => page.evaluate(() => document.activeElement.className);
  assert.equal(await focused(), "error-summary");
  await page.getByRole("link", { name: "统一社会信用代码：校验位不符" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "credit_code");
  await finish();
});

test("a form pressed twice is sent once, with the button that was pressed", async () => {
  const { page, finish } = await visit();
  await page.goto("/");
  const before = posts.length;
  await page.getByRole("button", { name: "存草稿" }).dblclick();
  await page.waitForURL("**/problem.html");
  assert.equal(posts.length, before + 1);
  assert.match(posts.at(-1), /name="action"\r\n\r\nsave/);
  await finish();
});

test("a dangerous button asks first, and no means no", async () => {
  const { page, finish } = await visit();
  await page.goto("/");
  const before = posts.length;
  await step(page, "ask", () => page.getByRole("button", { name: "撤回" }).click());
  await step(page, "no", () => page.getByRole("button", { name: "取消" }).click());
  assert.equal(posts.length, before);
  await page.getByRole("button", { name: "撤回" }).click();
  await page.getByRole("button", { name: "确定" }).click();
  await page.waitForURL("**/problem.html");
  assert.equal(posts.length, before + 1);
  await finish();
});

test("what was typed and not sent is offered back, and can be thrown away", async () => {
  const { page, finish } = await visit();
  await page.goto("/desk.html");
  page.on("dialog", (dialog) => dialog.accept());
  await page.getByLabel("意见").fill("符合条件");
  await page.waitForFunction(() => localStorage.getItem("draft.opinion"));
  await page.reload();
  assert.equal(await page.getByLabel("意见").inputValue(), "");
  await step(page, "use", () => page.getByRole("button", { name: "继续填写" }).click());
  assert.equal(await page.getByLabel("意见").inputValue(), "符合条件");
  await page.reload();
  await step(page, "drop", () => page.getByRole("button", { name: "丢弃" }).click());
  assert.equal(await page.evaluate(() => localStorage.getItem("draft.opinion")), null);
  await finish();
});

test("a chosen file shows its size and digest, and one too big is refused", async () => {
  const { page, finish } = await visit();
  await page.goto("/");
  const file = page.getByLabel("场所使用证明");
  await file.setInputFiles({
    name: "a.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("abc"),
  });
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  await step(page, "digest", () => page.getByText(abc).waitFor());
  const big = Buffer.alloc(20971521);
  await file.setInputFiles({ name: "b.pdf", mimeType: "application/pdf", buffer: big });
  await step(page, "too big", () => page.getByText("文件太大").waitFor());
  await step(page, "remove", () => page.getByRole("button", { name: "移除 b.pdf" }).click());
  assert.equal(await file.evaluate((input) => input.files.length), 0);
  await finish();
});

test("a heavy file shows how far it is, and a cut says that nothing was kept", async () => {
  const { page, finish, errors } = await visit();
  await page.goto("/");
  const file = { name: "c.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(2_000_000) };
  await page.getByLabel("场所使用证明").setInputFiles(file);
  await page.route("**/gallery", (route) => route.abort());
  await page.getByRole("button", { name: "提交申请" }).click();
  await step(page, "cut", () => page.getByText("上传中断").waitFor());
  errors.length = 0;
  await page.unroute("**/gallery");
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.waitForURL("**/problem.html");
  await finish();
});

test("a work list is walked by keys", async () => {
  const { page, finish } = await visit();
  await page.goto("/desk.html");
  for (const key of ["j", "j", "k", "j"]) await page.keyboard.press(key);
  await axe(page);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "…0017K");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await finish();
});

test("a lost connection is said, and its return too", async () => {
  const { page, context, finish } = await visit();
  await page.goto("/problem.html");
  await context.setOffline(true);
  await step(page, "offline", () => page.getByText("网络已断开").waitFor());
  await context.setOffline(false);
  await page.getByText("网络已断开").waitFor({ state: "hidden" });
  await finish();
});

test("on paper the page has its text and nothing to click", async () => {
  const { page, finish } = await visit();
  await page.goto("/desk.html");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".side").isVisible(), false);
  assert.equal(await page.getByRole("link", { name: "导出" }).isVisible(), false);
  assert.equal(await page.getByText("老街面馆").isVisible(), true);
  await finish();
});

test("a proof is checked on the device with the network cut", async () => {
  const { page, context, finish } = await visit();
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  const proof = join(WEB, "../tools/testdata/proof-sm3-sm2.json");
  await page.getByLabel("证明文件").setInputFiles(proof);
  const check = page.getByRole("button", { name: "在本机核验" });
  await step(page, "whole", async () => {
    await check.click();
    await page.getByText("核验通过").waitFor();
  });
  await page.getByLabel("证明文件").setInputFiles([]);
  await page
    .getByLabel("或粘贴证明内容")
    .fill(readFileSync(proof, "utf8").replace("edited", "removed"));
  await step(page, "broken", async () => {
    await check.click();
    await page.getByText("内容或路径被改过").waitFor();
  });
  await finish();
});
