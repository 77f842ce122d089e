//! HTML: one's own letters and where one wants them; for the system administrator, what could
//! not be sent.

use askama::Template;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kernel::{Fault, Problem};
use web::session::{Session, Subject};
use web::{
    App, Button, Form, FormReader, Paging, Problems, ReadForm, Reply, Shell, Visit, invalid, page,
    redirect,
};

use crate::gateway::Gateways;
use crate::model::{Dispatch, DispatchState, Letter, LetterId, Owner};

/// What both frames show.
struct Inbox {
    letters: Vec<LetterRow>,
    unread: bool,
    first_page: String,
    next_page: String,
    /// Whether the hall sends mail, and SMS to this reader.
    has_mail: bool,
    has_sms: bool,
    mail: String,
    sms: bool,
    problems: Problems,
}

struct LetterRow {
    title: String,
    text: String,
    href: String,
    time: String,
    fresh: bool,
    dispatches: Vec<String>,
}

#[derive(Template)]
#[template(path = "inbox/own.html")]
struct OwnPage {
    shell: Shell,
    inbox: Inbox,
}

#[derive(Template)]
#[template(path = "inbox/desk_own.html")]
struct DeskPage {
    shell: Shell,
    inbox: Inbox,
}

const OWN: &str = "/my/messages";
const DESK: &str = "/desk/messages";

fn base(owner: Owner) -> &'static str {
    match owner {
        Owner::Officer(_) => DESK,
        Owner::Citizen(_) => OWN,
    }
}

fn owner(session: &Session) -> Owner {
    match session.subject {
        Subject::Officer(id) => Owner::Officer(id),
        Subject::Citizen(id) => Owner::Citizen(id),
    }
}

fn minute(at: Timestamp) -> String {
    let at = kernel::clock::hall_time(at);
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn row(shell: &Shell, letter: &Letter, dispatches: &[Dispatch]) -> LetterRow {
    let params = vec![("number", letter.number.clone())];
    let went = |one: &Dispatch| {
        let channel = shell
            .t(&format!("inbox.channel_{}", one.channel))
            .to_owned();
        let state = shell.t(&format!("inbox.state_{}", one.state)).to_owned();
        format!("{channel}：{state}")
    };
    LetterRow {
        title: shell.t(&format!("inbox.kind_{}", letter.kind)).to_owned(),
        text: shell.say(&format!("inbox.text_{}", letter.kind), &params),
        href: letter.href.clone(),
        time: minute(letter.written_at),
        fresh: letter.read_at.is_none(),
        dispatches: dispatches.iter().map(went).collect(),
    }
}

async fn inbox(
    app: &App,
    subject: Owner,
    shell: &Shell,
    paging: Option<&Paging>,
    wrong: &[Problem],
) -> Reply<Inbox> {
    let before: Option<(Timestamp, LetterId)> = match paging {
        Some(paging) => paging.after()?,
        None => None,
    };
    let most = paging.map_or(web::ITEMS_USUAL, Paging::limit_and_one);
    let (found, address) = app
        .read(move |tx| {
            let mut found = Vec::new();
            for letter in crate::letters(tx, subject, before, most)? {
                let dispatches = crate::dispatches(tx, letter.id)?;
                found.push((letter, dispatches));
            }
            Ok((found, crate::address(tx, subject)?))
        })
        .await?;
    let (found, next) = match paging {
        Some(paging) => {
            let found = paging.page(found, |(letter, _)| (letter.written_at, letter.id))?;
            (found.items, found.next)
        }
        None => (found, None),
    };
    let gateways = app.db().thing::<Gateways>();
    let offers = |by: fn(&Gateways) -> bool| gateways.as_ref().is_ok_and(|lent| by(lent));
    let base = base(subject);
    let later = paging.is_some_and(|paging| !paging.is_first());
    let citizen = matches!(subject, Owner::Citizen(_));
    Ok(Inbox {
        unread: found.iter().any(|(letter, _)| letter.read_at.is_none()),
        letters: found
            .iter()
            .map(|(letter, dispatches)| row(shell, letter, dispatches))
            .collect(),
        first_page: if later {
            base.to_owned()
        } else {
            String::new()
        },
        next_page: next.map_or_else(String::new, |cursor| format!("{base}?cursor={cursor}")),
        has_mail: offers(|lent| lent.mail.is_some()),
        has_sms: citizen && offers(|lent| lent.sms.is_some()),
        sms: address.as_ref().is_none_or(|address| address.sms),
        mail: address.and_then(|address| address.mail).unwrap_or_default(),
        problems: shell.problems(wrong),
    })
}

pub(crate) async fn show_own(
    app: App,
    session: Session,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    if let Owner::Officer(_) = owner(&session) {
        return Ok(redirect(DESK).into_response());
    }
    let inbox = inbox(&app, owner(&session), &shell, Some(&paging), &[]).await?;
    page(&OwnPage { shell, inbox })
}

pub(crate) async fn show_desk(
    app: App,
    session: Session,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let inbox = inbox(&app, owner(&session), &shell, Some(&paging), &[]).await?;
    page(&DeskPage { shell, inbox })
}

pub(crate) async fn mark_read(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    _form: Form<Button>,
) -> Reply<Response> {
    let subject = owner(&session);
    app.write(visit.visitor(), move |tx| crate::read_all(tx, subject))
        .await?;
    let onward = redirect(base(subject)).flash(shell.t("inbox.all_read"));
    Ok(onward.into_response())
}

pub(crate) struct Wishes {
    mail: String,
    sms: bool,
}

impl ReadForm for Wishes {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let mail = form.optional_text("mail", 200);
        let sms = form.flag("sms");
        Some(Self { mail: mail?, sms })
    }
}

