//! Guiding questions: each asked once, and exactly those that the chosen items need; results that
//! are handed on are not asked for.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::model::kind::Necessity;
use catalogue::model::{Choice, ItemContent, MaterialReq, Next, Question, Scenario, Text};
use catalogue::scenario::{Picks, Reached, reach};
use proptest::prelude::*;

use super::forms::{content, holds, plain};
use super::themes::known;
use crate::handed::handed_on;
use crate::one_form::{Taking, assemble};
use crate::questions::{Guided, guide, questionnaire};
use crate::shipped;
use crate::theme::{Guiding, GuidingChoice, Need, Theme, ThemeItem, check};

fn shipped_guide(id: &str, picks: &[(&str, &str)]) -> Guided {
    let known = known();
    let theme = shipped::theme(id).unwrap();
    let contents: Vec<_> = theme
        .items
        .iter()
        .map(|item| known.get(&item.code))
        .collect();
    guide(theme, &contents, &[], &said(picks)).unwrap()
}

fn said(picks: &[(&str, &str)]) -> Picks {
    let pair = |(name, pick): &(&str, &str)| ((*name).to_owned(), (*pick).to_owned());
    picks.iter().map(pair).collect()
}

fn names(guided: &Guided) -> Vec<&str> {
    guided.asked.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn a_restaurant_is_not_asked_what_it_is() {
    let first = shipped_guide("restaurant", &[]);
    // That it is a restaurant is known; which sign it will be is asked once there is one.
    assert_eq!(names(&first), ["theme.sign", "food.delivery"]);
    assert_eq!(first.open, ["theme.sign", "food.delivery"]);
    let more = shipped_guide(
        "restaurant",
        &[("theme.sign", "yes"), ("food.delivery", "yes")],
    );
    assert_eq!(names(&more), ["theme.sign", "food.delivery", "sign.kind"]);
    assert_eq!(more.open, ["sign.kind"]);
    assert_eq!(more.scenarios[&0], "central_kitchen");
    let done = shipped_guide(
        "restaurant",
        &[
            ("theme.sign", "no"),
            ("food.delivery", "no"),
            ("sign.kind", "screen"),
        ],
    );
    assert_eq!((done.open.len(), done.places), (0, vec![0, 1]));
}

#[test]
fn farmland_is_asked_once_for_the_theme_and_both_items() {
    let asked = shipped_guide("rural_building", &[]);
    assert_eq!(names(&asked), ["theme.farmland"]);
    assert_eq!(asked.asked[0].sources.len(), 3);
    let with = shipped_guide("rural_building", &[("theme.farmland", "yes")]);
    assert_eq!(with.places, [0, 1, 2]);
    assert_eq!(with.scenarios[&1], "yes");
    let without = shipped_guide("rural_building", &[("theme.farmland", "no")]);
    assert_eq!(without.places, [1, 2]);
}

#[test]
fn an_answer_that_is_none_leaves_its_question_open() {
    let guided = shipped_guide("pharmacy", &[("theme.devices", "fourth")]);
    assert!(guided.open.contains(&"theme.devices".to_owned()));
    assert_eq!(guided.places, [0, 1]);
}

#[test]
fn what_answers_choose_is_not_chosen_by_hand() {
    let known = known();
    let theme = shipped::theme("pharmacy").unwrap();
    let contents: Vec<_> = theme
        .items
        .iter()
        .map(|item| known.get(&item.code))
        .collect();
    let by_hand = ["device_licence".to_owned()];
    let picks = said(&[
        ("theme.devices", "none"),
        ("drug_licence.shop_kind", "single"),
    ]);
    let guided = guide(theme, &contents, &by_hand, &picks).unwrap();
    assert_eq!(guided.places, [0, 1]);
}

fn takings<'c>(
    theme: &'c Theme,
    guided: &'c Guided,
    contents: &'c [ItemContent],
) -> Vec<Taking<'c>> {
    let places = guided.places.iter();
    let taking = |place: &usize| Taking {
        key: &theme.items[*place].key,
        content: &contents[*place],
        scenario: &guided.scenarios[place],
    };
    places.map(taking).collect()
}

#[test]
fn the_drug_licence_is_handed_on_and_nobody_is_asked_for_it() {
    let known = known();
    let theme = shipped::theme("pharmacy").unwrap();
    let contents: Vec<ItemContent> = theme
        .items
        .iter()
        .map(|item| known[&item.code].clone())
        .collect();
    let all: Vec<_> = contents.iter().map(Some).collect();
    let picks = said(&[
        ("theme.devices", "none"),
        ("drug_licence.shop_kind", "single"),
    ]);
    let guided = guide(theme, &all, &[], &picks).unwrap();
    let taking = takings(theme, &guided, &contents);
    let form = assemble(theme, &taking).unwrap();
    holds(&form, &taking);
    let [one] = &form.handed[..] else {
        panic!("one paper is handed on: {:?}", form.handed);
    };
    assert_eq!((one.to, one.from, one.waits), (1, 0, true));
    assert_eq!(one.material, "drug_licence_paper");
    assert!(form.content.material("drug_licence_paper").is_none());
}

