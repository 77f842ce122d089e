//! One case: the officer's and supervisor's page with its forms, the applicant's page, its proof.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, OrganId, Refusal as _};
use web::parts::{Choice, Fact, Link, Moment, Stage};
use web::{
    Again, App, Citizen, Download, Fields, Officer, Path, Problems, Reply, Shell, Visitor, page,
    redirect,
};

use super::forms::PAUSES;
use super::told::{self, Standing};
use crate::api::viewer;
use crate::decide::{Authority, Beyond, Resolution};
use crate::model::{Case, CaseId, Doer, Duty, Method, Role, Special, Status};
use crate::neighbours::{Hall, Holder, Judged};
use crate::store::Viewer;
use crate::view::{CasePage, OpenTask, case_page};

/// An open task with what this officer may do at it.
struct TaskView {
    base: String,
    step: String,
    with_whom: String,
    holder: String,
    due: String,
    question: String,
    can_work: bool,
    /// Who may take the decision instead; empty when this officer may.
    beyond: String,
    /// Whether the committee resolved, so that a decision may depart from it.
    resolved: bool,
    /// Whether a hearing was held, so that the decision says how it rests on the minutes.
    heard: bool,
    is_held: bool,
    refuses: bool,
    delivers: bool,
    outcomes: Vec<Choice>,
    colleagues: Vec<Choice>,
}

/// What all who see the case are told.
struct Told {
    base: String,
    id: String,
    number: String,
    item: String,
    standing: Standing,
    facts: Vec<Fact>,
    grounds: Vec<Fact>,
    stages: Vec<Stage>,
    explain: Vec<String>,
    /// Who may decide and why.
    authority: Vec<Fact>,
    moments: Vec<Moment>,
    documents: Vec<Link>,
    picture: String,
}

fn told(shell: &Shell, base: String, found: &mut CasePage) -> Told {
    Told {
        base,
        id: found.case.id.to_string(),
        number: found.case.number.to_string(),
        standing: told::standing(shell, found),
        facts: told::facts(shell, found),
        grounds: told::grounds(shell, found),
        stages: told::stages(shell, found),
        explain: found.explain.iter().map(|line| line.text.clone()).collect(),
        authority: found
            .authority
            .iter()
            .map(|(label, text)| Fact::plain(label, text))
            .collect(),
        moments: told::moments(shell, found),
        documents: told::documents(found),
        item: std::mem::take(&mut found.item),
        picture: std::mem::take(&mut found.picture),
    }
}

/// A form that comes back, with what was typed.
pub(super) struct Back {
    /// The texts as typed.
    pub(super) typed: Fields,
    /// What is wrong.
    pub(super) again: Again,
}

#[derive(Template)]
#[template(path = "case/desk_case.html")]
struct DeskCasePage {
    shell: Shell,
    told: Told,
    revision: i64,
    tasks: Vec<TaskView>,
    leads: bool,
    /// The case, as the desk of hearings names it.
    hearing_of: String,
    heads: bool,
    /// Whether this officer may file it now; the rule is asked again when they do.
    files: bool,
    paused: bool,
    may_prioritise: bool,
    may_check: bool,
    verdicts: Vec<Choice>,
    pauses: Vec<Choice>,
    organs: Vec<Choice>,
    methods: Vec<Choice>,
    /// Organ of review and court, as the item publishes them.
    remedies: (String, String),
    typed: Fields,
    problems: Problems,
    changes: Vec<Moment>,
}

#[derive(Template)]
#[template(path = "case/my_case.html")]
struct MyCasePage {
    shell: Shell,
    told: Told,
    can_withdraw: bool,
    can_take: bool,
    can_rate: bool,
}

fn task_view(
    shell: &Shell,
    case: &Case,
    open: &OpenTask,
    by: &Officer,
    helped: &Helped,
    typed: &Fields,
) -> TaskView {
    let task = &open.task;
    let offered = helped.sits && by.has(task.role);
    let mine = task.held_by.is_none() || task.held_by == Some(by.id);
    let said = [
        ("organ", open.organ.clone()),
        ("since", task.on.to_string()),
    ];
    let outcome = |word: &String| {
        let label = shell.t(&format!("case.outcome_{word}")).to_owned();
        (word.clone(), label)
    };
    let others = helped.colleagues.iter().filter(|one| one.officer != by.id);
    let others = others.map(|one| {
        let name = match &one.standing_in {
            None => one.name.clone(),
            Some((_, other)) => {
                let said = [("name", one.name.clone()), ("other", other.clone())];
                shell.say("case.standing_in", &said)
            }
        };
        (one.officer.to_string(), name)
    });
    let step = match open.step.as_str() {
        "" => shell.t("case.beside").to_owned(),
        step => step.to_owned(),
    };
    // No step may take longer than what was promised for the whole.
    let latest = case.dues.promised.filter(|_| case.status.is_open());
    let due = |day: jiff::civil::Date| {
        let day = latest.map_or(day, |latest| day.min(latest));
        shell.say("case.step_due", &[("day", day.to_string())])
    };
    TaskView {
        base: format!("/desk/cases/{}/tasks/{}", case.id, task.number),
        step,
        with_whom: shell.say("case.with_whom", &said),
        holder: match open.holder.as_str() {
            "" => shell.t("case.nobody").to_owned(),
            name => shell.say("case.held_by", &[("name", name.to_owned())]),
        },
        due: task.due.map(due).unwrap_or_default(),
        question: open.question.clone(),
        can_work: offered && mine && helped.authority.beyond.is_none(),
        beyond: match &helped.authority.beyond {
            Some(beyond) if offered => beyond_text(shell, beyond),
            _ => String::new(),
        },
        resolved: matches!(
            helped.authority.committee,
            Resolution::Agreed | Resolution::NotAgreed
        ),
        heard: helped.heard,
        is_held: task.held_by.is_some(),
        refuses: task.duty == Duty::Decide,
        delivers: task.duty == Duty::Deliver,
        outcomes: Choice::list(open.outcomes.iter().map(outcome), typed.get("outcome")),
        colleagues: Choice::list(others, typed.get("to")),
    }
}

