//! HTML: verification for everybody, and downloads for those whose document it is.
//!
//! Deliberately absent: lists, which `own_pages` and `desk_pages` show.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use codes::{CodeError, EcertId};
use db::{Db, Tx};
use kernel::{Fault, Lang, Problem};
use serde::Deserialize;
use web::parts::Fact;
use web::{
    App, Download, Fields, Form, FormReader, Path, Problems, Query, ReadForm, Reply, Role, Shell,
    Upload, Visitor, invalid, page, redirect,
};

use crate::model::{CertificateId, CertificateState, NoticeId};
use crate::public_check::{self, Checked, FileVerdict, PublicCard, Signing};
use crate::render::{self, DocumentId};
use crate::store::{self, Reader};

/// Largest file that is checked.
const FILE_BYTES_MAX: u64 = 20 << 20;

/// Why an identifier is none, in the visitor's language.
pub(crate) fn reason(lang: Lang, error: &CodeError) -> String {
    match lang {
        Lang::Zh => error.zh(),
        Lang::En => error.to_string(),
    }
}

#[derive(Template)]
#[template(path = "certificate/verify.html")]
struct VerifyPage {
    shell: Shell,
    typed: Fields,
    problems: Problems,
    verdict: Option<Verdict>,
}

/// What the page says of a certificate or a file.
struct Verdict {
    heading: String,
    wording: String,
    tone: &'static str,
    facts: Vec<Fact>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VerifyQuery {
    ecert_id: Option<String>,
}

pub(crate) async fn show_verify(shell: Shell, Query(asked): Query<VerifyQuery>) -> Reply<Response> {
    let Some(typed) = asked.ecert_id else {
        let (typed, problems) = (Fields::default(), Problems::none());
        return page(&VerifyPage {
            shell,
            typed,
            problems,
            verdict: None,
        });
    };
    match EcertId::parse(typed.trim()) {
        Ok(id) => Ok(redirect(format!("/certificates/verify/{id}")).into_response()),
        Err(error) => wrong_id(shell, &typed, &error),
    }
}

fn wrong_id(shell: Shell, typed: &str, error: &CodeError) -> Reply<Response> {
    let why = reason(shell.language(), error);
    let problem = Problem::new("ecert_id", "certificate.ecert_id_wrong").with("reason", why);
    let problems = shell.problems(&[problem]);
    let typed = Fields::of([("ecert_id", typed)]);
    invalid(&VerifyPage {
        shell,
        typed,
        problems,
        verdict: None,
    })
}

pub(crate) async fn show_card(
    app: App,
    shell: Shell,
    Path(typed): Path<String>,
) -> Reply<Response> {
    let asked = typed.clone();
    let verdict = match app.read(move |tx| public_check::check(tx, &asked)).await? {
        Checked::Wrong(error) => return wrong_id(shell, &typed, &error),
        Checked::Known(card) => card_verdict(&shell, &card),
        Checked::Unknown(id) => Verdict {
            heading: shell.t("certificate.state_unknown").to_owned(),
            wording: shell.t("certificate.unknown_text").to_owned(),
            tone: "warn",
            facts: vec![Fact::plain(shell.t("certificate.ecert_id"), id.to_string())],
        },
    };
    let typed = Fields::of([("ecert_id", typed)]);
    let problems = Problems::none();
    page(&VerifyPage {
        shell,
        typed,
        problems,
        verdict: Some(verdict),
    })
}

fn card_verdict(shell: &Shell, card: &PublicCard) -> Verdict {
    let state = card.state.as_str();
    let since = vec![("since", card.state_since.to_string())];
    let long_term = || shell.t("certificate.long_term").to_owned();
    let until = card
        .valid_until
        .map_or_else(long_term, |last| last.to_string());
    let erased = || shell.t("certificate.erased").to_owned();
    let row = |key: &str, text: String| Fact::plain(shell.t(key), text);
    let mut facts = vec![
        row("certificate.name", card.name.clone().unwrap_or_else(erased)),
        row("certificate.number", card.number.clone()),
        row("certificate.organ", card.organ.clone()),
        row(
            "certificate.holder",
            card.holder.clone().unwrap_or_else(erased),
        ),
        row("certificate.issued_on", card.issued_on.to_string()),
        row(
            "certificate.validity",
            format!("{} — {until}", card.valid_from),
        ),
        row("certificate.ecert_id", card.ecert_id.clone()),
    ];
    if !card.scope.is_empty() {
        facts.push(row("certificate.scope", card.scope.clone()));
    }
    let lines = card.lines.iter();
    facts.extend(lines.map(|line| Fact::plain(&line.label, line.value.clone())));
    if let Some(article) = card.article {
        facts.push(row("certificate.article", article.to_owned()));
    }
    if let Some(next) = &card.successor {
        facts.push(Fact {
            label: shell.t("certificate.successor").to_owned(),
            text: next.clone(),
            href: format!("/certificates/verify/{next}"),
            action: shell.t("certificate.show").to_owned(),
        });
    }
    Verdict {
        heading: shell.t(&format!("certificate.state_{state}")).to_owned(),
        wording: shell.say(&format!("certificate.text_{state}"), &since),
        tone: if card.state == CertificateState::Valid {
            "good"
        } else {
            "bad"
        },
        facts,
    }
}

/// A file to be checked.
pub(crate) struct FileToCheck(Upload);

impl ReadForm for FileToCheck {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.file("file").map(Self)
    }
}