#[test]
fn a_result_of_what_was_not_chosen_is_asked_for_as_ever() {
    let known = known();
    let theme = shipped::theme("rural_building").unwrap();
    let contents: Vec<ItemContent> = theme
        .items
        .iter()
        .map(|item| known[&item.code].clone())
        .collect();
    let taking = |places: &[(usize, &'static str)]| -> Vec<Taking<'_>> {
        let one = |(place, scenario): &(usize, &'static str)| Taking {
            key: &theme.items[*place].key,
            content: &contents[*place],
            scenario,
        };
        places.iter().map(one).collect()
    };
    let with = handed_on(theme, &taking(&[(0, "usual"), (1, "yes"), (2, "yes")])).unwrap();
    // The homestead approval is waited for; the decision on farmland follows.
    let waits: Vec<(&str, bool)> = with
        .iter()
        .map(|one| (one.material.as_str(), one.waits))
        .collect();
    assert_eq!(
        waits,
        [
            ("conversion_decision", false),
            ("homestead_approval", true),
            ("conversion_decision", false),
        ]
    );
    let without = handed_on(theme, &taking(&[(1, "yes")])).unwrap();
    assert_eq!(without, []);
}

fn findings(theme: &Theme) -> Vec<&'static str> {
    let known = known();
    let found = check(theme, &|code| known.get(code));
    found.into_iter().map(|one| one.code).collect()
}

#[test]
fn what_is_wrong_with_the_questions_of_a_theme_is_named() {
    let good = shipped::theme("pharmacy").unwrap();
    let with = |change: &dyn Fn(&mut Theme)| {
        let mut theme = good.clone();
        change(&mut theme);
        findings(&theme)
    };
    assert_eq!(with(&|_| {}), Vec::<&str>::new());
    let takes = |key: &'static str| {
        move |theme: &mut Theme| {
            theme.questions[0].options[0].takes = vec![key.to_owned()];
        }
    };
    assert_eq!(with(&takes("moon")), ["theme.takes_unknown"]);
    assert_eq!(with(&takes("pharmacist")), ["theme.takes_mandatory"]);
    let then = |id: &'static str| {
        move |theme: &mut Theme| {
            theme.questions[0].options[0].then = Some(id.to_owned());
        }
    };
    assert_eq!(with(&then("moon")), ["theme.question_unknown"]);
    assert_eq!(with(&then("devices")), ["theme.questions_circle"]);
    assert_eq!(
        with(&|theme| theme.questions[0].options.truncate(1)),
        ["theme.question_options"]
    );
    assert_eq!(
        with(&|theme| {
            let mut other = theme.questions[0].clone();
            other.id = "alone".to_owned();
            theme.questions.push(other);
        }),
        ["theme.question_unreached"]
    );
    let reserved = with(&|theme| theme.items[0].key = "theme".to_owned());
    assert!(reserved.contains(&"theme.key_reserved"), "{reserved:?}");
}

#[test]
fn what_is_wrong_with_results_and_known_answers_is_named() {
    let mut theme = shipped::theme("rural_building").unwrap().clone();
    theme.results[0].from = "moon".to_owned();
    theme.results[1].from = "rural_permit".to_owned();
    assert_eq!(
        findings(&theme),
        ["theme.result_unknown", "theme.result_of_itself"]
    );
    let mut theme = shipped::theme("restaurant").unwrap().clone();
    theme.items[0].known = said(&[("business", "castle")]);
    assert_eq!(findings(&theme), ["theme.scenario_unknown"]);
    theme.items[0].known = said(&[("moon", "catering")]);
    assert_eq!(findings(&theme), ["theme.scenario_unknown"]);
    let mut theme = shipped::theme("rural_building").unwrap().clone();
    theme.same_questions = vec![vec![
        "homestead.farmland".to_owned(),
        "rural_permit.moon".to_owned(),
    ]];
    assert_eq!(findings(&theme), ["theme.same_unknown"]);
}

/// A question of chance: word and answers from a small pool, so that items share some.
fn question(word: u8, then: [Next; 2]) -> Question {
    let [first, second] = then;
    let choice = |id: &str, then: Next| Choice {
        id: id.to_owned(),
        label: Text::zh(format!("答{id}")),
        then,
    };
    Question {
        id: format!("q{word}"),
        text: Text::zh(format!("问{word}")),
        help: None,
        options: vec![choice("a", first), choice("b", second)],
    }
}

/// An item of chance: a tree of one or two questions with a scenario at each end, each with
/// materials of its own.
fn item(words: (u8, u8), papers: &[(u8, u8)]) -> ItemContent {
    let mut made = content(&[(words.0, 0)], papers);
    let scenario = |id: &str, skip: usize| Scenario {
        id: id.to_owned(),
        name: Text::zh(id),
        materials: made
            .materials
            .iter()
            .skip(skip)
            .map(|material| MaterialReq {
                material: material.id.clone(),
                necessity: Necessity::Required,
                note: None,
            })
            .collect(),
        statutory: None,
        promised: None,
    };
    let scenarios = vec![scenario("s0", 0), scenario("s1", 1), scenario("s2", 2)];
    let end = |at: usize| Next::Scenario(format!("s{at}"));
    made.questions = match words.0 == words.1 {
        true => vec![question(words.0, [end(0), end(1)])],
        false => vec![
            question(words.0, [end(0), Next::Question(format!("q{}", words.1))]),
            question(words.1, [end(1), end(2)]),
        ],
    };
    made.scenarios = scenarios;
    made
}

