//! What is promised of versions, whatever is asked of them in whatever order.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use seal::Digest32;

use crate::versions::{VersionEvent, VersionStatus, VersionStop, Versions};

const TODAY: Date = date(2026, 11, 23);

#[derive(Debug, Clone, Copy)]
enum Wish {
    Draft(u8),
    Edit(u32, u8),
    Check(u32, usize),
    Publish(u32, i8, usize),
    Withdraw(u32),
}

fn wish() -> impl Strategy<Value = Wish> {
    let number = 1_u32..5;
    let errors = 0_usize..2;
    prop_oneof![
        any::<u8>().prop_map(Wish::Draft),
        (number.clone(), any::<u8>()).prop_map(|(number, text)| Wish::Edit(number, text)),
        (number.clone(), errors.clone()).prop_map(|(number, all)| Wish::Check(number, all)),
        (number.clone(), -2_i8..3, errors).prop_map(|(n, day, all)| Wish::Publish(n, day, all)),
        number.prop_map(Wish::Withdraw),
    ]
}

fn day(offset: i8) -> Date {
    let span = jiff::Span::new().days(i64::from(offset));
    TODAY.checked_add(span).unwrap()
}

fn ask(versions: &Versions, wish: Wish) -> Result<Option<VersionEvent>, VersionStop> {
    match wish {
        Wish::Draft(text) => versions.draft(Digest32([text; 32])).map(Some),
        Wish::Edit(number, text) => versions.edit(number, Digest32([text; 32])),
        Wish::Check(number, errors) => versions.check(number, errors),
        Wish::Publish(number, offset, errors) => {
            versions.publish(number, day(offset), (TODAY, errors))
        }
        Wish::Withdraw(number) => versions.withdraw(number, TODAY).map(Some),
    }
}

proptest! {
    #[test]
    fn what_was_published_never_changes_and_one_version_at_a_time_is_written(
        wishes in proptest::collection::vec(wish(), 0..40),
    ) {
        let mut versions = Versions::begin(1, Digest32([0; 32]));
        for wish in wishes {
            let before = versions.clone();
            if let Ok(Some(event)) = ask(&versions, wish) {
                versions.evolve(&event);
            }
            let open = versions.iter().filter(|one| one.is_open()).count();
            prop_assert!(open <= 1);
            for (at, was) in before.iter().enumerate().filter(|(_, was)| !was.is_open()) {
                let is = &versions[at];
                prop_assert_eq!((is.number, is.digest), (was.number, was.digest));
                prop_assert_eq!(is.effective, was.effective);
                prop_assert!(!is.is_open());
            }
            for one in versions.published() {
                prop_assert!(one.effective.is_some_and(|from| TODAY <= from));
            }
            let numbers: Vec<u32> = versions.iter().map(|one| one.number).collect();
            prop_assert_eq!(&numbers, &(1..).take(numbers.len()).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn nothing_with_errors_or_without_a_check_comes_into_force(
        wishes in proptest::collection::vec(wish(), 0..40),
    ) {
        let mut versions = Versions::begin(1, Digest32([0; 32]));
        for wish in wishes {
            let stood = |number| versions.version(number).map(|one| one.status);
            let allowed = match wish {
                Wish::Publish(number, offset, errors) => {
                    let ready = stood(number) == Some(VersionStatus::Checked);
                    ready && errors == 0 && 0 <= offset
                }
                _ => true,
            };
            if let Ok(Some(event)) = ask(&versions, wish) {
                prop_assert!(allowed, "{wish:?} led to {event:?}");
                versions.evolve(&event);
            }
        }
    }
}
