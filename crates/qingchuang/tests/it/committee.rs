//! The approval committee, told by the real commands and misused: no quorum, two votes of one
//! member, a vote of somebody who stepped aside or handled the case, a proxy, a grant without
//! resolution, a departure without a reason. And the list of a chief approval officer.

use authority::model::{Grade, Outcome, SittingId, Vote};
use authority::use_cases::chief::{self, NewChief};
use authority::use_cases::sitting::{self, NewSitting};
use authority::use_cases::table::NewLine;
use authority::use_cases::{power, ruling};
use case::{Case, Finish};
use kernel::{Fault, OfficerId, TypedId};
use web::{Officer, Role};

use crate::authority::{Desk, line};
use crate::town::{Town, refused, towns, word};

const ITEM: &str = "outdoor_advertising";

/// A committee of four deciders and lawyers, chaired by the second decider.
struct Bench<'t> {
    town: &'t Town,
    chair: Officer,
    members: Vec<Officer>,
    id: SittingId,
}

impl<'t> Bench<'t> {
    fn call(town: &'t Town, quorum: u32) -> Self {
        let mut members = town.officers(town.organ, Role::Decider);
        members.extend(town.officers(town.organ, Role::LegalReviewer));
        members.extend(
            town.officers(town.organ, Role::Reviewer)
                .into_iter()
                .take(1),
        );
        let chair = members[1].clone();
        let id = call(town, &chair, &members, quorum).expect("it is called");
        Self {
            town,
            chair,
            members,
            id,
        }
    }

    fn put(&self, case: &Case) -> Result<(), Fault> {
        let (by, id, case) = (self.chair.clone(), self.id, case.id.uuid());
        self.town.by(by.actor(), move |tx| {
            sitting::put_case(tx, &by, id, case, "超过科室权限，提请审议")
        })
    }

    fn open(&self, present: usize) -> Result<(), Fault> {
        let (by, id) = (self.chair.clone(), self.id);
        let ids: Vec<OfficerId> = self
            .members
            .iter()
            .map(|one| one.id)
            .take(present)
            .collect();
        self.town
            .by(by.actor(), move |tx| sitting::open(tx, &by, id, &ids))
    }

    fn vote(&self, member: &Officer, case: &Case, vote: Vote) -> Result<(), Fault> {
        let (by, id, case) = (member.clone(), self.id, case.id.uuid());
        self.town
            .by(by.actor(), move |tx| sitting::vote(tx, &by, id, case, vote))
    }

    fn aside(&self, member: &Officer, case: &Case) -> Result<(), Fault> {
        let (by, id, case) = (member.clone(), self.id, case.id.uuid());
        self.town.by(by.actor(), move |tx| {
            sitting::recuse(tx, &by, id, case, by.id, "与申请人有近亲属关系")
        })
    }

    fn resolve(&self, case: &Case) -> Result<(), Fault> {
        let (by, id, case) = (self.chair.clone(), self.id, case.id.uuid());
        self.town
            .by(by.actor(), move |tx| sitting::resolve(tx, &by, id, case))
    }

    fn close(&self) -> Result<(), Fault> {
        let (by, id) = (self.chair.clone(), self.id);
        self.town
            .by(by.actor(), move |tx| sitting::close(tx, &by, id, "无"))
    }
}

fn call(
    town: &Town,
    chair: &Officer,
    members: &[Officer],
    quorum: u32,
) -> Result<SittingId, Fault> {
    let (by, organ) = (chair.clone(), town.organ);
    let members: Vec<OfficerId> = members.iter().map(|one| one.id).collect();
    town.by(by.actor(), move |tx| {
        let new = NewSitting {
            organ,
            on: tx.today(),
            chair: by.id,
            members: members.clone(),
            quorum,
        };
        sitting::call(tx, &by, &new)
    })
}

fn to_committee(town: &Town) {
    town.adopt(vec![NewLine {
        committee: true,
        ..line("重大行政审批决策办法第三条", Grade::Handler)
    }]);
}

