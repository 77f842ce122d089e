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

/// Makes an empty database, named after the test and the process, and gives its address: for
/// tests that end connections of their own and of nobody else.
///
/// # Panics
/// When the server cannot be reached: a test that cannot run must fail.
#[must_use]
pub fn database(url: &str, name: &str) -> String {
    let name = format!("{name}_{}", std::process::id());
    let mut client = Client::connect(url, NoTls).expect("the test server must be reachable");
    for sql in [
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("CREATE DATABASE {name}"),
    ] {
        client
            .batch_execute(&sql)
            .expect("the test server must make a database");
    }
    let (server, _) = url.rsplit_once('/').expect("an address names a database");
    format!("{server}/{name}")
}

/// Ends every other connection to the database of an address; answers how many there were.
///
/// # Panics
/// As [`database`].
#[must_use]
pub fn end_connections(url: &str) -> usize {
    let mut client = Client::connect(url, NoTls).expect("the test server must be reachable");
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ended = client.query(sql, &[]);
    ended.expect("the test server must end connections").len()
}
