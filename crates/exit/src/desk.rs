//! HTML at the desk: the list of exits, opening one on a ground that the certificate allows, and
//! one exit with what this officer may do.
//!
//! Deliberately absent: what the forms do (`forms`), and whether it is lawful (`decide`).

use askama::Template;
use axum::response::Response;
use certificate::{CertificateId, ExitGround, ExitKind};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, TypedId};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link, Stage};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::model::{DropGround, ExitId, ExitSource, ExitStatus};
use crate::opening::{self, NewExit, PenaltyPaper};
use crate::store::Show;
use crate::use_cases;
use crate::view::{self, tone};

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
}

const SHOWS: [(&str, Show); 4] = [
    ("hearing", Show::Hearing),
    ("reviewing", Show::Reviewing),
    ("deciding", Show::Deciding),
    ("over", Show::Over),
];

/// An exit in a list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) holder: String,
    pub(crate) kind: String,
    pub(crate) ground: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) day: String,
}

pub(crate) fn row(
    tx: &mut Tx<'_>,
    shell: &Shell,
    one: &crate::LicenceExit,
    base: &str,
) -> Result<Row, Fault> {
    let head = view::head(tx, shell, one)?;
    let day = one.decided_on.unwrap_or(one.opened_on);
    Ok(Row {
        href: format!("{base}/{}", one.id),
        name: head.name,
        number: head.number,
        holder: head.holder,
        kind: shell.t(&format!("exit.kind_{}", one.kind())).to_owned(),
        ground: view::ground(shell, one.ground.word()),
        state: shell.t(&format!("exit.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        day: day.to_string(),
    })
}

#[derive(Template)]
#[template(path = "exit/list.html")]
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
    let (after, most) = (paging.after::<ExitId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::list(tx, reach, show, after, most)? {
                rows.push((one.id, row(tx, &lang, &one, "/desk/exits")?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let here = format!("/desk/exits?show={word}");
    let words = SHOWS.iter().map(|(word, _)| *word);
    let tabs = Link::tabs(words, &word, |one| {
        Link::to(
            format!("/desk/exits?show={one}"),
            shell.t(&format!("exit.show_{one}")),
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

/// For which certificate a way out is opened.
#[derive(Debug, Deserialize)]
pub(crate) struct Of {
    pub(crate) certificate: CertificateId,
}

#[derive(Template)]
#[template(path = "exit/new.html")]
struct NewPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    certificate: String,
    facts: Vec<Fact>,
    grounds: Vec<Choice>,
    sources: Vec<Choice>,
    running: String,
}

/// What is known of a certificate, the grounds that it allows as it stands, and the exit that runs.
type Offered = (Vec<Fact>, Vec<ExitGround>, Option<crate::LicenceExit>);

fn offered(
    tx: &mut Tx<'_>,
    lang: &Shell,
    organ: Option<kernel::OrganId>,
    id: CertificateId,
) -> Result<Offered, Fault> {
    let found = certificate::certificate(tx, id)?;
    if organ != Some(found.organ) {
        return Err(Fault::NotFound { what: "cert" });
    }
    let today = tx.today();
    let mut possible = Vec::new();
    for kind in ExitKind::ALL {
        let all = ExitGround::all(*kind).into_iter();
        possible.extend(all.filter(|one| found.could_end(*one, today).is_ok()));
    }
    let text = certificate::text_of(tx, &found)?;
    let erased = || lang.t("certificate.erased").to_owned();
    let (name, holder) = match text {
        Some(text) => (text.name, text.holder_name),
        None => (erased(), erased()),
    };
    let state = found.state_on(today);
    let facts = vec![
        Fact::plain(lang.t("exit.certificate"), name),
        Fact::plain(lang.t("certificate.number"), found.number.to_string()),
        Fact::plain(lang.t("certificate.holder"), holder),
        Fact::plain(
            lang.t("certificate.state"),
            lang.t(&format!("certificate.state_{state}")),
        ),
    ];
    Ok((facts, possible, use_cases::running(tx, id)?))
}

async fn new_page(
    app: &App,
    by: &Officer,
    id: CertificateId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<NewPage> {
    let (lang, organ) = (shell.clone(), by.organ());
    let read = move |tx: &mut Tx<'_>| offered(tx, &lang, organ, id);
    let (facts, possible, running) = app.read(read).await?;
    let chosen = typed.get("ground").to_owned();
    let choice = |one: ExitGround| {
        let value = format!("{}/{}", one.kind(), one.word());
        let kind = shell.t(&format!("exit.kind_{}", one.kind())).to_owned();
        Choice {
            label: format!("{kind} · {}", view::ground(&shell, one.word())),
            hint: one.article().to_owned(),
            chosen: chosen == value,
            value,
        }
    };
    let sources = [ExitSource::Officer, ExitSource::Report];
    let sources = sources.map(|one| {
        (
            one.as_str(),
            shell.t(&format!("exit.source_{one}")).to_owned(),
        )
    });
    let source = typed.or("source", ExitSource::Officer.as_str()).to_owned();
    Ok(NewPage {
        certificate: id.to_string(),
        facts,
        grounds: possible.into_iter().map(choice).collect(),
        sources: Choice::list(sources, &source),
        running: running.map_or_else(String::new, |one| format!("/desk/exits/{}", one.id)),
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_new(
    app: App,
    by: Officer,
    shell: Shell,
    Query(of): Query<Of>,
) -> Reply<Response> {
    let (typed, none) = (Fields::default(), Problems::none());
    page(&new_page(&app, &by, of.certificate, shell, typed, none).await?)
}

/// What an exit is opened with, as the form sends it.
pub(crate) struct Opening {
    ground: ExitGround,
    source: ExitSource,
    findings: String,
    penalty: Option<PenaltyPaper>,
    penalty_on: Option<Date>,
}

/// A ground with its way out, as a form sends it: `revocation/obtained_by_fraud`.
struct GroundWord(ExitGround);

impl std::str::FromStr for GroundWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, word) = text.split_once('/').ok_or(())?;
        let kind: ExitKind = kind.parse().map_err(|_| ())?;
        ExitGround::parse(kind, word).map(Self).ok_or(())
    }
}

impl ReadForm for Opening {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let ground = form.parsed::<GroundWord>("ground", "exit.choose_ground");
        let source = form.word("source");
        let findings = form.text("findings", use_cases::WORDS_CHARS_MAX);
        let penal = ground
            .as_ref()
            .is_some_and(|one| one.0.kind() == ExitKind::Penalty);
        let (penalty, penalty_on) = if penal {
            let organ = form.text("penalty_organ", 80);
            let number = form.text("penalty_number", 80);
            let on = form.date("penalty_on");
            let paper = PenaltyPaper {
                organ: organ?,
                number: number?,
            };
            (Some(paper), Some(on?))
        } else {
            (None, None)
        };
        Some(Self {
            ground: ground?.0,
            source: source?,
            findings: findings?,
            penalty,
            penalty_on,
        })
    }
}

pub(crate) async fn open(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Query(of): Query<Of>,
    form: Form<Opening>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(said) => {
            let new = NewExit {
                certificate: of.certificate,
                ground: said.ground,
                source: said.source,
                findings: said.findings,
                penalty: said.penalty,
                penalty_on: said.penalty_on,
            };
            let officer = by.clone();
            let work = move |tx: &mut Tx<'_>| opening::open(tx, &officer, &new);
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let field = |code: &str| match code {
        "exit.penalty_in_future" => Some("penalty_on"),
        "exit.penalty_own_organ" => Some("penalty_organ"),
        _ => None,
    };
    let onward =
        done.map(|id| redirect(format!("/desk/exits/{id}")).flash(shell.t("exit.was_opened")));
    let again = async |again: Again| {
        new_page(
            &app,
            &by,
            of.certificate,
            shell.clone(),
            form.fields,
            again.problems,
        )
        .await
    };
    answer_form(onward, &shell, field, again).await
}

/// What this officer may do; the rules are asked again when they do it.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    order_hearing: bool,
    assess: bool,
    review: bool,
    bar: bool,
    decide: bool,
    pay: bool,
}

#[derive(Template)]
#[template(path = "exit/one.html")]
pub(crate) struct OnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    revision: i64,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    stages: Vec<Stage>,
    papers: Vec<Link>,
    certificate: String,
    ecert_id: String,
    hearing: String,
    may: May,
    minutes: bool,
    had_a_hand: bool,
    answers: Vec<Choice>,
    drops: Vec<Choice>,
}

pub(crate) async fn one_page(
    app: &App,
    by: &Officer,
    id: ExitId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (lang, officer) = (shell.clone(), by.clone());
    let seen = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &officer, id)?;
            view::seen(tx, &lang, one)
        })
        .await?;
    let one = &seen.exit;
    let kind = shell.t(&format!("exit.kind_{}", one.kind())).to_owned();
    let answers = ["agreed", "against"];
    let answers = answers.map(|word| (word, shell.t(&format!("exit.review_{word}")).to_owned()));
    let drops = DropGround::ALL.iter().map(|one| {
        (
            one.as_str(),
            shell.t(&format!("exit.drop_{one}")).to_owned(),
        )
    });
    let revocation = one.kind() == ExitKind::Revocation;
    let drops = drops.filter(|(word, _)| revocation || *word == "not_established");
    Ok(OnePage {
        base: format!("/desk/exits/{id}"),
        title: format!("{kind} · {}", seen.name),
        state: shell.t(&format!("exit.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        certificate: one.certificate.to_string(),
        ecert_id: seen.ecert_id,
        hearing: one.hearing.map_or_else(String::new, |_| {
            format!("/desk/hearings?of={}", one.id.uuid())
        }),
        may: may(by, one),
        minutes: one.hearing_held,
        had_a_hand: had_a_hand(by, one),
        answers: Choice::list(answers, typed.get("answer")),
        drops: Choice::list(drops.collect::<Vec<_>>(), typed.get("drop_ground")),
        facts: seen.facts,
        stages: seen.stages,
        papers: seen.papers,
        revision: seen.revision,
        typed,
        problems,
        shell,
    })
}

fn may(by: &Officer, one: &crate::LicenceExit) -> May {
    if by.organ() != Some(one.organ) {
        return May::default();
    }
    let opens = by.has(Role::Reviewer) || by.has(Role::LegalReviewer) || by.has(Role::Decider);
    let status = one.status;
    let before = matches!(status, ExitStatus::Told | ExitStatus::Reviewing);
    let asked = one.source == ExitSource::HolderRequest;
    let owed = one
        .compensation
        .is_some_and(|owed| kernel::Money::ZERO < owed);
    May {
        order_hearing: opens && before && !asked && one.hearing_asked_on.is_none(),
        assess: opens && status.is_open() && one.is_compensated(),
        review: by.has(Role::LegalReviewer) && status == ExitStatus::Reviewing,
        bar: one.kind() == ExitKind::Revocation,
        decide: by.has(Role::Decider) && status == ExitStatus::Deciding,
        pay: opens && status == ExitStatus::Done && owed && one.paid_on.is_none(),
    }
}

/// Whether this officer had a hand in it before, so that the decision is somebody else's.
fn had_a_hand(by: &Officer, one: &crate::LicenceExit) -> bool {
    let before = [one.opened_by, one.opened_for, one.reviewed_by, one.presider];
    by.has(Role::Decider) && one.status.is_open() && before.contains(&Some(by.id))
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<ExitId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, id, shell, Fields::default(), none).await?)
}