pub(crate) async fn verify_file(
    app: App,
    shell: Shell,
    form: Form<FileToCheck>,
) -> Reply<Response> {
    let file = match form.command {
        Ok(FileToCheck(file)) => file,
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            let typed = Fields::default();
            return invalid(&VerifyPage {
                shell,
                typed,
                problems,
                verdict: None,
            });
        }
        Err(fault) => return Err(fault.into()),
    };
    let bytes = file.read(FILE_BYTES_MAX)?;
    let found = app
        .read(move |tx| public_check::check_file(tx, &bytes))
        .await?;
    let verdict = Some(file_verdict(&shell, found));
    let (typed, problems) = (Fields::default(), Problems::none());
    page(&VerifyPage {
        shell,
        typed,
        problems,
        verdict,
    })
}

fn file_verdict(shell: &Shell, found: FileVerdict) -> Verdict {
    let plain = |key: &str, tone: &'static str, facts: Vec<Fact>| Verdict {
        heading: shell.t(&format!("certificate.file_{key}")).to_owned(),
        wording: shell.t(&format!("certificate.file_{key}_text")).to_owned(),
        tone,
        facts,
    };
    let row = |key: &str, text: String| Fact::plain(shell.t(key), text);
    let signed = |signing: &Signing| {
        let at = kernel::clock::hall_time(signing.at)
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string();
        vec![
            row("certificate.signed_by", signing.organ.clone()),
            row("certificate.signed_at", at),
        ]
    };
    match found {
        FileVerdict::Unsigned => plain("unsigned", "warn", Vec::new()),
        FileVerdict::Altered => plain("altered", "bad", Vec::new()),
        FileVerdict::Foreign { claimed } => {
            let claimed = claimed.into_iter();
            let facts = claimed
                .map(|name| row("certificate.claimed_by", name))
                .collect();
            plain("foreign", "warn", facts)
        }
        FileVerdict::NotInForce(signing) => plain("not_in_force", "warn", signed(&signing)),
        FileVerdict::Notice {
            signing,
            kind,
            number,
            on,
        } => {
            let kind = shell.t(&format!("certificate.kind_{kind}")).to_owned();
            let mut facts = vec![
                row("certificate.kind", kind),
                row("certificate.number", number),
                row("certificate.drawn_on", on.to_string()),
            ];
            facts.extend(signed(&signing));
            plain("genuine", "good", facts)
        }
        FileVerdict::Certificate { signing, card } => {
            let mut verdict = card_verdict(shell, &card);
            verdict.facts.extend(signed(&signing));
            verdict
        }
    }
}

/// Who has business with papers of their organ. Whoever runs the machine or keeps the catalogue
/// has none with anybody's (个人信息保护法 6).
const HANDLERS: [Role; 9] = [
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::CoHandler,
    Role::HallManager,
    Role::Supervisor,
    Role::AuditAdmin,
];

