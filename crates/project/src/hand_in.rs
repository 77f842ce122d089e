//! Handing in 一次申报: the one form and the one set are checked for every item, split, kept with the
//! bundle, and handed in part by part as soon as each part's time has come.

use std::collections::BTreeMap;

use case::Code;
use catalogue::form::FormChecker;
use codes::CaseNumber;
use db::{Tx, params, timer};
use identity::Organ;
use intake::{By, NewApplication, SentFile, UploadId};
use kernel::{Fault, Problem, TypedId};
use ledger::lifecycle::load_versioned;
use ledger::{StoredFile, keep_file, keep_text, read_text};
use serde_json::{Map, Value};

use crate::decide::{BundleCommand, HandedIn, ProjectCommand, Who, begin_bundle};
use crate::draft::{self, DraftId, NewBundle, Open};
use crate::model::{Bundle, BundleId, Handed, Paper, Part, PartPlan, PartStatus, Project};
use crate::one_form::Share;
use crate::theme::Theme;
use crate::{handle, news, shipped, store};

/// What an applicant takes home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The bundle.
    pub bundle: BundleId,
    /// Its number 联办编号.
    pub number: CaseNumber,
}

/// Sends a draft: one application for all its items.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field of the one form; the rule that says no.
pub fn hand_in(tx: &mut Tx<'_>, by: &By, id: DraftId) -> Result<Receipt, Fault> {
    let open = draft::open(tx, by, id)?;
    let mut sent = Vec::new();
    for (material, upload) in &open.draft.papers {
        let file = intake::sent_file(tx, by, *upload)?;
        sent.push((material.clone(), file));
    }
    let shares = checked(tx, by, &open, &sent)?;
    let receipt = take_in(tx, by, &open, shares)?;
    for (_, file) in &sent {
        intake::drop_upload(tx, by, file.id)?;
    }
    store::DRAFTS.remove(tx, params![id])?;
    Ok(receipt)
}

/// Sends a whole bundle in one piece, as programs do.
///
/// # Errors
/// As [`hand_in`].
pub fn hand_in_whole(
    tx: &mut Tx<'_>,
    by: &By,
    new: &NewBundle,
    answers: &Map<String, Value>,
    papers: &[(String, UploadId)],
) -> Result<Receipt, Fault> {
    let id = draft::start(tx, by, new)?;
    draft::save_answers(tx, by, id, answers)?;
    for (material, upload) in papers {
        draft::attach(tx, by, id, material, *upload)?;
    }
    hand_in(tx, by, id)
}

/// What would be wrong with a draft if it were sent now.
///
/// # Errors
/// As [`hand_in`], but wrong fields are the answer.
pub fn problems_of(tx: &mut Tx<'_>, by: &By, id: DraftId) -> Result<Vec<Problem>, Fault> {
    let open = draft::open(tx, by, id)?;
    let mut sent = Vec::new();
    for (material, upload) in &open.draft.papers {
        let file = intake::sent_file(tx, by, *upload)?;
        sent.push((material.clone(), file));
    }
    match checked(tx, by, &open, &sent) {
        Ok(_) => Ok(Vec::new()),
        Err(Fault::Invalid(problems)) => Ok(problems),
        Err(other) => Err(other),
    }
}

/// What is wrong with the answers, each problem at its field of the one form and told once.
///
/// # Errors
/// [`Fault::Broken`] when an item's form cannot be checked.
pub fn answer_problems(
    tx: &Tx<'_>,
    open: &Open,
    answers: &Map<String, Value>,
) -> Result<Vec<Problem>, Fault> {
    let taking = open.gathered.taking();
    let mut wrong: BTreeMap<String, Problem> = BTreeMap::new();
    for (item, one) in taking.iter().enumerate() {
        let share: Share<()> = open.form.share(&taking, item, answers, &[])?;
        let checker = FormChecker::new(one.content).map_err(Fault::broken)?;
        let given = Value::Object(share.answers);
        let problems = checker.check(one.scenario, &given, tx.today()).err();
        for problem in problems.into_iter().flatten() {
            let name = open.form.name_of(item, &problem.field);
            let field = name.unwrap_or(&problem.field).to_owned();
            wrong.entry(field.clone()).or_insert(Problem {
                field,
                code: problem.code,
                params: problem.params.into_iter().collect(),
            });
        }
    }
    // In the order of the form.
    let fields = open.form.fields.iter();
    let mut told: Vec<Problem> = fields.filter_map(|one| wrong.remove(&one.name)).collect();
    told.extend(wrong.into_values());
    Ok(told)
}

fn checked(
    tx: &Tx<'_>,
    by: &By,
    open: &Open,
    sent: &[(String, SentFile)],
) -> Result<Vec<Share<SentFile>>, Fault> {
    let answers = &open.draft.answers;
    let mut problems = answer_problems(tx, open, answers)?;
    let media = sent
        .iter()
        .map(|(id, file)| (id.clone(), file.media.clone()));
    problems.extend(draft::paper_problems(
        &open.form,
        &media.collect::<Vec<_>>(),
    ));
    let there: Vec<&str> = sent.iter().map(|(id, _)| id.as_str()).collect();
    // At the counter what is missing is no obstacle: the one-time notice says it (许可法 32).
    if !at_counter(by) {
        problems.extend(draft::missing_papers(&open.form, &there));
    }
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    let taking = open.gathered.taking();
    let items = 0..taking.len();
    items
        .map(|item| open.form.share(&taking, item, answers, sent))
        .collect()
}

