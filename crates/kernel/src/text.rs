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
    let forbidden = |c: char| c.is_control() && c != '\n' && c != '\r' && c != '\t';
    if text.chars().any(forbidden) {
        return Err(Problem::new(field, "field.control_character"));
    }
    Ok(text.to_owned())
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
