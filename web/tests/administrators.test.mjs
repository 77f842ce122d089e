// Access and standing in a real browser, in Chinese at a desk and in English on a telephone: a
// reset password that must be changed, a second factor with its recovery codes, log-ins that end,
// organs and posts, a certificate that is suspended and stands again, inboxes. axe looks on.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { PASSWORD, hall } from "./hall.mjs";
import { browser, picture, signIn, step, visitor } from "./harness.mjs";

const OWN = "Another-Password-7";
const LOOKS = [
  { name: "zh desktop", lang: "zh", screen: "desktop", login: "clerk2", suspended: "已暂扣" },
  { name: "en phone", lang: "en", screen: "phone", login: "clerk3", suspended: "Suspended" },
];

let chromium;
let place;

before(async () => {
  [chromium, place] = await Promise.all([browser(), hall()]);
});

after(async () => {
  await chromium?.close();
  await place?.close();
});

async function enter(account, { lang, screen }, password = PASSWORD) {
  const came = await visitor(chromium, { base: place.base, lang, screen });
  came.page.setDefaultTimeout(8_000);
  if (account) await signIn(came.page, account, password);
  return came;
}

const press = (page, form) => page.locator(`form[action$="${form}"] button[type=submit]`).click();
const yes = (page) => page.locator("dialog[open] button[value=yes]").click();

/** The code of a secret in base 32 at a step (RFC 6238). */
function code(secret, offset = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + offset));
  const digest = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** The page of one officer, found page by page. */
async function officerPage(page, login) {
  await page.goto("/desk/admin/officers");
  const row = page.locator("main tbody tr", { hasText: new RegExp(`^${login}\\b`) }).first();
  while ((await row.count()) === 0) {
    await page.locator("main .pager a[rel=next]").click();
    await page.waitForLoadState();
  }
  await row.locator("a").click();
  await page.waitForURL("**/desk/admin/officers/officer_*");
}

async function reset(look) {
  const { page, finish } = await enter("sysadmin", look);
  await step(page, `${look.name} officers`, () => page.goto("/desk/admin/officers"));
  await step(page, `${look.name} officer`, () => officerPage(page, look.login));
  await step(page, `${look.name} reset password`, async () => {
    await press(page, "/password");
    await yes(page);
    await page.locator("main [data-copy-from]").waitFor();
  });
  const given = await page.locator("main [data-copy-from]").innerText();
  await picture(page, `${look.name} one-time password`);
  await finish();
  return given;
}

async function change(page, look, given) {
  await step(page, `${look.name} must change`, async () => {
    await page.waitForURL("**/password?**");
    await page.goto("/desk/tasks");
    await page.waitForURL("**/password?**");
  });
  await picture(page, `${look.name} must change`);
  await page.locator("main [name=old_password]").fill(given);
  await page.locator("main [name=password]").fill(OWN);
  await page.locator("main [name=password_again]").fill(OWN);
  await step(page, `${look.name} changed`, async () => {
    await page.locator('main form[action="/password"] button[type=submit]').click();
    await page.waitForURL("**/desk/tasks**");
  });
}

/** Sets the second factor up; answers the recovery codes. */
async function arm(page, look) {
  await step(page, `${look.name} account`, () => page.goto("/account"));
  await picture(page, `${look.name} account`);
  await step(page, `${look.name} begin factor`, async () => {
    await page.locator('main a[href="/account/code"]').click();
    await page.waitForURL("**/account/code");
  });
  await step(page, `${look.name} scan`, async () => {
    await page.locator('main form[action="/account/code"] button').first().click();
    await page.locator("main [role=img] svg").waitFor();
  });
  await picture(page, `${look.name} scan`);
  const secret = (await page.locator("main [data-copy-from]").innerText()).replaceAll(" ", "");
  await step(page, `${look.name} wrong code`, async () => {
    await page.locator("main [name=code]").fill("000000");
    await press(page, "/confirm");
    await page.locator("#code[aria-invalid=true]").waitFor();
  });
  await step(page, `${look.name} recovery codes`, async () => {
    await page.locator("main [name=code]").fill(code(secret));
    await press(page, "/confirm");
    await page.locator("main ol li code").first().waitFor();
  });
  await picture(page, `${look.name} recovery codes`);
  const codes = await page.locator("main ol li code").allInnerTexts();
  assert.equal(codes.length, 10);
  return codes;
}

async function useRecovery(look, codes) {
  const { page, finish } = await enter(look.login, look, OWN);
  await step(page, `${look.name} code step`, () => page.waitForURL("**/login/code?**"));
  await picture(page, `${look.name} code step`);
  await step(page, `${look.name} wrong second factor`, async () => {
    await page.locator("main [name=code]").fill("123456");
    await press(page, "/login/code");
    await page.locator("#code[aria-invalid=true]").waitFor();
  });
  await step(page, `${look.name} recovery code`, async () => {
    await page.locator("main [name=code]").fill(codes[0]);
    await press(page, "/login/code");
    await page.waitForURL("**/desk");
  });
  await page.goto("/account");
  assert.equal(await page.locator("main tbody tr").count(), 2, "two log-ins");
  await step(page, `${look.name} everywhere`, async () => {
    await press(page, "/log-ins/end");
    await yes(page);
    await page.waitForURL("**/login");
  });
  await finish();
}

