//! Handed-out passwords, second factors, locks, closing, and whose act is whose, on both stores.

use db::Tx;
use jiff::SignedDuration;
use kernel::{Channel, Fault, OfficerId, Refusal as _};
use web::session::{Step, Subject};
use web::{AppConfig, Role};

use super::store::findings;
use super::{House, PASSWORD, houses, officer_actor, organ};
use crate::decide::{self, ADMINISTRATORS, Act};
use crate::login::{self, Entry, Proof};
use crate::{FactorPolicy, OfficerState, OrganKind, account, audit, closure, factor, store, totp};

fn enter(house: &House, login: &'static str, password: &str, code: Option<String>) -> Entry {
    let attempt = house.db.read(move |tx| login::look_up(tx, login)).unwrap();
    let verified = attempt.verify(password).unwrap();
    let policy = AppConfig::new([0; 32]).sessions;
    house
        .write(move |tx| login::enter(tx, &verified, code.as_deref(), Channel::Web, &policy))
        .unwrap()
}

fn step_of(entry: &Entry) -> Option<Option<Step>> {
    match entry {
        Entry::Welcome { step, .. } => Some(*step),
        _ => None,
    }
}

/// The code that the officer's phone shows now.
fn phone(house: &House, officer: OfficerId) -> String {
    house.read(move |tx| {
        let account = store::find_account_of(tx, Subject::Officer(officer))?.unwrap();
        let factor = store::find_factor(tx, account.id)?.unwrap();
        Ok(totp::code(&factor.secret, totp::step_at(tx.now())))
    })
}

/// An officer with a second factor; answers the recovery codes.
pub(super) fn armed(house: &House, officer: OfficerId) -> Vec<String> {
    house.write(move |tx| factor::begin(tx, officer)).unwrap();
    let code = phone(house, officer);
    let confirm = move |tx: &mut Tx<'_>| factor::confirm(tx, officer, &code);
    house.write(confirm).unwrap().unwrap()
}

fn half_a_minute(house: &House) {
    house.db.clock().advance(SignedDuration::from_secs(30));
}

#[test]
fn a_handed_out_password_opens_one_step_for_a_week_and_is_gone_when_changed() {
    for house in houses("handed_out") {
        let zhang = house.officer("zhang");
        assert_eq!(step_of(&enter(&house, "zhang", PASSWORD, None)), Some(None));
        let given = account::one_time_password(house.db.clock());
        let hash = crate::hash_password(
            house.db.clock(),
            crate::PasswordCost::QUICK,
            "zhang",
            &given,
        );
        let hash = hash.expect("what is handed out is hard enough to guess");
        house
            .write(move |tx| account::hand_out(tx, zhang, &hash))
            .unwrap();
        let open = house.read(move |tx| web::session::list(tx, Subject::Officer(zhang)));
        assert_eq!(open, [], "every log-in ended");
        assert_eq!(enter(&house, "zhang", PASSWORD, None), Entry::Wrong);
        let first = enter(&house, "zhang", &given, None);
        assert_eq!(step_of(&first), Some(Some(Step::Password)));
        let safety = house.read(move |tx| account::safety(tx, zhang)).unwrap();
        assert!(safety.handed_out_until.is_some());
        house.db.clock().advance(SignedDuration::from_hours(7 * 24));
        assert_eq!(
            enter(&house, "zhang", &given, None),
            Entry::Wrong,
            "a week is over"
        );
        let own = house.hash("zhang");
        house
            .write(move |tx| crate::set_password(tx, Subject::Officer(zhang), &own))
            .unwrap();
        assert_eq!(step_of(&enter(&house, "zhang", PASSWORD, None)), Some(None));
        let safety = house.read(move |tx| account::safety(tx, zhang)).unwrap();
        assert_eq!(safety.handed_out_until, None);
    }
}

