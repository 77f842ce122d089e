//! `/my`: my drafts and applications; one application with receipt, papers, way so far, and what
//! the applicant may still do.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, PersonId};
use ledger::FileId;
use web::parts::{Fact, Link, Moment};
use web::{
    App, Button, Citizen, Download, Form, FormReader, OnceToken, Paging, Path, Problems, ReadForm,
    Reply, Shell, Visitor, invalid, page, redirect,
};

use super::fields::{self, FieldView};
use super::files::{MaterialView, SentFiles, keep_all, material_view, store_all};
use super::words::{self, DocumentView};
use super::{apply, who, wrong_fields};
use crate::model::{Application, ApplicationId, By, Correction, Status};
use crate::onward::{self, Standing, Together};
use crate::power::{Power, PowerId};

pub(super) struct ListRow {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) item: String,
    pub(super) on: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) became: Option<Standing>,
}

/// Somebody who may act for me.
struct PowerRow {
    end: String,
    agent: String,
    matter: String,
    until: String,
}

#[derive(Template)]
#[template(path = "intake/my.html")]
struct MyPage {
    shell: Shell,
    drafts: Vec<ListRow>,
    together: Vec<Together>,
    powers: Vec<PowerRow>,
    applications: Vec<ListRow>,
    start: String,
    onward: String,
}

