//! Every rule of identity, and nothing else: no clock, no database, no HTTP.
//!
//! Deliberately absent: what a role may do, which the rooms decide where they use it.

use std::collections::BTreeSet;

use codes::{CitizenId, CodeError, RegionCode, Uscc};
use jiff::civil::Date;
use kernel::fault::Param;
use kernel::{Fault, OfficerId, Problem, text};

use crate::Role;
use crate::model::{NewOrgan, NewPerson, PersonKind};

/// The three administrators, who must be three people (等保三级, 三员分立).
pub const ADMINISTRATORS: [Role; 3] = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];

/// Below this age a guardian must consent (个人信息保护法 31), which a web page cannot check.
pub const REGISTER_AGE_MIN: i16 = 14;

/// How a rule of identity says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Two of the three administrators in one hand.
    ThreeAdministrators,
    /// Nobody grants rights to themselves.
    OwnRights,
    /// The last day lies before the first.
    PeriodReversed,
    /// Nobody stands in for themselves, or acts for themselves by a power of attorney.
    SamePerson,
    /// The post is not held by the one who is to be stood in for.
    HolderNotAppointed,
    /// A dismissed officer gets no post.
    OfficerDismissed,
    /// The identity number has an account already.
    AlreadyRegistered,
    /// The identity number belongs to somebody of another name or phone.
    PersonDiffers,
    /// Under the age at which one may register alone.
    TooYoung,
    /// The login is in use.
    LoginTaken,
    /// There is a hall already.
    SecondHall,
    /// Another organ has this credit code or department code.
    OrganKnown,
    /// The organ has a post of this name.
    PostKnown,
    /// The act belongs to another of the three administrators.
    NotYourAct,
    /// An account that was closed stays closed.
    OfficerClosed,
    /// There is a second factor already.
    FactorActive,
    /// There is no second factor.
    NoFactor,
    /// The organ or post was closed.
    AlreadyClosed,
    /// The hall itself stays.
    HallStays,
    /// An organ with open posts stays.
    PostsOpen,
    /// A post that somebody holds stays.
    PostHeld,
    /// A program cannot take the step that is left of the log-in.
    StepLeft,
}

kernel::vocabulary! {
    /// What an administrator does; each act belongs to one of the three (三员分立).
    pub enum Act {
        /// Adds, renames and closes organs.
        KeepOrgans = "keep_organs",
        /// Adds officers, dismisses, unlocks and closes them, hands out passwords.
        KeepOfficers = "keep_officers",
        /// Adds, renames and closes posts, and says what they may do.
        KeepPosts = "keep_posts",
        /// Appoints, names deputies, and ends both.
        Grant = "grant",
        /// Lets an officer who lost their phone set up another second factor.
        ResetFactor = "reset_factor",
        /// Erases what the hall holds of a person who asked for it.
        Erase = "erase",
    }
}

impl Act {
    /// Whose act it is. The audit administrator has none: they read.
    #[must_use]
    pub fn whose(self) -> Role {
        match self {
            Act::KeepOrgans | Act::KeepOfficers => Role::SystemAdmin,
            Act::KeepPosts | Act::Grant | Act::ResetFactor | Act::Erase => Role::SecurityAdmin,
        }
    }
}

/// Whether whoever has these roles may do this act.
///
/// # Errors
/// [`Refusal::NotYourAct`].
pub fn may(act: Act, roles: &BTreeSet<Role>) -> Result<(), Refusal> {
    if roles.contains(&act.whose()) {
        Ok(())
    } else {
        Err(Refusal::NotYourAct)
    }
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::ThreeAdministrators => "identity.three_administrators",
            Self::OwnRights => "identity.own_rights",
            Self::PeriodReversed => "identity.period_reversed",
            Self::SamePerson => "identity.same_person",
            Self::HolderNotAppointed => "identity.holder_not_appointed",
            Self::OfficerDismissed => "identity.officer_dismissed",
            Self::AlreadyRegistered => "identity.already_registered",
            Self::PersonDiffers => "identity.person_differs",
            Self::TooYoung => "identity.too_young",
            Self::LoginTaken => "identity.login_taken",
            Self::SecondHall => "identity.second_hall",
            Self::OrganKnown => "identity.organ_known",
            Self::PostKnown => "identity.post_known",
            Self::NotYourAct => "identity.not_your_act",
            Self::OfficerClosed => "identity.officer_closed",
            Self::FactorActive => "identity.factor_active",
            Self::NoFactor => "identity.no_factor",
            Self::AlreadyClosed => "identity.already_closed",
            Self::HallStays => "identity.hall_stays",
            Self::PostsOpen => "identity.posts_open",
            Self::PostHeld => "identity.post_held",
            Self::StepLeft => "identity.step_left",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::ThreeAdministrators | Self::OwnRights | Self::NotYourAct => {
                Some("GB/T 22239—2019 8.1.5")
            }
            Self::TooYoung => Some("个人信息保护法第三十一条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::TooYoung => vec![("min", REGISTER_AGE_MIN.to_string())],
            _ => Vec::new(),
        }
    }
}

