//! Themes 主题 as data: what belongs to a stage 阶段 or a bundle 一件事, who leads it, what waits for
//! what, how long it may take; and the checks of a theme before anybody can apply for it.
//!
//! Deliberately absent: the contents of the items, which the catalogue keeps and the checks are
//! told; wording of findings, which stands in `messages.toml`.

mod guiding;

use std::collections::{BTreeMap, BTreeSet};

use catalogue::model::{ItemContent, LimitUnit, Promise, Text};
use catalogue::scenario::Picks;
use serde::Deserialize;

pub use guiding::{Guiding, GuidingChoice, OWN};

kernel::vocabulary! {
    /// What a theme is.
    pub enum ThemeKind {
        /// 审批阶段 of a building project.
        Stage = "stage",
        /// 一件事: an event of life or business.
        LifeEvent = "life_event",
        /// 一业一证: one combined certificate over several permits.
        OneIndustry = "one_industry",
        /// 一链办理: one thing follows from another.
        Chain = "chain",
        /// 点菜单: the applicant picks from a menu.
        Menu = "menu",
    }
}

kernel::vocabulary! {
    /// How an item belongs to its theme.
    pub enum Need {
        /// 必办.
        Mandatory = "mandatory",
        /// 选办.
        Optional = "optional",
        /// 并行推进: beside any stage, and no stage waits for it.
        Anywhere = "anywhere",
    }
}

kernel::vocabulary! {
    /// When a theme is done.
    pub enum Join {
        /// 全部办结: every mandatory item.
        All = "all",
        /// 任一办结: one item is enough.
        Any = "any",
    }
}

kernel::vocabulary! {
    /// What silence of a consulted department means.
    pub enum Absence {
        /// 缺席默认: no opinion within the limit is no objection; the record says so.
        NoObjection = "no_objection",
        /// The lead presses 催办; nothing is taken for said.
        Remind = "remind",
    }
}

kernel::vocabulary! {
    /// A check that several departments make together, with one conclusion.
    pub enum CheckKind {
        /// 多图联审 of the working drawings.
        Drawings = "drawings",
        /// 联合验收 with a visit to the site.
        Visit = "visit",
    }
}

/// An item of a theme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeItem {
    /// Its word within the theme.
    pub key: String,
    /// The item's code in the catalogue.
    pub code: String,
    /// The scenario 情形; left out where the item has only one, or where its questions are asked.
    #[serde(default)]
    pub scenario: Option<String>,
    /// Answers to the item's questions that the theme itself gives, and that nobody is asked for.
    #[serde(default)]
    pub known: Picks,
    /// How it belongs to the theme.
    pub need: Need,
    /// How many working days it may take within the theme.
    pub days: u32,
    /// Which items of the theme must be granted before.
    #[serde(default)]
    pub after: Vec<String>,
    /// A benefit that follows by itself 后续事项: it never holds up the conclusion.
    #[serde(default)]
    pub follow_up: bool,
}

/// A department that is asked for an opinion 征求意见.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consulted {
    /// Its credit code.
    pub organ: String,
    /// How many working days it has.
    pub days: u32,
}

/// A joint check: its kind and its list 清单.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointCheck {
    /// What kind.
    pub kind: CheckKind,
    /// What is looked at.
    pub list: Vec<Text>,
}

/// The result of one item as the material of another 结果共享.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passed {
    /// The item that issues it, by key.
    pub from: String,
    /// The material that it becomes: `key.material`. The item waits for it where its `after` says
    /// so; else it is handled at once, and the result follows.
    pub to: String,
}

/// A theme 主题.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Its word in addresses.
    pub id: String,
    /// Its version: a running bundle keeps the one it began with.
    pub version: u32,
    /// What it is.
    pub kind: ThemeKind,
    /// Its name.
    pub title: Text,
    /// Two sentences.
    pub summary: Text,
    /// The credit code of the lead department 牵头部门.
    pub lead: String,
    /// When it is done.
    pub join: Join,
    /// The limit of the whole, in working days.
    pub limit_days: u32,
    /// Which stages must be done before.
    #[serde(default)]
    pub after: Vec<String>,
    /// Whether it may be looked at before the land is awarded 拿地即开工.
    #[serde(default)]
    pub pre_review: bool,
    /// What silence means.
    #[serde(default = "remind")]
    pub absence: Absence,
    /// Where its data come from: for whoever keeps the list, not for citizens.
    pub origin: String,
    /// The document that it rests on, or empty.
    #[serde(default)]
    pub basis: String,
    /// The name of the combined certificate, where one is issued.
    #[serde(default)]
    pub combined: Option<Text>,
    /// Its items.
    #[serde(default)]
    pub items: Vec<ThemeItem>,
    /// Who is asked besides.
    #[serde(default)]
    pub opinions: Vec<Consulted>,
    /// The joint check, where there is one.
    #[serde(default)]
    pub check: Option<JointCheck>,
    /// Questions whose answers choose the items 情形引导; the first one begins.
    #[serde(default)]
    pub questions: Vec<Guiding>,
    /// Questions that mean the same although their items ask them differently: `key.question`.
    #[serde(default)]
    pub same_questions: Vec<Vec<String>>,
    /// Which result 结果 becomes a material of another item, beyond what kind and name tell.
    #[serde(default)]
    pub results: Vec<Passed>,
    /// Fields that mean the same although their items call them differently: `key.field`.
    #[serde(default)]
    pub same_fields: Vec<Vec<String>>,
    /// Materials that are the same although their items call them differently: `key.material`.
    #[serde(default)]
    pub same_materials: Vec<Vec<String>>,
}