async function resetFactor(look) {
  const { page, finish } = await enter("secadmin", look);
  await officerPage(page, look.login);
  await step(page, `${look.name} reset factor`, async () => {
    await press(page, "/code");
    await yes(page);
    await page.locator('form[action$="/code"]').waitFor({ state: "detached" });
  });
  await finish();
}

for (const look of LOOKS) {
  test(`a reset password, a second factor and leaving everywhere: ${look.name}`, async () => {
    const given = await reset(look);
    const { page, finish } = await enter(look.login, look, given);
    await change(page, look, given);
    const codes = await arm(page, look);
    await useRecovery(look, codes);
    await page.goto("/desk");
    await page.waitForURL("**/login?**");
    await resetFactor(look);
    await finish();
  });

  test(`organs, posts, their audit and what was sent: ${look.name}`, async () => {
    const system = await enter("sysadmin", look);
    await step(system.page, `${look.name} organ`, async () => {
      await system.page.goto("/desk/admin/organs");
      await system.page.locator("main tbody a").nth(1).click();
      await system.page.waitForURL("**/organs/organ_*");
    });
    await step(system.page, `${look.name} organ renamed`, async () => {
      const name = system.page.locator("main [name=short_name]");
      await name.fill(`${await name.inputValue()}·${look.lang}`);
      await system.page.locator("main form[data-guard] button[type=submit]").click();
      await system.page.locator("[data-flash]").waitFor();
    });
    await picture(system.page, `${look.name} organ`);
    await step(system.page, `${look.name} sent`, () =>
      system.page.goto("/desk/admin/messages"),
    );
    await system.finish();
    const security = await enter("secadmin", look);
    await step(security.page, `${look.name} post`, async () => {
      await security.page.goto("/desk/admin/posts");
      await security.page.locator("main tbody a").nth(3).click();
      await security.page.waitForURL("**/posts/post_*");
    });
    await picture(security.page, `${look.name} post`);
    await security.finish();
    const audit = await enter("audit", look);
    await step(audit.page, `${look.name} audit of organs`, () =>
      audit.page.goto("/desk/admin/audit/organs"),
    );
    assert.ok((await audit.page.locator("main h2").count()) > 3);
    await audit.finish();
  });

  test(`a certificate is suspended and stands again: ${look.name}`, async () => {
    const { page, finish } = await enter("decider2", look);
    await step(page, `${look.name} certificates`, () => page.goto("/desk/certificates"));
    await picture(page, `${look.name} certificates`);
    const links = page.locator("main tbody th a");
    const all = await links.evaluateAll((found) => found.map((link) => link.pathname));
    let mine;
    for (const path of all) {
      await page.goto(path);
      if ((await page.locator('form[action$="/suspend"]').count()) > 0) {
        mine = path;
        break;
      }
    }
    assert.ok(mine, "a colleague issued one of them");
    const verify = await page.locator('main a[href^="/certificates/verify/"]').getAttribute("href");
    await step(page, `${look.name} suspend needs a ground`, async () => {
      await page.locator("details", { has: page.locator("#suspend_reason") }).first().click();
      await page.locator("#suspend_reason").waitFor();
    });
    await page.locator("[name=suspend_ground]").first().check();
    const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    await page.locator("[name=suspend_until]").fill(day);
    await page.locator("[name=suspend_reason]").fill("拒不改正");
    await step(page, `${look.name} suspended`, async () => {
      await press(page, "/suspend");
      await yes(page);
      await page.locator('form[action$="/lift"]').waitFor();
    });
    await picture(page, `${look.name} suspended`);
    const stranger = await enter(null, look);
    await step(stranger.page, `${look.name} verify`, () => stranger.page.goto(verify));
    assert.ok((await stranger.page.locator("main").innerText()).includes(look.suspended));
    await stranger.finish();
    await step(page, `${look.name} lifted`, async () => {
      await press(page, "/lift");
      await yes(page);
      await page.locator('form[action$="/suspend"]').waitFor({ state: "attached" });
    });
    await finish();
  });

  test(`one's own certificates and messages: ${look.name}`, async () => {
    for (const [account, path] of [
      ["citizen", "/my/certificates"],
      ["citizen", "/my/messages"],
      ["reviewer", "/desk/messages"],
    ]) {
      const { page, finish } = await enter(account, look);
      await step(page, `${look.name} ${path}`, () => page.goto(path));
      await picture(page, `${look.name} ${path}`);
      await finish();
    }
  });
}
