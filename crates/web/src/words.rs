//! Wording for people, Chinese first: what the rooms' `messages.toml` files say for each code.
//!
//! An entry is `code = { zh = "…", en = "…", todo_zh = "…", todo_en = "…" }`; `{name}` in a
//! wording is replaced by the parameter of that name, and `{name|day|days}` by the first word when
//! that parameter is 1 and by the second otherwise. Deliberately absent: any other rule; a key
//! without wording is shown as it is, and a test on the roof finds it.

use std::collections::BTreeMap;

use kernel::Lang;
use kernel::fault::Param;

/// The wording of one key in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// What to do next, in Chinese; may be empty.
    pub todo_zh: String,
    /// What to do next, in English; may be empty.
    pub todo_en: String,
}

/// A `messages.toml` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongWords {
    /// The file is not TOML, or an entry has another shape.
    #[error("messages of {room}: {reason}")]
    Malformed {
        /// Whose file.
        room: String,
        /// What is wrong and where.
        reason: String,
    },
    /// Two files word the same key.
    #[error("messages of {room}: {key} is worded twice")]
    Twice {
        /// Whose file.
        room: String,
        /// The key.
        key: String,
    },
}

/// All wordings of the house.
#[derive(Debug, Clone, Default)]
pub struct Words {
    entries: BTreeMap<String, Wording>,
}

/// The wording of this crate: frame, parts, faults, fields, roles.
const OWN: (&str, &str) = ("web", include_str!("../messages.toml"));

impl Words {
    /// Reads the files of the rooms, given as (room, text), after this crate's own.
    ///
    /// # Errors
    /// [`WrongWords`] when a file is malformed or a key is worded twice.
    pub fn new(files: &[(&str, &str)]) -> Result<Self, WrongWords> {
        let mut words = Self::default();
        for (room, text) in std::iter::once(&OWN).chain(files) {
            let table: toml::Table =
                text.parse()
                    .map_err(|error: toml::de::Error| WrongWords::Malformed {
                        room: (*room).to_owned(),
                        reason: error.to_string(),
                    })?;
            words.absorb(room, "", &table)?;
        }
        Ok(words)
    }

    /// The wording of a key with its parameters filled in; the key itself when there is none.
    #[must_use]
    pub fn say(&self, lang: Lang, key: &str, params: &[Param]) -> String {
        match self.entries.get(key) {
            Some(wording) => fill(lang.pick(&wording.zh, &wording.en), params),
            None => key.to_owned(),
        }
    }

    /// What to do next about a key, when its wording says so.
    #[must_use]
    pub fn todo(&self, lang: Lang, key: &str, params: &[Param]) -> Option<String> {
        let wording = self.entries.get(key)?;
        let text = lang.pick(&wording.todo_zh, &wording.todo_en);
        (!text.is_empty()).then(|| fill(text, params))
    }

    /// The wording of a key without parameters, borrowed; the key itself when there is none.
    #[must_use]
    pub fn plain<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        let wording = self.entries.get(key);
        wording.map_or(key, |wording| lang.pick(&wording.zh, &wording.en).as_str())
    }

    /// Whether a key has a wording.
    #[must_use]
    pub fn holds(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Every key with its wording, in order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Wording)> {
        self.entries
            .iter()
            .map(|(key, wording)| (key.as_str(), wording))
    }

    fn absorb(&mut self, room: &str, prefix: &str, table: &toml::Table) -> Result<(), WrongWords> {
        let malformed = |reason: String| WrongWords::Malformed {
            room: room.to_owned(),
            reason,
        };
        for (name, value) in table {
            let key = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            let inner = value
                .as_table()
                .ok_or_else(|| malformed(format!("{key} is not a table")))?;
            if !inner.get("zh").is_some_and(toml::Value::is_str) {
                self.absorb(room, &key, inner)?;
                continue;
            }
            let wording = wording(inner).map_err(|reason| malformed(format!("{key} {reason}")))?;
            if self.entries.insert(key.clone(), wording).is_some() {
                let room = room.to_owned();
                return Err(WrongWords::Twice { room, key });
            }
        }
        Ok(())
    }
}

