//! A hearing on a running case, whose clock stands meanwhile, and one on a licence on its way out:
//! each walked to its signed minutes by the real commands, and misused.

use case::{CaseId, Finish};
use certificate::{CertificateState, ExitGround, NoticeKind, RevocationGround};
use exit::{ExitId, ExitSource, ExitStatus, NewExit};
use hearing::{Arrangement, Hearing, HearingId, HearingStatus, Minutes, Subject, SubjectKind};
use intake::ApplicationId;
use jiff::civil::{Date, date};
use kernel::{Actor, Channel, Fault, Money, OfficerId, PersonId, TypedId};
use web::{Officer, Role};

use crate::licences::{Licences, licences, refused};
use crate::town::{Town, towns};

/// An item that reviewers and deciders handle.
const ADVERTISING: &str = "outdoor_advertising";

fn on_case(case: CaseId) -> Subject {
    Subject {
        kind: SubjectKind::Case,
        id: case.uuid(),
    }
}

fn arrangement(day: Date, presider: OfficerId) -> Arrangement {
    Arrangement {
        day,
        minute: 570,
        place: "政务服务中心三楼听证室".to_owned(),
        presider,
        closed_for: None,
    }
}

fn minutes() -> Minutes {
    Minutes {
        attendees: "当事人，审查人员".to_owned(),
        text: "双方出示证据，当事人申辩。".to_owned(),
    }
}

/// An accepted case that a reviewer has looked at, and that reviewer.
fn reviewed(town: &Town) -> (ApplicationId, PersonId, Officer) {
    let who = town.applicant();
    let id = town.draft(&who, &[]);
    town.submit(&who, id).expect("it is sent");
    town.accept(id).expect("it is complete");
    let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
    let case = town.case(id);
    let agree = Finish {
        task: case.tasks[0].number,
        outcome: Some("agree".to_owned().try_into().expect("a code")),
        opinion: Some("同意".to_owned()),
        ..Finish::default()
    };
    let by = reviewer.clone();
    town.by(reviewer.actor(), move |tx| {
        case::complete(tx, &by, case.id, &agree).map(|_| ())
    })
    .expect("reviewed");
    (id, who.id, reviewer)
}

#[test]
fn a_hearing_stops_the_clock_of_a_case_and_the_decision_waits_for_its_minutes() {
    for town in towns("hearing_case", ADVERTISING) {
        let (id, party, reviewer) = reviewed(&town);
        let case = town.case(id);
        let due = case.dues.statutory.expect("a limit");
        let (subject, number) = (on_case(case.id), case.id);
        let by = reviewer.clone();
        let offered = town
            .by(reviewer.actor(), move |tx| {
                hearing::offer(tx, &by, subject, "涉及他人重大利益关系")
            })
            .expect("the right is told");
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        refused(town.grant(id, &decider), "case.hearing_open");

        let asked = town.by(Actor::citizen(party, Channel::Web), move |tx| {
            hearing::ask(tx, party, offered).map(|_| ())
        });
        asked.expect("within five days");
        assert_eq!(town.case(id).status, case::Status::Paused);
        let early = decider.clone();
        refused(
            town.by(decider.actor(), move |tx| case::resume(tx, &early, number)),
            "case.hearing_open",
        );
        arrange_and_hold(&town, offered, &reviewer, &decider);
        town.by(Actor::citizen(party, Channel::Web), move |tx| {
            hearing::sign(tx, party, offered).map(|_| ())
        })
        .expect("the party signs");
        let after = town.case(id);
        assert_eq!(after.status, case::Status::Handling);
        assert!(
            due < after.dues.statutory.expect("a limit"),
            "days moved on"
        );
        let other = town.officers(town.organ, Role::Decider).remove(1);
        decide_on_the_minutes(&town, &after, &other);
        town.stands();
    }
}

