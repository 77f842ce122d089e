//! Use cases of a bundle that is being written: begin, choose, save, attach, and go on later. The
//! one form is put together from the items in force today.

use catalogue::scenario::Picks;
use db::{Tx, params};
use intake::{By, UploadId};
use jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Fault, PersonId, Problem};
use serde_json::{Map, Value};

use crate::decide::Refusal;
use crate::gathered::{Gathered, Surveyed, gather, survey};
use crate::model::ProjectId;
use crate::one_form::{OneForm, SCENARIO, Source, assemble};
use crate::theme::ThemeKind;
use crate::{shipped, store};

kernel::id!(
    /// A bundle that is being written.
    DraftId,
    "bundle_draft"
);

/// Drafts that nobody touches are taken away after so many days.
const KEPT_DAYS: i64 = 90;
/// How many files a bundle holds at most.
const PAPERS_MAX: usize = 200;

/// A bundle that is being written 草稿: passing state.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The theme.
    pub theme: String,
    /// The project that it is a stage of.
    pub project: Option<ProjectId>,
    /// Which stage.
    pub stage: Option<u16>,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant.
    pub agent: Option<PersonId>,
    /// Who writes it: a person, or a clerk for somebody who stands at the window.
    pub owner: Uuid,
    /// Whether it is to be looked at before the land is awarded.
    pub pre_review: bool,
    /// The items ticked by hand, by key.
    pub chosen: Vec<String>,
    /// Answers to the guiding questions 情形引导, by name.
    pub picks: Picks,
    /// Answers to the one form, perhaps not right yet.
    pub answers: Map<String, Value>,
    /// Files put to materials of the one set.
    pub papers: Vec<(String, UploadId)>,
    /// When it was last saved.
    pub saved_at: Timestamp,
}

/// A bundle to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBundle {
    /// The theme.
    pub theme: String,
    /// The project and its stage, where it is one.
    pub stage: Option<(ProjectId, u16)>,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant: at the counter the visitor who holds the power of attorney.
    pub agent: Option<PersonId>,
    /// The items ticked beside the mandatory ones.
    pub chosen: Vec<String>,
    /// Answers to the guiding questions, by name, as far as they are known.
    pub picks: Picks,
    /// Whether it is to be looked at before the land is awarded.
    pub pre_review: bool,
}

/// A draft with its one form.
#[derive(Debug, Clone)]
pub struct Open {
    /// The draft.
    pub draft: Draft,
    /// The items that take part.
    pub gathered: Gathered,
    /// The one form.
    pub form: OneForm,
}

/// Begins a draft: for oneself or, with a power of attorney, for another.
///
/// # Errors
/// As [`gather`], but open questions are asked next; [`Refusal::StageOnly`] for a stage without a
/// project.
pub fn start(tx: &mut Tx<'_>, by: &By, new: &NewBundle) -> Result<DraftId, Fault> {
    let theme = shipped::theme(&new.theme)?;
    match new.stage {
        Some(wanted) => own_stage(tx, by, new.applicant, wanted, &new.theme)?,
        None if theme.kind == ThemeKind::Stage => return Err(Refusal::StageOnly.into()),
        None => {}
    }
    if new.pre_review && !theme.pre_review {
        return Err(Refusal::NoPreReview.into());
    }
    let surveyed = survey(tx, theme, &new.chosen, &new.picks)?;
    // What is open is asked next; what is chosen must fit already.
    if surveyed.guided.open.is_empty() {
        gather(tx, theme, &new.chosen, &new.picks)?;
    }
    let agent = match by {
        By::Person(person) => Some(*person).filter(|person| *person != new.applicant),
        By::Clerk { .. } => new.agent,
        By::Other => return Err(Refusal::NotFrontDesk.into()),
    };
    if let Some(agent) = agent {
        for place in &surveyed.guided.places {
            if let Some(version) = surveyed.versions.get(*place).and_then(Option::as_ref) {
                intake::may_act(tx, agent, new.applicant, version.item)?;
            }
        }
    }
    let mut draft = Draft {
        id: tx.new_id(),
        theme: new.theme.clone(),
        project: new.stage.map(|(project, _)| project),
        stage: new.stage.map(|(_, stage)| stage),
        applicant: new.applicant,
        agent,
        owner: owner(by)?,
        pre_review: new.pre_review,
        chosen: new.chosen.clone(),
        picks: new.picks.clone(),
        answers: Map::new(),
        papers: Vec::new(),
        saved_at: tx.now(),
    };
    prefill(tx, &mut draft)?;
    store::put_draft(tx, &draft)?;
    Ok(draft.id)
}

/// Lets pass whoever may begin this stage of a project now: nobody enters the project of another,
/// nor a stage by another theme. Asked at the beginning, and again when the bundle is handed in.
pub(crate) fn own_stage(
    tx: &mut Tx<'_>,
    by: &By,
    applicant: PersonId,
    (project, stage): (ProjectId, u16),
    theme: &str,
) -> Result<(), Fault> {
    let whose = match by {
        By::Person(person) => *person,
        By::Clerk { .. } | By::Other => applicant,
    };
    crate::projects::own_stage(tx, whose, project, stage, theme)
}

