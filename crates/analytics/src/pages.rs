//! The board for people: figures, tables, the cases behind them, and files of each table.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use web::parts::{Bar, Choice, Figure, Link};
use web::{App, Officer, Paging, Path, Query, Reply, Shell, Visit, page};

use crate::api::Asked;
use crate::board::{Style, Table, bars, cases_href, figures};
use crate::model::Shade;
use crate::sheet::{Cell, Linked, Sheet};
use crate::{CaseId, ListedCase, Names};

/// How many cases a file holds at most.
const FILE_CASES_MAX: usize = 10_000;
/// The file of the list of cases; the others are named by [`Table`].
const CASES: &str = "cases";

#[derive(Template)]
#[template(path = "analytics/board.html")]
struct BoardPage {
    shell: Shell,
    today: Date,
    from: Date,
    until: Date,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
    organs: Vec<Choice>,
    sheets: Vec<Sheet>,
    query: String,
}

#[derive(Template)]
#[template(path = "analytics/cases.html")]
struct CasesPage {
    shell: Shell,
    crumbs: Vec<Link>,
    tabs: Vec<Link>,
    cases: Vec<CaseRow>,
    start: String,
    onward: String,
    query: String,
}

/// A row of the list of cases.
struct CaseRow {
    href: String,
    number: String,
    item: String,
    organ: String,
    opened_on: Date,
    due: String,
    shade: &'static str,
    wording: String,
}

impl CaseRow {
    fn new(listed: ListedCase, names: &Names, shell: &Shell) -> Self {
        let ListedCase { line, shade } = listed;
        Self {
            href: format!("/desk/cases/{}", line.id),
            number: line.number,
            item: names.item(line.subject.item, shell.language()),
            organ: names.organ(line.subject.organ),
            opened_on: line.opened_on,
            due: Cell::Day(line.due).shown(),
            shade: lamp(shade),
            wording: shell.t(&format!("analytics.{shade}")).to_owned(),
        }
    }
}

/// The shade that the lamp part knows.
fn lamp(shade: Shade) -> &'static str {
    match shade {
        Shade::Paused => "grey",
        Shade::DueToday => "yellow",
        other => other.as_str(),
    }
}

pub(crate) async fn show_board(
    app: App,
    by: Officer,
    shell: Shell,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>| {
        let wish = asked.wish(&by, tx.today())?;
        let board = crate::board(tx, &wish.selection, wish.period)?;
        Ok((wish, board))
    };
    let (wish, board) = app.read(work).await?;
    let style = Style {
        words: app.words(),
        lang: visit.lang(),
        linked: true,
    };
    let asked_organ = wish.selection.organ;
    let chosen = asked_organ.map_or_else(String::new, |organ| organ.to_string());
    let every = (String::new(), shell.t("analytics.every_organ").to_owned());
    let organs = board
        .names
        .organs()
        .map(|(id, name)| (id.to_string(), name.to_owned()));
    let organs = Choice::list(std::iter::once(every).chain(organs), &chosen);
    let sheet = |table: &Table| board.sheet(*table, style);
    let (from, until) = (board.period.from, board.period.until);
    page(&BoardPage {
        today: board.today,
        from,
        until,
        figures: figures(&board, style),
        bars: bars(&board),
        organs,
        sheets: Table::ALL.iter().map(sheet).collect(),
        query: format!("?organ={chosen}&from={from}&until={until}"),
        shell,
    })
}

pub(crate) async fn show_cases(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let (after, most) = (paging.after::<(Date, CaseId)>()?, paging.limit_and_one());
    let work = move |tx: &mut Tx<'_>| {
        let wish = asked.wish(&by, tx.today())?;
        let listed = crate::cases(tx, &wish.selection, wish.shade, after, most)?;
        Ok((wish, listed))
    };
    let (wish, (listed, names)) = app.read(work).await?;
    let found = paging.page(listed, |one| crate::store::key_of(&one.line))?;
    let (organ, item) = (wish.selection.organ, wish.selection.item);
    let here = cases_href(organ, item, wish.shade);
    let tab = |shade: &Option<Shade>| {
        let key = shade.map_or("open", Shade::as_str);
        let label = shell.t(&format!("analytics.{key}")).to_owned();
        Link::to(cases_href(organ, item, *shade), label)
    };
    let shades = Shade::ALL.iter().copied().map(Some);
    let shades = std::iter::once(None).chain(shades);
    let tabs = Link::tabs(shades, &wish.shade, tab);
    let onward = found.onward(&here);
    let query = here.split_once('?').map(|(_, query)| format!("?{query}"));
    let cases = found.items.into_iter();
    page(&CasesPage {
        crumbs: vec![Link::to("/desk/insight", shell.t("analytics.board"))],
        tabs,
        cases: cases.map(|one| CaseRow::new(one, &names, &shell)).collect(),
        start: paging.start(&here),
        onward,
        query: query.unwrap_or_default(),
        shell,
    })
}

pub(crate) async fn download_table(
    app: App,
    by: Officer,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let unknown = || Fault::NotFound { what: "table" };
    let (name, kind) = file.rsplit_once('.').ok_or_else(unknown)?;
    let table: Option<Table> = name.parse().ok();
    if (table.is_none() && name != CASES) || !["csv", "xlsx"].contains(&kind) {
        return Err(unknown().into());
    }
    let (words, lang) = (app.words().clone(), visit.lang());
    let work = move |tx: &mut Tx<'_>| {
        let style = Style {
            words: &words,
            lang,
            linked: false,
        };
        let wish = asked.wish(&by, tx.today())?;
        let sheet = match table {
            Some(table) => crate::board(tx, &wish.selection, wish.period)?.sheet(table, style),
            None => {
                let most = FILE_CASES_MAX;
                let (listed, names) = crate::cases(tx, &wish.selection, wish.shade, None, most)?;
                cases_sheet(&listed, &names, style)
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

fn cases_sheet(listed: &[ListedCase], names: &Names, style: Style<'_>) -> Sheet {
    let head = [
        "number",
        "item",
        "organ",
        "opened_on",
        "due",
        "statutory_due",
        "light",
    ];
    let row = |ListedCase { line, shade }: &ListedCase| -> Vec<Linked> {
        let cells = [
            Cell::Text(line.number.clone()),
            Cell::Text(names.item(line.subject.item, style.lang)),
            Cell::Text(names.organ(line.subject.organ)),
            Cell::Day(Some(line.opened_on)),
            Cell::Day(line.due),
            Cell::Day(line.statutory_due),
            Cell::Text(style.t(&format!("analytics.{shade}"))),
        ];
        cells.into_iter().map(Linked::from).collect()
    };
    Sheet {
        key: CASES,
        caption: style.t("analytics.cases"),
        head: head
            .iter()
            .map(|key| style.t(&format!("analytics.{key}")))
            .collect(),
        rows: listed.iter().map(row).collect(),
    }
}
