//! HTML at the desk: licences near their end, renewals that were asked for, proposed in silence or
//! are to be checked; and one of them with what this officer may do.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::{Fault, TypedId};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::model::{Renewal, RenewalId, RenewalStatus};
use crate::store::{Key, Show};
use crate::use_cases::{self, WORDS_CHARS_MAX};

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
}

const SHOWS: [(&str, Show); 5] = [
    ("near", Show::Near),
    ("asked", Show::Asked),
    ("silent", Show::Silent),
    ("deemed", Show::Deemed),
    ("over", Show::Over),
];

/// A renewal in a list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) holder: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) expires_on: String,
    pub(crate) until: String,
}

/// The tag of a status.
pub(crate) fn tone(status: RenewalStatus) -> &'static str {
    use RenewalStatus as S;
    match status {
        S::Near | S::Asked | S::Reviewed | S::Checking => "yellow",
        S::Proposed => "blue",
        S::Granted | S::Upheld => "green",
        S::Deemed | S::Refused | S::Doubted => "red",
        S::Declined | S::Over => "",
    }
}

pub(crate) fn row(tx: &mut Tx<'_>, shell: &Shell, one: &Renewal) -> Result<Row, Fault> {
    let of = certificate::certificate(tx, one.certificate)?;
    let erased = || shell.t("certificate.erased").to_owned();
    let (name, holder) = match certificate::text_of(tx, &of)? {
        Some(text) => (text.name, text.holder_name),
        None => (erased(), erased()),
    };
    Ok(Row {
        href: format!("/desk/renewals/{}", one.id),
        name,
        holder,
        number: of.number.to_string(),
        state: shell.t(&format!("renewal.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        expires_on: one.expires_on.to_string(),
        until: one.until.to_string(),
    })
}

#[derive(Template)]
#[template(path = "renewal/list.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    start: String,
    onward: String,
}

pub(crate) async fn show_list(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let reach = use_cases::reach(&by)?;
    let found = SHOWS.iter().find(|(word, _)| *word == asked.show);
    let (word, show) = *found.unwrap_or(&SHOWS[0]);
    let (after, most) = (paging.after::<Key>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::list(tx, reach, show, after, most)? {
                let key = (one.expires_on.to_string(), one.id);
                rows.push((key, row(tx, &lang, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(key, _)| key.clone())?;
    let here = format!("/desk/renewals?show={word}");
    let words = SHOWS.iter().map(|(word, _)| *word);
    let tabs = Link::tabs(words, &word, |one| {
        Link::to(
            format!("/desk/renewals?show={one}"),
            shell.t(&format!("renewal.show_{one}")),
        )
    });
    page(&ListPage {
        tabs,
        onward: listed.onward(&here),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start(&here),
        shell,
    })
}

#[derive(Template)]
#[template(path = "renewal/one.html")]
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
    papers: Vec<Link>,
    certificate: String,
    may_review: bool,
    may_decide: bool,
    may_check: bool,
    reviews: Vec<Choice>,
    decisions: Vec<Choice>,
    findings: Vec<Choice>,
}

async fn one_page(
    app: &App,
    by: &Officer,
    id: RenewalId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (lang, officer) = (shell.clone(), by.clone());
    let (one, row, facts, papers, revision) = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &officer, id)?;
            let row = row(tx, &lang, &one)?;
            let facts = facts(tx, &lang, &one, &row)?;
            let papers = papers(tx, &lang, id)?;
            let lines = ledger::lines_of(tx, id)?;
            let revision = lines.last().map_or(0, |line| line.revision);
            Ok((one, row, facts, papers, revision))
        })
        .await?;
    let own = by.organ() == Some(one.organ);
    let reviewer = own && by.has(Role::Reviewer);
    let choices = |words: [&'static str; 2]| {
        let worded = words.map(|word| (word, shell.t(&format!("renewal.{word}")).to_owned()));
        Choice::list(worded, typed.get("answer"))
    };
    Ok(OnePage {
        base: format!("/desk/renewals/{id}"),
        title: row.name,
        state: row.state,
        tone: row.tone,
        certificate: one.certificate.to_string(),
        may_review: reviewer && one.status == RenewalStatus::Asked,
        may_decide: own && by.has(Role::Decider) && one.status == RenewalStatus::Reviewed,
        may_check: reviewer && one.status == RenewalStatus::Checking,
        reviews: choices(["agree", "disagree"]),
        decisions: choices(["grant", "refuse"]),
        findings: choices(["upheld", "doubted"]),
        facts,
        papers,
        revision,
        typed,
        problems,
        shell,
    })
}

fn facts(tx: &mut Tx<'_>, shell: &Shell, one: &Renewal, row: &Row) -> Result<Vec<Fact>, Fault> {
    let mut facts = vec![
        Fact::plain(shell.t("renewal.certificate"), row.name.clone()),
        Fact::plain(shell.t("certificate.number"), row.number.clone()),
        Fact::plain(shell.t("certificate.holder"), row.holder.clone()),
        Fact::plain(shell.t("renewal.expires_on"), row.expires_on.clone()),
        Fact::plain(shell.t("renewal.until"), row.until.clone()),
    ];
    let mut add = |key: &str, text: String| facts.push(Fact::plain(shell.t(key), text));
    for (key, day) in [
        ("renewal.asked_on", one.asked_on),
        ("renewal.say_no_by", one.say_no_by),
        ("renewal.check_due", one.check_due),
        ("renewal.overdue_since", one.overdue_since),
        ("renewal.decided_on", one.decided_on),
    ] {
        if let Some(day) = day {
            add(key, day.to_string());
        }
    }
    for (key, officer) in [
        ("renewal.reviewed_by", one.reviewed_by),
        ("renewal.decided_by", one.decided_by),
        ("renewal.checker", one.checker),
    ] {
        if let Some(officer) = officer {
            add(key, identity::officer_name(tx, officer)?);
        }
    }
    for (key, kept) in [
        ("renewal.statement", &one.statement),
        ("renewal.opinion", &one.opinion),
        ("renewal.reason", &one.reason),
        ("renewal.finding", &one.finding),
    ] {
        if let Some(kept) = kept {
            add(key, ledger::read_text(tx, kept)?.unwrap_or_default());
        }
    }
    if one.status == RenewalStatus::Deemed {
        let organ = identity::organ(tx, one.organ)?.short_name;
        add("renewal.answerable", organ);
    }
    Ok(facts)
}

fn papers(tx: &mut Tx<'_>, shell: &Shell, id: RenewalId) -> Result<Vec<Link>, Fault> {
    let all = certificate::notices_of(tx, id.uuid())?;
    let link = |one: certificate::Notice| {
        let title = shell
            .t(&format!("certificate.kind_{}", one.kind))
            .to_owned();
        Link::to(
            format!("/notices/{}.pdf", one.id),
            format!("{title} {}", one.number),
        )
    };
    Ok(all.into_iter().map(link).collect())
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<RenewalId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, id, shell, Fields::default(), none).await?)
}

/// Yes or no.
struct Answer(bool);

impl std::str::FromStr for Answer {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "agree" | "grant" | "upheld" => Ok(Self(true)),
            "disagree" | "refuse" | "doubted" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

/// An answer with words.
pub(crate) struct Said {
    yes: bool,
    words: String,
}

impl ReadForm for Said {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let answer = form.parsed::<Answer>("answer", "renewal.choose_answer");
        let words = form.text("words", WORDS_CHARS_MAX);
        Some(Self {
            yes: answer?.0,
            words: words?,
        })
    }
}

pub(crate) async fn review(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    form: Form<Said>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::review(tx, by, id, said.yes, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn decide(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    form: Form<Said>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let done = if said.yes {
                use_cases::grant(tx, by, id)
            } else {
                use_cases::refuse(tx, by, id, &said.words)
            };
            done.map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn check(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    form: Form<Said>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::check(tx, by, id, said.yes, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Officer,
    id: RenewalId,
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
    let onward = redirect(format!("/desk/renewals/{id}")).flash(shell.t("renewal.noted"));
    let again =
        async |again: Again| one_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}
