//! Items from a table. Each row ends as imported, unchanged or refused, with its reasons; a broken
//! file is one typed fault. Nothing is stored here, so an import can be shown before it is done.

mod row;
pub(crate) mod table;

pub use table::{
    COLUMNS_MAX, Cell, FILE_BYTES_MAX, ROWS_MAX, Row, SHEET, UNPACKED_BYTES_MAX, read as read_table,
};

use crate::columns::Column;
use crate::model::ItemContent;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a file as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// Nothing in it.
    #[error("the file has no row")]
    Empty,
    /// Larger than we read.
    #[error("the file is larger than {max_mib} MiB")]
    TooLarge {
        /// The limit.
        max_mib: usize,
    },
    /// Unpacks to more than we read.
    #[error("the workbook unpacks to more than {max_mib} MiB")]
    Bomb {
        /// The limit.
        max_mib: u64,
    },
    /// Too many rows.
    #[error("more than {max} rows")]
    TooManyRows {
        /// The limit.
        max: usize,
    },
    /// Too many columns.
    #[error("more than {max} columns")]
    TooManyColumns {
        /// The limit.
        max: usize,
    },
    /// Text in another encoding than UTF-8.
    #[error("the text is encoded in {found}, not in UTF-8")]
    Encoding {
        /// What it seems to be; `?` when unknown.
        found: String,
    },
    /// The file ends inside a character.
    #[error("the file is cut off")]
    CutOff,
    /// Excel 97–2003, or a workbook locked by a password.
    #[error("an old or locked Excel file")]
    OldExcel,
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read: {reason}")]
    BrokenExcel {
        /// What the reader says.
        reason: String,
    },
    /// A CSV file that cannot be read.
    #[error("the CSV file cannot be read: {reason}")]
    Csv {
        /// What the reader says.
        reason: String,
    },
    /// Another kind of file.
    #[error("not a table")]
    NotATable,
    /// The heading lacks columns.
    #[error("the heading lacks {missing}")]
    Heading {
        /// The headings that are missing.
        missing: String,
    },
}

impl ImportFault {
    /// Code in `messages.toml`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "import.empty",
            Self::TooLarge { .. } => "import.too_large",
            Self::Bomb { .. } => "import.bomb",
            Self::TooManyRows { .. } => "import.too_many_rows",
            Self::TooManyColumns { .. } => "import.too_many_columns",
            Self::Encoding { .. } => "import.encoding",
            Self::CutOff => "import.cut_off",
            Self::OldExcel => "import.old_excel",
            Self::BrokenExcel { .. } => "import.broken_excel",
            Self::Csv { .. } => "import.broken_csv",
            Self::NotATable => "import.not_a_table",
            Self::Heading { .. } => "import.heading",
        }
    }

    /// What the wording fills in.
    pub fn params(&self) -> BTreeMap<&'static str, String> {
        let one = |name, value: String| BTreeMap::from([(name, value)]);
        match self {
            Self::TooLarge { max_mib } => one("max", max_mib.to_string()),
            Self::Bomb { max_mib } => one("max", max_mib.to_string()),
            Self::TooManyRows { max } | Self::TooManyColumns { max } => one("max", max.to_string()),
            Self::Encoding { found } => one("found", found.clone()),
            Self::BrokenExcel { reason } | Self::Csv { reason } => one("reason", reason.clone()),
            Self::Heading { missing } => one("missing", missing.clone()),
            Self::Empty | Self::CutOff | Self::OldExcel | Self::NotATable => BTreeMap::new(),
        }
    }
}

/// Something to tell about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowNote {
    /// Heading of the column, where it is about one cell.
    pub column: Option<&'static str>,
    /// Code in `messages.toml`.
    pub code: &'static str,
    /// What the wording fills in.
    pub params: BTreeMap<&'static str, String>,
}

/// What a row does to the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An item the catalogue does not have.
    New(Box<ItemContent>),
    /// An item it has, with other values in these columns.
    Changed(Box<ItemContent>),
    /// An item it has exactly so.
    Unchanged,
    /// Nothing, for this reason.
    Refused(RowNote),
}

/// How a row ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// Row in the file, counted from 1.
    pub row: u32,
    /// Key of the item; empty where the row has none.
    pub key: String,
    /// Name of the item as written.
    pub name: String,
    /// What happens.
    pub change: Change,
    /// What somebody should look at.
    pub warnings: Vec<RowNote>,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Every row of the file but the heading.
    pub rows: Vec<RowOutcome>,
}

/// The numbers of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// New items.
    pub new: usize,
    /// Changed items.
    pub changed: usize,
    /// Items that stay as they are.
    pub unchanged: usize,
    /// Rows refused.
    pub refused: usize,
    /// Rows taken although something should be looked at.
    pub warned: usize,
}

impl ImportReport {
    /// Counts the rows.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for row in &self.rows {
            match row.change {
                Change::New(_) => tally.new += 1,
                Change::Changed(_) => tally.changed += 1,
                Change::Unchanged => tally.unchanged += 1,
                Change::Refused(_) => tally.refused += 1,
            }
            let taken = !matches!(row.change, Change::Refused(_));
            tally.warned += usize::from(taken && !row.warnings.is_empty());
        }
        tally
    }
}

/// Reads a table of items. `known` answers what the catalogue has under a key: a row changes only
/// what the table has columns for, so a full item keeps its materials and its form.
pub fn import(
    bytes: &[u8],
    mut known: impl FnMut(&str) -> Option<ItemContent>,
) -> Result<ImportReport, ImportFault> {
    let rows = table::read(bytes)?;
    let (heading, rows) = rows.split_first().ok_or(ImportFault::Empty)?;
    let columns: Vec<Option<Column>> = heading
        .cells
        .iter()
        .map(|cell| Column::read(&cell.text))
        .collect();
    let lacks = |column: &&Column| !columns.contains(&Some(**column));
    let mut missing: Vec<&str> = Column::NEEDED
        .iter()
        .filter(lacks)
        .map(|column| column.heading())
        .collect();
    let codes = [
        Column::LocalTaskCode,
        Column::TaskCode,
        Column::HandlingCode,
    ];
    if codes.iter().all(|column| lacks(&column)) {
        missing.push(Column::LocalTaskCode.heading());
    }
    if !missing.is_empty() {
        return Err(ImportFault::Heading {
            missing: missing.join("、"),
        });
    }
    let mut first_rows: BTreeMap<String, u32> = BTreeMap::new();
    let mut report = ImportReport::default();
    for line in rows {
        let mut outcome = row::read(line, &columns, &mut known);
        match first_rows.get(&outcome.key) {
            Some(first) if !outcome.key.is_empty() => {
                let params = BTreeMap::from([("row", first.to_string())]);
                outcome.change = Change::Refused(RowNote {
                    column: None,
                    code: "import.row_repeats",
                    params,
                });
            }
            _ if matches!(outcome.change, Change::Refused(_)) => {}
            _ => {
                first_rows.insert(outcome.key.clone(), line.number);
            }
        }
        report.rows.push(outcome);
    }
    Ok(report)
}
