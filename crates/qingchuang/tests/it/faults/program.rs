//! The real program as a child process, and clients that speak to it over plain sockets, so that
//! nothing between them hides a fault.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// No answer takes longer than this on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running hall; dropping it kills it as hard as a lost power supply would.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

/// What the program answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// The words that name a hall on the command line.
pub fn place(data: &Path, database: Option<&str>) -> Vec<String> {
    let mut words = vec!["--data".to_owned(), data.display().to_string()];
    if let Some(url) = database {
        words.extend(["--database".to_owned(), url.to_owned()]);
    }
    words
}

impl Program {
    /// Serves a hall and waits until it says where. `limit` is the largest file in blocks of 512
    /// bytes that the program may write, until somebody lifts it.
    pub fn serve(data: &Path, database: Option<&str>, limit: Option<u64>) -> Self {
        let settings = data.join("settings.toml");
        std::fs::write(&settings, "requests_per_minute = 0\n").expect("settings are written");
        let program = env!("CARGO_BIN_EXE_qingchuang");
        let mut command = match limit {
            None => Command::new(program),
            // A write beyond the limit shall be an error, not a signal, as on a full disk.
            Some(blocks) => {
                let mut shell = Command::new("sh");
                let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
                shell.args(["-c", &script, program]);
                shell
            }
        };
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(&settings)
            .args(place(data, database))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("it was piped");
        let said = BufReader::new(stdout).lines();
        let address = said
            .map(|line| line.expect("it speaks text"))
            .find_map(|line| {
                let address = line.strip_prefix("http://")?.trim_end_matches('/');
                address.parse().ok()
            });
        let address = address.expect("it says where it listens");
        Self { child, address }
    }

    /// Which process it is.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once: SIGKILL, no last words.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _it_may_have_ended = self.child.wait();
    }
}

/// Sends one request on a connection of its own; an error when the program is gone before the
/// whole answer came.
pub fn post(to: SocketAddr, path: &str, key: &str, body: &str) -> std::io::Result<Answer> {
    post_as(to, "", path, key, body)
}

/// As [`post`], by whoever has logged in with a token.
pub fn post_as(
    to: SocketAddr,
    token: &str,
    path: &str,
    key: &str,
    body: &str,
) -> std::io::Result<Answer> {
    let pass = match token {
        "" => String::new(),
        token => format!("Authorization: Bearer {token}\r\n"),
    };
    let mut stream = TcpStream::connect_timeout(&to, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n\
         {pass}Idempotency-Key: {key}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let broken = || std::io::Error::other("half an answer");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split_whitespace().nth(1).ok_or_else(broken)?;
    let status = status.parse().map_err(std::io::Error::other)?;
    let expected = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let same = name.eq_ignore_ascii_case("content-length");
        same.then(|| value.trim().parse::<usize>().ok()).flatten()
    });
    if expected.is_some_and(|expected| expected != body.len()) {
        return Err(broken());
    }
    let body = body.to_owned();
    Ok(Answer { status, body })
}

/// Runs a subcommand to its end.
pub fn run(words: &[&str], place: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingchuang"));
    let output = command
        .args(words)
        .args(place)
        .stdin(Stdio::null())
        .output();
    output.expect("the program runs")
}

/// The ledger verifies to the last row, and every record is its replay.
pub fn verify(data: &Path, database: Option<&str>) {
    let place = place(data, database);
    for words in [
        &["ledger", "verify", "--deep", "--json"][..],
        &["ledger", "rebuild", "--compare", "--json"][..],
    ] {
        let output = run(words, &place);
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report in JSON");
        assert_eq!(report["findings"], serde_json::json!([]), "{words:?}");
        assert!(output.status.success(), "{words:?}");
    }
}
