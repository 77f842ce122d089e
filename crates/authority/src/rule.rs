//! Which line of the authority table applies to a case, and whether somebody's grade is enough.
//! Pure: the table, the answers of the form and the lists of chief officers come in as values.
//!
//! Deliberately absent: who somebody is, and what the case room makes of the answer.

use catalogue::ItemId;
use catalogue::model::kind::ItemType;
use serde_json::{Map, Value};

use crate::decide::Refusal;
use crate::model::{AuthorityGrant, Bounds, Grade, Scope, TableText};

/// What a case is, to the table.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its item.
    pub item: ItemId,
    /// The type of the item.
    pub item_type: ItemType,
    /// What the applicant answered.
    pub answers: &'a Map<String, Value>,
    /// Whether the item stands on a list of a chief approval officer.
    pub listed: bool,
    /// Whether the item version marks it as a major matter 重大事项.
    pub major: bool,
}

/// Who may decide a case, and what has to come before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// The lowest grade that may decide; every post of the decision desk, where absent.
    pub needs: Option<Grade>,
    /// Whether the committee has to resolve first.
    pub committee: bool,
    /// Whether a legal review has to come first.
    pub legal: bool,
    /// Whether counsel has to be heard first.
    pub counsel: bool,
    /// The line that says so, counted from 0; none where the table has none for it.
    pub row: Option<usize>,
    /// The amount that was read, in hundredths.
    pub amount: Option<i64>,
    /// Whether a line asks for an amount that the form does not state: the strictest applies.
    pub unstated: bool,
    /// Whether the list of a chief approval officer sets the grade.
    pub listed: bool,
    /// Whether the legal review follows from the mark of the item version.
    pub major: bool,
}

/// How high somebody stands for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The grade of the post.
    pub post: Grade,
    /// Whether they are named as chief approval officer of the item.
    pub chief: bool,
}

impl Standing {
    /// The grade that counts.
    #[must_use]
    pub fn grade(self) -> Grade {
        if self.chief {
            self.post.max(Grade::ChiefOfficer)
        } else {
            self.post
        }
    }
}

impl Ruling {
    /// Whether somebody who stands so may decide.
    #[must_use]
    pub fn permits(&self, standing: Standing) -> bool {
        self.needs.is_none_or(|needs| needs <= standing.grade())
    }

    fn of(line: &AuthorityGrant, row: usize) -> Self {
        Self {
            needs: Some(line.grade),
            committee: line.committee,
            legal: line.legal,
            counsel: line.counsel,
            row: Some(row),
            ..Self::default()
        }
    }

    /// As strict as both together; the line of whichever asks for the higher grade.
    fn and(self, other: Self) -> Self {
        let row = if self.needs < other.needs {
            other.row
        } else {
            self.row
        };
        Self {
            needs: self.needs.max(other.needs),
            committee: self.committee || other.committee,
            legal: self.legal || other.legal,
            counsel: self.counsel || other.counsel,
            row,
            ..self
        }
    }
}

/// Rules on a case: a line for the item goes before one for its type, that before one for all; an
/// item on the list of a chief approval officer is signed by no lower grade.
#[must_use]
pub fn rule(table: Option<&TableText>, subject: Subject<'_>) -> Ruling {
    let mut ruling = table.map_or_else(Ruling::default, |table| by_table(table, subject));
    if subject.listed && ruling.needs < Some(Grade::ChiefOfficer) {
        ruling.needs = Some(Grade::ChiefOfficer);
        ruling.listed = true;
    }
    // The mark stands in the item; no line of a table takes the review away.
    ruling.legal |= subject.major;
    ruling.major = subject.major;
    ruling
}

fn by_table(table: &TableText, subject: Subject<'_>) -> Ruling {
    let scopes = [
        Scope::Item(subject.item),
        Scope::Type(subject.item_type),
        Scope::All,
    ];
    for scope in scopes {
        let lines: Vec<(usize, &AuthorityGrant)> = lines_of(table, scope).collect();
        if !lines.is_empty() {
            return among(&lines, subject.answers);
        }
    }
    Ruling::default()
}

