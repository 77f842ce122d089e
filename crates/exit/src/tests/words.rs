//! Every refusal has words in both languages and says what to do; every word of a vocabulary too.

use crate::decide::Refusal;
use crate::model::{DropGround, ExitSource, ExitStatus};

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let until = jiff::civil::date(2026, 11, 23);
    let all = [
        Refusal::AlreadyRunning,
        Refusal::NotAnOpener,
        Refusal::RequestOnlyCancels,
        Refusal::NotYours,
        Refusal::PenaltyWithoutDecision,
        Refusal::PenaltyOwnOrgan,
        Refusal::PenaltyInFuture,
        Refusal::StatementsOver,
        Refusal::StatementsRunning { until },
        Refusal::NoHearing,
        Refusal::HearingAsked,
        Refusal::HearingOpen,
        Refusal::NotCompensated,
        Refusal::LossNotAssessed,
        Refusal::MoreThanTheLoss,
        Refusal::NotInReview,
        Refusal::NotALegalReviewer,
        Refusal::ReviewedByOpener,
        Refusal::ReviewedByPresider,
        Refusal::BarOnlyRevocation,
        Refusal::NotReviewed,
        Refusal::ReviewedAgainst,
        Refusal::Barred,
        Refusal::NotBarred,
        Refusal::MustRevoke,
        Refusal::NoDiscretion,
        Refusal::NotADecider,
        Refusal::DecidedByOpener,
        Refusal::DecidedByReviewer,
        Refusal::DecidedByPresider,
        Refusal::MinutesNotWeighed,
        Refusal::Over,
        Refusal::NothingToPay,
        Refusal::CalendarEnds,
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code.strip_prefix("exit.").expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["exit"].get(name).and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}

#[test]
fn every_word_that_a_page_shows_has_wording() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let kinds = certificate::ExitKind::ALL.iter();
    let keys = kinds
        .map(|one| format!("kind_{one}"))
        .chain(ExitStatus::ALL.iter().map(|one| format!("state_{one}")))
        .chain(ExitSource::ALL.iter().map(|one| format!("source_{one}")))
        .chain(DropGround::ALL.iter().map(|one| format!("drop_{one}")));
    for key in keys {
        assert!(table["exit"].get(&key).is_some(), "{key} lacks words");
    }
}
