//! Use cases of officers: the system administrator adds them without any right, the security
//! administrator appoints them to posts and names deputies.

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, PostId, Problem, text};
use web::session::{self, Subject};

use crate::administration::require;
use crate::closure::still_open;
use crate::decide::{self, Act, GrantFacts, Refusal};
use crate::login;
use crate::model::{
    Appointment, AppointmentId, Deputy, DeputyId, NewOfficer, OfficerCard, OfficerState,
};
use crate::organ::post;
use crate::store::{self, Closure};

/// An officer.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn officer(tx: &mut Tx<'_>, id: OfficerId) -> Result<OfficerCard, Fault> {
    store::find_officer(tx, id)?.ok_or(Fault::NotFound { what: "officer" })
}

/// The officer with a login.
///
/// # Errors
/// As [`Tx::query`].
pub fn officer_by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<OfficerCard>, Fault> {
    store::find_officer_by_login(tx, &login.trim().to_lowercase())
}

/// What an officer is called.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn officer_name(tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault> {
    Ok(officer(tx, id)?.name)
}

/// Officers by login, those behind `after`.
///
/// # Errors
/// As [`Tx::query`].
pub fn officers(tx: &mut Tx<'_>, after: &str, most: usize) -> Result<Vec<OfficerCard>, Fault> {
    store::officers_after(tx, after, i64::try_from(most).map_err(Fault::broken)?)
}

/// Adds an officer, who has no right until appointed.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Refusal::LoginTaken`], [`Refusal::NotYourAct`].
pub fn add_officer(tx: &mut Tx<'_>, new: &NewOfficer) -> Result<OfficerId, Fault> {
    require(tx, Act::KeepOfficers)?;
    let mut problems: Vec<Problem> = Vec::new();
    let name = text::line("name", &new.name, text::NAME_CHARS_MAX);
    let name = name.unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    let login = decide::login("login", &new.login).unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    let officer = OfficerCard {
        id: tx.new_id(),
        login,
        name,
        state: OfficerState::Active,
    };
    login::add_account(
        tx,
        Subject::Officer(officer.id),
        &officer.login,
        &new.password,
    )?;
    store::put_officer(tx, &officer, &["login", "name", "state"])?;
    Ok(officer.id)
}

/// Dismisses an officer, whose log-ins end at once, takes one back into service, or closes the
/// account for good, which removes password and second factor.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::OwnRights`] for oneself,
/// [`Refusal::OfficerClosed`].
pub fn set_state(tx: &mut Tx<'_>, id: OfficerId, state: OfficerState) -> Result<(), Fault> {
    require(tx, Act::KeepOfficers)?;
    let mut officer = officer(tx, id)?;
    if tx.actor().as_officer() == Some(id) {
        return Err(Refusal::OwnRights.into());
    }
    if officer.state == state {
        return Ok(());
    }
    if officer.state == OfficerState::Closed {
        return Err(Refusal::OfficerClosed.into());
    }
    officer.state = state;
    store::put_officer(tx, &officer, &["state"])?;
    let subject = Subject::Officer(id);
    session::end_all(tx, subject)?;
    match store::find_account_of(tx, subject)? {
        Some(account) if state == OfficerState::Closed => {
            store::clear_failures(tx, &account.login_mark)?;
            store::remove_account(tx, account.id)
        }
        _ => Ok(()),
    }
}

/// Appointments that hold today or will hold, newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn appointments(tx: &mut Tx<'_>) -> Result<Vec<Appointment>, Fault> {
    let today = tx.today();
    store::appointments_from(tx, today)
}

/// Deputies that hold today or will hold, newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn deputies(tx: &mut Tx<'_>) -> Result<Vec<Deputy>, Fault> {
    let today = tx.today();
    store::deputies_from(tx, today)
}

/// An appointment, ended ones too.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn appointment(tx: &mut Tx<'_>, id: AppointmentId) -> Result<Appointment, Fault> {
    store::find_appointment(tx, id)?.ok_or(Fault::NotFound {
        what: "appointment",
    })
}

/// A deputy, ended ones too.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn deputy(tx: &mut Tx<'_>, id: DeputyId) -> Result<Deputy, Fault> {
    store::find_deputy(tx, id)?.ok_or(Fault::NotFound { what: "deputy" })
}

