//! One row of the item table. A row is taken whole or refused whole, with the column that is to
//! blame.

use super::table::Row;
use super::{Change, RowNote, RowOutcome};
use crate::check::{self, Severity};
use crate::columns::Column;
use crate::model::kind::{CaseKind, ExerciseLevel, ItemType, Target};
use crate::model::{
    Body, Coverage, ItemCodes, ItemContent, LimitUnit, LocalTaskCode, Promise, StatutoryLimit,
    Text, TimeLimit,
};
use codes::{RegionCode, Uscc};
use std::collections::BTreeMap;

/// Longest text in a cell.
const CELL_CHARACTERS_MAX: usize = 500;

type Values = BTreeMap<Column, String>;

pub(super) fn read(
    row: &Row,
    columns: &[Option<Column>],
    known: &mut impl FnMut(&str) -> Option<ItemContent>,
) -> RowOutcome {
    let mut outcome = RowOutcome {
        row: row.number,
        key: String::new(),
        name: String::new(),
        change: Change::Unchanged,
        warnings: Vec::new(),
    };
    match take(row, columns, known, &mut outcome) {
        Ok(change) => outcome.change = change,
        Err(note) => outcome.change = Change::Refused(note),
    }
    outcome
}

fn take(
    row: &Row,
    columns: &[Option<Column>],
    known: &mut impl FnMut(&str) -> Option<ItemContent>,
    outcome: &mut RowOutcome,
) -> Result<Change, RowNote> {
    let values = values(row, columns)?;
    outcome.name = values.get(&Column::Name).cloned().unwrap_or_default();
    let codes = codes_of(&values);
    outcome.key = codes.key().unwrap_or_default().to_owned();
    if outcome.key.is_empty() {
        return Err(note(Column::LocalTaskCode, "import.cell_missing", []));
    }
    let before = known(&outcome.key);
    let content = content(&values, codes, before.clone())?;
    for finding in check::check(&content) {
        let column = Column::of_place(&finding.place).map(Column::heading);
        let note = RowNote {
            column,
            code: finding.code,
            params: finding.params,
        };
        match finding.severity {
            Severity::Error if content.coverage == Coverage::Listed => return Err(note),
            // An error that a full item had before is the editor's work, not this table's fault.
            Severity::Error | Severity::Warning => outcome.warnings.push(note),
        }
    }
    Ok(match before {
        None => Change::New(Box::new(content)),
        Some(before) if before == content => Change::Unchanged,
        Some(_) => Change::Changed(Box::new(content)),
    })
}

