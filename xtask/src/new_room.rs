//! Lays out the furniture of a new room, so that it starts like every other.
//!
//! Only files with something to hold are made; the others of the furniture come when needed.

use anyhow::{Context, Result, bail};

use crate::shell::root;

/// Where rooms stand: above the rim, below the roof.
pub(crate) const ROOM_FLOORS: std::ops::RangeInclusive<u32> = 4..=10;

/// `cargo xtask new-room NAME FLOOR`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let [name, floor] = words else {
        bail!("say which room: cargo xtask new-room NAME FLOOR")
    };
    let floor: u32 = floor.parse().context("a floor is a whole number")?;
    if !ROOM_FLOORS.contains(&floor) {
        bail!("rooms stand on floors 4 to 10; a new floor wants a decision page first");
    }
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_lowercase()) {
        bail!("a room is named by one English noun in lower case, as in GLOSSARY.md");
    }
    let place = root().join("crates").join(name);
    if place.exists() {
        bail!("crates/{name} exists");
    }
    for (path, text) in furniture(name, floor) {
        let path = place.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    register(name)?;
    println!("crates/{name} stands on floor {floor}. Next: its README, its noun in GLOSSARY.md,");
    println!("its rules in src/decide.rs, and its line in crates/qingchuang/src/house.rs.");
    Ok(())
}

fn furniture(name: &str, floor: u32) -> Vec<(String, String)> {
    let noun = noun(name);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\n\
         [package.metadata.qingchuang]\nfloor = {floor}\n\n[dependencies]\n\
         kernel.workspace = true\n\n[lints]\nworkspace = true\n"
    );
    let readme = format!(
        "# {name}\n\n**Purpose.** What a visitor gets done in this room.\n\n\
         **Words.** `{noun}`: what it is.\n\n**Rules.** One sentence each, with the statute.\n\n\
         **Laws.** What the rules rest on.\n"
    );
    let door = "//! The door of the room: what others may call, one function per use case.\n\n\
                pub mod decide;\npub mod model;\n\n#[cfg(test)]\nmod tests;\n";
    let model = format!(
        "//! The nouns of the room.\n\nkernel::id!(\n    /// Key of a {name}.\n    {noun}Id,\n    \
         \"{name}\"\n);\n\n/// One {name}.\n#[derive(Debug, Clone, PartialEq, Eq)]\n\
         pub struct {noun} {{\n    /// Its key.\n    pub id: {noun}Id,\n}}\n"
    );
    let decide = format!(
        "//! Every rule of a {name}, and nothing else: no clock, no database, no HTTP.\n\n\
         use crate::model::{noun}Id;\n\n\
         /// Past tense, and no free text: an event is public for ever.\n\
         #[derive(Debug, Clone, PartialEq, Eq)]\npub enum Event {{\n    /// It began.\n    \
         Opened {{\n        /// Its key.\n        id: {noun}Id,\n    }},\n}}\n"
    );
    let tests = "//! The rules of the room, one test a sentence.\n";
    vec![
        ("Cargo.toml".to_owned(), manifest),
        ("README.md".to_owned(), readme),
        (
            "messages.toml".to_owned(),
            format!("# Wording of this room: {name}.key.\n"),
        ),
        ("src/lib.rs".to_owned(), door.to_owned()),
        ("src/model.rs".to_owned(), model),
        ("src/decide.rs".to_owned(), decide),
        ("src/tests.rs".to_owned(), tests.to_owned()),
    ]
}

fn noun(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// Adds the room to the crates that others may name.
fn register(name: &str) -> Result<()> {
    const BEFORE: &str = "# rim\n";
    let path = root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path)?;
    if !text.contains(BEFORE) {
        bail!("Cargo.toml has no line `# rim`: add {name} to the workspace dependencies by hand");
    }
    let line = format!("{name} = {{ path = \"crates/{name}\" }}\n");
    std::fs::write(path, text.replacen(BEFORE, &format!("{line}{BEFORE}"), 1))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_room_has_the_furniture_and_names_its_noun() {
        let made = furniture("notice", 7);
        let paths: Vec<&str> = made.iter().map(|(path, _)| path.as_str()).collect();
        for path in [
            "Cargo.toml",
            "README.md",
            "src/lib.rs",
            "src/model.rs",
            "src/decide.rs",
        ] {
            assert!(paths.contains(&path), "{path}");
        }
        assert!(made.iter().any(|(_, text)| text.contains("floor = 7")));
        assert!(
            made.iter()
                .any(|(_, text)| text.contains("pub struct Notice {"))
        );
    }

    #[test]
    fn a_room_without_a_plain_name_or_off_the_floors_is_refused() {
        for words in [
            ["Notice", "7"],
            ["notice", "3"],
            ["notice", "high"],
            ["", "7"],
        ] {
            let words: Vec<String> = words.map(str::to_owned).to_vec();
            assert!(command(&words).is_err(), "{words:?}");
        }
    }
}
