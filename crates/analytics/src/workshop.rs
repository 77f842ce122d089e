//! Processes looked at before anybody works by them: can it get stuck, how long does it take,
//! who will be busy. Deliberately absent: keeping or publishing a process, which the room
//! `procedure` does; a file that was looked at is forgotten.

use db::Tx;
use decision::Feel;
use kernel::{Fault, Lang};
use ledger::VersionStatus;
use process::procedures::{self, Procedure};
use process::{
    Definitions, Finding, Language, Picture, Process, Profile, Served, Simulation, check,
    draw_trace, parse, served, simulate, span,
};

/// Larger files are no process of a hall.
pub(crate) const FILE_BYTES_MAX: u64 = 4 << 20;
/// More are not drawn and simulated while somebody waits for a page.
pub(crate) const CASES_MAX: u32 = 20_000;
/// More arrivals a day than any hall has.
pub(crate) const ARRIVALS_MAX: u32 = 2_000;

/// What a look at a process shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Looked {
    /// The name as drawn, or why the file cannot be read.
    pub(crate) name: String,
    /// Whether it may be published: executable, sound, no finding that is an error.
    pub(crate) good: bool,
    /// Tasks of people.
    pub(crate) steps: usize,
    /// 最短: working days of the shortest way.
    pub(crate) shortest: u32,
    /// 最长: working days of the longest way; nothing when ways back are not limited.
    pub(crate) longest: Option<u32>,
    /// 承诺: the days that the file promises.
    pub(crate) promised: Option<u16>,
    /// What is wrong or worth a look, in words.
    pub(crate) findings: Vec<Said>,
    /// The picture, with the way into the worst fault.
    pub(crate) picture: String,
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The element in the file.
    pub(crate) element: String,
    /// What is wrong and how to mend it.
    pub(crate) text: String,
    /// Whether it keeps the process from being published.
    pub(crate) error: bool,
}

/// A process that can be looked at: one that ships, or a version that the office drew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offered {
    /// The name that pages and addresses use: `standard`, `standard/2`.
    pub(crate) name: String,
    /// How a drawn version stands; none for what ships.
    pub(crate) status: Option<VersionStatus>,
    /// The file.
    pub(crate) file: String,
}

/// The processes that ship: those that items follow, and those to compare with.
pub(crate) fn shipped() -> impl Iterator<Item = &'static Procedure> {
    procedures::all().iter().chain(procedures::examples())
}

/// The most procedures of an office that the list goes through.
const DRAWN_MAX: usize = 500;

/// Everything that can be looked at: what items follow, what is there to compare with, and the
/// versions that the office drew, drafts as well, so that one can see what a draft would do.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn offered(tx: &mut Tx<'_>) -> Result<Vec<Offered>, Fault> {
    let shipped = shipped().map(|one| Offered {
        name: one.name.to_owned(),
        status: None,
        file: one.xml.to_owned(),
    });
    let mut all: Vec<Offered> = shipped.collect();
    for drawn in procedure::list(tx, "", DRAWN_MAX)? {
        if drawn.kind != procedure::Kind::Process {
            continue;
        }
        for version in drawn.versions.iter() {
            let name = drawn.edition_name(version.number);
            all.push(Offered {
                name: name.to_string(),
                status: Some(version.status),
                file: procedure::source(tx, &name)?.file,
            });
        }
    }
    Ok(all)
}

/// What can be looked at by its name.
///
/// # Errors
/// [`Fault::NotFound`].
pub(crate) fn find(tx: &mut Tx<'_>, name: &str) -> Result<Offered, Fault> {
    let found = offered(tx)?.into_iter().find(|one| one.name == name);
    found.ok_or(Fault::NotFound { what: "process" })
}

fn language(lang: Lang) -> Language {
    lang.pick(Language::Chinese, Language::English)
}

/// Looks at a file that anybody may have written.
pub(crate) fn look(file: &[u8], lang: Lang) -> Looked {
    match parse(file) {
        Ok(definitions) => look_at(&definitions, lang),
        Err(fault) => Looked {
            name: String::new(),
            good: false,
            steps: 0,
            shortest: 0,
            longest: None,
            promised: None,
            findings: vec![Said {
                element: String::new(),
                text: fault.to_string(),
                error: true,
            }],
            picture: String::new(),
        },
    }
}

fn look_at(definitions: &Definitions, lang: Lang) -> Looked {
    let mut report = check(definitions, &Feel::new());
    let english = definitions.main_in_english();
    let process = definitions.main();
    if let Some(process) = process {
        let missing = served(process, &Served::by_the_hall());
        report.findings.extend(missing);
    }
    let shown = lang.pick(process, english.as_ref());
    let worst = report.findings.iter().filter(|one| !one.trace.is_empty());
    let worst = worst.min_by_key(|finding| std::cmp::Reverse(finding.severity));
    let days = process.map(span);
    Looked {
        name: shown.map_or("", Process::name).to_owned(),
        good: report.ok && !report.findings.iter().any(Finding::is_error),
        steps: process.map_or(0, |process| process.way().len()),
        shortest: days.as_ref().map_or(0, |days| days.shortest),
        longest: days
            .filter(|days| days.is_bounded())
            .map(|days| days.longest),
        promised: process.and_then(Process::promised_days),
        findings: report.findings.iter().map(|one| said(one, lang)).collect(),
        picture: shown.map_or_else(String::new, |process| {
            picture(definitions, process, worst, lang)
        }),
    }
}

fn said(finding: &Finding, lang: Lang) -> Said {
    Said {
        element: finding.element.clone(),
        text: finding.message(language(lang)).to_owned(),
        error: finding.is_error(),
    }
}

fn picture(
    definitions: &Definitions,
    process: &Process,
    fault: Option<&Finding>,
    lang: Lang,
) -> String {
    let picture = Picture {
        title: fault.map_or(process.name(), |fault| fault.message(language(lang))),
        language: language(lang),
        current: &[],
    };
    let trace = fault.map_or(&[][..], |fault| &fault.trace);
    draw_trace(process, &definitions.diagram, &picture, trace)
}

/// Lives so many cases of a process; none for a process that does not run.
pub(crate) fn lived(file: &str, arrivals: u32, cases: u32, seed: u64) -> Option<Simulation> {
    let definitions = parse(file.as_bytes()).ok()?;
    let profile = Profile {
        arrivals_per_day: f64::from(arrivals.clamp(1, ARRIVALS_MAX)),
        ..Profile::default()
    };
    let cases = usize::try_from(cases.clamp(1, CASES_MAX)).ok()?;
    let process = definitions.main()?;
    Some(simulate(process, &profile, cases, seed))
}
