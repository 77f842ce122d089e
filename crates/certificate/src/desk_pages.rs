//! HTML at the desk: looking certificates up within one's right, and suspending one on a ground
//! of the law's closed list.
//!
//! Deliberately absent: the ways out 行政许可退出, which are flows of their own (room `exit`); the
//! search by a holder's name, which lies encrypted; and identity numbers in addresses: a holder is
//! looked up by a form and named by their id.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, PersonId, Problem};
use serde::Deserialize;
use web::parts::{Choice, Fact};
use web::{
    App, Button, Fields, Form, FormReader, Officer, Paging, Path, Problems, Query, ReadForm, Reply,
    Role, Shell, invalid, page, redirect,
};

use crate::desk_facts::facts;
use crate::model::{CertificateId, CertificateState, SuspensionGround};
use crate::own_pages::{Listed, WARN_DAYS, days_left, listed, tone, validity};
use crate::store::{self, Reader, Sought};

pub(crate) const LIST: &str = "/desk/certificates";

#[derive(Template)]
#[template(path = "certificate/desk_list.html")]
struct ListPage {
    shell: Shell,
    number: String,
    soon: bool,
    holder: String,
    found: Vec<DeskRow>,
    first_page: String,
    next_page: String,
    problems: Problems,
}

struct DeskRow {
    id: String,
    number: String,
    name: String,
    holder: String,
    organ: String,
    validity: String,
    state: String,
    tone: &'static str,
    days: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    number: Option<String>,
    holder: Option<PersonId>,
    soon: Option<String>,
}

/// What an officer may see: what their organ issued, and all for the hall's own staff.
fn right(tx: &mut Tx<'_>, by: &Officer) -> Result<Reader, Fault> {
    let organ = by.organ().ok_or(Fault::NotFound { what: "cert" })?;
    let is_hall = match identity::hall(tx) {
        Ok(hall) => hall.id == organ,
        Err(Fault::NotFound { .. }) => false,
        Err(fault) => return Err(fault),
    };
    Ok(Reader::Staff { organ, is_hall })
}

fn look(tx: &mut Tx<'_>, by: &Officer, sought: &Sought, most: i64) -> Result<Vec<Listed>, Fault> {
    let Reader::Staff { organ, is_hall } = right(tx, by)? else {
        return Ok(Vec::new());
    };
    let found = store::search(tx, organ, is_hall, sought, most)?;
    found.into_iter().map(|one| listed(tx, one)).collect()
}

pub(crate) async fn show_list(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let filled = list_page(&app, &by, shell, Some(&paging), &asked, &[]).await?;
    page(&filled)
}

async fn list_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    paging: Option<&Paging>,
    asked: &Asked,
    wrong: &[Problem],
) -> Reply<ListPage> {
    let number = asked
        .number
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_owned();
    let soon = asked.soon.is_some();
    let holder = asked.holder;
    let before = match paging {
        Some(paging) => paging.after()?,
        None => None,
    };
    let most = paging.map_or(web::ITEMS_USUAL, Paging::limit_and_one);
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let (officer, typed) = (by.clone(), number.clone());
    let (found, today) = app
        .read(move |tx| {
            let today = tx.today();
            let ends_by = today.checked_add(jiff::Span::new().days(WARN_DAYS));
            let sought = Sought {
                number: Some(typed).filter(|typed| !typed.is_empty()),
                holder,
                ends_by: ends_by.ok().filter(|_| soon),
                before,
            };
            Ok((look(tx, &officer, &sought, most)?, today))
        })
        .await?;
    let (found, next) = match paging {
        Some(paging) => {
            let found = paging.page(found, |one| one.certificate.id)?;
            (found.items, found.next)
        }
        None => (found, None),
    };
    let later = paging.is_some_and(|paging| !paging.is_first());
    Ok(ListPage {
        found: found
            .into_iter()
            .map(|one| desk_row(&shell, one, today))
            .collect(),
        holder: holder.map_or_else(String::new, |holder| holder.to_string()),
        first_page: if later {
            LIST.to_owned()
        } else {
            String::new()
        },
        next_page: next.map_or_else(String::new, |cursor| onward(&cursor, holder, soon)),
        problems: shell.problems(wrong),
        number,
        soon,
        shell,
    })
}

/// The next page of the same search.
fn onward(cursor: &str, holder: Option<PersonId>, soon: bool) -> String {
    let mut link = format!("{LIST}?cursor={cursor}");
    if let Some(holder) = holder {
        link.push_str(&format!("&holder={holder}"));
    }
    if soon {
        link.push_str("&soon=on");
    }
    link
}

fn desk_row(shell: &Shell, one: Listed, today: Date) -> DeskRow {
    let state = one.certificate.state_on(today);
    let erased = || shell.t("certificate.erased").to_owned();
    let days = days_left(&one.certificate, today).map_or_else(String::new, |days| {
        shell.say("certificate.days_left", &[("days", days.to_string())])
    });
    DeskRow {
        id: one.certificate.id.to_string(),
        number: one.certificate.number.to_string(),
        name: one.name.unwrap_or_else(erased),
        holder: one.holder.unwrap_or_else(erased),
        organ: one.organ,
        validity: validity(shell, &one.certificate),
        state: shell.t(&format!("certificate.state_{state}")).to_owned(),
        tone: tone(state),
        days,
    }
}

/// The identity number of a holder.
pub(crate) struct HolderNumber(String);

impl ReadForm for HolderNumber {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("identity_number", 18).map(Self)
    }
}

