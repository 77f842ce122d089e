//! The board: all figures of one selection at one moment, and the sheets that show them.
//!
//! Shared by the staff's board and by open government: the same figures, with or without the
//! links to the cases behind them. Deliberately absent: any word that is not in `messages.toml`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Lang, OrganId};
use web::Words;

use crate::model::{DayCount, Percent, Period, Shade, Subject};
use crate::names::Names;
use crate::reports::{Handled, Lights, Rated, by_organ};
use crate::sheet::{Cell, Linked, Sheet};

kernel::vocabulary! {
    /// The tables of the board, as they are downloaded.
    pub enum Table {
        /// Lights of running cases by organ.
        LightsByOrgan = "lights_by_organ",
        /// Lights of running cases by item.
        LightsByItem = "lights_by_item",
        /// Kept limits and speed-up by organ.
        HandledByOrgan = "handled_by_organ",
        /// Kept limits and speed-up by item.
        HandledByItem = "handled_by_item",
        /// Ratings by organ.
        RatedByOrgan = "rated_by_organ",
        /// Ratings by item.
        RatedByItem = "rated_by_item",
        /// Cases opened and decided per day.
        PerDay = "per_day",
    }
}

/// All figures of one selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The day of the lights.
    pub today: Date,
    /// The days of everything else.
    pub period: Period,
    /// Lights of running cases.
    pub lights: BTreeMap<Subject, Lights>,
    /// Decided cases of the period.
    pub handled: BTreeMap<Subject, Handled>,
    /// Ratings of the period.
    pub rated: BTreeMap<Subject, Rated>,
    /// Each day of the period.
    pub per_day: Vec<DayCount>,
    /// What organs and items are called.
    pub names: Names,
}

/// How a sheet is worded and whether its counts lead to the cases.
#[derive(Debug, Clone, Copy)]
pub struct Style<'w> {
    /// The words.
    pub words: &'w Words,
    /// The reader's language.
    pub lang: Lang,
    /// Whether counts lead to the list of cases, which only staff may see.
    pub linked: bool,
}

impl Style<'_> {
    /// The wording of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.words.plain(self.lang, key).to_owned()
    }

    fn head(&self, keys: &[&str]) -> Vec<String> {
        let key = |key: &&str| self.t(&format!("analytics.{key}"));
        keys.iter().map(key).collect()
    }
}

const LIGHT_HEAD: &[&str] = &[
    "open",
    "green",
    "yellow",
    "red",
    "black",
    "paused",
    "due_today",
];
const HANDLED_HEAD: &[&str] = &["decided", "kept_promise", "kept_law", "speed_up"];
const RATED_HEAD: &[&str] = &["rated_n", "response", "satisfaction", "bad"];

impl Board {
    /// One table of the board.
    #[must_use]
    pub fn sheet(&self, table: Table, style: Style<'_>) -> Sheet {
        let (head, rows) = match table {
            Table::LightsByOrgan => {
                let lights = |organ, sum: &Lights| light_cells(sum, style, Some(organ), None);
                (LIGHT_HEAD, self.organ_rows(&self.lights, lights))
            }
            Table::LightsByItem => {
                let lights = |subject: Subject, sum: &Lights| {
                    light_cells(sum, style, Some(subject.organ), Some(subject))
                };
                (LIGHT_HEAD, self.item_rows(&self.lights, style, lights))
            }
            Table::HandledByOrgan => (
                HANDLED_HEAD,
                self.organ_rows(&self.handled, |_, sum| handled_cells(sum)),
            ),
            Table::HandledByItem => (
                HANDLED_HEAD,
                self.item_rows(&self.handled, style, |_, sum| handled_cells(sum)),
            ),
            Table::RatedByOrgan => (
                RATED_HEAD,
                self.organ_rows(&self.rated, |_, sum| rated_cells(sum)),
            ),
            Table::RatedByItem => (
                RATED_HEAD,
                self.item_rows(&self.rated, style, |_, sum| rated_cells(sum)),
            ),
            Table::PerDay => (&["opened", "decided"][..], self.day_rows()),
        };
        let first: &[&str] = match table {
            Table::LightsByOrgan | Table::HandledByOrgan | Table::RatedByOrgan => &["organ"],
            Table::LightsByItem | Table::HandledByItem | Table::RatedByItem => &["item", "organ"],
            Table::PerDay => &["day"],
        };
        Sheet {
            key: table.as_str(),
            caption: style.t(&format!("analytics.{table}")),
            head: style.head(&[first, head].concat()),
            rows,
        }
    }

    fn organ_rows<S: crate::reports::Sum>(
        &self,
        sums: &BTreeMap<Subject, S>,
        cells: impl Fn(OrganId, &S) -> Vec<Linked>,
    ) -> Vec<Vec<Linked>> {
        let mut rows = Vec::new();
        for (organ, sum) in by_organ(sums) {
            let mut row = vec![Cell::Text(self.names.organ(organ)).into()];
            row.extend(cells(organ, &sum));
            rows.push(row);
        }
        rows
    }

