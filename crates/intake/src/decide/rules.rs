//! The life of an application: what each command does in each state.

use jiff::civil::Date;
use kernel::{Channel, OfficerId};
use ledger::{Commitment, Lifecycle};

use super::{Command, Event, Facts, Refusal, Who, only_listed};
use crate::model::{Application, ApplicationId, Document, Notice, Settled, Status};

impl Lifecycle for Application {
    const KIND: &'static str = "application";
    type Id = ApplicationId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ApplicationId {
        self.id
    }

    fn begin(id: ApplicationId, event: &Event) -> Option<Self> {
        let Event::Received(received) = event else {
            return None;
        };
        let received = received.as_ref().clone();
        Some(Self {
            id,
            number: received.number,
            query_code: received.query_code,
            item: received.item,
            version: received.version,
            scenario: received.scenario,
            applicant: received.applicant,
            agent: received.agent,
            channel: received.channel,
            hall: received.hall,
            organ: received.organ,
            status: Status::Received,
            received_on: received.received_on,
            tell_by: received.tell_by,
            answer_by: received.answer_by,
            answers: received.answers,
            documents: received.documents,
            notice: None,
            corrected_on: None,
            settled: None,
            by_hand: received.by_hand,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Received(_) => {}
            Event::NoticeGiven(notice) => {
                self.status = Status::NoticeGiven;
                self.notice = Some(notice.clone());
            }
            Event::Corrected {
                on,
                answers,
                documents,
                tell_by,
            } => {
                self.status = Status::Corrected;
                self.corrected_on = Some(*on);
                self.tell_by = *tell_by;
                self.answer_by = *tell_by;
                self.renew(*answers, documents);
            }
            Event::CorrectedOnTheSpot {
                answers, documents, ..
            } => {
                self.renew(*answers, documents);
            }
            Event::Accepted { on, by } => self.settle(Status::Accepted, *on, Some(*by), None, None),
            Event::AcceptedByRule { on } => {
                self.settle(Status::Accepted, *on, None, None, None);
            }
            Event::NotRequired { on, by, reason } => {
                self.settle(Status::NotRequired, *on, Some(*by), Some(*reason), None);
            }
            Event::NotAccepted {
                on,
                by,
                competent,
                reason,
            } => {
                let (reason, competent) = (Some(*reason), Some(*competent));
                self.settle(Status::NotAccepted, *on, Some(*by), reason, competent);
            }
            Event::DeemedAccepted { on } => {
                self.settle(Status::DeemedAccepted, *on, None, None, None);
            }
            Event::WithdrawnByApplicant { on } => {
                self.settle(Status::Withdrawn, *on, None, None, None);
            }
            Event::MadeUp { documents, .. } => self.renew(None, documents),
            Event::LapsedForCorrection { on, by } => {
                self.settle(Status::Lapsed, *on, Some(*by), None, None);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Accept => self.accept(facts),
            Command::AcceptByRule => self.accept_by_rule(facts),
            Command::GiveNotice {
                missing,
                form,
                texts,
            } => self.give_notice(missing, form, texts, facts),
            Command::Correct { answers, documents } => self.correct(answers, documents, facts),
            Command::CorrectOnTheSpot {
                fields,
                answers,
                documents,
            } => {
                let by = self.front_desk(facts)?;
                self.waits()?;
                only_listed(&facts.listed, &self.with(&documents))?;
                let on = facts.today;
                Ok(vec![Event::CorrectedOnTheSpot {
                    on,
                    by,
                    fields,
                    answers,
                    documents,
                }])
            }
            Command::SayNotRequired { reason } => {
                let by = self.first_answer(facts)?;
                Ok(vec![Event::NotRequired {
                    on: facts.today,
                    by,
                    reason,
                }])
            }
            Command::RefuseAcceptance { competent, reason } => {
                let by = self.first_answer(facts)?;
                Ok(vec![Event::NotAccepted {
                    on: facts.today,
                    by,
                    competent,
                    reason,
                }])
            }
            Command::Deem => Ok(self.deem(facts)),
            Command::Withdraw => {
                self.owner(facts)?;
                self.open()?;
                Ok(vec![Event::WithdrawnByApplicant { on: facts.today }])
            }
            Command::MakeUp { documents } => self.make_up(documents, facts),
            Command::Lapse => self.lapse(facts),
        }
    }
}

impl Application {
    fn accept(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let by = self.front_desk(facts)?;
        self.complete(facts)?;
        Ok(vec![Event::Accepted {
            on: facts.today,
            by,
        }])
    }

    /// Only the house knows what a table answers; what the hall itself began has no papers.
    fn accept_by_rule(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.who != Who::Clock {
            return Err(Refusal::NotFrontDesk);
        }
        if self.by_hand {
            return Err(Refusal::AskedForPeople);
        }
        match self.channel {
            Channel::System => self.waits()?,
            _ => self.complete(facts)?,
        }
        Ok(vec![Event::AcceptedByRule { on: facts.today }])
    }

    /// Nothing that the scenario wants is missing, or a pledge stands for it.
    fn complete(&self, facts: &Facts) -> Result<(), Refusal> {
        self.waits()?;
        let needed = facts.required.iter();
        let needed = needed.filter(|one| !facts.pledged.contains(one));
        let needed: Vec<u16> = needed.copied().collect();
        let missing = missing(&needed, &self.documents);
        if missing != 0 {
            return Err(Refusal::Incomplete { missing });
        }
        Ok(())
    }

    fn give_notice(
        &self,
        missing: Vec<u16>,
        form: bool,
        texts: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.front_desk(facts)?;
        self.open()?;
        if self.notice.is_some() {
            return Err(Refusal::AlreadyTold);
        }
        if self.tell_by < facts.today {
            return Err(Refusal::ToldTooLate {
                tell_by: self.tell_by,
            });
        }
        if missing.is_empty() && !form {
            return Err(Refusal::NothingMissing);
        }
        if let Some(material) = missing.iter().find(|one| !facts.listed.contains(one)) {
            return Err(Refusal::MaterialNotListed {
                material: *material,
            });
        }
        let (on, due) = (facts.today, facts.five_workdays_on);
        Ok(vec![Event::NoticeGiven(Notice {
            on,
            due,
            missing,
            form,
            texts,
        })])
    }

    fn correct(
        &self,
        answers: Option<Commitment>,
        documents: Vec<Document>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        if self.front_desk(facts).is_err() {
            self.owner(facts)?;
        }
        self.open()?;
        let Some(notice) = self
            .notice
            .as_ref()
            .filter(|_| self.status == Status::NoticeGiven)
        else {
            return Err(Refusal::NothingAsked);
        };
        only_listed(&facts.listed, &self.with(&documents))?;
        let form = usize::from(notice.form && answers.is_none());
        let missing = missing(&notice.missing, &documents) + form;
        if missing != 0 {
            return Err(Refusal::StillMissing { missing });
        }
        let (on, tell_by) = (facts.today, facts.five_workdays_on);
        Ok(vec![Event::Corrected {
            on,
            answers,
            documents,
            tell_by,
        }])
    }

    /// 补交: only what is owed, only after acceptance, by the applicant or at the front desk.
    fn make_up(&self, documents: Vec<Document>, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.front_desk(facts).is_err() {
            self.owner(facts)?;
        }
        if !self.status.is_accepted() || facts.owed.is_empty() {
            return Err(Refusal::NothingOwed);
        }
        let stranger = |one: &&Document| !facts.owed.contains(&one.material);
        if let Some(document) = documents.iter().find(stranger) {
            let material = document.material;
            return Err(Refusal::NotOwed { material });
        }
        if documents.is_empty() {
            return Err(Refusal::NothingOwed);
        }
        only_listed(&facts.listed, &self.with(&documents))?;
        let on = facts.today;
        Ok(vec![Event::MadeUp { on, documents }])
    }

    /// The law settles what nobody answered in time; a timer that comes early or twice does
    /// nothing.
    fn deem(&self, facts: &Facts) -> Vec<Event> {
        let late = self.tell_by < facts.today;
        if facts.who == Who::Clock && late && self.status.waits_for_hall() {
            vec![Event::DeemedAccepted {
                on: self.complete_since(),
            }]
        } else {
            Vec::new()
        }
    }

    fn lapse(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let by = self.front_desk(facts)?;
        self.open()?;
        match &self.notice {
            Some(notice) if self.status == Status::NoticeGiven => {
                if facts.today <= notice.due {
                    return Err(Refusal::TooEarlyToLapse { due: notice.due });
                }
                Ok(vec![Event::LapsedForCorrection {
                    on: facts.today,
                    by,
                }])
            }
            _ => Err(Refusal::NothingAsked),
        }
    }

    /// What can only be said at once (行政许可法 32(1)(1) and (2)), before any list of corrections.
    fn first_answer(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        let by = self.front_desk(facts)?;
        self.open()?;
        match (self.status, &self.notice) {
            (Status::Corrected, _) => Err(Refusal::MustAccept),
            (_, Some(_)) => Err(Refusal::AlreadyTold),
            (_, None) => Ok(by),
        }
    }

    fn front_desk(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        match facts.who {
            Who::FrontDesk(officer) => Ok(officer),
            Who::OtherOfficer | Who::Person(_) | Who::Clock => Err(Refusal::NotFrontDesk),
        }
    }

    fn owner(&self, facts: &Facts) -> Result<(), Refusal> {
        match facts.who {
            Who::Person(person) if self.belongs_to(person) => Ok(()),
            _ => Err(Refusal::NotYours),
        }
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.status.is_open() {
            Ok(())
        } else {
            Err(Refusal::AlreadyAnswered)
        }
    }

    fn waits(&self) -> Result<(), Refusal> {
        self.open()?;
        if self.status == Status::NoticeGiven {
            return Err(Refusal::WaitingForCorrection);
        }
        Ok(())
    }

    fn with(&self, more: &[Document]) -> Vec<Document> {
        self.documents.iter().chain(more).copied().collect()
    }

    /// New files of a material stand in place of its old ones; the ledger keeps both.
    fn renew(&mut self, answers: Option<Commitment>, documents: &[Document]) {
        if let Some(answers) = answers {
            self.answers = answers;
        }
        let renewed = |old: &Document| documents.iter().any(|new| new.material == old.material);
        self.documents.retain(|old| !renewed(old));
        self.documents.extend(documents);
    }

    fn settle(
        &mut self,
        status: Status,
        on: Date,
        by: Option<OfficerId>,
        reason: Option<Commitment>,
        competent: Option<Commitment>,
    ) {
        self.status = status;
        self.settled = Some(Settled {
            on,
            by,
            reason,
            competent,
        });
    }
}

fn missing(wanted: &[u16], documents: &[Document]) -> usize {
    let there = |material: &u16| {
        documents
            .iter()
            .any(|document| document.material == *material)
    };
    wanted.iter().filter(|material| !there(material)).count()
}
