//! Walks the tree; replays every lifecycle and compares it with its tables; recomputes every
//! commitment over the texts and files beside the ledger; checks every sealed row.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::{SealedTable, Tx};
use kernel::{Fault, TypedId};
use seal::merkle::{Appender, Prover, Tile, Tiles};
use seal::{Digest32, SignedCheckpoint};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::audit::{Audited, Finding, compare_thing};
use crate::commitment::each_text;
use crate::files::{FileStore, each_file};
use crate::line::Line;
use crate::vault::Vault;
use crate::{OWN_TABLES, SEALED_TABLES, sealer, store};

/// How many lines are read at once when records are replayed.
const BATCH: usize = 2000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How many lines there are, sealed or not.
    pub lines: i64,
    /// How many lines are sealed.
    pub size: i64,
    /// The root over the sealed lines, hexadecimal.
    pub root: String,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Verifies the tree alone: every leaf, every tile, every kept checkpoint.
///
/// # Errors
/// When the store cannot be read; what is wrong with the data is a finding.
pub fn verify(tx: &mut Tx<'_>) -> Result<Report, Fault> {
    let vault = tx.thing::<Vault>()?;
    let mut findings = Vec::new();
    let mut tree = Appender::new(vault.suite);
    let mut tiles: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
    let mut leaves = Vec::with_capacity(BATCH);
    let mut keep = |changed: Vec<Tile>| {
        for tile in changed {
            tiles.insert((tile.level, tile.index), tile.hashes);
        }
    };
    let size = store::sealed_count(tx)?;
    let read = store::each_placed(tx, |expected, line| {
        if line.position != Some(expected) {
            let place = format!(
                "ledger_line {} revision {}",
                line.record_id(),
                line.revision
            );
            let message = format!("position {expected} is missing or doubled");
            findings.push(Finding::new("line.position", place, message));
        }
        if size <= expected {
            return Ok(());
        }
        leaves.push(line.leaf(vault.suite)?);
        if leaves.len() == BATCH {
            keep(tree.append(leaves.drain(..)));
        }
        Ok(())
    });
    keep(tree.append(leaves.drain(..)));
    survive("ledger_line", read, &mut findings)?;
    let compared = compare_tiles(tx, &tiles, &mut findings);
    survive("ledger_tile", compared, &mut findings)?;
    let compared = compare_checkpoints(tx, &vault, &tree, &tiles, &mut findings);
    survive("ledger_checkpoint", compared, &mut findings)?;
    let size = i64::try_from(tree.size()).map_err(Fault::broken)?;
    let lines = size + store::unsealed_count(tx)?;
    let root = tree.root().to_string();
    Ok(Report {
        ok: findings.is_empty(),
        lines,
        size,
        root,
        findings,
    })
}

/// A row that cannot even be read is a finding, not the end of the verification.
fn survive(
    place: &str,
    result: Result<(), Fault>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    match result {
        Err(Fault::Broken { detail }) => {
            findings.push(Finding::new("row.damaged", place, detail));
            Ok(())
        }
        other => other,
    }
}

