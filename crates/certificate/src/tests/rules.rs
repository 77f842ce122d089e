//! Rules without a database.

use codes::EcertId;
use ledger::{Commitment, FileCommitment, FileId, Lifecycle, TextId};
use seal::Digest32;

use super::*;
use crate::ExitGround;
use crate::decide::{CertificateCommand as Command, Facts, Hands, PrintCommand, Refused};

fn kept() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(1)),
        digest: Digest32([1; 32]),
    }
}

fn organ(number: u128) -> OrganId {
    OrganId::from_uuid(Uuid::from_u128(number))
}

fn issued() -> Certificate {
    let id = "1.2.156.3005.2.11100000MB03271699022.11370800MB28559184.0000000016.001.J";
    let event = CertificateEvent::Issued {
        ecert_id: EcertId::parse(id).unwrap(),
        number: DocumentNumber::new("云审批证字〔2026〕第 0001 号").unwrap(),
        holder: PersonId::from_uuid(Uuid::from_u128(2)),
        about: MATTER,
        item: Uuid::from_u128(8),
        item_version: 1,
        organ: organ(3),
        on: day("2026-11-23"),
        valid_from: day("2026-11-23"),
        valid_until: Some(day("2027-11-22")),
        text: kept(),
    };
    Certificate::begin(CertificateId::from_uuid(Uuid::from_u128(4)), &event).unwrap()
}

fn hands(number: u128) -> Hands {
    Hands([Some(OfficerId::from_uuid(Uuid::from_u128(number))), None])
}

fn suspend(until: &str) -> Command {
    Command::Suspend {
        until: day(until),
        ground: SuspensionGround::Penalty,
        reason: kept(),
    }
}

fn on(today: &str) -> Facts {
    Facts {
        today: day(today),
        organ: Some(organ(3)),
        decides: true,
        asking: hands(1),
        issuing: hands(2),
    }
}

fn after(record: &Certificate, command: Command, facts: &Facts) -> Certificate {
    let mut record = record.clone();
    for event in record.decide(command, facts).unwrap() {
        record.evolve(&event);
    }
    record
}

fn revoke() -> Command {
    Command::End {
        ground: ExitGround::Revocation(RevocationGround::ObtainedByFraud),
        reason: kept(),
    }
}

fn strike_off(ground: CancellationGround) -> Command {
    Command::End {
        ground: ExitGround::Cancellation(ground),
        reason: kept(),
    }
}

#[test]
fn only_the_organ_that_issued_a_certificate_ends_it() {
    let stranger = Facts {
        organ: Some(organ(9)),
        ..on("2026-12-01")
    };
    let nobody = Facts {
        organ: None,
        ..stranger
    };
    for facts in [stranger, nobody] {
        for command in acts() {
            assert_eq!(issued().decide(command, &facts), Err(Refused::NotTheIssuer));
        }
    }
}

fn acts() -> [Command; 4] {
    let force = strike_off(CancellationGround::ForceMajeure);
    [revoke(), force, suspend("2026-12-31"), Command::Lift]
}

#[test]
fn only_a_decider_ends_a_certificate_and_never_who_issued_it_nor_their_deputy() {
    let clerk = Facts {
        decides: false,
        ..on("2026-12-01")
    };
    let same = Facts {
        asking: hands(2),
        ..on("2026-12-01")
    };
    let deputy = Facts {
        asking: Hands([hands(7).0[0], hands(2).0[0]]),
        ..on("2026-12-01")
    };
    let deputized = Facts {
        issuing: Hands([hands(7).0[0], hands(1).0[0]]),
        ..on("2026-12-01")
    };
    for command in acts() {
        let refused = |facts: &Facts| issued().decide(command, facts).unwrap_err();
        assert_eq!(refused(&clerk), Refused::NotADecider);
        for facts in [&same, &deputy, &deputized] {
            assert_eq!(refused(facts), Refused::IssuedByYou);
        }
    }
}

