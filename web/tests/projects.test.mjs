// Several matters in one, in a real browser: what was applied for in one is shown as one; the last
// stage of a building project is handed in once, three departments work side by side, one of them
// pauses, the site is visited, one conclusion is drawn, and the days add up. axe looks on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, paper } from "./hall.mjs";
import { browser, signIn, step, visitor } from "./harness.mjs";

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

const submit = (page, form) => page.locator(`${form} button[type=submit]`).first().click();

/** The days of all departments add up to the days that passed. */
async function daysAddUp(page) {
  const rows = page.locator("main table").last().locator("tbody tr");
  const numbers = await rows.locator("td:nth-child(2)").allInnerTexts();
  const days = numbers.map(Number);
  const sum = days.pop();
  assert.equal(
    days.reduce((one, other) => one + other, 0),
    sum,
  );
  return sum;
}

/** Fills whatever the one form still asks for. */
async function fillForm(page) {
  const values = {
    project_name: "广安区智慧物流产业园一期",
    site_address: "广安区官盛新区物流大道8号",
    completed_on: "2026-11-02",
    floor_area: "12000",
    shelter_area: "800",
    contact_name: "王芳",
    phone: "19900000000",
  };
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main input[name=${name}], main textarea[name=${name}]`);
    if (await field.count()) await field.first().fill(value);
  }
  await page.locator("[name=truth_declared]").check();
}

async function upload(page) {
  const cards = page.locator("main section.card");
  const wanted = await cards.count();
  for (let at = 0; at < wanted; at += 1) {
    const form = cards.nth(at).locator("form[action$='/files']");
    if (!(await form.count())) continue;
    await form.locator("input[type=file]").setInputFiles(paper(`paper-${at + 1}`));
    await form.locator("button[type=submit]").click();
    await cards.nth(at).getByText(`paper-${at + 1}.pdf`).first().waitFor();
  }
}

/** From the project's page to one application for the last stage; returns the bundle's id. */
async function handInLastStage(page) {
  await step(page, "my projects", () => page.goto("/my/projects"));
  await step(page, "plan against fact", async () => {
    await page.locator("main ul.matters a").first().click();
    await page.locator("main svg[role=img]").waitFor();
  });
  await step(page, "guide of the stage", async () => {
    await page.locator("main table a[href^='/bundles/five_5']").click();
    await page.waitForURL("**/bundles/five_5**");
  });
  await step(page, "one form", async () => {
    await submit(page, "form[action$='/start']");
    await page.waitForURL("**/form");
  });
  await step(page, "gaps are named", async () => {
    await submit(page, "form[action$='/form']");
    await page.locator("[aria-invalid=true]").first().waitFor();
  });
  await fillForm(page);
  await step(page, "one set of papers", async () => {
    await submit(page, "form[action$='/form']");
    await page.waitForURL("**/files");
  });
  await upload(page);
  await step(page, "check", async () => {
    await page.locator("main .actions a[href$='/check']").click();
    await page.waitForURL("**/check");
  });
  await page.locator("[name=truth]").check();
  await step(page, "sent", async () => {
    await submit(page, "form[action$='/send']");
    await page.waitForURL("**/my/bundles/**");
  });
  return new URL(page.url()).pathname.split("/").pop();
}

async function accept(bundle) {
  const { page, finish } = await enter("clerk");
  await step(page, "bundle at the desk", () => page.goto(`/desk/bundles/${bundle}`));
  await step(page, "accepted at one stroke", async () => {
    await submit(page, "form[action$='/accept']");
    await page.locator("form[action$='/accept']").waitFor({ state: "detached" });
  });
  await finish();
}

/** An officer takes the tasks of the bundle's cases that their post offers, and ends each. */
async function work(account, bundle, outcome, extra = async () => {}) {
  const { page, finish } = await enter(account);
  await page.goto(`/desk/bundles/${bundle}`);
  const links = page.locator("main table a[href^='/desk/cases/']");
  const cases = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  let done = 0;
  for (const href of cases) {
    const answer = await page.goto(href);
    const claim = page.locator("form[action$='/claim']");
    if (answer.status() !== 200 || !(await claim.count())) continue;
    await submit(page, "form[action$='/claim']");
    await page.locator("form[action$='/release']").waitFor();
    await extra(page);
    const form = "form[action$='/complete']";
    await page.locator(`${form} [name=outcome][value=${outcome}]`).check();
    await page.locator(`${form} [name=opinion]`).fill("符合要求");
    await submit(page, form);
    if (outcome === "granted") await page.locator("dialog[open] button[value=yes]").click();
    await page.locator(form).waitFor({ state: "detached" });
    done += 1;
  }
  assert.ok(0 < done, `${account} has something to do`);
  await finish();
}

/** The clock stops for a special procedure and runs again. */
async function pause(page) {
  const form = "form[action$='/pause']";
  await page.locator("details", { has: page.locator(form) }).locator("summary").click();
  await page.locator(`${form} [name=expected_days]`).fill("3");
  await page.locator(`${form} [name=pause_reason]`).fill("消防设施检测");
  await submit(page, form);
  await page.locator("form[action$='/resume']").waitFor();
  await submit(page, "form[action$='/resume']");
  await page.locator(form).waitFor({ state: "attached" });
}

async function opine(account, bundle) {
  const { page, finish } = await enter(account);
  await step(page, "opinions owed", () => page.goto("/desk/projects"));
  await step(page, "opinion", () => page.goto(`/desk/bundles/${bundle}`));
  await page.locator("[name=stance][value=agrees]").check();
  await step(page, "given", async () => {
    await submit(page, "form[action$='/opinion']");
    await page.locator("form[action$='/opinion']").waitFor({ state: "detached" });
  });
  await finish();
}

/** The lead presses, visits, and draws one conclusion. */
async function conclude(bundle, today) {
  const { page, finish } = await enter("d2-reviewer");
  await page.goto(`/desk/bundles/${bundle}`);
  await page.locator("[name=visit_on]").fill(today);
  await step(page, "the visit", async () => {
    await submit(page, "form[action$='/visit']");
    await page.locator("main time", { hasText: today }).first().waitFor();
  });
  for (const mark of await page.locator("[name=marks]").all()) await mark.check();
  await page.locator("[name=conclusion]").fill("验收合格");
  await step(page, "one conclusion", async () => {
    await submit(page, "form[action$='/check']");
    await page.locator("form[action$='/check']").waitFor({ state: "detached" });
  });
  await finish();
}

/** While the stage runs, its procedure gets a next version, and one of its cases moves to it. */
async function migrate(bundle) {
  const lead = await enter("d2-reviewer");
  await lead.page.goto(`/desk/bundles/${bundle}`);
  const links = lead.page.locator("main table a[href^='/desk/cases/']");
  const cases = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const ids = cases.map((href) => href.split("/").pop());
  await lead.finish();
  const { page, finish } = await enter("editor");
  // All running cases are looked through before a version is in force.
  page.setDefaultTimeout(30_000);
  await page.goto("/desk/procedures/standard");
  await submit(page, "form[action$='/draft']");
  await page.waitForURL("**/standard/versions/2");
  await submit(page, "form[action$='/publish']");
  await page.locator("dialog[open] button[value=yes]").click();
  await page.locator("h1", { hasText: "已发布" }).waitFor();
  const move = "/desk/procedures/standard/versions/2/move";
  const mine = page.locator(ids.map((id) => `[name=case][value="${id}"]`).join(", "));
  await step(page, "which cases can move", () => page.goto(move));
  while (!(await mine.count())) {
    await page.goto(await page.locator("a[rel=next]").getAttribute("href"));
  }
  for (const box of await page.locator("[name=case]").all()) await box.uncheck();
  await mine.first().check();
  await page.locator("[name=reason]").fill("工程办件改用新版流程");
  await step(page, "one case of the stage moves", async () => {
    await page.locator("form[method=post] button[type=submit]", { hasText: "迁移" }).click();
    await page.locator("dialog[open] button[value=yes]").click();
    await page.getByText("已迁移 1 件").waitFor();
  });
  await finish();
}

test("what was applied for in one is shown as one, in both languages", async () => {
  for (const look of [{}, { screen: "phone", lang: "en" }]) {
    const { page, finish } = await enter("company", look);
    await step(page, "themes", () => page.goto("/themes"));
    await step(page, "guide", () => page.goto("/bundles/start_company"));
    await step(page, "menu", () => page.goto("/bundles/utilities"));
    await step(page, "a menu without a choice", async () => {
      await submit(page, "form[action$='/start']");
      await page.locator("#items[aria-invalid=true], .error-summary").first().waitFor();
    });
    await step(page, "my bundles", () => page.goto("/my/bundles"));
    const links = page.locator("main ul.matters a");
    const all = await links.evaluateAll((found) => found.map((one) => one.getAttribute("href")));
    assert.ok(6 <= all.length);
    let late = 0;
    for (const href of all) {
      await step(page, href, () => page.goto(href));
      await daysAddUp(page);
      late += await page.getByText(/行业综合许可证|Combined certificate/).count();
    }
    assert.equal(late, 1, "one combined certificate");
    await finish();
  }
});

test("the last stage of a building project runs to its end and its days add up", async () => {
  const { page, finish } = await enter("company");
  const bundle = await handInLastStage(page);
  await accept(bundle);
  await migrate(bundle);
  // Planning, fire and shelter side by side; fire pauses.
  await work("d8-reviewer", bundle, "agree");
  await work("d2-reviewer", bundle, "agree", pause);
  await work("d10-reviewer", bundle, "agree");
  await opine("d8-consult", bundle);
  await opine("d10-consult", bundle);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await conclude(bundle, today);
  for (const account of ["d8-decider", "d2-decider", "d10-decider"]) {
    await work(account, bundle, "granted");
  }
  // The filing of completion waited for the three, and comes by itself.
  await accept(bundle);
  await work("d2-reviewer", bundle, "agree");
  await work("d2-decider", bundle, "granted");
  await step(page, "done", () => page.goto(`/my/bundles/${bundle}`));
  await page.getByText("已办结").first().waitFor();
  assert.equal(await daysAddUp(page), 0);
  await step(page, "all five stages", async () => {
    await page.goto("/my/projects");
    await page.locator("main ul.matters a").first().click();
    await page.locator("main svg[role=img]").waitFor();
  });
  assert.equal(await page.locator("main table tbody .tag.green").count(), 5);
  await finish();
  const lead = await enter("manager");
  await step(lead.page, "board", () => lead.page.goto("/desk/projects"));
  const table = lead.page.locator("main table tbody tr");
  const late = lead.page.locator("main a[href^='/desk/projects/project_']").first();
  assert.ok(3 < (await table.count()));
  await step(lead.page, "project at the desk", async () => {
    await late.click();
    await lead.page.locator("main svg[role=img]").waitFor();
  });
  await step(lead.page, "a late opinion stays to be seen", async () => {
    await lead.page.locator("main table a[href^='/desk/bundles/']").nth(3).click();
    await lead.page.getByText("迟到").first().waitFor();
  });
  assert.ok(0 < (await daysAddUp(lead.page)));
  await lead.finish();
});
