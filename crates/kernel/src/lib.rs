//! Words every room shares: ids, values, time, actors, faults, bounded texts, money.
//!
//! Deliberately absent: any rule of any room, any I/O beyond the system clock and
//! the system's randomness in [`clock`].

pub mod id;
#[macro_use]
pub mod vocabulary;
pub mod actor;
mod chance;
pub mod clock;
pub mod fault;
pub mod lang;
pub mod money;
pub mod text;
pub mod value;

pub use actor::{Actor, ActorKind, Channel};
pub use clock::Clock;
pub use fault::{Fault, Problem, Refusal, Refused};
pub use id::TypedId;
pub use lang::Lang;
pub use money::Money;
pub use value::{FromValue, ToValue, Value, WrongValue};

#[doc(hidden)]
pub use {serde, uuid};

id!(
    /// One command: what a visitor asked once, however many events it caused.
    CommandId,
    "cmd"
);
id!(
    /// A citizen or an enterprise's agent 申请人: anybody who is not staff.
    PersonId,
    "person"
);
id!(
    /// A member of staff 工作人员.
    OfficerId,
    "officer"
);
id!(
    /// A post 岗位: what an officer is appointed to; tasks are offered to posts.
    PostId,
    "post"
);
id!(
    /// A public body 机关: department, bureau, hall.
    OrganId,
    "organ"
);
