//! Reads XES, plain or gzip, as a stream: what has been understood is all that is kept.
//!
//! Memory is bounded by `Limits` whatever the file holds: no element is longer than one piece, no
//! entity is ever expanded, document types are refused. Deliberately absent: OCEL, CSV, and the
//! defaults that `global` elements declare (nobody applies them, and half the logs declare
//! `UNKNOWN`).

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use quick_xml::events::attributes::Attribute as XmlAttribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::fault::{LogFault, Place};
use crate::log::{Attribute, CaseRow, EventRow, Log};
use crate::meter::Meter;
use crate::moment;
use crate::unpack::unpacked;
use crate::words::Word;

/// How much a log may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Events and cases.
    pub rows_max: u64,
    /// Different texts: activities, resources, values.
    pub words_max: u64,
    /// Bytes of all different texts together.
    pub word_bytes_max: u64,
    /// Bytes of one element, one text or one comment.
    pub piece_bytes_max: u64,
    /// Bytes of the whole file, unpacked.
    pub bytes_max: u64,
    /// Elements in elements.
    pub depth_max: u64,
}

impl Default for Limits {
    /// Ample for a city's year: some gigabytes of file, well under one of memory.
    fn default() -> Self {
        Self {
            rows_max: 20_000_000,
            words_max: 4_000_000,
            word_bytes_max: 256 << 20,
            piece_bytes_max: 1 << 20,
            bytes_max: 16 << 30,
            depth_max: 64,
        }
    }
}

/// Reads a log; gzip is known by its first two bytes.
///
/// # Errors
/// When the bytes are no XES log within the limits; the fault says where.
pub fn read(input: impl Read + Send, limits: &Limits) -> Result<Log, LogFault> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
    let packed = input
        .fill_buf()
        .map_err(|error| LogFault::Broken {
            reason: error.to_string(),
            place: Place::default(),
        })?
        .starts_with(&GZIP);
    if packed {
        unpacked(input, |bytes| LogReader::new(bytes, limits).run())
    } else {
        LogReader::new(input, limits).run()
    }
}

const BUFFER_BYTES: usize = 128 << 10;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Which element the reader is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Outside,
    Log,
    Trace,
    Event,
    Done,
}

/// The kinds of attribute that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Date,
    Whole,
    Real,
    Flag,
}

impl Kind {
    fn of(element: &str) -> Option<Self> {
        Some(match element {
            "string" | "id" => Self::Text,
            "date" => Self::Date,
            "int" => Self::Whole,
            "float" => Self::Real,
            "boolean" => Self::Flag,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Date => "date",
            Self::Whole => "int",
            Self::Real => "float",
            Self::Flag => "boolean",
        }
    }
}

/// The event that is being read.
#[derive(Debug, Clone, Copy, Default)]
struct Draft {
    activity: Option<Word>,
    resource: Option<Word>,
    transition: Option<Word>,
    at: Option<i64>,
}

struct LogReader<'a, R> {
    xml: Reader<Meter<R>>,
    limits: &'a Limits,
    log: Log,
    level: Level,
    /// How deep the reader is inside an element that says nothing to it.
    ignored: u64,
    draft: Draft,
    event: u64,
}

impl<'a, R: Read> LogReader<'a, R> {
    fn new(input: R, limits: &'a Limits) -> Self {
        let mut xml = Reader::from_reader(Meter::new(input, limits));
        // Texts say nothing in a log; white space between elements is most of them.
        xml.config_mut().trim_text(true);
        Self {
            xml,
            limits,
            log: Log::new(),
            level: Level::Outside,
            ignored: 0,
            draft: Draft::default(),
            event: 0,
        }
    }

