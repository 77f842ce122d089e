//! Items as tables: CSV and Excel. What is written here can be imported again.

use crate::columns::Column;
use crate::import::SHEET;
use crate::model::ItemContent;
use kernel::Lang;
use rust_xlsxwriter::{ColNum, DocProperties, ExcelDateTime, Format, RowNum, Workbook, Worksheet};

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// The workbook has a limit that was reached.
    #[error("the workbook cannot be written: {0}")]
    Excel(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV writer refused.
    #[error("the CSV file cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// The CSV writer lost its buffer.
    #[error("the CSV file cannot be finished")]
    Unfinished,
}

/// Headings of the sheet of materials.
const MATERIALS: [&str; 11] = [
    "地方实施编码",
    "事项名称",
    "情形",
    "序号",
    "材料名称",
    "材料类型",
    "材料形式",
    "份数",
    "必要性",
    "来源渠道",
    "核发机关",
];

/// The same in English.
const MATERIALS_IN_ENGLISH: [&str; 11] = [
    "local task code",
    "name",
    "scenario",
    "number",
    "material",
    "type",
    "form",
    "copies",
    "necessity",
    "source",
    "issued by",
];

/// A CSV file in UTF-8 with the mark by which Excel knows it.
pub fn csv(items: &[ItemContent], lang: Lang) -> Result<Vec<u8>, ExportFault> {
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    writer.write_record(Column::ALL.iter().map(|column| column.heading_in(lang)))?;
    for item in items {
        writer.write_record(
            Column::ALL
                .iter()
                .map(|column| harmless(column.value(item))),
        )?;
    }
    writer.into_inner().map_err(|_| ExportFault::Unfinished)
}

/// An Excel workbook: sheet 事项 as in [`csv()`], and sheet 材料 with every scenario's list.
pub fn excel(items: &[ItemContent], lang: Lang) -> Result<Vec<u8>, ExportFault> {
    let mut book = Workbook::new();
    // A fixed date: the same items give the same bytes.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name(SHEET)?;
    heading(
        sheet,
        Column::ALL.iter().map(|column| column.heading_in(lang)),
    )?;
    for (row, item) in (1..).zip(items) {
        let values = Column::ALL.iter().map(|column| column.value(item));
        line(sheet, row, values)?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name("材料")?;
    let materials = lang.pick(MATERIALS, MATERIALS_IN_ENGLISH);
    heading(sheet, materials.into_iter())?;
    for (row, values) in (1..).zip(items.iter().flat_map(material_rows)) {
        line(sheet, row, values.into_iter())?;
    }
    Ok(book.save_to_buffer()?)
}

fn material_rows(item: &ItemContent) -> Vec<Vec<String>> {
    let key = item.codes.key().unwrap_or_default();
    let mut rows = Vec::new();
    for scenario in &item.scenarios {
        for (number, requirement) in (1..).zip(&scenario.materials) {
            let Some(material) = item.material(&requirement.material) else {
                continue;
            };
            let issuer = material.issuing_body.as_ref().map(|body| body.zh.clone());
            rows.push(vec![
                key.to_owned(),
                item.name.zh.clone(),
                scenario.name.zh.clone(),
                format!("{number}"),
                material.name.zh.clone(),
                material.material_type.zh().to_owned(),
                material.form.zh().to_owned(),
                material.counts("zh"),
                requirement.necessity.zh().to_owned(),
                material.source.zh().to_owned(),
                issuer.unwrap_or_default(),
            ]);
        }
    }
    rows
}

fn heading<'a>(
    sheet: &mut Worksheet,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), ExportFault> {
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn line(
    sheet: &mut Worksheet,
    row: RowNum,
    values: impl Iterator<Item = String>,
) -> Result<(), ExportFault> {
    let columns: std::ops::RangeFrom<ColNum> = 0..;
    for (column, value) in columns.zip(values).filter(|(_, value)| !value.is_empty()) {
        sheet.write_string(row, column, &value)?;
    }
    Ok(())
}

/// Keeps a spreadsheet from taking a text for a formula; the import takes the mark off again.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}
