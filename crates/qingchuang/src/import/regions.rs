//! `import regions`: a new list of GB/T 2260. What it leaves out is abolished and still resolves.

use std::collections::BTreeMap;

use codes::RegionCode;
use db::Db;
use kernel::{Actor, Fault};
use operations::RegionsTaken;

use super::sheet::Sheet;
use super::{Line, Note, Report, State, sheet};
use crate::cli::tongue::Tongue;

/// What a list did: the report of its rows, and what changed; nothing changes while a row is
/// refused, because a list with gaps would abolish what it lost.
pub struct Done {
    /// The rows.
    pub report: Report,
    /// What changed.
    pub taken: Option<RegionsTaken>,
}

/// Takes a list of regions in.
///
/// # Errors
/// [`Fault::Invalid`] when the file is no such list; as [`operations::take_regions`].
pub fn import(db: &Db, tongue: &Tongue, bytes: &[u8], version: &str) -> Result<Done, Fault> {
    let sheet = Sheet::read(bytes, &["code", "name"])?;
    let mut report = Report::default();
    let mut list: BTreeMap<RegionCode, String> = BTreeMap::new();
    for line in sheet.lines() {
        match read(tongue, &line) {
            Ok((code, name)) => {
                list.insert(code, name);
            }
            Err(note) => report.add(Line {
                row: line.number,
                key: line.text("code").to_owned(),
                state: State::Refused,
                notes: vec![note],
            }),
        }
    }
    if !report.ok {
        return Ok(Done {
            report,
            taken: None,
        });
    }
    let rows = list.len();
    let version = version.to_owned();
    let taken = db.write(db.cause(Actor::system()), move |tx| {
        operations::take_regions(tx, &version, &list)
    })?;
    report.imported = taken.added.len();
    report.changed = taken.renamed.len() + taken.abolished.len();
    report.unchanged = rows - taken.added.len() - taken.renamed.len();
    Ok(Done {
        report,
        taken: Some(taken),
    })
}

fn read(tongue: &Tongue, line: &sheet::Line<'_>) -> Result<(RegionCode, String), Note> {
    let column = |name: &str| sheet::heading_of(tongue.lang, name);
    let typed = line.text("code");
    let code = RegionCode::parse(typed).map_err(|error| {
        let reason = tongue.lang.pick(error.zh(), error.to_string());
        Note::at(
            tongue,
            &column("code"),
            "cli.wrong_code",
            &[("reason", reason)],
        )
    })?;
    if typed.len() != 6 {
        let reason = tongue.lang.pick("应为六位代码", "six digits are due");
        let reason = [("reason", reason.to_owned())];
        return Err(Note::at(tongue, &column("code"), "cli.wrong_code", &reason));
    }
    let name = line.text("name");
    if name.is_empty() {
        return Err(Note::at(tongue, &column("name"), "field.required", &[]));
    }
    Ok((code, name.to_owned()))
}
