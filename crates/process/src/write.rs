//! Writes a file back: the same elements, attributes, texts, comments, diagram, extensions and
//! foreign namespaces in the same order, always as UTF-8.
//!
//! `parse` → `write` → `parse` gives the same model, and writing twice gives the same text. The
//! untouched file itself is [`Definitions::source`]. Deliberately absent: pretty-printing.

use std::fmt::Write;

use roxmltree::Document;

use crate::parse::Definitions;
use crate::xml::{Attribute, Content, Element, tree};

/// A file as a tree, to be looked at, changed and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Comments and instructions before the root.
    pub before: Vec<Content>,
    /// `definitions`.
    pub root: Element,
    /// Comments and instructions after the root.
    pub after: Vec<Content>,
}

impl Definitions {
    /// The whole file as a tree; `None` never happens for a file that `parse` has read.
    pub fn tree(&self) -> Option<Tree> {
        let document = Document::parse(self.source()).ok()?;
        let (before, root, after) = tree(&document);
        Some(Tree {
            before,
            root,
            after,
        })
    }

    /// The file as it is exported: UTF-8 whatever the encoding it came in.
    pub fn export(&self) -> String {
        let tree = self.tree();
        tree.map_or_else(|| self.source().to_owned(), |tree| write(&tree))
    }
}

/// The text of a file.
pub fn write(tree: &Tree) -> String {
    let mut text = String::with_capacity(16 * 1024);
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    for content in &tree.before {
        put(&mut text, content);
        text.push('\n');
    }
    element(&mut text, &tree.root);
    text.push('\n');
    for content in &tree.after {
        put(&mut text, content);
        text.push('\n');
    }
    text
}

fn element(text: &mut String, element: &Element) {
    text.push('<');
    text.push_str(&element.name);
    for (prefix, uri) in &element.declared {
        let name = if prefix.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{prefix}")
        };
        attribute(text, &name, uri);
    }
    for Attribute { name, value, .. } in &element.attributes {
        attribute(text, name, value);
    }
    if element.content.is_empty() {
        text.push_str("/>");
        return;
    }
    text.push('>');
    for content in &element.content {
        put(text, content);
    }
    // Writing to a String cannot fail.
    let _ = write!(text, "</{}>", element.name);
}

fn put(text: &mut String, content: &Content) {
    match content {
        Content::Element(inner) => element(text, inner),
        Content::Text(inner) => escape(text, inner, false),
        Content::Comment(inner) => {
            let _ = write!(text, "<!--{inner}-->");
        }
        Content::Instruction(target, rest) if rest.is_empty() => {
            let _ = write!(text, "<?{target}?>");
        }
        Content::Instruction(target, rest) => {
            let _ = write!(text, "<?{target} {rest}?>");
        }
    }
}

fn attribute(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, " {name}=\"");
    escape(text, value, true);
    text.push('"');
}

/// Line breaks inside attributes are written as references, or a reader would make them spaces.
fn escape(text: &mut String, value: &str, quoted: bool) {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\r' => text.push_str("&#13;"),
            '"' if quoted => text.push_str("&quot;"),
            '\n' if quoted => text.push_str("&#10;"),
            '\t' if quoted => text.push_str("&#9;"),
            letter => text.push(letter),
        }
    }
}
