//! Words in a picture: broken into lines, escaped.

use std::fmt::Write;

/// Text around a middle, broken into lines that fit the width.
pub(super) fn label(svg: &mut String, text: &str, x: f32, y: f32, width: f32) -> std::fmt::Result {
    let lines = lines(text, width / 12.0);
    if lines.is_empty() {
        return Ok(());
    }
    let raise = (lines.len() - 1) as f32 * 7.0;
    write!(
        svg,
        "<text text-anchor=\"middle\" fill=\"currentColor\" stroke=\"none\">"
    )?;
    for (index, line) in lines.iter().enumerate() {
        let y = y - raise + index as f32 * 14.0;
        write!(
            svg,
            "<tspan x=\"{x:.0}\" y=\"{y:.0}\">{}</tspan>",
            escape(line)
        )?;
    }
    svg.push_str("</text>");
    Ok(())
}

/// At most four lines; a Chinese character is one wide, a Latin letter half.
pub(super) fn lines(text: &str, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    let wide = |letter: char| if letter.is_ascii() { 0.55 } else { 1.0 };
    for letter in text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
    {
        let breaks = used + wide(letter) > width || (letter == ' ' && used > width * 0.7);
        if lines.is_empty() || breaks {
            if lines.len() == 4 {
                lines.iter_mut().skip(3).for_each(|line| line.push('…'));
                break;
            }
            let begun = lines.last_mut().map(|line| begun_word(line, letter));
            let begun = begun.unwrap_or_default();
            used = begun.chars().map(wide).sum();
            lines.push(begun);
        }
        if let Some(line) = lines.last_mut()
            && !(letter == ' ' && line.is_empty())
        {
            line.push(letter);
            used += wide(letter);
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Takes the Latin word that a line would break in two off its end, so that it goes on whole.
fn begun_word(line: &mut String, next: char) -> String {
    let at = line.rfind(' ').filter(|_| next.is_ascii_alphanumeric());
    let whole = |word: &str| word.bytes().all(|byte| byte.is_ascii_graphic());
    match at.filter(|at| whole(&line[at + 1..])) {
        Some(at) => {
            let word = line.split_off(at + 1);
            line.truncate(at);
            word
        }
        None => String::new(),
    }
}

/// Text as it may stand in XML and HTML.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