fn at_counter(by: &By) -> bool {
    matches!(by, By::Clerk { .. })
}

/// The organ with a credit code, or the hall where the house does not know it.
fn organ_of(tx: &mut Tx<'_>, uscc: &str) -> Result<Organ, Fault> {
    match identity::organ_by_uscc(tx, uscc)? {
        Some(organ) => Ok(organ),
        None => identity::hall(tx),
    }
}

fn take_in(
    tx: &mut Tx<'_>,
    by: &By,
    open: &Open,
    shares: Vec<Share<SentFile>>,
) -> Result<Receipt, Fault> {
    let id: BundleId = tx.new_id();
    let (draft, theme) = (&open.draft, open.gathered.theme);
    let hall = identity::hall(tx)?;
    let lead = organ_of(tx, &theme.lead)?;
    let number = intake::next_number(tx, &hall, &lead)?;
    let mut parts = Vec::new();
    for (item, share) in shares.into_iter().enumerate() {
        parts.push(part_plan(tx, id, open, item, share)?);
    }
    let check = match &theme.check {
        Some(one) => Some((
            one.kind,
            u16::try_from(one.list.len()).map_err(Fault::broken)?,
        )),
        None => None,
    };
    let new = HandedIn {
        number: code(number.as_ref())?,
        theme: code(&theme.id)?,
        theme_version: theme.version,
        project: draft.project,
        applicant: draft.applicant,
        agent: draft.agent,
        lead: lead.id,
        hall: hall.id,
        join: theme.join,
        absence: theme.absence,
        limit_days: theme.limit_days,
        check,
        pre_review: draft.pre_review,
        at_counter: at_counter(by),
        on: tx.today(),
        parts,
    };
    let mut asked = Vec::new();
    for one in &theme.opinions {
        asked.push((organ_of(tx, &one.organ)?.id, one.days));
    }
    let facts = handle::facts(tx, Who::Person)?;
    let events = begin_bundle(new, &asked, &facts)?;
    let done = ledger::open::<Bundle>(tx, id, events)?;
    news::follow(tx, &done)?;
    if let (Some(project), Some(stage)) = (draft.project, draft.stage) {
        let wanted = (project, stage);
        crate::draft::own_stage(tx, by, draft.applicant, wanted, &draft.theme)?;
        let command = ProjectCommand::BeginStage(stage, id);
        ledger::perform::<Project>(tx, project, command, &facts)?;
    }
    for part in done.record.ready() {
        submit_part(tx, id, part)?;
    }
    Ok(Receipt { bundle: id, number })
}

fn part_plan(
    tx: &mut Tx<'_>,
    id: BundleId,
    open: &Open,
    item: usize,
    share: Share<SentFile>,
) -> Result<PartPlan, Fault> {
    let gathered = &open.gathered;
    let place = gathered.places[item];
    let (version, wanted) = (&gathered.versions[item], &gathered.theme.items[place]);
    let content = &version.content;
    let person = open.draft.applicant;
    let answers = serde_json::to_string(&share.answers).map_err(Fault::broken)?;
    let answers = keep_text(tx, id, Some(person), &answers)?;
    let mut papers = Vec::new();
    for (material, sent) in &share.documents {
        let material = position(&content.materials, |known| known.id == *material)?;
        let file = keep_file(tx, id, Some(person), &sent.stored, &sent.media, &sent.name)?;
        papers.push(Paper { material, file });
    }
    let mut handed = Vec::new();
    for one in open.form.handed.iter().filter(|one| one.to == item) {
        handed.push(Handed {
            material: position(&content.materials, |known| known.id == one.material)?,
            from: u16::try_from(one.from).map_err(Fault::broken)?,
        });
    }
    let uscc = content.body.uscc.as_deref().unwrap_or_default();
    let places = gathered.places.iter();
    let after = wanted.after.iter().filter_map(|key| {
        let before = gathered.theme.place(key)?;
        places.clone().position(|place| *place == before)
    });
    let after: Result<Vec<u16>, _> = after.map(u16::try_from).collect();
    Ok(PartPlan {
        at: u16::try_from(place).map_err(Fault::broken)?,
        item: version.item,
        version: version.number,
        scenario: position(&content.scenarios, |one| one.id == gathered.scenarios[item])?,
        organ: organ_of(tx, uscc)?.id,
        need: wanted.need,
        follow_up: wanted.follow_up,
        days: wanted.days,
        after: after.map_err(Fault::broken)?,
        answers,
        papers,
        handed,
    })
}

fn position<T>(all: &[T], is: impl Fn(&T) -> bool) -> Result<u16, Fault> {
    let found = all.iter().position(is);
    let found = found.ok_or_else(|| Fault::broken("the item version does not hold it"))?;
    u16::try_from(found).map_err(Fault::broken)
}

