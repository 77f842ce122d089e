//! The four ways out of a licence, each walked to its end by the real commands, and misused.

use certificate::{
    CancellationGround, CertificateId, CertificateState, ExitGround, NoticeKind, PenaltyGround,
    RevocationGround, WithdrawalGround,
};
use exit::{DropGround, ExitId, ExitSource, ExitStatus, LicenceExit, NewExit, PenaltyPaper};
use jiff::civil::date;
use kernel::{Fault, Money, TypedId};
use web::{Officer, Role};

use crate::licences::{Licences, MONDAY, licences, refused};

const UNFIT: ExitGround = ExitGround::Revocation(RevocationGround::ApplicantNotEligible);
const FRAUD: ExitGround = ExitGround::Revocation(RevocationGround::ObtainedByFraud);

fn new(certificate: CertificateId, ground: ExitGround) -> NewExit {
    NewExit {
        certificate,
        ground,
        source: ExitSource::Officer,
        findings: "复查发现申请时提交的房屋使用证明与实际不符".to_owned(),
        penalty: None,
        penalty_on: None,
    }
}

fn open(town: &Licences, by: &Officer, new: NewExit) -> Result<ExitId, Fault> {
    town.at_desk(by, move |tx, by| exit::open(tx, by, &new))
}

fn review(town: &Licences, id: ExitId, agreed: bool, barred: bool) -> Result<(), Fault> {
    let legal = town.officer(Role::LegalReviewer);
    town.at_desk(&legal, move |tx, by| {
        exit::review(tx, by, id, agreed, barred, "事实清楚，程序合法").map(|_| ())
    })
}

fn decide(town: &Licences, by: &Officer, id: ExitId) -> Result<LicenceExit, Fault> {
    town.at_desk(by, move |tx, by| {
        exit::decide(tx, by, id, "颁发许可时不符合法定条件", None)
    })
}

fn assess(town: &Licences, by: &Officer, id: ExitId, loss: i64) -> Result<(), Fault> {
    town.at_desk(by, move |tx, by| {
        let loss = Money::from_fen(loss);
        exit::assess(tx, by, id, loss, loss, "按剩余期限折算").map(|_| ())
    })
}

fn drop(town: &Licences, by: &Officer, id: ExitId, ground: DropGround) -> Result<(), Fault> {
    town.at_desk(by, move |tx, by| {
        exit::drop(tx, by, id, ground, "保留许可").map(|_| ())
    })
}

/// Strangers verify the certificate and find it in the register.
fn everybody_sees(town: &Licences, id: ExitId, identifier: String) {
    let checked = town
        .db()
        .read(|tx| certificate::public_check::check(tx, &identifier))
        .expect("strangers verify it");
    let certificate::Checked::Known(card) = checked else {
        panic!("it is known");
    };
    assert_eq!(card.article, Some(UNFIT.article()));
    let register = town.db().read(|tx| exit::register(tx, None, 10));
    assert_eq!(register.expect("it is public")[0].id, id);
}

#[test]
fn a_revocation_tells_hears_reviews_decides_and_everybody_sees_it() {
    for town in licences("revocation") {
        let holder = town.person();
        let licence = town.licence(holder, None);
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        // Misuse: a stranger's certificate is not there; striking off for what never happened.
        let stranger = town.person();
        let theirs = town.online(stranger, move |tx| {
            exit::request(tx, stranger, licence, "不是我的")
        });
        assert!(matches!(theirs, Err(Fault::NotFound { .. })));
        let early = ExitGround::Cancellation(CancellationGround::NotRenewed);
        refused(
            open(&town, opener, new(licence, early)),
            "certificate.not_expired_yet",
        );

        let id = open(&town, opener, new(licence, UNFIT)).expect("the organ opens it");
        refused(
            open(&town, other, new(licence, FRAUD)),
            "exit.already_running",
        );
        assert_eq!(town.papers(id.uuid()), [NoticeKind::ExitNotice]);
        refused(review(&town, id, true, false), "exit.statements_running");
        town.online(holder, move |tx| {
            exit::state(tx, holder, id, "门牌变更，材料属实").map(|_| ())
        })
        .expect("the holder is heard");
        let nosy = town.online(stranger, move |tx| {
            exit::state(tx, stranger, id, "x").map(|_| ())
        });
        assert!(matches!(nosy, Err(Fault::NotFound { .. })));
        assert_eq!(town.certificate(licence).state, CertificateState::Valid);
        town.until(date(2026, 12, 1));
        let late = town.online(holder, move |tx| {
            exit::ask_hearing(tx, holder, id).map(|_| ())
        });
        refused(late, "exit.statements_over");

        refused(decide(&town, other, id), "exit.not_reviewed");
        review(&town, id, true, false).expect("reviewed by somebody else");
        refused(decide(&town, opener, id), "exit.decided_by_opener");
        refused(decide(&town, other, id), "exit.loss_not_assessed");
        assess(&town, opener, id, 120_000).expect("assessed");
        let gone = decide(&town, other, id).expect("decided by somebody else");
        assert_eq!(gone.status, ExitStatus::Done);
        let certificate = town.certificate(licence);
        assert_eq!(certificate.state, CertificateState::Revoked);
        let papers = [NoticeKind::ExitNotice, NoticeKind::ExitDecision];
        assert_eq!(town.papers(id.uuid()), papers);
        everybody_sees(&town, id, certificate.ecert_id.to_string());

        let pay = |town: &Licences| town.at_desk(opener, move |tx, by| exit::pay(tx, by, id));
        assert_eq!(pay(&town).expect("owed").paid_on, Some(date(2026, 12, 1)));
        refused(pay(&town), "exit.nothing_to_pay");
        refused(decide(&town, other, id), "exit.over");
        // What was revoked is struck off, for that and nothing else.
        let force = ExitGround::Cancellation(CancellationGround::ForceMajeure);
        refused(
            open(&town, opener, new(licence, force)),
            "certificate.ground_must_be_revocation",
        );
        let off = ExitGround::Cancellation(CancellationGround::RevokedOrWithdrawn);
        open(&town, opener, new(licence, off)).expect("the register follows");
        town.stands();
    }
}

