//! Politeness: robots.txt is asked first, also for each redirect, and each host is asked at its own delay.
//!
//! | question | module |
//! |---|---|
//! | what became of an address, redirects and all? | `visit` |
//! | when may the host be asked? | `request`, by the `rate_limiter`s of the `host_state` and the `ip_queue` |
//! | what are the origin's rules, and since when? | `robots_fetch` asks, `robots_cache` keeps them for a while |
//! | what do they say? | [`robots`], `tdmrep`, both by `path_pattern` |
//! | what does the page itself ask for? | [`optout`] |
//! | what is remembered from run to run? | `saved_state` |

mod host_state;
mod ip_queue;
pub mod optout;
mod path_pattern;
mod rate_limiter;
mod request;
pub mod robots;
mod robots_cache;
mod robots_fetch;
mod saved_state;
mod tdmrep;
mod visit;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::Error;
use crate::config::Config;
use crate::fetch::{Client, FetchFailure, FetchResponse, Validators, lock};
use crate::frontier::Clock;
use host_state::HostState;
use ip_queue::IpQueue;
use robots_cache::{RobotsCache, RobotsStatus};

pub use host_state::HostTally;
pub use saved_state::HostReport;
pub use saved_state::host_reports;
pub use tdmrep::TdmReservation;
pub use visit::Visit;

/// The name by which robots.txt files address gleaner.
const PRODUCT_TOKEN: &str = "gleaner";

/// Hosts kept in memory before idle ones are forgotten; about 10 MB of them.
const MAX_HOSTS: usize = 8192;

/// New hosts between two searches for idle ones.
const SWEEP_EVERY: usize = 1024;

/// Fetches pages by robots.txt and at each host's delay; shared by all tasks of a process, cheap to clone.
#[derive(Debug, Clone)]
pub struct PoliteClient {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: Client,
    config: Config,
    clock: Clock,
    hosts: Mutex<HashMap<String, Arc<OriginState>>>,
    ip_queues: Mutex<HashMap<IpAddr, Arc<IpQueue>>>,
    /// Permits for the exchanges that may be under way, over all hosts. None is held while waiting for a
    /// host's turn.
    exchanges: Semaphore,
}

/// What is known of one origin (scheme, host and port) while a run lasts.
#[derive(Debug)]
struct OriginState {
    connections: Semaphore,
    host: Mutex<HostState>,
    robots_cache: Mutex<RobotsCache>,
    /// The queue of the host's network address, once that is known.
    ip_queue: Mutex<Option<Arc<IpQueue>>>,
    /// Held while robots.txt or `tdmrep.json` is fetched, so that each is fetched once.
    fetching_rules: tokio::sync::Mutex<()>,
}

/// Whether an address may be fetched, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessCheck {
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

