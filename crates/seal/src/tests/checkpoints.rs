//! Checkpoints: one text for one statement, and no signature that is not one.

use jiff::Timestamp;

use super::key;
use crate::{
    Checkpoint, Digest32, SignedCheckpoint, Suite,
    checkpoint::{CheckpointError, key_line, parse_key_line},
    hash,
};

const NAME: &str = "hall.example.gov.cn/ledger";

fn statement(suite: Suite) -> Checkpoint {
    Checkpoint {
        origin: NAME.to_owned(),
        size: 9_240_000,
        root: hash(suite, b"root"),
        time: "2026-11-23T04:18:00.5Z".parse().unwrap(),
        suite,
    }
}

fn signed(suite: Suite) -> SignedCheckpoint {
    SignedCheckpoint::sign(statement(suite), NAME, &key(suite, 1)).unwrap()
}

#[test]
fn a_checkpoint_has_exactly_the_documented_bytes() {
    let checkpoint = Checkpoint {
        root: Digest32([0; 32]),
        ..statement(Suite::ShangMi)
    };
    let signed = SignedCheckpoint::sign(checkpoint, NAME, &key(Suite::ShangMi, 1)).unwrap();
    let text = signed.to_string();
    let body = "hall.example.gov.cn/ledger\n9240000\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\
                time=2026-11-23T04:18:00.500000Z suite=sm3-sm2\n";
    assert_eq!(signed.checkpoint().body(), body);
    let line = text
        .strip_prefix(body)
        .unwrap()
        .strip_prefix("\n— ")
        .unwrap();
    let encoded = line.strip_prefix(NAME).unwrap().strip_prefix(' ').unwrap();
    assert_eq!(
        encoded.len(),
        92 + 1,
        "4 + 64 bytes in base64 and the end of the line"
    );
    assert!(encoded.ends_with('\n'));
}

#[test]
fn a_checkpoint_survives_its_text_and_is_believed() {
    for suite in [Suite::ShangMi, Suite::International] {
        let read = SignedCheckpoint::parse(&signed(suite).to_string()).unwrap();
        assert_eq!(read, signed(suite));
        let believed = read.verify(NAME, &key(suite, 1).verifying_key()).unwrap();
        assert_eq!(*believed, statement(suite));
    }
}

#[test]
fn nanoseconds_are_cut_so_that_the_text_says_all() {
    let time: Timestamp = "2026-11-23T04:18:00.123456789Z".parse().unwrap();
    let checkpoint = Checkpoint {
        time,
        ..statement(Suite::ShangMi)
    };
    let signed = SignedCheckpoint::sign(checkpoint, NAME, &key(Suite::ShangMi, 1)).unwrap();
    assert_eq!(
        SignedCheckpoint::parse(&signed.to_string()).unwrap(),
        signed
    );
}

#[test]
fn witnesses_of_either_suite_cosign_and_are_kept() {
    let mut checkpoint = signed(Suite::ShangMi);
    checkpoint
        .cosign("witness.example", &key(Suite::International, 2))
        .unwrap();
    checkpoint
        .cosign("纪委.example", &key(Suite::ShangMi, 3))
        .unwrap();
    checkpoint
        .cosign("纪委.example", &key(Suite::ShangMi, 3))
        .unwrap();
    let read = SignedCheckpoint::parse(&checkpoint.to_string()).unwrap();
    assert_eq!(read.lines().len(), 3);
    read.verify(
        "witness.example",
        &key(Suite::International, 2).verifying_key(),
    )
    .unwrap();
    read.verify("纪委.example", &key(Suite::ShangMi, 3).verifying_key())
        .unwrap();
    read.verify(NAME, &key(Suite::ShangMi, 1).verifying_key())
        .unwrap();
}

#[test]
fn a_stranger_has_not_signed() {
    let checkpoint = signed(Suite::ShangMi);
    let other = key(Suite::ShangMi, 2).verifying_key();
    assert_eq!(
        checkpoint.verify(NAME, &other),
        Err(CheckpointError::NotSigned)
    );
    let own = key(Suite::ShangMi, 1).verifying_key();
    assert_eq!(
        checkpoint.verify("another.example", &own),
        Err(CheckpointError::NotSigned)
    );
}

