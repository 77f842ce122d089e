//! A bundle at the desk: parts, opinions with their clocks, reminders, the joint check, the days of
//! each department.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use web::parts::{Choice, Fact, Link};
use web::{App, Fields, Officer, Path, Problems, Reply, Role, Shell, page};

use super::mine::{BundleRow, bundle_row};
use super::passed::{PassedRow, passed_rows};
use super::site::organs;
use super::{DayRow, PartRow, day_rows, part_row};
use crate::hand_in::theme_of;
use crate::handle;
use crate::model::{Bundle, BundleId, BundleStatus, Opinion, OpinionStatus, PartStatus, Stance};
use crate::theme::CheckKind;
use crate::view;

struct OpinionRow {
    number: u16,
    organ: String,
    asked_on: String,
    due: String,
    state: String,
    tone: &'static str,
    stance: String,
    text: String,
    late: String,
    mine: bool,
}

struct ReminderRow {
    on: String,
    organ: String,
    by: String,
    text: String,
}

struct CheckView {
    title: String,
    visits: bool,
    visit_on: String,
    points: Vec<Choice>,
    open: bool,
    result: String,
    passed: bool,
    text: String,
}

#[derive(Template)]
#[template(path = "project/desk_bundle.html")]
pub(super) struct BundlePage {
    shell: Shell,
    crumbs: Vec<Link>,
    base: String,
    head: BundleRow,
    facts: Vec<Fact>,
    parts: Vec<PartRow>,
    passed: Vec<PassedRow>,
    waiting: usize,
    leads: bool,
    open: bool,
    pre_review: bool,
    opinions: Vec<OpinionRow>,
    stances: Vec<Choice>,
    organs: Vec<Choice>,
    targets: Vec<Choice>,
    reminders: Vec<ReminderRow>,
    check: Option<CheckView>,
    sum: u32,
    days: Vec<DayRow>,
    typed: Fields,
    problems: Problems,
}

/// Whether an officer leads a bundle; `decide` says so again.
fn leads(by: &Officer, bundle: &Bundle) -> bool {
    let decides = by.has(Role::Reviewer) || by.has(Role::Decider);
    by.has(Role::HallManager) || by.organ() == Some(bundle.lead) && decides
}

pub(super) async fn bundle_page(
    app: &App,
    by: &Officer,
    id: BundleId,
    shell: Shell,
    (typed, problems): (Fields, Problems),
) -> Reply<BundlePage> {
    let by = by.clone();
    let made = app
        .read(move |tx| {
            let bundle = handle::seen(tx, &by, id)?;
            made(tx, &by, shell, &bundle, (typed, problems))
        })
        .await?;
    Ok(made)
}

fn made(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: Shell,
    bundle: &Bundle,
    (typed, problems): (Fields, Problems),
) -> Result<BundlePage, Fault> {
    let head = bundle_row(tx, &shell, bundle, "/desk/bundles")?;
    let mut parts = Vec::new();
    for part in view::parts(tx, bundle, shell.language())? {
        let case = bundle.part(part.number).and_then(|known| known.case);
        let href = case.map_or_else(String::new, |case| format!("/desk/cases/{case}"));
        parts.push(part_row(&shell, part, href));
    }
    let mut opinions = Vec::new();
    for one in &bundle.opinions {
        opinions.push(opinion_row(tx, &shell, by, one)?);
    }
    let received = bundle
        .parts
        .iter()
        .filter(|part| part.status == PartStatus::Received);
    let waiting = match by.has(Role::IntakeClerk) {
        true => received.count(),
        false => 0,
    };
    let stance = |one: &Stance| {
        let label = shell.say(&format!("project.stance_{one}"), &[]);
        (one.as_str().to_owned(), label)
    };
    let (sum, days) = view::holder_days(tx, bundle)?;
    Ok(BundlePage {
        crumbs: vec![Link::to("/desk/projects", shell.t("project.desk"))],
        base: format!("/desk/bundles/{}", bundle.id),
        facts: facts(tx, &shell, bundle)?,
        targets: targets(&shell, &parts, &opinions, bundle),
        parts,
        passed: passed_rows(tx, &shell, bundle)?,
        waiting,
        leads: leads(by, bundle),
        open: !bundle.status.is_over(),
        pre_review: bundle.status == BundleStatus::PreReview,
        stances: Choice::list(Stance::ALL.iter().map(stance), typed.get("stance")),
        organs: organs(tx, typed.get("organ"))?,
        reminders: reminder_rows(tx, bundle)?,
        check: check_view(tx, &shell, bundle)?,
        opinions,
        head,
        sum,
        days: day_rows(&shell, days),
        typed,
        problems,
        shell,
    })
}

