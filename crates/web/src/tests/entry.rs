//! Who may enter, and for how long.

use jiff::SignedDuration;

use super::*;

#[tokio::test]
async fn a_page_sends_strangers_to_log_in_and_the_interface_answers_401() {
    let hall = Hall::new();
    let answer = hall.get("/my?tab=2").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/login?next=%2Fmy%3Ftab%3D2");
    let request = ask("POST", "/api/v1/notes").body(Body::empty()).unwrap();
    let answer = hall.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(answer.code(), "fault.unauthenticated");
}

#[tokio::test]
async fn the_desk_is_hidden_from_citizens_and_a_wrong_seat_is_told() {
    let hall = Hall::new();
    let citizen = hall.citizen();
    assert_eq!(
        hall.get_as(&citizen, "/desk/notes").await.status,
        StatusCode::NOT_FOUND
    );
    let officer = hall.reviewer();
    assert_eq!(
        hall.get_as(&officer, "/desk/notes").await.status,
        StatusCode::OK
    );
    let refused = hall.get_as(&officer, "/desk/exit").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("access.role_missing"));
    assert_eq!(
        hall.get_as(&officer, "/my").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn an_officer_acts_from_the_seat_they_chose() {
    let hall = Hall::new();
    let officer = hall.reviewer();
    let db = hall.app.db();
    let subject = Subject::Officer(OfficerId::from_uuid(uuid(REVIEWER)));
    let choose = move |tx: &mut Tx<'_>| {
        let session = session::list(tx, subject)?.remove(0);
        session::choose_seat(tx, &session, PostId::from_uuid(uuid(11)))
    };
    apart(|| db.write(db.cause(Actor::system()), choose)).unwrap();
    assert_eq!(
        hall.get_as(&officer, "/desk/exit").await.status,
        StatusCode::OK
    );
    assert_eq!(
        hall.get_as(&officer, "/desk/notes").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn an_idle_officer_is_logged_out_and_a_clicking_one_after_twelve_hours() {
    let hall = Hall::new();
    let officer = hall.reviewer();
    for _ in 0..28 {
        hall.wait(SignedDuration::from_mins(25));
        assert_eq!(
            hall.get_as(&officer, "/desk/notes").await.status,
            StatusCode::OK
        );
    }
    hall.wait(SignedDuration::from_mins(25));
    assert_eq!(
        hall.get_as(&officer, "/desk/notes").await.status,
        StatusCode::SEE_OTHER
    );
    let officer = hall.reviewer();
    hall.wait(SignedDuration::from_mins(30));
    assert_eq!(
        hall.get_as(&officer, "/desk/notes").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_dismissed_officer_is_a_stranger_at_once() {
    let hall = Hall::new();
    let token = hall.log_in(Subject::Officer(OfficerId::from_uuid(uuid(DISMISSED))));
    assert_eq!(
        hall.get_as(&token, "/desk/notes").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_fourth_log_in_of_an_officer_ends_the_oldest() {
    let hall = Hall::new();
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(hall.reviewer());
        hall.wait(SignedDuration::from_secs(1));
    }
    assert_eq!(
        hall.get_as(&tokens[0], "/desk/notes").await.status,
        StatusCode::SEE_OTHER
    );
    for token in &tokens[1..] {
        assert_eq!(
            hall.get_as(token, "/desk/notes").await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn the_store_keeps_no_token_and_a_changed_one_opens_nothing() {
    let hall = Hall::new();
    let token = hall.citizen();
    let digest = hall
        .app
        .db()
        .read(|tx| {
            let sql = "SELECT token_digest FROM session";
            tx.query_one(sql, &[], |row| row.get::<Vec<u8>>(0))
        })
        .unwrap()
        .unwrap();
    assert_ne!(crate::signer::decode(token.text()).unwrap(), digest);
    let stolen = format!("qc_session={}", crate::signer::encode(&digest));
    let request = ask("GET", "/my").header(header::COOKIE, stolen);
    let answer = hall.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_log_in_written_into_the_table_by_hand_opens_no_door() {
    let hall = Hall::new();
    let token = hall.citizen();
    let db = hall.app.db();
    let forge = |tx: &mut Tx<'_>| {
        let officer = *uuid(REVIEWER).as_bytes();
        let sql = "UPDATE session SET kind = 'officer', subject = $1";
        tx.execute(sql, db::params![officer])
    };
    apart(|| db.write(db.cause(Actor::system()), forge)).unwrap();
    let answer = hall.get_as(&token, "/desk/notes").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn logging_out_ends_the_log_in_here_and_in_the_store() {
    let hall = Hall::new();
    let token = hall.citizen();
    let page = hall.get_as(&token, "/my").await;
    let form = format!("csrf={}", page.form_token());
    let answer = hall.post_form(&cookie(&token), "/logout", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.cookie("qc_session"), Some(String::new()));
    assert_eq!(
        hall.get_as(&token, "/my").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn over_https_cookies_are_secure_and_bound_to_the_host() {
    let hall = Hall::with(|config| config.origin = Some("https://hall.example".to_owned()));
    let answer = hall.get("/notes/new").await;
    let line = answer.header("set-cookie");
    assert!(line.starts_with("__Host-qc_visitor="), "{line}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age=63072000")
    );
}

#[tokio::test]
async fn the_menu_shows_only_what_the_visitor_may_enter() {
    let hall = Hall::new();
    let stranger = hall.get("/notes/new").await;
    assert!(
        stranger
            .text
            .contains("<a href=\"/notes\" aria-current=\"page\">")
    );
    assert!(!stranger.text.contains("href=\"/desk/notes\""));
    let citizen = hall.get_as(&hall.citizen(), "/my").await;
    assert!(
        citizen
            .text
            .contains("<a href=\"/my\" aria-current=\"page\">")
    );
    assert!(citizen.text.contains("王小清"));
}

#[tokio::test]
async fn too_many_requests_from_one_address_are_told_how_long_to_wait() {
    let hall = Hall::with(|config| {
        config.limits.general = Some(crate::config::Rate::new(60, 2));
    });
    for _ in 0..2 {
        assert_eq!(hall.get("/notes/new").await.status, StatusCode::OK);
    }
    let answer = hall.get("/api/v1/notes").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "2");
    assert!(answer.json()["detail"].as_str().unwrap().contains('2'));
    assert_eq!(hall.get("/healthz").await.status, StatusCode::OK);
    hall.wait(SignedDuration::from_secs(2));
    assert_eq!(hall.get("/notes/new").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stranger_cannot_choose_the_address_they_are_counted_under() {
    let limits = |config: &mut AppConfig| {
        config.limits.general = Some(crate::config::Rate::new(60, 1));
    };
    let ask_from = |address: &str| {
        let request = ask("GET", "/notes/new").header("x-forwarded-for", address);
        request.body(Body::empty()).unwrap()
    };
    let hall = Hall::with(limits);
    assert_eq!(hall.send(ask_from("1.1.1.1")).await.status, StatusCode::OK);
    let second = hall.send(ask_from("2.2.2.2")).await.status;
    assert_eq!(second, StatusCode::TOO_MANY_REQUESTS);
    let hall = Hall::with(|config| {
        limits(config);
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    assert_eq!(hall.send(ask_from("1.1.1.1")).await.status, StatusCode::OK);
    assert_eq!(hall.send(ask_from("2.2.2.2")).await.status, StatusCode::OK);
    let spoofed = hall.send(ask_from("9.9.9.9, 2.2.2.2")).await.status;
    assert_eq!(spoofed, StatusCode::TOO_MANY_REQUESTS);
}
