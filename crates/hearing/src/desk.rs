//! HTML at the desk: the list of hearings, telling the right on a case, and one hearing with what
//! this officer may do.
//!
//! Deliberately absent: what the forms do (`forms`), and whether it is lawful (`decide`).

use askama::Template;
use axum::response::{IntoResponse, Response};
use case::CaseId;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, TypedId};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::matter::matter;
use crate::model::{ClosedGround, Hearing, HearingId, HearingStatus, Subject, SubjectKind};
use crate::store::Show;
use crate::use_cases::{self, WORDS_CHARS_MAX, arranges};

/// What the list is narrowed to: a state, or the hearing of one matter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
    of: Option<Uuid>,
}

const SHOWS: [(&str, Show); 2] = [("open", Show::Open), ("over", Show::Over)];

/// A hearing in a list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) matter: String,
    pub(crate) number: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) when: String,
    pub(crate) late: bool,
}

/// The tag of a status.
pub(crate) fn tone(status: HearingStatus) -> &'static str {
    match status {
        HearingStatus::Offered => "blue",
        HearingStatus::Asked | HearingStatus::Scheduled | HearingStatus::Held => "yellow",
        HearingStatus::Concluded => "green",
        HearingStatus::Lapsed | HearingStatus::GivenUp => "",
    }
}