/// What a grant of a post depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFacts {
    /// Every role that the officer has or will have.
    pub held: BTreeSet<Role>,
    /// What the post brings.
    pub brings: BTreeSet<Role>,
    /// Who gets it.
    pub officer: OfficerId,
    /// Who grants it; none for the system itself.
    pub granter: Option<OfficerId>,
    /// Whether the officer is in service.
    pub in_service: bool,
}

/// Whether roles may lie in one hand: at most one of the three administrators.
///
/// # Errors
/// [`Refusal::ThreeAdministrators`].
pub fn compatible(roles: &BTreeSet<Role>) -> Result<(), Refusal> {
    let of_them = ADMINISTRATORS.iter().filter(|role| roles.contains(role));
    if 1 < of_them.count() {
        return Err(Refusal::ThreeAdministrators);
    }
    Ok(())
}

/// Whether an officer may get a post, as its holder or as a deputy.
///
/// # Errors
/// The rule that says no.
pub fn grant(facts: &GrantFacts) -> Result<(), Refusal> {
    if !facts.in_service {
        return Err(Refusal::OfficerDismissed);
    }
    if facts.granter == Some(facts.officer) {
        return Err(Refusal::OwnRights);
    }
    compatible(&facts.held.union(&facts.brings).copied().collect())
}

/// Whether a period has a day.
///
/// # Errors
/// [`Refusal::PeriodReversed`].
pub fn period(from: Date, until: Option<Date>) -> Result<(), Refusal> {
    if until.is_some_and(|until| until < from) {
        return Err(Refusal::PeriodReversed);
    }
    Ok(())
}