/// What the page says to whoever may not decide.
fn beyond_text(shell: &Shell, beyond: &Beyond) -> String {
    let refusal = crate::Refusal::BeyondAuthority(Box::new(beyond.clone()));
    let (code, params) = (refusal.code(), refusal.params());
    let (said, todo) = (shell.say(code, &params), shell.todo(code, &params));
    let stop = shell.language().pick("。", ". ");
    format!("{said}{stop}{todo}")
}

/// What the house says of an open task for the officer who looks.
struct Helped {
    colleagues: Vec<Holder>,
    sits: bool,
    authority: Authority,
    heard: bool,
}

/// What the forms of the page choose from.
struct Helpers {
    tasks: Vec<Helped>,
    sits: bool,
    organs: Vec<(OrganId, String)>,
    listed: Vec<Special>,
    remedies: (String, String),
}

fn helpers(tx: &mut Tx<'_>, by: &Doer, page: &CasePage) -> Result<Helpers, Fault> {
    let hall = tx.thing::<Hall>()?;
    let by = crate::with_delegations(tx, by)?;
    let mut tasks = Vec::new();
    for open in &page.tasks {
        let sits = by.sits_for(open.task.organ, page.case.item);
        let organ = if sits { by.organ } else { open.task.organ };
        tasks.push(Helped {
            colleagues: hall.holders(tx, organ, open.task.role)?,
            authority: match open.task.duty {
                Duty::Decide if sits => hall.authority(tx, &page.case, &Judged::of(&by))?,
                _ => Authority::default(),
            },
            heard: match open.task.duty {
                Duty::Decide if sits => hall.conditions(tx, &page.case)?.heard,
                _ => false,
            },
            sits,
        });
    }
    let mut organs = hall.departments(tx)?;
    organs.retain(|(organ, _)| *organ != page.case.organ);
    Ok(Helpers {
        tasks,
        sits: by.sits_for(page.case.organ, page.case.item),
        organs,
        listed: hall.special_procedures(tx, page.case.item, page.case.version)?,
        remedies: hall.remedies(tx, page.case.item, page.case.version)?,
    })
}

/// The special procedures to choose from: those that the item lists, else those of the law.
fn pauses(shell: &Shell, listed: &[Special], chosen: &str) -> Vec<Choice> {
    let choice = |(name, kind): &(&str, calendar::PauseKind)| {
        let word = shell.t(&format!("case.kind_{name}")).to_owned();
        let known = listed.iter().find(|one| one.kind == *kind);
        let label = match known {
            None if listed.is_empty() => word,
            None => return None,
            Some(one) => {
                let said = [("kind", word), ("max", one.days_max.to_string())];
                shell.say("case.kind_up_to", &said)
            }
        };
        Some(((*name).to_owned(), label))
    };
    Choice::list(PAUSES.iter().filter_map(choice), chosen)
}

pub(super) async fn show_desk_case(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    page(&desk_case(&app, &by, shell, id, None).await?)
}

/// The page once more, with the form as it was typed and why it comes back.
pub(super) async fn desk_case_again(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: CaseId,
    back: Back,
) -> Reply<Response> {
    let status = back.again.status();
    Again::show(status, &desk_case(app, by, shell, id, Some(back)).await?)
}

/// Whether the priority lane is offered: to the head of the hall and to deciders of the department.
fn may_prioritise(by: &Officer, case: &Case, leads: bool) -> bool {
    let head = by.has(Role::HallManager) || leads && by.has(Role::Decider);
    case.status.is_open() && !case.priority && head
}

/// What the check of what silence granted may answer.
fn verdicts(shell: &Shell, chosen: &str) -> Vec<Choice> {
    let answers = [("true", "case.tacit_stands"), ("false", "case.tacit_falls")];
    let answers = answers.map(|(value, key)| (value, shell.t(key).to_owned()));
    Choice::list(answers, chosen)
}

