//! What the hall knows of a party without asking 大厅掌握的数据: the facts that rules over party data may
//! ask (`catalogue::model::PARTY_FACTS`).
//!
//! Deliberately absent: data of other offices. What is not in the hall's own records is not known
//! here, and nobody is refused for it: they can apply.

use case::Verdict;
use catalogue::ItemId;
use codes::{CitizenId, Sex};
use db::Tx;
use identity::{PersonCard, PersonKind};
use jiff::civil::Date;
use kernel::{Fault, PersonId, TypedId};
use serde_json::{Map, Value, json};

/// More matters than this of one party are not looked at.
const CASES_MAX: usize = 500;

/// The facts of a party on a day.
///
/// # Errors
/// As [`Tx::query`].
pub fn known(
    tx: &mut Tx<'_>,
    party: &PersonCard,
    today: Date,
) -> Result<Map<String, Value>, Fault> {
    let citizen = CitizenId::parse_stored(&party.identity_number).ok();
    let citizen = citizen.filter(|_| party.kind == PersonKind::Natural);
    let months = citizen.as_ref().map(|citizen| {
        let born = citizen.birth_date();
        let years = i32::from(today.year()) - i32::from(born.year());
        let months = years * 12 + i32::from(today.month()) - i32::from(born.month());
        months - i32::from(today.day() < born.day())
    });
    let kind = match party.kind {
        PersonKind::Natural => "natural",
        _ => "legal",
    };
    let sex = citizen.as_ref().map(|citizen| match citizen.sex() {
        Sex::Female => "female",
        Sex::Male => "male",
    });
    let facts = json!({
        "kind": kind,
        "age": months.map(|months| months / 12),
        "age_months": months,
        "sex": sex,
        "certificates": certificates(tx, party.id)?,
        "granted": granted(tx, party.id)?,
    });
    match facts {
        Value::Object(facts) => Ok(facts),
        _ => Ok(Map::new()),
    }
}

/// The codes of the items whose certificates the party holds in force.
fn certificates(tx: &mut Tx<'_>, party: PersonId) -> Result<Vec<String>, Fault> {
    let mut codes = Vec::new();
    for one in certificate::valid_of(tx, party)? {
        codes.extend(code(tx, one.item, one.item_version)?);
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// The codes of the items that were granted to the party in this hall.
fn granted(tx: &mut Tx<'_>, party: PersonId) -> Result<Vec<String>, Fault> {
    let mut codes = Vec::new();
    for line in case::cases_of(tx, party, None, CASES_MAX)? {
        let case = case::case(tx, line.id)?;
        if case.verdict == Some(Verdict::Granted) && case.applicant == party {
            codes.extend(code(tx, case.item, case.version)?);
        }
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

fn code(tx: &mut Tx<'_>, item: kernel::uuid::Uuid, version: u32) -> Result<Option<String>, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(item), version)?;
    Ok(version.content.codes.key().map(str::to_owned))
}
