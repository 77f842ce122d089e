//! Applying step by step: a draft at home or at the counter, kept, written in, handed in.

use anyhow::Result;
use catalogue::model::ItemContent;
use intake::{ApplicationId, By, NewDraft};
use kernel::{Actor, Channel, PersonId};

use super::applying::{Sample, Wish, write};
use super::run::{Codes, Sim};

impl Sim {
    /// Applies step by step: at home, or at the counter with a clerk who writes.
    pub fn apply_in_steps(&mut self) -> Result<()> {
        let Some((me, applicant)) = self.somebody() else {
            return Ok(());
        };
        let Some(wish) = self.wish(applicant)? else {
            return Ok(());
        };
        if self.chance.percent(40) {
            self.draft_at_counter(wish, applicant)
        } else {
            self.draft_at_home(wish, me, applicant)
        }
    }

    fn draft_at_home(&mut self, mut wish: Wish, me: usize, applicant: usize) -> Result<()> {
        let no = self.speaks_against(&wish, me, applicant);
        let early: Codes = no
            .iter()
            .copied()
            .filter(|code| *code != "intake.under_age")
            .collect();
        let by = self.model.people[me].id;
        let new = NewDraft {
            item: self.model.items[wish.item].id,
            applicant: self.model.people[applicant].id,
            agent: None,
        };
        let actor = Actor::citizen(by, Channel::Mobile);
        let told = format!("{by} on item {}", wish.item);
        let started = self.ask("draft", actor.clone(), &told, &early, move |tx| {
            intake::start_draft(tx, &By::Person(by), new)
        })?;
        let Some(draft) = started else {
            return Ok(());
        };
        wish.files.retain(|(_, required)| *required);
        let content = self.content_of(&wish);
        let left_out = self.chance.percent(15) && !wish.files.is_empty();
        let mut no = no;
        if left_out {
            wish.files.pop();
            no.push("material.required");
        }
        let stranger = self.chance.below(self.model.people.len());
        let theirs = stranger == me || stranger == applicant;
        if !theirs && self.chance.percent(30) {
            self.write_in(draft, &wish, stranger, &vec!["not_found"], &content)?;
        }
        self.write_in(draft, &wish, me, &Codes::new(), &content)?;
        let told = format!("{draft}, left out: {left_out}");
        let receipt = self.ask("hand in", actor, &told, &no, move |tx| {
            intake::submit(tx, &By::Person(by), draft)
        })?;
        if let Some(receipt) = receipt {
            let agent = (me != applicant).then_some(me);
            let number = receipt.number.to_string();
            let today = self.today();
            self.received(receipt.application, number, &wish, applicant, agent, today)?;
        }
        Ok(())
    }

    /// Answers and files go into a draft.
    fn write_in(
        &mut self,
        draft: ApplicationId,
        wish: &Wish,
        me: usize,
        no: &Codes,
        content: &ItemContent,
    ) -> Result<()> {
        let by = self.model.people[me].id;
        let samples: Vec<(String, Sample)> = wish
            .files
            .iter()
            .map(|(material, _)| (material.clone(), self.sample(content, material)))
            .collect();
        let (picks, given) = (wish.picks.clone(), wish.answers.clone());
        let actor = Actor::citizen(by, Channel::Mobile);
        self.ask("write", actor, &format!("{draft} by {by}"), no, move |tx| {
            write(tx, &By::Person(by), draft, &picks, &given, &samples)
        })?;
        Ok(())
    }

    /// A clerk writes for a visitor; what is missing is no obstacle yet.
    fn draft_at_counter(&mut self, mut wish: Wish, applicant: usize) -> Result<()> {
        let today = self.today();
        let desk = self
            .model
            .seats_with(self.model.hall, web::Role::IntakeClerk, today);
        let anybody = self.any_seat();
        let wrong = self.chance.percent(12);
        let seat = if wrong {
            anybody
        } else {
            self.chance.pick(&desk).cloned()
        };
        let Some(seat) = seat else { return Ok(()) };
        let at_desk = seat.roles.contains(&web::Role::IntakeClerk);
        let mut no = self.speaks_against(&wish, applicant, applicant);
        let content = self.content_of(&wish);
        wish.files.retain(|(_, required)| *required);
        if self.chance.percent(50) {
            wish.files.pop();
        }
        let id: PersonId = self.model.people[applicant].id;
        let item = self.model.items[wish.item].id;
        let samples: Vec<(String, Sample)> = wish
            .files
            .iter()
            .map(|(material, _)| (material.clone(), self.sample(&content, material)))
            .collect();
        if !at_desk {
            no.push("intake.not_front_desk");
        }
        let (picks, given) = (wish.picks.clone(), wish.answers.clone());
        let told = format!("for {id} on item {}", wish.item);
        let receipt = self.officer_asks("counter", &seat, &told, &no, move |tx, officer| {
            let by = By::from(officer);
            let new = NewDraft {
                item,
                applicant: id,
                agent: None,
            };
            let draft = intake::start_draft(tx, &by, new)?;
            write(tx, &by, draft, &picks, &given, &samples)?;
            intake::submit(tx, &by, draft)
        })?;
        if let Some(receipt) = receipt {
            let number = receipt.number.to_string();
            self.received(receipt.application, number, &wish, applicant, None, today)?;
        }
        Ok(())
    }
}
