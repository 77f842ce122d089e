//! Moving running cases to another version, for programs: the preview of a case, and the move.

use db::Tx;
use kernel::Fault;
use procedure::EditionName;
use process::Mapping;
use serde::{Deserialize, Serialize};
use web::{App, Json, Officer, OnceToken, Path, Reply, Shell};

use crate::model::{CaseId, Code};
use crate::moving::{Verdict, move_case, preview_move};

/// Which version, and which node takes the place of which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewBody {
    procedure: EditionName,
    #[serde(default)]
    mapping: Mapping,
}

/// What would become of a case.
#[derive(Serialize)]
pub(crate) struct PreviewReply {
    id: CaseId,
    number: String,
    procedure: String,
    at: Vec<String>,
    moves: bool,
    passed_over: Vec<String>,
    reasons: Vec<String>,
}

pub(crate) async fn preview(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CaseId>,
    Json(body): Json<PreviewBody>,
) -> Reply<Json<PreviewReply>> {
    let lang = shell.language();
    let plan = app
        .read(move |tx| {
            let to = published(tx, &body.procedure)?;
            preview_move(tx, &by, id, &to, &body.mapping, lang)
        })
        .await?;
    let (moves, passed_over, reasons) = match plan.verdict {
        Verdict::Moves { passed_over } => (true, passed_over, Vec::new()),
        Verdict::Stays { reasons } => (false, Vec::new(), reasons),
    };
    Ok(Json(PreviewReply {
        id: plan.id,
        number: plan.number,
        procedure: plan.from,
        at: plan.at,
        moves,
        passed_over,
        reasons,
    }))
}

/// Only what was published can be moved to.
pub(crate) fn published(tx: &mut Tx<'_>, name: &EditionName) -> Result<EditionName, Fault> {
    crate::edition(tx, &name.to_string()).map_err(|_| Fault::NotFound { what: "procedure" })?;
    Ok(name.clone())
}

/// Which version, which node takes the place of which, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveBody {
    procedure: EditionName,
    #[serde(default)]
    mapping: Mapping,
    reason: String,
}

/// By which version a case runs now.
#[derive(Serialize)]
pub(crate) struct MoveReply {
    id: CaseId,
    procedure: Code,
}

pub(crate) async fn migrate(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<MoveBody>,
) -> Reply<Json<MoveReply>> {
    let officer = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let to = published(tx, &body.procedure)?;
        let moved = move_case(tx, &officer, id, &to, &body.mapping, &body.reason)?;
        Ok(moved.procedure)
    };
    let procedure: Code = app.write_once(&by, &once, work).await?;
    Ok(Json(MoveReply { id, procedure }))
}
