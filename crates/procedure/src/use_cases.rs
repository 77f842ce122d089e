//! The use cases: gather facts, perform, keep the file. Pages, the interface and the roof call
//! them.

use std::collections::BTreeSet;
use std::sync::Arc;

use db::Tx;
use decision::Rules;
use jiff::civil::Date;
use kernel::{Fault, Problem};
use ledger::VersionStatus;
use ledger::lifecycle::{self, Done};
use seal::{Digest32, Suite};

use crate::decide::{Command, Event, Facts};
use crate::edition::is_shipped;
use crate::examine::{Around, Examined, FILE_BYTES_MAX, ItemUse, examine};
use crate::model::{EditionName, Kind, Procedure, ProcedureId, ProcedureName};
use crate::store::{self, Kept};

/// What the room asks of the rooms above it, lent by the roof.
pub trait Neighbours: Send + Sync {
    /// The items in force that name a procedure.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn items(&self, tx: &mut Tx<'_>, name: &str) -> Result<Vec<ItemUse>, Fault>;
    /// Who holds which post in the departments whose items name a procedure.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn staff(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
    ) -> Result<Vec<(String, process::Assignment)>, Fault>;
}

/// The neighbours as they are lent.
pub struct Hall(pub Arc<dyn Neighbours>);

fn digest(file: &str) -> Digest32 {
    seal::digest::hash(Suite::ShangMi, file.as_bytes())
}

/// The drawn procedure of a name; none where only the shipped file stands.
///
/// # Errors
/// As [`Tx::query`].
pub fn find(tx: &mut Tx<'_>, name: &ProcedureName) -> Result<Option<Procedure>, Fault> {
    store::by_name(tx, name)
}

/// The drawn procedures, by name, after one.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(tx: &mut Tx<'_>, after: &str, most: usize) -> Result<Vec<Procedure>, Fault> {
    store::list(tx, after, most)
}

fn known(tx: &mut Tx<'_>, name: &ProcedureName) -> Result<Procedure, Fault> {
    find(tx, name)?.ok_or(Fault::NotFound { what: "procedure" })
}

/// A file with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name and version.
    pub name: EditionName,
    /// What it is.
    pub kind: Kind,
    /// The XML.
    pub file: String,
}

/// The file of a version, shipped or drawn, whatever its standing.
///
/// # Errors
/// [`Fault::NotFound`]; [`Fault::Broken`] when the file is not the one in the ledger.
pub fn source(tx: &mut Tx<'_>, name: &EditionName) -> Result<Source, Fault> {
    let shipped = process::procedures::find(name.name.as_str());
    if let Some(shipped) = shipped.filter(|_| name.number == 1) {
        return Ok(Source {
            name: name.clone(),
            kind: Kind::Process,
            file: shipped.xml.to_owned(),
        });
    }
    let drawn = known(tx, &name.name)?;
    let file = file_of(tx, &drawn, name.number)?;
    Ok(Source {
        name: name.clone(),
        kind: drawn.kind,
        file: file.ok_or(Fault::NotFound { what: "procedure" })?,
    })
}

fn file_of(tx: &mut Tx<'_>, drawn: &Procedure, number: u32) -> Result<Option<String>, Fault> {
    let Some(version) = drawn.versions.version(number) else {
        return Ok(None);
    };
    let Some(kept) = store::file(tx, drawn.id, number)? else {
        return Ok(None);
    };
    if digest(&kept.file) != version.digest {
        return Err(Fault::broken("a procedure is not the one in the ledger"));
    }
    Ok(Some(kept.file))
}

/// The file of a version that was published, be it withdrawn since.
pub(crate) fn published_file(tx: &mut Tx<'_>, name: &EditionName) -> Result<Option<String>, Fault> {
    let Some(drawn) = find(tx, &name.name)? else {
        return Ok(None);
    };
    let version = drawn.versions.version(name.number);
    let stood = |status| matches!(status, VersionStatus::Published | VersionStatus::Withdrawn);
    match version.filter(|version| stood(version.status)) {
        Some(_) => file_of(tx, &drawn, name.number),
        None => Ok(None),
    }
}

