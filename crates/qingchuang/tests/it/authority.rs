//! Who may decide, told by the real commands and misused: grades and amounts, chief officers'
//! lists, legal review, the committee, powers that moved, files handed over. On both stores, and
//! the ledger stands behind every row afterwards.

use authority::model::{Conclusion, Grade, OpinionKind};
use authority::use_cases::opinion::NewOpinion;
use authority::use_cases::table::NewLine;
use authority::use_cases::{grade, opinion, ruling, table};
use case::{Case, Finish, Scope};
use catalogue::model::ItemContent;
use catalogue::model::kind::ModeKind;
use kernel::{Fault, TypedId};
use serde_json::json;
use web::{Officer, Role};

use crate::town::{Town, refused, towns, towns_with, word};

const ITEM: &str = "outdoor_advertising";

/// What a test asks of the hall beside what every story asks.
pub trait Desk {
    /// The one officer of the hall with a role.
    fn head(&self, role: Role) -> Officer;
    /// A case of the town's item that waits for its decision, reviewed by the first reviewer.
    fn reviewed(&self, width: u32) -> Case;
    /// Decides a case, as an officer.
    fn decide(&self, by: &Officer, case: &Case, outcome: &str) -> Result<Case, Fault>;
    /// Puts a table into force today.
    fn adopt(&self, lines: Vec<NewLine>);
    /// Gives the post from which an officer acts a grade.
    fn graded(&self, officer: &Officer, grade: Grade);
}

pub fn line(ground: &str, grade: Grade) -> NewLine {
    NewLine {
        grade: Some(grade),
        ground: ground.to_owned(),
        ..NewLine::default()
    }
}

impl Desk for Town {
    fn head(&self, role: Role) -> Officer {
        self.officers(self.hall_id, role).remove(0)
    }

    fn reviewed(&self, width: u32) -> Case {
        let mut who = self.applicant();
        who.given.insert("width".to_owned(), json!(width));
        let id = self.draft(&who, &[]);
        self.submit(&who, id).expect("it is sent");
        self.accept(id).expect("it is accepted");
        let case = self.case(id);
        let reviewer = self.officers(self.organ, Role::Reviewer).remove(0);
        let (case_id, task) = (case.id, case.tasks[0].number);
        let agree = Finish {
            task,
            outcome: Some(word("agree")),
            opinion: Some("同意".to_owned()),
            ..Finish::default()
        };
        let by = reviewer.clone();
        self.by(reviewer.actor(), move |tx| {
            case::complete(tx, &by, case_id, &agree)
        })
        .expect("it is reviewed")
    }

    fn decide(&self, by: &Officer, case: &Case, outcome: &str) -> Result<Case, Fault> {
        let (id, by) = (case.id, by.clone());
        let finish = Finish {
            task: case.tasks[0].number,
            outcome: Some(word(outcome)),
            opinion: Some("符合条件".to_owned()),
            grounds: (outcome == "refused").then(|| case::Grounds {
                reason: "不符合设置规划".to_owned(),
                article: "《城市市容和环境卫生管理条例》第十一条".to_owned(),
                review_organ: "广安区人民政府".to_owned(),
                court: "广安区人民法院".to_owned(),
                lacking: None,
            }),
            ..Finish::default()
        };
        self.by(by.actor(), move |tx| case::complete(tx, &by, id, &finish))
    }

    fn adopt(&self, lines: Vec<NewLine>) {
        let (manager, secadmin) = (self.head(Role::HallManager), self.head(Role::SecurityAdmin));
        let organ = self.organ;
        let by = manager.clone();
        let id = self.by(manager.actor(), move |tx| {
            let id = table::draft(tx, &by, organ, "局分级授权管理办法")?;
            let drafted = table::table(tx, id)?;
            for _ in table::text_of(tx, &drafted)?.rows {
                table::remove_line(tx, &by, id, 0)?;
            }
            for line in &lines {
                table::add_line(tx, &by, id, line)?;
            }
            Ok(id)
        });
        let id = id.expect("it is written");
        let by = secadmin.clone();
        self.by(secadmin.actor(), move |tx| {
            let today = tx.today();
            table::adopt(tx, &by, id, today)
        })
        .expect("it is put into force");
    }

