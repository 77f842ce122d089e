//! HTML for the desk: the offences of the organ, a new one, and one before whoever assesses it,
//! teaches, decides or looks again.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Problem};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::list;
use crate::model::{Harm, Offence, OffenceId, OffenceStatus};
use crate::pages::{act, tone};
use crate::use_cases::{self, NewOffence};

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
}

struct Row {
    href: String,
    act: String,
    party: String,
    found_on: String,
    outcome: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "leniency/desk_list.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    may_open: bool,
    start: String,
    onward: String,
}

fn row(tx: &mut Tx<'_>, shell: &Shell, one: &Offence) -> Result<Row, Fault> {
    let outcome = one.outcome;
    Ok(Row {
        href: format!("/desk/leniency/{}", one.id),
        act: act(shell, one.entry)?,
        party: identity::shown_name(tx, one.party)?,
        found_on: one.found_on.to_string(),
        outcome: outcome.map_or_else(String::new, |outcome| {
            shell.t(&format!("leniency.outcome_{outcome}")).to_owned()
        }),
        state: shell
            .t(&format!("leniency.state_{}", one.status))
            .to_owned(),
        tone: tone(one.status),
    })
}

pub(crate) async fn show_list(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let show = asked.show.parse().unwrap_or(OffenceStatus::Assessed);
    let (before, most) = (paging.after::<OffenceId>()?, paging.limit_and_one());
    let may_open = by.has(Role::Reviewer) || by.has(Role::LegalReviewer);
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::offences(tx, &by, show, before, most)? {
                rows.push((one.id, row(tx, &lang, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let here = format!("/desk/leniency?show={show}");
    let tabs = Link::tabs(OffenceStatus::ALL.iter().copied(), &show, |status| {
        Link::to(
            format!("/desk/leniency?show={status}"),
            shell.t(&format!("leniency.state_{status}")),
        )
    });
    page(&ListPage {
        tabs,
        onward: listed.onward(&here),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        may_open,
        start: paging.start(&here),
        shell,
    })
}

#[derive(Template)]
#[template(path = "leniency/desk_new.html")]
struct NewPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    entries: Vec<Choice>,
}

fn new_page(shell: Shell, typed: Fields, problems: Problems) -> Reply<NewPage> {
    let all = list::list()?.entries.iter().map(|one| {
        let label = format!("{}. {}", one.number, one.act.get(shell.lang));
        (one.number.to_string(), label)
    });
    let entries = Choice::list(all, typed.get("entry"));
    Ok(NewPage {
        entries,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_new(_app: App, _by: Officer, shell: Shell) -> Reply<Response> {
    page(&new_page(shell, Fields::default(), Problems::none())?)
}

/// An offence as it is typed.
pub(crate) struct Typed {
    entry: u16,
    identity_number: String,
    found_on: Date,
    facts: String,
}

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let entry = form.parsed::<u16>("entry", "field.choice");
        let identity_number = form.text("identity_number", 18);
        let found_on = form.date("found_on");
        let facts = form.text("facts", 2000);
        Some(Self {
            entry: entry?,
            identity_number: identity_number?,
            found_on: found_on?,
            facts: facts?,
        })
    }
}

/// The party of an identity number or credit code.
pub(crate) fn party(tx: &mut Tx<'_>, number: &str) -> Result<kernel::PersonId, Fault> {
    let found = identity::person_by_number(tx, number)?;
    let found = found.map(|card| card.id);
    found.ok_or_else(|| {
        let problem = Problem::new("identity_number", "leniency.party_unknown");
        Fault::Invalid(vec![problem])
    })
}

pub(crate) async fn open_offence(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<Typed>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(typed) => {
            let me = by.clone();
            let work = move |tx: &mut Tx<'_>| {
                let new = NewOffence {
                    entry: typed.entry,
                    party: party(tx, &typed.identity_number)?,
                    found_on: typed.found_on,
                    facts: typed.facts.clone(),
                };
                use_cases::open(tx, &me, &new)
            };
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(id) => {
            let to = redirect(format!("/desk/leniency/{id}"));
            Ok(to.flash(shell.t("leniency.noted")).into_response())
        }
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            Again::show(status, &new_page(shell, form.fields, again.problems)?)
        }
    }
}

#[derive(Template)]
#[template(path = "leniency/desk_one.html")]
struct OnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    revision: i64,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    may_handle: bool,
    may_decide: bool,
    may_look: bool,
    minor: Vec<Choice>,
    harm: Vec<Choice>,
    corrected: Vec<Choice>,
    spare: Vec<Choice>,
    relapsed: Vec<Choice>,
}

async fn one_page(
    app: &App,
    by: &Officer,
    id: OffenceId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (lang, me) = (shell.clone(), by.clone());
    let (one, facts, revision) = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &me, id)?;
            let facts = facts(tx, &lang, &one)?;
            let lines = ledger::lines_of(tx, id)?;
            Ok((one, facts, lines.last().map_or(0, |line| line.revision)))
        })
        .await?;
    let ours = by.organ() == Some(one.organ);
    let reviews = ours && (by.has(Role::Reviewer) || by.has(Role::LegalReviewer));
    let decides = ours && by.has(Role::Decider);
    let open = matches!(one.status, OffenceStatus::Opened | OffenceStatus::Assessed);
    let choices = |name: &str, words: &[&str]| {
        let label = |word: &str| shell.t(&format!("leniency.{name}_{word}")).to_owned();
        let labelled = words.iter().map(|word| ((*word).to_owned(), label(word)));
        Choice::list(labelled, typed.get(name))
    };
    let yes_no = ["true", "false"];
    let harms: Vec<&str> = Harm::ALL.iter().map(|harm| harm.as_str()).collect();
    Ok(OnePage {
        base: format!("/desk/leniency/{id}"),
        title: act(&shell, one.entry)?,
        state: shell
            .t(&format!("leniency.state_{}", one.status))
            .to_owned(),
        tone: tone(one.status),
        may_handle: reviews && open,
        may_decide: decides && one.status == OffenceStatus::Assessed,
        may_look: (reviews || decides) && one.status == OffenceStatus::Spared,
        minor: choices("minor", &yes_no),
        harm: choices("harm", &harms),
        corrected: choices("corrected", &yes_no),
        spare: choices("spare", &yes_no),
        relapsed: choices("relapsed", &yes_no),
        facts,
        revision,
        typed,
        problems,
        shell,
    })
}

