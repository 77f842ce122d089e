//! What the product carries is true to its sources and free of errors.

use crate::check::{Severity, check, completeness};
use crate::model::kind::{ItemType, Target};
use crate::model::{ItemContent, LegalBasis, LimitUnit, Promise};
use crate::scenario::paths;
use crate::shipped;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn items() -> Vec<ItemContent> {
    shipped::items().expect("shipped items are readable")
}

fn district() -> BTreeMap<String, csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(shipped::DISTRICT_LIST);
    let rows = reader.records().map(|row| row.expect("a readable list"));
    rows.map(|row| (row[4].to_owned(), row)).collect()
}

#[test]
fn every_shipped_item_has_no_error_and_is_complete() {
    for item in items() {
        let findings = check(&item);
        let errors: Vec<_> = findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", item.name.zh);
        let score = completeness(&item);
        assert!(
            95 <= score.percent,
            "{}: {} {:?}",
            item.name.zh,
            score.percent,
            score.missing
        );
        assert!(item.takes_applications(), "{}", item.name.zh);
    }
}

#[test]
fn a_shipped_item_written_out_is_read_back_the_same() {
    for (file, json) in shipped::ITEMS {
        let item = ItemContent::read(json.as_bytes()).expect("a readable item");
        let value = item.to_value().expect("a writable item");
        let original: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(
            value, original,
            "{file} holds something that the model drops or adds"
        );
    }
}

#[test]
fn name_code_type_and_department_of_a_shipped_item_are_those_of_the_real_list() {
    let district = district();
    for item in items() {
        let row = &district[item.codes.key().expect("a code")];
        assert_eq!(item.name.zh, row[3]);
        assert_eq!(item.codes.local_catalog_code.as_deref(), Some(&row[5]));
        assert_eq!(item.region, row[6]);
        assert_eq!(Some(item.item_type), ItemType::read(&row[7]));
        assert_eq!(item.department, row[1]);
        assert!(
            row[9].is_empty() || item.body.uscc.as_deref() == Some(&row[9]),
            "{}",
            item.name.zh
        );
    }
}

/// Every legal basis anywhere in a document.
fn bases(value: &Value, found: &mut Vec<LegalBasis>) {
    match value {
        Value::Object(map) => {
            if map.contains_key("law") && map.contains_key("article") {
                found.push(serde_json::from_value(value.clone()).expect("a legal basis"));
            }
            map.values().for_each(|inner| bases(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| bases(inner, found)),
        _ => {}
    }
}

#[test]
fn every_quoted_sentence_stands_in_the_law_word_for_word() {
    let cited: Vec<Value> =
        serde_json::from_str(include_str!("../../data/cited_articles.json")).expect("JSON");
    let mut quotes = 0;
    for item in items() {
        let mut found = Vec::new();
        bases(&item.to_value().expect("a writable item"), &mut found);
        for basis in found {
            let Some(quote) = &basis.quote else { continue };
            let stands = cited.iter().any(|article| {
                article["law"] == basis.law.as_str()
                    && article["text"]
                        .as_str()
                        .is_some_and(|text| text.contains(quote.as_str()))
                    && article["article"]
                        .as_str()
                        .is_some_and(|no| basis.article.starts_with(no))
            });
            assert!(stands, "{} does not say: {quote}", basis.citation());
            quotes += 1;
        }
    }
    assert!(30 < quotes, "only {quotes} quotes were looked at");
}

#[test]
fn the_shipped_items_show_every_kind_of_handling() {
    let items = items();
    let some = |rule: &dyn Fn(&ItemContent) -> bool| items.iter().any(rule);
    let follows = |item: &ItemContent, procedure: &str| {
        item.handling
            .as_ref()
            .is_some_and(|handling| handling.procedure.as_str() == procedure)
    };
    assert!(12 <= items.len());
    for procedure in ["standard", "instant", "legal_review", "joint_opinion"] {
        assert!(some(&|item| follows(item, procedure)), "{procedure}");
    }
    assert!(some(&|item| item.promised == Some(Promise::Instant)));
    assert!(some(&|item| {
        matches!(item.promised, Some(Promise::Within(limit)) if limit.unit == LimitUnit::Hour)
    }));
    assert!(some(&|item| item.age_min.is_some()));
    assert!(some(&|item| item.quantity_limit.is_some()));
    assert!(some(&|item| !item.fees.is_empty()));
    assert!(some(&|item| item.fees.is_empty()));
    assert!(some(&|item| item.targets == [Target::Person]));
    assert!(some(&|item| item.targets.contains(&Target::Enterprise)));
}

#[test]
fn a_shipped_item_has_two_to_five_scenarios_and_six_to_sixteen_fields() {
    for item in items() {
        let paths = paths(&item).expect("a sound tree");
        assert!((2..=5).contains(&item.scenarios.len()), "{}", item.name.zh);
        assert!(item.scenarios.len() <= paths.len(), "{}", item.name.zh);
        assert!(
            (6..=16).contains(&item.fields.len()),
            "{} {}",
            item.name.zh,
            item.fields.len()
        );
        assert!(2 <= item.faq.len(), "{}", item.name.zh);
    }
}

#[test]
fn every_item_speaks_english_where_people_read_it() {
    for item in items() {
        for field in &item.fields {
            assert!(field.label.en.is_some(), "{} {}", item.name.zh, field.name);
        }
        for material in &item.materials {
            assert!(
                material.name.en.is_some(),
                "{} {}",
                item.name.zh,
                material.id
            );
        }
        for question in &item.questions {
            assert!(
                question.text.en.is_some(),
                "{} {}",
                item.name.zh,
                question.id
            );
        }
    }
}

/// Names as people say them: without what stands in brackets.
fn spoken(name: &str) -> String {
    let mut depth = 0;
    let mut spoken = String::new();
    for character in name.chars() {
        match character {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            other if depth == 0 => spoken.push(other),
            _ => {}
        }
    }
    spoken
}

#[test]
fn every_word_of_daily_life_leads_to_an_item_of_the_real_list() {
    let names: Vec<String> = district()
        .values()
        .map(|row| format!("{}|{}", &row[2], &row[3]))
        .collect();
    let spoken: Vec<String> = names.iter().map(|name| spoken(name)).collect();
    for synonym in shipped::synonyms() {
        for means in synonym.means {
            let known = spoken.iter().chain(&names).any(|name| name.contains(means));
            assert!(
                known,
                "{} means {means}, which no item is called",
                synonym.word
            );
        }
    }
}

#[test]
fn no_topic_and_no_word_stands_twice() {
    let topics: Vec<&str> = shipped::topics().iter().map(|topic| topic.id).collect();
    assert_eq!(topics.iter().collect::<BTreeSet<_>>().len(), topics.len());
    let words: Vec<&str> = shipped::synonyms()
        .iter()
        .map(|synonym| synonym.word)
        .collect();
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len());
    assert!(30 <= topics.len() && 60 <= words.len());
}