/// Whether the check of what silence granted is offered.
fn may_check(by: &Officer, case: &Case) -> bool {
    let checks = [Role::Reviewer, Role::LegalReviewer, Role::Decider];
    let ours = by.organ() == Some(case.organ);
    case.check_due.is_some() && ours && checks.iter().any(|role| by.has(*role))
}

async fn desk_case(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: CaseId,
    back: Option<Back>,
) -> Reply<DeskCasePage> {
    let doer = crate::doer(by)?;
    let (viewer, lang) = (Viewer::Officer(doer.clone()), shell.language());
    let (mut found, helpers) = app
        .read(move |tx| {
            let page = case_page(tx, &viewer, id, lang)?;
            let helpers = helpers(tx, &doer, &page)?;
            Ok((page, helpers))
        })
        .await?;
    let changes = back.as_ref().map_or_else(Vec::new, |back| {
        let seen = back.typed.revision();
        let newer = found
            .history
            .iter()
            .rev()
            .filter(|line| seen < line.revision);
        let newer = newer.filter(|_| back.again.stale);
        newer.map(|line| told::moment(&shell, line)).collect()
    });
    let (typed, problems) = match back {
        Some(Back { typed, again }) => (typed, again.problems),
        None => (Fields::default(), Problems::none()),
    };
    let views = found.tasks.iter().zip(&helpers.tasks);
    let tasks =
        views.map(|(open, others)| task_view(&shell, &found.case, open, by, others, &typed));
    let tasks = tasks.collect();
    let leads = helpers.sits && found.case.status.is_open();
    let word = |name: &str| shell.t(&format!("case.{name}")).to_owned();
    let ways = Method::ALL
        .iter()
        .map(|way| (way.as_str(), word(&format!("method_{way}"))));
    let way = match typed.get("method") {
        "" => Method::Counter.as_str(),
        way => way,
    };
    let organs = helpers
        .organs
        .into_iter()
        .map(|(id, name)| (id.to_string(), name));
    Ok(DeskCasePage {
        revision: found.history.last().map_or(0, |line| line.revision),
        tasks,
        leads: leads && (by.has(Role::Reviewer) || by.has(Role::Decider)),
        hearing_of: found.case.id.to_string(),
        heads: leads && by.has(Role::Decider) && found.case.clock.extension.is_none(),
        files: may_file(by, &found),
        paused: found.case.status == Status::Paused,
        may_prioritise: may_prioritise(by, &found.case, leads),
        may_check: may_check(by, &found.case),
        verdicts: verdicts(&shell, typed.get("upheld")),
        remedies: helpers.remedies,
        pauses: pauses(&shell, &helpers.listed, typed.get("kind")),
        organs: Choice::list(organs, typed.get("organ")),
        methods: Choice::list(ways, way),
        told: told(&shell, format!("/desk/cases/{id}"), &mut found),
        typed,
        problems,
        changes,
        shell,
    })
}

fn may_file(by: &Officer, page: &CasePage) -> bool {
    let of_hall = by.organ() == Some(page.case.hall);
    let files = crate::FILERS.iter().any(|role| by.has(*role));
    let waits = page.case.status.is_over() && page.case.status != Status::Archived;
    of_hall && files && waits
}

/// From an application to its case: both have the one 办件编号.
pub(super) async fn find_my_case(
    app: App,
    by: Citizen,
    Path(number): Path<String>,
) -> Reply<Response> {
    let viewer = Viewer::Person(by.id);
    let find = move |tx: &mut Tx<'_>| {
        // Whose case it is not, learns nothing of it.
        let found = crate::seen_by_number(tx, &viewer, &number)?;
        found.ok_or(Fault::NotFound { what: "case" })
    };
    let id = app.read(find).await?;
    Ok(redirect(format!("/my/cases/{id}")).into_response())
}

pub(super) async fn show_my_case(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let (viewer, lang) = (Viewer::Person(by.id), shell.language());
    let mut found = app.read(move |tx| case_page(tx, &viewer, id, lang)).await?;
    let waits = |open: &OpenTask| open.task.duty == Duty::Deliver;
    page(&MyCasePage {
        can_withdraw: found.case.status.is_open(),
        can_take: found.tasks.iter().any(waits),
        can_rate: found.case.closed_on.is_some() && found.case.verdict.is_some(),
        told: told(&shell, format!("/my/cases/{id}"), &mut found),
        shell,
    })
}

pub(super) async fn download_proof(
    app: App,
    visitor: Visitor,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let viewer = viewer(&visitor)?;
    let proof = app.read(move |tx| crate::proof(tx, &viewer, id)).await?;
    let bytes = serde_json::to_vec_pretty(&proof).map_err(Fault::broken)?;
    let name = format!("{id}.proof.json");
    Ok(Download::new(name, "application/json", bytes).into_response())
}
