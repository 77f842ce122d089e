//! The neighbours as the house has them: identity, catalogue and certificate.

use certificate::{NewCertificate, NewNotice, NoticeKind};
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId, TypedId};
use serde_json::{Value as Json, json};

use crate::model::{Case, Role};
use crate::neighbours::{Document, Neighbours, Paper};

/// Asks the rooms beneath: `db.lend(Arc::new(case::Hall::new(Arc::new(HouseNeighbours))))`.
#[derive(Debug, Clone, Copy, Default)]
pub struct HouseNeighbours;

fn content(
    tx: &mut Tx<'_>,
    item: Uuid,
    version: u32,
) -> Result<std::sync::Arc<catalogue::Version>, Fault> {
    catalogue::version(tx, catalogue::ItemId::from_uuid(item), version)
}

fn paper_of(case: &Case, item: &str, paper: &Paper) -> (NoticeKind, Json) {
    let accepted = case.clock.start.date().to_string();
    let dues = |due: Option<jiff::civil::Date>| due.map(|due| due.to_string());
    match paper {
        Paper::Certificate => {
            let data = json!({ "item": item, "applied_on": accepted, "accepted_on": accepted });
            (NoticeKind::GrantDecision, data)
        }
        Paper::Refusal { grounds } => {
            let remedies = json!({ "review_organ": grounds.review_organ, "court": grounds.court });
            let data = json!({
                "item": item, "applied_on": accepted, "accepted_on": accepted,
                "findings": grounds.reason, "reason": grounds.reason, "basis": grounds.article,
                "remedies": remedies,
            });
            (NoticeKind::RefusalDecision, data)
        }
        Paper::Pause {
            kind,
            expected_days,
            reason,
        } => {
            let from = case.clock.pauses.last().map(|pause| pause.from.to_string());
            let data = json!({
                "item": item, "accepted_on": accepted, "reason": reason, "procedure": kind,
                "expected": format!("{expected_days} 日"), "starts_on": from,
                "basis": "《中华人民共和国行政许可法》第四十五条",
            });
            (NoticeKind::PauseNotice, data)
        }
        Paper::Extension { days, reason } => {
            let data = json!({
                "item": item, "accepted_on": accepted, "reason": reason,
                "days": days.to_string(), "due_after": dues(case.dues.statutory),
                "basis": "《中华人民共和国行政许可法》第四十二条第一款",
            });
            (NoticeKind::ExtensionNotice, data)
        }
        Paper::Withdrawal => {
            let data = json!({ "item": item, "applied_on": accepted,
                               "withdrawn_on": dues(case.closed_on) });
            (NoticeKind::Withdrawal, data)
        }
        Paper::DeliveryReceipt { method } => {
            let word = match method {
                crate::Method::Counter => "直接送达",
                crate::Method::Post => "邮寄送达",
                crate::Method::Online => "电子送达",
            };
            (NoticeKind::DeliveryReceipt, json!({ "item": item, "method": word }))
        }
    }
}

impl Neighbours for HouseNeighbours {
    fn officer_name(&self, tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault> {
        identity::officer_name(tx, id)
    }

    fn organ_name(&self, tx: &mut Tx<'_>, id: OrganId) -> Result<String, Fault> {
        Ok(identity::organ(tx, id)?.short_name)
    }

    fn person_name(&self, tx: &mut Tx<'_>, id: PersonId) -> Result<String, Fault> {
        Ok(identity::person(tx, id)?.name)
    }

    fn holds_post(
        &self,
        tx: &mut Tx<'_>,
        officer: OfficerId,
        organ: OrganId,
        role: Role,
    ) -> Result<bool, Fault> {
        let holders = self.holders(tx, organ, role)?;
        Ok(holders.iter().any(|(holder, _)| *holder == officer))
    }

    fn holders(
        &self,
        tx: &mut Tx<'_>,
        organ: OrganId,
        role: Role,
    ) -> Result<Vec<(OfficerId, String)>, Fault> {
        let today = tx.today();
        let mut posts = identity::posts(tx)?;
        posts.retain(|post| post.organ == organ && post.roles.contains(&role));
        let mut holders = Vec::new();
        for held in identity::appointments(tx)? {
            let fits = posts.iter().any(|post| post.id == held.post) && held.from <= today;
            if fits && !holders.iter().any(|(id, _)| *id == held.officer) {
                let name = identity::officer_name(tx, held.officer)?;
                holders.push((held.officer, name));
            }
        }
        Ok(holders)
    }

    fn departments(&self, tx: &mut Tx<'_>) -> Result<Vec<(OrganId, String)>, Fault> {
        let organs = identity::organs(tx)?.into_iter();
        let departments = organs.filter(|organ| organ.kind != identity::OrganKind::Hall);
        Ok(departments.map(|organ| (organ.id, organ.short_name)).collect())
    }

    fn item_name(&self, tx: &mut Tx<'_>, item: Uuid, version: u32) -> Result<String, Fault> {
        Ok(content(tx, item, version)?.content.name.zh.clone())
    }

    fn limit_articles(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<[String; 2], Fault> {
        let version = content(tx, item, version)?;
        let limit = version.content.statutory.as_ref();
        let basis = limit.and_then(|limit| limit.basis.as_ref());
        let article = basis.map_or("法定时限".to_owned(), |basis| {
            format!("{}{}", basis.law, basis.article)
        });
        Ok([article, "承诺".to_owned()])
    }

    fn make_paper(&self, tx: &mut Tx<'_>, case: &Case, paper: Paper) -> Result<(), Fault> {
        let item = self.item_name(tx, case.item, case.version)?;
        let (kind, data) = paper_of(case, &item, &paper);
        if paper == Paper::Certificate && case.result.is_some() {
            let new = NewCertificate {
                type_code: None,
                number: None,
                name: item.clone(),
                copy_kind: "正本".to_owned(),
                about: case.id.uuid(),
                item: case.item,
                item_version: case.version,
                organ: case.organ,
                holder: case.applicant,
                valid_from: tx.today(),
                valid_until: None,
                scope: item,
                fields: Vec::new(),
                replaces: None,
            };
            certificate::issue(tx, new)?;
        }
        let notice = NewNotice {
            kind,
            about: case.id.uuid(),
            case_number: case.number.to_string(),
            organ: case.organ,
            person: case.applicant,
            data,
        };
        certificate::draw_notice(tx, notice).map(|_| ())
    }

    fn documents(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        _lang: Lang,
    ) -> Result<Vec<Document>, Fault> {
        let mut found = Vec::new();
        for about in [case.application, case.id.uuid()] {
            for notice in certificate::notices_of(tx, about)? {
                found.push(Document {
                    title: notice.kind.to_string(),
                    number: notice.number.to_string(),
                    href: format!("/notices/{}.pdf", notice.id),
                });
            }
        }
        Ok(found)
    }
}
