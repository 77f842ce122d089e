//! The board 效能看板: how the hall is doing, counted from the rooms' published views.
//!
//! Reading order: `model` (what is counted), `cutoffs` (lights), `reports` (pure sums), `sheet`
//! and `board` (what pages and files show), `store` (the views), then doors. Open government
//! (`supervision`) uses the same figures. `workshop` looks at processes beforehand. Deliberately
//! absent: tables, events, personal data.

mod api;
pub mod board;
pub mod cutoffs;
pub mod model;
pub mod names;
mod openapi;
mod pages;
pub mod reports;
pub mod sheet;
mod store;
mod workshop;
mod workshop_pages;

use calendar::{LightPolicy, WorkingDays};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId};
use web::{Access, App, Doors, Role};

pub use board::{Board, Style, Table};
pub use model::{Period, Selection, Shade};
pub use names::Names;
pub use openapi::openapi;

kernel::id!(
    /// An item 事项, as the catalogue names it.
    ItemId,
    "item"
);
kernel::id!(
    /// A case 办件, as the case room names it.
    CaseId,
    "case"
);

/// The room's name.
pub const ROOM: &str = "analytics";

/// The room's tables: none.
pub const MIGRATIONS: &[db::Migration] = &[];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// Who may see the board: hall and supervision see all, deciders their own organ.
pub const READERS: &[Role] = &[Role::HallManager, Role::Supervisor, Role::Decider];

/// Who may look at processes: who runs the hall and who writes its items.
pub const WORKSHOP_READERS: &[Role] = &[Role::HallManager, Role::CatalogueEditor];

/// What `verify --deep` needs to know of the room's tables: there are none.
#[must_use]
pub fn tables() -> Vec<ledger::audit::Audited> {
    Vec::new()
}

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let readers = Access::Roles(READERS);
    let workshop_readers = Access::Roles(WORKSHOP_READERS);
    Doors::new(ROOM, app)
        .get("/desk/insight", readers, pages::show_board)
        .get("/desk/insight/cases", readers, pages::show_cases)
        .get(
            "/desk/insight/tables/{file}",
            readers,
            pages::download_table,
        )
        .get(
            "/desk/processes",
            workshop_readers,
            workshop_pages::list_processes,
        )
        .get(
            "/desk/processes/{name}",
            workshop_readers,
            workshop_pages::show_process,
        )
        .post(
            "/desk/processes/check",
            workshop_readers,
            workshop_pages::check_process,
        )
        .get("/api/v1/board", readers, api::show_board)
        .get("/api/v1/board/cases", readers, api::list_cases)
}

/// All figures of a selection: lights as of today, the rest over the period.
///
/// # Errors
/// [`Fault::Broken`] when the calendar ends too soon; otherwise as [`Tx::query`].
pub fn board(tx: &mut Tx<'_>, selection: &Selection, period: Period) -> Result<Board, Fault> {
    let calendar = tx.thing::<WorkingDays>()?;
    let cutoffs = cutoffs::Cutoffs::new(tx.today(), &calendar, LightPolicy::default());
    let open = store::open_groups(tx, selection)?;
    let decided = store::decided_groups(tx, selection, period)?;
    let rated = store::rated_groups(tx, selection, period)?;
    let mut names = Names::default();
    let met = open
        .iter()
        .map(|group| (group.subject, group.version))
        .chain(decided.iter().map(|group| (group.subject, group.version)))
        .chain(rated.iter().map(|group| (group.subject, group.version)));
    for (subject, version) in met {
        names.learn(tx, subject, version)?;
    }
    Ok(Board {
        today: tx.today(),
        period,
        lights: reports::lights(&open, &cutoffs)?,
        handled: reports::handled(&decided),
        rated: reports::rated(&rated),
        per_day: store::day_counts(tx, selection, period)?,
        names,
    })
}

/// A case of the list, with its light and its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    /// The case.
    pub line: model::CaseLine,
    /// How it stands.
    pub shade: Shade,
}

/// Running cases in the order in which they are due, with the names they need.
///
/// # Errors
/// As [`board()`].
pub fn cases(
    tx: &mut Tx<'_>,
    selection: &Selection,
    shade: Option<Shade>,
    after: Option<(Date, CaseId)>,
    most: usize,
) -> Result<(Vec<ListedCase>, Names), Fault> {
    let calendar = tx.thing::<WorkingDays>()?;
    let cutoffs = cutoffs::Cutoffs::new(tx.today(), &calendar, LightPolicy::default());
    let lines = store::open_cases(tx, selection, shade, &cutoffs, after, most)?;
    let mut names = Names::default();
    let mut listed = Vec::with_capacity(lines.len());
    for line in lines {
        names.learn(tx, line.subject, line.version)?;
        let shade = cutoffs.shade(line.paused, line.due, line.statutory_due, line.length)?;
        listed.push(ListedCase { line, shade });
    }
    Ok((listed, names))
}

/// The newest decisions of a period, without personal data, with the names they need.
///
/// # Errors
/// As [`Tx::query`].
pub fn decisions(
    tx: &mut Tx<'_>,
    selection: &Selection,
    period: Period,
    most: usize,
) -> Result<(Vec<model::DecisionLine>, Names), Fault> {
    let lines = store::recent_decisions(tx, selection, period, most)?;
    let mut names = Names::default();
    for line in &lines {
        names.learn(tx, line.subject, line.version)?;
    }
    Ok((lines, names))
}

/// What an officer may see: everything from a hall's or supervisor's seat, else their organ.
pub(crate) fn right_of(officer: &web::Officer) -> Result<Option<OrganId>, Fault> {
    if officer.has(Role::HallManager) || officer.has(Role::Supervisor) {
        return Ok(None);
    }
    let forbidden = Fault::Forbidden {
        code: "access.role_missing",
    };
    officer.organ().map(Some).ok_or(forbidden)
}

#[cfg(test)]
mod tests;
