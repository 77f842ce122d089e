//! Encryption at rest 存储加密: SM4-GCM (GB/T 32907, RFC 8998), for texts and for large files.
//!
//! A nonce must never be used twice under one key; the caller draws it. Deliberately absent: key
//! management, passwords, and modes without authentication.

use aes_gcm::{
    AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
};
use sm4::Sm4;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::digest::hmac_sm3;

/// Plain bytes in every chunk of a file but the last.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// What sealing adds to each text or chunk.
pub const TAG_BYTES: usize = 16;
/// Random bytes at the head of a sealed file.
pub const SALT_BYTES: usize = 16;
const FILE_KEY_LABEL: &[u8] = b"qingchuang/file-key";
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;

/// An SM4 key 对称密钥, erased from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CipherKey([u8; 16]);

impl CipherKey {
    /// Takes 16 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    fn gcm(&self) -> AesGcm<Sm4, U12> {
        AesGcm::new((&self.0).into())
    }
}

impl std::fmt::Debug for CipherKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CipherKey(secret)")
    }
}

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    /// Key, nonce, associated data or bytes are not those that were sealed.
    #[error("the sealed bytes were changed, or the key or context is not theirs")]
    Tampered,
    /// The file ends before its last chunk.
    #[error("the sealed file is cut off")]
    Truncated,
    /// Too long for one key and nonce: 64 GiB a text, 256 TiB a file.
    #[error("too long to be sealed under one nonce")]
    TooLong,
    /// A chunk of a file that is not the last must hold exactly [`CHUNK_BYTES`].
    #[error("a chunk before the last must be full, and the last no longer than full")]
    ChunkSize,
}

/// Seals a text: ciphertext and tag. `aad` is bound to it but not stored, say the record's id.
///
/// # Errors
/// The text is too long.
pub fn seal_bytes(
    key: &CipherKey,
    nonce: &[u8; 12],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, CipherError> {
    key.gcm()
        .encrypt(nonce.into(), Payload { msg: plain, aad })
        .map_err(|_| CipherError::TooLong)
}

/// Opens what [`seal_bytes`] made.
///
/// # Errors
/// Anything at all differs.
pub fn open_bytes(
    key: &CipherKey,
    nonce: &[u8; 12],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, CipherError> {
    key.gcm()
        .decrypt(nonce.into(), Payload { msg: sealed, aad })
        .map_err(|_| CipherError::Tampered)
}

/// Seals a file chunk by chunk (the STREAM construction), in any order.
///
/// Each file has a key of its own, the first 16 bytes of HMAC-SM3(key, `qingchuang/file-key` ‖
/// salt), so that millions of files share one key without nonces ever meeting. The nonce of a chunk
/// is 7 zero bytes, its index (4 bytes, big endian) and 1 for the last chunk, 0 otherwise: chunks
/// cannot be swapped, dropped, repeated or cut off.
pub struct ChunkCipher {
    gcm: AesGcm<Sm4, U12>,
    aad: Vec<u8>,
}

impl ChunkCipher {
    /// Prepares a file. `salt` must be random and fresh; `aad` is bound to every chunk.
    #[must_use]
    pub fn new(key: &CipherKey, salt: [u8; SALT_BYTES], aad: &[u8]) -> Self {
        let derived = Zeroizing::new(hmac_sm3(&key.0, &[FILE_KEY_LABEL, &salt].concat()).0);
        let mut file_key = CipherKey([0; 16]);
        file_key.0.copy_from_slice(&derived[..16]);
        Self {
            gcm: file_key.gcm(),
            aad: aad.to_vec(),
        }
    }

    /// Seals the chunk at `index`.
    ///
    /// # Errors
    /// A chunk before the last is not full, or the last is longer than full.
    pub fn seal(&self, index: u32, last: bool, plain: &[u8]) -> Result<Vec<u8>, CipherError> {
        let fits = if last {
            plain.len() <= CHUNK_BYTES
        } else {
            plain.len() == CHUNK_BYTES
        };
        if !fits {
            return Err(CipherError::ChunkSize);
        }
        self.gcm
            .encrypt((&chunk_nonce(index, last)).into(), self.payload(plain))
            .map_err(|_| CipherError::TooLong)
    }

    /// Opens the chunk at `index`.
    ///
    /// # Errors
    /// It is not the chunk of this file at this place, or was changed.
    pub fn open(&self, index: u32, last: bool, sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
        self.gcm
            .decrypt((&chunk_nonce(index, last)).into(), self.payload(sealed))
            .map_err(|_| CipherError::Tampered)
    }

    fn payload<'a>(&'a self, msg: &'a [u8]) -> Payload<'a, 'a> {
        Payload {
            msg,
            aad: &self.aad,
        }
    }
}

fn chunk_nonce(index: u32, last: bool) -> [u8; 12] {
    let mut nonce = [0_u8; 12];
    nonce[7..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// Seals a whole file: the 16 bytes of the salt, then its chunks. An empty file has one chunk.
///
/// # Errors
/// The file has 2^32 chunks or more.
pub fn seal_file(
    key: &CipherKey,
    salt: [u8; SALT_BYTES],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, CipherError> {
    let cipher = ChunkCipher::new(key, salt, aad);
    let chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let mut sealed = Vec::with_capacity(SALT_BYTES + plain.len() + chunks * TAG_BYTES);
    sealed.extend_from_slice(&salt);
    for at in 0..chunks {
        let index = u32::try_from(at).map_err(|_| CipherError::TooLong)?;
        let from = at * CHUNK_BYTES;
        let to = plain.len().min(from + CHUNK_BYTES);
        sealed.extend(cipher.seal(index, at + 1 == chunks, &plain[from..to])?);
    }
    Ok(sealed)
}

/// Opens what [`seal_file`] made.
///
/// # Errors
/// It was changed anywhere, cut off, or belongs to another key or context.
pub fn open_file(key: &CipherKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
    let (salt, body) = sealed.split_first_chunk().ok_or(CipherError::Truncated)?;
    if body.len() < TAG_BYTES {
        return Err(CipherError::Truncated);
    }
    let cipher = ChunkCipher::new(key, *salt, aad);
    let chunks = body.len().div_ceil(SEALED_CHUNK_BYTES);
    let mut plain = Vec::with_capacity(body.len());
    for (at, chunk) in body.chunks(SEALED_CHUNK_BYTES).enumerate() {
        let index = u32::try_from(at).map_err(|_| CipherError::TooLong)?;
        let last = at + 1 == chunks;
        match cipher.open(index, last, chunk) {
            Ok(opened) => plain.extend(opened),
            // A good middle chunk at the end of the file: the rest has been cut off.
            Err(_) if last && cipher.open(index, false, chunk).is_ok() => {
                return Err(CipherError::Truncated);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(plain)
}
