//! ISO 7064 MOD 37,36 (hybrid): the check character of case numbers and of e-certificate
//! identifiers (GB/T 36904). It finds every single wrong character; of two neighbours in the wrong
//! order it finds all but a few pairs (the test in `tests/promises.rs` counts them).

const MODULUS: u32 = 36;

fn character_value(character: char) -> Option<u32> {
    match character {
        '0'..='9' | 'A'..='Z' => character.to_digit(MODULUS),
        _ => None,
    }
}

/// The check character of a text of 0–9 and A–Z; `None` where any other character stands.
pub fn check_character(payload: &str) -> Option<char> {
    let mut product = MODULUS;
    for character in payload.chars() {
        let sum = (product + character_value(character)?) % MODULUS;
        product = (if sum == 0 { MODULUS } else { sum }) * 2 % (MODULUS + 1);
    }
    let check = (MODULUS + 1 - product) % MODULUS;
    char::from_digit(check, MODULUS).map(|digit| digit.to_ascii_uppercase())
}

/// Whether the last character is the check character of those before it.
pub fn verifies(text: &str) -> bool {
    let mut characters = text.chars();
    let last = characters.next_back();
    last.is_some()
        && !characters.as_str().is_empty()
        && check_character(characters.as_str()) == last
}