/// Five are there: one reviewed the case, one steps aside, three vote; of the other too many step
/// aside.
fn votes(bench: &Bench<'_>, case: &Case, other: &Case) {
    let [first, second, third, fourth, reviewer] = &bench.members[..] else {
        panic!("five members");
    };
    // Who reviewed the case reports; who steps aside does not vote; nobody votes twice.
    refused(
        bench.vote(reviewer, case, Vote::For),
        "authority.handled_it",
    );
    bench.aside(fourth, case).expect("they step aside");
    refused(bench.vote(fourth, case, Vote::For), "authority.recused");
    bench.vote(first, case, Vote::Against).expect("a vote");
    refused(
        bench.vote(first, case, Vote::For),
        "authority.voted_already",
    );
    let mut proxy = second.clone();
    proxy.seats[0].deputizing = Some(third.id);
    refused(bench.vote(&proxy, case, Vote::For), "authority.no_proxy");
    refused(bench.resolve(case), "authority.votes_missing");
    bench.vote(second, case, Vote::For).expect("a vote");
    bench.vote(third, case, Vote::Abstain).expect("a vote");
    refused(bench.close(), "authority.not_all_resolved");
    bench
        .resolve(case)
        .expect("one of three is not more than half");
    refused(bench.resolve(case), "authority.already_resolved");
    // Too many step aside from the other: no quorum is left to resolve on it.
    for member in [first, second] {
        bench.aside(member, other).expect("they step aside");
    }
    refused(bench.resolve(other), "authority.no_quorum");
    let (by, id, raw) = (bench.chair.clone(), bench.id, other.id.uuid());
    bench
        .town
        .by(by.actor(), move |tx| sitting::defer(tx, &by, id, raw))
        .expect("it is deferred");
}

#[test]
fn a_case_for_the_committee_is_decided_as_it_resolved_or_with_a_reason() {
    for town in towns("committee", ITEM) {
        to_committee(&town);
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        let (case, other) = (town.reviewed(300), town.reviewed(310));
        for outcome in ["granted", "refused"] {
            refused(
                town.decide(&decider, &case, outcome),
                "case.resolution_missing",
            );
        }
        let bench = Bench::call(&town, 3);
        refused(bench.open(4), "authority.empty_agenda");
        bench.put(&case).expect("it is put on the agenda");
        refused(bench.put(&case), "authority.on_agenda");
        bench.put(&other).expect("so is the other");
        refused(
            bench.vote(&bench.chair, &case, Vote::For),
            "authority.not_open",
        );
        refused(bench.open(2), "authority.no_quorum");
        bench.open(5).expect("five are there");

        votes(&bench, &case, &other);
        // Nothing binds before the minutes are drawn.
        refused(
            town.decide(&decider, &case, "refused"),
            "case.resolution_missing",
        );
        bench.close().expect("minutes are drawn");
        let raw = case.id.uuid();
        let found = town.db().read(|tx| ruling::resolution(tx, raw));
        assert_eq!(found.expect("it can be read"), Some(Outcome::NotAgreed));
        let minutes = town
            .db()
            .read(|tx| certificate::notices_of(tx, bench.id.uuid()));
        assert_eq!(minutes.expect("it can be read").len(), 1);
        refused(
            town.decide(&decider, &other, "granted"),
            "case.resolution_missing",
        );

        refused(
            town.decide(&decider, &case, "granted"),
            "case.departure_unexplained",
        );
        let (by, id) = (decider.clone(), case.id);
        let departs = Finish {
            task: case.tasks[0].number,
            outcome: Some(word("granted")),
            departure: Some("补充安全评估后符合规划".to_owned()),
            ..Finish::default()
        };
        let done = town.by(by.actor(), move |tx| case::complete(tx, &by, id, &departs));
        assert_eq!(done.expect("with a reason").status, case::Status::Granted);
        assert_eq!(
            case.dues,
            town.db().read(|tx| case::case(tx, id)).expect("it").dues
        );
        town.stands();
    }
}

