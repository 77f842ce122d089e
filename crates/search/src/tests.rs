//! What a citizen may expect of the search box.

use std::time::Duration;

use proptest::prelude::*;

use crate::{Doc, Facets, Fault, Filter, Hits, Index};

fn item(id: &str, title: &str, body: &str) -> Doc {
    Doc {
        id: id.into(),
        title: title.into(),
        body: body.into(),
        ..Doc::default()
    }
}

/// A small hall with names as they really are.
fn hall() -> Index {
    let index = Index::in_memory().unwrap();
    let mut food = item(
        "food",
        "食品(含保健食品)经营许可核发",
        "餐饮服务、食品销售者应当取得许可。",
    );
    food.title_en = "Food business permit".into();
    food.synonyms = vec!["餐饮证".into()];
    food.facets = Facets {
        organ: "market".into(),
        topics: vec!["开餐馆".into(), "企业".into()],
        kind: "permit".into(),
    };
    let docs = vec![
        food,
        item("company", "公司设立登记", "有限责任公司、股份有限公司。"),
        item(
            "home",
            "养老机构备案",
            "设立养老机构应当在登记后十个工作日内备案。",
        ),
        item("pension", "养老保险待遇备案", ""),
        item("bank", "银行卡变更", ""),
        item("marriage", "结婚登记", "双方亲自到场。"),
        item("marriage_abroad", "涉外结婚登记（县级）", "双方亲自到场。"),
        item("id_card", "居民身份证补领", "遗失的，应当申请补领。"),
        item("smoke", "烟草专卖零售许可证核发", ""),
        item("theatre", "演出场所经营单位备案", "食品不得带入。"),
    ];
    index.replace_all(docs).unwrap();
    index
}

fn ask(index: &Index, typed: &str) -> Hits {
    index.search(typed, &Filter::default(), 20, 0).unwrap()
}

fn ids(index: &Index, typed: &str) -> Vec<String> {
    ask(index, typed)
        .items
        .into_iter()
        .map(|hit| hit.id)
        .collect()
}

fn first(index: &Index, typed: &str) -> String {
    ids(index, typed).into_iter().next().unwrap_or_default()
}

#[test]
fn a_word_finds_the_things_that_hold_it_and_no_others() {
    let index = hall();
    assert_eq!(ids(&index, "结婚"), ["marriage", "marriage_abroad"]);
    assert_eq!(ask(&index, "结婚").total, 2);
    assert!(ids(&index, "量子纠缠").is_empty());
}

#[test]
fn words_may_stand_apart_in_the_name() {
    let found = ids(&hall(), "养老备案");
    assert!(found.contains(&"home".to_owned()) && found.contains(&"pension".to_owned()));
}

#[test]
fn the_name_that_equals_the_question_comes_first() {
    let index = hall();
    assert_eq!(first(&index, "结婚登记"), "marriage");
    index
        .upsert([item("long", "结婚登记结婚登记结婚登记", "结婚登记")])
        .unwrap();
    assert_eq!(first(&index, "结婚 登记"), "marriage");
}

#[test]
fn a_hit_in_the_name_comes_before_one_in_the_guide() {
    assert_eq!(ids(&hall(), "食品"), ["food", "theatre"]);
}

#[test]
fn turns_of_speech_around_the_thing_wanted_do_not_hide_it() {
    let index = hall();
    for typed in [
        "我想开一家饭店",
        "請問開餐館怎麼辦理？",
        "我想办理结婚登记需要什么材料",
        "身份证丢了怎么办",
    ] {
        let wanted = match typed {
            _ if typed.contains("结婚") => "marriage",
            _ if typed.contains("身份") => "id_card",
            _ => "food",
        };
        assert_eq!(first(&index, typed), wanted, "{typed}");
    }
    // 家具 is not 开一家 and 具; a question of nothing but turns still asks.
    index.upsert([item("sofa", "家具生产许可", "")]).unwrap();
    assert_eq!(first(&index, "我想开家具生产"), "sofa");
    assert!(index.search("怎么办", &Filter::default(), 5, 0).is_ok());
}

