//! Backups are taken from a hall that is open, believed only when nothing in them has changed,
//! and make the same hall again, on either store.

use std::path::{Path, PathBuf};

use qingchuang::config::Config;
use qingchuang::house::{House, Mode};
use serde_json::Value;

use crate::operations::{ask, lived, run};

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// Restores with `--json`; answers the exit code and what was printed.
fn restore(backup: &Path, data: &Path, more: &[&str]) -> (i32, Value) {
    let words = ["restore", text(backup), "--data", text(data), "--json"];
    let output = run(&[&words[..], more].concat());
    let said = String::from_utf8(output.stdout).expect("output is text");
    let said = serde_json::from_str(&said).unwrap_or(Value::Null);
    (output.status.code().expect("it ends by itself"), said)
}

fn ledger(data: &Path) -> Value {
    let (code, said) = ask(data, &["ledger", "verify"]);
    assert_eq!(code, 0, "{said}");
    said
}

/// A file of the backup's store, the largest.
fn store_file(backup: &Path) -> PathBuf {
    let is_store = |path: &PathBuf| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.starts_with("store-"))
    };
    let folder = std::fs::read_dir(backup).expect("the backup is there");
    let folder = folder.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let folder = folder.filter(is_store).last().expect("it holds a store");
    let files = std::fs::read_dir(folder).expect("the store is there");
    let files = files.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let size = |path: &PathBuf| std::fs::metadata(path).map(|found| found.len()).ok();
    files.max_by_key(size).expect("it holds a file")
}

#[test]
fn a_hall_that_is_open_is_backed_up_and_the_copy_is_the_same_ledger() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = lived(folder.path());
    let config = Config {
        data: data.clone(),
        ..Config::default()
    };
    let open = House::open(&config, kernel::Clock::real(), Mode::Write).expect("it opens");
    let backup = folder.path().join("backup");
    let (code, first) = ask(&data, &["backup", text(&backup)]);
    assert_eq!((code, &first["ok"]), (0, &true.into()), "{first}");
    let (code, second) = ask(&data, &["backup", text(&backup)]);
    assert_eq!((code, &second["files"]), (0, &first["files"]), "{second}");
    let stores = std::fs::read_dir(&backup).expect("the backup is there");
    let stores = stores.filter_map(|entry| entry.ok());
    let stores = stores.filter(|entry| entry.file_name().to_string_lossy().starts_with("store-"));
    assert_eq!(stores.count(), 1, "the last store alone is kept");
    drop(open);

    let new = folder.path().join("new");
    assert_eq!(restore(&backup, &new, &[]).0, 1, "without keys");
    assert!(!new.exists());
    let keys = data.join("keys");
    let (code, said) = restore(&backup, &new, &["--keys", text(&keys)]);
    assert_eq!((code, &said["ok"]), (0, &true.into()), "{said}");
    assert_eq!(ledger(&new), ledger(&data));
    assert_eq!(
        restore(&backup, &new, &["--keys", text(&keys)]).0,
        1,
        "not empty"
    );
    let (code, said) = ask(&new, &["ledger", "verify", "--deep"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_backup_in_which_one_byte_changed_is_refused_with_the_file_named() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = lived(folder.path());
    let backup = folder.path().join("backup");
    let words = ["backup", text(&backup), "--with-keys"];
    assert_eq!(ask(&data, &words).0, 0);
    let new = folder.path().join("new");
    let path = store_file(&backup);
    let good = std::fs::read(&path).expect("the store is read");
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::write(&path, &bad).expect("the store is written");
    let (code, said) = restore(&backup, &new, &[]);
    assert_eq!(
        (code, &said["findings"][0]["code"]),
        (1, &"backup.changed".into())
    );
    let named = said["findings"][0]["where"].as_str().expect("a name");
    assert_eq!(backup.join(named), path);
    std::fs::remove_file(&path).expect("the store is removed");
    let (code, said) = restore(&backup, &new, &[]);
    assert_eq!(
        (code, &said["findings"][0]["code"]),
        (1, &"backup.missing".into())
    );
    std::fs::write(&path, &good).expect("the store is written");

    let manifest = backup.join("manifest.json");
    let whole = std::fs::read_to_string(&manifest).expect("the manifest is read");
    let forged = whole.replacen("\"lines\": ", "\"lines\": 1", 1);
    std::fs::write(&manifest, forged).expect("the manifest is written");
    let (code, said) = restore(&backup, &new, &[]);
    assert_eq!(
        (code, &said["findings"][0]["code"]),
        (1, &"backup.not_signed".into())
    );
    assert!(!new.exists(), "nothing was made");
    std::fs::write(&manifest, whole).expect("the manifest is written");
    assert_eq!(restore(&backup, &new, &[]).0, 0);
}

/// A line that waits for its place lies differently in the two stores.
fn leave_a_line_unsealed(data: &Path) {
    let config = Config {
        data: data.to_owned(),
        ..Config::default()
    };
    let house = House::open(&config, kernel::Clock::real(), Mode::Write).expect("it opens");
    let cause = house.db.cause(kernel::Actor::system());
    let noted = house.db.write(cause, |tx| {
        operations::note_export(tx, "cases", "test", "备份", 0)
    });
    noted.expect("the line is written");
}

#[test]
fn a_portable_backup_makes_the_same_hall_on_either_store() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = lived(folder.path());
    leave_a_line_unsealed(&data);
    let backup = folder.path().join("backup");
    let words = ["backup", text(&backup), "--with-keys", "--portable"];
    let (code, said) = ask(&data, &words);
    assert_eq!((code, &said["store"]), (0, &"tables".into()), "{said}");
    let new = folder.path().join("new");
    let (code, said) = restore(&backup, &new, &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(ledger(&new), ledger(&data));
    let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") else {
        return;
    };
    let url = db::testing::schema(&url, "house_restored");
    let on_server = folder.path().join("on_server");
    let (code, said) = restore(&backup, &on_server, &["--database", &url]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = ask(&on_server, &["ledger", "verify", "--database", &url]);
    assert_eq!((code, &said), (0, &ledger(&data)), "{said}");
    let back = folder.path().join("back");
    let again = folder.path().join("again");
    let words = ["backup", text(&again), "--with-keys", "--database", &url];
    let (code, said) = ask(&on_server, &words);
    assert_eq!(code, 0, "{said}");
    assert_eq!(restore(&again, &back, &[]).0, 0);
    assert_eq!(ledger(&back), ledger(&data));
    let used = folder.path().join("used");
    assert_eq!(
        restore(&backup, &used, &["--database", &url]).0,
        1,
        "tables are there"
    );
}
