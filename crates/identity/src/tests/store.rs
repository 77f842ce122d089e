//! Use cases on both stores.

use db::Tx;
use kernel::{Channel, Fault, OfficerId, TypedId};
use ledger::verify::verify_deep;
use web::session::Subject;
use web::{AppConfig, Directory, Role};

use super::{CITIZEN, COMPANY, House, PASSWORD, houses, officer_actor, organ};
use crate::login::{self, Entry};
use crate::{HallDirectory, OfficerState, OrganKind};

fn seats(house: &House, officer: OfficerId) -> Vec<web::Seat> {
    let found = house.read(move |tx| HallDirectory.officer(tx, officer));
    found.map(|officer| officer.seats).unwrap_or_default()
}

fn try_login(house: &House, login: &'static str, password: &str) -> Result<Entry, Fault> {
    let attempt = house.db.read(move |tx| login::look_up(tx, login))?;
    let verified = attempt.verify(password)?;
    let policy = AppConfig::new([0; 32]).sessions;
    house.write(move |tx| login::enter(tx, &verified, None, Channel::Web, &policy))
}

#[test]
fn seats_follow_from_appointments_and_active_deputies_who_show_for_whom() {
    for house in houses("seats") {
        let hall = house.hall();
        let post = house.post(hall, "综合受理岗", Role::IntakeClerk);
        let exit = house.post(hall, "出件岗", Role::ExitClerk);
        let (zhang, li) = (house.officer("zhang"), house.officer("li.b"));
        assert_eq!(seats(&house, zhang), []);
        house.appoint(zhang, post).unwrap();
        house.appoint(li, exit).unwrap();
        let stand_in = move |tx: &mut Tx<'_>| {
            let (today, until) = (tx.today(), tx.today().tomorrow().unwrap());
            crate::set_deputy(tx, post, zhang, li, today, Some(until))
        };
        house.write(stand_in).unwrap();
        let found = seats(&house, li);
        let shown: Vec<_> = found
            .iter()
            .map(|seat| (seat.post, seat.deputizing))
            .collect();
        assert_eq!(shown, [(exit, None), (post, Some(zhang))]);
        assert_eq!(found[1].roles, [Role::IntakeClerk].into());
        house
            .db
            .clock()
            .advance(jiff::SignedDuration::from_hours(48));
        assert_eq!(seats(&house, li).len(), 1, "the deputy's days are over");
        let same = house.read(move |tx| crate::post_for(tx, hall, Role::ExitClerk));
        assert_eq!(same, Some(exit));
        assert_eq!(house.read(crate::hall).id, hall);
    }
}

#[test]
fn whoever_is_dismissed_is_out_at_once_and_nobody_stands_in_for_them() {
    for house in houses("dismiss") {
        let hall = house.hall();
        let post = house.post(hall, "审批岗", Role::Decider);
        let (zhang, li) = (house.officer("zhang"), house.officer("li.b"));
        house.appoint(zhang, post).unwrap();
        house
            .write(move |tx| {
                let today = tx.today();
                crate::set_deputy(tx, post, zhang, li, today, None).map(|_| ())
            })
            .unwrap();
        assert_eq!(seats(&house, li).len(), 1);
        assert!(matches!(
            try_login(&house, "zhang", PASSWORD),
            Ok(Entry::Welcome { .. })
        ));
        house
            .write(move |tx| crate::set_state(tx, zhang, OfficerState::Dismissed))
            .unwrap();
        assert_eq!(house.read(move |tx| HallDirectory.officer(tx, zhang)), None);
        assert_eq!(seats(&house, li), []);
        let open = house.read(move |tx| web::session::list(tx, Subject::Officer(zhang)));
        assert_eq!(open, []);
        assert_eq!(try_login(&house, "zhang", PASSWORD), Ok(Entry::Wrong));
    }
}

#[test]
fn a_grant_of_two_administrators_to_one_officer_is_refused_now_later_and_as_a_deputy() {
    for house in houses("three") {
        let hall = house.hall();
        let system = house.post(hall, "系统管理", Role::SystemAdmin);
        let audit = house.post(hall, "审计管理", Role::AuditAdmin);
        let (zhang, li) = (house.officer("zhang"), house.officer("li.b"));
        house.appoint(zhang, system).unwrap();
        house.appoint(li, audit).unwrap();
        let code = |done: Result<(), Fault>| done.unwrap_err().refusal();
        let three = Some("identity.three_administrators");
        assert_eq!(code(house.appoint(zhang, audit)), three);
        let later = house.write(move |tx| {
            let from = tx.today().tomorrow().unwrap();
            crate::appoint(tx, zhang, audit, from, None).map(|_| ())
        });
        assert_eq!(code(later), three);
        let deputy = house.write(move |tx| {
            let today = tx.today();
            crate::set_deputy(tx, audit, li, zhang, today, None).map(|_| ())
        });
        assert_eq!(code(deputy), three);
        let both = [Role::SystemAdmin, Role::SecurityAdmin];
        let post =
            house.write(move |tx| crate::add_post(tx, hall, "两员", both.into()).map(|_| ()));
        assert_eq!(code(post), three);
        let security = house.post(hall, "安全管理", Role::SecurityAdmin);
        let wu = house.officer("wu.c");
        house.appoint(wu, security).unwrap();
        let own = house.write_as(officer_actor(wu, security, hall), move |tx| {
            let today = tx.today();
            crate::appoint(tx, wu, system, today, None).map(|_| ())
        });
        assert_eq!(code(own), Some("identity.own_rights"));
    }
}

