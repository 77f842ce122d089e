//! The hall goes to people: 免申即享 from the match to the payment, 无感审批 from the data to the
//! licence. Walked through and misused on both stores.

use case::{Finish, RuleWay, Status};
use catalogue::model::ItemContent;
use catalogue::model::kind::ModeKind;
use identity::PersonKind;
use kernel::{Actor, Channel, Fault, Money, PersonId, TypedId};
use offer::{OfferId, OfferStatus, Run, SchemeContent, SchemeId};
use qingchuang::seed::{dice::Dice, people};
use web::{Officer, Role};

use crate::town::{Town, refused, towns, towns_with, word};

const CARD: &str = "disability_certificate";
const OLD_AGE: &str = "old_age_allowance";

/// A shipped scheme, with its payments always drawn for a check.
fn shipped(code: &str) -> SchemeContent {
    let all = offer::shipped::schemes().expect("they read");
    let mut found = all.into_iter().find(|one| one.code == code).expect("it");
    found.sample_percent = 100;
    found
}

fn publish(town: &Town, content: &SchemeContent) -> Result<SchemeId, Fault> {
    let content = content.clone();
    town.by(Actor::system(), move |tx| {
        offer::publish(tx, None, &content)
    })
}

fn run(town: &Town, by: &Officer, scheme: SchemeId) -> Run {
    let mut all = Run::default();
    let mut from = None;
    loop {
        let me = by.clone();
        let done = town.by(by.actor(), move |tx| {
            offer::match_some(tx, &me, scheme, from)
        });
        let done = done.expect("it runs");
        all.looked += done.looked;
        all.made += done.made;
        from = done.next;
        if from.is_none() {
            return all;
        }
    }
}

fn offers_of(town: &Town, party: PersonId) -> Vec<offer::Offer> {
    let found = town.db().read(|tx| offer::of_party(tx, party, None, 10));
    found.expect("they can be read")
}

/// The officers of the organ that decides a scheme.
fn staff(town: &Town, scheme: SchemeId, role: Role) -> Vec<Officer> {
    let found = town.db().read(|tx| offer::scheme(tx, scheme));
    town.officers(found.expect("it is there").organ, role)
}

/// Somebody to whom the item of the town was granted the ordinary way.
fn holder(town: &Town) -> PersonId {
    let who = town.applicant();
    let id = town.draft(&who, &[]);
    town.submit(&who, id).expect("sent");
    town.accept(id).expect("accepted");
    let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
    let case = town.case(id);
    let agree = Finish {
        task: case.tasks[0].number,
        outcome: Some(word("agree")),
        opinion: Some("同意".to_owned()),
        ..Finish::default()
    };
    let by = reviewer.clone();
    town.by(reviewer.actor(), move |tx| {
        case::complete(tx, &by, case.id, &agree).map(|_| ())
    })
    .expect("reviewed");
    let decider = town.officers(town.organ, Role::Decider).remove(0);
    town.grant(id, &decider).expect("granted");
    who.id
}

fn settle(town: &Town, by: &Officer, id: OfferId) -> Result<OfferStatus, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        Ok(offer::settle(tx, &me, id, true, None)?.status)
    })
}

fn confirm(town: &Town, party: PersonId, id: OfferId) -> Result<OfferStatus, Fault> {
    town.by(Actor::citizen(party, Channel::Web), move |tx| {
        Ok(offer::confirm(tx, party, id)?.status)
    })
}

fn pay(town: &Town, by: &Officer, id: OfferId, failed: Option<&str>) -> Result<OfferStatus, Fault> {
    let (me, failed) = (by.clone(), failed.map(str::to_owned));
    town.by(by.actor(), move |tx| {
        Ok(offer::note_payment(tx, &me, id, failed.as_deref())?.status)
    })
}

fn draw(town: &Town, by: &Officer, scheme: SchemeId) -> Result<offer::PaymentList, Fault> {
    let me = by.clone();
    town.by(by.actor(), move |tx| {
        let id = offer::draw_list(tx, &me, scheme)?;
        Ok(offer::list(tx, &me, id)?.0)
    })
}

