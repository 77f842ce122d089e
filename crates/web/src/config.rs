//! Every setting of the rim with its default. The roof's configuration file fills it in.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::SignedDuration;

use crate::access::Access;

/// How the rim behaves.
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// Signs cookies, cursors and form tokens; the same on every node.
    pub secret: [u8; 32],
    /// The public address, e.g. `https://zw.example.gov.cn`. With `https` cookies are `Secure`
    /// and browsers are told to stay with it. `None` for a demonstration on the loopback.
    pub origin: Option<String>,
    /// Whose word about the client's address (`X-Forwarded-For`) is taken.
    pub trusted_proxies: Vec<Network>,
    /// Who may read `/metrics`, beside the machine itself.
    pub operators: Vec<Network>,
    /// How long a log-in lasts.
    pub sessions: SessionPolicy,
    /// How much at once, how large, how long.
    pub limits: Limits,
    /// The main menu of the public pages and of the desk.
    pub nav: Vec<NavEntry>,
    /// The pages of one's own affairs, shown as tabs on each of them.
    pub mine: Vec<NavEntry>,
    /// Where uploads lie until they are kept or dropped.
    pub scratch: PathBuf,
}

impl AppConfig {
    /// The defaults with a secret.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            origin: None,
            trusted_proxies: Vec::new(),
            operators: Vec::new(),
            sessions: SessionPolicy::default(),
            limits: Limits::default(),
            nav: Vec::new(),
            mine: Vec::new(),
            scratch: std::env::temp_dir(),
        }
    }

    /// Whether pages are served over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin
            .as_deref()
            .is_some_and(|origin| origin.starts_with("https://"))
    }
}

/// How long a log-in lasts (等保三级: idle staff are logged out).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Staff without a click.
    pub officer_idle: SignedDuration,
    /// Staff altogether.
    pub officer_whole: SignedDuration,
    /// Citizens without a click.
    pub citizen_idle: SignedDuration,
    /// Citizens altogether.
    pub citizen_whole: SignedDuration,
    /// How many log-ins one officer may have at once; a new one ends the oldest.
    pub officer_at_once: usize,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            officer_idle: SignedDuration::from_mins(30),
            officer_whole: SignedDuration::from_hours(12),
            citizen_idle: SignedDuration::from_hours(2),
            citizen_whole: SignedDuration::from_hours(12),
            officer_at_once: 3,
        }
    }
}

/// How much at once, how large, how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// A form without files, in bytes.
    pub form_bytes: usize,
    /// A JSON body, in bytes.
    pub json_bytes: usize,
    /// One uploaded file, in bytes.
    pub file_bytes: u64,
    /// All of one upload, in bytes.
    pub upload_bytes: u64,
    /// How many files one form may carry.
    pub files: usize,
    /// How many fields one form may carry.
    pub fields: usize,
    /// How long a request may take, in seconds.
    pub request_seconds: u64,
    /// How long an upload may take, in seconds.
    pub upload_seconds: u64,
    /// How long a client may take to say what it wants, and to say the next thing, in seconds.
    pub head_seconds: u64,
    /// How many connections may be open at once; more wait.
    pub connections: usize,
    /// Requests from one address; `None` for no limit.
    pub general: Option<Rate>,
    /// Attempts to log in, from one address and for one account; `None` for no limit.
    pub login: Option<Rate>,
    /// Uploads from one address; `None` for no limit.
    pub upload: Option<Rate>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            form_bytes: 1 << 20,
            json_bytes: 1 << 20,
            file_bytes: 50 << 20,
            upload_bytes: 200 << 20,
            files: 20,
            fields: 2000,
            request_seconds: 30,
            upload_seconds: 900,
            head_seconds: 30,
            connections: 4096,
            general: Some(Rate::new(3000, 600)),
            login: Some(Rate::new(10, 10)),
            upload: Some(Rate::new(60, 60)),
        }
    }
}

/// A token bucket: `burst` at once, refilled with `per_minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many a minute in the long run.
    pub per_minute: u32,
    /// How many at once.
    pub burst: u32,
}

impl Rate {
    /// A rate; both at least one.
    #[must_use]
    pub fn new(per_minute: u32, burst: u32) -> Self {
        Self {
            per_minute: per_minute.max(1),
            burst: burst.max(1),
        }
    }
}

/// A line of the main menu. Shown to those whom `access` admits; on the desk when `href` leads
/// there, else on the public pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Where it leads.
    pub href: &'static str,
    /// The key of its wording.
    pub key: &'static str,
    /// Who sees it.
    pub access: Access,
}

/// A network in CIDR notation, e.g. `10.0.0.0/8`; a bare address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
}

/// A text that is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address or a network such as 10.0.0.0/8")]
pub struct WrongNetwork(String);

impl Network {
    /// Whether an address belongs to the network.
    #[must_use]
    pub fn holds(self, address: IpAddr) -> bool {
        let apart = number(address) ^ self.base;
        apart.leading_zeros() >= self.bits
    }
}

impl FromStr for Network {
    type Err = WrongNetwork;

    fn from_str(text: &str) -> Result<Self, WrongNetwork> {
        let wrong = || WrongNetwork(text.chars().take(60).collect());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        if width < bits {
            return Err(wrong());
        }
        Ok(Self {
            base: number(address),
            bits: 128 - width + bits,
        })
    }
}

/// An address as a number; IPv4 in its IPv6 clothes.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_ipv6_mapped()),
        IpAddr::V6(address) => u128::from(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_other() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.holds(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("127.0.0.1", "127.0.0.1"));
        assert!(!holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("127.0.0.0/8", "::ffff:127.0.0.9"));
        assert!(holds("2001:db8::/32", "2001:db8::1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8"));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "a/8", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
