// SM2 signature verification 椭圆曲线签名验证 (GB/T 32918.2-2016 §7) with plain integers. Only public
// values pass through here, so time may depend on them. Deliberately absent: signing, keys, any
// other curve.
import { sm3 } from "./sm3.js";

const P = BigInt("0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff");
const A = P - 3n;
const B = BigInt("0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93");
const N = BigInt("0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
const G: Point = {
  x: BigInt("0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"),
  y: BigInt("0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"),
};
/** The signer's identity where none is agreed: "1234567812345678" (GM/T 0009-2012 §10). */
export const DEFAULT_ID = new TextEncoder().encode("1234567812345678");

interface Point {
  x: bigint;
  y: bigint;
}
type Sum = Point | null;

/** Whether `signature` (r ‖ s, 64 bytes) over `message` was made by the holder of `key`
 * (0x04 ‖ x ‖ y, 65 bytes). Anything malformed is false. */
export function verify(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  id: Uint8Array = DEFAULT_ID,
): boolean {
  if (key.length !== 65 || key[0] !== 4 || signature.length !== 64) return false;
  const point = { x: number(key.subarray(1, 33)), y: number(key.subarray(33)) };
  if (!onCurve(point)) return false;
  const r = number(signature.subarray(0, 32));
  const s = number(signature.subarray(32));
  if (r < 1n || N <= r || s < 1n || N <= s) return false;
  const t = (r + s) % N;
  if (t === 0n) return false;
  const e = number(sm3(join(sm3(identity(id, point)), message)));
  const sum = add(multiply(G, s), multiply(point, t));
  return sum !== null && (e + sum.x) % N === r;
}

/** Bytes one after another. */
export function join(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** What Z hashes: the identity's length in bits, the identity, the curve, the key. */
function identity(id: Uint8Array, key: Point): Uint8Array {
  const bits = id.length * 8;
  const length = Uint8Array.of(bits >> 8, bits & 0xff);
  return join(length, id, ...[A, B, G.x, G.y, key.x, key.y].map(bytes));
}

function number(from: Uint8Array): bigint {
  return from.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytes(value: bigint): Uint8Array {
  const out = new Uint8Array(32);
  for (let at = 31, rest = value; 0 <= at; at -= 1, rest >>= 8n) out[at] = Number(rest & 0xffn);
  return out;
}

const mod = (value: bigint) => ((value % P) + P) % P;

function onCurve({ x, y }: Point): boolean {
  return x < P && y < P && mod(y * y - (x * x * x + A * x + B)) === 0n;
}

/** 1 / value modulo p, by the extended Euclidean algorithm. */
function inverse(value: bigint): bigint {
  let [low, high, a, b] = [mod(value), P, 1n, 0n];
  while (1n < low) {
    const ratio = high / low;
    [low, high, a, b] = [high - ratio * low, low, b - ratio * a, a];
  }
  return mod(a);
}

function add(left: Sum, right: Sum): Sum {
  if (left === null) return right;
  if (right === null) return left;
  let slope: bigint;
  if (left.x === right.x) {
    if (left.y !== right.y || left.y === 0n) return null;
    slope = mod((3n * left.x * left.x + A) * inverse(2n * left.y));
  } else {
    slope = mod((right.y - left.y) * inverse(right.x - left.x));
  }
  const x = mod(slope * slope - left.x - right.x);
  return { x, y: mod(slope * (left.x - x) - left.y) };
}

function multiply(point: Point, by: bigint): Sum {
  let sum: Sum = null;
  let doubled: Sum = point;
  for (let rest = by; 0n < rest; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
}
