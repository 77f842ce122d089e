//! A hall for benches: the staff, and one item of the shipped list whose procedure has seven
//! operations over the rim (submit, accept, three opinions at once, decide, hand out).

use std::sync::Arc;

use catalogue::Version;
use catalogue::model::ItemContent;
use catalogue::model::kind::Necessity;
use catalogue::scenario::{Picks, paths};
use db::Db;
use identity::PersonKind;
use kernel::{Actor, Fault, PersonId};
use ledger::FileStore;
use serde_json::{Map, Value};

use super::answers::{Speaker, answers};
use super::dice::Dice;
use super::people;
use super::sending::{Samples, Wish};
use super::staff::Staff;

/// Occupying a road 占道挖掘: three opinions at once.
const ITEM: &str = "511A17017003-511602000000-000-115113016823646795-1-00";

/// A hall that is ready for applications.
pub struct Rehearsal {
    /// Who works in it.
    pub staff: Staff,
    /// The item, with materials or without.
    pub version: Arc<Version>,
    /// Answers to the scenario's questions.
    pub picks: Picks,
    /// Answers to its form.
    pub given: Map<String, Value>,
    /// The materials that must be there.
    pub materials: Vec<String>,
    /// Files to hand in.
    pub samples: Samples,
}

/// Furnishes an empty hall. `with_materials` says whether the item asks for its files, as it does
/// in life; without them a case over the rim is seven operations and no uploads.
///
/// # Errors
/// When a command fails that must not.
pub fn rehearse(db: &Db, with_materials: bool) -> anyhow::Result<Rehearsal> {
    let staff = super::people_and_items(db, super::Items::Complete)?;
    if !with_materials {
        ask_for_nothing(db)?;
    }
    let version = published(db)?;
    let content = &version.content;
    let (picks, scenario) = paths(content)?
        .into_iter()
        .next()
        .ok_or_else(|| anyhow::anyhow!("the item has no scenario"))?;
    let needed = scenario.materials.iter();
    let needed = needed.filter(|one| one.necessity != Necessity::Optional);
    let materials = needed.map(|one| one.material.clone()).collect();
    let dice = Dice::new(db.clock());
    let person = people::person(&dice, PersonKind::Natural, None);
    let speaker = Speaker {
        name: &person.name,
        number: &person.identity_number,
        phone: &person.phone,
        is_firm: false,
    };
    let given = answers(content, &scenario.id, &speaker, db.clock().today(), &dice)
        .ok_or_else(|| anyhow::anyhow!("no answers fit the form"))?;
    let samples = Samples::store(&*db.thing::<FileStore>()?, db.clock())?;
    Ok(Rehearsal {
        staff,
        picks,
        given,
        materials,
        samples,
        version: Arc::clone(&version),
    })
}

impl Rehearsal {
    /// Somebody new.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn applicant(&self, db: &Db) -> Result<PersonId, Fault> {
        let person = people::person(&Dice::new(db.clock()), PersonKind::Natural, None);
        db.write(db.cause(Actor::system()), move |tx| {
            identity::person_at_counter(tx, &person)
        })
    }

    /// What they want.
    #[must_use]
    pub fn wish(&self, applicant: PersonId) -> Wish {
        Wish {
            version: Arc::clone(&self.version),
            applicant,
            picks: self.picks.clone(),
            given: self.given.clone(),
            materials: self.materials.clone(),
        }
    }
}

fn published(db: &Db) -> anyhow::Result<Arc<Version>> {
    let today = db.clock().today();
    let found = db.read(|tx| catalogue::published_by_code(tx, ITEM, today))?;
    found.ok_or_else(|| anyhow::anyhow!("the shipped item {ITEM} is not there"))
}

/// Publishes a version of the item whose materials may all be left out.
fn ask_for_nothing(db: &Db) -> anyhow::Result<()> {
    let version = published(db)?;
    let mut content = ItemContent::clone(&version.content);
    for scenario in &mut content.scenarios {
        for one in &mut scenario.materials {
            one.necessity = Necessity::Optional;
        }
    }
    db.write(db.cause(Actor::system()), move |tx| {
        let number = catalogue::draft(tx, version.item, &content)?;
        catalogue::check_version(tx, version.item, number)?;
        let today = tx.today();
        catalogue::publish(tx, version.item, number, today).map(|_| ())
    })?;
    catalogue::reindex(db)?;
    Ok(())
}
