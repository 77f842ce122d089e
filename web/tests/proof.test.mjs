// The browser's verifier against published vectors, the house's own checkpoints and lies.
// The TypeScript is bundled in memory, so what is tested is what the page loads.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
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
  const all = ["sm3", "sm2", "merkle", "checkpoint", "verify"];
  const contents = all.map((name) => `export * as ${name} from "./src/${name}.ts";`).join("\n");
  const built = await build({
    stdin: { contents, resolveDir: WEB }, bundle: true, write: false, format: "esm",
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
    const root = leaf.length === 32
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
    assert.ok(!(await consistent(own.sm3.sm3, old, fresh, pair[1], pair[0], steps)) || old === fresh);
  }
});
