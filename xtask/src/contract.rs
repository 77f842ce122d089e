//! The API contract: schemathesis asks every operation of our own OpenAPI document for trouble.
//!
//! Runs when `docs/openapi.json` exists; `xtask/schemathesis.toml`, where it exists, holds the
//! tester's settings (log-in, limits). Asks only the hall that it starts on the loopback address.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::need;
use crate::shell::{binary, program, root, run, target};

const READY_SECONDS_MAX: u64 = 300;
/// Questions an operation is asked.
const EXAMPLES: &str = "25";

/// Whether there is a contract to check.
pub(crate) fn is_described() -> bool {
    root().join("docs/openapi.json").exists()
}

/// Starts a demo hall, asks, stops the hall.
pub(crate) fn check() -> Result<()> {
    let tester = need::schemathesis()?;
    let hall = Hall::open()?;
    let mut ask = program(tester, &[]);
    let settings = root().join("xtask/schemathesis.toml");
    if settings.exists() {
        ask.arg("--config-file").arg(settings);
    }
    ask.args(["run", &format!("http://{}/api/openapi.json", hall.address)]);
    ask.args([
        "--checks",
        "not_a_server_error",
        "--seed",
        "1",
        "--max-examples",
        EXAMPLES,
    ]);
    run(&mut ask)
}

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
        let mut demo = program(binary(), &["demo", "--listen", &address, "--data"]);
        let log = std::fs::File::create(folder.join("log"))?;
        demo.arg(folder.join("data"))
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = demo
            .stdin(Stdio::null())
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
        let Ok(mut door) = TcpStream::connect(&self.address) else {
            return false;
        };
        let question = format!("GET /readyz HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
        let mut answer = [0; 15];
        door.write_all(question.as_bytes()).is_ok()
            && door.read_exact(&mut answer).is_ok()
            && answer.get(9..12) == Some(b"200")
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
