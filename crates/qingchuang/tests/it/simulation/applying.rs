//! People apply: in one piece as programs do, or step by step in a draft, at home and at the
//! counter; lawfully, and in every way that the law forbids.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, ensure};
use catalogue::model::kind::Necessity;
use catalogue::model::{DateRule, FileKind, ItemContent};
use catalogue::scenario::{Picks, paths};
use codes::CitizenId;
use db::Tx;
use intake::{ApplicationId, By, NewApplication, UploadId};
use jiff::civil::Date;
use kernel::{Actor, Channel, Fault, TypedId};
use ledger::StoredFile;
use qingchuang::seed::answers::{Speaker, answers};
use serde_json::{Map, Value};

use super::model::{Application, Person, Standing, place_of};
use super::run::{Codes, Sim};

/// A way of breaking a rule, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    UnknownItem,
    StrangeMaterial,
    MaterialLeftOut,
    AnswerLeftOut,
    SentTwice,
    NotTheirs,
    NotAllAnswered,
    ByOfficer,
}

const FLAWS: [Flaw; 8] = [
    Flaw::UnknownItem,
    Flaw::StrangeMaterial,
    Flaw::MaterialLeftOut,
    Flaw::AnswerLeftOut,
    Flaw::SentTwice,
    Flaw::NotTheirs,
    Flaw::NotAllAnswered,
    Flaw::ByOfficer,
];

/// A number of somebody born in 1930, with its check digit.
const OLD: &str = "370699193001010019";

/// What somebody wants.
pub struct Wish {
    pub item: usize,
    pub version: Option<usize>,
    pub scenario: usize,
    pub picks: Picks,
    pub answers: Map<String, Value>,
    /// Materials to hand in, by identifier.
    pub files: Vec<(String, bool)>,
}

/// A file as it lies in the store, and what it is.
#[derive(Clone, Copy)]
pub struct Sample {
    pub stored: StoredFile,
    pub media: &'static str,
}

impl Sim {
    /// The sample that a material takes.
    pub fn sample(&self, content: &ItemContent, material: &str) -> Sample {
        let kinds = content.material(material).map(|one| &one.file_kinds);
        let takes_pages =
            kinds.is_none_or(|kinds| kinds.is_empty() || kinds.contains(&FileKind::Pdf));
        if takes_pages {
            Sample {
                stored: self.page,
                media: "application/pdf",
            }
        } else {
            Sample {
                stored: self.picture,
                media: "image/png",
            }
        }
    }

    /// Somebody, and for whom they apply.
    pub fn somebody(&mut self) -> Option<(usize, usize)> {
        let alive: Vec<usize> = (0..self.model.people.len())
            .filter(|place| !self.model.people[*place].is_erased)
            .collect();
        let me = *self.chance.pick(&alive)?;
        let roll = self.chance.below(100);
        if roll < 80 {
            return Some((me, me));
        }
        let today = self.today();
        let for_whom: Vec<usize> = alive
            .iter()
            .copied()
            .filter(|other| *other != me && self.model.may_act_for(me, *other, today))
            .collect();
        let other = match roll < 94 {
            true => self.chance.pick(&for_whom).or(Some(&me)).copied()?,
            false => *self.chance.pick(&alive)?,
        };
        Some((me, other))
    }

    /// A wish that the form takes; the item need not be open any more.
    pub fn wish(&mut self, applicant: usize) -> Result<Option<Wish>> {
        let today = self.today();
        let item = self.chance.below(self.model.items.len());
        let version = self.model.in_force(item, today);
        let versions = &self.model.items[item].versions;
        let content = Arc::clone(&versions[version.unwrap_or(0)].content);
        let all = paths(&content)?;
        let Some((picks, scenario)) = self.chance.pick(&all).cloned() else {
            return Ok(None);
        };
        let person = &self.model.people[applicant];
        // The form asks for an age too: who is too young writes somebody else's number.
        let is_young = self.is_too_young(&content, person);
        let number = if is_young { OLD } else { &person.number };
        let speaker = Speaker {
            name: &person.name,
            number,
            phone: &person.phone,
            is_firm: !person.is_natural,
        };
        // Answers without days to come stay right: others may give them too.
        let lasting = content
            .fields
            .iter()
            .all(|field| field.date_rule != Some(DateRule::NotPast));
        let key = (
            item,
            version.unwrap_or(0),
            scenario.id.clone(),
            person.is_natural,
        );
        let known = self
            .answered
            .get(&key)
            .filter(|_| lasting && !is_young)
            .cloned();
        let new = || answers(&content, &scenario.id, &speaker, today, &self.dice);
        let Some(answers) = known.or_else(new) else {
            return Ok(None);
        };
        self.answered.insert(key, answers.clone());
        // What may follow later comes at once: nobody here signs a pledge for it.
        let required = |necessity: Necessity| necessity != Necessity::Optional;
        let files = scenario.materials.iter();
        let files = files.map(|one| (one.material.clone(), required(one.necessity)));
        let place = content
            .scenarios
            .iter()
            .position(|one| one.id == scenario.id);
        Ok(Some(Wish {
            item,
            version,
            scenario: place.unwrap_or(0),
            picks,
            answers,
            files: files.collect(),
        }))
    }

