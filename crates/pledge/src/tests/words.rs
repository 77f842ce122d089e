//! Every refusal has words in both languages and says what to do.

use crate::decide::Refusal;
use crate::model::PledgeKind;

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let kind = PledgeKind::Promise;
    let day = jiff::civil::date(2026, 11, 23);
    let all = [
        Refusal::NotPublished { kind },
        Refusal::SafetyItem,
        Refusal::RouteLost,
        Refusal::AlreadySigned,
        Refusal::NotOnList { kind, material: 0 },
        Refusal::NamedTwice,
        Refusal::NothingPledged,
        Refusal::NotYours,
        Refusal::Decided,
        Refusal::NotRetractable,
        Refusal::NothingOwed,
        Refusal::NotOwed { material: 0 },
        Refusal::NotYetOver { due: day },
        Refusal::NothingToCheck,
        Refusal::NotAChecker,
        Refusal::CheckedByDecider,
        Refusal::AlreadyRectifying,
        Refusal::NotADecider,
        Refusal::MendedByChecker,
        Refusal::NotBroken,
        Refusal::Over,
        Refusal::CalendarEnds,
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("pledge.").expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["pledge"].get(name).and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}
