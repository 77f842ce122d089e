//! A throwaway PostgreSQL server for the store tests: no durability, no password, loopback only.
//!
//! It lives in the folder for temporary files, where the unprivileged user that must run it can
//! reach it, and goes away with us, also when we fail or are killed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::need::is_root;
use crate::shell::{answers, program, run};

const START_SECONDS_MAX: u64 = 60;
const STOP_SECONDS_MAX: u64 = 15;
/// Where Debian keeps the server programs, one folder a version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";
const VERSION_MIN: u32 = 15;
/// What the tests do not need costs them time.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=64MB",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
];

/// A running server; dropping it stops it and removes its files.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    port: u16,
}

/// The folder of server programs: the newest version of Debian's, at least 15.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN_FOLDER).ok()?;
    versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
            let programs = path.join("bin");
            (VERSION_MIN <= version && programs.join("initdb").exists())
                .then_some((version, programs))
        })
        .max()
        .map(|(_, programs)| programs)
}

impl Server {
    /// Starts a fresh server on a free port.
    pub(crate) fn start() -> Result<Server> {
        let programs = programs().context("no PostgreSQL server on this machine")?;
        let name = format!("qingchuang-pg-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {folder:?}"))?;
        let user = match is_root()? {
            true => Some(if answers("id", &["-u", "postgres"]) {
                "postgres"
            } else {
                "nobody"
            }),
            false => None,
        };
        if let Some(user) = user {
            run(program("chown", &[user]).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut init = as_user(user, &programs.join("initdb"), &folder);
        init.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]);
        init.arg("--no-sync")
            .arg("--pgdata")
            .arg(&data)
            .stdout(Stdio::null());
        run(&mut init)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut serve = as_user(user, &programs.join("postgres"), &folder);
        serve.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            serve.args(["-c", setting]);
        }
        let log = std::fs::File::create(folder.join("log"))?;
        serve.stdout(log.try_clone()?).stderr(log);
        let child = serve.spawn().context("cannot start postgres")?;
        let server = Server {
            child,
            folder,
            port,
        };
        server.wait_until_ready(&programs)?;
        Ok(server)
    }

    /// Where the tests find it; the user may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&self, programs: &Path) -> Result<()> {
        let ready = programs.join("pg_isready").display().to_string();
        let port = self.port.to_string();
        let start = Instant::now();
        while !answers(&ready, &["-q", "-h", "127.0.0.1", "-p", &port]) {
            if START_SECONDS_MAX < start.elapsed().as_secs() {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start within {START_SECONDS_MAX} s:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = answers("kill", &["-INT", &self.child.id().to_string()]);
        let start = Instant::now();
        while stopped
            && matches!(self.child.try_wait(), Ok(None))
            && start.elapsed().as_secs() < STOP_SECONDS_MAX
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        let gone = self.child.kill().and_then(|()| self.child.wait().map(drop));
        let removed = std::fs::remove_dir_all(&self.folder);
        for trouble in [gone.err(), removed.err()].into_iter().flatten() {
            eprintln!(
                "after the tests: {} of PostgreSQL: {trouble}",
                self.folder.display()
            );
        }
    }
}

/// PostgreSQL refuses to run as root; a server started by root dies with us by the kernel's hand.
fn as_user(user: Option<&str>, path: &Path, folder: &Path) -> Command {
    let mut command = match user {
        None => program(path, &[]),
        Some(user) => {
            let group = if user == "nobody" { "nogroup" } else { user };
            let mut other = program("setpriv", &["--clear-groups", "--pdeathsig=INT"]);
            other
                .arg(format!("--reuid={user}"))
                .arg(format!("--regid={group}"))
                .arg(path);
            other
        }
    };
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throwaway_server_answers_and_leaves_nothing_behind() {
        let server = Server::start().unwrap();
        let (folder, port) = (server.folder.clone(), server.port);
        assert!(
            server
                .url()
                .ends_with(&format!("@127.0.0.1:{port}/postgres"))
        );
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(server);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
