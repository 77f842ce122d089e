//! What pages and interface tell of bundles and projects: names, lamps, days; gathered once.
//!
//! Deliberately absent: markup, and who may see what; the use cases have looked.

use calendar::{Light, LightPolicy};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Lang, OrganId};
use serde::Serialize;

use crate::days::{Days, Holder};
use crate::hand_in::theme_of;
use crate::handle::days_of;
use crate::model::{Bundle, BundleId, Part, PartStatus, Project};
use crate::projects::used_days;

/// How a bundle's clock stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lamp {
    /// `green`, `yellow`, `red` or `grey`.
    pub shade: &'static str,
    /// Working days left; negative when it is over.
    pub left: i64,
    /// The last day; none while the clock stands.
    pub due: Option<Date>,
    /// Working days that counted so far.
    pub used: u32,
}

/// The lamp of a bundle 红黄绿灯.
///
/// # Errors
/// [`Fault::Broken`] when a day lies outside the calendar.
pub fn lamp(tx: &Tx<'_>, bundle: &Bundle) -> Result<Lamp, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let used = used_days(tx, bundle)?;
    let left = i64::from(bundle.limit_days) - i64::from(used);
    let due = bundle.due(&calendar).map_err(Fault::broken)?;
    let shade = match bundle.clock(&calendar).map_err(Fault::broken)? {
        _ if left < 0 => "red",
        _ if bundle.status.is_over() => "green",
        None => "grey",
        Some(clock) if clock.is_paused() => "grey",
        Some(clock) => {
            let light = clock.light(&calendar, tx.today(), &LightPolicy::default());
            match light.map_err(Fault::broken)? {
                Light::Green => "green",
                Light::Yellow => "yellow",
                Light::Red | Light::Black => "red",
            }
        }
    };
    Ok(Lamp {
        shade,
        left,
        due: due.filter(|_| !bundle.status.is_over()),
        used,
    })
}

/// A part as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartView {
    /// Its number, from 0.
    pub number: u16,
    /// The item's name.
    pub item: String,
    /// The department's short name.
    pub organ: String,
    /// How it stands.
    pub status: PartStatus,
    /// Whether its clock stands.
    pub stands: bool,
    /// The number of its application 办件编号.
    pub code: String,
    /// Names of the items that it waits for.
    pub waits_for: Vec<String>,
    /// Names of the items that it waited for in vain: they ended without being granted.
    pub lost: Vec<String>,
}

/// The parts of a bundle with their names.
///
/// # Errors
/// As [`Tx::query`].
pub fn parts(tx: &mut Tx<'_>, bundle: &Bundle, lang: Lang) -> Result<Vec<PartView>, Fault> {
    let mut names = Vec::new();
    for part in &bundle.parts {
        names.push(item_name(tx, part, lang)?);
    }
    let mut seen = Vec::new();
    for (number, part) in (0..).zip(&bundle.parts) {
        let code = match part.application {
            Some(id) => intake::application(tx, id)?.number.to_string(),
            None => String::new(),
        };
        let missing = |at: &&u16| {
            let other = bundle.part(**at);
            other.is_some_and(|other| other.status != PartStatus::Granted)
        };
        let before = part.plan.after.iter().filter(missing);
        let before = before.filter_map(|at| names.get(usize::from(*at)).cloned());
        let before: Vec<String> = before.collect();
        seen.push(PartView {
            number,
            item: names.get(usize::from(number)).cloned().unwrap_or_default(),
            organ: organ_name(tx, part.plan.organ)?,
            status: part.status,
            stands: part.stands(),
            code,
            waits_for: match part.status {
                PartStatus::Waiting => before.clone(),
                _ => Vec::new(),
            },
            // Dropped without ever being handed in: what it waited for was not granted.
            lost: match part.status {
                PartStatus::Dropped if part.application.is_none() => before,
                _ => Vec::new(),
            },
        });
    }
    Ok(seen)
}

pub(crate) fn item_name(tx: &mut Tx<'_>, part: &Part, lang: Lang) -> Result<String, Fault> {
    let version = catalogue::version(tx, part.plan.item, part.plan.version)?;
    Ok(version.content.name.get(lang.as_str()).to_owned())
}

/// An organ's short name.
///
/// # Errors
/// As [`Tx::query`].
pub fn organ_name(tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault> {
    Ok(identity::organ(tx, organ)?.short_name)
}

/// The name of a bundle's theme.
///
/// # Errors
/// [`Fault::NotFound`] for a theme that is not carried any more.
pub fn title(bundle: &Bundle, lang: Lang) -> Result<String, Fault> {
    Ok(theme_of(bundle)?.title.get(lang.as_str()).to_owned())
}

/// The days of one holder, with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HolderDays {
    /// `organ`, `special` or `applicant`.
    pub kind: &'static str,
    /// The department's short name; empty for the others.
    pub organ: String,
    /// Days that count for it.
    pub counted: u32,
    /// Days on which it had something open.
    pub busy: u32,
}

/// How the days of a bundle were spent, with names; the counted days add up to the first number.
///
/// # Errors
/// As [`days_of`].
pub fn holder_days(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<(u32, Vec<HolderDays>), Fault> {
    let Days { passed, shares } = days_of(tx, bundle)?;
    let mut named = Vec::new();
    for share in shares {
        let (kind, organ) = match share.holder {
            Holder::Organ(organ) => ("organ", organ_name(tx, organ)?),
            Holder::Special => ("special", String::new()),
            Holder::Applicant => ("applicant", String::new()),
        };
        named.push(HolderDays {
            kind,
            organ,
            counted: share.counted,
            busy: share.busy,
        });
    }
    Ok((passed, named))
}

/// A bar of the board: what was planned, and what happened 计划与实际.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Planned first and last day.
    pub planned: Option<(Date, Date)>,
    /// First and last day in fact; the last one is today while it runs.
    pub actual: Option<(Date, Date)>,
    /// Whether it runs still.
    pub runs: bool,
    /// Whether it lies on the critical path 关键线路.
    pub is_critical: bool,
    /// Its bundle.
    pub bundle: Option<BundleId>,
}

/// The bars of a project: one for each stage.
///
/// # Errors
/// [`Fault::NotFound`] for a stage whose theme is not carried any more.
pub fn bars(tx: &Tx<'_>, project: &Project, lang: Lang) -> Result<Vec<Bar>, Fault> {
    let plan = crate::projects::plan_of(project)?;
    let today = tx.today();
    let mut bars = Vec::new();
    for (at, stage) in project.stages.iter().enumerate() {
        let theme = crate::shipped::theme(stage.theme.as_str())?;
        let end = stage.ended_on.unwrap_or(today);
        bars.push(Bar {
            label: theme.title.get(lang.as_str()).to_owned(),
            planned: stage.planned.map(|span| (span.from, span.until)),
            actual: stage.began_on.map(|from| (from, end.max(from))),
            runs: stage.began_on.is_some() && stage.ended_on.is_none(),
            is_critical: plan.slots.get(at).is_some_and(|slot| slot.is_critical()),
            bundle: stage.bundle,
        });
    }
    Ok(bars)
}
