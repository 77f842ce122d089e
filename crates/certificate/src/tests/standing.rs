//! Certificates: identifiers, validity, ends, and what a stranger learns.

use codes::{EcertId, Uscc};
use db::timer;

use super::*;
use crate::public_check::{check, check_file};

pub(super) fn card(house: &House, id: &EcertId) -> PublicCard {
    match house.db.read(|tx| check(tx, id.as_str())).unwrap() {
        Checked::Known(card) => *card,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_identifier_is_checked_and_names_type_and_issuer() {
    for house in houses("identifier") {
        let first = house.issue(house.new_certificate()).unwrap();
        let second = house.issue(house.new_certificate()).unwrap();
        let id = EcertId::parse(first.ecert_id.as_str()).unwrap();
        assert_eq!(id.kind(), "11100000000013338W011");
        assert_eq!(id.issuer_uscc(), Uscc::parse("11370800MB28559184"));
        assert_eq!((id.serial(), id.version()), ("0000000001", 1));
        assert_eq!(second.ecert_id.serial(), "0000000002");
        assert_eq!(first.number.as_str(), "云审批证字〔2026〕第 0001 号");
        let wrong = NewCertificate {
            type_code: Some("11100000000013338W01X".to_owned()),
            ..house.new_certificate()
        };
        let Err(Fault::Invalid(problems)) = house.issue(wrong) else {
            panic!("a letter is wrong")
        };
        assert_eq!(problems[0].field, "type_code");
        let own = NewCertificate {
            type_code: None,
            ..house.new_certificate()
        };
        assert_eq!(
            house.issue(own).unwrap().ecert_id.kind(),
            "11370800MB28559184001"
        );
        assert_eq!(
            house
                .db
                .read(|tx| certificates_of(tx, MATTER))
                .unwrap()
                .len(),
            3
        );
    }
}

#[test]
fn a_stranger_learns_what_stands_on_the_face_and_no_persons_name() {
    for house in houses("stranger") {
        let company = house.issue(house.new_certificate()).unwrap();
        let shown = card(&house, &company.ecert_id);
        assert_eq!(shown.state, CertificateState::Valid);
        assert_eq!(shown.holder.as_deref(), Some("云澄县晴川美容美发有限公司"));
        assert_eq!(shown.organ, "云澄县行政审批服务局");
        let new = NewCertificate {
            holder: house.citizen,
            ..house.new_certificate()
        };
        let natural = house.issue(new).unwrap();
        assert_eq!(
            card(&house, &natural.ecert_id).holder.as_deref(),
            Some("李*喆")
        );
        let foreign = "1.2.156.3005.2.11100000MB03271699022.11370800MB28559184.0000000016.001.J";
        let unknown = house.db.read(|tx| check(tx, foreign)).unwrap();
        assert!(matches!(unknown, Checked::Unknown(_)));
        let wrong = foreign.replace(".J", ".K");
        let wrong = house.db.read(|tx| check(tx, &wrong)).unwrap();
        assert!(matches!(
            wrong,
            Checked::Wrong(codes::CodeError::CheckCharacter { .. })
        ));
    }
}

#[test]
fn the_timer_ends_a_certificate_once() {
    for house in houses("timer") {
        let new = NewCertificate {
            valid_until: Some(day("2026-12-31")),
            ..house.new_certificate()
        };
        let id = house.issue(new).unwrap().id;
        let due = |house: &House| house.db.read(|tx| timer::due(tx, 10)).unwrap();
        assert_eq!(due(&house), vec![]);
        house
            .db
            .clock()
            .set("2026-12-31T15:59:59Z".parse().unwrap());
        assert_eq!(due(&house), vec![], "the last day counts whole");
        house
            .db
            .clock()
            .set("2026-12-31T16:00:00Z".parse().unwrap());
        let timers = due(&house);
        assert_eq!(timers.len(), 1);
        let ring = timers[0].clone();
        let fired = house.write(move |tx| {
            timer::take(tx, &ring)?;
            Ok((fire(tx, &ring)?, fire(tx, &ring)?))
        });
        assert_eq!(fired, Ok((true, true)));
        let ended = house.db.read(|tx| certificate(tx, id)).unwrap();
        assert_eq!(ended.state, CertificateState::Expired);
        assert_eq!(ended.state_since, day("2027-01-01"));
        let person = house.company;
        assert_eq!(house.db.read(|tx| valid_of(tx, person)).unwrap(), vec![]);
        assert_eq!(due(&house), vec![]);
        let other = timer::Timer {
            kind: "case.due".to_owned(),
            ..timers[0].clone()
        };
        assert_eq!(house.write(move |tx| fire(tx, &other)), Ok(false));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_change_keeps_the_serial_counts_the_version_up_and_leads_on() {
    for house in houses("change") {
        let old = house.issue(house.new_certificate()).unwrap();
        let stranger = NewCertificate {
            holder: house.citizen,
            replaces: Some(old.id),
            ..house.new_certificate()
        };
        let refused = house.issue(stranger).unwrap_err();
        assert_eq!(refused.refusal(), Some("certificate.other_holder"));
        let new = NewCertificate {
            replaces: Some(old.id),
            ..house.new_certificate()
        };
        let new = house.issue(new).unwrap();
        assert_eq!(new.ecert_id.serial(), old.ecert_id.serial());
        assert_eq!(new.ecert_id.version(), 2);
        let shown = card(&house, &old.ecert_id);
        assert_eq!(shown.state, CertificateState::Changed);
        assert_eq!(shown.successor, Some(new.ecert_id.to_string()));
        let person = house.company;
        let valid = house.db.read(|tx| valid_of(tx, person)).unwrap();
        assert_eq!(valid.iter().map(|one| one.id).collect::<Vec<_>>(), [new.id]);
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_revoked_certificate_shows_the_article_even_on_its_own_sealed_file() {
    for house in houses("revoked") {
        let id = house.issue(house.new_certificate()).unwrap().id;
        let bytes = pdf_of(&house.db, id).unwrap();
        let standing = |house: &House| match house.db.read(|tx| check_file(tx, &bytes)).unwrap() {
            FileVerdict::Certificate { card, .. } => (card.state, card.article),
            other => panic!("{other:?}"),
        };
        assert_eq!(standing(&house), (CertificateState::Valid, None));
        let take_back = move |tx: &mut Tx<'_>| {
            revoke(
                tx,
                id,
                RevocationGround::BeyondCompetence,
                "超越职权作出的准予决定",
            )
        };
        let foreign = house
            .write_as(house.decider(house.hall), take_back)
            .unwrap_err();
        assert_eq!(foreign.refusal(), Some("certificate.not_the_issuer"));
        house
            .write_as(house.decider(house.department), take_back)
            .unwrap();
        let article = Some("行政许可法第六十九条第一款第（二）项");
        assert_eq!(standing(&house), (CertificateState::Revoked, article));
        let twice = house
            .write_as(house.decider(house.department), take_back)
            .unwrap_err();
        assert_eq!(twice.refusal(), Some("certificate.already_ended"));
        assert_eq!(
            house.db.read(timer::next_due),
            Ok(None),
            "no end is left to note"
        );
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_file_that_another_hall_sealed_is_told_apart() {
    let (ours, theirs) = (house(), house());
    theirs.db.clock().advance(SignedDuration::from_secs(7));
    let _another_key = theirs.db.clock().random::<32>();
    let id = theirs.withdrawal("不再经营");
    let bytes = pdf_of(&theirs.db, id).unwrap();
    let verdict = ours.db.read(|tx| check_file(tx, &bytes)).unwrap();
    let claimed = Some("云澄县行政审批服务局".to_owned());
    assert_eq!(verdict, FileVerdict::Foreign { claimed });
}

#[test]
fn keys_are_made_once_kept_outside_the_database_and_read_back() {
    let house = house();
    let keys = house.db.thing::<SealKeys>().unwrap();
    let clock = house.db.clock();
    let first = keys
        .of(clock, house.department, "云澄县行政审批服务局")
        .unwrap();
    let again = SealKeys::open(&house.folder.path().join("keys")).unwrap();
    let read = again.of(clock, house.department, "另一个名称").unwrap();
    assert_eq!(first.certificate, read.certificate);
    assert_eq!(
        again.owner_of(&first.certificate),
        Ok(Some(house.department))
    );
    let other = keys.of(clock, house.hall, "云澄县政务服务中心").unwrap();
    assert_ne!(first.certificate, other.certificate);
    assert_eq!(
        again.owner_of(&other.certificate),
        Ok(Some(house.hall)),
        "made since by a node"
    );
    let file = house
        .folder
        .path()
        .join("keys")
        .join(format!("{}.seal.pem", house.hall));
    std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nno key").unwrap();
    assert!(SealKeys::open(&house.folder.path().join("keys")).is_err());
}

#[test]
fn a_certificate_that_ends_before_it_begins_or_says_too_much_is_refused() {
    let house = house();
    let new = NewCertificate {
        valid_until: Some(day("2026-11-22")),
        ..house.new_certificate()
    };
    let refused = house.issue(new).unwrap_err();
    assert_eq!(refused.refusal(), Some("certificate.ends_before_it_begins"));
    let line = CertificateField::new("一", "二");
    let new = NewCertificate {
        fields: vec![line; 41],
        ..house.new_certificate()
    };
    assert!(matches!(house.issue(new), Err(Fault::Invalid(_))));
    let new = NewCertificate {
        number: Some("<b>".to_owned()),
        ..house.new_certificate()
    };
    assert_eq!(
        house.issue(new),
        Err(Fault::invalid("number", "certificate.number_wrong"))
    );
}
