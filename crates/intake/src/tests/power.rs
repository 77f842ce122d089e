//! Powers of attorney: the rules of the paper, and on both stores what follows from one.

use catalogue::ItemId;
use identity::{NewPerson, PersonKind};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, PersonId, TypedId};
use ledger::FileStore;

use super::path::{House, PDF, houses};
use crate::power::{HandedIn, PowerFacts, PowerId, may_record};
use crate::*;

const TODAY: Date = date(2026, 11, 23);

fn raw<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn at_desk() -> PowerFacts {
    PowerFacts {
        today: TODAY,
        by: By::Clerk {
            officer: raw(5),
            hall: raw(1),
        },
    }
}

fn paper_until(until: Date) -> HandedIn {
    HandedIn {
        principal: raw(50),
        agent: raw(51),
        item: None,
        until,
        original_seen: true,
    }
}

#[test]
fn only_a_clerk_who_saw_the_original_records_a_paper_that_is_in_force() {
    let good = paper_until(TODAY);
    let (clerk, hall): (OfficerId, OrganId) = (raw(5), raw(1));
    assert_eq!(may_record(&good, &at_desk()), Ok((clerk, hall)));
    for by in [By::Other, By::Person(raw(51)), By::Person(raw(50))] {
        let elsewhere = PowerFacts { by, ..at_desk() };
        let refused = may_record(&good, &elsewhere);
        assert_eq!(refused, Err(Refusal::NotFrontDesk));
    }
    let unseen = HandedIn {
        original_seen: false,
        ..good
    };
    let refused = may_record(&unseen, &at_desk());
    assert_eq!(refused, Err(Refusal::OriginalNotSeen));
    let until = date(2026, 11, 22);
    let refused = may_record(&paper_until(until), &at_desk());
    assert_eq!(refused, Err(Refusal::PowerOver { until }));
}

#[test]
fn each_refusal_of_a_paper_names_its_article_of_the_civil_code() {
    let until = TODAY;
    for (refusal, article) in [
        (Refusal::OriginalNotSeen, "民法典第一百六十五条"),
        (Refusal::PowerOver { until }, "民法典第一百七十三条第一项"),
        (Refusal::OutsidePower, "民法典第一百七十一条"),
    ] {
        assert_eq!(kernel::Refusal::statute(&refusal), Some(article));
    }
}

impl House {
    fn agent(&self) -> PersonId {
        let person = NewPerson {
            kind: PersonKind::Natural,
            name: "王代办".to_owned(),
            identity_number: "110101199003070038".to_owned(),
            phone: "13800000001".to_owned(),
            account: None,
        };
        self.write(move |tx| identity::person_at_counter(tx, &person))
            .unwrap()
    }

    fn hand_in(&self, agent: PersonId, item: Option<ItemId>) -> Result<PowerId, Fault> {
        let (by, principal) = (self.clerk(), self.person);
        self.write(move |tx| {
            let new = HandedIn {
                principal,
                agent,
                item,
                until: date(2026, 12, 31),
                original_seen: true,
            };
            let paper = Paper {
                stored: tx.thing::<FileStore>()?.put(tx.clock(), PDF)?,
                media: "application/pdf".to_owned(),
                name: "授权委托书.pdf".to_owned(),
            };
            record_power(tx, &by, &new, "提交和补正材料、签收文书", &paper)
        })
    }

    fn begin(&self, agent: PersonId) -> Result<ApplicationId, Fault> {
        let (by, item, applicant) = (self.clerk(), self.item, self.person);
        self.write(move |tx| {
            let new = NewDraft {
                item,
                applicant,
                agent: Some(agent),
            };
            start_draft(tx, &by, new)
        })
    }
}

fn code(fault: &Fault) -> &str {
    fault.refusal().unwrap_or("no refusal")
}

#[test]
fn an_agent_begins_once_the_paper_is_recorded_and_it_is_kept_as_a_commitment() {
    for house in houses("power") {
        let agent = house.agent();
        let before = house.begin(agent).unwrap_err();
        assert_eq!(code(&before), "intake.no_power_of_attorney");
        let id = house.hand_in(agent, Some(house.item)).unwrap();
        assert!(house.begin(agent).is_ok());
        let line = house.db.read(|tx| ledger::lines_of(tx, id)).unwrap();
        let data = line[0].data.to_string();
        for held in ["original_seen_by", "paper", "scope"] {
            assert!(data.contains(held), "{data}");
        }
        assert!(!data.contains("签收"), "an event holds no text: {data}");
        let clerk = house.clerk();
        let (kept, content) = house.db.read(|tx| power_paper(tx, &clerk, id)).unwrap();
        assert_eq!(
            (kept.name.as_str(), content.as_slice()),
            ("授权委托书.pdf", PDF)
        );
        let elsewhere = By::Clerk {
            officer: raw(6),
            hall: raw(7),
        };
        for by in [elsewhere, By::Other, By::Person(agent)] {
            assert!(house.db.read(|tx| power_paper(tx, &by, id)).is_err());
        }
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_paper_for_another_matter_opens_nothing_and_nobody_empowers_themselves() {
    for house in houses("power_matter") {
        let agent = house.agent();
        house.hand_in(agent, Some(raw(999))).unwrap();
        let outside = house.begin(agent).unwrap_err();
        assert_eq!(code(&outside), "intake.outside_power");
        house.hand_in(agent, None).unwrap();
        assert!(house.begin(agent).is_ok());
        let own = house.hand_in(house.person, None).unwrap_err();
        assert_eq!(code(&own), "identity.same_person");
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn the_principal_alone_takes_it_back_and_it_ends_with_the_day() {
    for house in houses("power_end") {
        let agent = house.agent();
        let id = house.hand_in(agent, None).unwrap();
        for by in [By::Person(agent), house.clerk()] {
            assert!(house.write(move |tx| end_power(tx, &by, id)).is_err());
        }
        let principal = house.applicant();
        for _ in 0..2 {
            house
                .write(move |tx| end_power(tx, &principal, id))
                .unwrap();
        }
        let given = house.db.read(|tx| powers_given(tx, house.person)).unwrap();
        assert_eq!(given, vec![]);
        house.db.clock().advance(SignedDuration::from_hours(24));
        let after = house.begin(agent).unwrap_err();
        assert_eq!(code(&after), "intake.no_power_of_attorney");
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn one_changed_byte_of_a_power_of_attorney_is_found() {
    for house in houses("power_byte") {
        house.hand_in(house.agent(), None).unwrap();
        let sql = "UPDATE power_of_attorney SET until_day = '2036-12-31'";
        house.write(move |tx| tx.execute(sql, &[])).unwrap();
        let found = house.findings();
        let named = |one: &ledger::audit::Finding| one.place.starts_with("power_of_attorney");
        assert!(found.iter().any(named), "{found:?}");
    }
}