/// A person whose texts and numbers have been checked and brought into form. `alone`: they
/// register themselves, so they must be old enough; at a counter a guardian can be present.
///
/// # Errors
/// Every wrong field at once, or [`Refusal::TooYoung`].
pub fn person(new: &NewPerson, today: Date, alone: bool) -> Result<NewPerson, Fault> {
    let mut problems = Vec::new();
    let mut checked = new.clone();
    match text::line("name", &new.name, text::NAME_CHARS_MAX) {
        Ok(name) => checked.name = name,
        Err(problem) => problems.push(problem),
    }
    match text::phone("phone", &new.phone) {
        Ok(phone) => checked.phone = phone,
        Err(problem) => problems.push(problem),
    }
    match identity_number(new.kind, new.identity_number.trim(), today) {
        Ok(number) => checked.identity_number = number,
        Err(problem) => problems.push(problem),
    }
    if let Some(account) = &mut checked.account {
        match login("login", &account.login) {
            Ok(login) => account.login = login,
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    let age = age(&checked, today);
    if alone && age.is_some_and(|age| age < REGISTER_AGE_MIN) {
        return Err(Refusal::TooYoung.into());
    }
    Ok(checked)
}

fn age(person: &NewPerson, today: Date) -> Option<i16> {
    let natural = person.kind == PersonKind::Natural;
    let id = natural.then(|| CitizenId::parse_stored(&person.identity_number).ok());
    id.flatten().map(|id| id.age_on(today))
}

/// The identity number in its stored form.
///
/// # Errors
/// `identity.wrong_number`, with the rule that it breaks.
pub fn identity_number(kind: PersonKind, number: &str, today: Date) -> Result<String, Problem> {
    const FIELD: &str = "identity_number";
    if number.is_empty() {
        return Err(Problem::new(FIELD, "field.required"));
    }
    match kind {
        PersonKind::Natural => CitizenId::parse(number, today)
            .map(|id| id.as_str().to_owned())
            .map_err(|error| wrong_code(FIELD, &error)),
        PersonKind::Legal => Uscc::parse(number)
            .map(String::from)
            .map_err(|error| wrong_code(FIELD, &error)),
    }
}

fn wrong_code(field: &str, error: &CodeError) -> Problem {
    Problem::new(field, "identity.wrong_number")
        .with("reason_zh", error.zh())
        .with("reason_en", error)
}

/// A login in its stored form: 2 to 64 letters, digits or `. _ - @`, lower case.
///
/// # Errors
/// `field.required`, `field.too_long` or `identity.login_form`.
pub fn login(field: &str, typed: &str) -> Result<String, Problem> {
    let login = text::bounded(field, typed, 64)?.to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if login.chars().count() < 2 || !login.chars().all(fits) {
        return Err(Problem::new(field, "identity.login_form"));
    }
    Ok(login)
}

/// The shortest password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// The longest password, in bytes: argon2id takes more, a server's patience does not.
pub const PASSWORD_BYTES_MAX: usize = 256;

/// Whether a password is hard enough to guess: ten characters, three kinds of them (or twenty
/// characters of any kind), no run of one character, and not the login (等保三级 8.1.4.1).
///
/// # Errors
/// What is wrong with it.
pub fn password(field: &str, login: &str, typed: &str) -> Result<(), Problem> {
    let chars = typed.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(Problem::new(field, "identity.password_short").with("min", PASSWORD_CHARS_MIN));
    }
    if PASSWORD_BYTES_MAX < typed.len() {
        return Err(Problem::new(field, "field.too_long").with("max", PASSWORD_BYTES_MAX));
    }
    let kinds = [
        typed.chars().any(char::is_uppercase),
        typed.chars().any(char::is_lowercase),
        typed.chars().any(char::is_numeric),
        typed.chars().any(|c| !c.is_alphanumeric()),
    ];
    let kinds = kinds.iter().filter(|is| **is).count();
    if kinds < 3 && chars < 2 * PASSWORD_CHARS_MIN {
        return Err(Problem::new(field, "identity.password_simple"));
    }
    let distinct: BTreeSet<char> = typed.chars().collect();
    let (lower, login) = (typed.to_lowercase(), login.trim().to_lowercase());
    if distinct.len() < 5 || (!login.is_empty() && lower.contains(&login)) {
        return Err(Problem::new(field, "identity.password_guessable"));
    }
    Ok(())
}

/// An organ whose codes have been checked and brought into form.
///
/// # Errors
/// Every wrong field at once.
pub fn organ(new: &NewOrgan) -> Result<NewOrgan, Fault> {
    let mut problems = Vec::new();
    let mut checked = new.clone();
    let names = [
        ("name", &new.name, &mut checked.name),
        ("short_name", &new.short_name, &mut checked.short_name),
    ];
    for (field, typed, place) in names {
        match text::line(field, typed, text::NAME_CHARS_MAX) {
            Ok(name) => *place = name,
            Err(problem) => problems.push(problem),
        }
    }
    match Uscc::parse(new.uscc.trim()) {
        Ok(uscc) => checked.uscc = uscc.into(),
        Err(error) => problems.push(wrong_code("uscc", &error)),
    }
    checked.dept4 = new.dept4.trim().to_uppercase();
    let four = checked.dept4.len() == 4;
    if !four
        || !checked
            .dept4
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric())
    {
        problems.push(Problem::new("dept4", "identity.dept4_form"));
    }
    match RegionCode::parse(new.region6.trim()) {
        Ok(region) => checked.region6 = region.county_part().to_owned(),
        Err(error) => problems.push(wrong_code("region6", &error)),
    }
    if problems.is_empty() {
        Ok(checked)
    } else {
        Err(Fault::Invalid(problems))
    }
}

/// How long a password opens that somebody else handed out, in hours.
pub const HANDED_OUT_HOURS: i64 = 7 * 24;

/// Attempts after which a login is locked.
pub const FAILURES_MAX: i64 = 5;
/// How long it stays locked after the last of them, in seconds.
pub const LOCK_SECONDS: i64 = 15 * 60;

/// How many more seconds a login stays locked; 0 when it is not.
#[must_use]
pub fn locked_seconds(failures: i64, seconds_since_last: i64) -> u64 {
    if failures < FAILURES_MAX {
        return 0;
    }
    (LOCK_SECONDS - seconds_since_last).max(0).unsigned_abs()
}

/// The count after one more failure: an old series is forgotten after the time of a lock.
#[must_use]
pub fn count_failure(failures: i64, seconds_since_last: i64) -> i64 {
    if LOCK_SECONDS <= seconds_since_last {
        1
    } else {
        failures + 1
    }
}
