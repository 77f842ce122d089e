// The main job from search to rating in a real browser against a hall of its own: a citizen
// applies, four officers handle, a stranger checks. Once in Chinese at a desk, once in English on
// a telephone; then the one-time notice and the refusal. axe looks after every step.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, hall, openCase, paper } from "./hall.mjs";
import { browser, signIn, step, visitor } from "./harness.mjs";

const ITEM = "511A0015500009-511602000000-000-115113016823646795-1-00";
const ANSWERS = {
  organisation_name: "广安市清溪理发店",
  uscc: "91370699000000174A",
  legal_representative: "王芳",
  premises_address: "广安区浓洄街道金安大道一段8号",
  area: "60",
  staff_count: "3",
  test_date: "2026-01-05",
};

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

/** From the search to the questions: the one item that says it can be applied for here. */
async function find(page) {
  await step(page, "home", () => page.goto("/"));
  await step(page, "search", async () => {
    await page.locator("input[name=q]").first().fill("理发店卫生许可");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/items?**");
  });
  await step(page, "guide", async () => {
    await page.locator(`main a[href="/items/${ITEM}"]`).first().click();
    await page.waitForURL(`**/items/${ITEM}`);
  });
  await step(page, "start", async () => {
    await page.locator(`main a[href^="/apply/${ITEM}"]`).first().click();
    await page.waitForURL("**/apply/**");
  });
}

/** Begins, for oneself. */
async function begin(page) {
  await page.locator("main input[name=principal]").first().check();
  await submit(page, `form[action="/apply/${ITEM}"]`);
}

const submit = (page, form) => page.locator(`${form} button[type=submit]`).first().click();

/** Answers, form, files, declaration: ends on the receipt; returns its number, code and path. */
async function apply(page) {
  await step(page, "questions", async () => {
    await page.waitForURL("**/questions");
    await page.locator("[name=place][value=hair]").check();
    await submit(page, "form[action$='/questions']");
    await page.waitForURL("**/materials");
  });
  await step(page, "form", async () => {
    await page.locator("main .actions a[href$='/form']").click();
    await page.waitForURL("**/form");
  });
  await step(page, "a form with gaps names them", async () => {
    await submit(page, "form[action$='/form']");
    await page.locator("#uscc[aria-invalid=true]").waitFor();
  });
  for (const [name, value] of Object.entries(ANSWERS)) {
    await page.locator(`main [name=${name}]`).fill(value);
  }
  await page.locator("[name=truth_declared]").check();
  await step(page, "files", async () => {
    await submit(page, "form[action$='/form']");
    await page.waitForURL("**/files");
  });
  await upload(page);
  await step(page, "check", async () => {
    await page.locator("main .actions a[href$='/check']").click();
    await page.waitForURL("**/check");
  });
  await page.locator("[name=truth]").check();
  await step(page, "receipt", async () => {
    await submit(page, "form[action$='/submit']");
    await page.waitForURL("**/my/applications/**");
  });
  const number = (await page.title()).split(" ")[0];
  const code = await page.locator("main .card p").nth(1).innerText();
  assert.match(number, /^\d{6}20\d{6}[A-Z]\d{9}[0-9A-Z]$/);
  assert.ok((await page.locator("main .card svg path").count()) > 1, "there is a QR code");
  return { number, code: /\d{6}/.exec(code)[0], path: new URL(page.url()).pathname };
}

async function upload(page) {
  const cards = page.locator("main section.card");
  const wanted = await cards.count();
  assert.equal(wanted, 5, "a hairdresser brings five papers");
  const asked = await page.locator("main section.card form[action$='/files']").count();
  assert.equal(asked, 4, "the application form is made of the answers");
  for (let at = 0; at < wanted; at += 1) {
    const form = cards.nth(at).locator("form[action$='/files']");
    if (!(await form.count())) continue;
    await form.locator("input[type=file]").setInputFiles(paper(`paper-${at + 1}`));
    await form.locator("button[type=submit]").click();
    await cards.nth(at).getByText(`paper-${at + 1}.pdf`).first().waitFor();
  }
  await step(page, "files are there", async () => {});
}

