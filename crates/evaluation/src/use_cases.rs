//! The use cases: gather facts, perform, return. Pages and interface call the same ones.

use db::Tx;
use db::timer::{self, Timer};
use jiff::ToSpan;
use kernel::{ActorKind, Fault, OfficerId, OrganId, PersonId, TypedId, clock, text};
use ledger::Commitment;
use uuid::Uuid;

use crate::decide::{self, Answer, Command, Event, Facts, Refusal};
use crate::model::{Aspect, Grade, Rating, RatingChannel, RatingId, Service, Subject, TagSet};
use crate::policy;
use crate::store::{self, Filter, Reach};
use crate::summary::Summary;
use crate::token::Token;

/// The kind of the timer that gives the default.
pub const DEFAULT_TIMER: &str = "evaluation.default";

/// A service that somebody shall be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// What was done: one service, one rating.
    pub subject: Subject,
    /// The catalogue item; its raw id.
    pub item: Uuid,
    /// The version of the item.
    pub version: u32,
    /// The organ that is rated.
    pub organ: OrganId,
    /// The officer who served, if one did in person.
    pub officer: Option<OfficerId>,
    /// Who was served, if the hall knows.
    pub person: Option<PersonId>,
}

impl Invitation {
    /// The service, with the aspects to ask: of the hall 现场 where staff handed over in person,
    /// else of an online service 线上.
    pub(crate) fn service(&self, handed_over_by_staff: bool) -> Service {
        let tag_set = match self.subject {
            Subject::CounterService(_) => TagSet::Hall1,
            Subject::Case(_) if handed_over_by_staff => TagSet::Hall1,
            Subject::Case(_) => TagSet::Online1,
        };
        Service {
            subject: self.subject,
            item: self.item,
            version: self.version,
            organ: self.organ,
            officer: self.officer,
            person: self.person,
            tag_set,
        }
    }
}

/// An invitation that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The rating to be given.
    pub rating: RatingId,
    /// Opens the page; [`link_of`] makes it again.
    pub token: Token,
}

/// What somebody says, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The grade.
    pub grade: Grade,
    /// The aspects named.
    pub tags: Vec<Aspect>,
    /// What they write; may be empty.
    pub text: String,
    /// The way it comes in.
    pub channel: RatingChannel,
    /// Whether they rate under their name.
    pub real_name: bool,
}

/// Asks for a rating of a service and sets the timer of the default.
///
/// # Errors
/// [`Refusal::AlreadyInvited`] when this service was asked about before.
pub fn invite(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<Invited, Fault> {
    if store::of_subject(tx, invitation.subject)?.is_some() {
        return Err(Refusal::AlreadyInvited.into());
    }
    let rating: RatingId = tx.new_id();
    let token = Token::of(tx, rating)?;
    let today = tx.today();
    let days = policy(tx).default_days.days();
    let expires_on = today.checked_add(days).map_err(Fault::broken)?;
    let event = Event::Invited {
        service: invitation.service(is_staff(tx)),
        on: today,
        expires_on,
        token: token.digest(),
    };
    ledger::open::<Rating>(tx, rating, vec![event])?;
    let after = expires_on.tomorrow().map_err(Fault::broken)?;
    let due = clock::hall_instant(after.at(0, 0, 0, 0));
    timer::set(tx, DEFAULT_TIMER, rating.uuid(), due)?;
    Ok(Invited { rating, token })
}

/// Takes in a rating that was given elsewhere already: at a terminal, on another platform. One
/// event, no timer.
///
/// # Errors
/// [`Refusal::AlreadyInvited`], or the rule that the answer breaks.
pub fn receive(tx: &mut Tx<'_>, invitation: &Invitation, said: &Said) -> Result<RatingId, Fault> {
    if store::of_subject(tx, invitation.subject)?.is_some() {
        return Err(Refusal::AlreadyInvited.into());
    }
    let rating: RatingId = tx.new_id();
    let service = invitation.service(is_staff(tx));
    let text = keep(tx, rating, service.person, &said.text)?;
    let given = decide::give(&service, answer(said, text), &facts(tx))?;
    ledger::open::<Rating>(tx, rating, vec![Event::Received { service, given }])?;
    Ok(rating)
}

/// Answers an invitation.
///
/// # Errors
/// [`Fault::NotFound`] for a token of nothing, or the rule that says no.
pub fn rate(tx: &mut Tx<'_>, token: &Token, said: &Said) -> Result<RatingId, Fault> {
    let rating = of_token(tx, token)?;
    give(tx, &rating, said)
}

/// Rates one's own service after logging in, without the link.
///
/// # Errors
/// [`Fault::NotFound`] when it is not theirs; otherwise as [`rate`].
pub fn rate_own(
    tx: &mut Tx<'_>,
    id: RatingId,
    person: PersonId,
    said: &Said,
) -> Result<RatingId, Fault> {
    let rating = ledger::lifecycle::load_versioned::<Rating>(tx, id)?.record;
    if rating.service.person != Some(person) {
        return Err(Fault::NotFound { what: "rating" });
    }
    give(tx, &rating, said)
}

fn give(tx: &mut Tx<'_>, rating: &Rating, said: &Said) -> Result<RatingId, Fault> {
    let text = keep(tx, rating.id, rating.service.person, &said.text)?;
    let (command, facts) = (Command::Rate(answer(said, text)), facts(tx));
    ledger::perform::<Rating>(tx, rating.id, command, &facts)?;
    timer::cancel(tx, DEFAULT_TIMER, rating.id.uuid())?;
    Ok(rating.id)
}

/// Adds to a rating, once 追评.
///
/// # Errors
/// [`Fault::NotFound`] for a token of nothing, or the rule that says no.
pub fn supplement(
    tx: &mut Tx<'_>,
    token: &Token,
    grade: Option<Grade>,
    text: &str,
) -> Result<RatingId, Fault> {
    let rating = of_token(tx, token)?;
    let text = keep(tx, rating.id, rating.service.person, text)?;
    let (command, facts) = (Command::Supplement { grade, text }, facts(tx));
    ledger::perform::<Rating>(tx, rating.id, command, &facts)?;
    Ok(rating.id)
}

/// Gives the default when its timer falls due. Answers whether the timer is ours.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    if timer.kind != DEFAULT_TIMER {
        return Ok(false);
    }
    let (rating, facts) = (RatingId::from_uuid(timer.record), facts(tx));
    ledger::perform::<Rating>(tx, rating, Command::Default, &facts)?;
    store::forget_codes(tx, rating)?;
    Ok(true)
}

