//! Reads a BPMN 2.0 file: text, XML, then the processes, the element counts and the picture.
//!
//! A file may come from anybody: document types and entities are refused (XML bombs), size,
//! depth and number of elements are limited, and every refusal names line and column. What a
//! well-formed file gets wrong about processes is not refused here but listed as findings.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node as Xml, ParsingOptions};

use crate::compile;
use crate::diagram::Diagram;
use crate::finding::Finding;
use crate::model::Process;

pub(crate) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The largest MIWG reference model is 0.25 MB; 10,000 elements with diagram are about 5 MB.
const BYTES_MAX: usize = 16 * 1024 * 1024;
const DEPTH_MAX: usize = 100;
const XML_NODES_MAX: u32 = 1_000_000;

/// A file that could be read.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// The processes, in the order of the file.
    pub processes: Vec<Process>,
    /// How often each BPMN element occurs.
    pub elements: BTreeMap<String, u32>,
    /// The picture, as drawn by the modeler; empty when the file has none.
    pub diagram: Diagram,
    /// What is wrong with the file as a whole, e.g. an id used twice.
    pub findings: Vec<Finding>,
    pub(crate) source: String,
}

impl Definitions {
    /// The process to run: the only executable one, or the first that has nodes.
    pub fn main(&self) -> Option<&Process> {
        let filled = || {
            self.processes
                .iter()
                .filter(|process| !process.nodes.is_empty())
        };
        filled()
            .find(|process| process.declared)
            .or_else(|| filled().next())
    }

    /// The text of the file, untouched: what is stored and exported.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// Why a file cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ParseFault {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What is wrong there.
    pub problem: ParseProblem,
}

/// What makes a file unreadable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseProblem {
    /// More bytes than a process file can need.
    #[error("the file is larger than {BYTES_MAX} bytes")]
    TooLarge,
    /// Not text in the encoding that it declares.
    #[error("the file is not text in the encoding {0}")]
    Encoding(String),
    /// A document type or an entity: refused, for it can hide an XML bomb.
    #[error("document types and entities are refused")]
    DocumentType,
    /// Elements inside elements inside elements …
    #[error("elements are nested deeper than {DEPTH_MAX}")]
    TooDeep,
    /// More elements than a process file can need.
    #[error("the file has more than {XML_NODES_MAX} parts")]
    TooMany,
    /// Not well-formed XML.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// XML, but not BPMN 2.0.
    #[error("the root is <{0}>, not <definitions> of BPMN 2.0")]
    NotBpmn(String),
}

impl ParseProblem {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Encoding(_) => "encoding",
            Self::DocumentType => "document_type",
            Self::TooDeep => "too_deep",
            Self::TooMany => "too_many",
            Self::Malformed(_) => "malformed",
            Self::NotBpmn(_) => "not_bpmn",
        }
    }

    fn at(self, line: u32, column: u32) -> ParseFault {
        ParseFault {
            line,
            column,
            problem: self,
        }
    }
}

/// Reads a BPMN file.
pub fn parse(bytes: &[u8]) -> Result<Definitions, ParseFault> {
    if bytes.len() > BYTES_MAX {
        return Err(ParseProblem::TooLarge.at(1, 1));
    }
    let source = decode(bytes)?;
    refuse_depth(&source, DEPTH_MAX)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(&source, options).map_err(|error| {
        let position = error.pos();
        let problem = match error {
            roxmltree::Error::DtdDetected => ParseProblem::DocumentType,
            roxmltree::Error::UnknownEntityReference(..) => ParseProblem::DocumentType,
            roxmltree::Error::NodesLimitReached => ParseProblem::TooMany,
            other => ParseProblem::Malformed(other.to_string()),
        };
        problem.at(position.row, position.col)
    })?;
    let root = document.root_element();
    if !is_bpmn(root, "definitions") {
        let position = document.text_pos_at(root.range().start);
        let name = root.tag_name().name().to_owned();
        return Err(ParseProblem::NotBpmn(name).at(position.row, position.col));
    }
    let elements = count(root);
    let lines = Lines::of(&source);
    let mut findings = duplicate_ids(root, &lines);
    findings.extend(beyond(root, &lines));
    let processes = compile::processes(root, &lines);
    let diagram = Diagram::read(root);
    Ok(Definitions {
        processes,
        elements,
        diagram,
        findings,
        source,
    })
}

