//! The versioned table of regions: GB/T 2260 as of 2021, the statistics bureau's list of 2023 and
//! its townships, embedded as text and searched in place, and whatever rows a hall imports on top.
//! A code that was abolished between two versions still resolves: old cases carry it.
//!
//! Deliberately absent: villages (no table in the house) and the map from an abolished code to the
//! region that took it over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{RegionCode, RegionLevel};

const LIST_2021: &str = include_str!("../data/gbt2260_mca_2021.csv");
const LIST_2023: &str = include_str!("../data/nbs_2023.csv");
const TOWNS_2023: &str = include_str!("../data/towns_nbs_2023.csv");

/// Rows that stand for a level, not for a place; a full name leaves them out.
const PLACEHOLDERS: [&str; 4] = [
    "市辖区",
    "县",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
];

/// What the table knows about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the newest list.
    Current,
    /// In an older list only.
    Abolished,
    /// In no list.
    Unlisted,
}

/// One region as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Code without the zeros of lower levels.
    pub code: RegionCode,
    /// Own name 名称.
    pub name: String,
    /// Level.
    pub level: RegionLevel,
    /// Current or abolished.
    pub standing: Standing,
}

/// A row that a hall adds or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionRow {
    /// Own name 名称.
    pub name: String,
    /// Whether the region was abolished.
    pub abolished: bool,
}

/// A version of the table: the embedded lists under the rows of a hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionTable {
    version: String,
    rows: BTreeMap<RegionCode, RegionRow>,
}

impl RegionTable {
    /// The embedded lists alone.
    pub fn built_in() -> Self {
        Self {
            version: "gbt2260-2021+nbs-2023".to_owned(),
            rows: BTreeMap::new(),
        }
    }

    /// A new version with rows added over this one; a row wins over the embedded lists.
    pub fn with_rows(
        &self,
        version: &str,
        rows: impl IntoIterator<Item = (RegionCode, RegionRow)>,
    ) -> Self {
        let mut all = self.rows.clone();
        all.extend(rows.into_iter().map(|(code, row)| (shortest(&code), row)));
        Self {
            version: version.to_owned(),
            rows: all,
        }
    }

    /// Name of the version, to be kept beside what was looked up.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The region of a code; of a village only the township is known, so `None`.
    pub fn find(&self, code: &RegionCode) -> Option<Region> {
        let code = shortest(code);
        let (name, standing) = match self.rows.get(&code) {
            Some(row) if row.abolished => (row.name.clone(), Standing::Abolished),
            Some(row) => (row.name.clone(), Standing::Current),
            None => embedded(code.as_str()).map(|(name, is)| (name.to_owned(), is))?,
        };
        Some(Region {
            level: code.level(),
            code,
            name,
            standing,
        })
    }

    /// What the table knows about a code; a village stands as its township does.
    pub fn standing(&self, code: &RegionCode) -> Standing {
        let asked = match code.level() {
            RegionLevel::Village => code.parent().unwrap_or_else(|| code.clone()),
            _ => code.clone(),
        };
        self.find(&asked)
            .map_or(Standing::Unlisted, |region| region.standing)
    }

    /// The known regions from the province down to this one; empty for an unlisted code.
    pub fn chain(&self, code: &RegionCode) -> Vec<Region> {
        let mut chain = Vec::new();
        let mut next = Some(shortest(code));
        while let Some(code) = next {
            chain.extend(self.find(&code));
            next = code.parent();
        }
        chain.reverse();
        if self.standing(code) == Standing::Unlisted {
            Vec::new()
        } else {
            chain
        }
    }

    /// The names of the chain in one word: 山东省威海市环翠区.
    pub fn full_name(&self, code: &RegionCode) -> Option<String> {
        let chain = self.chain(code);
        let own = chain.last()?.name.clone();
        let above = chain
            .iter()
            .take(chain.len() - 1)
            .map(|region| region.name.as_str());
        let above: String = above.filter(|name| !is_placeholder(name)).collect();
        Some(above + &own)
    }

    /// The regions from province to county that GB/T 2260 lists and that are current, in order.
    pub fn counties(&self) -> BTreeMap<RegionCode, String> {
        let listed = LIST_2021.lines().skip(1).filter_map(|line| {
            let code = RegionCode::parse(line.split(',').next()?).ok()?;
            let (name, standing) = embedded(code.as_str())?;
            (standing == Standing::Current).then(|| (code, name.to_owned()))
        });
        let mut all: BTreeMap<RegionCode, String> = listed.collect();
        for (code, row) in &self.rows {
            if row.abolished {
                all.remove(code);
            } else if code.as_str().len() == 6 {
                all.insert(code.clone(), row.name.clone());
            }
        }
        all
    }

    /// How many regions the embedded newest lists hold: (province to county, townships).
    pub fn embedded_sizes() -> (usize, usize) {
        (
            LIST_2023.lines().count() - 1,
            TOWNS_2023.lines().count() - 1,
        )
    }
}

fn is_placeholder(name: &str) -> bool {
    PLACEHOLDERS
        .iter()
        .any(|placeholder| name == *placeholder || name.ends_with("级行政区划"))
}

fn shortest(code: &RegionCode) -> RegionCode {
    RegionCode::parse(code.shortest()).unwrap_or_else(|_| code.clone())
}

/// Hong Kong, Macau and Taiwan are in the 2021 list only and are not abolished.
fn embedded(code: &str) -> Option<(&'static str, Standing)> {
    match code.len() {
        9 => name_in(TOWNS_2023, code).map(|name| (name, Standing::Current)),
        6 => match (name_in(LIST_2023, code), name_in(LIST_2021, code)) {
            (Some(name), _) => Some((name, Standing::Current)),
            (None, Some(name)) if ["71", "81", "82"].iter().any(|own| code.starts_with(own)) => {
                Some((name, Standing::Current))
            }
            (None, Some(name)) => Some((name, Standing::Abolished)),
            (None, None) => None,
        },
        _ => None,
    }
}

/// Binary search in a text of lines `code,name[,…]` ordered by code, under one heading line.
fn name_in(list: &'static str, code: &str) -> Option<&'static str> {
    let body = list.split_once('\n')?.1;
    let (mut low, mut high) = (0, body.len());
    while low < high {
        let middle = low + (high - low) / 2;

        let from = body.as_bytes()[low..middle]
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(low, |at| low + at + 1);
        let to = body.as_bytes()[from..]
            .iter()
            .position(|&b| b == b'\n')
            .map_or(body.len(), |at| from + at);
        let mut fields = body.get(from..to)?.split(',');
        match fields.next()?.cmp(code) {
            std::cmp::Ordering::Equal => return fields.next(),
            std::cmp::Ordering::Less => low = to + 1,
            std::cmp::Ordering::Greater => high = from,
        }
    }
    None
}
