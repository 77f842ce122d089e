//! Digests: SM3 (GB/T 32905) and SHA-256 behind one word, [`Suite`], and the salted commitment.
//!
//! Deliberately absent: SHA-1, MD5, truncated digests, and any way to leave the suite unsaid.

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Which family of algorithms a ledger, key or certificate uses. Chosen once and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Suite {
    /// 商密: SM3 (GB/T 32905) and SM2 (GB/T 32918). The default of the house.
    #[serde(rename = "sm3-sm2")]
    ShangMi,
    /// SHA-256 and Ed25519.
    #[serde(rename = "sha256-ed25519")]
    International,
}

impl Suite {
    /// The name used in checkpoints, configuration and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShangMi => "sm3-sm2",
            Self::International => "sha256-ed25519",
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no suite that this program knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown suite: expected sm3-sm2 or sha256-ed25519")]
pub struct UnknownSuite;

impl FromStr for Suite {
    type Err = UnknownSuite;

    fn from_str(text: &str) -> Result<Self, UnknownSuite> {
        match text {
            "sm3-sm2" => Ok(Self::ShangMi),
            "sha256-ed25519" => Ok(Self::International),
            _ => Err(UnknownSuite),
        }
    }
}

/// A digest 摘要 of 32 bytes, of either suite. Text form: 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest32(pub [u8; 32]);

impl Digest32 {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl AsRef<[u8]> for Digest32 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Digest32 {
    type Error = DigestError;

    fn try_from(bytes: &[u8]) -> Result<Self, DigestError> {
        bytes.try_into().map(Self).map_err(|_| DigestError)
    }
}

impl fmt::Display for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = hex_digit(byte >> 4);
            pair[1] = hex_digit(byte & 15);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a digest of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a digest: expected 32 bytes, written as 64 hexadecimal digits")]
pub struct DigestError;

impl FromStr for Digest32 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return Err(DigestError);
        }
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

const fn hex_digit(value: u8) -> u8 {
    if value < 10 {
        b'0' + value
    } else {
        b'a' + value - 10
    }
}

const fn hex_value(digit: u8) -> Result<u8, DigestError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(DigestError),
    }
}

/// A digest taken piece by piece, for files that do not fit into memory.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sm3(Sm3),
    Sha256(Sha256),
}

impl Hasher {
    /// Starts a digest.
    #[must_use]
    pub fn new(suite: Suite) -> Self {
        Self(match suite {
            Suite::ShangMi => State::Sm3(Sm3::new()),
            Suite::International => State::Sha256(Sha256::new()),
        })
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sm3(hasher) => hasher.update(bytes),
            State::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// The digest of everything taken in.
    #[must_use]
    pub fn finish(self) -> Digest32 {
        Digest32(match self.0 {
            State::Sm3(hasher) => hasher.finalize().into(),
            State::Sha256(hasher) => hasher.finalize().into(),
        })
    }
}

/// The digest of `bytes` (摘要).
#[must_use]
pub fn hash(suite: Suite, bytes: &[u8]) -> Digest32 {
    hash_parts(suite, &[bytes])
}

/// The digest of the parts put one after the other, without joining them in memory.
pub(crate) fn hash_parts(suite: Suite, parts: &[&[u8]]) -> Digest32 {
    let mut hasher = Hasher::new(suite);
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

/// HMAC-SM3 (GB/T 15852.2), for tokens and integrity tags under a secret key.
#[must_use]
pub fn hmac_sm3(key: &[u8], message: &[u8]) -> Digest32 {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    Digest32(mac.finalize().into_bytes().into())
}

/// First byte of a commitment: differs from the 0x00 of a leaf and the 0x01 of a node.
const COMMITMENT_PREFIX: u8 = 0x02;

/// The commitment 承诺 to a text kept elsewhere: `H(0x02 ‖ salt ‖ text)`, the salt 16 random bytes.
///
/// Without the salt the text cannot be guessed from it, so deleting both erases (个保法 47).
#[must_use]
pub fn commit(suite: Suite, salt: &[u8; 16], text: &[u8]) -> Digest32 {
    hash_parts(suite, &[&[COMMITMENT_PREFIX], salt, text])
}