#[test]
fn a_suspended_certificate_stands_again_after_its_last_day_or_when_it_is_lifted() {
    let suspended = after(&issued(), suspend("2026-12-31"), &on("2026-12-01"));
    assert_eq!(suspended.state, CertificateState::Suspended);
    assert_eq!(
        suspended.state_on(day("2026-12-31")),
        CertificateState::Suspended
    );
    assert_eq!(
        suspended.state_on(day("2027-01-01")),
        CertificateState::Valid
    );
    assert_eq!(
        suspended.state_on(day("2027-11-23")),
        CertificateState::Expired
    );
    assert_eq!(
        suspended.decide(Command::Restore, &on("2026-12-31")),
        Ok(vec![])
    );
    let restored = after(&suspended, Command::Restore, &on("2027-02-01"));
    assert_eq!(restored.state, CertificateState::Valid);
    assert_eq!(restored.state_since, day("2027-01-01"));
    let lifted = after(&suspended, Command::Lift, &on("2026-12-05"));
    assert_eq!(
        (lifted.state, lifted.suspended_for),
        (CertificateState::Valid, None)
    );
    let nothing = lifted.decide(Command::Lift, &on("2026-12-06"));
    assert_eq!(nothing, Err(Refused::NotSuspended));
    for wrong in ["2026-12-01", "2026-11-30", "2028-01-01"] {
        let refused = issued().decide(suspend(wrong), &on("2026-12-01"));
        assert_eq!(refused, Err(Refused::SuspensionDays), "{wrong}");
    }
    let twice = suspended.decide(suspend("2027-01-31"), &on("2026-12-02"));
    assert_eq!(
        twice,
        Err(Refused::AlreadyEnded(CertificateState::Suspended))
    );
    let revoked = after(&suspended, revoke(), &on("2026-12-02"));
    assert_eq!(revoked.state, CertificateState::Revoked);
    let expired = after(&suspended, Command::Expire, &on("2027-12-01"));
    assert_eq!(expired.state, CertificateState::Expired);
}

#[test]
fn a_certificate_ends_by_itself_after_its_last_day_and_not_on_it() {
    let certificate = issued();
    assert_eq!(
        certificate.decide(Command::Expire, &on("2027-11-22")),
        Ok(vec![])
    );
    let expired = after(&certificate, Command::Expire, &on("2027-12-01"));
    assert_eq!(expired.state, CertificateState::Expired);
    assert_eq!(
        expired.state_since,
        day("2027-11-23"),
        "a late timer does not move the day"
    );
    assert_eq!(
        expired.decide(Command::Expire, &on("2027-12-02")),
        Ok(vec![])
    );
}

#[test]
fn a_late_timer_does_not_make_an_old_certificate_look_valid() {
    assert_eq!(
        issued().state_on(day("2027-11-22")),
        CertificateState::Valid
    );
    assert_eq!(
        issued().state_on(day("2027-11-23")),
        CertificateState::Expired
    );
    let change = Command::Change {
        successor: issued().id,
    };
    let refused = issued().decide(change, &on("2027-11-23"));
    assert_eq!(
        refused,
        Err(Refused::AlreadyEnded(CertificateState::Expired))
    );
}

#[test]
fn want_of_renewal_strikes_off_only_what_has_expired() {
    let command = strike_off(CancellationGround::NotRenewed);
    assert_eq!(
        issued().decide(command, &on("2027-11-22")),
        Err(Refused::NotExpiredYet)
    );
    let struck = after(&issued(), command, &on("2027-11-23"));
    assert_eq!(struck.state, CertificateState::Cancelled);
    assert_eq!(struck.cancelled_for, Some(CancellationGround::NotRenewed));
}

#[test]
fn a_revoked_certificate_is_struck_off_because_it_was_revoked() {
    let revoked = after(&issued(), revoke(), &on("2026-12-01"));
    assert_eq!(
        revoked.revoked_for.unwrap().article(),
        "行政许可法第六十九条第二款"
    );
    let other = strike_off(CancellationGround::ForceMajeure);
    assert_eq!(
        revoked.decide(other, &on("2026-12-02")),
        Err(Refused::GroundMustBeRevocation)
    );
    let because = strike_off(CancellationGround::RevokedOrWithdrawn);
    let struck = after(&revoked, because, &on("2026-12-02"));
    assert_eq!(struck.state, CertificateState::Cancelled);
}

