//! The nouns: letters, how they went out, and where people want them.

use jiff::Timestamp;
use kernel::{OfficerId, PersonId, TypedId};

kernel::id!(
    /// A letter 站内信; the same for every attempt to send it.
    LetterId,
    "letter"
);
kernel::id!(
    /// Where somebody wants letters beside the inbox.
    AddressId,
    "address"
);

kernel::vocabulary! {
    /// What a letter tells; its words stand in `messages.toml`.
    pub enum LetterKind {
        /// 已受理.
        Accepted = "accepted",
        /// 视为受理.
        DeemedAccepted = "deemed_accepted",
        /// 需要补正.
        CorrectionAsked = "correction_asked",
        /// 不予受理.
        NotAccepted = "not_accepted",
        /// 不需要许可.
        NotRequired = "not_required",
        /// 特别程序，时限中止.
        Paused = "paused",
        /// 已延期.
        Extended = "extended",
        /// 准予许可.
        Granted = "granted",
        /// 不予许可.
        Refused = "refused",
        /// 拟撤回、撤销、注销或者登记吊销: the holder may be heard.
        ExitTold = "exit_told",
        /// 已决定退出.
        ExitDecided = "exit_decided",
        /// 即将到期.
        LicenceNear = "licence_near",
        /// 拟无感延续.
        SilentRenewal = "silent_renewal",
        /// 已延续.
        Renewed = "renewed",
        /// 不予延续.
        NotRenewed = "not_renewed",
        /// 可以要求听证.
        HearingOffered = "hearing_offered",
        /// 听证时间地点.
        HearingSet = "hearing_set",
        /// 听证笔录待签署.
        MinutesToSign = "minutes_to_sign",
        /// 退出程序终止, 许可保留.
        ExitDropped = "exit_dropped",
        /// 待补交的材料快到期.
        PapersDue = "papers_due",
        /// 逾期未补，视为撤回.
        PledgeLapsed = "pledge_lapsed",
        /// 承诺核查属实.
        PledgeKept = "pledge_kept",
        /// 限期整改.
        PledgeToMend = "pledge_to_mend",
        /// 承诺不实，停用告知承诺.
        RouteClosed = "route_closed",
        /// 信用已修复，恢复告知承诺.
        RouteOpened = "route_opened",
        /// 主动服务告知.
        OfferMade = "offer_made",
        /// 批准发放.
        OfferGranted = "offer_granted",
        /// 不予发放.
        OfferRefused = "offer_refused",
        /// 已支付.
        OfferPaid = "offer_paid",
        /// A task at the reader's post is running out of time.
        TaskDue = "task_due",
    }
}

kernel::vocabulary! {
    /// A way out of the house.
    pub enum Channel {
        /// By mail 电子邮件.
        Mail = "mail",
        /// By SMS 短信.
        Sms = "sms",
    }
}

kernel::vocabulary! {
    /// How sending stands.
    pub enum DispatchState {
        /// Not tried yet.
        Waiting = "waiting",
        /// The gateway took it.
        Sent = "sent",
        /// The gateway failed; it is tried again, ever later.
        Failing = "failing",
        /// Given up: refused for good, or too often.
        GivenUp = "given_up",
    }
}

/// Whose a letter is 收信人.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A member of staff.
    Officer(OfficerId),
    /// A citizen or an enterprise.
    Citizen(PersonId),
}

/// A letter 站内信: a kind, a number, a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// What it tells.
    pub kind: LetterKind,
    /// Whose it is.
    pub owner: Owner,
    /// The number of the case, as printed.
    pub number: String,
    /// The page where more stands.
    pub href: String,
    /// When what it tells happened.
    pub written_at: Timestamp,
    /// When its owner had it shown.
    pub read_at: Option<Timestamp>,
}

/// How a letter went out by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Which letter.
    pub letter: LetterId,
    /// By which way.
    pub channel: Channel,
    /// How it stands.
    pub state: DispatchState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed, as a code.
    pub error: Option<String>,
    /// When it was tried last, or queued.
    pub tried_at: Timestamp,
}

/// Where somebody wants letters beside the inbox; the mail address lies encrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: AddressId,
    /// Whose.
    pub owner: Owner,
    /// The mail address.
    pub mail: Option<String>,
    /// Whether to write to the phone number that the hall has on record.
    pub sms: bool,
}

/// Personal data never reach a log line.
impl std::fmt::Debug for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Address({})", self.id)
    }
}

impl Owner {
    /// The owner as columns hold it.
    pub(crate) fn parts(self) -> (&'static str, [u8; 16]) {
        match self {
            Owner::Officer(id) => ("officer", id.uuid().into_bytes()),
            Owner::Citizen(id) => ("citizen", id.uuid().into_bytes()),
        }
    }
}