/** The window clerk accepts: the way leads over the queue. */
async function accept(number, path, look) {
  const { page, finish } = await enter("clerk", look);
  await step(page, "queue", () => page.goto("/desk/intake"));
  const id = path.split("/").pop();
  await step(page, "application at the desk", async () => {
    await page.goto(`/desk/intake/${id}`);
    await page.getByRole("heading", { name: number }).waitFor();
  });
  await step(page, "accept", async () => {
    await submit(page, "form[action$='/accept']");
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator("form[action$='/accept']").waitFor({ state: "detached" });
  });
  await finish();
}

/** An officer takes the task of a case and ends it with an outcome. */
async function handle(account, number, outcome, look, write = {}) {
  const { page, finish } = await enter(account, look);
  await step(page, `${account} opens the case`, () => openCase(page, number));
  await step(page, `${account} takes it`, async () => {
    await submit(page, "form[action$='/claim']");
    await page.locator("form[action$='/release']").waitFor();
  });
  const form = "form[action$='/complete']";
  await page.locator(`${form} [name=outcome][value=${outcome}]`).check();
  await page.locator(`${form} [name=opinion]`).fill("材料齐全，现场符合卫生要求。");
  for (const [name, value] of Object.entries(write)) {
    await page.locator(`${form} [name=${name}]`).fill(value);
  }
  await step(page, `${account} says ${outcome}`, async () => {
    await submit(page, form);
    if (account === "decider") await page.locator("dialog[open] button[value=yes]").click();
    await page.locator(form).waitFor({ state: "detached" });
  });
  await finish();
}

async function handOut(number, look) {
  const { page, finish } = await enter("exit", look);
  await step(page, "results desk", () =>
    openCase(page, number, `/desk/delivery?number=${number}`),
  );
  await page.locator("[name=method][value=counter]").check();
  await page.locator("[name=identity_checked]").check();
  await page.locator("[name=proof]").fill("本人签字");
  await step(page, "hand out", async () => {
    await submit(page, "form[action$='/deliver']");
    await page.locator("form[action$='/deliver']").waitFor({ state: "detached" });
  });
  await finish();
}

/** The applicant's case, by the way from the application. */
async function myCase(page, path) {
  await page.goto(path);
  await step(page, "my case", async () => {
    await page.locator("main .card a.button[href^='/my/cases/case_']").first().click();
    await page.waitForURL("**/my/cases/case_*");
  });
}

const fetched = async (page, link) => {
  const answer = await page.request.get(await link.getAttribute("href"));
  assert.equal(answer.status(), 200);
  return answer.body();
};

async function rate(page) {
  await step(page, "to the rating", async () => {
    await page.locator("main a[href$='/rating']").click();
    await page.waitForURL("**/rate/*");
  });
  await page.locator("[name=grade][value=very_satisfied]").check();
  await page.locator("[name=text]").fill("很快");
  await step(page, "rated", async () => {
    await submit(page, "main form");
    await page.locator("[name=grade][value=basically_satisfied]").waitFor({ state: "detached" });
  });
}

/** The whole job; returns what a stranger may check. */
async function wholeJob(look) {
  const { page, finish } = await enter("citizen", look);
  await find(page);
  await begin(page);
  const { number, code, path } = await apply(page);
  await accept(number, path, look);
  await handle("reviewer", number, "agree", look);
  await handle("decider", number, "granted", look);
  await handOut(number, look);
  await myCase(page, path);
  const link = page.locator("main a[href^='/certificates/']");
  const pdf = await fetched(page, link);
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const proof = await fetched(page, page.locator("main a[href$='/proof.json']"));
  await rate(page);
  await finish();
  return { number, code, pdf, proof };
}