#[test]
fn traditional_characters_find_what_simplified_ones_do() {
    let index = hall();
    for (typed, wanted) in [
        ("結婚登記", "marriage"),
        ("煙草專賣", "smoke"),
        ("居民身份證補領", "id_card"),
    ] {
        assert_eq!(first(&index, typed), wanted, "{typed}");
    }
    index.upsert([item("tea", "臺灣茶葉店備案", "")]).unwrap();
    assert_eq!(first(&index, "台湾茶叶"), "tea", "both sides are folded");
}

#[test]
fn pinyin_finds_by_full_sound_by_initials_and_from_the_middle_of_a_name() {
    let index = hall();
    for typed in [
        "shipinjingying",
        "shi pin jing ying",
        "SPJY",
        "ＳＰＪＹ",
        "shipin",
        "jyxk",
    ] {
        assert_eq!(first(&index, typed), "food", "{typed}");
    }
    assert_eq!(first(&index, "gssl"), "company");
}

#[test]
fn sounds_that_are_hard_to_tell_apart_are_heard_alike() {
    let index = hall();
    assert_eq!(first(&index, "sipinjinying"), "food");
    assert_eq!(first(&index, "shipingjinying"), "food");
}

#[test]
fn one_wrong_letter_in_a_long_sound_is_forgiven() {
    let index = hall();
    for typed in [
        "shipimjingying",
        "shipnjingying",
        "shipinjiingying",
        "shipinijngying",
    ] {
        assert_eq!(first(&index, typed), "food", "{typed}");
    }
}

#[test]
fn a_word_with_a_reading_of_its_own_is_found_by_it() {
    let index = hall();
    assert_eq!(first(&index, "yinhang"), "bank");
    assert_eq!(first(&index, "yhk"), "bank");
}

#[test]
fn what_people_say_finds_what_the_law_calls_it() {
    let index = hall();
    assert_eq!(first(&index, "我要开饭店"), "food");
    assert_eq!(first(&index, "领证"), "marriage");
    assert_eq!(first(&index, "身份证丢了怎么办"), "id_card");
    assert_eq!(
        first(&index, "餐饮证"),
        "food",
        "other names given with the item count too"
    );
    assert_eq!(first(&index, "烟证"), "smoke");
}

#[test]
fn english_finds_too_and_forgives_a_slip() {
    let index = hall();
    for typed in [
        "food",
        "Food permits",
        "how to apply for a food permit",
        "busines",
    ] {
        assert_eq!(first(&index, typed), "food", "{typed}");
    }
}

#[test]
fn any_part_of_a_name_of_two_characters_finds_it() {
    let index = hall();
    let name = "烟草专卖零售许可证核发";
    let letters: Vec<char> = name.chars().collect();
    for pair in letters.windows(2) {
        let part: String = pair.iter().collect();
        assert!(ids(&index, &part).contains(&"smoke".to_owned()), "{part}");
    }
}

#[test]
fn when_nothing_holds_all_words_things_with_some_are_shown_and_it_is_said() {
    let index = hall();
    let found = ask(&index, "结婚 烟草");
    assert!(!found.all_words && found.total == 3);
    assert!(ask(&index, "结婚 登记").all_words);
}

#[test]
fn a_search_can_be_narrowed_by_each_facet() {
    let index = hall();
    let narrowed = |filter: Filter| index.search("经营", &filter, 20, 0).unwrap().total;
    assert_eq!(narrowed(Filter::default()), 2);
    let organ = Some("market".to_owned());
    assert_eq!(
        narrowed(Filter {
            organ,
            ..Filter::default()
        }),
        1
    );
    assert_eq!(
        narrowed(Filter {
            topic: Some("企业".into()),
            ..Filter::default()
        }),
        1
    );
    assert_eq!(
        narrowed(Filter {
            kind: Some("permit".into()),
            ..Filter::default()
        }),
        1
    );
    assert_eq!(
        narrowed(Filter {
            kind: Some("none".into()),
            ..Filter::default()
        }),
        0
    );
}

