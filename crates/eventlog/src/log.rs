//! A log in memory: cases, their events in the order of the file, their attributes.
//!
//! An event keeps what mining asks for: activity, time, resource and lifecycle transition.
//! Deliberately absent: nested attributes, lists, and other attributes of events.

use jiff::Timestamp;

use crate::words::{Word, Words};

/// An event log 事件日志 (IEEE 1849): cases and what happened in them.
#[derive(Debug, Clone, Default)]
pub struct Log {
    pub(crate) words: Words,
    pub(crate) cases: Vec<CaseRow>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) attributes: Vec<(Word, Attribute)>,
    /// Events without a name or a time: counted, not kept.
    pub(crate) skipped: u64,
}

/// Where a case has its name, its events and its attributes.
#[derive(Debug, Clone, Default)]
pub(crate) struct CaseRow {
    pub(crate) name: Option<Word>,
    pub(crate) events: std::ops::Range<usize>,
    pub(crate) attributes: std::ops::Range<usize>,
}

/// An event, its texts as numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventRow {
    pub(crate) activity: Word,
    pub(crate) resource: Option<Word>,
    pub(crate) transition: Option<Word>,
    /// Microseconds since 1970, UTC.
    pub(crate) at: i64,
}

/// An attribute's value inside the log.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Attribute {
    Text(Word),
    Time(i64),
    Whole(i64),
    Real(f64),
    Flag(bool),
}

/// The value of an attribute of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// `string`, or `id`.
    Text(&'a str),
    /// `date`, to the microsecond.
    Time(Timestamp),
    /// `int`.
    Whole(i64),
    /// `float`.
    Real(f64),
    /// `boolean`.
    Flag(bool),
}

/// One case 案例 of a log: what XES calls a trace.
#[derive(Debug, Clone, Copy)]
pub struct LoggedCase<'a> {
    log: &'a Log,
    row: &'a CaseRow,
}

/// One event of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedEvent<'a> {
    /// What was done: `concept:name`.
    pub activity: &'a str,
    /// When: `time:timestamp`, to the microsecond.
    pub at: Timestamp,
    /// By whom: `org:resource`.
    pub resource: Option<&'a str>,
    /// Begun, done …: `lifecycle:transition`.
    pub transition: Option<&'a str>,
}

impl Log {
    /// A log without cases.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a case; attributes and events that follow are its own. False when the log is full.
    pub fn begin_case(&mut self, name: Option<&str>) -> bool {
        let name = match name.map(|name| self.words.word(name)) {
            Some(None) => return false,
            Some(word) => word,
            None => None,
        };
        self.cases.push(CaseRow {
            name,
            events: self.events.len()..self.events.len(),
            attributes: self.attributes.len()..self.attributes.len(),
        });
        true
    }

    /// Adds an attribute to the case begun last. False when there is none or the log is full.
    pub fn attribute(&mut self, key: &str, value: Value<'_>) -> bool {
        let Some(key) = self.words.word(key) else {
            return false;
        };
        let value = match value {
            Value::Text(text) => match self.words.word(text) {
                Some(word) => Attribute::Text(word),
                None => return false,
            },
            Value::Time(time) => Attribute::Time(time.as_microsecond()),
            Value::Whole(number) => Attribute::Whole(number),
            Value::Real(number) => Attribute::Real(number),
            Value::Flag(flag) => Attribute::Flag(flag),
        };
        let Some(case) = self.cases.last_mut() else {
            return false;
        };
        self.attributes.push((key, value));
        case.attributes.end = self.attributes.len();
        true
    }

    /// Adds an event to the case begun last. False when there is none or the log is full.
    pub fn event(&mut self, event: &LoggedEvent<'_>) -> bool {
        let mut word = |text: Option<&str>| match text.map(|text| self.words.word(text)) {
            Some(None) => Err(()),
            Some(word) => Ok(word),
            None => Ok(None),
        };
        let (Ok(Some(activity)), Ok(resource), Ok(transition)) = (
            word(Some(event.activity)),
            word(event.resource),
            word(event.transition),
        ) else {
            return false;
        };
        let Some(case) = self.cases.last_mut() else {
            return false;
        };
        self.events.push(EventRow {
            activity,
            resource,
            transition,
            at: event.at.as_microsecond(),
        });
        case.events.end = self.events.len();
        true
    }

    /// The cases, in the order of the file.
    pub fn cases(&self) -> impl ExactSizeIterator<Item = LoggedCase<'_>> {
        self.cases.iter().map(|row| LoggedCase { log: self, row })
    }

    /// How many events the log holds.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    /// Events of the file that had no name or no time, and were left out.
    #[must_use]
    pub fn skipped_events(&self) -> u64 {
        self.skipped
    }
}

impl<'a> LoggedCase<'a> {
    /// Its name: `concept:name`.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.row.name.map(|word| self.log.words.text(word))
    }

    /// Its events, in the order of the file.
    pub fn events(&self) -> impl ExactSizeIterator<Item = LoggedEvent<'a>> + use<'a> {
        let log = self.log;
        log.events[self.row.events.clone()]
            .iter()
            .map(|row| LoggedEvent {
                activity: log.words.text(row.activity),
                at: time(row.at),
                resource: row.resource.map(|word| log.words.text(word)),
                transition: row.transition.map(|word| log.words.text(word)),
            })
    }

    /// Its attributes but the name, in the order of the file.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&'a str, Value<'a>)> + use<'a> {
        let log = self.log;
        log.attributes[self.row.attributes.clone()]
            .iter()
            .map(|(key, value)| (log.words.text(*key), log.value(*value)))
    }
}

impl Log {
    fn value(&self, attribute: Attribute) -> Value<'_> {
        match attribute {
            Attribute::Text(word) => Value::Text(self.words.text(word)),
            Attribute::Time(at) => Value::Time(time(at)),
            Attribute::Whole(number) => Value::Whole(number),
            Attribute::Real(number) => Value::Real(number),
            Attribute::Flag(flag) => Value::Flag(flag),
        }
    }
}

/// Equal when they say the same in the same order, however their texts are numbered.
impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        self.skipped == other.skipped
            && self.cases.len() == other.cases.len()
            && self.cases().zip(other.cases()).all(|(one, two)| {
                one.name() == two.name()
                    && one.events().eq(two.events())
                    && one.attributes().eq(two.attributes())
            })
    }
}

/// Times come from `jiff`, or from texts that `jiff` has read.
pub(crate) fn time(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MIN)
}
