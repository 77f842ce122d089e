//! `qingchuang process migrate`: running cases moved to another version of their procedure
//! 在办件迁移, or looked at alone: of each case whether it moves and why not. The same rules as the
//! page; an officer answers for it, and each case is a transaction of its own.
//!
//! Deliberately absent: publishing a version, which is done at the desk.

use case::{CaseId, MovePlan, MoveVerdict};
use clap::Args;
use db::Db;
use kernel::{Clock, Fault};
use procedure::EditionName;
use process::Mapping;
use serde_json::{Value, json};
use web::{Directory, Officer};

use super::ledger::Where;
use super::tongue::{Declined, Tongue};
use super::{Ending, print_json, print_line};
use crate::house::{House, Mode};

/// How many cases are looked at in one read.
const BATCH: usize = 200;

/// Moves running cases to another version of their procedure.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    place: Where,
    /// The version, NAME/NUMBER.
    #[arg(value_parser = version)]
    to: EditionName,
    /// The login of the officer who answers for it.
    #[arg(long)]
    officer: String,
    /// Which node takes the place of which, OLD=NEW; may be given again.
    #[arg(long = "map", value_name = "OLD=NEW")]
    pairs: Vec<String>,
    /// Only this case; may be given again.
    #[arg(long = "case", value_name = "NUMBER")]
    cases: Vec<String>,
    /// Only says what would become of each case.
    #[arg(long)]
    preview: bool,
    /// Why, as the record of each case will say.
    #[arg(long, required_unless_present = "preview")]
    reason: Option<String>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

fn version(text: &str) -> Result<EditionName, String> {
    text.parse()
        .map_err(|wrong: procedure::NoName| wrong.to_string())
}

/// Runs the subcommand.
///
/// # Errors
/// When the hall cannot be opened; when there is no such officer or version.
pub fn run(asked: &Migrate, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let Some(mapping) = mapping(&asked.pairs) else {
        eprintln!("{}", tongue.t("cli.migrate_pair"));
        return Ok(Ending::Usage);
    };
    let config = asked.place.settings()?;
    if !config.data.join("keys").is_dir() {
        return Err(Declined::at("cli.doctor.no_hall", &config.data));
    }
    let mode = match asked.preview {
        true => Mode::Read,
        false => Mode::Write,
    };
    let house = House::open(&config, clock.clone(), mode)?;
    let order = Order {
        to: asked.to.clone(),
        mapping,
        officer: asked.officer.clone(),
        cases: asked.cases.clone(),
        reason: asked.reason.clone().filter(|_| !asked.preview),
    };
    let lines = carry_out(&house.db, &order, tongue)?;
    tell(asked, &lines, tongue)?;
    let done = if asked.preview { "moves" } else { "moved" };
    Ok(Ending::of(lines.iter().all(|line| line[done] == true)))
}

/// What is to be moved where, and who answers for it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The version.
    pub to: EditionName,
    /// Which node takes the place of which.
    pub mapping: Mapping,
    /// The login of the officer who answers for it.
    pub officer: String,
    /// Only these cases, by number; all that run, where there are none.
    pub cases: Vec<String>,
    /// Why; without a reason nothing is moved, and it is only said what would become of each case.
    pub reason: Option<String>,
}

/// Looks at each running case and moves it, where a reason is given; answers one line a case.
///
/// # Errors
/// When there is no such officer or version, or the store cannot answer.
pub fn carry_out(db: &Db, order: &Order, tongue: &Tongue) -> anyhow::Result<Vec<Value>> {
    let officer = mover(db, &order.officer)?;
    let mut lines = Vec::new();
    for plan in plans(db, &officer, order, tongue)? {
        let mut line = told(&plan);
        let moves = matches!(plan.verdict, MoveVerdict::Moves { .. });
        if let Some(reason) = order.reason.clone().filter(|_| moves) {
            let (by, order) = (officer.clone(), order.clone());
            let done = db.write(db.cause(officer.actor()), move |tx| {
                let (to, mapping) = (&order.to, &order.mapping);
                case::move_case(tx, &by, plan.id, to, mapping, &reason).map(|_| ())
            });
            note(&mut line, done, tongue)?;
        }
        lines.push(line);
    }
    Ok(lines)
}

