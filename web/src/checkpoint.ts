// Reads a signed checkpoint 检查点 and checks its signatures; the format is described byte for byte
// at the head of crates/seal/src/checkpoint.rs. Deliberately absent: whom to trust; the reader
// brings the key line.
import { join, verify as verifySm2 } from "./sm2.js";
import { same } from "./merkle.js";
import { sm3 } from "./sm3.js";

/** Tree hash and signature of a ledger. */
export type Suite = "sm3-sm2" | "sha256-ed25519";

/** What a checkpoint says, with the bytes that are signed. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  time: string;
  suite: Suite;
  body: string;
  signatures: { name: string; hint: Uint8Array; signature: Uint8Array }[];
}

/** A public key that the reader trusts. */
export interface Key {
  name: string;
  suite: Suite;
  hint: Uint8Array;
  raw: Uint8Array;
}

const utf8 = new TextEncoder();
const SM2_KIND = join(Uint8Array.of(0xff), utf8.encode("qingchuang/sm2-sm3"));
const LAST_LINE = /^time=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) suite=(sm3-sm2|sha256-ed25519)$/;

/** Strict base64; undefined when the text is anything else. */
export function base64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes as hexadecimal digits. */
export const hex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The hash of a suite. */
export async function hash(suite: Suite, message: Uint8Array): Promise<Uint8Array> {
  if (suite === "sm3-sm2") return sm3(message);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", message as Uint8Array<ArrayBuffer>));
}

/** Reads a checkpoint; undefined when it is not in the format. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const split = text.indexOf("\n\n");
  if (split < 0 || !text.endsWith("\n")) return undefined;
  const body = text.slice(0, split + 1);
  const [origin, size, root, last, ...more] = body.slice(0, -1).split("\n");
  const said = LAST_LINE.exec(last ?? "");
  const rootBytes = base64(root ?? "");
  if (!origin || !said || more.length || rootBytes?.length !== 32) return undefined;
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  const signatures = [];
  for (const line of text.slice(split + 2, -1).split("\n")) {
    const parts = /^— ([^\s+]+) (\S+)$/.exec(line);
    const bytes = base64(parts?.[2] ?? "");
    if (!parts || !bytes || bytes.length < 5) return undefined;
    signatures.push({ name: parts[1], hint: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  const suite = said[2] as Suite;
  return { origin, size: Number(size), root: rootBytes, time: said[1], suite, body, signatures };
}

/** Reads a key line `name+hint+key`; undefined when it is none or its hint does not fit. */
export async function parseKey(line: string): Promise<Key | undefined> {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim());
  const bytes = base64(parts?.[3] ?? "");
  if (!parts || !bytes) return undefined;
  const isSm2 = same(bytes.slice(0, SM2_KIND.length), SM2_KIND);
  if (!isSm2 && bytes[0] !== 1) return undefined;
  const suite: Suite = isSm2 ? "sm3-sm2" : "sha256-ed25519";
  const hint = (await hash(suite, join(utf8.encode(`${parts[1]}\n`), bytes))).slice(0, 4);
  if (hex(hint) !== parts[2]) return undefined;
  return { name: parts[1], suite, hint, raw: bytes.slice(isSm2 ? SM2_KIND.length : 1) };
}

/** Whether the checkpoint bears this key's signature: undefined when no line is by it. */
export async function signedBy(checkpoint: Checkpoint, key: Key): Promise<boolean | undefined> {
  const lines = checkpoint.signatures.filter(
    (line) => line.name === key.name && same(line.hint, key.hint),
  );
  if (!lines.length) return undefined;
  const body = utf8.encode(checkpoint.body);
  for (const { signature } of lines) {
    const good =
      key.suite === "sm3-sm2"
        ? verifySm2(key.raw, body, signature)
        : await verifyEd25519(key.raw, body, signature);
    if (!good) return false;
  }
  return true;
}

async function verifyEd25519(key: Uint8Array, body: Uint8Array, signature: Uint8Array) {
  type Bytes = Uint8Array<ArrayBuffer>;
  try {
    const own = await crypto.subtle.importKey("raw", key as Bytes, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", own, signature as Bytes, body as Bytes);
  } catch {
    return false;
  }
}