    /// Applies in one piece.
    pub fn apply_whole(&mut self) -> Result<()> {
        let Some((me, applicant)) = self.somebody() else {
            return Ok(());
        };
        let Some(mut wish) = self.wish(applicant)? else {
            return Ok(());
        };
        let flaw = match self.chance.percent(22) {
            true => self.chance.pick(&FLAWS).copied().unwrap_or(Flaw::None),
            false => Flaw::None,
        };
        let mut no = self.speaks_against(&wish, me, applicant);
        let today = self.today();
        let content = self.content_of(&wish);
        wish.files.retain(|(_, required)| *required);
        if flaw == Flaw::ByOfficer {
            return self.officer_applies(&wish, applicant);
        }
        let is_agent = applicant != me;
        let twice = flaw == Flaw::SentTwice && !wish.files.is_empty();
        no = spoil(flaw, &mut wish, &content, is_agent, no);
        let item = match flaw {
            Flaw::UnknownItem => catalogue::ItemId::from_uuid(kernel::uuid::Uuid::from_u128(7)),
            _ => self.model.items[wish.item].id,
        };
        let agent = (is_agent && flaw != Flaw::NotTheirs).then_some(me);
        let people = &self.model.people;
        let (by, principal) = (people[me].id, people[applicant].id);
        let agent_id = agent.map(|agent| people[agent].id);
        let samples: Vec<(String, Sample)> = wish
            .files
            .iter()
            .map(|(material, _)| (material.clone(), self.sample(&content, material)))
            .collect();
        let (picks, given) = (wish.picks.clone(), wish.answers.clone());
        let told = format!("{} for {} on item {}, {flaw:?}", by, principal, wish.item);
        let actor = Actor::citizen(by, Channel::Web);
        let receipt = self.ask("apply", actor, &told, &no, move |tx| {
            let by = By::Person(by);
            let mut documents = send_all(tx, &by, &samples)?;
            if twice && let Some(first) = documents.first().cloned() {
                documents.push(first);
            }
            let new = NewApplication {
                item,
                applicant: principal,
                agent: agent_id,
                picks: picks.clone(),
                answers: given.clone(),
                documents,
                held: Vec::new(),
                at_counter: false,
                by_hand: false,
            };
            intake::submit_whole(tx, &by, new)
        })?;
        if let Some(receipt) = receipt {
            let number = receipt.number.to_string();
            self.received(receipt.application, number, &wish, applicant, agent, today)?;
        }
        Ok(())
    }

    /// Officers do not apply, not even from the front desk, without a visitor.
    fn officer_applies(&mut self, wish: &Wish, applicant: usize) -> Result<()> {
        let seats = self
            .model
            .seats_with(self.model.hall, web::Role::IntakeClerk, self.today());
        let Some(seat) = self.chance.pick(&seats).cloned() else {
            return Ok(());
        };
        let new = NewApplication {
            item: self.model.items[wish.item].id,
            applicant: self.model.people[applicant].id,
            agent: None,
            picks: wish.picks.clone(),
            answers: wish.answers.clone(),
            documents: Vec::new(),
            held: Vec::new(),
            at_counter: false,
            by_hand: false,
        };
        let no = vec!["intake.not_yours"];
        self.officer_asks("apply", &seat, "as an officer", &no, move |tx, officer| {
            intake::submit_whole(tx, &By::from(officer), new.clone()).map(|_| ())
        })?;
        Ok(())
    }

    pub fn content_of(&self, wish: &Wish) -> Arc<ItemContent> {
        let versions = &self.model.items[wish.item].versions;
        Arc::clone(&versions[wish.version.unwrap_or(0)].content)
    }

    /// The rules of promise 5 and of age and agency.
    pub fn speaks_against(&self, wish: &Wish, me: usize, applicant: usize) -> Codes {
        let mut no = Codes::new();
        if wish.version.is_none() {
            no.push("intake.item_closed");
        }
        let today = self.today();
        if me != applicant && !self.model.may_act_for(me, applicant, today) {
            no.push("intake.no_power_of_attorney");
        }
        if self.is_too_young(&self.content_of(wish), &self.model.people[applicant]) {
            no.push("intake.under_age");
        }
        no
    }

    fn is_too_young(&self, content: &ItemContent, person: &Person) -> bool {
        match (content.age_min, person.born) {
            (Some(least), Some(born)) => age(born, self.today()) < i64::from(least),
            _ => false,
        }
    }

