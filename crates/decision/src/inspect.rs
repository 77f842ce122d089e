//! Looks at DMN files before the toolkit sees them: every expression, every requirement, every
//! type.
//!
//! Three types have other names in the toolkit than in the standard; they are given its names.
//! The toolkit recurses along requirements and types without a limit, so circles of requirements
//! are refused, long chains too, and a type that holds itself is unrolled no further: where it
//! comes back to itself it stands for any value.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use crate::fence::{Clock, DEPTH_MAX, FeelFault, Weight, admit};

const XML_NODES_MAX: u32 = 200_000;
/// Decisions that need decisions that need decisions …
const CHAIN_MAX: usize = 100;
/// A chain so long may run on the stack of whoever asks.
const LIGHT_CHAIN_MAX: usize = 8;

/// What was found out about the files, and the files as the toolkit may see them.
pub(crate) struct Inspection {
    pub(crate) texts: Vec<String>,
    pub(crate) weight: Weight,
}

/// Refuses files that are no XML, reach outside, or need themselves.
pub(crate) fn inspect(texts: &[&str], clock: Clock) -> Result<Inspection, FeelFault> {
    let mut documents = Vec::with_capacity(texts.len());
    for text in texts {
        documents.push(read(text)?);
    }
    let mut weight = Weight::Light;
    for document in &documents {
        weight = weight.max(expressions(document, clock)?);
    }
    if requirements(&documents)? > LIGHT_CHAIN_MAX {
        weight = Weight::Heavy;
    }
    let types = Types::of(&documents);
    let texts = texts.iter().zip(&documents).enumerate();
    let texts = texts.map(|(at, (text, document))| {
        let mut places = types.unrolled(at);
        places.extend(renamed(document));
        rewritten(text, places)
    });
    Ok(Inspection {
        texts: texts.collect(),
        weight,
    })
}

/// The file as a tree; without document types, so that nothing grows.
pub(crate) fn read(text: &str) -> Result<Document<'_>, FeelFault> {
    process::refuse_depth(text, DEPTH_MAX).map_err(|_| FeelFault::TooDeep)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|fault| FeelFault::Unreadable(fault.to_string()))
}

fn expressions(document: &Document<'_>, clock: Clock) -> Result<Weight, FeelFault> {
    let mut weight = Weight::Light;
    for node in document.descendants() {
        let function = matches!(
            node.tag_name().name(),
            "functionDefinition" | "encapsulatedLogic"
        );
        if let Some(kind) = node
            .attribute("kind")
            .filter(|kind| function && *kind != "FEEL")
        {
            return Err(FeelFault::Outside(format!("{kind} function")));
        }
        if node.tag_name().name() == "text" {
            weight = weight.max(admit(node.text().unwrap_or_default(), clock)?);
        }
    }
    Ok(weight)
}

/// An element of a model: the model's namespace and the element's id.
type Key<'a> = (&'a str, &'a str);

/// Refuses knowledge and decisions that need themselves; says how long the longest chain is.
fn requirements(documents: &[Document<'_>]) -> Result<usize, FeelFault> {
    let mut needs: BTreeMap<Key<'_>, Vec<Key<'_>>> = BTreeMap::new();
    for document in documents {
        let root = document.root_element();
        let own = root.attribute("namespace").unwrap_or_default();
        for element in root.children().filter(Node::is_element) {
            let required = element.descendants().filter(|node| {
                matches!(
                    node.tag_name().name(),
                    "requiredDecision"
                        | "requiredKnowledge"
                        | "outputDecision"
                        | "encapsulatedDecision"
                        | "inputDecision"
                )
            });
            let required = required.filter_map(|node| Some(target(own, node.attribute("href")?)));
            let id = element.attribute("id").unwrap_or_default();
            needs.entry((own, id)).or_default().extend(required);
        }
    }
    // Take away, again and again, what needs nothing that is left; a circle remains.
    let mut rounds = 0;
    while !needs.is_empty() {
        let free: Vec<Key<'_>> = needs
            .iter()
            .filter(|(_, required)| !required.iter().any(|key| needs.contains_key(key)))
            .map(|(key, _)| *key)
            .collect();
        if free.is_empty() {
            let circle: Vec<&str> = needs.keys().map(|(_, id)| *id).collect();
            let circle = circle.join(", ");
            return Err(FeelFault::Unreadable(format!("needs itself: {circle}")));
        }
        for key in free {
            needs.remove(&key);
        }
        rounds += 1;
        if rounds > CHAIN_MAX {
            return Err(FeelFault::TooDeep);
        }
    }
    Ok(rounds)
}

/// `#id`, or `namespace#id`.
fn target<'a>(own: &'a str, href: &'a str) -> Key<'a> {
    match href.rsplit_once('#') {
        Some(("", id)) => (own, id),
        Some(other) => other,
        None => (own, href),
    }
}

/// Which types hold which; a type is known by its name, whatever model it is in.
struct Types<'a> {
    /// For each type, where it stands and where it names others.
    holds: BTreeMap<&'a str, Vec<Named<'a>>>,
}

