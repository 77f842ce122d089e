//! How a command is given: with the verdict that the model expects, sometimes under a key, and
//! with a look at every table when it was refused. A trace tells the way to a broken promise.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail, ensure};
use db::once::{OnceKey, once};
use db::{Db, Tx};
use identity::HallDirectory;
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault};
use ledger::StoredFile;
use qingchuang::seed::dice::Dice;
use web::Directory;

use super::chance::Chance;
use super::model::{Model, Seat};
use super::procedures::Procedures;
use crate::hall::TestHall;

/// How many commands the trace keeps.
const TRACE: usize = 40;
/// How many commands under a key may be repeated.
const REPLAYS: usize = 60;
/// Keys are remembered for two days; a repetition comes well before.
const REPLAY_WITHIN: SignedDuration = SignedDuration::from_hours(40);

/// Codes of the rules that speak against a command; none: it must be accepted.
pub type Codes = Vec<&'static str>;

/// Answers to a form.
type Answers = serde_json::Map<String, serde_json::Value>;

/// Work that can be done again.
type Again = Arc<dyn Fn(&mut Tx<'_>) -> Result<(), Fault> + Send + Sync>;

/// A command that was answered under a key.
struct Replay {
    key: String,
    actor: Actor,
    at: Timestamp,
    again: Again,
}

/// A simulated hall.
pub struct Sim {
    pub db: Db,
    pub chance: Chance,
    pub dice: Dice,
    pub model: Model,
    pub procedures: Procedures,
    /// Answers to forms, by item, version, scenario and whether a natural person gave them.
    pub answered: BTreeMap<(usize, usize, String, bool), Answers>,
    pub page: StoredFile,
    pub picture: StoredFile,
    pub steps: u64,
    /// Accepted and refused, by kind of command.
    pub tally: BTreeMap<&'static str, (u64, u64)>,
    /// How often each rule said no.
    pub said: BTreeMap<String, u64>,
    /// Size and root of the tree as last seen.
    pub tree: Option<(u64, seal::Digest32)>,
    /// How many refusals were compared byte by byte.
    pub compared: u64,
    trace: VecDeque<String>,
    replays: VecDeque<Replay>,
    _hall: TestHall,
}

impl Sim {
    pub fn over(hall: TestHall, seed: u64) -> Result<Self> {
        let db = hall.house.db.clone();
        let dice = Dice::new(&Clock::virtual_at(Timestamp::UNIX_EPOCH, seed ^ 0x5eed));
        let files = db.thing::<ledger::FileStore>()?;
        let page = files.put(db.clock(), include_bytes!("../../../data/sample.pdf"))?;
        let picture = files.put(db.clock(), include_bytes!("../../../data/sample.png"))?;
        let model = super::furnish::model(&db)?;
        Ok(Self {
            db,
            chance: Chance::new(seed),
            dice,
            model,
            procedures: Procedures::read()?,
            answered: BTreeMap::new(),
            page,
            picture,
            steps: 0,
            tally: BTreeMap::new(),
            said: BTreeMap::new(),
            tree: None,
            compared: 0,
            trace: VecDeque::new(),
            replays: VecDeque::new(),
            _hall: hall,
        })
    }

    pub fn today(&self) -> jiff::civil::Date {
        self.db.clock().today()
    }

    /// The last commands, the newest last.
    pub fn trace(&self) -> String {
        let lines: Vec<&str> = self.trace.iter().map(String::as_str).collect();
        lines.join("\n")
    }

    /// Writes a line of the trace.
    pub fn tell(&mut self, what: &str) {
        if self.trace.len() == TRACE {
            self.trace.pop_front();
        }
        let now = kernel::clock::hall_time(self.db.clock().now());
        self.trace.push_back(format!("{} {now} {what}", self.steps));
    }

    /// Gives a command and holds the answer against the model's verdict.
    pub fn ask<T, F>(
        &mut self,
        kind: &'static str,
        actor: Actor,
        told: &str,
        no: &Codes,
        work: F,
    ) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    {
        self.ask_unsure(kind, actor, told, no, &[], work)
    }

    /// As [`Sim::ask`], where the model cannot tell whether some more rules say no.
    pub fn ask_unsure<T, F>(
        &mut self,
        kind: &'static str,
        actor: Actor,
        told: &str,
        no: &Codes,
        maybe: &[&'static str],
        work: F,
    ) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    {
        self.steps += 1;
        self.tell(&format!("{kind} {told}; against it: {no:?}"));
        let before = match no.is_empty() || !self.is_sampled() {
            true => None,
            false => Some(super::tables::digest(&self.db)?),
        };
        let work = Arc::new(work);
        let answer = if self.chance.percent(10) {
            self.under_a_key(actor, &work)
        } else {
            let work = Arc::clone(&work);
            self.db.write(self.db.cause(actor), move |tx| work(tx))
        };
        self.judge(kind, (no, maybe), answer, before)
    }

    fn under_a_key<T, F>(&mut self, actor: Actor, work: &Arc<F>) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    {
        let key = format!("key-{}", self.steps);
        let once_key = once_key(&actor, &key, b"asked");
        let slot: Arc<Mutex<Option<T>>> = Arc::default();
        let (inner, kept) = (Arc::clone(work), Arc::clone(&slot));
        let cause = self.db.cause(actor.clone());
        let (_, repeated) = self.db.write(cause, move |tx| {
            once(tx, &once_key, |tx| {
                let value = inner(tx)?;
                *kept.lock().expect("nobody panics here") = Some(value);
                Ok("done".to_owned())
            })
        })?;
        if repeated {
            return Err(Fault::broken("a new key was known"));
        }
        if self.replays.len() == REPLAYS {
            self.replays.pop_front();
        }
        let inner = Arc::clone(work);
        let at = self.db.clock().now();
        let again: Again = Arc::new(move |tx| inner(tx).map(|_| ()));
        self.replays.push_back(Replay {
            key,
            actor,
            at,
            again,
        });
        let value = slot.lock().expect("nobody panics here").take();
        value.ok_or_else(|| Fault::broken("work under a key left no answer"))
    }

    /// Repeats a command under its key: the same body has no second effect, another is refused.
    pub fn repeat(&mut self) -> Result<()> {
        let now = self.db.clock().now();
        self.replays
            .retain(|one| now.duration_since(one.at) < REPLAY_WITHIN);
        let place = self.chance.below(self.replays.len());
        let Some(one) = self.replays.get(place) else {
            return Ok(());
        };
        let same = self.chance.percent(60);
        let body: &[u8] = if same { b"asked" } else { b"asked otherwise" };
        let (key, again) = (once_key(&one.actor, &one.key, body), Arc::clone(&one.again));
        let (told, cause) = (one.key.clone(), self.db.cause(one.actor.clone()));
        self.steps += 1;
        self.tell(&format!("repeat {told}, the same body: {same}"));
        let before = match self.is_sampled() {
            true => Some(super::tables::digest(&self.db)?),
            false => None,
        };
        let answer = self.db.write(cause, move |tx| {
            once(tx, &key, |tx| again(tx).map(|()| "again".to_owned()))
        });
        let no: Codes = if same { vec![] } else { vec!["once.reused"] };
        if let Some((reply, repeated)) = self.judge("repeat", (&no, &[]), answer, None)? {
            ensure!(repeated && reply == "done", "{told} was done twice");
        }
        if let Some(before) = before {
            self.same_as(before)?;
        }
        Ok(())
    }

    fn judge<T>(
        &mut self,
        kind: &'static str,
        (no, maybe): (&Codes, &[&'static str]),
        answer: Result<T, Fault>,
        before: Option<u64>,
    ) -> Result<Option<T>> {
        let tally = self.tally.entry(kind).or_default();
        match answer {
            Ok(value) => {
                tally.0 += 1;
                ensure!(no.is_empty(), "{kind} was accepted against {no:?}");
                Ok(Some(value))
            }
            Err(fault) => {
                tally.1 += 1;
                let codes = codes_of(&fault).with_context(|| format!("{kind}: {fault:?}"))?;
                let mut known = codes.iter().map(String::as_str);
                let known = known.any(|code| no.contains(&code) || maybe.contains(&code));
                ensure!(known, "{kind} was refused by {codes:?}, not by {no:?}");
                for code in codes {
                    *self.said.entry(code).or_default() += 1;
                }
                if let Some(before) = before {
                    self.same_as(before)?;
                }
                Ok(None)
            }
        }
    }

    fn same_as(&mut self, before: u64) -> Result<()> {
        self.compared += 1;
        let after = super::tables::digest(&self.db)?;
        ensure!(
            before == after,
            "a refused or repeated command left a trace"
        );
        Ok(())
    }

    /// Tables grow, so the look at all of them becomes rarer.
    fn is_sampled(&mut self) -> bool {
        let every = 8 + usize::try_from(self.steps / 12).unwrap_or(usize::MAX);
        self.chance.below(every) == 0
    }

    /// As [`Sim::ask`], by an officer from a seat, whom the rim would have let in.
    pub fn officer_asks<T, F>(
        &mut self,
        kind: &'static str,
        seat: &Seat,
        told: &str,
        no: &Codes,
        work: F,
    ) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &web::Officer) -> Result<T, Fault> + Send + Sync + 'static,
    {
        let officer = match self.seated(seat)? {
            Some(officer) => officer,
            None => {
                self.tell(&format!("{kind} {told}: dismissed, so not let in"));
                self.tally.entry("log in").or_default().1 += 1;
                return Ok(None);
            }
        };
        self.tally.entry("log in").or_default().0 += 1;
        let actor = officer.actor();
        let told = format!("{told} by {} for {:?}", seat.officer, seat.standing_in);
        self.ask(kind, actor, &told, no, move |tx| work(tx, &officer))
    }

    /// The officer as the rim knows them; none when they were dismissed.
    fn seated(&mut self, seat: &Seat) -> Result<Option<web::Officer>> {
        let id = seat.officer;
        let found = self.db.read(|tx| HallDirectory.officer(tx, id))?;
        let in_service = self.model.in_service(id);
        ensure!(
            found.is_some() == in_service,
            "{id} in service: {in_service}"
        );
        let Some(mut officer) = found else {
            return Ok(None);
        };
        let known = self.model.seats(id, self.today());
        let same = officer.seats.iter().map(|one| (one.post, one.deputizing));
        let mine = known.iter().map(|one| (one.post, one.standing_in));
        ensure!(same.eq(mine), "seats of {id} are not {known:?}");
        let place = known.iter().position(|one| one == seat);
        let Some(place) = place else {
            bail!("{seat:?} is no seat today");
        };
        officer.active = place;
        Ok(Some(officer))
    }
}

fn once_key(actor: &Actor, key: &str, body: &[u8]) -> OnceKey {
    let who = format!("{}:{:?}", actor.kind, actor.person);
    OnceKey::new(who.as_bytes(), key, body)
}

/// What a fault says; a hall that is broken or gone is never an answer.
fn codes_of(fault: &Fault) -> Result<Vec<String>> {
    Ok(match fault {
        Fault::Refused(refused) => vec![refused.code.to_owned()],
        Fault::Invalid(problems) => problems.iter().map(|one| one.code.to_owned()).collect(),
        Fault::NotFound { .. } => vec!["not_found".to_owned()],
        Fault::Conflict { .. } => vec!["conflict".to_owned()],
        Fault::Forbidden { code } => vec![(*code).to_owned()],
        Fault::Unauthenticated => vec!["unauthenticated".to_owned()],
        Fault::TooLarge { .. } | Fault::TooMany { .. } => vec!["too_much".to_owned()],
        Fault::Unavailable { .. } | Fault::Broken { .. } => bail!("no refusal at all"),
    })
}
