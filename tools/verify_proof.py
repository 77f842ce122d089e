#!/usr/bin/env python3
"""Checks a proof of Qingchuang 清窗 offline, with Python 3.8+ and nothing else.

    python3 verify_proof.py PROOF.json [--key "name+hint+key"]

A proof says: these lines are in the hall's ledger, and the hall signed that ledger. This script
recomputes both from the bytes of the proof and a public key, and sees that of every record no step
between the first and the last is left out. Give the key that you trust, say from
a notice board, with --key; without it the proof's own key is used, which shows only that the proof
agrees with itself. Prints OK and exits 0, or prints what is wrong and exits 1; 2 for wrong usage.

Written apart from the hall's program, from RFC 6962 (tree), RFC 8785 (canonical JSON), RFC 8032
(Ed25519), GB/T 32905 (SM3), GB/T 32918.2 (SM2) and the description of the format, so that one
mistake cannot hide in all verifiers. Deliberately absent: any network, any secret, any speed.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys

FORMAT = "qingchuang-proof/1"
INTEGER_MAX = 2**53 - 1


class Wrong(Exception):
    """Something in the proof is not as it must be."""


# SM3 (GB/T 32905)

SM3_START = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)


def rotate(word, by):
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def sm3_block(state, block):
    words = [int.from_bytes(block[at:at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ rotate(words[at - 3], 15)
        mixed ^= rotate(mixed, 15) ^ rotate(mixed, 23)
        words.append(mixed ^ rotate(words[at - 13], 7) ^ words[at - 6])
    a, b, c, d, e, f, g, h = state
    for at in range(64):
        constant = 0x79CC4519 if at < 16 else 0x7A879D8A
        first = rotate((rotate(a, 12) + e + rotate(constant, at)) & 0xFFFFFFFF, 7)
        second = first ^ rotate(a, 12)
        if at < 16:
            one, two = a ^ b ^ c, e ^ f ^ g
        else:
            one, two = (a & b) | (a & c) | (b & c), (e & f) | (~e & g & 0xFFFFFFFF)
        one = (one + d + second + (words[at] ^ words[at + 4])) & 0xFFFFFFFF
        two = (two + h + first + words[at]) & 0xFFFFFFFF
        a, b, c, d = one, a, rotate(b, 9), c
        e, f, g, h = two ^ rotate(two, 9) ^ rotate(two, 17), e, rotate(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))


def sm3(message):
    bits = len(message) * 8
    padded = message + b"\x80" + b"\0" * ((55 - len(message)) % 64) + bits.to_bytes(8, "big")
    state = SM3_START
    for at in range(0, len(padded), 64):
        state = sm3_block(state, padded[at:at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def sha256(message):
    return hashlib.sha256(message).digest()


# SM2 signatures (GB/T 32918.2, curve of GB/T 32918.5); None is the point at infinity

SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
SM2_ID = b"1234567812345678"


def sm2_add(one, two):
    if one is None:
        return two
    if two is None:
        return one
    (x1, y1), (x2, y2) = one, two
    if x1 == x2:
        if (y1 + y2) % SM2_P == 0:
            return None
        slope = (3 * x1 * x1 + SM2_A) * pow(2 * y1, SM2_P - 2, SM2_P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, SM2_P - 2, SM2_P)
    x3 = (slope * slope - x1 - x2) % SM2_P
    return x3, (slope * (x1 - x3) - y1) % SM2_P


def sm2_times(scalar, point):
    result = None
    while scalar:
        if scalar & 1:
            result = sm2_add(result, point)
        point = sm2_add(point, point)
        scalar >>= 1
    return result


def sm2_is_signed(key, message, signature):
    """Whether `signature` (r‖s) over `message` is by `key` (04‖x‖y)."""
    if len(key) != 65 or key[0] != 4 or len(signature) != 64:
        return False
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    if SM2_P <= x or SM2_P <= y or (y * y - x * x * x - SM2_A * x - SM2_B) % SM2_P:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < SM2_N and 0 < s < SM2_N) or (r + s) % SM2_N == 0:
        return False
    numbers = (SM2_A, SM2_B) + SM2_G
    about = (len(SM2_ID) * 8).to_bytes(2, "big") + SM2_ID
    about += b"".join(number.to_bytes(32, "big") for number in numbers) + key[1:]
    digest = int.from_bytes(sm3(sm3(about) + message), "big")
    point = sm2_add(sm2_times(s, SM2_G), sm2_times((r + s) % SM2_N, (x, y)))
    return point is not None and (digest + point[0]) % SM2_N == r


# Ed25519 signatures (RFC 8032 §5.1), in affine coordinates: short rather than quick

ED_P = 2**255 - 19
ED_L = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, ED_P - 2, ED_P) % ED_P


def ed_add(one, two):
    (x1, y1), (x2, y2) = one, two
    product = ED_D * x1 * x2 * y1 * y2
    x3 = (x1 * y2 + x2 * y1) * pow(1 + product, ED_P - 2, ED_P)
    y3 = (y1 * y2 + x1 * x2) * pow(1 - product, ED_P - 2, ED_P)
    return x3 % ED_P, y3 % ED_P


def ed_times(scalar, point):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = ed_add(result, point)
        point = ed_add(point, point)
        scalar >>= 1
    return result


def ed_point(text):
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if ED_P <= y:
        return None
    square = (y * y - 1) * pow(ED_D * y * y + 1, ED_P - 2, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    if (x * x - square) % ED_P:
        x = x * pow(2, (ED_P - 1) // 4, ED_P) % ED_P
    if (x * x - square) % ED_P or (x == 0 and sign):
        return None
    return (ED_P - x if x & 1 != sign else x), y


ED_G = ed_point((4 * pow(5, ED_P - 2, ED_P) % ED_P).to_bytes(32, "little"))


def ed25519_is_signed(key, message, signature):
    """Whether `signature` over `message` is by `key`."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = ed_point(key), ed_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or ED_L <= scalar:
        return False
    challenge = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(challenge, "little") % ED_L
    return ed_times(scalar, ED_G) == ed_add(commitment, ed_times(challenge, public))


