//! Rules of the file of a document, and of notices, which have nothing else to decide.

use jiff::civil::Date;
use kernel::{OrganId, PersonId};
use ledger::{Commitment, FileCommitment, Lifecycle};
use seal::Digest32;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Refused;
use crate::model::{DocumentNumber, FailureCode, FileState, Notice, NoticeId, NoticeKind, Print};

/// What happened to a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeEvent {
    /// It was drawn and numbered.
    Drawn {
        /// What it says.
        kind: NoticeKind,
        /// Its number 文号.
        number: DocumentNumber,
        /// The application or case it belongs to.
        about: Uuid,
        /// Who says it.
        organ: OrganId,
        /// Whom it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// The item whose matter it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<Uuid>,
        /// Its date.
        on: Date,
        /// What it says.
        data: Commitment,
    },
    /// Its file was made and sealed.
    Rendered {
        /// The file.
        file: FileCommitment,
        /// The keyed digest of its bytes.
        mark: Digest32,
    },
    /// Its file could not be made.
    RenderFailed {
        /// Why.
        code: FailureCode,
        /// What exactly, for staff.
        detail: Commitment,
    },
    /// Its file is to be made once more.
    Requeued,
}
impl ledger::Event for NoticeEvent {}

/// What the press reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PrintCommand {
    /// The file is made.
    Done {
        /// The file.
        file: FileCommitment,
        /// The keyed digest of its bytes.
        mark: Digest32,
    },
    /// It cannot be made.
    Fail {
        /// Why.
        code: FailureCode,
        /// What exactly.
        detail: Commitment,
    },
    /// Try once more.
    Again,
}

/// What a report of the press changes, if anything.
pub(super) enum Printed {
    Rendered {
        file: FileCommitment,
        mark: Digest32,
    },
    Failed {
        code: FailureCode,
        detail: Commitment,
    },
    Requeued,
    Nothing,
}

impl Print {
    /// A file that is made stays: a second press that was slower changes nothing.
    pub(super) fn decide(&self, command: PrintCommand) -> Result<Printed, Refused> {
        match (self.state, command) {
            (FileState::Ready, PrintCommand::Done { .. } | PrintCommand::Fail { .. })
            | (FileState::Failed, PrintCommand::Fail { .. })
            | (FileState::Pending, PrintCommand::Again) => Ok(Printed::Nothing),
            (FileState::Pending | FileState::Failed, PrintCommand::Done { file, mark }) => {
                Ok(Printed::Rendered { file, mark })
            }
            (FileState::Pending, PrintCommand::Fail { code, detail }) => {
                Ok(Printed::Failed { code, detail })
            }
            (FileState::Failed, PrintCommand::Again) => Ok(Printed::Requeued),
            (FileState::Ready, PrintCommand::Again) => Err(Refused::NothingFailed),
        }
    }

    pub(super) fn rendered(file: FileCommitment, mark: Digest32) -> Self {
        Self {
            state: FileState::Ready,
            file: Some(file),
            mark: Some(mark),
            ..Self::WAITING
        }
    }

    pub(super) fn failed(code: FailureCode, detail: Commitment) -> Self {
        Self {
            state: FileState::Failed,
            failure: Some(code),
            failure_detail: Some(detail),
            ..Self::WAITING
        }
    }
}

impl Lifecycle for Notice {
    const KIND: &'static str = "notice";
    type Id = NoticeId;
    type Event = NoticeEvent;
    type Command = PrintCommand;
    type Facts = ();
    type Refusal = Refused;

    fn id(&self) -> NoticeId {
        self.id
    }

    fn begin(id: NoticeId, event: &NoticeEvent) -> Option<Self> {
        let NoticeEvent::Drawn {
            kind,
            number,
            about,
            organ,
            person,
            item,
            on,
            data,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            kind: *kind,
            number: number.clone(),
            about: *about,
            organ: *organ,
            person: *person,
            item: *item,
            on: *on,
            data: *data,
            print: Print::WAITING,
        })
    }

    fn evolve(&mut self, event: &NoticeEvent) {
        match event {
            NoticeEvent::Drawn { .. } => {}
            NoticeEvent::Rendered { file, mark } => self.print = Print::rendered(*file, *mark),
            NoticeEvent::RenderFailed { code, detail } => {
                self.print = Print::failed(*code, *detail);
            }
            NoticeEvent::Requeued => self.print = Print::WAITING,
        }
    }

    fn decide(&self, command: PrintCommand, (): &()) -> Result<Vec<NoticeEvent>, Refused> {
        Ok(match self.print.decide(command)? {
            Printed::Rendered { file, mark } => vec![NoticeEvent::Rendered { file, mark }],
            Printed::Failed { code, detail } => vec![NoticeEvent::RenderFailed { code, detail }],
            Printed::Requeued => vec![NoticeEvent::Requeued],
            Printed::Nothing => Vec::new(),
        })
    }
}
