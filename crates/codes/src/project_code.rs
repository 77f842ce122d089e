//! Project code 项目代码 (GB/T 40058—2021): 4 year – 6 region – 2 department – 2 type –
//! 5 random and 1 check, 24 characters with hyphens. The shape only: the check algorithm is not
//! public enough to rely on, so a number of the right shape is not proof of a real project.

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, part, text_code};
use crate::{Allowed, CodeError, RegionCode};

const HYPHENS: [usize; 4] = [4, 11, 14, 17];

/// A project code of the right shape, with hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectCode(String);
text_code!(ProjectCode);

impl ProjectCode {
    /// Checks length, hyphens, digits and the shape of the region.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[24], "24", |index| match index {
            index if HYPHENS.contains(&index) => Allowed::LocalItem,
            23 => Allowed::DigitsAndLetters,
            _ => Allowed::Digits,
        })?;
        if HYPHENS.iter().any(|&at| part(&text, at, at + 1) != "-") {
            return Err(CodeError::Shape {
                en: "hyphens stand after characters 4, 10, 12 and 14: 2020-370600-47-03-000001",
                zh: "应写作 2020-370600-47-03-000001，连字符位置不对",
            });
        }
        RegionCode::parse(part(&text, 5, 11))?;
        Ok(Self(text))
    }

    /// Year of the code.
    pub fn year(&self) -> &str {
        part(&self.0, 0, 4)
    }

    /// Region, 6 digits.
    pub fn region(&self) -> &str {
        part(&self.0, 5, 11)
    }

    /// Central department, 2 digits.
    pub fn department(&self) -> &str {
        part(&self.0, 12, 14)
    }

    /// Project type, 2 digits.
    pub fn project_type(&self) -> &str {
        part(&self.0, 15, 17)
    }
}
