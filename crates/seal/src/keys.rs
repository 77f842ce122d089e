//! Signing and verifying keys of both suites, and their PEM files (PKCS#8 and SPKI).
//!
//! Deliberately absent: a source of randomness. A new key is made from entropy that the caller
//! brings, and signing needs none (RFC 6979 for SM2, RFC 8032 for Ed25519).

use std::fmt;

use ed25519_dalek::pkcs8::KeypairBytes;
use sm2::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    LineEnding,
};
use zeroize::Zeroizing;

use crate::digest::{Digest32, Suite, hash, hash_parts};

/// The distinguishing identifier 签名者身份标识 that GM/T 0009 sets when parties agreed on no other.
pub const SM2_DEFAULT_ID: &str = "1234567812345678";

/// Why a key could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a PKCS#8 or SPKI file of SM2 or Ed25519, or damaged.
    #[error("not a PEM key of SM2 or Ed25519")]
    NotAKey,
    /// The number is no private key of the curve.
    #[error("the private key lies outside the range that the algorithm allows")]
    OutOfRange,
    /// The key could not be encoded.
    #[error("the key could not be encoded")]
    Encoding,
}

/// A private key 私钥. Erased from memory when dropped; never shown by `Debug`.
#[derive(Clone)]
pub struct SigningKey(pub(crate) Secret);

#[derive(Clone)]
pub(crate) enum Secret {
    Sm2(sm2::SecretKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl SigningKey {
    /// Makes a key from 32 bytes of true randomness; the same bytes make the same key.
    ///
    /// # Errors
    /// Never in practice: one seed in 2^128 gives no SM2 key.
    pub fn generate(suite: Suite, entropy: &[u8; 32]) -> Result<Self, KeyError> {
        match suite {
            Suite::ShangMi => {
                let label: &[u8] = b"qingchuang/sm2-key";
                let scalar = Zeroizing::new(hash_parts(suite, &[label, entropy]).0);
                Self::from_sm2_scalar(&scalar)
            }
            Suite::International => Ok(Self(Secret::Ed25519(Box::new(
                ed25519_dalek::SigningKey::from_bytes(entropy),
            )))),
        }
    }

    /// The SM2 key with this private number, big endian.
    ///
    /// # Errors
    /// The number is not in 1 ≤ d ≤ n − 2 (GB/T 32918.1 §6.1).
    pub fn from_sm2_scalar(scalar: &[u8; 32]) -> Result<Self, KeyError> {
        let key = sm2::SecretKey::from_slice(scalar).map_err(|_| KeyError::OutOfRange)?;
        Self::sm2(key)
    }

    fn sm2(key: sm2::SecretKey) -> Result<Self, KeyError> {
        // d = n − 1 has a public key but can sign nothing: 1 + d has no inverse.
        let next = *key.to_nonzero_scalar() + sm2::Scalar::ONE;
        if next == sm2::Scalar::ZERO {
            return Err(KeyError::OutOfRange);
        }
        Ok(Self(Secret::Sm2(key)))
    }

    /// Reads an unencrypted PKCS#8 file (`BEGIN PRIVATE KEY`).
    ///
    /// # Errors
    /// It is none, or of another algorithm.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pem = pem.trim();
        if let Ok(key) = sm2::SecretKey::from_pkcs8_pem(pem) {
            return Self::sm2(key);
        }
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::NotAKey)?;
        Ok(Self(Secret::Ed25519(Box::new(key))))
    }

    /// Writes the key as PKCS#8 PEM, as OpenSSL reads it.
    ///
    /// # Errors
    /// The key cannot be encoded.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        match &self.0 {
            Secret::Sm2(key) => key.to_pkcs8_pem(LineEnding::LF),
            // Without the public key: version 2 of the format is not read by OpenSSL 3.0.
            Secret::Ed25519(key) => KeypairBytes {
                secret_key: key.to_bytes(),
                public_key: None,
            }
            .to_pkcs8_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::Encoding)
    }

    /// The suite of the key.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        match &self.0 {
            Secret::Sm2(_) => Suite::ShangMi,
            Secret::Ed25519(_) => Suite::International,
        }
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(match &self.0 {
            Secret::Sm2(key) => Public::Sm2(key.public_key()),
            Secret::Ed25519(key) => Public::Ed25519(Box::new(key.verifying_key())),
        })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, private)", self.suite())
    }
}

/// A public key 公钥.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey(pub(crate) Public);

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Public {
    Sm2(sm2::PublicKey),
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
}

impl VerifyingKey {
    /// Reads an SPKI file (`BEGIN PUBLIC KEY`).
    ///
    /// # Errors
    /// It is none, or of another algorithm.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let (label, der) =
            sm2::pkcs8::Document::from_pem(pem.trim()).map_err(|_| KeyError::NotAKey)?;
        if label != "PUBLIC KEY" {
            return Err(KeyError::NotAKey);
        }
        Self::from_der(der.as_bytes())
    }

    /// Reads a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// It is none, or of another algorithm.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = sm2::PublicKey::from_public_key_der(der) {
            return Ok(Self(Public::Sm2(key)));
        }
        let key =
            ed25519_dalek::VerifyingKey::from_public_key_der(der).map_err(|_| KeyError::NotAKey)?;
        Ok(Self(Public::Ed25519(Box::new(key))))
    }

    /// Reads the bare key: an SM2 point `04‖x‖y` (65 bytes) or an Ed25519 key (32 bytes).
    ///
    /// # Errors
    /// The bytes are no point of the curve.
    pub fn from_raw(suite: Suite, bytes: &[u8]) -> Result<Self, KeyError> {
        match suite {
            Suite::ShangMi => sm2::PublicKey::from_sec1_bytes(bytes)
                .map(|key| Self(Public::Sm2(key)))
                .map_err(|_| KeyError::NotAKey),
            Suite::International => ed25519_dalek::VerifyingKey::try_from(bytes)
                .map(|key| Self(Public::Ed25519(Box::new(key))))
                .map_err(|_| KeyError::NotAKey),
        }
    }

    /// The bare key: an SM2 point `04‖x‖y` (65 bytes) or an Ed25519 key (32 bytes).
    #[must_use]
    pub fn to_raw(&self) -> Vec<u8> {
        match &self.0 {
            Public::Sm2(key) => key.to_sec1_bytes().into_vec(),
            Public::Ed25519(key) => key.as_bytes().to_vec(),
        }
    }

    /// The key as a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// The key cannot be encoded.
    pub fn to_der(&self) -> Result<Vec<u8>, KeyError> {
        match &self.0 {
            Public::Sm2(key) => key.to_public_key_der(),
            Public::Ed25519(key) => key.to_public_key_der(),
        }
        .map(|document| document.as_bytes().to_vec())
        .map_err(|_| KeyError::Encoding)
    }

    /// The key as an SPKI PEM file, as OpenSSL reads it.
    ///
    /// # Errors
    /// The key cannot be encoded.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        match &self.0 {
            Public::Sm2(key) => key.to_public_key_pem(LineEnding::LF),
            Public::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::Encoding)
    }

    /// The suite of the key.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        match &self.0 {
            Public::Sm2(_) => Suite::ShangMi,
            Public::Ed25519(_) => Suite::International,
        }
    }

    /// The name of the key: the first 8 bytes of the suite's digest of the bare key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let Digest32(digest) = hash(self.suite(), &self.to_raw());
        let mut id = [0_u8; 8];
        id.copy_from_slice(&digest[..8]);
        KeyId(id)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}, {})", self.suite(), self.id())
    }
}

/// A short name for a public key 密钥标识, 16 hexadecimal digits. Finds a key, proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
