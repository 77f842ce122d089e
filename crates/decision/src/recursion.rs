//! No function of a rule may call itself, however it comes to hold itself.
//!
//! The evaluator has no limit on recursion, and no fence can catch a stack that ends. A circle of
//! calls needs a body that calls something other than a built-in function; so bodies may not.
//! Deliberately absent: proof that a recursion ends.

use crate::fence::FeelFault;

/// Last words of the built-in functions of FEEL.
const BUILT_IN: &[&str] = &[
    "not",
    "string",
    "number",
    "substring",
    "length",
    "case",
    "before",
    "after",
    "contains",
    "with",
    "matches",
    "replace",
    "split",
    "join",
    "count",
    "min",
    "max",
    "sum",
    "mean",
    "all",
    "any",
    "sublist",
    "append",
    "concatenate",
    "remove",
    "reverse",
    "of",
    "union",
    "values",
    "flatten",
    "product",
    "median",
    "stddev",
    "mode",
    "decimal",
    "floor",
    "ceiling",
    "up",
    "down",
    "abs",
    "modulo",
    "sqrt",
    "log",
    "exp",
    "odd",
    "even",
    "meets",
    "by",
    "overlaps",
    "finishes",
    "includes",
    "during",
    "starts",
    "coincides",
    "date",
    "time",
    "duration",
    "year",
    "week",
    "value",
    "entries",
    "context",
    "put",
    "merge",
    "is",
    "range",
];

/// Words before a bracket that is no call.
const KEYWORDS: &[&str] = &[
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "between",
    "function",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Word(&'a str),
    Sign(char),
}

/// Refuses function bodies that call anything but built-in functions, or a built-in function that
/// takes a function by name.
pub(crate) fn refuse(bare: &str) -> Result<(), FeelFault> {
    let pieces = pieces(bare);
    let opens = |at: usize| pieces.get(at) == Some(&Piece::Sign('('));
    let functions: Vec<usize> = (0..pieces.len())
        .filter(|at| pieces[*at] == Piece::Word("function") && opens(at + 1))
        .collect();
    for at in functions {
        let Some(close) = closing(&pieces, at + 1) else {
            continue;
        };
        let body = close + 1..end(&pieces, close + 1);
        // The bracket after the parameters belongs to the body: `function(a) (a + 1)`.
        let calls = body.clone().skip(1).filter(|at| opens(*at));
        for call in calls {
            let higher = match &pieces[call - 1] {
                Piece::Word(word) if KEYWORDS.contains(word) => false,
                Piece::Word("sort") => true,
                Piece::Word("replace") => pieces[call - 2] == Piece::Word("list"),
                Piece::Word(word) => !BUILT_IN.contains(word),
                Piece::Sign(sign) => {
                    matches!(sign, ')' | ']' | '}') && !is_parameters(&pieces, call)
                }
            };
            if higher {
                return Err(FeelFault::Function);
            }
        }
    }
    Ok(())
}

fn pieces(bare: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = None;
    for (at, letter) in bare.char_indices().chain([(bare.len(), ' ')]) {
        if letter.is_alphanumeric() || letter == '_' {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            pieces.push(Piece::Word(&bare[start..at]));
        }
        if !letter.is_whitespace() {
            pieces.push(Piece::Sign(letter));
        }
    }
    pieces
}

/// Where the bracket that opens here closes.
fn closing(pieces: &[Piece<'_>], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, piece) in pieces.iter().enumerate().skip(open) {
        match piece {
            Piece::Sign('(' | '[' | '{') => depth += 1,
            Piece::Sign(')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a body that begins here ends: at the comma or bracket around it.
fn end(pieces: &[Piece<'_>], begin: usize) -> usize {
    let mut depth = 0usize;
    for (at, piece) in pieces.iter().enumerate().skip(begin) {
        match piece {
            Piece::Sign('(' | '[' | '{') => depth += 1,
            Piece::Sign(')' | ']' | '}') if depth == 0 => return at,
            Piece::Sign(')' | ']' | '}') => depth -= 1,
            Piece::Sign(',') if depth == 0 => return at,
            _ => {}
        }
    }
    pieces.len()
}

/// Whether the bracket before this one closes the parameters of a function.
fn is_parameters(pieces: &[Piece<'_>], call: usize) -> bool {
    (0..call).any(|at| {
        pieces[at] == Piece::Word("function") && closing(pieces, at + 1) == Some(call - 1)
    })
}
