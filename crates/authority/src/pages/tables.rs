//! The authority tables of the organs, a version with its lines and forms, and the grades of posts.

use axum::response::Response;
use catalogue::ItemId;
use catalogue::model::kind::ItemType;
use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, TypedId};
use web::parts::{Choice, Fact};
use web::{App, FormReader, Officer, Path, ReadForm, Reply, Role, Shell};

use super::{Sent, grades, officer_name, organ_choices, organ_name, period, revision, tabs, words};
use crate::model::{AuthorityGrant, AuthorityTable, Grade, Scope, TableId, TableState};
use crate::rule::in_units;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::table;
use crate::use_cases::table::NewLine;

pub(crate) const HERE: &str = "/desk/authority";

pub(crate) async fn show_tables(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| tables_sheet(tx, &by, &lang, Uuid::nil()))
        .await?;
    sheet.show(shell)
}

pub(crate) fn tables_sheet(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    _: Uuid,
) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::new(shell.t("authority.tables_title"));
    sheet.tabs = tabs(shell, HERE);
    sheet.push(Part::Note(shell.t("authority.default_line").to_owned()));
    let all = table::tables(tx, None)?;
    if all.is_empty() {
        let (title, text) = (
            shell.t("authority.no_table"),
            shell.t("authority.no_table_text"),
        );
        sheet.push(Part::Empty(title.to_owned(), text.to_owned()));
    } else {
        sheet.push(Part::Grid(versions(tx, shell, &all)?));
    }
    if by.has(Role::HallManager) {
        let form = FormView::new("draft", HERE, shell.t("authority.draft_send"))
            .titled(shell.t("authority.draft"), false)
            .with(
                Input::new(Kind::Select, "organ", shell.t("authority.organ"))
                    .of(organ_choices(tx, None)?),
            )
            .with(
                Input::area("ground", shell.t("authority.ground"))
                    .hinted(shell.t("authority.ground_hint")),
            );
        sheet.form(form);
    }
    grades::list(tx, by, shell, &mut sheet)?;
    Ok(sheet)
}

fn versions(tx: &mut Tx<'_>, shell: &Shell, all: &[AuthorityTable]) -> Result<Grid, Fault> {
    let today = tx.today();
    let mut rows = Vec::new();
    for one in all {
        let (state, tone) = state_of(shell, one, today);
        let number = one.number.to_string();
        rows.push(vec![
            Cell::link(
                shell.say("authority.version", &[("number", number)]),
                format!("{HERE}/tables/{}", one.id),
            ),
            Cell::plain(organ_name(tx, one.organ)?),
            Cell::tag(state, tone),
            Cell::plain(period(shell, one.from, one.until)),
            Cell::plain(officer_name(tx, one.drafter)?),
        ]);
    }
    let head = ["versions", "organ", "state", "period", "drafter"];
    Ok(Grid {
        caption: shell.t("authority.tables_title").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    })
}

fn state_of(shell: &Shell, one: &AuthorityTable, today: Date) -> (String, &'static str) {
    let (word, tone) = match one.state {
        TableState::Draft => ("draft", "yellow"),
        TableState::Adopted if one.in_force(today) => ("in_force", "green"),
        TableState::Adopted if one.from.is_some_and(|from| today < from) => ("coming", "blue"),
        TableState::Adopted => ("past", ""),
    };
    (words(shell, "table", word), tone)
}

/// What a line is about, in words.
pub(crate) fn scope_text(
    tx: &mut Tx<'_>,
    shell: &Shell,
    line: &AuthorityGrant,
) -> Result<String, Fault> {
    Ok(match line.scope {
        Scope::All => shell.t("authority.scope_all").to_owned(),
        Scope::Type(kind) => kind.name(shell.lang).to_owned(),
        Scope::Item(item) => item_name(tx, shell, item)?,
    })
}

fn item_name(tx: &mut Tx<'_>, shell: &Shell, item: ItemId) -> Result<String, Fault> {
    let names = crate::papers::item_names(tx, shell.lang, &[item])?;
    Ok(names.into_iter().next().unwrap_or_default())
}

/// Between which amounts a line applies, in words.
pub(crate) fn amount_text(shell: &Shell, line: &AuthorityGrant) -> String {
    let Some(bounds) = &line.amount else {
        return shell.t("authority.any_amount").to_owned();
    };
    let field = bounds.field.clone();
    match (bounds.above, bounds.up_to) {
        (None, None) => shell.t("authority.any_amount").to_owned(),
        (Some(above), None) => {
            let said = [("field", field), ("above", in_units(above))];
            shell.say("authority.amount_above", &said)
        }
        (None, Some(up_to)) => {
            let said = [("field", field), ("up_to", in_units(up_to))];
            shell.say("authority.amount_up_to", &said)
        }
        (Some(above), Some(up_to)) => {
            let said = [
                ("field", field),
                ("above", in_units(above)),
                ("up_to", in_units(up_to)),
            ];
            shell.say("authority.amount_between", &said)
        }
    }
}

