//! Tables of items taken in by an editor, with a report that says row by row what to look at.

use askama::Template;
use axum::response::Response;
use kernel::{Fault, Problem};
use web::parts::{Figure, Link};
use web::{
    App, Form, FormReader, Officer, Problems, ReadForm, Reply, Shell, Upload, invalid, page,
};

use super::{params, refresh};
use crate::import::{FILE_BYTES_MAX, RowNote};
use crate::publish::{Imported, RowState};

struct RowView {
    row: u32,
    code: String,
    name: String,
    state: String,
    tone: &'static str,
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/desk_import.html")]
struct ImportPage {
    shell: Shell,
    problems: Problems,
    crumbs: Vec<Link>,
    max_bytes: String,
    file: String,
    figures: Vec<Figure>,
    lines: Vec<RowView>,
}

impl ImportPage {
    fn empty(shell: Shell, problems: Problems) -> Self {
        Self {
            crumbs: vec![Link::to("/desk/catalogue", shell.t("catalogue.desk"))],
            max_bytes: FILE_BYTES_MAX.to_string(),
            file: String::new(),
            figures: Vec::new(),
            lines: Vec::new(),
            problems,
            shell,
        }
    }
}

pub(crate) async fn show_import(shell: Shell) -> Reply<Response> {
    page(&ImportPage::empty(shell, Problems::none()))
}

/// A table that was sent.
pub(crate) struct Table {
    /// The file.
    pub(crate) file: Upload,
}

impl ReadForm for Table {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let file = form.file("file")?;
        if (FILE_BYTES_MAX as u64) < file.bytes {
            let problem = Problem::new("file", "import.too_large");
            return form.problem(problem.with("max", FILE_BYTES_MAX >> 20));
        }
        Some(Self { file })
    }
}

/// The same table twice changes nothing, so the report is the answer itself.
pub(crate) async fn import_table(
    app: App,
    by: Officer,
    shell: Shell,
    form: Form<Table>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(table) => import(&app, &by, table).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(report) => page(&report_page(&app, shell, report)),
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            invalid(&ImportPage::empty(shell, problems))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) async fn import(app: &App, by: &Officer, table: Table) -> Result<Imported, Fault> {
    let bytes = table.file.read(FILE_BYTES_MAX as u64)?;
    let name = table.file.name.clone();
    let done = app
        .write(by, move |tx| crate::import_rows(tx, &bytes, &name))
        .await?;
    refresh(app).await;
    Ok(done)
}

/// More rows than this are told as a number only; the file itself names them.
const ROWS_SHOWN: usize = 500;

fn report_page(app: &App, shell: Shell, report: Imported) -> ImportPage {
    let figure = |key: &str, value: usize| Figure {
        label: shell.t(key).to_owned(),
        value: value.to_string(),
        ..Figure::default()
    };
    let figures = vec![
        figure("catalogue.rows.new", report.tally.new),
        figure("catalogue.rows.changed", report.tally.changed),
        figure("catalogue.rows.unchanged", report.tally.unchanged),
        figure("catalogue.rows.published", report.published),
        figure("catalogue.rows.warned", report.tally.warned),
        figure("catalogue.rows.refused", report.tally.refused),
    ];
    let lines = report.rows.iter().take(ROWS_SHOWN).map(|row| {
        let (key, tone) = match row.state {
            RowState::Published => ("catalogue.row.published", "green"),
            RowState::Drafted => ("catalogue.row.drafted", "blue"),
            RowState::Unchanged => ("catalogue.row.unchanged", ""),
            RowState::Refused => ("catalogue.row.refused", "red"),
        };
        RowView {
            row: row.row,
            code: row.code.clone(),
            name: row.name.clone(),
            state: shell.t(key).to_owned(),
            tone,
            notes: row
                .notes
                .iter()
                .map(|note| note_text(app, &shell, note))
                .collect(),
        }
    });
    ImportPage {
        file: report.file.clone(),
        figures,
        lines: lines.collect(),
        ..ImportPage::empty(shell.clone(), Problems::none())
    }
}

/// What is to be looked at and what to do, in one line.
fn note_text(app: &App, shell: &Shell, note: &RowNote) -> String {
    let params = params(&note.params);
    let said = shell.say(note.code, &params);
    let todo = app.words().todo(shell.language(), note.code, &params);
    let (colon, stop) = shell.language().pick(("：", "。"), (": ", ". "));
    let place = note.column.map(|column| format!("{column}{colon}"));
    let place = place.unwrap_or_default();
    match todo {
        Some(todo) => format!("{place}{said}{stop}{todo}"),
        None => format!("{place}{said}"),
    }
}
