//! What several pages say of an application: its state, its clock, its way so far, its papers.

use calendar::WorkingDays;
use catalogue::Version;
use certificate::NoticeKind;
use db::Tx;
use jiff::civil::Date;
use kernel::{ActorKind, Fault, TypedId};
use web::Shell;
use web::parts::{self, Fact, Link};

use crate::look::Moment;
use crate::model::{Application, Status};

/// A state in two or three words, and its tone.
pub(super) fn state(shell: &Shell, status: Status) -> (&str, &'static str) {
    let (key, tone) = match status {
        Status::Received => ("intake.state_received", "blue"),
        Status::NoticeGiven => ("intake.state_notice_given", "yellow"),
        Status::Corrected => ("intake.state_corrected", "blue"),
        Status::Accepted => ("intake.state_accepted", "green"),
        Status::DeemedAccepted => ("intake.state_deemed_accepted", "green"),
        Status::NotRequired => ("intake.state_not_required", ""),
        Status::NotAccepted => ("intake.state_not_accepted", "red"),
        Status::Withdrawn => ("intake.state_withdrawn", ""),
        Status::Lapsed => ("intake.state_lapsed", ""),
    };
    (shell.t(key), tone)
}

/// The acceptance clock: shade and words. Green while more than one working day is left.
pub(super) fn light(
    shell: &Shell,
    calendar: &WorkingDays,
    application: &Application,
    today: Date,
) -> (&'static str, String) {
    if !application.status.waits_for_hall() {
        // 已受理 is good news and stands still: no pause sign.
        let shade = match application.status.is_accepted() {
            true => "green",
            false => "grey",
        };
        return (shade, state(shell, application.status).0.to_owned());
    }
    let left = calendar.between(today, application.answer_by).unwrap_or(0);
    let days = |days: i64| [("days", days.to_string())];
    match left {
        _ if application.tell_by < today => ("black", shell.t("intake.light_black").to_owned()),
        ..0 => ("red", shell.say("intake.light_red", &days(-left))),
        0 => ("yellow", shell.t("intake.light_today").to_owned()),
        1 => ("yellow", shell.say("intake.light_left", &days(1))),
        more => ("green", shell.say("intake.light_left", &days(more))),
    }
}

/// The way so far, for a time line.
pub(super) fn timeline(
    tx: &mut Tx<'_>,
    shell: &Shell,
    moments: Vec<Moment>,
    named: bool,
) -> Result<Vec<parts::Moment>, Fault> {
    let mut rows = Vec::with_capacity(moments.len());
    for moment in moments {
        let at = kernel::clock::hall_time(moment.at);
        let who = match (moment.actor.kind, moment.actor.as_officer()) {
            (ActorKind::Officer, Some(officer)) if named => identity::officer_name(tx, officer)?,
            (ActorKind::Officer, _) => shell.t("intake.by_front_desk").to_owned(),
            (ActorKind::Citizen, _) => shell.t("intake.by_applicant").to_owned(),
            (ActorKind::System | ActorKind::Public, _) => shell.t("intake.by_law").to_owned(),
        };
        rows.push(parts::Moment {
            time: at.strftime("%Y-%m-%d %H:%M").to_string(),
            title: shell.t(moment_key(&moment.kind)).to_owned(),
            who,
            ..parts::Moment::default()
        });
    }
    Ok(rows)
}

/// The wording of a line of an application's history, by the word of its event.
#[must_use]
pub fn moment_key(kind: &str) -> &'static str {
    match kind {
        "received" => "intake.moment_received",
        "notice_given" => "intake.moment_notice_given",
        "corrected" => "intake.moment_corrected",
        "corrected_on_the_spot" => "intake.moment_corrected_on_the_spot",
        "accepted" => "intake.moment_accepted",
        "not_required" => "intake.moment_not_required",
        "not_accepted" => "intake.moment_not_accepted",
        "deemed_accepted" => "intake.moment_deemed_accepted",
        "made_up" => "intake.moment_made_up",
        "withdrawn_by_applicant" => "intake.moment_withdrawn",
        _ => "intake.moment_lapsed",
    }
}

