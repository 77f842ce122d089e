//! Who may decide a case: joins the authority room with catalogue, intake and cases. It asks, words
//! and hands on.
//!
//! Deliberately absent: rules. Which line applies and whose grade is enough, the authority room
//! says; what follows from it, the case room.

use authority::model::{Conclusion, Grade, Outcome, SittingState};
use authority::rule::Standing;
use authority::use_cases::{opinion, power, ruling, sitting};
use authority::{Chain, HeldTask, Matter, Matters};
use case::{Authority, Beyond, Case, CaseId, Delegated, Heard, Judged, Resolution, Role, Viewer};
use catalogue::ItemId;
use db::Tx;
use intake::ApplicationId;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, TypedId};
use serde_json::{Map, Value};
use web::Officer;

/// The rooms above the authority room.
pub struct Cases;

impl authority::Cases for Cases {
    fn matter(&self, tx: &mut Tx<'_>, case: Uuid) -> Result<Matter, Fault> {
        let case = case::case(tx, CaseId::from_uuid(case))?;
        matter(tx, &case)
    }

    fn answers(&self, tx: &mut Tx<'_>, case: Uuid) -> Result<Map<String, Value>, Fault> {
        let case = case::case(tx, CaseId::from_uuid(case))?;
        let id = ApplicationId::from_uuid(case.application);
        match intake::application(tx, id) {
            Ok(application) => intake::read_answers(tx, &application),
            Err(Fault::NotFound { .. }) => Ok(Map::new()),
            Err(other) => Err(other),
        }
    }

    fn find(&self, tx: &mut Tx<'_>, by: &Officer, number: &str) -> Result<Option<Uuid>, Fault> {
        let viewer = Viewer::Officer(case::doer(by)?);
        let found = case::seen_by_number(tx, &viewer, number)?;
        Ok(found.map(TypedId::uuid))
    }

    fn chains(&self) -> Result<Vec<Chain>, Fault> {
        let all = project::shipped::themes()?.iter().map(|theme| Chain {
            id: theme.id.clone(),
            title: theme.title.clone(),
            codes: theme.items.iter().map(|item| item.code.clone()).collect(),
        });
        Ok(all.collect())
    }

    fn held(&self, tx: &mut Tx<'_>, officer: OfficerId) -> Result<Vec<HeldTask>, Fault> {
        let all = case::held_by(tx, officer)?;
        let held = all.into_iter().map(|(case, number, task)| HeldTask {
            case: case.uuid(),
            number,
            task,
        });
        Ok(held.collect())
    }

    fn pass(
        &self,
        tx: &mut Tx<'_>,
        task: &HeldTask,
        from: OfficerId,
        to: &Officer,
    ) -> Result<(), Fault> {
        let case = CaseId::from_uuid(task.case);
        case::pass_on(tx, case, task.task, from, to).map(|_| ())
    }

