//! The one set of materials: each is handed in once and shared by the items that need it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::scenario::requirements;
use db::Tx;
use intake::{By, FileView, MaterialView, SentFiles, UploadId, keep_all, material_view, store_all};
use kernel::Fault;
use web::parts::{Link, Step};
use web::{App, Button, Form, Path, Problems, Reply, Shell, Visitor, invalid, page, redirect};

use super::apply::{crumbs, opened, steps};
use super::{who, wrong_fields};
use crate::draft::{self, DraftId, material_field};
use crate::one_form::SCENARIO;

#[derive(Template)]
#[template(path = "project/files.html")]
struct FilesPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    materials: Vec<MaterialView>,
    handed: Vec<String>,
}

/// The files of a draft, by material.
pub(super) fn sent(
    tx: &mut Tx<'_>,
    by: &By,
    id: DraftId,
    papers: &[(String, UploadId)],
) -> Result<Vec<(String, FileView)>, Fault> {
    let mut views = Vec::new();
    for (material, upload) in papers {
        let file = intake::sent_file(tx, by, *upload)?;
        let view = FileView {
            href: format!("/bundles/drafts/{id}/files/{upload}/remove"),
            name: file.name,
            size: intake::size_words(file.stored.size),
            digest: file.stored.content.to_string(),
        };
        views.push((material.clone(), view));
    }
    Ok(views)
}

async fn files_page(
    app: &App,
    by: &Visitor,
    id: DraftId,
    shell: Shell,
    problems: Problems,
) -> Reply<FilesPage> {
    let open = opened(app, by, id).await?;
    let (me, papers) = (who(by)?, open.draft.papers.clone());
    let there = app.read(move |tx| sent(tx, &me, id, &papers)).await?;
    let asked = requirements(&open.form.content, SCENARIO).map_err(Fault::broken)?;
    let materials = asked.materials.lines().iter().map(|line| {
        let of_line = there.iter().filter(|(id, _)| *id == line.material.id);
        let files = of_line.map(|(_, file)| file.clone()).collect();
        material_view(&shell, line, files, &problems)
    });
    let taking = open.gathered.taking();
    let handed = open.form.handed.iter().filter_map(|one| {
        let material = taking[one.to].content.material(&one.material)?;
        let said = [
            ("material", material.name.get(shell.lang).to_owned()),
            (
                "item",
                taking[one.from].content.name.get(shell.lang).to_owned(),
            ),
        ];
        Some(shell.say("project.handed", &said))
    });
    Ok(FilesPage {
        materials: materials.collect(),
        handed: handed.collect(),
        crumbs: crumbs(&shell, &open),
        steps: steps(&shell, open.asks(), "files"),
        base: format!("/bundles/drafts/{id}"),
        problems,
        shell,
    })
}

pub(crate) async fn show_files(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
) -> Reply<Response> {
    page(&files_page(&app, &by, id, shell, Problems::none()).await?)
}

pub(crate) async fn add_files(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
    form: Form<SentFiles>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(SentFiles(files)) if files.is_empty() => {
            let material = form.fields.get("material");
            Err(Fault::invalid(
                material_field(material),
                "field.file_required",
            ))
        }
        Ok(SentFiles(files)) => attach_all(&app, &by, id, files).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(redirect(format!("/bundles/drafts/{id}/files")).into_response()),
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&files_page(&app, &by, id, shell, problems).await?)
        }
    }
}

async fn attach_all(
    app: &App,
    by: &Visitor,
    id: DraftId,
    files: Vec<(String, web::Upload)>,
) -> Result<(), Fault> {
    let me = By::visitor(by).ok_or(Fault::Unauthenticated)?;
    // Nothing is stored for a draft that is not theirs.
    app.read(move |tx| draft::open(tx, &me, id).map(|_| ()))
        .await?;
    let arrived = store_all(app, files).await?;
    app.write(by, move |tx| {
        for (material, upload) in keep_all(tx, &me, &arrived)? {
            draft::attach(tx, &me, id, &material, upload)?;
        }
        Ok(())
    })
    .await
}

pub(crate) async fn remove_file(
    app: App,
    by: Visitor,
    Path((id, file)): Path<(DraftId, UploadId)>,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = who(&by)?;
    app.write(&by, move |tx| draft::detach(tx, &me, id, file))
        .await?;
    Ok(redirect(format!("/bundles/drafts/{id}/files")).into_response())
}