    fn graded(&self, officer: &Officer, grade: Grade) {
        let post = officer.post().expect("a seat");
        let secadmin = self.head(Role::SecurityAdmin);
        self.by(secadmin.actor(), move |tx| {
            grade::set_grade(tx, post, grade)
        })
        .expect("the grade is set");
    }
}

/// Handlers up to 5 m, heads of section above it.
fn by_width(town: &Town) -> Vec<NewLine> {
    let item = town.version.content.codes.key().expect("a code").to_owned();
    let field = "width".to_owned();
    let low = NewLine {
        item: item.clone(),
        field: field.clone(),
        up_to: Some(50_000),
        ..line("办法第五条", Grade::Handler)
    };
    let high = NewLine {
        item,
        field,
        above: Some(50_000),
        ..line("办法第六条", Grade::SectionHead)
    };
    vec![low, high]
}

#[test]
fn the_table_in_force_says_who_decides_which_amount() {
    for town in towns("authority_table", ITEM) {
        let deciders = town.officers(town.organ, Role::Decider);
        let (handler, before) = (&deciders[0], town.reviewed(501));
        // Without a table everything is as it was.
        town.decide(handler, &before, "granted")
            .expect("every decision post decides");

        town.adopt(by_width(&town));
        let (within, over) = (town.reviewed(500), town.reviewed(501));
        // The work list offers what the grade is enough for.
        let doer = case::doer(handler).expect("a seat");
        let offered = town
            .db()
            .read(|tx| case::tasks(tx, &doer, Scope::Post, None, 1))
            .expect("it can be read");
        assert!(offered.iter().all(|line| line.case != over.id));
        let offered = town
            .db()
            .read(|tx| case::tasks(tx, &doer, Scope::Post, None, 50))
            .expect("it can be read");
        assert!(offered.iter().any(|line| line.case == within.id));
        assert!(offered.iter().all(|line| line.case != over.id));
        town.decide(handler, &within, "granted")
            .expect("at the bound it is the handler's");
        let refusal = town.decide(handler, &over, "granted");
        let Err(Fault::Refused(no)) = &refusal else {
            panic!("just over the bound it is not, but: {refusal:?}");
        };
        let told = |name: &str| {
            let found = no.params.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| text.as_str()).unwrap_or_default()
        };
        assert_eq!(no.code, "case.beyond_authority");
        assert_eq!(told("rule_zh"), "分级授权表第1版第2行");
        assert_eq!(told("needs_zh"), "科室负责人");
        assert_eq!(told("who"), "—");
        // Neither taken nor handed over, refused or sent back by somebody whose grade is too low.
        let (id, task, by) = (over.id, over.tasks[0].number, handler.clone());
        let claimed = town.by(by.actor(), move |tx| case::claim(tx, &by, id, task));
        refused(claimed, "case.beyond_authority");
        refused(
            town.decide(handler, &over, "refused"),
            "case.beyond_authority",
        );
        let (by, to) = (handler.clone(), deciders[1].id);
        let handed = town.by(by.actor(), move |tx| case::hand_over(tx, &by, id, task, to));
        refused(handed, "case.beyond_authority");

        town.graded(handler, Grade::SectionHead);
        let organ = over.organ;
        let bound = town.db().read(|tx| ruling::is_bound(tx, organ));
        assert!(bound.expect("it can be read"));
        let done = town.decide(handler, &over, "granted").expect("now it is");
        assert_eq!(done.status, case::Status::Granted);
        town.stands();
    }
}

