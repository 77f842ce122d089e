//! The figures of real logs equal their answer keys in every number.

use std::fs::File;
use std::path::Path;

use eventlog::{Limits, Log, read, stats, write};
use serde_json::Value;

const LOGS: [&str; 2] = ["receipt", "bpic2020_permit_log_1_trace_per_variant"];

/// What a key says about its file, not about the log.
const ABOUT_THE_FILE: [&str; 3] = ["source_file", "sha256_of_file", "tool"];

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn log(name: &str) -> Log {
    let file = File::open(data(&format!("{name}.xes.gz"))).expect("the log is shipped");
    read(file, &Limits::default()).expect("the log is well-formed")
}

/// Where two JSON values differ; numbers are compared by value.
fn difference(place: &str, one: &Value, two: &Value) -> Option<String> {
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            let keys: std::collections::BTreeSet<&String> = one.keys().chain(two.keys()).collect();
            keys.into_iter().find_map(|key| {
                let get = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or_default()
                };
                difference(&format!("{place}.{key}"), &get(one), &get(two))
            })
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            let pairs = one.iter().zip(two).enumerate();
            pairs
                .into_iter()
                .find_map(|(at, (one, two))| difference(&format!("{place}[{at}]"), one, two))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        _ if one == two => None,
        _ => Some(format!("{place}: {one} is not {two}")),
    }
}

#[test]
fn every_number_of_the_answer_keys_is_met() {
    for name in LOGS {
        let key = std::fs::read(data(&format!("{name}.oracle.json"))).expect("the key is shipped");
        let mut key: Value = serde_json::from_slice(&key).expect("the key is JSON");
        let fields = key.as_object_mut().expect("the key is an object");
        fields.retain(|field, _| !ABOUT_THE_FILE.contains(&field.as_str()));
        let found = serde_json::to_value(stats(&log(name))).expect("figures are JSON");
        assert_eq!(difference(name, &found, &key), None);
    }
}

#[test]
fn what_is_written_is_read_back_equal() {
    for name in LOGS {
        let log = log(name);
        let mut bytes = Vec::new();
        write(&log, &mut bytes).expect("memory takes everything");
        let back = read(bytes.as_slice(), &Limits::default()).expect("we wrote it");
        assert!(back == log, "{name}");
    }
}
