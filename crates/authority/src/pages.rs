//! HTML: sheets of the room (see `sheet`), and the one way in which their forms are carried out.

pub(crate) mod cases;
pub(crate) mod chiefs;
pub(crate) mod grades;
pub(crate) mod handovers;
pub(crate) mod powers;
pub(crate) mod public;
pub(crate) mod sittings;
pub(crate) mod tables;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use web::parts::{Choice, Link};
use web::{Again, App, Failure, Form, Officer, OnceToken, ReadForm, Reply, Shell, redirect};

use crate::sheet::Sheet;

/// A form that an officer sent, with the door that it came through.
pub(crate) struct Sent<F> {
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<F>,
}

impl<F: ReadForm + Send> FromRequest<App> for Sent<F> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let by = Officer::from_request_parts(&mut parts, app).await?;
        let shell = Shell::from_request_parts(&mut parts, app).await?;
        let once = OnceToken::from_request_parts(&mut parts, app).await?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self {
            app: app.clone(),
            by,
            shell,
            once,
            form,
        })
    }
}

/// How a page is made once more, with the form that came back.
type Remake = fn(&mut Tx<'_>, &Officer, &Shell, Uuid) -> Result<Sheet, Fault>;

impl<F: Send + Sync + 'static> Sent<F> {
    /// Does what was asked and goes where the work says; when fields are wrong or a rule says no,
    /// the page of the record comes back with the form as typed. `record` is nil where there is
    /// none.
    pub(crate) async fn then(
        self,
        record: Uuid,
        said: &'static str,
        remake: Remake,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<String, Fault> + Send + 'static,
    ) -> Reply<Response> {
        let seen = self.form.fields.revision();
        let work = move |tx: &mut Tx<'_>, by: &Officer, asked: &F| {
            if !record.is_nil() {
                unchanged(tx, record, seen)?;
            }
            work(tx, by, asked)
        };
        self.about(record, said, remake, work).await
    }

    /// As [`Sent::then`], for a record that others change while this page is open: what was seen of
    /// it does not matter.
    pub(crate) async fn about(
        self,
        record: Uuid,
        said: &'static str,
        remake: Remake,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<String, Fault> + Send + 'static,
    ) -> Reply<Response> {
        let typed = self.form.fields;
        let done = match self.form.command {
            Ok(asked) => {
                let by = self.by.clone();
                let work = move |tx: &mut Tx<'_>| work(tx, &by, &asked);
                self.app.write_once(&self.by, &self.once, work).await
            }
            Err(fault) => Err(fault),
        };
        match done {
            Ok(onward) => {
                let back = redirect(onward).flash(self.shell.t(said));
                Ok(back.into_response())
            }
            Err(fault) => {
                let again = Again::of(fault, &self.shell, field_of)?;
                let (by, shell) = (self.by, self.shell.clone());
                let sheet = self
                    .app
                    .read(move |tx| remake(tx, &by, &shell, record))
                    .await?;
                sheet.again(self.shell, &typed, &again)
            }
        }
    }
}

fn unchanged(tx: &mut Tx<'_>, record: Uuid, seen: i64) -> Result<(), Fault> {
    ledger::unchanged_since(tx, crate::model::TableId::from_uuid(record), seen)
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "authority.bounds_reversed" => "up_to",
        "authority.amount_without_item" => "item",
        "authority.no_such_field" => "field",
        "authority.in_the_past" | "authority.later_version" => "from",
        "authority.period_reversed" => "until",
        "authority.nothing_listed"
        | "authority.not_their_item"
        | "authority.on_another_list"
        | "authority.sub_delegation"
        | "authority.already_given" => "items",
        "authority.own_power" | "authority.not_a_decider" | "authority.already_chief" => "officer",
        "authority.not_an_organ" | "authority.same_organ" => "to_organ",
        "authority.quorum_too_small" => "quorum",
        "authority.too_few_members" | "authority.not_a_member" => "members",
        "authority.chair_absent" | "authority.no_quorum" => "present",
        "authority.same_side" => "receiver",
        _ => return None,
    })
}

/// The newest revision of a record, for the forms of its page.
fn revision<I: TypedId>(tx: &mut Tx<'_>, id: I) -> Result<i64, Fault> {
    let lines = ledger::lines_of(tx, id)?;
    Ok(lines.last().map_or(0, |line| line.revision))
}

/// The tabs of the desk.
fn tabs(shell: &Shell, here: &str) -> Vec<Link> {
    let all = [
        ("/desk/authority", "authority.tab_tables"),
        ("/desk/authority/chiefs", "authority.tab_chiefs"),
        ("/desk/authority/committee", "authority.tab_committee"),
        ("/desk/authority/powers", "authority.tab_powers"),
        ("/desk/authority/handovers", "authority.tab_handovers"),
    ];
    let tab = |(href, key): (&str, &str)| Link {
        current: href == here,
        ..Link::to(href, shell.t(key))
    };
    all.map(tab).into()
}

fn words<W: std::fmt::Display>(shell: &Shell, group: &str, word: W) -> String {
    shell.t(&format!("authority.{group}_{word}")).to_owned()
}

fn officer_name(tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault> {
    identity::officer_name(tx, id)
}

fn organ_name(tx: &mut Tx<'_>, id: OrganId) -> Result<String, Fault> {
    Ok(identity::organ(tx, id)?.short_name)
}

/// Organs to choose from.
fn organ_choices(tx: &mut Tx<'_>, chosen: Option<OrganId>) -> Result<Vec<Choice>, Fault> {
    let all = identity::organs(tx)?;
    let chosen = chosen.map(|organ| organ.to_string()).unwrap_or_default();
    let pairs = all.into_iter().map(|one| (one.id.to_string(), one.name));
    Ok(Choice::list(pairs, &chosen))
}

/// Everybody who holds a post of one of these roles today, by organ and name.
fn officer_choices(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    roles: &[web::Role],
) -> Result<Vec<Choice>, Fault> {
    let today = tx.today();
    let mut found: Vec<(String, String)> = Vec::new();
    for one in identity::appointments(tx)? {
        if today < one.from || one.until.is_some_and(|until| until < today) {
            continue;
        }
        let post = identity::post(tx, one.post)?;
        let fits = roles.iter().any(|role| post.roles.contains(role));
        if !fits || organ.is_some_and(|organ| organ != post.organ) {
            continue;
        }
        let name = officer_name(tx, one.officer)?;
        let organ = organ_name(tx, post.organ)?;
        found.push((
            one.officer.to_string(),
            format!("{name}（{organ} {}）", post.name),
        ));
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found.dedup_by(|one, other| one.0 == other.0);
    Ok(Choice::list(found, ""))
}

/// A period in words; an open end says so.
fn period(
    shell: &Shell,
    from: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    match (day(from), day(until)) {
        (None, _) => shell.t("authority.not_in_force").to_owned(),
        (Some(from), None) => shell.say("authority.since", &[("from", from)]),
        (Some(from), Some(until)) => {
            shell.say("authority.between", &[("from", from), ("until", until)])
        }
    }
}