#[test]
fn a_revocation_that_would_gravely_harm_the_public_is_barred_and_dropped() {
    for town in licences("barred") {
        let licence = town.licence(town.person(), None);
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        let id = open(&town, opener, new(licence, FRAUD)).expect("opened");
        town.until(date(2026, 12, 1));
        review(&town, id, true, true).expect("the review finds the harm");
        refused(decide(&town, other, id), "exit.barred");
        refused(
            drop(&town, other, id, DropGround::Discretion),
            "exit.must_revoke",
        );
        refused(
            drop(&town, opener, id, DropGround::GravePublicHarm),
            "exit.decided_by_opener",
        );
        drop(&town, other, id, DropGround::GravePublicHarm).expect("it stays");
        assert_eq!(town.certificate(licence).state, CertificateState::Valid);
        let papers = [NoticeKind::ExitNotice, NoticeKind::ExitDropped];
        assert_eq!(town.papers(id.uuid()), papers);
        open(&town, opener, new(licence, UNFIT)).expect("another ground may be looked at");
        town.stands();
    }
}

#[test]
fn a_withdrawal_compensates_the_loss_and_a_review_against_it_stops_it() {
    for town in licences("withdrawal") {
        let licence = town.licence(town.person(), None);
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        let changed = ExitGround::Withdrawal(WithdrawalGround::FactsChanged);
        let first = open(&town, opener, new(licence, changed)).expect("opened");
        town.until(date(2026, 12, 1));
        review(&town, first, false, false).expect("the review does not agree");
        assess(&town, opener, first, 0).expect("no loss");
        refused(decide(&town, other, first), "exit.reviewed_against");
        drop(&town, other, first, DropGround::NotEstablished).expect("dropped");

        let id = open(&town, opener, new(licence, changed)).expect("opened anew");
        town.until(date(2026, 12, 10));
        review(&town, id, true, false).expect("now it agrees");
        refused(decide(&town, other, id), "exit.loss_not_assessed");
        assess(&town, opener, id, 500_000).expect("assessed");
        decide(&town, other, id).expect("withdrawn");
        let certificate = town.certificate(licence);
        assert_eq!(certificate.state, CertificateState::Withdrawn);
        assert_eq!(
            certificate.withdrawn_for,
            Some(WithdrawalGround::FactsChanged)
        );
        town.stands();
    }
}

#[test]
fn a_holder_has_a_licence_struck_off_and_nothing_but_a_cancellation_comes_of_it() {
    for town in licences("cancellation") {
        let holder = town.person();
        let licence = town.licence(holder, None);
        let id = town
            .online(holder, move |tx| {
                exit::request(tx, holder, licence, "不再经营")
            })
            .expect("their own wish");
        refused(
            town.online(holder, move |tx| {
                exit::ask_hearing(tx, holder, id).map(|_| ())
            }),
            "exit.no_hearing",
        );
        let decider = town.officer(Role::Decider);
        refused(decide(&town, &decider, id), "exit.not_reviewed");
        review(&town, id, true, false).expect("no days to wait for");
        refused(assess(&town, &decider, id, 1), "exit.not_compensated");
        decide(&town, &decider, id).expect("struck off");
        let state = town.certificate(licence).state;
        assert_eq!(state, CertificateState::Cancelled);
        let again = town.online(holder, move |tx| {
            exit::request(tx, holder, licence, "再次申请")
        });
        refused(again, "certificate.already_ended");
        town.stands();
    }
}

#[test]
fn a_penalty_is_recorded_from_another_organs_decision_only() {
    for town in licences("penalty") {
        let licence = town.licence(town.person(), None);
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        let lent = ExitGround::Penalty(PenaltyGround::LentOrAltered);
        refused(
            open(&town, opener, new(licence, lent)),
            "exit.penalty_without_decision",
        );
        let name = town
            .db()
            .read(|tx| Ok(identity::organ(tx, town.organ)?.name))
            .expect("it has a name");
        let from = |organ: &str| NewExit {
            penalty: Some(PenaltyPaper {
                organ: organ.to_owned(),
                number: "广综执罚〔2026〕12号".to_owned(),
            }),
            penalty_on: Some(MONDAY),
            ..new(licence, lent)
        };
        refused(open(&town, opener, from(&name)), "exit.penalty_own_organ");
        let id = open(&town, opener, from("广安区综合行政执法局")).expect("recorded");
        town.until(date(2026, 12, 1));
        review(&town, id, true, false).expect("reviewed");
        decide(&town, other, id).expect("entered");
        let state = town.certificate(licence).state;
        assert_eq!(state, CertificateState::PenaltyRevoked);
        town.stands();
    }
}
