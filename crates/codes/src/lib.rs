//! The numbers that government paper carries: who (credit code, citizen ID), where (region), what
//! (item codes), which (case number, e-certificate identifier, project code). Each is a newtype
//! that can only be made by its check: a value of the type is a promise that the check was passed.
//!
//! Deliberately absent: clocks (today is a parameter), look-ups over a network, and any judgement
//! on whether the person or body behind a well-formed number exists.

mod case_number;
mod check;
mod citizen_id;
mod code_error;
mod ecert_id;
mod item_code;
pub mod mod37_36;
mod project_code;
mod query_code;
mod region_code;
mod region_table;
mod scan;
mod uscc;

pub use case_number::CaseNumber;
pub use check::{Kind, UnknownKind, Verdict, check};
pub use citizen_id::{CitizenId, Sex};
pub use code_error::{Allowed, CodeError};
pub use ecert_id::EcertId;
pub use item_code::{CatalogCode, HandlingCode, ItemCode, LocalItemCode, TaskCode};
pub use project_code::ProjectCode;
pub use query_code::QueryCode;
pub use region_code::{RegionCode, RegionLevel};
pub use region_table::{Region, RegionRow, RegionTable, Standing};
pub use uscc::{InnerCheck, RegisteringAuthority, Uscc};
