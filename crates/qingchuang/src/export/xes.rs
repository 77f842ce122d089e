//! `export xes`: the ledger lines of every case as an event log for process mining (XES 1.0, IEEE
//! 1849). Officers appear under pseudonyms, applicants without any mark. Activities and roles have
//! the names that people know, all in one language.

use std::collections::BTreeMap;
use std::io::Write;

use case::CaseId;
use db::Tx;
use intake::ApplicationId;
use kernel::{ActorKind, Fault, OrganId, PostId, TypedId};
use ledger::{Line, Vault};
use quick_xml::escape::escape;

use crate::cli::tongue::Tongue;

const BATCH: usize = 500;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle"
    uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
    <string key="concept:name" value="UNKNOWN"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="UNKNOWN"/>
    <string key="lifecycle:transition" value="complete"/>
    <string key="org:resource" value="UNKNOWN"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00Z"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
  <classifier name="Resource" keys="org:resource"/>
  <string key="concept:name" value="Qingchuang"/>
  <string key="lifecycle:model" value="standard"/>
"#;

/// What the log says of who acts, read once.
struct Names<'t> {
    tongue: &'t Tongue,
    roles: BTreeMap<PostId, String>,
    organs: BTreeMap<OrganId, String>,
}

/// Writes the log from one snapshot; answers how many traces and events. What went wrong with
/// the output is answered inside.
///
/// # Errors
/// As [`Tx::query`].
pub fn write(
    tx: &mut Tx<'_>,
    out: &mut impl Write,
    tongue: &Tongue,
) -> Result<std::io::Result<(usize, usize)>, Fault> {
    let joint = tongue.lang.pick("、", ", ");
    let role = |role: &identity::Role| tongue.t(&format!("role.{role}"));
    let names = Names {
        tongue,
        roles: identity::posts(tx)?
            .into_iter()
            .map(|post| {
                let words: Vec<String> = post.roles.iter().map(role).collect();
                (post.id, words.join(joint))
            })
            .collect(),
        organs: identity::organs(tx)?
            .into_iter()
            .map(|organ| (organ.id, organ.short_name))
            .collect(),
    };
    if let Err(error) = out.write_all(HEAD.as_bytes()) {
        return Ok(Err(error));
    }
    let (mut traces, mut events) = (0, 0);
    let mut after: Option<CaseId> = None;
    loop {
        let ids = case::case_ids(tx, after, BATCH)?;
        for id in &ids {
            let (text, count) = trace(tx, *id, &names)?;
            if let Err(error) = out.write_all(text.as_bytes()) {
                return Ok(Err(error));
            }
            traces += 1;
            events += count;
        }
        match ids.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    Ok(out.write_all(b"</log>\n").map(|()| (traces, events)))
}

/// The lines of a case and of the application it came from, in the order in which they happened.
fn trace(tx: &mut Tx<'_>, id: CaseId, names: &Names<'_>) -> Result<(String, usize), Fault> {
    let case = case::case(tx, id)?;
    let application = ApplicationId::from_uuid(case.application);
    let mut lines = ledger::lines_of(tx, application)?;
    lines.extend(ledger::lines_of(tx, id)?);
    lines.sort_by_key(|line| line.at);
    let item = catalogue::ItemId::from_uuid(case.item);
    let version = catalogue::version(tx, item, case.version)?;
    let verdict = case.verdict.map(|verdict| verdict.to_string());
    let vault = tx.thing::<Vault>()?;
    let mut text = String::from("  <trace>\n");
    for (key, value) in [
        ("concept:name", case.number.as_str()),
        ("item", version.content.codes.key().unwrap_or_default()),
        ("procedure", case.procedure.as_str()),
        ("status", case.status.as_str()),
        ("verdict", verdict.as_deref().unwrap_or_default()),
    ] {
        attribute(&mut text, "    ", "string", key, value);
    }
    // A moved case was another procedure's before: each step has the name that it had then.
    let mut procedure = case.procedure.to_string();
    for line in &lines {
        if let Some(now) = line.data.get("procedure").and_then(|name| name.as_str()) {
            now.clone_into(&mut procedure);
        }
        let edition = case::edition(tx, &procedure)?;
        event(&mut text, line, &edition, names, &vault)?;
    }
    text.push_str("  </trace>\n");
    Ok((text, lines.len()))
}

fn event(
    text: &mut String,
    line: &Line,
    edition: &case::Edition,
    names: &Names<'_>,
    vault: &Vault,
) -> Result<(), Fault> {
    let (activity, transition) = activity(line, edition, names.tongue);
    let resource = match (line.actor.kind, line.actor.person) {
        (ActorKind::Officer, Some(person)) => {
            let mark = vault.finder("event log", &person.to_string());
            let short: String = mark[..6].iter().map(|byte| format!("{byte:02x}")).collect();
            format!("officer-{short}")
        }
        (ActorKind::Citizen, _) => "applicant".to_owned(),
        (kind, _) => kind.to_string(),
    };
    let role = line.actor.post.and_then(|post| names.roles.get(&post));
    let organ = line.actor.organ.and_then(|organ| names.organs.get(&organ));
    text.push_str("    <event>\n");
    for (key, value) in [
        ("concept:name", activity.as_str()),
        ("lifecycle:transition", transition),
        ("org:resource", resource.as_str()),
        ("org:role", role.map_or("", String::as_str)),
        ("org:group", organ.map_or("", String::as_str)),
        ("channel", line.actor.channel.as_str()),
    ] {
        attribute(text, "      ", "string", key, value);
    }
    attribute(
        text,
        "      ",
        "date",
        "time:timestamp",
        &line.at.to_string(),
    );
    text.push_str("    </event>\n");
    Ok(())
}

/// What happened, as a miner counts it: a step of the procedure by its name with its transition,
/// anything else by the words of the history.
fn activity(line: &Line, edition: &case::Edition, tongue: &Tongue) -> (String, &'static str) {
    let task = line.data.get("task").and_then(serde_json::Value::as_u64);
    let task = task.and_then(|task| u16::try_from(task).ok());
    let of_case = line.record_kind == CaseId::PREFIX;
    let transition = match line.kind.as_str() {
        "claimed" => "start",
        "released" => "withdraw",
        "handed_over" => "reassign",
        "paused" => "suspend",
        "resumed" => "resume",
        _ => "complete",
    };
    match task.filter(|_| of_case) {
        Some(task) => {
            let name = edition.node_name(task, tongue.lang);
            let name = match name.is_empty() {
                true => tongue.t("case.beside"),
                false => name.to_owned(),
            };
            (name, transition)
        }
        None => {
            let transition = if of_case { transition } else { "complete" };
            let key = match of_case {
                true => format!("case.event_{}", line.kind),
                false => intake::moment_key(&line.kind).to_owned(),
            };
            (tongue.t(&key), transition)
        }
    }
}

/// An attribute; an empty one is left out.
fn attribute(text: &mut String, indent: &str, kind: &str, key: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    let clean: String = value.chars().filter(|sign| !sign.is_control()).collect();
    text.push_str(&format!(
        "{indent}<{kind} key=\"{key}\" value=\"{}\"/>\n",
        escape(clean.as_str())
    ));
}
