//! What the machine says of this program: processor time, memory. Linux only; elsewhere zero.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// How many flushes a probe takes.
const PROBES: usize = 51;

/// Processor time of the program so far, in milliseconds (Linux counts hundredths of a second).
pub(super) fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<&str> = behind_name.split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok());
    (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)) * 10
}

/// The largest resident memory so far, in MiB.
pub(super) fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or_default();
    let kib = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// How long one lone flush of 1 KiB takes here and now, in milliseconds: the median of some. The
/// machine's mood, beside each figure.
///
/// # Errors
/// When the folder cannot be written.
pub fn probe(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join("probe");
    let mut file = File::create(&path)?;
    let mut all = Vec::new();
    for _ in 0..PROBES {
        file.write_all(&[7; 1024])?;
        let began = Instant::now();
        file.sync_data()?;
        all.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    std::fs::remove_file(&path)?;
    all.sort_by(f64::total_cmp);
    Ok(all.get(PROBES / 2).copied().unwrap_or(0.0))
}
