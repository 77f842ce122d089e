//! From what a person typed to a question for the index.
//!
//! Words are asked for one by one, each in every field: the library's own query parser would ask
//! for the pieces of a word as a phrase and miss 养老…备案 for 养老备案. Deliberately absent:
//! operators. Quotation marks, minus and stars are punctuation like any other.

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::Filter;
use crate::filler::{is_filler, to_the_point};
use crate::life_words::official_wordings;
use crate::schema::Fields;
use crate::sound::{asked_full, asked_initials};
use crate::text::{Run, grams, is_han, normalize, runs, squash, words_of_question};

/// Characters of a question that are read.
const QUESTION_CHARS_MAX: usize = 64;
/// Words of a question that are looked for.
const WORDS_MAX: usize = 12;
/// Shortest typed sound that is completed; one letter alone would be the beginning of everything.
const SOUND_LETTERS_MIN: usize = 2;
/// Shortest typed sound in which one wrong letter is forgiven.
const FORGIVING_LETTERS_MIN: usize = 6;
/// Shortest English word that is completed or forgiven.
const ENGLISH_LETTERS_MIN: usize = 4;

const EXACT_NAME_SCORE: f32 = 1_000.0;
const EXACT_ALIAS_SCORE: f32 = 300.0;
const TITLE_BOOST: f32 = 3.0;
const SYNONYM_BOOST: f32 = 2.0;
const BODY_BOOST: f32 = 1.0;
const LIFE_WORD_BOOST: f32 = 0.8;
const GRAMS_SCORE: f32 = 1.0;
const LEAD_SCORE: f32 = 6.0;
const SOUND_SCORE: f32 = 4.0;
const FORGIVEN_SCORE: f32 = 1.0;

type Clause = Box<dyn Query>;

/// A question in its strict form, all words, and its lenient one, any word.
pub(crate) struct Question {
    pub all_words: BooleanQuery,
    pub any_word: BooleanQuery,
}

/// Reads a question; `None` when there is no word in it.
pub(crate) fn read(fields: &Fields, typed: &str, filter: &Filter) -> Option<Question> {
    let said = normalize(typed, QUESTION_CHARS_MAX);
    let normal = to_the_point(&said);
    let words = words(&normal);
    if words.is_empty() {
        return None;
    }
    let whole = squash(&said);
    let exact = |field, score| constant(term(field, &whole), score);
    let mut strict: Vec<Clause> = vec![
        exact(fields.name, EXACT_NAME_SCORE),
        exact(fields.alias, EXACT_ALIAS_SCORE),
        constant(term(fields.id, typed.trim()), EXACT_NAME_SCORE),
        all(fields, &words),
    ];
    if let Some(spelled) = spelled_apart(&words) {
        strict.push(latin(fields, &spelled));
    }
    for wording in official_wordings(&normal) {
        let official = self::words(&wording);
        if !official.is_empty() {
            strict.push(Box::new(BoostQuery::new(
                all(fields, &official),
                LIFE_WORD_BOOST,
            )));
        }
    }
    let lenient: Vec<Clause> = words.iter().map(|word| one(fields, word)).collect();
    Some(Question {
        all_words: narrowed(fields, any(strict), filter),
        any_word: narrowed(fields, any(lenient), filter),
    })
}

/// The words worth looking for; a question of nothing but filler keeps its filler.
fn words(normal: &str) -> Vec<Run> {
    let mut words: Vec<Run> = Vec::new();
    for run in runs(normal) {
        match run {
            Run::Han(text) => words.extend(words_of_question(&text).into_iter().map(Run::Han)),
            latin @ Run::Latin(_) => words.push(latin),
        }
    }
    let telling = |run: &Run| match run {
        Run::Han(text) | Run::Latin(text) => !is_filler(text),
    };
    if words.iter().any(telling) {
        words.retain(telling);
    }
    let mut seen = Vec::new();
    words.retain(|word| {
        !seen.contains(word) && {
            seen.push(word.clone());
            true
        }
    });
    words.truncate(WORDS_MAX);
    words
}

/// `shi pin jing ying` typed with spaces is one sound.
fn spelled_apart(words: &[Run]) -> Option<String> {
    let parts: Option<Vec<&str>> = words
        .iter()
        .map(|word| match word {
            Run::Latin(text) => Some(text.as_str()),
            Run::Han(_) => None,
        })
        .collect();
    parts
        .filter(|parts| 1 < parts.len())
        .map(|parts| parts.concat())
}