/// What became of a case that was to move; one that changed meanwhile stays, and it is said why.
fn note(line: &mut Value, done: Result<(), Fault>, tongue: &Tongue) -> anyhow::Result<()> {
    match done {
        Ok(()) => {
            line["moved"] = json!(true);
            Ok(())
        }
        Err(fault @ (Fault::Refused(_) | Fault::NotFound { .. } | Fault::Conflict { .. })) => {
            line["moved"] = json!(false);
            line["reasons"] = json!(tongue.fault(&fault));
            Ok(())
        }
        Err(fault) => Err(fault.into()),
    }
}

fn mapping(pairs: &[String]) -> Option<Mapping> {
    let mut mapping = Mapping::new();
    for pair in pairs {
        let (old, new) = pair.split_once('=')?;
        let (old, new) = (old.trim(), new.trim());
        let twice = mapping.insert(old.to_owned(), new.to_owned()).is_some();
        if old.is_empty() || new.is_empty() || twice {
            return None;
        }
    }
    Some(mapping)
}

/// The officer, at the first of their seats that may move cases.
fn mover(db: &Db, login: &str) -> anyhow::Result<Officer> {
    let wanted = login.to_owned();
    let found = db.read(move |tx| {
        let Some(card) = identity::officer_by_login(tx, &wanted)? else {
            return Ok(None);
        };
        identity::HallDirectory.officer(tx, card.id)
    })?;
    let declined = || Declined::because("cli.migrate_officer", vec![("login", login.to_owned())]);
    let mut officer = found.ok_or_else(declined)?;
    let mut seats = officer.seats.iter();
    let may = |seat: &web::Seat| {
        case::MOVING_ROLES
            .iter()
            .any(|role| seat.roles.contains(role))
    };
    officer.active = seats.position(may).ok_or_else(declined)?;
    Ok(officer)
}

fn plans(
    db: &Db,
    officer: &Officer,
    order: &Order,
    tongue: &Tongue,
) -> anyhow::Result<Vec<MovePlan>> {
    let mut plans = Vec::new();
    let mut after: Option<CaseId> = None;
    loop {
        let (by, to, mapping) = (officer.clone(), order.to.clone(), order.mapping.clone());
        let lang = tongue.lang;
        let batch = db.read(move |tx| {
            // Only what was published can be moved to.
            procedure::edition(tx, &to.to_string())
                .map_err(|_| Fault::NotFound { what: "procedure" })?;
            let ids = case::running(tx, &to, after, BATCH)?;
            let plan = |id| case::preview_move(tx, &by, id, &to, &mapping, lang);
            ids.into_iter().map(plan).collect::<Result<Vec<_>, _>>()
        })?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        let wanted = |plan: &MovePlan| order.cases.is_empty() || order.cases.contains(&plan.number);
        plans.extend(batch.into_iter().filter(wanted));
    }
    Ok(plans)
}

fn told(plan: &MovePlan) -> Value {
    let (moves, passed_over, reasons) = match &plan.verdict {
        MoveVerdict::Moves { passed_over } => (true, passed_over.clone(), Vec::new()),
        MoveVerdict::Stays { reasons } => (false, Vec::new(), reasons.clone()),
    };
    json!({
        "number": plan.number, "from": plan.from, "at": plan.at, "moves": moves,
        "passed_over": passed_over, "reasons": reasons,
    })
}

fn tell(asked: &Migrate, lines: &[Value], tongue: &Tongue) -> anyhow::Result<()> {
    let count = |key: &str| lines.iter().filter(|line| line[key] == true).count();
    let (moves, moved) = (count("moves"), count("moved"));
    if asked.json {
        return print_json(&json!({
            "to": asked.to.to_string(), "preview": asked.preview, "cases": lines,
            "moves": moves, "stays": lines.len() - moves, "moved": moved,
        }));
    }
    for line in lines {
        let words = |key: &str| {
            let all = line[key].as_array().into_iter().flatten();
            let all: Vec<&str> = all.filter_map(Value::as_str).collect();
            all.join("; ")
        };
        let said = [
            (
                "number",
                line["number"].as_str().unwrap_or_default().to_owned(),
            ),
            ("at", words("at")),
            ("reasons", words("reasons")),
        ];
        let key = match (line["moves"] == true, asked.preview, line["moved"] == true) {
            (true, true, _) => "cli.migrate_would",
            (true, false, true) => "cli.migrate_moved",
            _ => "cli.migrate_stays",
        };
        print_line(&tongue.say(key, &said))?;
    }
    let said = [
        ("all", lines.len().to_string()),
        ("moves", moves.to_string()),
        ("moved", moved.to_string()),
    ];
    let key = match asked.preview {
        true => "cli.migrate_preview",
        false => "cli.migrate_done",
    };
    print_line(&tongue.say(key, &said))
}