# Canonical JSON (RFC 8785); floating-point numbers do not occur in the ledger and are refused

SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def canonical_text(text):
    def escaped(character):
        code = ord(character)
        if 0xD800 <= code <= 0xDFFF:
            raise Wrong("a text holds half a character")
        return SHORT.get(code) or (character if 32 <= code else "\\u%04x" % code)

    return '"' + "".join(map(escaped, text)) + '"'


def canonical(value):
    """The one way to write a JSON value."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if INTEGER_MAX < abs(value):
            raise Wrong("the integer %d is outside ±(2^53 − 1)" % value)
        return str(value)
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        pairs = (canonical_text(key) + ":" + canonical(value[key]) for key in keys)
        return "{" + ",".join(pairs) + "}"
    raise Wrong("a floating-point number has no place in a sealed value")


# The Merkle tree (RFC 6962 §2.1)

def root_from(hashed, position, size, leaf, path):
    """The root that `leaf` at `position` and its path lead to, in a tree of `size` leaves."""
    if not 0 <= position < size:
        raise Wrong("the position lies beyond the tree")
    node, last = leaf, size - 1
    for step in path:
        if last == 0:
            raise Wrong("the path is too long")
        if position & 1 or position == last:
            node = hashed(b"\x01" + step + node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = hashed(b"\x01" + node + step)
        position, last = position >> 1, last >> 1
    if last:
        raise Wrong("the path is too short")
    return node


# Keys and checkpoints

SUITES = {"sm3-sm2": sm3, "sha256-ed25519": sha256}
SM2_KIND = b"\xffqingchuang/sm2-sm3"
CHECKPOINT = re.compile(
    r"([^\x00-\x1f\x7f-\x9f]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n"
    r"time=([0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}\.[0-9]{6}Z) "
    r"suite=(sm3-sm2|sha256-ed25519)\n"
    r"\n((?:\u2014 [^ \n]+ [A-Za-z0-9+/=]+\n)+)"
)


def decoded(text):
    try:
        plain = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("%r is not base64" % text) from None
    if base64.b64encode(plain).decode() != text:
        raise Wrong("%r is base64 written in an unusual way" % text)
    return plain


def read_key(line):
    """A key line `name+hint+key`: name, hint, and what says whether a signature is by it."""
    parts = line.strip().split("+", 2)
    if len(parts) != 3 or not parts[0] or re.search(r"\s", parts[0]):
        raise Wrong("the key is not of the form name+hint+key")
    name, hint, kind_and_key = parts[0], parts[1], decoded(parts[2])
    if kind_and_key.startswith(SM2_KIND):
        hashed, is_signed, key = sm3, sm2_is_signed, kind_and_key[len(SM2_KIND):]
    elif kind_and_key.startswith(b"\x01"):
        hashed, is_signed, key = sha256, ed25519_is_signed, kind_and_key[1:]
    else:
        raise Wrong("the key is of a kind that this script does not know")
    expected = hashed(name.encode() + b"\n" + kind_and_key)[:4]
    if hint != expected.hex():
        raise Wrong("the key does not fit its hint: it was copied wrongly")
    return name, expected, lambda message, signature: is_signed(key, message, signature)


def read_checkpoint(text):
    """A signed checkpoint: its body, size, root, hash function and signature lines."""
    match = CHECKPOINT.fullmatch(text)
    if not match:
        raise Wrong("the checkpoint is not in the format")
    root = decoded(match[3])
    signatures = []
    for line in match[6].splitlines():
        _, name, encoded = line.split(" ")
        signatures.append((name, decoded(encoded)))
    return text[:match.start(6) - 1].encode(), int(match[2]), root, SUITES[match[5]], signatures


def check_signature(body, signatures, key):
    name, hint, is_signed = key
    own = [bytes_ for signer, bytes_ in signatures if signer == name and bytes_[:4] == hint]
    if not own:
        raise Wrong("the checkpoint bears no signature by the key of %s" % name)
    if not all(is_signed(body, bytes_[4:]) for bytes_ in own):
        raise Wrong("the signature of the checkpoint is wrong")


# The proof

def no_twin(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Wrong("a name stands twice in one JSON object")
    return dict(pairs)


def read_proof(text):
    try:
        proof = json.loads(text, object_pairs_hook=no_twin)
    except (ValueError, RecursionError) as error:
        raise Wrong("this is not JSON: %s" % error) from None
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise Wrong("this is not a proof in the format %s" % FORMAT)
    texts = all(isinstance(proof.get(name), str) for name in ("key", "checkpoint"))
    if not texts or not isinstance(proof.get("lines"), list):
        raise Wrong("the proof lacks key, checkpoint or lines")
    if not proof["lines"]:
        raise Wrong("the proof holds no line: fetch it again when the ledger was sealed")
    return proof


def check_line(proven, size, root, hashed):
    if not isinstance(proven, dict) or not isinstance(proven.get("line"), dict):
        raise Wrong("it is not a line")
    position, path = proven.get("position"), proven.get("path")
    if not isinstance(position, int) or isinstance(position, bool) or not isinstance(path, list):
        raise Wrong("its position or path cannot be read")
    if not all(isinstance(step, str) and re.fullmatch("[0-9a-f]{64}", step) for step in path):
        raise Wrong("its path is not a list of hashes")
    leaf = hashed(b"\0" + canonical(proven["line"]).encode())
    steps = [bytes.fromhex(step) for step in path]
    if root_from(hashed, position, size, leaf, steps) != root:
        raise Wrong("it or its path was changed: the computed root differs")


def next_revision(known, proven):
    """The record of a line and the revision that comes next in it."""
    line = proven.get("line") if isinstance(proven, dict) else None
    record = line.get("record") if isinstance(line, dict) else None
    record = record if isinstance(record, str) else ""
    return record, known.get(record, 0) + 1


def check(text, trusted_key=None):
    """Everything that is wrong with a proof, as a list of sentences."""
    try:
        proof = read_proof(text)
        body, size, root, hashed, signatures = read_checkpoint(proof["checkpoint"])
        check_signature(body, signatures, read_key(trusted_key or proof["key"]))
    except Wrong as wrong:
        return [str(wrong)]
    problems, known = [], {}
    for number, proven in enumerate(proof["lines"], 1):
        record, expected = next_revision(known, proven)
        known[record] = expected
        try:
            check_line(proven, size, root, hashed)
            revision = proven["line"].get("revision")
            known[record] = revision if type(revision) is int else expected
            if revision != expected or not record:
                raise Wrong("a step is missing before it: revision %d of %s" % (expected, record))
        except (Wrong, RecursionError) as wrong:
            problems.append("line %d of the proof: %s" % (number, wrong))
    return problems


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a proof of Qingchuang offline.")
    parser.add_argument("proof", help="the file with the proof")
    parser.add_argument("--key", help="the hall's public key: name+hint+key")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.proof, encoding="utf-8") as file:
            problems = check(file.read(), asked.key)
    except (OSError, UnicodeDecodeError) as error:
        problems = ["the file cannot be read: %s" % error]
    for problem in problems:
        print(problem)
    if not problems:
        print("OK")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
