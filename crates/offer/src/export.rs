//! The list of payments as a file for the treasury 支付清单: CSV and Excel, one line a payment.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// The heading of each column.
pub(crate) const HEAD: [&str; 8] = [
    "编号",
    "姓名或者名称",
    "证件号码",
    "政策",
    "期间",
    "金额（元）",
    "状态",
    "支付日期",
];

/// One payment.
pub(crate) type Line = [String; 8];

/// The list as CSV, with the mark that Excel needs to read Chinese.
pub(crate) fn csv(lines: &[Line]) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    out.write_record(HEAD)?;
    for line in lines {
        out.write_record(line.iter().map(|cell| harmless(cell)))?;
    }
    out.into_inner().map_err(|fault| fault.into_error().into())
}

/// The list as a workbook; the same list always gives the same bytes.
pub(crate) fn excel(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&born));
    let sheet = book.add_worksheet();
    sheet.set_name("支付清单")?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(HEAD) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            sheet.write_string(row, column, cell)?;
        }
    }
    book.save_to_buffer()
}

/// Keeps a spreadsheet from taking a name for a formula.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
