//! Full text over what the rooms publish: Chinese words, pinyin, initials and life words.
//!
//! The index is derived data: any node may throw it away and rebuild it from published items.
//! Deliberately absent: rights (only published things come here), highlighting, personal data,
//! and every type of the search library, so that nothing above compiles against it.

mod bench;
mod filler;
mod index;
mod life_words;
mod query;
mod schema;
mod sound;
mod text;

#[cfg(test)]
mod tests;

pub use bench::{Measured, measure};
pub use index::Index;

/// One published thing, as the rooms hand it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// Stable key of the thing, returned by a search; also found when typed in full.
    pub id: String,
    /// 事项名称: the Chinese name.
    pub title: String,
    /// The English name; empty where there is none.
    pub title_en: String,
    /// Guide text without mark-up, in either language.
    pub body: String,
    /// Other names people use for it 俗称, and codes it is known by.
    pub synonyms: Vec<String>,
    /// What it can be narrowed by.
    pub facets: Facets,
}

/// 分类: what a published thing can be narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// 实施主体: the organ that handles it.
    pub organ: String,
    /// 主题: the themes it belongs to.
    pub topics: Vec<String>,
    /// 事项类型: permit, confirmation, public service …
    pub kind: String,
}

/// Narrows a search; an absent part narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only things of this organ.
    pub organ: Option<String>,
    /// Only things under this theme.
    pub topic: Option<String>,
    /// Only things of this kind.
    pub kind: Option<String>,
}

/// The answer to one search: a page of hits and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// How many things match.
    pub total: usize,
    /// False when nothing holds all the words, and things that hold some of them are shown.
    pub all_words: bool,
    /// The page asked for, best first.
    pub items: Vec<Hit>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Key of the thing, as it was handed in.
    pub id: String,
    /// How well it matches; only comparable within one search.
    pub score: f32,
}

/// Why the index could not answer. The published things themselves are never at risk.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Another process holds the folder; each node needs its own.
    #[error("the search folder is in use by another process; give each node a folder of its own")]
    Busy,
    /// The folder could not be read or written.
    #[error("the search index could not be read or written: {0}")]
    Storage(String),
}
