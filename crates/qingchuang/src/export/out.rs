//! Where an export goes: standard output, or a file that appears when it is whole; and rows as
//! CSV, Excel or JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rust_xlsxwriter::{Workbook, Worksheet};

/// The most rows that a sheet can hold under its heading.
pub const SHEET_ROWS_MAX: u32 = 1_048_575;

/// Where bytes go.
pub enum Out {
    /// A file under another name until it is whole.
    File {
        /// The bytes.
        writer: BufWriter<File>,
        /// The name while it is written.
        part: PathBuf,
        /// The name it gets.
        path: PathBuf,
    },
    /// Standard output.
    Screen(BufWriter<std::io::Stdout>),
}

impl Out {
    /// Begins a file, readable by its owner alone, or standard output.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn to(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Screen(BufWriter::new(std::io::stdout())));
        };
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part);
        let file = file.with_context(|| format!("cannot make {}", part.display()))?;
        Ok(Self::File {
            writer: BufWriter::new(file),
            part,
            path: path.to_owned(),
        })
    }

    /// Gives the file its name, after everything lies on the disk.
    ///
    /// # Errors
    /// When the disk cannot take it.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.flush()?;
        if let Self::File { writer, part, path } = &self {
            writer.get_ref().sync_all()?;
            std::fs::rename(part, path)
                .with_context(|| format!("cannot make {}", path.display()))?;
        }
        Ok(())
    }

    /// Takes a file away that will not be finished.
    pub fn abandon(self) {
        if let Self::File { part, .. } = &self
            && let Err(error) = std::fs::remove_file(part)
        {
            tracing::warn!(%error, "an unfinished export could not be removed");
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File { writer, .. } => writer.write(bytes),
            Self::Screen(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File { writer, .. } => writer.flush(),
            Self::Screen(writer) => writer.flush(),
        }
    }
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated, UTF-8 with the mark by which Excel knows it.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// A JSON array of objects.
    Json,
}

/// Rows on their way out.
pub enum Rows<'o> {
    /// As CSV.
    Csv(Box<csv::Writer<&'o mut Out>>),
    /// As JSON; whether a row was written.
    Json(&'o mut Out, Vec<&'static str>, bool),
    /// As Excel; the next row.
    Xlsx(&'o mut Out, Box<Workbook>, u32),
}

impl<'o> Rows<'o> {
    /// Begins with the names of the columns: for people in tables, for machines in JSON.
    ///
    /// # Errors
    /// When the output is gone.
    pub fn begin(
        format: Format,
        out: &'o mut Out,
        names: Vec<&'static str>,
        headings: &[String],
    ) -> anyhow::Result<Self> {
        match format {
            Format::Csv => {
                out.write_all("\u{feff}".as_bytes())?;
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(headings)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Json => {
                out.write_all(b"[")?;
                Ok(Self::Json(out, names, false))
            }
            Format::Xlsx => {
                let mut book = Box::new(Workbook::new());
                let sheet = book.add_worksheet();
                line(sheet, 0, headings)?;
                sheet.set_freeze_panes(1, 0)?;
                Ok(Self::Xlsx(out, book, 1))
            }
        }
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the output is gone, or a sheet is full.
    pub fn row(&mut self, values: &[String]) -> anyhow::Result<()> {
        match self {
            Self::Csv(writer) => {
                writer.write_record(values.iter().map(|value| harmless(value)))?;
            }
            Self::Json(out, names, begun) => {
                let object: serde_json::Map<String, serde_json::Value> = names
                    .iter()
                    .zip(values)
                    .map(|(name, value)| ((*name).to_owned(), json(value)))
                    .collect();
                out.write_all(if *begun { b",\n" } else { b"\n" })?;
                serde_json::to_writer(&mut **out, &object)?;
                *begun = true;
            }
            Self::Xlsx(_, book, next) => {
                anyhow::ensure!(
                    *next <= SHEET_ROWS_MAX,
                    "a sheet holds {SHEET_ROWS_MAX} rows; export as CSV instead"
                );
                line(book.worksheet_from_index(0)?, *next, values)?;
                *next += 1;
            }
        }
        Ok(())
    }

    /// Ends the rows.
    ///
    /// # Errors
    /// When the output is gone.
    pub fn end(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush()?,
            Self::Json(out, ..) => out.write_all(b"\n]\n")?,
            Self::Xlsx(out, mut book, _) => out.write_all(&book.save_to_buffer()?)?,
        }
        Ok(())
    }
}

fn line(sheet: &mut Worksheet, row: u32, values: &[String]) -> anyhow::Result<()> {
    for (column, value) in (0..).zip(values).filter(|(_, value)| !value.is_empty()) {
        sheet.write_string(row, column, value)?;
    }
    Ok(())
}

fn json(value: &str) -> serde_json::Value {
    if value.is_empty() {
        serde_json::Value::Null
    } else {
        value.into()
    }
}

/// Keeps a spreadsheet from taking a text for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
