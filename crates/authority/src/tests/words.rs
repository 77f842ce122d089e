//! Every refusal has words in both languages and says what to do.

use crate::decide::Refusal;

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    for refusal in every() {
        let code = kernel::Refusal::code(&refusal);
        let name = code
            .strip_prefix("authority.")
            .expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["authority"]
                .get(name)
                .and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}

fn every() -> Vec<Refusal> {
    let day = jiff::civil::date(2026, 11, 23);
    let (line, other) = (1, 2);
    vec![
        Refusal::NoLines,
        Refusal::LinesOverlap { line, other },
        Refusal::TwoFields { line, other },
        Refusal::AmountsOpen {
            line,
            amount: "1".to_owned(),
        },
        Refusal::BoundsReversed,
        Refusal::AmountWithoutItem,
        Refusal::NoSuchField,
        Refusal::NoSuchLine,
        Refusal::NotADraft,
        Refusal::OwnDraft,
        Refusal::InThePast,
        Refusal::PeriodReversed,
        Refusal::LaterVersion { from: day },
        Refusal::OwnPower,
        Refusal::NotADecider,
        Refusal::NothingListed,
        Refusal::OnAnotherList,
        Refusal::AlreadyChief,
        Refusal::Ended,
        Refusal::NotTheirItem,
        Refusal::NotAnOrgan,
        Refusal::SubDelegation,
        Refusal::SameOrgan,
        Refusal::AlreadyGiven,
        Refusal::NotYourOrgan,
        Refusal::NoProxy,
        Refusal::QuorumTooSmall { min: 2 },
        Refusal::NoQuorum {
            needed: 2,
            present: 1,
        },
        Refusal::NotAMember,
        Refusal::TooFewMembers,
        Refusal::ChairAbsent,
        Refusal::NotConducting,
        Refusal::NotOpen,
        Refusal::AgendaStands,
        Refusal::NotToday { on: day },
        Refusal::OnAgenda,
        Refusal::NotOnAgenda,
        Refusal::CaseDecided,
        Refusal::AlreadyResolved,
        Refusal::NotAllResolved,
        Refusal::EmptyAgenda,
        Refusal::VotedAlready,
        Refusal::Recused,
        Refusal::HandledIt,
        Refusal::VotesMissing { missing: 1 },
        Refusal::NotALegalReviewer,
        Refusal::ReviewedItself,
        Refusal::NotTheGiver,
        Refusal::NotTheReceiver,
        Refusal::AlreadyHanded,
        Refusal::NotHanded,
        Refusal::AlreadySigned,
        Refusal::LinesWaiting { waiting: 1 },
        Refusal::SameSide,
        Refusal::TasksNeedOfficers,
        stays(),
    ]
}

fn stays() -> Refusal {
    Refusal::TaskStays {
        number: "1".to_owned(),
        because: "case.two_duties",
    }
}