fn lines_of(table: &TableText, scope: Scope) -> impl Iterator<Item = (usize, &AuthorityGrant)> {
    let all = table.rows.iter().enumerate();
    all.filter(move |(_, line)| line.scope == scope)
}

/// The line of one scope that the amount falls into; the strictest when there is no amount.
fn among(lines: &[(usize, &AuthorityGrant)], answers: &Map<String, Value>) -> Ruling {
    let field = lines.iter().find_map(|(_, line)| line.amount.as_ref());
    let amount = field.and_then(|bounds| answers.get(&bounds.field));
    let amount = amount.and_then(hundredths);
    let fits = |line: &AuthorityGrant| match (&line.amount, amount) {
        (None, _) => true,
        (Some(bounds), Some(amount)) => bounds.holds(amount),
        (Some(_), None) => false,
    };
    if let Some((row, line)) = lines.iter().find(|(_, line)| fits(line)) {
        return Ruling {
            amount,
            ..Ruling::of(line, *row)
        };
    }
    let each = lines.iter().map(|(row, line)| Ruling::of(line, *row));
    let strictest = each.reduce(Ruling::and).unwrap_or_default();
    Ruling {
        unstated: true,
        ..strictest
    }
}

/// An amount as answered, in hundredths; none for what is no amount.
#[must_use]
pub fn hundredths(answer: &Value) -> Option<i64> {
    let text = match answer {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().replace(',', ""),
        _ => return None,
    };
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) {
        return None;
    }
    // A third decimal counts as more, so that nobody gets under a bound by it.
    let more = rest.bytes().skip(2).any(|byte| byte != b'0');
    let two: String = rest.chars().chain("00".chars()).take(2).collect();
    let cents: i64 = two.parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    whole
        .checked_mul(100)?
        .checked_add(cents)?
        .checked_add(i64::from(more))
}

/// Whether the lines of a table leave nothing open and say nothing twice: for each scope one line,
/// or lines by the amount of one field that meet end to end from nothing to no end.
///
/// # Errors
/// The first flaw, with the lines counted from 1 and an amount that shows it.
pub fn check(table: &TableText) -> Result<(), Refusal> {
    if table.rows.is_empty() {
        return Err(Refusal::NoLines);
    }
    let mut scopes: Vec<Scope> = table.rows.iter().map(|line| line.scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    for scope in scopes {
        check_scope(&lines_of(table, scope).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn check_scope(lines: &[(usize, &AuthorityGrant)]) -> Result<(), Refusal> {
    let mut bounded: Vec<(usize, &Bounds)> = Vec::new();
    for (row, line) in lines {
        match &line.amount {
            Some(bounds) => bounded.push((row + 1, bounds)),
            None if 1 < lines.len() => return Err(twice(lines)),
            None => {}
        }
    }
    bounded.sort_by_key(|(row, bounds)| (bounds.above, *row));
    let Some((first, rest)) = bounded.split_first() else {
        return Ok(());
    };
    if let Some(above) = first.1.above {
        return Err(gap(first.0, above));
    }
    let mut last = *first;
    for next in rest {
        if next.1.field != last.1.field {
            return Err(Refusal::TwoFields {
                line: next.0,
                other: last.0,
            });
        }
        match (last.1.up_to, next.1.above) {
            (Some(end), Some(start)) if start == end => {}
            (Some(end), Some(start)) if end < start => return Err(gap(next.0, start)),
            _ => {
                return Err(Refusal::LinesOverlap {
                    line: next.0,
                    other: last.0,
                });
            }
        }
        last = *next;
    }
    match last.1.up_to {
        Some(end) => Err(gap(last.0, end.saturating_add(1))),
        None => Ok(()),
    }
}

fn twice(lines: &[(usize, &AuthorityGrant)]) -> Refusal {
    let row = |at: usize| lines.get(at).map_or(0, |(row, _)| row + 1);
    Refusal::LinesOverlap {
        line: row(1),
        other: row(0),
    }
}

fn gap(line: usize, amount: i64) -> Refusal {
    Refusal::AmountsOpen {
        line,
        amount: in_units(amount),
    }
}

/// Hundredths as people read them.
#[must_use]
pub fn in_units(hundredths: i64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest:02}")
    }
}
