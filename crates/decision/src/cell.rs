//! One cell of a decision table: the unary tests of FEEL over numbers, texts, booleans and dates.

use std::cmp::Ordering;
use std::fmt;

use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, FeelScope, IntervalType};
use dsntk_feel_parser::AstNode;
use jiff::civil::{Date, date};

use crate::fence::{Clock, FeelFault, Weight, admit, deep, evaluate};

/// A value that stands for a piece of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sample {
    Number(FeelNumber),
    /// Days since 1970.
    Day(FeelNumber),
    /// A text that stands in the column.
    Text(String),
    /// Any text that does not.
    OtherText,
    Flag(bool),
    /// Nothing in the column asks for a value.
    Any,
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Day(days) => match day(*days) {
                Some(day) => write!(f, "date(\"{day}\")"),
                None => write!(f, "date"),
            },
            Self::Text(text) => write!(f, "{text:?}"),
            Self::OtherText => write!(f, "\"…\""),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Any => write!(f, "-"),
        }
    }
}

const EPOCH: Date = date(1970, 1, 1);

fn day(days: FeelNumber) -> Option<Date> {
    let days: i64 = days.to_string().parse().ok()?;
    EPOCH
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

/// The unary tests of a cell, their literals read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// `-`.
    Anything,
    /// One of these.
    AnyOf(Vec<Test>),
    /// `not(…)`: none of these.
    NoneOf(Vec<Test>),
    /// `< 3`, `"a"` …
    Compare(Comparison, Sample),
    /// `[1..3)`.
    Between(Box<Test>, Box<Test>),
    /// An expression, which depends on more than the input.
    Expression,
}

/// How a value has to stand to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Below,
    AtMost,
    Above,
    AtLeast,
    Equal,
    Different,
}

/// The tests of a cell; an expression when they cannot be read without the names around.
pub(crate) fn parse(text: &str) -> Test {
    let read = admit(text, Clock::Allowed).and_then(|_| {
        deep(|| {
            dsntk_feel_parser::parse_unary_tests(&FeelScope::default(), text, false)
                .map(|node| test(&node))
                .map_err(|fault| FeelFault::Unreadable(fault.to_string()))
        })
    });
    read.unwrap_or(Test::Expression)
}

fn test(node: &AstNode) -> Test {
    use Comparison::{Above, AtLeast, AtMost, Below, Different, Equal};
    let compare = |comparison: Comparison, bound: &AstNode| {
        constant(bound).map_or(Test::Expression, |bound| Test::Compare(comparison, bound))
    };
    match node {
        AstNode::Irrelevant => Test::Anything,
        AstNode::ExpressionList(items) => Test::AnyOf(items.iter().map(test).collect()),
        AstNode::NegatedList(items) => Test::NoneOf(items.iter().map(test).collect()),
        AstNode::UnaryLt(bound) => compare(Below, bound),
        AstNode::UnaryLe(bound) => compare(AtMost, bound),
        AstNode::UnaryGt(bound) => compare(Above, bound),
        AstNode::UnaryGe(bound) => compare(AtLeast, bound),
        AstNode::UnaryEq(bound) => compare(Equal, bound),
        AstNode::UnaryNe(bound) => compare(Different, bound),
        AstNode::Range(start, end) => match (&**start, &**end) {
            (AstNode::IntervalStart(low, opens), AstNode::IntervalEnd(high, closes)) => {
                let closed = |kind: &IntervalType| matches!(kind, IntervalType::Closed);
                let low = compare(if closed(opens) { AtLeast } else { Above }, low);
                let high = compare(if closed(closes) { AtMost } else { Below }, high);
                Test::Between(Box::new(low), Box::new(high))
            }
            _ => Test::Expression,
        },
        literal => compare(Equal, literal),
    }
}

/// One value for each piece into which tests cut a column. None where kinds are mixed or unknown.
pub(crate) fn samples<'a>(kind: &str, tests: impl Iterator<Item = &'a Test>) -> Vec<Sample> {
    let mut constants = Vec::new();
    for test in tests {
        collect(test, &mut constants);
    }
    let all = |wanted: fn(&Sample) -> bool| constants.iter().all(wanted);
    if constants.is_empty() {
        return match kind.rsplit_once(':').map_or(kind, |(_, kind)| kind) {
            "boolean" => vec![Sample::Flag(true), Sample::Flag(false)],
            _ => vec![Sample::Any],
        };
    }
    if all(|sample| matches!(sample, Sample::Flag(_))) {
        vec![Sample::Flag(true), Sample::Flag(false)]
    } else if all(|sample| matches!(sample, Sample::Text(_))) {
        let mut texts = constants;
        texts.sort_by_key(ToString::to_string);
        texts.dedup();
        texts.push(Sample::OtherText);
        texts
    } else if all(|sample| matches!(sample, Sample::Number(_))) {
        pieces(&constants).into_iter().map(Sample::Number).collect()
    } else if all(|sample| matches!(sample, Sample::Day(_))) {
        let whole = pieces(&constants)
            .into_iter()
            .filter(|days| days.is_integer());
        whole.map(Sample::Day).collect()
    } else {
        vec![Sample::Any]
    }
}

