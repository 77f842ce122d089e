//! `/desk/intake/{id}`: one application before the clerk, with answers, files, clock, and every
//! answer that the law knows.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use calendar::WorkingDays;
use catalogue::Version;
use catalogue::scenario::MaterialLine;
use db::Tx;
use kernel::Fault;
use ledger::FileId;
use web::parts::{Fact, Link, Moment};
use web::{
    Again, App, Button, Download, Fields, Form, FormReader, Officer, OnceToken, Path, Problems,
    ReadForm, Reply, Shell, answer_form, page, redirect,
};

use super::fields::{self, FieldView};
use super::files::{MaterialView, SentFiles, keep_all, material_view, store_all};
use super::my;
use super::words::{self, DocumentView};
use crate::model::{Application, ApplicationId, By, Correction, Status};

/// A material that the clerk may tick as missing.
struct TickView {
    id: String,
    name: String,
    necessity: String,
    there: String,
    standard: String,
    ticked: bool,
    problem: String,
    request: String,
}

#[derive(Template)]
#[template(path = "intake/desk_application.html")]
struct DeskPage {
    shell: Shell,
    base: String,
    number: String,
    state: String,
    tone: &'static str,
    shade: &'static str,
    clock: String,
    problems: Problems,
    facts: Vec<Fact>,
    answers: Vec<Fact>,
    documents: Vec<DocumentView>,
    papers: Vec<Link>,
    moments: Vec<Moment>,
    may_accept: bool,
    may_answer: bool,
    may_lapse: bool,
    ticks: Vec<TickView>,
    spot_materials: Vec<MaterialView>,
    fields: Vec<FieldView>,
    typed: Fields,
    revision: i64,
    changes: Vec<Moment>,
    organs: Vec<String>,
    pledges: Vec<Fact>,
    make_up_at: String,
}

struct Opened {
    application: Application,
    version: Arc<Version>,
    answers: serde_json::Map<String, serde_json::Value>,
    facts: Vec<Fact>,
    documents: Vec<DocumentView>,
    papers: Vec<Link>,
    moments: Vec<Moment>,
    shade: &'static str,
    clock: String,
    revision: i64,
    organs: Vec<String>,
    pledges: (Vec<Fact>, bool),
}

fn open(tx: &mut Tx<'_>, by: &By, id: ApplicationId, shell: &Shell) -> Result<Opened, Fault> {
    let application = crate::visible(tx, by, id)?;
    let version = crate::version_of(tx, &application)?;
    let calendar = tx.thing::<WorkingDays>()?;
    let (shade, clock) = words::light(shell, &calendar, &application, tx.today());
    let item = version.content.name.get(shell.lang);
    let base = format!("/desk/intake/{id}");
    let moments = crate::moments(tx, id)?;
    let organs = identity::organs(tx)?.into_iter();
    let organs = organs.filter(|one| one.id != application.organ);
    Ok(Opened {
        organs: organs.map(|one| one.name).collect(),
        revision: ledger::lines_of(tx, id)?
            .last()
            .map_or(0, |line| line.revision),
        pledges: words::pledges(tx, shell, &version, &application)?,
        answers: crate::read_answers(tx, &application)?,
        facts: desk_facts(tx, shell, &application, item)?,
        documents: words::documents(tx, shell, &version, &application, &base)?,
        papers: words::papers(tx, shell, &application)?,
        moments: words::timeline(tx, shell, moments, true)?,
        application,
        version,
        shade,
        clock,
    })
}

/// What everybody is told, and for the desk the paper by which an agent acts.
fn desk_facts(
    tx: &mut Tx<'_>,
    shell: &Shell,
    application: &Application,
    item: &str,
) -> Result<Vec<Fact>, Fault> {
    let mut facts = my::head_facts(tx, shell, application, item)?;
    let Some(agent) = application.agent else {
        return Ok(facts);
    };
    let (principal, item) = (application.applicant, application.item);
    if let Some(power) = crate::power_behind(tx, agent, principal, item)? {
        let scope = ledger::read_text(tx, &power.scope)?.unwrap_or_default();
        let clerk = identity::officer_name(tx, power.seen_by)?;
        let until = power.until.to_string();
        let said = [("until", until), ("clerk", clerk), ("scope", scope)];
        facts.push(Fact {
            label: shell.t("intake.power").to_owned(),
            text: shell.say("intake.power_told", &said),
            href: format!("/desk/intake/powers/{}", power.id),
            action: shell.t("intake.power_show").to_owned(),
        });
    }
    Ok(facts)
}

