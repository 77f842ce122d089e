//! What the tests need beyond the Rust toolchain, and how it is fetched when missing.
//!
//! Fails loudly with the command that would help; a missing thing never means a skipped test.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{answers, capture, program, root, run, target};
use crate::{postgres, test::Part};

/// One thing from Debian.
struct Need {
    part: Part,
    what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        part: Part::Rust,
        what: "a PostgreSQL server for the store tests",
        packages: &["postgresql"],
        present: || postgres::programs().is_some(),
    },
    Need {
        part: Part::Rust,
        what: "OpenSSL, which checks our signatures from outside",
        packages: &["openssl"],
        present: || answers("openssl", &["version"]),
    },
    Need {
        part: Part::Rust,
        what: "Python, for the verifier that a citizen runs",
        packages: &["python3"],
        present: || answers("python3", &["--version"]),
    },
    Need {
        part: Part::Browser,
        what: "Node and npm",
        packages: &["nodejs", "npm"],
        present: || answers("node", &["--version"]) && answers("npm", &["--version"]),
    },
    Need {
        part: Part::Browser,
        what: "Chromium",
        packages: &["chromium"],
        present: || chromium().is_some(),
    },
    Need {
        part: Part::Browser,
        what: "a Chinese font for what the browser shows",
        packages: &["fonts-noto-cjk", "fontconfig"],
        present: has_chinese_font,
    },
    Need {
        part: Part::Contract,
        what: "Python with virtual environments",
        packages: &["python3", "python3-venv"],
        present: || answers("python3", &["-c", "import venv, ensurepip"]),
    },
];

/// Fetches from Debian what this part of the tests needs and the machine lacks.
pub(crate) fn debian(part: Part) -> Result<()> {
    let missing: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| need.part == part && !(need.present)())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    for need in &missing {
        println!("missing: {} ({})", need.what, need.packages.join(" "));
    }
    let by_hand = format!("apt-get update && apt-get install {}", packages.join(" "));
    apt(&["update"]).with_context(|| format!("run this by hand: {by_hand}"))?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&packages);
    apt(&install).with_context(|| format!("run this by hand: {by_hand}"))?;
    for need in missing {
        if !(need.present)() {
            bail!("{} is still missing after `{by_hand}`", need.what);
        }
    }
    Ok(())
}

fn apt(words: &[&str]) -> Result<()> {
    if !answers("apt-get", &["--version"]) {
        bail!("apt-get is not on this machine: only Debian is served");
    }
    let mut command = match is_root()? {
        true => program("apt-get", words),
        false => {
            let mut sudo = program("sudo", &["--non-interactive", "apt-get"]);
            sudo.args(words);
            sudo
        }
    };
    run(command.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Whether we run as root.
pub(crate) fn is_root() -> Result<bool> {
    Ok(capture(&mut program("id", &["-u"]))?.trim() == "0")
}

/// The Chromium that Debian ships.
pub(crate) fn chromium() -> Option<PathBuf> {
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    names.iter().map(PathBuf::from).find(|path| path.exists())
}

fn has_chinese_font() -> bool {
    capture(&mut program("fc-list", &[":lang=zh-cn", "family"]))
        .is_ok_and(|families| !families.trim().is_empty())
}

/// Installs the npm packages of `web/` as its lock file names them, unless that was done already.
pub(crate) fn npm_packages() -> Result<()> {
    let web = root().join("web");
    let changed = |path: &Path| {
        std::fs::metadata(path)
            .and_then(|found| found.modified())
            .ok()
    };
    let installed = changed(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && changed(&web.join("package-lock.json")) <= installed {
        return Ok(());
    }
    run(program(
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )
    .current_dir(&web))
    .context("the npm packages of web/ could not be installed")
}

/// The contract tester in a virtual environment of its own; gives its program.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let wanted = include_str!("../contract-requirements.txt");
    let place = target().join("xtask/contract-venv");
    let tester = place.join("bin/schemathesis");
    let mark = place.join("requirements.txt");
    if tester.exists() && std::fs::read_to_string(&mark).is_ok_and(|had| had == wanted) {
        return Ok(tester);
    }
    let folder = place.display().to_string();
    run(&mut program("python3", &["-m", "venv", "--clear", &folder]))?;
    let pip = place.join("bin/pip");
    let list = root()
        .join("xtask/contract-requirements.txt")
        .display()
        .to_string();
    run(&mut program(
        pip,
        &["install", "--quiet", "--requirement", &list],
    ))?;
    std::fs::write(mark, wanted)?;
    Ok(tester)
}
