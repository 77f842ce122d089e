//! Every setting, its default, its meaning. A file in TOML, then the command line over it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use seal::Suite;
use serde::Deserialize;

/// Where a hall lies when nothing else is said.
pub const DATA_DEFAULT: &str = "qingchuang-data";
/// Where a hall listens when nothing else is said: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

/// The settings of one node.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The data folder: keys, files, search index, and the embedded store.
    pub data: PathBuf,
    /// A PostgreSQL address in place of the embedded store.
    pub database: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The public address, e.g. `https://zw.example.gov.cn`; `https` makes cookies `Secure`.
    pub public_address: Option<String>,
    /// The name of the ledger, for ever; used when the ledger is made.
    pub ledger_name: String,
    /// `sm3-sm2` or `sha256-ed25519`; used when the ledger is made.
    pub suite: Suite,
    /// How many connections read at once; on PostgreSQL also how many write.
    pub connections: usize,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// Networks that may read `/metrics`, beside this machine.
    pub operators: Vec<String>,
    /// Requests a minute from one address; 0 for no limit.
    pub requests_per_minute: u32,
    /// The relay for mail; letters stay in the inbox without.
    pub mail: Option<Mail>,
    /// The gateway for SMS; letters stay in the inbox without.
    pub sms: Option<Sms>,
    /// Whether the three administrators must log in with a second factor 动态码 (等保三级).
    pub administrators_need_codes: bool,
}

/// The hall's relay for mail (SMTP without TLS: a relay of the hall's own network).
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name or address.
    pub relay: String,
    /// Its port.
    #[serde(default = "mail_port")]
    pub port: u16,
    /// Who the mails come from.
    pub from: String,
    /// The login at the relay, where it asks for one.
    pub login: Option<String>,
    /// The password at the relay.
    pub password: Option<String>,
}

fn mail_port() -> u16 {
    25
}

/// The hall's gateway for SMS: one HTTP request a letter.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Its `http` address.
    pub gateway: String,
    /// What is sent, a JSON text into which `{phone}`, `{text}` and `{id}` are put.
    pub body: String,
    /// What is sent as `Authorization`, where the gateway asks for it.
    pub authorization: Option<String>,
}

/// Passwords never reach a log line.
impl std::fmt::Debug for Mail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Mail({}:{})", self.relay, self.port)
    }
}

/// Passwords never reach a log line.
impl std::fmt::Debug for Sms {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Sms({})", self.gateway)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from(DATA_DEFAULT),
            database: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_address: None,
            ledger_name: "qingchuang/hall".to_owned(),
            suite: Suite::ShangMi,
            connections: 8,
            trusted_proxies: Vec::new(),
            operators: Vec::new(),
            requests_per_minute: 3000,
            mail: None,
            sms: None,
            administrators_need_codes: true,
        }
    }
}

impl Config {
    /// The settings of a file, or the defaults.
    ///
    /// # Errors
    /// When the file cannot be read or holds something that is no setting.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the settings in {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("in the settings {}", file.display()))
    }
}
