//! What 行政处罚法 33 says of an offence, and every way to get round it.

use jiff::civil::{Date, date};
use kernel::TypedId;
use kernel::uuid::Uuid;
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Facts, Opened, Refusal, Who, open};
use crate::model::{Assessment, Harm, Offence, OffenceStatus, Outcome};

const MONDAY: Date = date(2026, 11, 23);

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn words() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(9)),
        digest: Digest32([9; 32]),
    }
}

fn who(number: u128, decides: bool) -> Who {
    Who {
        officer: id(number),
        standing_in: None,
        organ: id(5),
        reviews: !decides,
        decides,
    }
}

fn opened() -> Opened {
    Opened {
        entry: 1,
        party: id(3),
        organ: id(5),
        found_on: MONDAY,
        by: id(10),
        facts: words(),
    }
}

fn given() -> Offence {
    let event = open(opened(), true, MONDAY, who(10, false)).expect("opened");
    Offence::begin(id(1), &event).expect("begun")
}

fn facts(who: Who, first: bool) -> Facts {
    Facts {
        today: MONDAY,
        who: Some(who),
        first,
        look_again_on: date(2027, 1, 6),
    }
}

fn found(harm: Harm, corrected: bool) -> Command {
    Command::Assess {
        minor: true,
        harm,
        corrected,
    }
}

fn decide(spare: bool) -> Command {
    let reason = words();
    Command::Decide { spare, reason }
}

#[track_caller]
fn then(offence: &mut Offence, command: Command, facts: &Facts) {
    let events = offence.decide(command, facts).expect("lawful");
    events.iter().for_each(|event| offence.evolve(event));
}

#[test]
fn the_law_says_what_is_spared() {
    let law = |minor, harm, corrected, first| {
        let found = Assessment {
            minor,
            harm,
            corrected,
            first,
        };
        found.outcome()
    };
    assert_eq!(law(true, Harm::None, true, false), Outcome::ShallNot);
    assert_eq!(law(false, Harm::None, true, true), Outcome::MayNot);
    assert_eq!(law(true, Harm::Slight, true, true), Outcome::MayNot);
    assert_eq!(law(true, Harm::Slight, true, false), Outcome::Punishable);
    assert_eq!(law(true, Harm::None, false, true), Outcome::Punishable);
    assert_eq!(law(true, Harm::Serious, true, true), Outcome::Punishable);
}

#[test]
fn nobody_is_spared_untaught_or_by_whoever_assessed_it() {
    let mut offence = given();
    let handler = facts(who(10, false), true);
    let decider = facts(who(11, true), true);
    let early = offence.decide(decide(true), &decider);
    assert_eq!(early, Err(Refusal::NotAssessed));
    then(&mut offence, found(Harm::Slight, true), &handler);
    assert_eq!(offence.outcome, Some(Outcome::MayNot));
    let untaught = offence.decide(decide(true), &decider);
    assert_eq!(untaught, Err(Refusal::EducationMissing));
    let taught = Command::Educate { record: words() };
    then(&mut offence, taught.clone(), &handler);
    let own = facts(who(10, true), true);
    assert_eq!(
        offence.decide(decide(true), &own),
        Err(Refusal::DecidedByHandler)
    );
    then(&mut offence, decide(true), &decider);
    assert_eq!(offence.status, OffenceStatus::Spared);
    assert_eq!(offence.decide(taught, &handler), Err(Refusal::Decided));

    let look = Command::LookAgain {
        relapsed: false,
        finding: words(),
    };
    let own = offence.decide(look.clone(), &decider);
    assert_eq!(own, Err(Refusal::LookedByDecider));
    then(&mut offence, look.clone(), &handler);
    assert_eq!(offence.status, OffenceStatus::Settled);
    let again = offence.decide(look, &handler);
    assert_eq!(again, Err(Refusal::NothingToLookAt));
}

#[test]
fn what_the_law_commands_is_not_decided_otherwise() {
    let (handler, decider) = (facts(who(10, false), false), facts(who(11, true), false));
    let mut harmless = given();
    then(&mut harmless, found(Harm::None, true), &handler);
    let punished = harmless.decide(decide(false), &decider);
    assert_eq!(punished, Err(Refusal::MustSpare));
    let mut second = given();
    then(&mut second, found(Harm::Slight, true), &handler);
    let spared = second.decide(decide(true), &decider);
    assert_eq!(spared, Err(Refusal::NotLenient));
    then(&mut second, decide(false), &decider);
    assert_eq!(second.status, OffenceStatus::Ordinary);
}

#[test]
fn what_turns_out_not_to_be_the_first_is_found_by_night_and_not_spared_meanwhile() {
    let mut offence = given();
    let handler = facts(who(10, false), true);
    then(&mut offence, found(Harm::Slight, true), &handler);
    then(&mut offence, Command::Educate { record: words() }, &handler);
    assert_eq!(offence.outcome, Some(Outcome::MayNot));
    // Another office enters an older one: the decision sees it before the night does.
    let decider = facts(who(11, true), false);
    let spared = offence.decide(decide(true), &decider);
    assert_eq!(spared, Err(Refusal::NotLenient));
    let by_hand = offence.decide(Command::Match, &decider);
    assert_eq!(by_hand, Err(Refusal::ClockOnly));
    let night = |first| Facts {
        who: None,
        ..facts(who(10, false), first)
    };
    assert_eq!(offence.decide(Command::Match, &night(true)), Ok(Vec::new()));
    then(&mut offence, Command::Match, &night(false));
    assert_eq!(offence.outcome, Some(Outcome::Punishable));
    assert_eq!(offence.assessment.map(|found| found.first), Some(false));
    let twice = offence.decide(Command::Match, &night(false));
    assert_eq!(twice, Ok(Vec::new()), "nothing new");
    then(&mut offence, decide(false), &decider);
    let over = offence.decide(Command::Match, &night(true));
    assert_eq!(over, Err(Refusal::Decided));
}

#[test]
fn only_acts_of_the_list_are_opened_by_the_organ_that_found_them() {
    let handler = who(10, false);
    let unlisted = open(opened(), false, MONDAY, handler);
    assert_eq!(unlisted, Err(Refusal::NotOnList));
    let other = Who {
        organ: id(6),
        ..handler
    };
    let foreign = open(opened(), true, MONDAY, other);
    assert_eq!(foreign, Err(Refusal::NotAHandler));
    let early = open(opened(), true, date(2026, 11, 22), handler);
    assert_eq!(early, Err(Refusal::FoundInFuture));
}
