//! The forms of a sitting: calling, putting cases on, opening, stepping aside, voting, resolving,
//! closing. Several members vote at once, so votes do not ask what was seen of the sitting.

use axum::response::Response;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use web::parts::Choice;
use web::{FormReader, Officer, Path, ReadForm, Reply, Shell};

use super::{HERE, sitting_sheet, sittings_sheet};
use crate::matters::Matters;
use crate::model::{AgendaItem, CommitteeSitting, SittingId, Vote};
use crate::pages::cases::CaseRef;
use crate::pages::{Sent, officer_name, words};
use crate::sheet::{FormView, Input, Kind, Sheet};
use crate::use_cases::sitting::{self, NewSitting};

/// What this officer can do on a case that is being discussed.
pub(super) fn on_case(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    one: &CommitteeSitting,
    item: &AgendaItem,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let base = format!("{HERE}/{}", one.id);
    let case = CaseRef::from_uuid(item.case).to_string();
    let key = |verb: &str| format!("{verb}-{case}");
    let in_person = by.seat().is_some_and(|seat| seat.deputizing.is_none());
    let member = one.present.contains(&by.id) && item.may_vote(by.id) && in_person;
    let voted = item.votes.iter().any(|cast| cast.member == by.id);
    if member && !voted {
        let votes = Vote::ALL
            .iter()
            .map(|one| (one.as_str(), words(shell, "vote", *one)));
        let vote = FormView::new(
            &key("vote"),
            format!("{base}/vote"),
            shell.t("authority.vote"),
        )
        .with(Input::hidden("case", case.clone()))
        .with(
            Input::new(Kind::Radios, "vote", shell.t("authority.your_vote"))
                .of(Choice::list(votes, "")),
        )
        .sure(shell.t("authority.vote_sure"));
        sheet.form(vote);
    }
    let conducts = by.id == one.chair || by.id == one.secretary;
    if (member && !voted) || by.id == one.chair {
        aside_form(tx, by, shell, one, item, sheet)?;
    }
    if conducts {
        let resolve = FormView::new(
            &key("resolve"),
            format!("{base}/resolve"),
            shell.t("authority.resolve"),
        )
        .with(Input::hidden("case", case.clone()));
        sheet.form(resolve);
        let defer = FormView::new(
            &key("defer"),
            format!("{base}/defer"),
            shell.t("authority.defer"),
        )
        .with(Input::hidden("case", case))
        .quiet();
        sheet.form(defer);
    }
    Ok(())
}

/// Stepping aside: for oneself, or ruled by the chair.
fn aside_form(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    one: &CommitteeSitting,
    item: &AgendaItem,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let base = format!("{HERE}/{}", one.id);
    let case = CaseRef::from_uuid(item.case).to_string();
    let key = |verb: &str| format!("{verb}-{case}");
    let mut members = Vec::new();
    for other in one.voters(item).collect::<Vec<_>>() {
        let has_voted = item.votes.iter().any(|cast| cast.member == other);
        if !has_voted && (other == by.id || by.id == one.chair) {
            members.push((other.to_string(), officer_name(tx, other)?));
        }
    }
    if !members.is_empty() {
        let aside = FormView::new(
            &key("aside"),
            format!("{base}/recuse"),
            shell.t("authority.recuse"),
        )
        .titled(shell.t("authority.recuse"), true)
        .with(Input::hidden("case", case.clone()))
        .with(
            Input::new(Kind::Select, "member", shell.t("authority.member"))
                .of(Choice::list(members, "")),
        )
        .with(Input::area("reason", shell.t("authority.reason")))
        .quiet();
        sheet.form(aside);
    }
    Ok(())
}

/// A sitting, as typed.
pub(crate) struct Typed(NewSitting);

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (organ, on) = (form.id::<OrganId>("organ"), form.date("on"));
        let chair = form.id::<OfficerId>("chair");
        let members = form.words::<OfficerId>("members");
        let quorum = form.number("quorum", 1..=99);
        Some(Self(NewSitting {
            organ: organ?,
            on: on?,
            chair: chair?,
            members: members?,
            quorum: quorum?,
        }))
    }
}

