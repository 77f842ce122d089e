//! The approval committee 审批委员会: sittings, and one of them before its members: agenda, presence,
//! recusals, votes, resolutions, minutes.

mod forms;

use axum::response::Response;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, TypedId};
use web::parts::{Fact, Link};
use web::{App, Officer, Path, Reply, Role, Shell};

pub(crate) use forms::{
    call_sitting, close_sitting, defer_case, open_sitting, put_case, recuse_member, resolve_case,
    vote_on_case,
};

use super::chiefs::paper_href;
use super::{officer_choices, officer_name, organ_choices, organ_name, revision, tabs, words};
use crate::matters::Matters;
use crate::model::{AgendaItem, CommitteeSitting, Outcome, SittingId, SittingState, Vote};
use crate::papers;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::sitting;

const HERE: &str = "/desk/authority/committee";

pub(crate) async fn show_sittings(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| sittings_sheet(tx, &by, &lang, Uuid::nil()))
        .await?;
    sheet.show(shell)
}

fn sittings_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, _: Uuid) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::new(shell.t("authority.tab_committee"));
    sheet.tabs = tabs(shell, HERE);
    let heads = by.has(Role::HallManager) || by.has(Role::Supervisor);
    let organ = by.organ().filter(|_| !heads);
    let mut rows = Vec::new();
    for one in sitting::sittings(tx, organ, None)? {
        rows.push(vec![
            Cell::link(met(shell, &one), format!("{HERE}/{}", one.id)),
            Cell::plain(organ_name(tx, one.organ)?),
            Cell::tag(words(shell, "sitting", one.state), tone(one.state)),
            Cell::plain(one.agenda.len().to_string()),
            Cell::plain(officer_name(tx, one.chair)?),
        ]);
    }
    if rows.is_empty() {
        let (title, text) = (
            shell.t("authority.no_sitting"),
            shell.t("authority.no_sitting_text"),
        );
        sheet.push(Part::Empty(title.to_owned(), text.to_owned()));
    } else {
        let head = ["on", "organ", "state", "cases", "chair"];
        sheet.push(Part::Grid(Grid {
            caption: shell.t("authority.tab_committee").to_owned(),
            head: head.map(|key| words(shell, "col", key)).into(),
            rows,
        }));
    }
    if by.has(Role::HallManager) || by.has(Role::Decider) {
        sheet.form(call_form(tx, by, shell)?);
    }
    Ok(sheet)
}

/// The day of a sitting, and which one of that day it is.
fn met(shell: &Shell, one: &CommitteeSitting) -> String {
    let said = [
        ("on", one.on.to_string()),
        ("number", one.number.to_string()),
    ];
    shell.say("authority.met_on", &said)
}

fn tone(state: SittingState) -> &'static str {
    match state {
        SittingState::Called => "blue",
        SittingState::Open => "yellow",
        SittingState::Closed => "green",
    }
}

fn call_form(tx: &mut Tx<'_>, by: &Officer, shell: &Shell) -> Result<FormView, Fault> {
    let today = tx.today();
    let own = by.organ().filter(|_| !by.has(Role::HallManager));
    let seats = [
        Role::Decider,
        Role::LegalReviewer,
        Role::HallManager,
        Role::Reviewer,
    ];
    let people = officer_choices(tx, own, &seats)?;
    let mut organs = organ_choices(tx, own)?;
    organs.retain(|one| own.is_none() || one.chosen);
    Ok(FormView::new("call", HERE, shell.t("authority.call"))
        .titled(shell.t("authority.call_new"), true)
        .with(Input::new(Kind::Select, "organ", shell.t("authority.organ")).of(organs))
        .with(Input::date("on", shell.t("authority.meets_on")).holding(today.to_string()))
        .with(Input::new(Kind::Select, "chair", shell.t("authority.col_chair")).of(people.clone()))
        .with(Input::new(Kind::Ticks, "members", shell.t("authority.members")).of(people))
        .with(
            Input::line("quorum", shell.t("authority.quorum"))
                .number()
                .hinted(shell.t("authority.quorum_hint")),
        ))
}

pub(crate) async fn show_sitting(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<SittingId>,
) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| sitting_sheet(tx, &by, &lang, id.uuid()))
        .await?;
    sheet.show(shell)
}

fn sitting_sheet(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    record: Uuid,
) -> Result<Sheet, Fault> {
    let id = SittingId::from_uuid(record);
    let one = sitting::visible(tx, by, id)?;
    let mut sheet = Sheet::new(format!(
        "{} {} {}",
        organ_name(tx, one.organ)?,
        shell.t("authority.tab_committee"),
        met(shell, &one)
    ));
    (sheet.tag, sheet.tone) = (words(shell, "sitting", one.state), tone(one.state));
    sheet.tabs = tabs(shell, HERE);
    let mut facts = vec![
        Fact::plain(shell.t("authority.col_chair"), officer_name(tx, one.chair)?),
        Fact::plain(
            shell.t("authority.secretary"),
            officer_name(tx, one.secretary)?,
        ),
        Fact::plain(
            shell.t("authority.members"),
            papers::names(tx, &one.members)?,
        ),
        Fact::plain(shell.t("authority.quorum"), one.quorum.to_string()),
    ];
    if one.state != SittingState::Called {
        let present = papers::names(tx, &one.present)?;
        facts.push(Fact::plain(shell.t("authority.present"), present));
    }
    if let Some(remarks) = &one.remarks {
        let text = ledger::read_text(tx, remarks)?.unwrap_or_default();
        facts.push(Fact::plain(shell.t("authority.remarks"), text));
    }
    sheet.push(Part::Facts(facts));
    let minutes = papers::of(tx, record)?;
    let links = minutes
        .into_iter()
        .map(|(number, id)| Link::to(paper_href(&id.to_string(), false), number));
    sheet.push(Part::Links(links.collect()));
    sheet.push(Part::Note(shell.t("authority.clock_runs").to_owned()));
    for (number, item) in (1_usize..).zip(&one.agenda) {
        discussed(tx, by, shell, &one, (number, item), &mut sheet)?;
    }
    let revision = revision(tx, id)?;
    conduct(tx, by, shell, &one, revision, &mut sheet)?;
    Ok(sheet)
}

