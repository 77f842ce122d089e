//! Powers that moved, told by the real commands and misused: expired yesterday, not begun,
//! recalled, entrusted further, to somebody who is no organ, and one person in two duties across
//! the organs. And files that pass from hand to hand.

use authority::model::{HandoverId, LineState, PowerForm, PowerId, Side};
use authority::use_cases::chief::{self, NewChief};
use authority::use_cases::handover::NewHandover;
use authority::use_cases::power::{self, NewPower};
use authority::use_cases::{handover, ruling, separation};
use case::{Case, Finish, Scope};
use jiff::Span;
use kernel::{Actor, Fault, OrganId, TypedId};
use web::{Officer, Role};

use crate::authority::Desk;
use crate::town::{Town, refused, towns, word};

const ITEM: &str = "outdoor_advertising";

/// Another department of the hall: the park.
pub(crate) fn park(town: &Town) -> OrganId {
    let own = town.organ;
    let found = town.db().read(|tx| {
        let all = identity::organs(tx)?;
        let other =
            |one: &&identity::Organ| one.kind == identity::OrganKind::Department && one.id != own;
        Ok(all.iter().find(other).map(|one| one.id))
    });
    found.expect("it can be read").expect("a second department")
}

/// Gives the town's item away, from so many days on, for so many days.
fn give(
    town: &Town,
    [from_organ, to_organ]: [OrganId; 2],
    form: PowerForm,
    from: i64,
    days: Option<i64>,
) -> Result<PowerId, Fault> {
    let manager = town.head(Role::HallManager);
    let items = town.version.content.codes.key().expect("a code").to_owned();
    let by = manager.clone();
    town.by(manager.actor(), move |tx| {
        let first = tx.today().checked_add(Span::new().days(from));
        let first = first.map_err(Fault::broken)?;
        let last = days.map(|days| first.checked_add(Span::new().days(days)));
        let new = NewPower {
            from_organ,
            to_organ,
            form,
            items: items.clone(),
            theme: String::new(),
            chain: "户外广告一件事".to_owned(),
            ground: "区政府关于向园区赋权的决定".to_owned(),
            from: first,
            until: last.transpose().map_err(Fault::broken)?,
        };
        power::give(tx, &by, &new)
    })
}

pub(crate) fn review(town: &Town, by: &Officer, case: &Case) -> Result<Case, Fault> {
    let (by, id) = (by.clone(), case.id);
    let agree = Finish {
        task: case.tasks[0].number,
        outcome: Some(word("agree")),
        opinion: Some("同意".to_owned()),
        ..Finish::default()
    };
    town.by(by.actor(), move |tx| case::complete(tx, &by, id, &agree))
}

/// A case of the town's item before its review.
pub(crate) fn accepted(town: &Town) -> Case {
    let who = town.applicant();
    let id = town.draft(&who, &[]);
    town.submit(&who, id).expect("it is sent");
    town.accept(id).expect("it is accepted");
    town.case(id)
}

fn on_list(town: &Town, by: &Officer, case: &Case) -> bool {
    let doer = case::doer(by).expect("a seat");
    let found = town
        .db()
        .read(|tx| case::tasks(tx, &doer, Scope::Post, None, 50));
    let lines = found.expect("it can be read");
    lines.iter().any(|line| line.case == case.id)
}

