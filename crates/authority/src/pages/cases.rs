//! A case as far as authority goes: who may decide it and why, what the legal reviewer and counsel
//! said, on which agenda it is; with the form of the legal reviewer.

use axum::response::Response;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, TypedId};
use web::parts::{Choice, Fact, Link};
use web::{App, FormReader, Officer, Path, ReadForm, Reply, Role, Shell};

use super::{Sent, officer_name, tables, words};
use crate::matters::{self, Matter};
use crate::model::{Conclusion, OpinionKind};
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::opinion::{self, NewOpinion};
use crate::use_cases::{ruling, sitting};

kernel::id!(
    /// A case, by the id that the case room gave it.
    CaseRef,
    "case"
);

pub(crate) async fn show_case(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CaseRef>,
) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| case_sheet(tx, &by, &lang, id.uuid()))
        .await?;
    sheet.show(shell)
}

fn case_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, case: Uuid) -> Result<Sheet, Fault> {
    let matter = matters::seen(tx, by, case)?;
    let mut sheet = Sheet::new(matter.item_name.get(shell.lang));
    sheet.push(Part::Facts(vec![
        Fact::plain(shell.t("authority.case_number"), matter.number.clone()),
        Fact::plain(shell.t("authority.applicant"), matter.applicant.clone()),
    ]));
    let back = Link::to(matter.href.clone(), shell.t("authority.to_case"));
    sheet.push(Part::Links(vec![back]));
    ruled(tx, shell, &matter, &mut sheet)?;
    said(tx, shell, &matter, &mut sheet)?;
    sat(tx, shell, &matter, &mut sheet)?;
    if by.has(Role::LegalReviewer) && matter.undecided {
        sheet.form(opinion_form(shell, case));
    }
    Ok(sheet)
}

fn ruled(tx: &mut Tx<'_>, shell: &Shell, matter: &Matter, sheet: &mut Sheet) -> Result<(), Fault> {
    let ruled = ruling::ruled(tx, matter)?;
    sheet.push(Part::Heading(shell.t("authority.ruling").to_owned()));
    let line = ruled.table.as_ref().zip(ruled.ruling.row);
    match line {
        Some(((table, text), row)) => {
            let number = table.number.to_string();
            let version = shell.say("authority.version", &[("number", number)]);
            let href = format!("/desk/authority/tables/{}", table.id);
            sheet.push(Part::Links(vec![Link::to(href, version)]));
            let rows = text.rows.get(row..=row).unwrap_or_default();
            let mut grid = tables::lines(tx, shell, rows)?;
            if let Some(cell) = grid.rows.first_mut().and_then(|row| row.first_mut())
                && let Some(line) = text.rows.get(row)
            {
                let scope = tables::scope_text(tx, shell, line)?;
                cell.text = format!("{} {scope}", row + 1);
            }
            sheet.push(Part::Grid(grid));
        }
        None => sheet.push(Part::Note(shell.t("authority.default_line").to_owned())),
    }
    let mut facts = Vec::new();
    if let Some(needs) = ruled.ruling.needs {
        let grade = words(shell, "grade", needs);
        facts.push(Fact::plain(shell.t("authority.lowest_grade"), grade));
    }
    if let Some(amount) = ruled.ruling.amount {
        let amount = crate::rule::in_units(amount);
        facts.push(Fact::plain(shell.t("authority.col_amount"), amount));
    }
    if !ruled.chiefs.is_empty() {
        let names = crate::papers::names(tx, &ruled.chiefs)?;
        facts.push(Fact::plain(shell.t("authority.on_list_of"), names));
    }
    if ruled.ruling.unstated {
        sheet.push(Part::Note(shell.t("authority.unstated").to_owned()));
    }
    sheet.push(Part::Facts(facts));
    Ok(())
}

