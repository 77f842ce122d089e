//! `import calendar`: a year's notice of days off and make-up days; running cases follow it.

use std::collections::BTreeMap;

use calendar::{CalendarError, Notice, NoticeKind, NoticeRow, Status, parse_rows};
use case::Moved;
use db::Db;
use kernel::{Actor, Fault};
use operations::{Refusal, Taken};
use seal::Suite;

/// What a notice did.
pub struct Done {
    /// The notice as it was taken.
    pub notice: Notice,
    /// Whether it is new.
    pub taken: Taken,
    /// The cases that were dated again.
    pub moved: Vec<Moved>,
}

/// What the command line says beside the file.
#[derive(Debug, Default)]
pub struct Said {
    /// The version of the calendar that results.
    pub version: Option<String>,
    /// Number or title of the notice.
    pub source: Option<String>,
    /// Whether it changes some days only.
    pub amendment: bool,
    /// Whether it is a guess that a later notice will replace.
    pub provisional: bool,
}

/// Reads a notice: rows `date,type,name`. The year is the one that most days are in; the version
/// follows from the content, so that the same file names the same version.
///
/// # Errors
/// [`CalendarError`] when a row cannot be read, there is none, or an official notice of a whole
/// year leaves a public holiday out.
pub fn read(text: &str, said: &Said) -> Result<Notice, CalendarError> {
    let rows = parse_rows(text)?;
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for row in &rows {
        *years.entry(row.date.year()).or_default() += 1;
    }
    let year = years.iter().max_by_key(|(_, days)| **days);
    let year = year.map_or(0, |(year, _)| *year);
    if year == 0 {
        return Err(CalendarError::NotJoined { year });
    }
    let version = match &said.version {
        Some(version) => version.trim().to_owned(),
        None => version_of(year, &rows, said),
    };
    let source = said.source.clone();
    let notice = Notice {
        version,
        source: source.unwrap_or_else(|| format!("国务院办公厅关于{year}年部分节假日安排的通知")),
        year,
        status: if said.provisional {
            Status::Provisional
        } else {
            Status::Official
        },
        kind: if said.amendment {
            NoticeKind::Amendment
        } else {
            NoticeKind::WholeYear
        },
        rows,
    };
    notice.is_whole()?;
    Ok(notice)
}

fn version_of(year: i16, rows: &[NoticeRow], said: &Said) -> String {
    let mut text = format!(
        "{:?} {} {}\n",
        said.source, said.amendment, said.provisional
    );
    for row in rows {
        text.push_str(&format!("{} {:?} {}\n", row.date, row.kind, row.name));
    }
    let digest = seal::digest::hash(Suite::ShangMi, text.as_bytes()).to_string();
    let mark = digest.get(..8).unwrap_or(&digest);
    format!("cn-{year}-{mark}")
}

/// Takes a notice in and dates every open case again.
///
/// # Errors
/// As [`operations::take_notice`] and [`case::redate_all`].
pub fn import(db: &Db, text: &str, said: &Said) -> Result<Done, Fault> {
    let notice = read(text, said).map_err(Refusal::NoticeWrong)?;
    let new = notice.clone();
    let taken = db.write(db.cause(Actor::system()), move |tx| {
        operations::take_notice(tx, &new)
    })?;
    let moved = crate::days::redate_now(db)?;
    Ok(Done {
        notice,
        taken,
        moved,
    })
}
