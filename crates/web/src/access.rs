//! Who may enter: roles, the three kinds of visitor, and the access that each door states.
//!
//! Rights over single records (one's own case, one's own organ) are SQL predicates of the
//! rooms; here stands only who may knock at a door at all.

use std::collections::BTreeSet;
use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::{Actor, Channel, OfficerId, OrganId, PersonId, PostId};

use crate::app::App;
use crate::fault::Failure;
use crate::session::Step;
use crate::visit::Visit;

kernel::vocabulary! {
    /// What a post lets its holder do 岗位角色. Front, back and exit are three (三分离).
    pub enum Role {
        /// Takes applications at a window 窗口受理.
        IntakeClerk = "intake_clerk",
        /// Reviews 审查.
        Reviewer = "reviewer",
        /// Reviews the law of it 法制审核 (行政许可法).
        LegalReviewer = "legal_reviewer",
        /// Decides 审批决定.
        Decider = "decider",
        /// Hands out results 出件.
        ExitClerk = "exit_clerk",
        /// Gives an opinion for another department 协办.
        CoHandler = "co_handler",
        /// Watches and asks 监督 (纪检监察).
        Supervisor = "supervisor",
        /// Runs the hall 大厅管理.
        HallManager = "hall_manager",
        /// Keeps the catalogue 事项管理.
        CatalogueEditor = "catalogue_editor",
        /// Runs the system 系统管理员 (三员分立).
        SystemAdmin = "system_admin",
        /// Grants rights 安全管理员 (三员分立).
        SecurityAdmin = "security_admin",
        /// Reads what the other two did 审计管理员 (三员分立).
        AuditAdmin = "audit_admin",
    }
}

/// A post that an officer holds, or stands in at 岗位.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The post.
    pub post: PostId,
    /// Its name, for people.
    pub post_name: String,
    /// The organ it belongs to.
    pub organ: OrganId,
    /// Its name, for people.
    pub organ_name: String,
    /// What the post may do.
    pub roles: BTreeSet<Role>,
    /// The officer stood in for (AB 角), if any.
    pub deputizing: Option<OfficerId>,
}

/// A member of staff 工作人员 who has logged in. They act from one seat at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Who.
    pub id: OfficerId,
    /// Their name, for people.
    pub name: String,
    /// Every post they hold or stand in at.
    pub seats: Vec<Seat>,
    /// The seat they act from, counted from 0.
    pub active: usize,
    /// The way in.
    pub channel: Channel,
}

impl Officer {
    /// The seat they act from.
    #[must_use]
    pub fn seat(&self) -> Option<&Seat> {
        self.seats.get(self.active)
    }

    /// Whether the seat they act from has a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.seat().is_some_and(|seat| seat.roles.contains(&role))
    }

    /// The post they act from.
    #[must_use]
    pub fn post(&self) -> Option<PostId> {
        self.seat().map(|seat| seat.post)
    }

    /// The organ they act for.
    #[must_use]
    pub fn organ(&self) -> Option<OrganId> {
        self.seat().map(|seat| seat.organ)
    }

    /// The organs of all their seats.
    #[must_use]
    pub fn organs(&self) -> BTreeSet<OrganId> {
        self.seats.iter().map(|seat| seat.organ).collect()
    }

    /// The actor that the ledger shows.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.seat() {
            Some(seat) => Actor {
                deputizing: seat.deputizing,
                ..Actor::officer(self.id, seat.post, seat.organ, self.channel)
            },
            None => Actor {
                kind: kernel::ActorKind::Officer,
                person: Some(kernel::TypedId::uuid(self.id)),
                ..Actor::public(self.channel)
            },
        }
    }
}

/// A citizen or an enterprise's agent 申请人 who has logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// Who.
    pub id: PersonId,
    /// Their name, for people.
    pub name: String,
    /// The way in.
    pub channel: Channel,
}

impl Citizen {
    /// The actor that the ledger shows.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::citizen(self.id, self.channel)
    }
}

/// Whoever stands at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// A member of staff.
    Officer(Officer),
    /// A citizen.
    Citizen(Citizen),
    /// Somebody who did not say who they are.
    Public(Channel),
}

impl Visitor {
    /// Their name, for people.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Visitor::Officer(officer) => Some(&officer.name),
            Visitor::Citizen(citizen) => Some(&citizen.name),
            Visitor::Public(_) => None,
        }
    }

    /// The officer, if one stands there.
    #[must_use]
    pub fn officer(&self) -> Option<&Officer> {
        match self {
            Visitor::Officer(officer) => Some(officer),
            Visitor::Citizen(_) | Visitor::Public(_) => None,
        }
    }

    /// The citizen, if one stands there.
    #[must_use]
    pub fn citizen(&self) -> Option<&Citizen> {
        match self {
            Visitor::Citizen(citizen) => Some(citizen),
            Visitor::Officer(_) | Visitor::Public(_) => None,
        }
    }
}

