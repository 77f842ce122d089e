//! Measures reading a log and counting it:
//! `cargo run --release -p eventlog --example measure FILE`.
//! Prints the best of seven rounds, so that a busy machine is told from a slow program.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eventlog::{Limits, read, stats};

const ROUNDS: usize = 7;

fn main() {
    let Some(file) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("give the log to be measured");
        std::process::exit(2);
    };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            std::process::exit(1);
        }
    };
    let (mut reading, mut counting) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let log = match read(bytes.as_slice(), &Limits::default()) {
            Ok(log) => log,
            Err(fault) => {
                eprintln!("{fault}");
                std::process::exit(1);
            }
        };
        reading = reading.min(begin.elapsed());
        let begin = Instant::now();
        let events = stats(&log).events;
        counting = counting.min(begin.elapsed());
        println!("{events} events");
    }
    println!("best: read {reading:?}, count {counting:?}");
}