#[test]
fn a_committee_of_too_few_or_with_too_small_a_quorum_is_not_called() {
    for town in towns("committee_call", ITEM) {
        let members = town.officers(town.organ, Role::Decider);
        let chair = members[0].clone();
        refused(
            call(&town, &chair, &members, 2),
            "authority.too_few_members",
        );
        let mut four = members.clone();
        four.extend(town.officers(town.organ, Role::LegalReviewer));
        refused(call(&town, &chair, &four, 2), "authority.quorum_too_small");
        refused(call(&town, &chair, &four, 5), "authority.quorum_too_small");
        refused(call(&town, &chair, &four[1..], 2), "authority.not_a_member");
        call(&town, &chair, &four, 3).expect("more than half of four");
        town.stands();
    }
}

#[test]
fn what_is_on_the_list_of_a_chief_officer_is_signed_by_them() {
    for town in towns("chiefs", ITEM) {
        let deciders = town.officers(town.organ, Role::Decider);
        let manager = town.head(Role::HallManager);
        let (organ, code) = (
            town.organ,
            town.version.content.codes.key().expect("a code"),
        );
        let appoint = |officer: OfficerId, items: &str| {
            let (by, items) = (manager.clone(), items.to_owned());
            town.by(manager.actor(), move |tx| {
                let today = tx.today();
                let new = NewChief {
                    organ,
                    officer,
                    items: items.clone(),
                    ground: "首席审批服务官管理办法第四条".to_owned(),
                    from: today,
                    until: None,
                };
                chief::appoint(tx, &by, &new)
            })
        };
        refused(appoint(deciders[0].id, "  "), "authority.nothing_listed");
        refused(appoint(manager.id, code), "authority.own_power");
        let reviewer = town.officers(organ, Role::Reviewer).remove(0);
        refused(appoint(reviewer.id, code), "authority.not_a_decider");
        let id = appoint(deciders[0].id, code).expect("appointed");
        refused(appoint(deciders[1].id, code), "authority.on_another_list");
        let letters = town.db().read(|tx| certificate::notices_of(tx, id.uuid()));
        assert_eq!(letters.expect("it can be read").len(), 1);

        let (mine, other) = (town.reviewed(300), town.reviewed(310));
        refused(
            town.decide(&deciders[1], &mine, "granted"),
            "case.beyond_authority",
        );
        town.decide(&deciders[0], &mine, "granted")
            .expect("they sign");
        // Dismissed yesterday, they sign nothing more, and every decision post decides again.
        let by = manager.clone();
        town.by(manager.actor(), move |tx| {
            let today = tx.today();
            let yesterday = today.yesterday().map_err(Fault::broken)?;
            chief::dismiss(tx, &by, id, yesterday)
        })
        .expect("dismissed");
        town.decide(&deciders[1], &other, "granted")
            .expect("as before");
        let none = town.db().read(power::powers).expect("it can be read");
        assert!(none.is_empty());
        town.stands();
    }
}

#[test]
fn of_two_sittings_on_one_day_the_later_number_speaks_last() {
    for town in towns("committee_twice", ITEM) {
        to_committee(&town);
        let case = town.reviewed(300);
        let (first, second) = (Bench::call(&town, 3), Bench::call(&town, 3));
        let number = |bench: &Bench<'_>| {
            let found = town.db().read(|tx| sitting::sitting(tx, bench.id));
            found.expect("it can be read").number
        };
        assert_eq!((number(&first), number(&second)), (1, 2));
        // The second one ends before the first: its number counts, not the hour.
        for (bench, vote) in [(&second, Vote::For), (&first, Vote::Against)] {
            bench.put(&case).expect("on the agenda");
            bench.open(5).expect("a quorum");
            for member in &bench.members[..4] {
                bench.vote(member, &case, vote).expect("they vote");
            }
            bench.resolve(&case).expect("counted");
            bench.close().expect("closed");
        }
        let raw = case.id.uuid();
        let found = town.db().read(|tx| ruling::resolution(tx, raw));
        assert_eq!(found.expect("it can be read"), Some(Outcome::Agreed));
        town.stands();
    }
}
