//! `/sunshine` 阳光政务 (政府信息公开条例; 许可法 40): how the hall is doing, by organ and item,
//! and what was decided lately.
//!
//! Deliberately absent: persons, texts, officers, and the running cases behind the figures.

use analytics::model::{DecisionLine, Period, Selection};
use analytics::sheet::{Cell, Linked, Sheet};
use analytics::{Names, Style, Table, board};
use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use serde::Deserialize;
use web::parts::{Bar, Figure};
use web::{App, Path, Query, Reply, Shell, Visit, page};

/// How many decisions the page shows, and a file holds.
const DECISIONS_SHOWN: usize = 50;
const DECISIONS_MAX: usize = 5000;
/// The file of the decisions; the others are named by [`Table`].
const DECISIONS: &str = "decisions";

/// The period that is asked for. Empty fields of a form count as left out.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    from: Option<String>,
    until: Option<String>,
}

impl Asked {
    fn period(&self, today: Date) -> Result<Period, Fault> {
        let day = |field: &'static str, text: &Option<String>| match text.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| Fault::invalid(field, "field.date")),
        };
        Period::new(today, day("from", &self.from)?, day("until", &self.until)?)
    }
}

#[derive(Template)]
#[template(path = "supervision/sunshine.html")]
struct SunshinePage {
    shell: Shell,
    today: Date,
    from: Date,
    until: Date,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
    sheets: Vec<Sheet>,
    query: String,
}

pub(crate) async fn show_sunshine(
    app: App,
    shell: Shell,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>| {
        let period = asked.period(tx.today())?;
        let all = Selection::default();
        let board = analytics::board(tx, &all, period)?;
        Ok((
            board,
            analytics::decisions(tx, &all, period, DECISIONS_SHOWN)?,
        ))
    };
    let (found, (lines, names)) = app.read(work).await?;
    let style = Style {
        words: app.words(),
        lang: visit.lang(),
        linked: false,
    };
    let mut sheets: Vec<Sheet> = Table::ALL
        .iter()
        .map(|table| found.sheet(*table, style))
        .collect();
    sheets.push(decisions_sheet(&lines, &names, style));
    let (from, until) = (found.period.from, found.period.until);
    page(&SunshinePage {
        today: found.today,
        from,
        until,
        figures: board::figures(&found, style),
        bars: board::bars(&found),
        sheets,
        query: format!("?from={from}&until={until}"),
        shell,
    })
}

pub(crate) async fn download_table(
    app: App,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let unknown = || Fault::NotFound { what: "table" };
    let (name, kind) = file.rsplit_once('.').ok_or_else(unknown)?;
    let table: Option<Table> = name.parse().ok();
    if (table.is_none() && name != DECISIONS) || !["csv", "xlsx"].contains(&kind) {
        return Err(unknown().into());
    }
    let (words, lang) = (app.words().clone(), visit.lang());
    let work = move |tx: &mut Tx<'_>| {
        let style = Style {
            words: &words,
            lang,
            linked: false,
        };
        let (period, all) = (asked.period(tx.today())?, Selection::default());
        let sheet = match table {
            Some(table) => analytics::board(tx, &all, period)?.sheet(table, style),
            None => {
                let (lines, names) = analytics::decisions(tx, &all, period, DECISIONS_MAX)?;
                decisions_sheet(&lines, &names, style)
            }
        };
        Ok((sheet, tx.today()))
    };
    let (sheet, today) = app.read(work).await?;
    if kind == "csv" {
        return Ok(sheet.csv(today).into_response());
    }
    Ok(sheet.xlsx(today)?.into_response())
}

/// The newest decisions: numbers, items, organs, outcomes and days, nothing else.
pub(crate) fn decisions_sheet(lines: &[DecisionLine], names: &Names, style: Style<'_>) -> Sheet {
    let head = [
        "number",
        "item",
        "organ",
        "outcome",
        "opened_on",
        "decided_on",
        "on_time",
    ];
    let row = |line: &DecisionLine| -> Vec<Linked> {
        let kept = match line.kept_promise {
            Some(true) => style.t("supervision.yes"),
            Some(false) => style.t("supervision.no"),
            None => "—".to_owned(),
        };
        let cells = [
            Cell::Text(line.number.clone()),
            Cell::Text(names.item(line.subject.item, style.lang)),
            Cell::Text(names.organ(line.subject.organ)),
            Cell::Text(outcome(line.outcome.as_deref(), style)),
            Cell::Day(Some(line.opened_on)),
            Cell::Day(Some(line.decided_on)),
            Cell::Text(kept),
        ];
        cells.into_iter().map(Linked::from).collect()
    };
    Sheet {
        key: DECISIONS,
        caption: style.t("supervision.decisions"),
        head: head
            .iter()
            .map(|key| style.t(&format!("supervision.{key}")))
            .collect(),
        rows: lines.iter().map(row).collect(),
    }
}

/// The wording of an outcome; the word itself when the case room has a new one.
fn outcome(word: Option<&str>, style: Style<'_>) -> String {
    match word {
        Some("granted") => style.t("supervision.granted"),
        Some("refused") => style.t("supervision.refused"),
        Some(other) => other.to_owned(),
        None => "—".to_owned(),
    }
}
