"""The rules of the offline verifier: published vectors, the hall's own proofs, and tampered ones.

Run with `python3 -m unittest discover -s tools`. The proofs in testdata come from the tests of the
crate `supervision`.
"""

import json
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

import verify_proof as verifier  # noqa: E402

PROOFS = {suite: (HERE / "testdata" / ("proof-%s.json" % suite)).read_text(encoding="utf-8")
          for suite in verifier.SUITES}


def changed(text, change):
    proof = json.loads(text)
    change(proof)
    return json.dumps(proof, ensure_ascii=False)


class Primitives(unittest.TestCase):
    def test_sm3_gives_the_examples_of_the_standard(self):
        short = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        long = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        self.assertEqual(verifier.sm3(b"abc").hex(), short)
        self.assertEqual(verifier.sm3(b"abcd" * 16).hex(), long)

    def test_ed25519_accepts_the_first_vector_of_rfc_8032_and_no_other_message(self):
        key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        signature = bytes.fromhex(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88215"
            "90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        )
        self.assertTrue(verifier.ed25519_is_signed(key, b"", signature))
        self.assertFalse(verifier.ed25519_is_signed(key, b"x", signature))

    def test_canonical_json_sorts_by_utf_16_and_escapes_only_what_must_be(self):
        value = {"\ufb33": [True, None], "\U0001f600": -5, "a": "\u2028\"\\\n\x01\x7f"}
        expected = '{"a":"\u2028\\"\\\\\\n\\u0001\x7f","\U0001f600":-5,"\ufb33":[true,null]}'
        self.assertEqual(verifier.canonical(value), expected)
        for wrong in (1.0, 2**53, "\ud800"):
            with self.assertRaises(verifier.Wrong):
                verifier.canonical(wrong)

    def test_a_path_leads_to_the_root_for_every_leaf_of_small_trees(self):
        hashed = verifier.sha256
        for size in range(1, 18):
            leaves = [hashed(b"\0%d" % number) for number in range(size)]
            for position in range(size):
                path = inclusion(leaves, position)
                found = verifier.root_from(hashed, position, size, leaves[position], path)
                self.assertEqual(found, root(leaves))
                for wrong in (path + [leaves[0]], path[:-1] if path else [leaves[0]]):
                    with self.assertRaises(verifier.Wrong):
                        verifier.root_from(hashed, position, size, leaves[position], wrong)


def split(count):
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    left = split(len(leaves))
    return verifier.sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:]))


def inclusion(leaves, position):
    if len(leaves) == 1:
        return []
    left = split(len(leaves))
    if position < left:
        return inclusion(leaves[:left], position) + [root(leaves[left:])]
    return inclusion(leaves[left:], position - left) + [root(leaves[:left])]


class Proofs(unittest.TestCase):
    def test_the_halls_own_proofs_hold_with_and_without_a_key(self):
        for text in PROOFS.values():
            self.assertEqual(verifier.check(text), [])
            self.assertEqual(verifier.check(text, json.loads(text)["key"]), [])

    def test_any_change_of_a_line_or_its_path_is_told(self):
        def line(proof):
            return proof["lines"][1]

        changes = [
            lambda proof: line(proof)["line"].update(kind="removed"),
            lambda proof: line(proof)["line"].update(at=line(proof)["line"]["at"] + 1),
            lambda proof: line(proof).update(position=line(proof)["position"] ^ 1),
            lambda proof: line(proof).update(position=10**9),
            lambda proof: line(proof)["path"].pop(),
            lambda proof: line(proof)["path"].reverse(),
            lambda proof: line(proof)["path"].append("00" * 32),
            lambda proof: line(proof).update(path="no list"),
            lambda proof: line(proof)["line"].update(extra=0.5),
        ]
        for text in PROOFS.values():
            for change in changes:
                problems = verifier.check(changed(text, change))
                self.assertEqual(len(problems), 1, problems)
                self.assertTrue(problems[0].startswith("line 2 of the proof: "), problems)

    def test_a_step_that_is_left_out_of_a_record_is_told_once(self):
        for text in PROOFS.values():
            records = [line["line"]["record"] for line in json.loads(text)["lines"]]
            self.assertEqual(len(set(records)), 2, "a matter is more than one record")
            for left_out, told in ((0, 1), (2, 1), (5, 0)):
                problems = verifier.check(changed(text, lambda proof: proof["lines"].pop(left_out)))
                self.assertEqual(len(problems), told, problems)
                self.assertTrue(all("a step is missing" in one for one in problems), problems)

    def test_any_change_of_the_checkpoint_or_its_key_is_told(self):
        keys = [json.loads(text)["key"] for text in PROOFS.values()]
        for text, stranger in zip(PROOFS.values(), reversed(keys)):
            said = json.loads(text)["checkpoint"]
            for old, new in (("time=20", "time=21"), ("\n11\n", "\n12\n"), ("hall", "hell")):
                self.assertIn(old, said)
                forged = changed(text, lambda proof: proof.update(
                    checkpoint=said.replace(old, new, 1)))
                self.assertEqual(len(verifier.check(forged)), 1)
            self.assertEqual(len(verifier.check(text, stranger)), 1)
            self.assertEqual(len(verifier.check(text, "not a key")), 1)

    def test_what_is_no_proof_is_told_and_never_a_crash(self):
        whole = PROOFS["sm3-sm2"]
        texts = ["", "[]", "{}", "null", whole[:500], "[" * 100000, '{"a":1,"a":2}',
                 changed(whole, lambda proof: proof.update(lines=[])),
                 changed(whole, lambda proof: proof.update(lines=[7])),
                 changed(whole, lambda proof: proof.update(checkpoint=""))]
        for text in texts:
            self.assertEqual(len(verifier.check(text)), 1, text[:40])

    def test_the_command_prints_ok_or_what_is_wrong_and_says_so_in_its_exit(self):
        def run(*words):
            command = [sys.executable, str(HERE / "verify_proof.py"), *words]
            return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

        good = run(str(HERE / "testdata" / "proof-sm3-sm2.json"))
        self.assertEqual((good.returncode, good.stdout), (0, "OK\n"))
        self.assertEqual(run(str(HERE / "no-such-file")).returncode, 1)
        self.assertEqual(run().returncode, 2)


if __name__ == "__main__":
    unittest.main()