/// Who owns what is written; nobody at another desk does.
fn owner(by: &By) -> Result<Uuid, Fault> {
    let nobody = Fault::NotFound {
        what: "bundle_draft",
    };
    by.uuid().ok_or(nobody)
}

/// What the hall knows already is filled in where nothing stands yet, once the form is known.
fn prefill(tx: &mut Tx<'_>, draft: &mut Draft) -> Result<(), Fault> {
    let Some(open) = formed(tx, draft)? else {
        return Ok(());
    };
    let applicant = identity::person(tx, draft.applicant)?;
    for (name, value) in intake::prefilled(&open.form.content, &applicant) {
        draft.answers.entry(name).or_insert(value);
    }
    Ok(())
}

/// The one form of a draft; none while questions are open.
fn formed(tx: &mut Tx<'_>, draft: &Draft) -> Result<Option<Open>, Fault> {
    let theme = shipped::theme(&draft.theme)?;
    let surveyed = survey(tx, theme, &draft.chosen, &draft.picks)?;
    if !surveyed.guided.open.is_empty() {
        return Ok(None);
    }
    let gathered = gather(tx, theme, &draft.chosen, &draft.picks)?;
    let form = assemble(theme, &gathered.taking())?;
    Ok(Some(Open {
        draft: draft.clone(),
        gathered,
        form,
    }))
}

/// Where the questions of a draft stand.
///
/// # Errors
/// [`Fault::NotFound`]; as [`survey`].
pub fn asked(tx: &mut Tx<'_>, by: &By, id: DraftId) -> Result<(Draft, Surveyed), Fault> {
    let draft = store::draft(tx, owner(by)?, id)?;
    let theme = shipped::theme(&draft.theme)?;
    let surveyed = survey(tx, theme, &draft.chosen, &draft.picks)?;
    Ok((draft, surveyed))
}

/// Saves the answers to the guiding questions. What they make of the form keeps the answers and
/// papers that still mean the same; the others go, so that nothing stands at a wrong place.
///
/// # Errors
/// [`Fault::NotFound`]; as [`gather`] once every question is answered.
pub fn save_picks(tx: &mut Tx<'_>, by: &By, id: DraftId, picks: &Picks) -> Result<Surveyed, Fault> {
    let mut draft = store::draft(tx, owner(by)?, id)?;
    let before = formed(tx, &draft)?;
    let theme = shipped::theme(&draft.theme)?;
    let surveyed = survey(tx, theme, &draft.chosen, picks)?;
    // Only what lies on the way is kept.
    let on_way = |name: &String| surveyed.guided.asked.iter().any(|one| one.name == *name);
    let kept = picks.iter().filter(|(name, _)| on_way(name));
    draft.picks = kept
        .map(|(name, pick)| (name.clone(), pick.clone()))
        .collect();
    if let Some(before) = before.filter(|before| before.draft.picks != draft.picks) {
        let after = formed(tx, &draft)?;
        keep_same(tx, by, &mut draft, &before, after.as_ref())?;
    }
    prefill(tx, &mut draft)?;
    save(tx, draft)?;
    Ok(surveyed)
}

/// Keeps what stands at the same place of the same item in both forms; where a question is open
/// again, there is no form that could say so.
fn keep_same(
    tx: &mut Tx<'_>,
    by: &By,
    draft: &mut Draft,
    before: &Open,
    after: Option<&Open>,
) -> Result<(), Fault> {
    let field = |open: &Open, name: &str| {
        let found = open.form.fields.iter().find(|one| one.name == name);
        found.and_then(|one| open.place(one.sources.first()?))
    };
    let paper = |open: &Open, id: &str| {
        let found = open.form.materials.iter().find(|one| one.id == id);
        found.and_then(|one| open.place(one.sources.first()?))
    };
    let stays = |place: &dyn Fn(&Open) -> Option<(usize, String)>| {
        let old = place(before);
        old.is_some() && after.and_then(place) == old
    };
    draft
        .answers
        .retain(|name, _| stays(&|open| field(open, name)));
    let papers = std::mem::take(&mut draft.papers);
    for (id, upload) in papers {
        if stays(&|open| paper(open, &id)) {
            draft.papers.push((id, upload));
        } else {
            intake::drop_upload(tx, by, upload)?;
        }
    }
    Ok(())
}

impl Open {
    /// Whether anything was asked to choose its items and scenarios.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.gathered.asks
    }

    /// Where something of the one form comes from: the item's place in the theme, and its name.
    fn place(&self, source: &Source) -> Option<(usize, String)> {
        let place = self.gathered.places.get(source.item)?;
        Some((*place, source.name.clone()))
    }
}

