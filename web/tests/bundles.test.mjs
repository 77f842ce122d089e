// A bundle asks first and then asks for no more than the answers need: a citizen opens a pharmacy,
// the licence of the first matter is handed on to the second, and a clerk begins the same at the
// counter. axe looks on, on a phone and on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, paper } from "./hall.mjs";
import { browser, signIn, step, visitor } from "./harness.mjs";

let chromium;
let place;
/** A picture of the page, where a folder for pictures is named. */
async function picture(page, name) {
  if (!process.env.SHOTS) return;
  await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

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
  await signIn(came.page, account, PASSWORD);
  return came;
}

/** Fills whatever the one form still asks for. */
async function fillForm(page) {
  const values = {
    contact_name: "王芳",
    phone: "19900000000",
    shop_name: "浓洄大药房",
    shop_address: "广安区浓洄街道金安大道一段8号",
    shop_area: "90",
    pharmacist_name: "李丽",
    quality_head: "张强",
  };
  for (const [name, value] of Object.entries(values)) {
    await page.locator(`main input[name=${name}], main textarea[name=${name}]`).first().fill(value);
  }
  await page.locator("[name=truth_declared]").check();
}

test("a pharmacy is opened with questions asked once and a licence handed on", async () => {
  const { page, finish } = await enter("citizen", { screen: "phone" });
  await step(page, "guide", () => page.goto("/bundles/pharmacy"));
  await page.getByText("由“药品零售企业经营许可”的结果转交").first().waitFor();
  await picture(page, "guide_phone");
  await page.locator("form[action$='/start'] button[type=submit]").click();
  await page.waitForURL("**/questions");
  const asked = page.locator("main fieldset");
  await step(page, "questions", () => asked.first().waitFor());
  await picture(page, "questions_phone");
  assert.equal(await asked.count(), 2);
  // Nothing is chosen: each open question is told beside itself.
  await page.locator("main form button[type=submit]").first().click();
  await step(page, "left open", () => page.locator("main .error").first().waitFor());
  await picture(page, "questions_open_phone");
  await page.locator("[name='theme.devices'][value=second]").check();
  await page.locator("[name='drug_licence.shop_kind'][value=single]").check();
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL("**/form");
  await step(page, "form", () => fillForm(page));
  await picture(page, "form_phone");
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL("**/files");
  // The licence is no place to upload: it comes from the first matter.
  await page.getByText("药品经营许可证：由“药品零售企业经营许可”办结后系统转交").waitFor();
  const wanted = page.locator("main section.card form [name=material]");
  const names = await wanted.evaluateAll((all) => all.map((one) => one.value));
  assert.ok(!names.includes("drug_licence_paper"));
  for (const name of names) {
    const card = page.locator(`main section.card:has([name=material][value=${name}])`);
    await card.locator("input[type=file]").setInputFiles(paper(name));
    await card.locator("button[type=submit]").last().click();
    await card.locator("li").first().waitFor();
  }
  await step(page, "files", () => page.locator("main section.card li").first().waitFor());
  await picture(page, "files_phone");
  await page.locator("main .actions a[href$='/check']").click();
  await page.waitForURL("**/check");
  await page.locator("[name=truth]").check();
  await page.locator("form[action$='/send'] button[type=submit]").click();
  await page.waitForURL("**/my/bundles/**");
  await step(page, "handed on", () => page.getByText("待前置办结").first().waitFor());
  await picture(page, "my_bundle_phone");
  await finish();
});

test("a clerk begins a bundle for somebody at the window", async () => {
  const { page, finish } = await enter("clerk");
  await step(page, "counter", () => page.goto("/desk/bundles/new"));
  await picture(page, "counter_desk");
  await page.locator("[name=theme][value=rural_building]").check();
  await page.locator("[name=name]").fill("赵六");
  await page.locator("[name=number]").fill("511602199003071232");
  await page.locator("[name=phone]").fill("13900000000");
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL("**/questions");
  await step(page, "questions", () => page.locator("main fieldset").first().waitFor());
  await picture(page, "counter_after_desk");
  await finish();
});