impl PoliteClient {
    /// A client that is as polite as configured.
    ///
    /// # Errors
    /// When the configuration cannot be used for fetching.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Self::with_clock(config, Clock::system())
    }

    /// The same for a run with a clock of its own, by which rules and complaints grow old.
    pub(crate) fn with_clock(config: &Config, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            inner: Arc::new(Inner {
                client: Client::new(config)?,
                config: config.clone(),
                clock,
                hosts: Mutex::default(),
                ip_queues: Mutex::default(),
                exchanges: Semaphore::new(config.fetch.concurrency.max(1)),
            }),
        })
    }

    /// Waits until the address's host may be asked, and reads its robots.txt and `tdmrep.json` if need be,
    /// so that a visit can begin at once. When that would take longer than `patience`, because others wait
    /// for the same network address or the host asked to be left alone, fails with the time to try again.
    pub(crate) async fn ready(&self, url: &Url, patience: Duration) -> Result<(), Instant> {
        if !matches!(url.scheme(), "http" | "https") {
            return Ok(());
        }
        let state = self.state(url);
        // Here and below: whatever fails fails again in the visit, which reports it.
        let Ok(ip) = self.ip_queue(url, &state).await else {
            return Ok(());
        };
        let soon = || {
            let host = lock(&state.host).ready_at();
            let at = ip.as_ref().map_or(host, |ip| host.max(ip.ready_at()));
            if at.saturating_duration_since(Instant::now()) > patience {
                return Err(at);
            }
            Ok(host)
        };
        soon()?;
        if self.permission(url).is_none() {
            match self.robots_status(url, &state).await {
                Ok(RobotsStatus::Rules(robots)) => {
                    self.ask_reservations(url, &state, &robots).await;
                }
                _ => return Ok(()),
            }
        }
        tokio::time::sleep_until(soon()?).await;
        Ok(())
    }

    /// Whether an address may be fetched, as `gleaner check` reports it; asks for robots.txt if need be.
    pub async fn check_access(&self, url: &Url) -> AccessCheck {
        let state = self.state(url);
        let outcome = self.check_robots(url, &state).await;
        let delay = lock(&state.host).delay();
        let robots_cache = lock(&state.robots_cache);
        let sitemaps = match robots_cache.status(self.now_ms()) {
            RobotsStatus::Rules(robots) => robots.sitemaps.clone(),
            _ => Vec::new(),
        };
        let (allowed, why) = match outcome {
            Ok(why) => (true, why),
            Err(failure) => (false, failure.reason),
        };
        AccessCheck {
            allowed,
            why,
            delay,
            sitemaps,
            usage: robots_cache.usage().to_vec(),
            robots: robots_cache.summary(self.now_ms()),
        }
    }

    /// `Sitemap` lines of the host's robots.txt.
    pub(crate) async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.robots_status(url, &self.state(url)).await {
            Ok(RobotsStatus::Rules(robots)) => robots
                .sitemaps
                .iter()
                .filter_map(|address| url.join(address).ok())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// One request to one address, if robots.txt allows it, at the host's delay.
    async fn request_if_allowed(
        &self,
        url: &Url,
        known: &Validators,
    ) -> Result<FetchResponse, FetchFailure> {
        if !matches!(url.scheme(), "http" | "https") {
            // The client says why; no robots.txt can be asked.
            return self.inner.client.get(url, known, None).await;
        }
        let state = self.state(url);
        self.check_robots(url, &state).await?;
        self.request(url, known, None, &state).await
    }

    fn now_ms(&self) -> i64 {
        self.inner.clock.now_ms()
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

    /// Sets a host's delay after a response that took `latency`, or when its Crawl-delay is known.
    fn set_delay(
        &self,
        url: &Url,
        host: &mut HostState,
        latency: Option<Duration>,
        crawl_delay_s: f64,
    ) {
        let politeness = &self.inner.config.politeness;
        host.set_delay(latency, crawl_delay_s, self.min_delay_s(url), politeness);
    }

    fn state(&self, url: &Url) -> Arc<OriginState> {
        let mut hosts = lock(&self.inner.hosts);
        let origin = origin(url);
        if let Some(state) = hosts.get(&origin) {
            lock(&state.host).used_at = Instant::now();
            return Arc::clone(state);
        }
        if hosts.len() >= MAX_HOSTS && hosts.len().is_multiple_of(SWEEP_EVERY) {
            hosts.retain(|_, state| Arc::strong_count(state) > 1 || !lock(&state.host).is_idle());
            lock(&self.inner.ip_queues).retain(|_, queue| Arc::strong_count(queue) > 1);
        }
        let connections = self.inner.config.politeness.connections_per_host.max(1) as usize;
        let state = Arc::new(OriginState {
            connections: Semaphore::new(connections),
            host: Mutex::new(HostState::new(self.min_delay_s(url))),
            robots_cache: Mutex::default(),
            ip_queue: Mutex::default(),
            fetching_rules: tokio::sync::Mutex::default(),
        });
        hosts.insert(origin, Arc::clone(&state));
        state
    }
}

/// An address's path with its query, as rules are matched against it.
fn path(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// Scheme, host and port: what a robots.txt and a delay hold for.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
