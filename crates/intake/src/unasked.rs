//! What the hall begins by itself 无感审批: nobody filed it; a rule over what the hall knows of the
//! party proposed it, and the party did not say no.
//!
//! Deliberately absent: the rule, the proposal and the party's answer, which stand above.

use catalogue::Version;
use codes::QueryCode;
use db::Tx;
use kernel::{Channel, Fault, PersonId};
use ledger::keep_text;
use serde_json::{Map, Value};

use crate::decide::{Arrival, Received, TELL_WORKDAYS, receive};
use crate::model::{Application, ApplicationId};
use crate::submit::{next_number, organs, position, watch, workdays_after};

/// What is begun without being asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Unasked {
    /// For whom.
    pub applicant: PersonId,
    /// Identifier of the scenario of the item version.
    pub scenario: String,
    /// What the hall knew, in place of answers to a form.
    pub known: Map<String, Value>,
}

/// Receives what nobody filed: without papers, by the house alone.
///
/// # Errors
/// A [`crate::Refusal`]; [`Fault::Broken`] for a scenario that the version does not hold.
pub fn receive_unasked(
    tx: &mut Tx<'_>,
    version: &Version,
    new: &Unasked,
) -> Result<ApplicationId, Fault> {
    let today = tx.today();
    let content = &version.content;
    let person = identity::person(tx, new.applicant)?;
    let (hall, organ) = organs(tx, content)?;
    let id: ApplicationId = tx.new_id();
    let query_code = QueryCode::from_random(u32::from_be_bytes(tx.clock().random()));
    let known = serde_json::to_string(&new.known).map_err(Fault::broken)?;
    let received = Received {
        number: next_number(tx, &hall, &organ)?,
        query_code: keep_text(tx, id, Some(new.applicant), query_code.as_str())?,
        item: version.item,
        version: version.number,
        scenario: position(&content.scenarios, |one| one.id == new.scenario)?,
        applicant: new.applicant,
        agent: None,
        channel: Channel::System,
        answers: keep_text(tx, id, Some(new.applicant), &known)?,
        documents: Vec::new(),
        received_on: today,
        tell_by: workdays_after(tx, today, TELL_WORKDAYS)?,
        answer_by: today,
        organ: organ.id,
        hall: hall.id,
        by_hand: false,
    };
    let arrival = Arrival {
        item_open: content.takes_applications(),
        age_min: content.age_min,
        age: person.age_on(today).map(i64::from),
        agent_authorised: false,
        listed: Vec::new(),
    };
    let event = receive(received, &arrival)?;
    let done = ledger::open::<Application>(tx, id, vec![event])?;
    watch(tx, &done.record)?;
    Ok(id)
}