/// Appoints an officer to a post 任职.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::ThreeAdministrators`], [`Refusal::OwnRights`],
/// [`Refusal::OfficerDismissed`], [`Refusal::PeriodReversed`].
pub fn appoint(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    post: PostId,
    from: Date,
    until: Option<Date>,
) -> Result<AppointmentId, Fault> {
    decide::period(from, until)?;
    grant(tx, officer, post)?;
    out_if_armed(tx, officer, post)?;
    let one = Appointment {
        id: tx.new_id(),
        officer,
        post,
        from,
        until,
    };
    let fields = ["officer", "post", "from_day", "until_day"];
    store::put_appointment(tx, &one, &fields)?;
    Ok(one.id)
}

/// Ends an appointment: `until` is its last day.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::PeriodReversed`], [`Refusal::OwnRights`].
pub fn end_appointment(tx: &mut Tx<'_>, id: AppointmentId, until: Date) -> Result<(), Fault> {
    require(tx, Act::Grant)?;
    let mut one = appointment(tx, id)?;
    not_own(tx, one.officer)?;
    decide::period(one.from, Some(until))?;
    one.until = Some(until);
    store::put_appointment(tx, &one, &["until_day"])
}

/// Names the officer who stands in for the holder of a post AB角.
///
/// # Errors
/// As [`appoint`]; [`Refusal::SamePerson`], [`Refusal::HolderNotAppointed`].
pub fn set_deputy(
    tx: &mut Tx<'_>,
    post: PostId,
    holder: OfficerId,
    deputy: OfficerId,
    from: Date,
    until: Option<Date>,
) -> Result<DeputyId, Fault> {
    decide::period(from, until)?;
    if holder == deputy {
        return Err(Refusal::SamePerson.into());
    }
    if !store::holds_post(tx, holder, post, from)? {
        return Err(Refusal::HolderNotAppointed.into());
    }
    grant(tx, deputy, post)?;
    out_if_armed(tx, deputy, post)?;
    let one = Deputy {
        id: tx.new_id(),
        post,
        holder,
        deputy,
        from,
        until,
    };
    let fields = ["post", "holder", "deputy", "from_day", "until_day"];
    store::put_deputy(tx, &one, &fields)?;
    Ok(one.id)
}

/// Ends a deputy: `until` is the last day.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::PeriodReversed`], [`Refusal::OwnRights`].
pub fn end_deputy(tx: &mut Tx<'_>, id: DeputyId, until: Date) -> Result<(), Fault> {
    require(tx, Act::Grant)?;
    let mut one = deputy(tx, id)?;
    not_own(tx, one.deputy)?;
    decide::period(one.from, Some(until))?;
    one.until = Some(until);
    store::put_deputy(tx, &one, &["until_day"])
}

/// Whoever becomes an administrator logs in anew, so that no log-in without the second factor
/// that the post may demand goes on.
fn out_if_armed(tx: &mut Tx<'_>, officer: OfficerId, post: PostId) -> Result<(), Fault> {
    let roles = self::post(tx, post)?.roles;
    if decide::ADMINISTRATORS
        .iter()
        .any(|role| roles.contains(role))
    {
        session::end_all(tx, Subject::Officer(officer))?;
    }
    Ok(())
}

fn grant(tx: &mut Tx<'_>, officer: OfficerId, post: PostId) -> Result<(), Fault> {
    require(tx, Act::Grant)?;
    still_open(tx, &Closure::Post(post))?;
    let brings = self::post(tx, post)?.roles;
    let card = self::officer(tx, officer)?;
    let today = tx.today();
    let facts = GrantFacts {
        held: store::roles_from(tx, officer, today)?,
        brings,
        officer,
        granter: tx.actor().as_officer(),
        in_service: card.state == OfficerState::Active,
    };
    Ok(decide::grant(&facts)?)
}

fn not_own(tx: &Tx<'_>, officer: OfficerId) -> Result<(), Refusal> {
    if tx.actor().as_officer() == Some(officer) {
        return Err(Refusal::OwnRights);
    }
    Ok(())
}
