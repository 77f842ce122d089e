//! May a version be published? Every rule of the implementation list as a check that says what is
//! wrong, where, and (in `messages.toml`) what to do. Nothing here looks at a database: rules that
//! compare items with each other are deliberately absent.

mod completeness;
mod fields;
mod guide;
mod identity;
mod limits;
mod materials;
mod modes;
pub mod tables;

pub use completeness::{Completeness, Element, completeness};

use crate::model::{Coverage, ItemContent};
use serde::Serialize;
use std::collections::BTreeMap;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Publication is refused.
    Error,
    /// Publication is possible; somebody should look.
    Warning,
}

/// One thing that is wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Code in `messages.toml`.
    pub code: &'static str,
    /// Whether it blocks publication.
    pub severity: Severity,
    /// Path in the document, such as `materials/id_card/name`; empty for the whole.
    pub place: String,
    /// What the wording fills in.
    pub params: BTreeMap<&'static str, String>,
}

/// Collects findings; the rules write into it.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    fn error(&mut self, code: &'static str, place: impl Into<String>) {
        self.add(Severity::Error, code, place, []);
    }

    fn warning(&mut self, code: &'static str, place: impl Into<String>) {
        self.add(Severity::Warning, code, place, []);
    }

    fn add<const N: usize>(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: impl Into<String>,
        params: [(&'static str, String); N],
    ) {
        let params = BTreeMap::from(params);
        self.findings.push(Finding {
            code,
            severity,
            place: place.into(),
            params,
        });
    }

    /// An error where `wrong` holds.
    fn error_if(&mut self, wrong: bool, code: &'static str, place: &str) {
        if wrong {
            self.error(code, place);
        }
    }
}

/// All findings, errors first, in the order of the document.
pub fn check(content: &ItemContent) -> Vec<Finding> {
    let mut report = Report::default();
    identity::check(content, &mut report);
    if content.coverage == Coverage::Full {
        limits::check(content, &mut report);
        guide::check(content, &mut report);
        materials::check(content, &mut report);
        fields::check(content, &mut report);
        modes::check(content, &mut report);
    }
    report.findings.sort_by_key(|finding| finding.severity);
    report.findings
}

/// Whether a version with these findings may be published.
pub fn publishable(findings: &[Finding]) -> bool {
    findings
        .iter()
        .all(|finding| finding.severity != Severity::Error)
}

/// The values that occur more than once.
fn repeated<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| 1 < *count)
        .map(|(value, _)| value)
        .collect()
}

/// An identifier that can stand in addresses and names of files.
fn is_identifier(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=40).contains(&text.len()) && text.chars().all(allowed)
}