/// The tiles as stored must be the tiles as computed; a leaf that differs names its line.
fn compare_tiles(
    tx: &mut Tx<'_>,
    computed: &BTreeMap<(u8, u64), Vec<u8>>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    let mut changed_leaves = Vec::new();
    store::each_tile(tx, |level, place, hashes| {
        seen.insert((level, place));
        let expected = computed.get(&(level, place)).map_or(&[][..], Vec::as_slice);
        if expected == hashes {
            return Ok(());
        }
        let pairs = expected.chunks(32).zip(hashes.chunks(32));
        let differing: Vec<u64> = (0_u64..)
            .zip(pairs)
            .filter(|(_, (a, b))| a != b)
            .map(|(at, _)| at)
            .collect();
        if level == 0 && !differing.is_empty() {
            changed_leaves.extend(differing.iter().map(|at| place * 256 + at));
        }
        let message = "the tile is not what the lines make";
        let place = format!("ledger_tile level {level} place {place}");
        findings.push(Finding::new("tile.differs", place, message));
        Ok(())
    })?;
    for (level, place) in computed.keys().filter(|key| !seen.contains(key)) {
        let place = format!("ledger_tile level {level} place {place}");
        findings.push(Finding::new("tile.missing", place, "the tile is gone"));
    }
    for position in changed_leaves {
        let from = i64::try_from(position).map_err(Fault::broken)?;
        let line = store::sealed_from(tx, from, 1)?.pop();
        let place = line.map_or_else(
            || format!("ledger_line position {position}"),
            |line| {
                format!(
                    "ledger_line {} revision {}",
                    line.record_id(),
                    line.revision
                )
            },
        );
        findings.push(Finding::new(
            "line.changed",
            place,
            "the line is not the one that was sealed",
        ));
    }
    Ok(())
}

fn compare_checkpoints(
    tx: &mut Tx<'_>,
    vault: &Vault,
    tree: &Appender,
    tiles: &BTreeMap<(u8, u64), Vec<u8>>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let tiles = Computed(RefCell::new(tiles));
    let prover = Prover::new(vault.suite, tree.size(), &tiles);
    let key = vault.signing_key.verifying_key();
    let notes = sealer::checkpoints(tx)?;
    if notes.is_empty() && 0 < store::row_count(tx, "ledger_tile")? {
        findings.push(Finding::new(
            "checkpoint.missing",
            "ledger_checkpoint",
            "there is none",
        ));
    }
    for (size, note) in notes {
        let place = format!("ledger_checkpoint size {size}");
        let signed = SignedCheckpoint::parse(&note).map_err(|error| error.to_string());
        let good = signed.and_then(|signed| {
            let said = signed
                .verify(&vault.origin, &key)
                .map_err(|error| error.to_string())?;
            let root = prover.root(said.size).map_err(|error| error.to_string())?;
            let same = root == said.root && i64::try_from(said.size) == Ok(size);
            if same {
                Ok(())
            } else {
                Err("the root is not what the lines make".to_owned())
            }
        });
        if let Err(message) = good {
            findings.push(Finding::new("checkpoint.wrong", place, message));
        }
    }
    Ok(())
}

/// Verifies everything: the tree, every record, every thing, every text and file, every sealed
/// row, and that there is no table that nobody answers for.
///
/// # Errors
/// When the store cannot be read; what is wrong with the data is a finding.
pub fn verify_deep(tx: &mut Tx<'_>, rooms: &[Audited]) -> Result<Report, Fault> {
    let mut report = verify(tx)?;
    let findings = &mut report.findings;
    let compared = compare_records(tx, rooms, findings);
    survive("ledger_line", compared, findings)?;
    let committed = commitments(tx)?;
    let checked = check_texts(tx, &committed, findings);
    survive("kept_text", checked, findings)?;
    let checked = check_files(tx, &committed, findings);
    survive("kept_file", checked, findings)?;
    check_seals(tx, rooms, findings)?;
    check_tables(tx, rooms, &mut report.findings)?;
    report.ok = report.findings.is_empty();
    Ok(report)
}

/// Replays every lifecycle and compares it with its tables.
///
/// # Errors
/// When the store cannot be read; what is wrong with the data is a finding.
pub fn rebuild_compare(tx: &mut Tx<'_>, rooms: &[Audited]) -> Result<Report, Fault> {
    let mut findings = Vec::new();
    compare_records(tx, rooms, &mut findings)?;
    let size = store::sealed_count(tx)?;
    let lines = size + store::unsealed_count(tx)?;
    let newest = sealer::newest_checkpoint(tx)?;
    let root = newest
        .and_then(|note| SignedCheckpoint::parse(&note).ok())
        .map_or_else(String::new, |signed| signed.checkpoint().root.to_string());
    Ok(Report {
        ok: findings.is_empty(),
        lines,
        size,
        root,
        findings,
    })
}

