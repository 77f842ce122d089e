//! Pages of the room: a handler reads, calls one use case, and shows.

mod acts;
mod apply;
mod board;
mod bundle;
mod counter;
mod files;
mod guide;
mod mine;
mod passed;
mod questions;
mod site;

use db::Tx;
use intake::By;
use kernel::Fault;
use web::{Access, Doors, FormReader, ReadForm, Reply, Role, Shell, Visitor};

use crate::DESK;
use crate::decide::Refusal;
use crate::model::{Bundle, BundleStatus, PartStatus};
use crate::view::{Lamp, PartView};

pub(crate) fn doors(doors: Doors) -> Doors {
    desk_doors(my_doors(apply_doors(doors)))
}

/// Choosing a theme and writing one application.
fn apply_doors(doors: Doors) -> Doors {
    let draft = |rest: &str| format!("/bundles/drafts/{{id}}/{rest}");
    doors
        .get("/themes", Access::Public, guide::list_themes)
        .get("/bundles/{id}", Access::Public, guide::show_guide)
        .post("/bundles/{id}/start", Access::Citizen, guide::start)
        .get(
            &draft("questions"),
            Access::SignedIn,
            questions::show_questions,
        )
        .post(
            &draft("questions"),
            Access::SignedIn,
            questions::save_questions,
        )
        .get(&draft("form"), Access::SignedIn, apply::show_form)
        .post(&draft("form"), Access::SignedIn, apply::save_form)
        .get(&draft("files"), Access::SignedIn, files::show_files)
        .post(&draft("files"), Access::SignedIn, files::add_files)
        .post(
            &draft("files/{file}/remove"),
            Access::SignedIn,
            files::remove_file,
        )
        .get(&draft("check"), Access::SignedIn, apply::show_check)
        .post(&draft("send"), Access::SignedIn, apply::send)
        .post(&draft("drop"), Access::SignedIn, apply::drop_draft)
}

/// What an applicant sees of it.
fn my_doors(doors: Doors) -> Doors {
    doors
        .get("/my/bundles", Access::Citizen, mine::list_bundles)
        .get("/my/bundles/{id}", Access::Citizen, mine::show_bundle)
        .get("/my/projects", Access::Citizen, mine::list_projects)
        .post("/my/projects", Access::Citizen, mine::register)
        .get("/my/projects/{id}", Access::Citizen, mine::show_project)
        .post("/my/projects/{id}/plan", Access::Citizen, mine::plan)
}

/// What lead and departments do with it.
fn desk_doors(doors: Doors) -> Doors {
    let bundle = |act: &str| format!("/desk/bundles/{{id}}/{act}");
    let project = |act: &str| format!("/desk/projects/{{id}}/{act}");
    doors
        .get("/desk/projects", DESK, board::show_board)
        .get(
            "/desk/bundles/new",
            Access::Officer(Role::IntakeClerk),
            counter::show_new,
        )
        .post(
            "/desk/bundles/new",
            Access::Officer(Role::IntakeClerk),
            counter::add_new,
        )
        .get("/desk/bundles/{id}", DESK, bundle::show_bundle)
        .post(
            &bundle("accept"),
            Access::Officer(Role::IntakeClerk),
            acts::accept,
        )
        .post(&bundle("ask"), DESK, acts::ask)
        .post(&bundle("opinion"), DESK, acts::give_opinion)
        .post(&bundle("remind"), DESK, acts::remind)
        .post(&bundle("award"), DESK, acts::award)
        .post(&bundle("visit"), DESK, acts::plan_visit)
        .post(&bundle("check"), DESK, acts::hold_check)
        .get("/desk/projects/{id}", DESK, site::show_project)
        .post(&project("plan"), DESK, site::plan)
        .post(&project("mark"), DESK, site::mark)
        .post(&project("block"), DESK, site::block)
        .post(&project("unblock"), DESK, site::unblock)
}

/// Who writes an application: a person, or a clerk for somebody at the window.
pub(crate) fn who(visitor: &Visitor) -> Reply<By> {
    let by = By::visitor(visitor).ok_or(Fault::Unauthenticated)?;
    match by {
        By::Other => Err(Fault::from(Refusal::NotFrontDesk).into()),
        by => Ok(by),
    }
}

/// Where somebody goes who leaves a draft for later.
pub(crate) fn home(visitor: &Visitor) -> &'static str {
    match By::visitor(visitor) {
        Some(By::Person(_)) | None => "/my/bundles",
        Some(By::Clerk { .. } | By::Other) => "/desk/bundles/new",
    }
}

