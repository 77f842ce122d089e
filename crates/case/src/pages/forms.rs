//! Forms of a case: read, ask the use case, show what became of it. A form that cannot be done
//! comes back as it was typed, on the page of its case.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use calendar::PauseKind;
use db::Tx;
use kernel::{Fault, OfficerId, OrganId};
use ledger::FileStore;
use web::{
    Again, App, Button, Citizen, Failure, Form, FormReader, Officer, OnceToken, Path, ReadForm,
    Reply, Shell, Upload, redirect,
};

use super::archive::LIST;
use super::show::{Back, desk_case_again};
use crate::model::{Case, CaseId, Code, Method};
use crate::seat::unless_hidden;
use crate::{Attachment, Finish, Grounds, HandOut, TEXT_CHARS_MAX};

/// The largest file beside an opinion.
const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;
const FILES_MAX: usize = 10;

/// A form that an officer sent from the page of a case.
pub(super) struct Sent<F> {
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<F>,
}

impl<F: ReadForm + Send> FromRequest<App> for Sent<F> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let by = Officer::from_request_parts(&mut parts, app).await?;
        let shell = Shell::from_request_parts(&mut parts, app).await?;
        let once = OnceToken::from_request_parts(&mut parts, app).await?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self {
            app: app.clone(),
            by,
            shell,
            once,
            form,
        })
    }
}

impl<F: Send + Sync + 'static> Sent<F> {
    /// The same form, read one step further.
    fn map<G>(self, read: impl FnOnce(&App, F) -> Result<G, Fault>) -> Sent<G> {
        let Form { fields, command } = self.form;
        let command = command.and_then(|asked| read(&self.app, asked));
        Sent {
            app: self.app,
            by: self.by,
            shell: self.shell,
            once: self.once,
            form: Form { fields, command },
        }
    }

    /// Does what was asked and goes back to the case. When fields are wrong, a rule says no or
    /// somebody else changed the case meanwhile, the page comes back with the form as typed.
    async fn then(
        self,
        id: CaseId,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<Case, Fault> + Send + 'static,
    ) -> Reply<Response> {
        self.then_to(id, format!("/desk/cases/{id}"), work).await
    }

    /// As [`Sent::then`], saying something else than that it was handed in.
    async fn then_say(
        self,
        id: CaseId,
        said: &'static str,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<Case, Fault> + Send + 'static,
    ) -> Reply<Response> {
        let onward = format!("/desk/cases/{id}");
        self.then_to_say(id, onward, said, work).await
    }

    /// As [`Sent::then`], going on to another page.
    async fn then_to(
        self,
        id: CaseId,
        onward: String,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<Case, Fault> + Send + 'static,
    ) -> Reply<Response> {
        self.then_to_say(id, onward, "case.done", work).await
    }

    async fn then_to_say(
        self,
        id: CaseId,
        onward: String,
        said: &'static str,
        work: impl Fn(&mut Tx<'_>, &Officer, &F) -> Result<Case, Fault> + Send + 'static,
    ) -> Reply<Response> {
        let typed = self.form.fields;
        let seen = typed.revision();
        let done = match self.form.command {
            Ok(asked) => {
                let (actor, by) = (self.by.actor(), self.by.clone());
                let written = self.app.write_once(&actor, &self.once, move |tx| {
                    let done = ledger::unchanged_since(tx, id, seen);
                    let done = done.and_then(|()| work(tx, &by, &asked));
                    unless_hidden(tx, &by, id, done)?;
                    Ok(true)
                });
                written.await.map(|_| ())
            }
            Err(fault) => Err(fault),
        };
        let Err(fault) = done else {
            let back = redirect(onward);
            return Ok(back.flash(self.shell.t(said)).into_response());
        };
        let again = Again::of(fault, &self.shell, field_of)?;
        let back = Back { typed, again };
        desk_case_again(&self.app, &self.by, self.shell, id, back).await
    }
}

/// The field that a refusal of a case is about.
fn field_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "case.grounds_missing" => "reason",
        "case.opinion_missing" => "opinion",
        "case.departure_unexplained" => "departure",
        "case.minutes_not_weighed" => "minutes",
        "case.no_such_outcome" => "outcome",
        "case.counter_check_missing" => "identity_checked",
        "case.tracking_missing" => "proof",
        "case.granted_by_silence" => "lacking",
        "case.order_is_law" | "case.already_prior" => "priority_reason",
        "case.checked_by_answerable" => "finding",
        "case.own_organ" => "organ",
        "case.receiver_without_post" => "to",
        "case.no_such_pause" | "case.pause_not_listed" => "kind",
        "case.pause_too_long" => "expected_days",
        "case.already_extended" | "case.limit_passed" | "case.not_extendable" => "days",
        _ => return None,
    })
}

pub(super) async fn claim(
    Path((id, task)): Path<(CaseId, u16)>,
    sent: Sent<Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &Button| crate::claim(tx, by, id, task);
    sent.then_say(id, "case.done_claimed", work).await
}

