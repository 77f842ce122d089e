//! Signing and verifying: SM2 with SM3 (GB/T 32918.2) and Ed25519 (RFC 8032).
//!
//! SM2 signs SM3(Z‖M), where Z binds the signer's identifier and public key. Deliberately absent:
//! recovery of keys from signatures, batch verification, key exchange.

use std::fmt;

use sm2::dsa::signature::{Signer as _, Verifier as _};

use crate::{
    digest::Suite,
    keys::{Public, SM2_DEFAULT_ID, Secret, SigningKey, VerifyingKey},
};

/// The signature is not one of this key over this message, or is no signature at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The bytes are not a signature of the suite.
    #[error("the bytes are no signature of this suite")]
    Malformed,
    /// The signature does not match message and key.
    #[error("the signature does not match")]
    Mismatch,
    /// The key could not sign: an identifier of more than 8191 bytes, or one chance in 2^255.
    #[error("the key could not sign")]
    Unsignable,
}

/// A signature 签名 of 64 bytes: `r‖s` for SM2, `R‖S` for Ed25519.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    suite: Suite,
    bytes: [u8; 64],
}

impl Signature {
    /// Reads the 64 raw bytes.
    ///
    /// # Errors
    /// Not 64 bytes, or SM2 numbers outside 1 … n − 1.
    pub fn from_raw(suite: Suite, bytes: &[u8]) -> Result<Self, SignatureError> {
        let bytes: [u8; 64] = bytes.try_into().map_err(|_| SignatureError::Malformed)?;
        if suite == Suite::ShangMi {
            sm2::dsa::Signature::from_slice(&bytes).map_err(|_| SignatureError::Malformed)?;
        }
        Ok(Self { suite, bytes })
    }

    /// Reads an SM2 signature in its ASN.1 form `SEQUENCE { r, s }` (GM/T 0009).
    ///
    /// # Errors
    /// Not strict DER, or numbers outside 1 … n − 1.
    pub fn from_der(der: &[u8]) -> Result<Self, SignatureError> {
        let signature =
            sm2::dsa::Signature::from_der(der).map_err(|_| SignatureError::Malformed)?;
        Ok(Self {
            suite: Suite::ShangMi,
            bytes: signature.to_bytes().into(),
        })
    }

    /// The 64 raw bytes.
    #[must_use]
    pub const fn to_raw(&self) -> [u8; 64] {
        self.bytes
    }

    /// The form used in certificates and CMS: ASN.1 for SM2, raw for Ed25519 (RFC 8410).
    ///
    /// # Errors
    /// Never for a signature that was read or made by this crate.
    pub fn to_der(&self) -> Result<Vec<u8>, SignatureError> {
        match self.suite {
            Suite::ShangMi => sm2::dsa::Signature::from_slice(&self.bytes)
                .map(|signature| signature.to_der().to_vec())
                .map_err(|_| SignatureError::Malformed),
            Suite::International => Ok(self.bytes.to_vec()),
        }
    }

    /// Reads the form used in certificates and CMS.
    ///
    /// # Errors
    /// The bytes are no signature of the suite.
    pub fn from_encoded(suite: Suite, bytes: &[u8]) -> Result<Self, SignatureError> {
        match suite {
            Suite::ShangMi => Self::from_der(bytes),
            Suite::International => Self::from_raw(suite, bytes),
        }
    }

    /// The suite of the signature.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}, ", self.suite)?;
        self.bytes
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

impl SigningKey {
    /// Signs a message; the same message always gets the same signature.
    ///
    /// # Errors
    /// One chance in 2^255.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignatureError> {
        self.sign_as(SM2_DEFAULT_ID, message)
    }

    /// Signs under another SM2 identifier; Ed25519 knows none and ignores it.
    ///
    /// # Errors
    /// The identifier is longer than 8191 bytes.
    pub fn sign_as(&self, id: &str, message: &[u8]) -> Result<Signature, SignatureError> {
        match &self.0 {
            Secret::Sm2(key) => {
                let signature = sm2::dsa::SigningKey::new(id, key)
                    .and_then(|key| key.try_sign(message))
                    .map_err(|_| SignatureError::Unsignable)?;
                Ok(Signature {
                    suite: Suite::ShangMi,
                    bytes: signature.to_bytes().into(),
                })
            }
            Secret::Ed25519(key) => {
                let signature = key
                    .try_sign(message)
                    .map_err(|_| SignatureError::Unsignable)?;
                Ok(Signature {
                    suite: Suite::International,
                    bytes: signature.to_bytes(),
                })
            }
        }
    }
}

impl VerifyingKey {
    /// Checks a signature over a message.
    ///
    /// # Errors
    /// It does not match.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        self.verify_as(SM2_DEFAULT_ID, message, signature)
    }

    /// Checks a signature made under another SM2 identifier; Ed25519 ignores it.
    ///
    /// # Errors
    /// It does not match.
    pub fn verify_as(
        &self,
        id: &str,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        if signature.suite != self.suite() {
            return Err(SignatureError::Mismatch);
        }
        match &self.0 {
            Public::Sm2(key) => {
                let signature = sm2::dsa::Signature::from_slice(&signature.bytes)
                    .map_err(|_| SignatureError::Malformed)?;
                sm2::dsa::VerifyingKey::new(id, *key)
                    .and_then(|key| key.verify(message, &signature))
                    .map_err(|_| SignatureError::Mismatch)
            }
            Public::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_bytes(&signature.bytes);
                key.verify_strict(message, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
        }
    }
}
