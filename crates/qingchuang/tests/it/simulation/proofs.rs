//! Now and then everything: the ledger verifies to the last row, the tree only grows, no line
//! holds a text, and the history of every case keeps its duties apart and its dates lawful.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use case::Duty;
use jiff::Timestamp;
use kernel::uuid::Uuid;
use ledger::verify::{rebuild_compare, verify_deep};
use ledger::{Line, proof};
use qingchuang::house::tables;
use qingchuang::jobs;
use seal::SignedCheckpoint;
use serde_json::Value as Json;

use super::cases::is_kept_apart;
use super::days::{Reckoned, Unit};
use super::procedures::find;
use super::run::Sim;

/// How many lines are read at once.
const BATCH: u32 = 2000;

/// `verify --deep` rebuilds too, so the comparison alone is not repeated for ever.
const REBUILT_UNTIL: u64 = 5_000;

/// What is known of a record while the ledger is walked.
#[derive(Default)]
struct Walked {
    revision: i64,
    position: i64,
    at: Option<Timestamp>,
}

/// A case as its lines tell it.
struct Told {
    procedure: String,
    clock: Reckoned,
    hands: Vec<(Duty, u16, Vec<String>)>,
    version: Json,
}

impl Sim {
    /// Seals, and proves that the tree goes on where it was.
    pub fn seal(&mut self) -> Result<()> {
        self.steps += 1;
        self.tell("seal");
        self.tally.entry("seal").or_default().0 += 1;
        jobs::seal_all(&self.db, 0)?;
        let newest = self.db.read(ledger::sealer::newest_checkpoint)?;
        let newest = newest.context("something was sealed")?;
        let checkpoint = SignedCheckpoint::parse(&newest)?.checkpoint().clone();
        if let Some((size, root)) = self.tree {
            ensure!(size <= checkpoint.size, "the tree shrank");
            let new = checkpoint.size;
            let shown = self.db.read(move |tx| proof::consistency(tx, size, new))?;
            let suite = checkpoint.suite;
            let goes_on = proof::check_consistency(&root, &checkpoint.root, suite, &shown);
            ensure!(
                goes_on,
                "the tree of {new} does not continue that of {size}"
            );
        }
        self.tree = Some((checkpoint.size, checkpoint.root));
        self.prove_some_case()
    }