fn note<const N: usize>(
    column: Column,
    code: &'static str,
    params: [(&'static str, String); N],
) -> RowNote {
    RowNote {
        column: Some(column.heading()),
        code,
        params: BTreeMap::from(params),
    }
}

fn values(row: &Row, columns: &[Option<Column>]) -> Result<Values, RowNote> {
    let mut values = Values::new();
    for (number, cell) in row.cells.iter().enumerate() {
        let Some(heading) = columns.get(number) else {
            if cell.text.is_empty() {
                continue;
            }
            let params = BTreeMap::from([("max", columns.len().to_string())]);
            return Err(RowNote {
                column: None,
                code: "import.row_too_long",
                params,
            });
        };
        let Some(column) = *heading else { continue };
        if cell.damaged {
            return Err(note(
                column,
                "import.cell_damaged",
                [("value", cell.text.clone())],
            ));
        }
        if CELL_CHARACTERS_MAX < cell.text.chars().count() {
            return Err(note(
                column,
                "import.cell_too_long",
                [("max", CELL_CHARACTERS_MAX.to_string())],
            ));
        }
        if cell.text.chars().any(char::is_control) {
            return Err(note(column, "import.cell_line_break", []));
        }
        if !cell.text.is_empty() {
            values.insert(column, cell.text.clone());
        }
    }
    Ok(values)
}

fn codes_of(values: &Values) -> ItemCodes {
    let text = |column: Column| values.get(&column).cloned();
    ItemCodes {
        catalog_code: text(Column::CatalogCode),
        task_code: text(Column::TaskCode),
        handling_code: text(Column::HandlingCode),
        local_catalog_code: text(Column::LocalCatalogCode).or_else(|| {
            let code = values.get(&Column::LocalTaskCode)?;
            Some(LocalTaskCode::read(code)?.catalog.to_owned())
        }),
        local_task_code: text(Column::LocalTaskCode),
    }
}

/// The item with the values of the row; what the row leaves empty stays as it was.
fn content(
    values: &Values,
    codes: ItemCodes,
    before: Option<ItemContent>,
) -> Result<ItemContent, RowNote> {
    let name = needed(values, Column::Name)?;
    let item_type = read_as(
        Column::ItemType,
        needed(values, Column::ItemType)?,
        ItemType::read,
    )?;
    let department = needed(values, Column::Department)?;
    let region = region(values, &codes)?;
    let local_body = codes
        .local_task_code
        .as_deref()
        .and_then(LocalTaskCode::read);
    let derived = local_body
        .and_then(|local| Uscc::parse(local.body).ok())
        .map(String::from);
    let fresh = before.is_none();
    let mut content = before.unwrap_or_else(|| {
        let body = Body {
            name: Text::zh(department),
            uscc: derived,
        };
        ItemContent::listed(ItemCodes::default(), Text::zh(name), item_type, body)
    });
    merge_codes(&mut content.codes, codes);
    content.name.zh = name.to_owned();
    content.item_type = item_type;
    content.department = department.to_owned();
    if let Some(region) = region {
        content.region = region;
    } else if fresh {
        return Err(note(Column::Region, "import.cell_missing", []));
    }
    if let Some(english) = values.get(&Column::EnglishName) {
        content.name.en = Some(english.clone());
    }
    if let Some(main) = values.get(&Column::MainItem) {
        let same = content
            .main_item
            .as_ref()
            .is_some_and(|old| old.zh == *main);
        content.main_item = if same {
            content.main_item
        } else {
            Some(Text::zh(main))
        };
    }
    if let Some(body) = values.get(&Column::BodyName) {
        content.body.name.zh = body.clone();
    }
    if let Some(uscc) = values.get(&Column::BodyUscc) {
        content.body.uscc = Some(Uscc::parse(uscc).map_or_else(|_| uscc.clone(), String::from));
    }
    kinds(values, &mut content)?;
    limits(values, &mut content)?;
    Ok(content)
}

fn merge_codes(into: &mut ItemCodes, from: ItemCodes) {
    let keep = |old: &mut Option<String>, new: Option<String>| {
        if new.is_some() {
            *old = new;
        }
    };
    keep(&mut into.catalog_code, from.catalog_code);
    keep(&mut into.task_code, from.task_code);
    keep(&mut into.handling_code, from.handling_code);
    keep(&mut into.local_catalog_code, from.local_catalog_code);
    keep(&mut into.local_task_code, from.local_task_code);
}

fn needed(values: &Values, column: Column) -> Result<&str, RowNote> {
    values
        .get(&column)
        .map(String::as_str)
        .ok_or_else(|| note(column, "import.cell_missing", []))
}

fn read_as<T>(column: Column, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, RowNote> {
    read(text).ok_or_else(|| note(column, "import.cell_unknown", [("value", text.to_owned())]))
}

/// The region of the column, else the one inside the local code; 12 digits.
fn region(values: &Values, codes: &ItemCodes) -> Result<Option<String>, RowNote> {
    let inside = codes
        .local_task_code
        .as_deref()
        .and_then(LocalTaskCode::read);
    let text = values.get(&Column::Region).map(String::as_str);
    let Some(text) = text.or(inside.map(|local| local.region)) else {
        return Ok(None);
    };
    match RegionCode::parse(text) {
        Ok(region) => Ok(Some(region.to_twelve())),
        Err(reason) => {
            let params = [
                ("reason_zh", reason.zh()),
                ("reason_en", reason.to_string()),
            ];
            Err(note(Column::Region, "item.region_wrong", params))
        }
    }
}

fn kinds(values: &Values, content: &mut ItemContent) -> Result<(), RowNote> {
    if let Some(level) = values.get(&Column::Level) {
        content.level = Some(read_as(Column::Level, level, ExerciseLevel::read)?);
    }
    if let Some(kind) = values.get(&Column::CaseKind) {
        content.case_kind = Some(read_as(Column::CaseKind, kind, CaseKind::read)?);
    }
    if let Some(targets) = values.get(&Column::Targets) {
        content.targets = targets
            .split(['、', ';', '；', ',', '，', '^'])
            .filter(|one| !one.trim().is_empty())
            .map(|one| read_as(Column::Targets, one, Target::read))
            .collect::<Result<_, _>>()?;
    }
    Ok(())
}

fn limits(values: &Values, content: &mut ItemContent) -> Result<(), RowNote> {
    let amount = |column: Column, text: &str| {
        read_as(column, text, |text| {
            text.parse::<u32>().ok().filter(|amount| 0 < *amount)
        })
    };
    let unit = |column: Column| {
        let text = values.get(&column).map_or("工作日", String::as_str);
        read_as(column, text, LimitUnit::read)
    };
    if let Some(text) = values.get(&Column::StatutoryAmount) {
        let amount = amount(Column::StatutoryAmount, text)?;
        let limit = TimeLimit {
            amount,
            unit: unit(Column::StatutoryUnit)?,
        };
        let basis = content.statutory.take().and_then(|law| law.basis);
        content.statutory = Some(StatutoryLimit { limit, basis });
    }
    if let Some(text) = values.get(&Column::PromisedAmount) {
        content.promised = Some(if matches!(text.as_str(), "即办" | "0") {
            Promise::Instant
        } else {
            let amount = amount(Column::PromisedAmount, text)?;
            Promise::Within(TimeLimit {
                amount,
                unit: unit(Column::PromisedUnit)?,
            })
        });
    }
    Ok(())
}