pub(crate) async fn call_sitting(sent: Sent<Typed>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, new: &Typed| {
        let id = sitting::call(tx, by, &new.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(Uuid::nil(), "authority.called", sittings_sheet, work)
        .await
}

/// A case by its number, and the paper that reports on it.
pub(crate) struct Put {
    number: String,
    paper: String,
}

impl ReadForm for Put {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (number, paper) = (form.text("number", 60), form.text("paper", 2000));
        Some(Self {
            number: number?,
            paper: paper?,
        })
    }
}

pub(crate) async fn put_case(Path(id): Path<SittingId>, sent: Sent<Put>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, put: &Put| {
        let cases = tx.thing::<Matters>()?;
        let case = cases.find(tx, by, put.number.trim())?;
        let case = case.ok_or_else(|| Fault::invalid("number", "authority.unknown_case"))?;
        sitting::put_case(tx, by, id, case, &put.paper)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", sitting_sheet, work)
        .await
}

/// Who is there.
pub(crate) struct Present(Vec<OfficerId>);

impl ReadForm for Present {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.words("present").map(Self)
    }
}

pub(crate) async fn open_sitting(
    Path(id): Path<SittingId>,
    sent: Sent<Present>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, present: &Present| {
        sitting::open(tx, by, id, &present.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.opened", sitting_sheet, work)
        .await
}

/// Who steps aside from which case, and why.
pub(crate) struct Aside {
    case: CaseRef,
    member: OfficerId,
    reason: String,
}

impl ReadForm for Aside {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (case, member) = (form.id("case"), form.id("member"));
        let reason = form.text("reason", 2000);
        Some(Self {
            case: case?,
            member: member?,
            reason: reason?,
        })
    }
}

pub(crate) async fn recuse_member(Path(id): Path<SittingId>, sent: Sent<Aside>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, aside: &Aside| {
        sitting::recuse(tx, by, id, aside.case.uuid(), aside.member, &aside.reason)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.about(id.uuid(), "authority.noted", sitting_sheet, work)
        .await
}

/// A vote on a case.
pub(crate) struct Ballot {
    case: CaseRef,
    vote: Vote,
}

impl ReadForm for Ballot {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (case, vote) = (form.id("case"), form.word("vote"));
        Some(Self {
            case: case?,
            vote: vote?,
        })
    }
}

pub(crate) async fn vote_on_case(Path(id): Path<SittingId>, sent: Sent<Ballot>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, ballot: &Ballot| {
        sitting::vote(tx, by, id, ballot.case.uuid(), ballot.vote)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.about(id.uuid(), "authority.voted", sitting_sheet, work)
        .await
}

/// Which case.
pub(crate) struct Which(CaseRef);

impl ReadForm for Which {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.id("case").map(Self)
    }
}

pub(crate) async fn resolve_case(Path(id): Path<SittingId>, sent: Sent<Which>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, which: &Which| {
        sitting::resolve(tx, by, id, which.0.uuid())?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.about(id.uuid(), "authority.noted", sitting_sheet, work)
        .await
}

pub(crate) async fn defer_case(Path(id): Path<SittingId>, sent: Sent<Which>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, which: &Which| {
        sitting::defer(tx, by, id, which.0.uuid())?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.about(id.uuid(), "authority.noted", sitting_sheet, work)
        .await
}

/// What the minutes say beside the votes.
pub(crate) struct Remarks(String);

impl ReadForm for Remarks {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("remarks", 2000).map(Self)
    }
}

pub(crate) async fn close_sitting(
    Path(id): Path<SittingId>,
    sent: Sent<Remarks>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, remarks: &Remarks| {
        sitting::close(tx, by, id, &remarks.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.closed", sitting_sheet, work)
        .await
}
