//! Lists of regions 行政区划 (GB/T 2260): a new one is laid over what is known; a code of the
//! provinces it speaks of that it leaves out is abolished, and still resolves.

use std::collections::{BTreeMap, BTreeSet};

use codes::{RegionCode, RegionRow, RegionTable};
use db::{Tx, params};
use kernel::{Fault, ToValue};
use seal::Suite;

use crate::store::{self, REGION_LISTS};
use crate::{Refusal, Taken};

kernel::id!(
    /// A version of the list of regions 行政区划表.
    RegionListId,
    "region_list"
);

/// What a list of regions did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionsTaken {
    /// Whether the list is new.
    pub taken: Taken,
    /// Codes that were not current before.
    pub added: Vec<RegionCode>,
    /// Codes whose name changed.
    pub renamed: Vec<RegionCode>,
    /// Codes that are abolished by it.
    pub abolished: Vec<RegionCode>,
}

/// The regions: the embedded lists with every list taken in.
///
/// # Errors
/// [`Fault::Broken`] when a kept list was changed; as [`Tx::query`].
pub fn regions(tx: &mut Tx<'_>) -> Result<RegionTable, Fault> {
    let lists = store::all::<RegionListId, _>(tx, &REGION_LISTS, "number", |row| {
        Ok((row.get::<String>(2)?, row.get::<String>(4)?))
    })?;
    let mut table = RegionTable::built_in();
    for (version, body) in lists {
        let rows: BTreeMap<RegionCode, RegionRow> =
            serde_json::from_str(&body).map_err(Fault::broken)?;
        table = table.with_rows(&version, rows);
    }
    Ok(table)
}

/// Takes a list of regions from province to county in, given as code and name. It speaks of the
/// provinces that it names. The same list twice has no second effect.
///
/// # Errors
/// [`Refusal::VersionTaken`], [`Refusal::RegionsEmpty`].
pub fn take_regions(
    tx: &mut Tx<'_>,
    version: &str,
    list: &BTreeMap<RegionCode, String>,
) -> Result<RegionsTaken, Fault> {
    if list.is_empty() {
        return Err(Refusal::RegionsEmpty.into());
    }
    let said = serde_json::to_vec(list).map_err(Fault::broken)?;
    let digest = seal::digest::hash(Suite::ShangMi, &said).0;
    let nothing = |taken| RegionsTaken {
        taken,
        added: Vec::new(),
        renamed: Vec::new(),
        abolished: Vec::new(),
    };
    if let Some(id) = store::by_version::<RegionListId>(tx, &REGION_LISTS, version)? {
        let kept: Option<[u8; 32]> = REGION_LISTS.get(tx, &[id.to_value()], |row| row.get(3))?;
        if kept == Some(digest) {
            return Ok(nothing(Taken::Known));
        }
    }
    let table = regions(tx)?;
    if version == table.version()
        || store::by_version::<RegionListId>(tx, &REGION_LISTS, version)?.is_some()
    {
        let version = version.to_owned();
        return Err(Refusal::VersionTaken { version }.into());
    }
    let mut done = nothing(Taken::New);
    let rows = overlay(&table, list, &mut done);
    let body = serde_json::to_string(&rows).map_err(Fault::broken)?;
    let number = store::newest(tx, &REGION_LISTS)?.map_or(1, |(number, _)| number + 1);
    let id: RegionListId = tx.new_id();
    let values = params![id, number, *version, digest, body];
    let fields = ["number", "version", "digest", "body"];
    ledger::edited(tx, &REGION_LISTS, id, values, &fields)?;
    Ok(done)
}

/// The rows that differ from what is known.
fn overlay(
    table: &RegionTable,
    list: &BTreeMap<RegionCode, String>,
    done: &mut RegionsTaken,
) -> BTreeMap<RegionCode, RegionRow> {
    let known = table.counties();
    let mut rows = BTreeMap::new();
    for (code, name) in list {
        match known.get(code) {
            Some(same) if same == name => continue,
            Some(_) => done.renamed.push(code.clone()),
            None => done.added.push(code.clone()),
        }
        let row = RegionRow {
            name: name.clone(),
            abolished: false,
        };
        rows.insert(code.clone(), row);
    }
    let province = |code: &RegionCode| code.as_str().get(..2).map(str::to_owned);
    let spoken_of: BTreeSet<Option<String>> = list.keys().map(province).collect();
    for (code, name) in known {
        if spoken_of.contains(&province(&code)) && !list.contains_key(&code) {
            done.abolished.push(code.clone());
            rows.insert(
                code,
                RegionRow {
                    name,
                    abolished: true,
                },
            );
        }
    }
    rows
}