fn said(tx: &mut Tx<'_>, shell: &Shell, matter: &Matter, sheet: &mut Sheet) -> Result<(), Fault> {
    sheet.push(Part::Heading(shell.t("authority.opinions").to_owned()));
    let mut rows = Vec::new();
    for one in opinion::of_case(tx, matter.case)? {
        let said = opinion::words_of(tx, &one)?;
        let by = match said.counsel.is_empty() {
            true => officer_name(tx, one.by)?,
            false => said.counsel,
        };
        let tone = match one.conclusion {
            Conclusion::Agree => "green",
            Conclusion::Amend => "yellow",
            Conclusion::Disagree => "red",
        };
        rows.push(vec![
            Cell::plain(words(shell, "kind", one.kind)),
            Cell::tag(words(shell, "conclusion", one.conclusion), tone),
            Cell::plain(by),
            Cell::plain(one.on.to_string()),
            Cell::plain(said.text),
        ]);
    }
    if rows.is_empty() {
        sheet.push(Part::Words(shell.t("authority.no_opinion").to_owned()));
        return Ok(());
    }
    let head = ["opinion", "conclusion", "who", "on", "text"];
    sheet.push(Part::Grid(Grid {
        caption: shell.t("authority.opinions").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }));
    Ok(())
}

fn sat(tx: &mut Tx<'_>, shell: &Shell, matter: &Matter, sheet: &mut Sheet) -> Result<(), Fault> {
    let all = sitting::of_case(tx, matter.case)?;
    if all.is_empty() {
        return Ok(());
    }
    sheet.push(Part::Heading(shell.t("authority.tab_committee").to_owned()));
    let mut rows = Vec::new();
    for one in all {
        let outcome = one.on_agenda(matter.case).and_then(|item| item.outcome);
        let outcome = outcome.map(|outcome| words(shell, "outcome", outcome));
        rows.push(vec![
            Cell::link(
                one.on.to_string(),
                format!("/desk/authority/committee/{}", one.id),
            ),
            Cell::plain(words(shell, "sitting", one.state)),
            Cell::plain(outcome.unwrap_or_else(|| "—".to_owned())),
        ]);
    }
    let head = ["on", "state", "outcome"];
    sheet.push(Part::Grid(Grid {
        caption: shell.t("authority.tab_committee").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }));
    Ok(())
}

fn opinion_form(shell: &Shell, case: Uuid) -> FormView {
    let case = CaseRef::from_uuid(case);
    let action = format!("/desk/authority/cases/{case}/opinions");
    let kinds = OpinionKind::ALL
        .iter()
        .map(|one| (one.as_str(), words(shell, "kind", *one)));
    let ends = Conclusion::ALL
        .iter()
        .map(|one| (one.as_str(), words(shell, "conclusion", *one)));
    FormView::new("opinion", action, shell.t("authority.opinion_send"))
        .titled(shell.t("authority.opinion_new"), false)
        .with(
            Input::new(Kind::Radios, "kind", shell.t("authority.col_opinion"))
                .of(Choice::list(kinds, "legal")),
        )
        .with(
            Input::line("counsel", shell.t("authority.counsel_name"))
                .hinted(shell.t("authority.counsel_name_hint"))
                .optional(),
        )
        .with(
            Input::new(
                Kind::Radios,
                "conclusion",
                shell.t("authority.col_conclusion"),
            )
            .of(Choice::list(ends, "")),
        )
        .with(Input::area("text", shell.t("authority.col_text")))
        .sure(shell.t("authority.opinion_sure"))
}

/// An opinion, as typed.
pub(crate) struct Said(NewOpinion);

impl ReadForm for Said {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let kind = form.word("kind");
        let conclusion = form.word("conclusion");
        let counsel = form.optional_text("counsel", 100);
        let text = form.text("text", 2000);
        Some(Self(NewOpinion {
            kind: kind?,
            conclusion: conclusion?,
            text: text?,
            counsel: counsel?,
        }))
    }
}

pub(crate) async fn say_opinion(Path(id): Path<CaseRef>, sent: Sent<Said>) -> Reply<Response> {
    let case = id.uuid();
    let work = move |tx: &mut Tx<'_>, by: &Officer, new: &Said| {
        opinion::say(tx, by, case, &new.0)?;
        Ok(format!("/desk/authority/cases/{id}"))
    };
    sent.about(case, "authority.noted", case_sheet, work).await
}
