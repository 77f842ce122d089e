//! Results handed on 结果共享: what one item of a theme issues is a material of another, so the
//! applicant is not asked for it (优化营商环境条例 37: what the government issued itself).
//!
//! Pure. A result is a material where the theme says so, or, for an item that waits for the one
//! that issues it, where the kind of certificate or the name is the same. Deliberately absent: the
//! certificates themselves, which `passed` looks up once they are there.

use catalogue::model::{ItemContent, Material};
use catalogue::scenario::requirements;
use kernel::Fault;

use crate::one_form::Taking;
use crate::theme::Theme;

/// A material that comes from another item of the same bundle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandedOn {
    /// The item that needs it, by its place among those taking part.
    pub to: usize,
    /// The identifier of the material there.
    pub material: String,
    /// The item that issues it, by its place among those taking part.
    pub from: usize,
    /// Whether the one that needs it waits for it.
    pub waits: bool,
}

/// What is handed on between the items that take part.
///
/// # Errors
/// [`Fault::Broken`] when an item has no such scenario.
pub fn handed_on(theme: &Theme, taking: &[Taking<'_>]) -> Result<Vec<HandedOn>, Fault> {
    let mut found = Vec::new();
    for (to, one) in taking.iter().enumerate() {
        let asked = requirements(one.content, one.scenario).map_err(Fault::broken)?;
        for line in asked.materials.lines() {
            let name = format!("{}.{}", one.key, line.material.id);
            let mut declared = theme.results.iter().filter(|result| result.to == name);
            let said = declared.find_map(|result| at(taking, &result.from));
            let known = said.or_else(|| {
                let mut others = taking.iter().enumerate();
                let issues = |(from, other): &(usize, &Taking<'_>)| {
                    *from != to
                        && waits_for(theme, one.key, other.key)
                        && is_result(other.content, line.material)
                };
                others.find(issues).map(|(from, _)| from)
            });
            found.extend(known.filter(|from| *from != to).map(|from| HandedOn {
                to,
                material: line.material.id.clone(),
                from,
                waits: waits_for(theme, one.key, taking[from].key),
            }));
        }
    }
    Ok(found)
}

fn at(taking: &[Taking<'_>], key: &str) -> Option<usize> {
    taking.iter().position(|one| one.key == key)
}

/// Whether an item waits for another one, by way of others too.
fn waits_for(theme: &Theme, key: &str, other: &str) -> bool {
    let mut open: Vec<&str> = vec![key];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(key) = open.pop() {
        let item = theme.items.iter().find(|item| item.key == key);
        for before in item.iter().flat_map(|item| &item.after) {
            if before == other {
                return true;
            }
            if !seen.contains(&before.as_str()) {
                seen.push(before);
                open.push(before);
            }
        }
    }
    false
}

/// Whether what an item issues is this material: the same kind of certificate, or the same name.
fn is_result(content: &ItemContent, material: &Material) -> bool {
    content.outcome.as_ref().is_some_and(|outcome| {
        material.certificate_kind.as_deref() == Some(outcome.template.as_str())
            || material.name.zh.trim() == outcome.name.zh.trim()
    })
}
