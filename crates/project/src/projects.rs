//! Use cases of a project: register, plan backward, begin stages, blockers, key projects, and what
//! the stages saved.

use codes::ProjectCode;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId, PersonId, Problem, text};
use ledger::lifecycle::load_versioned;
use ledger::{keep_text, read_text};

use crate::decide::{ProjectCommand, Refusal, Registered, Who, begin_project};
use crate::hand_in::code;
use crate::handle::{facts, keep_words};
use crate::model::{Bundle, Project, ProjectId};
use crate::schedule::{self, Plan};
use crate::{shipped, store};

/// The longest name of a project, in characters.
const NAME_CHARS_MAX: usize = 100;

/// A project to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    /// 项目代码, as typed.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 建设单位.
    pub applicant: PersonId,
    /// Its scheme.
    pub scheme: String,
}

/// Registers a project 项目赋码登记.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Fault::Conflict`] for a code that is known.
pub fn register(tx: &mut Tx<'_>, by: PersonId, new: &NewProject) -> Result<ProjectId, Fault> {
    let mut problems = Vec::new();
    let code_typed = ProjectCode::parse(new.code.trim());
    if code_typed.is_err() {
        problems.push(Problem::new("code", "project.code_wrong"));
    }
    let name = text::bounded("name", &new.name, NAME_CHARS_MAX);
    if let Err(problem) = &name {
        problems.push(problem.clone());
    }
    let scheme = shipped::scheme(&new.scheme);
    if scheme.is_err() {
        problems.push(Problem::new("scheme", "field.choice"));
    }
    let (Ok(project_code), Ok(name), Ok(scheme)) = (code_typed, name, scheme) else {
        return Err(Fault::Invalid(problems));
    };
    let agent = Some(by).filter(|by| *by != new.applicant);
    if let Some(agent) = agent
        && !identity::may_act_for(tx, agent, new.applicant, None)?
    {
        return Err(Fault::NotFound { what: "person" });
    }
    let mut stages = Vec::new();
    for id in &scheme.stages {
        let theme = shipped::theme(id)?;
        let place = |id: &String| scheme.stages.iter().position(|other| other == id);
        let after: Result<Vec<u16>, _> = theme
            .after
            .iter()
            .filter_map(place)
            .map(u16::try_from)
            .collect();
        stages.push((code(id)?, theme.limit_days, after.map_err(Fault::broken)?));
    }
    let id: ProjectId = tx.new_id();
    let registered = Registered {
        code: project_code,
        name: keep_text(tx, id, Some(new.applicant), &name)?,
        applicant: new.applicant,
        agent,
        scheme: code(&scheme.id)?,
        scheme_version: scheme.version,
        hall: identity::hall(tx)?.id,
        on: tx.today(),
        stages,
    };
    ledger::open::<Project>(tx, id, begin_project(registered))?;
    Ok(id)
}

/// The project, for other rooms and officers: projects are coordinated by all of the hall.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn project(tx: &mut Tx<'_>, id: ProjectId) -> Result<Project, Fault> {
    Ok(load_versioned::<Project>(tx, id)?.record)
}

/// The project of a person.
///
/// # Errors
/// [`Fault::NotFound`] when it is not theirs.
pub fn own_project(tx: &mut Tx<'_>, by: PersonId, id: ProjectId) -> Result<Project, Fault> {
    let found = project(tx, id)?;
    match found.belongs_to(by) {
        true => Ok(found),
        false => Err(Fault::NotFound { what: "project" }),
    }
}

/// Lets pass whoever may begin this stage of their project now.
pub(crate) fn own_stage(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: ProjectId,
    stage: u16,
    theme: &str,
) -> Result<(), Fault> {
    let project = own_project(tx, by, id)?;
    let wanted = project.stages.get(usize::from(stage));
    let wanted = wanted.filter(|one| one.theme.as_str() == theme);
    let wanted = wanted.ok_or(Refusal::NoSuchStage)?;
    match project.may_begin(wanted) {
        true => Ok(()),
        false => Err(Refusal::StageNotReady.into()),
    }
}

/// The projects of a person, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn projects_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Project>, Fault> {
    store::projects_of(tx, person)
}

/// All projects, key projects first.
///
/// # Errors
/// As [`Tx::query`].
pub fn projects(
    tx: &mut Tx<'_>,
    after: Option<(bool, ProjectId)>,
    most: usize,
) -> Result<Vec<Project>, Fault> {
    store::projects(tx, after, most)
}

