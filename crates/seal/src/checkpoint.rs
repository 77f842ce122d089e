//! Checkpoints 检查点: a signed statement "the ledger had this size and this root at this time".
//!
//! # Format, byte for byte
//!
//! UTF-8, every line ended by one LF (0x0A), nothing before the first or after the last:
//!
//! ```text
//! <origin>                         name of the ledger: 1 to 255 bytes, no control characters
//! <size>                           leaves, decimal, without leading zeros
//! <root>                           base64 (RFC 4648 §4, padded) of the 32 bytes of the root
//! time=<time> suite=<suite>        2026-11-23T04:18:00.000000Z, always six decimals and Z;
//!                                  sm3-sm2 or sha256-ed25519
//!                                  (an empty line)
//! — <name> <base64>                one line per signature, at least one; U+2014, space, name of
//!                                  the signer (no white space, no +), space, signature
//! ```
//!
//! What is signed is the first four lines with their four LFs; the empty line is not.
//! The base64 of a signature line is 4 bytes of key hint, then the 64 bytes of the signature:
//!
//! | key | hint = first 4 bytes of | signature |
//! |---|---|---|
//! | Ed25519 | SHA-256(name ‖ 0A ‖ 01 ‖ 32 bytes of the key) | RFC 8032 over the signed bytes |
//! | SM2 | SM3(name ‖ 0A ‖ FF ‖ `qingchuang/sm2-sm3` ‖ 04 ‖ x ‖ y) | `r‖s`, ID `1234567812345678` |
//!
//! SM2 signs e = SM3(Z ‖ signed bytes), Z = SM3(0080 ‖ ID ‖ a ‖ b ‖ Gx ‖ Gy ‖ x ‖ y).
//! Root and tree use the hash of `suite`; a witness 见证人 may sign with a key of either kind.
//! With `sha256-ed25519` this is a C2SP tlog-checkpoint with one extension line, so existing
//! witnesses read it. A line by an unknown signer is kept and says nothing.
//!
//! A public key is handed out as one line `name+hint+key`: the hint as 8 hexadecimal digits, and
//! base64 of the bytes that stand behind 0A in the table above.
//!
//! Deliberately absent: whom to trust. The verifier brings the keys.

use std::fmt;

use base64ct::{Base64, Encoding as _};
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

use crate::{
    digest::{Digest32, Suite, hash_parts},
    keys::{SigningKey, VerifyingKey},
    sign::{Signature, SignatureError},
};

const SM2_KEY_KIND: &[u8] = b"\xffqingchuang/sm2-sm3";
const ED25519_KEY_KIND: &[u8] = b"\x01";
const ORIGIN_BYTES_MAX: usize = 255;
const TIME: DateTimePrinter = DateTimePrinter::new().precision(Some(6));

/// Why a checkpoint could not be made, read or believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not in the format, named by the line at fault (from 1).
    #[error("line {0} of the checkpoint is not in the format")]
    Format(usize),
    /// An origin or signer's name that the format cannot carry.
    #[error("the name is empty, too long, or has characters that a checkpoint cannot carry")]
    Name,
    /// No line by this signer with this key.
    #[error("the checkpoint bears no signature by this key")]
    NotSigned,
    /// A signature by this signer is wrong, or could not be made.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the ledger, the same for ever, say `hall.example.gov.cn/ledger`.
    pub origin: String,
    /// How many lines it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Digest32,
    /// When this was so, to the microsecond.
    pub time: Timestamp,
    /// The suite of its tree.
    pub suite: Suite,
}

impl Checkpoint {
    /// The bytes that are signed: the first four lines.
    #[must_use]
    pub fn body(&self) -> String {
        format!(
            "{}\n{}\n{}\ntime={} suite={}\n",
            self.origin,
            self.size,
            Base64::encode_string(&self.root.0),
            TIME.timestamp_to_string(&self.time),
            self.suite,
        )
    }

