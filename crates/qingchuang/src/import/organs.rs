//! `import organs`: the hall itself and the departments behind its windows.

use codes::{RegionCode, RegionTable, Standing};
use db::{Db, Tx};
use identity::{NewOrgan, OrganKind};
use kernel::{Actor, Fault};

use super::sheet::Sheet;
use super::{Line, Note, Report, State, sheet};
use crate::cli::tongue::Tongue;

const NEEDED: [&str; 5] = ["uscc", "name", "dept4", "region6", "kind"];

/// Takes a list of organs in.
///
/// # Errors
/// [`Fault::Invalid`] when the file is no such list; [`Fault::Unavailable`].
pub fn import(db: &Db, tongue: &Tongue, bytes: &[u8]) -> Result<Report, Fault> {
    let sheet = Sheet::read(bytes, &NEEDED)?;
    let regions = db.read(operations::regions)?;
    let mut report = Report::default();
    for line in sheet.lines() {
        report.add(row(db, tongue, &regions, &line)?);
    }
    Ok(report)
}

fn row(
    db: &Db,
    tongue: &Tongue,
    regions: &RegionTable,
    line: &sheet::Line<'_>,
) -> Result<Line, Fault> {
    let mut told = Line {
        row: line.number,
        key: line.text("uscc").to_owned(),
        state: State::Refused,
        notes: Vec::new(),
    };
    if let Some(column) = line.damaged() {
        let column = sheet::heading_of(tongue.lang, column);
        told.notes
            .push(Note::at(tongue, &column, "cli.digits_lost", &[]));
        return Ok(told);
    }
    let Some(kind) = kind(line.text("kind")) else {
        let column = sheet::heading_of(tongue.lang, "kind");
        told.notes
            .push(Note::at(tongue, &column, "cli.organ_kind", &[]));
        return Ok(told);
    };
    let short = line.text("short_name");
    let new = NewOrgan {
        uscc: line.text("uscc").to_uppercase(),
        name: line.text("name").to_owned(),
        short_name: if short.is_empty() {
            line.text("name").to_owned()
        } else {
            short.to_owned()
        },
        dept4: line.text("dept4").to_owned(),
        region6: line.text("region6").to_owned(),
        kind,
    };
    if let Some(note) = region_note(tongue, regions, &new.region6) {
        told.notes.push(note);
    }
    match db.write(db.cause(Actor::system()), move |tx| take(tx, &new)) {
        Ok(Taken::Ended(state)) => told.state = state,
        Ok(Taken::CodesStay) => {
            told.notes
                .push(Note::new(tongue, "cli.organ_codes_stay", &[]));
        }
        Err(fault) => told.notes.extend(Note::of_fault(tongue, fault)?),
    }
    Ok(told)
}

/// A new organ is added, one of other names is renamed; codes stay, because case numbers carry
/// them.
fn take(tx: &mut Tx<'_>, new: &NewOrgan) -> Result<Taken, Fault> {
    let Some(old) = identity::organ_by_uscc(tx, &new.uscc)? else {
        return identity::add_organ(tx, new).map(|_| Taken::Ended(State::Imported));
    };
    let dept4 = new.dept4.trim().to_uppercase();
    if old.dept4 != dept4 || !new.region6.starts_with(&old.region6) || old.kind != new.kind {
        return Ok(Taken::CodesStay);
    }
    if (&old.name, &old.short_name) == (&new.name, &new.short_name) {
        return Ok(Taken::Ended(State::Unchanged));
    }
    identity::closure::rename_organ(tx, old.id, &new.name, &new.short_name)?;
    Ok(Taken::Ended(State::Changed))
}

/// How a row ended.
enum Taken {
    Ended(State),
    /// It has other codes than the organ in the hall.
    CodesStay,
}

/// A region that the list of regions does not know, or that was abolished, is taken and told.
fn region_note(tongue: &Tongue, regions: &RegionTable, typed: &str) -> Option<Note> {
    let code = RegionCode::parse(typed).ok()?;
    let key = match regions.standing(&code) {
        Standing::Current => return None,
        Standing::Abolished => "cli.region_abolished",
        Standing::Unlisted => "cli.region_unlisted",
    };
    Some(Note::new(tongue, key, &[("code", typed.to_owned())]))
}

fn kind(word: &str) -> Option<OrganKind> {
    match word.trim().to_lowercase().as_str() {
        "hall" | "政务服务中心" | "大厅" => Some(OrganKind::Hall),
        "department" | "部门" => Some(OrganKind::Department),
        _ => None,
    }
}
