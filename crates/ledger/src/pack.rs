//! How the data of a line lie in the store: their canonical text, made short against a text of
//! words that most lines repeat. What the tree binds is the canonical text, never this form.
//!
//! The first byte says how to read the rest: `0` the text itself; `1` two bytes of length (little
//! endian), then LZ4 against the first dictionary. A dictionary never changes once a hall has
//! used it; a better one gets the next number.

use kernel::Fault;

const PLAIN: u8 = 0;
const FIRST: u8 = 1;
/// What most lines repeat, the most frequent last: LZ4 reaches the end of it cheapest.
const DICTIONARY: &[u8] = include_bytes!("../data/dictionary-1.txt");

/// The form in which a canonical text lies in the store.
pub(crate) fn pack(text: &str) -> Vec<u8> {
    let plain = || {
        let mut all = Vec::with_capacity(text.len() + 1);
        all.push(PLAIN);
        all.extend_from_slice(text.as_bytes());
        all
    };
    let Ok(length) = u16::try_from(text.len()) else {
        return plain();
    };
    let short = lz4_flex::block::compress_with_dict(text.as_bytes(), DICTIONARY);
    if text.len() <= short.len() + 2 {
        return plain();
    }
    let mut all = Vec::with_capacity(short.len() + 3);
    all.push(FIRST);
    all.extend_from_slice(&length.to_le_bytes());
    all.extend_from_slice(&short);
    all
}

/// The canonical text of what [`pack`] made.
///
/// # Errors
/// [`Fault::Broken`] when it was changed behind the program's back.
pub(crate) fn unpack(packed: &[u8]) -> Result<String, Fault> {
    let damaged = || Fault::broken("the data of a line are damaged");
    let bytes = match packed {
        [PLAIN, text @ ..] => text.to_vec(),
        [FIRST, low, high, short @ ..] => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            let text = lz4_flex::block::decompress_with_dict(short, length, DICTIONARY)
                .map_err(|_| damaged())?;
            if text.len() != length {
                return Err(damaged());
            }
            text
        }
        _ => return Err(damaged()),
    };
    String::from_utf8(bytes).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_of_a_case_takes_less_than_half_its_text() {
        let text = concat!(
            r#"{"by":"officer_01k2m3n4p5q6r7s8t9v0w1x2y3","marking":"4,5,6j1","#,
            r#""on":"2026-11-23","opened":[{"at":"lead","due":"2026-11-30","#,
            r#""duty":"decide","role":"decider","task":7}],"outcome":"agree","task":3}"#,
        );
        assert!(pack(text).len() * 2 < text.len());
        assert_eq!(unpack(&pack(text)).unwrap(), text);
    }

    #[test]
    fn what_is_damaged_is_refused_and_never_panics() {
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[9, 1, 2]).is_err());
        assert!(unpack(&[PLAIN, 0xff]).is_err());
        let packed = pack(&"{\"on\":\"2026-11-23\"}".repeat(9));
        for at in 0..packed.len() {
            let mut wrong = packed.clone();
            wrong[at] ^= 0x55;
            let _any_answer_but_a_panic = unpack(&wrong);
        }
        assert!(unpack(&packed[..packed.len() - 1]).is_err());
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,3000}") {
            prop_assert_eq!(unpack(&pack(&text)).unwrap(), text);
        }

        #[test]
        fn a_text_longer_than_a_length_can_say_comes_back(n in 65_530_usize..65_540) {
            let text = "卷".repeat(n / 3 + 1);
            prop_assert_eq!(unpack(&pack(&text)).unwrap(), text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _any_answer_but_a_panic = unpack(&bytes);
        }
    }
}
