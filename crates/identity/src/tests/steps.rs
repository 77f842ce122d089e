//! Steps of a log-in through the doors: until they are taken, every other door is shut.

use axum::http::StatusCode;
use kernel::OfficerId;
use web::Role;

use super::PASSWORD;
use super::doors::Desk;
use crate::{FactorPolicy, account, store, totp};

const NEW: &str = "Another-Password-7";

fn log_in(desk: &Desk, login: &str, password: &str) -> (String, String) {
    let form = format!("login={login}&password={password}&next=/desk/admin");
    let entered = desk.fill("", "/login", "/login", &form);
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    (entered.cookies, entered.location)
}

/// The one-time password that a page shows.
fn shown_password(page: &str) -> String {
    let (_, rest) = page.split_once("data-copy-from>").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn phone(desk: &Desk, officer: OfficerId) -> String {
    desk.house.read(move |tx| {
        let subject = web::session::Subject::Officer(officer);
        let account = store::find_account_of(tx, subject)?.unwrap();
        let factor = store::find_factor(tx, account.id)?.unwrap();
        Ok(totp::code(&factor.secret, totp::step_at(tx.now())))
    })
}

#[test]
fn a_reset_password_is_shown_once_and_opens_only_the_page_that_changes_it() {
    let desk = Desk::new();
    let hall = desk.house.hall();
    let system = desk.staff(hall, "system", Role::SystemAdmin);
    let clerk = desk.house.officer("clerk");
    let page = format!("/desk/admin/officers/{clerk}");
    let reset = desk.fill(&system, &page, &format!("{page}/password"), "");
    assert_eq!(reset.status, StatusCode::OK, "{}", reset.text);
    let given = shown_password(&reset.text);
    assert!(
        !desk.get(&system, &page).text.contains(&given),
        "never again"
    );
    let (cookies, location) = log_in(&desk, "clerk", &given);
    assert_eq!(location, "/password?next=%2Fdesk%2Fadmin");
    for shut in ["/desk", "/account", "/account/code", "/login/code"] {
        let answer = desk.get(&cookies, shut);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{shut}");
        assert!(answer.location.starts_with("/password?next="), "{shut}");
    }
    let same = format!("old_password={given}&password={given}&password_again={given}");
    let same = desk.fill(&cookies, "/password", "/password", &same);
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("old_password={given}&password={NEW}&password_again={NEW}&next=/desk");
    let changed = desk.fill(&cookies, "/password", "/password", &form);
    assert_eq!(changed.location, "/desk", "{}", changed.text);
    assert_eq!(desk.get(&changed.cookies, "/desk").status, StatusCode::OK);
    assert_eq!(desk.get(&cookies, "/desk").status, StatusCode::SEE_OTHER);
}

#[test]
fn a_new_officer_must_change_the_password_that_the_administrator_typed() {
    let desk = Desk::new();
    let hall = desk.house.hall();
    let system = desk.staff(hall, "system", Role::SystemAdmin);
    let officers = "/desk/admin/officers";
    let new = format!("login=clerk&name=Li&password={NEW}&password_again={NEW}");
    assert_eq!(
        desk.fill(&system, officers, officers, &new).location,
        officers
    );
    let (_, location) = log_in(&desk, "clerk", NEW);
    assert!(location.starts_with("/password?"), "{location}");
    let given = serde_json::json!({ "login": "clerk", "password": NEW });
    let program = desk.json("/api/v1/login", &given);
    assert_eq!(program.status, StatusCode::CONFLICT, "{}", program.text);
    assert!(program.text.contains("identity.step_left"));
}

#[test]
fn an_administrator_scans_confirms_keeps_recovery_codes_and_shows_a_code_ever_after() {
    let desk = Desk::new();
    desk.house
        .db
        .lend(std::sync::Arc::new(FactorPolicy::REQUIRED));
    let hall = desk.house.hall();
    let officer = desk.house.officer("audit");
    let post = desk.house.post(hall, "audit", Role::AuditAdmin);
    desk.house.appoint(officer, post).unwrap();
    let (cookies, location) = log_in(&desk, "audit", PASSWORD);
    assert!(location.starts_with("/account/code?"), "{location}");
    assert_eq!(desk.get(&cookies, "/desk").status, StatusCode::SEE_OTHER);
    let code = "/account/code";
    assert_eq!(desk.fill(&cookies, code, code, "").location, code);
    let scan = desk.get(&cookies, code);
    assert!(scan.text.contains("<svg") && scan.text.contains("role=\"img\""));
    let wrong = desk.fill(&cookies, code, "/account/code/confirm", "code=000000");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("code={}", phone(&desk, officer));
    let kept = desk.fill(&cookies, code, "/account/code/confirm", &form);
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    assert_eq!(kept.text.matches("<li><code>").count(), 10);
    assert_eq!(
        desk.get(&kept.cookies, "/desk/admin/audit").status,
        StatusCode::OK
    );
    let active = desk.get(&kept.cookies, code);
    assert!(
        !active.text.contains("role=\"img\""),
        "the secret is shown no more"
    );

    let (cookies, location) = log_in(&desk, "audit", PASSWORD);
    assert_eq!(location, "/login/code?next=%2Fdesk%2Fadmin");
    let shut = desk.get(&cookies, "/account/code");
    assert!(
        shut.location.starts_with("/login/code?"),
        "a password alone sets nothing up"
    );
    let wrong = desk.fill(&cookies, "/login/code", "/login/code", "code=123456");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.house
        .db
        .clock()
        .advance(jiff::SignedDuration::from_secs(30));
    let form = format!("code={}&next=/desk/admin", phone(&desk, officer));
    let entered = desk.fill(&cookies, "/login/code", "/login/code", &form);
    assert_eq!(entered.location, "/desk/admin", "{}", entered.text);
    assert_eq!(
        desk.get(&entered.cookies, "/desk/admin").status,
        StatusCode::OK
    );
}

#[test]
fn somebody_sees_where_they_are_logged_in_and_leaves_everywhere() {
    let desk = Desk::new();
    let hall = desk.house.hall();
    let first = desk.staff(hall, "clerk", Role::IntakeClerk);
    let (second, _) = log_in(&desk, "clerk", PASSWORD);
    let shown = desk.get(&second, "/account");
    let rows: Vec<&str> = shown.text.matches("/account/log-ins/").collect();
    assert_eq!(
        rows.len(),
        3,
        "two log-ins and the button for all: {}",
        shown.text
    );
    let other = shown
        .text
        .split("action=\"/account/log-ins/")
        .filter_map(|part| part.split_once("/end\"").map(|(handle, _)| handle))
        .find(|handle| !handle.contains('"') && !handle.contains("end"))
        .map(str::to_owned);
    assert!(other.is_some());
    let all = desk.fill(&second, "/account", "/account/log-ins/end", "");
    assert_eq!(all.location, "/login");
    for cookies in [&first, &second] {
        assert_eq!(desk.get(cookies, "/desk").status, StatusCode::SEE_OTHER);
    }
}

#[test]
fn a_lost_phone_takes_two_administrators() {
    let desk = Desk::new();
    let hall = desk.house.hall();
    let system = desk.staff(hall, "system", Role::SystemAdmin);
    let security = desk.staff(hall, "security", Role::SecurityAdmin);
    let clerk = desk.house.officer("clerk");
    desk.house
        .write(move |tx| crate::factor::begin(tx, clerk))
        .unwrap();
    let code = phone(&desk, clerk);
    desk.house
        .write(move |tx| crate::factor::confirm(tx, clerk, &code))
        .unwrap()
        .unwrap();
    let page = format!("/desk/admin/officers/{clerk}");
    let by = |cookies: &str, act: &str| desk.fill(cookies, &page, &format!("{page}/{act}"), "");
    assert_eq!(by(&system, "code").status, StatusCode::FORBIDDEN);
    assert_eq!(by(&security, "password").status, StatusCode::FORBIDDEN);
    assert_eq!(by(&security, "code").location, page);
    let safety = desk.house.read(move |tx| account::safety(tx, clerk));
    assert!(!safety.unwrap().factor.active);
}