/// Misused first: a decision that does not say how it rests on the minutes, either way.
fn decide_on_the_minutes(town: &Town, case: &case::Case, by: &Officer) {
    let decide = |outcome: &str, minutes: Option<&str>| {
        let (id, me) = (case.id, by.clone());
        let finish = Finish {
            task: case.tasks[0].number,
            outcome: Some(outcome.to_owned().try_into().expect("a code")),
            opinion: Some("符合条件".to_owned()),
            grounds: (outcome == "refused").then(|| case::Grounds {
                reason: "不符合设置规划".to_owned(),
                article: "《城市市容和环境卫生管理条例》第十一条".to_owned(),
                review_organ: "广安区人民政府".to_owned(),
                court: "广安区人民法院".to_owned(),
                lacking: None,
            }),
            minutes: minutes.map(str::to_owned),
            ..Finish::default()
        };
        town.by(by.actor(), move |tx| case::complete(tx, &me, id, &finish))
    };
    refused(decide("granted", None), "case.minutes_not_weighed");
    refused(decide("refused", None), "case.minutes_not_weighed");
    let empty = decide("granted", Some(" "));
    assert!(matches!(empty, Err(Fault::Invalid(_))), "{empty:?}");
    let granted = decide("granted", Some("利害关系人对采光没有异议。")).expect("on the minutes");
    assert_eq!(granted.status, case::Status::Granted);
    let papers = town
        .db()
        .read(|tx| certificate::notices_of(tx, case.id.uuid()));
    let papers = papers.expect("they can be read");
    let decision = papers
        .iter()
        .find(|one| one.kind == NoticeKind::GrantDecision)
        .expect("the decision");
    let said = town.db().read(|tx| ledger::read_text(tx, &decision.data));
    let said = said.expect("it can be read").expect("it is there");
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["heard"]["on"], "2026-12-02");
    assert_eq!(said["heard"]["minutes"], "利害关系人对采光没有异议");
    let viewer = case::Viewer::Person(case.applicant);
    let told = town
        .db()
        .read(|tx| case::history(tx, &viewer, case.id, kernel::Lang::Zh));
    let weighed = "根据听证笔录：利害关系人对采光没有异议。";
    let told = told.expect("the applicant sees it");
    assert!(told.iter().any(|line| line.text == weighed));
}

/// Misused first: by who reviewed, six days ahead, by a stranger, before its day.
fn arrange_and_hold(town: &Town, id: HearingId, reviewer: &Officer, presider: &Officer) {
    let schedule = |new: Arrangement| {
        let by = reviewer.clone();
        town.by(reviewer.actor(), move |tx| {
            hearing::schedule(tx, &by, id, &new).map(|_| ())
        })
    };
    let day = date(2026, 12, 2);
    refused(
        schedule(arrangement(day, reviewer.id)),
        "hearing.presider_reviewed",
    );
    refused(
        schedule(arrangement(date(2026, 12, 1), presider.id)),
        "hearing.notice_too_short",
    );
    refused(
        schedule(arrangement(date(2026, 12, 22), presider.id)),
        "hearing.held_too_late",
    );
    schedule(arrangement(day, presider.id)).expect("seven working days ahead");
    let coming = town.db().read(|tx| hearing::announced(tx, 10));
    assert_eq!(coming.expect("it is public").len(), 1);
    let hold = |by: &Officer| {
        let me = by.clone();
        town.by(by.actor(), move |tx| {
            hearing::hold(tx, &me, id, &minutes()).map(|_| ())
        })
    };
    refused(hold(presider), "hearing.not_yet");
    town.days_pass(9);
    refused(hold(reviewer), "hearing.not_the_presider");
    hold(presider).expect("held on its day");
}

#[test]
fn a_right_that_nobody_uses_lapses_and_the_case_goes_on() {
    for town in towns("hearing_lapse", ADVERTISING) {
        let (id, party, reviewer) = reviewed(&town);
        let subject = on_case(town.case(id).id);
        let by = reviewer.clone();
        let offered = town
            .by(reviewer.actor(), move |tx| {
                hearing::offer(tx, &by, subject, "涉及他人重大利益关系")
            })
            .expect("told");
        town.days_pass(8);
        let late = town.by(Actor::citizen(party, Channel::Web), move |tx| {
            hearing::ask(tx, party, offered).map(|_| ())
        });
        refused(late, "hearing.over");
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        town.grant(id, &decider).expect("nothing stands in the way");
        let decided = town.by(decider.actor(), move |tx| {
            hearing::order(tx, &decider.clone(), subject).map(|_| ())
        });
        refused(decided, "hearing.decided");
        town.stands();
    }
}

fn the_hearing(town: &Licences, id: ExitId) -> Hearing {
    let found = town.db().read(|tx| hearing::last_of(tx, id.uuid()));
    found.expect("it can be read").expect("there is one")
}

