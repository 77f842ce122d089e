//! How a name sounds: pinyin in full and by initials, from every word of it on.
//!
//! Sounds that people of many regions do not tell apart (zh/z, ch/c, sh/s, -ng/-n) are written
//! alike here, in the index and in the question. Deliberately absent: tones, dialects, and
//! rare readings of a character other than the words listed below.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::text::{Run, runs, word_starts};

/// Letters kept of one sound; nobody types more before looking at the answers.
const FULL_LETTERS_MAX: usize = 24;
/// Initials kept of one sound.
const INITIALS_MAX: usize = 8;

/// Words of public life whose usual reading differs from the first one of their characters.
const READINGS: &str = include_str!("../data/readings.tsv");

static READING_OF_WORD: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    READINGS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(word, sound)| (word, sound.split(' ').collect()))
        .collect()
});

/// The sounds of one name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sounds {
    /// Folded full pinyin from each word on.
    pub full: Vec<String>,
    /// Initials from each word on.
    pub initials: Vec<String>,
}

/// Sounds of a normalized name.
pub(crate) fn sounds(normal: &str) -> Sounds {
    let mut syllables: Vec<(String, bool)> = Vec::new();
    for run in runs(normal) {
        match run {
            Run::Latin(text) => syllables.push((text, true)),
            Run::Han(text) => {
                let starts = word_starts(&text);
                for (at, syllable) in read(&text).into_iter().enumerate() {
                    syllables.push((syllable, starts.binary_search(&at).is_ok()));
                }
            }
        }
    }
    let mut sounds = Sounds::default();
    for at in (0..syllables.len()).filter(|at| syllables[*at].1) {
        let rest = &syllables[at..];
        let joined: String = rest
            .iter()
            .take(FULL_LETTERS_MAX)
            .map(|(s, _)| s.as_str())
            .collect();
        sounds
            .full
            .push(fold(&joined).chars().take(FULL_LETTERS_MAX).collect());
        let initials = rest
            .iter()
            .filter_map(|(syllable, _)| syllable.chars().next());
        sounds.initials.push(initials.take(INITIALS_MAX).collect());
    }
    sounds
}

/// Writes alike what many people do not tell apart.
pub(crate) fn fold(sound: &str) -> String {
    sound
        .replace("zh", "z")
        .replace("ch", "c")
        .replace("sh", "s")
        .replace("ng", "n")
        .replace(['ü', 'v'], "u")
}

/// The part of a typed sound that can match; longer ones are cut like the index.
pub(crate) fn asked_full(latin: &str) -> String {
    fold(latin).chars().take(FULL_LETTERS_MAX).collect()
}

/// Typed initials that can match.
pub(crate) fn asked_initials(latin: &str) -> String {
    latin.chars().take(INITIALS_MAX).collect()
}

/// One syllable a character; words with a reading of their own first, longest first.
fn read(han: &str) -> Vec<String> {
    let letters: Vec<char> = han.chars().collect();
    let mut syllables = Vec::with_capacity(letters.len());
    while let Some(rest) = letters
        .get(syllables.len()..)
        .filter(|rest| !rest.is_empty())
    {
        let known = (2..=4.min(rest.len())).rev().find_map(|length| {
            let word: String = rest[..length].iter().collect();
            READING_OF_WORD
                .get(word.as_str())
                .filter(|sound| sound.len() == length)
        });
        match known {
            Some(sound) => syllables.extend(sound.iter().map(|syllable| (*syllable).to_owned())),
            None => syllables.push(match rest[0].to_pinyin() {
                Some(sound) => sound.plain().to_owned(),
                None => rest[0].to_string(),
            }),
        }
    }
    syllables
}
