//! 俗称: what people say, and what the law calls it.
//!
//! A small house list that widens a question; the rooms add other names per published thing
//! through `Doc::synonyms`. A life word never replaces what was typed, it is tried beside it.

use std::sync::LazyLock;

const LIFE_WORDS: &str = include_str!("../data/life_words.tsv");
/// Other wordings tried beside the one typed.
const WORDINGS_MAX: usize = 4;

/// Life word → official wording, longest life word first.
static TABLE: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut table: Vec<_> = LIFE_WORDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(said, official)| said.split(' ').map(move |word| (word, official)))
        .filter(|(said, _)| !said.is_empty())
        .collect();
    table.sort_by_key(|(said, _)| std::cmp::Reverse(said.chars().count()));
    table
});

/// Official wordings of a normalized question, the longest life word in it first.
pub(crate) fn official_wordings(normal: &str) -> Vec<String> {
    let squashed = crate::text::squash(normal);
    let mut wordings: Vec<String> = Vec::new();
    let mut spoken: Vec<&str> = Vec::new();
    for (said, official) in TABLE.iter() {
        let part_of_longer = spoken
            .iter()
            .any(|longer| longer != said && longer.contains(said));
        if part_of_longer || !squashed.contains(said) {
            continue;
        }
        spoken.push(said);
        wordings.push(squashed.replacen(said, &format!(" {official} "), 1));
        if wordings.len() == WORDINGS_MAX {
            break;
        }
    }
    wordings
}