/// A case on the agenda: what was reported, how it was voted, and what this member can do.
fn discussed(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    one: &CommitteeSitting,
    (number, item): (usize, &AgendaItem),
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let cases = tx.thing::<Matters>()?;
    let matter = cases.matter(tx, item.case)?;
    let name = matter.item_name.get(shell.lang);
    let said = [("number", number.to_string()), ("item", name.to_owned())];
    sheet.push(Part::Heading(shell.say("authority.agenda_item", &said)));
    let paper = ledger::read_text(tx, &item.paper)?.unwrap_or_default();
    let mut aside = item.recused.clone();
    aside.extend(
        item.handled
            .iter()
            .filter(|one| !item.recused.contains(one)),
    );
    let tally = [
        ("for", item.count(Vote::For).to_string()),
        ("against", item.count(Vote::Against).to_string()),
        ("abstain", item.count(Vote::Abstain).to_string()),
    ];
    let mut each = Vec::new();
    for cast in &item.votes {
        let name = officer_name(tx, cast.member)?;
        each.push(format!("{name} {}", words(shell, "vote", cast.vote)));
    }
    let outcome = match item.outcome {
        Some(outcome) => words(shell, "outcome", outcome),
        None => shell.t("authority.not_resolved").to_owned(),
    };
    let mut number = Fact::plain(shell.t("authority.case_number"), matter.number.clone());
    if cases.may_see(tx, by, item.case)? {
        number.href.clone_from(&matter.href);
        shell.t("authority.see_case").clone_into(&mut number.action);
    }
    sheet.push(Part::Facts(vec![
        number,
        Fact::plain(shell.t("authority.applicant"), matter.applicant),
        Fact::plain(shell.t("authority.paper"), paper),
        Fact::plain(shell.t("authority.recusals"), papers::names(tx, &aside)?),
        Fact::plain(
            shell.t("authority.tally"),
            shell.say("authority.tally_text", &tally),
        ),
        Fact::plain(shell.t("authority.votes"), none_or(&each.join("；"))),
        Fact::plain(shell.t("authority.col_outcome"), outcome),
    ]));
    if one.state == SittingState::Open && item.outcome.is_none() {
        forms::on_case(tx, by, shell, one, item, sheet)?;
    }
    Ok(())
}

fn none_or(text: &str) -> String {
    if text.is_empty() { "—" } else { text }.to_owned()
}

/// What chair and secretary do with the sitting as a whole, and putting cases on the agenda.
fn conduct(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    one: &CommitteeSitting,
    revision: i64,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let base = format!("{HERE}/{}", one.id);
    let conducts = by.id == one.chair || by.id == one.secretary;
    let inside = by.organ() == Some(one.organ) || by.has(Role::HallManager);
    if one.state == SittingState::Called && inside {
        let put = FormView::new(
            "case",
            format!("{base}/cases"),
            shell.t("authority.put_case"),
        )
        .titled(shell.t("authority.put_case"), !one.agenda.is_empty())
        .seen(revision)
        .with(Input::line("number", shell.t("authority.case_number")))
        .with(
            Input::area("paper", shell.t("authority.paper"))
                .hinted(shell.t("authority.paper_hint")),
        );
        sheet.form(put);
    }
    if one.state == SittingState::Called && conducts && !one.agenda.is_empty() {
        let mut members = Vec::new();
        for member in &one.members {
            members.push((member.to_string(), officer_name(tx, *member)?));
        }
        let open = FormView::new("open", format!("{base}/open"), shell.t("authority.open"))
            .titled(shell.t("authority.open"), false)
            .seen(revision)
            .with(
                Input::new(Kind::Ticks, "present", shell.t("authority.present"))
                    .of(web::parts::Choice::list(members, "")),
            );
        sheet.form(open);
    }
    let resolved = |item: &AgendaItem| item.outcome.is_some();
    if one.state == SittingState::Open && conducts && one.agenda.iter().all(resolved) {
        let close = FormView::new("close", format!("{base}/close"), shell.t("authority.close"))
            .titled(shell.t("authority.close"), false)
            .seen(revision)
            .with(Input::area("remarks", shell.t("authority.remarks")))
            .sure(shell.t("authority.close_sure"));
        sheet.form(close);
    }
    let agreed = |item: &AgendaItem| item.outcome == Some(Outcome::NotAgreed);
    if one.state == SittingState::Closed && one.agenda.iter().any(agreed) {
        sheet.push(Part::Note(shell.t("authority.departure_note").to_owned()));
    }
    Ok(())
}
