//! Politeness: robots.txt first, one host at its own pace, and every redirect asked about anew.
//!
//! | question | module |
//! |---|---|
//! | what became of an address, redirects and all? | `visit` |
//! | is it our turn? | `turn`, by the `pace` of the `host` and of the network `address` |
//! | what are the origin's rules, and since when? | `rules` asks, `standing` keeps them for a while |
//! | what do they say? | [`robots`], `tdmrep`, both by `pattern` |
//! | what does the page itself ask for? | [`optout`] |
//! | what is remembered from run to run? | `memory` |

mod address;
mod host;
mod memory;
pub mod optout;
mod pace;
mod pattern;
pub mod robots;
mod rules;
mod standing;
mod tdmrep;
mod turn;
mod visit;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::Error;
use crate::config::Config;
use crate::fetch::{Client, Failure, Response, Validators};
use address::Address;
use host::Host;
use standing::{InForce, Standing};

pub use host::Tally;
pub use memory::{Report, report};
pub use tdmrep::Reservation;
pub use visit::Visit;

/// The name by which robots.txt files address gleaner.
pub const PRODUCT_TOKEN: &str = "gleaner";

/// Hosts kept in memory before idle ones are forgotten; about 10 MB of them.
const MAX_HOSTS: usize = 8192;

/// Hosts come in between two looks for idle ones.
const SWEEP_EVERY: usize = 1024;

/// Fetches pages as their hosts wish; shared by all tasks of a process, cheap to clone.
#[derive(Debug, Clone)]
pub struct Polite {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: Client,
    config: Config,
    hosts: Mutex<HashMap<String, Arc<Slot>>>,
    addresses: Mutex<HashMap<IpAddr, Arc<Address>>>,
    /// Exchanges that may be under way, over all hosts. Nobody holds one while waiting for a turn.
    exchanges: Semaphore,
}

/// An origin with its connections.
#[derive(Debug)]
struct Slot {
    connections: Semaphore,
    host: Mutex<Host>,
    standing: Mutex<Standing>,
    /// Where the host lives, once it is known.
    address: Mutex<Option<Arc<Address>>>,
    /// Held while robots.txt is fetched, so that it is fetched once.
    asking: tokio::sync::Mutex<()>,
}

/// Whether an address may be fetched, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it may.
    pub allowed: bool,
    /// The rule or fact that decides, for people.
    pub why: String,
    /// Time between two requests to the host.
    pub delay: Duration,
    /// `Sitemap` lines of the host's robots.txt.
    pub sitemaps: Vec<String>,
    /// `Content-Usage` and `Content-Signal` lines that hold for us.
    pub usage: Vec<String>,
    /// The state of robots.txt in a few words.
    pub robots: String,
}

impl Polite {
    /// Politeness as configured.
    ///
    /// # Errors
    /// When the configuration cannot be used for fetching.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            inner: Arc::new(Inner {
                client: Client::new(config)?,
                config: config.clone(),
                hosts: Mutex::default(),
                addresses: Mutex::default(),
                exchanges: Semaphore::new(config.fetch.concurrency.max(1)),
            }),
        })
    }

    /// Waits until the address's host may be asked, with its robots.txt and `tdmrep.json` read, so
    /// that a visit begins at once.
    ///
    /// # Errors
    /// The instant at which to try again, when that is more than `patience` away: others wait for
    /// the same network address, or the host asked for quiet.
    pub async fn ready(&self, url: &Url, patience: Duration) -> Result<(), Instant> {
        if !matches!(url.scheme(), "http" | "https") {
            return Ok(());
        }
        let slot = self.slot(url);
        // Here and below: what keeps us from the host is said by the visit itself.
        let Ok(address) = self.address(url, &slot).await else {
            return Ok(());
        };
        let soon = || {
            let host = lock(&slot.host).ready_at();
            let at = address
                .as_ref()
                .map_or(host, |address| host.max(address.ready_at()));
            if at.saturating_duration_since(Instant::now()) > patience {
                return Err(at);
            }
            Ok(host)
        };
        soon()?;
        if self.permission(url).is_none() {
            match self.rules(url, &slot).await {
                Ok(InForce::Rules(robots)) => self.ask_reservations(url, &slot, &robots).await,
                _ => return Ok(()),
            }
        }
        tokio::time::sleep_until(soon()?).await;
        Ok(())
    }

    /// Whether an address may be fetched, as `gleaner check` reports it.
    pub async fn verdict(&self, url: &Url) -> Verdict {
        let slot = self.slot(url);
        let outcome = self.check_robots(url, &slot).await;
        let delay = lock(&slot.host).delay();
        let standing = lock(&slot.standing);
        let sitemaps = match standing.in_force(now_ms()) {
            InForce::Rules(robots) => robots.sitemaps.clone(),
            _ => Vec::new(),
        };
        let (allowed, why) = match outcome {
            Ok(why) => (true, why),
            Err(failure) => (false, failure.reason),
        };
        Verdict {
            allowed,
            why,
            delay,
            sitemaps,
            usage: standing.usage().to_vec(),
            robots: standing.words(now_ms()),
        }
    }

    /// `Sitemap` lines of the host's robots.txt.
    pub async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.rules(url, &self.slot(url)).await {
            Ok(InForce::Rules(robots)) => robots
                .sitemaps
                .iter()
                .filter_map(|address| url.join(address).ok())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// One request to one address, when robots.txt and the host's pace let it.
    async fn hop(&self, url: &Url, known: &Validators) -> Result<Response, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            // The client says why; no robots.txt can be asked.
            return self.inner.client.get(url, known).await;
        }
        let slot = self.slot(url);
        self.check_robots(url, &slot).await?;
        self.request(url, known, None, &slot).await
    }

    fn min_delay_s(&self, url: &Url) -> f64 {
        let site = self
            .inner
            .config
            .site
            .get(url.host_str().unwrap_or_default());
        site.and_then(|site| site.min_delay_s)
            .unwrap_or(self.inner.config.politeness.min_delay_s)
    }

    fn slot(&self, url: &Url) -> Arc<Slot> {
        let mut hosts = lock(&self.inner.hosts);
        let origin = origin(url);
        if let Some(slot) = hosts.get(&origin) {
            lock(&slot.host).touched_at = Instant::now();
            return Arc::clone(slot);
        }
        if hosts.len() >= MAX_HOSTS && hosts.len().is_multiple_of(SWEEP_EVERY) {
            hosts.retain(|_, slot| Arc::strong_count(slot) > 1 || !lock(&slot.host).is_idle());
            lock(&self.inner.addresses).retain(|_, address| Arc::strong_count(address) > 1);
        }
        let connections = self.inner.config.politeness.connections_per_host.max(1) as usize;
        let slot = Arc::new(Slot {
            connections: Semaphore::new(connections),
            host: Mutex::new(Host::new(self.min_delay_s(url))),
            standing: Mutex::default(),
            address: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        });
        hosts.insert(origin, Arc::clone(&slot));
        slot
    }
}

/// An address's path with its query, as rules are matched against it.
fn path(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Scheme, host and port: what a robots.txt and a pace hold for.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Nothing panics while it holds these locks; if something did, the data is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