pub(super) async fn release(
    Path((id, task)): Path<(CaseId, u16)>,
    sent: Sent<Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &Button| crate::release(tx, by, id, task);
    sent.then_say(id, "case.done_released", work).await
}

pub(super) struct To(OfficerId);

impl ReadForm for To {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.id("to").map(Self)
    }
}

pub(super) async fn hand_over(
    Path((id, task)): Path<(CaseId, u16)>,
    sent: Sent<To>,
) -> Reply<Response> {
    let work =
        move |tx: &mut Tx<'_>, by: &Officer, to: &To| crate::hand_over(tx, by, id, task, to.0);
    sent.then(id, work).await
}

pub(super) struct Finished {
    outcome: Option<Code>,
    opinion: Option<String>,
    grounds: Option<Grounds>,
    departure: Option<String>,
    minutes: Option<String>,
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
        let lacking = form.optional_text("lacking", 60);
        let departure = form.optional_text("departure", TEXT_CHARS_MAX);
        let minutes = form.optional_text("minutes", TEXT_CHARS_MAX);
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
            lacking: lacking.filter(|code| !code.is_empty()),
        };
        Some(Self {
            outcome: outcome?,
            opinion: opinion.filter(|text| !text.is_empty()),
            grounds: refuses.then_some(grounds),
            departure: departure.filter(|text| !text.is_empty()),
            minutes: minutes.filter(|text| !text.is_empty()),
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
    Path((id, task)): Path<(CaseId, u16)>,
    sent: Sent<Finished>,
) -> Reply<Response> {
    let finish = |app: &App, said: Finished| {
        Ok(Finish {
            task,
            outcome: said.outcome,
            opinion: said.opinion,
            files: store(app, &said.files)?,
            grounds: said.grounds,
            departure: said.departure,
            minutes: said.minutes,
        })
    };
    let sent = sent.map(finish);
    let work =
        move |tx: &mut Tx<'_>, by: &Officer, said: &Finish| crate::complete(tx, by, id, said);
    sent.then(id, work).await
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
    Path(id): Path<CaseId>,
    sent: Sent<CoHandler>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, asked: &CoHandler| {
        crate::add_co_handler(tx, by, id, asked.organ, &asked.question, asked.limit_days)
    };
    sent.then(id, work).await
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
        let reason = form.text("pause_reason", TEXT_CHARS_MAX);
        Some(Self {
            kind: kind?,
            expected_days: expected_days?,
            reason: reason?,
        })
    }
}

pub(super) async fn pause(Path(id): Path<CaseId>, sent: Sent<NewPause>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, asked: &NewPause| {
        crate::pause(tx, by, id, asked.kind, asked.expected_days, &asked.reason)
    };
    sent.then(id, work).await
}

pub(super) async fn resume(Path(id): Path<CaseId>, sent: Sent<Button>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &Button| crate::resume(tx, by, id);
    sent.then(id, work).await
}

pub(super) struct Longer {
    days: u32,
    reason: String,
}

impl ReadForm for Longer {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let days = form.number("days", 1..=crate::EXTENSION_DAYS_MAX);
        let reason = form.text("extend_reason", TEXT_CHARS_MAX);
        Some(Self {
            days: days?,
            reason: reason?,
        })
    }
}

pub(super) async fn extend(Path(id): Path<CaseId>, sent: Sent<Longer>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, asked: &Longer| {
        crate::extend(tx, by, id, asked.days, &asked.reason)
    };
    sent.then(id, work).await
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

pub(super) async fn deliver(Path(id): Path<CaseId>, sent: Sent<HandOut>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, out: &HandOut| crate::deliver(tx, by, id, out);
    sent.then(id, work).await
}

/// From a list back to the list, so that the next one can be filed.
pub(super) async fn archive(Path(id): Path<CaseId>, sent: Sent<Button>) -> Reply<Response> {
    let listed = sent.form.fields.get("back") == "list";
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &Button| crate::archive_by(tx, by, id);
    let back = match listed {
        true => LIST.to_owned(),
        false => format!("/desk/cases/{id}"),
    };
    sent.then_to(id, back, work).await
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

/// Why a case goes before others.
pub(super) struct Priority(String);

impl ReadForm for Priority {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self(form.text("priority_reason", TEXT_CHARS_MAX)?))
    }
}

pub(super) async fn prioritise(Path(id): Path<CaseId>, sent: Sent<Priority>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, asked: &Priority| {
        crate::prioritise(tx, by, id, &asked.0)
    };
    sent.then(id, work).await
}

/// What the check of a tacit approval found.
pub(super) struct TacitFinding {
    upheld: bool,
    finding: String,
}

impl ReadForm for TacitFinding {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let upheld = form.parsed::<bool>("upheld", "field.choice");
        let finding = form.text("finding", TEXT_CHARS_MAX);
        Some(Self {
            upheld: upheld?,
            finding: finding?,
        })
    }
}

pub(super) async fn check_tacit(
    Path(id): Path<CaseId>,
    sent: Sent<TacitFinding>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, said: &TacitFinding| {
        crate::check_tacit(tx, by, id, said.upheld, &said.finding)
    };
    sent.then(id, work).await
}
