//! What pages show of an exit: facts, the way it goes, its papers. No rules.

use certificate::NoticeKind;
use db::Tx;
use kernel::{Fault, TypedId};
use web::Shell;
use web::parts::{Fact, Link, Stage};

use crate::model::{ExitId, ExitStatus, LicenceExit};
use crate::papers;

/// An exit with the words that pages show.
pub(crate) struct Seen {
    pub(crate) exit: LicenceExit,
    pub(crate) name: String,
    pub(crate) ecert_id: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) papers: Vec<Link>,
    pub(crate) revision: i64,
}

/// The tag of a status.
pub(crate) fn tone(status: ExitStatus) -> &'static str {
    match status {
        ExitStatus::Told | ExitStatus::Hearing => "blue",
        ExitStatus::Reviewing | ExitStatus::Deciding => "yellow",
        ExitStatus::Done => "red",
        ExitStatus::Dropped => "",
    }
}

/// The words of a ground.
pub(crate) fn ground(shell: &Shell, word: &str) -> String {
    shell.t(&format!("certificate.ground_{word}")).to_owned()
}

/// One line of a list: certificate, holder and number.
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) ecert_id: String,
    pub(crate) holder: String,
    pub(crate) natural: bool,
}

pub(crate) fn head(tx: &mut Tx<'_>, shell: &Shell, exit: &LicenceExit) -> Result<Head, Fault> {
    let of = certificate::certificate(tx, exit.certificate)?;
    let erased = || shell.t("certificate.erased").to_owned();
    let text = certificate::text_of(tx, &of)?;
    let natural = text.as_ref().is_some_and(|text| text.holder_is_natural);
    let (name, holder) = match text {
        Some(text) => (text.name, text.holder_name),
        None => (erased(), erased()),
    };
    Ok(Head {
        name,
        holder,
        natural,
        number: of.number.to_string(),
        ecert_id: of.ecert_id.to_string(),
    })
}

/// What the page of one exit shows.
pub(crate) fn seen(tx: &mut Tx<'_>, shell: &Shell, exit: LicenceExit) -> Result<Seen, Fault> {
    let head = head(tx, shell, &exit)?;
    let facts = facts(tx, shell, &exit, &head)?;
    let stages = stages(shell, &exit);
    let papers = papers_of(tx, shell, exit.id)?;
    let revision = ledger::lines_of(tx, exit.id)?
        .last()
        .map_or(0, |line| line.revision);
    Ok(Seen {
        exit,
        name: head.name,
        ecert_id: head.ecert_id,
        facts,
        stages,
        papers,
        revision,
    })
}

fn facts(
    tx: &mut Tx<'_>,
    shell: &Shell,
    exit: &LicenceExit,
    head: &Head,
) -> Result<Vec<Fact>, Fault> {
    let words = ground(shell, exit.ground.word());
    let mut facts = vec![
        Fact::plain(shell.t("exit.certificate"), head.name.clone()),
        Fact::plain(shell.t("certificate.number"), head.number.clone()),
        Fact::plain(shell.t("certificate.holder"), head.holder.clone()),
        Fact::plain(
            shell.t("exit.kind"),
            shell.t(&format!("exit.kind_{}", exit.kind())),
        ),
        Fact::plain(shell.t("exit.ground"), words),
        Fact::plain(shell.t("certificate.article"), exit.ground.article()),
        Fact::plain(
            shell.t("exit.source"),
            shell.t(&format!("exit.source_{}", exit.source)),
        ),
        Fact::plain(shell.t("exit.opened_on"), exit.opened_on.to_string()),
    ];
    let mut add = |key: &str, text: String| facts.push(Fact::plain(shell.t(key), text));
    if let Some(officer) = exit.opened_by {
        add("exit.opened_by", identity::officer_name(tx, officer)?);
    }
    add("exit.findings", papers::said(tx, &exit.findings)?);
    if let Some(paper) = papers::penalty(tx, exit)? {
        let on = exit
            .penalty_on
            .map_or_else(String::new, |day| day.to_string());
        let text = format!("{} {} {on}", paper.organ, paper.number);
        add("exit.penalty", text);
    }
    if let Some(day) = exit.state_by {
        add("exit.state_by", day.to_string());
    }
    for (kept, key) in [
        (&exit.statement, "exit.statement"),
        (&exit.assessment, "exit.assessment"),
    ] {
        if let Some(kept) = kept {
            add(key, papers::said(tx, kept)?);
        }
    }
    if let (Some(loss), Some(paid)) = (exit.loss, exit.compensation) {
        let params = [("loss", loss.to_string()), ("paid", paid.to_string())];
        add("exit.amounts", shell.say("exit.amounts_text", &params));
    }
    if let Some(day) = exit.paid_on {
        add("exit.paid_on", day.to_string());
    }
    if let Some(officer) = exit.presider {
        add("exit.presider", identity::officer_name(tx, officer)?);
    }
    decision(tx, shell, exit, &mut facts)?;
    Ok(facts)
}

