//! A whole XML file as a tree that can be changed and written back: nothing of it is lost.
//!
//! Holds every element, attribute, text, comment and instruction of any namespace, in the order
//! of the file, with the prefixes that the file chose. Deliberately absent: any knowledge of
//! BPMN, and document types (`parse` refuses them).

use roxmltree::{Document, Node as Xml, NodeType};

/// One attribute, with its prefix as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// As written, e.g. `qc:post`.
    pub name: Box<str>,
    /// The namespace that the prefix stands for; empty for an attribute without one.
    pub namespace: Box<str>,
    /// The value, entities resolved.
    pub value: Box<str>,
}

/// One element with all that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// As written, e.g. `bpmn:userTask`.
    pub name: Box<str>,
    /// The namespace that its prefix stands for.
    pub namespace: Box<str>,
    /// Namespaces declared here: prefix (empty for the default) and address.
    pub declared: Vec<(Box<str>, Box<str>)>,
    /// Attributes, in the order of the file.
    pub attributes: Vec<Attribute>,
    /// What it holds, in the order of the file.
    pub content: Vec<Content>,
}

/// Something inside an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An element.
    Element(Element),
    /// Text, entities and character data resolved.
    Text(Box<str>),
    /// A comment.
    Comment(Box<str>),
    /// A processing instruction: target and the rest.
    Instruction(Box<str>, Box<str>),
}

impl Element {
    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        local(&self.name)
    }

    /// The value of an attribute, by its name without prefix and its namespace.
    pub fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        let fits =
            |found: &&Attribute| local(&found.name) == name && *found.namespace == *namespace;
        self.attributes.iter().find(fits).map(|found| &*found.value)
    }

    /// The elements inside, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The same tree without the white space between elements, for comparing.
    #[must_use]
    pub fn without_layout(&self) -> Self {
        let has_elements = self.elements().next().is_some();
        let content = self.content.iter().filter_map(|content| match content {
            Content::Text(text) if has_elements && text.trim().is_empty() => None,
            Content::Element(element) => Some(Content::Element(element.without_layout())),
            other => Some(other.clone()),
        });
        Self {
            content: content.collect(),
            ..self.clone()
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The file as a tree: what stands before the root, the root, what stands after it.
pub(crate) fn tree(document: &Document<'_>) -> (Vec<Content>, Element, Vec<Content>) {
    let root = document.root_element();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut passed = false;
    for node in document.root().children() {
        if node == root {
            passed = true;
        } else if let Some(content) = other(node) {
            if passed { &mut after } else { &mut before }.push(content);
        }
    }
    (before, element(root), after)
}

/// The prefix is taken from the text of the file: several prefixes may stand for one namespace.
fn element(node: Xml<'_, '_>) -> Element {
    let source = node.document().input_text();
    let tag = &source[node.range()];
    let inner = tag.trim_start_matches('<');
    let end = inner.find([' ', '\t', '\r', '\n', '/', '>']);
    let attributes = node.attributes().map(|attribute| Attribute {
        name: source[attribute.range_qname()].trim().into(),
        namespace: attribute.namespace().unwrap_or_default().into(),
        value: attribute.value().into(),
    });
    Element {
        name: inner[..end.unwrap_or(inner.len())].into(),
        namespace: node.tag_name().namespace().unwrap_or_default().into(),
        declared: declared(node),
        attributes: attributes.collect(),
        content: node.children().filter_map(other).collect(),
    }
}

fn declared(node: Xml<'_, '_>) -> Vec<(Box<str>, Box<str>)> {
    let outer = node.parent_element();
    let known = |prefix: Option<&str>, uri: &str| {
        outer.is_some_and(|outer| outer.lookup_namespace_uri(prefix) == Some(uri))
    };
    let new = node
        .namespaces()
        .filter(|space| space.name() != Some("xml") && !known(space.name(), space.uri()));
    new.map(|space| (space.name().unwrap_or_default().into(), space.uri().into()))
        .collect()
}

fn other(node: Xml<'_, '_>) -> Option<Content> {
    let text = || node.text().unwrap_or_default().into();
    match node.node_type() {
        NodeType::Element => Some(Content::Element(element(node))),
        NodeType::Text => Some(Content::Text(text())),
        NodeType::Comment => Some(Content::Comment(text())),
        NodeType::PI => node
            .pi()
            .map(|pi| Content::Instruction(pi.target.into(), pi.value.unwrap_or_default().into())),
        NodeType::Root => None,
    }
}
