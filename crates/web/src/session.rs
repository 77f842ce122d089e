//! Log-ins: an opaque token in a cookie (or after `Bearer`), of which the store keeps only the
//! digest; idle and absolute ends; at most so many at once for staff.
//!
//! Deliberately absent: passwords and how a person proves who they are (identity room), and
//! ledger lines about it, which that room writes too.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use db::{Migration, Row, SealedTable, Tx, params};
use jiff::{SignedDuration, Timestamp};
use kernel::{Channel, Fault, OfficerId, PersonId, PostId, TypedId};

use crate::app::App;
use crate::config::SessionPolicy;
use crate::fault::Failure;
use crate::signer::{decode, encode, sm3};
use crate::store;
use crate::visit::Visit;

/// The tables of the rim.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        room: "web",
        number: 1,
        sql: include_str!("../migrations/0001_session.sql"),
    },
    Migration {
        room: "web",
        number: 2,
        sql: include_str!("../migrations/0002_step.sql"),
    },
];

/// Who is logged in.
pub const SESSIONS: SealedTable = SealedTable {
    name: "session",
    keys: &["token_digest"],
    columns: &[
        "kind", "subject", "post", "channel", "began_at", "seen_at", "ends_at", "step",
    ],
};

/// How often at most a click is written down.
const SEEN_STEP: SignedDuration = SignedDuration::from_mins(1);
const TOKEN_BYTES: usize = 32;
/// How long somebody may take for a step.
const STEP_TIME: SignedDuration = SignedDuration::from_mins(15);

kernel::vocabulary! {
    /// What somebody whose password fitted must still do before any other door opens 登录步骤.
    pub enum Step {
        /// Show the code of their second factor 动态码.
        Code = "code",
        /// Set a password of their own in place of one that was handed out 首次改密.
        Password = "password",
        /// Set up a second factor, which their post demands 绑定动态码.
        Enrol = "enrol",
    }
}

impl Step {
    /// The page on which the step is taken.
    #[must_use]
    pub fn page(self) -> &'static str {
        match self {
            Step::Code => "/login/code",
            Step::Password => "/password",
            Step::Enrol => "/account/code",
        }
    }
}

/// Who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A member of staff.
    Officer(OfficerId),
    /// A citizen.
    Citizen(PersonId),
}

impl Subject {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Subject::Officer(_) => "officer",
            Subject::Citizen(_) => "citizen",
        }
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        *match self {
            Subject::Officer(id) => id.uuid(),
            Subject::Citizen(id) => id.uuid(),
        }
        .as_bytes()
    }

    /// Idle and absolute limit.
    fn limits(self, policy: &SessionPolicy) -> (SignedDuration, SignedDuration) {
        match self {
            Subject::Officer(_) => (policy.officer_idle, policy.officer_whole),
            Subject::Citizen(_) => (policy.citizen_idle, policy.citizen_whole),
        }
    }
}

/// The secret of a log-in: shown once to the client, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The text, for an API client to send as `Authorization: Bearer …`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Token(…)")
    }
}

/// A log-in as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    digest: [u8; 32],
    /// Who.
    pub subject: Subject,
    /// The seat an officer chose; `None` for their first.
    pub post: Option<PostId>,
    /// The way in.
    pub channel: Channel,
    /// When it began.
    pub began_at: Timestamp,
    /// The last click that was written down.
    pub seen_at: Timestamp,
    /// When it ends whatever happens.
    pub ends_at: Timestamp,
    /// What must be done before this log-in opens any other door.
    pub step: Option<Step>,
}

impl Session {
    /// When it ends if nobody clicks.
    #[must_use]
    pub fn idle_end(&self, policy: &SessionPolicy) -> Timestamp {
        let (idle, _) = self.subject.limits(policy);
        let end = self.seen_at.checked_add(idle);
        end.unwrap_or(Timestamp::MAX).min(self.ends_at)
    }

    pub(crate) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Names the log-in among its owner's others: tells nothing that opens a door.
    #[must_use]
    pub fn handle(&self) -> String {
        encode(&self.digest[..9])
    }

    /// Whether a click should be written down.
    pub(crate) fn is_stale(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        let (idle, _) = self.subject.limits(policy);
        let step = SEEN_STEP.min(idle / 10);
        now.duration_since(self.seen_at) >= step
    }

    fn put(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        SESSIONS.put(
            tx,
            params![
                self.digest,
                self.subject.kind(),
                self.subject.bytes(),
                self.post,
                self.channel,
                self.began_at,
                self.seen_at,
                self.ends_at,
                self.step,
            ],
        )
    }
}

/// Logs somebody in who has proved who they are. An officer's oldest log-ins end when there are
/// too many. Answer with [`crate::Entered`] so that the browser keeps the token.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn begin(
    tx: &mut Tx<'_>,
    subject: Subject,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Token, Fault> {
    start(tx, subject, channel, policy, None)
}

