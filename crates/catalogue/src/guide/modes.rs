//! The modes of an item as the guide tells them: which, for what, on which ground, on what terms,
//! and, where a decision table grants, all its rules.

use decision::RuleTable;
use web::Shell;

use crate::model::kind::ModeKind;
use crate::model::{GRANT, ItemContent, Mode, ModeTable, SCENARIO};
use crate::view::text;

/// One mode, ready to be read.
pub(super) struct ModeView {
    pub(super) name: &'static str,
    pub(super) terms: String,
    pub(super) materials: Vec<String>,
    pub(super) fields: Vec<String>,
    pub(super) days: Vec<String>,
    pub(super) basis: String,
    pub(super) table: Option<TableView>,
}

/// A decision table, ready to be read.
pub(super) struct TableView {
    pub(super) id: String,
    pub(super) columns: Vec<String>,
    pub(super) rules: Vec<RuleView>,
}

/// One rule of it.
pub(super) struct RuleView {
    pub(super) number: usize,
    pub(super) cells: Vec<String>,
    pub(super) answer: String,
    pub(super) tone: &'static str,
    pub(super) note: String,
}

pub(super) fn views(shell: &Shell, content: &ItemContent) -> Vec<ModeView> {
    let modes = content.modes.iter();
    modes.map(|mode| view(shell, content, mode)).collect()
}

fn view(shell: &Shell, content: &ItemContent, mode: &Mode) -> ModeView {
    let material = |id: &String| content.material(id).map(|one| text(shell, &one.name));
    let field = |name: &String| content.field(name).map(|one| text(shell, &one.label));
    ModeView {
        name: mode.kind.name(shell.lang),
        terms: text(shell, &mode.terms),
        materials: mode.materials.iter().filter_map(material).collect(),
        fields: mode.fields.iter().filter_map(field).collect(),
        days: days(shell, mode),
        basis: mode.basis.citation(),
        table: mode
            .table
            .as_ref()
            .and_then(|table| table_view(shell, content, table)),
    }
}

fn days(shell: &Shell, mode: &Mode) -> Vec<String> {
    let say = |key, days: u32| shell.say(key, &[("days", days.to_string())]);
    let make_up = mode.make_up_workdays.map(|days| match mode.kind {
        ModeKind::Promise => say("catalogue.mode.retract_days", days),
        _ => say("catalogue.mode.make_up_days", days),
    });
    let objection = mode.objection_workdays;
    let objection = objection.map(|days| say("catalogue.mode.objection_days", days));
    let check = mode.check_workdays.map(|days| match mode.sample_percent {
        Some(percent) => {
            let params = [("days", days.to_string()), ("percent", percent.to_string())];
            shell.say("catalogue.mode.check_sample", &params)
        }
        None => say("catalogue.mode.check_days", days),
    });
    let human = mode.kind == ModeKind::Instant;
    let human = human.then(|| shell.t("catalogue.mode.human").to_owned());
    let all = human.into_iter().chain(make_up).chain(objection);
    all.chain(check).collect()
}

fn table_view(shell: &Shell, content: &ItemContent, table: &ModeTable) -> Option<TableView> {
    // What was published was read before; a table that cannot be read is not shown.
    let read = RuleTable::parse(&table.dmn).ok()?;
    let named = |column: &String| match content.field(column) {
        Some(field) => text(shell, &field.label),
        None if column == SCENARIO => shell.t("catalogue.mode.scenario").to_owned(),
        None => column.clone(),
    };
    let cell = |column: &String, cell: &String| cell_text(shell, content, column, cell);
    let rules = read.rules().iter().enumerate().map(|(at, rule)| {
        let grants = rule.answer == format!("\"{GRANT}\"");
        let cells = read.columns().iter().zip(&rule.cells);
        RuleView {
            number: at + 1,
            cells: cells.map(|(column, one)| cell(column, one)).collect(),
            answer: match grants {
                true => shell.t("catalogue.mode.answer_grant").to_owned(),
                false => shell.t("catalogue.mode.answer_human").to_owned(),
            },
            tone: if grants { "green" } else { "blue" },
            note: rule.note.clone(),
        }
    });
    Some(TableView {
        id: table.id.clone(),
        columns: read.columns().iter().map(named).collect(),
        rules: rules.collect(),
    })
}

/// A cell with the words of the form in place of its codes.
fn cell_text(shell: &Shell, content: &ItemContent, column: &str, cell: &str) -> String {
    let label = |code: &str| -> Option<String> {
        if column == SCENARIO {
            return content.scenario(code).map(|one| text(shell, &one.name));
        }
        let options = &content.field(column)?.options;
        let option = options.iter().find(|one| one.value == code)?;
        Some(text(shell, &option.label))
    };
    let parts = cell.split(',').map(str::trim);
    let worded: Option<Vec<String>> = parts
        .map(|part| label(part.strip_prefix('"')?.strip_suffix('"')?))
        .collect();
    worded.map_or_else(|| cell.to_owned(), |words| words.join("、"))
}
