//! The shipped list holds together, and every refusal has words and a way on.

use crate::decide::Refusal;

#[test]
fn every_act_of_the_list_has_its_number_its_law_and_its_condition() {
    let list = crate::list::list().expect("it reads");
    for (number, entry) in (1..).zip(&list.entries) {
        assert_eq!(entry.number, number, "numbers are a promise");
        assert!(!entry.basis.law.is_empty() && !entry.basis.article.is_empty());
        assert!(!entry.condition.is_blank() && entry.condition.en.is_some());
        assert!(0 < entry.period_months);
    }
    assert!(20 <= list.entries.len());
}

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    for refusal in Refusal::ALL {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("leniency.").expect("ours");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["leniency"]
                .get(name)
                .and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}
