//! Every refusal has words in both languages and says what to do; every shipped scheme reads.

use jiff::civil::date;
use kernel::Money;

use crate::decide::Refusal;

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let all = [
        Refusal::CodeTaken,
        Refusal::AmountMissing,
        Refusal::ItemNotListed,
        Refusal::NotYourScheme,
        Refusal::Closed,
        Refusal::NotMatched,
        Refusal::AlreadyOffered,
        Refusal::NotYours,
        Refusal::NothingToAnswer,
        Refusal::NotYetOver {
            due: date(2026, 11, 23),
        },
        Refusal::HouseOnly,
        Refusal::NotConfirmed,
        Refusal::NotADecider,
        Refusal::MatchedByDecider,
        Refusal::BudgetSpent { left: Money::ZERO },
        Refusal::ReasonMissing,
        Refusal::NotGranted,
        Refusal::AlreadyPaid,
        Refusal::NotListed,
        Refusal::EmptyList,
        Refusal::NothingToCheck,
        Refusal::NotAChecker,
        Refusal::CheckedByDecider,
        Refusal::CalendarEnds,
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("offer.").expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["offer"].get(name).and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}

#[test]
fn every_shipped_scheme_reads_and_its_rule_answers_every_party() {
    let known = |name: &str| catalogue::model::PARTY_FACTS.contains(&name);
    for scheme in crate::shipped::schemes().expect("they read") {
        let Some(table) = &scheme.table else { continue };
        let found = catalogue::check::tables::findings(table, &known, "table");
        assert!(catalogue::check::publishable(&found), "{found:?}");
    }
}
