//! 轻微免罚 by the real commands: what the list and the law spare, who teaches and decides, and that a
//! second time is not the first. On both stores.

use jiff::civil::Date;
use kernel::{Actor, Fault, OrganId, PersonId, TypedId};
use leniency::{Harm, NewOffence, Offence, OffenceId, OffenceStatus, Outcome};
use web::{Officer, Role};

use crate::town::{Town, refused, towns};

const SHOP: &str = "individual_business_registration";

fn open(
    town: &Town,
    by: &Officer,
    entry: u16,
    party: PersonId,
    found_on: Date,
) -> Result<OffenceId, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        let new = NewOffence {
            entry,
            party,
            found_on,
            facts: "营业执照没有悬挂在店内".to_owned(),
        };
        leniency::open(tx, &me, &new)
    })
}

fn assess(town: &Town, by: &Officer, id: OffenceId, harm: Harm) -> Result<Offence, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        leniency::assess(tx, &me, id, true, harm, true)
    })
}

fn settle(town: &Town, by: &Officer, id: OffenceId, spare: bool) -> Result<Offence, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        leniency::settle(tx, &me, id, spare, "首次违法，危害后果轻微，当场改正")
    })
}

fn educate(town: &Town, by: &Officer, id: OffenceId) -> Result<Offence, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        leniency::educate(tx, &me, id, "当面讲明市场主体登记管理条例第四十八条")
    })
}

fn staff(town: &Town, organ: OrganId) -> (Officer, Officer) {
    let reviewer = town.officers(organ, Role::Reviewer).remove(0);
    (reviewer, town.officers(organ, Role::Decider).remove(0))
}

#[test]
fn a_first_offence_is_spared_and_taught_and_a_second_one_is_not_the_first() {
    for town in towns("leniency", SHOP) {
        let party = town.applicant().id;
        let (reviewer, decider) = staff(&town, town.organ);
        let today = town.db().clock().today();
        // Misuse: outside the list, without a finding, untaught, by whoever may not.
        refused(
            open(&town, &reviewer, 999, party, today),
            "leniency.not_on_list",
        );
        refused(
            open(&town, &decider, 1, party, today),
            "leniency.not_a_handler",
        );
        let first = open(&town, &reviewer, 1, party, today).expect("opened");
        refused(
            settle(&town, &decider, first, true),
            "leniency.not_assessed",
        );
        let found = assess(&town, &reviewer, first, Harm::Slight).expect("assessed");
        assert_eq!(found.outcome, Some(Outcome::MayNot));
        refused(
            settle(&town, &decider, first, true),
            "leniency.education_missing",
        );
        educate(&town, &reviewer, first).expect("taught");
        refused(
            settle(&town, &reviewer, first, true),
            "leniency.not_a_decider",
        );
        let spared = settle(&town, &decider, first, true).expect("spared");
        assert_eq!(spared.status, OffenceStatus::Spared);
        assert!(spared.due.is_some(), "somebody looks again");

        town.days_pass(40);
        let later = town.db().clock().today();
        let second = open(&town, &reviewer, 1, party, later).expect("opened");
        let found = assess(&town, &reviewer, second, Harm::Slight).expect("assessed");
        assert!(!found.assessment.expect("it was").first);
        assert_eq!(found.outcome, Some(Outcome::Punishable));
        educate(&town, &reviewer, second).expect("taught");
        refused(
            settle(&town, &decider, second, true),
            "leniency.not_lenient",
        );
        let sent = settle(&town, &decider, second, false).expect("sent on");
        assert_eq!(sent.status, OffenceStatus::Ordinary);

        // Harmless, minor and put right is spared by command of the law, also the second time.
        let third = open(&town, &reviewer, 1, party, later).expect("opened");
        assess(&town, &reviewer, third, Harm::None).expect("assessed");
        refused(settle(&town, &decider, third, false), "leniency.must_spare");

        let look = |by: &Officer| {
            let me = by.clone();
            town.by(by.actor(), move |tx| {
                leniency::look_again(tx, &me, first, true, "再次发现未悬挂执照")
            })
        };
        refused(look(&decider), "leniency.looked_by_decider");
        let seen = look(&reviewer).expect("somebody else looks again");
        assert_eq!(seen.status, OffenceStatus::Relapsed);
        town.stands();
    }
}

#[test]
fn what_another_organ_found_is_not_seen_and_not_decided() {
    for town in towns("leniency_reach", SHOP) {
        let party = town.applicant().id;
        let (reviewer, _) = staff(&town, town.organ);
        let today = town.db().clock().today();
        let id = open(&town, &reviewer, 1, party, today).expect("opened");
        assess(&town, &reviewer, id, Harm::None).expect("assessed");
        let elsewhere = town.db().read(|tx| {
            let all = identity::organs(tx)?;
            Ok(all.into_iter().map(|one| one.id).collect::<Vec<_>>())
        });
        let other = elsewhere.expect("they can be read").into_iter();
        let stranger = other
            .filter(|organ| *organ != town.organ)
            .find_map(|organ| town.officers(organ, Role::Decider).into_iter().next());
        let stranger = stranger.expect("another organ decides too");
        let done = settle(&town, &stranger, id, true);
        assert!(matches!(done, Err(Fault::NotFound { .. })), "{done:?}");
        let unknown = PersonId::from_uuid(kernel::uuid::Uuid::nil());
        let nobody = open(&town, &reviewer, 1, unknown, today);
        assert!(matches!(nobody, Err(Fault::NotFound { .. })));
        let by_nobody = town.by(Actor::system(), move |tx| leniency::offence(tx, id));
        assert_eq!(
            by_nobody.expect("it stands").status,
            OffenceStatus::Assessed
        );
        town.stands();
    }
}

#[test]
fn open_offences_are_matched_by_night_against_what_other_officers_entered_meanwhile() {
    for town in towns("leniency_night", SHOP) {
        let party = town.applicant().id;
        let (reviewer, decider) = staff(&town, town.organ);
        let found_on = town.db().clock().today();
        let id = open(&town, &reviewer, 1, party, found_on).expect("opened");
        let found = assess(&town, &reviewer, id, Harm::Slight).expect("assessed");
        assert_eq!(found.outcome, Some(Outcome::MayNot));
        educate(&town, &reviewer, id).expect("taught");
        let offence = || town.db().read(|tx| leniency::offence(tx, id)).expect("it");
        town.days_pass(1);
        assert_eq!(offence().outcome, Some(Outcome::MayNot), "nothing new");

        let older = found_on.yesterday().expect("a day before");
        open(&town, &reviewer, 1, party, older).expect("entered late");
        refused(settle(&town, &decider, id, true), "leniency.not_lenient");
        town.days_pass(1);
        assert_eq!(offence().outcome, Some(Outcome::Punishable));
        assert!(!offence().assessment.expect("it was").first);
        let lines = town.db().read(|tx| ledger::lines_of(tx, id));
        let last = lines.expect("it can be read").pop().expect("a line");
        assert_eq!(last.kind, "matched");
        assert_eq!(last.actor.kind, kernel::ActorKind::System);
        settle(&town, &decider, id, false).expect("to the ordinary procedure");
        town.days_pass(2);
        assert_eq!(offence().status, OffenceStatus::Ordinary);
        town.stands();
    }
}
