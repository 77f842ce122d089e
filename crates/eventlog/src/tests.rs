//! Logs small enough to count by hand, and bytes that are no log.

mod profile;

use std::io::Write;

use crate::{Figure, Limits, Log, LogFault, LoggedEvent, Value, read, stats, write};

fn parse(xml: &str) -> Result<Log, LogFault> {
    read(xml.as_bytes(), &Limits::default())
}

fn event(activity: &str, at: &str) -> String {
    format!(
        r#"<event><string key="concept:name" value="{activity}"/>
        <date key="time:timestamp" value="{at}"/></event>"#
    )
}

fn case(name: &str, events: &[(&str, &str)]) -> String {
    let events: String = events
        .iter()
        .map(|(activity, at)| event(activity, at))
        .collect();
    format!(r#"<trace><string key="concept:name" value="{name}"/>{events}</trace>"#)
}

#[test]
fn events_are_counted_by_time_and_in_file_order_on_ties() {
    let xml = format!(
        "<log>{}{}</log>",
        case(
            "1",
            &[("b", "2026-01-02T00:00:00Z"), ("a", "2026-01-01T00:00:00Z")]
        ),
        case(
            "2",
            &[
                ("b", "2026-01-01T08:00:00+08:00"),
                ("a", "2026-01-01T00:00:00.000Z")
            ]
        ),
    );
    let stats = stats(&parse(&xml).unwrap());
    assert_eq!((stats.cases, stats.events, stats.variants), (2, 4, 2));
    assert_eq!(
        stats.start_activities.0,
        [("a".to_owned(), 1), ("b".to_owned(), 1)]
    );
    let edges: Vec<(&str, &str, u64, f64)> = stats
        .dfg
        .iter()
        .map(|edge| (&*edge.from, &*edge.to, edge.count, edge.mean_seconds))
        .collect();
    assert_eq!(edges, [("a", "b", 1, 86_400.0), ("b", "a", 1, 0.0)]);
    assert!(!stats.dfg_file_order_equal);
    assert_eq!(stats.dfg_file_order_differences.len(), 2);
    let throughput = stats.throughput_seconds.unwrap();
    assert_eq!((throughput.median, throughput.p90), (43_200.0, 77_760.0));
    assert_eq!(throughput.max, Figure::Real(86_400.0));
    assert_eq!(
        stats.first_timestamp_utc.as_deref(),
        Some("2026-01-01 00:00:00+00:00")
    );
}

#[test]
fn traces_of_one_name_are_one_case_and_empty_traces_are_none() {
    let xml = format!(
        "<log>{}{}<trace/>{}</log>",
        case("1", &[("a", "2026-01-01T00:00:00Z")]),
        case("2", &[]),
        case("1", &[("c", "2026-01-03T00:00:00Z")]),
    );
    let stats = stats(&parse(&xml).unwrap());
    assert_eq!((stats.cases, stats.events), (1, 2));
    assert_eq!(stats.top_variants[0].trace, ["a", "c"]);
}

#[test]
fn an_empty_log_has_no_figures_but_noughts() {
    let stats = stats(&parse("<log/>").unwrap());
    assert_eq!(
        (
            stats.cases,
            stats.dfg_edges,
            stats.variants_covering_80pct_of_cases
        ),
        (0, 0, 0)
    );
    assert_eq!(stats.throughput_seconds, None);
    assert!(stats.dfg_file_order_equal);
}

#[test]
fn events_without_name_or_time_are_told_not_invented() {
    let xml = r#"<log><trace><event><string key="concept:name" value="a"/></event>
        <event><date key="time:timestamp" value="2026-01-01"/></event></trace>
        <event><string key="concept:name" value="a"/></event></log>"#;
    let log = parse(xml).unwrap();
    assert_eq!((log.event_count(), log.skipped_events()), (0, 3));
}

#[test]
fn declared_defaults_nested_attributes_and_lists_are_no_values_of_a_case() {
    let xml = r#"<log><global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
        <trace><list key="l"><values><string key="concept:name" value="no"/></values></list>
        <string key="channel" value="Internet"><string key="concept:name" value="no"/></string>
        <event><string key="concept:name" value="a"><int key="time:timestamp" value="3"/></string>
        <date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event></trace></log>"#;
    let log = parse(xml).unwrap();
    let case = log.cases().next().unwrap();
    assert_eq!(case.name(), None);
    assert_eq!(
        case.attributes().collect::<Vec<_>>(),
        [("channel", Value::Text("Internet"))]
    );
    assert_eq!(case.events().next().unwrap().activity, "a");
}

#[test]
fn times_are_read_in_every_form_that_logs_use() {
    let at = |text: &str| crate::moment::parse(text);
    assert_eq!(at("1970-01-01T00:00:01Z"), Some(1_000_000));
    assert_eq!(at("1970-01-01T01:00:00.5+01:00"), Some(500_000));
    assert_eq!(at("1970-01-01 00:00:00.1234567"), Some(123_456));
    assert_eq!(at("1970-01-01T00:00-0100"), Some(3_600_000_000));
    assert_eq!(at("1970-01-02"), Some(86_400_000_000));
    assert_eq!(at("1969-12-31T23:59:59.999999Z"), Some(-1));
    for wrong in [
        "",
        "1970",
        "1970-13-01",
        "1970-02-30T00:00:00Z",
        "1970-01-01T25:00:00Z",
        "yesterday",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00+99:99",
        "1970-01-01T",
        "日期日期日期",
        "1970-01-01T00:00:00X",
        "1970/01/01",
    ] {
        assert_eq!(at(wrong), None, "{wrong}");
    }
}

/// Nothing that stands in a file may bring the reader down or fill the memory.
#[test]
fn what_is_no_log_is_refused_with_its_place() {
    let code = |xml: &str| parse(xml).unwrap_err().code();
    assert_eq!(code(""), "not_a_log");
    assert_eq!(code("<html/>"), "not_a_log");
    assert_eq!(code("<log>"), "malformed");
    assert_eq!(code("<log></trace></log>"), "malformed");
    assert_eq!(code("<log><trace></log>"), "malformed");
    assert_eq!(code("<log/><log/>"), "not_a_log");
    assert_eq!(
        code("<log><trace><string key=\"a\" value=\"&bomb;\"/></trace></log>"),
        "malformed"
    );
    assert_eq!(
        code("<log><trace><string key=\"a\" value=\"&#1;\"/></trace></log>"),
        "malformed"
    );
    let bomb = r#"<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log>&b;</log>"#;
    assert_eq!(code(bomb), "document_type");
    let fault = parse("<log>\n<trace>\n<int key=\"cost\" value=\"much\"/></trace></log>");
    let fault = fault.unwrap_err();
    assert_eq!(fault.code(), "value");
    let place = fault.place().unwrap();
    assert_eq!((place.line, place.trace), (3, 1));
    assert!(fault.zh().contains("第 3 行") && fault.to_string().contains("line 3"));
    assert_eq!(
        read(&b"\x1f\x8bnot gzip"[..], &Limits::default())
            .unwrap_err()
            .code(),
        "broken"
    );
    assert_eq!(
        read(&b"<log>\xff\xfe</log>"[..], &Limits::default())
            .unwrap_err()
            .code(),
        "malformed"
    );
}

#[test]
fn every_limit_ends_the_reading() {
    let xml = format!(
        "<log>{}{}</log>",
        case(
            "1",
            &[("a", "2026-01-01T00:00:00Z"), ("b", "2026-01-01T00:00:00Z")]
        ),
        case("2", &[("c", "2026-01-01T00:00:00Z")]),
    );
    let most = Limits::default();
    for limits in [
        Limits {
            rows_max: 3,
            ..most
        },
        Limits {
            words_max: 4,
            ..most
        },
        Limits {
            word_bytes_max: 3,
            ..most
        },
        Limits {
            piece_bytes_max: 20,
            ..most
        },
        Limits {
            bytes_max: 100,
            ..most
        },
    ] {
        let fault = read(xml.as_bytes(), &limits).unwrap_err();
        assert_eq!(fault.code(), "too_much", "{limits:?} {fault}");
    }
    let deep = format!("<log>{}", "<a>".repeat(100_000));
    assert_eq!(parse(&deep).unwrap_err().code(), "too_much");
    let long = format!("<log><!--{}--></log>", "-".repeat(2 << 20));
    assert_eq!(parse(&long).unwrap_err().code(), "too_much");
}

#[test]
fn a_small_gzip_file_that_unpacks_without_end_is_refused() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"<log>").unwrap();
    packer.write_all(&vec![b' '; 8 << 20]).unwrap();
    let bytes = packer.finish().unwrap();
    assert_eq!(
        read(bytes.as_slice(), &Limits::default())
            .unwrap_err()
            .code(),
        "too_much"
    );
    let cut = &bytes[..bytes.len() - 9];
    let roomy = Limits {
        piece_bytes_max: 16 << 20,
        ..Limits::default()
    };
    assert_eq!(read(cut, &roomy).unwrap_err().code(), "broken");
}

