// An editor draws the next version of a shipped procedure in the browser, sees what is wrong,
// mends it, publishes it, moves a running case, and the case is finished by the new version.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, openCase } from "./hall.mjs";
import { axe, browser, picture, signIn, step, unmarkedChinese, visitor } from "./harness.mjs";

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
  came.page.setDefaultTimeout(10_000);
  await signIn(came.page, account, PASSWORD);
  return came;
}

const EDITOR = "/desk/procedures/standard/versions/2/edit";

/** Chooses an element in the editor's list. */
async function choose(page, id) {
  await page.locator("#editor-element").selectOption(id);
}

/** Types into a property and leaves it. */
async function set(page, name, value) {
  const field = page.locator(`#editor-${name}`);
  if ((await field.evaluate((one) => one.tagName)) === "SELECT") await field.selectOption(value);
  else {
    await field.fill(value);
    await field.press("Tab");
  }
}

test("a version is drawn, mended, published, and a running case finishes by it", async () => {
  const { page, finish } = await enter("editor");
  await step(page, "procedures", () => page.goto("/desk/procedures"));
  await step(page, "standard", () => page.locator("a[href='/desk/procedures/standard']").click());
  await step(page, "shipped", () => page.goto("/desk/procedures/standard/versions/1"));
  await page.goto("/desk/procedures/standard");
  await step(page, "draft", async () => {
    await page.locator("form[action$='/draft'] button[type=submit]").click();
    await page.waitForURL("**/standard/versions/2");
  });
  await step(page, "editor", async () => {
    await page.goto(EDITOR);
    await page.locator(".djs-container svg .djs-shape").first().waitFor();
    await page.locator(".bjs-powered-by").waitFor();
  });
  await choose(page, "review");
  await step(page, "a step without a post is told", async () => {
    await page.getByRole("button", { name: "在其后插入环节" }).click();
    await page.locator("[data-findings]", { hasText: "没有岗位" }).waitFor();
  });
  await picture(page, "editor with a finding");
  const made = await page.locator("#editor-element").inputValue();
  await set(page, "name", "法制审核");
  await set(page, "qc-nameEn", "Legal review");
  await set(page, "qc-post", "legal_reviewer");
  await set(page, "qc-duty", "legal");
  await step(page, "a promise that would be broken is told", async () => {
    await set(page, "qc-limitDays", "3");
    await page.locator("[data-findings]", { hasText: "承诺" }).first().waitFor();
  });
  await choose(page, "review");
  await step(page, "mended", async () => {
    await set(page, "qc-limitDays", "7");
    await page.locator("[data-verdict]", { hasText: "可以发布" }).waitFor();
  });
  await picture(page, "editor mended");
  await step(page, "saved", async () => {
    await page.locator("form[data-save] button[type=submit]").click();
    await page.waitForURL("**/standard/versions/2");
    await page.getByText("草稿已保存").waitFor();
  });
  await step(page, "compared", () =>
    page.goto("/desk/procedures/standard/compare?from=1&to=2"),
  );
  await page.getByRole("row", { name: /法制审核/ }).getByText("新增").waitFor();
  await page.locator("svg .mark.added").first().waitFor();
  await picture(page, "compared");
  await page.goto("/desk/procedures/standard/versions/2");
  await step(page, "published", async () => {
    await page.locator("form[action$='/publish'] button[type=submit]").click();
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator("h1", { hasText: "已发布" }).waitFor();
  });
  const number = await waiting();
  await step(page, "preview", () => find(page, number));
  await picture(page, "preview");
  for (const box of await page.locator("[name=case]").all()) await box.uncheck();
  const row = page.getByRole("row", { name: number });
  await row.getByText("可以迁移").waitFor();
  await row.locator("[name=case]").check();
  await step(page, "moved", async () => {
    await page.locator("[name=reason]").fill("自本月起增加法制审核");
    await page.locator("form[method=post] button[type=submit]", { hasText: "迁移" }).click();
    await page.locator("dialog[open] button[value=yes]").click();
    await page.getByText("已迁移 1 件").waitFor();
  });
  assert.ok(made.startsWith("Activity_"), made);
  await finish();
  await handle("reviewer", number, "agree");
  await handle("legal", number, "");
  for (const earlier of await acceptedBefore(number)) await handle("director", earlier, "granted");
  await handle("director", number, "granted");
  await handOut(number);
});

