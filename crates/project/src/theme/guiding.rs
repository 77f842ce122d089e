//! Guiding questions 情形引导 of a theme as data: which answer takes which item along, which
//! questions of its items mean the same, which answers the theme knows by itself; and their checks.
//!
//! Deliberately absent: putting the questions together, which `questions` does.

use std::collections::BTreeSet;

use catalogue::model::{ItemContent, Text};
use catalogue::scenario::{Picks, Reached, paths, reach};
use serde::Deserialize;

use super::{Finding, Need, Theme, ThemeItem};

/// The word that stands for the theme itself where an item's key would stand.
pub const OWN: &str = "theme";

/// A question of the theme itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guiding {
    /// Its word within the theme.
    pub id: String,
    /// The question.
    pub text: Text,
    /// What helps to answer it.
    #[serde(default)]
    pub help: Option<Text>,
    /// The answers, two at least.
    pub options: Vec<GuidingChoice>,
}

/// An answer, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidingChoice {
    /// Its word within the question.
    pub id: String,
    /// The answer in words.
    pub label: Text,
    /// The items that it takes along, by key.
    #[serde(default)]
    pub takes: Vec<String>,
    /// The question that comes next; none where the tree ends.
    #[serde(default)]
    pub then: Option<String>,
}

impl Theme {
    /// Whether an item is chosen by an answer and not by hand.
    #[must_use]
    pub fn is_guided(&self, key: &str) -> bool {
        let mut options = self.questions.iter().flat_map(|one| &one.options);
        options.any(|option| option.takes.iter().any(|taken| taken == key))
    }

    /// Whether an item is ticked by hand or not at all: neither mandatory nor chosen by an answer.
    #[must_use]
    pub fn is_free(&self, item: &ThemeItem) -> bool {
        item.need != Need::Mandatory && !self.is_guided(&item.key)
    }

    /// The theme's own question of this word.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Guiding> {
        self.questions.iter().find(|one| one.id == id)
    }
}

impl ThemeItem {
    /// Whether its own questions lead to its scenario: none is named, and there are several.
    #[must_use]
    pub fn is_asked(&self, content: &ItemContent) -> bool {
        self.scenario.is_none() && 1 < content.scenarios.len()
    }
}

/// Checks the questions of a theme.
pub(super) fn check<'c>(
    theme: &Theme,
    known: &dyn Fn(&str) -> Option<&'c ItemContent>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    if theme.place(OWN).is_some() {
        found.push(Finding::new(
            "theme.key_reserved",
            format!("{}.{OWN}", theme.id),
        ));
    }
    for question in &theme.questions {
        let place = format!("{}.{OWN}.{}", theme.id, question.id);
        if !seen.insert(question.id.as_str()) {
            found.push(Finding::new("theme.question_repeated", &place));
        }
        let ids: BTreeSet<&str> = question.options.iter().map(|one| one.id.as_str()).collect();
        if question.options.len() < 2 || ids.len() != question.options.len() {
            found.push(Finding::new("theme.question_options", &place));
        }
        for option in &question.options {
            found.extend(check_option(theme, option, &place));
        }
    }
    found.extend(check_tree(theme));
    found.extend(check_same(theme, known));
    found
}

fn check_option(theme: &Theme, option: &GuidingChoice, place: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for key in &option.takes {
        match theme.place(key).map(|at| &theme.items[at]) {
            None => found.push(Finding::new("theme.takes_unknown", place)),
            // Nothing is chosen by choosing what always belongs to it.
            Some(item) if item.need == Need::Mandatory => {
                found.push(Finding::new("theme.takes_mandatory", place));
            }
            Some(_) => {}
        }
    }
    if let Some(next) = &option.then
        && theme.question(next).is_none()
    {
        found.push(Finding::new("theme.question_unknown", place));
    }
    found
}

/// Questions that go round in a circle, and those that no answer leads to.
fn check_tree(theme: &Theme) -> Vec<Finding> {
    let place = |id: &str| format!("{}.{OWN}.{id}", theme.id);
    let Some(first) = theme.questions.first() else {
        return Vec::new();
    };
    let mut reached = BTreeSet::new();
    let mut open = vec![(first, vec![first.id.as_str()])];
    while let Some((question, way)) = open.pop() {
        // A question is followed once: what comes after it is the same on every way.
        if !reached.insert(question.id.as_str()) {
            continue;
        }
        for next in question.options.iter().filter_map(|one| one.then.as_ref()) {
            if way.contains(&next.as_str()) {
                return vec![Finding::new("theme.questions_circle", place(next))];
            }
            if let Some(next) = theme.question(next) {
                let mut way = way.clone();
                way.push(&next.id);
                open.push((next, way));
            }
        }
    }
    let lost = theme.questions.iter();
    let lost = lost.filter(|one| !reached.contains(one.id.as_str()));
    lost.map(|one| Finding::new("theme.question_unreached", place(&one.id)))
        .collect()
}

/// What is declared to be the same question has the same answers.
fn check_same<'c>(theme: &Theme, known: &dyn Fn(&str) -> Option<&'c ItemContent>) -> Vec<Finding> {
    let mut found = Vec::new();
    for same in &theme.same_questions {
        let mut answers: Option<BTreeSet<&str>> = None;
        for name in same {
            let place = format!("{}.{name}", theme.id);
            let question = name.split_once('.').and_then(|(key, id)| {
                let content = known(&theme.items[theme.place(key)?].code)?;
                content.questions.iter().find(|one| one.id == id)
            });
            let Some(question) = question else {
                found.push(Finding::new("theme.same_unknown", place));
                continue;
            };
            let own = question.options.iter().map(|one| one.id.as_str()).collect();
            match &answers {
                None => answers = Some(own),
                Some(others) if *others != own => {
                    found.push(Finding::new("theme.same_questions_differ", place));
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// Whether the way to an item's scenario can be walked: a named scenario is there, what the theme
/// answers by itself leads on, and every question ends somewhere.
pub(super) fn leads_to_scenario(item: &ThemeItem, content: &ItemContent) -> bool {
    if let Some(id) = &item.scenario {
        return item.known.is_empty() && content.scenario(id).is_some();
    }
    let asked = |id: &String| content.questions.iter().any(|one| one.id == *id);
    paths(content).is_ok_and(|ways| !ways.is_empty())
        && item.known.keys().all(asked)
        && known_leads(content, &item.known)
}

/// What the theme answers by itself lies on one way through the questions.
fn known_leads(content: &ItemContent, known: &Picks) -> bool {
    let mut own = known.clone();
    loop {
        match reach(content, &own) {
            Ok(Reached::Scenario(_)) => return true,
            Err(_) => return false,
            // Any answer will do: only what the theme says itself is tried here.
            Ok(Reached::Ask(question)) => match question.options.first() {
                Some(option) => own.insert(question.id.clone(), option.id.clone()),
                None => return false,
            },
        };
    }
}