/// What has to come before, in words.
pub(crate) fn before_text(shell: &Shell, line: &AuthorityGrant) -> String {
    let asked = [
        (line.committee, "authority.committee"),
        (line.legal, "authority.legal"),
        (line.counsel, "authority.counsel"),
    ];
    let said: Vec<&str> = asked
        .iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, key)| shell.t(key))
        .collect();
    if said.is_empty() {
        "—".to_owned()
    } else {
        said.join(shell.language().pick("、", ", "))
    }
}

/// A line with what its item asks for by itself: a major matter is reviewed in any case.
fn marked(tx: &mut Tx<'_>, line: &AuthorityGrant) -> Result<AuthorityGrant, Fault> {
    let today = tx.today();
    let version = match line.scope {
        Scope::Item(item) => catalogue::published(tx, item, today)?,
        Scope::All | Scope::Type(_) => None,
    };
    let major = version.is_some_and(|version| version.content.major_matter);
    Ok(AuthorityGrant {
        legal: line.legal || major,
        ..line.clone()
    })
}

/// The lines of a table.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    shell: &Shell,
    rows: &[AuthorityGrant],
) -> Result<Grid, Fault> {
    let mut cells = Vec::new();
    for (at, line) in (1_usize..).zip(rows) {
        cells.push(vec![
            Cell::plain(format!("{at} {}", scope_text(tx, shell, line)?)),
            Cell::plain(amount_text(shell, line)),
            Cell::plain(words(shell, "grade", line.grade)),
            Cell::plain(before_text(shell, &marked(tx, line)?)),
            Cell::plain(line.ground.clone()),
        ]);
    }
    let head = ["scope", "amount", "grade", "before", "ground"];
    Ok(Grid {
        caption: shell.t("authority.lines").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows: cells,
    })
}

pub(crate) async fn show_table(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<TableId>,
) -> Reply<Response> {
    let lang = shell.clone();
    let sheet = app
        .read(move |tx| table_sheet(tx, &by, &lang, id.uuid()))
        .await?;
    sheet.show(shell)
}

fn table_sheet(tx: &mut Tx<'_>, by: &Officer, shell: &Shell, record: Uuid) -> Result<Sheet, Fault> {
    let id = TableId::from_uuid(record);
    let one = table::table(tx, id)?;
    let text = table::text_of(tx, &one)?;
    let today = tx.today();
    let revision = revision(tx, id)?;
    let number = one.number.to_string();
    let organ = organ_name(tx, one.organ)?;
    let mut sheet = Sheet::new(format!(
        "{organ} {}",
        shell.say("authority.version", &[("number", number)])
    ));
    let (state, tone) = state_of(shell, &one, today);
    (sheet.tag, sheet.tone) = (state, tone);
    sheet.tabs = tabs(shell, HERE);
    let mut facts = vec![
        Fact::plain(shell.t("authority.ground"), text.ground.clone()),
        Fact::plain(
            shell.t("authority.col_period"),
            period(shell, one.from, one.until),
        ),
        Fact::plain(
            shell.t("authority.col_drafter"),
            officer_name(tx, one.drafter)?,
        ),
    ];
    if let Some(adopter) = one.adopter {
        let name = officer_name(tx, adopter)?;
        facts.push(Fact::plain(shell.t("authority.adopter"), name));
    }
    sheet.push(Part::Facts(facts));
    let mut grid = lines(tx, shell, &text.rows)?;
    let draft = one.state == TableState::Draft;
    let base = format!("{HERE}/tables/{id}");
    if draft && by.has(Role::HallManager) {
        grid.head.push(words(shell, "col", "remove"));
        for (at, row) in grid.rows.iter_mut().enumerate() {
            let remove = FormView::new(
                "remove",
                format!("{base}/remove"),
                shell.t("authority.remove"),
            )
            .seen(revision)
            .with(Input::hidden("line", at.to_string()))
            .quiet();
            row.push(Cell::button(remove));
        }
    }
    if text.rows.is_empty() {
        let (title, text) = (
            shell.t("authority.no_lines_yet"),
            shell.t("authority.default_line"),
        );
        sheet.push(Part::Empty(title.to_owned(), text.to_owned()));
    } else {
        sheet.push(Part::Grid(grid));
    }
    if draft && by.has(Role::HallManager) {
        sheet.form(line_form(shell, &base).seen(revision));
    }
    if draft && by.has(Role::SecurityAdmin) {
        let adopt = FormView::new("adopt", format!("{base}/adopt"), shell.t("authority.adopt"))
            .titled(shell.t("authority.adopt_title"), false)
            .seen(revision)
            .with(Input::date("from", shell.t("authority.from")).holding(today.to_string()))
            .sure(shell.t("authority.adopt_sure"));
        sheet.form(adopt);
    }
    Ok(sheet)
}

