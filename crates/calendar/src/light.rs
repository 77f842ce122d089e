//! Lights 绿黄红: how a running case stands to its two limits.

use serde::{Deserialize, Serialize};

/// Green, yellow, red, black; ordered from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// In time.
    Green,
    /// Near the promised limit.
    Yellow,
    /// The promised limit is over.
    Red,
    /// The statutory limit is over.
    Black,
}

/// When yellow begins: at most this many days or this share of the promised limit is left,
/// whichever is more. For a limit in hours only the share counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LightPolicy {
    /// Days left.
    pub yellow_days: u32,
    /// Share of the limit left, in per cent.
    pub yellow_percent: u32,
}

impl Default for LightPolicy {
    fn default() -> Self {
        Self {
            yellow_days: 1,
            yellow_percent: 20,
        }
    }
}