fn remind() -> Absence {
    Absence::Remind
}

impl Theme {
    /// Where an item stands in the theme.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<usize> {
        self.items.iter().position(|item| item.key == key)
    }

    /// Whether the applicant chooses the items.
    #[must_use]
    pub fn is_menu(&self) -> bool {
        self.kind == ThemeKind::Menu || self.items.iter().any(|item| item.need != Need::Mandatory)
    }

    /// The items that are chosen, by their place: the mandatory ones always.
    #[must_use]
    pub fn chosen(&self, keys: &[String]) -> Vec<usize> {
        let taken = |item: &ThemeItem| item.need == Need::Mandatory || keys.contains(&item.key);
        let all = self.items.iter().enumerate();
        all.filter(|(_, item)| taken(item))
            .map(|(at, _)| at)
            .collect()
    }
}

/// A scheme 审批流程: the stages that a project goes through.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Its word.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub origin: String,
    /// Its stages, by theme.
    pub stages: Vec<String>,
    /// The limit of the whole, in working days.
    pub limit_days: u32,
}

/// What is wrong with a theme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The stable code.
    pub code: &'static str,
    /// Theme, and item where it is about one.
    pub place: String,
}

impl Finding {
    fn new(code: &'static str, place: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
        }
    }
}

/// Checks a theme. `known` gives the content of a published item by its code.
#[must_use]
pub fn check<'c>(theme: &Theme, known: &dyn Fn(&str) -> Option<&'c ItemContent>) -> Vec<Finding> {
    let mut found = Vec::new();
    let place = |item: &ThemeItem| format!("{}.{}", theme.id, item.key);
    if theme.items.is_empty() {
        found.push(Finding::new("theme.empty", &theme.id));
    }
    if theme.limit_days == 0 {
        found.push(Finding::new("theme.limit_zero", &theme.id));
    }
    if theme.after.contains(&theme.id) {
        found.push(Finding::new("theme.waits_for_itself", &theme.id));
    }
    let mut keys = BTreeSet::new();
    for item in &theme.items {
        if !keys.insert(item.key.as_str()) {
            found.push(Finding::new("theme.key_repeated", place(item)));
        }
        match known(&item.code) {
            None => found.push(Finding::new("theme.item_unknown", place(item))),
            Some(content) => found.extend(check_item(theme, item, content)),
        }
        for before in &item.after {
            match theme.place(before).map(|at| &theme.items[at]) {
                None => found.push(Finding::new("theme.after_unknown", place(item))),
                // What is mandatory cannot wait for what may never be chosen.
                Some(other) if item.need == Need::Mandatory && other.need != Need::Mandatory => {
                    found.push(Finding::new("theme.waits_for_optional", place(item)));
                }
                Some(_) => {}
            }
        }
    }
    if let Some(at) = circle(theme) {
        found.push(Finding::new("theme.circle", place(&theme.items[at])));
    } else if theme.limit_days < longest_days(theme, &|_| true) {
        found.push(Finding::new("theme.limit_too_short", &theme.id));
    }
    for consulted in &theme.opinions {
        if consulted.days == 0 || theme.limit_days < consulted.days {
            let at = format!("{}.{}", theme.id, consulted.organ);
            found.push(Finding::new("theme.opinion_limit", at));
        }
    }
    if theme.check.as_ref().is_some_and(|one| one.list.is_empty()) {
        found.push(Finding::new("theme.check_empty", &theme.id));
    }
    found.extend(check_same(theme, known));
    found.extend(check_results(theme, known));
    found.extend(guiding::check(theme, known));
    found
}

fn check_results<'c>(
    theme: &Theme,
    known: &dyn Fn(&str) -> Option<&'c ItemContent>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for one in &theme.results {
        let place = format!("{}.{}", theme.id, one.to);
        let to = one.to.split_once('.').and_then(|(key, material)| {
            let content = known(&theme.items[theme.place(key)?].code)?;
            content.material(material).map(|_| key)
        });
        match to {
            None => found.push(Finding::new("theme.result_unknown", place)),
            Some(key) if key == one.from => {
                found.push(Finding::new("theme.result_of_itself", place));
            }
            Some(_) if theme.place(&one.from).is_none() => {
                found.push(Finding::new("theme.result_unknown", place));
            }
            Some(_) => {}
        }
    }
    found
}

