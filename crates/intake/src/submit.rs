//! Handing in: answers, materials and rights are checked together, every problem is told at its
//! field, and then number, receipt and record are made in one transaction.

use std::sync::Arc;

use catalogue::Version;
use catalogue::form::{FieldProblem, FormChecker};
use catalogue::model::ItemContent;
use catalogue::model::kind::CaseKind;
use catalogue::scenario::{Picks, Requirements};
use codes::{CaseNumber, QueryCode, RegionCode};
use db::{Tx, params};
use identity::{Organ, PersonCard};
use jiff::civil::Date;
use kernel::{Channel, Fault, PersonId, Problem, TypedId};
use ledger::{Lifecycle, keep_file, keep_text};
use serde_json::{Map, Value};

use crate::decide::{Arrival, Received, Refusal, TELL_WORKDAYS, receive};
use crate::draft::{self, file_problems, material_field};
use crate::model::{Application, ApplicationId, By, Document, NewApplication, Receipt, SentFile};
use crate::{notices, promise, store};

/// The timer that makes silence an acceptance (行政许可法 32(1)(4)).
pub(crate) const DEEMED: &str = "intake.deemed";

/// What is handed in, from a draft or in one piece.
struct HandIn {
    id: ApplicationId,
    version: Arc<Version>,
    applicant: PersonId,
    agent: Option<PersonId>,
    channel: Channel,
    picks: Picks,
    answers: Map<String, Value>,
    files: Vec<SentFile>,
    /// Materials that are not missing: a pledge stands for them, or the hall brings them itself.
    pledged: Vec<String>,
    /// At the counter what is missing is no obstacle: the one-time notice will say it.
    at_counter: bool,
    /// The day on which the form was filled in: by it dates lie in the past or not.
    filled_on: Date,
    /// Whether people are to handle it 人工办理.
    by_hand: bool,
}