    fn item_rows<S>(
        &self,
        sums: &BTreeMap<Subject, S>,
        style: Style<'_>,
        cells: impl Fn(Subject, &S) -> Vec<Linked>,
    ) -> Vec<Vec<Linked>> {
        let row = |(subject, sum): (&Subject, &S)| {
            let item = self.names.item(subject.item, style.lang);
            let organ = self.names.organ(subject.organ);
            let mut row = vec![Cell::Text(item).into(), Cell::Text(organ).into()];
            row.extend(cells(*subject, sum));
            row
        };
        sums.iter().map(row).collect()
    }

    fn day_rows(&self) -> Vec<Vec<Linked>> {
        let row = |day: &DayCount| {
            vec![
                Cell::Day(Some(day.day)).into(),
                Cell::Count(day.opened).into(),
                Cell::Count(day.decided).into(),
            ]
        };
        self.per_day.iter().map(row).collect()
    }
}

/// Where the cases behind a count are.
#[must_use]
pub fn cases_href(
    organ: Option<OrganId>,
    item: Option<crate::ItemId>,
    shade: Option<Shade>,
) -> String {
    let mut wishes = Vec::new();
    if let Some(organ) = organ {
        wishes.push(format!("organ={organ}"));
    }
    if let Some(item) = item {
        wishes.push(format!("item={item}"));
    }
    if let Some(shade) = shade {
        wishes.push(format!("light={shade}"));
    }
    let joint = if wishes.is_empty() { "" } else { "?" };
    format!("/desk/insight/cases{joint}{}", wishes.join("&"))
}

fn light_cells(
    sum: &Lights,
    style: Style<'_>,
    organ: Option<OrganId>,
    subject: Option<Subject>,
) -> Vec<Linked> {
    let counts = [
        (sum.open(), None),
        (sum.green, Some(Shade::Green)),
        (sum.yellow, Some(Shade::Yellow)),
        (sum.red, Some(Shade::Red)),
        (sum.black, Some(Shade::Black)),
        (sum.paused, Some(Shade::Paused)),
        (sum.due_today, Some(Shade::DueToday)),
    ];
    let item = subject.map(|subject| subject.item);
    let cell = |(count, shade): (u64, Option<Shade>)| {
        let href = style.linked.then(|| cases_href(organ, item, shade));
        Linked::count(count, href)
    };
    counts.into_iter().map(cell).collect()
}

fn handled_cells(sum: &Handled) -> Vec<Linked> {
    vec![
        Cell::Count(sum.decided).into(),
        Cell::Percent(sum.kept_promise.per_mille()).into(),
        Cell::Percent(sum.kept_law.per_mille()).into(),
        Cell::Percent(sum.speed_up.per_mille()).into(),
    ]
}

fn rated_cells(sum: &Rated) -> Vec<Linked> {
    vec![
        Cell::Count(sum.answered).into(),
        Cell::Percent(sum.response().per_mille()).into(),
        Cell::Percent(sum.satisfaction().per_mille()).into(),
        Cell::Count(sum.answered - sum.satisfied).into(),
    ]
}

/// The key figures over the whole selection, as page parts.
#[must_use]
pub fn figures(board: &Board, style: Style<'_>) -> Vec<web::parts::Figure> {
    let lights: Lights = crate::reports::total(&board.lights);
    let handled: Handled = crate::reports::total(&board.handled);
    let rated: Rated = crate::reports::total(&board.rated);
    let figure = |key: &str, value: String, note: String, shade: Option<Option<Shade>>| {
        let shade = shade.filter(|_| style.linked);
        web::parts::Figure {
            label: style.t(&format!("analytics.{key}")),
            value,
            unit: String::new(),
            note,
            href: shade.map_or_else(String::new, |shade| cases_href(None, None, shade)),
        }
    };
    let of = |count: u64| format!("n = {count}");
    let percent = |value| Percent(value).to_string();
    let count = |key, count: u64, shade| figure(key, count.to_string(), String::new(), shade);
    vec![
        count("open", lights.open(), Some(None)),
        count("due_today", lights.due_today, Some(Some(Shade::DueToday))),
        count("red", lights.red, Some(Some(Shade::Red))),
        count("black", lights.black, Some(Some(Shade::Black))),
        figure(
            "kept_promise",
            percent(handled.kept_promise.per_mille()),
            of(handled.kept_promise.whole),
            None,
        ),
        figure(
            "speed_up",
            percent(handled.speed_up.per_mille()),
            of(handled.speed_up.count),
            None,
        ),
        figure(
            "satisfaction",
            percent(rated.satisfaction().per_mille()),
            of(rated.answered),
            None,
        ),
        figure(
            "response",
            percent(rated.response().per_mille()),
            of(rated.finished),
            None,
        ),
    ]
}

/// Cases opened per day, as bars.
#[must_use]
pub fn bars(board: &Board) -> Vec<web::parts::Bar> {
    let greatest = board
        .per_day
        .iter()
        .map(|day| day.opened)
        .max()
        .unwrap_or(0);
    let bar = |day: &DayCount| web::parts::Bar {
        label: day.day.to_string(),
        value: day.opened.to_string(),
        percent: web::parts::Bar::percent_of(day.opened, greatest),
        ..web::parts::Bar::default()
    };
    board.per_day.iter().map(bar).collect()
}