    fn prove_some_case(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.cases.len());
        let Some(case) = self.model.cases.get(place) else {
            return Ok(());
        };
        let (id, revision) = (case.id, case.revision);
        let shown = self.db.read(move |tx| proof::prove(tx, id))?;
        let wrong = proof::check(&shown, None);
        ensure!(wrong.is_empty(), "the proof of {id}: {wrong:?}");
        let lines = i64::try_from(shown.lines.len())?;
        ensure!(
            lines == revision && shown.pending == 0,
            "{id} is not proven whole"
        );
        Ok(())
    }

    /// Everything.
    pub fn prove_all(&mut self) -> Result<()> {
        self.seal()?;
        let deep = self.db.read(|tx| verify_deep(tx, &tables()))?;
        ensure!(deep.ok, "verify --deep finds {:?}", deep.findings);
        if self.steps < REBUILT_UNTIL {
            let rebuilt = self.db.read(|tx| rebuild_compare(tx, &tables()))?;
            ensure!(rebuilt.ok, "rebuild --compare finds {:?}", rebuilt.findings);
        }
        ensure!(deep.lines == deep.size, "lines are left unsealed");
        for place in 0..self.model.applications.len() {
            self.check_application(place)?;
        }
        for place in 0..self.model.cases.len() {
            self.check_case(place)?;
        }
        for place in 0..self.model.ratings.len() {
            self.check_rating(place)?;
        }
        for place in 0..self.model.certificates.len() {
            self.check_certificate(place)?;
        }
        for place in 0..self.model.items.len() {
            self.check_item(place)?;
        }
        self.walk()
    }

    /// Walks all lines, as followers do: by position, without gaps.
    fn walk(&mut self) -> Result<()> {
        let mut walked: BTreeMap<Uuid, Walked> = BTreeMap::new();
        let mut told: BTreeMap<Uuid, Told> = BTreeMap::new();
        let mut papers: BTreeMap<String, i64> = BTreeMap::new();
        let (mut position, mut cases) = (0, 0);
        loop {
            let from = position;
            let lines = self
                .db
                .read(move |tx| ledger::line::sealed_from(tx, from, BATCH))?;
            if lines.is_empty() {
                break;
            }
            for line in &lines {
                ensure!(
                    line.position == Some(position),
                    "position {position} is missing"
                );
                position += 1;
                let known = walked.entry(line.record).or_default();
                in_order(line, known)?;
                holds_no_text(line)?;
                match (line.record_kind.as_str(), line.kind.as_str()) {
                    ("notice", "drawn") => {
                        let kind = line.data["kind"].as_str().unwrap_or_default();
                        *papers.entry(kind.to_owned()).or_default() += 1;
                    }
                    ("case", _) => {
                        cases += i64::from(line.kind == "opened");
                        self.retell(line, &mut told)?;
                    }
                    _ => {}
                }
            }
        }
        let known: BTreeMap<String, i64> = self
            .model
            .papers
            .iter()
            .map(|(kind, count)| ((*kind).to_owned(), *count))
            .collect();
        ensure!(papers == known, "papers: {papers:?}, not {known:?}");
        let opened = i64::try_from(self.model.cases.len())?;
        ensure!(cases == opened, "{cases} cases were opened, not {opened}");
        Ok(())
    }

    /// Tells a case from its lines alone: duties, dates and version.
    fn retell(&self, line: &Line, told: &mut BTreeMap<Uuid, Told>) -> Result<()> {
        let data = &line.data;
        let Some(case) = told.get_mut(&line.record) else {
            ensure!(line.kind == "opened", "a case began with {}", line.kind);
            let case = told_from(data)?;
            self.same_dues(line, &case.clock)?;
            told.insert(line.record, case);
            return Ok(());
        };
        let day = |field: &str| -> Result<jiff::civil::Date> {
            Ok(data[field].as_str().context("a day is missing")?.parse()?)
        };
        match line.kind.as_str() {
            "paused" => case.clock.pauses.push((day("on")?, None)),
            "resumed" => {
                let last = case.clock.pauses.last_mut();
                last.context("nothing stood still")?.1 = Some(day("on")?);
                self.same_dues(line, &case.clock)?;
            }
            "extended" => {
                ensure!(case.clock.extension == 0, "extended twice");
                let days = data["days"].as_u64().context("by how many days")?;
                ensure!((1..=10).contains(&days), "extended by {days}");
                case.clock.extension = u32::try_from(days)?;
                self.same_dues(line, &case.clock)?;
            }
            "advanced" => advanced(line, case, self)?,
            "opened" => bail!("a case was opened twice"),
            _ => ensure!(
                data.get("version").is_none(),
                "{} names a version",
                line.kind
            ),
        }
        ensure!(case.version.is_number(), "a case has no item version");
        Ok(())
    }

    /// The dates in a line follow from what the lines told so far. A calendar that came later
    /// would date them otherwise, so only days without one are held against it.
    fn same_dues(&self, line: &Line, clock: &Reckoned) -> Result<()> {
        if self.tally.contains_key("redate") {
            return Ok(());
        }
        let due = |limit| self.model.days.due(clock, limit).map(|day| day.to_string());
        let dues = &line.data["dues"];
        let said = |field: &str| dues[field].as_str().map(str::to_owned);
        let (promised, statutory) = (due(clock.promised), due(clock.statutory));
        ensure!(
            said("promised") == promised && said("statutory") == statutory,
            "{} says {dues}, not {promised:?} and {statutory:?}",
            line.record_id()
        );
        Ok(())
    }
}

