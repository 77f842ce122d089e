//! What somebody with a receipt takes home: the lines of their matter, each with its path to the
//! root of a signed checkpoint. Three verifiers read it: this program, the browser, a script.
//!
//! Of every record in a proof the revisions run from 1 without a gap, so that no step can be left
//! out of the middle; what is younger than the checkpoint is counted as `pending`.
//!
//! The proof is JSON: `format`, `suite`, `key` (one line, see `seal::checkpoint`), `checkpoint`
//! (the signed text), and `lines`: each with `position`, `path` (hexadecimal hashes, from the
//! leaf upwards) and `line`, of which the canonical JSON (RFC 8785) is the leaf's data.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use kernel::{Fault, Problem, TypedId};
use seal::merkle::{Prover, verify_consistency, verify_inclusion};
use seal::{Digest32, SignedCheckpoint, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::line::Line;
use crate::sealer::{TxTiles, newest_checkpoint};
use crate::store;
use crate::vault::Vault;

/// The name of the format.
pub const FORMAT: &str = "qingchuang-proof/1";

/// The lines of one matter and why they are in the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// [`FORMAT`].
    pub format: String,
    /// The algorithms.
    pub suite: seal::Suite,
    /// The public key of the hall, one line.
    pub key: String,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The lines, in the order in which they happened.
    pub lines: Vec<ProvenLine>,
    /// How many lines of the matter are younger than the checkpoint.
    pub pending: usize,
}

/// One line and its path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProvenLine {
    /// The line's place in the tree.
    pub position: u64,
    /// The hashes beside the way from the leaf to the root.
    pub path: Vec<Digest32>,
    /// The line.
    pub line: Json,
}

/// Two sizes of the tree and why the larger continues the smaller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consistency {
    /// The smaller size.
    pub old: u64,
    /// The larger size.
    pub new: u64,
    /// The hashes of RFC 6962 §2.1.2.
    pub path: Vec<Digest32>,
}

/// Proves the lines of a record against the newest checkpoint.
///
/// # Errors
/// [`Fault::NotFound`] when the record has no lines or nothing was sealed yet.
pub fn prove<I: TypedId>(tx: &mut Tx<'_>, record: I) -> Result<Proof, Fault> {
    prove_all(tx, &[record.uuid()], I::PREFIX)
}

/// Proves the lines of several records that make one matter, in the order of the tree.
///
/// # Errors
/// [`Fault::NotFound`] with `what` when none of them has lines or nothing was sealed yet.
pub fn prove_all(tx: &mut Tx<'_>, records: &[Uuid], what: &'static str) -> Result<Proof, Fault> {
    let vault = tx.thing::<Vault>()?;
    let checkpoint = newest_checkpoint(tx)?.ok_or(Fault::NotFound { what: "checkpoint" })?;
    let mut lines = Vec::new();
    for record in records.iter().collect::<BTreeSet<_>>() {
        lines.extend(store::lines_of(tx, *record)?);
    }
    if lines.is_empty() {
        return Err(Fault::NotFound { what });
    }
    let size = read_size(&checkpoint)?;
    let place = |line: &Line| line.position.and_then(|at| u64::try_from(at).ok());
    let sealed = |line: &Line| place(line).filter(|position| *position < size);
    let mut placed: Vec<(u64, &Line)> = lines
        .iter()
        .filter_map(|line| sealed(line).map(|position| (position, line)))
        .collect();
    placed.sort_by_key(|(position, _)| *position);
    let tiles = TxTiles::new(tx);
    let prover = Prover::new(vault.suite, size, &tiles);
    let mut proven = Vec::new();
    for (position, line) in placed {
        let path = prover.inclusion(position, size).map_err(Fault::broken)?;
        proven.push(ProvenLine {
            position,
            path,
            line: line.to_json(),
        });
    }
    Ok(Proof {
        format: FORMAT.to_owned(),
        suite: vault.suite,
        key: key_line(&vault)?,
        pending: lines.len() - proven.len(),
        checkpoint,
        lines: proven,
    })
}

/// Proves that the tree at `new` continues the tree at `old`.
///
/// # Errors
/// [`Fault::Invalid`] when a size lies beyond the tree.
pub fn consistency(tx: &mut Tx<'_>, old: u64, new: u64) -> Result<Consistency, Fault> {
    let vault = tx.thing::<Vault>()?;
    let size = u64::try_from(store::sealed_count(tx)?).map_err(Fault::broken)?;
    if size < new || new < old {
        return Err(out_of_range("new", old.min(size), size));
    }
    let tiles = TxTiles::new(tx);
    let path = Prover::new(vault.suite, size, &tiles).consistency(old, new);
    Ok(Consistency {
        old,
        new,
        path: path.map_err(Fault::broken)?,
    })
}

