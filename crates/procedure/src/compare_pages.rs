//! HTML: two versions of a procedure or decision table side by side: what changed in words, and
//! both pictures marked.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use web::parts::Link;
use web::{App, Path, Query, Reply, Shell, page};

use crate::examine::language;
use crate::model::{EditionName, Kind, ProcedureName};
use crate::use_cases;
use crate::version_pages::{crumbs, title};

/// Which two versions.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Two {
    from: u32,
    to: u32,
}

struct ChangeRow {
    what: String,
    word: String,
    tone: &'static str,
    details: Vec<String>,
}

#[derive(Template)]
#[template(path = "procedure/compare.html")]
struct ComparePage {
    shell: Shell,
    crumbs: Vec<Link>,
    title: String,
    rows: Vec<ChangeRow>,
    before: String,
    after: String,
    before_title: String,
    after_title: String,
}

pub(crate) async fn compare_versions(
    app: App,
    shell: Shell,
    Path(name): Path<ProcedureName>,
    Query(two): Query<Two>,
) -> Reply<Response> {
    let edition = |number| EditionName {
        name: name.clone(),
        number,
    };
    let (from, to) = (edition(two.from), edition(two.to));
    let wanted = (from.clone(), to.clone());
    let read = move |tx: &mut Tx<'_>| {
        Ok((
            use_cases::source(tx, &wanted.0)?,
            use_cases::source(tx, &wanted.1)?,
        ))
    };
    let (old, new) = app.read(read).await?;
    let (rows, [before, after]) = match new.kind {
        Kind::Process => compare_processes(&shell, &old.file, &new.file)?,
        Kind::Decision => (
            compare_tables(&shell, &old.file, &new.file)?,
            Default::default(),
        ),
    };
    let heading = [("from", two.from.to_string()), ("to", two.to.to_string())];
    page(&ComparePage {
        crumbs: crumbs(&shell, &name),
        title: format!(
            "{name} · {}",
            shell.say("procedure.compare_title", &heading)
        ),
        before_title: title(&shell, &from),
        after_title: title(&shell, &to),
        rows,
        before,
        after,
        shell,
    })
}

fn change_word(shell: &Shell, word: &str) -> (String, &'static str) {
    let tone = match word {
        "added" => "green",
        "removed" => "red",
        "changed" => "yellow",
        _ => "blue",
    };
    (
        shell.t(&format!("procedure.change_{word}")).to_owned(),
        tone,
    )
}

fn compare_processes(
    shell: &Shell,
    old: &str,
    new: &str,
) -> Result<(Vec<ChangeRow>, [String; 2]), Fault> {
    let old = process::parse(old.as_bytes()).map_err(Fault::broken)?;
    let new = process::parse(new.as_bytes()).map_err(Fault::broken)?;
    let all = process::differences(&old, &new);
    let marks: BTreeMap<String, process::Change> = all
        .iter()
        .map(|one| (one.element.clone(), one.change))
        .collect();
    let marked = |definitions: &process::Definitions, side: &str| {
        let english = definitions.main_in_english();
        let lang = shell.language();
        let process = lang.pick(definitions.main(), english.as_ref());
        process.map_or_else(String::new, |process| {
            let picture = process::Picture {
                title: process.name(),
                language: language(lang),
                current: &[],
            };
            process::draw_marked(process, &definitions.diagram, &picture, &marks, side)
        })
    };
    let pictures = [marked(&old, "before"), marked(&new, "after")];
    let row = |one: &process::Difference| {
        let (word, tone) = change_word(shell, one.change.word());
        let what = match (one.name.is_empty(), one.is_flow) {
            (true, true) => format!("{} {}", shell.t("procedure.flow"), one.element),
            (true, false) => one.element.clone(),
            (false, _) => format!("{} ({})", one.name, one.element),
        };
        let detail = |detail: &process::Detail| {
            let shown = |text: &str| match text {
                "" => "—".to_owned(),
                text => text.to_owned(),
            };
            let (before, after) = (shown(&detail.before), shown(&detail.after));
            format!("{}: {before} → {after}", detail.attribute)
        };
        ChangeRow {
            what,
            word,
            tone,
            details: one.details.iter().map(detail).collect(),
        }
    };
    Ok((all.iter().map(row).collect(), pictures))
}

fn compare_tables(shell: &Shell, old: &str, new: &str) -> Result<Vec<ChangeRow>, Fault> {
    let old = decision::sheets(old).map_err(Fault::broken)?;
    let new = decision::sheets(new).map_err(Fault::broken)?;
    let row = |one: &decision::RowChange| {
        let word = match one.change {
            decision::Change::Added => "added",
            decision::Change::Removed => "removed",
            decision::Change::Changed => "changed",
            decision::Change::Moved => "moved",
        };
        let (word, tone) = change_word(shell, word);
        let row = [("row", one.row.to_string())];
        let what = match one.row {
            0 => one.table.clone(),
            _ => format!("{} · {}", one.table, shell.say("procedure.rule_row", &row)),
        };
        let cells = |cells: &[String]| match cells {
            [] => "—".to_owned(),
            cells => cells.join(" | "),
        };
        ChangeRow {
            what,
            word,
            tone,
            details: vec![format!("{} → {}", cells(&one.before), cells(&one.after))],
        }
    };
    Ok(decision::compare(&old, &new).iter().map(row).collect())
}
