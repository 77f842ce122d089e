//! Canonical JSON against a slow definition and the examples of RFC 8785.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use crate::canonical::{CanonicalError, DEPTH_MAX, INTEGER_MAX, to_vec, write};

fn canonical<T: Serialize + ?Sized>(value: &T) -> String {
    String::from_utf8(to_vec(value).unwrap()).unwrap()
}

/// RFC 8785 as one would explain it: sort the keys as arrays of UTF-16, print the rest plainly.
fn slow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => slow_text(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(slow).collect::<Vec<_>>().join(","))
        }
        Value::Object(fields) => {
            let mut keys: Vec<_> = fields.keys().collect();
            keys.sort_by_key(|key| key.encode_utf16().collect::<Vec<u16>>());
            let entries = keys
                .iter()
                .map(|key| format!("{}:{}", slow_text(key), slow(&fields[*key])));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

fn slow_text(text: &str) -> String {
    let body: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\t' => "\\t".to_owned(),
            '\n' => "\\n".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\r' => "\\r".to_owned(),
            c if c < ' ' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{body}\"")
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[a-c\u{e000}\u{ffff}\u{10000}\u{10ffff}\u{d7ff}一]{0,3}",
        "[\\x00-\\x1f\"\\\\/]{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-INTEGER_MAX..=INTEGER_MAX).prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_fast_writer_agrees_with_the_slow_definition(value in any_json()) {
        let fast = canonical(&value);
        prop_assert_eq!(&fast, &slow(&value));
        prop_assert_eq!(serde_json::from_str::<Value>(&fast).unwrap(), value);
    }

    #[test]
    fn a_record_and_its_json_value_have_the_same_bytes(
        zeta in any::<i32>(), alpha in any::<String>(),
        list in prop::collection::vec(any::<u8>(), 0..5),
        map in prop::collection::btree_map(any::<String>(), any::<bool>(), 0..5),
        numbers in prop::collection::btree_map(any::<i16>(), any::<char>(), 0..5),
    ) {
        let record = Record {
            zeta, alpha, list: list.clone(), map, numbers,
            kinds: vec![
                Kind::Unit, Kind::One(zeta), Kind::Two(1, true),
                Kind::Fields { z: None, a: Some("甲"), nested: Wrapper((3, 'x')) },
            ],
            unit: (), nothing: Empty,
        };
        let value = serde_json::to_value(&record).unwrap();
        prop_assert_eq!(canonical(&record), canonical(&value));
    }
}

#[derive(Serialize)]
struct Record {
    zeta: i32,
    alpha: String,
    list: Vec<u8>,
    map: BTreeMap<String, bool>,
    numbers: BTreeMap<i16, char>,
    kinds: Vec<Kind>,
    unit: (),
    nothing: Empty,
}

#[derive(Serialize)]
struct Empty;

#[derive(Serialize)]
struct Wrapper((u8, char));

#[derive(Serialize)]
enum Kind {
    Unit,
    One(i32),
    Two(u8, bool),
    Fields {
        z: Option<u8>,
        a: Option<&'static str>,
        nested: Wrapper,
    },
}

#[test]
fn the_sorting_example_of_rfc_8785_comes_out_in_its_order() {
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return",
        "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
        "\u{f6}": "Latin Small Letter O With Diaeresis",
    });
    let text = canonical(&value);
    let order = [
        "Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew",
    ];
    let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn a_known_record_has_known_bytes() {
    let value =
        json!({ "b": [1, -2, 0, true, null], "a": { "清窗": "€\u{7f}\u{1}/\n\"" }, "": {} });
    let expected = "{\"\":{},\"a\":{\"清窗\":\"€\u{7f}\\u0001/\\n\\\"\"},\"b\":[1,-2,0,true,null]}";
    assert_eq!(canonical(&value), expected);
}

#[test]
fn integers_are_exact_up_to_the_limit_and_refused_beyond() {
    for exact in [INTEGER_MAX, -INTEGER_MAX, 0, -1, 10] {
        assert_eq!(canonical(&exact), exact.to_string());
    }
    let beyond = [
        to_vec(&(INTEGER_MAX + 1)),
        to_vec(&(-INTEGER_MAX - 1)),
        to_vec(&i64::MIN),
        to_vec(&u64::MAX),
        to_vec(&i128::MIN),
        to_vec(&u128::MAX),
        to_vec(&json!({ "x": [u64::MAX] })),
    ];
    for refused in beyond {
        assert!(
            matches!(refused, Err(CanonicalError::IntegerOutOfRange(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn floating_point_is_refused_even_when_whole() {
    assert_eq!(to_vec(&1.0_f64), Err(CanonicalError::Float));
    assert_eq!(to_vec(&1.5_f32), Err(CanonicalError::Float));
    assert_eq!(to_vec(&json!({ "fee": 0.1 })), Err(CanonicalError::Float));
}

#[test]
fn the_same_key_twice_is_refused() {
    struct Twice;
    impl Serialize for Twice {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map([("b", 1), ("a", 2), ("b", 3)])
        }
    }
    assert_eq!(
        to_vec(&Twice),
        Err(CanonicalError::DuplicateKey("b".to_owned()))
    );
}

#[test]
fn a_key_that_is_no_text_is_refused() {
    let map = BTreeMap::from([((1_u8, 2_u8), 3_u8)]);
    assert_eq!(to_vec(&map), Err(CanonicalError::KeyNotText));
}

#[test]
fn nesting_ends_in_a_refusal_and_not_in_a_crash() {
    let nest = |levels: u32| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(to_vec(&nest(DEPTH_MAX)).is_ok());
    assert_eq!(to_vec(&nest(DEPTH_MAX + 1)), Err(CanonicalError::TooDeep));
}

#[test]
fn writing_appends_to_what_is_there() {
    let mut out = b"leaf:".to_vec();
    write(&json!({ "b": 1, "a": { "d": 2, "c": 3 } }), &mut out).unwrap();
    assert_eq!(out, b"leaf:{\"a\":{\"c\":3,\"d\":2},\"b\":1}");
}
