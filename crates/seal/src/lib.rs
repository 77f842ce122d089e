//! Seal 印: national and international cryptography, the Merkle tree and its checkpoints.
//!
//! Everything here is pure: bytes in, bytes out. Deliberately absent: clock, randomness, files,
//! network, asynchronous code. Time and entropy arrive as values.

pub mod canonical;
pub mod certificate;
pub mod checkpoint;
pub mod cipher;
pub mod cms;
pub mod digest;
pub mod keys;
pub mod merkle;
pub mod sign;

pub use certificate::Certificate;
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use digest::{Digest32, Hasher, Suite, commit, hash, hmac_sm3};
pub use keys::{KeyId, SigningKey, VerifyingKey};
pub use sign::{Signature, SignatureError};

#[cfg(test)]
mod tests;