pub(super) async fn show_list(
    app: App,
    visitor: Visitor,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let By::Person(person) = who(&visitor)? else {
        return Ok(redirect("/desk").into_response());
    };
    let (after, most) = (paging.after::<ApplicationId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let first = paging.is_first();
    let (drafts, together, powers, rows) = app
        .read(move |tx| {
            let mut drafts = Vec::new();
            for draft in crate::drafts(tx, &By::Person(person))? {
                drafts.push(draft_row(tx, &lang, draft)?);
            }
            let mut rows = Vec::new();
            for application in crate::of_person(tx, person, after, most)? {
                rows.push((application.id, list_row(tx, &lang, &application)?));
            }
            let mut powers = Vec::new();
            for power in crate::powers_given(tx, person)? {
                powers.push(power_row(tx, &lang, &power)?);
            }
            let together = match first {
                true => onward::together(tx, person, &lang)?,
                false => Vec::new(),
            };
            Ok((drafts, together, powers, rows))
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let onward = listed.onward("/my");
    page(&MyPage {
        drafts,
        together,
        powers,
        applications: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start("/my"),
        onward,
        shell,
    })
}

fn power_row(tx: &mut Tx<'_>, shell: &Shell, power: &Power) -> Result<PowerRow, Fault> {
    let today = tx.today();
    let version = match power.item {
        Some(item) => catalogue::published(tx, item, today)?,
        None => None,
    };
    let matter = match &version {
        Some(version) => version.content.name.get(shell.lang),
        None if power.item.is_some() => shell.t("intake.power_this_item"),
        None => shell.t("intake.power_every_matter"),
    };
    Ok(PowerRow {
        end: format!("/my/powers/{}/end", power.id),
        agent: identity::person(tx, power.agent)?.name,
        matter: matter.to_owned(),
        until: power.until.to_string(),
    })
}

pub(super) async fn end_power(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<PowerId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = By::from(&by);
    app.write(&by, move |tx| crate::end_power(tx, &me, id))
        .await?;
    let back = redirect("/my").flash(shell.t("intake.power_ended"));
    Ok(back.into_response())
}

fn draft_row(tx: &mut Tx<'_>, shell: &Shell, draft: crate::model::Draft) -> Result<ListRow, Fault> {
    let today = tx.today();
    let version = catalogue::published(tx, draft.item, today)?;
    let saved = kernel::clock::hall_time(draft.saved_at);
    let name = version
        .as_ref()
        .map_or("", |version| version.content.name.get(shell.lang));
    Ok(ListRow {
        href: version
            .as_ref()
            .map_or(String::new(), |known| apply::next_step(&draft, known)),
        number: format!("/apply/drafts/{}/drop", draft.id),
        item: name.to_owned(),
        on: saved.strftime("%Y-%m-%d %H:%M").to_string(),
        state: shell.t("intake.state_draft").to_owned(),
        tone: "",
        became: None,
    })
}

fn list_row(tx: &mut Tx<'_>, shell: &Shell, one: &Application) -> Result<ListRow, Fault> {
    let version = crate::version_of(tx, one)?;
    let (state, tone) = words::state(shell, one.status);
    Ok(ListRow {
        href: format!("/my/applications/{}", one.id),
        number: one.number.to_string(),
        item: version.content.name.get(shell.lang).to_owned(),
        on: one.received_on.to_string(),
        state: state.to_owned(),
        tone,
        became: onward::standing(tx, one, shell)?,
    })
}

#[derive(Template)]
#[template(path = "intake/application.html")]
struct ApplicationPage {
    shell: Shell,
    number: String,
    query_code: String,
    qr: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    answers: Vec<Fact>,
    papers: Vec<Link>,
    documents: Vec<DocumentView>,
    moments: Vec<Moment>,
    correct_at: String,
    make_up_at: String,
    pledges: Vec<Fact>,
    became: Option<Standing>,
    withdraw_at: String,
}

pub(super) async fn show(
    app: App,
    by: Citizen,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let origin = app.config().origin.clone().unwrap_or_default();
    let made = app
        .read(move |tx| application_page(tx, &by, id, shell, &origin))
        .await?;
    page(&made)
}

fn application_page(
    tx: &mut Tx<'_>,
    by: &Citizen,
    id: ApplicationId,
    shell: Shell,
    origin: &str,
) -> Result<ApplicationPage, Fault> {
    let application = crate::visible(tx, &by.into(), id)?;
    let version = crate::version_of(tx, &application)?;
    let code = crate::query_code(tx, &application)?;
    let (state, tone) = words::state(&shell, application.status);
    let number = application.number.to_string();
    let qr = document::qr_svg(&format!("{origin}/track?number={number}"));
    let base = format!("/my/applications/{id}");
    let answers = crate::read_answers(tx, &application)?;
    let moments = crate::moments(tx, id)?;
    let (pledges, owing) = words::pledges(tx, &shell, &version, &application)?;
    let told = application.status == Status::NoticeGiven;
    let when = |yes: bool, path: String| if yes { path } else { String::new() };
    Ok(ApplicationPage {
        query_code: code.map_or_else(String::new, |code| code.to_string()),
        qr: qr.unwrap_or_default(),
        state: state.to_owned(),
        tone,
        facts: head_facts(
            tx,
            &shell,
            &application,
            version.content.name.get(shell.lang),
        )?,
        answers: fields::facts(&shell, &version.content, &answers, ""),
        papers: words::papers(tx, &shell, &application)?,
        documents: words::documents(tx, &shell, &version, &application, &base)?,
        moments: words::timeline(tx, &shell, moments, false)?,
        correct_at: when(told, format!("{base}/correct")),
        make_up_at: when(owing, format!("{base}/make_up")),
        pledges,
        became: onward::standing(tx, &application, &shell)?,
        withdraw_at: when(application.status.is_open(), format!("{base}/withdraw")),
        number,
        shell,
    })
}

/// What every page says of an application first.
pub(super) fn head_facts(
    tx: &mut Tx<'_>,
    shell: &Shell,
    application: &Application,
    item: &str,
) -> Result<Vec<Fact>, Fault> {
    let name = |tx: &mut Tx<'_>, person: PersonId| identity::shown_name(tx, person);
    let mut facts = vec![Fact::plain(shell.t("intake.item"), item)];
    facts.push(Fact::plain(
        shell.t("intake.applicant"),
        name(tx, application.applicant)?,
    ));
    if let Some(agent) = application.agent {
        facts.push(Fact::plain(shell.t("intake.agent"), name(tx, agent)?));
    }
    let organ = identity::organ(tx, application.organ)?.name;
    facts.push(Fact::plain(shell.t("intake.organ"), organ));
    let received = application.received_on.to_string();
    facts.push(Fact::plain(shell.t("intake.received_on"), received));
    if application.status.waits_for_hall() {
        let by = application.tell_by.to_string();
        facts.push(Fact::plain(shell.t("intake.tell_by"), by));
    }
    if let Some(notice) = &application.notice {
        facts.push(Fact::plain(
            shell.t("intake.correct_by"),
            notice.due.to_string(),
        ));
    }
    if let Some(settled) = &application.settled {
        facts.push(Fact::plain(
            shell.t("intake.settled_on"),
            settled.on.to_string(),
        ));
        let kept = [
            (settled.competent, "intake.competent"),
            (settled.reason, "intake.reason"),
        ];
        for (text, key) in kept {
            let text = text
                .map(|text| ledger::read_text(tx, &text))
                .transpose()?
                .flatten();
            facts.extend(text.map(|text| Fact::plain(shell.t(key), text)));
        }
    }
    Ok(facts)
}

pub(super) async fn download(
    app: App,
    by: Citizen,
    Path((id, file)): Path<(ApplicationId, FileId)>,
) -> Reply<Download> {
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &(&by).into(), id)?;
        crate::file_content(tx, &application, file)
    });
    let (kept, content) = read.await?;
    Ok(words::download(kept, content))
}