fn all(fields: &Fields, words: &[Run]) -> Clause {
    Box::new(BooleanQuery::intersection(
        words.iter().map(|word| one(fields, word)).collect(),
    ))
}

fn one(fields: &Fields, word: &Run) -> Clause {
    match word {
        Run::Han(text) => han(fields, text),
        Run::Latin(text) => latin(fields, text),
    }
}

/// A Chinese word: in the name, in other names, in the guide, or inside a longer word of a name.
fn han(fields: &Fields, word: &str) -> Clause {
    let mut ways = in_words(fields, word);
    let pairs: Vec<String> = grams(word)
        .into_iter()
        .filter(|gram| gram.chars().count() == 2 || is_one(word))
        .collect();
    let inside = pairs.iter().map(|gram| term(fields.grams, gram)).collect();
    ways.push(constant(
        Box::new(BooleanQuery::intersection(inside)),
        GRAMS_SCORE,
    ));
    Box::new(any(ways))
}

fn is_one(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(is_han) && letters.next().is_none()
}

/// Letters: a word in either language, a sound, or initials.
fn latin(fields: &Fields, word: &str) -> Clause {
    let mut ways = in_words(fields, word);
    ways.push(boosted(term(fields.english, word), TITLE_BOOST));
    let letters = word.chars().count();
    if word.is_ascii() && SOUND_LETTERS_MIN <= letters {
        let (full, initials) = (asked_full(word), asked_initials(word));
        ways.push(constant(beginning(fields.lead, &full, 0), LEAD_SCORE));
        ways.push(constant(beginning(fields.lead, &initials, 0), LEAD_SCORE));
        ways.push(constant(beginning(fields.sound, &full, 0), SOUND_SCORE));
        ways.push(constant(
            beginning(fields.initials, &initials, 0),
            SOUND_SCORE,
        ));
        if FORGIVING_LETTERS_MIN <= full.len() {
            ways.push(constant(beginning(fields.sound, &full, 1), FORGIVEN_SCORE));
        }
    }
    if ENGLISH_LETTERS_MIN <= letters {
        let stem: String = word.chars().take(QUESTION_CHARS_MAX).collect();
        ways.push(constant(beginning(fields.english, &stem, 0), SOUND_SCORE));
        let forgiving = FuzzyTermQuery::new(Term::from_field_text(fields.english, &stem), 1, true);
        ways.push(constant(Box::new(forgiving), FORGIVEN_SCORE));
    }
    Box::new(any(ways))
}

fn in_words(fields: &Fields, word: &str) -> Vec<Clause> {
    vec![
        boosted(term(fields.title, word), TITLE_BOOST),
        boosted(term(fields.synonyms, word), SYNONYM_BOOST),
        boosted(term(fields.body, word), BODY_BOOST),
    ]
}

fn narrowed(fields: &Fields, question: BooleanQuery, filter: &Filter) -> BooleanQuery {
    let facets = [
        (fields.organ, &filter.organ),
        (fields.topic, &filter.topic),
        (fields.kind, &filter.kind),
    ];
    let mut clauses: Vec<(Occur, Clause)> = vec![(Occur::Must, Box::new(question))];
    for (field, wanted) in facets {
        if let Some(wanted) = wanted {
            clauses.push((Occur::Must, constant(term(field, wanted), 0.0)));
        }
    }
    BooleanQuery::new(clauses)
}

fn any(ways: Vec<Clause>) -> BooleanQuery {
    BooleanQuery::union(ways)
}

fn boosted(clause: Clause, boost: f32) -> Clause {
    Box::new(BoostQuery::new(clause, boost))
}

fn constant(clause: Clause, score: f32) -> Clause {
    Box::new(ConstScoreQuery::new(clause, score))
}

fn term(field: Field, text: &str) -> Clause {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::WithFreqs,
    ))
}

/// Terms that begin like this, with so many letters wrong.
fn beginning(field: Field, text: &str, wrong: u8) -> Clause {
    Box::new(FuzzyTermQuery::new_prefix(
        Term::from_field_text(field, text),
        wrong,
        true,
    ))
}
