//! The catalogue for programs: published items to everybody, tables in and out to editors.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use web::{App, Download, Failure, Form, Json, Officer, Page, Paging, Path, Query, Reply, Visit};

use crate::desk;
use crate::desk::table::{self, Table};
use crate::import::{FILE_BYTES_MAX, RowNote, Tally};
use crate::pages::{self, Asked};
use crate::publish::{Imported, RowState};
use crate::{ItemId, Version, export, find};

/// An item in a list.
#[derive(Serialize)]
pub(crate) struct ItemReply {
    id: ItemId,
    code: String,
    name: String,
    name_en: Option<String>,
    department: String,
    item_type: &'static str,
    takes_applications: bool,
    version: u32,
    effective: Date,
}

impl ItemReply {
    fn of(version: &Version) -> Self {
        let content = &version.content;
        Self {
            id: version.item,
            code: content.codes.key().unwrap_or_default().to_owned(),
            name: content.name.zh.clone(),
            name_en: content.name.en.clone(),
            department: content.department.clone(),
            item_type: content.item_type.word(),
            takes_applications: content.takes_applications(),
            version: version.number,
            effective: version.effective,
        }
    }
}

/// An item with its whole implementation list.
#[derive(Serialize)]
pub(crate) struct GuideReply {
    #[serde(flatten)]
    item: ItemReply,
    content: serde_json::Value,
}

pub(crate) async fn list_items(
    app: App,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Json<Page<ItemReply>>> {
    let results = pages::results(&app, &paging, &asked).await?;
    Ok(Json(results.page.map(|version| ItemReply::of(&version))))
}

pub(crate) async fn show_item(app: App, Path(code): Path<String>) -> Reply<Json<GuideReply>> {
    let version = app
        .read(move |tx| {
            let today = tx.today();
            find::published_by_code(tx, &code, today)?.ok_or(Fault::NotFound { what: "item" })
        })
        .await?;
    let content = version.content.to_value().map_err(Fault::broken)?;
    Ok(Json(GuideReply {
        item: ItemReply::of(&version),
        content,
    }))
}

/// The kind of table wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// UTF-8 with a mark.
    #[default]
    Csv,
    /// With a second sheet of materials.
    Xlsx,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    format: Format,
}

const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) async fn export_items(
    app: App,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let items = app.read(crate::export_rows).await?;
    let file = match wanted.format {
        Format::Csv => {
            let bytes = export::csv(&items, visit.lang()).map_err(Fault::broken)?;
            Download::new("事项目录.csv", "text/csv; charset=utf-8", bytes)
        }
        Format::Xlsx => {
            let bytes = export::excel(&items, visit.lang()).map_err(Fault::broken)?;
            Download::new("事项目录.xlsx", EXCEL, bytes)
        }
    };
    Ok(file.into_response())
}

/// A table, as a form with a field `file` or as the body itself.
pub(crate) enum Sent {
    Form(Table),
    Body(Vec<u8>),
}

impl FromRequest<App> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let form = Form::<Table>::from_request(request, app).await?;
            return Ok(Self::Form(form.command?));
        }
        if !kind.starts_with("text/csv") && kind != EXCEL {
            return Err(Failure::malformed("catalogue.table_media"));
        }
        let limit = FILE_BYTES_MAX as u64;
        let body = axum::body::to_bytes(request.into_body(), FILE_BYTES_MAX).await;
        // Either too long or cut off; the length that was announced has been checked before.
        let body = body.map_err(|_| Fault::TooLarge { limit })?;
        Ok(Self::Body(body.to_vec()))
    }
}

/// A row to be looked at.
#[derive(Serialize)]
pub(crate) struct RowReply {
    row: u32,
    code: String,
    name: String,
    state: RowState,
    notes: Vec<RowNote>,
}

/// What an import did.
#[derive(Serialize)]
pub(crate) struct ImportReply {
    #[serde(flatten)]
    tally: Tally,
    published: usize,
    rows: Vec<RowReply>,
}

pub(crate) async fn import_table(app: App, by: Officer, sent: Sent) -> Reply<Json<ImportReply>> {
    let done: Imported = match sent {
        Sent::Form(sent) => table::import(&app, &by, sent).await?,
        Sent::Body(bytes) => {
            let work = move |tx: &mut db::Tx<'_>| crate::import_rows(tx, &bytes, "api");
            let done = app.write(&by, work).await?;
            desk::refresh(&app).await;
            done
        }
    };
    let rows = done.rows.into_iter().map(|row| RowReply {
        row: row.row,
        code: row.code,
        name: row.name,
        state: row.state,
        notes: row.notes,
    });
    Ok(Json(ImportReply {
        tally: done.tally,
        published: done.published,
        rows: rows.collect(),
    }))
}