fn facts(tx: &mut Tx<'_>, shell: &Shell, one: &Offence) -> Result<Vec<Fact>, Fault> {
    let entry = list::entry(one.entry)?;
    let party = identity::shown_name(tx, one.party)?;
    let handler = identity::officer_name(tx, one.handler)?;
    let mut facts = vec![
        Fact::plain(shell.t("leniency.party"), party),
        Fact::plain(shell.t("leniency.found_on"), one.found_on.to_string()),
        Fact::plain(shell.t("leniency.handler"), handler),
    ];
    let mut put = |key: &str, value: String| facts.push(Fact::plain(shell.t(key), value));
    if let Some(entry) = entry {
        put(
            "leniency.condition",
            entry.condition.get(shell.lang).to_owned(),
        );
        put("leniency.basis", entry.basis.citation());
    }
    if let Some(found) = one.assessment {
        let yes = |holds: bool| shell.t(if holds { "leniency.yes" } else { "leniency.no" });
        put("leniency.minor", yes(found.minor).to_owned());
        let harm = format!("leniency.harm_{}", found.harm);
        put("leniency.harm", shell.t(&harm).to_owned());
        put("leniency.corrected", yes(found.corrected).to_owned());
        put("leniency.first", yes(found.first).to_owned());
    }
    if let Some(outcome) = one.outcome {
        let word = format!("leniency.outcome_{outcome}");
        put("leniency.outcome", shell.t(&word).to_owned());
    }
    if let Some(day) = one.due {
        put("leniency.due", day.to_string());
    }
    if let Some(decider) = one.decider {
        put("leniency.decider", identity::officer_name(tx, decider)?);
    }
    for (words, key) in [
        (Some(one.facts), "leniency.facts"),
        (one.education, "leniency.record"),
        (one.reason, "leniency.reason"),
        (one.finding, "leniency.finding"),
    ] {
        if let Some(words) = words {
            put(key, ledger::read_text(tx, &words)?.unwrap_or_default());
        }
    }
    Ok(facts)
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OffenceId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, id, shell, Fields::default(), none).await?)
}

/// What was found.
pub(crate) struct Found {
    minor: bool,
    harm: Harm,
    corrected: bool,
}

impl ReadForm for Found {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let minor = form.parsed::<bool>("minor", "field.choice");
        let harm = form.word("harm");
        let corrected = form.parsed::<bool>("corrected", "field.choice");
        Some(Self {
            minor: minor?,
            harm: harm?,
            corrected: corrected?,
        })
    }
}

/// What was taught.
pub(crate) struct Taught(String);

impl ReadForm for Taught {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self(form.text("record", 2000)?))
    }
}

/// Yes or no, and why.
struct Said {
    yes: bool,
    words: String,
}

fn said(form: &mut FormReader<'_>, choice: &str, words: &str) -> Option<Said> {
    let yes = form.parsed::<bool>(choice, "field.choice");
    let words = form.text(words, 2000);
    Some(Said {
        yes: yes?,
        words: words?,
    })
}

/// Whether it is spared, and why.
pub(crate) struct Decision(Said);

impl ReadForm for Decision {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        said(form, "spare", "reason").map(Self)
    }
}

/// What looking again found.
pub(crate) struct Seen(Said);

impl ReadForm for Seen {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        said(form, "relapsed", "finding").map(Self)
    }
}

pub(crate) async fn assess(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    form: Form<Found>,
) -> Reply<Response> {
    let work = form.command.map(|found| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::assess(tx, by, id, found.minor, found.harm, found.corrected).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn educate(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    form: Form<Taught>,
) -> Reply<Response> {
    let work = form.command.map(|Taught(record)| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::educate(tx, by, id, &record).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn settle(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    form: Form<Decision>,
) -> Reply<Response> {
    let work = form.command.map(|Decision(said)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::settle(tx, by, id, said.yes, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn look_again(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    form: Form<Seen>,
) -> Reply<Response> {
    let work = form.command.map(|Seen(said)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::look_again(tx, by, id, said.yes, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Officer,
    id: OffenceId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>, &Officer) -> Result<(), Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let (seen, me) = (typed.revision(), by.clone());
    let work = work.map(|work| {
        move |tx: &mut Tx<'_>| {
            ledger::unchanged_since(tx, id, seen)?;
            work(tx, &me)
        }
    });
    let done = app.write_form(&by, &once, work).await;
    let onward = redirect(format!("/desk/leniency/{id}")).flash(shell.t("leniency.noted"));
    let again =
        async |again: Again| one_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}