#[test]
fn a_table_is_put_into_force_by_somebody_else_whole_and_not_backwards() {
    for town in towns("authority_adopt", ITEM) {
        let manager = town.head(Role::HallManager);
        let secadmin = town.head(Role::SecurityAdmin);
        let (organ, lines) = (town.organ, by_width(&town));
        let by = manager.clone();
        let id = town.by(manager.actor(), move |tx| {
            let id = table::draft(tx, &by, organ, "局分级授权管理办法")?;
            table::add_line(tx, &by, id, &lines[1])?;
            Ok(id)
        });
        let id = id.expect("a draft");
        let adopt = |by: &Officer, days: i64| {
            let by = by.clone();
            town.by(by.actor(), move |tx| {
                let from = tx.today().checked_add(jiff::Span::new().days(days));
                table::adopt(tx, &by, id, from.map_err(Fault::broken)?)
            })
        };
        refused(adopt(&manager, 0), "authority.own_draft");
        refused(adopt(&secadmin, -1), "authority.in_the_past");
        refused(adopt(&secadmin, 0), "authority.amounts_open");
        let (by, low) = (manager.clone(), by_width(&town).remove(0));
        town.by(manager.actor(), move |tx| {
            table::add_line(tx, &by, id, &low)
        })
        .expect("the gap is closed");
        adopt(&secadmin, 3).expect("in three days");
        let by = manager.clone();
        let changed = town.by(manager.actor(), move |tx| {
            table::remove_line(tx, &by, id, 0)
        });
        refused(changed, "authority.not_a_draft");
        // Until its first day nothing changes; from then on it binds.
        let handler = town.officers(town.organ, Role::Decider).remove(0);
        let case = town.reviewed(501);
        let early = town.reviewed(502);
        town.decide(&handler, &early, "granted").expect("not yet");
        town.days_pass(3);
        refused(
            town.decide(&handler, &case, "granted"),
            "case.beyond_authority",
        );
        town.stands();
    }
}

#[test]
fn a_major_matter_is_decided_after_legal_review_and_counsel_by_somebody_else() {
    for town in towns("authority_legal", ITEM) {
        town.adopt(vec![NewLine {
            legal: true,
            counsel: true,
            ..line("办法第九条", Grade::Handler)
        }]);
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        let legal = town.officers(town.organ, Role::LegalReviewer).remove(0);
        let case = town.reviewed(300);
        refused(
            town.decide(&decider, &case, "granted"),
            "case.legal_review_missing",
        );
        let say = |by: &Officer, kind, conclusion| {
            let (by, case) = (by.clone(), case.id.uuid());
            town.by(by.actor(), move |tx| {
                let new = NewOpinion {
                    kind,
                    conclusion,
                    text: "主体适格，程序合法".to_owned(),
                    counsel: "某某律师事务所 李律师".to_owned(),
                };
                opinion::say(tx, &by, case, &new).map(|_| ())
            })
        };
        let own = say(&decider, OpinionKind::Legal, Conclusion::Agree);
        refused(own, "authority.not_a_legal_reviewer");
        say(&legal, OpinionKind::Legal, Conclusion::Disagree).expect("it is said");
        refused(
            town.decide(&decider, &case, "granted"),
            "case.counsel_missing",
        );
        say(&legal, OpinionKind::Counsel, Conclusion::Disagree).expect("it is filed");
        // Counsel is heard and binds nobody; the legal review stands against a grant.
        refused(
            town.decide(&decider, &case, "granted"),
            "case.legal_review_against",
        );
        say(&legal, OpinionKind::Legal, Conclusion::Amend).expect("on second thoughts");
        town.decide(&decider, &case, "granted").expect("now it may");
        let late = say(&legal, OpinionKind::Legal, Conclusion::Agree);
        refused(late, "authority.case_decided");
        town.stands();
    }
}

fn major(content: &mut ItemContent) {
    content.major_matter = true;
    // A major matter is granted neither by silence nor by a table.
    content.modes.retain(|mode| mode.kind != ModeKind::Tacit);
}

#[test]
fn the_mark_of_a_major_matter_stands_in_the_item_and_no_table_takes_the_review_away() {
    for town in towns_with("authority_major", ITEM, major) {
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        let legal = town.officers(town.organ, Role::LegalReviewer).remove(0);
        let reviewed = |case: &Case| {
            let (by, case) = (legal.clone(), case.id.uuid());
            town.by(by.actor(), move |tx| {
                let new = NewOpinion {
                    kind: OpinionKind::Legal,
                    conclusion: Conclusion::Agree,
                    text: "主体适格，程序合法".to_owned(),
                    counsel: String::new(),
                };
                opinion::say(tx, &by, case, &new).map(|_| ())
            })
        };
        let without = |case: &Case| {
            refused(
                town.decide(&decider, case, "granted"),
                "case.legal_review_missing",
            );
        };
        // Without a table, and under one whose lines do not ask for it.
        let first = town.reviewed(300);
        without(&first);
        town.adopt(by_width(&town));
        let second = town.reviewed(310);
        without(&second);
        for case in [&first, &second] {
            reviewed(case).expect("the law of it is reviewed");
            town.decide(&decider, case, "granted").expect("then it may");
        }
        town.stands();
    }
}
