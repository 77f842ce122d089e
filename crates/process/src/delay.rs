//! How BPMN writes a length of time: ISO 8601 durations in whole numbers.
//!
//! Deliberately absent: dates, and any arithmetic with them.

use crate::kind::Delay;

/// An ISO 8601 duration in whole numbers: `P5D`, `PT4H`, `P1M`, `P2W`.
pub(crate) fn duration(text: &str) -> Option<Delay> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let [years, months, weeks, days] = parts(date, ['Y', 'M', 'W', 'D'])?;
    let [hours, minutes, seconds] = parts(time, ['H', 'M', 'S'])?;
    Some(Delay::Calendar {
        months: u16::try_from(years.checked_mul(12)?.checked_add(months)?).ok()?,
        days: u16::try_from(weeks.checked_mul(7)?.checked_add(days)?).ok()?,
        seconds: hours
            .checked_mul(3600)?
            .checked_add(minutes.checked_mul(60)?)?
            .checked_add(seconds)?,
    })
}

fn parts<const N: usize>(mut text: &str, units: [char; N]) -> Option<[u32; N]> {
    let mut values = [0; N];
    for (value, unit) in values.iter_mut().zip(units) {
        if let Some((number, rest)) = text.split_once(unit) {
            *value = number.parse().ok()?;
            text = rest;
        }
    }
    text.is_empty().then_some(values)
}

/// An ISO 8601 cycle: `R3/P5D` fires three times, `R/P1D` for ever (0).
pub(crate) fn cycle(text: &str) -> Option<(Delay, u16)> {
    let (times, length) = text.strip_prefix('R')?.split_once('/')?;
    let times = if times.is_empty() {
        0
    } else {
        times.parse().ok().filter(|times| *times > 0)?
    };
    Some((duration(length)?, times))
}
