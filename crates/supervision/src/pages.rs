//! `/ledger`: what the ledger is, how it stands now, and the check of a proof.

use askama::Template;
use axum::response::Response;
use kernel::Fault;
use kernel::clock::hall_time;
use web::parts::{Fact, Moment};
use web::{App, Download, Form, FormReader, ReadForm, Reply, Shell, page};

use crate::disclosure::{self, Checked, Published};

/// A proof that is larger is not of one case.
const PROOF_BYTES_MAX: u64 = 1 << 20;
const KEY_CHARS_MAX: usize = 1000;
/// The instant of a checkpoint by the hall's clock.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

#[derive(Template)]
#[template(path = "supervision/ledger.html")]
struct LedgerPage {
    shell: Shell,
    key: String,
    facts: Vec<Fact>,
    root: String,
    checkpoint: String,
}

#[derive(Template)]
#[template(path = "supervision/verified.html")]
struct VerifiedPage {
    shell: Shell,
    whole: bool,
    steps: Vec<Moment>,
}

/// A proof to be checked, with the key to be trusted.
pub(crate) struct ToCheck {
    proof: String,
    key: String,
}

impl ReadForm for ToCheck {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let key = form.optional_text("key", KEY_CHARS_MAX);
        let files = form.files("proof_file");
        let proof = match files.first() {
            Some(file) => match file.read(PROOF_BYTES_MAX) {
                // What is not UTF-8 is no JSON either; the check says so.
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(_) => {
                    let problem = kernel::Problem::new("proof_file", "supervision.proof_too_large");
                    return form.problem(problem);
                }
            },
            None => form.fields().get("proof").to_owned(),
        };
        Some(Self { proof, key: key? })
    }
}

pub(crate) async fn show_ledger(app: App, shell: Shell) -> Reply<Response> {
    let (key, published) = app
        .read(|tx| Ok((disclosure::key_line(tx)?, disclosure::published(tx)?)))
        .await?;
    page(&LedgerPage {
        key,
        facts: published
            .as_ref()
            .map_or_else(Vec::new, |now| facts(now, &shell)),
        root: published
            .as_ref()
            .map_or_else(String::new, |now| now.root.to_string()),
        checkpoint: published.map_or_else(String::new, |now| now.checkpoint),
        shell,
    })
}

fn facts(now: &Published, shell: &Shell) -> Vec<Fact> {
    let fact = |key: &str, text: String| Fact {
        label: shell.t(&format!("supervision.{key}")).to_owned(),
        text,
        ..Fact::default()
    };
    vec![
        fact("origin", now.origin.clone()),
        fact("size", now.size.to_string()),
        fact("time", hall_time(now.time).strftime(TIME).to_string()),
        fact("suite", now.suite.to_string()),
    ]
}

pub(crate) async fn verify_proof(shell: Shell, form: Form<ToCheck>) -> Reply<Response> {
    let checked = match form.command {
        Ok(ToCheck { proof, key }) => disclosure::check(&proof, &key),
        Err(Fault::Invalid(problems)) => Checked {
            lines: Vec::new(),
            flaws: problems
                .into_iter()
                .map(|problem| disclosure::Flaw {
                    wording: problem.code,
                    detail: problem.field,
                })
                .collect(),
        },
        Err(fault) => return Err(fault.into()),
    };
    page(&VerifiedPage {
        whole: checked.is_whole(),
        steps: steps(&checked, &shell),
        shell,
    })
}

/// What was found, as the list of the page: the flaws, or each line that is in the ledger.
fn steps(checked: &Checked, shell: &Shell) -> Vec<Moment> {
    let flaw = |flaw: &disclosure::Flaw| Moment {
        title: shell.t(flaw.wording).to_owned(),
        detail: flaw.detail.clone(),
        ..Moment::default()
    };
    let line = |line: &String| Moment {
        title: shell.t("verify.line").to_owned(),
        detail: line.clone(),
        ..Moment::default()
    };
    if checked.is_whole() {
        checked.lines.iter().map(line).collect()
    } else {
        checked.flaws.iter().map(flaw).collect()
    }
}

pub(crate) async fn download_verifier() -> Download {
    Download::new(
        "verify_proof.py",
        "text/x-python; charset=utf-8",
        disclosure::VERIFIER,
    )
}
