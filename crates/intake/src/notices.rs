//! The papers of intake 文书: which fields each template gets. Number, seal and rendering are the
//! business of the certificate room, which also puts in organ, date, number and code.

use calendar::WorkingDays;
use catalogue::Version;
use catalogue::model::{LimitUnit, Promise, TimeLimit};
use certificate::{NewNotice, NoticeKind};
use codes::QueryCode;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, TypedId};
use ledger::read_text;
use serde_json::{Map, Value, json};

use crate::answer::{read_json, requirements_of, version_of};
use crate::model::{Application, Correction, Settled};

/// What stands on a paper when its text was erased.
const ERASED: &str = "（内容已依法删除）";
/// 行政许可法 42: the general limit, for items that name none.
const GENERAL: TimeLimit = TimeLimit {
    amount: 20,
    unit: LimitUnit::Workday,
};
const GENERAL_BASIS: &str = "《中华人民共和国行政许可法》第四十二条第一款";

/// 收件回执.
pub(crate) fn receipt(
    tx: &mut Tx<'_>,
    application: &Application,
    query_code: &QueryCode,
) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let lines = requirements_of(&version, application)?;
    let materials = lines.materials.lines().iter().filter_map(|line| {
        let id = &line.material.id;
        let of_line = |at: u16| {
            version
                .content
                .materials
                .get(usize::from(at))
                .is_some_and(|known| known.id == *id)
        };
        let there = application
            .documents
            .iter()
            .filter(|document| of_line(document.material));
        let copies = there.count();
        (copies != 0)
            .then(|| json!({ "name": line.material.name.zh, "form": "电子", "copies": copies }))
    });
    let materials: Vec<Value> = materials.collect();
    let (front, back) = query_code.as_str().split_at(3);
    let channel = match application.channel {
        kernel::Channel::Counter => "窗口",
        kernel::Channel::Web => "网上",
        kernel::Channel::Mobile => "移动端",
        kernel::Channel::Kiosk => "自助终端",
        kernel::Channel::Post => "邮寄",
        kernel::Channel::Api | kernel::Channel::System => "接口",
    };
    let more = json!({
        "answer_by": application.tell_by,
        "query_code": format!("{front} {back}"),
        "channel": channel,
        "materials": materials,
    });
    draw(tx, application, &version, NoticeKind::Receipt, more)
}

/// 受理通知书.
pub(crate) fn acceptance(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let accepted_on = settled(application)?.on;
    let limit = limits(tx, &version, application, accepted_on)?;
    let more = json!({ "accepted_on": accepted_on, "limit": limit });
    draw(tx, application, &version, NoticeKind::Acceptance, more)
}

/// 视为受理通知书.
pub(crate) fn deemed_accepted(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let limit = limits(tx, &version, application, settled(application)?.on)?;
    let more = json!({ "answer_by": application.tell_by, "limit": limit });
    draw(tx, application, &version, NoticeKind::DeemedAccepted, more)
}

/// 申请材料补正一次性告知书.
pub(crate) fn one_time_notice(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let notice = application.notice.as_ref();
    let notice = notice.ok_or_else(|| Fault::broken("a notice that was not given"))?;
    let texts: Vec<Correction> = read_json(tx, &notice.texts)?;
    let line = |one: &Correction| {
        let material = one
            .material
            .as_deref()
            .and_then(|id| version.content.material(id));
        let name = material.map_or("申请表", |material| material.name.zh.as_str());
        json!({ "name": name, "problem": one.problem, "request": one.request })
    };
    let corrections: Vec<Value> = texts.iter().map(line).collect();
    let more = json!({ "correct_by": notice.due, "corrections": corrections });
    draw(tx, application, &version, NoticeKind::OneTimeNotice, more)
}

/// 不需要取得行政许可告知书.
pub(crate) fn not_required(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let reason = text(tx, settled(application)?.reason)?;
    let more = json!({
        "reason": reason, "basis": bases(&version), "remedies": remedies(&version),
    });
    draw(tx, application, &version, NoticeKind::NotRequired, more)
}

/// 不予受理决定书: names the competent organ (行政许可法 32(1)(2)).
pub(crate) fn not_accepted(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let settled = settled(application)?;
    let (reason, competent) = (text(tx, settled.reason)?, text(tx, settled.competent)?);
    let more = json!({
        "reason": reason,
        "competent": { "organ": competent },
        "remedies": remedies(&version),
    });
    draw(tx, application, &version, NoticeKind::NotAccepted, more)
}

