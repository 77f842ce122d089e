//! The schemes that the product carries as examples 示例方案; origin and licence stand in
//! `data/README.md`.

use kernel::Fault;

use crate::model::SchemeContent;

/// The files, in the order in which they are published.
const FILES: [&str; 3] = [
    include_str!("../data/disability_allowance.json"),
    include_str!("../data/childcare_allowance.json"),
    include_str!("../data/old_age_silent.json"),
];

/// The shipped schemes.
///
/// # Errors
/// [`Fault::Broken`] when a file is damaged, which a test forbids.
pub fn schemes() -> Result<Vec<SchemeContent>, Fault> {
    let read = |file: &&str| serde_json::from_str(file).map_err(Fault::broken);
    FILES.iter().map(read).collect()
}
