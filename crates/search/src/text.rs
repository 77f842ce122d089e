//! Turns text into the words that are indexed and asked for.
//!
//! Segmentation guesses no new words: an unknown name falls into single characters in the index
//! and in the question alike, so that both sides always agree.

use std::sync::LazyLock;

use jieba_rs::{Jieba, TokenizeMode};

/// Loaded once, when the first text arrives: a tenth of a second and 31 MiB.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// A stretch of text of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// Chinese characters.
    Han(String),
    /// Letters and digits.
    Latin(String),
}

/// Traditional characters 繁体字 and the simplified ones that stand for them, in order: one for
/// one, so that lengths and places stay.
static TRADITIONAL: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let lines = include_str!("../data/traditional.tsv").lines();
    let pair = |line: &str| {
        let (from, to) = line.split_once('\t')?;
        Some((from.chars().next()?, to.chars().next()?))
    };
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(pair)
        .collect()
});

/// The simplified character: 髮 is 发.
fn simplified(letter: char) -> char {
    if !is_han(letter) {
        return letter;
    }
    let place = TRADITIONAL.binary_search_by_key(&letter, |(from, _)| *from);
    place.map_or(letter, |at| TRADITIONAL[at].1)
}

/// Lower case, half width, simplified characters, every mark a space; at most
/// `chars_max` characters are read.
pub(crate) fn normalize(text: &str, chars_max: usize) -> String {
    let mut clean = String::with_capacity(text.len().min(chars_max * 4));
    for found in text.chars().take(chars_max) {
        let half = match found {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(found) - 0xfee0).unwrap_or(found),
            other => other,
        };
        if half.is_alphanumeric() {
            clean.extend(simplified(half).to_lowercase());
        } else {
            clean.push(' ');
        }
    }
    clean
}

/// The text without spaces, for comparing whole names.
pub(crate) fn squash(normal: &str) -> String {
    normal.split_whitespace().collect()
}

/// Splits normalized text where the script changes.
pub(crate) fn runs(normal: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for piece in normal.split_whitespace() {
        let mut fresh = true;
        for letter in piece.chars() {
            match (found.last_mut(), is_han(letter)) {
                (Some(Run::Han(text)), true) if !fresh => text.push(letter),
                (Some(Run::Latin(text)), false) if !fresh => text.push(letter),
                (_, true) => found.push(Run::Han(letter.into())),
                (_, false) => found.push(Run::Latin(letter.into())),
            }
            fresh = false;
        }
    }
    found
}

/// Whether a character is written Chinese: the unified ideographs and their extensions.
pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Words for the index: every word and the shorter words within it.
pub(crate) fn words_for_index(normal: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(normal) {
        match run {
            Run::Han(text) => {
                words.extend(
                    cut(&text, TokenizeMode::Search)
                        .into_iter()
                        .map(|(_, word)| word),
                );
            }
            Run::Latin(text) => words.push(text),
        }
    }
    words
}

/// Words of a question: the longest words only.
pub(crate) fn words_of_question(han: &str) -> Vec<String> {
    cut(han, TokenizeMode::Default)
        .into_iter()
        .map(|(_, word)| word)
        .collect()
}

/// Where words begin, in characters; the shorter words within long ones count too.
pub(crate) fn word_starts(han: &str) -> Vec<usize> {
    let mut starts: Vec<usize> = cut(han, TokenizeMode::Search)
        .into_iter()
        .map(|(start, _)| start)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Single characters and neighbouring pairs, so that any part of a name can be found.
pub(crate) fn grams(normal: &str) -> Vec<String> {
    let mut grams = Vec::new();
    for run in runs(normal) {
        if let Run::Han(text) = run {
            let letters: Vec<char> = text.chars().collect();
            grams.extend(letters.iter().map(char::to_string));
            grams.extend(
                letters
                    .windows(2)
                    .map(|pair| pair.iter().collect::<String>()),
            );
        }
    }
    grams
}

fn cut(han: &str, mode: TokenizeMode) -> Vec<(usize, String)> {
    let guess_new_words = false;
    JIEBA
        .tokenize(han, mode, guess_new_words)
        .into_iter()
        .map(|token| (token.start, token.word.to_owned()))
        .collect()
}