#[test]
fn a_new_version_replaces_the_old_and_a_removed_thing_is_gone() {
    let index = hall();
    index.upsert([item("marriage", "婚姻登记", "")]).unwrap();
    assert_eq!(ids(&index, "婚姻"), ["marriage"]);
    assert_eq!(ids(&index, "结婚"), ["marriage_abroad"]);
    index.remove(["marriage", "unknown"]).unwrap();
    assert!(ids(&index, "婚姻").is_empty());
    assert_eq!(index.len(), 9);
    index.replace_all([]).unwrap();
    assert!(index.is_empty());
}

#[test]
fn pages_follow_one_another_without_gap_or_repeat() {
    let index = Index::in_memory().unwrap();
    index
        .replace_all((0..50).map(crate::bench::made_up))
        .unwrap();
    let whole = index.search("许可", &Filter::default(), 50, 0).unwrap();
    let mut turned = Vec::new();
    for offset in (0..50).step_by(7) {
        let page = index.search("许可", &Filter::default(), 7, offset).unwrap();
        assert_eq!(page.total, whole.total);
        turned.extend(page.items);
    }
    assert_eq!(turned, whole.items);
}

#[test]
fn no_page_size_and_no_depth_is_a_failure() {
    let index = hall();
    for (limit, offset) in [
        (0, 0),
        (usize::MAX, 0),
        (1, usize::MAX),
        (0, usize::MAX),
        (5, 9_999),
    ] {
        let found = index
            .search("登记", &Filter::default(), limit, offset)
            .unwrap();
        assert!(found.total >= 2, "{limit} {offset}");
    }
}

#[test]
fn an_empty_question_finds_nothing_and_a_strange_one_does_not_fail() {
    let index = hall();
    for typed in [
        "",
        "   ",
        "！？…",
        "\0\u{feff}",
        "*",
        "\"",
        "AND OR NOT ( [",
        "title:*",
        "😀",
    ] {
        assert_eq!(ask(&index, typed).total, 0, "{typed:?}");
    }
    for typed in [
        "登".repeat(100_000),
        "a".repeat(1_000_000),
        "a b ".repeat(10_000),
    ] {
        ask(&index, &typed);
    }
}

#[test]
fn a_folder_keeps_the_index_and_belongs_to_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert!(index.is_empty());
    index.upsert([item("marriage", "结婚登记", "")]).unwrap();
    assert!(matches!(Index::open(folder.path()), Err(Fault::Busy)));
    drop(index);
    assert_eq!(
        ids(&Index::open(folder.path()).unwrap(), "jiehun"),
        ["marriage"]
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_emptied_and_can_be_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(Index::open(folder.path()).unwrap());
    std::fs::write(folder.path().join("text-2/meta.json"), b"{ not json").unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert!(index.is_empty());
    index.upsert([item("marriage", "结婚登记", "")]).unwrap();
    assert_eq!(index.len(), 1);
}

#[test]
fn questions_over_thousands_of_items_are_answered_quickly_even_without_optimization() {
    let measured = crate::measure(3_000, 180).unwrap();
    assert_eq!((measured.docs, measured.questions), (3_000, 180));
    assert!(measured.p99 < Duration::from_millis(400), "{measured:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_may_be_published_and_asked_for(
        title in "\\PC{0,40}",
        body in any::<String>(),
        typed in any::<String>(),
    ) {
        let index = Index::in_memory().unwrap();
        index.upsert([item("thing", &title, &body)]).unwrap();
        for question in [&typed, &title, &body] {
            let found = index.search(question, &Filter::default(), 10, 0).unwrap();
            prop_assert!(found.total <= 1);
        }
    }
}
