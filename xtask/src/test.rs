//! Every test there is. What a machine lacks is installed; nothing is ever skipped.
//!
//! A step runs when the repository holds its input:
//! - Rust tests: always. Examples in documentation: always.
//! - verifier scripts: any `test_*.py` that git knows
//! - pages: `web/package.json`, its `check` script (types, committed bundle)
//! - browser: `web/tests/*.test.mjs`
//! - contract: `docs/openapi.json`

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::shell::{Steps, answers, capture, cargo, program, root, run};
use crate::{browser, contract, need, postgres};

/// Where store tests look for a server.
const POSTGRES_VARIABLE: &str = "QINGCHUANG_TEST_POSTGRES";

/// The three kinds of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Rust,
    Browser,
    Contract,
}

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    parts: Vec<Part>,
    runner_words: Vec<String>,
}

impl Wanted {
    /// All parts.
    pub(crate) fn everything() -> Wanted {
        let parts = vec![Part::Rust, Part::Browser, Part::Contract];
        Wanted {
            parts,
            runner_words: Vec::new(),
        }
    }

    fn read(words: &[String]) -> Result<Wanted> {
        let mut wanted = Wanted::everything();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only" => {
                    wanted.parts = vec![match words.next().map(String::as_str) {
                        Some("rust") => Part::Rust,
                        Some("browser") => Part::Browser,
                        Some("contract") => Part::Contract,
                        _ => bail!("--only takes rust, browser or contract"),
                    }];
                }
                "--" => wanted.runner_words.extend(words.by_ref().cloned()),
                other => wanted.runner_words.push(other.to_owned()),
            }
        }
        Ok(wanted)
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

/// `cargo xtask test`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let wanted = Wanted::read(words)?;
    let mut steps = Steps::default();
    let summary = all(&mut steps, &wanted)?;
    steps.print();
    println!("{summary}");
    Ok(())
}

/// Runs the parts wanted; gives the closing line of the Rust tests.
pub(crate) fn all(steps: &mut Steps, wanted: &Wanted) -> Result<String> {
    for part in &wanted.parts {
        need::debian(*part)?;
    }
    // One graph for tests and program: building them apart would switch features and build twice.
    steps.step("build tests and program", || {
        run(&mut cargo(&[
            "build",
            "--workspace",
            "--bins",
            "--tests",
            "--locked",
        ]))
    })?;
    let mut summary = String::new();
    if wanted.has(Part::Rust) {
        summary = steps.step("Rust tests on both stores", || rust(&wanted.runner_words))?;
        steps.step("examples in documentation", || {
            run(&mut cargo(&[
                "test",
                "--workspace",
                "--doc",
                "--quiet",
                "--locked",
            ]))
        })?;
        for folder in python_folders()? {
            steps.step(&format!("verifier scripts in {folder}"), || {
                let words = [
                    "-m",
                    "unittest",
                    "discover",
                    "-v",
                    "-p",
                    "test_*.py",
                    "-s",
                    &folder,
                ];
                run(&mut program("python3", &words))
            })?;
        }
    }
    if wanted.has(Part::Browser) && root().join("web/package.json").exists() {
        steps.step("npm packages", need::npm_packages)?;
        steps.step("pages: types and committed bundle", || {
            run(program("npm", &["run", "check"]).current_dir(root().join("web")))
        })?;
        let stories = browser::stories()?;
        if !stories.is_empty() {
            steps.step("browser suite", || browser::run_all(&stories))?;
        }
    }
    if wanted.has(Part::Contract) && contract::is_described() {
        steps.step("API contract", contract::check)?;
    }
    Ok(summary)
}

fn rust(runner_words: &[String]) -> Result<String> {
    let server = postgres::Server::start()?;
    let mut command = match answers("cargo-nextest", &["nextest", "--version"]) {
        true => cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--locked",
        ]),
        false => cargo(&[
            "test",
            "--workspace",
            "--bins",
            "--lib",
            "--tests",
            "--locked",
        ]),
    };
    command
        .args(runner_words)
        .env(POSTGRES_VARIABLE, server.url());
    run_and_keep_summary(&mut command)
}

/// Passes on what the runner prints and keeps its last closing line.
fn run_and_keep_summary(command: &mut Command) -> Result<String> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().context("cannot start the test runner")?;
    // The pipe ends only when our own copies of its writing end are gone too.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut summary = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        if is_summary(&line) {
            summary = line;
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the tests ended with {status}: {}", summary.trim());
    }
    if summary.is_empty() {
        bail!("the test runner closed without saying how many tests it ran");
    }
    Ok(summary)
}

fn is_summary(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("Summary [") && line.contains("tests run:"))
        || line.starts_with("test result:")
}

/// Folders that hold tests of our Python scripts.
fn python_folders() -> Result<Vec<String>> {
    let listed = capture(&mut program(
        "git",
        &["ls-files", "-co", "--exclude-standard"],
    ))?;
    let mut folders: Vec<String> = listed
        .lines()
        .map(PathBuf::from)
        .filter(|path| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with("test_") && name.ends_with(".py"))
        })
        .filter_map(|path| path.parent().map(|folder| folder.display().to_string()))
        .collect();
    folders.sort();
    folders.dedup();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn only_picks_one_part_and_other_words_reach_the_runner() {
        let wanted = Wanted::read(&words("--only rust -p kernel")).unwrap();
        assert_eq!(wanted.parts, [Part::Rust]);
        assert_eq!(wanted.runner_words, ["-p", "kernel"]);
        assert!(Wanted::read(&words("--only everything")).is_err());
        assert_eq!(Wanted::read(&[]).unwrap(), Wanted::everything());
    }

    #[test]
    fn the_closing_lines_of_both_runners_are_known() {
        assert!(is_summary(
            "     Summary [   0.5s] 10 tests run: 10 passed, 0 skipped"
        ));
        assert!(is_summary("test result: ok. 3 passed; 0 failed"));
        assert!(!is_summary("    Starting 21 tests across 1 binary"));
    }

    #[test]
    fn a_runner_that_fails_or_says_nothing_fails_the_step() {
        assert!(run_and_keep_summary(&mut program("true", &[])).is_err());
        assert!(run_and_keep_summary(&mut program("false", &[])).is_err());
        let told = run_and_keep_summary(&mut program("echo", &["test result: ok. 1 passed"]));
        assert_eq!(told.unwrap(), "test result: ok. 1 passed");
    }
}
