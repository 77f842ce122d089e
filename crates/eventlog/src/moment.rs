//! Times as XES writes them: ISO 8601 with or without fraction and offset; without one, UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Microseconds since 1970, UTC. Finer fractions are cut off.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let bytes = text.trim().as_bytes();
    let year = i16::try_from(digits(bytes, 0, 4)?).ok()?;
    let (month, day) = (two(bytes, 5)?, two(bytes, 8)?);
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let mut at = 10;
    let (mut hour, mut minute, mut second, mut nanosecond) = (0, 0, 0, 0);
    if at < bytes.len() && matches!(bytes[at], b'T' | b't' | b' ') {
        (hour, minute) = (two(bytes, at + 1)?, two(bytes, at + 4)?);
        if bytes[at + 3] != b':' {
            return None;
        }
        at += 6;
        if bytes.get(at) == Some(&b':') {
            second = two(bytes, at + 1)?;
            at += 3;
        }
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            (nanosecond, at) = fraction(bytes, at + 1)?;
        }
    }
    let offset = offset(&bytes[at..])?;
    let civil = DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    let time: Timestamp = offset.to_timestamp(civil).ok()?;
    Some(time.as_microsecond())
}

fn two(bytes: &[u8], at: usize) -> Option<i8> {
    i8::try_from(digits(bytes, at, 2)?).ok()
}

fn digits(bytes: &[u8], at: usize, length: usize) -> Option<i32> {
    bytes
        .get(at..at + length)?
        .iter()
        .try_fold(0, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i32::from(digit - b'0'))
        })
}

/// Nanoseconds, and where the fraction ends.
fn fraction(bytes: &[u8], begin: usize) -> Option<(i32, usize)> {
    let length = bytes[begin..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let kept = length.min(9);
    let value = digits(bytes, begin, kept)?;
    let missing = u32::try_from(9 - kept).ok()?;
    (length > 0).then(|| (value * 10_i32.pow(missing), begin + length))
}

/// `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing.
fn offset(bytes: &[u8]) -> Option<Offset> {
    let sign = match bytes {
        [] | [b'Z' | b'z'] => return Some(Offset::UTC),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let hours = digits(bytes, 1, 2)?;
    let minutes = match bytes.len() {
        3 => 0,
        5 => digits(bytes, 3, 2)?,
        6 if bytes[3] == b':' => digits(bytes, 4, 2)?,
        _ => return None,
    };
    (minutes < 60).then_some(())?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}
