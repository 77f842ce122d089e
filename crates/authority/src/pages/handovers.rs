//! Handovers of files 移交: lists within reach, and one of them with its lines, answers, signatures,
//! digest and sealed paper.

use axum::response::Response;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use web::parts::{Choice, Fact, Link};
use web::{App, FormReader, Officer, Path, ReadForm, Reply, Role, Shell};

use super::chiefs::paper_href;
use super::{Sent, officer_choices, officer_name, organ_choices, revision, tabs, words};
use crate::matters::Matters;
use crate::model::{Handover, HandoverId, HandoverState, LineState, Side};
use crate::papers;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::handover::{self, HandoverText, NewHandover};

const HERE: &str = "/desk/authority/handovers";

/// Who handles files.
const KEEPERS: [Role; 3] = [Role::Reviewer, Role::Decider, Role::LegalReviewer];

pub(crate) async fn show_handovers(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| handovers_sheet(tx, &by, &lang, Uuid::nil()))
        .await?;
    sheet.show(shell)
}

fn tone(state: HandoverState) -> &'static str {
    match state {
        HandoverState::Listed => "blue",
        HandoverState::Handed => "yellow",
        HandoverState::Signed => "green",
    }
}

fn handovers_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, _: Uuid) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::new(shell.t("authority.tab_handovers"));
    sheet.tabs = tabs(shell, HERE);
    let mut rows = Vec::new();
    for one in handover::handovers(tx, by, None)? {
        if handover::visible(tx, by, one.id).is_err() {
            continue;
        }
        let said = handover::text_of(tx, &one)?;
        rows.push(vec![
            Cell::link(short(&said.reason), format!("{HERE}/{}", one.id)),
            Cell::plain(papers::side(tx, one.giver)?),
            Cell::plain(papers::side(tx, one.receiver)?),
            Cell::tag(words(shell, "handover", one.state), tone(one.state)),
            Cell::plain(one.lines.len().to_string()),
        ]);
    }
    if rows.is_empty() {
        let (title, text) = (
            shell.t("authority.no_handover"),
            shell.t("authority.no_handover_text"),
        );
        sheet.push(Part::Empty(title.to_owned(), text.to_owned()));
    } else {
        let head = ["reason", "giver", "receiver", "state", "lines"];
        sheet.push(Part::Grid(Grid {
            caption: shell.t("authority.tab_handovers").to_owned(),
            head: head.map(|key| words(shell, "col", key)).into(),
            rows,
        }));
    }
    if KEEPERS.iter().any(|role| by.has(*role)) {
        sheet.form(list_form(tx, shell)?);
    }
    Ok(sheet)
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.chars().count() < text.chars().count() {
        short.push('…');
    }
    short
}

fn list_form(tx: &mut Tx<'_>, shell: &Shell) -> Result<FormView, Fault> {
    let mut officers = officer_choices(tx, None, &KEEPERS)?;
    let every = Choice {
        label: shell.t("authority.whole_organ").to_owned(),
        chosen: true,
        ..Choice::default()
    };
    officers.insert(0, every);
    Ok(FormView::new("list", HERE, shell.t("authority.list_send"))
        .titled(shell.t("authority.list_new"), true)
        .with(
            Input::new(Kind::Select, "receiver", shell.t("authority.col_receiver"))
                .of(organ_choices(tx, None)?),
        )
        .with(
            Input::new(
                Kind::Select,
                "officer",
                shell.t("authority.receiving_officer"),
            )
            .of(officers)
            .optional(),
        )
        .with(Input::tick("mine", shell.t("authority.from_me")))
        .with(
            Input::tick("tasks", shell.t("authority.with_tasks"))
                .hinted(shell.t("authority.with_tasks_hint")),
        )
        .with(Input::area("reason", shell.t("authority.handover_reason")))
        .with(
            Input::area("lines", shell.t("authority.files"))
                .hinted(shell.t("authority.files_hint"))
                .optional(),
        ))
}

pub(crate) async fn show_handover(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<HandoverId>,
) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| handover_sheet(tx, &by, &lang, id.uuid()))
        .await?;
    sheet.show(shell)
}

