//! Chance for the demonstration hall, from the virtual clock: the same hall every time.

use kernel::Clock;

/// Rolls dice.
#[derive(Clone)]
pub struct Dice(Clock);

impl Dice {
    /// Dice over a virtual clock.
    pub fn new(clock: &Clock) -> Self {
        Self(clock.clone())
    }

    /// A number below `limit`; 0 when the limit is 0.
    pub fn below(&self, limit: u64) -> u64 {
        u64::from_le_bytes(self.0.random::<8>()) % limit.max(1)
    }

    /// True so many times in a hundred.
    pub fn percent(&self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of several; none of none.
    pub fn pick<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(usize::try_from(self.below(all.len() as u64)).unwrap_or(0))
    }

    /// A number between two, both included.
    pub fn between(&self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low))
            .unwrap_or(0)
            .saturating_add(1);
        low.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }
}
