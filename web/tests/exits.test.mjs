// A licence on its way out, from the hearing to the public register: the presider takes minutes,
// the company signs them, the law is reviewed, somebody else decides on the minutes, and strangers
// see it. And what the hall proposes to renew in silence, to which its holder says no.
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
  came.page.setDefaultTimeout(10_000);
  if (account) await signIn(came.page, account, PASSWORD);
  return came;
}

/** Sends a form; what asks first is answered with yes. */
async function send(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  const sure = page.locator("[data-confirm-dialog][open] button[value=yes]");
  const asked = await sure.waitFor({ timeout: 1_000 }).then(
    () => true,
    () => false,
  );
  if (asked) await sure.click();
}

async function first(page, list) {
  await page.goto(list);
  await page.locator("main table a, main section.card h2 a").first().click();
}

async function hears() {
  const { page, finish } = await enter("reviewer2");
  await step(page, "hearings", () => page.goto("/desk/hearings"));
  await step(page, "hearing", () => first(page, "/desk/hearings"));
  await page.fill("#attendees", "当事人法定代表人，审查人员，举报人");
  await page.fill("#minutes", "审查人员出示现场照片。当事人说明门牌变更，对位置偏差没有异议。");
  await picture(page, "hearing desk");
  await step(page, "held", () => send(page, "提交笔录，交当事人签署"));
  await page.getByText("已举行，笔录待签").first().waitFor();
  await finish();
}

async function signs() {
  const { page, finish } = await enter("company", { screen: "phone" });
  await step(page, "own exits", () => page.goto("/my/exits"));
  await step(page, "own exit", () => first(page, "/my/exits"));
  await picture(page, "own exit phone");
  await step(page, "own hearing", () => first(page, "/my/hearings"));
  await picture(page, "own hearing phone");
  await step(page, "signed", () => send(page, "签署笔录"));
  await page.getByText("笔录已签署").first().waitFor();
  await finish();
}

async function reviews() {
  const { page, finish } = await enter("legal");
  await step(page, "to review", () => first(page, "/desk/exits?show=reviewing"));
  await page.getByLabel("同意", { exact: true }).check();
  await page.fill("#opinion", "事实清楚，程序合法，同意撤销。");
  await picture(page, "exit review");
  await step(page, "reviewed", () => send(page, "提交审核意见"));
  await page.getByText("待决定").first().waitFor();
  await finish();
}

async function decides() {
  const { page, finish } = await enter("decider", { screen: "phone" });
  await step(page, "to decide", () => first(page, "/desk/exits?show=deciding"));
  await page.fill("#reason", "颁发许可时不符合设置技术规范");
  await step(page, "without minutes", () => send(page, "决定退出"));
  await page.locator("#minutes-error").waitFor();
  await page.fill("#minutes", "当事人对位置偏差没有异议");
  await picture(page, "exit decision phone");
  await step(page, "decided", () => send(page, "决定退出"));
  await page.getByText("已退出").first().waitFor();
  await picture(page, "exit decided");
  await finish();
}

async function strangers() {
  const { page, finish } = await enter("", { lang: "en", screen: "phone" });
  await step(page, "register", () => page.goto("/sunshine/exits"));
  assert.deepEqual(await unmarkedChinese(page), []);
  await picture(page, "exit register phone");
  await step(page, "verified", () => page.locator("main table a").first().click());
  await page.getByText("Revoked").first().waitFor();
  await finish();
}

test("a licence leaves on the minutes of a hearing and everybody sees it", async () => {
  await hears();
  await signs();
  await reviews();
  await decides();
  await strangers();
});

test("a holder says no to a silent renewal", async () => {
  const { page, finish } = await enter("company", { lang: "en", screen: "phone" });
  await step(page, "renewals", () => page.goto("/my/renewals"));
  assert.deepEqual(await unmarkedChinese(page), []);
  await picture(page, "renewals phone");
  await step(page, "declined", () => send(page, "Do not renew it in silence"));
  await page.getByText("Holder said no").first().waitFor();
  await finish();
  const desk = await enter("reviewer");
  await step(desk.page, "renewals at the desk", () => desk.page.goto("/desk/renewals"));
  await step(desk.page, "one renewal", () => first(desk.page, "/desk/renewals"));
  await picture(desk.page, "renewal desk");
  await desk.finish();
});
