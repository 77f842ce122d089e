//! Marks on a picture: which elements are new, gone, other or elsewhere. A sign stands beside each
//! frame, so that no colour carries a meaning alone.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Bounds, Diagram, Picture, draw};
use crate::differences::Change;
use crate::layout::layout;
use crate::model::Process;

/// Half the side of the box around the middle of a marked flow.
const FLOW_MARK: f32 = 9.0;

/// Draws one of two versions with the elements marked that differ. `side` keeps the ids of two
/// pictures on one page apart.
pub fn draw_marked(
    process: &Process,
    diagram: &Diagram,
    picture: &Picture<'_>,
    marks: &BTreeMap<String, Change>,
    side: &str,
) -> String {
    let mut named = process.clone();
    named.id = format!("{}-{side}", process.id).into();
    let own;
    let diagram = if diagram.covers(process) {
        diagram
    } else {
        own = layout(process);
        &own
    };
    let mut svg = draw(&named, diagram, picture);
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    svg.truncate(end);
    for (id, change) in marks {
        let place = diagram.shapes.get(id).copied().or_else(|| {
            let corners = diagram.edges.get(id)?;
            let (x, y) = middle(corners)?;
            Some(Bounds {
                x: x - FLOW_MARK,
                y: y - FLOW_MARK,
                width: FLOW_MARK * 2.0,
                height: FLOW_MARK * 2.0,
            })
        });
        if let Some(place) = place {
            // Writing to a String cannot fail.
            let _ = frame(&mut svg, *change, place);
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The middle of the longest piece of a flow, where its mark is best seen.
fn middle(corners: &[(f32, f32)]) -> Option<(f32, f32)> {
    let pieces = corners.windows(2).filter_map(|pair| match pair {
        [(a, b), (c, d)] => Some(((c - a).abs() + (d - b).abs(), (a + c) / 2.0, (b + d) / 2.0)),
        _ => None,
    });
    let longest = pieces.max_by(|one, other| one.0.total_cmp(&other.0));
    longest.map(|(_, x, y)| (x, y))
}

fn frame(svg: &mut String, change: Change, b: Bounds) -> std::fmt::Result {
    let (sign, colour, dash) = match change {
        Change::Added => ("＋", "#2f8f4e", "none"),
        Change::Removed => ("－", "#d1453b", "6 3"),
        Change::Changed => ("≠", "#b7791f", "2 2"),
        Change::Moved => ("↔", "#6b7fd7", "1 4"),
    };
    let word = change.word();
    let (x, y) = (b.x - 5.0, b.y - 5.0);
    let (width, height) = (b.width + 10.0, b.height + 10.0);
    write!(
        svg,
        "<g class=\"mark {word}\" stroke=\"{colour}\" stroke-width=\"2.5\" aria-hidden=\"true\">\
         <rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" \
         stroke-dasharray=\"{dash}\"/>\
         <text x=\"{:.0}\" y=\"{:.0}\" fill=\"{colour}\" stroke=\"none\" font-size=\"16\" \
         font-weight=\"bold\" text-anchor=\"middle\">{sign}</text></g>",
        x + width,
        y + 4.0,
    )
}
