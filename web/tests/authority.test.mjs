// The approval committee sits and decides a case: it is put on the agenda, one member steps aside,
// the others vote, the minutes are sealed, and the decider decides as resolved. And what everybody
// may read of powers and lists.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall } from "./hall.mjs";
import { browser, picture, signIn, step, unmarkedChinese, visitor } from "./harness.mjs";

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
  came.page.setDefaultTimeout(8_000);
  if (account) await signIn(came.page, account, PASSWORD);
  return came;
}

/** Sends a form; the dialog that asks once more is answered with yes. */
async function send(page, action, { sure = false } = {}) {
  // The page before may say the same: only the one that answers counts.
  const answered = page.waitForEvent("load");
  await page.locator(`form[action$='${action}'] button[type=submit]`).first().click();
  if (sure) await page.locator("dialog[open] [value=yes]").first().click();
  await answered;
  await page.locator("[data-flash], .error-summary").first().waitFor();
  const wrong = await page.locator(".error-summary").allInnerTexts();
  assert.deepEqual(wrong, [], `${action} is taken`);
}

async function vote(account, sitting, how) {
  const { page, finish } = await enter(account);
  await page.goto(sitting);
  await page.locator(`form[action$='/vote'] input[value=${how}]`).first().check();
  await send(page, "/vote", { sure: true });
  await finish();
}

test("a committee sitting decides a case", async () => {
  const decider = await enter("decider");
  const { page } = decider;
  await page.goto("/desk/tasks?scope=post");
  // The first ones wait for papers that were promised.
  const link = page.locator("main tbody a[href^='/desk/cases/']").last();
  const number = (await link.innerText()).trim();
  const caseAt = await link.getAttribute("href");
  await step(page, "who may decide", async () => {
    await page.goto(caseAt);
    await page.getByRole("heading", { name: "谁可以决定，依据什么" }).waitFor();
  });
  await step(page, "authority of the case", () =>
    page.goto(caseAt.replace("/desk/cases/", "/desk/authority/cases/")),
  );
  await step(page, "committee", () => page.goto("/desk/authority/committee"));
  await page.locator("details#call > summary").click();
  const form = page.locator("form[action='/desk/authority/committee']");
  const presides = form.locator("select[name=chair] option", { hasText: "沈知遥" });
  const chair = await presides.getAttribute("value");
  await form.locator("select[name=chair]").selectOption(chair);
  const members = form.locator("input[name=members]");
  for (let at = 0; at < (await members.count()); at += 1) await members.nth(at).check();
  const count = await members.count();
  await form.locator("input[name=quorum]").fill("1");
  await form.locator("button[type=submit]").click();
  await step(page, "too small a quorum", () => page.locator(".error-summary").waitFor());
  await form.locator("input[name=quorum]").fill(String(Math.floor(count / 2) + 1));
  await form.locator("button[type=submit]").click();
  await page.waitForURL("**/desk/authority/committee/*");
  const sitting = new URL(page.url()).pathname;
  await page.locator("form[action$='/cases'] input[name=number]").fill(number);
  const report = page.locator("form[action$='/cases'] textarea[name=paper]");
  await report.fill("审查意见为建议准予，提请审议。");
  await step(page, "agenda", () => send(page, "/cases"));

  const director = await enter("director", { screen: "phone" });
  await director.page.goto(sitting);
  for (const box of await director.page.locator("input[name=present]").all()) await box.check();
  await step(director.page, "open", () => send(director.page, "/open"));
  await director.page.locator("form[action$='/vote'] input[value=for]").check();
  await step(director.page, "the chair votes", () => send(director.page, "/vote", { sure: true }));

  // The lawyer steps aside; whoever reviewed the case is offered no vote at all.
  const legal = await enter("legal");
  await legal.page.goto(sitting);
  await legal.page.locator("details[id^='aside-'] > summary").click();
  await legal.page.locator("details[id^='aside-'] textarea").fill("与申请人有近亲属关系");
  await step(legal.page, "recusal", () => send(legal.page, "/recuse"));
  assert.equal(await legal.page.locator("form[action$='/vote']").count(), 0);
  await legal.finish();

  await director.page.goto(sitting);
  await director.page.locator("form[action$='/resolve'] button").click();
  await step(director.page, "votes are missing", () =>
    director.page.locator(".error-summary").waitFor(),
  );
  for (const account of ["decider", "decider2", "legal2", "reviewer", "reviewer2"]) {
    const other = await enter(account);
    await other.page.goto(sitting);
    const waits = await other.page.locator("form[action$='/vote']").count();
    await other.finish();
    if (waits) await vote(account, sitting, "for");
  }
  await director.page.goto(sitting);
  await step(director.page, "resolution", () => send(director.page, "/resolve"));
  await director.page.locator("form[action$='/close'] textarea").fill("请载明后续监管要求。");
  await step(director.page, "closed", () => send(director.page, "/close", { sure: true }));
  await picture(director.page, "committee closed phone");
  const minutes = director.page.locator("main a[href^='/notices/']").first();
  const file = await director.page.request.get(await minutes.getAttribute("href"));
  assert.equal(file.headers()["content-type"], "application/pdf");
  assert.equal((await file.body()).subarray(0, 5).toString(), "%PDF-");
  await director.finish();

  await page.goto(caseAt);
  const decide = page.locator("form[action$='/complete']");
  await decide.locator("[name=outcome][value=granted]").check();
  await step(page, "granted", () => send(page, "/complete", { sure: true }));
  await decider.finish();
});

test("everybody reads which powers moved and whose list is in force", async () => {
  for (const look of [{ screen: "phone" }, { lang: "en" }]) {
    const { page, finish } = await enter(undefined, look);
    await step(page, "public authority", () => page.goto("/authority"));
    await picture(page, `public authority ${look.screen ?? look.lang}`);
    if (look.lang === "en") assert.deepEqual(await unmarkedChinese(page), []);
    const letter = page.locator("main a[href^='/authority/papers/']").first();
    const file = await page.request.get(await letter.getAttribute("href"));
    assert.equal((await file.body()).subarray(0, 5).toString(), "%PDF-");
    await finish();
  }
});

test("desk pages of authority are in order on both screens", async () => {
  for (const screen of ["phone", "desktop"]) {
    const lang = screen === "phone" ? "en" : "zh";
    const { page, finish } = await enter("manager", { screen, lang });
    for (const part of ["", "/chiefs", "/committee", "/powers", "/handovers"]) {
      await step(page, `authority${part} ${screen}`, () => page.goto(`/desk/authority${part}`));
      await picture(page, `authority${part} ${screen}`);
      if (screen === "phone") assert.deepEqual(await unmarkedChinese(page), [], part);
      const one = page.locator(`main th a[href^='/desk/authority${part || "/tables"}/']`).first();
      if (await one.count()) {
        await step(page, `one of authority${part}`, () => one.click());
        await picture(page, `one of authority${part} ${screen}`);
      }
    }
    await finish();
  }
});
