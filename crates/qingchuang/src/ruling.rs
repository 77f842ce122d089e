//! What decision tables grant by themselves: 秒批 at once when an application arrives. The table of
//! the item version is asked, and what it grants is accepted, decided and issued in the same
//! transaction; what it does not grant waits for people like everything else. 无感审批 when a party
//! was told and did not say no.
//!
//! Deliberately absent: rules. Whether a table may grant, `intake` and `case` say.

use case::{CaseId, NewRuling, RuleWay};
use catalogue::Version;
use catalogue::model::kind::ModeKind;
use catalogue::model::{GRANT, ItemContent, Mode, SCENARIO};
use db::Tx;
use intake::ApplicationId;
use kernel::{Channel, Fault};
use serde_json::{Map, Value};

/// By which tables a version grants for a scenario: never for a safety item, whatever it lists.
pub(crate) fn ways(content: &ItemContent, scenario: &str) -> Vec<RuleWay> {
    let all = [
        (RuleWay::Instant, ModeKind::Instant),
        (RuleWay::Silent, ModeKind::Silent),
    ];
    let listed = all.into_iter().filter(|(_, kind)| {
        let mode = content.mode(*kind, scenario);
        !content.safety_item && mode.is_some_and(|mode| mode.table.is_some())
    });
    listed.map(|(way, _)| way).collect()
}

/// An application arrived: the table of its item may grant it at once.
pub(crate) fn received(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), Fault> {
    let application = intake::application(tx, id)?;
    // What the hall began itself was ruled on before.
    if application.by_hand || application.channel == Channel::System {
        return Ok(());
    }
    let version = intake::version_of(tx, &application)?;
    if version.content.modes.is_empty() {
        return Ok(());
    }
    let scenario = intake::requirements_of(&version, &application)?;
    let scenario = scenario.scenario.id.clone();
    let mut known = intake::read_answers(tx, &application)?;
    known.insert(SCENARIO.to_owned(), Value::from(scenario.clone()));
    let ruling = ruling(tx, &version, RuleWay::Instant, &scenario, &known)?;
    let Some(ruling) = ruling else {
        return Ok(());
    };
    match intake::accept_by_rule(tx, id) {
        Ok(_) => {}
        // Something is missing: the counter says what.
        Err(Fault::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    }
    let case = crate::flow::open_case(tx, id)?;
    grant(tx, case, ruling)
}

/// Nobody said no in time 期满无异议: the hall itself begins the matter, accepts and grants it by the
/// table, asked once more with what is known today. What it does not grant any more stays undone.
pub(crate) fn unopposed(tx: &mut Tx<'_>, id: offer::OfferId) -> Result<(), Fault> {
    let told = offer::offer(tx, id)?;
    let today = tx.today();
    let Some(item) = offer::scheme(tx, told.scheme)?.item else {
        return Ok(());
    };
    let Some(version) = catalogue::published(tx, item, today)? else {
        return Ok(());
    };
    let Some(scenario) = offer::silent_scenario(&version).map(str::to_owned) else {
        return Ok(());
    };
    let party = match identity::person(tx, told.party) {
        Ok(party) => party,
        // Erased meanwhile: there is nobody to grant anything to.
        Err(Fault::NotFound { .. }) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let known = offer::known(tx, &party, today)?;
    let ruling = ruling(tx, &version, RuleWay::Silent, &scenario, &known)?;
    let Some(ruling) = ruling else {
        return Ok(());
    };
    let begun = intake::Unasked {
        applicant: told.party,
        scenario,
        known,
    };
    let application = intake::receive_unasked(tx, &version, &begun)?;
    intake::accept_by_rule(tx, application)?;
    let case = crate::flow::open_case(tx, application)?;
    grant(tx, case, ruling)?;
    let number = case::case(tx, case)?.number;
    offer::fulfil(tx, id, number)
}

/// Grants by the table; what stands in the way of any grant leaves the case to people.
pub(crate) fn grant(tx: &mut Tx<'_>, case: CaseId, ruling: NewRuling) -> Result<(), Fault> {
    match case::grant_by_rule(tx, case, ruling) {
        Ok(_) | Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// What the table of a version answers; nothing where it lists none, or does not grant.
pub(crate) fn ruling(
    tx: &mut Tx<'_>,
    version: &Version,
    way: RuleWay,
    scenario: &str,
    known: &Map<String, Value>,
) -> Result<Option<NewRuling>, Fault> {
    let content = &version.content;
    if !ways(content, scenario).contains(&way) {
        return Ok(None);
    }
    let kind = match way {
        RuleWay::Instant => ModeKind::Instant,
        RuleWay::Silent => ModeKind::Silent,
    };
    let mode = content.mode(kind, scenario);
    let Some((mode, written)) = mode.and_then(|mode| Some((mode, mode.table.as_ref()?))) else {
        return Ok(None);
    };
    let table = catalogue::rule_table(tx, version, kind, written)?;
    let inputs = table.inputs_of(known);
    // An input that breaks a rule is no reason to refuse anybody: people decide.
    let Ok(ruled) = table.rule(&inputs) else {
        return Ok(None);
    };
    if ruled.answer != GRANT {
        return Ok(None);
    }
    Ok(Some(NewRuling {
        way,
        table: case::Code::try_from(written.id.clone()).map_err(Fault::broken)?,
        digest: seal::digest::hash(seal::Suite::ShangMi, written.dmn.as_bytes()),
        rules: ruled.matched,
        inputs: serde_json::to_string(&inputs).map_err(Fault::broken)?,
        check_due: drawn(tx, mode)?,
    }))
}

/// The lot 抽查: the day by which a grant is checked, if it falls on this one.
fn drawn(tx: &mut Tx<'_>, mode: &Mode) -> Result<Option<jiff::civil::Date>, Fault> {
    let percent = mode.sample_percent.unwrap_or(100);
    let lot = u32::from_be_bytes(tx.clock().random()) % 100;
    let Some(days) = mode.check_workdays.filter(|_| lot < percent) else {
        return Ok(None);
    };
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(tx.today(), days);
    Ok(Some(due.map_err(case::Refusal::Calendar)?.date))
}