fn handover_sheet(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    record: Uuid,
) -> Result<Sheet, Fault> {
    let id = HandoverId::from_uuid(record);
    let one = handover::visible(tx, by, id)?;
    let said = handover::text_of(tx, &one)?;
    let revision = revision(tx, id)?;
    let mut sheet = Sheet::new(shell.t("authority.tab_handovers"));
    (sheet.tag, sheet.tone) = (words(shell, "handover", one.state), tone(one.state));
    sheet.tabs = tabs(shell, HERE);
    let mut facts = vec![
        Fact::plain(shell.t("authority.col_giver"), papers::side(tx, one.giver)?),
        Fact::plain(
            shell.t("authority.col_receiver"),
            papers::side(tx, one.receiver)?,
        ),
        Fact::plain(shell.t("authority.handover_reason"), said.reason.clone()),
        Fact::plain(shell.t("authority.digest"), one.digest.to_string()),
    ];
    if one.tasks {
        let label = shell.t("authority.tasks");
        facts.push(Fact::plain(label, tasks_told(tx, shell, &one)?));
    }
    for (kept, key) in [
        (one.handed, "authority.handed_by"),
        (one.signed, "authority.signed_by"),
    ] {
        if let Some((officer, on)) = kept {
            let text = format!("{} {on}", officer_name(tx, officer)?);
            facts.push(Fact::plain(shell.t(key), text));
        }
    }
    sheet.push(Part::Facts(facts));
    let all = papers::of(tx, record)?;
    let links = all
        .into_iter()
        .map(|(number, id)| Link::to(paper_href(&id.to_string(), false), number));
    sheet.push(Part::Links(links.collect()));
    sheet.push(Part::Grid(files(tx, by, shell, (&one, revision), &said)?));
    forms(by, shell, &one, revision, &mut sheet);
    Ok(sheet)
}

/// What becomes of the tasks: how many would pass now, or that they passed.
fn tasks_told(tx: &mut Tx<'_>, shell: &Shell, one: &Handover) -> Result<String, Fault> {
    let Some(giver) = one.giver.officer.filter(|_| one.signed.is_none()) else {
        return Ok(shell.t("authority.tasks_passed").to_owned());
    };
    let cases = tx.thing::<Matters>()?;
    let held = cases.held(tx, giver)?.len().to_string();
    Ok(shell.say("authority.tasks_held", &[("count", held)]))
}

/// The lines, with the button of whoever may receive them.
fn files(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    (one, revision): (&Handover, i64),
    said: &HandoverText,
) -> Result<Grid, Fault> {
    let receives = may_receive(by, one);
    let mut rows = Vec::new();
    for (at, (line, file)) in one.lines.iter().zip(&said.lines).enumerate() {
        let reason = match &line.reason {
            Some(reason) => ledger::read_text(tx, reason)?.unwrap_or_default(),
            None => "—".to_owned(),
        };
        let tone = match line.state {
            LineState::Waiting => "blue",
            LineState::Received => "green",
            LineState::Disputed => "red",
        };
        let mut row = vec![
            Cell::plain(file.number.clone()),
            Cell::plain(file.title.clone()),
            Cell::plain(file.pages.to_string()),
            Cell::tag(words(shell, "line", line.state), tone),
            Cell::plain(reason),
        ];
        if receives {
            row.push(receive_cell(shell, one, line.state, at, revision));
        }
        rows.push(row);
    }
    let mut head = vec!["number", "title", "pages", "state", "dispute"];
    if receives {
        head.push("remove");
    }
    Ok(Grid {
        caption: shell.t("authority.files").to_owned(),
        head: head
            .into_iter()
            .map(|key| words(shell, "col", key))
            .collect(),
        rows,
    })
}

fn may_receive(by: &Officer, one: &Handover) -> bool {
    one.state == HandoverState::Handed && acts_for(by, one.receiver)
}

fn acts_for(by: &Officer, side: Side) -> bool {
    by.organ() == Some(side.organ) && side.officer.is_none_or(|officer| officer == by.id)
}

fn receive_cell(shell: &Shell, one: &Handover, state: LineState, at: usize, revision: i64) -> Cell {
    if state == LineState::Received {
        return Cell::plain("—");
    }
    let action = format!("{HERE}/{}/receive", one.id);
    let form = FormView::new("receive", action, shell.t("authority.receive"))
        .seen(revision)
        .with(Input::hidden("line", at.to_string()))
        .quiet();
    Cell::button(form)
}

