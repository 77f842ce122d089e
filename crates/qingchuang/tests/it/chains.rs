//! A whole chain of items is entrusted at once.

use authority::model::PowerForm;
use authority::use_cases::power::{self, NewPower};
use kernel::Fault;
use web::Role;

use crate::authority::Desk;
use crate::powers::{accepted, park, review};
use crate::town::{refused, towns};

const ITEM: &str = "outdoor_advertising";

#[test]
fn a_whole_chain_moves_with_all_its_items_that_are_the_givers_own() {
    for town in towns("chain_given", ITEM) {
        let (park, manager) = (park(&town), town.head(Role::HallManager));
        let own = town.organ;
        let give = |theme: &str| {
            let (by, theme) = (manager.clone(), theme.to_owned());
            town.by(manager.actor(), move |tx| {
                let new = NewPower {
                    from_organ: own,
                    to_organ: park,
                    form: PowerForm::Entrusted,
                    items: String::new(),
                    theme: theme.clone(),
                    chain: String::new(),
                    ground: "区政府关于整链条赋权的决定".to_owned(),
                    from: tx.today(),
                    until: None,
                };
                let id = power::give(tx, &by, &new)?;
                let given = power::power(tx, id)?;
                let words = power::words_of(tx, &given)?;
                Ok((given.items, words.chain))
            })
        };
        let unknown = give("no_such_chain");
        assert!(matches!(unknown, Err(Fault::Invalid(_))), "{unknown:?}");
        // Of another office's chain nothing is theirs to give.
        refused(give("disability_chain"), "authority.nothing_listed");
        let (items, name) = give("restaurant").expect("a whole chain");
        assert!(items.contains(&town.version.item));
        assert!(1 < items.len(), "not one item alone: {items:?}");
        assert_eq!(name, "开饭店（餐饮行业一业一证）");
        refused(give("restaurant"), "authority.already_given");
        // The receiver acts on any of them, as on one that was named alone.
        let case = accepted(&town);
        let theirs = town.officers(park, Role::Reviewer).remove(0);
        review(&town, &theirs, &case).expect("within the chain");
        town.stands();
    }
}
