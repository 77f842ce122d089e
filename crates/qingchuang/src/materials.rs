//! What was handed in with an application, for those who handle its case and for those whose case
//! it is: intake keeps the materials, the case room knows who may see them.

use case::{CaseId, Viewer};
use catalogue::model::ItemContent;
use db::Tx;
use intake::{Application, ApplicationId};
use kernel::{Fault, Lang, TypedId};
use ledger::FileId;
use serde_json::Value;
use web::{Access, App, Doors, Download, Path, Reply, Visitor};

/// The doors to materials and answers.
pub fn doors(app: App) -> Doors {
    Doors::new("house", app)
        .get("/cases/{id}/form", Access::SignedIn, show_form)
        .get(
            "/cases/{id}/materials/{file}",
            Access::SignedIn,
            show_material,
        )
}

/// The answers to the form, one line each.
async fn show_form(app: App, by: Visitor, Path(id): Path<CaseId>) -> Reply<Download> {
    let text = app
        .read(move |tx| {
            let application = seen(tx, &by, id)?;
            let version = intake::version_of(tx, &application)?;
            let answers = intake::read_answers(tx, &application)?;
            let lines = version.content.fields.iter().filter_map(|field| {
                let answer = answers.get(&field.name)?;
                let label = field.label.get("zh");
                Some(format!(
                    "{label}：{}\n",
                    in_words(&version.content, &field.name, answer)
                ))
            });
            Ok(lines.collect::<String>())
        })
        .await?;
    Ok(inline(
        "form.txt".to_owned(),
        "text/plain; charset=utf-8",
        text.into_bytes(),
    ))
}

/// One file that was handed in.
async fn show_material(
    app: App,
    by: Visitor,
    Path((id, file)): Path<(CaseId, FileId)>,
) -> Reply<Download> {
    let (kept, content) = app
        .read(move |tx| {
            let application = seen(tx, &by, id)?;
            intake::file_content(tx, &application, file)
        })
        .await?;
    let media = intake::kind_of_media(&kept.media).map_or(
        "application/octet-stream",
        catalogue::model::FileKind::media_type,
    );
    Ok(inline(kept.name, media, content))
}

fn inline(name: String, media: &'static str, bytes: Vec<u8>) -> Download {
    Download {
        inline: true,
        ..Download::new(name, media, bytes)
    }
}

/// The application of a case that the visitor may see; to others there is none.
fn seen(tx: &mut Tx<'_>, by: &Visitor, id: CaseId) -> Result<Application, Fault> {
    let viewer = match by {
        Visitor::Officer(officer) => Viewer::Officer(case::doer(officer)?),
        Visitor::Citizen(citizen) => Viewer::Person(citizen.id),
        Visitor::Public(_) => return Err(Fault::Unauthenticated),
    };
    case::seen(tx, &viewer, id)?;
    let case = case::case(tx, id)?;
    intake::application(tx, ApplicationId::from_uuid(case.application))
}

/// An answer as a person reads it: labels in place of codes.
fn in_words(content: &ItemContent, field: &str, answer: &Value) -> String {
    match answer {
        Value::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
        Value::Array(several) => {
            let all: Vec<String> = several
                .iter()
                .map(|one| in_words(content, field, one))
                .collect();
            all.join("、")
        }
        Value::String(text) => content
            .field(field)
            .map_or(text.as_str(), |field| field.option_label(text, "zh"))
            .to_owned(),
        other => other.to_string(),
    }
}

/// The documents that a case page lists beside the hall's own papers.
pub fn listed(
    tx: &mut Tx<'_>,
    case: &case::Case,
    lang: Lang,
) -> Result<Vec<case::Document>, Fault> {
    let id = ApplicationId::from_uuid(case.application);
    let application = match intake::application(tx, id) {
        Ok(application) => application,
        Err(Fault::NotFound { .. }) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let version = intake::version_of(tx, &application)?;
    let mut all = vec![case::Document {
        title: lang.pick("申请表", "Application form").to_owned(),
        number: String::new(),
        href: format!("/cases/{}/form", case.id),
    }];
    for (material, file) in intake::files(tx, &application)? {
        let known = version.content.materials.get(usize::from(material));
        let name = known.map_or("", |known| known.name.get(lang.as_str()));
        all.push(case::Document {
            title: name.to_owned(),
            number: file.name,
            href: format!("/cases/{}/materials/{}", case.id, file.id),
        });
    }
    Ok(all)
}
