//! Which items of a theme take part, in force today: by the boxes ticked and the answers to its
//! guiding questions.
//!
//! Deliberately absent: drafts, and the one form, which is put together of what is gathered here.

use std::sync::Arc;

use catalogue::Version;
use catalogue::model::ItemContent;
use catalogue::scenario::Picks;
use db::Tx;
use kernel::{Fault, Problem};

use crate::decide::Refusal;
use crate::one_form::Taking;
use crate::questions::{Guided, guide};
use crate::theme::{Theme, ThemeItem};

/// A theme with the items that take part, in force today.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The theme.
    pub theme: &'static Theme,
    /// The places in the theme of the items that take part.
    pub places: Vec<usize>,
    /// Their versions.
    pub versions: Vec<Arc<Version>>,
    /// Their scenarios.
    pub scenarios: Vec<String>,
    /// Whether anything was asked to find them.
    pub asks: bool,
}

impl Gathered {
    /// The items that take part, for the one form.
    #[must_use]
    pub fn taking(&self) -> Vec<Taking<'_>> {
        let versions = self.versions.iter().zip(&self.scenarios);
        let both = self.places.iter().zip(versions);
        both.map(|(place, (version, scenario))| Taking {
            key: &self.theme.items[*place].key,
            content: &version.content,
            scenario,
        })
        .collect()
    }
}

/// Where the guiding questions of a theme have led so far.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// The theme.
    pub theme: &'static Theme,
    /// Its items in force today, by their place; none where nothing is published.
    pub versions: Vec<Option<Arc<Version>>>,
    /// What is asked, what is open, which items and scenarios are reached.
    pub guided: Guided,
}

/// Follows the answers to the guiding questions through the items in force today.
///
/// # Errors
/// [`Fault::Broken`] when the questions of an item lead nowhere.
pub fn survey(
    tx: &mut Tx<'_>,
    theme: &'static Theme,
    chosen: &[String],
    picks: &Picks,
) -> Result<Surveyed, Fault> {
    let versions = versions_of(tx, theme)?;
    let contents: Vec<Option<&ItemContent>> = versions
        .iter()
        .map(|version| version.as_ref().map(|version| &*version.content))
        .collect();
    let guided = guide(theme, &contents, chosen, picks)?;
    Ok(Surveyed {
        theme,
        versions,
        guided,
    })
}

fn versions_of(tx: &mut Tx<'_>, theme: &Theme) -> Result<Vec<Option<Arc<Version>>>, Fault> {
    let today = tx.today();
    let mut versions = Vec::new();
    for item in &theme.items {
        versions.push(catalogue::published_by_code(tx, &item.code, today)?);
    }
    Ok(versions)
}

/// The items of a theme that the answers lead to, in force today.
///
/// # Errors
/// [`Fault::Invalid`] with the questions that are open; [`Refusal::NothingChosen`],
/// [`Refusal::BeforeMissing`]; what intake says of a closed item.
pub fn gather(
    tx: &mut Tx<'_>,
    theme: &'static Theme,
    chosen: &[String],
    picks: &Picks,
) -> Result<Gathered, Fault> {
    let mut surveyed = survey(tx, theme, chosen, picks)?;
    if !surveyed.guided.open.is_empty() {
        let open = surveyed.guided.open.iter();
        let open = open.map(|name| Problem::new(name, "question.unanswered"));
        return Err(Fault::Invalid(open.collect()));
    }
    let asks = !surveyed.guided.asked.is_empty();
    let places = surveyed.guided.places;
    if places.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    let (mut versions, mut scenarios) = (Vec::new(), Vec::new());
    for place in &places {
        let before = theme.items[*place].after.iter();
        let mut before = before.filter_map(|key| theme.place(key));
        if before.any(|place| !places.contains(&place)) {
            return Err(Refusal::BeforeMissing.into());
        }
        let found = surveyed.versions[*place].take();
        let version = found.ok_or(Fault::NotFound { what: "item" })?;
        intake::open_version(tx, version.item)?;
        let scenario = surveyed.guided.scenarios.get(place).cloned();
        scenarios.push(scenario.ok_or_else(|| Fault::broken("the scenario is not reached"))?);
        versions.push(version);
    }
    Ok(Gathered {
        theme,
        places,
        versions,
        scenarios,
        asks,
    })
}

/// Everything that a theme could ask for: all its items, each with every scenario that its
/// questions lead to. For the guide, before anybody has answered anything.
///
/// # Errors
/// As [`gather`]; [`Fault::Broken`] when the questions of an item lead nowhere.
pub fn gather_all(tx: &mut Tx<'_>, theme: &'static Theme) -> Result<Gathered, Fault> {
    let mut all = Gathered {
        theme,
        places: Vec::new(),
        versions: Vec::new(),
        scenarios: Vec::new(),
        asks: !theme.questions.is_empty(),
    };
    for (place, version) in versions_of(tx, theme)?.into_iter().enumerate() {
        let item = &theme.items[place];
        let version = version.ok_or(Fault::NotFound { what: "item" })?;
        all.asks |= item.is_asked(&version.content);
        for scenario in ways(item, &version.content)? {
            all.places.push(place);
            all.versions.push(Arc::clone(&version));
            all.scenarios.push(scenario);
        }
    }
    Ok(all)
}

/// The scenarios that an item of a theme can come to.
fn ways(item: &ThemeItem, content: &ItemContent) -> Result<Vec<String>, Fault> {
    if !item.is_asked(content) {
        let first = content.scenarios.first().map(|one| one.id.clone());
        let one = item.scenario.clone().or(first);
        return Ok(one.into_iter().collect());
    }
    let all = catalogue::scenario::paths(content).map_err(Fault::broken)?;
    let mut found: Vec<String> = Vec::new();
    for (picks, scenario) in all {
        let known = item.known.iter();
        let fits = known
            .clone()
            .all(|(id, pick)| picks.get(id).is_none_or(|one| one == pick));
        if fits && !found.contains(&scenario.id) {
            found.push(scenario.id.clone());
        }
    }
    Ok(found)
}

/// The contents of the items of a theme by their place, of what was gathered.
pub(crate) fn contents_of(gathered: &Gathered) -> Vec<Option<&ItemContent>> {
    let places = 0..gathered.theme.items.len();
    let content = |place: usize| {
        let at = gathered.places.iter().position(|one| *one == place)?;
        gathered.versions.get(at).map(|version| &*version.content)
    };
    places.map(content).collect()
}
