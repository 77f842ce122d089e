//! `export cases`: one row a case. Who the applicant is leaves the hall only when asked for, with
//! a purpose, and after the ledger has been told.

use std::collections::BTreeMap;

use case::{Case, CaseId};
use db::Tx;
use kernel::{Fault, OrganId, TypedId};

use super::out::Rows;

/// How many cases are read at once.
const BATCH: usize = 500;

/// The columns: name for machines, Chinese, English.
const COLUMNS: [(&str, &str, &str); 19] = [
    ("number", "办件编号", "case number"),
    ("status", "状态", "status"),
    ("verdict", "决定", "verdict"),
    ("item_code", "事项编码", "item code"),
    ("item", "事项名称", "item"),
    ("item_version", "事项版本", "item version"),
    ("organ_code", "承办机关代码", "organ code"),
    ("organ", "承办机关", "organ"),
    ("procedure", "流程", "procedure"),
    ("accepted_at", "受理时间", "accepted at"),
    ("promised_days", "承诺时限", "promised limit"),
    ("statutory_days", "法定时限", "statutory limit"),
    ("promised_due", "承诺办结日", "promised due"),
    ("statutory_due", "法定办结日", "statutory due"),
    ("paused_times", "停表次数", "pauses"),
    ("extended_days", "延长天数", "extended by days"),
    ("decided_on", "决定日", "decided on"),
    ("delivery_due", "送达期限", "delivery due"),
    ("closed_on", "办结日", "closed on"),
];

/// The columns that say who the applicant is.
const PERSONAL: [(&str, &str, &str); 4] = [
    ("applicant_kind", "申请人类别", "kind of applicant"),
    ("applicant", "申请人", "applicant"),
    ("identity_number", "证件号码", "identity number"),
    ("phone", "联系电话", "phone"),
];

/// The columns of an export: names for machines, headings for people.
#[must_use]
pub fn columns(lang: kernel::Lang, personal: bool) -> (Vec<&'static str>, Vec<String>) {
    let extra = if personal { &PERSONAL[..] } else { &[] };
    let all = COLUMNS.iter().chain(extra);
    all.map(|(name, zh, en)| (*name, lang.pick(*zh, *en).to_owned()))
        .unzip()
}

/// How many cases there are.
///
/// # Errors
/// As [`Tx::query`].
pub fn count(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let mut sum = 0;
    let mut after = None;
    loop {
        let ids = case::case_ids(tx, after, 100_000)?;
        sum += ids.len();
        match ids.last() {
            Some(last) => after = Some(*last),
            None => return Ok(sum),
        }
    }
}

/// Writes every case, from one snapshot; memory does not grow with their number. What went wrong
/// with the output is answered inside.
///
/// # Errors
/// As [`Tx::query`].
pub fn write(
    tx: &mut Tx<'_>,
    rows: &mut Rows<'_>,
    personal: bool,
) -> Result<anyhow::Result<()>, Fault> {
    let mut organs: BTreeMap<OrganId, (String, String)> = BTreeMap::new();
    for organ in identity::organs(tx)? {
        organs.insert(organ.id, (organ.uscc, organ.name));
    }
    let mut after: Option<CaseId> = None;
    loop {
        let ids = case::case_ids(tx, after, BATCH)?;
        for id in &ids {
            let case = case::case(tx, *id)?;
            let values = row(tx, &case, &organs, personal)?;
            if let Err(error) = rows.row(&values) {
                return Ok(Err(error));
            }
        }
        match ids.last() {
            Some(last) => after = Some(*last),
            None => return Ok(Ok(())),
        }
    }
}

fn row(
    tx: &mut Tx<'_>,
    case: &Case,
    organs: &BTreeMap<OrganId, (String, String)>,
    personal: bool,
) -> Result<Vec<String>, Fault> {
    let item = catalogue::ItemId::from_uuid(case.item);
    let version = catalogue::version(tx, item, case.version)?;
    let content = &version.content;
    let (uscc, organ) = organs.get(&case.organ).cloned().unwrap_or_default();
    let day =
        |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let clock = &case.clock;
    let term = |term: case::Term| format!("{} {}", term.count, term.unit.word());
    let extended = clock.extension.map(|longer| longer.days.to_string());
    let mut values = vec![
        case.number.to_string(),
        case.status.to_string(),
        case.verdict
            .map(|verdict| verdict.to_string())
            .unwrap_or_default(),
        content.codes.key().unwrap_or_default().to_owned(),
        content.name.get("zh").to_owned(),
        case.version.to_string(),
        uscc,
        organ,
        case.procedure.to_string(),
        clock.start.to_string(),
        term(clock.promised),
        term(clock.statutory),
        day(case.dues.promised),
        day(case.dues.statutory),
        clock.pauses.len().to_string(),
        extended.unwrap_or_default(),
        day(case.decided_on),
        day(case.delivery_due),
        day(case.closed_on),
    ];
    if personal {
        // Erased since: the case stays, who it was about does not.
        let person = match identity::person(tx, case.applicant) {
            Ok(card) => [
                card.kind.to_string(),
                card.name,
                card.identity_number,
                card.phone,
            ],
            Err(Fault::NotFound { .. }) => Default::default(),
            Err(fault) => return Err(fault),
        };
        values.extend(person);
    }
    Ok(values)
}
