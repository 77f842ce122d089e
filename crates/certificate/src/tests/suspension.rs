//! Suspension and the same hand, on both stores; the desk and one's own list through the doors.

use super::standing::card;
use super::*;
use crate::decide::Hands;

fn issue_as(house: &House, actor: Actor) -> Certificate {
    let new = house.new_certificate();
    let issue = move |tx: &mut Tx<'_>| {
        let id = crate::issue(tx, new.clone())?;
        certificate(tx, id)
    };
    house.write_as(actor, issue).unwrap()
}

#[test]
fn who_issued_a_certificate_does_not_take_it_back_and_a_reviewer_neither() {
    for house in houses("same_hand") {
        let own = house.decider(house.department);
        let issued = issue_as(&house, own.clone());
        let issuing = house.db.read(move |tx| standing_of(tx, issued.id)).unwrap();
        assert!(issuing.meet(Hands([own.as_officer(), None])));
        let id = issued.id;
        let act = move |tx: &mut Tx<'_>| {
            cancel(tx, id, CancellationGround::ForceMajeure, "洪水损毁经营场所")
        };
        let refused = house.write_as(own, act).unwrap_err();
        assert_eq!(refused.refusal(), Some("certificate.issued_by_you"));
        let reviewer = house.officer(6, house.department, Role::Reviewer);
        let refused = house.write_as(reviewer, act).unwrap_err();
        assert_eq!(refused.refusal(), Some("certificate.not_a_decider"));
        let other = house.officer(6, house.department, Role::Decider);
        house.write_as(other, act).unwrap();
        assert_eq!(house.findings(), vec![]);
    }
}

fn standing_of(tx: &mut Tx<'_>, id: CertificateId) -> Result<Hands, Fault> {
    crate::standing::issuing(tx, id)
}

#[test]
fn a_stranger_sees_a_suspension_at_once_and_its_end_without_waiting_for_the_timer() {
    for house in houses("suspension") {
        let issued = house.issue(house.new_certificate()).unwrap();
        let id = issued.id;
        let act = move |tx: &mut Tx<'_>| {
            let ground = SuspensionGround::Penalty;
            suspend(tx, id, day("2026-12-22"), ground, "拒不改正，暂扣三十日")
        };
        house
            .write_as(house.decider(house.department), act)
            .unwrap();
        let shown = card(&house, &issued.ecert_id);
        assert_eq!(shown.state, CertificateState::Suspended);
        assert_eq!(shown.article, Some("行政处罚法第九条第（三）项"));
        let person = house.company;
        assert_eq!(house.db.read(|tx| valid_of(tx, person)).unwrap(), vec![]);
        house
            .db
            .clock()
            .set("2026-12-22T16:00:00Z".parse().unwrap());
        let shown = card(&house, &issued.ecert_id);
        assert_eq!(
            (shown.state, shown.state_since, shown.article),
            (CertificateState::Valid, day("2026-12-23"), None)
        );
        let due = house.db.read(|tx| db::timer::due(tx, 10)).unwrap();
        assert_eq!(due.len(), 1);
        let ring = due[0].clone();
        let fired = house.write(move |tx| {
            db::timer::take(tx, &ring)?;
            Ok((fire(tx, &ring)?, fire(tx, &ring)?))
        });
        assert_eq!(fired, Ok((true, true)));
        let standing = house.db.read(move |tx| certificate(tx, id)).unwrap();
        assert_eq!(standing.state, CertificateState::Valid);
        assert_eq!(house.db.read(|tx| valid_of(tx, person)).unwrap().len(), 1);
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn staff_find_what_their_organ_issued_and_the_hall_finds_all() {
    for house in houses("search") {
        let first = house.issue(house.new_certificate()).unwrap();
        let short = NewCertificate {
            holder: house.citizen,
            valid_until: Some(day("2026-12-31")),
            ..house.new_certificate()
        };
        let second = house.issue(short).unwrap();
        let find = |organ, is_hall, sought: crate::store::Sought| {
            let found = house
                .db
                .read(move |tx| crate::store::search(tx, organ, is_hall, &sought, 10));
            let ids = found.unwrap().into_iter().map(|one| one.id);
            ids.collect::<Vec<_>>()
        };
        let all = crate::store::Sought::default;
        let both = vec![second.id, first.id];
        assert_eq!(find(house.department, false, all()), both);
        assert_eq!(find(house.hall, true, all()), both);
        assert_eq!(find(house.hall, false, all()), vec![]);
        let number = Some(first.number.to_string());
        let by_number = crate::store::Sought { number, ..all() };
        assert_eq!(find(house.department, false, by_number), vec![first.id]);
        let number = Some(second.ecert_id.to_string());
        let by_id = crate::store::Sought { number, ..all() };
        assert_eq!(find(house.department, false, by_id), vec![second.id]);
        let holder = Some(house.citizen);
        let by_holder = crate::store::Sought { holder, ..all() };
        assert_eq!(find(house.department, false, by_holder), vec![second.id]);
        let soon = crate::store::Sought {
            ends_by: Some(day("2027-02-01")),
            ..all()
        };
        assert_eq!(find(house.department, false, soon), vec![second.id]);
        let older = crate::store::Sought {
            before: Some(second.id),
            ..all()
        };
        assert_eq!(find(house.department, false, older), vec![first.id]);
        let (mine, person) = (house.company, house.citizen);
        assert_eq!(house.db.read(move |tx| all_of(tx, mine)).unwrap().len(), 1);
        assert_eq!(
            house.db.read(move |tx| all_of(tx, person)).unwrap().len(),
            1
        );
    }
}
