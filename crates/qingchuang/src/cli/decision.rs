//! `qingchuang decision`: runs test folders of the field, checks decision tables, without any data
//! folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use decision::{CaseResult, ModelFile, check, run_tests};
use kernel::Lang;
use process::{Finding, Language};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Ending, print_json, print_line};

/// Larger files are no model and no test of one.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// Folders in folders.
const DEPTH_MAX: usize = 32;

/// Decisions: DMN and FEEL.
#[derive(Debug, Args)]
pub struct Decision {
    #[command(subcommand)]
    command: DecisionCommand,
}

#[derive(Debug, Subcommand)]
enum DecisionCommand {
    /// Runs folders in the layout of the DMN TCK: *.dmn with *-test-NN.xml.
    Test {
        /// The folder, searched with all that is in it.
        folder: PathBuf,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Checks a DMN file: readable, and every decision table without gaps and overlaps.
    Check {
        /// The file.
        file: PathBuf,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When a folder cannot be listed or standard output is gone.
pub fn run(arguments: &Decision, lang: Lang) -> anyhow::Result<Ending> {
    match &arguments.command {
        DecisionCommand::Test { folder, json } => run_test(folder, *json),
        DecisionCommand::Check { file, json } => run_check(file, *json, lang),
    }
}

fn run_check(file: &Path, json: bool, lang: Lang) -> anyhow::Result<Ending> {
    let language = match lang {
        Lang::Zh => Language::Chinese,
        Lang::En => Language::English,
    };
    let findings = check(&read(file)?);
    let good = !findings.iter().any(Finding::is_error);
    if json {
        let findings: Vec<Value> = findings
            .iter()
            .map(|finding| finding.to_json(language))
            .collect();
        print_json(&json!({ "ok": good, "findings": findings }))?;
    } else {
        print_line(match (good, language) {
            (true, Language::Chinese) => "合格",
            (true, Language::English) => "good",
            (false, Language::Chinese) => "不合格",
            (false, Language::English) => "not good",
        })?;
        for finding in &findings {
            let message = finding.message(language);
            print_line(&format!("{} {}: {message}", finding.code, finding.element))?;
        }
    }
    Ok(Ending::of(good))
}

/// Passed and failed, of everything or of one level.
#[derive(Debug, Default, Serialize)]
struct Tally {
    folders: u64,
    folders_passed: u64,
    cases: u64,
    passed: u64,
    failed: u64,
}

#[derive(Debug, Serialize)]
struct Failure {
    folder: String,
    case: String,
    reason: String,
}

#[derive(Debug, Default, Serialize)]
struct Report {
    cases: u64,
    passed: u64,
    failed: Vec<Failure>,
    folders: u64,
    folders_passed: u64,
    levels: BTreeMap<String, Tally>,
}

fn run_test(folder: &Path, json: bool) -> anyhow::Result<Ending> {
    if !folder.is_dir() {
        eprintln!("{} is no folder", folder.display());
        return Ok(Ending::Usage);
    }
    let mut folders = Vec::new();
    collect(folder, DEPTH_MAX, &mut folders)?;
    if folders.is_empty() {
        eprintln!("{} holds no test files (*-test-NN.xml)", folder.display());
        return Ok(Ending::Usage);
    }
    let mut report = Report::default();
    for tested in &folders {
        let results = test_folder(tested)?;
        let shown = tested
            .strip_prefix(folder)
            .unwrap_or(tested)
            .to_string_lossy()
            .into_owned();
        // A folder that is itself tested has no path beneath itself.
        let shown = if shown.is_empty() {
            tested.to_string_lossy().into_owned()
        } else {
            shown
        };
        report.add(&level(tested), &shown, results);
    }
    if json {
        print_json(&report)?;
    } else {
        report.print()?;
    }
    Ok(Ending::of(report.failed.is_empty()))
}

/// Every folder that holds test files, in order.
fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    anyhow::ensure!(depth > 0, "{} lies too deep", folder.display());
    let mut inner = Vec::new();
    let mut tested = false;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // Links are not followed: they may lead back.
        if entry.file_type()?.is_dir() {
            inner.push(entry.path());
        } else {
            tested |= is_test(&entry.file_name().to_string_lossy());
        }
    }
    if tested {
        found.push(folder.to_owned());
    }
    inner.sort();
    for folder in inner {
        collect(&folder, depth - 1, found)?;
    }
    Ok(())
}

/// `0001-input-data-string-test-01.xml`, `…-test-01a.xml`.
fn is_test(name: &str) -> bool {
    let number = name
        .strip_suffix(".xml")
        .and_then(|name| name.rsplit_once("-test-"));
    number.is_some_and(|(_, number)| number.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// The compliance level that the path names.
fn level(folder: &Path) -> String {
    let parts = folder.iter().map(|part| part.to_string_lossy());
    let mut levels =
        parts.filter(|part| part.starts_with("compliance-level-") || part == "non-compliant");
    levels
        .next_back()
        .map_or_else(|| "other".to_owned(), |level| level.into_owned())
}

/// The results of all test files of a folder. A file that cannot be read is a failed case.
fn test_folder(folder: &Path) -> anyhow::Result<Vec<CaseResult>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let unreadable = |name: &str, reason: String| CaseResult {
        case: name.to_owned(),
        failure: Some(reason),
    };
    let (mut models, mut results) = (Vec::new(), Vec::new());
    for name in names.iter().filter(|name| name.ends_with(".dmn")) {
        match read(&folder.join(name)) {
            Ok(text) => models.push((name, text)),
            Err(error) => results.push(unreadable(name, format!("{error:#}"))),
        }
    }
    let models: Vec<ModelFile<'_>> = models
        .iter()
        .map(|(name, text)| ModelFile { name, text })
        .collect();
    for name in names.iter().filter(|name| is_test(name)) {
        let tests = read(&folder.join(name));
        match tests.and_then(|tests| Ok(run_tests(&models, &tests)?)) {
            Ok(tested) => results.extend(tested),
            Err(error) => results.push(unreadable(name, format!("{error:#}"))),
        }
    }
    Ok(results)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let size = std::fs::metadata(file)?.len();
    anyhow::ensure!(size <= FILE_BYTES_MAX, "the file is larger than 16 MiB");
    let text = String::from_utf8(std::fs::read(file)?)?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

impl Report {
    fn add(&mut self, level: &str, folder: &str, results: Vec<CaseResult>) {
        let cases = results.len() as u64;
        let failed: Vec<Failure> = results
            .into_iter()
            .filter_map(|result| {
                let reason = result.failure?;
                Some(Failure {
                    folder: folder.to_owned(),
                    case: result.case,
                    reason,
                })
            })
            .collect();
        let passed = cases - failed.len() as u64;
        let whole = u64::from(failed.is_empty());
        let tally = self.levels.entry(level.to_owned()).or_default();
        tally.folders += 1;
        tally.folders_passed += whole;
        tally.cases += cases;
        tally.passed += passed;
        tally.failed += failed.len() as u64;
        self.folders += 1;
        self.folders_passed += whole;
        self.cases += cases;
        self.passed += passed;
        self.failed.extend(failed);
    }

    fn print(&self) -> anyhow::Result<()> {
        for failure in &self.failed {
            print_line(&format!(
                "{} {}: {}",
                failure.folder, failure.case, failure.reason
            ))?;
        }
        for (level, tally) in &self.levels {
            print_line(&format!(
                "{level}: {} of {} cases, {} of {} folders passed",
                tally.passed, tally.cases, tally.folders_passed, tally.folders
            ))?;
        }
        print_line(&format!(
            "{} of {} cases, {} of {} folders passed",
            self.passed, self.cases, self.folders_passed, self.folders
        ))
    }
}