    fn run(mut self) -> Result<Log, LogFault> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            self.xml.get_mut().next_piece();
            let event = match self.xml.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.refused(&error)),
            };
            match event {
                Event::Start(element) => {
                    if self.opens(&element)? {
                        self.ignored += 1;
                    }
                    if self.ignored > self.limits.depth_max {
                        return Err(self.too_much("nested elements", self.limits.depth_max));
                    }
                }
                Event::Empty(element) => self.empty(&element)?,
                Event::End(_) => self.closes()?,
                Event::DocType(_) => {
                    return Err(LogFault::DocumentType {
                        place: self.place(),
                    });
                }
                Event::Eof => return self.end(),
                _ => {}
            }
        }
    }

    /// Takes an element in; true when nothing inside it matters.
    fn opens(&mut self, element: &BytesStart<'_>) -> Result<bool, LogFault> {
        if self.ignored > 0 {
            return Ok(true);
        }
        let name = element.local_name();
        let name = name.as_ref();
        match self.level {
            Level::Outside if name == "log" => self.level = Level::Log,
            Level::Outside | Level::Done => {
                return Err(LogFault::NotALog {
                    found: name.to_owned(),
                    place: self.place(),
                });
            }
            Level::Log if name == "trace" => self.begin_case()?,
            Level::Log if name == "event" => {
                self.log.skipped += 1;
                return Ok(true);
            }
            Level::Trace if name == "event" => {
                self.level = Level::Event;
                self.draft = Draft::default();
                self.event += 1;
            }
            Level::Trace | Level::Event => {
                if let Some(kind) = Kind::of(name) {
                    self.attribute(kind, element)?;
                }
                return Ok(true);
            }
            Level::Log => return Ok(true),
        }
        Ok(false)
    }

    fn empty(&mut self, element: &BytesStart<'_>) -> Result<(), LogFault> {
        if self.opens(element)? {
            return Ok(());
        }
        self.closes()
    }

    fn closes(&mut self) -> Result<(), LogFault> {
        if self.ignored > 0 {
            self.ignored -= 1;
            return Ok(());
        }
        self.level = match self.level {
            Level::Event => {
                self.keep_event()?;
                Level::Trace
            }
            Level::Trace => Level::Log,
            Level::Log | Level::Outside | Level::Done => Level::Done,
        };
        Ok(())
    }

    fn begin_case(&mut self) -> Result<(), LogFault> {
        self.refuse_more_rows()?;
        self.level = Level::Trace;
        self.event = 0;
        let (events, attributes) = (self.log.events.len(), self.log.attributes.len());
        self.log.cases.push(CaseRow {
            name: None,
            events: events..events,
            attributes: attributes..attributes,
        });
        Ok(())
    }

    fn keep_event(&mut self) -> Result<(), LogFault> {
        let Draft {
            activity: Some(activity),
            at: Some(at),
            resource,
            transition,
        } = self.draft
        else {
            self.log.skipped += 1;
            return Ok(());
        };
        self.refuse_more_rows()?;
        self.log.events.push(EventRow {
            activity,
            resource,
            transition,
            at,
        });
        if let Some(case) = self.log.cases.last_mut() {
            case.events.end = self.log.events.len();
        }
        Ok(())
    }

    fn attribute(&mut self, kind: Kind, element: &BytesStart<'_>) -> Result<(), LogFault> {
        let (mut key, mut value) = (None, None);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.malformed(error.to_string()))?;
            match attribute.key.as_ref() {
                "key" => key = Some(self.unescaped(attribute)?),
                "value" => value = Some(self.unescaped(attribute)?),
                _ => {}
            }
        }
        let (Some(key), Some(value)) = (key, value) else {
            return Ok(());
        };
        if self.level == Level::Event {
            match &*key {
                "concept:name" => self.draft.activity = Some(self.word(&value)?),
                "org:resource" => self.draft.resource = Some(self.word(&value)?),
                "lifecycle:transition" => self.draft.transition = Some(self.word(&value)?),
                "time:timestamp" => self.draft.at = Some(self.time(&key, &value)?),
                _ => {}
            }
            return Ok(());
        }
        if &*key == "concept:name" {
            let name = self.word(&value)?;
            if let Some(case) = self.log.cases.last_mut() {
                case.name = Some(name);
            }
            return Ok(());
        }
        self.keep_attribute(kind, &key, &value)
    }

    fn keep_attribute(&mut self, kind: Kind, key: &str, value: &str) -> Result<(), LogFault> {
        let unreadable = |reader: &Self| reader.unreadable(kind, key, value);
        let kept = match kind {
            Kind::Text => Attribute::Text(self.word(value)?),
            Kind::Date => Attribute::Time(self.time(key, value)?),
            Kind::Whole => Attribute::Whole(value.trim().parse().map_err(|_| unreadable(self))?),
            Kind::Real => Attribute::Real(value.trim().parse().map_err(|_| unreadable(self))?),
            Kind::Flag => match value.trim() {
                "true" | "1" => Attribute::Flag(true),
                "false" | "0" => Attribute::Flag(false),
                _ => return Err(unreadable(self)),
            },
        };
        let key = self.word(key)?;
        if self.log.attributes.len() as u64 >= self.limits.rows_max {
            return Err(self.too_much("attributes", self.limits.rows_max));
        }
        self.log.attributes.push((key, kept));
        if let Some(case) = self.log.cases.last_mut() {
            case.attributes.end = self.log.attributes.len();
        }
        Ok(())
    }

    /// The value as it is meant; borrowed where nothing is escaped, which is nearly always.
    fn unescaped<'v>(&self, attribute: XmlAttribute<'v>) -> Result<Cow<'v, str>, LogFault> {
        if attribute
            .value
            .bytes()
            .all(|byte| byte >= b' ' && byte != b'&')
        {
            return Ok(attribute.value);
        }
        // Only the five entities of XML itself are known, so nothing can grow.
        let text = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| self.malformed(error.to_string()))?;
        let strange = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
        if text.contains(strange) {
            return Err(self.malformed("a control character".to_owned()));
        }
        Ok(text)
    }

    fn word(&mut self, text: &str) -> Result<Word, LogFault> {
        let word = self.log.words.word(text);
        if self.log.words.len() as u64 > self.limits.words_max {
            return Err(self.too_much("different texts", self.limits.words_max));
        }
        if self.log.words.bytes() > self.limits.word_bytes_max {
            return Err(self.too_much("bytes of text", self.limits.word_bytes_max));
        }
        word.ok_or_else(|| self.too_much("different texts", self.limits.words_max))
    }

    fn time(&self, key: &str, value: &str) -> Result<i64, LogFault> {
        moment::parse(value).ok_or_else(|| self.unreadable(Kind::Date, key, value))
    }

    fn end(self) -> Result<Log, LogFault> {
        match self.level {
            Level::Done => Ok(self.log),
            Level::Outside => Err(LogFault::NotALog {
                found: "nothing".to_owned(),
                place: self.place(),
            }),
            _ => Err(self.malformed("the file ends inside an element".to_owned())),
        }
    }

    fn refuse_more_rows(&self) -> Result<(), LogFault> {
        let rows = (self.log.cases.len() + self.log.events.len()) as u64;
        if rows >= self.limits.rows_max {
            return Err(self.too_much("cases and events", self.limits.rows_max));
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let meter = self.xml.get_ref();
        Place {
            line: meter.line(),
            byte: self.xml.buffer_position(),
            trace: self.log.cases.len() as u64,
            event: if self.level == Level::Event {
                self.event
            } else {
                0
            },
        }
    }

    fn refused(&self, error: &quick_xml::Error) -> LogFault {
        if let Some((what, limit)) = self.xml.get_ref().exceeded() {
            return self.too_much(what, limit);
        }
        match error {
            quick_xml::Error::Io(error) => LogFault::Broken {
                reason: error.to_string(),
                place: self.place(),
            },
            other => self.malformed(other.to_string()),
        }
    }

    fn malformed(&self, reason: String) -> LogFault {
        LogFault::Malformed {
            reason,
            place: self.place(),
        }
    }

    fn unreadable(&self, kind: Kind, key: &str, value: &str) -> LogFault {
        LogFault::Value {
            key: shown(key),
            kind: kind.name(),
            value: shown(value),
            place: self.place(),
        }
    }

    fn too_much(&self, what: &'static str, limit: u64) -> LogFault {
        LogFault::TooMuch {
            what,
            limit,
            place: self.place(),
        }
    }
}

/// The beginning of a value, enough to find it.
fn shown(value: &str) -> String {
    const LETTERS_MAX: usize = 80;
    value.chars().take(LETTERS_MAX).collect()
}
