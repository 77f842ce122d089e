//! What the organ says in writing: the right to a hearing, its time and place, the minutes. They
//! lie with the matter that is heard.

use certificate::{NewNotice, NoticeKind};
use db::Tx;
use kernel::{Fault, OfficerId};
use serde_json::{Map, Value, json};

use crate::matter::{Matter, matter};
use crate::model::{ClosedGround, Hearing};
use crate::use_cases::{minutes_of, said};

/// 听证告知书.
pub(crate) fn offered(
    tx: &mut Tx<'_>,
    of: &Hearing,
    found: &Matter,
    reason: &str,
) -> Result<(), Fault> {
    let ask_by = of.ask_by.map(|day| day.to_string());
    let own = [
        ("matter", json!(found.name)),
        ("reason", json!(reason.trim_end_matches('。'))),
        ("ask_by", json!(ask_by)),
    ];
    draw(tx, of, found, NoticeKind::HearingOffer, &own)
}

/// 听证通知书; drawn anew when it is arranged anew.
pub(crate) fn scheduled(tx: &mut Tx<'_>, of: &Hearing) -> Result<(), Fault> {
    let found = matter(tx, of.subject)?;
    let own = arranged(tx, of, &found)?;
    draw(tx, of, &found, NoticeKind::HearingNotice, &own)
}

/// 听证笔录, once it is signed or signing was refused.
pub(crate) fn minutes(tx: &mut Tx<'_>, of: &Hearing) -> Result<(), Fault> {
    let found = matter(tx, of.subject)?;
    let mut own = arranged(tx, of, &found)?;
    let (attendees, text) = match minutes_of(tx, of)? {
        Some(minutes) => (minutes.attendees, minutes.text),
        None => (String::new(), "（已依法删除）".to_owned()),
    };
    let day = of.closed_on.map_or_else(String::new, |day| day.to_string());
    let signed = if of.refused_to_sign {
        format!("当事人拒绝签字，主持人于{day}在笔录中注明。")
    } else {
        format!("当事人确认无误，已于{day}签字。")
    };
    own.extend([
        ("attendees", json!(attendees)),
        ("minutes", json!(text)),
        ("signed", json!(signed)),
    ]);
    draw(tx, of, &found, NoticeKind::HearingMinutes, &own)
}

fn arranged(
    tx: &mut Tx<'_>,
    of: &Hearing,
    found: &Matter,
) -> Result<Vec<(&'static str, Value)>, Fault> {
    let place = match &of.place {
        Some(kept) => said(tx, kept)?,
        None => String::new(),
    };
    let day = of.day.map_or_else(String::new, |day| {
        format!("{}年{}月{}日", day.year(), day.month(), day.day())
    });
    Ok(vec![
        ("matter", json!(found.name)),
        ("held_at", json!(format!("{day} {}", of.hour()))),
        ("place", json!(place)),
        ("presider", json!(name(tx, of.presider)?)),
        ("openness", json!(openness(of.closed_for))),
    ])
}

fn name(tx: &mut Tx<'_>, presider: Option<OfficerId>) -> Result<String, Fault> {
    match presider {
        Some(officer) => identity::officer_name(tx, officer),
        None => Ok(String::new()),
    }
}

fn openness(closed_for: Option<ClosedGround>) -> &'static str {
    match closed_for {
        None => "公开举行",
        Some(ClosedGround::StateSecret) => "涉及国家秘密，不公开举行",
        Some(ClosedGround::TradeSecret) => "涉及商业秘密，不公开举行",
        Some(ClosedGround::Privacy) => "涉及个人隐私，不公开举行",
    }
}

fn draw(
    tx: &mut Tx<'_>,
    of: &Hearing,
    found: &Matter,
    kind: NoticeKind,
    own: &[(&str, Value)],
) -> Result<(), Fault> {
    let mut data: Map<String, Value> = Map::new();
    for (name, value) in own {
        data.insert((*name).to_owned(), value.clone());
    }
    let new = NewNotice {
        kind,
        about: of.subject.id,
        case_number: found.number.clone(),
        item: Some(found.item),
        organ: of.organ,
        person: of.party,
        data: Value::Object(data),
    };
    certificate::draw_notice(tx, new).map(|_| ())
}