#[test]
fn money_comes_without_an_application_once_by_somebody_else_than_who_found_the_right() {
    for town in towns("benefit", CARD) {
        let entitled = holder(&town);
        let stranger = town.applicant().id;
        let content = shipped("disability_allowance_2026");
        let scheme = publish(&town, &content).expect("published");
        refused(publish(&town, &content), "offer.code_taken");
        let deciders = staff(&town, scheme, Role::Decider);
        let (finder, decider) = (&deciders[0], &deciders[1]);
        assert_eq!(run(&town, finder, scheme).made, 1);
        assert_eq!(run(&town, finder, scheme).made, 0, "nobody is told twice");
        let offer_to = |party: PersonId| {
            let me = finder.clone();
            town.by(finder.actor(), move |tx| {
                offer::offer_to(tx, &me, scheme, party).map(|_| ())
            })
        };
        refused(offer_to(entitled), "offer.already_offered");
        refused(offer_to(stranger), "offer.not_matched");

        let id = offers_of(&town, entitled)[0].id;
        assert!(offers_of(&town, stranger).is_empty());
        refused(settle(&town, decider, id), "offer.not_confirmed");
        let theirs = confirm(&town, stranger, id);
        assert!(matches!(theirs, Err(Fault::NotFound { .. })));
        confirm(&town, entitled, id).expect("one click");
        refused(settle(&town, finder, id), "offer.matched_by_decider");
        refused(draw(&town, decider, scheme), "offer.empty_list");
        settle(&town, decider, id).expect("decided by another");

        let first = draw(&town, decider, scheme).expect("a list");
        assert_eq!((first.count, first.total), (1, Money::from_fen(10_000)));
        refused(draw(&town, decider, scheme), "offer.empty_list");
        let failed = pay(&town, finder, id, Some("账户名不符")).expect("noted");
        assert_eq!(failed, OfferStatus::Failed);
        draw(&town, decider, scheme).expect("it is tried again");
        assert_eq!(
            pay(&town, finder, id, None).expect("paid"),
            OfferStatus::Paid
        );
        refused(pay(&town, finder, id, None), "offer.already_paid");
        refused(draw(&town, decider, scheme), "offer.empty_list");
        let totals = town.db().read(|tx| offer::totals(tx, scheme));
        let paid = (OfferStatus::Paid, 1, Money::from_fen(10_000));
        assert_eq!(totals.expect("they can be read"), [paid]);

        let check = |by: &Officer| {
            let me = by.clone();
            town.by(by.actor(), move |tx| {
                Ok(offer::check(tx, &me, id, true, "与残疾人证一致")?.status)
            })
        };
        refused(check(decider), "offer.checked_by_decider");
        let reviewer = &staff(&town, scheme, Role::Reviewer)[0];
        check(reviewer).expect("somebody else looks again");
        town.stands();
    }
}

#[test]
fn a_scheme_with_a_gap_without_ground_or_beyond_its_budget_is_not_published_or_not_paid() {
    for town in towns("budget", CARD) {
        let good = shipped("disability_allowance_2026");
        let mut gap = good.clone();
        let table = gap.table.as_mut().expect("a table");
        table.dmn = table.dmn.replacen(">false<", ">true<", 1);
        let Err(Fault::Invalid(problems)) = publish(&town, &gap) else {
            panic!("a gap is not published");
        };
        let said = problems.iter().flat_map(|one| &one.params);
        let said: Vec<&String> = said.map(|(_, text)| text).collect();
        assert!(
            said.iter().any(|text| text.contains("no rule answers")),
            "{said:?}"
        );
        let mut groundless = good.clone();
        groundless.basis.article.clear();
        assert!(matches!(
            publish(&town, &groundless),
            Err(Fault::Invalid(_))
        ));
        let mut poor = good.clone();
        poor.budget = Some(Money::from_fen(9_999));
        refused(publish(&town, &poor), "offer.amount_missing");

        // The budget holds one: the second is refused for want of money, not paid from nowhere.
        let (one, two) = (holder(&town), holder(&town));
        let mut tight = good;
        tight.budget = Some(Money::from_fen(15_000));
        tight.listed = true;
        let scheme = publish(&town, &tight).expect("published");
        let deciders = staff(&town, scheme, Role::Decider);
        assert_eq!(run(&town, &deciders[0], scheme).made, 2);
        let [first, second] = [one, two].map(|party| offers_of(&town, party)[0].clone());
        assert_eq!(
            first.status,
            OfferStatus::Confirmed,
            "the list stands for it"
        );
        settle(&town, &deciders[1], first.id).expect("there is money");
        let late = settle(&town, &deciders[1], second.id);
        refused(late, "offer.budget_spent");
        town.stands();
    }
}

