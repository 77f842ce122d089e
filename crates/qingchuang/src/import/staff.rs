//! `import users`: officers with their posts. First passwords are drawn and must be changed.

use std::collections::BTreeSet;

use db::{Db, Tx};
use identity::{NewOfficer, Organ};
use jiff::civil::Date;
use kernel::{Actor, Fault, OfficerId, OrganId, PostId};
use web::Role;

use super::sheet::Sheet;
use super::{Line, Note, Report, State, sheet};
use crate::cli::tongue::Tongue;
use crate::passwords::{Drawn, draw};

const NEEDED: [&str; 4] = ["login", "person", "organ", "post"];

/// Takes a list of staff in; answers the passwords that were drawn, too.
///
/// # Errors
/// [`Fault::Invalid`] when the file is no such list; [`Fault::Unavailable`].
pub fn import(db: &Db, tongue: &Tongue, bytes: &[u8]) -> Result<(Report, Vec<Drawn>), Fault> {
    let sheet = Sheet::read(bytes, &NEEDED)?;
    let organs = db.read(identity::organs)?;
    let mut report = Report::default();
    let mut drawn = Vec::new();
    for line in sheet.lines() {
        report.add(row(db, tongue, &organs, &line, &mut drawn)?);
    }
    Ok((report, drawn))
}

/// What a row asks for, as far as it can be read.
#[derive(Clone)]
struct Wanted {
    login: String,
    name: String,
    organ: OrganId,
    post: String,
    roles: BTreeSet<Role>,
    from: Option<Date>,
}

fn row(
    db: &Db,
    tongue: &Tongue,
    organs: &[Organ],
    line: &sheet::Line<'_>,
    drawn: &mut Vec<Drawn>,
) -> Result<Line, Fault> {
    let mut told = Line {
        row: line.number,
        key: line.text("login").to_owned(),
        state: State::Refused,
        notes: Vec::new(),
    };
    let wanted = match read(tongue, organs, line) {
        Ok(wanted) => wanted,
        Err(notes) => {
            told.notes = notes;
            return Ok(told);
        }
    };
    let login = wanted.login.clone();
    let known = db.read(|tx| identity::officer_by_login(tx, &login))?;
    if known.as_ref().is_some_and(|card| card.name != wanted.name) {
        told.notes
            .push(Note::new(tongue, "cli.login_of_another", &[]));
        return Ok(told);
    }
    let first = match known {
        Some(_) => None,
        None => match draw(db.clock(), &wanted.login) {
            Ok(first) => Some(first),
            Err(fault) => {
                told.notes = Note::of_fault(tongue, fault)?;
                return Ok(told);
            }
        },
    };
    let hash = first.as_ref().map(|(_, hash)| hash.clone());
    let done = db.write(db.cause(Actor::system()), move |tx| {
        take(tx, &wanted, hash.as_ref())
    });
    match done {
        Ok(done) => {
            told.state = done.state;
            if done.other_roles {
                told.notes
                    .push(Note::new(tongue, "cli.post_has_other_roles", &[]));
            }
            drawn.extend(first.map(|(drawn, _)| drawn));
        }
        Err(fault) => told.notes = Note::of_fault(tongue, fault)?,
    }
    Ok(told)
}

struct Done {
    state: State,
    other_roles: bool,
}

fn take(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    password: Option<&identity::PasswordHash>,
) -> Result<Done, Fault> {
    let known = identity::officer_by_login(tx, &wanted.login)?;
    let officer = match (known, password) {
        (Some(card), _) => card.id,
        (None, Some(password)) => {
            let new = NewOfficer {
                login: wanted.login.clone(),
                name: wanted.name.clone(),
                password: password.clone(),
            };
            let officer = identity::add_officer(tx, &new)?;
            identity::account::expect_own_password(tx, officer)?;
            officer
        }
        (None, None) => return Err(Fault::Conflict { what: "officer" }),
    };
    let (post, other_roles) = post_of(tx, wanted)?;
    let today = tx.today();
    let appointed = !holds(tx, officer, post)?;
    if appointed {
        identity::appoint(tx, officer, post, wanted.from.unwrap_or(today), None)?;
    }
    let state = match (password, appointed) {
        (Some(_), _) => State::Imported,
        (None, true) => State::Changed,
        (None, false) => State::Unchanged,
    };
    Ok(Done { state, other_roles })
}

/// The post of the organ by its name, made when the organ has none; and whether it has other
/// roles than the row says.
fn post_of(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<(PostId, bool), Fault> {
    let posts = identity::posts(tx)?;
    let known = posts
        .into_iter()
        .find(|post| post.organ == wanted.organ && post.name == wanted.post);
    match known {
        Some(post) => {
            let other = !wanted.roles.is_empty() && post.roles != wanted.roles;
            Ok((post.id, other))
        }
        None => {
            let roles = wanted.roles.clone();
            Ok((
                identity::add_post(tx, wanted.organ, &wanted.post, roles)?,
                false,
            ))
        }
    }
}

fn holds(tx: &mut Tx<'_>, officer: OfficerId, post: PostId) -> Result<bool, Fault> {
    let all = identity::appointments(tx)?;
    Ok(all
        .iter()
        .any(|one| one.officer == officer && one.post == post))
}

fn read(tongue: &Tongue, organs: &[Organ], line: &sheet::Line<'_>) -> Result<Wanted, Vec<Note>> {
    let mut notes = Vec::new();
    let note = |column: &str, code: &str, said: &str| {
        let column = sheet::heading_of(tongue.lang, column);
        Note::at(tongue, &column, code, &[("said", said.to_owned())])
    };
    if let Some(column) = line.damaged() {
        notes.push(note(column, "cli.digits_lost", ""));
    }
    for column in NEEDED {
        if line.text(column).is_empty() {
            notes.push(note(column, "field.required", ""));
        }
    }
    let said = line.text("organ");
    let is = |organ: &&Organ| {
        [&organ.uscc, &organ.name, &organ.short_name, &organ.dept4]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(said))
    };
    let organ = organs.iter().find(is).map(|organ| organ.id);
    if organ.is_none() && !said.is_empty() {
        notes.push(note("organ", "cli.organ_unknown", said));
    }
    let mut roles = BTreeSet::new();
    for word in words(line.text("roles")) {
        match role(tongue, word) {
            Some(role) if identity::decide::ADMINISTRATORS.contains(&role) => {
                notes.push(note("roles", "cli.administrators_not_by_list", word));
            }
            Some(role) => {
                roles.insert(role);
            }
            None => notes.push(note("roles", "cli.role_unknown", word)),
        }
    }
    let from = line.text("from");
    let day: Option<Date> = from.get(..10).unwrap_or(from).parse().ok();
    if day.is_none() && !from.is_empty() {
        notes.push(note("from", "cli.not_a_date", from));
    }
    match organ {
        Some(organ) if notes.is_empty() => Ok(Wanted {
            login: line.text("login").to_lowercase(),
            name: line.text("person").to_owned(),
            organ,
            post: line.text("post").to_owned(),
            roles,
            from: day,
        }),
        _ => Err(notes),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '，', '；', '、', '/', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// A role by its word, or by its name in either language.
fn role(tongue: &Tongue, word: &str) -> Option<Role> {
    let named = |role: &&Role| {
        let key = format!("role.{role}");
        role.as_str() == word || tongue.names(&key).contains(&word)
    };
    Role::ALL.iter().find(named).copied()
}