/// UTF-8, or ISO-8859-1 when the file says so (six of the MIWG references do).
fn decode(bytes: &[u8]) -> Result<String, ParseFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).to_ascii_lowercase();
            if head.contains("iso-8859-1") || head.contains("latin1") {
                return Ok(bytes.iter().map(|byte| char::from(*byte)).collect());
            }
            let good = &bytes[..error.valid_up_to()];
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            let column = good.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
            let encoding = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
                "UTF-8 (it looks like UTF-16)"
            } else {
                "UTF-8"
            };
            Err(ParseProblem::Encoding(encoding.to_owned()).at(small(line), small(column)))
        }
    }
}

/// A cheap look at any XML before a parser that may recurse sees it: refuses elements nested
/// deeper than this. Text, comments and quoted values never hide or close an element.
pub fn refuse_depth(source: &str, depth_max: usize) -> Result<(), ParseFault> {
    let bytes = source.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + next;
        let rest = &bytes[start..];
        let length = if rest.starts_with(b"<!--") {
            until(rest, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            until(rest, b"]]>")
        } else if rest.starts_with(b"<?") {
            until(rest, b"?>")
        } else if rest.starts_with(b"<!") {
            2
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            2
        } else {
            let length = tag(rest);
            if !rest[..length].ends_with(b"/>") {
                depth += 1;
            }
            length
        };
        if depth > depth_max {
            let line = bytes[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(ParseProblem::TooDeep.at(small(line), 1));
        }
        at = start + length;
    }
    Ok(())
}

fn until(rest: &[u8], end: &[u8]) -> usize {
    let found = rest.windows(end.len()).position(|window| window == end);
    found.map_or(rest.len(), |start| start + end.len())
}

/// How long an opening tag is: to its `>`, or to a `<` that cannot stand in a tag.
fn tag(rest: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return at,
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn is_bpmn(node: Xml<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(BPMN)
}

/// Where lines begin: asked for every element, so counted once.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Self {
        Self(source.match_indices('\n').map(|(at, _)| at).collect())
    }

    pub(crate) fn line(&self, node: Xml<'_, '_>) -> u32 {
        let start = node.range().start;
        small(self.0.partition_point(|at| *at < start) + 1)
    }
}

fn count(root: Xml<'_, '_>) -> BTreeMap<String, u32> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for node in root.descendants().filter(Xml::is_element) {
        if node.tag_name().namespace() == Some(BPMN) {
            *counts.entry(node.tag_name().name()).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(name, number)| (name.to_owned(), number))
        .collect()
}

/// What stands beside the processes and can never run: named, and kept.
fn beyond(root: Xml<'_, '_>, lines: &Lines) -> Vec<Finding> {
    let never = |node: &Xml<'_, '_>| {
        let name = node.tag_name().name();
        node.tag_name().namespace() == Some(BPMN)
            && (name.starts_with("global") || name.ends_with("horeography"))
    };
    let one = |node: Xml<'_, '_>| {
        let what = node.tag_name().name();
        let zh = format!("“{what}”不能执行，仅保留在文件中；请改画成流程。");
        let en = format!("<{what}> cannot be executed and is only kept; draw it as a process.");
        let id = node.attribute("id").unwrap_or_default();
        Finding::warning("not_executable", id)
            .says(zh, en)
            .on_line(lines.line(node))
    };
    root.children().filter(never).map(one).collect()
}

fn duplicate_ids(root: Xml<'_, '_>, lines: &Lines) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for node in root.descendants().filter(Xml::is_element) {
        if let Some(id) = node.attribute("id")
            && node.tag_name().namespace() == Some(BPMN)
            && !seen.insert(id)
        {
            let zh = format!("编号“{id}”使用了不止一次；请改为各不相同的编号。");
            let en = format!("The id \"{id}\" is used more than once; give each element its own.");
            let finding = Finding::error("duplicate_id", id).says(zh, en);
            findings.push(finding.on_line(lines.line(node)));
        }
    }
    findings
}
