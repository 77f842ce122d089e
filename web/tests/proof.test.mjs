// The browser's verifier against published vectors, the house's own checkpoints and lies.
// The TypeScript is bundled in memory, so what is tested is what the page loads.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { WEB } from "./harness.mjs";

const DATA = join(WEB, "../crates/seal/tests/data");
const read = (name) => JSON.parse(readFileSync(join(DATA, name), "utf8"));
const vectors = read("sm2_sm3_sm4.json");
const merkle = read("merkle_rfc6962.json");
const fromHex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const toHex = (bytes) => Buffer.from(bytes).toString("hex");
const fromBase64 = (text) => Uint8Array.from(Buffer.from(text ?? "", "base64"));
const sha256 = (bytes) => Uint8Array.from(createHash("sha256").update(bytes).digest());
let own;

before(async () => {
  const all = ["sm3", "sm2", "merkle", "canonical", "checkpoint", "verify"];
  const contents = all.map((name) => `export * as ${name} from "./src/${name}.ts";`).join("\n");
  const built = await build({
    stdin: { contents, resolveDir: WEB },
    bundle: true,
    write: false,
    format: "esm",
  });
  const url = Buffer.from(built.outputFiles[0].contents).toString("base64");
  own = await import(`data:text/javascript;base64,${url}`);
});

test("SM3 gives every digest of the standard and of OpenSSL", () => {
  for (const { name, msg, msg_repeat: repeat, digest } of vectors.sm3.digest) {
    const message = repeat ? fromHex(repeat[0].repeat(repeat[1])) : fromHex(msg);
    assert.equal(toHex(own.sm3.sm3(message)), digest, name);
  }
});

test("SM2 accepts what was signed and refuses every change", () => {
  for (const it of vectors.sm2.sign) {
    const fits = /^[0-9a-f]{64}$/.test(it.r ?? "") && /^[0-9a-f]{64}$/.test(it.s ?? "");
    if (!fits) continue;
    const signature = fromHex(it.r + it.s);
    const id = it.id === undefined ? undefined : fromHex(it.id);
    const said = own.sm2.verify(fromHex(it.public_key), fromHex(it.msg), signature, id);
    assert.equal(said, it.valid, it.name);
  }
});

test("inclusion and consistency agree with transparency-dev on every case", async () => {
  const { inclusion, consistency } = merkle.transparency_dev_merkle_testdata;
  for (const it of inclusion) {
    const path = (it.proof ?? []).map(fromBase64);
    const leaf = fromBase64(it.leafHash);
    const root =
      leaf.length === 32
        ? await own.merkle.rootFromInclusion(sha256, it.leafIdx, it.treeSize, leaf, path)
        : undefined;
    const good = root !== undefined && own.merkle.same(root, fromBase64(it.root));
    assert.equal(good, !it.wantErr, it.file);
  }
  for (const it of consistency) {
    const path = (it.proof ?? []).map(fromBase64);
    const roots = [fromBase64(it.root1), fromBase64(it.root2)];
    const good = await own.merkle.consistent(sha256, it.size1, it.size2, ...roots, path);
    assert.equal(good, !it.wantErr, it.file);
  }
});

test("inclusion and consistency hold in the SM3 tree", async () => {
  const { roots, inclusion, consistency } = merkle.generated.sm3;
  for (const { index, size, path } of inclusion) {
    const data = new TextEncoder().encode(`事件${index}`);
    const leaf = await own.merkle.leafHash(own.sm3.sm3, data);
    const steps = path.map(fromHex);
    const root = await own.merkle.rootFromInclusion(own.sm3.sm3, index, size, leaf, steps);
    assert.equal(toHex(root), roots[size], `${index} of ${size}`);
  }
  for (const { old, new: fresh, proof } of consistency) {
    const pair = [fromHex(roots[old]), fromHex(roots[fresh])];
    const steps = proof.map(fromHex);
    const { consistent } = own.merkle;
    assert.ok(await consistent(own.sm3.sm3, old, fresh, ...pair, steps), `${old} → ${fresh}`);
    assert.ok(
      !(await consistent(own.sm3.sm3, old, fresh, pair[1], pair[0], steps)) || old === fresh,
    );
  }
});

const PROOFS = ["sm3-sm2", "sha256-ed25519"].map((suite) =>
  readFileSync(join(WEB, `../tools/testdata/proof-${suite}.json`), "utf8"),
);
const SEALED = PROOFS[0];
const outcome = async (text, key = "") =>
  (await own.verify.verifyProof(text, key)).filter((step) => !step.good).map((s) => s.reason);