#[test]
fn a_log_made_by_hand_is_written_and_read_back() {
    let mut log = Log::new();
    let at = |text: &str| text.parse().unwrap();
    assert!(
        !log.attribute("k", Value::Flag(true)),
        "there is no case yet"
    );
    assert!(log.begin_case(Some("许可 <1> & \"2\"\n")));
    assert!(log.attribute("channel", Value::Text("窗口\t1")));
    assert!(log.attribute("deadline", Value::Time(at("2026-11-23T08:00:00.000001Z"))));
    assert!(log.attribute("fee", Value::Whole(-12)));
    assert!(log.attribute("share", Value::Real(0.1)));
    assert!(log.attribute("urgent", Value::Flag(false)));
    assert!(log.event(&LoggedEvent {
        activity: "受理",
        at: at("2026-11-20T01:00:00Z"),
        resource: Some("岗位 7"),
        transition: Some("complete"),
    }));
    assert!(log.begin_case(None));
    let mut bytes = Vec::new();
    write(&log, &mut bytes).unwrap();
    assert_eq!(read(bytes.as_slice(), &Limits::default()).unwrap(), log);
    log.begin_case(Some("\u{1}"));
    assert_eq!(write(&log, Vec::new()), Err(LogFault::Unwritable('\u{1}')));
}

proptest::proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(0_u8.., 0..400)) {
        let _ = read(bytes.as_slice(), &Limits::default());
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[<>/!?&;\"= a-c]{0,60}") {
        let _ = parse(&format!("<log><trace><event>{text}"));
    }

    #[test]
    fn no_time_brings_the_reader_down(text in "[0-9]{0,4}-?[0-9T:.+Z-]{0,24}") {
        let _ = crate::moment::parse(&text);
    }

    #[test]
    fn every_text_is_written_so_that_it_is_read_back(
        name in "[ -퟿]{0,20}", value in "[ -~\t\n\r]{0,20}",
    ) {
        let mut log = Log::new();
        log.begin_case(Some(&name));
        log.attribute("key", Value::Text(&value));
        let mut bytes = Vec::new();
        write(&log, &mut bytes).unwrap();
        proptest::prop_assert!(read(bytes.as_slice(), &Limits::default()).unwrap() == log);
    }
}
