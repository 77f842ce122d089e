//! Licences near their end: renewed on request, by the law when nobody decides, and in silence
//! where the item lists it. Each walked by the real commands and the clock, and misused.

use certificate::{CertificateId, CertificateState, NoticeKind, SuspensionGround};
use exit::ExitStatus;
use jiff::civil::{Date, date};
use kernel::{Fault, PersonId, TypedId};
use renewal::{Renewal, RenewalStatus};
use web::{Officer, Role};

use crate::licences::{Licences, licences, refused};

const END: Date = date(2026, 12, 28);

fn renewal_of(town: &Licences, licence: CertificateId) -> Renewal {
    let found = town.db().read(|tx| renewal::of_certificate(tx, licence));
    found.expect("it can be read").expect("it is watched")
}

fn ask(town: &Licences, by: PersonId, licence: CertificateId) -> Result<(), Fault> {
    town.online(by, move |tx| {
        renewal::ask(tx, by, licence, "许可条件没有变化").map(|_| ())
    })
}

fn review(town: &Licences, licence: CertificateId) -> Result<(), Fault> {
    let id = renewal_of(town, licence).id;
    let reviewer = town.officer(Role::Reviewer);
    town.at_desk(&reviewer, move |tx, by| {
        renewal::review(tx, by, id, true, "符合条件").map(|_| ())
    })
}

fn grant(town: &Licences, by: &Officer, licence: CertificateId) -> Result<(), Fault> {
    let id = renewal_of(town, licence).id;
    town.at_desk(by, move |tx, by| renewal::grant(tx, by, id).map(|_| ()))
}

/// The certificate runs on in another, three years longer.
fn runs_on(town: &Licences, licence: CertificateId, until: Date) -> CertificateId {
    let old = town.certificate(licence);
    assert_eq!(old.state, CertificateState::Changed);
    let next = town.certificate(old.successor.expect("another in its place"));
    assert_eq!(next.number, old.number, "with the same number");
    assert_eq!(next.valid_until, Some(until));
    next.id
}

#[test]
fn a_renewal_is_asked_for_in_time_reviewed_and_decided_by_somebody_else() {
    for town in licences("renewal") {
        let (holder, stranger) = (town.person(), town.person());
        // Twenty-nine days before its end.
        let late = town.licence(holder, Some(date(2026, 12, 22)));
        refused(ask(&town, holder, late), "renewal.asked_too_late");
        let endless = town.licence(holder, None);
        refused(ask(&town, holder, endless), "renewal.nothing_to_renew");
        let licence = town.licence(holder, Some(END));
        town.days_pass(0);
        let near = renewal_of(&town, licence);
        assert_eq!(near.status, RenewalStatus::Near, "the holder is told");
        let theirs = ask(&town, stranger, licence);
        assert!(matches!(theirs, Err(Fault::NotFound { .. })));
        ask(&town, holder, licence).expect("in time");
        refused(ask(&town, holder, licence), "renewal.already_asked");
        let decider = town.officer(Role::Decider);
        refused(grant(&town, &decider, licence), "renewal.not_reviewed");
        review(&town, licence).expect("reviewed");
        let reviewer = town.officer(Role::Reviewer);
        refused(grant(&town, &reviewer, licence), "renewal.not_a_decider");
        grant(&town, &decider, licence).expect("decided by somebody else");
        runs_on(&town, licence, date(2029, 12, 28));
        let papers = town.papers(renewal_of(&town, licence).id.uuid());
        assert_eq!(papers, [NoticeKind::RenewalDecision]);
        town.stands();
    }
}

#[test]
fn what_nobody_decides_before_the_end_is_renewed_by_the_law() {
    for town in licences("deemed") {
        let holder = town.person();
        let asked = town.licence(holder, Some(END));
        let unasked = town.licence(holder, Some(END));
        ask(&town, holder, asked).expect("in time");
        review(&town, asked).expect("reviewed and then forgotten");
        town.until(END);
        let standing = renewal_of(&town, asked).status;
        assert_eq!(standing, RenewalStatus::Reviewed, "the last day is theirs");
        town.days_pass(1);
        let deemed = renewal_of(&town, asked);
        assert_eq!(deemed.status, RenewalStatus::Deemed);
        let next = runs_on(&town, asked, date(2029, 12, 28));
        assert_eq!(town.certificate(next).state, CertificateState::Valid);
        assert_eq!(renewal_of(&town, unasked).status, RenewalStatus::Over);
        let state = town.certificate(unasked).state;
        assert_eq!(state, CertificateState::Expired);
        let decider = town.officer(Role::Decider);
        refused(grant(&town, &decider, asked), "renewal.not_waiting");
        town.stands();
    }
}