/// 撤回申请告知书; also for what was never corrected.
pub(crate) fn withdrawal(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let version = version_of(tx, application)?;
    let settled = settled(application)?;
    let mut more = json!({
        "applied_on": application.received_on, "withdrawn_on": settled.on,
    });
    if settled.by.is_some() {
        more["reason"] = Value::from("经一次性告知后未在期限内补正，按撤回申请办结；可以重新申请");
    }
    draw(tx, application, &version, NoticeKind::Withdrawal, more)
}

fn draw(
    tx: &mut Tx<'_>,
    application: &Application,
    version: &Version,
    kind: NoticeKind,
    more: Value,
) -> Result<(), Fault> {
    let person = identity::person(tx, application.applicant)?;
    let content = &version.content;
    let mut data = Map::new();
    data.insert("addressee".to_owned(), Value::from(person.name.as_str()));
    data.insert("applicant".to_owned(), Value::from(person.name.as_str()));
    data.insert("item".to_owned(), Value::from(content.name.zh.as_str()));
    data.insert("received_on".to_owned(), json!(application.received_on));
    // 证件号码: a firm's code is public; of a human being the paper says enough to know them by.
    let code = match person.kind {
        identity::PersonKind::Legal => person.identity_number.clone(),
        identity::PersonKind::Natural => person.masked_number(),
    };
    data.insert("applicant_code".to_owned(), Value::from(code));
    if let Some(contact) = &content.contact {
        let contact = json!({
            "person": "综合受理窗口", "phone": contact.consult_phone, "address": contact.place.zh,
        });
        data.insert("contact".to_owned(), contact);
    }
    if let Value::Object(more) = more {
        data.extend(more);
    }
    let new = NewNotice {
        kind,
        about: application.id.uuid(),
        case_number: application.number.to_string(),
        item: Some(application.item.uuid()),
        organ: application.organ,
        person: application.applicant,
        data: Value::Object(data),
    };
    certificate::draw_notice(tx, new).map(|_| ())
}

fn settled(application: &Application) -> Result<Settled, Fault> {
    application
        .settled
        .ok_or_else(|| Fault::broken("an outcome without an end"))
}

fn text(tx: &mut Tx<'_>, kept: Option<ledger::Commitment>) -> Result<String, Fault> {
    let text = match kept {
        Some(kept) => read_text(tx, &kept)?,
        None => None,
    };
    Ok(text.unwrap_or_else(|| ERASED.to_owned()))
}

fn limits(
    tx: &mut Tx<'_>,
    version: &Version,
    application: &Application,
    from: Date,
) -> Result<Value, Fault> {
    let calendar = tx.thing::<WorkingDays>()?;
    let asked = requirements_of(version, application)?;
    let statutory = asked.statutory.map_or(GENERAL, |limit| limit.limit);
    let basis = asked.statutory.and_then(|limit| limit.basis.as_ref());
    let promised = asked.promised.unwrap_or(Promise::Within(statutory));
    let promised_due = match promised {
        Promise::Instant => from,
        Promise::Within(limit) => due(&calendar, from, limit)?,
    };
    Ok(json!({
        "statutory": statutory.words("zh"),
        "statutory_due": due(&calendar, from, statutory)?,
        "promised": promised.words("zh"),
        "promised_due": promised_due,
        "basis": basis.map_or(GENERAL_BASIS.to_owned(), |basis| basis.citation()),
    }))
}

fn due(calendar: &WorkingDays, from: Date, limit: TimeLimit) -> Result<Date, Fault> {
    let days = match limit.unit {
        LimitUnit::Workday => {
            let due = calendar.after(from, limit.amount);
            let due = due.map_err(|_| crate::Refusal::CalendarEnds)?;
            return Ok(due.date);
        }
        LimitUnit::Day => limit.amount,
        LimitUnit::Hour => limit.amount / 24,
    };
    let later = jiff::Span::new().try_days(days).map_err(Fault::broken)?;
    from.checked_add(later).map_err(Fault::broken)
}

fn bases(version: &Version) -> String {
    let cited = version
        .content
        .legal_basis
        .iter()
        .map(|basis| basis.citation());
    let cited: Vec<String> = cited.collect();
    if cited.is_empty() {
        GENERAL_BASIS.to_owned()
    } else {
        cited.join("、")
    }
}

fn remedies(version: &Version) -> Value {
    let remedies = version.content.remedies.as_ref();
    json!({
        "review_organ": remedies.map_or("本级人民政府", |known| known.review_organ.zh.as_str()),
        "court": remedies.map_or("有管辖权的人民法院", |known| known.court.zh.as_str()),
    })
}
