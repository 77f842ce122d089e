//! What a question says around the thing wanted: whole turns (我想开一家 …) are taken off before
//! words are cut, single words (的, 怎么) after. Both lists are data.
//!
//! Deliberately absent: life words, which carry meaning.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static WORDS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("../data/filler.txt")).collect());

/// Turns of speech, the longest first.
static TURNS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut turns: Vec<_> = lines(include_str!("../data/lead_ins.txt")).collect();
    turns.sort_by_key(|turn| std::cmp::Reverse(turn.chars().count()));
    turns
});

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    let all = list.lines().map(str::trim);
    all.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a word of a question says nothing about the thing wanted.
pub(crate) fn is_filler(word: &str) -> bool {
    WORDS.contains(word)
}

/// A normalized question without its turns of speech; as it is when nothing else is in it.
pub(crate) fn to_the_point(normal: &str) -> String {
    let mut rest = normal.to_owned();
    for turn in TURNS.iter() {
        if rest.contains(turn) {
            rest = rest.replace(turn, " ");
        }
    }
    match rest.trim().is_empty() {
        true => normal.to_owned(),
        false => rest,
    }
}
