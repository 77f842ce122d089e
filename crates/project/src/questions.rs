//! Guiding questions 情形引导: the questions of the theme and those that lead to the scenarios of
//! its items, merged by what they ask, each asked once; the answers choose the items and their
//! scenarios, and with them fields and materials.
//!
//! Pure. A question is the same where the theme says so, or where word, text and answers are the
//! same. Its name is that of its first source, so that it stays whatever else is chosen. What is
//! asked is what the chosen items need and no more; tests try that with trees made by chance.
//! Deliberately absent: keeping the answers, which the draft does.

use std::collections::BTreeMap;

use catalogue::model::{ItemContent, Text};
use catalogue::scenario::{Picks, Reached, reach};
use kernel::Fault;

use crate::theme::{OWN, Theme};

/// Where a question comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuestionSource {
    /// The item, by its place in the theme; none for the theme itself.
    pub place: Option<usize>,
    /// The question's word there.
    pub id: String,
}

/// A question that is asked once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneQuestion {
    /// Its name: `theme.word` or `key.word` of its first source.
    pub name: String,
    /// The question.
    pub text: Text,
    /// What helps to answer it.
    pub help: Option<Text>,
    /// The answers: word and label.
    pub options: Vec<(String, Text)>,
    /// Whose it is.
    pub sources: Vec<QuestionSource>,
}

/// What the answers so far lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guided {
    /// The questions on the way, in the order of the theme, answered or not.
    pub asked: Vec<OneQuestion>,
    /// Names of those that have no answer yet.
    pub open: Vec<String>,
    /// The items that take part, by their place in the theme.
    pub places: Vec<usize>,
    /// Their scenarios, as far as they are reached.
    pub scenarios: BTreeMap<usize, String>,
}

/// What makes two questions one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asks {
    /// The theme says so, and the answers are the same.
    Declared(usize, Vec<String>),
    /// The same word, text and answers.
    Alike(String, String, Vec<(String, String)>),
}

/// All questions that the theme could ask, each once. `contents` are the items by their place in
/// the theme; none for what is not published.
#[must_use]
pub fn questionnaire(theme: &Theme, contents: &[Option<&ItemContent>]) -> Vec<OneQuestion> {
    let mut all: Vec<(Asks, OneQuestion)> = Vec::new();
    for one in &theme.questions {
        let options = one.options.iter();
        let options = options.map(|option| (option.id.clone(), option.label.clone()));
        let own = OneQuestion {
            name: format!("{OWN}.{}", one.id),
            text: one.text.clone(),
            help: one.help.clone(),
            options: options.collect(),
            sources: Vec::new(),
        };
        add(&mut all, alike(&one.id, &own), own, (None, &one.id));
    }
    for (place, (item, content)) in theme.items.iter().zip(contents).enumerate() {
        let Some(content) = content.filter(|content| item.is_asked(content)) else {
            continue;
        };
        let asked = content.questions.iter();
        for one in asked.filter(|one| !item.known.contains_key(&one.id)) {
            let options = one.options.iter();
            let options = options.map(|option| (option.id.clone(), option.label.clone()));
            let own = OneQuestion {
                name: format!("{}.{}", item.key, one.id),
                text: one.text.clone(),
                help: one.help.clone(),
                options: options.collect(),
                sources: Vec::new(),
            };
            let declared = theme.same_questions.iter();
            let declared = declared.clone().position(|same| same.contains(&own.name));
            let asks = match declared {
                Some(at) => Asks::Declared(at, answers(&own)),
                None => alike(&one.id, &own),
            };
            add(&mut all, asks, own, (Some(place), &one.id));
        }
    }
    all.into_iter().map(|(_, one)| one).collect()
}

fn answers(one: &OneQuestion) -> Vec<String> {
    let mut ids: Vec<String> = one.options.iter().map(|(id, _)| id.clone()).collect();
    ids.sort();
    ids
}

fn alike(id: &str, one: &OneQuestion) -> Asks {
    let option = |(id, label): &(String, Text)| (id.clone(), label.zh.trim().to_owned());
    let options = one.options.iter().map(option).collect();
    Asks::Alike(id.to_owned(), one.text.zh.trim().to_owned(), options)
}

