//! What the organ says in writing on the way: the notice with the right to be heard, the decision
//! with reasons and remedies, the notice that the licence stays.

use catalogue::ItemId;
use certificate::{ExitKind, NewNotice, NoticeKind};
use db::Tx;
use kernel::{Fault, Money, TypedId};
use ledger::{Commitment, read_text};
use serde_json::{Map, Value, json};

use crate::model::{DropGround, LicenceExit};
use crate::opening::PenaltyPaper;

/// What is done to the licence, in the words of the law.
#[must_use]
pub fn act(kind: ExitKind) -> &'static str {
    match kind {
        ExitKind::Withdrawal => "撤回",
        ExitKind::Revocation => "撤销",
        ExitKind::Cancellation => "注销",
        ExitKind::Penalty => "吊销登记",
    }
}

fn ground(exit: &LicenceExit) -> &'static str {
    use certificate::{CancellationGround as C, ExitGround as G, PenaltyGround as P};
    use certificate::{RevocationGround as R, WithdrawalGround as W};
    match exit.ground {
        G::Withdrawal(W::BasisChanged) => "许可所依据的法律、法规、规章修改",
        G::Withdrawal(W::BasisRepealed) => "许可所依据的法律、法规、规章废止",
        G::Withdrawal(W::FactsChanged) => "许可所依据的客观情况发生重大变化，为了公共利益的需要",
        G::Revocation(R::AbuseOfPower) => "滥用职权、玩忽职守作出准予行政许可决定",
        G::Revocation(R::BeyondCompetence) => "超越法定职权作出准予行政许可决定",
        G::Revocation(R::ProcedureBroken) => "违反法定程序作出准予行政许可决定",
        G::Revocation(R::ApplicantNotEligible) => {
            "对不具备申请资格或者不符合法定条件的申请人准予许可"
        }
        G::Revocation(R::OtherByLaw) => "依法可以撤销行政许可的其他情形",
        G::Revocation(R::ObtainedByFraud) => "以欺骗、贿赂等不正当手段取得行政许可",
        G::Cancellation(C::NotRenewed) => "行政许可有效期届满未延续",
        G::Cancellation(C::HolderDiedOrIncapable) => "公民死亡或者丧失行为能力",
        G::Cancellation(C::HolderTerminated) => "法人或者其他组织依法终止",
        G::Cancellation(C::RevokedOrWithdrawn) => {
            "行政许可依法被撤销、撤回，或者许可证件依法被吊销"
        }
        G::Cancellation(C::ForceMajeure) => "因不可抗力导致行政许可事项无法实施",
        G::Cancellation(C::OtherByLaw) => "法律、法规规定的应当注销行政许可的其他情形",
        G::Penalty(P::LentOrAltered) => "涂改、倒卖、出租、出借许可证件或者非法转让许可",
        G::Penalty(P::BeyondScope) => "超越行政许可范围进行活动",
        G::Penalty(P::MisledSupervision) => {
            "向监督检查机关隐瞒情况、提供虚假材料或者拒绝提供真实材料"
        }
        G::Penalty(P::OtherOffence) => "法律、法规、规章规定的其他违法行为",
    }
}

/// What was said, or that it was erased.
pub(crate) fn said(tx: &mut Tx<'_>, kept: &Commitment) -> Result<String, Fault> {
    let text = read_text(tx, kept)?;
    Ok(text.unwrap_or_else(|| "（已依法删除）".to_owned()))
}

/// The penalty decision; none where there is none or it was erased.
pub(crate) fn penalty(tx: &mut Tx<'_>, exit: &LicenceExit) -> Result<Option<PenaltyPaper>, Fault> {
    let text = match &exit.penalty {
        Some(kept) => read_text(tx, kept)?,
        None => None,
    };
    let read = text.map(|text| serde_json::from_str(&text).map_err(Fault::broken));
    read.transpose()
}

/// 行政许可退出告知书.
pub(crate) fn told(tx: &mut Tx<'_>, exit: &LicenceExit) -> Result<(), Fault> {
    let until = exit.state_by.map(|day| day.to_string());
    let hearing = until.clone().filter(|_| exit.has_hearing_right());
    let own = [
        ("act", json!(act(exit.kind()))),
        ("ground", json!(ground(exit))),
        ("article", json!(exit.ground.article())),
        ("findings", json!(findings(tx, exit)?)),
        ("state_by", json!(until)),
        ("hearing_by", json!(hearing)),
    ];
    draw(tx, exit, NoticeKind::ExitNotice, &own)
}