#[test]
fn a_second_factor_is_asked_for_once_confirmed_and_its_code_opens_once() {
    for house in houses("factor") {
        let zhang = house.officer("zhang");
        house.write(move |tx| factor::begin(tx, zhang)).unwrap();
        assert_eq!(
            step_of(&enter(&house, "zhang", PASSWORD, None)),
            Some(None),
            "a factor that no code confirmed is not asked for"
        );
        let wrong = house.write(move |tx| factor::confirm(tx, zhang, "000000"));
        assert_eq!(wrong, Ok(Err(Proof::Wrong)));
        let codes = armed(&house, zhang);
        assert_eq!(codes.len(), factor::RECOVERY_CODES);
        let asked = enter(&house, "zhang", PASSWORD, None);
        assert_eq!(step_of(&asked), Some(Some(Step::Code)));
        let replayed = Some(phone(&house, zhang));
        assert_eq!(
            enter(&house, "zhang", PASSWORD, replayed),
            Entry::WrongCode,
            "the code that confirmed the factor is used up"
        );
        half_a_minute(&house);
        let fresh = Some(phone(&house, zhang));
        let entered = enter(&house, "zhang", PASSWORD, fresh.clone());
        assert_eq!(step_of(&entered), Some(None));
        assert_eq!(enter(&house, "zhang", PASSWORD, fresh), Entry::WrongCode);
        let secret = "SELECT secret FROM identity_factor";
        let body = house.read(move |tx| tx.query_one(secret, &[], |row| row.get::<Vec<u8>>(0)));
        assert!(
            body.unwrap().len() > totp::SECRET_BYTES,
            "it lies encrypted"
        );
        assert_eq!(findings(&house), Vec::<String>::new());
    }
}

#[test]
fn a_recovery_code_opens_once_and_a_new_set_ends_the_old_one() {
    for house in houses("recovery") {
        let zhang = house.officer("zhang");
        let codes = armed(&house, zhang);
        let typed = |at: usize| Some(codes[at].to_uppercase());
        assert_eq!(
            step_of(&enter(&house, "zhang", PASSWORD, typed(0))),
            Some(None)
        );
        assert_eq!(enter(&house, "zhang", PASSWORD, typed(0)), Entry::WrongCode);
        let standing = house.read(move |tx| factor::standing(tx, zhang));
        assert_eq!((standing.active, standing.recovery_left), (true, 9));
        let with = codes[1].clone();
        let renewed = house.write(move |tx| factor::renew_recovery(tx, zhang, &with));
        assert_eq!(renewed.unwrap().unwrap().len(), factor::RECOVERY_CODES);
        assert_eq!(enter(&house, "zhang", PASSWORD, typed(2)), Entry::WrongCode);
    }
}

#[test]
fn wrong_codes_lock_the_login_though_the_password_fits_each_time() {
    for house in houses("code_lock") {
        let zhang = house.officer("zhang");
        armed(&house, zhang);
        for _ in 0..decide::FAILURES_MAX {
            let wrong = Some("000000".to_owned());
            assert_eq!(enter(&house, "zhang", PASSWORD, wrong), Entry::WrongCode);
            let _asked_again = house.db.read(move |tx| login::look_up(tx, "zhang"));
        }
        let locked = house.db.read(move |tx| login::look_up(tx, "zhang"));
        assert!(matches!(locked, Err(Fault::TooMany { .. })), "{locked:?}");
        house.write(move |tx| account::unlock(tx, zhang)).unwrap();
        half_a_minute(&house);
        let fresh = Some(phone(&house, zhang));
        assert_eq!(
            step_of(&enter(&house, "zhang", PASSWORD, fresh)),
            Some(None)
        );
    }
}

#[test]
fn an_administrator_must_set_up_a_second_factor_where_the_hall_demands_it() {
    for house in houses("demanded") {
        house.db.lend(std::sync::Arc::new(FactorPolicy::REQUIRED));
        let hall = house.hall();
        let system = house.post(hall, "系统管理", Role::SystemAdmin);
        let (zhang, li) = (house.officer("zhang"), house.officer("li.b"));
        house.appoint(zhang, system).unwrap();
        let due = enter(&house, "zhang", PASSWORD, None);
        assert_eq!(step_of(&due), Some(Some(Step::Enrol)));
        assert_eq!(step_of(&enter(&house, "li.b", PASSWORD, None)), Some(None));
        house.appoint(li, system).unwrap();
        let open = house.read(move |tx| web::session::list(tx, Subject::Officer(li)));
        assert_eq!(open, [], "whoever becomes an administrator logs in anew");
        armed(&house, zhang);
        half_a_minute(&house);
        let fresh = Some(phone(&house, zhang));
        assert_eq!(
            step_of(&enter(&house, "zhang", PASSWORD, fresh)),
            Some(None)
        );
    }
}