fn add(
    all: &mut Vec<(Asks, OneQuestion)>,
    asks: Asks,
    mut own: OneQuestion,
    (place, id): (Option<usize>, &str),
) {
    let source = QuestionSource {
        place,
        id: id.to_owned(),
    };
    // One item never loses a question to another question of its own.
    let known = all.iter_mut().find(|(known, one)| {
        *known == asks && one.sources.iter().all(|other| other.place != place)
    });
    match known {
        Some((_, one)) => one.sources.push(source),
        None => {
            own.sources.push(source);
            all.push((asks, own));
        }
    }
}

/// A walk through the questions.
struct Walk<'w> {
    all: &'w [OneQuestion],
    picks: &'w Picks,
    asked: Vec<bool>,
    open: Vec<bool>,
}

impl Walk<'_> {
    /// The answer to a question of a source; none, and noted as open, where there is none yet or
    /// none of the answers that it has.
    fn answer(&mut self, place: Option<usize>, id: &str) -> Option<String> {
        let of = |one: &OneQuestion| {
            let mut sources = one.sources.iter();
            sources.any(|source| source.place == place && source.id == id)
        };
        let at = self.all.iter().position(of)?;
        let one = &self.all[at];
        self.asked[at] = true;
        let pick = self.picks.get(&one.name);
        let known = pick.filter(|pick| one.options.iter().any(|(option, _)| option == *pick));
        self.open[at] = known.is_none();
        known.cloned()
    }

    /// The scenario of an item; none while a question is open.
    fn item(
        &mut self,
        theme: &Theme,
        place: usize,
        content: &ItemContent,
    ) -> Result<Option<String>, Fault> {
        let item = &theme.items[place];
        if !item.is_asked(content) {
            let named = item.scenario.as_deref();
            let first = content.scenarios.first().map(|one| one.id.as_str());
            let id = named.or(first).filter(|id| content.scenario(id).is_some());
            let found = id.ok_or_else(|| Fault::broken("the item has no such scenario"))?;
            return Ok(Some(found.to_owned()));
        }
        let mut own = item.known.clone();
        loop {
            match reach(content, &own).map_err(Fault::broken)? {
                Reached::Scenario(asked) => return Ok(Some(asked.scenario.id.clone())),
                Reached::Ask(question) => match self.answer(Some(place), &question.id) {
                    Some(pick) => own.insert(question.id.clone(), pick),
                    None => return Ok(None),
                },
            };
        }
    }
}

/// Follows the answers: through the theme's own questions to the items, and through the questions
/// of each item to its scenario. `chosen` are the items ticked by hand.
///
/// # Errors
/// [`Fault::Broken`] when the questions of an item lead nowhere.
pub fn guide(
    theme: &Theme,
    contents: &[Option<&ItemContent>],
    chosen: &[String],
    picks: &Picks,
) -> Result<Guided, Fault> {
    let all = questionnaire(theme, contents);
    let mut walk = Walk {
        picks,
        asked: vec![false; all.len()],
        open: vec![false; all.len()],
        all: &all,
    };
    let by_hand = chosen.iter().filter(|key| !theme.is_guided(key));
    let mut taken: Vec<String> = by_hand.cloned().collect();
    let mut next = theme.questions.first();
    // No way is longer than there are questions: a circle ends, and its check names it.
    for _ in 0..theme.questions.len() {
        let Some(question) = next else { break };
        let Some(pick) = walk.answer(None, &question.id) else {
            break;
        };
        let option = question.options.iter().find(|option| option.id == pick);
        taken.extend(
            option
                .iter()
                .flat_map(|option| option.takes.iter().cloned()),
        );
        let then = option.and_then(|option| option.then.as_deref());
        next = then.and_then(|id| theme.question(id));
    }
    let places = theme.chosen(&taken);
    let mut scenarios = BTreeMap::new();
    for place in &places {
        let Some(content) = contents.get(*place).copied().flatten() else {
            continue;
        };
        if let Some(scenario) = walk.item(theme, *place, content)? {
            scenarios.insert(*place, scenario);
        }
    }
    let Walk { asked, open, .. } = walk;
    let named = all.iter().zip(open).filter(|(_, open)| *open);
    let open = named.map(|(one, _)| one.name.clone()).collect();
    let asked = all.iter().zip(asked).filter(|(_, asked)| *asked);
    Ok(Guided {
        asked: asked.map(|(one, _)| one.clone()).collect(),
        open,
        places,
        scenarios,
    })
}
