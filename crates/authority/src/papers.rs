//! The sealed papers of the room: appointments, letters of delegation, minutes, lists of files.
//! Each is numbered by its organ and lies with the certificates' room.
//!
//! Deliberately absent: what the papers decide; they say what the records hold.

use catalogue::ItemId;
use certificate::{NewPaper, NoticeId, NoticeKind, PublicAddress};
use db::Tx;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use serde_json::{Value, json};

use crate::matters;
use crate::model::{
    AgendaItem, ChiefApprovalOfficer, CommitteeSitting, Handover, LineState, Outcome,
    PowerDelegation, Side, Vote,
};
use crate::use_cases::handover::HandoverText;
use crate::use_cases::power::PowerWords;

/// Where the public lists are.
pub(crate) const PUBLIC_LIST: &str = "/authority";

fn code(tx: &Tx<'_>, caption: &str) -> Value {
    let origin = tx
        .thing::<PublicAddress>()
        .map_or_else(|_| String::new(), |at| at.0.clone());
    let text = format!("{}{PUBLIC_LIST}", origin.trim_end_matches('/'));
    json!({ "text": text, "caption": caption })
}

fn items(tx: &mut Tx<'_>, all: &[ItemId]) -> Result<Vec<Value>, Fault> {
    let today = tx.today();
    let mut lines = Vec::new();
    for item in all {
        let Some(version) = catalogue::published(tx, *item, today)? else {
            continue;
        };
        let content = &version.content;
        lines.push(json!({ "name": content.name.get("zh"), "code": content.codes.key() }));
    }
    Ok(lines)
}

/// Names, one after the other; a dash for nobody.
pub(crate) fn names(tx: &mut Tx<'_>, all: &[OfficerId]) -> Result<String, Fault> {
    let mut known = Vec::new();
    for one in all {
        known.push(identity::officer_name(tx, *one)?);
    }
    Ok(if known.is_empty() {
        "—".to_owned()
    } else {
        known.join("、")
    })
}

fn draw(
    tx: &mut Tx<'_>,
    kind: NoticeKind,
    about: kernel::uuid::Uuid,
    organ: OrganId,
    data: Value,
) -> Result<NoticeId, Fault> {
    let paper = NewPaper {
        kind,
        about,
        organ,
        data,
    };
    certificate::draw_paper(tx, paper)
}

/// 任命书, with the newest list.
pub(crate) fn appointment(
    tx: &mut Tx<'_>,
    chief: &ChiefApprovalOfficer,
) -> Result<NoticeId, Fault> {
    let list = chief.lists.last();
    let list = list.ok_or_else(|| Fault::broken("an appointment without a list"))?;
    let data = json!({
        "officer": identity::officer_name(tx, chief.officer)?,
        "from": list.from.to_string(),
        "until": chief.until.map(|until| until.to_string()),
        "version": chief.lists.len().to_string(),
        "ground": ledger::read_text(tx, &list.ground)?.unwrap_or_default(),
        "items": items(tx, &list.items)?,
        "qr": code(tx, "扫码查看公开清单"),
    });
    let about = chief.id.uuid();
    draw(tx, NoticeKind::ChiefAppointment, about, chief.organ, data)
}

/// 委托书, 赋权通知书.
pub(crate) fn power(
    tx: &mut Tx<'_>,
    power: &PowerDelegation,
    words: &PowerWords,
) -> Result<NoticeId, Fault> {
    let data = json!({
        "addressee": identity::organ(tx, power.to_organ)?.name,
        "entrusted": power.form == crate::model::PowerForm::Entrusted,
        "chain": words.chain,
        "ground": words.ground,
        "from": power.from.to_string(),
        "until": power.until.map(|until| until.to_string()),
        "items": items(tx, &power.items)?,
        "qr": code(tx, "扫码查看权力清单"),
    });
    let about = power.id.uuid();
    draw(tx, NoticeKind::PowerLetter, about, power.from_organ, data)
}

/// 会议纪要.
pub(crate) fn minutes(tx: &mut Tx<'_>, sitting: &CommitteeSitting) -> Result<NoticeId, Fault> {
    let mut agenda = Vec::new();
    for item in &sitting.agenda {
        agenda.push(discussed(tx, item)?);
    }
    let remarks = match &sitting.remarks {
        Some(remarks) => ledger::read_text(tx, remarks)?,
        None => None,
    };
    let data = json!({
        "met_on": sitting.on.to_string(),
        "number": sitting.number.to_string(),
        "chair": identity::officer_name(tx, sitting.chair)?,
        "secretary": identity::officer_name(tx, sitting.secretary)?,
        "members": names(tx, &sitting.members)?,
        "present": names(tx, &sitting.present)?,
        "quorum": sitting.quorum.to_string(),
        "agenda": agenda,
        "remarks": remarks,
        "qr": code(tx, "扫码查看公开清单"),
    });
    let about = sitting.id.uuid();
    draw(tx, NoticeKind::CommitteeMinutes, about, sitting.organ, data)
}

