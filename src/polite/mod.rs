//! Politeness: robots.txt first, one host at its own pace, and every redirect asked about anew.

mod host;
pub mod robots;

use std::collections::HashMap;
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
use host::{Host, RobotsState, retry_after};
use robots::Robots;

/// The name by which robots.txt files address gleaner.
pub const PRODUCT_TOKEN: &str = "gleaner";

/// Redirects followed for a robots.txt (RFC 9309, 2.3.1.2).
const MAX_ROBOTS_REDIRECTS: u32 = 5;

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
}

/// A host with its connections.
#[derive(Debug)]
struct Slot {
    connections: Semaphore,
    host: Mutex<Host>,
    /// Held while robots.txt is fetched, so that it is fetched once.
    reading_robots: tokio::sync::Mutex<()>,
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
    /// Bytes of the body, unpacked.
    pub bytes: u64,
    /// From the first request to the end of the body, waiting for turns included.
    pub elapsed: Duration,
    /// When the server wants to be asked again, if it said so.
    pub retry_at: Option<Instant>,
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
        let resting = lock(&self.slot(&visit.url).host).ready_at();
        if visit.outcome == Some(Outcome::RateLimited) {
            visit.retry_at = Some(resting);
        }
        visit
    }

    /// The earliest instant at which the address's host may be asked again.
    #[must_use]
    pub fn ready_at(&self, url: &Url) -> Instant {
        lock(&self.slot(url).host).ready_at()
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
        let host = lock(&slot.host);
        let sitemaps = match &host.robots {
            Some(RobotsState::Known(robots)) => robots.sitemaps.clone(),
            _ => Vec::new(),
        };
        let (allowed, why) = match outcome {
            Ok(why) => (true, why),
            Err(failure) => (false, failure.reason),
        };
        Verdict {
            allowed,
            why,
            delay: host.delay(),
            sitemaps,
        }
    }

    /// `Sitemap` lines of the host's robots.txt.
    pub async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.robots(url, &self.slot(url)).await {
            Ok(RobotsState::Known(robots)) => robots
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
        self.request(url, known, &slot).await
    }

    /// Waits for the host's turn and sends one request.
    async fn request(
        &self,
        url: &Url,
        known: &Validators,
        slot: &Slot,
    ) -> Result<Response, Failure> {
        let _connection = slot
            .connections
            .acquire()
            .await
            .map_err(|_| Failure::new(Outcome::Connection, "the run is ending"))?;
        loop {
            let turn = {
                let mut host = lock(&slot.host);
                if let Some(rest) = host.resting() {
                    return Err(Failure::new(
                        Outcome::RateLimited,
                        format!(
                            "the host asked to be left alone for {} s more",
                            rest.as_secs()
                        ),
                    ));
                }
                host.take_turn()
            };
            match turn {
                Ok(()) => break,
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
        let result = self.inner.client.get(url, known).await;
        self.note(url, slot, &result);
        result
    }

    /// Draws the lesson of a request for the host's pace.
    fn note(&self, url: &Url, slot: &Slot, result: &Result<Response, Failure>) {
        let mut host = lock(&slot.host);
        let politeness = &self.inner.config.politeness;
        match result {
            Ok(response) => {
                host.answered(response.latency, self.min_delay_s(url), politeness);
                let header = response.headers.get(header::RETRY_AFTER);
                let asked = header
                    .and_then(|value| value.to_str().ok())
                    .and_then(|value| retry_after(value, jiff::Timestamp::now()));
                if response.status == 429 || response.status == 503 {
                    host.rest(asked);
                } else {
                    host.forgive();
                }
            }
            Err(failure) if failure.outcome.is_transient() => {
                let longest = Duration::from_secs_f64(politeness.max_delay_s.max(0.0));
                host.answered(longest, self.min_delay_s(url), politeness);
            }
            Err(_) => {}
        }
    }

    /// Says why an address is allowed, or fails with why it is not.
    async fn check_robots(&self, url: &Url, slot: &Slot) -> Result<String, Failure> {
        if let Some(who) = self
            .inner
            .config
            .site
            .get(url.host_str().unwrap_or_default())
            .and_then(|site| site.permission.as_deref())
            // Only a text that says who allowed it counts.
            .filter(|who| !who.trim().is_empty())
        {
            return Ok(format!("allowed by permission: {who}"));
        }
        let state = self.robots(url, slot).await?;
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        match state {
            RobotsState::Unreachable(why) => Err(Failure::new(
                Outcome::RobotsUnreachable,
                format!("robots.txt could not be read ({why}), so nothing is fetched"),
            )),
            RobotsState::Known(robots) => match robots.rule_for(path) {
                Some(rule) if !rule.allow && path != "/robots.txt" => Err(Failure::new(
                    Outcome::RobotsDenied,
                    format!("robots.txt line {}: Disallow: {}", rule.line, rule.pattern),
                )),
                Some(rule) => Ok(format!(
                    "robots.txt line {}: Allow: {}",
                    rule.line, rule.pattern
                )),
                None => Ok("no rule of robots.txt forbids it".to_owned()),
            },
        }
    }

    /// The host's robots.txt, fetched if it is not known yet.
    async fn robots(&self, url: &Url, slot: &Slot) -> Result<RobotsState, Failure> {
        let _reading = slot.reading_robots.lock().await;
        let known = lock(&slot.host).robots.clone();
        if let Some(state) = known {
            return Ok(state);
        }
        let state = match self.fetch_robots(url, slot).await {
            Ok(body) => RobotsState::Known(Robots::parse(&body, PRODUCT_TOKEN)),
            // What keeps us from the host at all is said as it is, for the page itself.
            Err(failure) if matches!(failure.outcome, Outcome::RefusedAddress | Outcome::Dns) => {
                return Err(failure);
            }
            Err(failure) => RobotsState::Unreachable(failure.reason),
        };
        let mut host = lock(&slot.host);
        host.robots = Some(state.clone());
        host.answered(
            Duration::ZERO,
            self.min_delay_s(url),
            &self.inner.config.politeness,
        );
        Ok(state)
    }

    /// Reads `/robots.txt`; a 4xx answer is an empty file.
    async fn fetch_robots(&self, url: &Url, slot: &Slot) -> Result<Vec<u8>, Failure> {
        let mut at = url
            .join("/robots.txt")
            .map_err(|error| Failure::new(Outcome::BadRedirect, error.to_string()))?;
        for _ in 0..=MAX_ROBOTS_REDIRECTS {
            let elsewhere = self.slot(&at);
            let same_host = origin(&at) == origin(url);
            let slot = if same_host { slot } else { &elsewhere };
            let response = self.request(&at, &Validators::default(), slot).await?;
            match response.status {
                200..=299 => return Ok(response.body),
                300..=399 => at = redirect_target(&at, &response.headers)?,
                429 => return Err(Failure::new(Outcome::RateLimited, "status 429")),
                400..=499 => return Ok(Vec::new()),
                status => {
                    let reason = format!("status {status}");
                    return Err(Failure::new(Outcome::ServerError, reason));
                }
            }
        }
        // RFC 9309, 2.3.1.2: after five hops the file counts as absent.
        Ok(Vec::new())
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
        let connections = self.inner.config.politeness.connections_per_host.max(1) as usize;
        let slot = hosts.entry(origin(url)).or_insert_with(|| {
            Arc::new(Slot {
                connections: Semaphore::new(connections),
                host: Mutex::new(Host::new(self.min_delay_s(url))),
                reading_robots: tokio::sync::Mutex::default(),
            })
        });
        Arc::clone(slot)
    }
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
        bytes: response.body.len() as u64,
        elapsed: Duration::ZERO,
        retry_at: None,
        status: Some(response.status),
        url,
        redirects,
        outcome,
        headers: response.headers,
        body: response.body,
    }
}
