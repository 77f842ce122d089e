//! The API contract: schemathesis asks every operation of our own OpenAPI document for trouble,
//! once as nobody and then as visitors who may enter.
//!
//! Runs when `docs/openapi.json` exists; `xtask/schemathesis.toml` holds the tester's settings
//! and the reasons for every check that is left out. Asks only the hall that it starts on the
//! loopback address. Absent on purpose: links between operations; stories are told in Rust.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};

use crate::need;
use crate::shell::{binary, program, root, run, target};

const READY_SECONDS_MAX: u64 = 300;
/// Questions an operation is asked, beside those about the edges of each parameter.
const EXAMPLES: &str = "10";
/// Who asks beside nobody, and which doors: those that say more to them than "no".
const VISITORS: [(&str, &str); 5] = [
    ("citizen", "^/api/v1/(applications|uploads|cases|me)"),
    ("clerk", "^/api/v1/(applications|uploads|tasks|cases)"),
    ("decider", "^/api/v1/(cases|tasks)"),
    ("manager", "^/api/v1/board"),
    ("editor", "^/api/v1/items"),
];
/// The password of all demonstration accounts.
const PASSWORD: &str = "Qingchuang-2026";

/// Whether there is a contract to check.
pub(crate) fn is_described() -> bool {
    root().join("docs/openapi.json").exists()
}

/// Starts a demo hall, asks, stops the hall.
pub(crate) fn check() -> Result<()> {
    let tester = need::schemathesis()?;
    let hall = Hall::open()?;
    // All log in first: the tester's guesses use up the attempts that an address has.
    let mut passes = vec![("nobody", "", String::new())];
    for (login, doors) in VISITORS {
        passes.push((login, doors, hall.log_in(login)?));
    }
    hall.list_known_things(&passes)?;
    let mut failed = Vec::new();
    for (login, doors, token) in &passes {
        println!("asking as {login}");
        let mut ask = program(&tester, &["--config-file"]);
        ask.arg(hall.folder.join(SETTINGS)).arg("run");
        ask.arg(format!("http://{}/api/openapi.json", hall.address));
        ask.args(["--seed", "1", "--max-examples", EXAMPLES]);
        if !token.is_empty() {
            ask.arg("--header")
                .arg(format!("Authorization: Bearer {token}"));
            ask.args(["--include-path-regex", doors]);
        }
        if let Err(error) = run(ask.current_dir(&hall.folder)) {
            failed.push(format!("as {login}: {error}"));
        }
    }
    if !failed.is_empty() {
        let log = std::fs::read_to_string(hall.folder.join("log")).unwrap_or_default();
        bail!("the contract is broken\n{}\n{log}", failed.join("\n"));
    }
    Ok(())
}

const SETTINGS: &str = "schemathesis.toml";

/// A demo hall in a folder of its own; dropping it closes it.
struct Hall {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Hall {
    fn open() -> Result<Hall> {
        let folder = target().join(format!("xtask/contract-hall-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let data = folder.join("data").display().to_string();
        let log = std::fs::File::create(folder.join("log"))?;
        let furnish = ["demo", "--furnish-only", "--data", &data];
        run(program(binary(), &furnish).stdout(log.try_clone()?))?;
        // The demo's settings but for the limit on requests: nobody else is kept waiting here.
        let settings = format!(
            "data = {}\nlisten = {}\nrequests_per_minute = 0\n",
            json!(data),
            json!(address),
        );
        std::fs::write(folder.join("hall.toml"), settings)?;
        std::fs::copy(root().join("xtask").join(SETTINGS), folder.join(SETTINGS))?;
        let mut serve = program(binary(), &["serve", "--config"]);
        serve.arg(folder.join("hall.toml"));
        let child = serve
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the demo hall")?;
        let mut hall = Hall {
            child,
            address,
            folder,
        };
        hall.wait_until_ready()?;
        Ok(hall)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while !self.is_ready() {
            let ended = self.child.try_wait()?;
            if ended.is_some() || READY_SECONDS_MAX < start.elapsed().as_secs() {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("the demo hall did not open ({ended:?}):\n{log}");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        self.ask("GET /readyz", "", "").is_ok()
    }

    /// Logs in; gives the token.
    fn log_in(&self, login: &str) -> Result<String> {
        let body = json!({ "login": login, "password": PASSWORD }).to_string();
        let answer = self.ask("POST /api/v1/login", "", &body)?;
        let answer: Json = serde_json::from_str(&answer)?;
        let token = answer["token"].as_str();
        token.map(str::to_owned).context("the hall gave no token")
    }

    /// Writes down what the hall holds, so that questions go beyond "there is no such thing".
    fn list_known_things(&self, passes: &[(&str, &str, String)]) -> Result<()> {
        let manager = passes.iter().find(|(login, ..)| *login == "manager");
        let token = manager.map_or("", |(.., token)| token);
        let lists = [
            ("cases.txt", "GET /api/v1/board/cases?limit=20", "id"),
            ("items.txt", "GET /api/v1/items?limit=20", "code"),
        ];
        for (file, question, field) in lists {
            let answer: Json = serde_json::from_str(&self.ask(question, token, "")?)?;
            let things = answer["items"].as_array().into_iter().flatten();
            let things: Vec<String> = things
                .filter_map(|thing| thing[field].as_str())
                .map(|thing| format!("{}\n", json!(thing)))
                .collect();
            if things.is_empty() {
                bail!("the demo hall holds nothing for {file}");
            }
            std::fs::write(self.folder.join(file), things.concat())?;
        }
        Ok(())
    }

    /// Asks and gives the body of the answer; anything but 200 is an error.
    fn ask(&self, question: &str, token: &str, body: &str) -> Result<String> {
        let mut door = TcpStream::connect(&self.address)?;
        let length = body.len();
        let mut request = format!("{question} HTTP/1.0\r\nHost: {}\r\n", self.address);
        if !token.is_empty() {
            request += &format!("Authorization: Bearer {token}\r\n");
        }
        if !body.is_empty() {
            request += &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }
        write!(door, "{request}\r\n{body}")?;
        let mut answer = String::new();
        door.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        if head.get(9..12) != Some("200") {
            bail!("{question}: {}", head.lines().next().unwrap_or_default());
        }
        Ok(body.to_owned())
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        let closed = self.child.kill().and_then(|()| self.child.wait().map(drop));
        let removed = std::fs::remove_dir_all(&self.folder);
        for trouble in [closed.err(), removed.err()].into_iter().flatten() {
            eprintln!("after the contract check: {trouble}");
        }
    }
}