/// A leaf without its line and why it is in the tree: what a stranger may ask for any position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inclusion {
    /// The leaf's place in the tree.
    pub position: u64,
    /// The hash of the leaf.
    pub leaf: Digest32,
    /// The size of the tree that the path leads into.
    pub size: u64,
    /// The hashes beside the way from the leaf to the root (RFC 6962 §2.1.1).
    pub path: Vec<Digest32>,
}

/// Proves that a leaf is in the tree of a size; without one, of the newest checkpoint's.
///
/// # Errors
/// [`Fault::NotFound`] when nothing is sealed at the position; [`Fault::Invalid`] when the size
/// does not reach it or lies beyond the tree.
pub fn inclusion(tx: &mut Tx<'_>, position: u64, size: Option<u64>) -> Result<Inclusion, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sealed = u64::try_from(store::sealed_count(tx)?).map_err(Fault::broken)?;
    if sealed <= position {
        return Err(Fault::NotFound { what: "leaf" });
    }
    let size = size.unwrap_or(sealed);
    if size <= position || sealed < size {
        return Err(out_of_range("size", position + 1, sealed));
    }
    let tiles = TxTiles::new(tx);
    let prover = Prover::new(vault.suite, sealed, &tiles);
    Ok(Inclusion {
        position,
        leaf: prover.leaf(position).map_err(Fault::broken)?,
        size,
        path: prover.inclusion(position, size).map_err(Fault::broken)?,
    })
}

/// The hall's public key as one line.
///
/// # Errors
/// [`Fault::Broken`] when the origin cannot name a key.
pub fn key_line(vault: &Vault) -> Result<String, Fault> {
    let key = vault.signing_key.verifying_key();
    seal::checkpoint::key_line(&vault.origin, &key).map_err(Fault::broken)
}

/// Checks a proof without any database: the signature, then each path. Answers what is wrong.
#[must_use]
pub fn check(proof: &Proof, trusted: Option<(&str, &VerifyingKey)>) -> Vec<String> {
    let mut wrong = Vec::new();
    if proof.format != FORMAT {
        wrong.push(format!("the format is {:?}, not {FORMAT}", proof.format));
    }
    let own_key = seal::checkpoint::parse_key_line(&proof.key);
    let (name, key) = match (trusted, &own_key) {
        (Some(trusted), _) => trusted,
        (None, Ok((name, key))) => (name.as_str(), key),
        (None, Err(error)) => return vec![format!("the key: {error}")],
    };
    let signed = match SignedCheckpoint::parse(&proof.checkpoint) {
        Ok(signed) => signed,
        Err(error) => return vec![format!("the checkpoint: {error}")],
    };
    let checkpoint = match signed.verify(name, key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return vec![format!("the checkpoint: {error}")],
    };
    let mut revisions = Revisions::default();
    for proven in &proof.lines {
        let held = check_line(proven, checkpoint);
        let gap = revisions.follow(&proven.line, held.is_ok());
        wrong.extend(held.err());
        wrong.extend(gap);
    }
    wrong
}

/// Checks the path of one line.
fn check_line(proven: &ProvenLine, checkpoint: &seal::Checkpoint) -> Result<(), String> {
    let told = |error: String| format!("line {}: {error}", proven.position);
    let bytes = seal::canonical::to_vec(&proven.line).map_err(|error| told(error.to_string()))?;
    let (suite, size, root) = (checkpoint.suite, checkpoint.size, &checkpoint.root);
    let leaf = seal::merkle::leaf_hash(suite, &bytes);
    verify_inclusion(suite, proven.position, size, &leaf, &proven.path, root)
        .map_err(|error| told(error.to_string()))
}

/// How far each record has been followed: its revisions run from 1 without a gap.
#[derive(Default)]
struct Revisions(BTreeMap<String, u64>);

impl Revisions {
    /// Says what is missing before this line. A line that does not hold counts as the next one,
    /// so that one change is told once.
    fn follow(&mut self, line: &Json, held: bool) -> Option<String> {
        let record = line
            .get("record")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let known = self.0.entry(record.to_owned()).or_default();
        let next = *known + 1;
        let said = line.get("revision").and_then(Json::as_u64);
        *known = said.filter(|_| held).unwrap_or(next);
        let whole = !held || (said == Some(next) && !record.is_empty());
        (!whole).then(|| format!("gap: {record}: revision {next} is missing"))
    }
}

/// Checks that a newer checkpoint continues an older one.
#[must_use]
pub fn check_consistency(
    old: &Digest32,
    new: &Digest32,
    suite: seal::Suite,
    proof: &Consistency,
) -> bool {
    verify_consistency(suite, proof.old, proof.new, old, new, &proof.path).is_ok()
}

fn out_of_range(field: &str, min: u64, max: u64) -> Fault {
    let problem = Problem::new(field, "field.out_of_range");
    Fault::Invalid(vec![problem.with("min", min).with("max", max)])
}

fn read_size(checkpoint: &str) -> Result<u64, Fault> {
    let signed = SignedCheckpoint::parse(checkpoint).map_err(Fault::broken)?;
    Ok(signed.checkpoint().size)
}
