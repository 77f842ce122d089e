//! SM2 and Ed25519 signatures and key files.

use serde_json::Value;
use sm2::elliptic_curve::{ops::Reduce as _, point::AffineCoordinates as _};

use super::{bytes, items, key, sm_vectors, text, unhex};
use crate::{Signature, SignatureError, SigningKey, Suite, VerifyingKey, keys::KeyError, sign};

const SUITES: [Suite; 2] = [Suite::ShangMi, Suite::International];

fn id_of(case: &Value) -> String {
    String::from_utf8(bytes(case, "id")).unwrap()
}

#[test]
fn every_sm2_signature_of_the_answer_key_is_judged_alike() {
    let vectors = sm_vectors();
    let cases = items(&vectors, "/sm2/sign");
    let rejected = cases.iter().filter(|case| case["valid"] == false).count();
    assert_eq!((cases.len(), rejected), (23, 16));
    for case in cases {
        let key = VerifyingKey::from_raw(Suite::ShangMi, &bytes(case, "public_key")).unwrap();
        let (id, message) = (id_of(case), bytes(case, "msg"));
        let verdict = |signature: Result<Signature, SignatureError>| {
            signature
                .and_then(|signature| key.verify_as(&id, &message, &signature))
                .is_ok()
        };
        let raw = unhex(&format!("{:0>64}{:0>64}", text(case, "r"), text(case, "s")));
        let valid = case["valid"] == true;
        assert_eq!(
            verdict(Signature::from_raw(Suite::ShangMi, &raw)),
            valid,
            "{case}"
        );
        assert_eq!(
            verdict(Signature::from_der(&bytes(case, "der"))),
            valid,
            "{case}"
        );
        if valid {
            let signature = Signature::from_raw(Suite::ShangMi, &raw).unwrap();
            assert_eq!(signature.to_der().unwrap(), bytes(case, "der"));
            assert_eq!(signature.to_raw().to_vec(), raw);
        }
    }
}

#[test]
fn signing_with_the_given_k_gives_the_published_numbers() {
    let vectors = sm_vectors();
    let with_k = items(&vectors, "/sm2/sign")
        .iter()
        .filter(|case| case.get("k").is_some());
    let mut seen = 0;
    for case in with_k {
        let (d, k) = (scalar(case, "private_key"), scalar(case, "k"));
        let e = scalar(case, "e");
        let point = (sm2::ProjectivePoint::GENERATOR * k).to_affine();
        let r = e + sm2::Scalar::reduce(&point.x());
        let s = (d + sm2::Scalar::ONE).invert().unwrap() * (k - r * d);
        assert_eq!(sm2::FieldBytes::from(r).as_slice(), bytes(case, "r"));
        assert_eq!(sm2::FieldBytes::from(s).as_slice(), bytes(case, "s"));
        seen += 1;
    }
    assert_eq!(seen, 7);
}

fn scalar(case: &Value, key: &str) -> sm2::Scalar {
    let bytes: [u8; 32] = bytes(case, key).try_into().unwrap();
    sm2::Scalar::reduce(&sm2::FieldBytes::from(bytes))
}

#[test]
fn the_private_keys_of_the_answer_key_sign_for_their_public_keys() {
    let vectors = sm_vectors();
    for case in items(&vectors, "/sm2/sign")
        .iter()
        .filter(|case| case["valid"] == true)
    {
        let private: [u8; 32] = bytes(case, "private_key").try_into().unwrap();
        let key = SigningKey::from_sm2_scalar(&private).unwrap();
        assert_eq!(key.verifying_key().to_raw(), bytes(case, "public_key"));
        let (id, message) = (id_of(case), bytes(case, "msg"));
        let signature = key.sign_as(&id, &message).unwrap();
        key.verifying_key()
            .verify_as(&id, &message, &signature)
            .unwrap();
        assert!(
            key.verifying_key()
                .verify_as("another", &message, &signature)
                .is_err()
        );
    }
}

#[test]
fn rfc_8032_test_2_is_signed_byte_for_byte() {
    let seed = unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let key = SigningKey::generate(Suite::International, &seed.try_into().unwrap()).unwrap();
    let expected = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                    085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    assert_eq!(
        key.sign(&[0x72]).unwrap().to_raw().to_vec(),
        unhex(expected)
    );
}

#[test]
fn signing_twice_gives_the_same_signature_and_any_change_breaks_it() {
    for suite in SUITES {
        let key = key(suite, 1);
        let public = key.verifying_key();
        let signature = key.sign("准予许可".as_bytes()).unwrap();
        assert_eq!(signature, key.sign("准予许可".as_bytes()).unwrap());
        public.verify("准予许可".as_bytes(), &signature).unwrap();
        assert!(public.verify("不予许可".as_bytes(), &signature).is_err());
        for bit in 0..512 {
            let mut raw = signature.to_raw();
            raw[bit / 8] ^= 1 << (bit % 8);
            let changed = Signature::from_raw(suite, &raw);
            let verdict = changed.and_then(|it| public.verify("准予许可".as_bytes(), &it));
            assert!(verdict.is_err(), "{suite} bit {bit}");
        }
        assert!(
            super::key(suite, 2)
                .verifying_key()
                .verify(b"x", &signature)
                .is_err()
        );
    }
}

#[test]
fn a_signature_of_one_suite_is_none_of_the_other() {
    let national = key(Suite::ShangMi, 1);
    let international = key(Suite::International, 1);
    let signature = national.sign(b"x").unwrap();
    let verdict = international.verifying_key().verify(b"x", &signature);
    assert_eq!(verdict, Err(SignatureError::Mismatch));
}

#[test]
fn keys_survive_their_pem_files() {
    for suite in SUITES {
        let key = key(suite, 3);
        let again = SigningKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(again.verifying_key(), key.verifying_key());
        let public = VerifyingKey::from_pem(&key.verifying_key().to_pem().unwrap()).unwrap();
        assert_eq!(public, key.verifying_key());
        assert_eq!(public.id(), key.verifying_key().id());
        assert_eq!(
            VerifyingKey::from_raw(suite, &public.to_raw()).unwrap(),
            public
        );
        assert!(VerifyingKey::from_pem(&key.to_pem().unwrap()).is_err());
        assert!(SigningKey::from_pem(&public.to_pem().unwrap()).is_err());
    }
    assert_eq!(SigningKey::from_pem("").unwrap_err(), KeyError::NotAKey);
    assert_eq!(
        VerifyingKey::from_pem("-----BEGIN").unwrap_err(),
        KeyError::NotAKey
    );
}

#[test]
fn numbers_that_are_no_private_key_are_refused() {
    let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
    let less_one = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122";
    let less_two = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121";
    let from = |hex: &str| SigningKey::from_sm2_scalar(&unhex(hex).try_into().unwrap());
    assert!(from(order).is_err());
    assert!(from(less_one).is_err());
    assert!(from(&"00".repeat(32)).is_err());
    from(less_two).unwrap().sign(b"x").unwrap();
}

#[test]
fn a_private_key_never_shows_in_debug_output() {
    let shown = format!("{:?}", key(Suite::ShangMi, 4));
    assert_eq!(shown, "SigningKey(sm3-sm2, private)");
}

#[test]
fn an_identifier_too_long_for_the_standard_is_refused() {
    let verdict = key(Suite::ShangMi, 1).sign_as(&"x".repeat(8192), b"m");
    assert_eq!(verdict.unwrap_err(), sign::SignatureError::Unsignable);
}