pub(crate) fn code(word: &str) -> Result<Code, Fault> {
    Code::try_from(word.to_owned()).map_err(Fault::broken)
}

/// The timer that hands in what has become ready.
pub(crate) const RELEASE_TIMER: &str = "project.release";

/// Asks for the parts that have become ready to be handed in, in a transaction of their own: what
/// is wrong with one must not undo the decision that made it ready.
pub(crate) fn ask_release(tx: &mut Tx<'_>, id: BundleId) -> Result<(), Fault> {
    let now = tx.now();
    timer::set(tx, RELEASE_TIMER, id.uuid(), now)
}

/// Hands in the parts that are ready. A part that cannot be handed in is marked, and the applicant
/// and the lead see it.
pub(crate) fn release(tx: &mut Tx<'_>, id: BundleId) -> Result<(), Fault> {
    let bundle = load_versioned::<Bundle>(tx, id)?.record;
    for part in bundle.ready() {
        match submit_part(tx, id, part) {
            Ok(()) => {}
            Err(Fault::Invalid(_) | Fault::Refused(_) | Fault::NotFound { .. }) => {
                handle::by_system(tx, id, BundleCommand::Fail(part))?;
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Hands a part in to the front desk, as the applicant would.
fn submit_part(tx: &mut Tx<'_>, id: BundleId, number: u16) -> Result<(), Fault> {
    let bundle = load_versioned::<Bundle>(tx, id)?.record;
    let part = bundle
        .part(number)
        .ok_or(Fault::NotFound { what: "part" })?;
    let new = application_of(tx, &bundle, part)?;
    let by = By::Person(bundle.applicant);
    // Checked on the day on which the one form was handed in; waiting makes it no worse.
    let receipt = intake::submit_filled_on(tx, &by, new, bundle.handed_in_on)?;
    let received = BundleCommand::Receive(number, receipt.application);
    handle::by_system(tx, id, received)
}

fn application_of(tx: &mut Tx<'_>, bundle: &Bundle, part: &Part) -> Result<NewApplication, Fault> {
    let plan = &part.plan;
    let filled = catalogue::version(tx, plan.item, plan.version)?;
    let scenario = filled.content.scenarios.get(usize::from(plan.scenario));
    let scenario = scenario.ok_or_else(|| Fault::broken("no such scenario in the version"))?;
    let now = intake::open_version(tx, plan.item)?;
    let all = catalogue::scenario::paths(&now.content).map_err(Fault::broken)?;
    let way = all.into_iter().find(|(_, one)| one.id == scenario.id);
    let (picks, _) = way.ok_or(Fault::NotFound { what: "scenario" })?;
    // Erased meanwhile: there is nothing left to hand in.
    let text = read_text(tx, &plan.answers)?.ok_or(Fault::NotFound { what: "answers" })?;
    let answers = serde_json::from_str(&text).map_err(Fault::broken)?;
    let mut documents = Vec::new();
    for paper in &plan.papers {
        let material = filled.content.materials.get(usize::from(paper.material));
        let material = material.ok_or_else(|| Fault::broken("no such material"))?;
        let kept = ledger::files::get_file(tx, paper.file.file)?;
        let stored = StoredFile {
            address: kept.address,
            content: kept.content,
            size: kept.size,
        };
        let by = By::Person(bundle.applicant);
        let sent = intake::keep_upload(tx, &by, stored, &kept.media, &kept.name)?;
        documents.push((material.id.clone(), sent.id));
    }
    let handed = plan.handed.iter();
    let handed = handed.filter_map(|one| filled.content.materials.get(usize::from(one.material)));
    let held = handed.map(|material| material.id.clone()).collect();
    Ok(NewApplication {
        item: plan.item,
        applicant: bundle.applicant,
        agent: bundle.agent,
        picks,
        answers,
        documents,
        held,
        at_counter: bundle.at_counter,
        by_hand: false,
    })
}

/// Accepts at one stroke what lies at the front desk 统一受理; answers how many parts.
///
/// # Errors
/// What intake says; then nothing was accepted.
pub fn accept(tx: &mut Tx<'_>, by: &By, id: BundleId) -> Result<usize, Fault> {
    let bundle = load_versioned::<Bundle>(tx, id)?.record;
    match by {
        By::Clerk { hall, .. } if *hall == bundle.hall => {}
        _ => return Err(Fault::NotFound { what: "bundle" }),
    }
    let mut accepted = 0;
    for part in &bundle.parts {
        let waits = part.status == PartStatus::Received;
        let Some(application) = part.application.filter(|_| waits) else {
            continue;
        };
        if intake::application(tx, application)?
            .status
            .waits_for_hall()
        {
            intake::accept(tx, by, application)?;
            accepted += 1;
        }
    }
    Ok(accepted)
}

/// The theme that a bundle began with.
///
/// # Errors
/// [`Fault::NotFound`] for a theme that is not carried any more.
pub fn theme_of(bundle: &Bundle) -> Result<&'static Theme, Fault> {
    shipped::theme(bundle.theme.as_str())
}