#[test]
fn what_has_been_replaced_or_struck_off_cannot_end_again() {
    let successor = CertificateId::from_uuid(Uuid::from_u128(44));
    let changed = after(&issued(), Command::Change { successor }, &on("2026-12-01"));
    let force = strike_off(CancellationGround::ForceMajeure);
    let struck = after(&issued(), force, &on("2026-12-01"));
    for ended in [changed, struck] {
        for command in [revoke(), force, Command::Change { successor }] {
            let refused = ended.decide(command, &on("2026-12-02"));
            assert_eq!(refused, Err(Refused::AlreadyEnded(ended.state)));
        }
    }
}

#[test]
fn a_slower_press_changes_nothing() {
    let file = |number| FileCommitment {
        file: FileId::from_uuid(Uuid::from_u128(number)),
        digest: Digest32([7; 32]),
    };
    let done = |number| PrintCommand::Done {
        file: file(number),
        mark: Digest32([8; 32]),
    };
    let fail = PrintCommand::Fail {
        code: FailureCode::Template,
        detail: kept(),
    };
    let made = after(&issued(), Command::Print(done(1)), &on("2026-11-23"));
    for late in [done(2), fail] {
        assert_eq!(
            made.decide(Command::Print(late), &on("2026-11-23")),
            Ok(vec![])
        );
    }
    let again = made.decide(Command::Print(PrintCommand::Again), &on("2026-11-23"));
    assert_eq!(again, Err(Refused::NothingFailed));
    let failed = after(&issued(), Command::Print(fail), &on("2026-11-23"));
    assert_eq!(failed.print.failure, Some(FailureCode::Template));
    let waiting = after(
        &failed,
        Command::Print(PrintCommand::Again),
        &on("2026-11-23"),
    );
    assert_eq!(
        (waiting.print.state, waiting.print.failure),
        (FileState::Pending, None)
    );
}

#[test]
fn a_number_is_what_a_hall_prints_and_nothing_else() {
    for good in [
        "云审批受〔2026〕第 000171 号",
        "JY1-2026/0001",
        "卫（2026）1号",
    ] {
        assert_eq!(DocumentNumber::new(good).unwrap().as_str(), good);
    }
    let long = "号".repeat(61);
    for wrong in ["", "  ", "<script>", "第1号\n", "\u{202e}号", &long] {
        let read = DocumentNumber::new(wrong);
        assert!(
            read.is_err() || read.unwrap().as_str() == wrong.trim(),
            "{wrong:?}"
        );
    }
    assert!(DocumentNumber::new("a<b").is_err() && DocumentNumber::new(&long).is_err());
}

#[test]
fn a_licence_that_was_withdrawn_or_taken_away_is_only_struck_off_for_that() {
    let facts = on("2026-12-01");
    for ground in [
        ExitGround::Withdrawal(crate::WithdrawalGround::BasisRepealed),
        ExitGround::Penalty(crate::PenaltyGround::LentOrAltered),
    ] {
        let reason = kept();
        let gone = after(&issued(), Command::End { ground, reason }, &facts);
        assert!(gone.decide(revoke(), &facts).is_err(), "{ground:?}");
        let other = strike_off(CancellationGround::ForceMajeure);
        let refused = gone.decide(other, &facts).expect_err("another ground");
        assert_eq!(refused, Refused::GroundMustBeRevocation);
        let off = strike_off(CancellationGround::RevokedOrWithdrawn);
        assert_eq!(after(&gone, off, &facts).state, CertificateState::Cancelled);
    }
    let early = strike_off(CancellationGround::RevokedOrWithdrawn);
    let refused = issued().decide(early, &facts).expect_err("it stands");
    assert_eq!(refused, Refused::NotTakenAway);
}
