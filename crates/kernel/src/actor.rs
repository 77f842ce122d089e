//! Who does it: the person, the post and organ they act for, and the way they came in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{OfficerId, OrganId, PersonId, PostId, TypedId};

vocabulary! {
    /// What sort of actor.
    pub enum ActorKind {
        /// A citizen or an enterprise's agent.
        Citizen = "citizen",
        /// A member of staff.
        Officer = "officer",
        /// The clock, the importer, the demonstration: nobody in person.
        System = "system",
        /// Somebody who did not say who they are.
        Public = "public",
    }
}

vocabulary! {
    /// The way in (四端融合: 实体一窗, 网上一窗, 掌上办, 基层一窗).
    pub enum Channel {
        /// At a window of the hall 窗口.
        Counter = "counter",
        /// By a desktop browser 电脑端.
        Web = "web",
        /// By phone 移动端.
        Mobile = "mobile",
        /// At a terminal 自助终端.
        Kiosk = "kiosk",
        /// By a program 接口.
        Api = "api",
        /// By post 邮寄.
        Post = "post",
        /// By the system itself.
        System = "system",
    }
}

/// Who acts. An officer who stands in for another (AB角) is `person`; the one they stand in for
/// is `deputizing`: the record shows both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What sort of actor.
    pub kind: ActorKind,
    /// The person: a [`PersonId`] or an [`OfficerId`] by kind.
    pub person: Option<Uuid>,
    /// The post they act from.
    pub post: Option<PostId>,
    /// The organ they act for.
    pub organ: Option<OrganId>,
    /// The officer they stand in for.
    pub deputizing: Option<OfficerId>,
    /// The way in.
    pub channel: Channel,
}

impl Actor {
    /// The system itself: timers, imports, repairs.
    #[must_use]
    pub fn system() -> Self {
        Self::of(ActorKind::System, None, Channel::System)
    }

    /// Somebody unknown.
    #[must_use]
    pub fn public(channel: Channel) -> Self {
        Self::of(ActorKind::Public, None, channel)
    }

    /// A citizen.
    #[must_use]
    pub fn citizen(person: PersonId, channel: Channel) -> Self {
        Self::of(ActorKind::Citizen, Some(person.uuid()), channel)
    }

    /// An officer at a post of an organ.
    #[must_use]
    pub fn officer(officer: OfficerId, post: PostId, organ: OrganId, channel: Channel) -> Self {
        Self {
            post: Some(post),
            organ: Some(organ),
            ..Self::of(ActorKind::Officer, Some(officer.uuid()), channel)
        }
    }

    /// The officer, if an officer acts.
    #[must_use]
    pub fn as_officer(&self) -> Option<OfficerId> {
        self.person
            .filter(|_| self.kind == ActorKind::Officer)
            .map(OfficerId::from_uuid)
    }

    /// The citizen, if a citizen acts.
    #[must_use]
    pub fn as_citizen(&self) -> Option<PersonId> {
        self.person
            .filter(|_| self.kind == ActorKind::Citizen)
            .map(PersonId::from_uuid)
    }

    fn of(kind: ActorKind, person: Option<Uuid>, channel: Channel) -> Self {
        Self {
            kind,
            person,
            post: None,
            organ: None,
            deputizing: None,
            channel,
        }
    }
}
