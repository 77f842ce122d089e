//! The tree against the answer keys of RFC 6962 and transparency-dev.

use base64ct::{Base64, Encoding as _};
use serde_json::Value;

use super::{digest, items, merkle_proofs::Shelf, merkle_vectors, text, unhex};
use crate::{
    Digest32, Suite, hash,
    merkle::{InvalidProof, leaf_hash, verify_consistency, verify_inclusion},
};

const SHA: Suite = Suite::International;

#[test]
fn the_reference_tree_of_certificate_transparency_has_its_roots() {
    let vectors = merkle_vectors();
    let mut shelf = Shelf::new(SHA);
    let leaves = items(&vectors, "/ct_reference_tree/leaves_hex");
    let roots = items(&vectors, "/ct_reference_tree/roots_hex_by_size_1_to_8");
    for (leaf, root) in leaves.iter().zip(roots) {
        shelf.push(&[leaf_hash(SHA, &unhex(leaf.as_str().unwrap()))]);
        assert_eq!(shelf.appender.root().to_string(), root.as_str().unwrap());
    }
    assert_eq!(shelf.appender.size(), 8);
}

#[test]
fn generated_trees_of_both_suites_have_their_roots_and_proofs() {
    let vectors = merkle_vectors();
    for (name, suite) in [("sha256", SHA), ("sm3", Suite::ShangMi)] {
        let tree = &vectors["generated"][name];
        let roots: Vec<_> = items(tree, "/roots")
            .iter()
            .map(|root| digest(root.as_str().unwrap()))
            .collect();
        let mut shelf = Shelf::new(suite);
        assert_eq!(shelf.appender.root(), roots[0]);
        for (at, root) in roots.iter().enumerate().skip(1) {
            shelf.push(&[leaf_hash(suite, format!("事件{}", at - 1).as_bytes())]);
            assert_eq!(shelf.appender.root(), *root);
        }
        let prover = shelf.prover();
        for (size, root) in roots.iter().enumerate() {
            assert_eq!(prover.root(size as u64).unwrap(), *root);
        }
        for case in items(tree, "/inclusion") {
            let (index, size) = (number(case, "index"), number(case, "size"));
            let expected = hex_proof(case, "path");
            assert_eq!(prover.inclusion(index, size).unwrap(), expected);
            let leaf = leaf_hash(suite, format!("事件{index}").as_bytes());
            let root = &roots[size as usize];
            verify_inclusion(suite, index, size, &leaf, &expected, root).unwrap();
        }
        for case in items(tree, "/consistency") {
            let (old, new) = (number(case, "old"), number(case, "new"));
            let expected = hex_proof(case, "proof");
            assert_eq!(prover.consistency(old, new).unwrap(), expected);
            let (old_root, new_root) = (&roots[old as usize], &roots[new as usize]);
            verify_consistency(suite, old, new, old_root, new_root, &expected).unwrap();
        }
    }
}

#[test]
fn all_inclusion_cases_of_transparency_dev_are_judged_alike() {
    let vectors = merkle_vectors();
    let cases = items(&vectors, "/transparency_dev_merkle_testdata/inclusion");
    assert_eq!(cases.len(), 98);
    for case in cases {
        let verdict = || -> Option<()> {
            let (leaf, root) = (base64(&case["leafHash"])?, base64(&case["root"])?);
            let (index, size) = (number(case, "leafIdx"), number(case, "treeSize"));
            verify_inclusion(SHA, index, size, &leaf, &proof(case)?, &root).ok()
        };
        let wanted = case["wantErr"] == Value::Bool(false);
        assert_eq!(
            verdict().is_some(),
            wanted,
            "{}: {}",
            text(case, "file"),
            text(case, "desc")
        );
    }
}

#[test]
fn all_consistency_cases_of_transparency_dev_are_judged_alike() {
    let vectors = merkle_vectors();
    let cases = items(&vectors, "/transparency_dev_merkle_testdata/consistency");
    assert_eq!(cases.len(), 98);
    let mut vacuous = Vec::new();
    for case in cases {
        let (old, new) = (number(case, "size1"), number(case, "size2"));
        let verdict = || -> Option<Result<(), InvalidProof>> {
            let (old_root, new_root) = (root(&case["root1"])?, root(&case["root2"])?);
            Some(verify_consistency(
                SHA,
                old,
                new,
                &old_root,
                &new_root,
                &proof(case)?,
            ))
        };
        let wanted = case["wantErr"] == Value::Bool(false);
        let verdict = verdict();
        assert_eq!(verdict == Some(Ok(())), wanted, "{}", text(case, "file"));
        let empty = case["proof"].as_array().is_none_or(Vec::is_empty);
        if old == 0 && empty && (new != 0 || case["root1"] == case["root2"]) {
            vacuous.push(text(case, "file").rsplit('/').next().unwrap());
        }
    }
    // A verifier that holds "empty is the beginning of everything" would accept exactly these.
    // transparency-dev refuses them, and so does this house.
    assert_eq!(
        vacuous,
        [
            "size1-is-zero-and-does-not-equal-size2.json",
            "size1-is-zero-and-size2-is-not-zero.json",
            "sizes-are-equal-zero-and-proof-is-empty.json",
        ]
    );
}

fn number(case: &Value, key: &str) -> u64 {
    case[key].as_u64().unwrap()
}

fn hex_proof(case: &Value, key: &str) -> Vec<Digest32> {
    case[key]
        .as_array()
        .unwrap()
        .iter()
        .map(|hash| digest(hash.as_str().unwrap()))
        .collect()
}

fn base64(value: &Value) -> Option<Digest32> {
    Digest32::try_from(Base64::decode_vec(value.as_str()?).ok()?.as_slice()).ok()
}

/// Some cases have roots that are no digests, only equal or different: a digest stands for each.
fn root(value: &Value) -> Option<Digest32> {
    let bytes = Base64::decode_vec(value.as_str()?).ok()?;
    let stand_in = || hash(SHA, &[b"stands for ".as_slice(), &bytes].concat());
    Some(Digest32::try_from(bytes.as_slice()).unwrap_or_else(|_| stand_in()))
}

fn proof(case: &Value) -> Option<Vec<Digest32>> {
    case["proof"]
        .as_array()
        .into_iter()
        .flatten()
        .map(base64)
        .collect()
}
