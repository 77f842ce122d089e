//! Files for the visitor: documents, tables, proofs. The name is safe in every browser
//! (RFC 6266, RFC 8187), the type is never guessed.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A file as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name, Chinese allowed; no personal data.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Shown in the browser rather than kept; only for types that run nothing.
    pub inline: bool,
}

impl Download {
    /// A file to keep.
    pub fn new(name: impl Into<String>, media: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            media,
            bytes: bytes.into(),
            inline: false,
        }
    }

    /// The same, shown in the browser where it can: PDF and pictures.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = matches!(self.media, "application/pdf" | "image/png" | "image/jpeg");
        self
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let disposition = disposition(&self.name, self.inline);
        let mut response = Response::new(Body::from(self.bytes));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

/// The name twice: in plain ASCII for old clients, percent-encoded for the others.
fn disposition(name: &str, inline: bool) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            full.push(char::from(byte));
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// A table as CSV (RFC 4180) that opens with Chinese intact in common spreadsheets. A cell that
/// a spreadsheet would take for a formula gets an apostrophe before it.
#[must_use]
pub fn csv_download(
    name: impl Into<String>,
    head: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Download {
    let mut text = String::from("\u{feff}");
    push_row(&mut text, head.iter().copied());
    for row in rows {
        push_row(&mut text, row.iter().map(String::as_str));
    }
    Download::new(name, "text/csv; charset=utf-8", text)
}

fn push_row<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (index, cell) in cells.enumerate() {
        if index != 0 {
            text.push(',');
        }
        let number = cell.strip_prefix(['-', '+']).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
        });
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
        let guard = if formula { "'" } else { "" };
        if formula || cell.contains(['"', ',', '\n', '\r']) {
            text.push('"');
            text.push_str(guard);
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("受理\"通知\r\n书.pdf", false),
            "attachment; filename=\"_________.pdf\"; filename*=UTF-8''\
             %E5%8F%97%E7%90%86%22%E9%80%9A%E7%9F%A5%0D%0A%E4%B9%A6.pdf"
                .replace("_________", "________")
        );
    }

    #[test]
    fn a_cell_is_never_a_formula_and_keeps_its_commas() {
        let rows = vec![vec![
            "=1+1".to_owned(),
            "a,\"b\"".to_owned(),
            "-5".to_owned(),
        ]];
        let table = csv_download("t.csv", &["甲", "乙", "丙"], rows);
        let text = String::from_utf8(table.bytes).unwrap();
        assert_eq!(text, "\u{feff}甲,乙,丙\r\n\"'=1+1\",\"a,\"\"b\"\"\",-5\r\n");
    }
}