/// The decision table of this name in force on a day; none when there is none.
///
/// # Errors
/// [`Fault::Broken`] when a published file cannot be read.
pub fn rules(tx: &mut Tx<'_>, name: &ProcedureName, on: Date) -> Result<Option<Rules>, Fault> {
    let drawn = find(tx, name)?.filter(|drawn| drawn.kind == Kind::Decision);
    let Some(drawn) = drawn else {
        return Ok(None);
    };
    let Some(number) = drawn.versions.in_force(on).map(|version| version.number) else {
        return Ok(None);
    };
    let file = file_of(tx, &drawn, number)?;
    let rules = file.map(|file| Rules::parse(&file).map_err(Fault::broken));
    rules.transpose()
}

/// What rests on a procedure of this name, and who works by it.
///
/// # Errors
/// As [`Tx::query`].
pub fn around(tx: &mut Tx<'_>, name: &ProcedureName) -> Result<Around, Fault> {
    let hall = tx.thing::<Hall>()?;
    let today = tx.today();
    let (mut longest_before, mut posts_before) = (None, BTreeSet::new());
    if let Some(before) = crate::in_force(tx, name, today)? {
        let source = source(tx, &before)?;
        let definitions = process::parse(source.file.as_bytes()).ok();
        if let Some(process) = definitions.as_ref().and_then(process::Definitions::main) {
            longest_before = Some(process::span_to_decision(process).longest);
            let posts = process
                .nodes()
                .iter()
                .filter_map(|node| node.task.post.as_deref());
            posts_before = posts.map(str::to_owned).collect();
        }
    }
    Ok(Around {
        items: hall.0.items(tx, name.as_str())?,
        longest_before,
        posts_before,
        staff: hall.0.staff(tx, name.as_str())?,
    })
}

/// Examines a file as if it were a version of this name.
///
/// # Errors
/// As [`Tx::query`].
pub fn look(
    tx: &mut Tx<'_>,
    name: &ProcedureName,
    kind: Kind,
    file: &str,
) -> Result<Examined, Fault> {
    let around = around(tx, name)?;
    Ok(examine(kind, file.as_bytes(), &around))
}

/// Reads a file that is to be kept: drafts may be wrong, but everybody must be able to see them.
fn readable(kind: Kind, file: &str) -> Result<Kept, Fault> {
    if FILE_BYTES_MAX < file.len() as u64 {
        let limit = FILE_BYTES_MAX;
        return Err(Fault::TooLarge { limit });
    }
    let examined = examine(kind, file.as_bytes(), &Around::default());
    if !examined.readable {
        let why = examined.findings.first();
        let said = |of: fn(&process::Finding) -> &String| why.map(of).cloned().unwrap_or_default();
        return Err(Fault::Invalid(vec![Problem {
            field: "file".to_owned(),
            code: "procedure.unreadable",
            params: vec![("zh", said(|one| &one.zh)), ("en", said(|one| &one.en))],
        }]));
    }
    Ok(Kept {
        label: examined.label,
        label_en: examined.label_en,
        file: file.to_owned(),
    })
}

fn begin(
    tx: &mut Tx<'_>,
    name: ProcedureName,
    kind: Kind,
    copied_from: Option<EditionName>,
    file: &str,
) -> Result<EditionName, Fault> {
    if find(tx, &name)?.is_some() {
        return Err(Fault::Conflict { what: "procedure" });
    }
    let kept = readable(kind, file)?;
    let number = if is_shipped(name.as_str()) { 2 } else { 1 };
    let id: ProcedureId = tx.new_id();
    let begun = Event::Begun {
        name: name.clone(),
        kind,
        copied_from,
        number,
        digest: digest(file),
    };
    lifecycle::open::<Procedure>(tx, id, vec![begun])?;
    store::put_file(tx, id, number, &kept)?;
    Ok(EditionName { name, number })
}

/// Begins a procedure or a decision table of its own from a file.
///
/// # Errors
/// [`Fault::Conflict`] when there is one of this name, [`Fault::Invalid`] for a file that cannot
/// be read.
pub fn draw(
    tx: &mut Tx<'_>,
    name: &ProcedureName,
    kind: Kind,
    file: &str,
) -> Result<EditionName, Fault> {
    if is_shipped(name.as_str()) {
        return Err(Fault::Conflict { what: "procedure" });
    }
    begin(tx, name.clone(), kind, None, file)
}

/// Copies a version under another name, to be changed there.
///
/// # Errors
/// [`Fault::NotFound`], or [`Fault::Conflict`] when the name is taken.
pub fn copy(
    tx: &mut Tx<'_>,
    from: &EditionName,
    name: &ProcedureName,
) -> Result<EditionName, Fault> {
    if is_shipped(name.as_str()) {
        return Err(Fault::Conflict { what: "procedure" });
    }
    let source = source(tx, from)?;
    begin(
        tx,
        name.clone(),
        source.kind,
        Some(from.clone()),
        &source.file,
    )
}