/// A theme of chance over items: the first is mandatory, each other is taken by an answer.
fn theme_of(items: usize) -> Theme {
    let mut theme = plain().clone();
    let model = theme.items[0].clone();
    let key = |at: usize| ["a", "b", "c", "d"][at].to_owned();
    theme.items = (0..items)
        .map(|at| ThemeItem {
            key: key(at),
            need: if at == 0 {
                Need::Mandatory
            } else {
                Need::Optional
            },
            after: Vec::new(),
            ..model.clone()
        })
        .collect();
    theme.questions = (1..items)
        .map(|at| {
            let then = (at + 1 < items).then(|| format!("take{}", at + 1));
            let option = |id: &str, takes: Vec<String>| GuidingChoice {
                id: id.to_owned(),
                label: Text::zh(id),
                takes,
                then: then.clone(),
            };
            Guiding {
                id: format!("take{at}"),
                text: Text::zh(format!("要{at}吗")),
                help: None,
                options: vec![option("a", Vec::new()), option("b", vec![key(at)])],
            }
        })
        .collect();
    theme
}

/// The questions that an item needs by itself, with the answers of the one questionnaire.
fn needed(
    theme: &Theme,
    content: &ItemContent,
    place: usize,
    guided: &Guided,
    picks: &Picks,
) -> BTreeSet<String> {
    let mut own = Picks::new();
    let mut walked = BTreeSet::new();
    while let Ok(Reached::Ask(one)) = reach(content, &own) {
        walked.insert(one.id.clone());
        let asked = guided.asked.iter().find(|asked| {
            let mut sources = asked.sources.iter();
            sources.any(|source| source.place == Some(place) && source.id == one.id)
        });
        let asked =
            asked.unwrap_or_else(|| panic!("{} of {place} is not asked: {:?}", one.id, theme.id));
        own.insert(one.id.clone(), picks[&asked.name].clone());
    }
    walked
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_asked_is_what_the_chosen_items_need_and_nothing_twice(
        made in proptest::collection::vec(
            ((0u8..4, 0u8..4), proptest::collection::vec((0u8..6, 0u8..10), 0..5)), 1..5),
        answers in proptest::collection::vec(any::<bool>(), 24),
    ) {
        let contents: Vec<ItemContent> =
            made.iter().map(|(words, papers)| item(*words, papers)).collect();
        let theme = theme_of(contents.len());
        let all: Vec<_> = contents.iter().map(Some).collect();
        let mut picks = Picks::new();
        let mut dice = answers.into_iter();
        let guided = loop {
            let guided = guide(&theme, &all, &[], &picks).unwrap();
            if guided.open.is_empty() {
                break guided;
            }
            for name in &guided.open {
                let pick = if dice.next().unwrap_or(false) { "b" } else { "a" };
                picks.insert(name.clone(), pick.to_owned());
            }
        };
        // Nothing twice: no name, no source, and no two that say the same.
        let mut sources = BTreeSet::new();
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        for one in &guided.asked {
            *words.entry(one.text.zh.clone()).or_default() += 1;
            for source in &one.sources {
                prop_assert!(sources.insert(source.clone()), "{source:?} twice");
            }
        }
        prop_assert!(words.values().all(|count| *count == 1), "{words:?}");
        // The union of what the theme and the chosen items need, exactly.
        let mut needs: BTreeSet<(Option<usize>, String)> =
            theme.questions.iter().map(|one| (None, one.id.clone())).collect();
        for place in &guided.places {
            let walked = needed(&theme, &contents[*place], *place, &guided, &picks);
            needs.extend(walked.into_iter().map(|id| (Some(*place), id)));
        }
        for one in &guided.asked {
            let of = |source: &crate::questions::QuestionSource| {
                needs.contains(&(source.place, source.id.clone()))
            };
            prop_assert!(one.sources.iter().any(of), "{} is asked for nobody", one.name);
        }
        for (place, id) in &needs {
            let there = guided.asked.iter().any(|one| {
                one.sources.iter().any(|source| source.place == *place && source.id == *id)
            });
            prop_assert!(there, "{place:?} {id} is not asked");
        }
        // A name stays whatever is answered.
        let all_names: BTreeSet<String> =
            questionnaire(&theme, &all).into_iter().map(|one| one.name).collect();
        prop_assert!(guided.asked.iter().all(|one| all_names.contains(&one.name)));
        // And with the answers, the one form asks for what the chosen scenarios need.
        let taking = takings(&theme, &guided, &contents);
        holds(&assemble(&theme, &taking).unwrap(), &taking);
    }
}
