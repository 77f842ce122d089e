//! Programs write as people do: exits, hearings, renewals, tables of authority, powers and
//! sittings, each through the doors under a key, walked and misused.

use axum::http::StatusCode;
use exit::ExitId;
use jiff::civil::date;
use kernel::TypedId;
use serde_json::{Value, json};
use web::session::Subject;
use web::{Officer, Role};

use crate::authority::Desk;
use crate::licences::{Licences, licences};
use crate::programs::Programs;
use crate::town::{Town, towns};

fn at(officer: &Officer) -> Subject {
    Subject::Officer(officer.id)
}

/// It was done.
#[track_caller]
fn done(answer: (StatusCode, Value)) -> Value {
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
    answer.1
}

/// A rule said no.
#[track_caller]
fn refused(answer: (StatusCode, Value), code: &str) {
    assert_eq!(answer.0, StatusCode::CONFLICT, "{}", answer.1);
    assert_eq!(answer.1["code"], code);
}

fn opening(certificate: &str) -> Value {
    json!({
        "certificate": certificate, "kind": "revocation", "ground": "applicant_not_eligible",
        "source": "report", "findings": "举报反映申请材料不实",
    })
}

#[test]
fn an_exit_is_opened_once_under_its_key_and_walked_to_its_end() {
    for town in licences("writing_exit") {
        let programs = town.programs();
        let post = |path: &str, by: Subject, key: &str, body: Value| {
            programs.post(&format!("/api/v1/exits{path}"), by, key, &body)
        };
        let [opener, other] = &town.officers(Role::Decider)[..] else {
            panic!("two deciders");
        };
        let legal = town.officer(Role::LegalReviewer);
        let (holder, stranger) = (town.person(), town.person());
        let certificate = town.licence(holder, None).to_string();
        let opened = done(post("", at(opener), "open", opening(&certificate)));
        let again = done(post("", at(opener), "open", opening(&certificate)));
        assert_eq!(opened, again, "the same answer, and no second effect");
        refused(
            post("", at(opener), "anew", opening(&certificate)),
            "exit.already_running",
        );
        wrong_bodies(&programs, opener, &certificate);
        let id = opened["id"].as_str().expect("an id");
        let one = format!("/{id}");
        let act = |verb: &str| format!("{one}/{verb}");
        let said = json!({ "statement": "材料属实" });
        let (status, _) = post(&act("state"), Subject::Citizen(stranger), "a", said.clone());
        assert_eq!(status, StatusCode::NOT_FOUND);
        done(post(&act("state"), Subject::Citizen(holder), "b", said));
        let review = json!({ "agreed": true, "opinion": "程序合法" });
        let early = post(&act("review"), at(&legal), "c", review.clone());
        assert_eq!(early.1["statute"], "行政许可法第七条");
        refused(early, "exit.statements_running");
        done(post(
            &act("waive"),
            Subject::Citizen(holder),
            "d",
            json!({}),
        ));
        let (status, _) = post(&act("review"), at(other), "e", review.clone());
        assert_eq!(status, StatusCode::FORBIDDEN, "no legal reviewer");
        done(post(&act("review"), at(&legal), "f", review));
        let reason = json!({ "reason": "不符合条件" });
        let decide = |by: &Officer, key: &str| post(&act("decide"), at(by), key, reason.clone());
        refused(decide(opener, "g"), "exit.decided_by_opener");
        refused(decide(other, "h"), "exit.loss_not_assessed");
        let loss = json!({ "loss_fen": 100, "compensation_fen": 100, "assessment": "折旧" });
        done(post(&act("assess"), at(other), "i", loss));
        let gone = done(decide(other, "j"));
        assert_eq!(gone["status"], "done");
        assert_eq!(done(decide(other, "j")), gone);
        done(post(&act("pay"), at(other), "k", json!({})));
        town.stands();
    }
}

fn wrong_bodies(programs: &Programs, by: &Officer, certificate: &str) {
    let mut foreign = opening(certificate);
    foreign["ground"] = json!("lent_or_altered");
    let (status, told) = programs.post("/api/v1/exits", at(by), "foreign", &foreign);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
    assert_eq!(told["fields"][0]["field"], "ground");
    let mut more = opening(certificate);
    more["decided"] = json!(true);
    let (status, _) = programs.post("/api/v1/exits", at(by), "more", &more);
    assert!(status.is_client_error(), "{status}");
}