/// A material as the clerk ticks it off: what is there, and what makes it acceptable.
fn tick_view(
    shell: &Shell,
    application: &Application,
    version: &Version,
    typed: &Fields,
    line: &MaterialLine<'_>,
) -> TickView {
    let lang = shell.lang;
    let (id, material) = (&line.material.id, line.material);
    let of_line = |at: u16| {
        version
            .content
            .materials
            .get(usize::from(at))
            .is_some_and(|known| known.id == *id)
    };
    let there = application
        .documents
        .iter()
        .filter(|one| of_line(one.material))
        .count();
    let there = match there {
        0 => shell.t("intake.none_there").to_owned(),
        count => shell.say("intake.files_there", &[("count", count.to_string())]),
    };
    TickView {
        name: material.name.get(lang).to_owned(),
        necessity: line.requirement.necessity.name(lang).to_owned(),
        there,
        standard: material
            .acceptance_standard
            .as_ref()
            .map_or("", |text| text.get(lang))
            .to_owned(),
        ticked: typed.all("missing").any(|ticked| ticked == id),
        problem: typed.get(&format!("problem.{id}")).to_owned(),
        request: typed.get(&format!("request.{id}")).to_owned(),
        id: id.clone(),
    }
}

/// What happened since the page was seen, where that made it stale.
fn changes(again: Option<&Again>, moments: &[Moment], newer: i64) -> Vec<Moment> {
    let stale = again.is_some_and(|again| again.stale);
    let newer = usize::try_from(newer).unwrap_or(0);
    let newest = moments.iter().take(if stale { newer } else { 0 });
    newest.cloned().collect()
}

/// Where owed papers are handed in; empty when none are.
fn make_up_at(id: ApplicationId, owing: bool) -> String {
    match owing {
        true => format!("/desk/intake/{id}/make_up"),
        false => String::new(),
    }
}

async fn desk_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    typed: Fields,
    again: Option<Again>,
) -> Reply<DeskPage> {
    let lang = shell.clone();
    let opened = app.read(move |tx| open(tx, &by, id, &lang)).await?;
    let Opened {
        application,
        version,
        answers,
        facts,
        documents,
        papers,
        moments,
        shade,
        clock,
        revision,
        organs,
        pledges: (pledges, owing),
    } = opened;
    let changes = changes(again.as_ref(), &moments, revision - typed.revision());
    let problems = again.map_or_else(Problems::none, |again| again.problems);
    let problems = fields::placed(&shell, &version.content, "", problems);
    let asked = crate::requirements_of(&version, &application)?;
    let waits = application.status.waits_for_hall();
    let lines = asked.materials.lines();
    let tick = |line| tick_view(&shell, &application, &version, &typed, line);
    let uploads = || lines.iter().filter(|line| !line.material.from_form);
    let ticks = uploads().map(tick).collect();
    let on_the_spot = uploads().filter(|_| waits);
    let spot = |line| material_view(&shell, line, Vec::new(), &problems);
    let spot_materials = on_the_spot.map(spot).collect();
    let (state, tone) = words::state(&shell, application.status);
    let said = fields::facts(&shell, &version.content, &answers, "");
    let fields = match waits {
        true => fields::views(&shell, &version.content, &asked, &answers, &problems),
        false => Vec::new(),
    };
    Ok(DeskPage {
        base: format!("/desk/intake/{id}"),
        number: application.number.to_string(),
        state: state.to_owned(),
        tone,
        shade,
        clock,
        may_accept: waits,
        may_answer: application.status == Status::Received && application.notice.is_none(),
        may_lapse: application.status == Status::NoticeGiven,
        answers: said,
        facts,
        documents,
        papers,
        moments,
        ticks,
        spot_materials,
        fields,
        typed,
        problems,
        revision,
        changes,
        organs,
        pledges,
        make_up_at: make_up_at(id, owing),
        shell,
    })
}

pub(super) async fn show(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let typed = Fields::default();
    page(&desk_page(&app, (&by).into(), id, shell, typed, None).await?)
}

