//! One list of payments: what is on it, how each stands, and the file for the treasury.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use web::parts::Fact;
use web::{App, Download, Officer, Path, Query, Reply, Shell, page};

use crate::export::{self, Line};
use crate::model::ListId;
use crate::pages::{tone, yuan};
use crate::use_cases;

const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Row {
    href: String,
    party: String,
    period: String,
    amount: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "offer/desk_list.html")]
struct ListPage {
    shell: Shell,
    base: String,
    title: String,
    facts: Vec<Fact>,
    rows: Vec<Row>,
}

pub(crate) async fn show_list(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<ListId>,
) -> Reply<Response> {
    let lang = shell.clone();
    let (list, title, drawn_by, rows) = app
        .read(move |tx| {
            let (list, offers) = use_cases::list(tx, &by, id)?;
            let scheme = use_cases::scheme(tx, list.scheme)?;
            let content = use_cases::content(tx, &scheme)?;
            let mut rows = Vec::new();
            for one in offers {
                rows.push(Row {
                    href: format!("/desk/offers/{}", one.id),
                    party: identity::shown_name(tx, one.party)?,
                    period: one.period.to_string(),
                    amount: one.amount.map_or_else(String::new, |sum| yuan(&lang, sum)),
                    state: lang.t(&format!("offer.state_{}", one.status)).to_owned(),
                    tone: tone(one.status),
                });
            }
            let name = identity::officer_name(tx, list.drawn_by)?;
            let title = content.name.get(lang.lang).to_owned();
            Ok((list, title, name, rows))
        })
        .await?;
    page(&ListPage {
        base: format!("/desk/offers/lists/{id}"),
        facts: vec![
            Fact::plain(shell.t("offer.list_on"), list.drawn_on.to_string()),
            Fact::plain(shell.t("offer.list_by"), drawn_by),
            Fact::plain(shell.t("offer.list_count"), list.count.to_string()),
            Fact::plain(shell.t("offer.list_total"), yuan(&shell, list.total)),
        ],
        title,
        rows,
        shell,
    })
}

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileForm {
    /// Comma-separated.
    #[default]
    Csv,
    /// A workbook.
    Xlsx,
}

/// Which file is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    format: FileForm,
}

pub(crate) async fn export_list(
    app: App,
    by: Officer,
    Path(id): Path<ListId>,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let lines = app.read(move |tx| lines(tx, &by, id)).await?;
    let file = match wanted.format {
        FileForm::Csv => {
            let bytes = export::csv(&lines).map_err(Fault::broken)?;
            Download::new("支付清单.csv", "text/csv; charset=utf-8", bytes)
        }
        FileForm::Xlsx => {
            let bytes = export::excel(&lines).map_err(Fault::broken)?;
            Download::new("支付清单.xlsx", EXCEL, bytes)
        }
    };
    Ok(file.into_response())
}

fn lines(tx: &mut Tx<'_>, by: &Officer, id: ListId) -> Result<Vec<Line>, Fault> {
    let (list, offers) = use_cases::list(tx, by, id)?;
    let scheme = use_cases::scheme(tx, list.scheme)?;
    let name = use_cases::content(tx, &scheme)?.name.zh;
    let mut lines = Vec::new();
    for one in offers {
        let card = match identity::person(tx, one.party) {
            Ok(card) => Some(card),
            // Erased: the payment stays, the person does not.
            Err(Fault::NotFound { .. }) => None,
            Err(fault) => return Err(fault),
        };
        let (party, number) = match card {
            Some(card) => (card.name.clone(), card.identity_number),
            None => (identity::shown_name(tx, one.party)?, String::new()),
        };
        lines.push([
            one.id.to_string(),
            party,
            number,
            name.clone(),
            one.period.to_string(),
            one.amount.map_or_else(String::new, |sum| sum.to_string()),
            one.status.to_string(),
            one.paid_on.map_or_else(String::new, |day| day.to_string()),
        ]);
    }
    Ok(lines)
}
