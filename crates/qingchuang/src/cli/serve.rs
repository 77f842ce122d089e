//! `qingchuang serve` runs a hall; `qingchuang demo` furnishes one first when there is none.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use kernel::Clock;

use super::ledger::Where;
use super::{Ending, print_line};
use crate::config::{Config, DATA_DEFAULT};
use crate::house::{House, Mode, doors};
use crate::jobs::Jobs;
use crate::seed;

/// Runs a hall.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Where,
    /// Where to listen.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

/// Furnishes a demonstration hall and runs it.
#[derive(Debug, Args)]
pub struct Demo {
    /// The data folder; kept, so that the next start is quick.
    #[arg(long, default_value = DATA_DEFAULT)]
    data: PathBuf,
    /// A PostgreSQL address in place of the embedded store.
    #[arg(long)]
    database: Option<String>,
    /// Where to listen.
    #[arg(long, default_value = crate::config::LISTEN_DEFAULT)]
    listen: SocketAddr,
    /// Furnishes and stops.
    #[arg(long)]
    furnish_only: bool,
}

/// Runs a hall until it is told to stop.
///
/// # Errors
/// When the hall cannot be opened or the address is taken.
pub fn run(serve: &Serve) -> anyhow::Result<Ending> {
    let mut config = serve.place.settings()?;
    if let Some(listen) = serve.listen {
        config.listen = listen;
    }
    open_for_visitors(&config, |_| Ok(()))
}

/// Furnishes a demonstration hall when the folder holds none, and runs it.
///
/// # Errors
/// As [`run`].
pub fn run_demo(demo: &Demo) -> anyhow::Result<Ending> {
    let mut config = Config {
        data: demo.data.clone(),
        listen: demo.listen,
        ..Config::default()
    };
    config.database.clone_from(&demo.database);
    // Whoever tries the hall needs no phone for it.
    config.administrators_need_codes = false;
    config.ledger_name = "qingchuang.example/guangan-demo".to_owned();
    seed::furnish_if_empty(&config)?;
    if demo.furnish_only {
        return Ok(Ending::Good);
    }
    open_for_visitors(&config, seed::print_welcome)
}

fn open_for_visitors(
    config: &Config,
    welcome: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<Ending> {
    let house = House::open(config, Clock::real(), Mode::Write)?;
    let app = house.app(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(config.listen))
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let jobs = Jobs::start(&house.db)?;
    let address = listener.local_addr()?;
    welcome(address)?;
    print_line(&format!("http://{address}/"))?;
    runtime.block_on(web::serve::serve(doors(&app), listener, stopped()));
    drop(jobs);
    crate::jobs::seal_all(&house.db, 0)?;
    Ok(Ending::Good)
}

/// Waits for Ctrl-C or the service manager's word.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "the service manager cannot be heard"),
        }
    }
    if let Err(error) = interrupted.await {
        tracing::warn!(%error, "Ctrl-C cannot be heard");
    }
}
