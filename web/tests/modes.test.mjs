// The other lawful ways through an item in a real browser, in Chinese at a desk and in English
// on a telephone: a table grants at once, or people handle it because the applicant wants them to;
// papers follow on a pledge; a promise is checked; what the hall offers, and what it spares. axe
// looks on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, paper } from "./hall.mjs";
import { browser, signIn, step, visitor } from "./harness.mjs";

const SHOP = "511A0074300005-511602000000-000-115113016823646795-1-00";
const ANSWERS = {
  proposed_name: "广安区清溪网店",
  scope: "日用百货零售",
  platform: "示例平台 https://shop.example.cn/1",
  capital: "50000",
  staff_count: "2",
};
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q" +
  "DwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CHOICES = { trade: "retail", delivery: "electronic" };

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

const submit = (page, form) => page.locator(`${form} button[type=submit]`).first().click();

async function answerQuestions(page) {
  for (const [question, option] of [
    ["who", "alone"],
    ["where_alone", "platform"],
  ]) {
    await page.waitForURL("**/questions");
    await page.locator(`[name=${question}][value=${option}]`).check();
    await submit(page, "form[action$='/questions']");
  }
  await page.waitForURL("**/materials");
}

async function fill(page) {
  await page.locator("main .actions a[href$='/form']").click();
  await page.waitForURL("**/form");
  for (const [name, value] of Object.entries(ANSWERS)) {
    await page.locator(`main [name=${name}]`).fill(value);
  }
  for (const [name, value] of Object.entries(CHOICES)) {
    const select = page.locator(`main select[name=${name}]`);
    if (await select.count()) await select.selectOption(value);
    else await page.locator(`main [name=${name}][value=${value}]`).check();
  }
  await page.locator("[name=truth_declared]").check();
  await submit(page, "form[action$='/form']");
  await page.waitForURL("**/files");
}

async function upload(page) {
  const cards = page.locator("main section.card");
  for (let at = 0; at < (await cards.count()); at += 1) {
    const form = cards.nth(at).locator("form[action$='/files']");
    if (!(await form.count())) continue;
    await form.locator("input[type=file]").setInputFiles(paper(`shop-${at + 1}`));
    await form.locator("button[type=submit]").click();
    await cards.nth(at).getByText(`shop-${at + 1}.pdf`).first().waitFor();
  }
}

/** Applies for the shop; ends on the application's own page. */
async function applyForShop(page, byHand) {
  await step(page, "the guide shows the table", async () => {
    await page.goto(`/items/${SHOP}`);
    assert.equal(await page.locator("tr[data-rule]").count(), 4, "all rules are published");
  });
  await page.goto(`/apply/${SHOP}`);
  await page.locator("main input[name=principal]").first().check();
  await submit(page, `form[action="/apply/${SHOP}"]`);
  await step(page, "questions", () => answerQuestions(page));
  await step(page, "form", () => fill(page));
  await step(page, "files", () => upload(page));
  await step(page, "the way to people stands beside the table", async () => {
    await page.locator("main .actions a[href$='/check']").click();
    await page.waitForURL("**/check");
    await page.locator("[name=by_hand]").waitFor();
  });
  if (byHand) await page.locator("[name=by_hand]").check();
  await page.locator("[name=truth]").check();
  await step(page, "sent", async () => {
    await submit(page, "form[action$='/submit']");
    await page.waitForURL("**/my/applications/**");
  });
}

const toCase = "main .card a.button[href^='/my/cases/case_']";

for (const look of [{}, { lang: "en", screen: "phone" }]) {
  const name = look.lang ? "in English on a telephone" : "in Chinese at a desk";

  test(`a table grants at once, and people handle it when asked to, ${name}`, async () => {
    const { page, finish } = await enter("citizen", look);
    await applyForShop(page, false);
    await step(page, "granted by the rule", async () => {
      await page.locator(toCase).first().click();
      await page.waitForURL("**/my/cases/case_*");
      await page.getByText("individual_business_2026").first().waitFor();
    });
    const link = page.locator("main a[href^='/certificates/']").first();
    const answer = await page.request.get(await link.getAttribute("href"));
    assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
    await applyForShop(page, true);
    assert.equal(await page.locator(toCase).count(), 0, "a clerk accepts it first");
    await finish();
  });

  test(`the lists of what was granted, offered and spared can be read, ${name}`, async () => {
    const everybody = await enter(null, look);
    for (const path of ["/benefits", "/leniency"]) {
      await step(everybody.page, path, async () => {
        const answer = await everybody.page.goto(path);
        assert.equal(answer.status(), 200);
      });
    }
    await everybody.finish();
    const { page, finish } = await enter("manager", look);
    const lists = ["/desk/ruled", "/desk/tacit", "/desk/pledges", "/desk/offers", "/desk/leniency"];
    for (const path of lists) {
      await step(page, path, async () => {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200);
      });
    }
    await step(page, "a scheme", async () => {
      await page.goto("/desk/offers");
      await page.locator("main a[href^='/desk/offers/schemes/']").first().click();
      await page.waitForURL("**/desk/offers/schemes/**");
    });
    await finish();
    const own = await enter("citizen", look);
    for (const path of ["/my/offers", "/my/pledges", "/my/leniency"]) {
      await step(own.page, path, async () => {
        const answer = await own.page.goto(path);
        assert.equal(answer.status(), 200);
      });
    }
    await own.finish();
  });
}