const changed = (change) => {
  const proof = JSON.parse(SEALED);
  change(proof);
  return JSON.stringify(proof);
};

test("the proofs that the house sealed hold, whatever their white space", async () => {
  const steps = await own.verify.verifyProof(SEALED, "");
  const lines = JSON.parse(SEALED).lines.map(() => "line");
  assert.deepEqual(
    steps.map((s) => s.code),
    ["proof", "signature", ...lines],
  );
  for (const proof of PROOFS) assert.deepEqual(await outcome(proof), []);
  assert.deepEqual(await outcome(changed(() => {})), []);
  assert.deepEqual(await outcome(SEALED, `${JSON.parse(SEALED).key}\n`), []);
});

test("any change in a line, a path or the checkpoint is named", async () => {
  const cases = [
    ["root", (proof) => (proof.lines[1].line.kind = "removed")],
    ["root", (proof) => (proof.lines[0].line.at += 1)],
    ["root", (proof) => (proof.lines[0].path[0] = "0".repeat(64))],
    ["path", (proof) => proof.lines[0].path.pop()],
    ["path", (proof) => (proof.lines[0].position = 10)],
    ["path", (proof) => (proof.lines[0].line.amount = 0.5)],
    ["signature", (proof) => (proof.checkpoint = proof.checkpoint.replace("time=20", "time=21"))],
    ["unsigned", (proof) => (proof.checkpoint = proof.checkpoint.replace("— hall", "— mall"))],
    ["unreadable", (proof) => (proof.checkpoint = proof.checkpoint.replace("\n11\n", "\n011\n"))],
    ["unreadable", (proof) => (proof.format = "qingchuang-proof/9")],
    ["unreadable", (proof) => (proof.lines[0].line = null)],
    ["empty", (proof) => (proof.lines = [])],
    [
      "key",
      (proof) => (proof.key = proof.key.replace(/\+(.)/, (_, it) => `+${it === "0" ? 1 : 0}`)),
    ],
    ["gap", (proof) => proof.lines.splice(2, 1)],
    ["gap", (proof) => proof.lines.shift()],
  ];
  for (const [reason, change] of cases) {
    assert.ok((await outcome(changed(change))).includes(reason), `${reason}: ${change}`);
  }
  for (const text of ["", "{", "[]", "null", "7", '{"format":"qingchuang-proof/1"}']) {
    assert.deepEqual(await outcome(text), ["unreadable"]);
  }
});

test("a proof signed by another key than the reader's is not believed", async () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const key = Buffer.concat([Buffer.of(1), raw]);
  const name = JSON.parse(SEALED).key.split("+")[0];
  const hint = toHex(sha256(Buffer.concat([Buffer.from(`${name}\n`), key])).slice(0, 4));
  assert.deepEqual(await outcome(SEALED, `${name}+${hint}+${key.toString("base64")}`), [
    "unsigned",
  ]);
});

test("an Ed25519 checkpoint over a SHA-256 tree holds, and not with a changed line", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const key = Buffer.concat([Buffer.of(1), raw]);
  const hint = sha256(Buffer.concat([Buffer.from("hall\n"), key])).slice(0, 4);
  const line = { kind: "opened", record: "case_1", revision: 1 };
  const leaf = (it) => sha256(Buffer.from(`\0${own.canonical.canonical(it)}`));
  const root = Buffer.from(leaf(line)).toString("base64");
  const body = `hall\n1\n${root}\ntime=2026-11-23T00:00:00.000000Z suite=sha256-ed25519\n`;
  const signature = Buffer.concat([hint, sign(null, Buffer.from(body), privateKey)]);
  const proof = {
    format: "qingchuang-proof/1",
    key: `hall+${toHex(hint)}+${key.toString("base64")}`,
    checkpoint: `${body}\n— hall ${signature.toString("base64")}\n`,
    lines: [{ position: 0, path: [], line }],
  };
  assert.deepEqual(await outcome(JSON.stringify(proof)), []);
  line.revision = 2;
  assert.deepEqual(await outcome(JSON.stringify(proof)), ["root"]);
});

test("canonical JSON sorts by UTF-16 and refuses what the house would not seal", () => {
  const { canonical } = own.canonical;
  assert.equal(
    canonical({ b: [1, "é\n"], "": null, "\u{1f600}": true, "\ufb33": 2 }),
    '{"":null,"b":[1,"é\\n"],"\u{1f600}":true,"\ufb33":2}',
  );
  for (const value of [0.5, 2 ** 53, Number.NaN, undefined, ["\ud800"]]) {
    assert.equal(canonical(value), undefined);
  }
});
