//! Forms of a case: read, ask the use case, show what became of it.

use axum::response::{IntoResponse, Response};
use calendar::PauseKind;
use db::Tx;
use kernel::{Fault, OfficerId, OrganId};
use ledger::FileStore;
use web::{
    App, Button, Citizen, Form, FormReader, Officer, OnceToken, Path, ReadForm, Reply, Shell,
    Upload, redirect,
};

use crate::model::{Case, CaseId, Code, Method};
use crate::{Attachment, Finish, Grounds, HandOut, TEXT_CHARS_MAX};

/// The largest file beside an opinion.
const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;
const FILES_MAX: usize = 10;

/// Does it and goes back to the case. A field that is wrong is told on the problem page, with
/// the typed texts still in the browser behind it.
async fn done(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    id: CaseId,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<Case, Fault> + Send + 'static,
) -> Reply<Response> {
    let actor = by.actor();
    let written = app.write_once(&actor, &once, move |tx| {
        work(tx, &by)?;
        Ok(true)
    });
    written.await?;
    let back = redirect(format!("/desk/cases/{id}")).flash(shell.t("case.done"));
    Ok(back.into_response())
}

pub(super) async fn claim(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    _form: Form<Button>,
) -> Reply<Response> {
    done(app, by, shell, once, id, move |tx, by| {
        crate::claim(tx, by, id, task)
    })
    .await
}

pub(super) async fn release(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    _form: Form<Button>,
) -> Reply<Response> {
    done(app, by, shell, once, id, move |tx, by| {
        crate::release(tx, by, id, task)
    })
    .await
}

pub(super) struct To(OfficerId);

impl ReadForm for To {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.id("to").map(Self)
    }
}

pub(super) async fn hand_over(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    form: Form<To>,
) -> Reply<Response> {
    let To(to) = form.command?;
    done(app, by, shell, once, id, move |tx, by| {
        crate::hand_over(tx, by, id, task, to)
    })
    .await
}

pub(super) struct Finished {
    outcome: Option<Code>,
    opinion: Option<String>,
    grounds: Option<Grounds>,
    files: Vec<Upload>,
}

impl ReadForm for Finished {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let outcome = form.optional("outcome", |form| form.parsed("outcome", "field.choice"));
        let opinion = form.optional_text("opinion", TEXT_CHARS_MAX);
        let refuses = form.fields().get("outcome") == "refused";
        let mut ground = |name: &str| match refuses {
            true => form.text(name, TEXT_CHARS_MAX),
            false => Some(String::new()),
        };
        let (reason, article) = (ground("reason"), ground("article"));
        let (review_organ, court) = (ground("review_organ"), ground("court"));
        let files = form.files("files");
        if FILES_MAX < files.len() {
            let problem = kernel::Problem::new("files", "upload.too_many");
            return form.problem(problem.with("max", FILES_MAX));
        }
        let grounds = Grounds {
            reason: reason?,
            article: article?,
            review_organ: review_organ?,
            court: court?,
        };
        Some(Self {
            outcome: outcome?,
            opinion: opinion.filter(|text| !text.is_empty()),
            grounds: refuses.then_some(grounds),
            files,
        })
    }
}

/// Looks inside a file: what it is, not what it says it is.
fn media_of(content: &[u8]) -> Result<&'static str, Fault> {
    let starts = |mark: &[u8]| content.starts_with(mark);
    if starts(b"%PDF-") {
        Ok("application/pdf")
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Ok("image/png")
    } else if starts(b"\xff\xd8\xff") {
        Ok("image/jpeg")
    } else {
        Err(Fault::invalid("files", "case.file_kind"))
    }
}

/// Puts the files into the store before the transaction names them.
fn store(app: &App, uploads: &[Upload]) -> Result<Vec<Attachment>, Fault> {
    let files = app.db().thing::<FileStore>()?;
    let mut stored = Vec::new();
    for upload in uploads.iter().filter(|upload| 0 < upload.bytes) {
        let content = upload.read(FILE_BYTES_MAX)?;
        let media = media_of(&content)?;
        stored.push(Attachment {
            stored: files.put(app.clock(), &content)?,
            media: media.to_owned(),
            name: upload.name.clone(),
        });
    }
    Ok(stored)
}

pub(super) async fn complete(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    form: Form<Finished>,
) -> Reply<Response> {
    let said = form.command?;
    let finish = Finish {
        task,
        outcome: said.outcome,
        opinion: said.opinion,
        files: store(&app, &said.files)?,
        grounds: said.grounds,
    };
    done(app, by, shell, once, id, move |tx, by| {
        crate::complete(tx, by, id, &finish)
    })
    .await
}

pub(super) struct CoHandler {
    organ: OrganId,
    question: String,
    limit_days: u32,
}