fn facts(tx: &mut Tx<'_>, shell: &Shell, bundle: &Bundle) -> Result<Vec<Fact>, Fault> {
    let lamp = view::lamp(tx, bundle)?;
    let used = [
        ("used", lamp.used.to_string()),
        ("limit", bundle.limit_days.to_string()),
    ];
    let applicant = identity::person(tx, bundle.applicant)?.name;
    let mut facts = vec![
        Fact::plain(shell.t("project.number"), bundle.number.to_string()),
        Fact::plain(shell.t("project.applicant"), applicant),
        Fact::plain(shell.t("project.lead"), view::organ_name(tx, bundle.lead)?),
        Fact::plain(
            shell.t("project.handed_in"),
            bundle.handed_in_on.to_string(),
        ),
        Fact::plain(shell.t("project.limit"), shell.say("project.used", &used)),
    ];
    if let Some(due) = lamp.due {
        facts.push(Fact::plain(shell.t("project.due"), due.to_string()));
    }
    if let Some(project) = bundle.project {
        facts.push(Fact {
            label: shell.t("project.project").to_owned(),
            text: crate::projects::project(tx, project)?.code.to_string(),
            href: format!("/desk/projects/{project}"),
            action: shell.t("project.show").to_owned(),
        });
    }
    Ok(facts)
}

fn opinion_row(
    tx: &mut Tx<'_>,
    shell: &Shell,
    by: &Officer,
    one: &Opinion,
) -> Result<OpinionRow, Fault> {
    let tone = match one.status {
        OpinionStatus::Asked => "blue",
        OpinionStatus::Given => "green",
        OpinionStatus::Lapsed => "yellow",
    };
    let text = match &one.text {
        Some(text) => ledger::read_text(tx, text)?.unwrap_or_default(),
        None => String::new(),
    };
    let answers = by.has(Role::CoHandler) || by.has(Role::Reviewer) || by.has(Role::Decider);
    Ok(OpinionRow {
        number: one.number,
        organ: view::organ_name(tx, one.organ)?,
        asked_on: one.asked_on.to_string(),
        due: one.due.to_string(),
        state: shell.say(&format!("project.opinion_{}", one.status), &[]),
        tone,
        stance: one.stance.map_or_else(String::new, |stance| {
            shell.say(&format!("project.stance_{stance}"), &[])
        }),
        text,
        late: one.late_on.map_or_else(String::new, |day| {
            shell.say("project.late_opinion", &[("day", day.to_string())])
        }),
        mine: by.organ() == Some(one.organ) && answers && one.status != OpinionStatus::Given,
    })
}

/// What can be pressed for: open parts, then open opinions.
fn targets(
    shell: &Shell,
    parts: &[PartRow],
    opinions: &[OpinionRow],
    bundle: &Bundle,
) -> Vec<Choice> {
    let open = |status| matches!(status, PartStatus::Received | PartStatus::Handling);
    let numbered = bundle.parts.iter().zip(parts).enumerate();
    let parts = numbered
        .filter(|(_, (part, _))| open(part.status))
        .map(|(at, (_, row))| {
            (
                format!("part.{at}"),
                format!("{} · {}", row.organ, row.item),
            )
        });
    let asked = bundle.opinions.iter().zip(opinions);
    let asked = asked.filter(|(one, _)| one.status == OpinionStatus::Asked);
    let asked = asked.map(|(one, row)| {
        let label = format!("{} · {}", row.organ, shell.t("project.opinions"));
        (format!("opinion.{}", one.number), label)
    });
    Choice::list(parts.chain(asked), "")
}

fn reminder_rows(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<Vec<ReminderRow>, Fault> {
    let mut rows = Vec::new();
    for one in bundle.reminders.iter().rev() {
        rows.push(ReminderRow {
            on: one.on.to_string(),
            organ: view::organ_name(tx, one.organ)?,
            by: identity::officer_name(tx, one.by)?,
            text: ledger::read_text(tx, &one.text)?.unwrap_or_default(),
        });
    }
    Ok(rows)
}

fn check_view(tx: &mut Tx<'_>, shell: &Shell, bundle: &Bundle) -> Result<Option<CheckView>, Fault> {
    let Some(check) = &bundle.check else {
        return Ok(None);
    };
    let listed = theme_of(bundle)?.check.as_ref();
    let list = listed.map_or(&[][..], |one| one.list.as_slice());
    let point = |(at, text): (usize, &catalogue::model::Text)| Choice {
        value: at.to_string(),
        label: text.get(shell.lang).to_owned(),
        hint: String::new(),
        chosen: check.marks.get(at).copied().unwrap_or(false),
    };
    let result = match check.passed {
        Some(true) => shell.t("project.check_passed").to_owned(),
        Some(false) => shell.t("project.check_not_passed").to_owned(),
        None => String::new(),
    };
    let text = match &check.text {
        Some(text) => ledger::read_text(tx, text)?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(Some(CheckView {
        title: shell.say(&format!("project.check_{}", check.kind), &[]),
        visits: check.kind == CheckKind::Visit,
        visit_on: check
            .visit_on
            .map_or_else(String::new, |day| day.to_string()),
        points: list.iter().enumerate().map(point).collect(),
        open: check.passed != Some(true) && !bundle.status.is_over(),
        result,
        passed: check.passed == Some(true),
        text,
    }))
}

pub(crate) async fn show_bundle(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    shell: Shell,
) -> Reply<Response> {
    let nothing = (Fields::default(), Problems::none());
    page(&bundle_page(&app, &by, id, shell, nothing).await?)
}
