//! What the forms of one hearing do at the desk: one use case each; a refusal comes back on the
//! page.

use axum::response::Response;
use db::Tx;
use jiff::civil::Time;
use kernel::{Fault, OfficerId};
use web::{
    Again, App, Button, Fields, Form, FormReader, Officer, OnceToken, Path, ReadForm, Reply, Shell,
    answer_form, redirect,
};

use crate::desk::one_page;
use crate::model::HearingId;
use crate::use_cases::{self, Arrangement, MINUTES_CHARS_MAX, Minutes, WORDS_CHARS_MAX};

impl ReadForm for Arrangement {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let day = form.date("day");
        let time = form.parsed::<Time>("time", "hearing.time_wrong");
        let place = form.text("place", 200);
        let presider = form.id::<OfficerId>("presider");
        let closed = form.fields().get("closed_for").trim().to_owned();
        let closed_for = if closed.is_empty() {
            None
        } else {
            Some(form.word("closed_for")?)
        };
        let time = time?;
        let minute = u16::try_from(time.hour()).ok()? * 60 + u16::try_from(time.minute()).ok()?;
        Some(Self {
            day: day?,
            minute,
            place: place?,
            presider: presider?,
            closed_for,
        })
    }
}

pub(crate) async fn schedule(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Arrangement>,
) -> Reply<Response> {
    let work = form.command.map(|new| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::schedule(tx, by, id, &new).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Whether the presider steps aside.
pub(crate) struct Answer(bool);

impl std::str::FromStr for Answer {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "granted" => Ok(Self(true)),
            "refused" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

impl ReadForm for Answer {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.parsed("answer", "hearing.choose_answer")
    }
}

pub(crate) async fn decide_recusal(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Answer>,
) -> Reply<Response> {
    let work = form.command.map(|Answer(granted)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::decide_recusal(tx, by, id, granted).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Who presides now.
pub(crate) struct Presider(OfficerId);

impl ReadForm for Presider {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.id("presider").map(Self)
    }
}

pub(crate) async fn name_presider(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Presider>,
) -> Reply<Response> {
    let work = form.command.map(|Presider(officer)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::name_presider(tx, by, id, officer).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

impl ReadForm for Minutes {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let attendees = form.text("attendees", WORDS_CHARS_MAX);
        let text = form.text("minutes", MINUTES_CHARS_MAX);
        Some(Self {
            attendees: attendees?,
            text: text?,
        })
    }
}

pub(crate) async fn hold(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Minutes>,
) -> Reply<Response> {
    let work = form.command.map(|minutes| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::hold(tx, by, id, &minutes).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn note_absence(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Button>,
) -> Reply<Response> {
    let work = form.command.map(|_| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::note_absence(tx, by, id).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn refuse_to_sign(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Button>,
) -> Reply<Response> {
    let work = form.command.map(|_| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::refuse_to_sign(tx, by, id).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// The field that a refusal is about.
fn field(code: &str) -> Option<&'static str> {
    match code {
        "hearing.notice_too_short" | "hearing.held_too_late" | "hearing.no_working_day" => {
            Some("day")
        }
        "hearing.presider_reviewed" | "hearing.presider_elsewhere" => Some("presider"),
        _ => None,
    }
}

async fn carry_out(
    app: App,
    by: Officer,
    id: HearingId,
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
    let onward = redirect(format!("/desk/hearings/{id}")).flash(shell.t("hearing.noted"));
    let again =
        async |again: Again| one_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, field, again).await
}