#[test]
fn a_hearing_is_asked_for_arranged_held_and_signed_by_programs() {
    for town in licences("writing_hearing") {
        let programs = town.programs();
        let opener = town.officers(Role::Decider).remove(0);
        let presider = town.officers(Role::Reviewer).remove(0);
        let holder = town.person();
        let certificate = town.licence(holder, None).to_string();
        let body = opening(&certificate);
        let opened = done(programs.post("/api/v1/exits", at(&opener), "open", &body));
        let exit = opened["id"].as_str().expect("an id").to_owned();
        let ask = format!("/api/v1/exits/{exit}/ask_hearing");
        done(programs.post(&ask, Subject::Citizen(holder), "ask", &json!({})));
        let one = format!("/api/v1/hearings/{}", the_hearing(&town, &exit));
        let told = done(programs.ask("GET", &one, Subject::Citizen(holder)));
        assert_eq!(
            (&told["subject"], &told["status"]),
            (&json!(exit), &json!("asked"))
        );
        let act = |verb: &str, by: Subject, key: &str, body: Value| {
            programs.post(&format!("{one}/{verb}"), by, key, &body)
        };
        let notice = |day: &str, officer: &Officer| {
            let place = "三楼听证室";
            json!({ "day": day, "time": "09:30", "place": place, "presider": officer.id })
        };
        let schedule = |key: &str, body: Value| act("schedule", at(&opener), key, body);
        refused(
            schedule("a", notice("2026-12-04", &opener)),
            "hearing.presider_reviewed",
        );
        refused(
            schedule("b", notice("2026-11-27", &presider)),
            "hearing.notice_too_short",
        );
        let set = done(schedule("c", notice("2026-12-04", &presider)));
        assert_eq!(
            (&set["day"], &set["time"]),
            (&json!("2026-12-04"), &json!("9:30"))
        );
        town.until(date(2026, 12, 4));
        let minutes = json!({ "attendees": "当事人，审查人员", "text": "当事人申辩。" });
        refused(
            act("hold", at(&opener), "d", minutes.clone()),
            "hearing.not_the_presider",
        );
        done(act("hold", at(&presider), "e", minutes));
        let sign = |by, key: &str| act("sign", by, key, json!({}));
        let (status, _) = sign(Subject::Citizen(town.person()), "f");
        assert_eq!(status, StatusCode::NOT_FOUND);
        let signed = done(sign(Subject::Citizen(holder), "g"));
        assert_eq!(signed["status"], "concluded");
        town.stands();
    }
}

fn the_hearing(town: &Licences, exit: &str) -> hearing::HearingId {
    let exit: ExitId = exit.parse().expect("an id");
    let found = town.db().read(|tx| hearing::last_of(tx, exit.uuid()));
    found.expect("it can be read").expect("there is one").id
}

#[test]
fn a_renewal_is_asked_for_reviewed_and_granted_by_programs() {
    for town in licences("writing_renewal") {
        let programs = town.programs();
        let (holder, stranger) = (town.person(), town.person());
        let certificate = town.licence(holder, Some(date(2027, 1, 22))).to_string();
        let asked = json!({ "certificate": certificate, "statement": "继续设置" });
        let ask = |by, key: &str| programs.post("/api/v1/renewals", by, key, &asked);
        let (status, _) = ask(Subject::Citizen(stranger), "a");
        assert_eq!(status, StatusCode::NOT_FOUND);
        let first = done(ask(Subject::Citizen(holder), "b"));
        assert_eq!(done(ask(Subject::Citizen(holder), "b")), first);
        let (status, _) = ask(Subject::Citizen(holder), "c");
        assert_eq!(status, StatusCode::CONFLICT, "asked for already");
        let one = format!("/api/v1/renewals/{}", first["id"].as_str().expect("an id"));
        let (status, _) = programs.ask("GET", &one, Subject::Citizen(stranger));
        assert_eq!(status, StatusCode::NOT_FOUND);
        let act = |verb: &str, by: &Officer, key: &str, body: Value| {
            programs.post(&format!("{one}/{verb}"), at(by), key, &body)
        };
        let decider = town.officer(Role::Decider);
        let (status, _) = act("grant", &decider, "d", json!({}));
        assert_eq!(status, StatusCode::CONFLICT, "not reviewed yet");
        let reviewer = town.officer(Role::Reviewer);
        let review = json!({ "agreed": true, "opinion": "条件未变" });
        done(act("review", &reviewer, "e", review));
        let granted = done(act("grant", &decider, "f", json!({})));
        assert_eq!(granted["status"], "granted");
        town.stands();
    }
}

