//! Running other programs, and the list of steps with their durations.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The program that the tests drive, built with the profile of the tests.
pub(crate) fn binary() -> PathBuf {
    target().join("debug/qingchuang")
}

/// A program to run at the top of the repository, without standard input.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs us.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let name = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = program(name, args);
    if std::env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Runs to the end; anything but success is an error that shows the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to the end and gives what it printed.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} ended with {}: {}",
            shown(command),
            output.status,
            complaint.trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether a program can be found and answers well.
pub(crate) fn answers(name: &str, args: &[&str]) -> bool {
    let mut command = program(name, args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Steps done so far, for the table at the end.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, f64)>,
}

impl Steps {
    /// Runs one step under its name; the first failure ends everything.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("── {name}");
        let start = Instant::now();
        let outcome = work();
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(value) => {
                println!("── {name}: done in {seconds:.1} s");
                self.done.push((name.to_owned(), seconds));
                Ok(value)
            }
            Err(error) => {
                self.print();
                Err(error.context(format!("{name} failed after {seconds:.1} s")))
            }
        }
    }

    /// One line a step.
    pub(crate) fn print(&self) {
        println!("── steps that went well");
        for (name, seconds) in &self.done {
            println!("{seconds:8.1} s  {name}");
        }
    }
}