/// Sends a draft.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Refusal`] when the application may not be taken.
pub fn submit(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Receipt, Fault> {
    send(tx, by, id, false)
}

/// Sends a draft for people to handle, also where a decision table might grant it 人工办理.
///
/// # Errors
/// As [`submit`].
pub fn submit_to_people(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Receipt, Fault> {
    send(tx, by, id, true)
}

fn send(tx: &mut Tx<'_>, by: &By, id: ApplicationId, by_hand: bool) -> Result<Receipt, Fault> {
    let draft = store::draft(tx, by, id)?;
    let version = draft::open_version(tx, draft.item)?;
    let hand_in = HandIn {
        id,
        pledged: promise::pledged(tx, &version, id)?,
        version,
        applicant: draft.applicant,
        agent: draft.agent,
        channel: draft.channel,
        picks: draft.picks,
        answers: draft.answers,
        files: store::uploads_of(tx, id)?,
        at_counter: draft.clerk.is_some(),
        filled_on: tx.today(),
        by_hand,
    };
    let receipt = take_in(tx, hand_in)?;
    draft::forget_draft(tx, id)?;
    Ok(receipt)
}

/// What would be wrong with a draft if it were sent now.
///
/// # Errors
/// As [`submit`], but wrong fields are the answer.
pub fn problems_of(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Vec<Problem>, Fault> {
    let draft = store::draft(tx, by, id)?;
    let version = draft::open_version(tx, draft.item)?;
    let files = store::uploads_of(tx, id)?;
    let pledged = promise::pledged(tx, &version, id)?;
    let lenient = draft.clerk.is_some();
    let given = Given {
        picks: &draft.picks,
        answers: &draft.answers,
        files: &files,
        pledged: &pledged,
        at_counter: lenient,
        filled_on: tx.today(),
    };
    let checked = check(tx, &version, &given);
    match checked {
        Ok(_) => Ok(Vec::new()),
        Err(Fault::Invalid(problems)) => Ok(problems),
        Err(other) => Err(other),
    }
}

/// Sends a whole application in one piece, with files that were sent before.
///
/// # Errors
/// As [`submit`]; [`Fault::NotFound`] for a file that is not the sender's.
pub fn submit_whole(tx: &mut Tx<'_>, by: &By, new: NewApplication) -> Result<Receipt, Fault> {
    let today = tx.today();
    submit_filled_on(tx, by, new, today)
}

/// Sends a whole application whose form was filled in and taken on an earlier day, and which had to
/// wait since for something else: a date that lay ahead then is not wrong now.
///
/// # Errors
/// As [`submit_whole`].
pub fn submit_filled_on(
    tx: &mut Tx<'_>,
    by: &By,
    new: NewApplication,
    filled_on: Date,
) -> Result<Receipt, Fault> {
    let By::Person(person) = *by else {
        return Err(Refusal::NotYours.into());
    };
    if new.applicant != person && new.agent != Some(person) {
        return Err(Refusal::NotYours.into());
    }
    let id: ApplicationId = tx.new_id();
    let mut files = Vec::new();
    for (material, upload) in new.documents {
        let mut sent = store::upload(tx, person.uuid(), upload)?;
        if sent.draft.is_some() || files.iter().any(|file: &SentFile| file.id == sent.id) {
            return Err(Fault::invalid("documents", "material.used_twice"));
        }
        sent.draft = Some(id);
        sent.material = Some(material);
        files.push(sent);
    }
    let hand_in = HandIn {
        id,
        version: draft::open_version(tx, new.item)?,
        applicant: new.applicant,
        agent: new.agent,
        channel: tx.actor().channel,
        picks: new.picks,
        answers: new.answers,
        files,
        pledged: new.held,
        at_counter: new.at_counter,
        filled_on,
        by_hand: new.by_hand,
    };
    take_in(tx, hand_in)
}

/// What is handed in, as it is checked.
struct Given<'g> {
    picks: &'g Picks,
    answers: &'g Map<String, Value>,
    files: &'g [SentFile],
    pledged: &'g [String],
    at_counter: bool,
    filled_on: Date,
}

/// Checks answers and files; the clean answers and what the scenario asks for.
fn check<'a>(
    tx: &Tx<'_>,
    version: &'a Version,
    given: &Given<'_>,
) -> Result<(Map<String, Value>, Requirements<'a>), Fault> {
    let requirements = draft::whole(&version.content, given.picks)?;
    let mut problems = file_problems(&requirements, given.files);
    if !given.at_counter {
        problems.extend(missing(&requirements, given.files, given.pledged));
    }
    let form = catalogue::checker(tx, version)?;
    let clean = checked_answers(
        &form,
        &requirements.scenario.id,
        given.answers,
        given.filled_on,
    );
    match clean {
        Ok(clean) if problems.is_empty() => Ok((clean, requirements)),
        Ok(_) => Err(Fault::Invalid(problems)),
        Err(Fault::Invalid(mut wrong)) => {
            wrong.extend(problems);
            Err(Fault::Invalid(wrong))
        }
        Err(other) => Err(other),
    }
}

/// The answers, tidied.
///
/// # Errors
/// [`Fault::Invalid`] with one problem for each wrong field.
pub(crate) fn checked_answers(
    form: &FormChecker,
    scenario: &str,
    answers: &Map<String, Value>,
    today: Date,
) -> Result<Map<String, Value>, Fault> {
    let given = Value::Object(answers.clone());
    match form.check(scenario, &given, today) {
        Ok(clean) => Ok(clean.values),
        Err(wrong) => Err(Fault::Invalid(wrong.into_iter().map(problem).collect())),
    }
}

fn problem(wrong: FieldProblem) -> Problem {
    let FieldProblem {
        field,
        code,
        params,
    } = wrong;
    Problem {
        field,
        code,
        params: params.into_iter().collect(),
    }
}

fn missing(
    requirements: &Requirements<'_>,
    files: &[SentFile],
    pledged: &[String],
) -> Vec<Problem> {
    let there = |id: &str| {
        files
            .iter()
            .any(|file| file.material.as_deref() == Some(id))
    };
    let lines = requirements.materials.lines().iter();
    let required = lines.filter(|line| line.is_due());
    required
        .filter(|line| !there(&line.material.id) && !pledged.contains(&line.material.id))
        .map(|line| Problem::new(material_field(&line.material.id), "material.required"))
        .collect()
}

fn take_in(tx: &mut Tx<'_>, hand_in: HandIn) -> Result<Receipt, Fault> {
    let today = tx.today();
    let version = Arc::clone(&hand_in.version);
    let HandIn {
        picks,
        answers,
        files,
        pledged,
        at_counter,
        filled_on,
        ..
    } = &hand_in;
    let given = Given {
        picks,
        answers,
        files,
        pledged,
        at_counter: *at_counter,
        filled_on: *filled_on,
    };
    let (answers, requirements) = check(tx, &version, &given)?;
    promise::same_scenario(tx, &version, hand_in.id, &requirements.scenario.id)?;
    let applicant = identity::person(tx, hand_in.applicant)?;
    let (hall, organ) = organs(tx, &version.content)?;
    let arrival = arrival(tx, &hand_in, &applicant, &requirements)?;
    let id = hand_in.id;
    let query_code = QueryCode::from_random(u32::from_be_bytes(tx.clock().random()));
    let number = next_number(tx, &hall, &organ)?;
    let tell_by = workdays_after(tx, today, TELL_WORKDAYS)?;
    let instant = version.content.case_kind == Some(CaseKind::Instant);
    let answers = serde_json::to_string(&answers).map_err(Fault::broken)?;
    let received = Received {
        number: number.clone(),
        query_code: keep_text(tx, id, Some(hand_in.applicant), query_code.as_str())?,
        item: version.item,
        version: version.number,
        scenario: position(&version.content.scenarios, |one| {
            one.id == requirements.scenario.id
        })?,
        applicant: hand_in.applicant,
        agent: hand_in.agent,
        channel: hand_in.channel,
        answers: keep_text(tx, id, Some(hand_in.applicant), &answers)?,
        documents: documents(tx, id, hand_in.applicant, &version.content, files)?,
        received_on: today,
        tell_by,
        answer_by: if instant { today } else { tell_by },
        organ: organ.id,
        hall: hall.id,
        by_hand: hand_in.by_hand,
    };
    let event = receive(received, &arrival)?;
    let done = ledger::open::<Application>(tx, id, vec![event])?;
    watch(tx, &done.record)?;
    notices::receipt(tx, &done.record, &query_code)?;
    Ok(Receipt {
        application: id,
        number,
        query_code,
    })
}

fn arrival(
    tx: &mut Tx<'_>,
    hand_in: &HandIn,
    applicant: &PersonCard,
    requirements: &Requirements<'_>,
) -> Result<Arrival, Fault> {
    let agent_authorised = match hand_in.agent {
        Some(agent) => {
            crate::may_act(tx, agent, hand_in.applicant, hand_in.version.item)?;
            true
        }
        None => true,
    };
    let content = &hand_in.version.content;
    Ok(Arrival {
        item_open: content.takes_applications(),
        age_min: content.age_min,
        age: applicant.age_on(tx.today()).map(i64::from),
        agent_authorised,
        listed: listed(content, requirements)?,
    })
}

/// The hall, and the department that decides: the body that the item names, else the hall.
pub(crate) fn organs(tx: &mut Tx<'_>, content: &ItemContent) -> Result<(Organ, Organ), Fault> {
    let hall = identity::hall(tx)?;
    let body = match &content.body.uscc {
        Some(uscc) => identity::organ_by_uscc(tx, uscc)?,
        None => None,
    };
    let organ = body.unwrap_or_else(|| hall.clone());
    Ok((hall, organ))
}

/// The next number 办件编号 of a department in a hall, unlike all others of the day.
///
/// # Errors
/// [`Fault::Broken`] when the hall's region or the department's code is none.
pub fn next_number(tx: &mut Tx<'_>, hall: &Organ, organ: &Organ) -> Result<CaseNumber, Fault> {
    let today = tx.today();
    let region = RegionCode::parse(&hall.region6).map_err(Fault::broken)?;
    let day = today.strftime("%Y%m%d");
    let key = format!("intake.number.{}.{day}.{}", hall.region6, organ.dept4);
    let serial = u32::try_from(ledger::counter::next(tx, &key)?).map_err(Fault::broken)?;
    CaseNumber::new(&region, today, &organ.dept4, serial).map_err(Fault::broken)
}

/// Names files in the record; they are passing state no longer.
pub(crate) fn documents(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    person: PersonId,
    content: &ItemContent,
    files: &[SentFile],
) -> Result<Vec<Document>, Fault> {
    let mut documents = Vec::with_capacity(files.len());
    for sent in files {
        let wanted = sent.material.as_deref().unwrap_or_default();
        let material = position(&content.materials, |material| material.id == wanted)?;
        let file = keep_file(tx, id, Some(person), &sent.stored, &sent.media, &sent.name)?;
        documents.push(Document { material, file });
        store::UPLOADS.remove(tx, params![sent.id])?;
    }
    Ok(documents)
}

/// Materials of a scenario by position.
pub(crate) fn listed(
    content: &ItemContent,
    requirements: &Requirements<'_>,
) -> Result<Vec<u16>, Fault> {
    let lines = requirements.materials.lines().iter();
    let ids = lines.map(|line| line.material.id.as_str());
    ids.map(|id| position(&content.materials, |material| material.id == id))
        .collect()
}

/// Where something stands in the item version.
pub(crate) fn position<T>(all: &[T], is: impl Fn(&T) -> bool) -> Result<u16, Fault> {
    let found = all.iter().position(is);
    let found = found.ok_or_else(|| Fault::broken("the item version does not hold it"))?;
    u16::try_from(found).map_err(Fault::broken)
}

/// The day so many working days after another.
pub(crate) fn workdays_after(tx: &mut Tx<'_>, day: Date, days: u32) -> Result<Date, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(day, days);
    Ok(due.map_err(|_| crate::Refusal::CalendarEnds)?.date)
}

/// Sets the timer for the day after the last day to tell.
pub(crate) fn watch(tx: &mut Tx<'_>, application: &Application) -> Result<(), Fault> {
    let first_late = application.tell_by.tomorrow().map_err(Fault::broken)?;
    let due = kernel::clock::hall_instant(first_late.at(0, 0, 0, 0));
    db::timer::set(tx, DEEMED, application.id().uuid(), due)
}
