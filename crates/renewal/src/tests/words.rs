//! Every refusal has words in both languages and says what to do.

use crate::decide::Refusal;
use crate::model::{RenewalCheck, RenewalStatus};

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let day = jiff::civil::date(2026, 11, 23);
    let check = RenewalCheck::Standing;
    let all = [
        Refusal::NotYours,
        Refusal::NothingToRenew,
        Refusal::AskedTooLate { by: day },
        Refusal::AlreadyAsked,
        Refusal::AlreadyProposed,
        Refusal::NotListed,
        Refusal::SafetyItem,
        Refusal::CheckFails { check },
        Refusal::TooNear,
        Refusal::SayNoOver,
        Refusal::SayNoRuns { until: day },
        Refusal::NotWaiting,
        Refusal::NotAReviewer,
        Refusal::NotADecider,
        Refusal::DecidedByReviewer,
        Refusal::NotReviewed,
        Refusal::NotYetOver { until: day },
        Refusal::DeemedAlready,
        Refusal::NothingToCheck,
        Refusal::CalendarEnds,
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("renewal.").expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["renewal"].get(name).and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
    for status in RenewalStatus::ALL {
        let key = format!("state_{status}");
        assert!(table["renewal"].get(&key).is_some(), "{key} lacks words");
    }
}