/// A draft that somebody may write on, with its one form.
///
/// # Errors
/// [`Fault::NotFound`]; as [`gather`].
pub fn open(tx: &mut Tx<'_>, by: &By, id: DraftId) -> Result<Open, Fault> {
    let draft = store::draft(tx, owner(by)?, id)?;
    let theme = shipped::theme(&draft.theme)?;
    let gathered = gather(tx, theme, &draft.chosen, &draft.picks)?;
    let form = assemble(gathered.theme, &gathered.taking())?;
    Ok(Open {
        draft,
        gathered,
        form,
    })
}

/// The drafts that somebody may go on with, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn drafts(tx: &mut Tx<'_>, by: &By) -> Result<Vec<Draft>, Fault> {
    store::drafts(tx, owner(by)?)
}

/// Saves the answers as they are: what is wrong with them is told when they are sent.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn save_answers(
    tx: &mut Tx<'_>,
    by: &By,
    id: DraftId,
    answers: &Map<String, Value>,
) -> Result<(), Fault> {
    let mut draft = store::draft(tx, owner(by)?, id)?;
    draft.answers = answers.clone();
    save(tx, draft)
}

fn save(tx: &mut Tx<'_>, mut draft: Draft) -> Result<(), Fault> {
    draft.saved_at = tx.now();
    store::put_draft(tx, &draft)
}

/// The field of a page at which a material stands.
#[must_use]
pub fn material_field(material: &str) -> String {
    format!("material.{material}")
}

/// Puts a file that was sent to a material of the one set.
///
/// # Errors
/// [`Fault::Invalid`] when the material is not listed, takes no such files, or has enough.
pub fn attach(
    tx: &mut Tx<'_>,
    by: &By,
    id: DraftId,
    material: &str,
    upload: UploadId,
) -> Result<(), Fault> {
    let open = open(tx, by, id)?;
    let sent = intake::sent_file(tx, by, upload)?;
    let mut draft = open.draft;
    let mut kinds = vec![(material.to_owned(), sent.media)];
    for (other, upload) in draft.papers.iter().filter(|(other, _)| other == material) {
        let sent = intake::sent_file(tx, by, *upload)?;
        kinds.push((other.clone(), sent.media));
    }
    let problems = paper_problems(&open.form, &kinds);
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    if PAPERS_MAX <= draft.papers.len() {
        return Err(Fault::invalid(
            material_field(material),
            "material.too_many",
        ));
    }
    draft.papers.push((material.to_owned(), upload));
    save(tx, draft)
}

/// Takes a file away from a draft.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn detach(tx: &mut Tx<'_>, by: &By, id: DraftId, upload: UploadId) -> Result<(), Fault> {
    let mut draft = store::draft(tx, owner(by)?, id)?;
    draft.papers.retain(|(_, other)| *other != upload);
    intake::drop_upload(tx, by, upload)?;
    save(tx, draft)
}

/// Takes a draft away, with its files.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn drop_draft(tx: &mut Tx<'_>, by: &By, id: DraftId) -> Result<(), Fault> {
    let draft = store::draft(tx, owner(by)?, id)?;
    for (_, upload) in draft.papers {
        intake::drop_upload(tx, by, upload)?;
    }
    store::DRAFTS.remove(tx, params![id])?;
    Ok(())
}

/// Takes away drafts that nobody has touched for a long time; answers how many.
///
/// # Errors
/// As [`Tx::execute`].
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
    let before = tx.now().checked_sub(kept).map_err(Fault::broken)?;
    store::sweep(tx, before)
}

/// What is wrong with files, given as pairs of material and media type: not listed, of a kind that
/// one of the items does not take, too many.
#[must_use]
pub fn paper_problems(form: &OneForm, papers: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    for (id, media) in papers {
        let field = material_field(id);
        let Some(material) = form.content.material(id) else {
            problems.push(Problem::new(field, "material.not_listed"));
            continue;
        };
        let kind = intake::kind_of_media(media);
        let kinds = &material.file_kinds;
        if !kinds.is_empty() && !kind.is_some_and(|kind| kinds.contains(&kind)) {
            let accepted: Vec<&str> = kinds.iter().map(|kind| kind.extension()).collect();
            let problem = Problem::new(&field, "material.wrong_kind").with("name", "");
            problems.push(problem.with("kinds", accepted.join(", ")));
        }
        let count = counts.entry(id).or_default();
        *count += 1;
        if *count == material.files_max() + 1 {
            let max = material.files_max();
            problems.push(Problem::new(field, "material.too_many").with("max", max));
        }
    }
    problems
}

/// What is missing from the one set.
#[must_use]
pub fn missing_papers(form: &OneForm, there: &[&str]) -> Vec<Problem> {
    use catalogue::model::kind::Necessity;
    let scenario = form.content.scenario(SCENARIO);
    let lines = scenario.iter().flat_map(|scenario| &scenario.materials);
    let made = |id: &str| {
        let mut all = form.content.materials.iter();
        all.any(|material| material.id == id && material.from_form)
    };
    let required = lines.filter(|line| line.necessity == Necessity::Required);
    required
        .filter(|line| !made(&line.material))
        .filter(|line| !there.contains(&line.material.as_str()))
        .map(|line| Problem::new(material_field(&line.material), "material.required"))
        .collect()
}
