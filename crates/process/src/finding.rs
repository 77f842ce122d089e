//! What is wrong with a process, where, and how to mend it, in the reader's language.
//!
//! Codes are promises; wording is not.

use std::fmt;

use serde_json::{Value, json};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended before publication.
    Warning,
    /// Must be mended: the process cannot be published.
    Error,
}

impl Severity {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The languages of the hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, e.g. `deadlock`.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The id of the element it is about.
    pub element: String,
    /// The line in the file; 0 when it is about no line.
    pub line: u32,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// What is wrong and what to do, in English.
    pub en: String,
    /// The way that leads there: ids of elements and of flows chosen at gateways.
    pub trace: Vec<String>,
}

impl Finding {
    /// A finding that keeps the process from being published.
    pub fn error(code: &'static str, element: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, element.into())
    }

    /// A finding that should be mended.
    pub fn warning(code: &'static str, element: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, element.into())
    }

    /// A finding worth knowing.
    pub fn note(code: &'static str, element: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, element.into())
    }

    fn new(code: &'static str, severity: Severity, element: String) -> Self {
        let (zh, en) = (String::new(), String::new());
        Self {
            code,
            severity,
            element,
            line: 0,
            zh,
            en,
            trace: Vec::new(),
        }
    }

    /// Adds the wording.
    pub fn says(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.zh = zh.into();
        self.en = en.into();
        self
    }

    /// Adds the line in the file.
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = line;
        self
    }

    /// Adds the way that leads there.
    pub fn after(mut self, trace: Vec<String>) -> Self {
        self.trace = trace;
        self
    }

    /// Whether it keeps the process from being published.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The wording in one language.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }

    /// The finding as the command line and the API show it.
    pub fn to_json(&self, language: Language) -> Value {
        let mut value = json!({
            "code": self.code,
            "severity": self.severity.word(),
            "element": self.element,
            "message": self.message(language),
        });
        if self.line > 0 {
            value["line"] = self.line.into();
        }
        if !self.trace.is_empty() {
            value["trace"] = self.trace.clone().into();
        }
        value
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.element, self.en)
    }
}