/// Somebody of more than eighty years, or of fewer.
fn known(town: &Town, born_by: Option<i64>) -> PersonId {
    let dice = Dice::new(town.db().clock());
    let new = people::person(&dice, PersonKind::Natural, born_by);
    let added = town.by(Actor::system(), move |tx| {
        identity::person_at_counter(tx, &new)
    });
    added.expect("they are known")
}

#[test]
fn what_the_hall_knows_grants_an_item_unless_the_party_says_no() {
    for town in towns("silent", OLD_AGE) {
        let [silent, unwilling] = [(); 2].map(|()| known(&town, Some(1940)));
        let young = known(&town, None);
        let scheme = publish(&town, &shipped("old_age_silent_2026")).expect("published");
        let reviewer = staff(&town, scheme, Role::Reviewer).remove(0);
        run(&town, &reviewer, scheme);
        let told = |party| offers_of(&town, party).first().map(|one| one.status);
        assert_eq!(told(silent), Some(OfferStatus::Offered));
        let no = offers_of(&town, unwilling)[0].id;
        town.by(Actor::citizen(unwilling, Channel::Web), move |tx| {
            offer::decline(tx, unwilling, no).map(|_| ())
        })
        .expect("a word is enough");
        town.days_pass(7);
        assert_eq!(
            told(silent),
            Some(OfferStatus::Offered),
            "the last day is theirs"
        );
        town.days_pass(1);

        let done = offers_of(&town, silent).remove(0);
        assert_eq!(done.status, OfferStatus::Fulfilled);
        let number = done.number.expect("a case");
        let case = town.db().read(|tx| {
            let found = case::find_by_number(tx, number.as_str())?;
            case::case(tx, found.ok_or(Fault::NotFound { what: "case" })?)
        });
        let case = case.expect("it is there");
        assert_eq!(
            (case.status, case.ruled),
            (Status::Granted, Some(RuleWay::Silent))
        );
        assert!(case.hands.is_empty(), "nobody accepted or decided it");
        assert_eq!(town.certificates(&case).len(), 1);
        let kept = intake::ApplicationId::from_uuid(case.application);
        let kept = town.db().read(|tx| intake::application(tx, kept));
        assert_eq!(kept.expect("it is there").documents, []);

        assert_eq!(told(unwilling), Some(OfferStatus::Declined));
        let none = town.db().read(|tx| case::cases_of(tx, unwilling, None, 10));
        assert_eq!(none.expect("they can be read"), []);
        assert_eq!(told(young), None);
        assert_eq!(
            run(&town, &reviewer, scheme).made,
            0,
            "they have it, or said no"
        );
        town.stands();
    }
}

fn unlisted(content: &mut ItemContent) {
    content.modes.retain(|mode| mode.kind != ModeKind::Silent);
}

#[test]
fn no_item_is_granted_in_silence_that_does_not_list_it() {
    for town in towns_with("unlisted_silent", OLD_AGE, unlisted) {
        let scheme = publish(&town, &shipped("old_age_silent_2026"));
        refused(scheme, "offer.item_not_listed");
        town.stands();
    }
}
