//! What the organ says in writing of a renewal: that it is proposed, granted, deemed or refused.

use catalogue::ItemId;
use catalogue::model::kind::ModeKind;
use certificate::{Certificate, NewNotice, NoticeKind};
use db::Tx;
use kernel::{Fault, TypedId};
use serde_json::{Map, Value, json};

use crate::model::Renewal;

/// How a licence came to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// 准予.
    Granted,
    /// 视为准予.
    Deemed,
    /// 无感.
    Silent,
}

/// 准予延续决定书, 视为准予延续通知书 or 无感延续通知书.
pub(crate) fn renewed(tx: &mut Tx<'_>, of: &Renewal, way: Way) -> Result<(), Fault> {
    let asked = of.asked_on.map_or_else(String::new, |day| day.to_string());
    let (title, because, basis) = match way {
        Way::Granted => (
            "准予延续行政许可决定书",
            format!("你（单位）于{asked}提出延续申请，经审查符合法定条件"),
            "行政许可法第五十条第二款".to_owned(),
        ),
        Way::Deemed => (
            "视为准予延续行政许可通知书",
            format!("你（单位）于{asked}提出延续申请，本机关在有效期届满前未作决定，视为准予延续"),
            "行政许可法第五十条第二款".to_owned(),
        ),
        Way::Silent => (
            "无感延续行政许可通知书",
            "本机关核对登记数据后拟予延续并已告知，你（单位）在期限内未表示不同意".to_owned(),
            listed(tx, of)?.1,
        ),
    };
    let own = [
        ("title", json!(title)),
        ("because", json!(because)),
        ("basis", json!(basis)),
        ("until", json!(of.until.to_string())),
    ];
    draw(tx, of, NoticeKind::RenewalDecision, &own)
}

/// 不予延续决定书.
pub(crate) fn refused(tx: &mut Tx<'_>, of: &Renewal, reason: &str) -> Result<(), Fault> {
    let found = certificate::certificate(tx, of.certificate)?;
    let version = catalogue::version(tx, ItemId::from_uuid(found.item), found.item_version)?;
    let remedies = version.content.remedies.as_ref();
    let review = remedies.map_or("本级人民政府", |one| one.review_organ.zh.as_str());
    let court = remedies.map_or("有管辖权的人民法院", |one| one.court.zh.as_str());
    let asked = of.asked_on.map_or_else(String::new, |day| day.to_string());
    let own = [
        ("asked_on", json!(asked)),
        ("reason", json!(reason.trim_end_matches('。'))),
        ("basis", json!("行政许可法第五十条")),
        (
            "remedies",
            json!({ "review_organ": review, "court": court }),
        ),
    ];
    draw(tx, of, NoticeKind::RenewalRefusal, &own)
}

/// 无感延续告知书.
pub(crate) fn proposed(tx: &mut Tx<'_>, of: &Renewal) -> Result<(), Fault> {
    let (terms, basis) = listed(tx, of)?;
    let say_no_by = of.say_no_by.map_or_else(String::new, |day| day.to_string());
    let checks =
        "证照有效、未被暂扣、持证人登记信息与证照一致、没有不实承诺、没有正在进行的退出程序";
    let own = [
        ("basis", json!(basis)),
        ("until", json!(of.until.to_string())),
        ("checks", json!(checks)),
        ("say_no_by", json!(say_no_by)),
        ("terms", json!(terms)),
    ];
    draw(tx, of, NoticeKind::SilentRenewal, &own)
}

/// Terms and ground of silent renewal as the version in force publishes them.
fn listed(tx: &mut Tx<'_>, of: &Renewal) -> Result<(String, String), Fault> {
    let today = tx.today();
    let version = catalogue::published(tx, ItemId::from_uuid(of.item), today)?;
    let mode = version.as_ref().and_then(|version| {
        let mut modes = version.content.modes.iter();
        modes.find(|mode| mode.kind == ModeKind::SilentRenewal)
    });
    let found = mode.map(|mode| (mode.terms.zh.clone(), mode.basis.citation()));
    found.ok_or_else(|| Fault::broken("a silent renewal of an item that does not list it"))
}

fn draw(
    tx: &mut Tx<'_>,
    of: &Renewal,
    kind: NoticeKind,
    own: &[(&str, Value)],
) -> Result<(), Fault> {
    let found: Certificate = certificate::certificate(tx, of.certificate)?;
    let name = certificate::text_of(tx, &found)?.map_or_else(String::new, |text| text.name);
    let number = found.number.to_string();
    let mut data: Map<String, Value> = Map::new();
    data.insert(
        "certificate".to_owned(),
        json!({ "name": name, "number": number }),
    );
    data.insert("old_until".to_owned(), json!(of.expires_on.to_string()));
    for (name, value) in own {
        data.insert((*name).to_owned(), value.clone());
    }
    let new = NewNotice {
        kind,
        about: of.id.uuid(),
        case_number: number,
        item: Some(of.item),
        organ: of.organ,
        person: of.holder,
        data: Value::Object(data),
    };
    certificate::draw_notice(tx, new).map(|_| ())
}
