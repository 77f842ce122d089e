// At the counter and behind it: a power of attorney that a clerk records, a draft that was saved
// elsewhere, a certificate that another decider changes, finished cases that are filed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, paper } from "./hall.mjs";
import { browser, picture, signIn, step, unmarkedChinese, visitor } from "./harness.mjs";

const ITEM = "511A0015500009-511602000000-000-115113016823646795-1-00";

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

const fill = async (page, fields) => {
  for (const [name, value] of Object.entries(fields)) {
    await page.locator(`main [name=${name}]`).fill(value);
  }
};
const press = (page, form) => page.locator(`form[action$="${form}"] button[type=submit]`).click();
const yes = (page) => page.locator("dialog[open] button[value=yes]").click();
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Begins for a visitor whom an agent stands for; ends on the first step of the draft. */
async function beginForAnother(page) {
  await page.goto(`/desk/intake/new?item=${ITEM}`);
  await fill(page, { name: "王委托", number: "110101199003070038", phone: "13800138001" });
  await page.locator("main details.more > summary").first().click();
  const agent = { agent_name: "李代办", agent_number: "11010519491231002X" };
  await fill(page, { ...agent, agent_phone: "13800138002" });
}

for (const screen of ["phone", "desktop"]) {
  test(`a clerk records the power of whoever comes for another: ${screen}`, async () => {
    const { page, finish } = await enter("clerk", { screen });
    await beginForAnother(page);
    if (screen === "phone") {
      await step(page, "no paper", async () => {
        await press(page, "/desk/intake/new");
        await page.locator("#power_file[aria-invalid=true]").waitFor();
      });
      await fill(page, { power_scope: "提交和补正材料、签收文书", power_until: day(30) });
      await page.locator("#power_file").setInputFiles(paper("power"));
      await step(page, "original not seen", async () => {
        await press(page, "/desk/intake/new");
        await page.locator("#power_seen[aria-invalid=true]").waitFor();
      });
      await picture(page, "power of attorney");
      const said = await page.locator(".error-summary").innerText();
      assert.ok(said.includes("民法典第一百六十五条"), said);
      assert.equal(await page.locator("#power_until").inputValue(), day(30));
      await page.locator("#power_file").setInputFiles(paper("power"));
      await page.locator("#power_seen").check();
    }
    // Once the hall holds the paper nobody hands it in again.
    await step(page, "goes on", async () => {
      await press(page, "/desk/intake/new");
      await page.waitForURL("**/apply/drafts/**");
    });
    await finish();
  });
}

test("a draft saved elsewhere shows what was chosen there, keeps what is here", async () => {
  const { page, context, finish } = await enter("citizen", { screen: "phone" });
  await page.goto(`/apply/${ITEM}`);
  await page.locator("main input[name=principal]").first().check();
  await press(page, `/apply/${ITEM}`);
  await page.waitForURL("**/questions");
  const other = await context.newPage();
  await other.goto(page.url());
  const choices = page.locator("main [name=place]");
  const [here, there] = [await choices.nth(0).inputValue(), await choices.nth(1).inputValue()];
  await other.locator(`[name=place][value=${there}]`).check();
  await press(other, "/questions");
  await other.waitForLoadState();
  await page.locator(`[name=place][value=${here}]`).check();
  await step(page, "stale draft", async () => {
    await press(page, "/questions");
    await page.getByText("打开本页之后的改动").waitFor();
  });
  assert.equal(await page.locator(`[name=place][value=${here}]`).isChecked(), true);
  await picture(page, "stale draft");
  await step(page, "sent again", async () => {
    await press(page, "/questions");
    await page.getByText("打开本页之后的改动").waitFor({ state: "detached" });
  });
  await finish();
});

test("another decider changes a certificate, and the old one leads to the new", async () => {
  const { page, finish } = await enter("decider2");
  await page.goto("/desk/certificates");
  const links = page.locator("main tbody th a");
  const all = await links.evaluateAll((found) => found.map((link) => link.pathname));
  const change = page.locator('main a[href$="/change"]');
  for (const path of all) {
    await page.goto(path);
    if ((await change.count()) > 0) break;
  }
  const verify = await page.locator('main a[href^="/certificates/verify/"]').getAttribute("href");
  await step(page, "change", async () => {
    await change.click();
    await page.waitForURL("**/change");
  });
  await picture(page, "change a certificate");
  await fill(page, { scope: "变更后的许可范围", change_reason: "持证人申请变更" });
  await step(page, "changed", async () => {
    await press(page, "/change");
    await yes(page);
    await page.waitForURL((url) => !url.pathname.endsWith("/change"));
  });
  await finish();
  for (const look of [{}, { lang: "en", screen: "phone" }]) {
    const stranger = await enter(null, look);
    await step(stranger.page, "verify", () => stranger.page.goto(verify));
    const next = stranger.page.locator('main a[href^="/certificates/verify/"]');
    await picture(stranger.page, `changed certificate ${look.lang ?? "zh"}`);
    await step(stranger.page, "successor", async () => {
      await next.first().click();
      await stranger.page.waitForURL((url) => url.pathname !== verify);
    });
    const word = look.lang === "en" ? "Valid" : "有效";
    assert.ok((await stranger.page.locator("main").innerText()).includes(word));
    await stranger.finish();
  }
});

test("finished cases are filed from the list and say so on their page", async () => {
  const { page, finish } = await enter("exit", { screen: "phone" });
  await step(page, "to be filed", () => page.goto("/desk/archive"));
  const first = page.locator("main th a").first();
  const number = await first.innerText();
  await step(page, "filed", async () => {
    await page.locator("form[action$='/archive'] button").first().click();
    await page.locator("[data-flash]").waitFor();
  });
  assert.notEqual(await first.innerText(), number);
  await step(page, "the filed", () => page.goto("/desk/archive?shelf=filed"));
  await step(page, "its page", async () => {
    await page.getByRole("link", { name: number, exact: true }).click();
    await page.waitForURL("**/desk/cases/**");
  });
  assert.ok((await page.locator(".standing").innerText()).includes("已归档"));
  assert.equal(await page.locator("form[action$='/archive']").count(), 0);
  await finish();
});

test("public and own pages in English hold no Chinese that is not marked", async () => {
  for (const [account, paths] of [
    [null, ["/", "/items", "/sunshine"]],
    ["citizen", ["/my/certificates"]],
    ["manager", ["/desk/archive"]],
  ]) {
    const { page, finish } = await enter(account, { lang: "en", screen: "phone" });
    for (const path of paths) {
      await step(page, path, () => page.goto(path));
      assert.deepEqual(await unmarkedChinese(page), [], path);
    }
    await finish();
  }
});

test("whoever tries to log in too often is told when to come back", async () => {
  const { page, finish } = await enter(null);
  let answer;
  for (let turn = 0; turn < 6; turn += 1) {
    await page.goto("/login");
    await fill(page, { login: "nobody", password: "Wrong-Password-1" });
    const sent = page.waitForResponse((one) => one.request().method() === "POST");
    await press(page, "/login");
    answer = await sent;
  }
  assert.equal(answer.status(), 429);
  assert.ok(0 < Number(answer.headers()["retry-after"]));
  await step(page, "too many", () => page.locator(".error-summary").waitFor());
  assert.equal(await page.locator("[name=login]").inputValue(), "nobody");
  await finish();
});
