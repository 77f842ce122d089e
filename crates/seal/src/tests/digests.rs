//! SM3, HMAC-SM3, SHA-256, commitments and the text form of a digest.

use serde_json::Value;

use super::{bytes, digest, items, sm_vectors, text, unhex};
use crate::{Digest32, Hasher, Suite, commit, hash, hmac_sm3};

#[test]
fn sm3_gives_the_published_digests() {
    let vectors = sm_vectors();
    let cases = items(&vectors, "/sm3/digest");
    assert_eq!(cases.len(), 22);
    for case in cases {
        let message = message(case);
        assert_eq!(
            hash(Suite::ShangMi, &message).to_string(),
            text(case, "digest")
        );
        for piece in [7, 64, 65] {
            let mut hasher = Hasher::new(Suite::ShangMi);
            message.chunks(piece).for_each(|part| hasher.update(part));
            assert_eq!(hasher.finish().to_string(), text(case, "digest"));
        }
    }
}

fn message(case: &Value) -> Vec<u8> {
    match case["msg_repeat"].as_array() {
        Some(repeat) => {
            unhex(repeat[0].as_str().unwrap()).repeat(repeat[1].as_u64().unwrap() as usize)
        }
        None => bytes(case, "msg"),
    }
}

#[test]
fn hmac_sm3_gives_the_published_tags() {
    let vectors = sm_vectors();
    let cases = items(&vectors, "/sm3/hmac_sm3");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let mac = hmac_sm3(&bytes(case, "key"), &bytes(case, "msg"));
        assert_eq!(mac.to_string(), text(case, "mac"));
    }
}

#[test]
fn sha256_of_abc_is_the_one_of_fips_180() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hash(Suite::International, b"abc").to_string(), expected);
}

#[test]
fn a_commitment_is_the_digest_of_prefix_salt_and_text() {
    let salt = [7_u8; 16];
    for suite in [Suite::ShangMi, Suite::International] {
        let joined = [&[2_u8][..], &salt, "同意".as_bytes()].concat();
        assert_eq!(
            commit(suite, &salt, "同意".as_bytes()),
            hash(suite, &joined)
        );
        assert_ne!(commit(suite, &salt, b"a"), commit(suite, &[8; 16], b"a"));
    }
}

#[test]
fn a_digest_survives_its_text_and_json_forms() {
    let value = hash(Suite::ShangMi, b"x");
    assert_eq!(digest(&value.to_string()), value);
    assert_eq!(digest(&value.to_string().to_uppercase()), value);
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, format!("\"{value}\""));
    assert_eq!(serde_json::from_str::<Digest32>(&json).unwrap(), value);
}

#[test]
fn what_is_no_digest_is_refused() {
    let cut = &hash(Suite::ShangMi, b"x").to_string()[1..];
    for wrong in [
        "",
        cut,
        &format!("{cut}00"),
        &format!("{cut}g"),
        &"清".repeat(22),
    ] {
        assert!(wrong.parse::<Digest32>().is_err(), "{wrong}");
    }
    assert!(Digest32::try_from([0_u8; 31].as_slice()).is_err());
}

#[test]
fn a_suite_is_known_by_its_name_only() {
    for suite in [Suite::ShangMi, Suite::International] {
        assert_eq!(suite.name().parse::<Suite>().unwrap(), suite);
        assert_eq!(
            serde_json::to_string(&suite).unwrap(),
            format!("\"{suite}\"")
        );
    }
    assert!("SM3-SM2".parse::<Suite>().is_err());
}
