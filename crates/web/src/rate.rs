//! Token buckets, one per limit and key, in memory: each node counts for itself.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use kernel::Fault;

use crate::app::Bucket;
use crate::config::Rate;

/// How many keys are remembered; when there are more, full buckets are forgotten first.
const KEYS_MAX: usize = 50_000;
/// One token, in the unit of the count: tokens flow by the microsecond.
const TOKEN: i64 = 60_000_000;

#[derive(Default)]
pub(crate) struct Buckets {
    levels: Mutex<BTreeMap<(Bucket, String), Level>>,
}

#[derive(Clone, Copy)]
struct Level {
    tokens: i64,
    at: i64,
    full_at: i64,
}

impl Buckets {
    /// Takes one token.
    pub(crate) fn take(
        &self,
        bucket: Bucket,
        key: &str,
        rate: Rate,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let now = now.as_microsecond();
        let flow = i64::from(rate.per_minute);
        let most = i64::from(rate.burst) * TOKEN;
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut levels, now);
        let level = levels.entry((bucket, key.to_owned())).or_insert(Level {
            tokens: most,
            at: now,
            full_at: now,
        });
        // A clock that was set back must not lock anybody out: nothing flows, nothing is lost.
        let passed = now.saturating_sub(level.at).max(0);
        level.tokens = level
            .tokens
            .saturating_add(passed.saturating_mul(flow))
            .min(most);
        level.at = now;
        if level.tokens < TOKEN {
            let wait = (TOKEN - level.tokens).div_euclid(flow * 1_000_000) + 1;
            return Err(Fault::TooMany {
                wait_seconds: wait.unsigned_abs(),
            });
        }
        level.tokens -= TOKEN;
        level.full_at = now.saturating_add((most - level.tokens) / flow);
        Ok(())
    }
}

/// Keeps the memory bounded: drops what is full again, or all when an attacker filled it.
fn make_room(levels: &mut BTreeMap<(Bucket, String), Level>, now: i64) {
    if levels.len() < KEYS_MAX {
        return;
    }
    levels.retain(|_, level| now < level.full_at);
    if KEYS_MAX / 2 < levels.len() {
        levels.retain(|(bucket, _), _| *bucket == Bucket::Login);
    }
    if KEYS_MAX <= levels.len() {
        levels.clear();
    }
}

/// One key per household: an IPv6 client owns a whole /64.
pub(crate) fn address_key(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_burst_is_allowed_then_the_rate_counts() {
        let buckets = Buckets::default();
        let rate = Rate::new(6, 3);
        let mut now = Timestamp::UNIX_EPOCH;
        let take = |key: &str, now| buckets.take(Bucket::Login, key, rate, now);
        for _ in 0..3 {
            assert_eq!(take("a", now), Ok(()));
        }
        assert_eq!(take("a", now), Err(Fault::TooMany { wait_seconds: 11 }));
        assert_eq!(take("b", now), Ok(()));
        now += SignedDuration::from_secs(10);
        assert_eq!(take("a", now), Ok(()));
        assert!(take("a", now).is_err());
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let buckets = Buckets::default();
        let rate = Rate::new(60, 1);
        let late = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(9);
        assert_eq!(buckets.take(Bucket::General, "a", rate, late), Ok(()));
        let early = Timestamp::UNIX_EPOCH;
        assert!(buckets.take(Bucket::General, "a", rate, early).is_err());
        let soon = early + SignedDuration::from_secs(1);
        assert_eq!(buckets.take(Bucket::General, "a", rate, soon), Ok(()));
    }
}
