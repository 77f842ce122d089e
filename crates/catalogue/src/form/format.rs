//! The formats that a field's schema may name beside those of JSON Schema, and how a typed value
//! is tidied before it is looked at. What a code means is the business of the crate `codes`.

use jiff::civil::Date;

/// The formats a form may use.
pub const FORMATS: &[&str] = &["date", "uscc", "citizen-id", "phone", "postcode", "email"];

/// Whether `text` has the format `name`; an unknown format has no texts.
pub fn is(name: &str, text: &str) -> bool {
    match name {
        "date" => date(text).is_some(),
        "uscc" => codes::Uscc::parse(text).is_ok(),
        "citizen-id" => codes::CitizenId::parse_stored(text).is_ok(),
        "phone" => is_phone(text),
        "postcode" => text.len() == 6 && all_digits(text),
        "email" => is_email(text),
        _ => false,
    }
}

/// A date that exists, written YYYY-MM-DD.
pub fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    if plain { text.parse().ok() } else { None }
}

/// Trims, and for codes turns full-width characters into plain ones and letters into capitals.
pub fn tidy(format: Option<&str>, text: &str) -> String {
    let text = text.trim();
    match format {
        Some("uscc" | "citizen-id") => text
            .chars()
            .filter_map(plain)
            .collect::<String>()
            .to_ascii_uppercase(),
        Some("phone" | "postcode" | "date" | "email") => text.chars().filter_map(plain).collect(),
        _ => text.to_owned(),
    }
}

/// A full-width character as its plain one; spaces vanish.
fn plain(character: char) -> Option<char> {
    match character {
        ' ' | '\u{3000}' | '\u{a0}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xff01 + u32::from('!')),
        other => Some(other),
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A mainland mobile number, or a landline with area code and perhaps an extension.
fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix("+86").unwrap_or(text);
    if digits.len() == 11 && digits.starts_with('1') && all_digits(digits) {
        return matches!(digits.as_bytes()[1], b'3'..=b'9');
    }
    let mut parts = digits.split('-');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(area), Some(number), extension, None) => {
            area.starts_with('0')
                && (3..=4).contains(&area.len())
                && all_digits(area)
                && (7..=8).contains(&number.len())
                && all_digits(number)
                && extension.is_none_or(|digits| digits.len() <= 6 && all_digits(digits))
        }
        (Some(short), None, None, None) => {
            all_digits(short) && (5..=8).contains(&short.len()) && !short.starts_with('0')
        }
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    match text.split_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && name.chars().all(allowed)
                && host.contains('.')
                && host.split('.').all(|label| !label.is_empty())
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        }
        None => false,
    }
}