    fn may_see(&self, tx: &mut Tx<'_>, by: &Officer, case: Uuid) -> Result<bool, Fault> {
        let viewer = Viewer::Officer(case::doer(by)?);
        match case::seen(tx, &viewer, CaseId::from_uuid(case)) {
            Ok(()) => Ok(true),
            Err(Fault::NotFound { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

fn matter(tx: &mut Tx<'_>, case: &Case) -> Result<Matter, Fault> {
    let item = ItemId::from_uuid(case.item);
    let version = catalogue::version(tx, item, case.version)?;
    let mut handled: Vec<OfficerId> = Vec::new();
    for hand in &case.hands {
        if matches!(hand.duty, case::Duty::Accept | case::Duty::Review) {
            handled.push(hand.by);
            handled.extend(hand.standing_in);
        }
    }
    handled.sort_unstable();
    handled.dedup();
    Ok(Matter {
        case: case.id.uuid(),
        number: case.number.to_string(),
        organ: case.organ,
        item,
        item_type: version.content.item_type,
        item_name: version.content.name.clone(),
        major: version.content.major_matter,
        person: case.applicant,
        applicant: identity::shown_name(tx, case.applicant)?,
        undecided: case.status.is_open(),
        handled,
        href: format!("/desk/cases/{}", case.id),
    })
}

/// Whether anything is said of the decision of a case: a table or a list of its organ, or the mark
/// of its item version 重大事项.
fn is_bound(tx: &mut Tx<'_>, case: &Case) -> Result<bool, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(case.item), case.version)?;
    Ok(version.content.major_matter || ruling::is_bound(tx, case.organ)?)
}

/// What the table in force says of a decision, and of whoever would take it.
pub(crate) fn authority(tx: &mut Tx<'_>, case: &Case, judged: &Judged) -> Result<Authority, Fault> {
    if !is_bound(tx, case)? {
        return Ok(Authority::default());
    }
    let matter = matter(tx, case)?;
    let ruled = ruling::ruled(tx, &matter)?;
    let [legal, counsel] = ruling::opinions(tx, matter.case)?;
    let heard = |asked: bool, said: Option<&authority::model::LegalOpinion>| match said {
        _ if !asked => Heard::NotAsked,
        None => Heard::Awaited,
        Some(one) if one.conclusion == Conclusion::Disagree => Heard::Against,
        Some(_) => Heard::Given,
    };
    let committee = match ruled.ruling.committee {
        false => Resolution::NotAsked,
        true => match ruling::resolution(tx, matter.case)? {
            Some(Outcome::Agreed) => Resolution::Agreed,
            Some(Outcome::NotAgreed) => Resolution::NotAgreed,
            Some(Outcome::Deferred) | None => Resolution::Awaited,
        },
    };
    let reviewer = legal.as_ref().filter(|_| ruled.ruling.legal);
    let reviewers = reviewer.into_iter().flat_map(|one| {
        let both = [Some(one.by), one.standing_in];
        both.into_iter().flatten()
    });
    Ok(Authority {
        beyond: beyond(tx, case, &ruled, judged)?,
        committee,
        legal: heard(ruled.ruling.legal, legal.as_ref()),
        // What counsel says is heard, and binds nobody.
        counsel: match heard(ruled.ruling.counsel, counsel.as_ref()) {
            Heard::Against => Heard::Given,
            other => other,
        },
        reviewers: reviewers.collect(),
    })
}

fn beyond(
    tx: &mut Tx<'_>,
    case: &Case,
    ruled: &ruling::Ruled,
    judged: &Judged,
) -> Result<Option<Beyond>, Fault> {
    let standing = match *judged {
        Judged::Officer {
            officer,
            standing_in,
            organ,
        } => ruling::standing(tx, ruled, officer, standing_in, organ)?,
        // A table of the item version is the organ's standing order to its handlers.
        Judged::Table => Some(Standing {
            post: Grade::Handler,
            chief: false,
        }),
        Judged::Nobody => return Ok(None),
    };
    if standing.is_some_and(|standing| ruled.ruling.permits(standing)) {
        return Ok(None);
    }
    let Some(needs) = ruled.ruling.needs else {
        return Ok(None);
    };
    Ok(Some(Beyond {
        rule: [rule_in(ruled, Lang::Zh), rule_in(ruled, Lang::En)],
        needs: [needs.zh().to_owned(), needs.en().to_owned()],
        who: who_may(tx, case, ruled)?,
    }))
}

/// The line that applies, in words.
fn rule_in(ruled: &ruling::Ruled, lang: Lang) -> String {
    if ruled.ruling.listed {
        let list = "首席审批服务官清单所列事项";
        return lang
            .pick(list, "the list of the chief approval officer")
            .to_owned();
    }
    let Some(((table, _), row)) = ruled.table.as_ref().zip(ruled.ruling.row) else {
        let all = "未列入分级授权表，审批决定岗均可决定";
        return lang
            .pick(all, "not in the table: every decision post may decide")
            .to_owned();
    };
    let (version, line) = (table.number, row + 1);
    lang.pick(
        format!("分级授权表第{version}版第{line}行"),
        format!("version {version} of the authority table, line {line},"),
    )
}

/// The names of those whose grade is enough today.
fn who_may(tx: &mut Tx<'_>, case: &Case, ruled: &ruling::Ruled) -> Result<String, Fault> {
    let mut organs = vec![case.organ];
    for one in power::given(tx, case.organ)? {
        if one.items.contains(&ItemId::from_uuid(case.item)) {
            organs.push(one.to_organ);
        }
    }
    let mut names = Vec::new();
    for organ in organs {
        for holder in crate::colleagues::holders(tx, organ, Role::Decider)? {
            let stood = holder.standing_in.as_ref().map(|(other, _)| *other);
            let standing = ruling::standing(tx, ruled, holder.officer, stood, organ)?;
            if standing.is_some_and(|standing| ruled.ruling.permits(standing)) {
                names.push(holder.name);
            }
        }
    }
    Ok(match names.is_empty() {
        true => "—".to_owned(),
        false => names.join("、"),
    })
}

/// Who may decide and why, as the page of a case says it. Without a table in force the default line
/// is said as well: every post of the decision desk decides.
pub(crate) fn told(
    tx: &mut Tx<'_>,
    case: &Case,
    lang: Lang,
) -> Result<Vec<(String, String)>, Fault> {
    let matter = matter(tx, case)?;
    let ruled = ruling::ruled(tx, &matter)?;
    let needs = ruled.ruling.needs;
    let mut said = vec![
        (
            lang.pick("审批层级", "Grade").to_owned(),
            match needs {
                None => lang.pick("审批决定岗", "every decision post").to_owned(),
                Some(grade) => lang.pick(
                    format!("{}以上", grade.zh()),
                    format!("{} or above", grade.en()),
                ),
            },
        ),
        (
            lang.pick("可以决定的人员", "Who may decide").to_owned(),
            who_may(tx, case, &ruled)?,
        ),
        (lang.pick("依据", "Why").to_owned(), why(&ruled, lang)),
    ];
    if let Some(amount) = ruled.ruling.amount {
        let label = lang.pick("申请表金额（数量）", "Amount in the form");
        said.push((label.to_owned(), authority::rule::in_units(amount)));
    }
    if ruled.ruling.unstated {
        let label = lang.pick("申请表金额（数量）", "Amount in the form");
        let text = "申请表未载明，按最严格的一行执行";
        let text = lang.pick(text, "not stated: the strictest line applies");
        said.push((label.to_owned(), text.to_owned()));
    }
    if ruled.ruling.committee {
        let label = lang.pick("审批委员会", "Committee").to_owned();
        said.push((label, committee_told(tx, &matter, lang)?));
    }
    if ruled.ruling.major {
        let label = lang.pick("重大事项", "Major matter").to_owned();
        let text = "事项清单标明，须先经法制审核";
        let text = lang.pick(text, "marked in the item: a legal review comes first");
        said.push((label, text.to_owned()));
    }
    let [legal, counsel] = ruling::opinions(tx, matter.case)?;
    for (asked, label, said_of) in [
        (
            ruled.ruling.legal,
            lang.pick("法制审核", "Legal review"),
            legal,
        ),
        (
            ruled.ruling.counsel,
            lang.pick("法律顾问意见", "Counsel"),
            counsel,
        ),
    ] {
        if asked {
            said.push((label.to_owned(), opinion_told(said_of.as_ref(), lang)));
        }
    }
    let organs = given_to(tx, case, lang)?;
    if !organs.is_empty() {
        let label = lang.pick("赋权、委托", "Given to").to_owned();
        said.push((label, organs));
    }
    Ok(said)
}

fn why(ruled: &ruling::Ruled, lang: Lang) -> String {
    let rule = rule_in(ruled, lang);
    let line = ruled.table.as_ref().zip(ruled.ruling.row);
    let ground = line.and_then(|((_, text), row)| text.rows.get(row));
    match ground.filter(|_| !ruled.ruling.listed) {
        Some(line) => lang.pick(
            format!("{rule}（{}）", line.ground),
            format!("{rule} {}", line.ground),
        ),
        None => rule,
    }
}

fn committee_told(tx: &mut Tx<'_>, matter: &Matter, lang: Lang) -> Result<String, Fault> {
    let text = match ruling::resolution(tx, matter.case)? {
        Some(Outcome::Agreed) => lang.pick("已决议：同意准予", "resolved: agreed"),
        Some(Outcome::NotAgreed) => lang.pick("已决议：不同意准予", "resolved: not agreed"),
        Some(Outcome::Deferred) | None => {
            let all = sitting::of_case(tx, matter.case)?;
            let open = all.iter().any(|one| one.state != SittingState::Closed);
            match open {
                true => lang.pick("已列入议题", "on an agenda"),
                false => lang.pick("须先审议，尚未列入议题", "to be put on an agenda first"),
            }
        }
    };
    Ok(text.to_owned())
}

fn opinion_told(said: Option<&authority::model::LegalOpinion>, lang: Lang) -> String {
    let text = match said.map(|one| one.conclusion) {
        None => lang.pick("须先出具，尚未出具", "has to come first, not given yet"),
        Some(Conclusion::Agree) => lang.pick("同意", "agrees"),
        Some(Conclusion::Amend) => lang.pick("修改后同意", "agrees with changes"),
        Some(Conclusion::Disagree) => lang.pick("不同意", "disagrees"),
    };
    text.to_owned()
}

fn given_to(tx: &mut Tx<'_>, case: &Case, lang: Lang) -> Result<String, Fault> {
    let mut names = Vec::new();
    for one in power::given(tx, case.organ)? {
        if one.items.contains(&ItemId::from_uuid(case.item)) {
            let name = identity::organ(tx, one.to_organ)?.short_name;
            let form = match one.form {
                authority::model::PowerForm::Entrusted => lang.pick("委托", "entrusted"),
                authority::model::PowerForm::Conferred => lang.pick("赋权", "conferred"),
            };
            names.push(lang.pick(format!("{name}（{form}）"), format!("{name} ({form})")));
        }
    }
    Ok(names.join("、"))
}

/// What other organs entrusted or left to an organ, today.
pub(crate) fn delegated(tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<Delegated>, Fault> {
    let mut all = Vec::new();
    for one in power::received(tx, organ)? {
        all.extend(one.items.iter().map(|item| Delegated {
            organ: one.from_organ,
            item: item.uuid(),
        }));
    }
    Ok(all)
}

/// In whose name whoever acts now decides a case: the competent organ's, unless a law or regulation
/// conferred the power on the organ that acts (行政许可法 23, 24).
pub(crate) fn in_name_of(tx: &mut Tx<'_>, case: &Case) -> Result<OrganId, Fault> {
    match tx.actor().organ.filter(|organ| *organ != case.organ) {
        Some(acting) => power::in_name_of(tx, case.organ, acting, ItemId::from_uuid(case.item)),
        None => Ok(case.organ),
    }
}

/// The procedure of a case had the law of it reviewed: that counts as its legal review.
pub(crate) fn reviewed(
    tx: &mut Tx<'_>,
    case: CaseId,
    (by, standing_in): (OfficerId, Option<OfficerId>),
    agrees: bool,
    said: Option<&ledger::Commitment>,
) -> Result<(), Fault> {
    let found = case::case(tx, case)?;
    // Where nothing asks for a review, the task of the procedure says all that there is to say.
    if !is_bound(tx, &found)? {
        return Ok(());
    }
    opinion::note_review(tx, case.uuid(), by, standing_in, agrees, said)
}

/// The lent cases.
#[must_use]
pub fn matters() -> Matters {
    Matters::new(std::sync::Arc::new(Cases))
}
