//! What cases and ratings ask of the rooms beneath them: names, articles, and papers. The
//! papers' fields are those of the shipped templates.

use case::{Case, Document, Grounds, Holder, Method, Neighbours, Paper, Role, Special};
use catalogue::ItemId;
use catalogue::model::kind::SpecialKind;
use catalogue::model::{ItemContent, SpecialProcedure, Stated};
use certificate::{CertificateField, CertificateState, NewCertificate, NewNotice, NoticeKind};
use db::Tx;
use intake::ApplicationId;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId, TypedId};
use serde_json::{Map, Value, json};

use crate::titles::notice_title;

/// The rooms beneath, as a case sees them.
pub struct Beneath;

impl Neighbours for Beneath {
    fn officer_name(&self, tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault> {
        identity::officer_name(tx, id)
    }

    fn organ_name(&self, tx: &mut Tx<'_>, id: OrganId) -> Result<String, Fault> {
        Ok(identity::organ(tx, id)?.short_name)
    }

    fn person_name(&self, tx: &mut Tx<'_>, id: PersonId) -> Result<String, Fault> {
        identity::shown_name(tx, id)
    }

    fn holders(&self, tx: &mut Tx<'_>, organ: OrganId, role: Role) -> Result<Vec<Holder>, Fault> {
        crate::colleagues::holders(tx, organ, role)
    }

    fn special_procedures(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<Vec<Special>, Fault> {
        let content = content(tx, item, version)?;
        let handling = content.handling.iter();
        let listed = handling.flat_map(|handling| &handling.special_procedures);
        let special = |one: &SpecialProcedure| {
            pause_kind(one.kind).map(|kind| Special {
                kind,
                days_max: one.workdays_max,
            })
        };
        Ok(listed.filter_map(special).collect())
    }

    fn remedies(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<(String, String), Fault> {
        let content = content(tx, item, version)?;
        let known = content.remedies.as_ref();
        Ok(known.map_or_else(Default::default, |known| {
            (known.review_organ.zh.clone(), known.court.zh.clone())
        }))
    }

    fn conditions(&self, tx: &mut Tx<'_>, case: &Case) -> Result<case::Conditions, Fault> {
        crate::modes::conditions(tx, case)
    }

    fn authority(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        judged: &case::Judged,
    ) -> Result<case::Authority, Fault> {
        crate::deciding::authority(tx, case, judged)
    }

    fn binds(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<bool, Fault> {
        authority::use_cases::ruling::is_bound(tx, organ)
    }

    fn authority_told(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        lang: Lang,
    ) -> Result<Vec<(String, String)>, Fault> {
        crate::deciding::told(tx, case, lang)
    }

    fn delegated(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<case::Delegated>, Fault> {
        crate::deciding::delegated(tx, organ)
    }

    fn item_of_code(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<Uuid>, Fault> {
        let today = tx.today();
        let found = catalogue::published_by_code(tx, code, today)?;
        Ok(found.map(|version| version.item.uuid()))
    }

    fn departments(&self, tx: &mut Tx<'_>) -> Result<Vec<(OrganId, String)>, Fault> {
        let all = identity::organs(tx)?;
        let departments = all
            .into_iter()
            .filter(|one| one.kind == identity::OrganKind::Department);
        Ok(departments.map(|one| (one.id, one.short_name)).collect())
    }

    fn item_name(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
        lang: Lang,
    ) -> Result<String, Fault> {
        let content = content(tx, item, version)?;
        Ok(content.name.get(lang.as_str()).to_owned())
    }

    fn limit_articles(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<[String; 2], Fault> {
        let content = content(tx, item, version)?;
        let basis = content
            .statutory
            .as_ref()
            .and_then(|limit| limit.basis.as_ref());
        let statutory = basis.map_or_else(
            || "《中华人民共和国行政许可法》第四十二条".to_owned(),
            |one| one.citation(),
        );
        Ok([statutory, "《优化营商环境条例》第三十六条".to_owned()])
    }

    fn make_paper(&self, tx: &mut Tx<'_>, case: &Case, paper: Paper) -> Result<(), Fault> {
        match paper {
            Paper::Certificate { minutes } => grant(tx, case, minutes),
            Paper::Refusal { grounds, minutes } => refusal(tx, case, &grounds, minutes),
            Paper::Pause {
                kind,
                expected_days,
                reason,
            } => pause(tx, case, kind, expected_days, &reason),
            Paper::Extension { days, reason } => extension(tx, case, days, &reason),
            Paper::Withdrawal => withdrawal(tx, case),
            Paper::DeliveryReceipt { method } => delivery_receipt(tx, case, method),
        }
    }

    fn records(&self, tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Uuid>, Fault> {
        let mut all = vec![case.application];
        for about in [case.application, case.id.uuid()] {
            let notices = certificate::notices_of(tx, about)?;
            all.extend(notices.iter().map(|one| one.id.uuid()));
        }
        let certificates = certificate::certificates_of(tx, case.id.uuid())?;
        all.extend(certificates.iter().map(|one| one.id.uuid()));
        let opinions = authority::use_cases::opinion::of_case(tx, case.id.uuid())?;
        all.extend(opinions.iter().map(|one| one.id.uuid()));
        let rating = evaluation::of_subject(tx, evaluation::Subject::Case(case.id.uuid()))?;
        all.extend(rating.map(|one| one.id.uuid()));
        Ok(all)
    }

    fn documents(&self, tx: &mut Tx<'_>, case: &Case, lang: Lang) -> Result<Vec<Document>, Fault> {
        let mut all = crate::materials::listed(tx, case, lang)?;
        all.extend(crate::passed::documents(tx, case, lang)?);
        for about in [case.application, case.id.uuid()] {
            for notice in certificate::notices_of(tx, about)? {
                all.push(Document {
                    title: notice_title(notice.kind, lang).to_owned(),
                    number: notice.number.to_string(),
                    href: format!("/notices/{}.pdf", notice.id),
                });
            }
        }
        for one in certificate::certificates_of(tx, case.id.uuid())? {
            let title = match one.state {
                CertificateState::Changed => {
                    lang.pick("电子证照（已变更）", "Electronic certificate (replaced)")
                }
                _ => lang.pick("电子证照", "Electronic certificate"),
            };
            all.push(Document {
                title: title.to_owned(),
                number: one.number.to_string(),
                href: format!("/certificates/{}.pdf", one.id),
            });
        }
        Ok(all)
    }
}

pub(crate) fn content(
    tx: &mut Tx<'_>,
    item: Uuid,
    version: u32,
) -> Result<std::sync::Arc<ItemContent>, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(item), version)?;
    Ok(std::sync::Arc::clone(&version.content))
}

/// The fields that every notice of a case has, and those that this one adds.
fn notice(
    tx: &mut Tx<'_>,
    case: &Case,
    kind: NoticeKind,
    own: &[(&str, Value)],
) -> Result<(), Fault> {
    let content = content(tx, case.item, case.version)?;
    let applicant = identity::person(tx, case.applicant)?;
    let accepted = case.clock.start.date().to_string();
    let mut data: Map<String, Value> = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("item", json!(content.name.get("zh")));
    put("accepted_on", json!(accepted));
    put("applied_on", json!(accepted));
    put("basis", json!(basis(&content)));
    if kind != NoticeKind::DeliveryReceipt {
        put("addressee", json!(applicant.name));
    }
    for (name, value) in own {
        put(name, value.clone());
    }
    let issuer = crate::deciding::in_name_of(tx, case)?;
    let new = NewNotice {
        kind,
        about: case.id.uuid(),
        case_number: case.number.to_string(),
        item: Some(case.item),
        organ: issuer,
        person: case.applicant,
        data: Value::Object(data),
    };
    certificate::draw_notice(tx, new).map(|_| ())
}

fn basis(content: &ItemContent) -> String {
    let all: Vec<String> = content
        .legal_basis
        .iter()
        .map(|one| one.citation())
        .collect();
    if all.is_empty() {
        "《中华人民共和国行政许可法》第三十八条".to_owned()
    } else {
        all.join("、")
    }
}

fn grant(tx: &mut Tx<'_>, case: &Case, minutes: Option<String>) -> Result<(), Fault> {
    let content = content(tx, case.item, case.version)?;
    let applicant = identity::person(tx, case.applicant)?;
    let today = tx.today();
    let outcome = content.outcome.as_ref();
    let months = outcome.and_then(|outcome| outcome.validity_months);
    let valid_until = months.and_then(|months| last_day(today, months));
    let name = outcome.map_or_else(|| content.name.get("zh"), |outcome| outcome.name.get("zh"));
    let scope = content.name.get("zh").to_owned();
    let fields = stated(tx, case, &content)?;
    let issuer = crate::deciding::in_name_of(tx, case)?;
    let issued = certificate::issue(
        tx,
        NewCertificate {
            type_code: None,
            number: None,
            name: name.to_owned(),
            copy_kind: "正本".to_owned(),
            about: case.id.uuid(),
            item: case.item,
            item_version: case.version,
            organ: issuer,
            holder: case.applicant,
            valid_from: today,
            valid_until,
            scope: scope.clone(),
            fields,
            replaces: None,
        },
    )?;
    let all = certificate::certificates_of(tx, case.id.uuid())?;
    let number = all
        .iter()
        .find(|one| one.id == issued)
        .map(|one| one.number.to_string());
    let own = [
        ("heard", crate::licences::weighed(tx, case, minutes)?),
        ("scope", json!(scope)),
        ("valid_from", json!(today.to_string())),
        ("valid_to", json!(valid_until.map(|day| day.to_string()))),
        ("certificate", json!({ "name": name, "number": number })),
        ("obligations", json!(OBLIGATIONS)),
        ("applicant", json!(applicant.name)),
        ("applicant_code", json!(applicant.masked_number())),
    ];
    notice(tx, case, NoticeKind::GrantDecision, &own)
}

/// What the certificate states 载明事项: the answers that its item names, and the case it rests on.
fn stated(
    tx: &mut Tx<'_>,
    case: &Case,
    content: &ItemContent,
) -> Result<Vec<CertificateField>, Fault> {
    let named: Vec<&Stated> = content.outcome.iter().flat_map(|one| &one.states).collect();
    let mut lines = Vec::new();
    let answers = if named.is_empty() {
        Map::new()
    } else {
        let application = intake::application(tx, ApplicationId::from_uuid(case.application))?;
        intake::read_answers(tx, &application)?
    };
    for one in named {
        // A field that this scenario does not show has no answer, and no line.
        let (Some(field), Some(answer)) = (content.field(&one.field), answers.get(&one.field))
        else {
            continue;
        };
        let said = crate::materials::in_words(content, &one.field, answer);
        lines.push(CertificateField {
            public: one.public,
            ..CertificateField::new(field.label.get("zh"), said)
        });
    }
    lines.push(CertificateField::new("办件编号", case.number.to_string()));
    Ok(lines)
}

const OBLIGATIONS: &str = "请在许可的范围内从事活动，自觉接受监督检查；需要变更许可内容或者延续有效期的，请依法提出申请，\
其中延续申请应当在有效期届满三十日前提出。";

/// The last day of a period of months that begins on a day.
fn last_day(from: Date, months: u32) -> Option<Date> {
    let months = i64::from(months);
    from.checked_add(months.months())
        .and_then(|day| day.checked_sub(1.day()))
        .ok()
}

fn refusal(
    tx: &mut Tx<'_>,
    case: &Case,
    grounds: &Grounds,
    minutes: Option<String>,
) -> Result<(), Fault> {
    let own = [
        ("heard", crate::licences::weighed(tx, case, minutes)?),
        ("findings", json!(grounds.reason)),
        ("reason", json!(grounds.reason)),
        ("basis", json!(grounds.article)),
        (
            "remedies",
            json!({ "review_organ": grounds.review_organ, "court": grounds.court }),
        ),
    ];
    notice(tx, case, NoticeKind::RefusalDecision, &own)
}

fn pause(
    tx: &mut Tx<'_>,
    case: &Case,
    kind: calendar::PauseKind,
    expected_days: u32,
    reason: &str,
) -> Result<(), Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let today = tx.today();
    let ends = calendar
        .after(today, expected_days)
        .map_err(case::Refusal::Calendar)?;
    let organ = identity::organ(tx, case.organ)?;
    let own = [
        ("reason", json!(reason)),
        ("procedure", json!(pause_name(kind))),
        ("expected", json!(format!("{expected_days} 个工作日"))),
        ("starts_on", json!(today.to_string())),
        ("ends_on", json!(ends.date.to_string())),
        ("carried_out_by", json!(organ.name)),
        ("basis", json!("《中华人民共和国行政许可法》第四十五条")),
    ];
    notice(tx, case, NoticeKind::PauseNotice, &own)
}

/// The kind of pause that a listed procedure makes. 现场踏勘 and 公示 are no procedures of 许可法 45:
/// they take place while the clock runs.
fn pause_kind(kind: SpecialKind) -> Option<calendar::PauseKind> {
    use calendar::PauseKind as Kind;
    Some(match kind {
        SpecialKind::Hearing => Kind::Hearing,
        SpecialKind::Bidding => Kind::Tender,
        SpecialKind::Auction => Kind::Auction,
        SpecialKind::Examination => Kind::Inspection,
        SpecialKind::Testing => Kind::Testing,
        SpecialKind::Quarantine => Kind::Quarantine,
        SpecialKind::Appraisal => Kind::Appraisal,
        SpecialKind::ExpertReview => Kind::ExpertReview,
        SpecialKind::SiteInspection | SpecialKind::PublicNotice => return None,
    })
}

/// 许可法 45 in its own words.
fn pause_name(kind: calendar::PauseKind) -> &'static str {
    use calendar::PauseKind as Kind;
    match kind {
        Kind::Hearing => "听证",
        Kind::Tender => "招标",
        Kind::Auction => "拍卖",
        Kind::Inspection => "检验",
        Kind::Testing => "检测",
        Kind::Quarantine => "检疫",
        Kind::Appraisal => "鉴定",
        Kind::ExpertReview => "专家评审",
        Kind::Correction => "补正",
        Kind::Other => "其他特别程序",
    }
}

fn extension(tx: &mut Tx<'_>, case: &Case, days: u32, reason: &str) -> Result<(), Fault> {
    let organ = identity::organ(tx, case.organ)?;
    let due = case
        .dues
        .statutory
        .or(case.dues.promised)
        .unwrap_or_else(|| tx.today());
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let before = calendar.before(due, days);
    let before = before.map_err(case::Refusal::Calendar)?;
    let own = [
        ("due_before", json!(before.date.to_string())),
        ("due_after", json!(due.to_string())),
        ("days", json!(days.to_string())),
        ("reason", json!(reason)),
        ("approved_by", json!(format!("{}负责人", organ.name))),
        (
            "basis",
            json!("《中华人民共和国行政许可法》第四十二条第一款"),
        ),
    ];
    notice(tx, case, NoticeKind::ExtensionNotice, &own)
}

fn withdrawal(tx: &mut Tx<'_>, case: &Case) -> Result<(), Fault> {
    let own = [
        ("withdrawn_on", json!(tx.today().to_string())),
        ("reason", json!("申请人申请撤回")),
        ("returned", json!("申请材料原件随本告知书退还")),
    ];
    notice(tx, case, NoticeKind::Withdrawal, &own)
}

fn delivery_receipt(tx: &mut Tx<'_>, case: &Case, method: Method) -> Result<(), Fault> {
    let applicant = identity::person(tx, case.applicant)?;
    let hall = identity::organ(tx, case.hall)?;
    let way = match method {
        Method::Counter => "直接送达",
        Method::Post => "邮寄送达",
        Method::Online => "电子送达",
    };
    let mut documents = Vec::new();
    for one in certificate::notices_of(tx, case.id.uuid())? {
        documents.push(json!({
            "name": notice_title(one.kind, Lang::Zh), "number": one.number.to_string(), "copies": 1,
        }));
    }
    for one in certificate::certificates_of(tx, case.id.uuid())? {
        documents.push(json!({
            "name": "电子证照", "number": one.number.to_string(), "copies": 1,
        }));
    }
    let at = kernel::clock::hall_time(tx.now());
    let received = format!(
        "{}年{}月{}日 {} 时 {:02} 分",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
    );
    let own = [
        ("recipient", json!(applicant.name)),
        ("place", json!(format!("{}出件窗口", hall.name))),
        ("method", json!(way)),
        ("documents", json!(documents)),
        ("signed_by", json!(applicant.name)),
        ("received_at", json!(received)),
        ("received_for", Value::Null),
        ("delivered_by", json!("统一出件窗口")),
        ("witness", Value::Null),
        ("remark", json!("已核验身份")),
    ];
    notice(tx, case, NoticeKind::DeliveryReceipt, &own)
}
