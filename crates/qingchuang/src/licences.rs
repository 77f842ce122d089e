//! What the life of a licence joins: exits, hearings, cases and certificates. Each function follows
//! one piece of news, in its transaction.
//!
//! Deliberately absent: rules. What may be done, the rooms say.

use case::CaseId;
use certificate::{CertificateEvent, CertificateId};
use db::Tx;
use exit::ExitId;
use hearing::{HearingId, Subject, SubjectKind};
use kernel::{Fault, TypedId};
use serde_json::{Value, json};

/// What the applicant is told of a hearing that stops the clock.
const HEARING_REASON: &str = "申请人、利害关系人要求听证，或者本机关依职权组织听证";

/// Something happened to a certificate: its end is watched, or there is none to watch any more.
pub(crate) fn certified(
    tx: &mut Tx<'_>,
    id: CertificateId,
    event: &CertificateEvent,
) -> Result<(), Fault> {
    use CertificateEvent as E;
    match event {
        E::Issued { valid_until, .. } => renewal::watch_certificate(tx, id, *valid_until),
        E::Changed { .. }
        | E::Revoked { .. }
        | E::Withdrawn { .. }
        | E::Cancelled { .. }
        | E::PenaltyRevoked { .. } => renewal::certificate_ended(tx, id),
        E::Rendered { .. }
        | E::RenderFailed { .. }
        | E::Requeued
        | E::Suspended { .. }
        | E::Restored { .. }
        | E::Expired { .. } => Ok(()),
    }
}

/// Something happened to a licence on its way out: who asks for a hearing gets one.
pub(crate) fn leaving(tx: &mut Tx<'_>, id: ExitId, event: &exit::Event) -> Result<(), Fault> {
    let exit::Event::HearingAsked { .. } = event else {
        return Ok(());
    };
    let subject = Subject {
        kind: SubjectKind::Exit,
        id: id.uuid(),
    };
    let opened = hearing::asked_for(tx, subject)?;
    exit::hearing_opened(tx, id, opened.uuid())
}

/// Something happened to a hearing: the clock of a case stands still for it, a licence on its way
/// out waits for it.
pub(crate) fn heard(tx: &mut Tx<'_>, id: HearingId, event: &hearing::Event) -> Result<(), Fault> {
    let one = hearing::hearing(tx, id)?;
    match one.subject.kind {
        SubjectKind::Case => heard_in_case(tx, CaseId::from_uuid(one.subject.id), event),
        SubjectKind::Exit => {
            let exit = ExitId::from_uuid(one.subject.id);
            match event {
                hearing::Event::Signed { .. } | hearing::Event::SigningRefused { .. } => {
                    exit::hearing_closed(tx, exit, one.presider, true)
                }
                hearing::Event::GivenUp { .. } => exit::hearing_closed(tx, exit, None, false),
                _ => Ok(()),
            }
        }
    }
}

fn heard_in_case(tx: &mut Tx<'_>, case: CaseId, event: &hearing::Event) -> Result<(), Fault> {
    use hearing::Event as E;
    let asked = match event {
        E::Begun(begun) => begun.ask_by.is_none(),
        E::Asked { .. } | E::Scheduled { .. } => true,
        _ => false,
    };
    if asked {
        return case::pause_for_hearing(tx, case, hearing::HOLD_DAYS, HEARING_REASON);
    }
    match event {
        E::Signed { .. } | E::SigningRefused { .. } | E::GivenUp { .. } => {
            case::resume_after_hearing(tx, case)
        }
        _ => Ok(()),
    }
}

/// When a hearing was held on a case, and how its decision rests on the minutes (许可法 48).
pub(crate) fn weighed(
    tx: &mut Tx<'_>,
    case: &case::Case,
    minutes: Option<String>,
) -> Result<Value, Fault> {
    let Some(minutes) = minutes else {
        return Ok(Value::Null);
    };
    let last = hearing::last_of(tx, case.id.uuid())?.filter(hearing::Hearing::was_held);
    let Some(on) = last.and_then(|last| last.held_on) else {
        return Ok(Value::Null);
    };
    // The template ends the sentence.
    let minutes = minutes.trim_end_matches(['。', '.', '；']);
    Ok(json!({ "on": on.to_string(), "minutes": minutes }))
}
