//! Every refusal has words in both languages and says what to do.

use crate::decide::Refusal;
use crate::model::{ClosedGround, HearingStatus};

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let day = jiff::civil::date(2026, 11, 23);
    let all = [
        Refusal::NotAnArranger,
        Refusal::Decided,
        Refusal::AlreadyOpen,
        Refusal::HeldBefore,
        Refusal::NotYours,
        Refusal::AskedTooLate,
        Refusal::StillTime { until: day },
        Refusal::NotAsked,
        Refusal::NoticeTooShort { from: day },
        Refusal::HeldTooLate { until: day },
        Refusal::NoWorkingDay,
        Refusal::PresiderReviewed,
        Refusal::PresiderElsewhere,
        Refusal::NotScheduled,
        Refusal::RecusalOpen,
        Refusal::NoRecusal,
        Refusal::NotADecider,
        Refusal::OwnRecusal,
        Refusal::NoPresider,
        Refusal::NotThePresider,
        Refusal::NotYet { day },
        Refusal::NotHeld,
        Refusal::Over,
        Refusal::CalendarEnds,
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("hearing.").expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["hearing"].get(name).and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
    let states = HearingStatus::ALL.iter().map(|one| format!("state_{one}"));
    let closed = ClosedGround::ALL.iter().map(|one| format!("closed_{one}"));
    for key in states.chain(closed) {
        assert!(table["hearing"].get(&key).is_some(), "{key} lacks words");
    }
}