#[test]
fn a_closed_account_stays_closed_and_keeps_its_name() {
    for house in houses("closed") {
        let zhang = house.officer("zhang");
        armed(&house, zhang);
        let set = |state| house.write(move |tx| crate::set_state(tx, zhang, state));
        set(OfficerState::Closed).unwrap();
        assert_eq!(enter(&house, "zhang", PASSWORD, None), Entry::Wrong);
        let again = set(OfficerState::Active).unwrap_err();
        assert_eq!(again.refusal(), Some("identity.officer_closed"));
        let name = house.read(move |tx| crate::officer_name(tx, zhang));
        assert_eq!(name, "zhang同志");
        assert_eq!(house.read(move |tx| account::safety(tx, zhang)), None);
        assert_eq!(findings(&house), Vec::<String>::new());
    }
}

#[test]
fn each_act_belongs_to_one_administrator_and_none_to_the_audit() {
    for act in Act::ALL.iter().copied() {
        for role in ADMINISTRATORS {
            let allowed = decide::may(act, &[role].into());
            assert_eq!(allowed.is_ok(), act.whose() == role, "{act} by {role}");
            if let Err(refusal) = allowed {
                assert_eq!(refusal.code(), "identity.not_your_act");
            }
        }
        let others = Role::ALL
            .iter()
            .filter(|role| !ADMINISTRATORS.contains(role));
        assert!(
            decide::may(act, &others.copied().collect()).is_err(),
            "{act}"
        );
    }
}

