//! The only place that asks the time or rolls dice: real, or virtual for demonstration,
//! simulation and replay.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::id::TypedId;

/// China Standard Time. The mainland has one zone and no summer time since 1992.
const HALL_OFFSET: Offset = jiff::tz::offset(8);

/// The civil day of an instant in the hall's zone.
#[must_use]
pub fn hall_date(at: Timestamp) -> Date {
    HALL_OFFSET.to_datetime(at).date()
}

/// The civil date and time of an instant in the hall's zone.
#[must_use]
pub fn hall_time(at: Timestamp) -> DateTime {
    HALL_OFFSET.to_datetime(at)
}

/// The instant at which a civil date and time falls in the hall's zone; the ends of time for
/// what no instant can hold.
#[must_use]
pub fn hall_instant(at: DateTime) -> Timestamp {
    let fallback = if at.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    TimeZone::fixed(HALL_OFFSET)
        .to_timestamp(at)
        .unwrap_or(fallback)
}

/// Gives time, chance and ids. Cloning shares the source.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    Real,
    Virtual(Mutex<VirtualSource>),
}

struct VirtualSource {
    now: Timestamp,
    chance: u64,
}

impl Clock {
    /// The system's clock and the system's randomness.
    #[must_use]
    pub fn real() -> Self {
        Self(Arc::new(Source::Real))
    }

    /// A clock that stands at `now` until told otherwise; all chance comes from `seed`.
    /// Not for keys or draws: the sequence is predictable on purpose.
    #[must_use]
    pub fn virtual_at(now: Timestamp, seed: u64) -> Self {
        Self(Arc::new(Source::Virtual(Mutex::new(VirtualSource {
            now,
            chance: seed,
        }))))
    }

    /// The present instant, to the microsecond.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let exact = match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
            Source::Real => Timestamp::now(),
            Source::Virtual(state) => state.lock().unwrap_or_else(PoisonError::into_inner).now,
        };
        Timestamp::from_microsecond(exact.as_microsecond()).unwrap_or(exact)
    }

    /// The present day in the hall's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        hall_date(self.now())
    }

    /// Moves a virtual clock to an instant; a real clock is not moved.
    pub fn set(&self, now: Timestamp) {
        if let Source::Virtual(state) = &*self.0 {
            state.lock().unwrap_or_else(PoisonError::into_inner).now = now;
        }
    }

    /// Moves a virtual clock by a duration; a real clock is not moved.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Virtual(state) = &*self.0 {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.now = state.now.checked_add(by).unwrap_or(state.now);
        }
    }

    /// Whether this clock is virtual.
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        matches!(*self.0, Source::Virtual(_))
    }

    /// Unpredictable bytes (predictable ones from a virtual clock).
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        match &*self.0 {
            Source::Real => crate::chance::fill(&mut bytes),
            Source::Virtual(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in bytes.chunks_mut(8) {
                    let word = split_mix(&mut state.chance).to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A new id that sorts by the time of its making (UUID version 7, RFC 9562).
    #[must_use]
    pub fn new_id<I: TypedId>(&self) -> I {
        let micros = self.now().as_microsecond().max(0).unsigned_abs();
        let mut tail: [u8; 10] = self.random();
        // Method 3 of RFC 9562 §6.2: the sub-millisecond part leads the random part.
        let fraction = u16::try_from((micros % 1000) * 4096 / 1000).unwrap_or(0);
        tail[0] = (fraction >> 8) as u8;
        tail[1] = (fraction & 0xff) as u8;
        I::from_uuid(uuid::Builder::from_unix_timestamp_millis(micros / 1000, &tail).into_uuid())
    }

    /// A raw id, for what has no kind of its own.
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        self.new_id::<crate::CommandId>().uuid()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Clock({})", self.now())
    }
}

/// Steele, Lea and Flood's SplitMix64: small, well spread, good enough for simulation.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PersonId;

    #[test]
    fn ids_sort_by_the_time_of_their_making() {
        let clock = Clock::virtual_at(Timestamp::UNIX_EPOCH, 1);
        let mut last: PersonId = clock.new_id();
        for _ in 0..2000 {
            clock.advance(SignedDuration::from_micros(7));
            let next: PersonId = clock.new_id();
            assert!(last < next);
            last = next;
        }
    }

    #[test]
    fn the_hall_day_begins_at_sixteen_hours_utc() {
        let evening: Timestamp = "2026-09-30T16:00:00Z".parse().unwrap();
        assert_eq!(hall_date(evening).to_string(), "2026-10-01");
        assert_eq!(hall_instant(hall_time(evening)), evening);
    }

    #[test]
    fn the_same_seed_gives_the_same_chance() {
        let draw = || Clock::virtual_at(Timestamp::UNIX_EPOCH, 42).random::<20>();
        assert_eq!(draw(), draw());
    }
}