#[test]
fn tables_and_powers_are_written_by_one_program_and_put_into_force_by_another() {
    for town in towns("writing_authority", "outdoor_advertising") {
        let programs = Programs::of(&town.hall);
        let (manager, secadmin) = (town.head(Role::HallManager), town.head(Role::SecurityAdmin));
        let item = town.version.content.codes.key().expect("a code");
        let at_tables = "/api/v1/authority_tables";
        let draft = json!({ "organ": town.organ, "ground": "局分级授权管理办法" });
        let table = done(programs.post(at_tables, at(&manager), "a", &draft));
        assert_eq!(
            done(programs.post(at_tables, at(&manager), "a", &draft)),
            table
        );
        let one = format!("{at_tables}/{}", table["id"].as_str().expect("an id"));
        let line = |above: Value, up_to: Value| {
            json!({ "item": item, "field": "width", "above": above, "up_to": up_to,
                "grade": "section_head", "ground": "办法第六条" })
        };
        let add = |key: &str, body: &Value| {
            programs.post(&format!("{one}/add_line"), at(&manager), key, body)
        };
        done(add("b", &line(Value::Null, json!("500"))));
        let (status, _) = add("c", &line(json!("much"), Value::Null));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let adopt = |by: &Officer, key: &str| {
            let body = json!({ "from": "2026-11-23" });
            programs.post(&format!("{one}/adopt"), at(by), key, &body)
        };
        assert_eq!(adopt(&manager, "d").0, StatusCode::FORBIDDEN);
        refused(adopt(&secadmin, "e"), "authority.amounts_open");
        done(add("f", &line(json!(500), Value::Null)));
        let adopted = done(adopt(&secadmin, "g"));
        assert_eq!(
            (&adopted["state"], &adopted["version"]),
            (&json!("adopted"), &json!(1))
        );
        powers(&town, &programs, &manager, item);
        town.stands();
    }
}

fn powers(town: &Town, programs: &Programs, manager: &Officer, item: &str) {
    let own = town.organ;
    let park = town.db().read(|tx| {
        let all = identity::organs(tx)?;
        let other =
            |one: &&identity::Organ| one.kind == identity::OrganKind::Department && one.id != own;
        Ok(all.iter().find(other).map(|one| one.id))
    });
    let park = park.expect("it can be read").expect("another department");
    let give = |from: kernel::OrganId, to: kernel::OrganId, key: &str| {
        let body = json!({ "from_organ": from, "to_organ": to, "form": "entrusted",
            "items": [item], "chain": "户外广告设置", "ground": "赋权决定", "from": "2026-11-23" });
        programs.post("/api/v1/powers", at(manager), key, &body)
    };
    refused(give(own, own, "h"), "authority.same_organ");
    let given = done(give(own, park, "i"));
    refused(give(own, park, "j"), "authority.already_given");
    let recall = format!(
        "/api/v1/powers/{}/recall",
        given["id"].as_str().expect("an id")
    );
    let back = json!({ "until": "2026-11-30", "reason": "试点结束" });
    let taken = done(programs.post(&recall, at(manager), "k", &back));
    assert_eq!(
        (&taken["recalled"], &taken["in_force"]),
        (&json!(true), &json!(true))
    );
    refused(
        programs.post(&recall, at(manager), "l", &back),
        "authority.ended",
    );
}

#[test]
fn a_sitting_is_called_voted_and_closed_by_programs_one_vote_a_member() {
    for town in towns("writing_sitting", "outdoor_advertising") {
        let programs = Programs::of(&town.hall);
        let case = town.reviewed(300).id;
        let mut members = town.officers(town.organ, Role::Decider);
        members.extend(town.officers(town.organ, Role::LegalReviewer));
        let chair = members[0].clone();
        let ids: Vec<_> = members.iter().map(|one| one.id).collect();
        let called = |quorum: u32| {
            json!({ "organ": town.organ, "on": "2026-11-23", "chair": chair.id,
                "members": ids, "quorum": quorum })
        };
        let call =
            |key: &str, quorum| programs.post("/api/v1/sittings", at(&chair), key, &called(quorum));
        refused(call("a", 1), "authority.quorum_too_small");
        let quorum = u32::try_from(ids.len()).expect("a few");
        let first = done(call("b", quorum));
        assert_eq!(done(call("b", quorum))["id"], first["id"]);
        assert_eq!(first["number"], 1);
        assert_eq!(done(call("c", quorum))["number"], 2, "another one that day");
        let one = format!("/api/v1/sittings/{}", first["id"].as_str().expect("an id"));
        let act = |verb: &str, by: &Officer, key: &str, body: Value| {
            programs.post(&format!("{one}/{verb}"), at(by), key, &body)
        };
        let paper = json!({ "case": case, "paper": "超过权限，提请审议" });
        done(act("put_case", &chair, "d", paper));
        done(act("open", &chair, "e", json!({ "present": ids })));
        for member in &members {
            let vote = |key: &str| {
                let body = json!({ "case": case, "vote": "for" });
                act("vote", member, &format!("{key}{}", member.id), body)
            };
            let cast = done(vote("vote"));
            assert_eq!(done(vote("vote")), cast, "the same vote, not a second one");
            refused(vote("twice"), "authority.voted_already");
        }
        done(act("resolve", &chair, "f", json!({ "case": case })));
        let closed = done(act("close", &chair, "g", json!({ "remarks": "无" })));
        assert_eq!(closed["state"], "closed");
        assert_eq!(closed["agenda"][0]["outcome"], "agreed");
        town.stands();
    }
}
