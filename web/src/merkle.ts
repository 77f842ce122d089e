// Inclusion and consistency in a Merkle tree 默克尔树 (RFC 9162 §2.1.3.2, §2.1.4.2), over any hash.
// Deliberately absent: building a tree.
import { join } from "./sm2.js";

/** A hash of 32 bytes: SM3 here at once, SHA-256 by the browser in its own time. */
export type Hash = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** H(0x00 ‖ data). */
export const leafHash = async (hash: Hash, data: Uint8Array) => hash(join(LEAF, data));

const nodeHash = async (hash: Hash, left: Uint8Array, right: Uint8Array) =>
  hash(join(NODE, left, right));

/** The root that leaf `index` of a tree of `size` leaves leads to along `path`; undefined when
 * the path does not fit the place. */
export async function rootFromInclusion(
  hash: Hash,
  index: number,
  size: number,
  leaf: Uint8Array,
  path: Uint8Array[],
): Promise<Uint8Array | undefined> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return undefined;
  if (index < 0 || size <= index || path.some((step) => step.length !== 32)) return undefined;
  let [at, last, root] = [index, size - 1, leaf];
  for (const step of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = await nodeHash(hash, step, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      root = await nodeHash(hash, root, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** Whether the tree of `size2` leaves with `root2` begins with the tree of `size1` and `root1`. */
export async function consistent(
  hash: Hash,
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  path: Uint8Array[],
): Promise<boolean> {
  if (!Number.isSafeInteger(size1) || !Number.isSafeInteger(size2)) return false;
  if (size1 < 1 || size2 < size1) return false;
  if (size1 === size2) return path.length === 0 && same(root1, root2);
  const steps = isPowerOfTwo(size1) ? [root1, ...path] : path;
  const [first, ...rest] = steps;
  if (!first || path.length === 0) return false;
  let [at, last] = [size1 - 1, size2 - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, fresh] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = await nodeHash(hash, step, old);
      fresh = await nodeHash(hash, step, fresh);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      fresh = await nodeHash(hash, fresh, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(old, root1) && same(fresh, root2);
}

/** Whether two byte strings are equal. */
export function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

// Sizes may exceed 32 bits, so no bit operators here.
const half = (value: number) => Math.floor(value / 2);

function isPowerOfTwo(value: number): boolean {
  const log = Math.log2(value);
  return log === Math.floor(log) && 2 ** log === value;
}
