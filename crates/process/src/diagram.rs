//! The picture of a process: read from the file's diagram, drawn as SVG that everybody can use.
//!
//! The SVG has a title, a description that tells the way in words, a language, and no colour that
//! carries meaning alone: where a case stands is also a thicker line and a word. No scripts, no
//! styles, no fonts: it stands in a page with a strict content policy and in print.

mod marks;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use roxmltree::Node as Xml;

pub use self::marks::draw_marked;
use self::text::{escape, label};
use crate::finding::Language;
use crate::kind::{Kind, Thrown, Trigger};
use crate::layout::layout;
use crate::model::{Node, NodeId, Process};

const DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";

/// Where a shape is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// Across.
    pub width: f32,
    /// Down.
    pub height: f32,
}

/// The picture in a file: shapes and edges by the id of what they show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagram {
    /// Places of nodes, lanes and pools.
    pub shapes: BTreeMap<String, Bounds>,
    /// Corners of flows.
    pub edges: BTreeMap<String, Vec<(f32, f32)>>,
}

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// The heading of the picture, e.g. the name of the item.
    pub title: &'a str,
    /// The language of title and description.
    pub language: Language,
    /// Where a case stands; empty for the process alone.
    pub current: &'a [NodeId],
}

impl Diagram {
    pub(crate) fn read(root: Xml<'_, '_>) -> Self {
        let mut diagram = Self::default();
        let inside = root
            .descendants()
            .filter(|node| node.tag_name().namespace() == Some(DI));
        for node in inside {
            let element = node.attribute("bpmnElement").unwrap_or_default();
            let element = element.rsplit(':').next().unwrap_or_default();
            let children = || node.children().filter(Xml::is_element);
            match node.tag_name().name() {
                "BPMNShape" => {
                    let bounds = children().find(|child| child.tag_name().name() == "Bounds");
                    if let Some(bounds) = bounds.and_then(read_bounds) {
                        diagram.shapes.insert(element.to_owned(), bounds);
                    }
                }
                "BPMNEdge" => {
                    let corners = children()
                        .filter(|child| child.tag_name().name() == "waypoint")
                        .filter_map(|point| Some((number(point, "x")?, number(point, "y")?)));
                    diagram.edges.insert(element.to_owned(), corners.collect());
                }
                _ => {}
            }
        }
        diagram
    }

    fn covers(&self, process: &Process) -> bool {
        // What a called process holds is drawn where that process is.
        let drawn = |node: &Node| node.id.contains('/') || self.shapes.contains_key(&*node.id);
        !process.nodes.is_empty() && process.nodes.iter().all(drawn)
    }
}

fn number(node: Xml<'_, '_>, name: &str) -> Option<f32> {
    let value: f32 = node.attribute(name)?.trim().parse().ok()?;
    (value.is_finite() && value.abs() < 1e6).then_some(value)
}

fn read_bounds(node: Xml<'_, '_>) -> Option<Bounds> {
    Some(Bounds {
        x: number(node, "x")?,
        y: number(node, "y")?,
        width: number(node, "width")?,
        height: number(node, "height")?,
    })
}

/// Draws a process; lays it out first when the diagram does not show all of it.
pub fn draw(process: &Process, diagram: &Diagram, picture: &Picture<'_>) -> String {
    draw_trace(process, diagram, picture, &[])
}

/// Draws a process with a way through it made thick and numbered: the trace of a finding.
pub fn draw_trace(
    process: &Process,
    diagram: &Diagram,
    picture: &Picture<'_>,
    trace: &[String],
) -> String {
    let own;
    let diagram = if diagram.covers(process) {
        diagram
    } else {
        own = layout(process);
        &own
    };
    let mut svg = String::with_capacity(256 + 400 * process.nodes.len());
    // Writing to a String cannot fail; the result is dropped once, here.
    let _ = Drawing {
        process,
        diagram,
        picture,
        trace: numbered(trace),
    }
    .write(&mut svg);
    svg
}

struct Drawing<'a> {
    process: &'a Process,
    diagram: &'a Diagram,
    picture: &'a Picture<'a>,
    /// Where each element first stands on the way shown.
    trace: BTreeMap<&'a str, usize>,
}

fn numbered(trace: &[String]) -> BTreeMap<&str, usize> {
    let mut first = BTreeMap::new();
    for (at, word) in (1..).zip(trace) {
        first.entry(word.as_str()).or_insert(at);
    }
    first
}

