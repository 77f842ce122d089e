//! Use cases of a bundle that is being written: begin, choose, save, attach, and go on later. The
//! one form is put together from the items in force today.

use std::sync::Arc;

use catalogue::Version;
use catalogue::model::ItemContent;
use db::{Tx, params};
use intake::{By, UploadId};
use jiff::{SignedDuration, Timestamp};
use kernel::{Fault, PersonId, Problem};
use serde_json::{Map, Value};

use crate::decide::Refusal;
use crate::model::ProjectId;
use crate::one_form::{OneForm, SCENARIO, Taking, assemble};
use crate::theme::{Theme, ThemeKind};
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
    /// Who writes it.
    pub owner: PersonId,
    /// Whether it is to be looked at before the land is awarded.
    pub pre_review: bool,
    /// The items chosen, by key.
    pub chosen: Vec<String>,
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
    /// The items chosen beside the mandatory ones.
    pub chosen: Vec<String>,
    /// Whether it is to be looked at before the land is awarded.
    pub pre_review: bool,
}

/// A theme with the items that take part, in force today.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The theme.
    pub theme: &'static Theme,
    /// The places in the theme of the items that take part.
    pub places: Vec<usize>,
    /// Their versions.
    pub versions: Vec<Arc<Version>>,
    /// Their scenarios.
    pub scenarios: Vec<String>,
}

impl Gathered {
    /// The items that take part, for the one form.
    #[must_use]
    pub fn taking(&self) -> Vec<Taking<'_>> {
        let versions = self.versions.iter().zip(&self.scenarios);
        let both = self.places.iter().zip(versions);
        both.map(|(place, (version, scenario))| Taking {
            key: &self.theme.items[*place].key,
            content: &version.content,
            scenario,
        })
        .collect()
    }
}

/// The items of a theme that are chosen, in force today.
///
/// # Errors
/// [`Refusal::NothingChosen`], [`Refusal::BeforeMissing`]; what intake says of a closed item.
pub fn gather(
    tx: &mut Tx<'_>,
    theme: &'static Theme,
    chosen: &[String],
) -> Result<Gathered, Fault> {
    let places = theme.chosen(chosen);
    if places.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    let (mut versions, mut scenarios) = (Vec::new(), Vec::new());
    let today = tx.today();
    for place in &places {
        let item = &theme.items[*place];
        let before = item.after.iter().filter_map(|key| theme.place(key));
        if before.into_iter().any(|place| !places.contains(&place)) {
            return Err(Refusal::BeforeMissing.into());
        }
        let found = catalogue::published_by_code(tx, &item.code, today)?;
        let version = found.ok_or(Fault::NotFound { what: "item" })?;
        intake::open_version(tx, version.item)?;
        scenarios.push(scenario_of(item.scenario.as_deref(), &version.content)?);
        versions.push(version);
    }
    Ok(Gathered {
        theme,
        places,
        versions,
        scenarios,
    })
}

fn scenario_of(named: Option<&str>, content: &ItemContent) -> Result<String, Fault> {
    let found = match named {
        Some(id) => content.scenario(id),
        None => content.scenarios.first(),
    };
    let found = found.map(|scenario| scenario.id.clone());
    found.ok_or_else(|| Fault::broken("the item has no such scenario"))
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
/// As [`gather`]; [`Refusal::StageOnly`] for a stage without a project.
pub fn start(tx: &mut Tx<'_>, by: PersonId, new: &NewBundle) -> Result<DraftId, Fault> {
    let theme = shipped::theme(&new.theme)?;
    if theme.kind == ThemeKind::Stage {
        let (project, stage) = new.stage.ok_or(Refusal::StageOnly)?;
        crate::projects::own_stage(tx, by, project, stage, &new.theme)?;
    }
    if new.pre_review && !theme.pre_review {
        return Err(Refusal::NoPreReview.into());
    }
    let gathered = gather(tx, theme, &new.chosen)?;
    let form = assemble(theme, &gathered.taking())?;
    let agent = Some(by).filter(|by| *by != new.applicant);
    if let Some(agent) = agent
        && !identity::may_act_for(tx, agent, new.applicant, None)?
    {
        return Err(Fault::NotFound { what: "person" });
    }
    let applicant = identity::person(tx, new.applicant)?;
    let draft = Draft {
        id: tx.new_id(),
        theme: new.theme.clone(),
        project: new.stage.map(|(project, _)| project),
        stage: new.stage.map(|(_, stage)| stage),
        applicant: new.applicant,
        agent,
        owner: by,
        pre_review: new.pre_review,
        chosen: new.chosen.clone(),
        answers: intake::prefilled(&form.content, &applicant),
        papers: Vec::new(),
        saved_at: tx.now(),
    };
    store::put_draft(tx, &draft)?;
    Ok(draft.id)
}

/// A draft that somebody may write on, with its one form.
///
/// # Errors
/// [`Fault::NotFound`]; as [`gather`].
pub fn open(tx: &mut Tx<'_>, by: PersonId, id: DraftId) -> Result<Open, Fault> {
    let draft = store::draft(tx, by, id)?;
    let gathered = gather(tx, shipped::theme(&draft.theme)?, &draft.chosen)?;
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
pub fn drafts(tx: &mut Tx<'_>, by: PersonId) -> Result<Vec<Draft>, Fault> {
    store::drafts(tx, by)
}

/// Saves the answers as they are: what is wrong with them is told when they are sent.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn save_answers(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: DraftId,
    answers: &Map<String, Value>,
) -> Result<(), Fault> {
    let mut draft = store::draft(tx, by, id)?;
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
    by: PersonId,
    id: DraftId,
    material: &str,
    upload: UploadId,
) -> Result<(), Fault> {
    let open = open(tx, by, id)?;
    let sent = intake::sent_file(tx, &By::Person(by), upload)?;
    let mut draft = open.draft;
    let mut kinds = vec![(material.to_owned(), sent.media)];
    for (other, upload) in draft.papers.iter().filter(|(other, _)| other == material) {
        let sent = intake::sent_file(tx, &By::Person(by), *upload)?;
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
pub fn detach(tx: &mut Tx<'_>, by: PersonId, id: DraftId, upload: UploadId) -> Result<(), Fault> {
    let mut draft = store::draft(tx, by, id)?;
    draft.papers.retain(|(_, other)| *other != upload);
    intake::drop_upload(tx, &By::Person(by), upload)?;
    save(tx, draft)
}

/// Takes a draft away, with its files.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn drop_draft(tx: &mut Tx<'_>, by: PersonId, id: DraftId) -> Result<(), Fault> {
    let draft = store::draft(tx, by, id)?;
    for (_, upload) in draft.papers {
        intake::drop_upload(tx, &By::Person(by), upload)?;
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
