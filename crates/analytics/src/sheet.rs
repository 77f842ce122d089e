//! Sheets: tables of the board as a page, a CSV file or an Excel workbook shows them, made once.
//!
//! Deliberately absent: formulas. A text that begins like one stays a text: CSV cells get an
//! apostrophe (`web::csv_download`), Excel cells are written as strings.

use jiff::civil::Date;
use kernel::Fault;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use web::{Download, csv_download};

use crate::model::Percent;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A count.
    Count(u64),
    /// A share in thousandths.
    Percent(Option<i64>),
    /// A day.
    Day(Option<Date>),
}

impl Cell {
    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Percent(value) => Percent(*value).to_string(),
            Cell::Day(day) => day.map_or_else(|| "—".to_owned(), |day| day.to_string()),
        }
    }

    /// Whether it stands to the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Cell::Count(_) | Cell::Percent(_))
    }
}

/// A cell with the place that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The cell.
    pub cell: Cell,
    /// Where the rows behind it are, or empty.
    pub href: String,
}

impl From<Cell> for Linked {
    fn from(cell: Cell) -> Self {
        Self {
            cell,
            href: String::new(),
        }
    }
}

impl Linked {
    /// A count that leads somewhere, unless there is nothing to lead to.
    #[must_use]
    pub fn count(count: u64, href: Option<String>) -> Self {
        let href = href.filter(|_| count != 0).unwrap_or_default();
        Self {
            cell: Cell::Count(count),
            href,
        }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.cell.shown()
    }

    /// Whether it stands to the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.cell.is_number()
    }
}

/// A table with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The word under which it is downloaded.
    pub key: &'static str,
    /// Its caption.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<String>,
    /// Its rows, each as wide as the head.
    pub rows: Vec<Vec<Linked>>,
}

/// The media type of Excel workbooks (ISO/IEC 29500).
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Sheet {
    /// Whether the column of a head stands to the right.
    #[must_use]
    pub fn is_number(&self, column: &usize) -> bool {
        let first = self.rows.first().and_then(|row| row.get(*column));
        first.is_some_and(Linked::is_number)
    }

    /// As CSV (RFC 4180).
    #[must_use]
    pub fn csv(&self, day: Date) -> Download {
        let head: Vec<&str> = self.head.iter().map(String::as_str).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(Linked::shown).collect());
        csv_download(format!("{}-{day}.csv", self.key), &head, rows)
    }

    /// As an Excel workbook.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the table does not fit into a workbook.
    pub fn xlsx(&self, day: Date) -> Result<Download, Fault> {
        let bytes = self.workbook(day).map_err(Fault::broken)?;
        Ok(Download::new(
            format!("{}-{day}.xlsx", self.key),
            XLSX,
            bytes,
        ))
    }

    fn workbook(&self, day: Date) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let (month, date) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        let made = ExcelDateTime::from_ymd(day.year().unsigned_abs(), month, date)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let (bold, percent) = (
            Format::new().set_bold(),
            Format::new().set_num_format("0.0%"),
        );
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.key)?;
        for (column, head) in (0u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, head, &bold)?;
        }
        for (at, row) in (1u32..).zip(&self.rows) {
            for (column, linked) in (0u16..).zip(row) {
                match &linked.cell {
                    Cell::Count(count) => sheet.write_number(at, column, *count as f64)?,
                    Cell::Percent(Some(share)) => {
                        let share = *share as f64 / 1000.0;
                        sheet.write_number_with_format(at, column, share, &percent)?
                    }
                    other => sheet.write_string(at, column, other.shown())?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }
}
