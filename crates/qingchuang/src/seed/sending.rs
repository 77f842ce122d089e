//! What invented people send and what a clerk tells them, for the lived days.

use std::sync::Arc;

use catalogue::model::{FileKind, ItemContent};
use catalogue::scenario::Picks;
use db::Tx;
use intake::{ApplicationId, By, NewApplication};
use kernel::{Clock, Fault, PersonId};
use ledger::{FileStore, StoredFile};

/// A page and a picture that every viewer opens.
const SAMPLE_PDF: &[u8] = include_bytes!("../../data/sample.pdf");
const SAMPLE_PNG: &[u8] = include_bytes!("../../data/sample.png");

/// What invented applicants hand in.
#[derive(Clone, Copy)]
pub struct Samples {
    page: StoredFile,
    picture: StoredFile,
}

impl Samples {
    /// Puts the samples into the store.
    pub fn store(files: &FileStore, clock: &Clock) -> Result<Self, Fault> {
        let (page, picture) = (files.put(clock, SAMPLE_PDF)?, files.put(clock, SAMPLE_PNG)?);
        Ok(Self { page, picture })
    }

    /// Sends a sample that a material takes.
    pub(crate) fn send(
        &self,
        tx: &mut Tx<'_>,
        by: &By,
        content: &ItemContent,
        material: &str,
    ) -> Result<intake::UploadId, Fault> {
        let found = content.material(material);
        let takes_pages = found
            .is_none_or(|one| one.file_kinds.is_empty() || one.file_kinds.contains(&FileKind::Pdf));
        let (stored, media, name) = if takes_pages {
            (self.page, "application/pdf", "申请材料.pdf")
        } else {
            (self.picture, "image/png", "照片.png")
        };
        Ok(intake::keep_upload(tx, by, stored, media, name)?.id)
    }
}

/// What somebody wants, and what they hand in for it.
pub struct Wish {
    pub version: Arc<catalogue::Version>,
    pub applicant: PersonId,
    pub picks: Picks,
    pub given: serde_json::Map<String, serde_json::Value>,
    pub materials: Vec<String>,
}

/// Applies as programs do.
pub fn submit(tx: &mut Tx<'_>, wish: &Wish, samples: &Samples) -> Result<ApplicationId, Fault> {
    let by = By::Person(wish.applicant);
    let mut documents = Vec::new();
    for material in &wish.materials {
        let sent = samples.send(tx, &by, &wish.version.content, material)?;
        documents.push((material.clone(), sent));
    }
    let new = NewApplication {
        item: wish.version.item,
        applicant: wish.applicant,
        agent: None,
        picks: wish.picks.clone(),
        answers: wish.given.clone(),
        documents,
        held: Vec::new(),
        at_counter: false,
        by_hand: false,
    };
    Ok(intake::submit_whole(tx, &by, new)?.application)
}

/// Tells once that a material lacks its seal.
pub fn tell_missing(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    scenario: usize,
) -> Result<(), Fault> {
    let application = intake::application(tx, id)?;
    let version = catalogue::version(tx, application.item, application.version)?;
    let first = version
        .content
        .scenarios
        .get(scenario)
        .and_then(|one| one.materials.first());
    let Some(first) = first else { return Ok(()) };
    let correction = intake::Correction {
        material: Some(first.material.clone()),
        problem: "未加盖公章".to_owned(),
        request: "请加盖公章后重新上传".to_owned(),
    };
    intake::give_notice(tx, by, id, &[correction]).map(|_| ())
}

/// The files that a one-time notice asked for.
pub fn asked(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    by: &By,
    samples: &Samples,
) -> Result<Vec<(String, intake::UploadId)>, Fault> {
    let application = intake::application(tx, id)?;
    let version = catalogue::version(tx, application.item, application.version)?;
    let missing = application
        .notice
        .map(|notice| notice.missing)
        .unwrap_or_default();
    let mut files = Vec::new();
    for index in missing {
        let Some(material) = version.content.materials.get(usize::from(index)) else {
            continue;
        };
        let sent = samples.send(tx, by, &version.content, &material.id)?;
        files.push((material.id.clone(), sent));
    }
    Ok(files)
}
