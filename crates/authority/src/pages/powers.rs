//! Powers that moved 赋权、委托: what was given, received and taken back, with dates and letters.

use axum::response::Response;
use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, TypedId};
use web::parts::Choice;
use web::{App, FormReader, Officer, ReadForm, Reply, Role, Shell};

use super::chiefs::paper_cell;
use super::{Sent, organ_choices, organ_name, period, tabs, words};
use crate::matters::Matters;
use crate::model::{PowerDelegation, PowerForm, PowerId};
use crate::papers;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::power::{self, NewPower};
use crate::use_cases::separation;

const HERE: &str = "/desk/authority/powers";

pub(crate) async fn show_powers(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| powers_sheet(tx, &by, &lang, Uuid::nil()))
        .await?;
    sheet.show(shell)
}

fn powers_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, _: Uuid) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::new(shell.t("authority.tab_powers"));
    sheet.tabs = tabs(shell, HERE);
    sheet.push(Part::Note(shell.t("authority.powers_text").to_owned()));
    sheet.push(list(tx, shell, false)?);
    overlaps(tx, shell, &mut sheet)?;
    if by.has(Role::HallManager) {
        sheet.form(give_form(tx, shell)?);
        recall_form(tx, shell, &mut sheet)?;
    }
    Ok(sheet)
}

/// Whoever could have two duties by what holds today, so that posts, deputies or powers are mended.
fn overlaps(tx: &mut Tx<'_>, shell: &Shell, sheet: &mut Sheet) -> Result<(), Fault> {
    let today = tx.today();
    let mut said = Vec::new();
    for one in power::powers(tx)? {
        if one.in_force(today) {
            said.extend(separation::overlaps(tx, &one, shell.language())?);
        }
    }
    said.sort();
    said.dedup();
    if said.is_empty() {
        return Ok(());
    }
    sheet.push(Part::Heading(shell.t("authority.overlaps").to_owned()));
    said.into_iter()
        .for_each(|text| sheet.push(Part::Note(text)));
    Ok(())
}

fn state_of(shell: &Shell, one: &PowerDelegation, today: Date) -> (String, &'static str) {
    let (word, tone) = match () {
        () if one.in_force(today) => ("in_force", "green"),
        () if today < one.from && one.recalled.is_none() => ("coming", "blue"),
        () if one.recalled.is_some() => ("recalled", "red"),
        () => ("past", ""),
    };
    (words(shell, "table", word), tone)
}

/// The history of the list of powers 权力清单: all that ever moved, the newest first.
pub(crate) fn list(tx: &mut Tx<'_>, shell: &Shell, public: bool) -> Result<Part, Fault> {
    let today = tx.today();
    let mut rows = Vec::new();
    for one in power::powers(tx)? {
        let said = power::words_of(tx, &one)?;
        let (state, tone) = state_of(shell, &one, today);
        let items = papers::item_names(tx, shell.lang, &one.items)?;
        rows.push(vec![
            Cell::plain(said.chain),
            Cell::plain(organ_name(tx, one.from_organ)?),
            Cell::plain(organ_name(tx, one.to_organ)?),
            Cell::plain(words(shell, "form", one.form)),
            Cell::tag(state, tone),
            Cell::plain(period(shell, Some(one.from), one.last_day())),
            Cell::plain(items.join(shell.language().pick("、", "; "))),
            Cell::plain(said.ground),
            paper_cell(tx, one.id.uuid(), public)?,
        ]);
    }
    if rows.is_empty() {
        let (title, text) = (
            shell.t("authority.no_power"),
            shell.t("authority.no_power_text"),
        );
        return Ok(Part::Empty(title.to_owned(), text.to_owned()));
    }
    let head = [
        "chain", "giver", "receiver", "form", "state", "period", "scope", "ground", "paper",
    ];
    Ok(Part::Grid(Grid {
        caption: shell.t("authority.powers_title").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }))
}

