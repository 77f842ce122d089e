//! Codes that change every half minute 动态码 (RFC 4226, RFC 6238): six digits, HMAC-SHA-1, as
//! every authenticator on a phone computes them.
//!
//! Deliberately absent: secrets at rest and who must have one (`factor`).

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// How long a code holds, in seconds (RFC 6238 section 4).
pub const STEP_SECONDS: i64 = 30;
/// How many steps a phone's clock may be off, either way (RFC 6238 section 5.2).
pub const STEPS_OFF: i64 = 1;
/// Length of a secret: as long as the digest (RFC 4226 section 4, R6).
pub const SECRET_BYTES: usize = 20;

const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;

/// The step of an instant: half minutes since 1970.
#[must_use]
pub fn step_at(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

/// The number from which the digits of a step are taken (RFC 4226 section 5.3).
fn truncated(secret: &[u8], step: i64) -> u32 {
    let mut mac =
        <Hmac<Sha1> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let word = [0, 1, 2, 3].map(|at| digest[offset + at]);
    u32::from_be_bytes(word) & 0x7fff_ffff
}

/// The code of a step.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    format!("{:06}", truncated(secret, step) % MODULUS)
}

/// The step whose code was typed, near enough to `now` and later than the last one used: a
/// code opens once, even within its half minute (RFC 6238 section 5.2).
#[must_use]
pub fn fits(secret: &[u8], typed: &str, now: Timestamp, used: Option<i64>) -> Option<i64> {
    if typed.len() != DIGITS {
        return None;
    }
    let here = step_at(now);
    let near = here - STEPS_OFF..=here + STEPS_OFF;
    let fresh = near.filter(|step| used.is_none_or(|used| used < *step));
    // Every candidate is computed, so that the answer's time tells nothing.
    let fitting: Vec<i64> = fresh.filter(|step| code(secret, *step) == typed).collect();
    fitting.first().copied()
}

/// What is typed for a code, brought into form: without spaces and dashes, in small letters.
#[must_use]
pub fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Base 32 without padding (RFC 4648 section 6), as authenticators take secrets by hand.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut block = [0u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let block = u64::from_be_bytes(block);
        for at in 0..(chunk.len() * 8).div_ceil(5) {
            let index = (block >> (35 - 5 * at)) & 31;
            text.push(char::from(ALPHABET[usize::try_from(index).unwrap_or(0)]));
        }
    }
    text
}

/// The address that an authenticator reads from the QR code.
#[must_use]
pub fn address(issuer: &str, login: &str, secret: &[u8]) -> String {
    let (issuer, login) = (percent(issuer), percent(login));
    let secret = base32(secret);
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}\
         &algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
}

/// Everything but unreserved characters as `%XX` (RFC 3986 section 2).
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238 appendix B, the rows of SHA-1: seconds and eight digits.
    const ANSWERS: [(i64, u32); 6] = [
        (59, 94_287_082),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ];

    /// RFC 4226 appendix D: counter and six digits.
    const COUNTED: [&str; 10] = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
    ];

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_answers_of_rfc_6238_and_rfc_4226_come_out() {
        for (seconds, digits) in ANSWERS {
            let step = step_at(at(seconds));
            assert_eq!(truncated(SECRET, step) % 100_000_000, digits, "{seconds}");
            assert_eq!(code(SECRET, step), format!("{:06}", digits % MODULUS));
        }
        for (step, digits) in (0..).zip(COUNTED) {
            assert_eq!(code(SECRET, step), digits);
        }
    }

    #[test]
    fn a_code_holds_one_step_either_way_and_opens_once() {
        let now = at(1_111_111_111);
        let here = step_at(now);
        let typed = |step: i64| code(SECRET, step);
        for off in [-1, 0, 1] {
            assert_eq!(
                fits(SECRET, &typed(here + off), now, None),
                Some(here + off)
            );
        }
        for off in [-3, -2, 2, 3] {
            assert_eq!(fits(SECRET, &typed(here + off), now, None), None, "{off}");
        }
        assert_eq!(
            fits(SECRET, &typed(here), now, Some(here)),
            None,
            "replayed"
        );
        assert_eq!(
            fits(SECRET, &typed(here - 1), now, Some(here)),
            None,
            "an older one"
        );
        assert_eq!(
            fits(SECRET, &typed(here + 1), now, Some(here)),
            Some(here + 1)
        );
        for wrong in ["", "12345", "1234567", "abcdef", "05047１"] {
            assert_eq!(fits(SECRET, wrong, now, None), None, "{wrong}");
        }
    }

    #[test]
    fn base_32_is_that_of_rfc_4648_and_the_address_is_whole() {
        let vectors = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (plain, text) in vectors {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(
            address("Hall 1", "li.b", b"foobar"),
            "otpauth://totp/Hall%201:li.b?secret=MZXW6YTBOI&issuer=Hall%201\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(plain(" Ab-c 12 "), "abc12");
    }
}