/// Begins the next version of a procedure with this file.
///
/// # Errors
/// The rule that says no, [`Fault::NotFound`], [`Fault::Invalid`] for a file that cannot be read.
pub fn draft(tx: &mut Tx<'_>, name: &ProcedureName, file: &str) -> Result<EditionName, Fault> {
    let Some(drawn) = find(tx, name)? else {
        if !is_shipped(name.as_str()) {
            return Err(Fault::NotFound { what: "procedure" });
        }
        let first = EditionName {
            name: name.clone(),
            number: 1,
        };
        return begin(tx, name.clone(), Kind::Process, Some(first), file);
    };
    let kept = readable(drawn.kind, file)?;
    let digest = digest(file);
    let facts = facts(tx, &drawn.name, 0)?;
    let done = lifecycle::perform::<Procedure>(tx, drawn.id, Command::Draft { digest }, &facts)?;
    let number = done
        .record
        .versions
        .latest()
        .map_or(1, |latest| latest.number);
    store::put_file(tx, drawn.id, number, &kept)?;
    Ok(drawn.edition_name(number))
}

/// Begins the next version of a procedure with the file of another of its versions.
///
/// # Errors
/// As [`draft`].
pub fn draft_again(tx: &mut Tx<'_>, from: &EditionName) -> Result<EditionName, Fault> {
    let source = source(tx, from)?;
    draft(tx, &from.name, &source.file)
}

/// Gives a version that is not published yet another file.
///
/// # Errors
/// As [`draft`].
pub fn edit(tx: &mut Tx<'_>, name: &EditionName, file: &str) -> Result<(), Fault> {
    let drawn = known(tx, &name.name)?;
    let kept = readable(drawn.kind, file)?;
    let command = Command::Edit {
        number: name.number,
        digest: digest(file),
    };
    let facts = facts(tx, &drawn.name, 0)?;
    let done = lifecycle::perform::<Procedure>(tx, drawn.id, command, &facts)?;
    if done.events.is_empty() {
        return Ok(());
    }
    store::put_file(tx, drawn.id, name.number, &kept)
}

fn facts(tx: &mut Tx<'_>, name: &ProcedureName, errors: usize) -> Result<Facts, Fault> {
    Ok(Facts {
        today: tx.today(),
        errors,
        items: tx.thing::<Hall>()?.0.items(tx, name.as_str())?.len(),
        shipped: is_shipped(name.as_str()),
    })
}

fn examined_facts(tx: &mut Tx<'_>, name: &EditionName) -> Result<(Procedure, Facts), Fault> {
    let drawn = known(tx, &name.name)?;
    let file = file_of(tx, &drawn, name.number)?;
    let errors = match file {
        Some(file) => look(tx, &name.name, drawn.kind, &file)?.errors(),
        None => 0,
    };
    let facts = facts(tx, &name.name, errors)?;
    Ok((drawn, facts))
}

/// Records that a draft is free of errors.
///
/// # Errors
/// `procedure.not_publishable`, or another rule that says no.
pub fn check(tx: &mut Tx<'_>, name: &EditionName) -> Result<Done<Procedure>, Fault> {
    let (drawn, facts) = examined_facts(tx, name)?;
    let number = name.number;
    lifecycle::perform::<Procedure>(tx, drawn.id, Command::Check { number }, &facts)
}

/// Puts a version in force from a day on; whatever is wrong with it, nothing is published.
///
/// # Errors
/// The rule that says no.
pub fn publish(
    tx: &mut Tx<'_>,
    name: &EditionName,
    effective: Date,
) -> Result<Done<Procedure>, Fault> {
    let (drawn, facts) = examined_facts(tx, name)?;
    let number = name.number;
    let command = Command::Publish { number, effective };
    lifecycle::perform::<Procedure>(tx, drawn.id, command, &facts)
}

/// Takes a published version out of force; running cases keep it.
///
/// # Errors
/// The rule that says no: not published, or items rest on it and nothing would be left.
pub fn withdraw(tx: &mut Tx<'_>, name: &EditionName) -> Result<Done<Procedure>, Fault> {
    let drawn = known(tx, &name.name)?;
    let facts = facts(tx, &name.name, 0)?;
    let number = name.number;
    lifecycle::perform::<Procedure>(tx, drawn.id, Command::Withdraw { number }, &facts)
}