    fn parse(body: &str) -> Result<Self, CheckpointError> {
        let mut lines = body.split_terminator('\n');
        let mut next = |at| lines.next().ok_or(CheckpointError::Format(at));
        let (origin, size, root, last) = (next(1)?, next(2)?, next(3)?, next(4)?);
        let size = size.parse().map_err(|_| CheckpointError::Format(2))?;
        let root = Base64::decode_vec(root).map_err(|_| CheckpointError::Format(3))?;
        let root = root
            .as_slice()
            .try_into()
            .map_err(|_| CheckpointError::Format(3))?;
        let (time, suite) = last
            .strip_prefix("time=")
            .and_then(|rest| rest.split_once(" suite="))
            .ok_or(CheckpointError::Format(4))?;
        let time = time.parse().map_err(|_| CheckpointError::Format(4))?;
        let suite = suite.parse().map_err(|_| CheckpointError::Format(4))?;
        if !is_origin(origin) {
            return Err(CheckpointError::Format(1));
        }
        let checkpoint = Self {
            origin: origin.to_owned(),
            size,
            root,
            time,
            suite,
        };
        // One statement has one text: other ways to write the same number or time are refused.
        let same = checkpoint.body();
        let differs = same
            .split('\n')
            .zip(body.split('\n'))
            .position(|(own, read)| own != read);
        match differs {
            Some(at) => Err(CheckpointError::Format(at + 1)),
            None if same.len() != body.len() => Err(CheckpointError::Format(5)),
            None => Ok(checkpoint),
        }
    }
}

/// A signature line of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Who says to have signed.
    pub name: String,
    /// Which key, see the table of the module.
    pub key_hint: [u8; 4],
    /// The signature as it stands, of whatever algorithm.
    pub signature: Vec<u8>,
}

/// A checkpoint with the signatures of the ledger and its witnesses 见证人.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    lines: Vec<SignatureLine>,
}

impl SignedCheckpoint {
    /// Signs a checkpoint. Its time is cut to the microsecond.
    ///
    /// # Errors
    /// Origin or name do not fit the format.
    pub fn sign(
        mut checkpoint: Checkpoint,
        name: &str,
        key: &SigningKey,
    ) -> Result<Self, CheckpointError> {
        if !is_origin(&checkpoint.origin) {
            return Err(CheckpointError::Name);
        }
        checkpoint.time = Timestamp::from_microsecond(checkpoint.time.as_microsecond())
            .unwrap_or(checkpoint.time);
        let mut signed = Self {
            checkpoint,
            lines: Vec::new(),
        };
        signed.cosign(name, key)?;
        Ok(signed)
    }

    /// Adds the signature of another witness, or of another key.
    ///
    /// # Errors
    /// The name does not fit the format.
    pub fn cosign(&mut self, name: &str, key: &SigningKey) -> Result<(), CheckpointError> {
        let hint = key_hint(name, &key.verifying_key())?;
        let signature = key
            .sign(self.checkpoint.body().as_bytes())?
            .to_raw()
            .to_vec();
        let line = SignatureLine {
            name: name.to_owned(),
            key_hint: hint,
            signature,
        };
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
        Ok(())
    }

