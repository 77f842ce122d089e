//! What the forms of one exit do at the desk: one use case each; a refusal comes back on the page.

use axum::response::Response;
use db::Tx;
use kernel::{Fault, Money};
use web::{
    Again, App, Button, Fields, Form, FormReader, Officer, OnceToken, Path, ReadForm, Reply, Shell,
    answer_form, redirect,
};

use crate::desk::one_page;
use crate::model::{DropGround, ExitId};
use crate::use_cases::{self, WORDS_CHARS_MAX};

pub(crate) async fn order_hearing(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Button>,
) -> Reply<Response> {
    let work = form.command.map(|_| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::order_hearing(tx, by, id).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Loss and compensation.
pub(crate) struct Assessment {
    loss: Money,
    compensation: Money,
    words: String,
}

impl ReadForm for Assessment {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let loss = form.money("loss");
        let compensation = form.money("compensation");
        let words = form.text("assessment", WORDS_CHARS_MAX);
        Some(Self {
            loss: loss?,
            compensation: compensation?,
            words: words?,
        })
    }
}

pub(crate) async fn assess(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Assessment>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let (loss, paid) = (said.loss, said.compensation);
            use_cases::assess(tx, by, id, loss, paid, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// What the legal review says.
pub(crate) struct Opinion {
    agreed: bool,
    barred: bool,
    words: String,
}

/// How the review answers.
struct Answer(bool);

impl std::str::FromStr for Answer {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "agreed" => Ok(Self(true)),
            "against" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

impl ReadForm for Opinion {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let answer = form.parsed::<Answer>("answer", "exit.choose_answer");
        let barred = form.flag("barred");
        let words = form.text("opinion", WORDS_CHARS_MAX);
        Some(Self {
            agreed: answer?.0,
            barred,
            words: words?,
        })
    }
}

pub(crate) async fn review(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Opinion>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let (agreed, barred) = (said.agreed, said.barred);
            use_cases::review(tx, by, id, agreed, barred, &said.words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// The words of a decision.
pub(crate) struct Decision {
    reason: String,
    minutes: Option<String>,
}

impl ReadForm for Decision {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let reason = form.text("reason", WORDS_CHARS_MAX);
        let minutes = form.optional_text("minutes", WORDS_CHARS_MAX);
        Some(Self {
            reason: reason?,
            minutes,
        })
    }
}

pub(crate) async fn decide(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Decision>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let minutes = said.minutes.as_deref();
            use_cases::decide(tx, by, id, &said.reason, minutes).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Why the licence stays.
pub(crate) struct Dropping {
    ground: DropGround,
    reason: String,
}

impl ReadForm for Dropping {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let ground = form.word("drop_ground");
        let reason = form.text("drop_reason", WORDS_CHARS_MAX);
        Some(Self {
            ground: ground?,
            reason: reason?,
        })
    }
}

pub(crate) async fn drop(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Dropping>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::drop(tx, by, id, said.ground, &said.reason).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn pay(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Button>,
) -> Reply<Response> {
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>, by: &Officer| use_cases::pay(tx, by, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// The field that a refusal is about.
fn field(code: &str) -> Option<&'static str> {
    match code {
        "exit.more_than_the_loss" => Some("compensation"),
        "exit.minutes_not_weighed" => Some("minutes"),
        "exit.bar_only_revocation" => Some("barred"),
        "exit.must_revoke" | "exit.not_barred" | "exit.no_discretion" => Some("drop_ground"),
        _ => None,
    }
}

async fn carry_out(
    app: App,
    by: Officer,
    id: ExitId,
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
    let onward = redirect(format!("/desk/exits/{id}")).flash(shell.t("exit.noted"));
    let again =
        async |again: Again| one_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, field, again).await
}
