//! What an officer does with a bundle at the desk: accept, ask, answer, press,
//! award, visit, conclude.

use axum::response::{IntoResponse, Response};
use db::Tx;
use intake::By;
use jiff::civil::Date;
use kernel::{Fault, OrganId};
use web::{
    App, Button, Fields, Form, FormReader, Officer, OnceToken, Path, ReadForm, Reply, Shell,
    invalid, redirect,
};

use super::bundle::bundle_page;
use super::{Posted, wrong_fields};
use crate::decide::LIMIT_DAYS_MAX;
use crate::hand_in;
use crate::handle::{self, TEXT_CHARS_MAX};
use crate::model::{BundleId, Stance};

/// Does something to a bundle and comes back to its page.
async fn act<F>(
    app: App,
    by: Officer,
    id: BundleId,
    shell: Shell,
    once: OnceToken,
    (fields, work): (Fields, Result<F, Fault>),
    said: &'static str,
) -> Reply<Response>
where
    F: Fn(&mut Tx<'_>, &Officer) -> Result<usize, Fault> + Send + 'static,
{
    let (actor, officer) = (by.actor(), by.clone());
    let done = match work {
        Ok(work) => {
            app.write_once(&actor, &once, move |tx| work(tx, &officer))
                .await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(count) => {
            let said = shell.say(said, &[("count", count.to_string())]);
            let to = redirect(format!("/desk/bundles/{id}"));
            Ok(to.flash(said).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&bundle_page(&app, &by, id, shell, (fields, problems)).await?)
        }
    }
}

pub(crate) async fn accept(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| hand_in::accept(tx, &By::from(by), id);
    act(
        app,
        by,
        id,
        shell,
        once,
        (form.fields, Ok(work)),
        "project.accepted",
    )
    .await
}

/// A question to a department as it is typed.
pub(crate) struct AskForm {
    organ: OrganId,
    days: u32,
    question: String,
}

impl ReadForm for AskForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let organ = form.id("organ");
        let days = form.number("days", 1..=LIMIT_DAYS_MAX);
        let question = form.optional_text("question", TEXT_CHARS_MAX);
        Some(Self {
            organ: organ?,
            days: days?,
            question: question?,
        })
    }
}

pub(crate) async fn ask(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<AskForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|asked| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let AskForm { organ, days, .. } = asked;
            handle::ask(tx, by, id, organ, days, &asked.question).map(|_| 1)
        }
    });
    act(app, by, id, shell, once, (fields, work), "project.asked").await
}

/// An opinion as it is typed.
pub(crate) struct OpinionForm {
    number: u16,
    stance: Stance,
    text: String,
}

impl ReadForm for OpinionForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let number = form.number("number", 1..=u16::MAX);
        let stance = form.word("stance");
        let text = form.optional_text("opinion", TEXT_CHARS_MAX);
        Some(Self {
            number: number?,
            stance: stance?,
            text: text?,
        })
    }
}

pub(crate) async fn give_opinion(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<OpinionForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|given| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let OpinionForm { number, stance, .. } = given;
            handle::give_opinion(tx, by, id, number, stance, &given.text).map(|_| 1)
        }
    });
    act(app, by, id, shell, once, (fields, work), "project.given").await
}

/// A reminder as it is typed; the target is `part.0` or `opinion.1`.
pub(crate) struct RemindForm {
    part: Option<u16>,
    opinion: Option<u16>,
    text: String,
}

impl ReadForm for RemindForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let target = form.text("target", 40);
        let text = form.text("reminder", TEXT_CHARS_MAX);
        let (target, text) = (target?, text?);
        let number = |kind: &str| target.strip_prefix(kind)?.parse().ok();
        Some(Self {
            part: number("part."),
            opinion: number("opinion."),
            text,
        })
    }
}

pub(crate) async fn remind(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<RemindForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            handle::remind(tx, by, id, said.part, said.opinion, &said.text).map(|_| 1)
        }
    });
    act(app, by, id, shell, once, (fields, work), "project.reminded").await
}

pub(crate) async fn award(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| handle::award(tx, by, id).map(|_| 1);
    act(
        app,
        by,
        id,
        shell,
        once,
        (form.fields, Ok(work)),
        "project.awarded",
    )
    .await
}

/// The day of the visit.
pub(crate) struct VisitForm(Date);

impl ReadForm for VisitForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.date("visit_on").map(Self)
    }
}

pub(crate) async fn plan_visit(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<VisitForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|VisitForm(day)| {
        move |tx: &mut Tx<'_>, by: &Officer| handle::plan_visit(tx, by, id, day).map(|_| 1)
    });
    act(
        app,
        by,
        id,
        shell,
        once,
        (fields, work),
        "project.visit_planned",
    )
    .await
}

pub(crate) async fn hold_check(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Posted>,
) -> Reply<Response> {
    let fields = form.fields;
    let ticked: Vec<usize> = fields
        .all("marks")
        .filter_map(|mark| mark.parse().ok())
        .collect();
    let (passed, words) = (
        fields.get("passed") == "yes",
        fields.get("conclusion").to_owned(),
    );
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        let bundle = handle::seen(tx, by, id)?;
        let points = bundle.check.as_ref().map_or(0, |check| check.points);
        let marks = (0..usize::from(points))
            .map(|at| ticked.contains(&at))
            .collect();
        handle::hold_check(tx, by, id, marks, passed, &words).map(|_| 1)
    };
    act(
        app,
        by,
        id,
        shell,
        once,
        (fields, Ok(work)),
        "project.check_held",
    )
    .await
}