#[test]
fn what_was_entrusted_is_done_in_the_others_name_and_only_in_its_time() {
    for town in towns("entrusted", ITEM) {
        let park = park(&town);
        let reviewer = town.officers(park, Role::Reviewer).remove(0);
        let decider = town.officers(park, Role::Decider).remove(0);
        let case = accepted(&town);
        refused(review(&town, &reviewer, &case), "case.wrong_post");
        assert!(!on_list(&town, &reviewer, &case));

        let between = [town.organ, park];
        let form = PowerForm::Entrusted;
        refused(
            give(&town, between, form, -1, None),
            "authority.in_the_past",
        );
        refused(
            give(&town, between, form, 0, Some(-1)),
            "authority.period_reversed",
        );
        refused(
            give(&town, [town.organ, town.organ], form, 0, None),
            "authority.same_organ",
        );
        refused(
            give(&town, [park, town.organ], form, 0, None),
            "authority.not_their_item",
        );
        let id = give(&town, between, form, 1, Some(2)).expect("from tomorrow, three days");
        refused(
            give(&town, between, form, 2, None),
            "authority.already_given",
        );
        refused(review(&town, &reviewer, &case), "case.wrong_post");
        town.days_pass(1);
        assert!(on_list(&town, &reviewer, &case));
        let case = review(&town, &reviewer, &case).expect("the park reviews");
        // Not further: neither the park nor anybody else entrusts what the park only received.
        let third = [park, town.hall_id];
        refused(
            give(&town, third, form, 0, None),
            "authority.sub_delegation",
        );
        let done = town
            .decide(&decider, &case, "granted")
            .expect("the park decides");
        let papers = town
            .db()
            .read(|tx| certificate::certificates_of(tx, done.id.uuid()));
        let papers = papers.expect("it can be read");
        assert_eq!(
            papers[0].organ, town.organ,
            "in the name of the organ that entrusts"
        );

        let late = town.reviewed(300);
        town.days_pass(3);
        // It ended yesterday.
        refused(town.decide(&decider, &late, "granted"), "case.wrong_post");
        assert!(!on_list(&town, &decider, &late));
        let own = town.officers(town.organ, Role::Decider).remove(0);
        town.decide(&own, &late, "granted")
            .expect("whose power it is, decides");
        let letters = town.db().read(|tx| certificate::notices_of(tx, id.uuid()));
        assert_eq!(letters.expect("it can be read").len(), 1);
        town.stands();
    }
}

#[test]
fn what_was_conferred_is_done_in_the_own_name_until_it_is_recalled() {
    for town in towns("conferred", ITEM) {
        let park = park(&town);
        let decider = town.officers(park, Role::Decider).remove(0);
        let id = give(&town, [town.organ, park], PowerForm::Conferred, 0, None).expect("given");
        let (case, late) = (town.reviewed(300), town.reviewed(310));
        let done = town
            .decide(&decider, &case, "granted")
            .expect("the park decides");
        let papers = town
            .db()
            .read(|tx| certificate::certificates_of(tx, done.id.uuid()));
        assert_eq!(
            papers.expect("it can be read")[0].organ,
            park,
            "in its own name"
        );
        let manager = town.head(Role::HallManager);
        let by = manager.clone();
        town.by(manager.actor(), move |tx| {
            let today = tx.today();
            let yesterday = today.yesterday().map_err(Fault::broken)?;
            power::recall(tx, &by, id, yesterday, "承接能力不足")
        })
        .expect("recalled");
        refused(town.decide(&decider, &late, "granted"), "case.wrong_post");
        let all = town.db().read(power::powers).expect("it can be read");
        assert!(all[0].recalled.is_some());
        let bound = town.db().read(|tx| ruling::is_bound(tx, park));
        assert!(!bound.expect("it can be read"));
        town.stands();
    }
}

#[test]
fn only_administrative_organs_are_entrusted() {
    for town in towns("entrust_organ", ITEM) {
        let institute = town
            .by(Actor::system(), |tx| {
                let new = identity::NewOrgan {
                    uscc: "12511602400000456J".to_owned(),
                    name: "某某规划设计研究院".to_owned(),
                    short_name: "规划设计院".to_owned(),
                    dept4: "GHSJ".to_owned(),
                    region6: "511602".to_owned(),
                    kind: identity::OrganKind::Department,
                };
                identity::add_organ(tx, &new)
            })
            .expect("an institute");
        let between = [town.organ, institute];
        let entrusted = give(&town, between, PowerForm::Entrusted, 0, None);
        refused(entrusted, "authority.not_an_organ");
        give(&town, between, PowerForm::Conferred, 0, None).expect("a law may confer it");
    }
}

#[test]
fn one_person_has_one_duty_across_organs_and_deputies() {
    for town in towns("power_duties", ITEM) {
        let park = park(&town);
        give(&town, [town.organ, park], PowerForm::Entrusted, 0, None).expect("given");
        // The park's decider is also appointed to the bureau's review post, and stands in there.
        let decider = town.officers(park, Role::Decider).remove(0);
        let bureau = town.officers(town.organ, Role::Reviewer).remove(0);
        let post = bureau.post().expect("a seat");
        let (who, holder) = (decider.id, bureau.id);
        town.by(Actor::system(), move |tx| {
            let today = tx.today();
            identity::set_deputy(tx, post, holder, who, today, None).map(|_| ())
        })
        .expect("a deputy");
        let told = town.db().read(|tx| {
            let all = power::powers(tx)?;
            separation::overlaps(tx, &all[0], kernel::Lang::En)
        });
        let told = told.expect("it can be read");
        assert_eq!(told.len(), 1, "said before there is a case: {told:?}");
        assert!(told[0].contains("deputy of") && told[0].contains("delegation of decider"));
        let both = town.officers(park, Role::Decider).remove(0);
        let sits = |role: Role| {
            let at = both
                .seats
                .iter()
                .position(|seat| seat.roles.contains(&role));
            Officer {
                active: at.expect("a seat"),
                ..both.clone()
            }
        };
        let case = accepted(&town);
        let case = review(&town, &sits(Role::Reviewer), &case).expect("as a deputy they review");
        let again = town.decide(&sits(Role::Decider), &case, "granted");
        refused(again, "case.two_duties");
        // Nor may the one they stood in for, from any seat.
        let other = town.officers(park, Role::Decider).remove(1);
        town.decide(&other, &case, "granted")
            .expect("somebody else decides");
        town.stands();
    }
}

