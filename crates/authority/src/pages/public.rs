//! What everybody may read: the tables in force, the lists of chief approval officers, the
//! history of powers that moved, and the papers of both.

use axum::response::Response;
use certificate::NoticeId;
use db::Tx;
use kernel::Fault;
use web::{App, Path, Reply, Shell};

use super::{chiefs, organ_name, period, powers, tables};
use crate::papers;
use crate::sheet::{Part, Sheet};
use crate::use_cases::table;

pub(crate) async fn show_public(app: App, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app.read(move |tx| public_sheet(tx, &lang)).await?;
    sheet.publish(shell)
}

fn public_sheet(tx: &mut Tx<'_>, shell: &Shell) -> Result<Sheet, Fault> {
    let today = tx.today();
    let mut sheet = Sheet::new(shell.t("authority.public_title"));
    sheet.push(Part::Heading(shell.t("authority.tab_powers").to_owned()));
    sheet.push(powers::list(tx, shell, true)?);
    sheet.push(Part::Heading(shell.t("authority.tab_chiefs").to_owned()));
    sheet.push(chiefs::list(tx, shell, None)?);
    sheet.push(Part::Heading(shell.t("authority.tables_title").to_owned()));
    sheet.push(Part::Note(shell.t("authority.default_line").to_owned()));
    for one in table::tables(tx, None)? {
        if !one.in_force(today) {
            continue;
        }
        let text = table::text_of(tx, &one)?;
        let number = one.number.to_string();
        let version = shell.say("authority.version", &[("number", number)]);
        let organ = organ_name(tx, one.organ)?;
        let dates = period(shell, one.from, one.until);
        sheet.push(Part::Words(format!(
            "{organ} {version} {dates} {}",
            text.ground
        )));
        let mut grid = tables::lines(tx, shell, &text.rows)?;
        grid.caption = version;
        sheet.push(Part::Grid(grid));
    }
    Ok(sheet)
}

pub(crate) async fn download_paper(app: App, Path(file): Path<String>) -> Reply<Response> {
    let id = file
        .strip_suffix(".pdf")
        .and_then(|id| id.parse::<NoticeId>().ok());
    let id = id.ok_or(Fault::NotFound { what: "notice" })?;
    let find = move |tx: &mut Tx<'_>| {
        let notice = certificate::notice(tx, id)?;
        if papers::is_public(notice.kind) && notice.person.is_none() {
            Ok(notice.number.to_string())
        } else {
            Err(Fault::NotFound { what: "notice" })
        }
    };
    let number = app.read(find).await?;
    certificate::deliver(app.db().clone(), id.into(), number).await
}
