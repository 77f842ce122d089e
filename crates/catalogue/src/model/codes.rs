//! The codes of an item. Checking their form is the work of `check.rs`.

use serde::{Deserialize, Serialize};

/// Codes of an item: the national ones where they are known, and the local ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemCodes {
    /// 基本编码, 12 characters: the row of the unified catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_code: Option<String>,
    /// 实施编码, 31 characters: credit code of the body, level, 基本编码.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_code: Option<String>,
    /// 业务办理项编码, 33 characters: 实施编码 and two digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling_code: Option<String>,
    /// 地方基本编码, such as `511A0005200004`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_catalog_code: Option<String>,
    /// 地方实施编码, such as `511A0005200004-511602000000-000-115113016823646795-1-00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_task_code: Option<String>,
}

impl ItemCodes {
    /// The code by which the hall knows the item; imports find an item again by it.
    ///
    /// The local implementation code comes first because every local system has one; then the
    /// national codes from the most to the least exact.
    pub fn key(&self) -> Option<&str> {
        [&self.local_task_code, &self.handling_code, &self.task_code]
            .into_iter()
            .find_map(|code| code.as_deref().filter(|code| !code.is_empty()))
    }

    /// A short code for addresses and signs; not unique where several bodies share a catalogue row.
    pub fn short(&self) -> Option<&str> {
        self.local_catalog_code
            .as_deref()
            .or(self.catalog_code.as_deref())
            .or_else(|| self.key())
    }
}

/// The parts of a local implementation code:
/// `基本编码-区划12位-000-实施机构代码-序号-00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTaskCode<'a> {
    /// 地方基本编码; may contain hyphens itself.
    pub catalog: &'a str,
    /// Region, 12 digits.
    pub region: &'a str,
    /// Code of the body: mostly a credit code, in old rows an organisation code or a filler.
    pub body: &'a str,
}

impl<'a> LocalTaskCode<'a> {
    /// Takes a local implementation code apart, or answers none when it has another shape.
    pub fn read(code: &'a str) -> Option<Self> {
        let head_end = code
            .char_indices()
            .filter(|(_, c)| *c == '-')
            .map(|(at, _)| at)
            .find(|at| {
                let rest = &code[at + 1..];
                rest.len() > 17
                    && rest.as_bytes()[..12].iter().all(u8::is_ascii_digit)
                    && rest.as_bytes()[12..].starts_with(b"-000-")
            })?;
        let rest = &code[head_end + 1..];
        let tail = &rest[17..];
        let body_end = tail.rmatch_indices('-').nth(1).map(|(at, _)| at)?;
        (head_end > 0 && body_end > 0).then_some(Self {
            catalog: &code[..head_end],
            region: &rest[..12],
            body: &tail[..body_end],
        })
    }
}