#[test]
fn a_listed_item_is_renewed_in_silence_unless_its_holder_or_the_data_say_no() {
    for mut town in licences("silent") {
        let holder = town.person();
        let unlisted = town.licence(holder, Some(END));
        let early = town.by(kernel::Actor::system(), move |tx| {
            renewal::propose(tx, unlisted).map(|_| ())
        });
        refused(early, "renewal.not_listed");
        town.days_pass(0);
        let safety = town.publish(|content| content.safety_item = true);
        assert!(safety.is_err(), "no list for a safety item");
        town.publish(|_| {}).expect("it ships with its list");
        let [silent, declined, doubtful] =
            [(); 3].map(|()| town.licence(holder, Some(date(2026, 12, 31))));
        suspend(&town, doubtful);
        town.days_pass(0);
        let near = renewal_of(&town, doubtful).status;
        assert_eq!(near, RenewalStatus::Near, "it was suspended once");
        let proposed = renewal_of(&town, silent);
        assert_eq!(proposed.status, RenewalStatus::Proposed);
        refused(ask(&town, holder, silent), "renewal.already_proposed");
        let near = renewal_of(&town, unlisted).status;
        assert_eq!(
            near,
            RenewalStatus::Near,
            "it was listed too late for this one"
        );

        let no = renewal_of(&town, declined).id;
        let stranger = town.person();
        let nosy = town.online(stranger, move |tx| {
            renewal::decline(tx, stranger, no).map(|_| ())
        });
        assert!(matches!(nosy, Err(Fault::NotFound { .. })));
        town.online(holder, move |tx| {
            renewal::decline(tx, holder, no).map(|_| ())
        })
        .expect("the holder may say no");
        town.until(date(2026, 12, 8));
        assert_eq!(town.certificate(declined).state, CertificateState::Valid);
        let checking = renewal_of(&town, silent);
        assert_eq!(checking.status, RenewalStatus::Checking);
        let next = runs_on(&town, silent, date(2029, 12, 31));
        let papers = [NoticeKind::RenewalDecision, NoticeKind::SilentRenewal];
        assert_eq!(town.papers(checking.id.uuid()), papers);
        what_does_not_stand_is_taken_to_an_exit(&town, &checking, next);
        town.stands();
    }
}

/// A suspension, lifted at once, that the hall's data remember.
fn suspend(town: &Licences, licence: CertificateId) {
    let decider = town.officer(Role::Decider);
    let act = move |tx: &mut db::Tx<'_>, _: &Officer| {
        let until = date(2026, 12, 1);
        certificate::suspend(tx, licence, until, SuspensionGround::Penalty, "处罚")?;
        certificate::lift(tx, licence)
    };
    town.at_desk(&decider, act).expect("suspended and lifted");
}

fn what_does_not_stand_is_taken_to_an_exit(
    town: &Licences,
    renewed: &Renewal,
    next: CertificateId,
) {
    let id = renewed.id;
    let check = |by: &Officer| {
        town.at_desk(by, move |tx, by| {
            renewal::check(tx, by, id, false, "现场已拆除").map(|_| ())
        })
    };
    refused(
        check(&town.officer(Role::Decider)),
        "renewal.not_a_reviewer",
    );
    check(&town.officer(Role::Reviewer)).expect("a reviewer looks");
    let exit = town.db().read(|tx| exit::running(tx, next));
    let exit = exit.expect("it can be read").expect("an exit is opened");
    assert_eq!(exit.status, ExitStatus::Told, "its holder is heard");
    assert_eq!(town.certificate(next).state, CertificateState::Valid);
}
