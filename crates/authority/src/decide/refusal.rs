//! How the rules of the room say no: stable codes, the article where there is one, what the wording
//! needs.

use jiff::civil::Date;
use kernel::fault::Param;

/// Why a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A table without a line says nothing.
    NoLines,
    /// Two lines of the table apply to one case.
    LinesOverlap {
        /// The one, counted from 1.
        line: usize,
        /// The other.
        other: usize,
    },
    /// Two lines of one item go by different fields.
    TwoFields {
        /// The one, counted from 1.
        line: usize,
        /// The other.
        other: usize,
    },
    /// An amount falls between the lines.
    AmountsOpen {
        /// The line beside which it falls, counted from 1.
        line: usize,
        /// Such an amount.
        amount: String,
    },
    /// A line ends before it begins.
    BoundsReversed,
    /// Amounts stand in the form of one item, so only a line for one item goes by them.
    AmountWithoutItem,
    /// The form of the item has no such field of numbers.
    NoSuchField,
    /// There is no such line.
    NoSuchLine,
    /// What was put into force is not written over: it is followed by another version.
    NotADraft,
    /// Whoever wrote it does not put it into force.
    OwnDraft,
    /// Nothing is put into force for days that have passed.
    InThePast,
    /// The last day lies before the first.
    PeriodReversed,
    /// Another version begins on this day or later already.
    LaterVersion {
        /// Its first day.
        from: Date,
    },
    /// Nobody appoints themselves, or has a say in what they were given.
    OwnPower,
    /// The officer holds no post of the decision desk there.
    NotADecider,
    /// The list names nothing.
    NothingListed,
    /// The item is on the list of another chief approval officer.
    OnAnotherList,
    /// They are chief approval officer there already.
    AlreadyChief,
    /// It has ended.
    Ended,
    /// The item is not one of the organ's.
    NotTheirItem,
    /// Only an administrative organ may be entrusted (行政许可法 24).
    NotAnOrgan,
    /// What was entrusted is not entrusted further (行政许可法 24).
    SubDelegation,
    /// An organ gives nothing to itself.
    SameOrgan,
    /// The organ has it already in that time.
    AlreadyGiven,
    /// The organ that gives does not enter what another organ gives.
    NotYourOrgan,
    /// Votes and signatures are given in person.
    NoProxy,
    /// The quorum is more than half of the members.
    QuorumTooSmall {
        /// The smallest.
        min: u32,
    },
    /// Too few members are there.
    NoQuorum {
        /// How many are needed.
        needed: u32,
        /// How many are there and may vote.
        present: usize,
    },
    /// Somebody who is no member.
    NotAMember,
    /// A committee has at least three members.
    TooFewMembers,
    /// The chair presides; without the chair it does not sit.
    ChairAbsent,
    /// Only chair and secretary conduct the sitting.
    NotConducting,
    /// The sitting has not begun.
    NotOpen,
    /// The sitting has begun: the agenda stands.
    AgendaStands,
    /// It meets on another day.
    NotToday {
        /// On which.
        on: Date,
    },
    /// The case is on the agenda already.
    OnAgenda,
    /// The case is not on the agenda.
    NotOnAgenda,
    /// The case was decided or is over.
    CaseDecided,
    /// It was resolved on.
    AlreadyResolved,
    /// Cases on the agenda are still to be resolved on or deferred.
    NotAllResolved,
    /// An agenda without a case.
    EmptyAgenda,
    /// The member voted on it.
    VotedAlready,
    /// The member stepped aside.
    Recused,
    /// The member accepted or reviewed the case: they report and do not vote.
    HandledIt,
    /// Not every member who is there and may vote has voted.
    VotesMissing {
        /// How many have not.
        missing: usize,
    },
    /// Only the legal reviewer gives or files an opinion.
    NotALegalReviewer,
    /// Whoever accepted or reviewed the case does not review the law of it.
    ReviewedItself,
    /// Only the giver's side.
    NotTheGiver,
    /// Only the receiver's side.
    NotTheReceiver,
    /// The list was handed over.
    AlreadyHanded,
    /// The list was not handed over yet.
    NotHanded,
    /// Both sides signed.
    AlreadySigned,
    /// Lines are neither received nor disputed.
    LinesWaiting {
        /// How many.
        waiting: usize,
    },
    /// Nobody hands to themselves.
    SameSide,
    /// Tasks pass from one officer to another, both named.
    TasksNeedOfficers,
    /// The receiver may not do a step that would pass to them.
    TaskStays {
        /// The case.
        number: String,
        /// Why, as the case room says it.
        because: &'static str,
    },
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoLines => "authority.no_lines",
            Self::LinesOverlap { .. } => "authority.lines_overlap",
            Self::TwoFields { .. } => "authority.two_fields",
            Self::AmountsOpen { .. } => "authority.amounts_open",
            Self::BoundsReversed => "authority.bounds_reversed",
            Self::AmountWithoutItem => "authority.amount_without_item",
            Self::NoSuchField => "authority.no_such_field",
            Self::NoSuchLine => "authority.no_such_line",
            Self::NotADraft => "authority.not_a_draft",
            Self::OwnDraft => "authority.own_draft",
            Self::InThePast => "authority.in_the_past",
            Self::PeriodReversed => "authority.period_reversed",
            Self::LaterVersion { .. } => "authority.later_version",
            Self::OwnPower => "authority.own_power",
            Self::NotADecider => "authority.not_a_decider",
            Self::NothingListed => "authority.nothing_listed",
            Self::OnAnotherList => "authority.on_another_list",
            Self::AlreadyChief => "authority.already_chief",
            Self::Ended => "authority.ended",
            Self::NotTheirItem => "authority.not_their_item",
            Self::NotAnOrgan => "authority.not_an_organ",
            Self::SubDelegation => "authority.sub_delegation",
            Self::SameOrgan => "authority.same_organ",
            Self::AlreadyGiven => "authority.already_given",
            Self::NotYourOrgan => "authority.not_your_organ",
            Self::NoProxy => "authority.no_proxy",
            Self::QuorumTooSmall { .. } => "authority.quorum_too_small",
            Self::NoQuorum { .. } => "authority.no_quorum",
            Self::NotAMember => "authority.not_a_member",
            Self::TooFewMembers => "authority.too_few_members",
            Self::ChairAbsent => "authority.chair_absent",
            Self::NotConducting => "authority.not_conducting",
            Self::NotOpen => "authority.not_open",
            Self::AgendaStands => "authority.agenda_stands",
            Self::NotToday { .. } => "authority.not_today",
            Self::OnAgenda => "authority.on_agenda",
            Self::NotOnAgenda => "authority.not_on_agenda",
            Self::CaseDecided => "authority.case_decided",
            Self::AlreadyResolved => "authority.already_resolved",
            Self::NotAllResolved => "authority.not_all_resolved",
            Self::EmptyAgenda => "authority.empty_agenda",
            Self::VotedAlready => "authority.voted_already",
            Self::Recused => "authority.recused",
            Self::HandledIt => "authority.handled_it",
            Self::VotesMissing { .. } => "authority.votes_missing",
            Self::NotALegalReviewer => "authority.not_a_legal_reviewer",
            Self::ReviewedItself => "authority.reviewed_itself",
            Self::NotTheGiver => "authority.not_the_giver",
            Self::NotTheReceiver => "authority.not_the_receiver",
            Self::AlreadyHanded => "authority.already_handed",
            Self::NotHanded => "authority.not_handed",
            Self::AlreadySigned => "authority.already_signed",
            Self::LinesWaiting { .. } => "authority.lines_waiting",
            Self::SameSide => "authority.same_side",
            Self::TasksNeedOfficers => "authority.tasks_need_officers",
            Self::TaskStays { .. } => "authority.task_stays",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::NotAnOrgan | Self::SubDelegation => Some("行政许可法第二十四条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::LinesOverlap { line, other } | Self::TwoFields { line, other } => {
                vec![("line", line.to_string()), ("other", other.to_string())]
            }
            Self::AmountsOpen { line, amount } => {
                vec![("line", line.to_string()), ("amount", amount.clone())]
            }
            Self::LaterVersion { from } => vec![("from", from.to_string())],
            Self::QuorumTooSmall { min } => vec![("min", min.to_string())],
            Self::NoQuorum { needed, present } => vec![
                ("needed", needed.to_string()),
                ("present", present.to_string()),
            ],
            Self::NotToday { on } => vec![("on", on.to_string())],
            Self::VotesMissing { missing } => vec![("missing", missing.to_string())],
            Self::LinesWaiting { waiting } => vec![("waiting", waiting.to_string())],
            Self::TaskStays { number, because } => {
                vec![
                    ("number", number.clone()),
                    ("because", (*because).to_owned()),
                ]
            }
            _ => Vec::new(),
        }
    }
}