/// Whether an act of the store passes for an officer who sits at a post.
type Deed = fn(&mut Tx<'_>, OfficerId) -> Result<(), Fault>;

/// Each act in the store, as somebody might try it.
const DEEDS: [(Act, Deed); 11] = [
    (Act::KeepOrgans, |tx, _| {
        crate::add_organ(
            tx,
            &organ(OrganKind::Department, "91110000802100433B", "ABCD"),
        )
        .map(|_| ())
    }),
    (Act::KeepOfficers, |tx, who| {
        crate::set_state(tx, who, OfficerState::Dismissed)
    }),
    (Act::KeepOfficers, account::unlock),
    (Act::KeepPosts, |tx, _| {
        let hall = crate::hall(tx)?.id;
        crate::add_post(tx, hall, "新岗", [Role::Reviewer].into()).map(|_| ())
    }),
    (Act::Grant, |tx, who| {
        let (hall, today) = (crate::hall(tx)?.id, tx.today());
        let post = crate::post_for(tx, hall, Role::ExitClerk)?.unwrap();
        crate::appoint(tx, who, post, today, None).map(|_| ())
    }),
    (Act::ResetFactor, factor::reset),
    (Act::KeepOrgans, |tx, _| {
        let hall = crate::hall(tx)?.id;
        closure::rename_organ(tx, hall, "新名", "新")
    }),
    (Act::KeepOrgans, |tx, _| {
        let hall = crate::hall(tx)?.id;
        closure::close_organ(tx, hall)
    }),
    (Act::KeepPosts, |tx, _| {
        let hall = crate::hall(tx)?.id;
        let post = crate::post_for(tx, hall, Role::ExitClerk)?.unwrap();
        closure::change_post(tx, post, "新岗", [Role::Reviewer].into())
    }),
    (Act::KeepPosts, |tx, _| {
        let hall = crate::hall(tx)?.id;
        let post = crate::post_for(tx, hall, Role::ExitClerk)?.unwrap();
        closure::close_post(tx, post)
    }),
    (Act::Grant, |tx, who| {
        let id = crate::appointments(tx)?
            .into_iter()
            .find(|one| one.officer == who)
            .unwrap()
            .id;
        let today = tx.today();
        crate::end_appointment(tx, id, today)
    }),
];

#[test]
fn whoever_tries_anothers_act_is_refused_behind_the_page_too() {
    for house in houses("acts") {
        let hall = house.hall();
        let exit = house.post(hall, "出件岗", Role::ExitClerk);
        let wang = house.officer("wang");
        house.appoint(wang, exit).unwrap();
        armed(&house, wang);
        let roles = [
            (Role::SystemAdmin, "system"),
            (Role::SecurityAdmin, "security"),
            (Role::AuditAdmin, "audit"),
            (Role::HallManager, "manager"),
        ];
        for (role, login) in roles {
            let (officer, post) = (house.officer(login), house.post(hall, login, role));
            house.appoint(officer, post).unwrap();
            for (act, deed) in DEEDS {
                let done = house.write_as(officer_actor(officer, post, hall), move |tx| {
                    deed(tx, wang)?;
                    // Whatever it was, it shall not stay: the next one finds the same house.
                    Err::<(), _>(Fault::NotFound { what: "trace" })
                });
                let refused = done.unwrap_err().refusal() == Some("identity.not_your_act");
                assert_eq!(refused, act.whose() != role, "{act} by {role}");
            }
        }
    }
}

#[test]
fn an_organ_is_renamed_and_closed_after_its_posts_and_a_post_after_its_holders() {
    for house in houses("closing") {
        let hall = house.hall();
        let new = organ(OrganKind::Department, "91110000802100433B", "ABCD");
        let bureau = house.write(move |tx| crate::add_organ(tx, &new)).unwrap();
        let post = house.post(bureau, "审查岗", Role::Reviewer);
        let zhang = house.officer("zhang");
        house.appoint(zhang, post).unwrap();
        let code = |done: Result<(), Fault>| done.unwrap_err().refusal();
        let rename = move |tx: &mut Tx<'_>| closure::rename_organ(tx, bureau, "新局", "新");
        house.write(rename).unwrap();
        assert_eq!(house.read(move |tx| crate::organ(tx, bureau)).name, "新局");
        let close_organ = move |tx: &mut Tx<'_>| closure::close_organ(tx, bureau);
        let close_post = move |tx: &mut Tx<'_>| closure::close_post(tx, post);
        assert_eq!(code(house.write(close_organ)), Some("identity.posts_open"));
        assert_eq!(code(house.write(close_post)), Some("identity.post_held"));
        let end = move |tx: &mut Tx<'_>| {
            let one = crate::appointments(tx)?.remove(0);
            let today = tx.today();
            crate::end_appointment(tx, one.id, today)
        };
        house.write(end).unwrap();
        house.db.clock().advance(SignedDuration::from_hours(24));
        house.write(close_post).unwrap();
        assert_eq!(
            code(house.appoint(zhang, post)),
            Some("identity.already_closed")
        );
        let none = house.read(move |tx| crate::post_for(tx, bureau, Role::Reviewer));
        assert_eq!(none, None, "a closed post is not offered");
        house.write(close_organ).unwrap();
        assert_eq!(
            code(house.write(close_organ)),
            Some("identity.already_closed")
        );
        let again =
            move |tx: &mut Tx<'_>| crate::add_post(tx, bureau, "新岗", [Role::Decider].into());
        let again = house.write(again).map(|_| ());
        assert_eq!(code(again), Some("identity.already_closed"));
        let end_hall = house.write(move |tx| closure::close_organ(tx, hall));
        assert_eq!(code(end_hall), Some("identity.hall_stays"));
        let traced = house.read(audit::organs);
        let lines = &traced
            .iter()
            .find(|one| one.thing.id == bureau)
            .unwrap()
            .lines;
        assert_eq!(lines.len(), 5, "added, renamed, post, two ends");
        assert_eq!(findings(&house), Vec::<String>::new());
    }
}

#[test]
fn a_change_of_roles_asks_for_everybody_at_the_post_and_sends_them_to_log_in_anew() {
    for house in houses("roles") {
        let hall = house.hall();
        let system = house.post(hall, "系统管理", Role::SystemAdmin);
        let window = house.post(hall, "窗口", Role::IntakeClerk);
        let (zhang, li) = (house.officer("zhang"), house.officer("li.b"));
        house.appoint(zhang, system).unwrap();
        house.appoint(zhang, window).unwrap();
        house.appoint(li, window).unwrap();
        assert_eq!(step_of(&enter(&house, "li.b", PASSWORD, None)), Some(None));
        let change = |role: Role| {
            house.write(move |tx| closure::change_post(tx, window, "窗口", [role].into()))
        };
        let three = change(Role::AuditAdmin).unwrap_err();
        assert_eq!(three.refusal(), Some("identity.three_administrators"));
        change(Role::ExitClerk).unwrap();
        let open = house.read(move |tx| web::session::list(tx, Subject::Officer(li)));
        assert_eq!(open, []);
        let roles = house.read(move |tx| crate::post(tx, window)).roles;
        assert_eq!(roles, [Role::ExitClerk].into());
    }
}
