//! After every command the record it touched is held against the model, column for column of
//! what the promises speak of.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use case::{Duty, Status, Verdict};

use super::model::{Phase, Standing};
use super::run::Sim;

impl Sim {
    pub fn check_application(&mut self, place: usize) -> Result<()> {
        let one = &self.model.applications[place];
        let id = one.id;
        let found = self
            .db
            .read(move |tx| ledger::lifecycle::load_versioned::<intake::Application>(tx, id))?;
        let (is, revision) = (found.record, found.revision);
        let should = match one.standing {
            Standing::Received => intake::Status::Received,
            Standing::Told => intake::Status::NoticeGiven,
            Standing::Corrected => intake::Status::Corrected,
            Standing::Accepted => intake::Status::Accepted,
            Standing::Deemed => intake::Status::DeemedAccepted,
            Standing::NotRequired => intake::Status::NotRequired,
            Standing::NotAccepted => intake::Status::NotAccepted,
            Standing::Withdrawn => intake::Status::Withdrawn,
            Standing::Lapsed => intake::Status::Lapsed,
        };
        ensure!(is.status == should, "{id} is {}, not {should}", is.status);
        ensure!(
            revision == one.revision,
            "{id} is at {revision}, not at {}",
            one.revision
        );
        ensure!(
            is.tell_by == one.tell_by,
            "{id} is to be answered by {}, not {}",
            is.tell_by,
            one.tell_by
        );
        let item = &self.model.items[one.item];
        let version = usize::try_from(is.version)?;
        ensure!(
            is.item == item.id && version == one.version + 1,
            "{id} changed its item or version"
        );
        let (listed, _) = self.model.asked(one);
        let files: BTreeSet<u16> = is.documents.iter().map(|one| one.material).collect();
        ensure!(
            files.is_subset(&listed),
            "{id} holds {files:?}, not of the list {listed:?}"
        );
        ensure!(
            files == one.files,
            "{id} holds {files:?}, not {:?}",
            one.files
        );
        if let (Some(told), Some(known)) = (&is.notice, &one.notice) {
            let missing: BTreeSet<u16> = told.missing.iter().copied().collect();
            ensure!(
                told.due == known.due && missing == known.missing,
                "{id} was told otherwise"
            );
        }
        Ok(())
    }

    pub fn check_case(&mut self, place: usize) -> Result<()> {
        let one = &self.model.cases[place];
        let id = one.id;
        let found = self
            .db
            .read(move |tx| ledger::lifecycle::load_versioned::<case::Case>(tx, id))?;
        let (is, revision) = (found.record, found.revision);
        let should = match one.phase {
            Phase::Handling => Status::Handling,
            Phase::Paused => Status::Paused,
            Phase::Decided(Verdict::Granted) => Status::Granted,
            Phase::Decided(Verdict::Refused) => Status::Refused,
            Phase::Delivered => Status::Delivered,
            Phase::Withdrawn => Status::Withdrawn,
            Phase::Archived => Status::Archived,
        };
        ensure!(is.status == should, "{id} is {}, not {should}", is.status);
        ensure!(
            revision == one.revision,
            "{id} is at {revision}, not at {}",
            one.revision
        );
        ensure!(
            (is.dues.promised, is.dues.statutory) == (one.promised_due, one.statutory_due),
            "{id} is due {:?}, not {:?} and {:?}",
            is.dues,
            one.promised_due,
            one.statutory_due
        );
        ensure!(
            is.delivery_due == one.delivery_due,
            "{id} is handed out by {:?}, not {:?}",
            is.delivery_due,
            one.delivery_due
        );
        let application = &self.model.applications[one.application];
        let item = &self.model.items[application.item];
        ensure!(
            is.item == kernel::TypedId::uuid(item.id)
                && usize::try_from(is.version)? == application.version + 1,
            "{id} changed its item or version"
        );
        let tasks = |all: &mut Vec<(u16, Duty, String)>| all.sort();
        let mut open: Vec<_> = is
            .tasks
            .iter()
            .map(|task| {
                let held = format!("{} {:?} {:?}", task.organ, task.held_by, task.held_for);
                (task.number, task.duty, held)
            })
            .collect();
        let mut known: Vec<_> = one
            .tasks
            .iter()
            .map(|task| {
                let held = format!("{} {:?} {:?}", task.organ, task.held_by, task.held_for);
                (task.number, task.duty, held)
            })
            .collect();
        tasks(&mut open);
        tasks(&mut known);
        ensure!(open == known, "{id} has the tasks {open:?}, not {known:?}");
        Ok(())
    }
}
