//! Whatever a stranger sends, it is refused with an error and never crashes.

use proptest::prelude::*;

use super::{certificates::detached, key};
use crate::{
    Certificate, Digest32, Signature, SignedCheckpoint, SigningKey, Suite, VerifyingKey,
    checkpoint::parse_key_line, cms::verify_detached, merkle::verify_consistency,
    merkle::verify_inclusion,
};

proptest! {
    #[test]
    fn arbitrary_bytes_are_never_a_key_certificate_or_signature(
        junk in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        prop_assert!(Certificate::from_der(&junk).is_err());
        prop_assert!(verify_detached(&junk, &Digest32([0; 32])).is_err());
        prop_assert!(VerifyingKey::from_der(&junk).is_err());
        let _ = VerifyingKey::from_raw(Suite::ShangMi, &junk);
        let _ = Signature::from_der(&junk);
    }

    #[test]
    fn arbitrary_texts_are_never_a_checkpoint_or_key(junk in "(?s).{0,200}") {
        prop_assert!(SignedCheckpoint::parse(&junk).is_err());
        prop_assert!(parse_key_line(&junk).is_err());
        prop_assert!(SigningKey::from_pem(&junk).is_err());
        prop_assert!(VerifyingKey::from_pem(&junk).is_err());
        prop_assert!(Certificate::from_pem(&junk).is_err());
    }

    #[test]
    fn a_damaged_cms_never_crashes_the_reader(
        at in any::<prop::sample::Index>(), with in prop::collection::vec(any::<u8>(), 0..6),
        drop in 0_usize..6,
    ) {
        let mut cms = detached(1);
        let at = at.index(cms.len());
        let to = cms.len().min(at + drop);
        cms.splice(at..to, with);
        let _ = verify_detached(&cms, &Digest32([0; 32]));
    }

    #[test]
    fn arbitrary_proofs_are_judged_without_a_crash(
        index: u64, size: u64, length in 0_usize..70, fill: u8,
    ) {
        let proof = vec![Digest32([fill; 32]); length];
        let (root, suite) = (Digest32([fill; 32]), Suite::International);
        prop_assert!(verify_inclusion(suite, index, size, &root, &proof, &root).is_err());
        if index != size {
            let verdict = verify_consistency(suite, index, size, &root, &root, &proof);
            prop_assert!(verdict.is_err());
        }
    }

    #[test]
    fn every_message_signed_is_verified_and_no_other(
        message in prop::collection::vec(any::<u8>(), 0..80), seed: u8,
    ) {
        for suite in [Suite::ShangMi, Suite::International] {
            let key = key(suite, seed);
            let signature = key.sign(&message).unwrap();
            let encoded = signature.to_der().unwrap();
            prop_assert_eq!(Signature::from_encoded(suite, &encoded), Ok(signature));
            prop_assert!(key.verifying_key().verify(&message, &signature).is_ok());
            let longer = [message.as_slice(), &[0]].concat();
            prop_assert!(key.verifying_key().verify(&longer, &signature).is_err());
        }
    }
}