#[test]
fn a_person_is_found_by_number_read_back_whole_and_lies_encrypted() {
    for house in houses("person") {
        let new = house.citizen("wang");
        let id = house
            .write(move |tx| crate::register_person(tx, &new))
            .unwrap();
        let card = house.read(move |tx| crate::person(tx, id));
        assert_eq!(
            (card.name.as_str(), card.phone.as_str()),
            ("王小清", "13800138000")
        );
        assert_eq!(card.birth_date, Some(jiff::civil::date(1949, 12, 31)));
        assert!(
            !format!("{card:?}").contains("19491231"),
            "no personal data in a log line"
        );
        let found = house.read(|tx| crate::person_by_number(tx, CITIZEN));
        assert_eq!(found.map(|card| card.id), Some(id));
        let body = "SELECT body FROM identity_person";
        let body = house.read(move |tx| tx.query_one(body, &[], |row| row.get::<Vec<u8>>(0)));
        let text = String::from_utf8_lossy(&body.unwrap()).into_owned();
        assert!(!text.contains("王小清") && !text.contains(CITIZEN));
        let again = house.citizen("other");
        let again = house.write(move |tx| crate::register_person(tx, &again));
        assert_eq!(
            again.unwrap_err().refusal(),
            Some("identity.already_registered")
        );
    }
}

#[test]
fn the_counter_writes_a_person_down_once_and_they_register_later_under_the_same_id() {
    for house in houses("counter") {
        let mut seen = house.citizen("wang");
        seen.account = None;
        let at_counter = seen.clone();
        let first = house
            .write(move |tx| crate::person_at_counter(tx, &at_counter))
            .unwrap();
        let again = seen.clone();
        let again = house
            .write(move |tx| crate::person_at_counter(tx, &again))
            .unwrap();
        assert_eq!(first, again);
        seen.name = "别人".to_owned();
        let other = house.write(move |tx| crate::person_at_counter(tx, &seen));
        assert_eq!(
            other.unwrap_err().refusal(),
            Some("identity.person_differs")
        );
        let mut stranger = house.citizen("wang");
        stranger.phone = "13900139000".to_owned();
        let stranger = house.write(move |tx| crate::register_person(tx, &stranger));
        assert_eq!(
            stranger.unwrap_err().refusal(),
            Some("identity.person_differs")
        );
        let new = house.citizen("wang");
        assert_eq!(
            house.write(move |tx| crate::register_person(tx, &new)),
            Ok(first)
        );
        assert!(matches!(
            try_login(&house, "WANG ", PASSWORD),
            Ok(Entry::Welcome { .. })
        ));
    }
}

#[test]
fn five_failures_lock_a_login_whether_it_is_known_or_not() {
    for house in houses("lock") {
        let zhang = house.officer("zhang");
        for login in ["zhang", "nobody"] {
            for _ in 0..5 {
                assert_eq!(
                    try_login(&house, login, "Wrong-Password-1"),
                    Ok(Entry::Wrong)
                );
            }
            let locked = try_login(&house, login, PASSWORD);
            assert!(
                matches!(locked, Err(Fault::TooMany { .. })),
                "{login}: {locked:?}"
            );
        }
        house
            .db
            .clock()
            .advance(jiff::SignedDuration::from_mins(15));
        let entry = try_login(&house, "zhang", PASSWORD).unwrap();
        assert!(
            matches!(entry, Entry::Welcome { subject, .. } if subject == Subject::Officer(zhang))
        );
        let traced = house.read(|tx| crate::audit::officers(tx, "", 5));
        let kinds: Vec<_> = traced[0]
            .lines
            .iter()
            .flat_map(|trace| trace.fields())
            .collect();
        assert_eq!(
            kinds
                .iter()
                .filter(|kind| **kind == "failed_log_in")
                .count(),
            5
        );
        assert_eq!(kinds.last(), Some(&"log_in"));
        assert_eq!(
            house.write(login::sweep),
            Ok(1),
            "the unknown login is forgotten"
        );
    }
}