/// Who can be the actor of a write.
pub trait AsActor {
    /// The actor that the ledger shows.
    fn as_actor(&self) -> Actor;
}

impl AsActor for Actor {
    fn as_actor(&self) -> Actor {
        self.clone()
    }
}

impl AsActor for Officer {
    fn as_actor(&self) -> Actor {
        self.actor()
    }
}

impl AsActor for Citizen {
    fn as_actor(&self) -> Actor {
        self.actor()
    }
}

impl AsActor for Visitor {
    fn as_actor(&self) -> Actor {
        match self {
            Visitor::Officer(officer) => officer.actor(),
            Visitor::Citizen(citizen) => citizen.actor(),
            Visitor::Public(channel) => Actor::public(*channel),
        }
    }
}

impl<A: AsActor> AsActor for &A {
    fn as_actor(&self) -> Actor {
        (**self).as_actor()
    }
}

/// Who may enter by a door. Stated where the door is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody who has logged in.
    SignedIn,
    /// Anybody who has logged in, and whoever must take this step before they have.
    Step(Step),
    /// Citizens.
    Citizen,
    /// Officers whose seat has the role.
    Officer(Role),
    /// Officers whose seat has one of the roles.
    Roles(&'static [Role]),
    /// Officers.
    AnyOfficer,
}

impl Access {
    /// As [`Access::admit`], and lets whoever must take a step in where it is taken.
    ///
    /// # Errors
    /// As [`Access::admit`].
    pub(crate) fn admit_visit(self, visit: &Visit) -> Result<(), Failure> {
        let due = visit.session().and_then(|session| session.step);
        match (self, due) {
            (Access::Step(step), Some(due)) if step == due => Ok(()),
            _ => self.admit(visit.visitor()),
        }
    }

    /// Lets the visitor in or says why not: log in first; 404 for what citizens need not know
    /// of; 403 where another seat or account would do.
    ///
    /// # Errors
    /// The failure to answer with.
    pub fn admit(self, visitor: &Visitor) -> Result<(), Failure> {
        let seated = |officer: &Officer, roles: &[Role]| {
            if roles.iter().any(|role| officer.has(*role)) {
                Ok(())
            } else {
                Err(Failure::forbidden("access.role_missing"))
            }
        };
        match (self, visitor) {
            (Access::Public, _)
            | (Access::SignedIn | Access::Step(_), Visitor::Officer(_) | Visitor::Citizen(_))
            | (Access::Citizen, Visitor::Citizen(_))
            | (Access::AnyOfficer, Visitor::Officer(_)) => Ok(()),
            (_, Visitor::Public(_)) => Err(Failure::unauthenticated()),
            (Access::Citizen, Visitor::Officer(_)) => {
                Err(Failure::forbidden("access.citizens_only"))
            }
            (Access::Officer(role), Visitor::Officer(officer)) => seated(officer, &[role]),
            (Access::Roles(roles), Visitor::Officer(officer)) => seated(officer, roles),
            (_, Visitor::Citizen(_)) => Err(Failure::not_found()),
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Access::Public => out.write_str("public"),
            Access::SignedIn => out.write_str("signed_in"),
            Access::Step(step) => write!(out, "signed_in|step:{step}"),
            Access::Citizen => out.write_str("citizen"),
            Access::AnyOfficer => out.write_str("officer"),
            Access::Officer(role) => write!(out, "officer:{role}"),
            Access::Roles(roles) => {
                out.write_str("officer:")?;
                for (index, role) in roles.iter().enumerate() {
                    let joint = if index == 0 { "" } else { "|" };
                    write!(out, "{joint}{role}")?;
                }
                Ok(())
            }
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        Ok(Visit::of(parts)?.visitor().clone())
    }
}

impl FromRequestParts<App> for Officer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        match Visit::of(parts)?.visitor() {
            Visitor::Officer(officer) => Ok(officer.clone()),
            Visitor::Citizen(_) => Err(Failure::not_found()),
            Visitor::Public(_) => Err(Failure::unauthenticated()),
        }
    }
}

impl FromRequestParts<App> for Citizen {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        match Visit::of(parts)?.visitor() {
            Visitor::Citizen(citizen) => Ok(citizen.clone()),
            Visitor::Officer(_) => Err(Failure::forbidden("access.citizens_only")),
            Visitor::Public(_) => Err(Failure::unauthenticated()),
        }
    }
}