impl Drawing<'_> {
    fn write(&self, svg: &mut String) -> std::fmt::Result {
        let (x, y, width, height) = self.view();
        let language = match self.picture.language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        };
        let id: String = self
            .process
            .id()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"process\" role=\"img\" \
             lang=\"{language}\" viewBox=\"{x:.0} {y:.0} {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" font-size=\"12\" fill=\"none\" \
             stroke=\"currentColor\" aria-labelledby=\"process-title-{id} process-desc-{id}\">\
             <title id=\"process-title-{id}\"{}>{}</title><desc id=\"process-desc-{id}\">{}</desc>\
             <defs><marker id=\"process-arrow-{id}\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" \
             markerUnits=\"userSpaceOnUse\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
             <path d=\"M0 0 L10 5 L0 10 z\" fill=\"currentColor\" stroke=\"none\"/>\
             </marker></defs>",
            // A title in Chinese is spoken as Chinese also on an English page.
            match self.picture.title.is_ascii() {
                true => "",
                false => " lang=\"zh-CN\"",
            },
            escape(self.picture.title),
            escape(&self.describe()),
        )?;
        self.lanes(svg)?;
        for flow in &self.process.flows {
            if let Some(corners) = self.diagram.edges.get(&*flow.id) {
                let ends = [flow.source, flow.target].map(|end| &*self.process.at(end).id);
                let source = self.process.at(flow.source);
                let chosen = source.outgoing.len() > 1 && source.kind != Kind::Parallel;
                let passed = self.trace.contains_key(&*flow.id)
                    || !chosen && ends.iter().all(|end| self.trace.contains_key(end));
                edge(svg, corners, &flow.name, &id, passed)?;
            }
        }
        for (id, node) in self.process.each() {
            if let Some(bounds) = self.diagram.shapes.get(&*node.id) {
                self.node(svg, id, node, *bounds)?;
            }
        }
        svg.push_str("</svg>");
        Ok(())
    }

    /// What must be seen: all shapes and corners, with room for labels.
    fn view(&self) -> (f32, f32, f32, f32) {
        let shown = self
            .process
            .nodes
            .iter()
            .filter_map(|node| self.diagram.shapes.get(&*node.id));
        let corners = self
            .process
            .flows
            .iter()
            .filter_map(|flow| self.diagram.edges.get(&*flow.id));
        let boxes = shown.map(|b| (b.x, b.y, b.x + b.width, b.y + b.height));
        let points = corners.flatten().map(|(x, y)| (*x, *y, *x, *y));
        let all = boxes
            .chain(points)
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)));
        let (left, top, right, bottom) = all.unwrap_or((0.0, 0.0, 100.0, 100.0));
        (
            left - 30.0,
            top - 20.0,
            right - left + 60.0,
            bottom - top + 60.0,
        )
    }

    /// The way in words, in the order of the flows, for whoever does not see the picture.
    fn describe(&self) -> String {
        let (order, _) = crate::order::order(self.process);
        let named = order.iter().map(|id| self.process.at(*id));
        let steps: Vec<String> = named
            .filter(|node| node.kind.waits())
            .map(ToString::to_string)
            .collect();
        let current = self
            .picture
            .current
            .iter()
            .filter_map(|id| self.process.node(*id));
        let current: Vec<String> = current.map(ToString::to_string).collect();
        match self.picture.language {
            Language::Chinese => {
                let now = if current.is_empty() {
                    String::new()
                } else {
                    format!("当前环节：{}。", current.join("、"))
                };
                format!("流程环节依次为：{}。{now}", steps.join("、"))
            }
            Language::English => {
                let now = if current.is_empty() {
                    String::new()
                } else {
                    format!(" Now at: {}.", current.join(", "))
                };
                format!("Steps in order: {}.{now}", steps.join(", "))
            }
        }
    }

    fn lanes(&self, svg: &mut String) -> std::fmt::Result {
        let nodes: BTreeSet<&str> = self.process.nodes.iter().map(|node| &*node.id).collect();
        let (x, y, width, height) = self.view();
        for (_, lane) in self
            .diagram
            .shapes
            .iter()
            .filter(|(id, _)| !nodes.contains(id.as_str()))
        {
            let inside = lane.x >= x - 100.0
                && lane.y >= y - 100.0
                && lane.x + lane.width <= x + width + 100.0
                && lane.y + lane.height <= y + height + 100.0;
            if inside && lane.width > 200.0 {
                let Bounds {
                    x,
                    y,
                    width,
                    height,
                } = *lane;
                write!(
                    svg,
                    "<rect class=\"lane\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" \
                     height=\"{height:.0}\" stroke-opacity=\"0.3\"/>"
                )?;
            }
        }
        Ok(())
    }

    fn node(&self, svg: &mut String, id: NodeId, node: &Node, b: Bounds) -> std::fmt::Result {
        let here = self.picture.current.contains(&id);
        let step = self.trace.get(&*node.id);
        let (class, line) = match (here, step) {
            (true, _) => ("node current", 4),
            (false, Some(_)) => ("node traced", 3),
            (false, None) => ("node", 1),
        };
        write!(svg, "<g class=\"{class}\" stroke-width=\"{line}\">")?;
        let (middle, centre) = (b.x + b.width / 2.0, b.y + b.height / 2.0);
        match &node.kind {
            Kind::Exclusive | Kind::Parallel | Kind::Inclusive | Kind::EventBased => {
                diamond(svg, b)?;
                let sign = match node.kind {
                    Kind::Parallel => "＋",
                    Kind::Inclusive => "○",
                    Kind::EventBased => "⬠",
                    _ => "×",
                };
                mark(svg, middle, centre, sign)?;
                label(svg, &node.name, middle, b.y + b.height + 14.0, 120.0)?;
            }
            Kind::Foreign(_) if node.element.ends_with("Gateway") => {
                diamond(svg, b)?;
                label(svg, &node.name, middle, b.y + b.height + 14.0, 120.0)?;
            }
            _ if node.element.ends_with("Event") => {
                circle(svg, node, b)?;
                label(svg, &node.name, middle, b.y + b.height + 14.0, 120.0)?;
            }
            _ => {
                let Bounds {
                    x,
                    y,
                    width,
                    height,
                } = b;
                write!(
                    svg,
                    "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
                     rx=\"8\"/>"
                )?;
                label(svg, &node.to_string(), middle, centre + 4.0, width - 8.0)?;
            }
        }
        if here {
            let word = match self.picture.language {
                Language::Chinese => "▶ 当前",
                Language::English => "▶ now",
            };
            label(svg, word, middle, b.y - 6.0, 120.0)?;
        }
        if let Some(step) = step {
            label(svg, &format!("#{step}"), b.x, b.y - 6.0, 60.0)?;
        }
        svg.push_str("</g>");
        Ok(())
    }
}

