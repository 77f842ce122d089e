//! What the elements of a file refer to by id: messages, signals, errors, escalations, processes.

use std::collections::BTreeMap;

use roxmltree::Node as Xml;

use crate::model::NAMESPACE;
use crate::parse::{Lines, is_bpmn};

/// The part of a file that all its processes share.
pub(crate) struct Shared<'a, 'x> {
    messages: BTreeMap<&'a str, &'a str>,
    signals: BTreeMap<&'a str, &'a str>,
    errors: BTreeMap<&'a str, &'a str>,
    escalations: BTreeMap<&'a str, &'a str>,
    /// Names of operations by id: what a service task calls.
    operations: BTreeMap<&'a str, &'a str>,
    /// Global tasks: called, but beyond the engine.
    pub(crate) globals: BTreeMap<&'a str, &'a str>,
    pub(crate) processes: BTreeMap<&'a str, Xml<'a, 'x>>,
    pub(crate) lines: &'a Lines,
}

impl<'a, 'x> Shared<'a, 'x> {
    pub(crate) fn read(root: Xml<'a, 'x>, lines: &'a Lines) -> Self {
        let named = |element: &str, attributes: &[&str]| {
            let found = root.descendants().filter(|child| is_bpmn(*child, element));
            let pair = |child: Xml<'a, 'x>| {
                let id = child.attribute("id")?;
                let name = attributes.iter().find_map(|name| child.attribute(*name));
                Some((id, name.filter(|name| !name.is_empty()).unwrap_or(id)))
            };
            found.filter_map(pair).collect()
        };
        let children = || root.children().filter(Xml::is_element);
        let globals = children().filter(|child| child.tag_name().name().starts_with("global"));
        let processes = children().filter(|child| is_bpmn(*child, "process"));
        Self {
            messages: named("message", &["name"]),
            signals: named("signal", &["name"]),
            errors: named("error", &["errorCode", "name"]),
            escalations: named("escalation", &["escalationCode", "name"]),
            operations: named("operation", &["name"]),
            globals: globals
                .filter_map(|child| Some((child.attribute("id")?, child.tag_name().name())))
                .collect(),
            processes: processes
                .filter_map(|child| Some((child.attribute("id")?, child)))
                .collect(),
            lines,
        }
    }

    /// The name that a message is waited for or sent under: `qc:message`, the referred message,
    /// or the id of the element.
    pub(crate) fn message(&self, xml: Xml<'_, '_>, holder: Xml<'_, '_>) -> Box<str> {
        self.named(&self.messages, ("message", "messageRef"), xml, holder)
    }

    /// The same for a signal.
    pub(crate) fn signal(&self, xml: Xml<'_, '_>, holder: Xml<'_, '_>) -> Box<str> {
        self.named(&self.signals, ("signal", "signalRef"), xml, holder)
    }

    fn named(
        &self,
        names: &BTreeMap<&str, &str>,
        (own, reference): (&str, &str),
        xml: Xml<'_, '_>,
        holder: Xml<'_, '_>,
    ) -> Box<str> {
        if let Some(name) = xml.attribute((NAMESPACE, own)) {
            return name.into();
        }
        let name = names.get(local(holder.attribute(reference))).copied();
        name.or_else(|| xml.attribute("id"))
            .unwrap_or_default()
            .into()
    }

    /// The code of the referred error; `None` when none is referred to.
    pub(crate) fn error(&self, holder: Xml<'_, '_>) -> Option<Box<str>> {
        code(&self.errors, holder.attribute("errorRef"))
    }

    /// The code of the referred escalation.
    pub(crate) fn escalation(&self, holder: Xml<'_, '_>) -> Option<Box<str>> {
        code(&self.escalations, holder.attribute("escalationRef"))
    }

    /// What a service task of another maker says that it calls.
    pub(crate) fn operation(&self, xml: Xml<'_, '_>) -> Option<&str> {
        self.operations
            .get(local(xml.attribute("operationRef")))
            .copied()
    }
}

fn local(reference: Option<&str>) -> &str {
    let reference = reference.unwrap_or_default();
    reference.rsplit(':').next().unwrap_or_default()
}

fn code(codes: &BTreeMap<&str, &str>, reference: Option<&str>) -> Option<Box<str>> {
    let reference = local(Some(reference?));
    Some(codes.get(reference).copied().unwrap_or(reference).into())
}