/// What was asked for, as a page shows it.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) problem: String,
    pub(super) request: String,
}

#[derive(Template)]
#[template(path = "intake/correct.html")]
struct CorrectPage {
    shell: Shell,
    action: String,
    number: String,
    due: String,
    problems: Problems,
    asked: Vec<Asked>,
    materials: Vec<MaterialView>,
    fields: Vec<FieldView>,
}

async fn correct_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    problems: Problems,
    typed: Option<serde_json::Map<String, serde_json::Value>>,
) -> Reply<CorrectPage> {
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &by, id)?;
        let version = crate::version_of(tx, &application)?;
        let answers = crate::read_answers(tx, &application)?;
        let texts: Vec<Correction> = match &application.notice {
            Some(notice) => crate::answer::read_json(tx, &notice.texts)?,
            None => Vec::new(),
        };
        Ok((application, version, answers, texts))
    });
    let (application, version, kept, texts) = read.await?;
    let notice = application
        .notice
        .as_ref()
        .filter(|_| application.status == Status::NoticeGiven);
    let notice = notice.ok_or_else(|| Fault::from(crate::Refusal::NothingAsked))?;
    let content = &version.content;
    let scenario = crate::requirements_of(&version, &application)?;
    let wanted = scenario.materials.lines().iter().filter(|line| {
        let at = content
            .materials
            .iter()
            .position(|known| known.id == line.material.id);
        at.is_some_and(|at| notice.missing.iter().any(|asked| usize::from(*asked) == at))
    });
    let problems = fields::placed(&shell, content, "", problems);
    let materials = wanted.map(|line| material_view(&shell, line, Vec::new(), &problems));
    let asked = texts.into_iter().map(|one| {
        let material = one.material.as_deref().and_then(|id| content.material(id));
        let form = shell.t("intake.the_form");
        Asked {
            name: material
                .map_or(form, |known| known.name.get(shell.lang))
                .to_owned(),
            problem: one.problem,
            request: one.request,
        }
    });
    let answers = typed.unwrap_or(kept);
    let fields = if notice.form {
        fields::views(&shell, content, &scenario, &answers, &problems)
    } else {
        Vec::new()
    };
    Ok(CorrectPage {
        action: format!("/my/applications/{id}/correct"),
        number: application.number.to_string(),
        due: notice.due.to_string(),
        asked: asked.collect(),
        materials: materials.collect(),
        fields,
        problems,
        shell,
    })
}

pub(super) async fn show_correct(
    app: App,
    by: Citizen,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    page(&correct_page(&app, (&by).into(), id, shell, Problems::none(), None).await?)
}

/// Files and perhaps answers; which answers there can be, the item knows.
pub(super) struct Corrections {
    files: Vec<(String, web::Upload)>,
    form: bool,
}

impl ReadForm for Corrections {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let SentFiles(files) = SentFiles::read(form)?;
        Some(Self {
            files,
            form: form.flag("with_form"),
        })
    }
}

pub(super) async fn correct(
    app: App,
    by: Citizen,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Corrections>,
) -> Reply<Response> {
    let me = By::from(&by);
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &me, id)?;
        crate::version_of(tx, &application)
    });
    let version = read.await?;
    let typed = catalogue::form::from_pairs(&version.content, form.fields.iter());
    let typed = typed.as_object().cloned().unwrap_or_default();
    let answers = typed.clone();
    let done = match form.command {
        Err(fault) => Err(fault),
        Ok(Corrections { files, form }) => match store_all(&app, files).await {
            Err(fault) => Err(fault),
            Ok(arrived) => {
                let work = move |tx: &mut Tx<'_>| {
                    let files = keep_all(tx, &me, &arrived)?;
                    let answers = form.then_some(&answers);
                    crate::correct(tx, &me, id, answers, files).map(|_| ())
                };
                app.write_once(&by, &once, work).await
            }
        },
    };
    match done {
        Ok(()) => {
            let back = redirect(format!("/my/applications/{id}"));
            Ok(back.flash(shell.t("intake.corrected")).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&correct_page(&app, me, id, shell, problems, Some(typed)).await?)
        }
    }
}

pub(super) async fn withdraw(
    app: App,
    by: Citizen,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = By::from(&by);
    let work = move |tx: &mut Tx<'_>| crate::withdraw(tx, &me, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect(format!("/my/applications/{id}"));
    Ok(back.flash(shell.t("intake.withdrawn")).into_response())
}
