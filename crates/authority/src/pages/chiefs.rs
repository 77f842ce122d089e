//! Chief approval officers 首席审批服务官: the lists in force and past, with the papers; appointing,
//! changing a list, dismissing.

use axum::response::Response;
use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use web::parts::Link;
use web::{App, FormReader, Officer, Path, ReadForm, Reply, Role, Shell};

use super::{
    Sent, officer_choices, officer_name, organ_choices, organ_name, period, revision, tabs, words,
};
use crate::model::{ChiefApprovalOfficer, ChiefId};
use crate::papers;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::chief::{self, NewChief};

const HERE: &str = "/desk/authority/chiefs";

pub(crate) async fn show_chiefs(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| chiefs_sheet(tx, &by, &lang, Uuid::nil()))
        .await?;
    sheet.show(shell)
}

fn chiefs_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, _: Uuid) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::new(shell.t("authority.tab_chiefs"));
    sheet.tabs = tabs(shell, HERE);
    sheet.push(list(tx, shell, Some(HERE))?);
    if by.has(Role::HallManager) {
        let today = tx.today();
        let form = FormView::new("appoint", HERE, shell.t("authority.appoint"))
            .titled(shell.t("authority.appoint_new"), true)
            .with(
                Input::new(Kind::Select, "organ", shell.t("authority.organ"))
                    .of(organ_choices(tx, None)?),
            )
            .with(
                Input::new(Kind::Select, "officer", shell.t("authority.chief"))
                    .of(officer_choices(tx, None, &[Role::Decider])?),
            )
            .with(
                Input::area("items", shell.t("authority.items"))
                    .hinted(shell.t("authority.items_hint")),
            )
            .with(Input::line("ground", shell.t("authority.ground")))
            .with(Input::date("from", shell.t("authority.from")).holding(today.to_string()))
            .with(Input::date("until", shell.t("authority.until")).optional())
            .sure(shell.t("authority.appoint_sure"));
        sheet.form(form);
    }
    Ok(sheet)
}

/// The lists in force and past; linked to their pages where there is a desk.
pub(crate) fn list(tx: &mut Tx<'_>, shell: &Shell, desk: Option<&str>) -> Result<Part, Fault> {
    let today = tx.today();
    let mut rows = Vec::new();
    for one in chief::chiefs(tx, None)? {
        let name = officer_name(tx, one.officer)?;
        let (state, tone) = state_of(shell, &one, today);
        let newest = one.list(today).or(one.lists.last());
        let items = newest.map_or(&[][..], |list| &list.items);
        let items = papers::item_names(tx, shell.lang, items)?;
        let number = one.lists.len().to_string();
        rows.push(vec![
            match desk {
                Some(desk) => Cell::link(name, format!("{desk}/{}", one.id)),
                None => Cell::plain(name),
            },
            Cell::plain(organ_name(tx, one.organ)?),
            Cell::tag(state, tone),
            Cell::plain(shell.say("authority.version", &[("number", number)])),
            Cell::plain(items.join(shell.language().pick("、", "; "))),
            Cell::plain(period(
                shell,
                one.lists.first().map(|list| list.from),
                one.until,
            )),
            paper_cell(tx, one.id.uuid(), desk.is_none())?,
        ]);
    }
    if rows.is_empty() {
        let (title, text) = (
            shell.t("authority.no_chief"),
            shell.t("authority.no_chief_text"),
        );
        return Ok(Part::Empty(title.to_owned(), text.to_owned()));
    }
    let head = [
        "who", "organ", "state", "versions", "scope", "period", "paper",
    ];
    Ok(Part::Grid(Grid {
        caption: shell.t("authority.tab_chiefs").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }))
}

/// The newest paper of a record, where everybody or the staff finds it.
pub(crate) fn paper_cell(tx: &mut Tx<'_>, about: Uuid, public: bool) -> Result<Cell, Fault> {
    let newest = papers::of(tx, about)?.pop();
    Ok(newest.map_or_else(
        || Cell::plain("—"),
        |(number, id)| Cell::link(number, paper_href(&id.to_string(), public)),
    ))
}

pub(crate) fn paper_href(id: &str, public: bool) -> String {
    match public {
        true => format!("/authority/papers/{id}.pdf"),
        false => format!("/notices/{id}.pdf"),
    }
}

fn state_of(shell: &Shell, one: &ChiefApprovalOfficer, today: Date) -> (String, &'static str) {
    let (word, tone) = match one.list(today) {
        Some(_) => ("in_force", "green"),
        None if one.until.is_some_and(|until| until < today) => ("past", ""),
        None => ("coming", "blue"),
    };
    (words(shell, "table", word), tone)
}

pub(crate) async fn show_chief(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<ChiefId>,
) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| chief_sheet(tx, &by, &lang, id.uuid()))
        .await?;
    sheet.show(shell)
}