/// One walk over all lines, record by record; memory does not grow with the ledger.
fn compare_records(
    tx: &mut Tx<'_>,
    rooms: &[Audited],
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let mut counts: HashMap<&'static str, i64> = HashMap::new();
    let mut after = (Uuid::nil(), i64::MAX);
    loop {
        let mut batch = store::lines_after(tx, after, BATCH)?;
        let full = batch.len() == BATCH;
        // The last record of a full batch may go on in the next one.
        let last = batch.last().map(|line| line.record);
        if full && batch.first().map(|line| line.record) != last {
            batch.retain(|line| Some(line.record) != last);
        } else if let (true, Some(record)) = (full, last) {
            batch = store::lines_of(tx, record)?;
        }
        for lines in batch.chunk_by(|a, b| a.record == b.record) {
            compare_record(tx, rooms, lines, &mut counts, findings)?;
        }
        let Some(line) = batch.last() else { break };
        after = (line.record, i64::MAX);
        if !full {
            break;
        }
    }
    for audited in rooms {
        let Audited::Lifecycle(audit) = audited else {
            continue;
        };
        for table in std::iter::once(audit.table()).chain(audit.child_tables()) {
            let expected = counts.get(table).copied().unwrap_or(0);
            let rows = store::row_count(tx, table)?;
            if expected < rows {
                let message = format!("{} rows have no line in the ledger", rows - expected);
                findings.push(Finding::new("row.without_line", table, message));
            }
        }
    }
    Ok(())
}

fn compare_record(
    tx: &mut Tx<'_>,
    rooms: &[Audited],
    lines: &[Line],
    counts: &mut HashMap<&'static str, i64>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let Some(first) = lines.first() else {
        return Ok(());
    };
    for audited in rooms {
        match audited {
            Audited::Lifecycle(audit) if audit.kind() == first.record_kind => {
                *counts.entry(audit.table()).or_default() += 1;
                let mut children = Vec::new();
                let compared = audit
                    .compare(tx, lines, findings)
                    .map(|found| children = found);
                survive(
                    &format!("{} {}", audit.table(), first.record_id()),
                    compared,
                    findings,
                )?;
                for (table, count) in audit.child_tables().into_iter().zip(children) {
                    *counts.entry(table).or_default() += count;
                }
                return Ok(());
            }
            Audited::Thing { kind, table } if *kind == first.record_kind => {
                let compared = compare_thing(tx, table, lines, findings);
                return survive(table.name, compared, findings);
            }
            _ => {}
        }
    }
    let message = format!("no room knows records of kind {}", first.record_kind);
    findings.push(Finding::new(
        "line.unknown_kind",
        first.record_id(),
        message,
    ));
    Ok(())
}

/// Every commitment that a line holds: the raw id of the text or file, and its digest.
fn commitments(tx: &mut Tx<'_>) -> Result<HashMap<Uuid, Digest32>, Fault> {
    let mut found = HashMap::new();
    store::each_data(tx, |data| {
        // Most lines hold none; a look at the text is cheaper than reading the JSON.
        if data.contains("\"digest\"")
            && let Ok(json) = serde_json::from_str::<Json>(data)
        {
            // What is no JSON any more was already found as a changed line.
            collect(&json, &mut found);
        }
        Ok(())
    })?;
    Ok(found)
}

