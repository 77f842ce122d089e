//! The language of the person at the command line: `--lang`, then LC_ALL, LC_MESSAGES and LANG;
//! and how a fault is told in it: what, by which rule, what to do.

use kernel::fault::Param;
use kernel::{Fault, Lang, Problem};
use web::Words;

/// Why a command is not carried out; its wording is the key.
#[derive(Debug)]
pub struct Declined {
    /// The key of the wording.
    pub key: &'static str,
    /// What the wording needs.
    pub params: Vec<Param>,
}

impl Declined {
    /// Declined for this reason.
    #[must_use]
    pub fn because(key: &'static str, params: Vec<Param>) -> anyhow::Error {
        anyhow::Error::new(Self { key, params })
    }

    /// Declined for this reason, which is about a place on the disk.
    #[must_use]
    pub fn at(key: &'static str, place: &std::path::Path) -> anyhow::Error {
        Self::because(key, vec![("folder", place.display().to_string())])
    }
}

impl std::fmt::Display for Declined {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {:?}", self.key, self.params)
    }
}

impl std::error::Error for Declined {}

/// Speaks to the person at the command line.
pub struct Tongue {
    /// Their language.
    pub lang: Lang,
    words: Words,
}

impl Tongue {
    /// The language asked for, or that of the session; English where that says neither.
    ///
    /// # Errors
    /// When a room's wording is damaged.
    pub fn new(asked: Option<Lang>) -> anyhow::Result<Self> {
        let lang = lang(asked);
        let words = Words::new(crate::house::MESSAGES)?;
        Ok(Self { lang, words })
    }

    /// The wording of a key with its parameters filled in.
    #[must_use]
    pub fn say(&self, key: &str, params: &[Param]) -> String {
        self.words.say(self.lang, key, params)
    }

    /// The wording of a key that needs no parameters.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// What a code says, and behind it what to do.
    #[must_use]
    pub fn with_todo(&self, code: &str, params: &[Param]) -> String {
        let said = self.say(code, params);
        match self.words.todo(self.lang, code, params) {
            Some(todo) => format!("{said} {todo}"),
            None => said,
        }
    }

    /// What to do about a code, or nothing.
    #[must_use]
    pub fn todo(&self, code: &str, params: &[Param]) -> Option<String> {
        self.words.todo(self.lang, code, params)
    }

    /// What a key is called in Chinese and in English.
    #[must_use]
    pub fn names<'a>(&'a self, key: &'a str) -> [&'a str; 2] {
        [Lang::Zh, Lang::En].map(|lang| self.words.plain(lang, key))
    }

    /// Everything that a fault says, one sentence a line: what is wrong, where, by which rule.
    #[must_use]
    pub fn fault(&self, fault: &Fault) -> Vec<String> {
        match fault {
            Fault::Refused(refused) => {
                let said = self.with_todo(refused.code, &refused.params);
                let statute = refused.statute.map(|statute| format!("（{statute}）"));
                vec![format!("{said}{}", statute.unwrap_or_default())]
            }
            Fault::Invalid(problems) => {
                let one = |problem: &Problem| {
                    let said = self.with_todo(problem.code, &problem.params);
                    format!("{}: {said}", problem.field)
                };
                problems.iter().map(one).collect()
            }
            Fault::NotFound { what } => {
                vec![self.with_todo("cli.not_found", &[("what", (*what).to_owned())])]
            }
            Fault::Conflict { what } => {
                vec![self.with_todo("cli.conflict", &[("what", (*what).to_owned())])]
            }
            Fault::Unavailable { detail } => {
                vec![self.with_todo("cli.unavailable", &[("detail", detail.clone())])]
            }
            other => vec![other.to_string()],
        }
    }
}

/// The language of the session, as POSIX says where it stands.
/// The language asked for, or that of the session; English where that says neither.
#[must_use]
pub fn lang(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(of_session)
}

fn of_session() -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match said {
        Some(value) if value.to_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