const MOVE = "/desk/procedures/standard/versions/2/move";

/**
 * A case of the standard procedure that waits for a reviewer and that nobody has taken. Best one
 * of fireworks, for which no paper can be promised; the director decides these as all others.
 */
async function waiting() {
  const { page, finish } = await enter("reviewer");
  await page.goto("/desk/tasks?scope=post");
  const rows = page.locator("main tbody tr").filter({ hasText: "审查" });
  const free = rows.filter({ has: page.locator("form[action$='/claim']") });
  const safest = free.filter({ hasText: "烟花爆竹" });
  const row = (await safest.count()) ? safest : free;
  const number = (await row.first().locator("a[href^='/desk/cases/']").innerText()).trim();
  await finish();
  return number;
}

/** What is granted first where licences are limited in number: cases accepted before this one. */
async function acceptedBefore(number) {
  const { page, finish } = await enter("director");
  await page.goto("/desk/tasks?scope=organ");
  const row = page.getByRole("row", { name: number });
  const item = (await row.locator("td").nth(1).innerText()).trim();
  const same = page.locator("main tbody tr").filter({ hasText: item }).filter({ hasText: "决定" });
  const numbers = await same.locator("a[href^='/desk/cases/']").allInnerTexts();
  await finish();
  return numbers.map((text) => text.trim()).filter((one) => one < number).sort();
}

/** Opens the page of the preview that shows a case. */
async function find(page, number) {
  await page.goto(MOVE);
  while (!(await page.getByRole("row", { name: number }).count())) {
    const href = await page.locator("a[rel=next]").getAttribute("href");
    await page.goto(href);
  }
}

/** An officer takes the task of a case and ends it. */
async function handle(account, number, outcome) {
  const { page, finish } = await enter(account);
  await openCase(page, number, "/desk/tasks?scope=organ");
  await step(page, `${account} takes it`, async () => {
    await page.locator("form[action$='/claim'] button").first().click();
    await page.locator("form[action$='/release']").waitFor();
  });
  const form = "form[action$='/complete']";
  if (outcome) await page.locator(`${form} [name=outcome][value=${outcome}]`).check();
  await page.locator(`${form} [name=opinion]`).fill("符合规定。");
  if (account === "reviewer") {
    // The history says that it was moved, from which version to which, and why.
    await page.getByText("自本月起增加法制审核").first().waitFor();
    await page.getByText("standard → standard/2").first().waitFor();
  }
  await step(page, `${account} is done`, async () => {
    await page.locator(`${form} button[type=submit]`).first().click();
    if (account === "director") await page.locator("dialog[open] button[value=yes]").click();
    await page.locator(form).waitFor({ state: "detached" });
  });
  await finish();
}

async function handOut(number) {
  const { page, finish } = await enter("exit");
  await openCase(page, number, `/desk/delivery?number=${number}`);
  await page.locator("[name=method][value=counter]").check();
  await page.locator("[name=identity_checked]").check();
  await page.locator("[name=proof]").fill("本人签字");
  await step(page, "handed out by the new version", async () => {
    await page.locator("form[action$='/deliver'] button[type=submit]").click();
    await page.locator("form[action$='/deliver']").waitFor({ state: "detached" });
  });
  await finish();
}

