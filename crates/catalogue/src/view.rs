//! What several pages show of an item, ready to be read. Absent: rules and SQL.

use std::fmt::Write;

use web::Shell;
use web::parts::Choice;

use crate::Version;
use crate::model::{Coverage, ItemContent, Text, TimeLimit};

/// An item in a list.
pub struct Card {
    /// The guide.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Whether people can apply for it here.
    pub online: bool,
    /// Department and limit.
    pub meta: String,
    /// What it is for; empty for a listed item.
    pub summary: String,
}

impl Card {
    /// The card of a version in the reader's language.
    pub fn of(shell: &Shell, version: &Version) -> Self {
        let content = &*version.content;
        let mut meta = vec![content.department.clone()];
        if let Some(promised) = content.promised {
            let words = promised.words(shell.lang);
            meta.push(shell.say("catalogue.promised_in", &[("limit", words)]));
        }
        if content.coverage == Coverage::Full {
            let fee = if content.fees.is_empty() {
                "catalogue.free"
            } else {
                "catalogue.with_fee"
            };
            meta.push(shell.t(fee).to_owned());
        }
        Self {
            href: href(content),
            name: text(shell, &content.name),
            kind: content.item_type.name(shell.lang).to_owned(),
            online: content.takes_applications(),
            meta: meta.join(" · "),
            summary: content
                .summary
                .as_ref()
                .map(|summary| text(shell, summary))
                .unwrap_or_default(),
        }
    }
}

/// A text in the reader's language, Chinese where there is no other.
pub fn text(shell: &Shell, text: &Text) -> String {
    text.get(shell.lang).to_owned()
}

/// An optional text in the reader's language, or an empty one.
pub fn maybe(shell: &Shell, wanted: Option<&Text>) -> String {
    wanted.map(|wanted| text(shell, wanted)).unwrap_or_default()
}

/// A limit in words.
pub fn limit(shell: &Shell, limit: TimeLimit) -> String {
    limit.words(shell.lang)
}

/// The address of an item's guide.
pub fn href(content: &ItemContent) -> String {
    format!(
        "/items/{}",
        path_part(content.codes.key().unwrap_or_default())
    )
}

/// A text as one part of a path: what is not plain is percent-encoded.
pub fn path_part(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}

/// Departments as choices, with how many items each has.
pub fn departments(names: &[(String, i64)], chosen: &str) -> Vec<Choice> {
    let pairs = names
        .iter()
        .map(|(name, count)| (name.clone(), format!("{name}（{count}）")));
    Choice::list(pairs, chosen)
}
