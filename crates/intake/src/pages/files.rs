//! Uploads: what a page sends is looked into, stored before the transaction, and then put to a
//! material. A cut or refused upload leaves nothing behind but an unnamed, encrypted content.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::model::ItemContent;
use catalogue::scenario::MaterialLine;
use db::Tx;
use kernel::{Fault, Problem};
use ledger::{FileStore, StoredFile};
use web::parts::{Link, Step};
use web::{
    App, Button, Form, FormReader, Path, Problems, ReadForm, Reply, Shell, Upload, Visitor,
    invalid, page, redirect,
};

use super::{apply, fields, who, wrong_fields};
use crate::draft::material_field;
use crate::files::{FILE_BYTES_MAX, is_whole, kind_of, size_words};
use crate::model::{ApplicationId, By, SentFile, UploadId};

/// Files of a form, by material. The form names its materials in `material` fields.
#[derive(Debug)]
pub struct SentFiles(pub Vec<(String, Upload)>);

impl ReadForm for SentFiles {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let materials: Vec<String> = form.fields().all("material").map(str::to_owned).collect();
        let mut files = Vec::new();
        for material in materials {
            for upload in form.files(&material_field(&material)) {
                files.push((material.clone(), upload));
            }
        }
        Some(Self(files))
    }
}

/// A file that lies in the store and waits to be named.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The material that it was sent for.
    pub material: String,
    /// Where it lies.
    pub stored: StoredFile,
    /// What it is, by its content.
    pub media: &'static str,
    /// Its name, as its owner called it.
    pub name: String,
}

/// Looks into every file and stores it: all problems are told at once, by field.
///
/// # Errors
/// [`Fault::Invalid`] with every file that is none; [`Fault::Unavailable`].
pub async fn store_all(app: &App, files: Vec<(String, Upload)>) -> Result<Vec<Arrived>, Fault> {
    let store = app.db().thing::<FileStore>()?;
    let clock = app.clock().clone();
    let work = move || {
        let (mut arrived, mut problems) = (Vec::new(), Vec::new());
        for (material, upload) in files {
            if FILE_BYTES_MAX < upload.bytes {
                let problem = Problem::new(&upload.field, "material.too_large");
                let max = size_words(i64::try_from(FILE_BYTES_MAX).unwrap_or(i64::MAX));
                problems.push(problem.with("name", &upload.name).with("max", max));
                continue;
            }
            let content = upload.read(FILE_BYTES_MAX)?;
            let Some(kind) = kind_of(&content) else {
                let problem = Problem::new(&upload.field, "material.unknown_kind");
                problems.push(problem.with("name", &upload.name));
                continue;
            };
            if !is_whole(kind, &content) {
                let problem = Problem::new(&upload.field, "material.cut");
                problems.push(problem.with("name", &upload.name));
                continue;
            }
            let stored = store.put(&clock, &content)?;
            let (media, name) = (kind.media_type(), upload.name.clone());
            arrived.push(Arrived {
                material,
                stored,
                media,
                name,
            });
        }
        if problems.is_empty() {
            Ok(arrived)
        } else {
            Err(Fault::Invalid(problems))
        }
    };
    // Encrypting and syncing takes its time: not on the thread that serves others.
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Fault::broken)?
}

/// Keeps what has arrived as uploads, in the transaction that will name them.
///
/// # Errors
/// As [`crate::keep_upload`].
pub fn keep_all(
    tx: &mut Tx<'_>,
    by: &By,
    arrived: &[Arrived],
) -> Result<Vec<(String, UploadId)>, Fault> {
    let mut kept = Vec::with_capacity(arrived.len());
    for one in arrived {
        let sent = crate::keep_upload(tx, by, one.stored, one.media, &one.name)?;
        kept.push((one.material.clone(), sent.id));
    }
    Ok(kept)
}

/// A material with the files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialView {
    /// Its identifier.
    pub id: String,
    /// The name of its control.
    pub control: String,
    /// Its name.
    pub name: String,
    /// What helps to hand it in.
    pub hint: String,
    /// How necessary it is, in words.
    pub necessity: String,
    /// The tone of that word's tag.
    pub tone: &'static str,
    /// Endings of the files that it takes.
    pub accept: String,
    /// The largest file.
    pub max_bytes: String,
    /// Whether it takes several.
    pub multiple: bool,
    /// Whether it takes any more.
    pub open: bool,
    /// Whether the hall makes it of the answers to the form.
    pub made: bool,
    /// What is wrong with it, or empty.
    pub error: String,
    /// What is there.
    pub files: Vec<FileView>,
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Where it can be removed.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its size, for people.
    pub size: String,
    /// Its digest.
    pub digest: String,
}

impl FileView {
    /// The same, with the name of its material before its own.
    #[must_use]
    pub(crate) fn named(mut self, content: &ItemContent, sent: &SentFile, lang: &str) -> Self {
        let material = sent.material.as_deref().and_then(|id| content.material(id));
        if let Some(material) = material {
            self.name = format!("{} · {}", material.name.get(lang), self.name);
        }
        self
    }

