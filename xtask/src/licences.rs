//! Licences of everything the program and its pages are built on.
//!
//! A licence passes when its expression can be satisfied with the list below. Deliberately
//! absent: security advisories; their database is out of reach here.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::{capture, cargo, root};

/// Licences that ask for no more than their notice, or dedicate to the public.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Copyleft by file: used unchanged, so nothing of ours falls under it. Each package by name.
const MPL: &[&str] = &[
    "webauthn-rs",
    "webauthn-rs-core",
    "webauthn-rs-proto",
    "axe-core",
];

/// Packages whose licence is no expression of the list; each was read.
const READ: &[(&str, &str)] = &[
    (
        "bpmn-js",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js-boxed-expression",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js-decision-table",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js-drd",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js-literal-expression",
        "MIT-like with a watermark that our pages leave visible",
    ),
    (
        "dmn-js-shared",
        "MIT-like with a watermark that our pages leave visible",
    ),
    ("component-props", "MIT, said in its Readme only"),
];

/// `cargo xtask licences`.
pub(crate) fn command() -> Result<()> {
    let mut packages = cargo_packages()?;
    packages.extend(npm_packages()?);
    let mut refused = Vec::new();
    for (name, licence) in &packages {
        let known = READ.iter().any(|(read, _)| read == name);
        if !known && !passes(licence, MPL.contains(&name.as_str())) {
            refused.push(format!("{name}: {licence:?}"));
        }
    }
    if !refused.is_empty() {
        bail!(
            "licences not on the list of xtask/src/licences.rs; read them, then add the licence \
             or the package, or choose another package:\n{}",
            refused.join("\n")
        );
    }
    println!(
        "{} packages, all under licences of the list",
        packages.len()
    );
    Ok(())
}

fn cargo_packages() -> Result<Vec<(String, String)>> {
    let metadata = capture(&mut cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--locked",
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    Ok(packages
        .iter()
        .map(|package| (text(&package["name"]), text(&package["license"])))
        .collect())
}

fn npm_packages() -> Result<Vec<(String, String)>> {
    let Ok(lock) = std::fs::read_to_string(root().join("web/package-lock.json")) else {
        return Ok(Vec::new());
    };
    let lock: Value = serde_json::from_str(&lock).context("web/package-lock.json")?;
    let packages = lock["packages"]
        .as_object()
        .context("web/package-lock.json: no packages")?;
    Ok(packages
        .iter()
        .filter_map(|(place, package)| {
            let name = place.rsplit_once("node_modules/")?.1;
            Some((name.to_owned(), text(&package["license"])))
        })
        .collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whether an SPDX expression (or the older form with slashes) can be satisfied.
fn passes(expression: &str, mpl_allowed: bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let outcome = either(&words, &mut at, mpl_allowed);
    outcome && at == words.len()
}

fn either(words: &[&str], at: &mut usize, mpl: bool) -> bool {
    let mut outcome = both(words, at, mpl);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        outcome |= both(words, at, mpl);
    }
    outcome
}

fn both(words: &[&str], at: &mut usize, mpl: bool) -> bool {
    let mut outcome = one(words, at, mpl);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        outcome &= one(words, at, mpl);
    }
    outcome
}

fn one(words: &[&str], at: &mut usize, mpl: bool) -> bool {
    let found = words.get(*at);
    // Past the end the count no longer equals the words, so a broken expression never passes.
    *at += 1;
    let Some(word) = found else { return false };
    if *word == "(" {
        let outcome = either(words, at, mpl);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return outcome && closed;
    }
    let mut licence = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    PERMISSIVE.contains(&licence.as_str()) || (mpl && licence == "MPL-2.0")
}

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn one_permissive_choice_is_enough() {
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR GPL-3.0",
            "Apache-2.0 / MIT / MPL-2.0",
        ] {
            assert!(passes(licence, false), "{licence}");
        }
        assert!(passes(
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            false
        ));
    }

    #[test]
    fn every_part_of_a_conjunction_must_pass() {
        assert!(passes("(MIT OR Apache-2.0) AND Unicode-3.0", false));
        assert!(!passes("(MIT OR Apache-2.0) AND GPL-2.0", false));
    }

    #[test]
    fn copyleft_by_file_passes_only_for_the_packages_named() {
        assert!(passes("MPL-2.0", true));
        assert!(!passes("MPL-2.0", false));
    }

    #[test]
    fn a_missing_or_broken_expression_does_not_pass() {
        for licence in [
            "",
            "MIT OR",
            "(MIT",
            "MIT)",
            "AND",
            "SEE LICENSE IN LICENSE",
        ] {
            assert!(!passes(licence, true), "{licence}");
        }
    }
}
