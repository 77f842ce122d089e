// The browser's ledger verifier 存证核验: recomputes a proof `qingchuang-proof/1` from nothing but its
// own bytes and a key line. Written apart from the house's Rust and from the Python script, so
// that one mistake cannot hide in all three. Deliberately absent: any request; it works with the
// network cut.
import { canonical } from "./canonical.js";
import { type Checkpoint, hash, hex, parseCheckpoint, parseKey, signedBy } from "./checkpoint.js";
import { leafHash, rootFromInclusion, same } from "./merkle.js";

/** One step of the check: a code, how it ended, and what was computed. */
export interface Step {
  code: "proof" | "signature" | "line";
  good: boolean;
  /** Why not, as a code: unreadable, empty, key, unsigned, signature, path, root, gap. */
  reason: string;
  value: string;
}

interface ProvenLine {
  position: number;
  path: string[];
  line: Record<string, unknown>;
}

interface Proof {
  format: string;
  key: string;
  checkpoint: string;
  lines: ProvenLine[];
}

const FORMAT = "qingchuang-proof/1";

/** Checks a proof; with an empty key line the proof's own key is used, which shows only that the
 * proof agrees with itself. Good when every step is. */
export async function verifyProof(text: string, keyLine: string): Promise<Step[]> {
  const proof = read(text);
  const checkpoint = proof && parseCheckpoint(proof.checkpoint);
  if (!proof || !checkpoint) return [bad("proof", "unreadable")];
  if (!proof.lines.length) return [bad("proof", "empty", checkpoint.time)];
  const place = `${checkpoint.origin} · ${checkpoint.size} · ${checkpoint.time}`;
  const steps: Step[] = [{ code: "proof", good: true, reason: "", value: place }];
  steps.push(await signatureStep(checkpoint, keyLine.trim() || proof.key));
  const known = new Map<string, number>();
  for (const proven of proof.lines) {
    const step = await lineStep(checkpoint, proven);
    const whole = follows(known, proven.line, step.good);
    steps.push(step.good && !whole ? bad("line", "gap", label(proven)) : step);
  }
  return steps;
}

/** Of every record the revisions run from 1 without a gap. A line that does not hold counts as the
 * next one, so that one change is told once. */
function follows(known: Map<string, number>, line: Record<string, unknown>, held: boolean) {
  const { record, revision } = line;
  const name = typeof record === "string" ? record : "";
  const next = (known.get(name) ?? 0) + 1;
  known.set(name, held && typeof revision === "number" ? revision : next);
  return !held || (revision === next && name !== "");
}

function label({ position, line }: ProvenLine): string {
  const record = String(line.record ?? "?").split("_")[0];
  return `#${position} · ${record} · ${String(line.kind ?? "?")}`;
}

function bad(code: Step["code"], reason: string, value = ""): Step {
  return { code, good: false, reason, value };
}

async function signatureStep(checkpoint: Checkpoint, keyLine: string): Promise<Step> {
  const key = await parseKey(keyLine);
  if (!key) return bad("signature", "key");
  const signed = await signedBy(checkpoint, key);
  if (signed === undefined) return bad("signature", "unsigned", key.name);
  if (!signed) return bad("signature", "signature", key.name);
  return { code: "signature", good: true, reason: "", value: key.name };
}

async function lineStep(checkpoint: Checkpoint, proven: ProvenLine): Promise<Step> {
  const place = label(proven);
  const text = canonical(proven.line);
  const path = proven.path.map(digest);
  if (text === undefined || path.includes(undefined)) return bad("line", "path", place);
  const over = (message: Uint8Array) => hash(checkpoint.suite, message);
  const leaf = await leafHash(over, new TextEncoder().encode(text));
  const steps = path as Uint8Array[];
  const root = await rootFromInclusion(over, proven.position, checkpoint.size, leaf, steps);
  if (!root) return bad("line", "path", place);
  if (!same(root, checkpoint.root)) return bad("line", "root", `${place} · ${hex(leaf)}`);
  return { code: "line", good: true, reason: "", value: `${place} · ${hex(leaf)}` };
}

function read(text: string): Proof | undefined {
  try {
    const proof = JSON.parse(text) as Proof;
    const texts = [proof.key, proof.checkpoint].every((part) => typeof part === "string");
    const fits = texts && proof.format === FORMAT && Array.isArray(proof.lines);
    return fits && proof.lines.every(isLine) ? proof : undefined;
  } catch {
    return undefined;
  }
}

function isLine(line: ProvenLine): boolean {
  const path = Array.isArray(line?.path) && line.path.every((step) => typeof step === "string");
  return (
    path && Number.isSafeInteger(line.position) && typeof line.line === "object" && !!line.line
  );
}

/** A hash in a proof: 64 hexadecimal digits. */
function digest(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
