//! For tests of all rooms: an empty schema on the throwaway PostgreSQL server.

use postgres::{Client, NoTls};

/// Makes an empty schema, named after the test and the process, and gives the address that
/// works in it.
///
/// # Panics
/// When the server cannot be reached: a test that cannot run must fail.
#[must_use]
pub fn schema(url: &str, name: &str) -> String {
    let name = format!("{name}_{}", std::process::id());
    let mut client = Client::connect(url, NoTls).expect("the test server must be reachable");
    client
        .batch_execute(&format!(
            "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"
        ))
        .expect("the test server must make a schema");
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{name}")
}