/// What was pledged for an application, and whether papers are owed now.
pub(super) fn pledges(
    tx: &mut Tx<'_>,
    shell: &Shell,
    version: &Version,
    application: &Application,
) -> Result<(Vec<Fact>, bool), Fault> {
    if version.content.modes.is_empty() {
        return Ok((Vec::new(), false));
    }
    let all = pledge::of_application(tx, application.id.uuid())?;
    let name = |at: &u16| {
        let material = version.content.materials.get(usize::from(*at));
        material.map_or("", |material| material.name.get(shell.lang))
    };
    let joint = shell.language().pick("、", ", ");
    let fact = |one: &pledge::Pledge| {
        let names: Vec<&str> = one.materials.iter().map(name).collect();
        let mut words = vec![names.join(joint)];
        words.extend(one.due.map(|due| {
            let due = [("due", due.to_string())];
            shell.say("intake.pledge_due", &due)
        }));
        words.retain(|part| !part.is_empty());
        let mode = pledge::mode_of(one.kind).name(shell.lang);
        Fact::plain(mode, words.join(shell.language().pick("；", "; ")))
    };
    let owing = all.iter().any(pledge::Pledge::is_owing);
    Ok((all.iter().map(fact).collect(), owing))
}

/// The papers of an application, as links to their files.
pub(super) fn papers(
    tx: &mut Tx<'_>,
    shell: &Shell,
    application: &Application,
) -> Result<Vec<Link>, Fault> {
    let notices = certificate::notices_of(tx, application.id.uuid())?;
    let link = |notice: certificate::Notice| {
        let words = shell.t(paper_key(notice.kind));
        Link::to(
            format!("/notices/{}.pdf", notice.id),
            format!("{words} {} (PDF)", notice.number),
        )
    };
    let mut papers: Vec<Link> = notices.into_iter().map(link).collect();
    // What another matter of the same bundle issues, with its standing today.
    papers.extend(crate::onward::passed(tx, application, shell)?);
    Ok(papers)
}

fn paper_key(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Receipt => "intake.paper_receipt",
        NoticeKind::Acceptance => "intake.paper_acceptance",
        NoticeKind::OneTimeNotice => "intake.paper_one_time_notice",
        NoticeKind::NotAccepted => "intake.paper_not_accepted",
        NoticeKind::NotRequired => "intake.paper_not_required",
        NoticeKind::DeemedAccepted => "intake.paper_deemed_accepted",
        NoticeKind::Withdrawal => "intake.paper_withdrawal",
        NoticeKind::PauseNotice
        | NoticeKind::ExtensionNotice
        | NoticeKind::GrantDecision
        | NoticeKind::RefusalDecision
        | NoticeKind::DeliveryReceipt
        | NoticeKind::ExitNotice
        | NoticeKind::ExitDecision
        | NoticeKind::ExitDropped
        | NoticeKind::HearingOffer
        | NoticeKind::HearingNotice
        | NoticeKind::HearingMinutes
        | NoticeKind::RenewalDecision
        | NoticeKind::RenewalRefusal
        | NoticeKind::SilentRenewal
        | NoticeKind::ChiefAppointment
        | NoticeKind::CommitteeMinutes
        | NoticeKind::PowerLetter
        | NoticeKind::HandoverList => "intake.paper_other",
    }
}

/// The files of an application: where each lies, what it is, and its digest.
pub(super) fn documents(
    tx: &mut Tx<'_>,
    shell: &Shell,
    version: &Version,
    application: &Application,
    base: &str,
) -> Result<Vec<DocumentView>, Fault> {
    let files = crate::look::files(tx, application)?;
    let view = |(material, kept): (u16, ledger::KeptFile)| {
        let material = version.content.materials.get(usize::from(material));
        DocumentView {
            material: material
                .map_or("", |known| known.name.get(shell.lang))
                .to_owned(),
            href: format!("{base}/files/{}", kept.id),
            size: crate::files::size_words(kept.size),
            digest: kept.content.to_string(),
            name: kept.name,
        }
    };
    Ok(files.into_iter().map(view).collect())
}

/// A file of an application.
pub(super) struct DocumentView {
    pub(super) material: String,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) digest: String,
}

/// A file as an answer: shown in the browser where that is harmless.
pub(super) fn download(kept: ledger::KeptFile, content: Vec<u8>) -> web::Download {
    let kind = crate::files::kind_of_media(&kept.media);
    let media = kind.map_or("application/octet-stream", |kind| kind.media_type());
    // The owner's name of the file may tell who they are: the id is enough.
    let name = match kind {
        Some(kind) => format!("{}.{}", kept.id, kind.extension()),
        None => kept.id.to_string(),
    };
    web::Download::new(name, media, content).inline()
}
