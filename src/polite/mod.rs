//! Politeness: robots.txt first, one host at its own pace, and every redirect asked about anew.

mod address;
mod host;
pub mod optout;
mod pace;
mod pattern;
pub mod robots;
mod rules;
mod standing;
mod tdmrep;
mod turn;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::Error;
use crate::config::Config;
use crate::fetch::{Client, Failure, Response, Validators};
use crate::outcome::Outcome;
use address::Address;
use host::Host;
use standing::{InForce, Standing};

pub use host::Tally;
pub use tdmrep::Reservation;

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

/// What came of asking for an address.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The address that answered, after redirects.
    pub url: Url,
    /// Addresses on the way to it, the requested one first; empty without redirects.
    pub redirects: Vec<Url>,
    /// None when a body is there; otherwise why not.
    pub outcome: Option<Outcome>,
    /// What happened where there is no body, for people.
    pub reason: Option<String>,
    /// The last HTTP status.
    pub status: Option<u16>,
    /// The last response's headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// Requests sent for pages, redirects included; robots.txt is not counted.
    pub requests: u32,
    /// Bytes of the body as they were sent.
    pub bytes: u64,
    /// From the first request to the end of the body, waiting for turns included.
    pub elapsed: Duration,
    /// When the host may be asked again, where it is to be left alone meanwhile.
    pub retry_at: Option<Instant>,
    /// What the site's `tdmrep.json` says about the address, where it was read.
    pub reservation: Option<Reservation>,
}

impl Visit {
    fn failed(url: Url, redirects: Vec<Url>, failure: Failure) -> Self {
        Self {
            url,
            redirects,
            outcome: Some(failure.outcome),
            reason: Some(failure.reason),
            status: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            requests: 0,
            bytes: 0,
            elapsed: Duration::ZERO,
            retry_at: None,
            reservation: None,
        }
    }
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

/// What a store remembers of one origin, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Scheme, host and port.
    pub origin: String,
    /// The state of robots.txt in a few words.
    pub robots: String,
    /// `Content-Usage` and `Content-Signal` lines that hold for us.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<String>,
    /// What was asked.
    #[serde(flatten)]
    pub tally: Tally,
    /// Mean time between two requests, in milliseconds.
    pub mean_gap_ms: Option<u64>,
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