fn decision(
    tx: &mut Tx<'_>,
    shell: &Shell,
    exit: &LicenceExit,
    facts: &mut Vec<Fact>,
) -> Result<(), Fault> {
    let mut add = |key: &str, text: String| facts.push(Fact::plain(shell.t(key), text));
    if let (Some(opinion), Some(agreed)) = (&exit.opinion, exit.agreed) {
        let key = match (agreed, exit.barred) {
            (_, true) => "exit.review_barred",
            (true, false) => "exit.review_agreed",
            (false, false) => "exit.review_against",
        };
        add("exit.review_result", shell.t(key).to_owned());
        add("exit.opinion", papers::said(tx, opinion)?);
    }
    if let Some(officer) = exit.reviewed_by {
        add("exit.reviewed_by", identity::officer_name(tx, officer)?);
    }
    if let Some(ground) = exit.dropped_for {
        let words = shell.t(&format!("exit.drop_{ground}")).to_owned();
        add("exit.dropped_for", words);
    }
    if let Some(reason) = &exit.reason {
        add("exit.reason", papers::said(tx, reason)?);
    }
    if let (Some(officer), Some(day)) = (exit.decided_by, exit.decided_on) {
        let name = identity::officer_name(tx, officer)?;
        add("exit.decided_by", format!("{name} {day}"));
    }
    Ok(())
}

/// The way: told, heard, reviewed, decided.
fn stages(shell: &Shell, exit: &LicenceExit) -> Vec<Stage> {
    let now = match exit.status {
        ExitStatus::Told => 1,
        ExitStatus::Hearing => 2,
        ExitStatus::Reviewing => 3,
        ExitStatus::Deciding => 4,
        ExitStatus::Done | ExitStatus::Dropped => 5,
    };
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let heard = exit.hearing_asked_on.is_some();
    let all = [
        ("exit.step_told", 0, day(Some(exit.opened_on))),
        ("exit.step_state", 1, day(exit.state_by)),
        ("exit.step_hearing", 2, day(exit.hearing_closed_on)),
        ("exit.step_review", 3, day(exit.reviewed_on)),
        ("exit.step_decide", 4, day(exit.decided_on)),
    ];
    let wanted = all
        .into_iter()
        .filter(|(_, at, _)| *at != 2 || heard)
        .filter(|(_, at, _)| *at != 1 || exit.state_by.is_some());
    let stage = |(key, at, detail): (&str, usize, String)| {
        let state = match at.cmp(&now) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        };
        Stage {
            label: shell.t(key).to_owned(),
            state,
            word: shell.t(&format!("exit.step_{state}")).to_owned(),
            detail,
        }
    };
    wanted.map(stage).collect()
}

fn papers_of(tx: &mut Tx<'_>, shell: &Shell, id: ExitId) -> Result<Vec<Link>, Fault> {
    let all = certificate::notices_of(tx, id.uuid())?;
    let link = |one: certificate::Notice| {
        let kind: NoticeKind = one.kind;
        let title = shell.t(&format!("certificate.kind_{kind}")).to_owned();
        Link::to(
            format!("/notices/{}.pdf", one.id),
            format!("{title} {}", one.number),
        )
    };
    Ok(all.into_iter().map(link).collect())
}