/// The facts as told, with the penalty decision where there is one.
fn findings(tx: &mut Tx<'_>, exit: &LicenceExit) -> Result<String, Fault> {
    let told = said(tx, &exit.findings)?;
    let (Some(paper), Some(on)) = (penalty(tx, exit)?, exit.penalty_on) else {
        return Ok(told);
    };
    let PenaltyPaper { organ, number } = paper;
    Ok(format!("{organ}于{on}作出行政处罚决定（{number}）。{told}"))
}

/// 撤回、撤销、注销行政许可决定书, or the record of a 吊销.
pub(crate) fn decided(tx: &mut Tx<'_>, exit: &LicenceExit, reason: &str) -> Result<(), Fault> {
    let name = act(exit.kind());
    let found = catalogue::version(tx, ItemId::from_uuid(exit.item), exit.item_version)?;
    let remedies = found.content.remedies.as_ref();
    let review = remedies.map_or("本级人民政府", |one| one.review_organ.zh.as_str());
    let court = remedies.map_or("有管辖权的人民法院", |one| one.court.zh.as_str());
    let paid = exit.compensation.filter(|paid| Money::ZERO < *paid);
    let word = if exit.kind() == ExitKind::Withdrawal {
        "补偿"
    } else {
        "赔偿"
    };
    let compensation = paid.map(|paid| format!("经评估，依法给予{word}人民币 {paid} 元。"));
    let title = match exit.kind() {
        ExitKind::Penalty => "吊销行政许可登记决定书".to_owned(),
        _ => format!("{name}行政许可决定书"),
    };
    let today = tx.today().to_string();
    let own = [
        ("title", json!(title)),
        ("act", json!(name)),
        ("opened_on", json!(exit.opened_on.to_string())),
        ("findings", json!(findings(tx, exit)?)),
        ("heard", json!(heard(exit))),
        ("reason", json!(reason.trim_end_matches('。'))),
        ("article", json!(exit.ground.article())),
        ("effective_on", json!(today)),
        ("compensation", json!(compensation)),
        (
            "remedies",
            json!({ "review_organ": review, "court": court }),
        ),
    ];
    draw(tx, exit, NoticeKind::ExitDecision, &own)
}

/// How the holder was heard, in one sentence.
fn heard(exit: &LicenceExit) -> String {
    if exit.state_by.is_none() {
        return "本程序由你（单位）申请启动。".to_owned();
    }
    let stated = match exit.stated_on {
        Some(on) => format!("你（单位）于{on}进行了陈述、申辩，本机关已予复核"),
        None => "你（单位）在规定期限内未提出陈述、申辩".to_owned(),
    };
    let hearing = match (exit.hearing_held, exit.hearing_closed_on) {
        (true, Some(on)) => {
            format!("；本机关依法举行了听证，听证于{on}结束，本决定根据听证笔录作出")
        }
        _ => String::new(),
    };
    format!("本机关已告知你（单位）拟作处理的事实、理由和依据。{stated}{hearing}。")
}

/// 行政许可退出程序终止告知书.
pub(crate) fn dropped(
    tx: &mut Tx<'_>,
    exit: &LicenceExit,
    ground: DropGround,
    reason: &str,
) -> Result<(), Fault> {
    let article = match ground {
        DropGround::NotEstablished => exit.ground.article(),
        DropGround::GravePublicHarm => "行政许可法第六十九条第三款",
        DropGround::Discretion => "行政许可法第六十九条第一款",
    };
    let own = [
        ("act", json!(act(exit.kind()))),
        ("opened_on", json!(exit.opened_on.to_string())),
        ("reason", json!(reason.trim_end_matches('。'))),
        ("article", json!(article)),
    ];
    draw(tx, exit, NoticeKind::ExitDropped, &own)
}

fn draw(
    tx: &mut Tx<'_>,
    exit: &LicenceExit,
    kind: NoticeKind,
    own: &[(&str, Value)],
) -> Result<(), Fault> {
    let of = certificate::certificate(tx, exit.certificate)?;
    let name = certificate::text_of(tx, &of)?.map_or_else(String::new, |text| text.name);
    let mut data: Map<String, Value> = Map::new();
    let number = of.number.to_string();
    data.insert(
        "certificate".to_owned(),
        json!({ "name": name, "number": number }),
    );
    for (name, value) in own {
        data.insert((*name).to_owned(), value.clone());
    }
    let new = NewNotice {
        kind,
        about: exit.id.uuid(),
        case_number: number,
        item: Some(exit.item),
        organ: exit.organ,
        person: exit.holder,
        data: Value::Object(data),
    };
    certificate::draw_notice(tx, new).map(|_| ())
}
