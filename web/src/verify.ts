// The browser's ledger verifier 存证核验: recomputes a proof from nothing but its own bytes and a key
// line. Written apart from the house's Rust and from the Python script, so that one mistake cannot
// hide in all three. Deliberately absent: any request; it works with the network cut.
import { type Checkpoint, hash, hex, parseCheckpoint, parseKey, signedBy } from "./checkpoint.js";
import { base64 } from "./checkpoint.js";
import { leafHash, rootFromInclusion, same } from "./merkle.js";

/** One step of the check: a code, how it ended, and the value that was computed. */
export interface Step {
  code: "proof" | "leaf" | "root" | "signature";
  good: boolean;
  /** Why not, as a code: unreadable, other_size, path, root, key, unsigned, signature. */
  reason: string;
  value: string;
}

/** What a proof file holds; other fields are allowed and ignored. */
interface Proof {
  leaf: string;
  index: number;
  size: number;
  path: string[];
  checkpoint: string;
}

/** Checks a proof against a key line; the last step tells the outcome. */
export async function verifyProof(text: string, keyLine: string): Promise<Step[]> {
  const proof = read(text);
  const checkpoint = proof && parseCheckpoint(proof.checkpoint);
  const path = proof?.path.map(digest);
  if (!proof || !checkpoint || !path || path.includes(undefined)) {
    return [{ code: "proof", good: false, reason: "unreadable", value: "" }];
  }
  const steps: Step[] = [];
  const place = `${proof.index + 1} / ${checkpoint.size} · ${checkpoint.time}`;
  const sizeFits = proof.size === checkpoint.size;
  steps.push({ code: "proof", good: sizeFits, reason: sizeFits ? "" : "other_size", value: place });
  if (!sizeFits) return steps;
  const over = (message: Uint8Array) => hash(checkpoint.suite, message);
  const leaf = await leafHash(over, new TextEncoder().encode(proof.leaf));
  steps.push({ code: "leaf", good: true, reason: "", value: hex(leaf) });
  const root = await rootFromInclusion(over, proof.index, proof.size, leaf, path as Uint8Array[]);
  const reason = !root ? "path" : same(root, checkpoint.root) ? "" : "root";
  steps.push({ code: "root", good: reason === "", reason, value: root ? hex(root) : "" });
  if (reason === "") steps.push(await signatureStep(checkpoint, keyLine));
  return steps;
}

async function signatureStep(checkpoint: Checkpoint, keyLine: string): Promise<Step> {
  const key = await parseKey(keyLine);
  const signed = key && (await signedBy(checkpoint, key));
  const reason = !key ? "key" : signed === undefined ? "unsigned" : signed ? "" : "signature";
  return { code: "signature", good: reason === "", reason, value: key?.name ?? "" };
}

function read(text: string): Proof | undefined {
  try {
    const proof = JSON.parse(text) as Record<string, unknown>;
    const strings = typeof proof.leaf === "string" && typeof proof.checkpoint === "string";
    const numbers = Number.isSafeInteger(proof.index) && Number.isSafeInteger(proof.size);
    const path = Array.isArray(proof.path) && proof.path.every((s) => typeof s === "string");
    return strings && numbers && path ? (proof as unknown as Proof) : undefined;
  } catch {
    return undefined;
  }
}

/** A hash in a proof, as hexadecimal digits or base64. */
function digest(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  const bytes = base64(text);
  return bytes?.length === 32 ? bytes : undefined;
}
