//! Several cases as one: a company started with one application, one certificate for one industry,
//! benefits that follow by themselves, a menu; on both stores.

use identity::PersonKind;
use jiff::civil::{Date, date};
use kernel::{Clock, TypedId};
use ledger::verify::{rebuild_compare, verify_deep};
use project::{Bundle, BundleId, BundleStatus, PartStatus};
use qingchuang::house::tables;
use qingchuang::seed::joint::{Hands, Wanted};

use crate::hall::{TestHall, halls};

/// A Monday.
pub const FIRST: Date = date(2026, 3, 2);

/// A hall with everything that bundles need, and hands to work with.
pub struct Site {
    pub hall: TestHall,
    pub hands: Hands,
}

/// A site on each store.
pub fn sites(name: &str) -> Vec<Site> {
    let start = kernel::clock::hall_instant(FIRST.at(8, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 11));
    let furnish = |hall: TestHall| {
        let hands = Hands::furnish(&hall.house.db).expect("the hall is furnished");
        Site { hall, hands }
    };
    halls.into_iter().map(furnish).collect()
}

impl Site {
    pub fn bundle(&self, id: BundleId) -> Bundle {
        let read = self.hall.house.db.read(move |tx| project::bundle(tx, id));
        read.expect("there is such a bundle")
    }

    pub fn statuses(&self, id: BundleId) -> Vec<PartStatus> {
        self.bundle(id)
            .parts
            .iter()
            .map(|part| part.status)
            .collect()
    }

    /// The days of all holders add up to the days that passed.
    pub fn days_add_up(&self, id: BundleId) -> u32 {
        let days = self.hall.house.db.read(move |tx| {
            let bundle = project::bundle(tx, id)?;
            project::days_of(tx, &bundle)
        });
        let days = days.expect("days can be added up");
        let sum: u32 = days.shares.iter().map(|share| share.counted).sum();
        assert_eq!(sum, days.passed, "{:?}", days.shares);
        days.passed
    }

    pub fn stands_behind_it(&self) {
        let db = &self.hall.house.db;
        qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
        let deep = db
            .read(|tx| verify_deep(tx, &tables()))
            .expect("it can be read");
        assert_eq!(deep.findings, vec![]);
        let rebuilt = db
            .read(|tx| rebuild_compare(tx, &tables()))
            .expect("it can be read");
        assert!(rebuilt.ok);
    }
}

/// The working day so many after the first.
pub fn day(after: u32) -> Date {
    let calendar = calendar::WorkingDays::built_in();
    calendar.after(FIRST, after).expect("a known day").date
}

pub fn plain(theme: &str) -> Wanted<'_> {
    Wanted {
        theme,
        stage: None,
        chosen: &[],
        picks: &[],
        pre_review: false,
        today: &[],
    }
}

#[test]
fn a_company_is_started_with_one_application_and_what_depends_follows_by_itself() {
    for site in sites("start_company") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let id = hands
            .hand_in(firm, &plain("start_company"))
            .expect("it is handed in");
        // Only the registration is handed in; the other five wait for it.
        let mut expected = vec![PartStatus::Waiting; 6];
        expected[0] = PartStatus::Received;
        assert_eq!(site.statuses(id), expected);
        assert_eq!(hands.accept(id).expect("it is accepted"), 1);
        hands.grant(id, "registration").expect("it is granted");
        let [first, seal, .., bank] = site.statuses(id)[..] else {
            panic!("six parts");
        };
        assert_eq!(first, PartStatus::Granted);
        assert_eq!(seal, PartStatus::Received);
        // The bank waits for the seal as well.
        assert_eq!(bank, PartStatus::Waiting);
        hands.finish(id).expect("the rest is handled");
        let bundle = site.bundle(id);
        assert_eq!(bundle.status, BundleStatus::Passed);
        assert!(
            bundle
                .parts
                .iter()
                .all(|part| part.status == PartStatus::Granted)
        );
        site.days_add_up(id);
        site.stands_behind_it();
    }
}

#[test]
fn what_waits_for_something_refused_is_dropped_and_the_whole_fails() {
    for site in sites("refused") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let id = hands
            .hand_in(firm, &plain("start_company"))
            .expect("it is handed in");
        hands.accept(id).expect("it is accepted");
        let case = hands.case_of(id, "registration").expect("it has a case");
        let actor = kernel::Actor::citizen(firm, kernel::Channel::Web);
        let db = &site.hall.house.db;
        db.write(db.cause(actor), move |tx| {
            case::withdraw(tx, firm, case, None).map(|_| ())
        })
        .expect("it is withdrawn");
        assert_eq!(site.statuses(id), vec![PartStatus::Dropped; 6]);
        assert_eq!(site.bundle(id).status, BundleStatus::Failed);
        site.stands_behind_it();
    }
}

#[test]
fn one_industry_gets_one_certificate_over_its_permits() {
    for site in sites("one_industry") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let wanted = Wanted {
            picks: &[("theme.sign", "yes")],
            ..plain("restaurant")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        assert_eq!(hands.accept(id).expect("all are accepted at once"), 3);
        hands.finish(id).expect("all are handled");
        let db = &site.hall.house.db;
        let made = db.read(move |tx| certificate::certificates_of(tx, id.uuid()));
        let made = made.expect("it can be read");
        assert_eq!(made.len(), 1);
        let text = db.read({
            let one = made[0].clone();
            move |tx| certificate::text_of(tx, &one)
        });
        let text = text.expect("it can be read").expect("it was not erased");
        assert!(text.name.contains("行业综合许可证"), "{text:?}");
        site.stands_behind_it();
    }
}

#[test]
fn a_newborn_gets_two_benefits_that_hold_nothing_up() {
    for site in sites("newborn") {
        let hands = &site.hands;
        let parent = hands
            .applicant(PersonKind::Natural)
            .expect("there is a citizen");
        let wanted = Wanted {
            chosen: &["birth_costs", "maternity_allowance"],
            ..plain("newborn")
        };
        let id = hands.hand_in(parent, &wanted).expect("it is handed in");
        for _ in 0..2 {
            hands.accept(id).expect("it is accepted");
            for key in ["birth_certificate", "vaccination", "household"] {
                if site.hands.case_of(id, key).is_ok() {
                    hands.grant(id, key).expect("it is granted");
                }
            }
        }
        hands.accept(id).expect("it is accepted");
        hands.grant(id, "health_insurance").expect("it is granted");
        hands.grant(id, "social_card").expect("it is granted");
        let bundle = site.bundle(id);
        assert_eq!(bundle.status, BundleStatus::Passed);
        let benefits = &site.statuses(id)[5..];
        assert_eq!(benefits, [PartStatus::Handling, PartStatus::Handling]);
        hands
            .grant(id, "birth_costs")
            .expect("a benefit follows after the conclusion");
        site.stands_behind_it();
    }
}

#[test]
fn a_menu_assembles_its_own_form_and_refuses_an_empty_choice() {
    for site in sites("menu") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let nothing = hands.hand_in(firm, &plain("utilities"));
        let code = nothing.expect_err("nothing was chosen");
        assert_eq!(code.refusal(), Some("project.nothing_chosen"));
        let wanted = Wanted {
            chosen: &["water", "drainage"],
            ..plain("utilities")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        assert_eq!(site.bundle(id).parts.len(), 2);
        hands.finish(id).expect("both are handled");
        assert_eq!(site.bundle(id).status, BundleStatus::Passed);
    }
}
