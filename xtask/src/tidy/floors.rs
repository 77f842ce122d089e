//! Floors: a crate stands only on lower ones, its tests included; floor 0 on nothing of ours.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::shell::{capture, cargo};

/// What is wrong with the floors, as `cargo metadata` tells them.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let words = [
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ];
    let metadata = capture(&mut cargo(&words))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    Ok(examine(packages))
}

pub(crate) fn examine(packages: &[Value]) -> Vec<Finding> {
    let name = |package: &Value| package["name"].as_str().unwrap_or_default().to_owned();
    let floors: BTreeMap<String, Option<u64>> = packages
        .iter()
        .map(|package| {
            (
                name(package),
                package["metadata"]["qingchuang"]["floor"].as_u64(),
            )
        })
        .collect();
    let mut findings = Vec::new();
    for package in packages {
        let own = name(package);
        let path = match own.as_str() {
            "xtask" => "xtask/Cargo.toml".to_owned(),
            room => format!("crates/{room}/Cargo.toml"),
        };
        let Some(Some(floor)) = floors.get(&own) else {
            let remedy = "say where it stands: [package.metadata.qingchuang] floor = N";
            findings.push(Finding::new(&path, 1, "floors", remedy));
            continue;
        };
        for beneath in package["dependencies"].as_array().into_iter().flatten() {
            let other = name(beneath);
            if let Some(Some(other_floor)) = floors.get(&other)
                && floor <= other_floor
            {
                let remedy = format!(
                    "floor {floor} may not stand on `{other}`, floor {other_floor}: \
                     reads go down, news goes up through flow.rs"
                );
                findings.push(Finding::new(&path, 1, "floors", remedy));
            }
        }
    }
    findings
}
