//! Changing a certificate, on both stores: who may, what is kept, and what a stranger is told.

use super::standing::card;
use super::*;

fn amended(house: &House, id: CertificateId) -> Amended {
    let of = house.db.read(move |tx| certificate(tx, id)).unwrap();
    let text = house.db.read(move |tx| text_of(tx, &of)).unwrap().unwrap();
    Amended {
        scope: text.scope,
        values: text.fields.into_iter().map(|field| field.value).collect(),
        valid_until: house
            .db
            .read(move |tx| certificate(tx, id))
            .unwrap()
            .valid_until,
        reason: "持证人申请变更经营面积".to_owned(),
    }
}

fn changed(
    house: &House,
    by: Actor,
    id: CertificateId,
    amended: &Amended,
) -> Result<CertificateId, Fault> {
    let amended = amended.clone();
    house.write_as(by, move |tx| change(tx, id, &amended))
}

#[test]
fn a_changed_certificate_keeps_number_holder_and_serial_and_the_old_one_leads_to_it() {
    for house in houses("amend") {
        let old = house.issue(house.new_certificate()).unwrap();
        let decider = house.officer(6, house.department, Role::Decider);
        let mut new = amended(&house, old.id);
        let same = changed(&house, decider.clone(), old.id, &new);
        assert!(matches!(same, Err(Fault::Invalid(_))), "{same:?}");
        new.scope = "理发店（使用面积 80 平方米）".to_owned();
        let id = changed(&house, decider.clone(), old.id, &new).unwrap();
        let successor = house.db.read(move |tx| certificate(tx, id)).unwrap();
        assert_eq!(successor.number, old.number);
        assert_eq!(successor.holder, old.holder);
        assert_eq!(successor.ecert_id.serial(), old.ecert_id.serial());
        assert_eq!(successor.ecert_id.version(), old.ecert_id.version() + 1);
        let shown = card(&house, &old.ecert_id);
        assert_eq!(shown.state, CertificateState::Changed);
        assert_eq!(shown.successor, Some(successor.ecert_id.to_string()));
        assert_eq!(
            card(&house, &successor.ecert_id).state,
            CertificateState::Valid
        );
        let text = house.db.read(move |tx| text_of(tx, &successor)).unwrap();
        assert_eq!(text.unwrap().scope, new.scope);
        let before = house.db.read(move |tx| certificate(tx, old.id)).unwrap();
        let words = before.reason.unwrap();
        let words = house
            .db
            .read(move |tx| ledger::read_text(tx, &words))
            .unwrap();
        assert_eq!(words, Some(new.reason.clone()));
        let again = changed(&house, decider, old.id, &new).unwrap_err();
        assert_eq!(again.refusal(), Some("certificate.already_ended"));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn who_issued_it_does_not_change_it_nor_a_reviewer_nor_another_organ() {
    for house in houses("amend_hands") {
        let own = house.decider(house.department);
        let new = house.new_certificate();
        let issue = move |tx: &mut Tx<'_>| crate::issue(tx, new.clone());
        let id = house.write_as(own.clone(), issue).unwrap();
        let mut new = amended(&house, id);
        new.valid_until = None;
        for (by, code) in [
            (own, "certificate.issued_by_you"),
            (
                house.officer(6, house.department, Role::Reviewer),
                "certificate.not_a_decider",
            ),
            (
                house.officer(6, house.hall, Role::Decider),
                "certificate.not_the_issuer",
            ),
        ] {
            let refused = changed(&house, by, id, &new).unwrap_err();
            assert_eq!(refused.refusal(), Some(code));
        }
        let standing = house.db.read(move |tx| certificate(tx, id)).unwrap();
        assert_eq!(standing.state, CertificateState::Valid);
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn every_wrong_field_of_a_change_is_told_at_once() {
    for house in houses("amend_wrong") {
        let old = house.issue(house.new_certificate()).unwrap();
        let wrong = Amended {
            scope: "字".repeat(1001),
            values: Vec::new(),
            valid_until: Some(day("2020-01-01")),
            reason: " ".to_owned(),
        };
        let decider = house.officer(6, house.department, Role::Decider);
        let Err(Fault::Invalid(problems)) = changed(&house, decider, old.id, &wrong) else {
            panic!("a wrong change was taken")
        };
        let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
        for field in ["scope", "change_reason", "value.0", "valid_until"] {
            assert!(fields.contains(&field), "{field}: {fields:?}");
        }
        assert_eq!(house.findings(), vec![]);
    }
}
