//! How an exit begins: opened by the organ with the holder told in writing, begun by what a
//! check found, or asked for by the holder.
//!
//! Deliberately absent: the rules, which are those of `decide` and of the certificate.

use certificate::{Certificate, CertificateId, CertificateState, ExitGround, RevocationGround};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, PersonId};
use ledger::{Commitment, keep_text};
use serde::{Deserialize, Serialize};
use web::Officer;

use crate::decide::{self, Known, Opened, Who};
use crate::model::{ExitId, ExitSource, LicenceExit};
use crate::papers;
use crate::store;
use crate::use_cases::{STATEMENT_DAYS, days_later, officer, watch, words};

/// The penalty decision of another organ, kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyPaper {
    /// Who decided it.
    pub organ: String,
    /// Its number 文号.
    pub number: String,
}

/// What an exit is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExit {
    /// The certificate.
    pub certificate: CertificateId,
    /// Which way, on what ground.
    pub ground: ExitGround,
    /// What set it going.
    pub source: ExitSource,
    /// Facts and reasons, as the holder is told them.
    pub findings: String,
    /// The penalty decision, for 吊销.
    pub penalty: Option<PenaltyPaper>,
    /// Its date.
    pub penalty_on: Option<Date>,
}

/// Opens an exit 启动退出程序 and tells the holder in writing.
///
/// # Errors
/// The rule that says no, of this room or of the certificate; [`Fault::Invalid`] without words.
pub fn open(tx: &mut Tx<'_>, by: &Officer, new: &NewExit) -> Result<ExitId, Fault> {
    let found = certificate::certificate(tx, new.certificate)?;
    if by.organ() != Some(found.organ) {
        return Err(Fault::NotFound { what: "cert" });
    }
    let who = officer(by)?;
    begin(tx, &found, who, new)
}

/// The holder asks to be struck off 申请注销.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's certificate.
pub fn request(
    tx: &mut Tx<'_>,
    by: PersonId,
    certificate: CertificateId,
    reason: &str,
) -> Result<ExitId, Fault> {
    let found = certificate::certificate(tx, certificate)?;
    if !identity::may_act_for(tx, by, found.holder, Some(found.item))? {
        return Err(Fault::NotFound { what: "cert" });
    }
    let new = NewExit {
        certificate,
        ground: ExitGround::Cancellation(certificate::CancellationGround::OtherByLaw),
        source: ExitSource::HolderRequest,
        findings: reason.to_owned(),
        penalty: None,
        penalty_on: None,
    };
    begin(tx, &found, Who::Holder(by), &new)
}

/// A check found that a licence should not stand 事中事后核查: its revocation begins in the name of
/// whoever checked, so that somebody else decides. Nothing begins where the licence is gone, or on
/// its way out already. That the check was theirs to make, the room that asked it has said.
///
/// # Errors
/// The rule that says no; [`Fault::Forbidden`] when no officer checked.
pub fn open_after_check(
    tx: &mut Tx<'_>,
    certificate: CertificateId,
    ground: RevocationGround,
    findings: &str,
) -> Result<Option<ExitId>, Fault> {
    let found = certificate::certificate(tx, certificate)?;
    let stands = matches!(
        found.state,
        CertificateState::Valid | CertificateState::Suspended
    );
    if !stands || store::running(tx, certificate)?.is_some() {
        return Ok(None);
    }
    let actor = tx.actor().clone();
    let officer = actor.as_officer().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let who = Who::Officer {
        officer,
        standing_in: actor.deputizing,
        organ: found.organ,
        opens: true,
        reviews: false,
        decides: false,
    };
    let new = NewExit {
        certificate,
        ground: ExitGround::Revocation(ground),
        source: ExitSource::Check,
        findings: findings.to_owned(),
        penalty: None,
        penalty_on: None,
    };
    begin(tx, &found, who, &new).map(Some)
}

fn begin(tx: &mut Tx<'_>, found: &Certificate, who: Who, new: &NewExit) -> Result<ExitId, Fault> {
    let today = tx.today();
    found.could_end(new.ground, today)?;
    let id: ExitId = tx.new_id();
    let findings = words(tx, id, found.holder, "findings", &new.findings)?;
    let own = identity::organ(tx, found.organ)?;
    let own_penalty = new.penalty.as_ref().is_some_and(|paper| {
        let organ = paper.organ.trim();
        organ == own.name.trim() || organ == own.short_name.trim()
    });
    let penalty = match &new.penalty {
        Some(paper) => Some(penalty(tx, id, found.holder, paper)?),
        None => None,
    };
    let (by, standing_in) = match who {
        Who::Officer {
            officer,
            standing_in,
            ..
        } => (Some(officer), standing_in),
        Who::Holder(_) | Who::House => (None, None),
    };
    let state_by = match new.source {
        ExitSource::HolderRequest => None,
        ExitSource::Officer | ExitSource::Report | ExitSource::Check => {
            Some(days_later(tx, today, STATEMENT_DAYS)?)
        }
    };
    let opened = Opened {
        certificate: new.certificate,
        holder: found.holder,
        organ: found.organ,
        item: found.item,
        item_version: found.item_version,
        ground: new.ground,
        source: new.source,
        on: today,
        by,
        standing_in,
        findings,
        penalty,
        penalty_on: new.penalty_on,
        state_by,
    };
    let known = Known {
        who,
        running: store::running(tx, new.certificate)?.is_some(),
        own_penalty,
    };
    let event = decide::open(opened, &known)?;
    let opened = ledger::open::<LicenceExit>(tx, id, vec![event])?;
    if let Some(last) = state_by {
        watch(tx, id, last)?;
        papers::told(tx, &opened.record)?;
    }
    Ok(id)
}

fn penalty(
    tx: &mut Tx<'_>,
    id: ExitId,
    holder: PersonId,
    paper: &PenaltyPaper,
) -> Result<Commitment, Fault> {
    let bounded = |field, text| kernel::text::bounded(field, text, 80);
    let (organ, number) = (
        bounded("penalty_organ", &paper.organ),
        bounded("penalty_number", &paper.number),
    );
    match (organ, number) {
        (Ok(organ), Ok(number)) => {
            let paper = PenaltyPaper { organ, number };
            let text = serde_json::to_string(&paper).map_err(Fault::broken)?;
            keep_text(tx, id, Some(holder), &text)
        }
        (organ, number) => {
            let problems = [organ.err(), number.err()].into_iter().flatten();
            Err(Fault::Invalid(problems.collect()))
        }
    }
}
