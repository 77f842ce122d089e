//! What the modes of items join: intake, pledges, cases and certificates. Each function follows one
//! piece of news, in its transaction.
//!
//! Deliberately absent: rules. Whether a mode may be used, the rooms say.

use case::{Case, Conditions};
use catalogue::ItemId;
use catalogue::model::kind::ModeKind;
use certificate::RevocationGround;
use db::Tx;
use kernel::{Fault, TypedId};
use ledger::read_text;
use pledge::PledgeKind;

/// The procedure of what is decided on a promise: at once, by somebody who did not accept it.
const AT_ONCE: &str = "instant";

/// What the modes of the item version say of a case.
pub(crate) fn conditions(tx: &mut Tx<'_>, case: &Case) -> Result<Conditions, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(case.item), case.version)?;
    let content = &version.content;
    let last = hearing::last_of(tx, case.id.uuid())?;
    let mut found = Conditions {
        hearing: last.as_ref().is_some_and(|last| last.status.is_open()),
        heard: last.is_some_and(|last| last.was_held()),
        ..Conditions::default()
    };
    if !content.modes.is_empty() {
        found.owed = pledge::owed(tx, case.application)?.len();
        found.tacit_check = tacit_check(tx, case, content)?;
        found.by_rule = by_rule(tx, case, content)?;
    }
    if let Some(limit) = &content.quantity_limit {
        let given = certificate::count_valid(tx, case.item)?;
        found.left = Some(limit.count.saturating_sub(given));
    }
    Ok(found)
}

/// By which tables the version grants for the scenario of a case.
fn by_rule(
    tx: &mut Tx<'_>,
    case: &Case,
    content: &catalogue::model::ItemContent,
) -> Result<Vec<case::RuleWay>, Fault> {
    let id = intake::ApplicationId::from_uuid(case.application);
    let application = intake::application(tx, id)?;
    let scenario = content.scenarios.get(usize::from(application.scenario));
    Ok(scenario.map_or_else(Vec::new, |one| crate::ruling::ways(content, &one.id)))
}

/// The day by which a tacit approval would be checked, where the version lists it for the scenario.
fn tacit_check(
    tx: &mut Tx<'_>,
    case: &Case,
    content: &catalogue::model::ItemContent,
) -> Result<Option<jiff::civil::Date>, Fault> {
    let id = intake::ApplicationId::from_uuid(case.application);
    let application = intake::application(tx, id)?;
    let scenario = content.scenarios.get(usize::from(application.scenario));
    let mode = scenario.and_then(|one| content.mode(ModeKind::Tacit, &one.id));
    let Some(days) = mode.and_then(|mode| mode.check_workdays) else {
        return Ok(None);
    };
    // The catalogue lets no safety item be listed; what was published before that rule is not.
    if content.safety_item {
        return Ok(None);
    }
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(tx.today(), days);
    Ok(Some(due.map_err(case::Refusal::Calendar)?.date))
}

/// An application was accepted: its pledges begin to run. Answers the procedure that the promise
/// route takes, where one stands.
pub(crate) fn accepted(
    tx: &mut Tx<'_>,
    application: intake::ApplicationId,
    facts: &intake::CaseFacts,
) -> Result<Option<&'static str>, Fault> {
    let version = catalogue::version(tx, facts.item, facts.version)?;
    if version.content.modes.is_empty() {
        return Ok(None);
    }
    pledge::accepted(tx, application.uuid(), &facts.number)?;
    let promised = pledge::rests_on_promise(tx, application.uuid())?;
    Ok(promised.then_some(AT_ONCE))
}

/// An application ended at the front desk.
pub(crate) fn ended(tx: &mut Tx<'_>, application: intake::ApplicationId) -> Result<(), Fault> {
    pledge::void(tx, application.uuid())
}

/// A case was decided.
pub(crate) fn decided(
    tx: &mut Tx<'_>,
    id: case::CaseId,
    verdict: case::Verdict,
) -> Result<(), Fault> {
    let case = case::case(tx, id)?;
    if !has_modes(tx, &case)? {
        return Ok(());
    }
    let granted = verdict == case::Verdict::Granted;
    let by = tx.actor().as_officer();
    pledge::decided(tx, case.application, granted, by)
}

/// A case is over: what was not decided leaves nothing to check.
pub(crate) fn closed(tx: &mut Tx<'_>, id: case::CaseId) -> Result<(), Fault> {
    let case = case::case(tx, id)?;
    match case.verdict {
        None if has_modes(tx, &case)? => pledge::void(tx, case.application),
        None | Some(_) => Ok(()),
    }
}

/// Whether pledges can stand for a case at all: its item version publishes a mode.
fn has_modes(tx: &mut Tx<'_>, case: &Case) -> Result<bool, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(case.item), case.version)?;
    Ok(!version.content.modes.is_empty())
}

/// Something happened to a pledge.
pub(crate) fn pledged(
    tx: &mut Tx<'_>,
    id: pledge::PledgeId,
    event: &pledge::Event,
) -> Result<(), Fault> {
    let one = pledge::pledge(tx, id)?;
    let number = one.number.as_ref().map(ToString::to_string);
    match (event, number) {
        (pledge::Event::Lapsed { .. }, Some(number)) => case::lapse_papers(tx, &number),
        (pledge::Event::PapersOwed { .. } | pledge::Event::Retracted { .. }, Some(number))
            if one.kind == PledgeKind::Promise =>
        {
            let application = intake::ApplicationId::from_uuid(one.application);
            let facts = intake::case_facts(tx, application)?;
            let (procedure, promised) = crate::flow::ordinary(tx, &facts)?;
            case::leave_promise(tx, &number, &procedure, promised)
        }
        (pledge::Event::Broken { finding, .. }, Some(number)) => {
            let finding = read_text(tx, finding)?.unwrap_or_default();
            let Some(case) = case::find_by_number(tx, &number)? else {
                return Err(Fault::broken(format!("{} has no case", one.id)));
            };
            leave(tx, case, RevocationGround::ObtainedByFraud, &finding)
        }
        _ => Ok(()),
    }
}

/// What silence or a table granted does not stand (行政许可法 69(1)).
pub(crate) fn set_aside(tx: &mut Tx<'_>, id: case::CaseId) -> Result<(), Fault> {
    let finding = case::tacit_finding(tx, id)?;
    leave(tx, id, RevocationGround::ApplicantNotEligible, &finding)
}

/// What a check found takes no licence away by itself: its revocation begins, the holder is told
/// and heard, and somebody else decides (行政许可法 7, 69).
fn leave(
    tx: &mut Tx<'_>,
    case: case::CaseId,
    ground: RevocationGround,
    finding: &str,
) -> Result<(), Fault> {
    for one in certificate::certificates_of(tx, case.uuid())? {
        exit::open_after_check(tx, one.id, ground, finding)?;
    }
    Ok(())
}