/// The standard's names of three types (DMN 1.5, 10.3.2.2), and those that the toolkit knows.
const TYPE_NAMES: &[(&str, &str)] = &[
    ("date and time", "dateTime"),
    ("days and time duration", "dayTimeDuration"),
    ("years and months duration", "yearMonthDuration"),
];

fn known_type(name: &str) -> Option<&'static str> {
    let found = TYPE_NAMES
        .iter()
        .find(|(standard, _)| *standard == name.trim());
    found.map(|(_, known)| *known)
}

/// Places where a type has a name that the toolkit does not know.
fn renamed(document: &Document<'_>) -> Vec<(Range<usize>, &'static str)> {
    let mut places = Vec::new();
    for node in document.descendants() {
        if node.tag_name().name() == "typeRef"
            && let Some(text) = node.first_child().filter(Node::is_text)
            && let Some(known) = text.text().and_then(known_type)
        {
            places.push((text.range(), known));
        }
        for attribute in node
            .attributes()
            .filter(|attribute| attribute.name() == "typeRef")
        {
            if let Some(known) = known_type(attribute.value()) {
                places.push((attribute.range_value(), known));
            }
        }
    }
    places
}

/// A place where a type is named.
#[derive(Clone)]
struct Named<'a> {
    document: usize,
    name: &'a str,
    at: Range<usize>,
}

impl<'a> Types<'a> {
    fn of(documents: &'a [Document<'a>]) -> Self {
        let mut holds: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
        for (at, document) in documents.iter().enumerate() {
            let types = document.root_element().children();
            for kind in types.filter(|node| node.tag_name().name() == "itemDefinition") {
                let names = kind.descendants().filter(|node| {
                    node.is_text()
                        && node
                            .parent()
                            .is_some_and(|up| up.tag_name().name() == "typeRef")
                });
                let names = names.filter_map(|node| {
                    let name = node.text()?.trim();
                    // A type of an import is named with the name of the import before it.
                    let name = name.rsplit_once('.').map_or(name, |(_, last)| last);
                    Some(Named {
                        document: at,
                        name,
                        at: node.range(),
                    })
                });
                let own = kind.attribute("name").unwrap_or_default();
                holds.entry(own).or_default().extend(names);
            }
        }
        Self { holds }
    }

    /// Whether the first type holds the second, itself or through others.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut open = vec![from];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(name) = open.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                open.extend(
                    self.holds
                        .get(name)
                        .into_iter()
                        .flatten()
                        .map(|named| named.name),
                );
            }
        }
        false
    }

    /// The places of a file where a type would come back to itself: there it stands for any.
    fn unrolled(&self, document: usize) -> Vec<(Range<usize>, &'static str)> {
        let mut places = Vec::new();
        for (own, names) in &self.holds {
            let back = names.iter().filter(|named| named.document == document);
            let back = back.filter(|named| self.reaches(named.name, own));
            places.extend(back.map(|named| (named.at.clone(), "Any")));
        }
        places
    }
}

/// A text with some places rewritten.
fn rewritten(text: &str, mut places: Vec<(Range<usize>, &'static str)>) -> String {
    places.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut text = text.to_owned();
    for (place, name) in places {
        text.replace_range(place, name);
    }
    text
}
