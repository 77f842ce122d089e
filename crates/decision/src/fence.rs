//! What every call of the toolkit passes: limits before, a catch around, one fault after.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::recursion;

/// Longer than any condition a person writes.
pub(crate) const EXPRESSION_BYTES_MAX: usize = 8 * 1024;
/// The largest model of the DMN test suite is under 0.2 MB.
pub(crate) const MODEL_BYTES_MAX: usize = 2 * 1024 * 1024;
pub(crate) const DEPTH_MAX: usize = 40;
/// `for i in 1..N` is built in memory.
const RANGE_MAX: u64 = 100_000;
/// The parser and the evaluator recurse; this is ample for `DEPTH_MAX` in a debug build.
const STACK_BYTES: usize = 16 * 1024 * 1024;

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
    /// A function that calls what may be itself: it could run without end.
    #[error("a function may only call built-in functions")]
    Function,
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

/// Runs a call of the toolkit; a panic becomes a fault.
pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T, FeelFault>) -> Result<T, FeelFault> {
    // A value that a panic left half-made is never looked at: the caller only gets the fault.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Err(FeelFault::Broken))
}

/// Runs a call that recurses over text from outside on a stack of known size.
pub(crate) fn deep<T: Send>(
    call: impl FnOnce() -> Result<T, FeelFault> + Send,
) -> Result<T, FeelFault> {
    thread::scope(|scope| {
        let builder = thread::Builder::new()
            .name("rules".to_owned())
            .stack_size(STACK_BYTES);
        let running = builder.spawn_scoped(scope, || guarded(call));
        running
            .map_err(|_| FeelFault::Broken)?
            .join()
            .unwrap_or(Err(FeelFault::Broken))
    })
}

/// Refuses text that is too long, nested too deeply, that reaches outside or never ends.
pub(crate) fn admit(text: &str) -> Result<(), FeelFault> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err(FeelFault::TooLarge);
    }
    let bare = bare(text);
    if bare
        .split(|letter| !is_word(letter))
        .any(|word| word == "external")
    {
        return Err(FeelFault::Outside("external".to_owned()));
    }
    refuse_depth(&bare)?;
    refuse_ranges(&bare)?;
    recursion::refuse(&bare)?;
    for call in ["now", "today"] {
        if calls(&bare, call) {
            return Err(FeelFault::Outside(format!("{call}()")));
        }
    }
    Ok(())
}

/// The text without what stands in quotes.
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

/// Whether the bare text calls a function of this name.
pub(crate) fn calls(bare: &str, name: &str) -> bool {
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

fn refuse_ranges(bare: &str) -> Result<(), FeelFault> {
    let long = |(at, _): (usize, &str)| {
        let rest = bare[at + 2..].trim_start();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.len() > 9 || digits.parse::<u64>().is_ok_and(|end| end > RANGE_MAX)
    };
    if bare.match_indices("..").any(long) {
        Err(FeelFault::TooLarge)
    } else {
        Ok(())
    }
}