fn discussed(tx: &mut Tx<'_>, item: &AgendaItem) -> Result<Value, Fault> {
    let cases = tx.thing::<matters::Matters>()?;
    let matter = cases.matter(tx, item.case)?;
    let mut each = Vec::new();
    for cast in &item.votes {
        let name = identity::officer_name(tx, cast.member)?;
        let vote = match cast.vote {
            Vote::For => "赞成",
            Vote::Against => "反对",
            Vote::Abstain => "弃权",
        };
        each.push(format!("{name} {vote}"));
    }
    let outcome = match item.outcome {
        Some(Outcome::Agreed) => "同意准予",
        Some(Outcome::NotAgreed) => "不同意准予",
        Some(Outcome::Deferred) | None => "缓议",
    };
    let mut aside = item.recused.clone();
    aside.extend(
        item.handled
            .iter()
            .filter(|one| !item.recused.contains(one)),
    );
    Ok(json!({
        "case_number": matter.number,
        "item": matter.item_name.get("zh"),
        "applicant": matter.applicant,
        "paper": ledger::read_text(tx, &item.paper)?.unwrap_or_default(),
        "recused": names(tx, &aside)?,
        "votes_for": item.count(Vote::For).to_string(),
        "votes_against": item.count(Vote::Against).to_string(),
        "votes_abstain": item.count(Vote::Abstain).to_string(),
        "each": if each.is_empty() { "—".to_owned() } else { each.join("；") },
        "outcome": outcome,
    }))
}

/// What a side is called: the organ, and the officer where it is one in particular.
pub(crate) fn side(tx: &mut Tx<'_>, side: Side) -> Result<String, Fault> {
    let organ = identity::organ(tx, side.organ)?.name;
    Ok(match side.officer {
        Some(officer) => format!("{organ} {}", identity::officer_name(tx, officer)?),
        None => organ,
    })
}

/// 移交清单.
pub(crate) fn handover(
    tx: &mut Tx<'_>,
    handover: &Handover,
    text: &HandoverText,
    passed: &[String],
) -> Result<NoticeId, Fault> {
    let mut lines = Vec::new();
    for (line, said) in handover.lines.iter().zip(&text.lines) {
        let state = match (line.state, &line.reason) {
            (LineState::Received, _) => "已接收".to_owned(),
            (LineState::Disputed, Some(reason)) => {
                let reason = ledger::read_text(tx, reason)?.unwrap_or_default();
                format!("有异议：{reason}")
            }
            (LineState::Disputed, None) => "有异议".to_owned(),
            (LineState::Waiting, _) => "待签收".to_owned(),
        };
        lines.push(json!({
            "number": said.number, "title": said.title, "pages": said.pages.to_string(),
            "state": state,
        }));
    }
    let signed = |kept: Option<(OfficerId, jiff::civil::Date)>| {
        kept.ok_or_else(|| Fault::broken("a list that is not signed"))
    };
    let ((giver, handed_on), (receiver, signed_on)) =
        (signed(handover.handed)?, signed(handover.signed)?);
    let data = json!({
        "giver": side(tx, handover.giver)?,
        "receiver": side(tx, handover.receiver)?,
        "reason": text.reason,
        "handed_by": identity::officer_name(tx, giver)?,
        "handed_on": handed_on.to_string(),
        "signed_by": identity::officer_name(tx, receiver)?,
        "signed_on": signed_on.to_string(),
        "digest": handover.digest.to_string(),
        "lines": lines,
        "tasks": (!passed.is_empty()).then(|| passed.join("、")),
        "qr": code(tx, "扫码查看公开清单"),
    });
    let about = handover.id.uuid();
    draw(
        tx,
        NoticeKind::HandoverList,
        about,
        handover.giver.organ,
        data,
    )
}

/// The papers of a record, the newest last: number and where the file is.
pub(crate) fn of(
    tx: &mut Tx<'_>,
    about: kernel::uuid::Uuid,
) -> Result<Vec<(String, NoticeId)>, Fault> {
    let all = certificate::notices_of(tx, about)?;
    Ok(all
        .into_iter()
        .map(|one| (one.number.to_string(), one.id))
        .collect())
}

/// Which papers everybody may read: appointments and letters of delegation.
pub(crate) fn is_public(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::ChiefAppointment | NoticeKind::PowerLetter)
}

/// The names of items, in the reader's language, for pages.
pub(crate) fn item_names(
    tx: &mut Tx<'_>,
    lang: &str,
    all: &[ItemId],
) -> Result<Vec<String>, Fault> {
    let today = tx.today();
    let mut found = Vec::new();
    for item in all {
        if let Some(version) = catalogue::published(tx, *item, today)? {
            found.push(version.content.name.get(lang).to_owned());
        }
    }
    Ok(found)
}