    pub(crate) fn of_upload(draft: ApplicationId, sent: &SentFile) -> Self {
        Self {
            href: format!("/apply/drafts/{draft}/files/{}/remove", sent.id),
            name: sent.name.clone(),
            size: size_words(sent.stored.size),
            digest: sent.stored.content.to_string(),
        }
    }
}

/// A line of the list as a page shows it.
#[must_use]
pub fn material_view(
    shell: &Shell,
    line: &MaterialLine<'_>,
    files: Vec<FileView>,
    problems: &Problems,
) -> MaterialView {
    use catalogue::model::kind::Necessity;
    let (material, lang) = (line.material, shell.lang);
    let mut hints = vec![material.counts(lang)];
    let more = [
        &material.acceptance_standard,
        &material.filling_note,
        &line.requirement.note,
    ];
    hints.extend(
        more.into_iter()
            .flatten()
            .map(|text| text.get(lang).to_owned()),
    );
    let most = FILE_BYTES_MAX >> 20;
    hints.push(if material.file_kinds.is_empty() {
        shell.say("intake.size_hint", &[("size", most.to_string())])
    } else {
        let kinds = material.file_kinds.iter();
        let kinds: Vec<String> = kinds.map(|kind| kind.extension().to_uppercase()).collect();
        let kinds = kinds.join(if lang.starts_with("en") { ", " } else { "、" });
        let told = [("kinds", kinds), ("size", most.to_string())];
        shell.say("intake.kinds_hint", &told)
    });
    hints.retain(|hint| !hint.is_empty());
    let kinds = material
        .file_kinds
        .iter()
        .map(|kind| format!(".{}", kind.extension()));
    let control = material_field(&material.id);
    let max = usize::try_from(material.files_max()).unwrap_or(usize::MAX);
    MaterialView {
        id: material.id.clone(),
        error: problems.of(&control).to_owned(),
        control,
        name: material.name.get(lang).to_owned(),
        hint: hints.join(if lang.starts_with("en") { "; " } else { "；" }),
        necessity: line.requirement.necessity.name(lang).to_owned(),
        tone: if line.requirement.necessity == Necessity::Required {
            "yellow"
        } else {
            ""
        },
        accept: kinds.collect::<Vec<_>>().join(","),
        max_bytes: FILE_BYTES_MAX.to_string(),
        multiple: 1 < max,
        open: files.len() < max && !material.from_form,
        made: material.from_form,
        files,
    }
}

#[derive(Template)]
#[template(path = "intake/files.html")]
struct FilesPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    materials: Vec<MaterialView>,
}

async fn files_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    problems: Problems,
) -> Reply<FilesPage> {
    let (draft, version, files) = app
        .read(move |tx| {
            let draft = crate::draft(tx, &by, id)?;
            let version = crate::open_version(tx, draft.item)?;
            Ok((draft, version, crate::files_of_draft(tx, &by, id)?))
        })
        .await?;
    let asked = crate::draft::whole(&version.content, &draft.picks)?;
    let problems = fields::placed(&shell, &version.content, "", problems);
    let materials = asked.materials.lines().iter().map(|line| {
        let of_line = |sent: &&SentFile| sent.material.as_deref() == Some(&line.material.id);
        let there = files.iter().filter(of_line);
        let there = there.map(|sent| FileView::of_upload(id, sent)).collect();
        material_view(&shell, line, there, &problems)
    });
    Ok(FilesPage {
        materials: materials.collect(),
        crumbs: apply::crumbs(&shell, &version),
        steps: apply::steps(&shell, 3),
        base: format!("/apply/drafts/{id}"),
        problems,
        shell,
    })
}

pub(super) async fn show_files(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    page(&files_page(&app, who(&visitor)?, id, shell, Problems::none()).await?)
}

pub(super) async fn add_files(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    form: Form<SentFiles>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let done = match form.command {
        Ok(SentFiles(files)) if files.is_empty() => {
            let material = form.fields.get("material");
            Err(Fault::invalid(
                material_field(material),
                "field.file_required",
            ))
        }
        Ok(SentFiles(files)) => attach_all(&app, &visitor, by, id, files).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(redirect(format!("/apply/drafts/{id}/files")).into_response()),
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&files_page(&app, by, id, shell, problems).await?)
        }
    }
}

async fn attach_all(
    app: &App,
    visitor: &Visitor,
    by: By,
    id: ApplicationId,
    files: Vec<(String, Upload)>,
) -> Result<(), Fault> {
    // Nothing is stored for a draft that is not theirs.
    app.read(move |tx| crate::draft(tx, &by, id).map(|_| ()))
        .await?;
    let arrived = store_all(app, files).await?;
    app.write(visitor, move |tx| {
        for (material, upload) in keep_all(tx, &by, &arrived)? {
            crate::attach_file(tx, &by, id, &material, upload)?;
        }
        Ok(())
    })
    .await
}

pub(super) async fn remove_file(
    app: App,
    visitor: Visitor,
    Path((id, file)): Path<(ApplicationId, UploadId)>,
    shell: Shell,
    _form: Form<Button>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    app.write(&visitor, move |tx| crate::detach_file(tx, &by, id, file))
        .await?;
    let back = redirect(format!("/apply/drafts/{id}/files"));
    Ok(back.flash(shell.t("intake.file_removed")).into_response())
}
