//! A signature covers all but itself, and whatever is changed is seen.

use document::{STANDARD, SignError, Signature, extract, prepare, render, sign};
use lopdf::Document;
use proptest::prelude::*;

use crate::reading::{assets, text_of};

/// Stands for a CMS: a DER sequence that holds a checksum of the covered bytes.
fn seal_of(covered: &[u8]) -> Vec<u8> {
    let sum = covered.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    [vec![0x30, 8], sum.to_be_bytes().to_vec()].concat()
}

fn unsigned() -> Vec<u8> {
    let standard = STANDARD
        .iter()
        .find(|standard| standard.name == "certificate")
        .unwrap();
    render(&standard.template(), &standard.sample_data(), &assets())
        .unwrap()
        .into_bytes()
}

fn request() -> Signature {
    let at = "2026-12-01T09:00:00+08:00[+08:00]".parse().unwrap();
    Signature::new("云澄县行政审批服务局", "签发电子证照", at)
}

fn signed() -> Vec<u8> {
    sign::<SignError>(&unsigned(), &request(), |covered| Ok(seal_of(covered))).unwrap()
}

#[test]
fn a_signature_comes_out_as_it_went_in_and_covers_the_whole_file() {
    let original = unsigned();
    let file = signed();
    assert!(file.starts_with(&original), "signing must only append");
    let found = extract(&file).unwrap();
    assert!(found.covers_whole_file);
    assert_eq!(found.cms, seal_of(&found.covered));
    assert_eq!(found.byte_range.resume + found.byte_range.after, file.len());
}

#[test]
fn a_signed_file_still_reads_the_same_and_lists_its_signature_in_the_form() {
    let file = signed();
    assert_eq!(text_of(&file), text_of(&unsigned()));
    let document = Document::load_mem(&file).unwrap();
    assert_eq!(document.xref_recovery, None);
    let form = document
        .catalog()
        .unwrap()
        .get(b"AcroForm")
        .unwrap()
        .as_dict()
        .unwrap();
    let fields = form.get(b"Fields").unwrap().as_array().unwrap();
    let field = document
        .get_dictionary(fields[0].as_reference().unwrap())
        .unwrap();
    let value = field.get_deref(b"V", &document).unwrap().as_dict().unwrap();
    assert_eq!(value.get(b"Type").unwrap().as_name().unwrap(), b"Sig");
    assert_eq!(
        value.get(b"M").unwrap().as_str().unwrap(),
        b"D:20261201090000+08'00'"
    );
}

#[test]
fn every_changed_byte_outside_the_signature_is_noticed() {
    let file = signed();
    let range = extract(&file).unwrap().byte_range;
    for place in (0..range.before)
        .step_by(997)
        .chain(range.resume..file.len())
    {
        let mut changed = file.clone();
        changed[place] ^= 1;
        let noticed = extract(&changed)
            .is_none_or(|found| !found.covers_whole_file || found.cms != seal_of(&found.covered));
        assert!(noticed, "byte {place}");
    }
}

#[test]
fn bytes_added_after_signing_are_noticed() {
    let mut file = signed();
    file.extend_from_slice(b"1 0 obj\nnull\nendobj\n");
    assert!(!extract(&file).unwrap().covers_whole_file);
}

#[test]
fn a_second_signature_covers_the_first() {
    let twice = sign::<SignError>(&signed(), &request(), |covered| Ok(seal_of(covered))).unwrap();
    let found = extract(&twice).unwrap();
    assert!(found.covers_whole_file);
    assert_eq!(found.cms, seal_of(&found.covered));
    let document = Document::load_mem(&twice).unwrap();
    let form = document
        .catalog()
        .unwrap()
        .get(b"AcroForm")
        .unwrap()
        .as_dict()
        .unwrap();
    assert_eq!(form.get(b"Fields").unwrap().as_array().unwrap().len(), 2);
}

#[test]
fn a_cms_larger_than_its_room_is_refused() {
    let small = Signature {
        reserve_bytes: 16,
        ..request()
    };
    let refused = prepare(&unsigned(), &small).unwrap().finish(&[0x30; 17]);
    assert_eq!(
        refused,
        Err(SignError::ReserveTooSmall {
            needed: 17,
            reserved: 16
        })
    );
}

#[test]
fn what_is_not_a_pdf_is_neither_signed_nor_read() {
    assert!(matches!(
        prepare(b"PK\x03\x04", &request()),
        Err(SignError::Unreadable(_))
    ));
    assert_eq!(extract(b"PK\x03\x04"), None);
    assert_eq!(extract(&unsigned()), None);
}

proptest! {
    #[test]
    fn reading_a_signature_never_panics(
        before in ".{0,20}",
        numbers in proptest::collection::vec(any::<u64>(), 0..6),
        after in ".{0,20}",
    ) {
        let words: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let file = format!("{before}/ByteRange [0 {}]{after}", words.join(" "));
        extract(file.as_bytes());
    }
}