/// Below the first, each, between each two, above the last.
fn pieces(constants: &[Sample]) -> Vec<FeelNumber> {
    let mut cuts: Vec<FeelNumber> = constants
        .iter()
        .filter_map(|sample| match sample {
            Sample::Number(number) | Sample::Day(number) => Some(*number),
            _ => None,
        })
        .collect();
    cuts.sort_by(|one, two| one.partial_cmp(two).unwrap_or(Ordering::Equal));
    cuts.dedup();
    let days = constants
        .iter()
        .any(|sample| matches!(sample, Sample::Day(_)));
    let mut pieces = Vec::with_capacity(cuts.len() * 2 + 1);
    for (at, cut) in cuts.iter().enumerate() {
        pieces.push(match at.checked_sub(1).map(|before| cuts[before]) {
            // A day between two days is the next day, if it is not the other already.
            Some(before) if days && before + FeelNumber::one() < *cut => before + FeelNumber::one(),
            Some(before) => (before + *cut) / FeelNumber::two(),
            None => *cut - FeelNumber::one(),
        });
        pieces.push(*cut);
    }
    pieces.extend(cuts.last().map(|last| *last + FeelNumber::one()));
    pieces
}

/// The constants that tests compare with.
fn collect(test: &Test, constants: &mut Vec<Sample>) {
    match test {
        Test::AnyOf(items) | Test::NoneOf(items) => {
            items.iter().for_each(|item| collect(item, constants));
        }
        Test::Between(low, high) => {
            collect(low, constants);
            collect(high, constants);
        }
        Test::Compare(_, bound) => constants.push(bound.clone()),
        Test::Anything | Test::Expression => {}
    }
}

/// The value of a literal; none for anything else.
fn constant(node: &AstNode) -> Option<Sample> {
    let literal = match node {
        AstNode::Numeric(..) | AstNode::String(_) | AstNode::Boolean(_) | AstNode::At(_) => true,
        AstNode::Neg(inner) => matches!(**inner, AstNode::Numeric(..)),
        AstNode::FunctionInvocation(name, arguments) => {
            matches!(&**name, AstNode::Name(name) if name.to_string() == "date")
                && matches!(&**arguments, AstNode::PositionalParameters(texts)
                    if matches!(texts.as_slice(), [AstNode::String(_)]))
        }
        _ => false,
    };
    if !literal {
        return None;
    }
    let value = evaluate(Weight::Light, || {
        Ok(dsntk_feel_evaluator::evaluate(&FeelScope::default(), node))
    });
    match value.ok()? {
        Value::Number(number) => Some(Sample::Number(number)),
        Value::String(text) => Some(Sample::Text(text)),
        Value::Boolean(flag) => Some(Sample::Flag(flag)),
        Value::Date(found) => {
            let (year, month, day) = found.as_tuple();
            let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            let found = Date::new(i16::try_from(year).ok()?, month, day).ok()?;
            let days = found.since(EPOCH).ok()?.get_days();
            Some(Sample::Day(FeelNumber::new(days.into(), 0)))
        }
        _ => None,
    }
}

/// Whether tests take a value; none when that cannot be said.
pub(crate) fn takes(test: &Test, sample: &Sample) -> Option<bool> {
    match test {
        Test::Anything => Some(true),
        Test::Expression => None,
        Test::AnyOf(items) => any(items, sample),
        Test::NoneOf(items) => any(items, sample).map(|taken| !taken),
        Test::Between(low, high) => Some(takes(low, sample)? && takes(high, sample)?),
        Test::Compare(comparison, bound) => {
            let order = order(sample, bound)?;
            Some(match comparison {
                Comparison::Below => order.is_some_and(Ordering::is_lt),
                Comparison::AtMost => order.is_some_and(Ordering::is_le),
                Comparison::Above => order.is_some_and(Ordering::is_gt),
                Comparison::AtLeast => order.is_some_and(Ordering::is_ge),
                Comparison::Equal => order.is_some_and(Ordering::is_eq),
                Comparison::Different => !order.is_some_and(Ordering::is_eq),
            })
        }
    }
}

/// Whether one of several tests takes a value: what one takes, the others cannot take back.
fn any(items: &[Test], sample: &Sample) -> Option<bool> {
    let mut known = Some(false);
    for item in items {
        match takes(item, sample) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

/// How a value stands to a bound: none when they cannot be compared, no order when only
/// difference can be said.
fn order(sample: &Sample, bound: &Sample) -> Option<Option<Ordering>> {
    match (sample, bound) {
        (Sample::Number(one), Sample::Number(two)) | (Sample::Day(one), Sample::Day(two)) => {
            Some(one.partial_cmp(two))
        }
        (Sample::Text(one), Sample::Text(two)) => Some(Some(one.cmp(two))),
        (Sample::OtherText, Sample::Text(_)) => Some(None),
        (Sample::Flag(one), Sample::Flag(two)) if one == two => Some(Some(Ordering::Equal)),
        (Sample::Flag(_), Sample::Flag(_)) => Some(None),
        _ => None,
    }
}
