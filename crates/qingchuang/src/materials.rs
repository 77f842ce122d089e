//! What was handed in with an application, for those who handle its case and for those whose case
//! it is: intake keeps the materials, the case room knows who may see them.

use case::{CaseId, Viewer};
use catalogue::model::ItemContent;
use db::Tx;
use intake::{Application, ApplicationId};
use kernel::{Fault, Lang, TypedId};
use ledger::FileId;
use serde_json::{Value, json};
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

/// The application form 申请表, printed of the answers.
async fn show_form(app: App, by: Visitor, Path(id): Path<CaseId>) -> Reply<Download> {
    let read = move |tx: &mut Tx<'_>| {
        let application = seen(tx, &by, id)?;
        let data = form_data(tx, &application)?;
        certificate::plain_paper(tx, "application_form", data)
    };
    let paper = app.read(read).await?;
    let drawn = tokio::task::spawn_blocking(move || paper.typeset());
    let pdf = drawn.await.map_err(Fault::broken)??;
    Ok(inline("form.pdf".to_owned(), "application/pdf", pdf))
}

/// What the application form says.
fn form_data(tx: &mut Tx<'_>, application: &Application) -> Result<Value, Fault> {
    let version = intake::version_of(tx, application)?;
    let content = &version.content;
    let answers = intake::read_answers(tx, application)?;
    let rows = content.fields.iter().filter_map(|field| {
        let answer = answers.get(&field.name)?;
        Some(json!({
            "label": field.label.get("zh"),
            "value": in_words(content, &field.name, answer),
        }))
    });
    let rows: Vec<Value> = rows.collect();
    let scenario = content.scenarios.get(usize::from(application.scenario));
    let applicant = identity::person(tx, application.applicant)?;
    let organ = identity::organ(tx, application.hall)?;
    Ok(json!({
        "organ": organ.name,
        "item": content.name.get("zh"),
        "scenario": scenario.map(|known| known.name.get("zh")),
        "case_number": application.number.to_string(),
        "received_on": application.received_on.to_string(),
        "applicant": applicant.name,
        "applicant_code": applicant.masked_number(),
        "answers": rows,
    }))
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
pub(crate) fn in_words(content: &ItemContent, field: &str, answer: &Value) -> String {
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
