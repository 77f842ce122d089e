//! How the ratings of an item stand, in whole numbers. Defaults are never counted as satisfied:
//! they stand beside, and the response rate says how many answered by themselves.

use crate::model::{Grade, RatingStatus};

/// A share of something, kept as two whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub part: i64,
    /// Of how many.
    pub whole: i64,
}

impl Rate {
    /// Tenths of a percent, rounded down so that 100 % means all; none of nothing.
    #[must_use]
    pub fn permille(self) -> Option<i64> {
        (0 < self.whole).then(|| self.part.saturating_mul(1000) / self.whole)
    }

    /// For people: `98.7`, or `–` where there is nothing to share.
    #[must_use]
    pub fn percent_text(self) -> String {
        self.permille().map_or_else(
            || "–".to_owned(),
            |permille| format!("{}.{}", permille / 10, permille % 10),
        )
    }
}

/// How the ratings of an item stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many services have a grade, defaults among them.
    pub n: i64,
    /// How many were rated by somebody 主动评价.
    pub active: i64,
    /// How many got the default grade 默认评价.
    pub defaults: i64,
    /// How many can still be rated.
    pub open: i64,
    /// How many were supplemented 追评.
    pub supplemented: i64,
    /// How many rated with each grade, in the order of [`Grade::ALL`], defaults left out.
    pub per_grade: [i64; 5],
}

impl Summary {
    /// Adds so many ratings of a status and grade.
    pub(crate) fn add(&mut self, status: RatingStatus, grade: Option<Grade>, count: i64) {
        match (status, grade) {
            (RatingStatus::Invited, _) | (_, None) => {
                self.open += count;
                return;
            }
            (RatingStatus::Defaulted, Some(_)) => self.defaults += count,
            (RatingStatus::Rated | RatingStatus::Supplemented, Some(grade)) => {
                self.active += count;
                self.per_grade[usize::from(grade.gb_39046() - 1)] += count;
                if status == RatingStatus::Supplemented {
                    self.supplemented += count;
                }
            }
        }
        self.n += count;
    }

    /// How many rated with a grade, defaults left out.
    #[must_use]
    pub fn of(&self, grade: Grade) -> i64 {
        self.per_grade[usize::from(grade.gb_39046() - 1)]
    }

    /// 主动评价率: rated by somebody, of all that are closed.
    #[must_use]
    pub fn response_rate(&self) -> Rate {
        Rate {
            part: self.active,
            whole: self.n,
        }
    }

    /// 满意率: the upper three grades among those rated by somebody; no default counts.
    #[must_use]
    pub fn satisfaction(&self) -> Rate {
        let good = Grade::ALL.iter().filter(|grade| !grade.is_bad());
        Rate {
            part: good.map(|grade| self.of(*grade)).sum(),
            whole: self.active,
        }
    }
}