fn forms(by: &Officer, shell: &Shell, one: &Handover, revision: i64, sheet: &mut Sheet) {
    let base = format!("{HERE}/{}", one.id);
    if one.state == HandoverState::Listed && acts_for(by, one.giver) {
        let hand = FormView::new("hand", format!("{base}/hand"), shell.t("authority.hand"))
            .seen(revision)
            .sure(shell.t("authority.hand_sure"));
        sheet.form(hand);
    }
    if !may_receive(by, one) {
        return;
    }
    let lines = (0..one.lines.len()).map(|at| (at.to_string(), (at + 1).to_string()));
    let dispute = FormView::new(
        "dispute",
        format!("{base}/dispute"),
        shell.t("authority.dispute"),
    )
    .titled(shell.t("authority.dispute"), true)
    .seen(revision)
    .with(
        Input::new(Kind::Select, "line", shell.t("authority.line_number"))
            .of(Choice::list(lines, "")),
    )
    .with(Input::area("reason", shell.t("authority.reason")))
    .quiet();
    sheet.form(dispute);
    let sign = FormView::new("sign", format!("{base}/sign"), shell.t("authority.sign"))
        .seen(revision)
        .sure(shell.t("authority.sign_sure"));
    sheet.form(sign);
}

/// A list, as typed.
pub(crate) struct Typed {
    receiver: OrganId,
    officer: Option<OfficerId>,
    mine: bool,
    tasks: bool,
    reason: String,
    lines: String,
}

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let receiver = form.id("receiver");
        let officer = form.optional("officer", |form| form.id("officer"));
        let reason = form.text("reason", 2000);
        let lines = form.optional_text("lines", 60_000);
        let (mine, tasks) = (form.flag("mine"), form.flag("tasks"));
        Some(Self {
            receiver: receiver?,
            officer: officer?,
            mine,
            tasks,
            reason: reason?,
            lines: lines?,
        })
    }
}

pub(crate) async fn list_files(sent: Sent<Typed>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, new: &Typed| {
        let organ = by.organ().ok_or(Fault::Forbidden {
            code: "access.role_missing",
        })?;
        let giver = Side {
            organ,
            officer: new.mine.then_some(by.id),
        };
        let receiver = Side {
            organ: new.receiver,
            officer: new.officer,
        };
        let listed = NewHandover {
            giver,
            receiver,
            reason: new.reason.clone(),
            lines: new.lines.clone(),
            tasks: new.tasks,
        };
        let id = handover::list(tx, by, &listed)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(Uuid::nil(), "authority.listed", handovers_sheet, work)
        .await
}

pub(crate) async fn hand_files(
    Path(id): Path<HandoverId>,
    sent: Sent<web::Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &web::Button| {
        handover::hand(tx, by, id)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.handed", handover_sheet, work)
        .await
}

/// Which line.
pub(crate) struct LineNumber(u16);

impl ReadForm for LineNumber {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.number("line", 0..=10_000).map(Self)
    }
}

pub(crate) async fn receive_file(
    Path(id): Path<HandoverId>,
    sent: Sent<LineNumber>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, line: &LineNumber| {
        handover::receive(tx, by, id, line.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", handover_sheet, work)
        .await
}

/// Which line, and what is wrong with it.
pub(crate) struct Dispute {
    line: u16,
    reason: String,
}

impl ReadForm for Dispute {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (line, reason) = (form.number("line", 0..=10_000), form.text("reason", 2000));
        Some(Self {
            line: line?,
            reason: reason?,
        })
    }
}

pub(crate) async fn dispute_file(
    Path(id): Path<HandoverId>,
    sent: Sent<Dispute>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, said: &Dispute| {
        handover::dispute(tx, by, id, said.line, &said.reason)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", handover_sheet, work)
        .await
}

pub(crate) async fn sign_files(
    Path(id): Path<HandoverId>,
    sent: Sent<web::Button>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, _: &web::Button| {
        handover::sign(tx, by, id)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.signed", handover_sheet, work)
        .await
}
