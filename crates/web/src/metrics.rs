//! Figures for the operator, in the text format of Prometheus. No names, paths or ids.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use db::Db;

/// The upper ends of the latency classes, in microseconds.
const CLASSES: [u64; 12] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    5_000_000,
];

#[derive(Default)]
pub(crate) struct Metrics {
    rooms: Mutex<BTreeMap<&'static str, Room>>,
}

#[derive(Default)]
struct Room {
    by_status: BTreeMap<u16, u64>,
    classes: [u64; CLASSES.len()],
    count: u64,
    micros: u64,
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn count(&self, room: &'static str, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms.entry(room).or_default();
        *room.by_status.entry(status).or_default() += 1;
        room.count += 1;
        room.micros = room.micros.saturating_add(micros);
        if let Some(class) = CLASSES.iter().position(|end| micros <= *end) {
            room.classes[class] += 1;
        }
    }

    /// The figures as text.
    pub(crate) fn text(&self, db: &Db) -> String {
        let mut text = String::new();
        // Writing to a String never fails.
        let _always_ok = self.write(db, &mut text);
        text
    }

    fn write(&self, db: &Db, out: &mut String) -> std::fmt::Result {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(out, "# TYPE qingchuang_requests_total counter")?;
        for (name, room) in &*rooms {
            for (status, count) in &room.by_status {
                writeln!(
                    out,
                    "qingchuang_requests_total{{room=\"{name}\",status=\"{status}\"}} {count}"
                )?;
            }
        }
        let histogram = "qingchuang_request_seconds";
        writeln!(out, "# TYPE {histogram} histogram")?;
        for (name, room) in &*rooms {
            let mut sum = 0;
            for (end, count) in CLASSES.iter().zip(room.classes) {
                sum += count;
                let end = seconds(*end);
                writeln!(
                    out,
                    "{histogram}_bucket{{room=\"{name}\",le=\"{end}\"}} {sum}"
                )?;
            }
            let Room { count, micros, .. } = room;
            let micros = seconds(*micros);
            writeln!(
                out,
                "{histogram}_bucket{{room=\"{name}\",le=\"+Inf\"}} {count}"
            )?;
            writeln!(out, "{histogram}_sum{{room=\"{name}\"}} {micros}")?;
            writeln!(out, "{histogram}_count{{room=\"{name}\"}} {count}")?;
        }
        writeln!(out, "# TYPE qingchuang_commits_total counter")?;
        writeln!(out, "qingchuang_commits_total {}", db.commit_count())?;
        writeln!(out, "# TYPE qingchuang_statements_total counter")?;
        writeln!(out, "qingchuang_statements_total {}", db.statement_count())
    }
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
