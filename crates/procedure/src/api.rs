//! Procedures and decision tables for programs, and the look at a file while it is being drawn.

use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use ledger::{VersionState, VersionStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::{App, Json, Officer, OnceToken, Page, Paging, Path, Reply, Shell};

use crate::examine::{Examined, language};
use crate::model::{EditionName, Kind, Procedure, ProcedureName};
use crate::use_cases;

/// A version, as programs see it.
#[derive(Serialize)]
pub(crate) struct VersionReply {
    number: u32,
    status: VersionStatus,
    digest: String,
    effective: Option<Date>,
    withdrawn_on: Option<Date>,
}

/// A procedure, as programs see it.
#[derive(Serialize)]
pub(crate) struct ProcedureReply {
    name: ProcedureName,
    kind: Kind,
    copied_from: Option<String>,
    shipped: bool,
    versions: Vec<VersionReply>,
}

impl ProcedureReply {
    fn of(one: &Procedure) -> Self {
        let version = |version: &VersionState| VersionReply {
            number: version.number,
            status: version.status,
            digest: version.digest.to_string(),
            effective: version.effective,
            withdrawn_on: version.withdrawn_on,
        };
        Self {
            name: one.name.clone(),
            kind: one.kind,
            copied_from: one.copied_from.as_ref().map(ToString::to_string),
            shipped: crate::is_shipped(one.name.as_str()),
            versions: one.versions.iter().map(version).collect(),
        }
    }
}

/// The drawn procedures, by name.
pub(crate) async fn list_procedures(app: App, paging: Paging) -> Reply<Json<Page<ProcedureReply>>> {
    let after = paging.after::<String>()?.unwrap_or_default();
    let most = paging.limit_and_one();
    let all = app
        .read(move |tx| use_cases::list(tx, &after, most))
        .await?;
    let listed = paging.page(all, |one| one.name.to_string())?;
    Ok(Json(listed.map(|one| ProcedureReply::of(&one))))
}

/// One drawn procedure.
pub(crate) async fn show_procedure(
    app: App,
    Path(name): Path<ProcedureName>,
) -> Reply<Json<ProcedureReply>> {
    let found = app.read(move |tx| use_cases::find(tx, &name)).await?;
    let found = found.ok_or(Fault::NotFound { what: "procedure" })?;
    Ok(Json(ProcedureReply::of(&found)))
}

/// A file to be looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Looked {
    name: ProcedureName,
    kind: Kind,
    file: String,
}

/// What a look finds.
#[derive(Serialize)]
pub(crate) struct LookReply {
    ok: bool,
    label: String,
    steps: usize,
    shortest_days: u32,
    longest_days: Option<u32>,
    findings: Vec<Value>,
}

impl LookReply {
    fn of(shell: &Shell, one: &Examined) -> Self {
        let language = language(shell.language());
        let mut findings: Vec<_> = one.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let findings = findings
            .into_iter()
            .map(|finding| finding.to_json(language));
        Self {
            ok: one.good,
            label: one.label(shell.language()).to_owned(),
            steps: one.steps,
            shortest_days: one.shortest,
            longest_days: one.longest,
            findings: findings.collect(),
        }
    }
}

/// Looks at a file as if it were a version of this name; nothing of it is kept.
pub(crate) async fn look(
    app: App,
    shell: Shell,
    Json(body): Json<Looked>,
) -> Reply<Json<LookReply>> {
    let seen = app
        .read(move |tx| use_cases::look(tx, &body.name, body.kind, &body.file))
        .await?;
    Ok(Json(LookReply::of(&shell, &seen)))
}

/// A file for the next version, or for the one that is being drawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftBody {
    kind: Kind,
    file: String,
}

/// Where a version stands now.
#[derive(Serialize)]
pub(crate) struct StandingReply {
    name: ProcedureName,
    number: u32,
}

fn take(
    tx: &mut Tx<'_>,
    name: &ProcedureName,
    kind: Kind,
    file: &str,
) -> Result<EditionName, Fault> {
    let Some(drawn) = use_cases::find(tx, name)? else {
        return if crate::is_shipped(name.as_str()) {
            use_cases::draft(tx, name, file)
        } else {
            use_cases::draw(tx, name, kind, file)
        };
    };
    if drawn.kind != kind {
        return Err(Fault::invalid("kind", "procedure.look_kind"));
    }
    match drawn.versions.latest().filter(|latest| latest.is_open()) {
        Some(open) => {
            let name = drawn.edition_name(open.number);
            use_cases::edit(tx, &name, file)?;
            Ok(name)
        }
        None => use_cases::draft(tx, name, file),
    }
}

/// Begins a procedure, its next version, or gives the open draft another file.
pub(crate) async fn draft_version(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(name): Path<ProcedureName>,
    Json(body): Json<DraftBody>,
) -> Reply<Json<StandingReply>> {
    let work = move |tx: &mut Tx<'_>| {
        let taken = take(tx, &name, body.kind, &body.file)?;
        Ok(taken.to_string())
    };
    let done: String = app.write_once(&by, &once, work).await?;
    let EditionName { name, number } = done.parse().map_err(Fault::broken)?;
    Ok(Json(StandingReply { name, number }))
}

/// Which version, from which day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishBody {
    number: u32,
    effective: Date,
}

/// Puts a version in force.
pub(crate) async fn publish_version(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(name): Path<ProcedureName>,
    Json(body): Json<PublishBody>,
) -> Reply<Json<StandingReply>> {
    let number = body.number;
    let wanted = EditionName { name, number };
    let told = wanted.name.clone();
    let effective = body.effective;
    let work = move |tx: &mut Tx<'_>| use_cases::publish(tx, &wanted, effective).map(|_| ());
    app.write_once(&by, &once, work).await?;
    Ok(Json(StandingReply { name: told, number }))
}

/// Which version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawBody {
    number: u32,
}

/// Takes a version out of force.
pub(crate) async fn withdraw_version(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(name): Path<ProcedureName>,
    Json(body): Json<WithdrawBody>,
) -> Reply<Json<StandingReply>> {
    let number = body.number;
    let wanted = EditionName { name, number };
    let told = wanted.name.clone();
    let work = move |tx: &mut Tx<'_>| use_cases::withdraw(tx, &wanted).map(|_| ());
    app.write_once(&by, &once, work).await?;
    Ok(Json(StandingReply { name: told, number }))
}