/// A revocation whose holder asked for a hearing.
fn contested(town: &Licences, opener: &Officer) -> (ExitId, PersonId, HearingId) {
    let holder = town.person();
    let certificate = town.licence(holder, None);
    let ground = ExitGround::Revocation(RevocationGround::ApplicantNotEligible);
    let id = town
        .at_desk(opener, move |tx, by| {
            let new = NewExit {
                certificate,
                ground,
                source: ExitSource::Report,
                findings: "举报反映申请材料不实".to_owned(),
                penalty: None,
                penalty_on: None,
            };
            exit::open(tx, by, &new)
        })
        .expect("opened");
    town.online(holder, move |tx| {
        exit::ask_hearing(tx, holder, id).map(|_| ())
    })
    .expect("asked in time");
    (id, holder, the_hearing(town, id).id)
}

#[test]
fn an_exit_rests_on_the_minutes_of_the_hearing_that_its_holder_asked_for() {
    for town in licences("hearing_exit") {
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        let (id, holder, heard) = contested(&town, opener);
        let presider = town.officers(Role::Reviewer).remove(0);
        let schedule = |presider: OfficerId| {
            town.at_desk(opener, move |tx, by| {
                let new = arrangement(date(2026, 12, 4), presider);
                hearing::schedule(tx, by, heard, &new).map(|_| ())
            })
        };
        refused(schedule(opener.id), "hearing.presider_reviewed");
        schedule(presider.id).expect("arranged");
        recusal_is_decided_by_somebody_else(&town, heard, holder, &presider);
        town.until(date(2026, 12, 4));
        let legal = town.officer(Role::LegalReviewer);
        let review = |town: &Licences| {
            town.at_desk(&legal, move |tx, by| {
                exit::review(tx, by, id, true, false, "合法").map(|_| ())
            })
        };
        refused(review(&town), "exit.hearing_open");
        town.at_desk(&presider, move |tx, by| {
            hearing::hold(tx, by, heard, &minutes()).map(|_| ())
        })
        .expect("held");
        town.at_desk(&presider, move |tx, by| {
            hearing::refuse_to_sign(tx, by, heard).map(|_| ())
        })
        .expect("the refusal to sign is noted");
        assert!(the_hearing(&town, id).was_held());
        review(&town).expect("after the minutes");
        let decide = |minutes: Option<&'static str>| {
            town.at_desk(other, move |tx, by| {
                exit::assess(tx, by, id, Money::ZERO, Money::ZERO, "无损失")?;
                exit::decide(tx, by, id, "不符合条件", minutes)
            })
        };
        refused(decide(None), "exit.minutes_not_weighed");
        let gone = decide(Some("当事人对事实没有异议")).expect("on the minutes");
        assert_eq!(gone.status, ExitStatus::Done);
        let state = town.certificate(gone.certificate).state;
        assert_eq!(state, CertificateState::Revoked);
        let papers = [
            NoticeKind::ExitNotice,
            NoticeKind::ExitDecision,
            NoticeKind::HearingNotice,
            NoticeKind::HearingMinutes,
        ];
        assert_eq!(town.papers(id.uuid()), papers);
        town.stands();
    }
}

fn recusal_is_decided_by_somebody_else(
    town: &Licences,
    heard: HearingId,
    holder: PersonId,
    presider: &Officer,
) {
    town.online(holder, move |tx| {
        hearing::ask_recusal(tx, holder, heard, "与举报人有亲属关系").map(|_| ())
    })
    .expect("the party may ask");
    let own = town.at_desk(presider, move |tx, by| {
        hearing::decide_recusal(tx, by, heard, false).map(|_| ())
    });
    refused(own, "hearing.not_a_decider");
    let decider = town.officer(Role::Decider);
    town.at_desk(&decider, move |tx, by| {
        hearing::decide_recusal(tx, by, heard, false).map(|_| ())
    })
    .expect("a decider decides");
}

#[test]
fn who_stays_away_gives_the_hearing_up_and_the_exit_goes_on() {
    for town in licences("hearing_absent") {
        let opener = town.officer(Role::Decider);
        let (id, holder, heard) = contested(&town, &opener);
        let stranger = town.person();
        let nosy = town.online(stranger, move |tx| {
            hearing::give_up(tx, stranger, heard).map(|_| ())
        });
        assert!(matches!(nosy, Err(Fault::NotFound { .. })));
        town.until(date(2026, 12, 22));
        assert!(the_hearing(&town, id).late_since.is_some(), "noted as late");
        town.online(holder, move |tx| {
            hearing::give_up(tx, holder, heard).map(|_| ())
        })
        .expect("given up");
        assert_eq!(the_hearing(&town, id).status, HearingStatus::GivenUp);
        let exit = town
            .db()
            .read(|tx| exit::exit(tx, id))
            .expect("it is there");
        assert_eq!(exit.status, ExitStatus::Reviewing);
        town.stands();
    }
}
