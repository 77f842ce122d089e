// What a clerk and a citizen read and fill in: pages in English hold no Chinese that is not marked
// as such, a form that cannot be done comes back filled in, a stale page says what changed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall } from "./hall.mjs";
import { axe, browser, signIn, step, unmarkedChinese, visitor } from "./harness.mjs";

let chromium;
let place;

before(async () => {
  [chromium, place] = await Promise.all([browser(), hall()]);
});

after(async () => {
  await chromium?.close();
  await place?.close();
});

async function enter(account, look = {}) {
  const came = await visitor(chromium, { base: place.base, ...look });
  came.page.setDefaultTimeout(6_000);
  if (account) await signIn(came.page, account, PASSWORD);
  return came;
}

const ENGLISH = { lang: "en", screen: "phone" };

/** The first case of a work list; its address. */
async function firstCase(page, list = "/desk/tasks?scope=post") {
  await page.goto(list);
  const link = page.locator("main td a[href^='/desk/cases/']").first();
  return link.getAttribute("href");
}

test("a case page in English says where the case is and marks what is Chinese", async () => {
  const { page, finish } = await enter("reviewer", ENGLISH);
  const at = await firstCase(page);
  assert.deepEqual(await unmarkedChinese(page), [], "the work list");
  await step(page, "case in English", () => page.goto(at));
  assert.deepEqual(await unmarkedChinese(page), []);
  const way = page.locator(".way li");
  assert.ok(2 < (await way.count()), "the way is there in words");
  const now = await page.locator(".way [aria-current=step]").count();
  await step(page, "picture", async () => {
    await page.locator("[data-picture] > summary").click();
    await page.locator(".picture svg .current").first().waitFor();
  });
  // Departments may work side by side: the words and the picture stand at the same steps.
  assert.ok(0 < now);
  // Besides them the picture marks a join at which somebody's opinion waits for the others.
  const bare = (text) => text.replace(/\s+/g, "");
  const marked = (await page.locator(".picture svg g.current").allTextContents()).map(bare);
  for (const words of await page.locator(".way [aria-current=step]").allInnerTexts()) {
    const name = bare(words.split("\n")[0]);
    assert.ok(marked.some((text) => text.includes(name)), `${name} is marked in the picture`);
  }
  const drawn = page.locator(".picture svg");
  const before = (await drawn.boundingBox()).width;
  assert.ok(500 < before, "the picture keeps its size on a telephone and scrolls");
  await page.locator("[data-zoom=in]").click();
  assert.ok(before < (await drawn.boundingBox()).width, "and can be made larger");
  await axe(page);
  await finish();
});

test("a citizen's own pages in English hold no Chinese that is not marked", async () => {
  const { page, finish } = await enter("citizen", ENGLISH);
  for (const path of ["/my", "/my/ratings"]) {
    await step(page, path, () => page.goto(path));
    assert.deepEqual(await unmarkedChinese(page), [], path);
  }
  await finish();
});

test("a refused form comes back as it was typed, the rule beside the field", async () => {
  const { page, finish } = await enter("decider");
  await page.goto(await firstCase(page));
  const form = "form[action$='/complete']";
  await page.locator(`${form} [name=opinion]`).fill("现场不符合要求");
  assert.equal(await page.locator(`${form} [name=reason]`).isVisible(), false);
  await page.locator(`${form} [name=outcome][value=refused]`).check();
  await page.locator(`${form} [name=reason]`).fill("检测不合格");
  await step(page, "comes back", async () => {
    await page.locator(`${form} button[type=submit]`).click();
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator(".error-summary").waitFor();
  });
  assert.equal(await page.locator(`${form} [name=opinion]`).inputValue(), "现场不符合要求");
  assert.equal(await page.locator(`${form} [name=reason]`).inputValue(), "检测不合格");
  assert.equal(await page.locator(`${form} #article[aria-invalid=true]`).count(), 1);
  assert.equal(await page.locator(`${form} [name=outcome][value=refused]`).isChecked(), true);
  await finish();
});

test("a page made stale by somebody else shows what changed and keeps the form", async () => {
  const [slow, quick] = [await enter("reviewer"), await enter("reviewer")];
  const at = await firstCase(slow.page);
  for (const { page } of [slow, quick]) await page.goto(at);
  await quick.page.locator("form[action$='/claim'] button").first().click();
  await quick.page.locator("form[action$='/release']").first().waitFor();
  const form = "form[action$='/complete']";
  await slow.page.locator(`${form} [name=outcome][value=agree]`).check();
  await slow.page.locator(`${form} [name=opinion]`).fill("材料齐全");
  await step(slow.page, "stale", async () => {
    await slow.page.locator(`${form} button[type=submit]`).click();
    await slow.page.getByText("打开本页之后的改动").waitFor();
  });
  await slow.page.locator("main .timeline-title", { hasText: "认领" }).first().waitFor();
  assert.equal(await slow.page.locator(`${form} [name=opinion]`).inputValue(), "材料齐全");
  await step(slow.page, "sent again", async () => {
    await slow.page.locator(`${form} button[type=submit]`).click();
    await slow.page.locator("[data-flash]").waitFor();
  });
  await slow.finish();
  await quick.finish();
});
