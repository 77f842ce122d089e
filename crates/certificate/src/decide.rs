//! Every rule of notices and certificates: no clock, no database, no HTTP.
//!
//! Deliberately absent: who may draw a notice (the room that draws it knows), and the question of
//! the last paragraph of 行政许可法 69, whether a revocation would harm the public: people weigh it.

mod ending;
mod print;

use codes::EcertId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId, Refusal};
use ledger::{Commitment, FileCommitment, Lifecycle};
use seal::Digest32;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use print::{NoticeEvent, PrintCommand};

use self::print::Printed;
use crate::model::{
    CancellationGround, Certificate, CertificateId, CertificateState, DocumentNumber, ExitGround,
    FailureCode, PenaltyGround, Print, RevocationGround, SuspensionGround, WithdrawalGround,
};

/// What happened to a certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateEvent {
    /// It was issued 颁发 (行政许可法 39).
    Issued {
        /// Its e-certificate identifier.
        ecert_id: EcertId,
        /// Its number.
        number: DocumentNumber,
        /// Who holds it.
        holder: PersonId,
        /// The case that granted it.
        about: Uuid,
        /// The item that it comes from.
        item: Uuid,
        /// The version of the item.
        item_version: u32,
        /// Who issued it.
        organ: OrganId,
        /// When.
        on: Date,
        /// Its first day.
        valid_from: Date,
        /// Its last day.
        valid_until: Option<Date>,
        /// Name, holder, scope and lines.
        text: Commitment,
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
    /// Another certificate stands in its place 变更、延续 (行政许可法 49, 50).
    Changed {
        /// When.
        on: Date,
        /// That certificate.
        successor: CertificateId,
        /// The words of the decision; none when the decision of a case is behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Commitment>,
    },
    /// The grant was taken back 撤销.
    Revoked {
        /// When.
        on: Date,
        /// On what ground.
        ground: RevocationGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// It was struck off 注销.
    Cancelled {
        /// When.
        on: Date,
        /// On what ground.
        ground: CancellationGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// It was withdrawn 撤回.
    Withdrawn {
        /// When.
        on: Date,
        /// On what ground.
        ground: WithdrawalGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// A penalty of another organ took it away 吊销; recorded, not decided here.
    PenaltyRevoked {
        /// When.
        on: Date,
        /// For which offence.
        ground: PenaltyGround,
        /// The words of the record.
        reason: Commitment,
    },
    /// It was suspended for a time 暂扣.
    Suspended {
        /// When.
        on: Date,
        /// The last day of the suspension.
        until: Date,
        /// On what ground.
        ground: SuspensionGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// The suspension is over.
    Restored {
        /// The first day on which it stands again.
        on: Date,
    },
    /// Its last day is over.
    Expired {
        /// The first day on which it was not valid.
        on: Date,
    },
}
impl ledger::Event for CertificateEvent {}

/// What can be asked of a certificate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CertificateCommand {
    /// The press reports.
    Print(PrintCommand),
    /// Put another certificate in its place.
    Change {
        /// That certificate.
        successor: CertificateId,
    },
    /// Put another one in its place by a decision of its own 变更 (行政许可法 49).
    Amend {
        /// That certificate.
        successor: CertificateId,
        /// The words of the decision.
        reason: Commitment,
    },
    /// End it by one of the four ways out 行政许可退出.
    End {
        /// Which way, and on what ground.
        ground: ExitGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// Put one in its place that runs on 延续 (行政许可法 50).
    Renew {
        /// That certificate.
        successor: CertificateId,
    },
    /// Suspend it for a time.
    Suspend {
        /// The last day of the suspension.
        until: Date,
        /// On what ground.
        ground: SuspensionGround,
        /// The words of the decision.
        reason: Commitment,
    },
    /// Lift the suspension before its last day.
    Lift,
    /// See whether the suspension is over.
    Restore,
    /// See whether its last day is over.
    Expire,
}

/// What a decision needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// The organ for which the asker acts; none when the system asks.
    pub organ: Option<OrganId>,
    /// Whether the asker decides for that organ 审批决定.
    pub decides: bool,
    /// Who asks, and whom they stand in for.
    pub asking: Hands,
    /// Who issued it, and whom they stood in for.
    pub issuing: Hands,
}

/// An officer and the one they stand in for (AB角), as far as there are such.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hands(pub [Option<OfficerId>; 2]);

impl Hands {
    /// Whether somebody is in both.
    #[must_use]
    pub fn meet(self, other: Self) -> bool {
        let mut known = self.0.iter().flatten();
        known.any(|one| other.0.iter().flatten().any(|two| one == two))
    }
}

/// The longest suspension, in days: an upper bound against slips, the decision says how long.
pub const SUSPENSION_DAYS_MAX: i32 = 366;

/// How a rule of this room says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It has ended already and cannot end once more in this way.
    AlreadyEnded(CertificateState),
    /// Only the organ that issued it, or one above it, may take it back.
    NotTheIssuer,
    /// Only who decides for the organ may end or suspend what it issued.
    NotADecider,
    /// Who issued it does not end it: somebody else looks at the matter.
    IssuedByYou,
    /// A suspension ends on a day to come, within a year.
    SuspensionDays,
    /// There is no suspension to lift.
    NotSuspended,
    /// 注销 for want of renewal needs a certificate that has expired.
    NotExpiredYet,
    /// 注销 because it was taken away needs one that was.
    NotTakenAway,
    /// A revoked certificate is struck off because it was revoked, not for another reason.
    GroundMustBeRevocation,
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// The new certificate is for another holder than the one it takes the place of.
    OtherHolder,
    /// The file could not be made; staff must mend the template or the data first.
    NotPrintable(FailureCode),
    /// The file is being asked for once more although nothing failed.
    NothingFailed,
}

impl Refusal for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyEnded(_) => "certificate.already_ended",
            Self::NotTheIssuer => "certificate.not_the_issuer",
            Self::NotADecider => "certificate.not_a_decider",
            Self::IssuedByYou => "certificate.issued_by_you",
            Self::SuspensionDays => "certificate.suspension_days",
            Self::NotSuspended => "certificate.not_suspended",
            Self::NotExpiredYet => "certificate.not_expired_yet",
            Self::NotTakenAway => "certificate.not_taken_away",
            Self::GroundMustBeRevocation => "certificate.ground_must_be_revocation",
            Self::EndsBeforeItBegins => "certificate.ends_before_it_begins",
            Self::OtherHolder => "certificate.other_holder",
            Self::NotPrintable(_) => "certificate.not_printable",
            Self::NothingFailed => "certificate.nothing_failed",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::NotTheIssuer => Some("行政许可法第六十九条"),
            Self::SuspensionDays => Some("行政处罚法第九条"),
            Self::NotExpiredYet | Self::NotTakenAway | Self::GroundMustBeRevocation => {
                Some("行政许可法第七十条")
            }
            Self::OtherHolder => Some("行政许可法第九条、第四十九条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<kernel::fault::Param> {
        match self {
            Self::AlreadyEnded(state) => vec![("state", state.to_string())],
            Self::NotPrintable(code) => vec![("failure", code.to_string())],
            Self::SuspensionDays => vec![("max", SUSPENSION_DAYS_MAX.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Lifecycle for Certificate {
    const KIND: &'static str = "cert";
    type Id = CertificateId;
    type Event = CertificateEvent;
    type Command = CertificateCommand;
    type Facts = Facts;
    type Refusal = Refused;

    fn id(&self) -> CertificateId {
        self.id
    }

    fn begin(id: CertificateId, event: &CertificateEvent) -> Option<Self> {
        let CertificateEvent::Issued {
            ecert_id,
            number,
            holder,
            about,
            item,
            item_version,
            organ,
            on,
            valid_from,
            valid_until,
            text,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            ecert_id: ecert_id.clone(),
            number: number.clone(),
            holder: *holder,
            about: *about,
            item: *item,
            item_version: *item_version,
            organ: *organ,
            issued_on: *on,
            valid_from: *valid_from,
            valid_until: *valid_until,
            text: *text,
            state: CertificateState::Valid,
            state_since: *on,
            successor: None,
            revoked_for: None,
            cancelled_for: None,
            withdrawn_for: None,
            penalty_for: None,
            reason: None,
            suspended_for: None,
            suspended_until: None,
            print: Print::WAITING,
        })
    }

    fn evolve(&mut self, event: &CertificateEvent) {
        match event {
            CertificateEvent::Issued { .. } => {}
            CertificateEvent::Rendered { file, mark } => self.print = Print::rendered(*file, *mark),
            CertificateEvent::RenderFailed { code, detail } => {
                self.print = Print::failed(*code, *detail);
            }
            CertificateEvent::Requeued => self.print = Print::WAITING,
            CertificateEvent::Changed {
                on,
                successor,
                reason,
            } => {
                self.end(CertificateState::Changed, *on);
                self.successor = Some(*successor);
                self.reason = *reason;
            }
            CertificateEvent::Revoked { on, ground, reason } => {
                self.end(CertificateState::Revoked, *on);
                self.revoked_for = Some(*ground);
                self.reason = Some(*reason);
            }
            CertificateEvent::Cancelled { on, ground, reason } => {
                self.end(CertificateState::Cancelled, *on);
                self.cancelled_for = Some(*ground);
                self.reason = Some(*reason);
            }
            CertificateEvent::Withdrawn { on, ground, reason } => {
                self.end(CertificateState::Withdrawn, *on);
                self.withdrawn_for = Some(*ground);
                self.reason = Some(*reason);
            }
            CertificateEvent::PenaltyRevoked { on, ground, reason } => {
                self.end(CertificateState::PenaltyRevoked, *on);
                self.penalty_for = Some(*ground);
                self.reason = Some(*reason);
            }
            CertificateEvent::Suspended {
                on,
                until,
                ground,
                reason,
            } => {
                self.end(CertificateState::Suspended, *on);
                self.suspended_for = Some(*ground);
                self.suspended_until = Some(*until);
                self.reason = Some(*reason);
            }
            CertificateEvent::Restored { on } => {
                self.end(CertificateState::Valid, *on);
                self.suspended_for = None;
                self.suspended_until = None;
                self.reason = None;
            }
            CertificateEvent::Expired { on } => self.end(CertificateState::Expired, *on),
        }
    }

    fn decide(
        &self,
        command: CertificateCommand,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        match command {
            CertificateCommand::Print(report) => Ok(match self.print.decide(report)? {
                Printed::Rendered { file, mark } => {
                    vec![CertificateEvent::Rendered { file, mark }]
                }
                Printed::Failed { code, detail } => {
                    vec![CertificateEvent::RenderFailed { code, detail }]
                }
                Printed::Requeued => vec![CertificateEvent::Requeued],
                Printed::Nothing => Vec::new(),
            }),
            CertificateCommand::Change { successor } => self.give_way(successor, None, facts),
            CertificateCommand::Amend { successor, reason } => self.amend(successor, reason, facts),
            CertificateCommand::End { ground, reason } => self.end_by(ground, reason, facts),
            CertificateCommand::Renew { successor } => self.renew(successor, facts),
            CertificateCommand::Suspend {
                until,
                ground,
                reason,
            } => self.suspend(until, ground, reason, facts),
            CertificateCommand::Lift => self.lift(facts),
            CertificateCommand::Restore => Ok(self.restore(facts)),
            CertificateCommand::Expire => Ok(self.expire(facts)),
        }
    }
}
