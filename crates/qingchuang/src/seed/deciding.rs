//! Who may decide what in the demonstration hall: an authority table, a chief approval officer, a
//! sitting of the committee that resolved and one that is called, powers entrusted to a park, and a
//! handover that waits for its receipt.

use authority::model::{Conclusion, Grade, OpinionKind, PowerForm, Side, SittingId, Vote};
use authority::use_cases::chief::{self, NewChief};
use authority::use_cases::grade;
use authority::use_cases::handover::{self, NewHandover};
use authority::use_cases::opinion::{self, NewOpinion};
use authority::use_cases::power::{self, NewPower};
use authority::use_cases::sitting::{self, NewSitting};
use authority::use_cases::table::{self, NewLine};
use db::{Db, Tx};
use identity::{HallDirectory, NewOfficer, NewOrgan, OrganKind, PasswordCost};
use jiff::ToSpan;
use kernel::{Actor, Fault, OfficerId, OrganId, PostId, TypedId};
use web::{Directory, Officer, Role};

use super::staff::{BUREAU, PASSWORD, REGION};

/// Vocational schools 民办职业培训学校: by capital, the greatest before the committee.
const SCHOOL: &str = "511A14005010-511602000000-000-115113016823646795-1-00";
/// Fireworks 烟花爆竹零售: on the list of a chief approval officer.
const FIREWORKS: &str = "511A0007700001-511602000000-000-115113016823646795-1-00";
/// What opening a restaurant takes, entrusted to the park as one chain.
const RESTAURANT: &str = "511A0005200004-511602000000-000-115113016823646795-1-00\n\
    511A0015500009-511602000000-000-115113016823646795-1-00";
const PARK_USCC: &str = "11511602MB1K2X006R";

/// Furnishes the hall with them.
///
/// # Errors
/// When a command fails that must not.
pub(super) fn furnish(db: &Db) -> Result<(), Fault> {
    let bureau = db.read(|tx| identity::organ_by_uscc(tx, BUREAU))?;
    let bureau = bureau.ok_or(Fault::NotFound { what: "organ" })?.id;
    let park = write(db, Actor::system(), move |tx| people(tx, bureau))?;
    let hall = Hall { db, bureau, park };
    hall.table()?;
    hall.chief()?;
    hall.powers()?;
    hall.sittings()?;
    hall.files()
}

fn write<T: Send + 'static>(
    db: &Db,
    actor: Actor,
    work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    db.write(db.cause(actor), work)
}

/// The deputy director of the bureau, the grades of the posts, and the park with its people.
fn people(tx: &mut Tx<'_>, bureau: OrganId) -> Result<OrganId, Fault> {
    let decides = [Role::Decider].into();
    let post = identity::add_post(tx, bureau, "分管负责人", decides)?;
    officer(tx, "director", "沈知遥", post)?;
    grade::set_grade(tx, post, Grade::DeputyDirector)?;
    let new = NewOrgan {
        uscc: PARK_USCC.to_owned(),
        name: "广安市广安区官盛新区管理委员会".to_owned(),
        short_name: "官盛新区管委会".to_owned(),
        dept4: "GSXQ".to_owned(),
        region6: REGION.to_owned(),
        kind: OrganKind::Department,
    };
    let park = identity::add_organ(tx, &new)?;
    let posts = [
        ("park-reviewer", "审查岗", Role::Reviewer, "贺南乔"),
        ("park-decider", "审批决定岗", Role::Decider, "陆青禾"),
    ];
    for (login, post, role, name) in posts {
        let post = identity::add_post(tx, park, post, [role].into())?;
        officer(tx, login, name, post)?;
    }
    Ok(park)
}

fn officer(tx: &mut Tx<'_>, login: &str, name: &str, post: PostId) -> Result<OfficerId, Fault> {
    let password = identity::hash_password(tx.clock(), PasswordCost::QUICK, login, PASSWORD)?;
    let new = NewOfficer {
        login: login.to_owned(),
        name: name.to_owned(),
        password,
    };
    let id = identity::add_officer(tx, &new)?;
    let today = tx.today();
    identity::appoint(tx, id, post, today, None)?;
    Ok(id)
}