impl ReadForm for CoHandler {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let organ = form.id("organ");
        let question = form.text("question", TEXT_CHARS_MAX);
        let limit_days = form.number("limit_days", 1..=20);
        Some(Self {
            organ: organ?,
            question: question?,
            limit_days: limit_days?,
        })
    }
}

pub(super) async fn add_co_handler(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    form: Form<CoHandler>,
) -> Reply<Response> {
    let asked = form.command?;
    done(app, by, shell, once, id, move |tx, by| {
        crate::add_co_handler(tx, by, id, asked.organ, &asked.question, asked.limit_days)
    })
    .await
}

pub(super) struct NewPause {
    kind: PauseKind,
    expected_days: u32,
    reason: String,
}

/// The special procedures of 许可法 45, as forms name them.
pub(super) const PAUSES: [(&str, PauseKind); 8] = [
    ("hearing", PauseKind::Hearing),
    ("tender", PauseKind::Tender),
    ("auction", PauseKind::Auction),
    ("inspection", PauseKind::Inspection),
    ("testing", PauseKind::Testing),
    ("quarantine", PauseKind::Quarantine),
    ("appraisal", PauseKind::Appraisal),
    ("expert_review", PauseKind::ExpertReview),
];

impl ReadForm for NewPause {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let word = form.text("kind", 20);
        let kind = word.and_then(|word| {
            let found = PAUSES.iter().find(|(name, _)| *name == word);
            match found {
                Some((_, kind)) => Some(*kind),
                None => form.problem(kernel::Problem::new("kind", "field.choice")),
            }
        });
        let expected_days = form.number("expected_days", 1..=crate::PAUSE_DAYS_MAX);
        let reason = form.text("reason", TEXT_CHARS_MAX);
        Some(Self {
            kind: kind?,
            expected_days: expected_days?,
            reason: reason?,
        })
    }
}

pub(super) async fn pause(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    form: Form<NewPause>,
) -> Reply<Response> {
    let asked = form.command?;
    done(app, by, shell, once, id, move |tx, by| {
        crate::pause(tx, by, id, asked.kind, asked.expected_days, &asked.reason)
    })
    .await
}

pub(super) async fn resume(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    _form: Form<Button>,
) -> Reply<Response> {
    done(app, by, shell, once, id, move |tx, by| {
        crate::resume(tx, by, id)
    })
    .await
}

pub(super) struct Longer {
    days: u32,
    reason: String,
}

impl ReadForm for Longer {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let days = form.number("days", 1..=crate::EXTENSION_DAYS_MAX);
        let reason = form.text("reason", TEXT_CHARS_MAX);
        Some(Self {
            days: days?,
            reason: reason?,
        })
    }
}

pub(super) async fn extend(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    form: Form<Longer>,
) -> Reply<Response> {
    let asked = form.command?;
    done(app, by, shell, once, id, move |tx, by| {
        crate::extend(tx, by, id, asked.days, &asked.reason)
    })
    .await
}

impl ReadForm for HandOut {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let method = form.word::<Method>("method");
        let proof = form.optional_text("proof", TEXT_CHARS_MAX);
        Some(Self {
            method: method?,
            identity_checked: form.flag("identity_checked"),
            proof: proof.filter(|text| !text.is_empty()),
        })
    }
}

pub(super) async fn deliver(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    form: Form<HandOut>,
) -> Reply<Response> {
    let out = form.command?;
    done(app, by, shell, once, id, move |tx, by| {
        crate::deliver(tx, by, id, &out)
    })
    .await
}

pub(super) struct Withdrawal(Option<String>);

impl ReadForm for Withdrawal {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let reason = form.optional_text("reason", TEXT_CHARS_MAX);
        Some(Self(reason.filter(|text| !text.is_empty())))
    }
}

pub(super) async fn withdraw(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    form: Form<Withdrawal>,
) -> Reply<Response> {
    let Withdrawal(reason) = form.command?;
    let (actor, person) = (by.actor(), by.id);
    let written = app.write_once(&actor, &once, move |tx| {
        crate::withdraw(tx, person, id, reason.as_deref())?;
        Ok(true)
    });
    written.await?;
    let back = redirect(format!("/my/cases/{id}")).flash(shell.t("case.event_withdrawn"));
    Ok(back.into_response())
}

pub(super) async fn take_online(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CaseId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let (actor, person) = (by.actor(), by.id);
    let written = app.write_once(&actor, &once, move |tx| {
        crate::take_online(tx, person, id)?;
        Ok(true)
    });
    written.await?;
    let back = redirect(format!("/my/cases/{id}")).flash(shell.t("case.event_delivered"));
    Ok(back.into_response())
}
