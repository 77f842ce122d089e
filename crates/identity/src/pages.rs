//! HTML of identity, one file per visitor: `entry` everybody, `profile`, `account` and `code`
//! whoever logged in, `desk` staff, `admin`, `officer`, `grants` and `traces` the three
//! administrators.
//!
//! Deliberately absent: any rule; a refusal that belongs to a field is shown beside it.

use kernel::{Fault, Problem};

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod code;
pub(crate) mod desk;
pub(crate) mod entry;
pub(crate) mod erasure;
pub(crate) mod grants;
pub(crate) mod keeping;
pub(crate) mod officer;
pub(crate) mod profile;
pub(crate) mod traces;

/// A refusal as the problem of a field, so that the form comes back filled in; any other fault
/// as it is.
pub(crate) fn beside(fault: Fault, field: &str) -> Fault {
    match fault {
        Fault::Refused(refused) => Fault::Invalid(vec![Problem {
            field: field.to_owned(),
            code: refused.code,
            params: refused.params,
        }]),
        other => other,
    }
}
