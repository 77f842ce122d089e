//! What every call of the toolkit passes: limits before, limits and a catch around, one fault
//! after.
//!
//! Stack, steps and sizes are limited while a rule runs (`vendor/dsntk-feel/src/guard.rs`), so a
//! rule may call itself as long as it ends. Deliberately absent: proof that it ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use dsntk_feel::guard::{Allowance, Exhausted, limited};

/// Longer than any condition a person writes.
pub(crate) const EXPRESSION_BYTES_MAX: usize = 8 * 1024;
/// The largest model of the DMN test suite is under 0.5 MB.
pub(crate) const MODEL_BYTES_MAX: usize = 2 * 1024 * 1024;
pub(crate) const DEPTH_MAX: usize = 40;
/// A second or two of work: some hundred thousand turns of a loop.
const STEPS_MAX: u64 = 2_000_000;
/// The parser and the evaluator recurse with the text: ample for the longest text and for calls
/// in calls, in a debug build. Only what is touched is taken from the machine.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// A part of it for calls in calls; the rest for the text of the innermost.
const DEEP_CALLS: Allowance = Allowance {
    stack_bytes: STACK_BYTES / 4,
    steps: STEPS_MAX,
};
/// On the stack of whoever asks: a few calls in calls of light texts.
const LIGHT_CALLS: Allowance = Allowance {
    stack_bytes: 128 * 1024,
    steps: STEPS_MAX,
};
/// A text of so many words and signs cannot nest deeper than a caller's stack bears.
const LIGHT_PIECES_MAX: usize = 128;

/// Why a rule gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeelFault {
    /// Larger than any rule needs to be.
    #[error("the rule is too large")]
    TooLarge,
    /// Brackets in brackets, or data in data, deeper than a rule needs.
    #[error("the rule or its data is nested too deeply")]
    TooDeep,
    /// The text is no FEEL, or the file no DMN.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Rules do not reach outside.
    #[error("external functions and the current time are refused: {0}")]
    Outside(String),
    /// The rule does not end, or not soon enough, or its values grow without end.
    #[error("the rule does not come to an end: {0}")]
    Endless(&'static str),
    /// The model has no decision of this name.
    #[error("there is no decision named {0}")]
    NoSuchDecision(String),
    /// There is no value, and the reason where the engine gives one.
    #[error("the rule has no value: {0}")]
    NoValue(String),
    /// The engine broke down; the rule is refused and the server goes on.
    #[error("the rule engine broke down on this rule")]
    Broken,
}

/// Whether rules may ask the time. In the hall they may not; the field's test suite does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    Refused,
    Allowed,
}

/// How much stack a rule needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Runs on the stack of whoever asks.
    Light,
    /// Runs on a stack of its own.
    Heavy,
}

/// Evaluates: a light rule at once, and once more on a deep stack when its calls need one.
/// Evaluating is pure, so doing it twice is doing it once.
pub(crate) fn evaluate<T: Send>(
    weight: Weight,
    call: impl Fn() -> Result<T, FeelFault> + Sync,
) -> Result<T, FeelFault> {
    if weight == Weight::Light {
        match guarded(LIGHT_CALLS, &call) {
            Err(Ended::Exhausted(Exhausted::Stack)) => {}
            ended => return ended.map_err(FeelFault::from),
        }
    }
    deep(call)
}

/// Runs a call that recurses over text from outside on a stack of known size.
pub(crate) fn deep<T: Send>(
    call: impl Fn() -> Result<T, FeelFault> + Sync,
) -> Result<T, FeelFault> {
    thread::scope(|scope| {
        let builder = thread::Builder::new()
            .name("rules".to_owned())
            .stack_size(STACK_BYTES);
        let running = builder.spawn_scoped(scope, || guarded(DEEP_CALLS, &call));
        let ended = running
            .map_err(|_| FeelFault::Broken)?
            .join()
            .unwrap_or(Err(Ended::Broken));
        ended.map_err(FeelFault::from)
    })
}

/// How a call of the toolkit ended without a value.
enum Ended {
    Fault(FeelFault),
    Exhausted(Exhausted),
    Broken,
}

impl From<Ended> for FeelFault {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Fault(fault) => fault,
            Ended::Exhausted(Exhausted::Stack) => Self::Endless("calls in calls, too deep"),
            Ended::Exhausted(Exhausted::Steps) => Self::Endless("too many steps"),
            Ended::Broken => Self::Broken,
        }
    }
}

/// Runs a call of the toolkit within an allowance; a panic becomes a fault.
fn guarded<T>(allowance: Allowance, call: impl Fn() -> Result<T, FeelFault>) -> Result<T, Ended> {
    // A value that a panic left half-made is never looked at: the caller only gets the fault.
    match catch_unwind(AssertUnwindSafe(|| limited(allowance, call))) {
        Ok(ended) => ended.map_err(Ended::Fault),
        Err(thrown) => Err(thrown
            .downcast_ref::<Exhausted>()
            .map_or(Ended::Broken, |exhausted| Ended::Exhausted(*exhausted))),
    }
}

/// Refuses text that is too long, nested too deeply or that reaches outside; says what it weighs.
pub(crate) fn admit(text: &str, clock: Clock) -> Result<Weight, FeelFault> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err(FeelFault::TooLarge);
    }
    let bare = bare(text);
    let has = |word: &str| {
        bare.split(|letter| !is_word(letter))
            .any(|other| other == word)
    };
    if has("function") && has("external") {
        return Err(FeelFault::Outside("external".to_owned()));
    }
    refuse_depth(&bare)?;
    for call in ["now", "today"] {
        if clock == Clock::Refused && calls(&bare, call) {
            return Err(FeelFault::Outside(format!("{call}()")));
        }
    }
    let light = pieces(&bare) <= LIGHT_PIECES_MAX;
    Ok(if light { Weight::Light } else { Weight::Heavy })
}

/// The text without what stands in quotes and comments.
pub(crate) fn bare(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let mut bare = String::with_capacity(text.len());
    for letter in text.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if letter == '"' {
            quoted = true;
            bare.push(' ');
        } else {
            bare.push(letter);
        }
    }
    bare
}

/// How many words and signs the bare text has.
fn pieces(bare: &str) -> usize {
    let (mut count, mut inside) = (0, false);
    for letter in bare.chars() {
        let word = is_word(letter);
        if word && !inside || !word && !letter.is_whitespace() {
            count += 1;
        }
        inside = word;
    }
    count
}

/// Whether the bare text calls a function of this name.
fn calls(bare: &str, name: &str) -> bool {
    bare.match_indices(name).any(|(at, _)| {
        let before = bare[..at].chars().next_back();
        let after = bare[at + name.len()..].trim_start();
        before.is_none_or(|letter| !is_word(letter)) && after.starts_with('(')
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Brackets, rows of signs, and words that nest without brackets.
fn refuse_depth(bare: &str) -> Result<(), FeelFault> {
    let (mut depth, mut signs) = (0usize, 0usize);
    for letter in bare.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '-' => signs += 1,
            _ => {}
        }
        if letter != '-' && !letter.is_whitespace() {
            signs = 0;
        }
        if depth > DEPTH_MAX || signs > DEPTH_MAX {
            return Err(FeelFault::TooDeep);
        }
    }
    let words = bare.split(|letter| !is_word(letter));
    let nests = |word: &&str| matches!(*word, "if" | "for" | "some" | "every" | "function");
    if words.filter(nests).count() > DEPTH_MAX {
        return Err(FeelFault::TooDeep);
    }
    Ok(())
}