    /// Fetches an address: robots.txt, the host's turn, one exchange; the same for each redirect.
    pub async fn visit(&self, requested: &Url, known: &Validators) -> Visit {
        let began = Instant::now();
        let mut visit = self.follow(requested, known).await;
        visit.elapsed = began.elapsed();
        // What never got an answer was asked once per hop too, unless it was refused before.
        let asked = visit.status.is_some() || visit.outcome.is_some_and(Outcome::is_transient);
        visit.requests =
            u32::try_from(visit.redirects.len()).unwrap_or(u32::MAX) + u32::from(asked);
        let slot = self.slot(&visit.url);
        visit.retry_at = match visit.outcome {
            Some(Outcome::RobotsUnreachable) => {
                let now_ms = now_ms();
                match lock(&slot.standing).in_force(now_ms) {
                    InForce::Nothing(_, retry_ms) => {
                        let wait = u64::try_from(retry_ms - now_ms).unwrap_or(0);
                        Some(Instant::now() + Duration::from_millis(wait))
                    }
                    _ => None,
                }
            }
            Some(_) => {
                let host = lock(&slot.host);
                host.resting().map(|_| host.ready_at())
            }
            None => None,
        };
        let path = path(&visit.url);
        let rules = &lock(&slot.standing).reservations;
        visit.reservation = tdmrep::rule_for(rules, path).cloned();
        visit
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

    /// Takes over what an earlier run remembered of a host (name, with the port where it is not the
    /// scheme's own). What cannot be read is as good as not remembered.
    pub fn recall(&self, host: &str, memory: &str) {
        let remembered: BTreeMap<String, Standing> =
            serde_json::from_str(memory).unwrap_or_default();
        for (origin, standing) in remembered {
            let Ok(url) = Url::parse(&origin) else {
                continue;
            };
            if url.host_str().is_none_or(|name| !host.starts_with(name)) {
                continue;
            }
            let slot = self.slot(&url);
            let ago_ms = u64::try_from(now_ms() - standing.noted_ms).unwrap_or(0);
            let mut host = lock(&slot.host);
            host.recall_complaints(standing.complaints, Duration::from_millis(ago_ms));
            host.tally = standing.tally.clone();
            let standing = standing.recalled();
            let min_delay_s = self.min_delay_s(&url);
            let politeness = &self.inner.config.politeness;
            host.set_pace(None, standing.crawl_delay_s(), min_delay_s, politeness);
            *lock(&slot.standing) = standing;
        }
    }

    /// What is worth remembering of a host, as JSON for [`Polite::recall`]; none when it was not
    /// asked for anything.
    #[must_use]
    pub fn memory(&self, host: &str) -> Option<String> {
        let mut remembered = BTreeMap::new();
        for scheme in ["http", "https"] {
            let origin = format!("{scheme}://{host}");
            let slot = lock(&self.inner.hosts).get(&origin).cloned();
            let Some(slot) = slot else { continue };
            let host = lock(&slot.host);
            let mut standing = lock(&slot.standing).clone();
            standing.tally = host.tally.clone();
            standing.complaints = host.complaints();
            standing.noted_ms = now_ms();
            if standing.tally.requests > 0 {
                remembered.insert(origin, standing);
            }
        }
        (!remembered.is_empty())
            .then(|| serde_json::to_string(&remembered).ok())
            .flatten()
    }

    async fn follow(&self, requested: &Url, known: &Validators) -> Visit {
        let mut url = requested.clone();
        let mut redirects: Vec<Url> = Vec::new();
        loop {
            let response = match self.hop(&url, known).await {
                Ok(response) => response,
                Err(failure) => return Visit::failed(url, redirects, failure),
            };
            let target = match response.status {
                301 | 302 | 303 | 307 | 308 => redirect_target(&url, &response.headers),
                _ => return finished(url, redirects, response),
            };
            let next = match target {
                Ok(next) => next,
                Err(failure) => return Visit::failed(url, redirects, failure),
            };
            redirects.push(std::mem::replace(&mut url, next));
            let limit = self.inner.config.fetch.max_redirects as usize;
            if redirects.contains(&url) || redirects.len() > limit {
                let reason = format!("after {} redirects", redirects.len());
                let failure = Failure::new(Outcome::RedirectLoop, reason);
                return Visit::failed(url, redirects, failure);
            }
        }
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

/// What a store's memory of a host says at `now_ms` (Unix milliseconds), for people.
#[must_use]
pub fn report(memory: &str, now_ms: i64) -> Vec<Report> {
    let remembered: BTreeMap<String, Standing> = serde_json::from_str(memory).unwrap_or_default();
    remembered
        .into_iter()
        .map(|(origin, standing)| {
            let standing = standing.recalled();
            let tally = standing.tally.clone();
            Report {
                origin,
                robots: standing.words(now_ms),
                usage: standing.usage().to_vec(),
                mean_gap_ms: tally.gaps_ms.checked_div(tally.gaps),
                tally,
            }
        })
        .collect()
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

fn redirect_target(from: &Url, headers: &HeaderMap) -> Result<Url, Failure> {
    let bad = |reason: &str| Failure::new(Outcome::BadRedirect, reason);
    let location = headers
        .get(header::LOCATION)
        .ok_or_else(|| bad("a redirect without a Location"))?;
    let location = String::from_utf8_lossy(location.as_bytes());
    let mut target = from
        .join(&location)
        .map_err(|error| bad(&format!("Location {location:?}: {error}")))?;
    target.set_fragment(None);
    Ok(target)
}

fn finished(url: Url, redirects: Vec<Url>, response: Response) -> Visit {
    let outcome = match response.status {
        200..=299 => None,
        304 => Some(Outcome::Unchanged),
        300..=399 => Some(Outcome::BadRedirect),
        404 | 410 => Some(Outcome::NotFound),
        401..=403 | 407 | 451 => Some(Outcome::Forbidden),
        429 | 503 => Some(Outcome::RateLimited),
        400..=499 => Some(Outcome::ClientError),
        _ => Some(Outcome::ServerError),
    };
    Visit {
        reason: outcome.map(|_| format!("status {}", response.status)),
        requests: 0,
        bytes: response.received_bytes,
        elapsed: Duration::ZERO,
        retry_at: None,
        reservation: None,
        status: Some(response.status),
        url,
        redirects,
        outcome,
        headers: response.headers,
        body: response.body,
    }
}