const fn side(organ: OrganId) -> Side {
    Side {
        organ,
        officer: None,
    }
}

fn list(
    town: &Town,
    by: &Officer,
    [from, to]: [OrganId; 2],
    lines: &'static str,
) -> Result<HandoverId, Fault> {
    let by = by.clone();
    let new = NewHandover {
        giver: side(from),
        receiver: side(to),
        reason: "赋权事项移交在办案卷".to_owned(),
        lines: lines.to_owned(),
        tasks: false,
    };
    town.by(by.actor(), move |tx| handover::list(tx, &by, &new))
}

/// What is done with a handover.
#[derive(Clone, Copy)]
enum Act {
    Hand,
    Receive(u16),
    Dispute(u16),
    Sign,
}

fn act(town: &Town, by: &Officer, id: HandoverId, what: Act) -> Result<(), Fault> {
    let by = by.clone();
    town.by(by.actor(), move |tx| match what {
        Act::Hand => handover::hand(tx, &by, id),
        Act::Receive(line) => handover::receive(tx, &by, id, line),
        Act::Dispute(line) => handover::dispute(tx, &by, id, line, "缺第12页"),
        Act::Sign => handover::sign(tx, &by, id),
    })
}

#[test]
fn files_are_handed_over_line_by_line_and_signed_by_both_sides() {
    for town in towns("handover", ITEM) {
        let park = park(&town);
        let giver = town.officers(town.organ, Role::Reviewer).remove(0);
        let receiver = town.officers(park, Role::Reviewer).remove(0);
        let between = [town.organ, park];
        let two = "1001|户外广告申请卷|42\n1002|户外广告申请卷|37\n";
        let theirs = list(&town, &receiver, between, two);
        refused(theirs, "authority.not_the_giver");
        let same = list(&town, &giver, [town.organ, town.organ], two);
        refused(same, "authority.same_side");
        refused(
            list(&town, &giver, between, " "),
            "authority.nothing_listed",
        );
        let unread = list(&town, &giver, between, "1001|没有页数");
        assert!(matches!(unread, Err(Fault::Invalid(_))));

        let id = list(&town, &giver, between, two).expect("listed");
        let gives = |what| act(&town, &giver, id, what);
        let takes = |what| act(&town, &receiver, id, what);
        refused(takes(Act::Receive(0)), "authority.not_handed");
        refused(takes(Act::Hand), "authority.not_the_giver");
        gives(Act::Hand).expect("signed by the giver");
        refused(gives(Act::Hand), "authority.already_handed");
        refused(gives(Act::Receive(0)), "authority.not_the_receiver");
        takes(Act::Receive(0)).expect("received");
        refused(takes(Act::Sign), "authority.lines_waiting");
        refused(takes(Act::Receive(2)), "authority.no_such_line");
        takes(Act::Dispute(1)).expect("disputed");
        takes(Act::Sign).expect("signed by the receiver");
        refused(takes(Act::Sign), "authority.already_signed");
        let found = town.db().read(|tx| {
            let one = handover::handover(tx, id)?;
            let text = handover::text_of(tx, &one)?;
            Ok((one, text, certificate::notices_of(tx, id.uuid())?.len()))
        });
        let (one, text, papers) = found.expect("it can be read");
        assert_eq!((one.digest, papers), (text.digest(), 1));
        assert_eq!(one.lines[1].state, LineState::Disputed);
        town.stands();
    }
}

