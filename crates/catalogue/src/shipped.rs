//! What the product carries: fully modelled items, the list of a real district, topics and the
//! words people use. Origin and licence of each file stand in `data/README.md`.

use crate::model::{ContentFault, ItemContent};

/// The real list of 广安区, 1135 items, as a table for [`crate::import`].
pub const DISTRICT_LIST: &[u8] = include_bytes!("../data/guangan_district_items.csv");

/// A topic 主题 under which people look for items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Identifier, used in addresses.
    pub id: &'static str,
    /// For whom: `person` or `business`.
    pub audience: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
}

/// A word of daily life and the words items use for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// What people type, such as 开饭店.
    pub word: &'static str,
    /// What the catalogue says, such as 食品经营许可.
    pub means: Vec<&'static str>,
}

/// All topics in the order of display.
pub fn topics() -> Vec<Topic> {
    rows(include_str!("../data/topics.csv"))
        .filter_map(|row| match row.as_slice() {
            [id, audience, zh, en] => Some(Topic {
                id,
                audience,
                zh,
                en,
            }),
            _ => None,
        })
        .collect()
}

/// All synonyms.
pub fn synonyms() -> Vec<Synonym> {
    rows(include_str!("../data/synonyms.csv"))
        .filter_map(|row| match row.as_slice() {
            [word, means] => Some(Synonym {
                word,
                means: means.split('|').collect(),
            }),
            _ => None,
        })
        .collect()
}

/// The fully modelled items, in the order of their file names.
pub fn items() -> Result<Vec<ItemContent>, ContentFault> {
    ITEMS
        .iter()
        .map(|(_, json)| ItemContent::read(json.as_bytes()))
        .collect()
}

/// Rows of our own plain tables: no quotes, no commas inside a cell, a heading to skip.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| line.split(',').collect())
}

/// File name and text of every modelled item.
pub const ITEMS: &[(&str, &str)] = &[
    (
        "company_registration.json",
        include_str!("../data/items/company_registration.json"),
    ),
    (
        "construction_permit.json",
        include_str!("../data/items/construction_permit.json"),
    ),
    (
        "construction_planning_permit.json",
        include_str!("../data/items/construction_planning_permit.json"),
    ),
    (
        "disability_certificate.json",
        include_str!("../data/items/disability_certificate.json"),
    ),
    (
        "felling_permit.json",
        include_str!("../data/items/felling_permit.json"),
    ),
    (
        "fireworks_retail_licence.json",
        include_str!("../data/items/fireworks_retail_licence.json"),
    ),
    (
        "food_business_licence.json",
        include_str!("../data/items/food_business_licence.json"),
    ),
    (
        "individual_business_registration.json",
        include_str!("../data/items/individual_business_registration.json"),
    ),
    (
        "minimum_living_allowance.json",
        include_str!("../data/items/minimum_living_allowance.json"),
    ),
    (
        "old_age_allowance.json",
        include_str!("../data/items/old_age_allowance.json"),
    ),
    (
        "outdoor_advertising.json",
        include_str!("../data/items/outdoor_advertising.json"),
    ),
    (
        "public_place_hygiene_licence.json",
        include_str!("../data/items/public_place_hygiene_licence.json"),
    ),
    (
        "road_freight_licence.json",
        include_str!("../data/items/road_freight_licence.json"),
    ),
    (
        "road_occupation.json",
        include_str!("../data/items/road_occupation.json"),
    ),
    (
        "vocational_school.json",
        include_str!("../data/items/vocational_school.json"),
    ),
];