/// The rating that a link leads to.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn of_token(tx: &mut Tx<'_>, token: &Token) -> Result<Rating, Fault> {
    let unknown = Fault::NotFound { what: "rating" };
    let rating = store::of_token(tx, &token.digest())?.ok_or(unknown)?;
    Ok(ledger::lifecycle::load_versioned::<Rating>(tx, rating)?.record)
}

/// The rating of a service, if somebody was asked.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_subject(tx: &mut Tx<'_>, subject: Subject) -> Result<Option<Rating>, Fault> {
    let Some(rating) = store::of_subject(tx, subject)? else {
        return Ok(None);
    };
    Ok(ledger::load::<Rating>(tx, rating)?.map(|found| found.record))
}

/// The rating of a service with the link that opens it: for the notice, and for the page of the
/// case as the person served sees it. The caller answers for who gets to see it.
///
/// # Errors
/// As [`Tx::query`].
pub fn link_of(tx: &mut Tx<'_>, subject: Subject) -> Result<Option<(Rating, Token)>, Fault> {
    let Some(rating) = of_subject(tx, subject)? else {
        return Ok(None);
    };
    let token = Token::of(tx, rating.id)?;
    Ok(Some((rating, token)).filter(|(rating, token)| rating.token == Some(token.digest())))
}

/// What a person was asked to rate, the newest first, after a rating.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<RatingId>,
    most: usize,
) -> Result<Vec<Rating>, Fault> {
    store::of_person(tx, person, after, most)
}

/// The ratings within reach, the newest invitation first, after a rating.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    filter: &Filter,
    after: Option<RatingId>,
    most: usize,
) -> Result<Vec<Rating>, Fault> {
    store::list(tx, reach, filter, after, most)
}

/// How the ratings of an item stand.
///
/// # Errors
/// As [`Tx::query`].
pub fn summary(tx: &mut Tx<'_>, item: Uuid) -> Result<Summary, Fault> {
    store::summary(tx, item)
}

/// What was written with a rating and with its supplement; none where nothing was written or
/// it was erased.
///
/// # Errors
/// As [`ledger::read_text`].
pub fn words_of(
    tx: &mut Tx<'_>,
    rating: &Rating,
) -> Result<(Option<String>, Option<String>), Fault> {
    let first = rating.given.as_ref().and_then(|given| given.text);
    let later = rating.supplement.and_then(|more| more.text);
    let mut read = |text: Option<Commitment>| match text {
        Some(text) => ledger::read_text(tx, &text),
        None => Ok(None),
    };
    Ok((read(first)?, read(later)?))
}

/// Keeps what was written, if anything was.
fn keep(
    tx: &mut Tx<'_>,
    rating: RatingId,
    person: Option<PersonId>,
    written: &str,
) -> Result<Option<Commitment>, Fault> {
    let written = text::optional("text", written, TEXT_CHARS_MAX);
    let written = written.map_err(|problem| Fault::Invalid(vec![problem]))?;
    if written.is_empty() {
        return Ok(None);
    }
    ledger::keep_text(tx, rating, person, &written).map(Some)
}

/// The longest text of a rating, in characters.
pub(crate) const TEXT_CHARS_MAX: usize = 500;

fn answer(said: &Said, text: Option<Commitment>) -> Answer {
    Answer {
        grade: said.grade,
        tags: said.tags.clone(),
        text,
        channel: said.channel,
        real_name: said.real_name,
    }
}

fn is_staff(tx: &Tx<'_>) -> bool {
    tx.actor().kind == ActorKind::Officer
}

fn facts(tx: &Tx<'_>) -> Facts {
    Facts {
        today: tx.today(),
        by_staff: is_staff(tx),
        citizen: tx.actor().as_citizen(),
    }
}