/** A stranger checks: the way so far, the certificate's file, and the proof. */
async function check({ number, code, pdf, proof }, look) {
  const { page, finish } = await enter(null, look);
  await step(page, "track", async () => {
    await page.goto("/track");
    await page.locator("main [name=number]").fill(number);
    await page.locator("main [name=code]").fill(code);
    await submit(page, "form[action='/track']");
    await page.getByText(number).first().waitFor();
  });
  await step(page, "certificate", async () => {
    await page.goto("/certificates/verify");
    const file = { name: "certificate.pdf", mimeType: "application/pdf", buffer: pdf };
    await page.locator("main input[type=file]").setInputFiles(file);
    await submit(page, "main form[enctype='multipart/form-data']");
    await page.locator("main dl").first().waitFor();
  });
  await step(page, "certificate by its number", async () => {
    const said = /1\.2\.156\.\S+/.exec(await page.locator("main dl").first().innerText());
    await page.goto(`/certificates/verify/${said[0]}`);
    await page.locator("main dl").first().getByText("广安市").first().waitFor();
  });
  await step(page, "proof", async () => {
    await page.goto("/ledger");
    const file = { name: "proof.json", mimeType: "application/json", buffer: proof };
    await page.locator("[name=proof_file]").setInputFiles(file);
    await submit(page, "form[data-verify]");
    const said = await page.locator("template[data-verify-words]").getAttribute("data-say-whole");
    await page.locator("[data-verify-result]").getByText(said).first().waitFor();
  });
  await finish();
}

for (const look of [{}, { lang: "en", screen: "phone" }]) {
  const name = look.lang ? "in English on a telephone" : "in Chinese at a desk";
  test(`a citizen gets a licence and a stranger can check it, ${name}`, async () => {
    await check(await wholeJob(look), look);
  });
}

/** The window clerk tells once what is missing. */
async function tell(path) {
  const { page, finish } = await enter("clerk");
  await page.goto(path.replace("/my/applications", "/desk/intake"));
  await page.locator("details:has(form[action$='/notice']) > summary").click();
  await page.locator("[name=missing][value=test_report]").check();
  await page.locator("[name='problem.test_report']").fill("报告没有盖章");
  await page.locator("[name='request.test_report']").fill("请交盖章的报告");
  await step(page, "notice", async () => {
    await submit(page, "form[action$='/notice']");
    await page.locator("dialog[open] button[value=yes]").click();
    await page.locator("form[action$='/notice']").waitFor({ state: "detached" });
  });
  await finish();
}

async function correct(page, path) {
  await step(page, "told", () => page.goto(path));
  await step(page, "to correct", async () => {
    await page.locator("main a[href$='/correct']").click();
    await page.getByText("请交盖章的报告").waitFor();
  });
  const files = page.locator("main input[type=file]");
  assert.equal(await files.count(), 1, "only what was named is asked for");
  await files.setInputFiles(paper("stamped"));
  await step(page, "corrected", async () => {
    await submit(page, "form[action$='/correct']");
    await page.waitForURL(`**${path}`);
  });
}

const REFUSAL = {
  reason: "检测项目不合格",
  article: "《公共场所卫生管理条例》第八条",
  review_organ: "广安市广安区人民政府",
  court: "广安市广安区人民法院",
};

test("what is missing is told once and corrected; a refusal is a decision in writing", async () => {
  const { page, finish } = await enter("citizen");
  await page.goto(`/apply/${ITEM}`);
  await begin(page);
  const { number, path } = await apply(page);
  await tell(path);
  await correct(page, path);
  await accept(number, path);
  await handle("reviewer", number, "agree");
  await handle("decider", number, "refused", {}, REFUSAL);
  await handOut(number);
  await myCase(page, path);
  assert.equal(await page.locator("main a[href^='/certificates/']").count(), 0);
  const decision = page.locator("main a[href^='/notices/']", { hasText: "不予" });
  const pdf = await fetched(page, decision.last());
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await finish();
});
