//! The rules alone.

use std::collections::BTreeSet;

use kernel::{OfficerId, TypedId};
use web::Role;

use crate::decide::{self, GrantFacts, Refusal};
use crate::{NewPerson, PersonKind};

fn facts(held: &[Role], brings: &[Role]) -> GrantFacts {
    GrantFacts {
        held: held.iter().copied().collect(),
        brings: brings.iter().copied().collect(),
        officer: OfficerId::from_uuid(kernel::uuid::Uuid::from_u128(1)),
        granter: None,
        in_service: true,
    }
}

#[test]
fn no_two_of_the_three_administrators_lie_in_one_hand() {
    for one in decide::ADMINISTRATORS {
        for other in decide::ADMINISTRATORS {
            let expected = if one == other {
                Ok(())
            } else {
                Err(Refusal::ThreeAdministrators)
            };
            assert_eq!(
                decide::grant(&facts(&[one], &[other])),
                expected,
                "{one} {other}"
            );
            assert_eq!(decide::compatible(&BTreeSet::from([one, other])), expected);
        }
        assert_eq!(decide::grant(&facts(&[Role::HallManager], &[one])), Ok(()));
    }
}

#[test]
fn nobody_grants_rights_to_themselves_and_the_dismissed_get_none() {
    let mut own = facts(&[], &[Role::Decider]);
    own.granter = Some(own.officer);
    assert_eq!(decide::grant(&own), Err(Refusal::OwnRights));
    let mut dismissed = facts(&[], &[Role::Decider]);
    dismissed.in_service = false;
    assert_eq!(decide::grant(&dismissed), Err(Refusal::OfficerDismissed));
}

#[test]
fn a_password_that_is_easy_to_guess_is_told_why() {
    let why = |typed| decide::password("password", "zhang.san", typed).map_err(|wrong| wrong.code);
    assert_eq!(why("Ab1!short"), Err("identity.password_short"));
    assert_eq!(why("onlysmallones"), Err("identity.password_simple"));
    assert_eq!(why("Zhang.San-2026"), Err("identity.password_guessable"));
    assert_eq!(why("Aa1Aa1Aa1Aa1"), Err("identity.password_guessable"));
    assert_eq!(why("Clear-Window-26"), Ok(()));
    assert_eq!(why("four plain words without digits"), Ok(()));
    assert_eq!(why(&"长密码Aa1!".repeat(40)), Err("field.too_long"));
}

#[test]
fn every_wrong_field_of_a_person_is_told_at_once_and_children_come_with_a_guardian() {
    let today = jiff::civil::date(2026, 11, 23);
    let wrong = NewPerson {
        kind: PersonKind::Natural,
        name: " ".to_owned(),
        identity_number: "110105194912310021".to_owned(),
        phone: "12".to_owned(),
        account: None,
    };
    let Err(kernel::Fault::Invalid(problems)) = decide::person(&wrong, today, true) else {
        panic!("three fields are wrong");
    };
    let fields: Vec<_> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "phone", "identity_number"]);
    let young = NewPerson {
        name: "小小".to_owned(),
        phone: "13800138000".to_owned(),
        identity_number: super::CITIZEN.to_owned(),
        ..wrong
    };
    let as_child = jiff::civil::date(1960, 1, 1);
    let alone = decide::person(&young, as_child, true).unwrap_err();
    assert_eq!(alone.refusal(), Some("identity.too_young"));
    assert!(decide::person(&young, as_child, false).is_ok());
    assert!(decide::person(&young, today, true).is_ok());
}

#[test]
fn five_failures_lock_for_fifteen_minutes_and_an_old_series_is_forgotten() {
    assert_eq!(decide::locked_seconds(4, 0), 0);
    assert_eq!(decide::locked_seconds(5, 0), 900);
    assert_eq!(decide::locked_seconds(5, 899), 1);
    assert_eq!(decide::locked_seconds(5, 900), 0);
    assert_eq!(decide::count_failure(4, 10), 5);
    assert_eq!(decide::count_failure(5, 900), 1);
}

/// Every refusal of the room.
const REFUSALS: &[Refusal] = &[
    Refusal::ThreeAdministrators,
    Refusal::OwnRights,
    Refusal::PeriodReversed,
    Refusal::SamePerson,
    Refusal::HolderNotAppointed,
    Refusal::OfficerDismissed,
    Refusal::AlreadyRegistered,
    Refusal::PersonDiffers,
    Refusal::TooYoung,
    Refusal::LoginTaken,
    Refusal::SecondHall,
    Refusal::OrganKnown,
    Refusal::PostKnown,
    Refusal::NotYourAct,
    Refusal::OfficerClosed,
    Refusal::FactorActive,
    Refusal::NoFactor,
    Refusal::StepLeft,
    Refusal::AlreadyClosed,
    Refusal::HallStays,
    Refusal::PostsOpen,
    Refusal::PostHeld,
];

#[test]
fn every_refusal_and_problem_has_words_in_both_languages_and_says_what_to_do() {
    let words = web::Words::new(&[(crate::ROOM, crate::MESSAGES)]).unwrap();
    for refusal in REFUSALS {
        let code = kernel::Refusal::code(refusal);
        assert!(words.holds(code), "{code}");
        assert!(words.todo(kernel::Lang::En, code, &[]).is_some(), "{code}");
    }
    for source in [
        include_str!("../pages/entry.rs"),
        include_str!("../pages/profile.rs"),
        include_str!("../pages/desk.rs"),
        include_str!("../pages/admin.rs"),
        include_str!("../pages/grants.rs"),
        include_str!("../pages/traces.rs"),
        include_str!("../pages/account.rs"),
        include_str!("../pages/keeping.rs"),
        include_str!("../../templates/identity/organ.html"),
        include_str!("../../templates/identity/post.html"),
        include_str!("../pages/code.rs"),
        include_str!("../pages/officer.rs"),
        include_str!("../api.rs"),
        include_str!("../decide.rs"),
        include_str!("../../templates/identity/account.html"),
        include_str!("../../templates/identity/code.html"),
        include_str!("../../templates/identity/factor.html"),
        include_str!("../../templates/identity/recovery.html"),
        include_str!("../../templates/identity/officer.html"),
        include_str!("../../templates/identity/login.html"),
        include_str!("../../templates/identity/register.html"),
        include_str!("../../templates/identity/profile.html"),
        include_str!("../../templates/identity/password.html"),
        include_str!("../../templates/identity/home.html"),
        include_str!("../../templates/identity/admin.html"),
        include_str!("../../templates/identity/organs.html"),
        include_str!("../../templates/identity/officers.html"),
        include_str!("../../templates/identity/posts.html"),
        include_str!("../../templates/identity/grants.html"),
        include_str!("../../templates/identity/audit.html"),
    ] {
        for rest in source.split("\"identity.").skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            if !key.contains('{') {
                assert!(words.holds(&format!("identity.{key}")), "identity.{key}");
            }
        }
    }
}