fn wording(table: &toml::Table) -> Result<Wording, String> {
    let mut wording = Wording::default();
    for (name, value) in table {
        let text = value
            .as_str()
            .ok_or_else(|| format!("has no text in {name}"))?;
        let place = match name.as_str() {
            "zh" => &mut wording.zh,
            "en" => &mut wording.en,
            "todo_zh" => &mut wording.todo_zh,
            "todo_en" => &mut wording.todo_en,
            other => return Err(format!("has an unknown part {other}")),
        };
        text.clone_into(place);
    }
    if wording.zh.is_empty() || wording.en.is_empty() {
        return Err("needs zh and en".to_owned());
    }
    if wording.todo_zh.is_empty() != wording.todo_en.is_empty() {
        return Err("needs todo_zh and todo_en, or neither".to_owned());
    }
    Ok(wording)
}

/// Replaces `{name}` by the parameter of that name, in one pass: what a parameter holds is
/// never read as a placeholder.
fn fill(text: &str, params: &[Param]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let found = rest.find('}').and_then(|close| {
            let (name, forms) = match rest[1..close].split_once('|') {
                Some((name, forms)) => (name, forms.split_once('|')),
                None => (&rest[1..close], None),
            };
            let (_, value) = params.iter().find(|(known, _)| *known == name)?;
            let said = match forms {
                Some((one, _)) if value == "1" => one,
                Some((_, many)) => many,
                None => value.as_str(),
            };
            Some((close, said))
        });
        if let Some((close, value)) = found {
            filled.push_str(value);
            rest = &rest[close + 1..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = r#"
        [case]
        not_open = { zh = "{no} 已办结", en = "{no} is closed", todo_zh = "重开", todo_en = "Reopen" }
        "deep.er" = { zh = "深", en = "deep" }
    "#;

    #[test]
    fn a_code_is_said_in_both_languages_with_its_parameters() {
        let words = Words::new(&[("case", ROOM)]).unwrap();
        let no = [("no", "{no}7".to_owned())];
        assert_eq!(words.say(Lang::Zh, "case.not_open", &no), "{no}7 已办结");
        assert_eq!(words.say(Lang::En, "case.not_open", &[]), "{no} is closed");
        assert_eq!(
            words.todo(Lang::En, "case.not_open", &no).unwrap(),
            "Reopen"
        );
        assert_eq!(words.plain(Lang::Zh, "case.deep.er"), "深");
    }

    /// A newcomer read "1 items".
    #[test]
    fn one_thing_is_counted_in_the_singular() {
        let room = r#"
            [case]
            found = { zh = "共 {total} 项", en = "{total} {total|item was|items were} found" }
        "#;
        let words = Words::new(&[("case", room)]).unwrap();
        for (total, said) in [
            ("1", "1 item was found"),
            ("2", "2 items were found"),
            ("0", "0 items were found"),
            ("1.5", "1.5 items were found"),
        ] {
            let params = [("total", total.to_owned())];
            assert_eq!(words.say(Lang::En, "case.found", &params), said);
        }
        let one = [("total", "1".to_owned())];
        assert_eq!(words.say(Lang::Zh, "case.found", &one), "共 1 项");
    }

    #[test]
    fn a_key_without_wording_is_shown_as_it_is() {
        let words = Words::new(&[]).unwrap();
        assert_eq!(
            words.say(Lang::Zh, "case.unheard_of", &[]),
            "case.unheard_of"
        );
        assert!(!words.holds("case.unheard_of"));
    }

    #[test]
    fn half_worded_twice_worded_and_broken_files_are_refused_by_name() {
        let wrong = [
            "[a]\nb = { zh = \"只有中文\" }",
            "[a]\nb = { zh = \"甲\", en = \"A\", todo_zh = \"乙\" }",
            "[a]\nb = { zh = \"甲\", en = \"A\", colour = \"red\" }",
            "[shell]\nbrand = { zh = \"甲\", en = \"A\" }",
            "a = 1",
            "a = ",
        ];
        for text in wrong {
            let error = Words::new(&[("case", text)]).unwrap_err().to_string();
            assert!(error.contains("case"), "{error}");
        }
    }
}
