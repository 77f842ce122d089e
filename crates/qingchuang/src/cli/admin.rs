//! `qingchuang admin …`: what only whoever runs the machine can do. Every act leaves a line in the
//! ledger with the system as its actor.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kernel::Clock;
use serde_json::json;

use super::ledger::Where;
use super::tongue::{Declined, Tongue};
use super::{Ending, print_json, print_line};
use crate::admin::{self, First, Named};
use crate::house::{House, Mode};
use crate::passwords::{Drawn, Passwords};

/// Administers the hall from its machine.
#[derive(Debug, Args)]
pub struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

/// What every subcommand is told.
#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    place: Where,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Makes the first three administrators, who must be three people.
    First {
        #[command(flatten)]
        common: Common,
        /// The system administrator, LOGIN=NAME.
        #[arg(long)]
        system: String,
        /// The security administrator, LOGIN=NAME.
        #[arg(long)]
        security: String,
        /// The audit administrator, LOGIN=NAME.
        #[arg(long)]
        audit: String,
        /// Writes the drawn passwords into a new file that its owner alone can read.
        #[arg(long)]
        passwords: Option<PathBuf>,
    },
    /// Draws a one-time password for an officer and ends every log-in of theirs.
    ResetPassword {
        #[command(flatten)]
        common: Common,
        /// Whose.
        login: String,
        /// Also takes their second factor away, for whoever lost it.
        #[arg(long)]
        second_factor: bool,
        /// Writes the drawn password into a new file that its owner alone can read.
        #[arg(long)]
        passwords: Option<PathBuf>,
    },
    /// Lets an officer who failed too often try again at once.
    Unlock {
        #[command(flatten)]
        common: Common,
        /// Whose.
        login: String,
    },
    /// Erases what the hall holds of a person who asked for it, e.g. on paper (个人信息保护法 47).
    Erase {
        #[command(flatten)]
        common: Common,
        /// The person's id, or `-` to read an identity number from standard input, so that it
        /// stands in no command line.
        person: String,
    },
    /// Lists the officers with what they may do.
    List {
        #[command(flatten)]
        common: Common,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the hall cannot be opened; a refusal of identity.
pub fn run(arguments: &Admin, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    match &arguments.command {
        AdminCommand::First {
            common,
            system,
            security,
            audit,
            passwords,
        } => {
            let mut named = Vec::new();
            for text in [system, security, audit] {
                let Some(one) = Named::read(text) else {
                    let said = [("said", text.clone())];
                    eprintln!("{}", tongue.say("cli.first_form", &said));
                    return Ok(Ending::Usage);
                };
                named.push(one);
            }
            let place = Passwords::to(passwords.as_deref())?;
            let house = open(common, clock)?;
            match admin::first(&house.db, &named)? {
                First::Made(drawn) => told(common.json, tongue, "cli.first_done", place, &drawn),
                First::Refused { code, params } => {
                    eprintln!("{}", tongue.with_todo(code, &params));
                    Ok(Ending::Failed)
                }
            }
        }
        AdminCommand::ResetPassword {
            common,
            login,
            second_factor,
            passwords,
        } => {
            let place = Passwords::to(passwords.as_deref())?;
            let house = open(common, clock)?;
            let drawn = admin::reset_password(&house.db, login, *second_factor)?;
            told(common.json, tongue, "cli.reset_done", place, &[drawn])
        }
        AdminCommand::Unlock { common, login } => {
            let house = open(common, clock)?;
            let unlocked = admin::unlock(&house.db, login)?;
            if common.json {
                print_json(&json!({ "login": login, "unlocked": unlocked }))?;
            } else {
                let key = if unlocked {
                    "cli.unlock_done"
                } else {
                    "cli.unlock_not_locked"
                };
                print_line(&tongue.say(key, &[("login", login.clone())]))?;
            }
            Ok(Ending::Good)
        }
        AdminCommand::Erase { common, person } => erase(common, person, clock, tongue),
        AdminCommand::List { common } => list(common, clock, tongue),
    }
}

/// The hall as it is; a command that administers makes none.
fn open(common: &Common, clock: &Clock) -> anyhow::Result<House> {
    let config = common.place.settings()?;
    if !config.data.join("keys").is_dir() {
        return Err(Declined::at("cli.doctor.no_hall", &config.data));
    }
    House::open(&config, clock.clone(), Mode::Write)
}

fn told(
    as_json: bool,
    tongue: &Tongue,
    key: &str,
    place: Passwords,
    drawn: &[Drawn],
) -> anyhow::Result<Ending> {
    match (as_json, &place) {
        (true, Passwords::Screen) => {
            print_json(&json!({ "passwords": drawn }))?;
            return Ok(Ending::Good);
        }
        (true, Passwords::File(_)) => {
            let logins: Vec<&str> = drawn.iter().map(|one| one.login.as_str()).collect();
            print_json(&json!({ "logins": logins }))?;
        }
        (false, _) => print_line(&tongue.t(key))?,
    }
    place.write(drawn)?;
    Ok(Ending::Good)
}

/// Erases a person, or lists every matter that stands in the way.
fn erase(common: &Common, person: &str, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let typed = if person == "-" {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        line
    } else {
        person.to_owned()
    };
    let house = open(common, clock)?;
    let erased = admin::erase(&house.db, typed.trim())?;
    match erased {
        admin::Erasing::Done(done) => {
            if common.json {
                print_json(&json!({
                    "person": done.person, "request": done.id, "erased": done.erased,
                }))?;
            } else {
                let counts = [
                    ("matters", done.erased.matters.to_string()),
                    ("texts", done.erased.texts.to_string()),
                    ("files", done.erased.files.to_string()),
                    ("drafts", done.erased.drafts.to_string()),
                    ("letters", done.erased.letters.to_string()),
                ];
                print_line(&tongue.say("cli.erase_done", &counts))?;
            }
            Ok(Ending::Good)
        }
        admin::Erasing::Stands(obstacles) => {
            if common.json {
                print_json(&json!({ "obstacles": obstacles }))?;
                return Ok(Ending::Failed);
            }
            let count = [("count", obstacles.len().to_string())];
            print_line(&tongue.with_todo("cli.erase_stands", &count))?;
            for one in obstacles {
                let until = one
                    .until
                    .map_or_else(|| "—".to_owned(), |day| day.to_string());
                let why = tongue.t(&format!("identity.bar_{}", one.bar));
                let law = one.bar.statute();
                print_line(&format!(
                    "{}  {}  {why} ({law})  {until}",
                    one.number, one.item
                ))?;
            }
            Ok(Ending::Failed)
        }
    }
}

fn list(common: &Common, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let house = House::open(&common.place.settings()?, clock.clone(), Mode::Read)?;
    let all = house.db.read(admin::list)?;
    if common.json {
        print_json(&json!({ "officers": all }))?;
        return Ok(Ending::Good);
    }
    for one in &all {
        let roles: Vec<String> = one
            .roles
            .iter()
            .map(|role| tongue.t(&format!("role.{role}")))
            .collect();
        let mut line = format!(
            "{:<16} {}  {}  {}",
            one.login,
            one.name,
            tongue.t(&format!("cli.state_{}", one.state)),
            roles.join(", ")
        );
        if 0 < one.locked_seconds {
            let seconds = [("seconds", one.locked_seconds.to_string())];
            line.push_str("  ");
            line.push_str(&tongue.say("cli.list_locked", &seconds));
        }
        print_line(&line)?;
    }
    Ok(Ending::Good)
}