/// Somebody of the bureau leaves: their files and tasks pass to a colleague.
fn leave(town: &Town, giver: &Officer, receiver: Option<&Officer>) -> Result<HandoverId, Fault> {
    let named = |officer: &Officer| Side {
        organ: town.organ,
        officer: Some(officer.id),
    };
    let new = NewHandover {
        giver: named(giver),
        receiver: receiver.map_or(side(town.organ), named),
        reason: "岗位调整，移交在办任务".to_owned(),
        lines: String::new(),
        tasks: true,
    };
    let by = giver.clone();
    town.by(giver.actor(), move |tx| {
        let id = handover::list(tx, &by, &new)?;
        handover::hand(tx, &by, id)?;
        Ok(id)
    })
}

#[test]
fn the_tasks_of_whoever_leaves_pass_one_by_one_to_somebody_who_may_do_them_or_not_at_all() {
    for town in towns("leaving", ITEM) {
        let [giver, receiver] = &town.officers(town.organ, Role::Decider)[..] else {
            panic!("two deciders");
        };
        let cases = [town.reviewed(300), town.reviewed(310)];
        for case in &cases {
            let (by, id, task) = (giver.clone(), case.id, case.tasks[0].number);
            town.by(giver.actor(), move |tx| case::claim(tx, &by, id, task))
                .expect("it is theirs");
        }
        let held = |officer: &Officer| {
            let officer = officer.id;
            let found = town.db().read(|tx| case::held_by(tx, officer));
            found.expect("it can be read").len()
        };
        // Tasks do not pass to an organ, nor to somebody who does not sit at that desk.
        refused(leave(&town, giver, None), "authority.tasks_need_officers");
        let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
        let wrong = leave(&town, giver, Some(&reviewer)).expect("listed");
        let signed = act(&town, &reviewer, wrong, Act::Sign);
        let Err(Fault::Refused(no)) = &signed else {
            panic!("a reviewer takes no decision, but: {signed:?}");
        };
        assert_eq!(no.code, "authority.task_stays");
        let because = no.params.iter().find(|(name, _)| *name == "because");
        let because = because.map(|(_, code)| code.as_str());
        assert_eq!(because, Some("case.receiver_without_post"));
        assert_eq!((held(giver), held(&reviewer)), (2, 0), "nothing passed");

        let id = leave(&town, giver, Some(receiver)).expect("listed");
        refused(
            act(&town, giver, id, Act::Sign),
            "authority.not_the_receiver",
        );
        act(&town, receiver, id, Act::Sign).expect("they take them on");
        assert_eq!((held(giver), held(receiver)), (0, 2));
        for case in &cases {
            let lines = town.db().read(|tx| ledger::lines_of(tx, case.id));
            let last = lines.expect("it can be read").pop().expect("a line");
            assert_eq!(last.kind, "handed_over");
            assert_eq!(last.actor.as_officer(), Some(receiver.id));
            assert_eq!(last.data["to"], receiver.id.to_string());
        }
        let held_by_other = town.decide(giver, &cases[0], "granted");
        refused(held_by_other, "case.task_held");
        town.decide(receiver, &cases[0], "granted").expect("theirs");
        town.stands();
    }
}

/// The item stands on the list of this officer: nobody else of the desk signs it.
fn named_chief(town: &Town, officer: &Officer) {
    let manager = town.head(Role::HallManager);
    let (by, organ, officer) = (manager.clone(), town.organ, officer.id);
    let items = town.version.content.codes.key().expect("a code").to_owned();
    town.by(manager.actor(), move |tx| {
        let new = NewChief {
            organ,
            officer,
            items: items.clone(),
            ground: "首席审批服务官管理办法第四条".to_owned(),
            from: tx.today(),
            until: None,
        };
        chief::appoint(tx, &by, &new)
    })
    .expect("appointed");
}

#[test]
fn a_task_beyond_the_authority_of_the_receiver_holds_the_whole_handover_back() {
    for town in towns("leaving_grade", ITEM) {
        let [giver, receiver] = &town.officers(town.organ, Role::Decider)[..] else {
            panic!("two deciders");
        };
        named_chief(&town, giver);
        let case = town.reviewed(300);
        let (by, id, task) = (giver.clone(), case.id, case.tasks[0].number);
        town.by(giver.actor(), move |tx| case::claim(tx, &by, id, task))
            .expect("on their list");
        let list = leave(&town, giver, Some(receiver)).expect("listed");
        let sign = || act(&town, receiver, list, Act::Sign);
        refused(sign(), "authority.task_stays");
        // The way out: whoever leaves gives the task back to the post first.
        let by = giver.clone();
        town.by(giver.actor(), move |tx| case::release(tx, &by, id, task))
            .expect("back to the post");
        sign().expect("nothing is in the way");
        town.stands();
    }
}
