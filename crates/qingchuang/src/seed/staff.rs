//! The organs, posts and officers of the demonstration hall, and the accounts that it prints.

use std::collections::BTreeMap;

use catalogue::model::ItemContent;
use db::Tx;
use identity::{NewOfficer, NewOrgan, OrganKind, PasswordCost, PersonKind};
use kernel::{Fault, OfficerId, OrganId, PersonId, PostId};
use web::Role;

use super::dice::Dice;
use super::people;

/// The one password of all demonstration accounts.
pub const PASSWORD: &str = "Qingchuang-2026";

/// The accounts that the welcome prints: login and what it is for, Chinese and English.
pub const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("citizen", "办事群众（个人）", "citizen"),
    ("company", "办事企业", "company"),
    ("clerk", "窗口受理", "window clerk"),
    ("reviewer", "审查（行政审批局）", "reviewer"),
    ("legal", "法制审核（行政审批局）", "legal reviewer"),
    ("decider", "审批决定（行政审批局）", "decider"),
    ("director", "分管负责人（行政审批局）", "deputy director"),
    (
        "park-decider",
        "审批决定（受委托园区）",
        "decider of the park",
    ),
    ("exit", "出件窗口", "exit desk"),
    ("manager", "大厅管理", "hall manager"),
    ("supervisor", "监督", "supervisor"),
    ("editor", "事项管理", "catalogue editor"),
    ("sysadmin", "系统管理员", "system administrator"),
    ("secadmin", "安全管理员", "security administrator"),
    ("audit", "审计管理员", "audit administrator"),
];

const HALL_USCC: &str = "11511602MB0000000Y";
pub(super) const REGION: &str = "511602";
/// The organ whose officers have the plain logins: it decides most of the items.
pub(super) const BUREAU: &str = "115113016823646795";

/// An officer and the seat they act from.
#[derive(Debug, Clone, Copy)]
pub struct Seated {
    /// Who.
    pub officer: OfficerId,
    /// Where.
    pub post: PostId,
    /// For which organ.
    pub organ: OrganId,
}

/// Everybody who works in the hall.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    /// Window clerks.
    pub clerks: Vec<Seated>,
    /// The exit desk.
    pub exit: Vec<Seated>,
    /// By organ and role.
    pub by_role: BTreeMap<(OrganId, Role), Vec<Seated>>,
    /// The organs by credit code.
    pub organs: BTreeMap<String, OrganId>,
    /// The two printed applicants.
    pub applicants: Vec<(PersonId, PersonKind)>,
}

struct Builder<'t, 'c> {
    tx: &'t mut Tx<'c>,
    dice: Dice,
    staff: Staff,
}

/// Makes organs, posts and officers for the items that the hall handles.
///
/// # Errors
/// As the use cases of `identity`.
pub fn furnish(
    tx: &mut Tx<'_>,
    items: &[ItemContent],
    more: &[ItemContent],
    dice: &Dice,
) -> Result<Staff, Fault> {
    let mut builder = Builder {
        tx,
        dice: dice.clone(),
        staff: Staff::default(),
    };
    builder.hall()?;
    let first = bodies(items);
    // Departments of bundles come after the others, so that these keep their numbers.
    let mut others = bodies(more);
    others.retain(|uscc, _| !first.contains_key(uscc));
    for (number, (uscc, name)) in (1..).zip(first.into_iter().chain(others)) {
        builder.department(number, uscc, name)?;
    }
    builder.applicants()?;
    Ok(builder.staff)
}

/// The bodies that handle items or are asked about them, by credit code.
fn bodies(items: &[ItemContent]) -> BTreeMap<&str, &str> {
    let mut bodies: BTreeMap<&str, &str> = BTreeMap::new();
    for item in items {
        let consulted = item
            .handling
            .iter()
            .flat_map(|handling| &handling.consulted);
        for body in std::iter::once(&item.body).chain(consulted) {
            bodies.insert(
                body.uscc.as_deref().unwrap_or_default(),
                body.name.get("zh"),
            );
        }
    }
    bodies.remove("");
    bodies
}

