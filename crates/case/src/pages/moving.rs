//! HTML: running cases moved to another version 在办件迁移: a preview with a verdict for each
//! case, and the move of those that are chosen, one case a transaction.

use std::str::FromStr;

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::Fault;
use procedure::{EditionName, ProcedureName};
use process::Mapping;
use serde::Deserialize;
use web::parts::Link;
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Shell, page, redirect,
};

use crate::model::CaseId;
use crate::moving::{MovePlan, Verdict, move_case, preview_move, running};

/// Longest mapping, in characters.
const MAPPING_CHARS_MAX: usize = 20_000;
/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 2_000;

/// Which node takes the place of which, one pair a line: `old = new`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) Mapping);

/// A line that is no pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPair;

impl FromStr for Pairs {
    type Err = NoPair;

    fn from_str(text: &str) -> Result<Self, NoPair> {
        let mut pairs = Mapping::new();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines {
            let (old, new) = line.split_once('=').ok_or(NoPair)?;
            let (old, new) = (old.trim(), new.trim());
            let twice = pairs.insert(old.to_owned(), new.to_owned()).is_some();
            if old.is_empty() || new.is_empty() || twice {
                return Err(NoPair);
            }
        }
        Ok(Self(pairs))
    }
}

struct Row {
    id: String,
    href: String,
    number: String,
    from: String,
    at: String,
    moves: bool,
    said: Vec<String>,
}

#[derive(Template)]
#[template(path = "case/move.html")]
struct MovePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    crumbs: Vec<Link>,
    here: String,
    title: String,
    mapping: String,
    rows: Vec<Row>,
    movable: usize,
    start: String,
    onward: String,
}

/// What stands behind the question mark.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    map: String,
}

fn row(shell: &Shell, sees: bool, plan: MovePlan) -> Row {
    let (moves, said) = match plan.verdict {
        Verdict::Moves { passed_over } => {
            let passed = |name: &String| {
                let step = [("step", name.clone())];
                shell.say("case.move_passed_over", &step)
            };
            (true, passed_over.iter().map(passed).collect())
        }
        Verdict::Stays { reasons } => (false, reasons),
    };
    Row {
        // Who keeps the catalogue moves cases and reads none.
        href: if sees {
            format!("/desk/cases/{}", plan.id)
        } else {
            String::new()
        },
        id: plan.id.to_string(),
        number: plan.number,
        from: plan.from,
        at: plan.at.join(shell.t("case.list_stop")),
        moves,
        said,
    }
}

fn at(to: &EditionName) -> String {
    format!("/desk/procedures/{}/versions/{}/move", to.name, to.number)
}

async fn move_page(
    app: &App,
    by: &Officer,
    to: EditionName,
    shell: Shell,
    paging: Option<Paging>,
    typed: Fields,
    problems: Problems,
) -> Reply<MovePage> {
    let mapping = typed.get("map").to_owned();
    let (pairs, problems) = match mapping.parse::<Pairs>() {
        Ok(pairs) => (pairs.0, problems),
        Err(NoPair) => {
            let wrong = kernel::Problem::new("map", "case.mapping_form");
            (Mapping::new(), shell.problems(&[wrong]))
        }
    };
    let after = match &paging {
        Some(paging) => paging.after::<CaseId>()?,
        None => None,
    };
    let most = paging
        .as_ref()
        .map_or(web::ITEMS_USUAL + 1, Paging::limit_and_one);
    let (wanted, officer, lang) = (to.clone(), by.clone(), shell.language());
    let plans = app
        .read(move |tx| {
            let wanted = crate::moves_api::published(tx, &wanted)?;
            let mut plans = Vec::new();
            for id in running(tx, &wanted, after, most)? {
                plans.push(preview_move(tx, &officer, id, &wanted, &pairs, lang)?);
            }
            Ok(plans)
        })
        .await?;
    let (plans, next, first) = match &paging {
        Some(paging) => {
            let listed = paging.page(plans, |plan| plan.id)?;
            (listed.items, listed.next, paging.is_first())
        }
        None => (plans, None, true),
    };
    let here = at(&to);
    let sees = by.has(crate::Role::HallManager);
    let rows = plans.into_iter().map(|plan| row(&shell, sees, plan));
    let rows: Vec<Row> = rows.collect();
    let params = [
        ("name", to.name.to_string()),
        ("number", to.number.to_string()),
    ];
    Ok(MovePage {
        crumbs: vec![
            Link::to("/desk/procedures", shell.t("case.procedures")),
            Link::to(format!("/desk/procedures/{}", to.name), to.name.to_string()),
        ],
        title: shell.say("case.move_title", &params),
        movable: rows.iter().filter(|row| row.moves).count(),
        start: if first { String::new() } else { here.clone() },
        onward: next.map_or(String::new(), |next| format!("{here}?cursor={next}")),
        here,
        mapping,
        rows,
        typed,
        problems,
        shell,
    })
}

pub(super) async fn show_move(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Path((name, number)): Path<(ProcedureName, u32)>,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let to = EditionName { name, number };
    let typed = Fields::of([("map", asked.map)]);
    page(&move_page(&app, &by, to, shell, Some(paging), typed, Problems::none()).await?)
}

/// Which cases go, by which mapping, and why.
pub(super) struct Chosen {
    cases: Vec<CaseId>,
    mapping: Mapping,
    reason: String,
}

impl ReadForm for Chosen {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let reason = form.text("reason", REASON_CHARS_MAX);
        let text = form.fields().get("map").to_owned();
        let mapping = match text.parse::<Pairs>() {
            Ok(pairs) if text.chars().count() <= MAPPING_CHARS_MAX => Some(pairs.0),
            _ => form.problem(kernel::Problem {
                field: "map".to_owned(),
                code: "case.mapping_form",
                params: Vec::new(),
            }),
        };
        let cases = form.words::<CaseId>("case")?;
        if cases.is_empty() {
            return form.problem(kernel::Problem {
                field: "case".to_owned(),
                code: "case.move_nobody",
                params: Vec::new(),
            });
        }
        Some(Self {
            cases,
            mapping: mapping?,
            reason: reason?,
        })
    }
}

pub(super) async fn move_cases(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((name, number)): Path<(ProcedureName, u32)>,
    form: Form<Chosen>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let to = EditionName { name, number };
    let chosen = match command {
        Ok(chosen) => chosen,
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let shown = move_page(&app, &by, to, shell, None, fields, again.problems).await?;
            return Again::show(status, &shown);
        }
    };
    let (mut moved, mut stayed) = (0, 0);
    let many = chosen.cases.len() > 1;
    for id in chosen.cases {
        let (to, mapping, reason) = (to.clone(), chosen.mapping.clone(), chosen.reason.clone());
        let officer = by.clone();
        let work =
            move |tx: &mut Tx<'_>| move_case(tx, &officer, id, &to, &mapping, &reason).map(|_| ());
        // A case that is already there stays there: one key serves one case only.
        let done = match many {
            true => app.write(&by, work).await,
            false => app.write_once(&by, &once, work).await,
        };
        match done {
            Ok(()) => moved += 1,
            Err(Fault::Refused(_) | Fault::NotFound { .. } | Fault::Conflict { .. }) => stayed += 1,
            Err(fault) => return Err(fault.into()),
        }
    }
    let params = [("moved", moved.to_string()), ("stayed", stayed.to_string())];
    let back = redirect(at(&to)).flash(shell.say("case.moved_now", &params));
    Ok(back.into_response())
}