    /// Reads a checkpoint. Nothing is believed yet: ask [`SignedCheckpoint::verify`].
    ///
    /// # Errors
    /// The text is not in the format.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let (body, signatures) = text.split_once("\n\n").ok_or(CheckpointError::Format(5))?;
        let checkpoint = Checkpoint::parse(&format!("{body}\n"))?;
        let mut lines = Vec::new();
        for (at, line) in signatures.split_inclusive('\n').enumerate() {
            lines.push(parse_line(line).ok_or(CheckpointError::Format(6 + at))?);
        }
        if lines.is_empty() {
            return Err(CheckpointError::Format(6));
        }
        Ok(Self { checkpoint, lines })
    }

    /// What is said; to be believed only after [`SignedCheckpoint::verify`].
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// All signature lines, known or not, in the order of the text.
    #[must_use]
    pub fn lines(&self) -> &[SignatureLine] {
        &self.lines
    }

    /// Checks that `name` has signed with `key`, and returns what was signed.
    ///
    /// # Errors
    /// There is no such line, or one that is wrong.
    pub fn verify(&self, name: &str, key: &VerifyingKey) -> Result<&Checkpoint, CheckpointError> {
        let hint = key_hint(name, key)?;
        let body = self.checkpoint.body();
        let mut found = false;
        for line in self
            .lines
            .iter()
            .filter(|line| line.name == name && line.key_hint == hint)
        {
            let signature = Signature::from_raw(key.suite(), &line.signature)?;
            key.verify(body.as_bytes(), &signature)?;
            found = true;
        }
        if found {
            Ok(&self.checkpoint)
        } else {
            Err(CheckpointError::NotSigned)
        }
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint.body())?;
        for line in &self.lines {
            let bytes = [line.key_hint.as_slice(), &line.signature].concat();
            writeln!(f, "— {} {}", line.name, Base64::encode_string(&bytes))?;
        }
        Ok(())
    }
}

/// The public key of a signer as one line of text, to be printed, published and compared.
///
/// # Errors
/// The name does not fit the format.
pub fn key_line(name: &str, key: &VerifyingKey) -> Result<String, CheckpointError> {
    let hint = u32::from_be_bytes(key_hint(name, key)?);
    Ok(format!(
        "{name}+{hint:08x}+{}",
        Base64::encode_string(&key_bytes(key))
    ))
}

/// Reads a line made by [`key_line`].
///
/// # Errors
/// It is none, or its hint does not fit name and key.
pub fn parse_key_line(line: &str) -> Result<(String, VerifyingKey), CheckpointError> {
    let parse = || {
        let (name, rest) = line.split_once('+')?;
        let bytes = Base64::decode_vec(rest.split_once('+')?.1).ok()?;
        let (suite, raw) = if let Some(raw) = bytes.strip_prefix(SM2_KEY_KIND) {
            (Suite::ShangMi, raw)
        } else {
            (Suite::International, bytes.strip_prefix(ED25519_KEY_KIND)?)
        };
        let key = VerifyingKey::from_raw(suite, raw).ok()?;
        (key_line(name, &key).ok()? == line).then(|| (name.to_owned(), key))
    };
    parse().ok_or(CheckpointError::Format(1))
}

fn parse_line(line: &str) -> Option<SignatureLine> {
    let (name, encoded) = line
        .strip_suffix('\n')?
        .strip_prefix("— ")?
        .split_once(' ')?;
    let bytes = Base64::decode_vec(encoded).ok()?;
    let (key_hint, signature) = bytes.split_first_chunk()?;
    (is_name(name) && !signature.is_empty()).then(|| SignatureLine {
        name: name.to_owned(),
        key_hint: *key_hint,
        signature: signature.to_vec(),
    })
}

fn key_bytes(key: &VerifyingKey) -> Vec<u8> {
    let kind = match key.suite() {
        Suite::ShangMi => SM2_KEY_KIND,
        Suite::International => ED25519_KEY_KIND,
    };
    [kind, &key.to_raw()].concat()
}

fn key_hint(name: &str, key: &VerifyingKey) -> Result<[u8; 4], CheckpointError> {
    if !is_name(name) {
        return Err(CheckpointError::Name);
    }
    let Digest32(digest) = hash_parts(key.suite(), &[name.as_bytes(), b"\n", &key_bytes(key)]);
    let mut hint = [0_u8; 4];
    hint.copy_from_slice(&digest[..4]);
    Ok(hint)
}

fn is_origin(origin: &str) -> bool {
    !origin.is_empty() && origin.len() <= ORIGIN_BYTES_MAX && !origin.contains(char::is_control)
}

fn is_name(name: &str) -> bool {
    is_origin(name) && !name.contains(|c: char| c == '+' || c.is_whitespace())
}