fn give_form(tx: &mut Tx<'_>, shell: &Shell) -> Result<FormView, Fault> {
    let today = tx.today();
    let forms = PowerForm::ALL
        .iter()
        .map(|one| (one.as_str(), words(shell, "form", *one)));
    let chains = chain_choices(tx, shell)?;
    Ok(FormView::new("give", HERE, shell.t("authority.give"))
        .titled(shell.t("authority.give_new"), true)
        .with(
            Input::new(Kind::Select, "from_organ", shell.t("authority.col_giver"))
                .of(organ_choices(tx, None)?),
        )
        .with(
            Input::new(Kind::Select, "to_organ", shell.t("authority.col_receiver"))
                .of(organ_choices(tx, None)?),
        )
        .with(
            Input::new(Kind::Radios, "form_of", shell.t("authority.col_form"))
                .of(Choice::list(forms, ""))
                .hinted(shell.t("authority.form_hint")),
        )
        .with(
            Input::new(Kind::Select, "theme", shell.t("authority.theme"))
                .of(chains)
                .hinted(shell.t("authority.theme_hint"))
                .optional(),
        )
        .with(
            Input::area("items", shell.t("authority.items"))
                .hinted(shell.t("authority.items_hint"))
                .optional(),
        )
        .with(
            Input::line("chain", shell.t("authority.chain"))
                .hinted(shell.t("authority.chain_hint"))
                .optional(),
        )
        .with(Input::line("ground", shell.t("authority.ground")))
        .with(Input::date("from", shell.t("authority.from")).holding(today.to_string()))
        .with(Input::date("until", shell.t("authority.until")).optional())
        .sure(shell.t("authority.give_sure")))
}

/// The chains to choose from, and none.
fn chain_choices(tx: &mut Tx<'_>, shell: &Shell) -> Result<Vec<Choice>, Fault> {
    let all = tx.thing::<Matters>()?.chains()?;
    let named = all.into_iter().map(|chain| {
        let title = chain.title.get(shell.language().as_str()).to_owned();
        (chain.id, title)
    });
    let none = (String::new(), shell.t("authority.no_theme").to_owned());
    let all: Vec<(String, String)> = std::iter::once(none).chain(named).collect();
    Ok(Choice::list(all, ""))
}

fn recall_form(tx: &mut Tx<'_>, shell: &Shell, sheet: &mut Sheet) -> Result<(), Fault> {
    let today = tx.today();
    let mut running = Vec::new();
    for one in power::powers(tx)? {
        if one.recalled.is_none() && one.last_day().is_none_or(|last| today <= last) {
            let said = power::words_of(tx, &one)?;
            let to = organ_name(tx, one.to_organ)?;
            running.push((one.id.to_string(), format!("{} → {to}", said.chain)));
        }
    }
    if running.is_empty() {
        return Ok(());
    }
    let form = FormView::new(
        "recall",
        format!("{HERE}/recall"),
        shell.t("authority.recall"),
    )
    .titled(shell.t("authority.recall"), true)
    .with(
        Input::new(Kind::Select, "power", shell.t("authority.powers_title"))
            .of(Choice::list(running, "")),
    )
    .with(Input::date("until", shell.t("authority.until")).holding(today.to_string()))
    .with(Input::area("reason", shell.t("authority.reason")))
    .quiet()
    .sure(shell.t("authority.recall_sure"));
    sheet.form(form);
    Ok(())
}

/// Powers, as typed.
pub(crate) struct Typed(NewPower);

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (from_organ, to_organ) = (form.id("from_organ"), form.id("to_organ"));
        let by_form = form.word("form_of");
        let chain = form.optional_text("chain", 100);
        let items = form.optional_text("items", 4000);
        let theme = form.optional_text("theme", 60);
        let ground = form.text("ground", 500);
        let (from, until) = (form.date("from"), form.optional_date("until"));
        Some(Self(NewPower {
            from_organ: from_organ?,
            to_organ: to_organ?,
            form: by_form?,
            items: items?,
            theme: theme?,
            chain: chain?,
            ground: ground?,
            from: from?,
            until: until?,
        }))
    }
}

pub(crate) async fn give_powers(sent: Sent<Typed>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, new: &Typed| {
        power::give(tx, by, &new.0)?;
        Ok(HERE.to_owned())
    };
    sent.then(Uuid::nil(), "authority.given", powers_sheet, work)
        .await
}

/// Which powers are taken back, from when, why.
pub(crate) struct Recall {
    power: PowerId,
    until: Date,
    reason: String,
}

impl ReadForm for Recall {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (power, until) = (form.id("power"), form.date("until"));
        let reason = form.text("reason", 2000);
        Some(Self {
            power: power?,
            until: until?,
            reason: reason?,
        })
    }
}

pub(crate) async fn recall_powers(sent: Sent<Recall>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, recall: &Recall| {
        power::recall(tx, by, recall.power, recall.until, &recall.reason)?;
        Ok(HERE.to_owned())
    };
    sent.then(Uuid::nil(), "authority.recalled", powers_sheet, work)
        .await
}
