//! The libraries underneath against the rest of the answer key: SM4 in every mode, SM2 encryption.
//! The room offers GCM only; these hold the block cipher and the curve when a version changes.

use base64ct::{Base64, Encoding as _};
use serde_json::Value;
use sm2::{SecretKey, pkcs8::DecodePrivateKey as _, pke::DecryptingKey};
use sm4::{
    Sm4,
    cipher::{Block, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _},
};

use super::{bytes, items, sm_vectors, text};

type Chunk = [u8; 16];

struct Cipher(Sm4);

impl Cipher {
    fn of(case: &Value) -> Self {
        Self(Sm4::new_from_slice(&bytes(case, "key")).unwrap())
    }

    fn forth(&self, chunk: Chunk) -> Chunk {
        let mut block = Block::<Sm4>::from(chunk);
        self.0.encrypt_block(&mut block);
        block.into()
    }

    fn back(&self, chunk: Chunk) -> Chunk {
        let mut block = Block::<Sm4>::from(chunk);
        self.0.decrypt_block(&mut block);
        block.into()
    }

    /// Encrypts `plain` in a mode that chains whole blocks or makes a stream of them.
    fn mode(&self, mode: &str, mut state: Chunk, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for part in plain.chunks(16) {
            let mut block = [0; 16];
            block[..part.len()].copy_from_slice(part);
            let done = match mode {
                "ECB" => self.forth(block),
                "CBC" => self.forth(xor(block, state)),
                _ => xor(block, self.forth(state)),
            };
            state = match mode {
                "CTR" => (u128::from_be_bytes(state) + 1).to_be_bytes(),
                "OFB" => self.forth(state),
                _ => done,
            };
            out.extend(&done[..part.len()]);
        }
        out
    }

    /// CCM of RFC 3610 with a nonce of 12 bytes and a tag of 16.
    fn ccm(&self, nonce: &[u8], aad: &[u8], plain: &[u8]) -> (Vec<u8>, Chunk) {
        let with = |flags: u8, count: usize| {
            let mut block = [0; 16];
            block[0] = flags;
            block[1..13].copy_from_slice(nonce);
            block[13..].copy_from_slice(&(count as u32).to_be_bytes()[1..]);
            block
        };
        let length = (aad.len() as u16).to_be_bytes();
        let mut mac = self.forth(with(0x40 | 7 << 3 | 2, plain.len()));
        for part in [[&length, aad].concat().as_slice(), plain] {
            for part in part.chunks(16) {
                let mut block = [0; 16];
                block[..part.len()].copy_from_slice(part);
                mac = self.forth(xor(mac, block));
            }
        }
        (
            self.mode("CTR", with(2, 1), plain),
            xor(mac, self.forth(with(2, 0))),
        )
    }
}

fn xor(left: Chunk, right: Chunk) -> Chunk {
    std::array::from_fn(|at| left[at] ^ right[at])
}

#[test]
fn sm4_gives_the_published_ciphertexts_in_every_mode() {
    let vectors = sm_vectors();
    let mut seen = Vec::new();
    for case in items(&vectors, "/sm4") {
        let (mode, cipher) = (text(case, "mode"), Cipher::of(case));
        let (plain, expected) = (bytes(case, "plaintext"), bytes(case, "ciphertext"));
        match mode {
            "GCM" => continue,
            "ECB" => {
                let rounds = case["iterations"].as_u64().unwrap_or(1);
                let start: Chunk = plain.try_into().unwrap();
                let end = (0..rounds).fold(start, |chunk, _| cipher.forth(chunk));
                assert_eq!(end.to_vec(), expected);
                assert_eq!((0..rounds).fold(end, |chunk, _| cipher.back(chunk)), start);
            }
            "CCM" => {
                let (done, tag) = cipher.ccm(&bytes(case, "iv"), &bytes(case, "aad"), &plain);
                assert_eq!((done, tag.to_vec()), (expected, bytes(case, "tag")));
            }
            _ => {
                let state = bytes(case, "iv").try_into().unwrap();
                assert_eq!(cipher.mode(mode, state, &plain), expected, "{mode}");
            }
        }
        seen.push(mode);
    }
    assert_eq!(
        seen,
        ["ECB", "CBC", "CBC", "OFB", "CFB", "CTR", "ECB", "CCM"]
    );
}

#[test]
fn sm2_opens_the_published_ciphertexts() {
    let vectors = sm_vectors();
    let cases = items(&vectors, "/sm2/encrypt");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let key = match case["key_pkcs8_base64"].as_str() {
            Some(key) => SecretKey::from_pkcs8_der(&Base64::decode_vec(key).unwrap()).unwrap(),
            None => SecretKey::from_slice(&bytes(case, "private_key")).unwrap(),
        };
        let key = DecryptingKey::new(key);
        let (plain, der) = (bytes(case, "plaintext"), bytes(case, "der"));
        assert_eq!(key.decrypt_der(&der).unwrap(), plain);
        let mut changed = der;
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.decrypt_der(&changed).is_err());
        if case.get("c1c3c2").is_some() {
            assert_eq!(key.decrypt(&bytes(case, "c1c3c2")).unwrap(), plain);
        }
    }
}
