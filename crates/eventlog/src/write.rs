//! Writes a log as XES 2.0, so that `read` gives the same log back.

use std::fmt::Write as _;
use std::io::Write;

use crate::fault::LogFault;
use crate::log::{Log, LoggedCase, LoggedEvent, Value};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle"
    uri="http://www.xes-standard.org/lifecycle.xesext"/>
"#;

/// Writes a log, case after case; what is held in memory is one case.
///
/// # Errors
/// When a text holds a control character, which XML cannot, or the writer fails.
pub fn write(log: &Log, mut output: impl Write) -> Result<(), LogFault> {
    let failed = |error: std::io::Error| LogFault::NotWritten(error.to_string());
    output.write_all(HEAD.as_bytes()).map_err(failed)?;
    let mut text = String::new();
    for case in log.cases() {
        text.clear();
        write_case(&mut text, case)?;
        output.write_all(text.as_bytes()).map_err(failed)?;
    }
    output.write_all(b"</log>\n").map_err(failed)?;
    output.flush().map_err(failed)
}

fn write_case(text: &mut String, case: LoggedCase<'_>) -> Result<(), LogFault> {
    text.push_str("  <trace>\n");
    if let Some(name) = case.name() {
        attribute(text, 4, "concept:name", Value::Text(name))?;
    }
    for (key, value) in case.attributes() {
        attribute(text, 4, key, value)?;
    }
    for event in case.events() {
        write_event(text, &event)?;
    }
    text.push_str("  </trace>\n");
    Ok(())
}

fn write_event(text: &mut String, event: &LoggedEvent<'_>) -> Result<(), LogFault> {
    text.push_str("    <event>\n");
    attribute(text, 6, "concept:name", Value::Text(event.activity))?;
    attribute(text, 6, "time:timestamp", Value::Time(event.at))?;
    if let Some(resource) = event.resource {
        attribute(text, 6, "org:resource", Value::Text(resource))?;
    }
    if let Some(transition) = event.transition {
        attribute(text, 6, "lifecycle:transition", Value::Text(transition))?;
    }
    text.push_str("    </event>\n");
    Ok(())
}

fn attribute(
    text: &mut String,
    indent: usize,
    key: &str,
    value: Value<'_>,
) -> Result<(), LogFault> {
    let (element, shown) = match value {
        Value::Text(_) => ("string", String::new()),
        Value::Time(time) => ("date", time.to_string()),
        Value::Whole(number) => ("int", number.to_string()),
        Value::Real(number) => ("float", number.to_string()),
        Value::Flag(flag) => ("boolean", flag.to_string()),
    };
    // Writing to a text does not fail.
    let _ = write!(text, "{:indent$}<{element} key=\"", "");
    escape(text, key)?;
    text.push_str("\" value=\"");
    match value {
        Value::Text(value) => escape(text, value)?,
        _ => text.push_str(&shown),
    }
    text.push_str("\"/>\n");
    Ok(())
}

fn escape(text: &mut String, value: &str) -> Result<(), LogFault> {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' => text.push_str("&#9;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            letter if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                return Err(LogFault::Unwritable(letter));
            }
            letter => text.push(letter),
        }
    }
    Ok(())
}
