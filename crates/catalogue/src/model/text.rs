//! A text in Chinese with an optional English rendering. Other languages are deliberately absent:
//! the hall speaks two.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text shown to people: Chinese always, English where somebody wrote it.
///
/// In JSON it is a plain string, or `{"zh": …, "en": …}` when there is English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Text {
    /// The Chinese text, which is the valid one.
    pub zh: String,
    /// The English text for readers, without legal force.
    pub en: Option<String>,
}

impl Text {
    /// A text in Chinese only.
    pub fn zh(text: impl Into<String>) -> Self {
        Self {
            zh: text.into(),
            en: None,
        }
    }

    /// A text in both languages.
    pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: Some(en.into()),
        }
    }

    /// The text for a reader of `language` (`"en"` or anything else); Chinese where English lacks.
    pub fn get(&self, language: &str) -> &str {
        match &self.en {
            Some(en) if language.starts_with("en") => en,
            _ => &self.zh,
        }
    }

    /// Whether nothing but white space was written.
    pub fn is_blank(&self) -> bool {
        self.zh.trim().is_empty()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    One(String),
    Both(Pair),
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.en {
            None => serializer.serialize_str(&self.zh),
            Some(en) => Pair {
                zh: self.zh.clone(),
                en: en.clone(),
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::One(zh) => Self { zh, en: None },
            Written::Both(Pair { zh, en }) => Self { zh, en: Some(en) },
        })
    }
}