impl Builder<'_, '_> {
    fn hall(&mut self) -> Result<(), Fault> {
        let hall = self.organ(
            HALL_USCC,
            "广安市广安区政务服务中心",
            "政务服务中心",
            "ZWZX",
            OrganKind::Hall,
        )?;
        let post = |builder: &mut Self, name: &str, roles: &[Role]| {
            identity::add_post(builder.tx, hall, name, roles.iter().copied().collect())
        };
        let intake = post(self, "综合受理窗口", &[Role::IntakeClerk])?;
        for login in ["clerk", "clerk2", "clerk3"] {
            let officer = self.officer(login, intake)?;
            self.staff.clerks.push(Seated {
                officer,
                post: intake,
                organ: hall,
            });
        }
        let exit = post(self, "统一出件窗口", &[Role::ExitClerk])?;
        for login in ["exit", "exit2"] {
            let officer = self.officer(login, exit)?;
            self.staff.exit.push(Seated {
                officer,
                post: exit,
                organ: hall,
            });
        }
        let others: [(&str, &str, &[Role]); 6] = [
            ("manager", "大厅管理岗", &[Role::HallManager]),
            ("supervisor", "监督岗", &[Role::Supervisor]),
            ("editor", "事项管理岗", &[Role::CatalogueEditor]),
            ("sysadmin", "系统管理员", &[Role::SystemAdmin]),
            ("secadmin", "安全管理员", &[Role::SecurityAdmin]),
            ("audit", "审计管理员", &[Role::AuditAdmin]),
        ];
        for (login, name, roles) in others {
            let post = post(self, name, roles)?;
            self.officer(login, post)?;
        }
        Ok(())
    }

    fn department(&mut self, number: u32, uscc: &str, name: &str) -> Result<(), Fault> {
        let short = name
            .trim_start_matches("广安市广安区")
            .trim_start_matches("广安市");
        let organ = self.organ(
            uscc,
            name,
            short,
            &format!("D{number:03}"),
            OrganKind::Department,
        )?;
        let prefix = if uscc == BUREAU {
            String::new()
        } else {
            format!("d{number}-")
        };
        let posts: [(&str, &str, &[Role]); 4] = [
            ("reviewer", "审查岗", &[Role::Reviewer]),
            ("legal", "法制审核岗", &[Role::LegalReviewer]),
            ("decider", "审批决定岗", &[Role::Decider]),
            ("consult", "协办岗", &[Role::CoHandler]),
        ];
        for (login, name, roles) in posts {
            let post = identity::add_post(self.tx, organ, name, roles.iter().copied().collect())?;
            for second in ["", "2"] {
                let officer = self.officer(&format!("{prefix}{login}{second}"), post)?;
                for role in roles {
                    let seats = self.staff.by_role.entry((organ, *role)).or_default();
                    seats.push(Seated {
                        officer,
                        post,
                        organ,
                    });
                }
            }
        }
        Ok(())
    }

    fn applicants(&mut self) -> Result<(), Fault> {
        for (login, kind) in [
            ("citizen", PersonKind::Natural),
            ("company", PersonKind::Legal),
        ] {
            let password = self.password(login)?;
            let account = identity::NewAccount {
                login: login.to_owned(),
                password,
            };
            let person = people::person(&self.dice, kind, None);
            let new = identity::NewPerson {
                account: Some(account),
                ..person
            };
            let id = identity::register_person(self.tx, &new)?;
            self.staff.applicants.push((id, kind));
        }
        Ok(())
    }

    fn organ(
        &mut self,
        uscc: &str,
        name: &str,
        short_name: &str,
        dept4: &str,
        kind: OrganKind,
    ) -> Result<OrganId, Fault> {
        let new = NewOrgan {
            uscc: uscc.to_owned(),
            name: name.to_owned(),
            short_name: short_name.to_owned(),
            dept4: dept4.to_owned(),
            region6: REGION.to_owned(),
            kind,
        };
        let id = identity::add_organ(self.tx, &new)?;
        self.staff.organs.insert(uscc.to_owned(), id);
        Ok(id)
    }

    fn officer(&mut self, login: &str, post: PostId) -> Result<OfficerId, Fault> {
        let password = self.password(login)?;
        let name = people::name(&self.dice);
        let new = NewOfficer {
            login: login.to_owned(),
            name,
            password,
        };
        let officer = identity::add_officer(self.tx, &new)?;
        let today = self.tx.today();
        identity::appoint(self.tx, officer, post, today, None)?;
        Ok(officer)
    }

    /// Quick to make and no protection: everybody knows this password anyway.
    fn password(&self, login: &str) -> Result<identity::PasswordHash, Fault> {
        identity::hash_password(self.tx.clock(), PasswordCost::QUICK, login, PASSWORD)
    }
}
