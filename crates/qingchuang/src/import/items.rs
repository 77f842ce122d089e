//! `import items`: a table of items (CSV, Excel), or whole contents as `export items --format
//! json` writes them. Tables publish listed items as such; contents wait as drafts for an editor.

use catalogue::model::ItemContent;
use catalogue::{Imported, RowState};
use db::{Db, Tx};
use kernel::fault::Param;
use kernel::{Actor, Fault};

use super::{Line, Note, Report, State};
use crate::cli::tongue::Tongue;

/// Takes items in.
///
/// # Errors
/// [`Fault::Invalid`] when the file holds no items; [`Fault::Unavailable`].
pub fn import(db: &Db, tongue: &Tongue, bytes: &[u8], file: &str) -> Result<Report, Fault> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'[' | b'{')) {
        return contents(db, tongue, bytes);
    }
    let (bytes, file) = (bytes.to_vec(), file.to_owned());
    let done = db.write(db.cause(Actor::system()), move |tx| {
        catalogue::import_rows(tx, &bytes, &file)
    })?;
    Ok(of_table(tongue, &done))
}

fn of_table(tongue: &Tongue, done: &Imported) -> Report {
    let mut report = Report {
        ok: done.tally.refused == 0,
        imported: done.tally.new,
        changed: done.tally.changed,
        unchanged: done.tally.unchanged,
        warned: done.tally.warned,
        refused: done.tally.refused,
        rows: Vec::new(),
    };
    for row in &done.rows {
        let notes = row.notes.iter().map(|note| {
            let params: Vec<Param> = note.params.clone().into_iter().collect();
            match note.column {
                Some(column) => Note::at(tongue, column, note.code, &params),
                None => Note::new(tongue, note.code, &params),
            }
        });
        let mut notes: Vec<Note> = notes.collect();
        if row.state == RowState::Drafted {
            notes.push(Note::new(tongue, "cli.item_drafted", &[]));
        }
        report.rows.push(Line {
            row: row.row,
            key: row.code.clone(),
            state: match row.state {
                RowState::Published | RowState::Drafted => State::Imported,
                RowState::Unchanged => State::Unchanged,
                RowState::Refused => State::Refused,
            },
            notes,
        });
    }
    report
}

fn contents(db: &Db, tongue: &Tongue, bytes: &[u8]) -> Result<Report, Fault> {
    let not_items = |error: serde_json::Error| {
        let problem = kernel::Problem::new("file", "cli.not_json").with("reason", error);
        Fault::Invalid(vec![problem])
    };
    let read: serde_json::Value = serde_json::from_slice(bytes).map_err(not_items)?;
    let all = match read {
        serde_json::Value::Array(all) => all,
        one => vec![one],
    };
    let mut report = Report::default();
    for (row, one) in (1..).zip(all) {
        report.add(content(db, tongue, row, &one)?);
    }
    Ok(report)
}

fn content(db: &Db, tongue: &Tongue, row: u32, value: &serde_json::Value) -> Result<Line, Fault> {
    let mut told = Line {
        row,
        key: String::new(),
        state: State::Refused,
        notes: Vec::new(),
    };
    let bytes = serde_json::to_vec(value).map_err(Fault::broken)?;
    let content = match ItemContent::read(&bytes) {
        Ok(content) => content,
        Err(fault) => {
            let reason = [("reason", fault.to_string())];
            told.notes
                .push(Note::new(tongue, "cli.not_an_item", &reason));
            return Ok(told);
        }
    };
    content
        .codes
        .key()
        .unwrap_or_default()
        .clone_into(&mut told.key);
    let uscc = content.body.uscc.clone().unwrap_or_default();
    if db.read(|tx| identity::organ_by_uscc(tx, &uscc))?.is_none() {
        let said = [("said", uscc)];
        told.notes
            .push(Note::new(tongue, "cli.body_unknown", &said));
    }
    match db.write(db.cause(Actor::system()), move |tx| take(tx, &content)) {
        Ok(state) => told.state = state,
        Err(fault) => told.notes.extend(Note::of_fault(tongue, fault)?),
    }
    if matches!(told.state, State::Imported | State::Changed) {
        told.notes.push(Note::new(tongue, "cli.item_drafted", &[]));
    }
    Ok(told)
}

/// A new item gets a draft of its first version, a known one a draft of its next.
fn take(tx: &mut Tx<'_>, content: &ItemContent) -> Result<State, Fault> {
    let code = content.codes.key().unwrap_or_default();
    match catalogue::newest_by_code(tx, code)? {
        None => catalogue::new_item(tx, content).map(|_| State::Imported),
        Some((_, known)) if known == *content => Ok(State::Unchanged),
        Some((item, _)) => catalogue::take_content(tx, item, content).map(|_| State::Changed),
    }
}
