//! The rules of this room, checked against published answer keys, oracles and OpenSSL.

mod canonical;
mod certificates;
mod checkpoints;
mod ciphers;
mod digests;
mod library;
mod merkle_proofs;
mod merkle_vectors;
mod openssl;
mod signatures;
mod strangers;

use serde_json::Value;

use crate::Digest32;

fn sm_vectors() -> Value {
    serde_json::from_str(include_str!("../tests/data/sm2_sm3_sm4.json")).unwrap()
}

fn merkle_vectors() -> Value {
    serde_json::from_str(include_str!("../tests/data/merkle_rfc6962.json")).unwrap()
}

fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is missing in {value}"))
}

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    unhex(text(value, key))
}

fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn digest(text: &str) -> Digest32 {
    text.parse().unwrap()
}

/// Four fixed seeds give four keys of a suite.
fn key(suite: crate::Suite, seed: u8) -> crate::SigningKey {
    crate::SigningKey::generate(suite, &[seed; 32]).unwrap()
}
