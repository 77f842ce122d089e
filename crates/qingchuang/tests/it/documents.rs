//! The lists that reviewers read first are what the program does: every door, the interface, and
//! the wording. `UPDATE_DOCS=1` writes them anew.

use kernel::Clock;
use qingchuang::house::doors;
use qingchuang::openapi;

use crate::hall::halls;

fn compare(file: &str, is: &str) {
    let path = format!("{}/../../docs/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, is).expect("the list can be written");
    }
    let said = std::fs::read_to_string(&path).expect("the list is there");
    assert!(
        said == is,
        "docs/{file} is not what the program does: run with UPDATE_DOCS=1"
    );
}

#[test]
fn every_door_is_listed_with_who_may_enter() {
    let hall = halls("doors", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let lines: Vec<String> = doors(&app).list().iter().map(ToString::to_string).collect();
    compare("doors.txt", &(lines.join("\n") + "\n"));
}

#[test]
fn the_interface_is_documented_as_it_is() {
    let text = serde_json::to_string_pretty(&openapi::document()).expect("it is JSON");
    compare("openapi.json", &(text + "\n"));
}

#[test]
fn every_door_of_the_interface_is_in_its_document() {
    let hall = halls("interface", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let document = openapi::document();
    let missing: Vec<String> = doors(&app)
        .list()
        .iter()
        .filter(|door| door.path.starts_with("/api/v1/"))
        .filter(|door| document["paths"][&door.path][door.method.to_lowercase()].is_null())
        .map(|door| format!("{} {}", door.method, door.path))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}