/// The name of a project; empty once it was erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn name_of(tx: &mut Tx<'_>, project: &Project) -> Result<String, Fault> {
    Ok(read_text(tx, &project.name)?.unwrap_or_default())
}

fn command(
    tx: &mut Tx<'_>,
    id: ProjectId,
    who: Who,
    command: ProjectCommand,
) -> Result<Project, Fault> {
    let facts = facts(tx, who)?;
    Ok(ledger::perform::<Project>(tx, id, command, &facts)?.record)
}

fn officer(by: &web::Officer) -> Result<Who, Fault> {
    Ok(Who::Officer(case::doer(by)?))
}

/// Plans a project backward from the day that its owner wants 倒排工期.
///
/// # Errors
/// The rule that says no.
pub fn plan_own(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: ProjectId,
    wanted: Date,
) -> Result<Project, Fault> {
    own_project(tx, by, id)?;
    command(tx, id, Who::Person, ProjectCommand::Plan(wanted))
}

/// Plans a project backward, by whoever coordinates it.
///
/// # Errors
/// The rule that says no.
pub fn plan(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: ProjectId,
    wanted: Date,
) -> Result<Project, Fault> {
    command(tx, id, officer(by)?, ProjectCommand::Plan(wanted))
}

/// Makes it a key project 重点项目, or an ordinary one again.
///
/// # Errors
/// The rule that says no.
pub fn mark(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: ProjectId,
    is_key: bool,
) -> Result<Project, Fault> {
    command(tx, id, officer(by)?, ProjectCommand::Mark(is_key))
}

/// Raises what keeps it from going on 堵点, and who is to move it.
///
/// # Errors
/// The rule that says no.
pub fn block(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: ProjectId,
    organ: OrganId,
    words: &str,
) -> Result<Project, Fault> {
    identity::organ(tx, organ)?;
    let text = keep_words(tx, id, "text", words)?;
    command(tx, id, officer(by)?, ProjectCommand::Block(organ, text))
}

/// Says that it was moved.
///
/// # Errors
/// The rule that says no.
pub fn unblock(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: ProjectId,
    number: u16,
) -> Result<Project, Fault> {
    command(tx, id, officer(by)?, ProjectCommand::Unblock(number))
}

/// The plan of what is still to be done, with its critical path.
///
/// # Errors
/// [`Refusal::NoPlan`].
pub fn plan_of(project: &Project) -> Result<Plan, Fault> {
    schedule::plan(&project.tasks()).map_err(|_| Refusal::NoPlan.into())
}

/// What concluded bundles of a theme took 提速统计 (practice C14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The theme.
    pub theme: String,
    /// How many were concluded.
    pub count: u32,
    /// The days that were promised.
    pub promised_days: u32,
    /// The days that they took, without special procedures.
    pub used_days: u32,
}

impl Saved {
    /// The days that were saved; negative when they took longer.
    #[must_use]
    pub fn saved_days(&self) -> i64 {
        i64::from(self.promised_days) - i64::from(self.used_days)
    }
}

/// The most bundles that the statistic reads.
const STATISTIC_MAX: usize = 10_000;

/// What was promised and what it took, by theme.
///
/// # Errors
/// As [`Tx::query`].
pub fn saved(tx: &mut Tx<'_>) -> Result<Vec<Saved>, Fault> {
    let mut all: Vec<Saved> = Vec::new();
    for bundle in store::concluded(tx, STATISTIC_MAX)? {
        let used = used_days(tx, &bundle)?;
        let theme = bundle.theme.as_str();
        match all.iter_mut().find(|one| one.theme == theme) {
            Some(one) => {
                one.count += 1;
                one.promised_days += bundle.limit_days;
                one.used_days += used;
            }
            None => all.push(Saved {
                theme: theme.to_owned(),
                count: 1,
                promised_days: bundle.limit_days,
                used_days: used,
            }),
        }
    }
    Ok(all)
}

/// The working days that counted against a bundle.
///
/// # Errors
/// [`Fault::Broken`] when a day lies outside the calendar.
pub fn used_days(tx: &Tx<'_>, bundle: &Bundle) -> Result<u32, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let end = bundle.concluded_on.unwrap_or_else(|| tx.today());
    let Some(clock) = bundle.clock(&calendar).map_err(Fault::broken)? else {
        return Ok(0);
    };
    let left = clock.remaining(&calendar, calendar::Limit::Statutory, end);
    let left = left.map_err(Fault::broken)?.count;
    Ok(u32::try_from(i64::from(bundle.limit_days) - left).unwrap_or(0))
}
