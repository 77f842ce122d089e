//! The public ledger 公开账本: what the hall tells everybody, and the check of a proof for those
//! without JavaScript.
//!
//! Deliberately absent: any line's content. The tree is public, its leaves are hashes.

use db::Tx;
use jiff::Timestamp;
use kernel::Fault;
use ledger::{Vault, proof, sealer};
use seal::checkpoint::parse_key_line;
use seal::{Digest32, SignedCheckpoint, Suite};

/// The script that checks proofs offline, as it is handed out.
pub const VERIFIER: &str = include_str!("../../../tools/verify_proof.py");

/// The newest signed statement about the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The signed text, see `seal::checkpoint`.
    pub checkpoint: String,
    /// The hall's public key, one line.
    pub key: String,
    /// The name of the ledger.
    pub origin: String,
    /// How many lines it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Digest32,
    /// When this was so.
    pub time: Timestamp,
    /// The algorithms.
    pub suite: Suite,
}

/// The hall's public key as one line.
///
/// # Errors
/// [`Fault::Broken`] when no keys were lent.
pub fn key_line(tx: &mut Tx<'_>) -> Result<String, Fault> {
    let vault = tx.thing::<Vault>()?;
    proof::key_line(&vault)
}

/// The newest signed statement; none before anything was sealed.
///
/// # Errors
/// [`Fault::Broken`] when the kept checkpoint cannot be read.
pub fn published(tx: &mut Tx<'_>) -> Result<Option<Published>, Fault> {
    let key = key_line(tx)?;
    let Some(text) = sealer::newest_checkpoint(tx)? else {
        return Ok(None);
    };
    let signed = SignedCheckpoint::parse(&text).map_err(Fault::broken)?;
    let said = signed.checkpoint().clone();
    Ok(Some(Published {
        checkpoint: text,
        key,
        origin: said.origin,
        size: said.size,
        root: said.root,
        time: said.time,
        suite: said.suite,
    }))
}

/// One thing that is wrong with a proof: what to say of it, and the exact words of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The key of the wording.
    pub wording: &'static str,
    /// What exactly, for those who want to know.
    pub detail: String,
}

impl Flaw {
    fn new(wording: &'static str, detail: impl Into<String>) -> Self {
        Self {
            wording,
            detail: detail.into(),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// The place and kind of each proven line.
    pub lines: Vec<String>,
    /// What is wrong; nothing when the proof holds.
    pub flaws: Vec<Flaw>,
}

impl Checked {
    /// Whether the proof holds.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.flaws.is_empty()
    }
}

/// Checks the text of a proof against a key line; against its own key when none is given, which
/// shows only that the proof agrees with itself.
#[must_use]
pub fn check(text: &str, key_line: &str) -> Checked {
    let flawed = |flaw: Flaw| Checked {
        lines: Vec::new(),
        flaws: vec![flaw],
    };
    let read: proof::Proof = match serde_json::from_str(text) {
        Ok(read) => read,
        Err(error) => return flawed(Flaw::new("verify.not_unreadable", error.to_string())),
    };
    if read.lines.is_empty() {
        return flawed(Flaw::new("verify.not_empty", ""));
    }
    let key_line = key_line.trim();
    let trusted = match key_line {
        "" => None,
        line => match parse_key_line(line) {
            Ok(key) => Some(key),
            Err(error) => return flawed(Flaw::new("verify.not_key", error.to_string())),
        },
    };
    let trusted = trusted.as_ref().map(|(name, key)| (name.as_str(), key));
    let line = |proven: &proof::ProvenLine| {
        let said = |name: &str| proven.line.get(name).and_then(|said| said.as_str());
        let record = said("record").and_then(|record| record.split('_').next());
        let (record, kind) = (record.unwrap_or("?"), said("kind").unwrap_or("?"));
        format!("#{} · {record} · {kind}", proven.position)
    };
    Checked {
        lines: read.lines.iter().map(line).collect(),
        flaws: proof::check(&read, trusted)
            .into_iter()
            .map(|detail| Flaw::new(wording(&detail), detail))
            .collect(),
    }
}

/// What to say of a finding of `ledger::proof::check`, which begins with what it is about.
fn wording(detail: &str) -> &'static str {
    if detail.starts_with("line ") {
        "verify.not_root"
    } else if detail.starts_with("gap: ") {
        "verify.not_gap"
    } else if detail.starts_with("the key") {
        "verify.not_key"
    } else if detail.starts_with("the checkpoint") {
        "verify.not_signature"
    } else {
        "verify.not_unreadable"
    }
}
