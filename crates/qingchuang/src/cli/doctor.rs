//! `qingchuang doctor`: what is wrong with an installation, and what to do. Exit 1 when something
//! must be mended, 0 with mere warnings.

use clap::Args;
use kernel::Clock;
use serde_json::json;

use super::ledger::Where;
use super::tongue::Tongue;
use super::{Ending, print_json, print_line};
use crate::doctor::{Severity, examine};

/// Explains what is wrong with an installation.
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Where,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Examines and tells.
///
/// # Errors
/// When the settings cannot be read.
pub fn run(doctor: &Doctor, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let config = doctor.place.settings()?;
    let found = examine(&config, clock);
    let good = found.iter().all(|one| one.severity != Severity::Error);
    let key = |code: &str| format!("cli.doctor.{code}");
    if doctor.json {
        let findings: Vec<_> = found
            .iter()
            .map(|one| {
                json!({
                    "code": one.code,
                    "severity": one.severity,
                    "message": tongue.say(&key(one.code), &one.params),
                    "todo": tongue.todo(&key(one.code), &one.params),
                })
            })
            .collect();
        print_json(&json!({ "ok": good, "findings": findings }))?;
        return Ok(Ending::of(good));
    }
    for one in &found {
        let severity = match one.severity {
            Severity::Error => "cli.doctor_error",
            Severity::Warning => "cli.doctor_warning",
            Severity::Note => "cli.doctor_note",
        };
        let said = tongue.say(&key(one.code), &one.params);
        print_line(&format!("{} {}: {said}", tongue.t(severity), one.code))?;
        if let Some(todo) = tongue.todo(&key(one.code), &one.params) {
            print_line(&format!("    {todo}"))?;
        }
    }
    let last = if good {
        "cli.doctor_good"
    } else {
        "cli.doctor_bad"
    };
    print_line(&tongue.t(last))?;
    Ok(Ending::of(good))
}