fn diamond(svg: &mut String, b: Bounds) -> std::fmt::Result {
    let (middle, centre) = (b.x + b.width / 2.0, b.y + b.height / 2.0);
    let (right, bottom) = (b.x + b.width, b.y + b.height);
    write!(
        svg,
        "<path d=\"M{middle:.0} {:.0} L{right:.0} {centre:.0} L{middle:.0} {bottom:.0} \
         L{:.0} {centre:.0} z\"/>",
        b.y, b.x
    )
}

fn circle(svg: &mut String, node: &Node, b: Bounds) -> std::fmt::Result {
    let (x, y, radius) = (b.x + b.width / 2.0, b.y + b.height / 2.0, b.width / 2.0);
    let heavy = if &*node.element == "endEvent" {
        " stroke-width=\"4\""
    } else {
        ""
    };
    write!(
        svg,
        "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{radius:.0}\"{heavy}/>"
    )?;
    let trigger = node.kind.trigger();
    let steady = match &node.kind {
        Kind::Boundary { interrupting, .. } | Kind::StartOn { interrupting, .. } => *interrupting,
        _ => true,
    };
    if !matches!(&*node.element, "startEvent" | "endEvent") {
        let inner = (radius - 3.0).max(1.0);
        let dash = if steady {
            ""
        } else {
            " stroke-dasharray=\"4 2\""
        };
        write!(
            svg,
            "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{inner:.0}\"{dash}/>"
        )?;
    }
    let sign = match (trigger, &node.kind) {
        (Some(Trigger::Timer(_)), _) => "⏱",
        (Some(Trigger::Message(_)), _) => "✉",
        (Some(Trigger::Signal(_)), _) => "△",
        (Some(Trigger::Condition(_)), _) => "≡",
        (Some(Trigger::Error(_)), _) => "ϟ",
        (Some(Trigger::Escalation(_)), _) => "↑",
        (Some(Trigger::Compensation), _) => "◁◁",
        (None, Kind::Terminate) => "●",
        (None, kind) => match kind.thrown() {
            Some(Thrown::Message(_)) => "✉",
            Some(Thrown::Signal(_)) => "▲",
            Some(Thrown::Error(_)) => "ϟ",
            Some(Thrown::Escalation(_)) => "↑",
            Some(Thrown::Compensation(_)) => "◀◀",
            None => return Ok(()),
        },
    };
    mark(svg, x, y, sign)
}

fn mark(svg: &mut String, x: f32, y: f32, sign: &str) -> std::fmt::Result {
    write!(
        svg,
        "<text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\" font-size=\"16\" \
         fill=\"currentColor\" stroke=\"none\">{sign}</text>",
        y + 6.0
    )
}

fn edge(
    svg: &mut String,
    corners: &[(f32, f32)],
    name: &str,
    id: &str,
    passed: bool,
) -> std::fmt::Result {
    svg.push_str(if passed {
        "<polyline class=\"traced\" stroke-width=\"4\" points=\""
    } else {
        "<polyline points=\""
    });
    for (x, y) in corners {
        write!(svg, "{x:.0},{y:.0} ")?;
    }
    write!(svg, "\" marker-end=\"url(#process-arrow-{id})\"/>")?;
    match corners {
        [(x, y), (next, below), ..] if !name.is_empty() => label(
            svg,
            name,
            (x + next) / 2.0 + 14.0,
            (y + below) / 2.0 - 4.0,
            90.0,
        ),
        _ => Ok(()),
    }
}