struct Hall<'d> {
    db: &'d Db,
    bureau: OrganId,
    park: OrganId,
}

impl Hall<'_> {
    /// The officer of a login, at their seat.
    fn officer(&self, login: &str) -> Result<Officer, Fault> {
        let found = self.db.read(|tx| {
            let card = identity::officer_by_login(tx, login)?;
            match card {
                Some(card) => HallDirectory.officer(tx, card.id),
                None => Ok(None),
            }
        })?;
        found.ok_or(Fault::NotFound { what: "officer" })
    }

    fn by<T: Send + 'static>(
        &self,
        login: &str,
        work: impl Fn(&mut Tx<'_>, &Officer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let by = self.officer(login)?;
        write(self.db, by.actor(), move |tx| work(tx, &by))
    }

    fn table(&self) -> Result<(), Fault> {
        let bureau = self.bureau;
        let line = |above: Option<i64>, up_to: Option<i64>, grade, ground: &str| NewLine {
            item: SCHOOL.to_owned(),
            field: "capital".to_owned(),
            above,
            up_to,
            grade: Some(grade),
            ground: ground.to_owned(),
            ..NewLine::default()
        };
        let lines = [
            line(None, Some(10_000), Grade::Handler, "分级授权管理办法第五条"),
            line(
                Some(10_000),
                Some(50_000),
                Grade::DeputyDirector,
                "分级授权管理办法第六条",
            ),
            NewLine {
                committee: true,
                legal: true,
                counsel: true,
                ..line(
                    Some(50_000),
                    None,
                    Grade::DeputyDirector,
                    "重大行政审批决策办法第三条",
                )
            },
        ];
        let id = self.by("manager", move |tx, by| {
            let id = table::draft(
                tx,
                by,
                bureau,
                "区行政审批局分级授权管理办法（2026年局务会通过）",
            )?;
            for line in &lines {
                table::add_line(tx, by, id, line)?;
            }
            Ok(id)
        })?;
        self.by("secadmin", move |tx, by| {
            let today = tx.today();
            table::adopt(tx, by, id, today)
        })
    }

    fn chief(&self) -> Result<(), Fault> {
        let (organ, officer) = (self.bureau, self.officer("decider2")?.id);
        self.by("manager", move |tx, by| {
            let today = tx.today();
            let new = NewChief {
                organ,
                officer,
                items: FIREWORKS.to_owned(),
                ground: "首席审批服务官管理办法第四条".to_owned(),
                from: today,
                until: None,
            };
            chief::appoint(tx, by, &new).map(|_| ())
        })
    }

    fn powers(&self) -> Result<(), Fault> {
        let (from_organ, to_organ) = (self.bureau, self.park);
        self.by("manager", move |tx, by| {
            let from = tx.today();
            let until = from.checked_add(2.years()).map_err(Fault::broken)?;
            let new = NewPower {
                from_organ,
                to_organ,
                form: PowerForm::Entrusted,
                items: RESTAURANT.to_owned(),
                theme: String::new(),
                chain: "开办餐馆一件事".to_owned(),
                ground: "区政府关于向官盛新区赋权的决定".to_owned(),
                from,
                until: Some(until),
            };
            power::give(tx, by, &new).map(|_| ())
        })
    }

    /// One sitting has resolved and is closed, another is called for tomorrow.
    fn sittings(&self) -> Result<(), Fault> {
        let cases = self.waiting()?;
        let today = self.db.clock().today();
        let tomorrow = today.tomorrow().map_err(Fault::broken)?;
        if let Some(case) = cases.first() {
            let id = self.call(today)?;
            self.put(
                id,
                *case,
                "申请事项涉及面广，审查意见为建议准予，提请审议。",
            )?;
            self.say(*case)?;
            self.sit(id, *case)?;
        }
        let id = self.call(tomorrow)?;
        if let Some(case) = cases.get(1) {
            self.put(id, *case, "注册资本超过五百万元，按分级授权表提请审议。")?;
        }
        Ok(())
    }

    /// Cases of the bureau that wait for their decision.
    fn waiting(&self) -> Result<Vec<case::CaseId>, Fault> {
        let doer = case::doer(&self.officer("decider")?)?;
        let lines = self
            .db
            .read(|tx| case::tasks(tx, &doer, case::Scope::Organ, None, 200))?;
        let waits = |line: &&case::TaskLine| line.duty == case::Duty::Decide;
        Ok(lines
            .iter()
            .filter(waits)
            .map(|line| line.case)
            .take(2)
            .collect())
    }

    fn members(&self) -> Result<Vec<Officer>, Fault> {
        ["director", "decider", "decider2", "legal", "legal2"]
            .iter()
            .map(|login| self.officer(login))
            .collect()
    }

    fn call(&self, on: jiff::civil::Date) -> Result<SittingId, Fault> {
        let members: Vec<OfficerId> = self.members()?.iter().map(|one| one.id).collect();
        let organ = self.bureau;
        self.by("director", move |tx, by| {
            let new = NewSitting {
                organ,
                on,
                chair: by.id,
                members: members.clone(),
                quorum: 3,
            };
            sitting::call(tx, by, &new)
        })
    }

    fn put(&self, id: SittingId, case: case::CaseId, paper: &'static str) -> Result<(), Fault> {
        self.by("director", move |tx, by| {
            sitting::put_case(tx, by, id, case.uuid(), paper)
        })
    }

    fn say(&self, case: case::CaseId) -> Result<(), Fault> {
        self.by("legal", move |tx, by| {
            for (kind, counsel) in [
                (OpinionKind::Legal, ""),
                (OpinionKind::Counsel, "四川某某律师事务所 李律师"),
            ] {
                let new = NewOpinion {
                    kind,
                    conclusion: Conclusion::Agree,
                    text: "主体适格，程序合法，适用依据正确。".to_owned(),
                    counsel: counsel.to_owned(),
                };
                opinion::say(tx, by, case.uuid(), &new)?;
            }
            Ok(())
        })
    }

    fn sit(&self, id: SittingId, case: case::CaseId) -> Result<(), Fault> {
        let present: Vec<OfficerId> = self.members()?.iter().map(|one| one.id).take(4).collect();
        self.by("director", move |tx, by| {
            sitting::open(tx, by, id, &present)
        })?;
        self.by("legal", move |tx, by| {
            let reason = "曾在申请人处任职";
            sitting::recuse(tx, by, id, case.uuid(), by.id, reason)
        })?;
        let votes = [
            ("director", Vote::For),
            ("decider", Vote::For),
            ("decider2", Vote::Abstain),
        ];
        for (login, vote) in votes {
            self.by(login, move |tx, by| {
                sitting::vote(tx, by, id, case.uuid(), vote)
            })?;
        }
        self.by("director", move |tx, by| {
            sitting::resolve(tx, by, id, case.uuid())?;
            sitting::close(tx, by, id, "请在决定书中载明后续监管要求。")
        })
    }

    fn files(&self) -> Result<(), Fault> {
        let (giver, receiver) = (self.bureau, self.park);
        self.by("reviewer", move |tx, by| {
            let side = |organ| Side {
                organ,
                officer: None,
            };
            let lines = "GSXQ-2026-001|食品经营许可档案（官盛新区）|36\n\
                         GSXQ-2026-002|公共场所卫生许可档案（官盛新区）|28";
            let reason = "开办餐馆一件事赋权，随权移交已办结档案";
            let new = NewHandover {
                giver: side(giver),
                receiver: side(receiver),
                reason: reason.to_owned(),
                lines: lines.to_owned(),
                tasks: false,
            };
            let id = handover::list(tx, by, &new)?;
            handover::hand(tx, by, id)
        })
    }
}