pub(crate) async fn find_holder(
    app: App,
    by: Officer,
    shell: Shell,
    form: Form<HolderNumber>,
) -> Reply<Response> {
    let wrong = match form.command {
        Ok(HolderNumber(number)) => {
            let found = app
                .read(move |tx| identity::person_by_number(tx, &number))
                .await?;
            match found {
                Some(card) => {
                    let to = format!("{LIST}?holder={}", card.id);
                    return Ok(redirect(to).into_response());
                }
                None => vec![Problem::new(
                    "identity_number",
                    "certificate.holder_unknown",
                )],
            }
        }
        Err(Fault::Invalid(problems)) => problems,
        Err(fault) => return Err(fault.into()),
    };
    invalid(&list_page(&app, &by, shell, None, &Asked::default(), &wrong).await?)
}

#[derive(Template)]
#[template(path = "certificate/desk_one.html")]
struct OnePage {
    shell: Shell,
    id: String,
    name: String,
    ecert_id: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    reason: String,
    /// Whether this officer may end or suspend it; the rule is asked again when they do.
    may_end: bool,
    own_issue: bool,
    standing: bool,
    suspended: bool,
    /// Whether nothing is left to end.
    ended: bool,
    /// Whether this officer's organ issued it, so that they can open a way out.
    may_open: bool,
    suspensions: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

pub(crate) struct Found {
    pub(crate) one: Listed,
    reason: Option<String>,
    pub(crate) own_issue: bool,
    pub(crate) today: Date,
}

pub(crate) fn find(tx: &mut Tx<'_>, by: &Officer, id: CertificateId) -> Result<Found, Fault> {
    let reader = right(tx, by)?;
    let certificate = store::visible_certificate(tx, id, reader)?;
    let certificate = certificate.ok_or(Fault::NotFound { what: "cert" })?;
    let reason = match &certificate.reason {
        Some(kept) => ledger::read_text(tx, kept)?,
        None => None,
    };
    let deputizing = by.seat().and_then(|seat| seat.deputizing);
    let asking = crate::decide::Hands([Some(by.id), deputizing]);
    let issuing = crate::standing::issuing(tx, id)?;
    Ok(Found {
        reason,
        own_issue: asking.meet(issuing),
        today: tx.today(),
        one: listed(tx, certificate)?,
    })
}

async fn one_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: CertificateId,
    typed: Fields,
    wrong: &[Problem],
) -> Result<OnePage, Fault> {
    let officer = by.clone();
    let found = app.read(move |tx| find(tx, &officer, id)).await?;
    let certificate = &found.one.certificate;
    let state = certificate.state_on(found.today);
    let decides = by.has(Role::Decider) && by.organ() == Some(certificate.organ);
    let erased = || shell.t("certificate.erased").to_owned();
    Ok(OnePage {
        id: id.to_string(),
        name: found.one.name.clone().unwrap_or_else(erased),
        ecert_id: certificate.ecert_id.to_string(),
        state: shell.t(&format!("certificate.state_{state}")).to_owned(),
        tone: tone(state),
        facts: facts(&shell, &found),
        reason: found.reason.clone().unwrap_or_default(),
        may_end: decides && !found.own_issue,
        own_issue: decides && found.own_issue,
        may_open: by.organ() == Some(certificate.organ) && opens(by),
        standing: state == CertificateState::Valid,
        suspended: state == CertificateState::Suspended,
        ended: matches!(
            state,
            CertificateState::Changed | CertificateState::Cancelled
        ),
        suspensions: grounds(
            &shell,
            SuspensionGround::ALL
                .iter()
                .map(|one| (one.as_str(), one.article())),
            typed.get("suspend_ground"),
        ),
        problems: shell.problems(wrong),
        typed,
        shell,
    })
}

/// Who opens a way out: whoever reviews or decides for the organ.
fn opens(by: &Officer) -> bool {
    by.has(Role::Reviewer) || by.has(Role::LegalReviewer) || by.has(Role::Decider)
}

/// Each ground in words, with the article that names it.
fn grounds(
    shell: &Shell,
    all: impl Iterator<Item = (&'static str, &'static str)>,
    chosen: &str,
) -> Vec<Choice> {
    let choice = |(ground, article): (&'static str, &'static str)| Choice {
        value: ground.to_owned(),
        label: shell.t(&format!("certificate.ground_{ground}")).to_owned(),
        hint: article.to_owned(),
        chosen: ground == chosen,
    };
    all.map(choice).collect()
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CertificateId>,
) -> Reply<Response> {
    page(&one_page(&app, &by, shell, id, Fields::default(), &[]).await?)
}

/// Ground and words of a decision, as the form sends them.
pub(crate) struct Ended<G>(G, String);

impl ReadForm for Ended<(SuspensionGround, Date)> {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let ground = form.word("suspend_ground");
        let until = form.date("suspend_until");
        let reason = form.text("suspend_reason", 2000);
        Some(Self((ground?, until?), reason?))
    }
}

/// Answers an act: back to the page with what was done, or the form filled in.
async fn answer(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: CertificateId,
    fields: Fields,
    done: Result<(), Fault>,
) -> Reply<Response> {
    match done {
        Ok(()) => {
            let onward = redirect(format!("{LIST}/{id}")).flash(shell.t("certificate.was_decided"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&one_page(app, by, shell, id, fields, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) async fn suspend(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CertificateId>,
    form: Form<Ended<(SuspensionGround, Date)>>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(Ended((ground, until), reason)) => {
            let act = move |tx: &mut Tx<'_>| crate::suspend(tx, id, until, ground, &reason);
            app.write(&by, act).await
        }
        Err(fault) => Err(fault),
    };
    answer(&app, &by, shell, id, form.fields, done).await
}

pub(crate) async fn lift(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CertificateId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let done = app.write(&by, move |tx| crate::lift(tx, id)).await;
    answer(&app, &by, shell, id, Fields::default(), done).await
}