pub(crate) fn row(tx: &mut Tx<'_>, shell: &Shell, one: &Hearing, base: &str) -> Result<Row, Fault> {
    let found = matter(tx, one.subject)?;
    let day = one.day.or(one.hold_by).or(one.ask_by);
    let day = day.map_or_else(String::new, |day| day.to_string());
    Ok(Row {
        href: format!("{base}/{}", one.id),
        matter: found.name,
        number: found.number,
        state: shell.t(&format!("hearing.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        when: format!("{day} {}", one.hour()),
        late: one.late_since.is_some() && one.status.is_open(),
    })
}

#[derive(Template)]
#[template(path = "hearing/list.html")]
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
    if let Some(of) = asked.of {
        let last = app.read(move |tx| use_cases::last_of(tx, of)).await?;
        let last = last.ok_or(Fault::NotFound { what: "hearing" })?;
        return Ok(redirect(format!("/desk/hearings/{}", last.id)).into_response());
    }
    let found = SHOWS.iter().find(|(word, _)| *word == asked.show);
    let (word, show) = *found.unwrap_or(&SHOWS[0]);
    let (after, most) = (paging.after::<HearingId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::list(tx, reach, show, after, most)? {
                rows.push((one.id, row(tx, &lang, &one, "/desk/hearings")?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let here = format!("/desk/hearings?show={word}");
    let words = SHOWS.iter().map(|(word, _)| *word);
    let tabs = Link::tabs(words, &word, |one| {
        Link::to(
            format!("/desk/hearings?show={one}"),
            shell.t(&format!("hearing.show_{one}")),
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

/// On which case the right is told.
#[derive(Debug, Deserialize)]
pub(crate) struct Of {
    case: CaseId,
}

impl Of {
    fn subject(&self) -> Subject {
        Subject {
            kind: SubjectKind::Case,
            id: self.case.uuid(),
        }
    }
}

#[derive(Template)]
#[template(path = "hearing/new.html")]
struct NewPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    case: String,
    facts: Vec<Fact>,
    open: String,
}

async fn new_page(
    app: &App,
    by: &Officer,
    of: &Of,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<NewPage> {
    let (organ, subject, lang) = (by.organ(), of.subject(), shell.clone());
    let (facts, open) = app
        .read(move |tx| {
            let found = matter(tx, subject)?;
            if organ != Some(found.organ) {
                return Err(Fault::NotFound { what: "case" });
            }
            let party = identity::shown_name(tx, found.party)?;
            let facts = vec![
                Fact::plain(lang.t("hearing.matter"), found.name),
                Fact::plain(lang.t("hearing.number"), found.number),
                Fact::plain(lang.t("hearing.party"), party),
            ];
            Ok((facts, use_cases::last_of(tx, subject.id)?))
        })
        .await?;
    let open = open.filter(|last| last.status.is_open() || last.was_held());
    Ok(NewPage {
        case: of.case.to_string(),
        facts,
        open: open.map_or_else(String::new, |one| format!("/desk/hearings/{}", one.id)),
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
    page(&new_page(&app, &by, &of, shell, typed, none).await?)
}

/// Why the right is told; or that a hearing is held without waiting to be asked.
pub(crate) struct Offer {
    reason: String,
    at_once: bool,
}

impl ReadForm for Offer {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let at_once = form.flag("at_once");
        let reason = form.text("reason", WORDS_CHARS_MAX);
        Some(Self {
            reason: reason?,
            at_once,
        })
    }
}

pub(crate) async fn offer(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Query(of): Query<Of>,
    form: Form<Offer>,
) -> Reply<Response> {
    let subject = of.subject();
    let done = match form.command {
        Ok(said) => {
            let officer = by.clone();
            let work = move |tx: &mut Tx<'_>| {
                if said.at_once {
                    crate::order(tx, &officer, subject)
                } else {
                    crate::offer(tx, &officer, subject, &said.reason)
                }
            };
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let onward =
        done.map(|id| redirect(format!("/desk/hearings/{id}")).flash(shell.t("hearing.noted")));
    let again = async |again: Again| {
        new_page(&app, &by, &of, shell.clone(), form.fields, again.problems).await
    };
    answer_form(onward, &shell, |_| None, again).await
}

/// What pages show of a hearing.
pub(crate) fn facts(tx: &mut Tx<'_>, shell: &Shell, one: &Hearing) -> Result<Vec<Fact>, Fault> {
    let found = matter(tx, one.subject)?;
    let party = identity::shown_name(tx, found.party)?;
    let mut facts = vec![
        Fact::plain(shell.t("hearing.matter"), found.name),
        Fact::plain(shell.t("hearing.number"), found.number),
        Fact::plain(shell.t("hearing.party"), party),
    ];
    let mut add = |key: &str, text: String| facts.push(Fact::plain(shell.t(key), text));
    let days = [
        ("hearing.offered_on", one.offered_on),
        ("hearing.ask_by", one.ask_by),
        ("hearing.asked_on", one.asked_on),
        ("hearing.hold_by", one.hold_by),
        ("hearing.late_since", one.late_since),
    ];
    for (key, day) in days {
        if let Some(day) = day {
            add(key, day.to_string());
        }
    }
    if let Some(day) = one.day {
        add("hearing.held_at", format!("{day} {}", one.hour()));
    }
    if let Some(place) = &one.place {
        add("hearing.place", use_cases::said(tx, place)?);
        let key = match one.closed_for {
            None => "hearing.public".to_owned(),
            Some(ground) => format!("hearing.closed_{ground}"),
        };
        add("hearing.openness", shell.t(&key).to_owned());
    }
    if let Some(officer) = one.presider {
        add("hearing.presider", identity::officer_name(tx, officer)?);
    }
    if let Some(reason) = &one.recusal {
        add("hearing.recusal", use_cases::said(tx, reason)?);
    }
    if let Some(minutes) = use_cases::minutes_of(tx, one)? {
        add("hearing.attendees", minutes.attendees);
        add("hearing.minutes", minutes.text);
    }
    if let Some(day) = one.signed_on {
        add("hearing.signed_on", day.to_string());
    }
    if one.refused_to_sign {
        add(
            "hearing.signed_on",
            shell.t("hearing.was_refused").to_owned(),
        );
    }
    Ok(facts)
}

/// The papers of the matter.
pub(crate) fn papers(tx: &mut Tx<'_>, shell: &Shell, one: &Hearing) -> Result<Vec<Link>, Fault> {
    let all = certificate::notices_of(tx, one.subject.id)?;
    let hearing = [
        certificate::NoticeKind::HearingOffer,
        certificate::NoticeKind::HearingNotice,
        certificate::NoticeKind::HearingMinutes,
    ];
    let mine = all.into_iter().filter(|one| hearing.contains(&one.kind));
    let link = |one: certificate::Notice| {
        let title = shell
            .t(&format!("certificate.kind_{}", one.kind))
            .to_owned();
        Link::to(
            format!("/notices/{}.pdf", one.id),
            format!("{title} {}", one.number),
        )
    };
    Ok(mine.map(link).collect())
}

/// What this officer may do; the rules are asked again when they do it.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    schedule: bool,
    decide_recusal: bool,
    name: bool,
    hold: bool,
    note_refusal: bool,
}

#[derive(Template)]
#[template(path = "hearing/one.html")]
pub(crate) struct OnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    revision: i64,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    late: bool,
    facts: Vec<Fact>,
    papers: Vec<Link>,
    subject: String,
    may: May,
    recusal_open: bool,
    /// Whether time and place are told already.
    arranged: bool,
    presiders: Vec<Choice>,
    grounds: Vec<Choice>,
}

pub(crate) async fn one_page(
    app: &App,
    by: &Officer,
    id: HearingId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (lang, officer) = (shell.clone(), by.clone());
    let (one, facts, papers, presiders, revision, title) = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &officer, id)?;
            let facts = facts(tx, &lang, &one)?;
            let papers = papers(tx, &lang, &one)?;
            let presiders = if one.status.is_open() {
                use_cases::presiders(tx, &one)?
            } else {
                Vec::new()
            };
            let lines = ledger::lines_of(tx, id)?;
            let revision = lines.last().map_or(0, |line| line.revision);
            let title = matter(tx, one.subject)?.name;
            Ok((one, facts, papers, presiders, revision, title))
        })
        .await?;
    let choice = |(id, name): (OfficerId, String)| (id.to_string(), name);
    let presiders = presiders.into_iter().map(choice);
    let none = (String::new(), shell.t("hearing.public").to_owned());
    let word = |one: &ClosedGround| {
        let words = shell.t(&format!("hearing.closed_{one}")).to_owned();
        (one.to_string(), words)
    };
    let grounds = std::iter::once(none).chain(ClosedGround::ALL.iter().map(word));
    Ok(OnePage {
        base: format!("/desk/hearings/{id}"),
        title,
        state: shell.t(&format!("hearing.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        late: one.late_since.is_some() && one.status.is_open(),
        subject: match one.subject.kind {
            SubjectKind::Case => format!("/desk/cases/{}", CaseId::from_uuid(one.subject.id)),
            SubjectKind::Exit => {
                format!("/desk/exits/{}", exit::ExitId::from_uuid(one.subject.id))
            }
        },
        may: may(by, &one),
        recusal_open: one.recusal_open,
        arranged: one.day.is_some(),
        presiders: Choice::list(presiders, typed.get("presider")),
        grounds: Choice::list(grounds, typed.get("closed_for")),
        facts,
        papers,
        revision,
        typed,
        problems,
        shell,
    })
}

fn may(by: &Officer, one: &Hearing) -> May {
    if by.organ() != Some(one.organ) {
        return May::default();
    }
    let status = one.status;
    let scheduled = status == HearingStatus::Scheduled;
    let presides = one.presider == Some(by.id);
    May {
        schedule: arranges(by) && (status == HearingStatus::Asked || scheduled),
        decide_recusal: by.has(Role::Decider) && one.recusal_open && !presides,
        name: arranges(by) && scheduled && one.presider.is_none(),
        hold: scheduled && presides && !one.recusal_open,
        note_refusal: status == HearingStatus::Held && presides,
    }
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<HearingId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, id, shell, Fields::default(), none).await?)
}
