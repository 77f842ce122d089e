//! Bounded texts: what people type, trimmed, without control characters, never endless.

use crate::fault::Problem;

/// The longest name of a person, an organisation or a thing, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// The longest remark, reason or opinion, in characters.
pub const REMARK_CHARS_MAX: usize = 4000;

/// Trims a text and checks its length and characters.
///
/// # Errors
/// `field.required`, `field.too_long` or `field.control_character`.
pub fn bounded(field: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::new(field, "field.required"));
    }
    optional(field, text, chars_max)
}

/// As [`bounded`], but an empty text is a good answer.
///
/// # Errors
/// `field.too_long` or `field.control_character`.
pub fn optional(field: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    let text = text.trim();
    if chars_max < text.chars().count() {
        return Err(Problem::new(field, "field.too_long").with("max", chars_max));
    }
    let control = |c: char| c.is_control() && c != '\n' && c != '\r' && c != '\t';
    if text.chars().any(|c| control(c) || is_unseen(c)) {
        return Err(Problem::new(field, "field.control_character"));
    }
    Ok(text.to_owned())
}

/// As [`bounded`], on one line: what people, organs and things are called.
///
/// # Errors
/// As [`bounded`].
pub fn line(field: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    let text = bounded(field, text, chars_max)?;
    if text.contains(['\n', '\r', '\t']) {
        return Err(Problem::new(field, "field.control_character"));
    }
    Ok(text)
}

/// What nobody sees and what makes a text read as another: marks that turn the direction of
/// writing (UAX #9), spaces without width, line ends of another kind, the byte order mark.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{061C}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// A mainland mobile number or a landline with area code, digits and hyphens only.
///
/// # Errors
/// `field.required` or `field.phone`.
pub fn phone(field: &str, text: &str) -> Result<String, Problem> {
    let text = bounded(field, text, 20)?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
    let mobile = digits.len() == 11 && digits.starts_with('1');
    let landline = (10..=12).contains(&digits.len()) && digits.starts_with('0');
    if plain && (mobile || landline) {
        Ok(digits)
    } else {
        Err(Problem::new(field, "field.phone"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(bounded("name", "  张三 ", 2), Ok("张三".to_owned()));
        assert_eq!(
            bounded("name", "张三丰", 2).unwrap_err().code,
            "field.too_long"
        );
        assert_eq!(
            bounded("name", " \n", 2).unwrap_err().code,
            "field.required"
        );
        assert_eq!(
            bounded("name", "a\u{0}b", 9).unwrap_err().code,
            "field.control_character"
        );
    }

    /// A name was taken that the page showed in another order than it was typed.
    #[test]
    fn what_nobody_sees_is_refused_and_a_name_stands_on_one_line() {
        for typed in ["甲\u{202e}乙", "甲\u{200b}乙", "\u{feff}甲", "甲\u{2028}乙"] {
            let told = optional("name", typed, 9).unwrap_err();
            assert_eq!(told.code, "field.control_character", "{typed:?}");
        }
        assert_eq!(bounded("reason", "一\n二", 9), Ok("一\n二".to_owned()));
        let told = line("name", "甲\n乙", 9).unwrap_err();
        assert_eq!(told.code, "field.control_character");
        assert_eq!(
            line("name", "买买提·艾合买提", 9),
            Ok("买买提·艾合买提".to_owned())
        );
    }

    #[test]
    fn a_phone_is_a_mobile_or_a_landline_with_area_code() {
        assert_eq!(
            phone("phone", "138 0013 8000"),
            Ok("13800138000".to_owned())
        );
        assert_eq!(phone("phone", "0826-2345678"), Ok("08262345678".to_owned()));
        assert_eq!(phone("phone", "2345678").unwrap_err().code, "field.phone");
    }
}
