//! The published list 轻微违法不予处罚事项清单: which acts, by which law, on which condition. Data, not
//! code; origin and licence stand in `data/README.md`.

use std::sync::LazyLock;

use catalogue::model::{LegalBasis, Text};
use kernel::Fault;
use serde::{Deserialize, Serialize};

const FILE: &str = include_str!("../data/leniency.json");

/// The list as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeniencyList {
    /// Its version.
    pub version: String,
    /// The law it rests on.
    pub basis: LegalBasis,
    /// The acts, by number.
    pub entries: Vec<Entry>,
}

/// One act of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, which offences cite.
    pub number: u16,
    /// The field of administration.
    pub field: Text,
    /// The act.
    pub act: Text,
    /// The law that would punish it.
    pub basis: LegalBasis,
    /// When it counts as minor.
    pub condition: Text,
    /// Within so many months a second time is not the first.
    pub period_months: u32,
}

static LIST: LazyLock<Result<LeniencyList, String>> =
    LazyLock::new(|| serde_json::from_str(FILE).map_err(|fault| fault.to_string()));

/// The list.
///
/// # Errors
/// [`Fault::Broken`] when the file is damaged, which a test forbids.
pub fn list() -> Result<&'static LeniencyList, Fault> {
    LIST.as_ref().map_err(Fault::broken)
}

/// An act by its number.
///
/// # Errors
/// As [`list`].
pub fn entry(number: u16) -> Result<Option<&'static Entry>, Fault> {
    let entries = &list()?.entries;
    Ok(entries.iter().find(|one| one.number == number))
}
