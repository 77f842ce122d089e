//! Rows with a heading: columns are named in Chinese or in English, in any order.

use catalogue::import::{Cell, Row, read_table};
use kernel::{Fault, Lang, Problem};

/// A column: its name for machines, in Chinese, in English.
pub type Column = (&'static str, &'static str, &'static str);

/// Every column that a list may have.
const ALL: &[Column] = &[
    ("uscc", "统一社会信用代码", "credit code"),
    ("name", "名称", "name"),
    ("short_name", "简称", "short name"),
    ("dept4", "部门代码", "department code"),
    ("region6", "行政区划代码", "region code"),
    ("kind", "类别", "kind"),
    ("login", "登录名", "login"),
    ("person", "姓名", "person"),
    ("organ", "机关", "organ"),
    ("post", "岗位", "post"),
    ("roles", "角色", "roles"),
    ("from", "任职日期", "from"),
    ("code", "代码", "code"),
];

/// The heading of a column, for people.
#[must_use]
pub fn heading_of(lang: Lang, column: &str) -> String {
    let found = ALL.iter().find(|(name, ..)| *name == column);
    found.map_or_else(
        || column.to_owned(),
        |(_, zh, en)| lang.pick(*zh, *en).to_owned(),
    )
}

/// A table whose columns are known.
pub struct Sheet {
    columns: Vec<Option<&'static str>>,
    rows: Vec<Row>,
}

/// One row of it.
pub struct Line<'s> {
    /// The row in the file, counted from 1.
    pub number: u32,
    sheet: &'s Sheet,
    cells: &'s [Cell],
}

impl Sheet {
    /// Reads CSV or Excel; the first row with content is the heading.
    ///
    /// # Errors
    /// [`Fault::Invalid`] on `file` when it is no table or lacks a column.
    pub fn read(bytes: &[u8], needed: &[&'static str]) -> Result<Self, Fault> {
        let rows = read_table(bytes).map_err(|fault| {
            Fault::Invalid(vec![Problem {
                field: "file".to_owned(),
                code: fault.code(),
                params: fault.params().into_iter().collect(),
            }])
        })?;
        let mut rows = rows.into_iter();
        let heading = rows.next().map(|row| row.cells).unwrap_or_default();
        let columns: Vec<Option<&'static str>> =
            heading.iter().map(|cell| column(&cell.text)).collect();
        let missing: Vec<String> = needed
            .iter()
            .filter(|name| !columns.contains(&Some(**name)))
            .map(|name| heading_of(Lang::Zh, name))
            .collect();
        if !missing.is_empty() {
            let problem = Problem::new("file", "import.heading");
            let problem = problem.with("missing", missing.join("、"));
            return Err(Fault::Invalid(vec![problem]));
        }
        Ok(Self {
            columns,
            rows: rows.collect(),
        })
    }

    /// The rows under the heading.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| Line {
            number: row.number,
            sheet: self,
            cells: &row.cells,
        })
    }
}

impl Line<'_> {
    /// The text of a column; empty where the row ends before it or the table lacks it.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        let at = self
            .sheet
            .columns
            .iter()
            .position(|found| *found == Some(column));
        let cell = at.and_then(|at| self.cells.get(at));
        cell.map_or("", |cell| cell.text.as_str())
    }

    /// A column whose number the spreadsheet rounded: its digits are lost.
    #[must_use]
    pub fn damaged(&self) -> Option<&'static str> {
        let pairs = self.sheet.columns.iter().zip(self.cells);
        pairs
            .filter(|(_, cell)| cell.damaged)
            .find_map(|(column, _)| *column)
    }
}

fn column(heading: &str) -> Option<&'static str> {
    let heading = heading.trim();
    let lower = heading.to_lowercase();
    let known = |column: &&Column| {
        let (name, zh, en) = **column;
        lower == name || heading == zh || lower == en
    };
    ALL.iter().find(known).map(|(name, ..)| *name)
}