fn check_item(theme: &Theme, item: &ThemeItem, content: &ItemContent) -> Vec<Finding> {
    let place = format!("{}.{}", theme.id, item.key);
    let mut found = Vec::new();
    if !content.takes_applications() {
        found.push(Finding::new("theme.item_closed", &place));
    }
    if !guiding::leads_to_scenario(item, content) {
        found.push(Finding::new("theme.scenario_unknown", &place));
    }
    // A theme may be quicker than the item's own promise, never slower.
    let named = |id: &str| item.scenario.as_deref().is_none_or(|one| one == id);
    let scenarios = content.scenarios.iter().filter(|one| named(&one.id));
    let mut promises = scenarios.filter_map(|one| one.promised.or(content.promised));
    let slower = |promise: Promise| match promise {
        Promise::Within(limit) => limit.unit != LimitUnit::Hour && limit.amount < item.days,
        Promise::Instant => false,
    };
    if promises.any(slower) {
        found.push(Finding::new("theme.slower_than_item", &place));
    }
    if item.days == 0 {
        found.push(Finding::new("theme.limit_zero", place));
    }
    found
}

fn check_same<'c>(theme: &Theme, known: &dyn Fn(&str) -> Option<&'c ItemContent>) -> Vec<Finding> {
    let content = |key: &str| theme.place(key).and_then(|at| known(&theme.items[at].code));
    let mut found = Vec::new();
    let fields = theme.same_fields.iter().flatten().map(|one| (one, true));
    let materials = theme.same_materials.iter().flatten();
    for (name, is_field) in fields.chain(materials.map(|one| (one, false))) {
        let there = name.split_once('.').is_some_and(|(key, name)| {
            content(key).is_some_and(|content| match is_field {
                true => content.field(name).is_some(),
                false => content.material(name).is_some(),
            })
        });
        if !there {
            let place = format!("{}.{name}", theme.id);
            found.push(Finding::new("theme.same_unknown", place));
        }
    }
    found
}

/// An item that waits, by way of others, for itself.
fn circle(theme: &Theme) -> Option<usize> {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    loop {
        let ready = |at: &usize| {
            let after = theme.items[*at].after.iter();
            let mut places = after.filter_map(|key| theme.place(key));
            places.all(|before| done.contains(&before))
        };
        let next: Vec<usize> = (0..theme.items.len())
            .filter(|at| !done.contains(at) && ready(at))
            .collect();
        if next.is_empty() {
            return (0..theme.items.len()).find(|at| !done.contains(at));
        }
        done.extend(next);
    }
}

/// The days that the items need, each after those it waits for: what the theme's limit must at
/// least be. Follow-ups and what runs anywhere do not count.
fn longest_days(theme: &Theme, counts: &dyn Fn(&ThemeItem) -> bool) -> u32 {
    let mut ends: BTreeMap<usize, u32> = BTreeMap::new();
    while ends.len() < theme.items.len() {
        let before = ends.len();
        for (at, item) in theme.items.iter().enumerate() {
            let places: Vec<usize> = item.after.iter().filter_map(|k| theme.place(k)).collect();
            if !ends.contains_key(&at) && places.iter().all(|place| ends.contains_key(place)) {
                let start = places.iter().filter_map(|place| ends.get(place)).max();
                ends.insert(at, start.copied().unwrap_or(0).saturating_add(item.days));
            }
        }
        if ends.len() == before {
            break;
        }
    }
    let holds = |item: &ThemeItem| item.need != Need::Anywhere && !item.follow_up && counts(item);
    let held = ends.iter().filter(|(at, _)| holds(&theme.items[**at]));
    held.map(|(_, end)| *end).max().unwrap_or(0)
}

/// Checks a scheme against the themes there are.
#[must_use]
pub fn check_scheme(scheme: &Scheme, themes: &[Theme]) -> Vec<Finding> {
    let mut found = Vec::new();
    let theme = |id: &str| themes.iter().find(|theme| theme.id == id);
    if scheme.stages.is_empty() {
        found.push(Finding::new("scheme.empty", &scheme.id));
    }
    let mut before: BTreeSet<&str> = BTreeSet::new();
    let mut days = 0;
    for id in &scheme.stages {
        let place = format!("{}.{id}", scheme.id);
        match theme(id) {
            None => found.push(Finding::new("scheme.stage_unknown", place)),
            Some(stage) => {
                if stage.kind != ThemeKind::Stage {
                    found.push(Finding::new("scheme.no_stage", &place));
                }
                // Covers a stage that waits for itself, for a later one or for a foreign one.
                if stage.after.iter().any(|id| !before.contains(id.as_str())) {
                    found.push(Finding::new("scheme.waits_for_later", &place));
                }
                days += stage.limit_days;
            }
        }
        if !before.insert(id) {
            let place = format!("{}.{id}", scheme.id);
            found.push(Finding::new("scheme.stage_repeated", place));
        }
    }
    // Stages may run side by side, so a shorter whole is possible; a longer one is a gift of days.
    if days < scheme.limit_days || scheme.limit_days == 0 {
        found.push(Finding::new("scheme.limit_wrong", &scheme.id));
    }
    found
}