#[test]
fn a_changed_statement_is_not_believed() {
    for suite in [Suite::ShangMi, Suite::International] {
        let text = signed(suite).to_string();
        let (own, other) = match suite {
            Suite::ShangMi => ("sm3-sm2", "sha256-ed25519"),
            Suite::International => ("sha256-ed25519", "sm3-sm2"),
        };
        let changes = [
            ("9240000", "9240001"),
            ("00.500000", "00.500001"),
            ("hall.", "mall."),
            (own, other),
        ];
        for (from, to) in changes {
            let read = SignedCheckpoint::parse(&text.replacen(from, to, 1)).unwrap();
            let verdict = read.verify(NAME, &key(suite, 1).verifying_key());
            assert!(
                matches!(verdict, Err(CheckpointError::Signature(_))),
                "{from} → {to}"
            );
        }
    }
}

#[test]
fn one_good_line_does_not_excuse_a_bad_one_of_the_same_key() {
    let good = signed(Suite::ShangMi);
    let other = Checkpoint {
        size: 1,
        ..statement(Suite::ShangMi)
    };
    let other = SignedCheckpoint::sign(other, NAME, &key(Suite::ShangMi, 1)).unwrap();
    let bad_line = other.to_string().lines().last().unwrap().to_owned();
    let both = SignedCheckpoint::parse(&format!("{good}{bad_line}\n")).unwrap();
    let verdict = both.verify(NAME, &key(Suite::ShangMi, 1).verifying_key());
    assert!(matches!(verdict, Err(CheckpointError::Signature(_))));
}

#[test]
fn other_ways_to_write_the_same_statement_are_refused_by_line() {
    let text = signed(Suite::ShangMi).to_string();
    let wrong = [
        (2, text.replacen("9240000", "09240000", 1)),
        (2, text.replacen("9240000", "+9240000", 1)),
        (2, text.replacen("9240000", "18446744073709551616", 1)),
        (3, text.replacen("=\n", "\n", 1)),
        (4, text.replacen(".500000Z", ".5Z", 1)),
        (4, text.replacen(".500000Z", ".500000+00:00", 1)),
        (4, text.replacen(" suite", "  suite", 1)),
        (4, text.replacen("sm3-sm2\n", "sm3\n", 1)),
        (5, text.replacen("\n\n", "\nextra\n\n", 1)),
        (5, text.replacen("\n\n", "\n", 1)),
        (6, text.trim_end().to_owned()),
        (6, text.replacen("— ", "- ", 1)),
        (7, format!("{text}\n")),
        (6, text.split_inclusive("\n\n").next().unwrap().to_owned()),
        (5, text.replace('\n', "\r\n")),
        (5, String::new()),
    ];
    for (line, wrong) in wrong {
        let verdict = SignedCheckpoint::parse(&wrong);
        assert_eq!(verdict, Err(CheckpointError::Format(line)), "{wrong}");
    }
}

#[test]
fn names_that_would_break_the_lines_are_refused() {
    let key = key(Suite::ShangMi, 1);
    for name in ["", "a b", "a+b", "a\nb", "甲\u{3000}乙"] {
        let verdict = SignedCheckpoint::sign(statement(Suite::ShangMi), name, &key);
        assert_eq!(verdict, Err(CheckpointError::Name), "{name:?}");
    }
    for origin in ["", "a\nb", &"长".repeat(86)] {
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            ..statement(Suite::ShangMi)
        };
        let verdict = SignedCheckpoint::sign(checkpoint, NAME, &key);
        assert_eq!(verdict, Err(CheckpointError::Name), "{origin:?}");
    }
}

#[test]
fn a_key_line_of_the_note_format_is_read_and_written() {
    // The example of the Go package golang.org/x/mod/sumdb/note.
    let example = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let (name, key) = parse_key_line(example).unwrap();
    assert_eq!(
        (name.as_str(), key.suite()),
        ("PeterNeumann", Suite::International)
    );
    assert_eq!(key_line(&name, &key).unwrap(), example);
    let own = super::key(Suite::ShangMi, 1).verifying_key();
    let line = key_line(NAME, &own).unwrap();
    assert_eq!(parse_key_line(&line).unwrap(), (NAME.to_owned(), own));
    assert!(parse_key_line(&example.replace("c74f20a3", "c74f20a4")).is_err());
    assert!(parse_key_line("PeterNeumann").is_err());
}