fn collect(json: &Json, found: &mut HashMap<Uuid, Digest32>) {
    match json {
        Json::Object(map) => {
            let text = |key: &str| map.get(key).and_then(Json::as_str);
            let id = text("text")
                .and_then(|id| id.parse::<crate::TextId>().ok().map(TypedId::uuid))
                .or_else(|| {
                    text("file").and_then(|id| id.parse::<crate::FileId>().ok().map(TypedId::uuid))
                });
            if let (Some(id), Some(Ok(digest))) = (id, text("digest").map(str::parse)) {
                found.insert(id, digest);
            }
            map.values().for_each(|value| collect(value, found));
        }
        Json::Array(all) => all.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn check_texts(
    tx: &mut Tx<'_>,
    committed: &HashMap<Uuid, Digest32>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    each_text(tx, |kept| {
        let kept = match kept {
            Ok(kept) => kept,
            Err(fault) => {
                findings.push(Finding::new("text.changed", "kept_text", fault.to_string()));
                return Ok(());
            }
        };
        let place = format!("kept_text {}", kept.id);
        match (kept.open(&vault), committed.get(&kept.id.uuid())) {
            (Some((_, digest)), Some(expected)) if digest == *expected => {}
            (Some(_), None) => {
                let message = "no line of the ledger commits to this text";
                findings.push(Finding::new("text.without_line", place, message));
            }
            _ => {
                let message = "the text is not the one that the ledger commits to";
                findings.push(Finding::new("text.changed", place, message));
            }
        }
        Ok(())
    })
}

fn check_files(
    tx: &mut Tx<'_>,
    committed: &HashMap<Uuid, Digest32>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let files = tx.thing::<FileStore>()?;
    each_file(tx, |kept| {
        let kept = match kept {
            Ok(kept) => kept,
            Err(fault) => {
                findings.push(Finding::new("file.changed", "kept_file", fault.to_string()));
                return Ok(());
            }
        };
        let place = format!("kept_file {}", kept.id);
        if committed.get(&kept.id.uuid()) != Some(&kept.commitment(&vault)?) {
            let message = "the file's entry is not the one that the ledger commits to";
            findings.push(Finding::new("file.changed", place, message));
            return Ok(());
        }
        match files.get(&kept.address) {
            Ok(content) if seal::digest::hash(seal::Suite::ShangMi, &content) == kept.content => {}
            Ok(_) => findings.push(Finding::new("file.changed", place, "the content differs")),
            Err(fault) => findings.push(Finding::new("file.changed", place, fault.to_string())),
        }
        Ok(())
    })
}

fn check_seals(
    tx: &mut Tx<'_>,
    rooms: &[Audited],
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    for table in sealed_tables(rooms) {
        let checked = table.check(tx).map(|all| {
            findings.extend(all.into_iter().map(|broken| {
                let place = format!("{} {}", broken.table, broken.key);
                Finding::new(
                    "row.seal",
                    place,
                    "the row was changed behind the program's back",
                )
            }));
        });
        survive(table.name, checked, findings)?;
    }
    Ok(())
}

fn check_tables(
    tx: &mut Tx<'_>,
    rooms: &[Audited],
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let mut known: BTreeSet<&str> = OWN_TABLES.iter().copied().collect();
    known.extend(sealed_tables(rooms).iter().map(|table| table.name));
    for audited in rooms {
        if let Audited::Lifecycle(audit) = audited {
            known.insert(audit.table());
            known.extend(audit.child_tables());
        }
    }
    for table in tx.table_names()? {
        if !known.contains(table.as_str()) {
            let message = "no room answers for this table";
            findings.push(Finding::new("table.unknown", table, message));
        }
    }
    Ok(())
}

fn sealed_tables(rooms: &[Audited]) -> Vec<&'static SealedTable> {
    let own = [
        &db::migrate::MIGRATIONS,
        &db::timer::TIMERS,
        &db::outbox::OUTBOX,
        &db::once::REPLIES,
    ];
    let mut all: Vec<&'static SealedTable> = own
        .into_iter()
        .chain(SEALED_TABLES.iter().copied())
        .collect();
    all.extend(rooms.iter().filter_map(|audited| match audited {
        Audited::Thing { table, .. } | Audited::Sealed(table) => Some(*table),
        Audited::Lifecycle(_) => None,
    }));
    all
}

struct Computed<'t>(RefCell<&'t BTreeMap<(u8, u64), Vec<u8>>>);

impl Tiles for Computed<'_> {
    type Error = Fault;

    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.borrow().get(&(level, index)).cloned())
    }
}