fn chief_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, record: Uuid) -> Result<Sheet, Fault> {
    let id = ChiefId::from_uuid(record);
    let one = chief::chief(tx, id)?;
    let (today, revision) = (tx.today(), revision(tx, id)?);
    let mut sheet = Sheet::new(format!(
        "{} {}",
        organ_name(tx, one.organ)?,
        officer_name(tx, one.officer)?
    ));
    (sheet.tag, sheet.tone) = state_of(shell, &one, today);
    sheet.tabs = tabs(shell, HERE);
    let mut rows = Vec::new();
    for (at, list) in one.lists.iter().enumerate().rev() {
        let number = (at + 1).to_string();
        let items = papers::item_names(tx, shell.lang, &list.items)?;
        let ground = ledger::read_text(tx, &list.ground)?.unwrap_or_default();
        rows.push(vec![
            Cell::plain(shell.say("authority.version", &[("number", number)])),
            Cell::plain(period(shell, Some(list.from), one.last_day(at))),
            Cell::plain(items.join(shell.language().pick("、", "; "))),
            Cell::plain(ground),
            Cell::plain(officer_name(tx, list.by)?),
        ]);
    }
    let head = ["versions", "period", "scope", "ground", "drafter"];
    sheet.push(Part::Grid(Grid {
        caption: shell.t("authority.lists").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }));
    let all = papers::of(tx, record)?;
    let links = all
        .into_iter()
        .map(|(number, id)| Link::to(paper_href(&id.to_string(), false), number));
    sheet.push(Part::Links(links.collect()));
    let ended = one.until.is_some_and(|until| until < today);
    if by.has(Role::HallManager) && !ended {
        forms(tx, shell, &one, revision, &mut sheet)?;
    }
    Ok(sheet)
}

fn forms(
    tx: &mut Tx<'_>,
    shell: &Shell,
    one: &ChiefApprovalOfficer,
    revision: i64,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let today = tx.today().to_string();
    let base = format!("{HERE}/{}", one.id);
    let mut codes = Vec::new();
    for item in one.lists.last().map_or(&[][..], |list| &list.items) {
        let day = tx.today();
        if let Some(version) = catalogue::published(tx, *item, day)? {
            codes.extend(version.content.codes.key().map(str::to_owned));
        }
    }
    let relist = FormView::new(
        "list",
        format!("{base}/list"),
        shell.t("authority.relist_send"),
    )
    .titled(shell.t("authority.relist"), true)
    .seen(revision)
    .with(
        Input::area("items", shell.t("authority.items"))
            .hinted(shell.t("authority.items_hint"))
            .holding(codes.join("\n")),
    )
    .with(Input::line("ground", shell.t("authority.ground")))
    .with(Input::date("from", shell.t("authority.from")).holding(today.clone()));
    sheet.form(relist);
    let dismiss = FormView::new(
        "end",
        format!("{base}/dismiss"),
        shell.t("authority.dismiss"),
    )
    .titled(shell.t("authority.dismiss"), true)
    .seen(revision)
    .with(Input::date("until", shell.t("authority.until")).holding(today))
    .quiet()
    .sure(shell.t("authority.dismiss_sure"));
    sheet.form(dismiss);
    Ok(())
}

/// An appointment, as typed.
pub(crate) struct Typed(NewChief);

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let organ = form.id::<OrganId>("organ");
        let officer = form.id::<OfficerId>("officer");
        let items = form.text("items", 4000);
        let ground = form.text("ground", 500);
        let (from, until) = (form.date("from"), form.optional_date("until"));
        Some(Self(NewChief {
            organ: organ?,
            officer: officer?,
            items: items?,
            ground: ground?,
            from: from?,
            until: until?,
        }))
    }
}

pub(crate) async fn appoint_chief(sent: Sent<Typed>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, new: &Typed| {
        let id = chief::appoint(tx, by, &new.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(Uuid::nil(), "authority.appointed", chiefs_sheet, work)
        .await
}

/// A list, as typed.
pub(crate) struct TypedList {
    items: String,
    ground: String,
    from: Date,
}

impl ReadForm for TypedList {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (items, ground) = (form.text("items", 4000), form.text("ground", 500));
        let from = form.date("from");
        Some(Self {
            items: items?,
            ground: ground?,
            from: from?,
        })
    }
}

pub(crate) async fn change_list(Path(id): Path<ChiefId>, sent: Sent<TypedList>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, new: &TypedList| {
        chief::relist(tx, by, id, &new.items, &new.ground, new.from)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", chief_sheet, work)
        .await
}

/// Until which day.
pub(crate) struct LastDay(Date);

impl ReadForm for LastDay {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.date("until").map(Self)
    }
}

pub(crate) async fn dismiss_chief(Path(id): Path<ChiefId>, sent: Sent<LastDay>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, until: &LastDay| {
        chief::dismiss(tx, by, id, until.0)?;
        Ok(format!("{HERE}/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", chief_sheet, work)
        .await
}