    /// The model takes an application in.
    pub fn received(
        &mut self,
        id: ApplicationId,
        number: String,
        wish: &Wish,
        applicant: usize,
        agent: Option<usize>,
        today: Date,
    ) -> Result<()> {
        let version = wish.version.expect("it was accepted on a version in force");
        let content = self.content_of(wish);
        let body = content.body.uscc.as_deref().unwrap_or_default();
        let organ = self.model.organs.get(body).copied();
        let files: BTreeSet<u16> = wish
            .files
            .iter()
            .map(|(material, _)| place_of(&content, material))
            .collect();
        let same = self
            .model
            .applications
            .iter()
            .find(|one| one.number == number);
        ensure!(same.is_none(), "the number {number} was given twice");
        self.model.applications.push(Application {
            id,
            number,
            item: wish.item,
            version,
            scenario: wish.scenario,
            applicant,
            agent,
            organ: organ.unwrap_or(self.model.hall),
            standing: Standing::Received,
            tell_by: self.model.days.after(today, 5),
            complete_since: today,
            files,
            notice: None,
            revision: 1,
            case: None,
        });
        self.model.paper("receipt");
        self.check_application(self.model.applications.len() - 1)
    }
}

/// Puts a flaw into a wish; answers what speaks against it then.
fn spoil(
    flaw: Flaw,
    wish: &mut Wish,
    content: &ItemContent,
    is_agent: bool,
    mut no: Codes,
) -> Codes {
    match flaw {
        Flaw::None => {}
        Flaw::UnknownItem => {
            return vec!["intake.item_closed"];
        }
        Flaw::StrangeMaterial => {
            let listed: Vec<&str> = wish.files.iter().map(|one| one.0.as_str()).collect();
            let scenario = &content.scenarios[wish.scenario].materials;
            let strange = content.materials.iter().find(|one| {
                !listed.contains(&one.id.as_str())
                    && !scenario.iter().any(|req| req.material == one.id)
            });
            let strange = strange.map_or("no_such_material", |one| one.id.as_str());
            wish.files.push((strange.to_owned(), false));
            no.push("material.not_listed");
        }
        Flaw::MaterialLeftOut if !wish.files.is_empty() => {
            wish.files.pop();
            no.push("material.required");
        }
        Flaw::AnswerLeftOut => {
            let needed = content.fields.iter().find(|field| {
                field.required && field.visible_if.is_none() && field.prefill.is_none()
            });
            if let Some(needed) = needed {
                wish.answers.remove(&needed.name);
                no.push("answer.required");
            }
        }
        Flaw::SentTwice if !wish.files.is_empty() => no.push("material.used_twice"),
        Flaw::NotTheirs if is_agent => no.push("intake.not_yours"),
        Flaw::NotAllAnswered if !wish.picks.is_empty() => {
            wish.picks.clear();
            no.push("question.unanswered");
        }
        Flaw::ByOfficer
        | Flaw::MaterialLeftOut
        | Flaw::SentTwice
        | Flaw::NotTheirs
        | Flaw::NotAllAnswered => {}
    }
    no
}

/// Full years of age on a day.
fn age(born: Date, on: Date) -> i64 {
    let had = (born.month(), born.day()) <= (on.month(), on.day());
    i64::from(on.year()) - i64::from(born.year()) - i64::from(!had)
}

/// The day of birth in an identity number.
pub fn born(number: &str) -> Option<Date> {
    let day = number.get(6..14)?;
    let part = |from: usize, to: usize| day.get(from..to)?.parse::<i16>().ok();
    let small = |number: i16| i8::try_from(number).ok();
    let (year, month, day) = (part(0, 4)?, small(part(4, 6)?)?, small(part(6, 8)?)?);
    CitizenId::parse_stored(number).ok()?;
    Date::new(year, month, day).ok()
}

/// Sends the samples.
pub fn send_all(
    tx: &mut Tx<'_>,
    by: &By,
    samples: &[(String, Sample)],
) -> Result<Vec<(String, UploadId)>, Fault> {
    let mut sent = Vec::new();
    for (material, sample) in samples {
        let kept = intake::keep_upload(tx, by, sample.stored, sample.media, "申请材料")?;
        sent.push((material.clone(), kept.id));
    }
    Ok(sent)
}

pub fn write(
    tx: &mut Tx<'_>,
    by: &By,
    draft: ApplicationId,
    picks: &Picks,
    given: &Map<String, Value>,
    samples: &[(String, Sample)],
) -> Result<(), Fault> {
    intake::save_picks(tx, by, draft, picks)?;
    intake::save_answers(tx, by, draft, given)?;
    for (material, upload) in send_all(tx, by, samples)? {
        intake::attach_file(tx, by, draft, &material, upload)?;
    }
    Ok(())
}
