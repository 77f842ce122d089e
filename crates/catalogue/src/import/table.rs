//! From bytes to rows of cells: CSV or Excel, told apart by content. Every limit that keeps a
//! hostile or broken file from taking the memory of the hall stands here.

use super::ImportFault;
use calamine::{Data, DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// Largest content of an unpacked workbook, in bytes.
pub const UNPACKED_BYTES_MAX: u64 = 128 << 20;
/// Most parts in a workbook.
const PARTS_MAX: usize = 500;
/// Most rows.
pub const ROWS_MAX: usize = 100_000;
/// Most columns.
pub const COLUMNS_MAX: usize = 50;
/// Name of the sheet that is read; the first one where there is none of that name.
pub const SHEET: &str = "事项";

/// A cell as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Excel kept a number too long for it; the digits are lost.
    pub damaged: bool,
}

/// A row and where it stands in the file, counted from 1 as people do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line or row number.
    pub number: u32,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// Reads a table; the first row with content is the heading.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, ImportFault> {
    if bytes.is_empty() {
        return Err(ImportFault::Empty);
    }
    if FILE_BYTES_MAX < bytes.len() {
        return Err(ImportFault::TooLarge {
            max_mib: FILE_BYTES_MAX >> 20,
        });
    }
    let rows = match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => {
            measure(bytes, UNPACKED_BYTES_MAX)?;
            // A foreign parser on a foreign file: a panic in it is a broken file, not our end.
            catch_unwind(AssertUnwindSafe(|| excel(bytes)))
                .unwrap_or_else(|_| Err(broken("the reader gave up")))?
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(ImportFault::OldExcel),
        _ => delimited(text_of(bytes)?)?,
    };
    let filled = |row: &Row| row.cells.iter().any(|cell| !cell.text.is_empty());
    let rows: Vec<Row> = rows.into_iter().filter(filled).collect();
    if rows.is_empty() {
        Err(ImportFault::Empty)
    } else {
        Ok(rows)
    }
}

fn broken(reason: impl ToString) -> ImportFault {
    ImportFault::BrokenExcel {
        reason: reason.to_string(),
    }
}

/// Unpacks everything once and throws it away: sizes written in a zip file may lie.
pub(crate) fn measure(bytes: &[u8], bytes_max: u64) -> Result<(), ImportFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if PARTS_MAX < archive.len() {
        return Err(ImportFault::Bomb {
            max_mib: bytes_max >> 20,
        });
    }
    let mut room = bytes_max;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let taken =
            std::io::copy(&mut part.take(room + 1), &mut std::io::sink()).map_err(broken)?;
        if room < taken {
            return Err(ImportFault::Bomb {
                max_mib: bytes_max >> 20,
            });
        }
        room -= taken;
    }
    Ok(())
}

fn excel(bytes: &[u8]) -> Result<Vec<Row>, ImportFault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let name = names
        .iter()
        .find(|name| *name == SHEET)
        .or_else(|| names.first())
        .cloned();
    let name = name.ok_or_else(|| broken("no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let value = cell_of(cell.get_value());
        if value.text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if COLUMNS_MAX <= column {
            return Err(ImportFault::TooManyColumns { max: COLUMNS_MAX });
        }
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(Row {
                number,
                cells: Vec::new(),
            });
        }
        if ROWS_MAX < rows.len() {
            return Err(ImportFault::TooManyRows { max: ROWS_MAX });
        }
        if let Some(last) = rows.last_mut() {
            last.cells
                .resize(last.cells.len().max(column + 1), Cell::default());
            last.cells[column] = value;
        }
    }
    Ok(rows)
}

/// Whole numbers beyond this lose digits in a spreadsheet.
const EXACT_MAX: f64 = 999_999_999_999_999.0;

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Int(number) => text_cell(&number.to_string()),
        DataRef::Float(number) => Cell {
            text: number.to_string(),
            damaged: EXACT_MAX < number.abs(),
        },
        DataRef::Empty => Cell::default(),
        other => text_cell(&Data::from(other.clone()).to_string()),
    }
}

/// Trims, and takes away the apostrophe that keeps a spreadsheet from calculating.
fn text_cell(text: &str) -> Cell {
    let text = text.trim();
    let quoted = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    Cell {
        text: quoted.unwrap_or(text).to_owned(),
        damaged: false,
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, ImportFault> {
    let encoding = |found: &str| ImportFault::Encoding {
        found: found.to_owned(),
    };
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(encoding("UTF-16")),
        [b'%', b'P', b'D', b'F', ..] => return Err(ImportFault::NotATable),
        _ if bytes.contains(&0) => return Err(ImportFault::NotATable),
        _ => {}
    }
    let bare = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bare) {
        Ok(text) if text.trim_start().starts_with('<') => Err(ImportFault::NotATable),
        Ok(text) => Ok(text),
        // A file cut off inside a character is not in another encoding.
        Err(fault) if fault.error_len().is_none() => Err(ImportFault::CutOff),
        Err(_) if looks_like_gbk(bare) => Err(encoding("GBK")),
        Err(_) => Err(encoding("?")),
    }
}

/// Whether all bytes beyond ASCII form pairs or quadruples of GB 18030.
fn looks_like_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return true,
            [0..=0x7f, rest @ ..] => rest,
            [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, rest @ ..] => rest,
            [
                0x81..=0xfe,
                0x30..=0x39,
                0x81..=0xfe,
                0x30..=0x39,
                rest @ ..,
            ] => rest,
            // The last character may be cut off.
            [0x81..=0xfe] => return true,
            _ => return false,
        };
    }
}

fn delimited(text: &str) -> Result<Vec<Row>, ImportFault> {
    let heading = text.lines().next().unwrap_or_default();
    let count = |sign: u8| heading.bytes().filter(|byte| *byte == sign).count();
    let delimiter = [b',', b'\t', b';']
        .into_iter()
        .rev()
        .max_by_key(|sign| count(*sign));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|fault| ImportFault::Csv {
            reason: fault.to_string(),
        })?;
        if COLUMNS_MAX < record.len() {
            return Err(ImportFault::TooManyColumns { max: COLUMNS_MAX });
        }
        if ROWS_MAX < rows.len() {
            return Err(ImportFault::TooManyRows { max: ROWS_MAX });
        }
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(Row {
            number: u32::try_from(line).unwrap_or(u32::MAX),
            cells: record.iter().map(text_cell).collect(),
        });
    }
    Ok(rows)
}