pub(super) async fn download(
    app: App,
    by: Officer,
    Path((id, file)): Path<(ApplicationId, FileId)>,
) -> Reply<Download> {
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &(&by).into(), id)?;
        crate::file_content(tx, &application, file)
    });
    let (kept, content) = read.await?;
    Ok(words::download(kept, content))
}

/// Carries an answer out and goes back to the application, or shows what is wrong.
async fn carry_out(
    app: App,
    by: Officer,
    id: ApplicationId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>, &By) -> Result<Application, Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let (me, seen) = (By::from(&by), typed.revision());
    let done = match work {
        Ok(work) => {
            let work = move |tx: &mut Tx<'_>| {
                ledger::unchanged_since(tx, id, seen)?;
                work(tx, &me).map(|_| ())
            };
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let onward =
        done.map(|()| redirect(format!("/desk/intake/{id}")).flash(shell.t("intake.answered")));
    let again =
        async |again: Again| desk_page(&app, me, id, shell.clone(), typed, Some(again)).await;
    answer_form(onward, &shell, |_| None, again).await
}

pub(super) async fn accept(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Button>,
) -> Reply<Response> {
    let work = Ok(move |tx: &mut Tx<'_>, me: &By| crate::accept(tx, me, id));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(super) async fn lapse(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Button>,
) -> Reply<Response> {
    let work = Ok(move |tx: &mut Tx<'_>, me: &By| crate::lapse(tx, me, id));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// The ticked materials with what is wrong and what to hand in.
pub(super) struct Missing(Vec<Correction>);

impl ReadForm for Missing {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let ticked: Vec<String> = form.fields().all("missing").map(str::to_owned).collect();
        let mut lines = Vec::new();
        for material in ticked {
            let problem = form.text(&format!("problem.{material}"), 500);
            let request = form.text(&format!("request.{material}"), 500);
            lines.push((Some(material), problem, request));
        }
        if form.flag("missing_form") {
            let problem = form.text("problem_form", 500);
            let request = form.text("request_form", 500);
            lines.push((None, problem, request));
        }
        let line = |(material, problem, request): (Option<String>, Option<_>, Option<_>)| {
            Some(Correction {
                material,
                problem: problem?,
                request: request?,
            })
        };
        lines
            .into_iter()
            .map(line)
            .collect::<Option<Vec<_>>>()
            .map(Self)
    }
}

pub(super) async fn give_notice(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Missing>,
) -> Reply<Response> {
    let work = form.command.map(|Missing(lines)| {
        move |tx: &mut Tx<'_>, me: &By| crate::give_notice(tx, me, id, &lines)
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Why, and who is competent.
pub(super) struct Reason {
    reason: String,
    competent: Option<String>,
}

impl ReadForm for Reason {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let reason = form.text("reason", 1000);
        let competent = match form.fields().has("competent") {
            true => form.text("competent", 200).map(Some),
            false => Some(None),
        };
        Some(Self {
            reason: reason?,
            competent: competent?,
        })
    }
}

pub(super) async fn not_required(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Reason>,
) -> Reply<Response> {
    let work = form.command.map(|asked| {
        move |tx: &mut Tx<'_>, me: &By| crate::not_required(tx, me, id, &asked.reason)
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(super) async fn not_accepted(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Reason>,
) -> Reply<Response> {
    let work = form.command.and_then(|asked| {
        let competent = asked.competent.filter(|named| !named.is_empty());
        let competent = competent.ok_or_else(|| Fault::invalid("competent", "field.required"))?;
        Ok(move |tx: &mut Tx<'_>, me: &By| {
            crate::not_accepted(tx, me, id, &competent, &asked.reason)
        })
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(super) async fn correct_on_the_spot(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<SentFiles>,
) -> Reply<Response> {
    let me = By::from(&by);
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &me, id)?;
        crate::version_of(tx, &application)
    });
    let version = read.await?;
    let typed = catalogue::form::from_pairs(&version.content, form.fields.iter());
    let answers = typed.as_object().cloned().unwrap_or_default();
    let arrived = match form.command {
        Ok(SentFiles(files)) => store_all(&app, files).await,
        Err(fault) => Err(fault),
    };
    let work = arrived.map(|arrived| {
        move |tx: &mut Tx<'_>, me: &By| {
            let files = keep_all(tx, me, &arrived)?;
            crate::correct_on_the_spot(tx, me, id, Some(&answers), files)
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}
