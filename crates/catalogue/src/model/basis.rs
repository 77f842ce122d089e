//! Legal basis 设定依据: which article of which law. The texts of laws are deliberately not kept
//! here beyond the sentence quoted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An article of a law that an item, a fee, a limit or a material rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Full title of the law, without book marks.
    pub law: String,
    /// Document number 文号, such as 国务院令第746号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Date of the version cited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_date: Option<Date>,
    /// Article 条款, such as 第十九条第一款.
    pub article: String,
    /// The words relied on, verbatim; absent when the text is not in the shipped law data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

impl LegalBasis {
    /// 《law》article.
    pub fn citation(&self) -> String {
        format!("《{}》{}", self.law, self.article)
    }
}