test("without a script, and on a telephone, picture and findings can be read", async () => {
  const { page, finish } = await enter("editor", { screen: "phone", lang: "en" });
  await page.goto("/desk/procedures/instant");
  await page.locator("form[action$='/draft'] button[type=submit]").click();
  await page.waitForURL("**/instant/versions/2");
  await step(page, "version on a telephone", async () => {
    await page.locator(".picture svg").waitFor();
  });
  await step(page, "editor on a telephone", async () => {
    await page.goto("/desk/procedures/instant/versions/2/edit");
    await page.getByText("Editing wants a larger screen").waitFor();
  });
  await picture(page, "editor on a telephone");
  assert.deepEqual(await unmarkedChinese(page), []);
  assert.equal(await page.locator(".djs-container").count(), 0);
  await axe(page);
  await finish();
  const plain = await enter("editor", { script: false });
  await plain.page.goto("/desk/procedures/instant/versions/2/edit");
  const file = await plain.page.locator("textarea[name=xml]").inputValue();
  await plain.page.locator("details summary").click();
  const changed = file.replace('qc:post="back_office"', 'qc:post="nobody"');
  await plain.page.locator("textarea[name=xml]").fill(changed);
  await plain.page.locator("form[data-save] button[type=submit]").click();
  await plain.page.waitForURL("**/instant/versions/2");
  await plain.page.getByText("nobody").first().waitFor();
  await plain.page.locator("form[action$='/publish'] button[type=submit]").click();
  await plain.page.getByText("不能发布").first().waitFor();
  await plain.finish();
});

const FEES = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="fees" name="占道费"
    namespace="https://qingchuang.gov.example/fees">
  <inputData id="area_data" name="area">
    <variable id="area_variable" name="area" typeRef="number"/>
  </inputData>
  <decision id="fee" name="Fee"><variable id="fee_variable" name="Fee" typeRef="number"/>
    <informationRequirement id="needs"><requiredInput href="#area_data"/></informationRequirement>
    <decisionTable id="fee_table" hitPolicy="UNIQUE">
      <input id="in">
        <inputExpression id="in_expression" typeRef="number"><text>area</text></inputExpression>
      </input>
      <output id="out" name="fee" typeRef="number"/>
      <rule id="small">
        <inputEntry id="e1"><text>&lt; 50</text></inputEntry>
        <outputEntry id="o1"><text>100</text></outputEntry>
      </rule>
      <rule id="large">
        <inputEntry id="e2"><text>&gt;= 50</text></inputEntry>
        <outputEntry id="o2"><text>200</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>`;

test("a decision table is drawn: a gap is told with an example and mended", async () => {
  const { page, errors, finish } = await enter("editor");
  await page.goto("/desk/procedures");
  await page.locator("[name=name]").fill("street_fees");
  await page.locator("[name=kind][value=decision]").check();
  await page.locator("input[name=file]").setInputFiles({
    name: "fees.dmn",
    mimeType: "application/xml",
    buffer: Buffer.from(FEES),
  });
  await step(page, "table taken", async () => {
    await page.locator("form[action='/desk/procedures'] button[type=submit]").click();
    await page.waitForURL("**/street_fees/versions/1");
  });
  await step(page, "table editor", async () => {
    await page.goto("/desk/procedures/street_fees/versions/1/edit");
    await page.locator(".tjs-container td.input-cell").first().waitFor();
  });
  await picture(page, "table editor");
  const type = async (text) => {
    await page.locator(".tjs-container td.input-cell").nth(1).click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
    await page.locator(".tjs-container td.input-cell").first().click();
  };
  await step(page, "gap", async () => {
    await type("> 50");
    await page.locator("[data-findings]", { hasText: "50" }).first().waitFor();
  });
  await picture(page, "table with a gap");
  await type(">= 50");
  await page.locator("[data-verdict]", { hasText: "可以发布" }).waitFor();
  await step(page, "table published", async () => {
    await page.locator("form[data-save] button[type=submit]").click();
    await page.waitForURL("**/street_fees/versions/1");
    await page.locator("form[action$='/publish'] button[type=submit]").click();
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator("h1", { hasText: "已发布" }).waitFor();
  });
  // The mark of bpmn.io brings style attributes, which the policy refuses; its licence forbids to
  // change it. It is seen all the same (decision 0050). Anything else is an error.
  // The third is Chromium's own: it styles what is typed over a choice, before the editor does.
  const refused = "(?:r3vOsuepBDg6tz|CA/eh4\\+2R0J7cEQ14g|bm56T0MNpGdOoTgs)";
  const mark = new RegExp(`^Applying inline style .*sha256-${refused}`, "s");
  errors.splice(0, errors.length, ...errors.filter((error) => !mark.test(error)));
  await finish();
});
