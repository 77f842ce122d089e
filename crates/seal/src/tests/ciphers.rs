//! SM4-GCM against the answer key, and sealed files against every cut and swap.

use proptest::prelude::*;

use super::{bytes, items, sm_vectors};
use crate::cipher::{
    CHUNK_BYTES, ChunkCipher, CipherError, CipherKey, SALT_BYTES, TAG_BYTES, open_bytes, open_file,
    seal_bytes, seal_file,
};

fn key() -> CipherKey {
    CipherKey::new([9; 16])
}

#[test]
fn sm4_gcm_gives_the_published_ciphertexts_and_tags() {
    let vectors = sm_vectors();
    let cases: Vec<_> = items(&vectors, "/sm4")
        .iter()
        .filter(|it| it["mode"] == "GCM")
        .collect();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let key = CipherKey::new(bytes(case, "key").try_into().unwrap());
        let nonce: [u8; 12] = bytes(case, "iv").try_into().unwrap();
        let (aad, plain) = (bytes(case, "aad"), bytes(case, "plaintext"));
        let expected = [bytes(case, "ciphertext"), bytes(case, "tag")].concat();
        assert_eq!(seal_bytes(&key, &nonce, &aad, &plain).unwrap(), expected);
        assert_eq!(open_bytes(&key, &nonce, &aad, &expected).unwrap(), plain);
    }
}

#[test]
fn a_changed_key_nonce_context_or_byte_does_not_open() {
    let sealed = seal_bytes(&key(), &[1; 12], b"case", "意见".as_bytes()).unwrap();
    assert_eq!(
        open_bytes(&key(), &[1; 12], b"case", &sealed).unwrap(),
        "意见".as_bytes()
    );
    let tampered = Err(CipherError::Tampered);
    assert_eq!(
        open_bytes(&CipherKey::new([8; 16]), &[1; 12], b"case", &sealed),
        tampered
    );
    assert_eq!(open_bytes(&key(), &[2; 12], b"case", &sealed), tampered);
    assert_eq!(open_bytes(&key(), &[1; 12], b"cases", &sealed), tampered);
    assert_eq!(
        open_bytes(&key(), &[1; 12], b"case", &sealed[1..]),
        tampered
    );
    assert_eq!(open_bytes(&key(), &[1; 12], b"case", b""), tampered);
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x80;
        assert_eq!(open_bytes(&key(), &[1; 12], b"case", &changed), tampered);
    }
}

fn file(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

#[test]
fn files_of_every_length_around_a_chunk_survive_sealing() {
    for length in [
        0,
        1,
        CHUNK_BYTES - 1,
        CHUNK_BYTES,
        CHUNK_BYTES + 1,
        2 * CHUNK_BYTES,
    ] {
        let sealed = seal_file(&key(), [3; 16], b"blob", &file(length)).unwrap();
        let chunks = length.div_ceil(CHUNK_BYTES).max(1);
        assert_eq!(sealed.len(), SALT_BYTES + length + chunks * TAG_BYTES);
        assert_eq!(
            open_file(&key(), b"blob", &sealed).unwrap(),
            file(length),
            "{length}"
        );
    }
}

#[test]
fn a_file_cut_at_a_chunk_is_called_truncated() {
    let sealed = seal_file(&key(), [3; 16], b"", &file(2 * CHUNK_BYTES + 5)).unwrap();
    let chunk = CHUNK_BYTES + TAG_BYTES;
    for kept in [
        0,
        SALT_BYTES - 1,
        SALT_BYTES,
        SALT_BYTES + TAG_BYTES - 1,
        SALT_BYTES + chunk,
        SALT_BYTES + 2 * chunk,
    ] {
        let verdict = open_file(&key(), b"", &sealed[..kept]);
        assert_eq!(verdict, Err(CipherError::Truncated), "{kept}");
    }
    assert_eq!(
        open_file(&key(), b"", &sealed[..SALT_BYTES + chunk + 99]),
        Err(CipherError::Tampered)
    );
}

#[test]
fn chunks_that_change_places_do_not_open() {
    let mut sealed = seal_file(&key(), [3; 16], b"", &file(3 * CHUNK_BYTES)).unwrap();
    let chunk = CHUNK_BYTES + TAG_BYTES;
    let (first, second) = sealed[SALT_BYTES..SALT_BYTES + 2 * chunk].split_at_mut(chunk);
    first.swap_with_slice(second);
    assert_eq!(open_file(&key(), b"", &sealed), Err(CipherError::Tampered));
}

#[test]
fn a_chunk_opens_alone_at_its_place_and_nowhere_else() {
    let cipher = ChunkCipher::new(&key(), [3; 16], b"blob");
    let plain = file(CHUNK_BYTES);
    let sealed = cipher.seal(5, false, &plain).unwrap();
    assert_eq!(cipher.open(5, false, &sealed).unwrap(), plain);
    assert_eq!(cipher.open(4, false, &sealed), Err(CipherError::Tampered));
    assert_eq!(cipher.open(5, true, &sealed), Err(CipherError::Tampered));
    assert_eq!(
        cipher.seal(0, false, &plain[1..]),
        Err(CipherError::ChunkSize)
    );
    assert_eq!(
        cipher.seal(0, true, &file(CHUNK_BYTES + 1)),
        Err(CipherError::ChunkSize)
    );
}

#[test]
fn files_under_one_key_have_keys_of_their_own() {
    let plain = file(100);
    let first = seal_file(&key(), [1; 16], b"", &plain).unwrap();
    let second = seal_file(&key(), [2; 16], b"", &plain).unwrap();
    let cross = [&first[..SALT_BYTES], &second[SALT_BYTES..]].concat();
    assert_eq!(open_file(&key(), b"", &cross), Err(CipherError::Tampered));
    assert_ne!(first[SALT_BYTES..], second[SALT_BYTES..]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn one_flipped_bit_anywhere_in_a_sealed_file_is_found(
        length in 0_usize..2 * CHUNK_BYTES, at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        let mut sealed = seal_file(&key(), [3; 16], b"x", &file(length)).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert_eq!(open_file(&key(), b"x", &sealed), Err(CipherError::Tampered));
    }
}
