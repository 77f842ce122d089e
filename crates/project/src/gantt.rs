//! Plan against fact as a horizontal bar chart 横道图: drawn as SVG without a style of its own, so
//! that it prints and follows the reader's colours. The table beside it says the same in words.

use jiff::civil::Date;

use crate::view::Bar;

const LABEL: i64 = 150;
const WIDE: i64 = 760;
const ROW: i64 = 34;
const HEAD: i64 = 26;
/// Not more dates than fit beside each other.
const TICKS_MAX: i64 = 8;

fn days(from: Date, until: Date) -> i64 {
    let since = from.until(until);
    since.map_or(0, |span| i64::from(span.get_days()))
}

/// Text safe in SVG.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// The chart; empty while nothing is planned and nothing has begun. `today` is marked by a line.
pub(crate) fn draw(bars: &[Bar], today: Date, title: &str, description: &str) -> String {
    let spans = || {
        bars.iter()
            .flat_map(|bar| [bar.planned, bar.actual])
            .flatten()
    };
    let first = spans().map(|(from, _)| from).min();
    let last = spans().map(|(_, until)| until).max();
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    let long = days(first, last).max(1) + 1;
    let height = HEAD + ROW * i64::try_from(bars.len()).unwrap_or(0) + 6;
    let scale = Scale {
        first,
        long,
        height,
    };
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDE} {height}\" width=\"{WIDE}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"gantt-title gantt-text\"><title id=\"gantt-title\">{}</title>\
         <desc id=\"gantt-text\">{}</desc><g fill=\"currentColor\" font-size=\"12\">",
        safe(title),
        safe(description)
    );
    ticks(&mut svg, &scale);
    for (number, bar) in (0..).zip(bars) {
        draw_bar(&mut svg, &scale, HEAD + ROW * number, bar);
    }
    if first <= today && today <= last {
        let x = scale.at(today);
        svg.push_str(&format!(
            "<line x1=\"{x}\" x2=\"{x}\" y1=\"{HEAD}\" y2=\"{height}\" stroke=\"currentColor\" \
             stroke-dasharray=\"4 3\"/>"
        ));
    }
    svg.push_str("</g></svg>");
    svg
}

/// Where a day stands.
struct Scale {
    first: Date,
    long: i64,
    height: i64,
}

impl Scale {
    fn at(&self, day: Date) -> i64 {
        let since = days(self.first, day).clamp(0, self.long);
        LABEL + (WIDE - LABEL - 10) * since / self.long
    }

    /// Where a bar begins, and how wide it is: its last day counts.
    fn bar(&self, (from, until): (Date, Date)) -> (i64, i64) {
        let end = self.at(until.tomorrow().unwrap_or(until));
        (self.at(from), (end - self.at(from)).max(3))
    }
}

fn ticks(svg: &mut String, scale: &Scale) {
    let step = (scale.long / TICKS_MAX).max(1);
    let mut tick = 0;
    while tick < scale.long {
        let span = jiff::Span::new().days(tick);
        if let Ok(day) = scale.first.checked_add(span) {
            let (x, label) = (scale.at(day), day.strftime("%m-%d"));
            let height = scale.height;
            svg.push_str(&format!(
                "<text x=\"{x}\" y=\"14\" font-size=\"11\">{label}</text><line x1=\"{x}\" \
                 x2=\"{x}\" y1=\"{HEAD}\" y2=\"{height}\" stroke=\"currentColor\" \
                 stroke-opacity=\"0.15\"/>"
            ));
        }
        tick += step;
    }
}

/// The plan above, the fact below.
fn draw_bar(svg: &mut String, scale: &Scale, top: i64, bar: &Bar) {
    let label = safe(&bar.label);
    svg.push_str(&format!("<text x=\"8\" y=\"{}\">{label}</text>", top + 17));
    if let Some(span) = bar.planned {
        let frame = match bar.is_critical {
            true => " stroke=\"currentColor\" stroke-width=\"2\"",
            false => "",
        };
        let (x, wide) = scale.bar(span);
        svg.push_str(&format!(
            "<rect x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"12\" rx=\"2\" \
             fill-opacity=\"0.22\"{frame}/>"
        ));
    }
    if let Some(span) = bar.actual {
        let (x, wide) = scale.bar(span);
        let solid = if bar.runs { "0.55" } else { "0.85" };
        svg.push_str(&format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"{wide}\" height=\"10\" rx=\"2\" \
             fill-opacity=\"{solid}\"/>",
            top + 15
        ));
    }
}
