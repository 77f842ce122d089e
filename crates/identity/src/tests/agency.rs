//! Who may act for whom, in which matter and on which days, on both stores.

use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, PersonId};

use super::store::findings;
use super::{COMPANY, House, houses};
use crate::{ActingAs, AgencyScope, NewPerson, PersonKind};

fn agent_and_company(house: &House) -> (PersonId, PersonId) {
    let new = house.citizen("wang");
    let agent = house
        .write(move |tx| crate::register_person(tx, &new))
        .unwrap();
    let company = NewPerson {
        kind: PersonKind::Legal,
        name: "清江商贸有限公司".to_owned(),
        identity_number: COMPANY.to_owned(),
        phone: "0826-2345678".to_owned(),
        account: None,
    };
    let company = house
        .write(move |tx| crate::person_at_counter(tx, &company))
        .unwrap();
    (agent, company)
}

#[test]
fn an_agent_acts_for_a_company_only_on_the_days_of_the_power_of_attorney() {
    for house in houses("agency") {
        let (agent, company) = agent_and_company(&house);
        let item = Uuid::from_u128(7);
        let may = |house: &House| {
            house.read(move |tx| crate::may_act_for(tx, agent, company, Some(item)))
        };
        assert!(!may(&house));
        let agency = house
            .write(move |tx| {
                let power = ledger::FileCommitment {
                    file: tx.new_id(),
                    digest: seal::Digest32([7; 32]),
                };
                let today = tx.today();
                let until = today.tomorrow().map_err(Fault::broken)?;
                let scope = AgencyScope::EveryMatter;
                let days = (today, Some(until));
                crate::authorize(tx, company, agent, Some(power), scope, days)
            })
            .unwrap();
        assert!(may(&house));
        let held = house.read(move |tx| crate::agencies(tx, agent));
        assert!(held.len() == 1 && held[0].id == agency && held[0].power.is_some());
        let other_way = house.read(move |tx| crate::may_act_for(tx, company, agent, Some(item)));
        assert!(!other_way);
        house
            .db
            .clock()
            .advance(jiff::SignedDuration::from_hours(48));
        assert!(!may(&house));
        house.write(move |tx| crate::erase(tx, agent)).unwrap();
        let gone = house.db.read(move |tx| crate::person(tx, agent));
        assert_eq!(gone, Err(Fault::NotFound { what: "person" }));
        assert_eq!(findings(&house), Vec::<String>::new());
    }
}

#[test]
fn a_power_for_one_matter_opens_that_matter_and_nothing_else_of_the_principal() {
    for house in houses("scope") {
        let (agent, principal) = agent_and_company(&house);
        let [food, shop] = [1, 2].map(Uuid::from_u128);
        let give = |scope: AgencyScope| {
            house.write(move |tx| {
                let days = (tx.today(), None);
                crate::authorize(tx, principal, agent, None, scope, days)
            })
        };
        let may = |item: Option<Uuid>| {
            house.read(move |tx| crate::may_act_for(tx, agent, principal, item))
        };
        let one = give(AgencyScope::Item(food)).unwrap();
        assert!(may(Some(food)));
        assert!(!may(Some(shop)), "another matter");
        assert!(!may(None), "what belongs to no single matter");
        let as_whom = house.read(move |tx| crate::acting_as(tx, agent));
        let held = ActingAs {
            person: principal,
            scope: AgencyScope::Item(food),
        };
        assert_eq!(as_whom, [ActingAs::own(agent), held]);
        give(AgencyScope::EveryMatter).unwrap();
        assert!(may(Some(shop)) && may(None));
        let as_whom = house.read(move |tx| crate::acting_as(tx, agent));
        assert_eq!(as_whom, [ActingAs::own(agent), ActingAs::own(principal)]);
        // A right whose scope is gone opens nothing, rather than everything.
        let gone = move |tx: &mut Tx<'_>| {
            let sql = "DELETE FROM identity_agency_scope WHERE agency <> $1";
            tx.execute(sql, db::params![one])
        };
        house.write(gone).unwrap();
        assert!(may(Some(food)) && !may(Some(shop)));
        house.write(move |tx| crate::erase(tx, principal)).unwrap();
        let left = "SELECT COUNT(*) FROM identity_agency_scope";
        let left = house.read(move |tx| tx.query_one(left, &[], |row| row.get::<i64>(0)));
        assert_eq!(left, Some(0));
    }
}