#[test]
fn a_new_password_ends_every_log_in_and_the_old_one_opens_nothing() {
    for house in houses("password") {
        let zhang = house.officer("zhang");
        try_login(&house, "zhang", PASSWORD).unwrap();
        let new = crate::hash_password(
            house.db.clock(),
            crate::PasswordCost::QUICK,
            "zhang",
            "Another-Password-7",
        )
        .unwrap();
        let subject = Subject::Officer(zhang);
        house
            .write(move |tx| crate::set_password(tx, subject, &new))
            .unwrap();
        assert_eq!(house.read(move |tx| web::session::list(tx, subject)), []);
        assert_eq!(try_login(&house, "zhang", PASSWORD), Ok(Entry::Wrong));
        let entry = try_login(&house, "zhang", "Another-Password-7");
        assert!(matches!(entry, Ok(Entry::Welcome { .. })));
    }
}

#[test]
fn the_hall_is_one_and_codes_are_not_shared() {
    for house in houses("organs") {
        house.hall();
        let add = |kind, uscc: &'static str, dept4: &'static str| {
            house.write(move |tx| crate::add_organ(tx, &organ(kind, uscc, dept4)).map(|_| ()))
        };
        let second = add(OrganKind::Hall, "91110000802100433B", "SCJG");
        assert_eq!(second.unwrap_err().refusal(), Some("identity.second_hall"));
        let known = add(OrganKind::Department, COMPANY, "SCJG");
        assert_eq!(known.unwrap_err().refusal(), Some("identity.organ_known"));
        let found = house.read(|tx| crate::organ_by_uscc(tx, COMPANY));
        assert_eq!(found.unwrap().dept4, "ZWZX");
    }
}

pub(super) fn findings(house: &House) -> Vec<String> {
    let mut rooms = crate::tables();
    rooms.push(ledger::audit::Audited::Sealed(&web::session::SESSIONS));
    while house.write(ledger::sealer::seal_lines).unwrap() == ledger::sealer::BATCH_MAX {}
    let report = house.read(move |tx| verify_deep(tx, &rooms));
    let found = report.findings.into_iter();
    found
        .map(|finding| format!("{} {}", finding.code, finding.place))
        .collect()
}

/// What somebody with a key to the database might try, and the table it touches.
const CHANGES: &[(&str, &str)] = &[
    ("UPDATE identity_organ SET name = 'x'", "identity_organ"),
    (
        "UPDATE identity_post SET roles = 'system_admin'",
        "identity_post",
    ),
    (
        "UPDATE identity_officer SET login = 'x'",
        "identity_officer",
    ),
    (
        "UPDATE identity_appointment SET from_day = '2020-01-01'",
        "identity_appointment",
    ),
    ("DELETE FROM identity_appointment", "identity_appointment"),
    (
        "UPDATE identity_person SET body = number_mark",
        "identity_person",
    ),
    (
        "UPDATE identity_account SET password = 'x'",
        "identity_account",
    ),
    (
        "UPDATE identity_failure SET failures = 0",
        "identity_failure",
    ),
    (
        "UPDATE identity_factor SET state = 'pending'",
        "identity_factor",
    ),
    (
        "UPDATE identity_handed_out SET until = 0",
        "identity_handed_out",
    ),
    (
        "UPDATE identity_code_used SET step = 0",
        "identity_code_used",
    ),
    (
        "UPDATE identity_recovery_code SET factor = mark",
        "identity_recovery_code",
    ),
];

#[test]
fn whatever_is_changed_behind_the_program_is_found_and_opens_no_door() {
    for (number, (sql, named)) in CHANGES.iter().copied().enumerate() {
        for house in houses(&format!("tamper{number}")) {
            let hall = house.hall();
            let post = house.post(hall, "审批岗", Role::Decider);
            let zhang = house.officer("zhang");
            house.appoint(zhang, post).unwrap();
            let new = house.citizen("wang");
            house
                .write(move |tx| crate::register_person(tx, &new))
                .unwrap();
            try_login(&house, "nobody", PASSWORD).unwrap();
            super::access::armed(&house, zhang);
            house
                .write(move |tx| crate::account::expect_own_password(tx, zhang))
                .unwrap();
            assert_eq!(findings(&house), Vec::<String>::new());
            let touched = house.write(move |tx| tx.execute(sql, &[])).unwrap();
            assert!(1 <= touched, "{sql}");
            let found = findings(&house);
            assert!(
                found.iter().any(|one| one.contains(named)),
                "{sql}: {found:?}"
            );
            let doors = ["identity_post", "identity_officer"];
            if doors.contains(&named) {
                let officer = house.db.read(move |tx| HallDirectory.officer(tx, zhang));
                assert!(matches!(officer, Err(Fault::Broken { .. })), "{sql}");
            }
            assert_ne!(zhang.uuid(), post.uuid());
        }
    }
}