/// What staff may read, in the shape that the queries want.
fn reader(tx: &mut Tx<'_>, visitor: &Visitor) -> Result<Option<Reader>, Fault> {
    Ok(match visitor {
        Visitor::Citizen(_) | Visitor::Public(_) => None,
        Visitor::Officer(officer) => match officer.organ() {
            Some(organ) if HANDLERS.iter().any(|role| officer.has(*role)) => {
                let is_hall = match identity::hall(tx) {
                    Ok(hall) => hall.id == organ,
                    Err(Fault::NotFound { .. }) => false,
                    Err(fault) => return Err(fault),
                };
                Some(Reader::Staff { organ, is_hall })
            }
            _ => None,
        },
    })
}

/// People read their own; agents with a power of attorney what their principals may, in the
/// matters of the power.
pub(crate) fn readers(tx: &mut Tx<'_>, visitor: &Visitor) -> Result<Vec<Reader>, Fault> {
    let mut readers: Vec<Reader> = reader(tx, visitor)?.into_iter().collect();
    if let Some(citizen) = visitor.citizen() {
        let held = identity::acting_as(tx, citizen.id)?;
        readers.extend(held.into_iter().map(Reader::Person));
    }
    Ok(readers)
}

pub(crate) async fn download_notice(
    app: App,
    by: Visitor,
    Path(file): Path<String>,
) -> Reply<Response> {
    let id = file
        .strip_suffix(".pdf")
        .and_then(|id| id.parse::<NoticeId>().ok());
    let id = id.ok_or(Fault::NotFound { what: "notice" })?;
    let find = move |tx: &mut Tx<'_>| {
        for reader in readers(tx, &by)? {
            if let Some(notice) = store::visible_notice(tx, id, reader)? {
                return Ok(notice.number.to_string());
            }
        }
        Err(Fault::NotFound { what: "notice" })
    };
    let number = app.read(find).await?;
    deliver(app.db().clone(), id.into(), number).await
}

pub(crate) async fn download_certificate(
    app: App,
    by: Visitor,
    Path(file): Path<String>,
) -> Reply<Response> {
    let id = file
        .strip_suffix(".pdf")
        .and_then(|id| id.parse::<CertificateId>().ok());
    let id = id.ok_or(Fault::NotFound { what: "cert" })?;
    let find = move |tx: &mut Tx<'_>| {
        for reader in readers(tx, &by)? {
            if let Some(certificate) = store::visible_certificate(tx, id, reader)? {
                return Ok(certificate.number.to_string());
            }
        }
        Err(Fault::NotFound { what: "cert" })
    };
    let number = app.read(find).await?;
    deliver(app.db().clone(), id.into(), number).await
}

/// The inclusion proof of each step of a certificate, for those who may read it.
pub(crate) async fn download_proof(
    app: App,
    by: Visitor,
    Path(id): Path<CertificateId>,
) -> Reply<Response> {
    let prove = move |tx: &mut Tx<'_>| {
        for reader in readers(tx, &by)? {
            if store::visible_certificate(tx, id, reader)?.is_some() {
                return ledger::proof::prove(tx, id);
            }
        }
        Err(Fault::NotFound { what: "cert" })
    };
    let proof = app.read(prove).await?;
    let bytes = serde_json::to_vec_pretty(&proof).map_err(Fault::broken)?;
    let name = format!("{id}.proof.json");
    Ok(Download::new(name, "application/json", bytes).into_response())
}

/// Makes the file when it still waits, on a thread that may take its time.
/// The file of a document as an answer, made now when it still waits. Whether the reader may have
/// it must have been asked before.
///
/// # Errors
/// [`Fault::NotFound`]; `certificate.not_printable` when it could not be made.
pub async fn deliver(db: Db, id: DocumentId, number: String) -> Reply<Response> {
    let made = tokio::task::spawn_blocking(move || render::pdf_of(&db, id)).await;
    let bytes = made.map_err(Fault::broken)??;
    let file = Download::new(format!("{number}.pdf"), "application/pdf", bytes).inline();
    Ok((StatusCode::OK, file).into_response())
}
