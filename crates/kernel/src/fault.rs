//! Fault: the one error that crosses a room's door. Wording for people lives in the rooms'
//! `messages.toml` under the code; the mapping to HTTP lives in `web`.

/// A parameter of a message: its name in the wording and its value.
pub type Param = (&'static str, String);

/// A rule says no. Every room has an enum of these.
pub trait Refusal: std::fmt::Debug {
    /// The stable code, `room.reason`.
    fn code(&self) -> &'static str;
    /// The article that says so, where there is one.
    fn statute(&self) -> Option<&'static str> {
        None
    }
    /// What the wording needs to be exact.
    fn params(&self) -> Vec<Param> {
        Vec::new()
    }
}

/// A refusal on its way out of the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The stable code, `room.reason`.
    pub code: &'static str,
    /// The article that says so.
    pub statute: Option<&'static str>,
    /// What the wording needs to be exact.
    pub params: Vec<Param>,
}

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, as named in the form or as a JSON path.
    pub field: String,
    /// The stable code, `field.reason`.
    pub code: &'static str,
    /// What the wording needs to be exact.
    pub params: Vec<Param>,
}

impl Problem {
    /// A problem without parameters.
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
            params: Vec::new(),
        }
    }

    /// The same problem with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }
}

/// What crosses a room's door when the answer is not yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is none, or the asker may not know that there is one.
    #[error("no such {what}")]
    NotFound {
        /// The noun.
        what: &'static str,
    },
    /// The asker must log in first.
    #[error("log in first")]
    Unauthenticated,
    /// The asker is known and may not.
    #[error("forbidden: {code}")]
    Forbidden {
        /// The stable code.
        code: &'static str,
    },
    /// Fields do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<Problem>),
    /// A rule says no.
    #[error("refused: {}", .0.code)]
    Refused(Box<Refused>),
    /// Somebody else changed it first: load again.
    #[error("{what} was changed by somebody else")]
    Conflict {
        /// The noun.
        what: &'static str,
    },
    /// What was sent is larger than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Too many requests from one place.
    #[error("too many requests; wait {wait_seconds} s")]
    TooMany {
        /// How long to wait, in seconds.
        wait_seconds: u64,
    },
    /// The store, the disk or a neighbour cannot answer now. Nothing was acknowledged.
    #[error("unavailable: {detail}")]
    Unavailable {
        /// For the log, never for the page.
        detail: String,
    },
    /// The program or its data contradict themselves. Nothing was acknowledged.
    #[error("broken: {detail}")]
    Broken {
        /// For the log, never for the page.
        detail: String,
    },
}

impl Fault {
    /// One wrong field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![Problem::new(field, code)])
    }

    /// A contradiction that should not be.
    #[must_use]
    pub fn broken(detail: impl std::fmt::Display) -> Self {
        Self::Broken {
            detail: detail.to_string(),
        }
    }

    /// The refusal's code, if a rule said no.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refused) => Some(refused.code),
            _ => None,
        }
    }
}

impl<R: Refusal> From<R> for Fault {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(Refused {
            code: refusal.code(),
            statute: refusal.statute(),
            params: refusal.params(),
        }))
    }
}