test("papers that a pledge owes follow later", async () => {
  const { page, finish } = await enter("company");
  await step(page, "what is owed", () => page.goto("/my"));
  const links = page.locator("main a[href^='/my/applications/']");
  const paths = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  let owing = "";
  for (const path of new Set(paths)) {
    if (/make_up/.test(path)) owing = path;
    else {
      await page.goto(path);
      const link = page.locator("main a[href$='/make_up']");
      if (await link.count()) owing = await link.first().getAttribute("href");
    }
    if (owing) break;
  }
  assert.ok(owing, "the printed company owes a paper");
  await step(page, "what is to be handed in", () => page.goto(owing));
  const picture = Buffer.from(PIXEL, "base64");
  const file = { name: "effect.png", mimeType: "image/png", buffer: picture };
  await page.locator("main input[type=file]").first().setInputFiles(file);
  await step(page, "handed in", async () => {
    await submit(page, "form[action$='/make_up']");
    await page.waitForURL((url) => !url.pathname.endsWith("/make_up"));
  });
  await finish();
});

test("a promise is checked after the decision by somebody else", async () => {
  const { page, finish } = await enter("decider");
  await step(page, "to be checked", () => page.goto("/desk/pledges?show=checking"));
  await step(page, "one promise", async () => {
    await page.locator("main a[href^='/desk/pledges/pledge_']").first().click();
    await page.waitForURL("**/desk/pledges/pledge_*");
  });
  await page.locator("[name=found][value=true]").check();
  await page.locator("[name=finding]").fill("2026年11月23日现场核查，与承诺一致。");
  await step(page, "found true", async () => {
    await submit(page, "form[action$='/check']");
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator("form[action$='/check']").waitFor({ state: "detached" });
  });
  await finish();
});

const BOARD = "511A0188100003-511602000000-000-115113016823646795-1-00";
/** What the promise stands for, and what follows later. */
const PROMISED = ["structure", "right"];
const TO_FOLLOW = "picture";

function dayIn(days) {
  const day = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  return day.toISOString().slice(0, 10);
}

const BOARD_ANSWERS = {
  legal_representative: "王小明",
  contact_name: "王小明",
  site_address: "广安市广安区滨江路88号商业街",
  width: "500",
  height: "300",
  bottom_height: "250",
  from_date: dayIn(30),
  until_date: dayIn(300),
};

/** Begins an application for a board, fills its form and hands in what no pledge stands for. */
async function beginBoard(page) {
  await page.goto(`/apply/${BOARD}`);
  await page.locator("main input[name=principal]").first().check();
  await submit(page, `form[action="/apply/${BOARD}"]`);
  await page.waitForURL("**/questions");
  await page.locator("[name=kind][value=board]").check();
  await submit(page, "form[action$='/questions']");
  await page.waitForURL("**/materials");
  await page.locator("main .actions a[href$='/form']").click();
  await page.waitForURL("**/form");
  for (const [name, value] of Object.entries(BOARD_ANSWERS)) {
    await page.locator(`main [name=${name}]`).fill(value);
  }
  const name = await page.locator("main [name=organisation_name]").inputValue();
  await page.locator("[name=truth_declared]").check();
  await submit(page, "form[action$='/form']");
  await page.waitForURL("**/files");
  const cards = page.locator("main section.card");
  for (let at = 0; at < (await cards.count()); at += 1) {
    const form = cards.nth(at).locator("form[action$='/files']");
    if (!(await form.count())) continue;
    const material = await form.locator("[name=material]").inputValue();
    if ([...PROMISED, TO_FOLLOW].includes(material)) continue;
    await form.locator("input[type=file]").setInputFiles(paper(`board-${at + 1}`));
    await form.locator("button[type=submit]").click();
    await cards.nth(at).getByText(`board-${at + 1}.pdf`).first().waitFor();
  }
  return name;
}

/** Signs a pledge; without the tick nothing is signed and the page says so. */
async function signPledge(page, kind, name) {
  const form = page.locator("form[action$='/pledges']", {
    has: page.locator(`input[name=kind][value=${kind}]`),
  });
  await step(page, `${kind} is not signed without the tick`, async () => {
    await form.locator("[name=name]").fill(name);
    await form.locator("button[type=submit]").click();
    await page.locator(".error-summary").waitFor();
  });
  await form.locator("[name=name]").fill(name);
  await form.locator("[name=agreed]").check();
  await step(page, `${kind} is signed`, async () => {
    await form.locator("button[type=submit]").click();
    await page.waitForURL("**/check");
  });
}

/** From the check to the pledges that can be signed. */
async function toPledges(page) {
  await page.locator("main a[href$='/pledges']").click();
  await page.waitForURL("**/pledges");
}

for (const lang of ["zh", "en"]) {
  test(`both pledges are signed on a telephone, ${lang}`, async () => {
    const { page, finish } = await enter("company", { screen: "phone", lang });
    await step(page, "the guide publishes both modes", async () => {
      const answer = await page.goto(`/items/${BOARD}`);
      assert.equal(answer.status(), 200);
    });
    const name = await beginBoard(page);
    await step(page, "the check leads to the pledges", async () => {
      await page.locator("main .actions a[href$='/check']").click();
      await page.waitForURL("**/check");
      await toPledges(page);
    });
    await signPledge(page, "tolerant", name);
    await toPledges(page);
    await signPledge(page, "promise", name);
    await step(page, "nothing is left to be signed", async () => {
      await toPledges(page);
      assert.equal(await page.locator("form[action$='/pledges']").count(), 0);
      await page.locator("main .actions a[href$='/check']").click();
      await page.waitForURL("**/check");
    });
    await page.locator("[name=truth]").check();
    await step(page, "sent without the papers that the pledges stand for", async () => {
      await submit(page, "form[action$='/submit']");
      await page.waitForURL("**/my/applications/**");
      await page.locator("main a[href='/my/pledges']").first().waitFor();
    });
    await step(page, "one's pledges", async () => {
      await page.goto("/my/pledges");
      await page.locator("main article, main section.card, main li").first().waitFor();
    });
    await finish();
  });
}
