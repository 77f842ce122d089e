//! An open task 待办: the duty it asks for, the organ it is for, and who holds it.
//!
//! Deliberately absent: who may take it, which is a rule (see `decide`).

use std::str::FromStr;

use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use process::{NodeId, Token};
use serde::{Deserialize, Serialize};

use super::code::NoCode;
use crate::Role;

kernel::vocabulary! {
    /// What somebody does at a task, for the separation of duties 岗位分离.
    pub enum Duty {
        /// 受理.
        Accept = "accept",
        /// 审查.
        Review = "review",
        /// 法制审核.
        Legal = "legal",
        /// 征求意见.
        Consult = "consult",
        /// 决定.
        Decide = "decide",
        /// 制证.
        Issue = "issue",
        /// 出件.
        Deliver = "deliver",
        /// Anything else.
        Other = "other",
    }
}

impl Duty {
    /// The duty that a process names.
    #[must_use]
    pub fn of(duty: Option<process::Duty>) -> Self {
        duty.and_then(|duty| duty.word().parse().ok())
            .unwrap_or(Self::Other)
    }

    /// Accept, review, decide, hand out: four people.
    #[must_use]
    pub fn is_kept_apart(self) -> bool {
        matches!(
            self,
            Self::Accept | Self::Review | Self::Decide | Self::Deliver
        )
    }
}

/// An open task 待办.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The token's number; tasks asked beside the process count from [`CO_TASK_FIRST`].
    #[serde(rename = "task")]
    pub number: u16,
    /// What is done here.
    pub duty: Duty,
    /// Which role does it.
    pub role: Role,
    /// In which organ.
    pub organ: OrganId,
    /// Since when it is open.
    pub on: Date,
    /// 环节时限, if the process names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<OfficerId>,
    /// Whom the holder stands in for (AB 角).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_for: Option<OfficerId>,
    /// What the co-handler is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Commitment>,
}

/// Which of a case's organs a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// 牵头机关.
    Lead,
    /// 政务服务中心.
    Hall,
    /// 协办机关, by its place in the list; the lead organ where the list is shorter.
    Co(u8),
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lead => out.write_str("lead"),
            Self::Hall => out.write_str("hall"),
            Self::Co(number) => write!(out, "co{number}"),
        }
    }
}

impl FromStr for Place {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        match text {
            "lead" => Ok(Self::Lead),
            "hall" => Ok(Self::Hall),
            other => {
                let number = other.strip_prefix("co").and_then(|n| n.parse().ok());
                number.map(Self::Co).ok_or(NoCode)
            }
        }
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(input)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// A task that a step opens, as short as its event can say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The token's number.
    pub task: u16,
    /// What is done here.
    pub duty: Duty,
    /// Which role does it.
    pub role: Role,
    /// In which organ.
    pub at: Place,
    /// 环节时限, if the process names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
}

/// Tasks from here on were asked beside the process: a co-handler's opinion.
pub const CO_TASK_FIRST: u16 = 60_000;

impl Task {
    /// Whether it stands beside the process.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        CO_TASK_FIRST <= self.number
    }

    /// Its token in the process.
    #[must_use]
    pub fn token(&self) -> Token {
        Token::on(NodeId::new(self.number))
    }
}