/// As [`begin`], but until the step is taken every door but that step's takes them for a
/// stranger, and there is only a quarter of an hour for it.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn begin_with_step(
    tx: &mut Tx<'_>,
    subject: Subject,
    channel: Channel,
    policy: &SessionPolicy,
    step: Step,
) -> Result<Token, Fault> {
    start(tx, subject, channel, policy, Some(step))
}

fn start(
    tx: &mut Tx<'_>,
    subject: Subject,
    channel: Channel,
    policy: &SessionPolicy,
    step: Option<Step>,
) -> Result<Token, Fault> {
    // Who knows the password alone must not end the log-ins of who has the second factor too.
    if let (Subject::Officer(_), None) = (subject, step) {
        let mine = list(tx, subject)?;
        let keep = policy.officer_at_once.max(1) - 1;
        let whole = mine.iter().filter(|session| session.step.is_none());
        for session in whole.skip(keep) {
            SESSIONS.remove(tx, params![session.digest])?;
        }
    }
    let secret: [u8; TOKEN_BYTES] = tx.clock().random();
    let (_, whole) = subject.limits(policy);
    let whole = step.map_or(whole, |_| STEP_TIME.min(whole));
    let now = tx.now();
    let session = Session {
        digest: sm3(&secret),
        subject,
        post: None,
        channel,
        began_at: now,
        seen_at: now,
        ends_at: now.checked_add(whole).map_err(Fault::broken)?,
        step,
    };
    session.put(tx)?;
    Ok(Token(encode(&secret)))
}

/// Logs out. Answer with [`crate::Left`] so that the browser forgets the token.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn end(tx: &mut Tx<'_>, session: &Session) -> Result<(), Fault> {
    SESSIONS.remove(tx, params![session.digest]).map(|_| ())
}

/// Ends one of somebody's own log-ins, named by its handle; true when there was one.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn end_one(tx: &mut Tx<'_>, subject: Subject, handle: &str) -> Result<bool, Fault> {
    let mine = list(tx, subject)?;
    let found = mine.iter().find(|session| session.handle() == handle);
    let Some(found) = found else {
        return Ok(false);
    };
    SESSIONS.remove(tx, params![found.digest])
}

/// Ends every log-in of somebody: a new password, a dismissal, a lost phone. Answers how many.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn end_all(tx: &mut Tx<'_>, subject: Subject) -> Result<u64, Fault> {
    store::remove_sessions_of(tx, subject)
}

/// The log-ins of somebody, newest first.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn list(tx: &mut Tx<'_>, subject: Subject) -> Result<Vec<Session>, Fault> {
    store::sessions_of(tx, subject)
}

/// Lets an officer act from another of their seats from now on.
///
/// # Errors
/// [`Fault::NotFound`] when the log-in has ended.
pub fn choose_seat(tx: &mut Tx<'_>, session: &Session, post: PostId) -> Result<(), Fault> {
    let Some(mut found) = find(tx, &session.digest)? else {
        return Err(Fault::NotFound { what: "session" });
    };
    found.post = Some(post);
    found.put(tx)
}

/// Removes what has ended; answers how many. A job of the roof.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    store::remove_ended(tx)
}

/// What the store keeps of a token; none for what was never one.
pub(crate) fn digest_of(token: &str) -> Option<[u8; 32]> {
    let secret = decode(token).filter(|secret| secret.len() == TOKEN_BYTES)?;
    Some(sm3(&secret))
}

/// Writes a click down, unless the log-in has ended meanwhile.
pub(crate) fn touch(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<(), Fault> {
    let Some(mut session) = find(tx, digest)? else {
        return Ok(());
    };
    session.seen_at = tx.now();
    session.put(tx)
}

/// A row that somebody wrote behind the program's back opens no door: its seal is checked.
/// The log-in of a digest, whether or not it has ended.
pub(crate) fn find(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<Option<Session>, Fault> {
    SESSIONS.get(tx, params![*digest], read)
}

pub(crate) fn read(row: &Row<'_>) -> Result<Session, Fault> {
    let kind: String = row.get(1)?;
    let subject = match kind.as_str() {
        "officer" => Subject::Officer(row.get(2)?),
        "citizen" => Subject::Citizen(row.get(2)?),
        _ => return Err(Fault::broken("a session of an unknown kind")),
    };
    Ok(Session {
        digest: row.get(0)?,
        subject,
        post: row.get(3)?,
        channel: row.get(4)?,
        began_at: row.get(5)?,
        seen_at: row.get(6)?,
        ends_at: row.get(7)?,
        step: row.get(8)?,
    })
}

impl FromRequestParts<App> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        let visit = Visit::of(parts)?;
        visit
            .session()
            .cloned()
            .ok_or_else(Failure::unauthenticated)
    }
}