/// A form whose fields are only known once the theme is.
pub(crate) struct Posted;

impl ReadForm for Posted {
    fn read(_form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// Wrong fields are shown beside the form; every other fault has its page in the rim.
pub(crate) fn wrong_fields(fault: Fault) -> Reply<Vec<kernel::Problem>> {
    match fault {
        Fault::Invalid(problems) => Ok(problems),
        other => Err(other.into()),
    }
}

/// How a bundle stands, in words, with the tone of its tag.
pub(crate) fn state(shell: &Shell, status: BundleStatus) -> (String, &'static str) {
    let tone = match status {
        BundleStatus::PreReview => "",
        BundleStatus::Running => "blue",
        BundleStatus::Passed => "green",
        BundleStatus::Failed => "red",
    };
    (shell.say(&format!("project.status_{status}"), &[]), tone)
}

/// What a lamp says.
pub(crate) fn lamp_words(shell: &Shell, status: BundleStatus, lamp: &Lamp) -> String {
    let days = |key: &str, days: i64| shell.say(key, &[("days", days.to_string())]);
    if status.is_over() {
        return shell.say("project.took", &[("used", lamp.used.to_string())]);
    }
    match lamp.due {
        None => shell.t("project.stands").to_owned(),
        Some(_) if lamp.left < 0 => days("project.late", -lamp.left),
        Some(_) => days("project.left", lamp.left),
    }
}

/// A part as a row of a page.
pub(crate) struct PartRow {
    pub(crate) item: String,
    pub(crate) organ: String,
    pub(crate) code: String,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) hint: String,
}

/// The row of a part; `href` leads to its application or its case.
pub(crate) fn part_row(shell: &Shell, part: PartView, href: String) -> PartRow {
    let (word, tone) = match part.status {
        PartStatus::Waiting => ("waiting", ""),
        PartStatus::Received => ("received", "blue"),
        PartStatus::Handling if part.stands => ("stands", "yellow"),
        PartStatus::Handling => ("handling", "blue"),
        PartStatus::Granted => ("granted", "green"),
        PartStatus::Refused => ("refused", "red"),
        PartStatus::Dropped => ("dropped", ""),
        PartStatus::Failed => ("failed", "red"),
    };
    let named = |key: &str, items: &[String]| match items.is_empty() {
        true => String::new(),
        false => {
            let items = items.join(shell.t("project.comma"));
            shell.say(key, &[("items", items)])
        }
    };
    let hint = match part.lost.is_empty() {
        true => named("project.waits_for", &part.waits_for),
        false => named("project.lost", &part.lost),
    };
    PartRow {
        item: part.item,
        organ: part.organ,
        code: part.code,
        href,
        state: shell.say(&format!("project.part_{word}"), &[]),
        tone,
        hint,
    }
}

/// The days of one holder as a row.
pub(crate) struct DayRow {
    pub(crate) holder: String,
    pub(crate) counted: u32,
    pub(crate) busy: u32,
}

/// The rows of who had how many days.
pub(crate) fn day_rows(shell: &Shell, days: Vec<crate::HolderDays>) -> Vec<DayRow> {
    let row = |one: crate::HolderDays| DayRow {
        holder: match one.kind {
            "organ" => one.organ,
            kind => shell.say(&format!("project.holder_{kind}"), &[]),
        },
        counted: one.counted,
        busy: one.busy,
    };
    days.into_iter().map(row).collect()
}

/// A bundle in a few words, for lists in other rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its theme.
    pub title: String,
    /// How it stands.
    pub state: String,
    /// The tone of that word's tag.
    pub tone: &'static str,
    /// Its parts, each with its state.
    pub parts: Vec<String>,
}

/// A bundle in a few words. The caller has looked who asks.
///
/// # Errors
/// As [`Tx::query`].
pub fn brief(tx: &mut Tx<'_>, bundle: &Bundle, shell: &Shell) -> Result<Brief, Fault> {
    let (state, tone) = state(shell, bundle.status);
    let parts = crate::view::parts(tx, bundle, shell.language())?;
    let words = parts.into_iter().map(|part| {
        let row = part_row(shell, part, String::new());
        format!("{} · {}", row.item, row.state)
    });
    Ok(Brief {
        title: crate::view::title(bundle, shell.language())?,
        state,
        tone,
        parts: words.collect(),
    })
}
