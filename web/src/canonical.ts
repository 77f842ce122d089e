// Canonical JSON (RFC 8785) as the house seals it: sorted keys, no white space, whole numbers only.
// Deliberately absent: fractions and numbers beyond 2^53, which the house refuses to seal.

const DEPTH_MAX = 128;

/** The canonical text of a value; undefined when it has none. */
export function canonical(value: unknown, depth = 0): string | undefined {
  if (DEPTH_MAX < depth) return undefined;
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value === "string") return value.isWellFormed?.() === false ? undefined : quote(value);
  if (Array.isArray(value))
    return all(
      "[",
      value.map((item) => canonical(item, depth + 1)),
      "]",
    );
  if (typeof value !== "object") return undefined;
  const record = value as Record<string, unknown>;
  // The default order of sort is by UTF-16 code units, as the standard asks.
  const members = Object.keys(record)
    .sort()
    .map((key) => {
      const text = canonical(record[key], depth + 1);
      return text === undefined ? undefined : `${quote(key)}:${text}`;
    });
  return all("{", members, "}");
}

// ECMAScript's own quoting is what the standard prescribes.
const quote = (text: string) => JSON.stringify(text);

function all(open: string, parts: (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : open + parts.join(",") + close;
}