/// Revisions count one by one, places in the tree follow them, and time does not run back.
fn in_order(line: &Line, known: &mut Walked) -> Result<()> {
    let id = line.record_id();
    ensure!(
        line.revision == known.revision + 1,
        "{id} goes from {} to {}",
        known.revision,
        line.revision
    );
    let position = line.position.unwrap_or(-1);
    ensure!(
        known.revision == 0 || known.position < position,
        "{id} is out of place"
    );
    ensure!(
        known.at.is_none_or(|at| at <= line.at),
        "{id} goes back in time"
    );
    *known = Walked {
        revision: line.revision,
        position,
        at: Some(line.at),
    };
    Ok(())
}

/// Promise 7: ids, codes, dates, amounts and commitments, never a text. Only the number of a
/// document, which the hall gives, is written in Chinese.
fn holds_no_text(line: &Line) -> Result<()> {
    fn look(field: &str, value: &Json) -> Result<()> {
        match value {
            Json::String(text) if field != "number" => {
                let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
                ensure!(
                    plain && text.len() <= 400,
                    "{field} holds the text {text:?}"
                );
                Ok(())
            }
            Json::Array(all) => all.iter().try_for_each(|one| look(field, one)),
            Json::Object(map) => map.iter().try_for_each(|(field, one)| look(field, one)),
            _ => Ok(()),
        }
    }
    look("", &line.data).with_context(|| format!("{} of {}", line.kind, line.record_id()))
}

fn told_from(data: &Json) -> Result<Told> {
    let clock = &data["clock"];
    let term = |field: &str| -> Result<(u32, Unit)> {
        let count = clock[field]["count"].as_u64().context("a limit")?;
        let unit = match clock[field]["unit"].as_str() {
            Some("workday") => Unit::Workday,
            Some("day") => Unit::Day,
            Some("hour") => Unit::Hour,
            other => bail!("a limit in {other:?}"),
        };
        Ok((u32::try_from(count)?, unit))
    };
    let start = clock["start"].as_str().context("a start")?.parse()?;
    let mut hands = Vec::new();
    if let Some(by) = data["accepted"]["by"].as_str() {
        let stood = data["accepted"]["for"].as_str();
        let people = std::iter::once(by).chain(stood);
        hands.push((Duty::Accept, 0, people.map(str::to_owned).collect()));
    }
    Ok(Told {
        procedure: data["procedure"].as_str().unwrap_or_default().to_owned(),
        clock: Reckoned {
            start,
            statutory: term("statutory")?,
            promised: term("promised")?,
            pauses: Vec::new(),
            extension: 0,
        },
        hands,
        version: data["version"].clone(),
    })
}

/// Promise 4 over the whole history: four duties, four people, and two reviews by two.
fn advanced(line: &Line, case: &mut Told, sim: &Sim) -> Result<()> {
    let data = &line.data;
    let number = u16::try_from(data["task"].as_u64().context("a task")?)?;
    let Some(by) = data["by"].as_str() else {
        return Ok(());
    };
    let Some(name) = sim.procedures.name(&case.procedure, number) else {
        return Ok(());
    };
    let (_, step) = find(&case.procedure, name).context("a step nobody knows")?;
    if !is_kept_apart(step.duty) {
        return Ok(());
    }
    let people: Vec<String> = std::iter::once(by)
        .chain(data["for"].as_str())
        .map(str::to_owned)
        .collect();
    let id = line.record_id();
    for (duty, task, theirs) in &case.hands {
        let same = theirs.iter().any(|one| people.contains(one));
        ensure!(
            !same || *duty == step.duty,
            "{id}: {by} did {duty} and {}",
            step.duty
        );
        let twice = same && *duty == Duty::Review && *task != number;
        ensure!(!twice, "{id}: {by} reviewed twice");
    }
    case.hands.push((step.duty, number, people));
    Ok(())
}