fn line_form(shell: &Shell, base: &str) -> FormView {
    let types = ItemType::ALL
        .iter()
        .map(|kind| (kind.word(), kind.name(shell.lang)));
    let every = (String::new(), shell.t("authority.scope_all").to_owned());
    let types = types.map(|(word, name)| (word.to_owned(), name.to_owned()));
    let types = Choice::list(std::iter::once(every).chain(types), "");
    FormView::new(
        "line",
        format!("{base}/lines"),
        shell.t("authority.line_add"),
    )
    .titled(shell.t("authority.line_new"), false)
    .with(
        Input::line("item", shell.t("authority.item"))
            .hinted(shell.t("authority.item_hint"))
            .optional(),
    )
    .with(
        Input::new(Kind::Select, "item_type", shell.t("authority.item_type"))
            .of(types)
            .hinted(shell.t("authority.item_type_hint"))
            .optional(),
    )
    .with(
        Input::line("field", shell.t("authority.field"))
            .hinted(shell.t("authority.field_hint"))
            .optional(),
    )
    .with(
        Input::line("above", shell.t("authority.above"))
            .number()
            .optional(),
    )
    .with(
        Input::line("up_to", shell.t("authority.up_to"))
            .number()
            .optional(),
    )
    .with(
        Input::new(Kind::Select, "grade", shell.t("authority.lowest_grade"))
            .of(grades::choices(shell, Grade::ALL)),
    )
    .with(Input::tick("committee", shell.t("authority.committee")))
    .with(Input::tick("legal", shell.t("authority.legal")))
    .with(Input::tick("counsel", shell.t("authority.counsel")))
    .with(Input::line("line_ground", shell.t("authority.line_ground")))
}

/// Whose table, and on which ground.
pub(crate) struct NewDraft {
    organ: OrganId,
    ground: String,
}

impl ReadForm for NewDraft {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let organ = form.id("organ");
        let ground = form.text("ground", table::GROUND_CHARS_MAX);
        Some(Self {
            organ: organ?,
            ground: ground?,
        })
    }
}

pub(crate) async fn draft_table(sent: Sent<NewDraft>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, by: &Officer, new: &NewDraft| {
        let id = table::draft(tx, by, new.organ, &new.ground)?;
        Ok(format!("{HERE}/tables/{id}"))
    };
    sent.then(Uuid::nil(), "authority.drafted", tables_sheet, work)
        .await
}

/// A line, as typed.
pub(crate) struct TypedLine(NewLine);

impl ReadForm for TypedLine {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let item = form.optional_text("item", 60);
        let word = form.fields().get("item_type").to_owned();
        let item_type = match word.as_str() {
            "" => None,
            word => match ItemType::read(word) {
                Some(kind) => Some(kind),
                None => return form.problem(kernel::Problem::new("item_type", "field.choice")),
            },
        };
        let field = form.optional_text("field", 60);
        let above = form.optional("above", |form| form.money("above"));
        let up_to = form.optional("up_to", |form| form.money("up_to"));
        let grade = form.word("grade");
        let ground = form.text("line_ground", table::GROUND_CHARS_MAX);
        let flags = ["committee", "legal", "counsel"].map(|name| form.flag(name));
        Some(Self(NewLine {
            item: item?,
            item_type,
            field: field?,
            above: above?.map(kernel::Money::fen),
            up_to: up_to?.map(kernel::Money::fen),
            grade: Some(grade?),
            committee: flags[0],
            legal: flags[1],
            counsel: flags[2],
            ground: ground?,
        }))
    }
}

pub(crate) async fn add_line(Path(id): Path<TableId>, sent: Sent<TypedLine>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, new: &TypedLine| {
        table::add_line(tx, by, id, &new.0)?;
        Ok(format!("{HERE}/tables/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", table_sheet, work)
        .await
}

/// Which line.
pub(crate) struct LineNumber(usize);

impl ReadForm for LineNumber {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.number("line", 0..=1000).map(Self)
    }
}

pub(crate) async fn remove_line(
    Path(id): Path<TableId>,
    sent: Sent<LineNumber>,
) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, line: &LineNumber| {
        table::remove_line(tx, by, id, line.0)?;
        Ok(format!("{HERE}/tables/{id}"))
    };
    sent.then(id.uuid(), "authority.noted", table_sheet, work)
        .await
}

/// From which day on.
pub(crate) struct FirstDay(Date);

impl ReadForm for FirstDay {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.date("from").map(Self)
    }
}

pub(crate) async fn adopt_table(Path(id): Path<TableId>, sent: Sent<FirstDay>) -> Reply<Response> {
    let work = move |tx: &mut Tx<'_>, by: &Officer, from: &FirstDay| {
        table::adopt(tx, by, id, from.0)?;
        Ok(format!("{HERE}/tables/{id}"))
    };
    sent.then(id.uuid(), "authority.adopted", table_sheet, work)
        .await
}
