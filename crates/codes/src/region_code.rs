//! Region code 行政区划代码: 6 digits (GB/T 2260, 2+2+2), 9 with the township, 12 with the village
//! (statistical form). The type promises the shape only; whether a region is known is a question
//! to a [`crate::RegionTable`], whose versions change while stored codes stay.

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, part, text_code};
use crate::{Allowed, CodeError, Region, RegionTable, Standing};

/// A region code of 6, 9 or 12 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);
text_code!(RegionCode);

/// Level of a region, as the trailing zeros of its code say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// 省级.
    Province,
    /// 地级.
    Prefecture,
    /// 县级.
    County,
    /// 乡级 (镇、街道).
    Township,
    /// 村级 (社区).
    Village,
}

impl RegionCode {
    /// Checks length (6, 9 or 12), digits, that there is a province, and that no village stands
    /// without a township. Other levels are skipped in truth: 香港 810001 has no prefecture,
    /// 东莞 441900 has townships and no counties.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[6, 9, 12], "6 or 9 or 12", |_| Allowed::Digits)?;
        let zero = |from, to| part(&text, from, to).bytes().all(|digit| digit == b'0');
        let fail = |en, zh| Err(CodeError::Shape { en, zh });
        if zero(0, 2) {
            return fail("the province part is 00", "省级代码不能是 00");
        }
        if zero(6, 9) && !zero(9, text.len()) {
            return fail(
                "a village stands below no township",
                "乡级为 000 时村级也须为 000",
            );
        }
        Ok(Self(text))
    }

    /// The code without the zeros of lower levels: 6, 9 or 12 digits.
    pub fn shortest(&self) -> &str {
        let zero = |from, to| part(&self.0, from, to).bytes().all(|digit| digit == b'0');
        match self.0.len() {
            12 if !zero(9, 12) => &self.0,
            9 | 12 if !zero(6, 9) => part(&self.0, 0, 9),
            _ => part(&self.0, 0, 6),
        }
    }

    /// The first six digits: county or higher.
    pub fn county_part(&self) -> &str {
        part(&self.0, 0, 6)
    }

    /// The statistical form of 12 digits.
    pub fn to_twelve(&self) -> String {
        format!("{:0<12}", self.0)
    }

    /// The level.
    pub fn level(&self) -> RegionLevel {
        match self.shortest() {
            code if code.len() == 12 => RegionLevel::Village,
            code if code.len() == 9 => RegionLevel::Township,
            code if code.ends_with("0000") => RegionLevel::Province,
            code if code.ends_with("00") => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// The region one level up by structure; `None` above a province.
    pub fn parent(&self) -> Option<Self> {
        let code = self.shortest();
        let parent = match self.level() {
            RegionLevel::Province => return None,
            RegionLevel::Prefecture => format!("{}0000", part(code, 0, 2)),
            RegionLevel::County => format!("{}00", part(code, 0, 4)),
            RegionLevel::Township => part(code, 0, 6).to_owned(),
            RegionLevel::Village => part(code, 0, 9).to_owned(),
        };
        Some(Self(parent))
    }

    /// Whether `other` is this region or lies in it (a right granted for a city holds in its
    /// counties).
    pub fn contains(&self, other: &Self) -> bool {
        let code = self.shortest();
        let stem = match self.level() {
            RegionLevel::Province => part(code, 0, 2),
            RegionLevel::Prefecture => part(code, 0, 4),
            _ => code,
        };
        other.to_twelve().starts_with(stem)
    }

    /// What the embedded table says about this code.
    pub fn standing(&self) -> Standing {
        RegionTable::built_in().standing(self)
    }

    /// The region in the embedded table.
    pub fn region(&self) -> Option<Region> {
        RegionTable::built_in().find(self)
    }
}
