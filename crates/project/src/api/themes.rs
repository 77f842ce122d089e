//! Themes as programs see them: items, the one form, the one set, and what is asked to choose.

use serde::Serialize;
use serde_json::Value;
use web::{App, Json, Path, Reply};

use crate::gathered::contents_of;
use crate::one_form::{SCENARIO, Source, Taking, assemble};
use crate::questions::{OneQuestion, questionnaire};
use crate::shipped;
use crate::theme::{Need, Theme, ThemeKind};

/// A theme as programs see it.
#[derive(Debug, Serialize)]
pub(super) struct ThemeReply {
    id: &'static str,
    version: u32,
    kind: ThemeKind,
    title: &'static str,
    summary: &'static str,
    limit_days: u32,
    items: Vec<ThemeItemReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    materials: Vec<MaterialReply>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionReply>,
}

/// A guiding question as programs see it; its name is what `picks` of a bundle answers.
#[derive(Debug, Serialize)]
struct QuestionReply {
    name: String,
    text: String,
    options: Vec<OptionReply>,
}

#[derive(Debug, Serialize)]
struct OptionReply {
    id: String,
    label: String,
}

fn question_reply(one: OneQuestion) -> QuestionReply {
    let option = |(id, label): (String, catalogue::model::Text)| OptionReply {
        id,
        label: label.zh,
    };
    QuestionReply {
        name: one.name,
        text: one.text.zh,
        options: one.options.into_iter().map(option).collect(),
    }
}

/// The items that sources belong to, each once.
fn keys(taking: &[Taking<'_>], sources: &[Source]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for source in sources {
        let key = taking[source.item].key;
        if !all.iter().any(|known| known == key) {
            all.push(key.to_owned());
        }
    }
    all
}

#[derive(Debug, Serialize)]
struct ThemeItemReply {
    key: &'static str,
    code: &'static str,
    need: Need,
    days: u32,
    after: Vec<&'static str>,
    follow_up: bool,
}

#[derive(Debug, Serialize)]
struct MaterialReply {
    id: String,
    name: String,
    required: bool,
    items: Vec<String>,
}

fn theme_reply(theme: &'static Theme) -> ThemeReply {
    let item = |one: &'static crate::theme::ThemeItem| ThemeItemReply {
        key: &one.key,
        code: &one.code,
        need: one.need,
        days: one.days,
        after: one.after.iter().map(String::as_str).collect(),
        follow_up: one.follow_up,
    };
    ThemeReply {
        id: &theme.id,
        version: theme.version,
        kind: theme.kind,
        title: &theme.title.zh,
        summary: &theme.summary.zh,
        limit_days: theme.limit_days,
        items: theme.items.iter().map(item).collect(),
        form: None,
        materials: Vec::new(),
        questions: Vec::new(),
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ThemesReply {
    items: Vec<ThemeReply>,
}

pub(super) async fn list_themes(_app: App) -> Reply<Json<ThemesReply>> {
    let items = shipped::themes()?.iter().map(theme_reply).collect();
    Ok(Json(ThemesReply { items }))
}

/// A theme with the one form and the one set of all its items.
pub(super) async fn show_theme(app: App, Path(id): Path<String>) -> Reply<Json<ThemeReply>> {
    let reply = app
        .read(move |tx| {
            let theme = shipped::theme(&id)?;
            let gathered = crate::gather_all(tx, theme)?;
            let contents = contents_of(&gathered);
            let questions = questionnaire(theme, &contents);
            let taking = gathered.taking();
            let form = assemble(theme, &taking)?;
            let needed = form.content.scenario(SCENARIO);
            let lines = needed.iter().flat_map(|one| &one.materials);
            let lines = form
                .materials
                .iter()
                .zip(&form.content.materials)
                .zip(lines);
            let materials = lines.map(|((one, material), line)| MaterialReply {
                id: one.id.clone(),
                name: material.name.zh.clone(),
                required: line.necessity == catalogue::model::kind::Necessity::Required
                    && !material.from_form,
                items: keys(&taking, &one.sources),
            });
            Ok(ThemeReply {
                questions: questions.into_iter().map(question_reply).collect(),
                materials: materials.collect(),
                form: Some(catalogue::form::json_schema(&form.content, SCENARIO)),
                ..theme_reply(theme)
            })
        })
        .await?;
    Ok(Json(reply))
}