pub(crate) async fn set_address(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<Wishes>,
) -> Reply<Response> {
    let subject = owner(&session);
    let done = match form.command {
        Ok(Wishes { mail, sms }) => {
            let set = move |tx: &mut db::Tx<'_>| crate::set_address(tx, subject, &mail, sms);
            app.write(visit.visitor(), set).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => {
            let onward = redirect(base(subject)).flash(shell.t("inbox.address_set"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            let mut inbox = inbox(&app, subject, &shell, None, &problems).await?;
            form.fields.get("mail").clone_into(&mut inbox.mail);
            inbox.sms = form.fields.has("sms");
            match subject {
                Owner::Officer(_) => invalid(&DeskPage { shell, inbox }),
                Owner::Citizen(_) => invalid(&OwnPage { shell, inbox }),
            }
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "inbox/dispatches.html")]
struct DispatchesPage {
    shell: Shell,
    /// Channels that the hall has, with how many letters are in each state.
    counts: Vec<(String, String, i64)>,
    troubled: Vec<TroubledRow>,
    in_site_only: bool,
}

struct TroubledRow {
    channel: String,
    state: String,
    attempts: u32,
    error: String,
    time: String,
    gone: bool,
}

pub(crate) async fn show_dispatches(app: App, shell: Shell) -> Reply<Response> {
    let (counts, troubled) = app
        .read(|tx| Ok((crate::store::counts(tx)?, crate::store::troubled(tx, 100)?)))
        .await?;
    let say = |key: String| shell.t(&key).to_owned();
    let row = |one: &Dispatch| TroubledRow {
        channel: say(format!("inbox.channel_{}", one.channel)),
        state: say(format!("inbox.state_{}", one.state)),
        attempts: one.attempts,
        error: one
            .error
            .as_ref()
            .map_or_else(String::new, |code| say(format!("inbox.error_{code}"))),
        time: minute(one.tried_at),
        gone: one.state == DispatchState::GivenUp,
    };
    let gateways = app.db().thing::<Gateways>();
    let in_site_only = gateways.map_or(true, |lent| lent.mail.is_none() && lent.sms.is_none());
    page(&DispatchesPage {
        counts: counts
            .into_iter()
            .map(|(channel, state, count)| {
                let channel = say(format!("inbox.channel_{channel}"));
                (channel, say(format!("inbox.state_{state}")), count)
            })
            .collect(),
        troubled: troubled.iter().map(row).collect(),
        in_site_only,
        shell,
    })
}
