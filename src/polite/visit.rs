//! Fetching an address: for every redirect on the way, robots.txt is asked anew.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use tokio::time::Instant;
use url::Url;

use super::robots_cache::RobotsStatus;
use super::tdmrep::{self, TdmReservation};
use super::{PoliteClient, lock, origin, path};
use crate::fetch::{FetchFailure, FetchResponse, Validators};
use crate::outcome::Outcome;

/// What came of asking for an address.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The address that answered, after redirects.
    pub(crate) url: Url,
    /// Addresses on the way to it, the requested one first; empty without redirects.
    pub redirects: Vec<Url>,
    /// None when a body is there; otherwise why not.
    pub outcome: Option<Outcome>,
    /// What happened where there is no body, for people.
    pub reason: Option<String>,
    /// The last HTTP status.
    pub(crate) status: Option<u16>,
    /// The last response's headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// Requests sent for pages, redirects included; robots.txt is not counted.
    pub(crate) requests: u32,
    /// Bytes of the body as they were sent.
    pub(crate) bytes: u64,
    /// From the first request to the end of the body, waiting for the host's delay included.
    pub(crate) elapsed: Duration,
    /// The last exchange alone: from its request to the end of the body.
    pub(crate) took: Duration,
    /// The network address that answered; none behind a proxy.
    pub(crate) peer: Option<IpAddr>,
    /// When the host may be asked again, where it is to be left alone meanwhile.
    pub(crate) retry_at: Option<Instant>,
    /// What the site's `tdmrep.json` says about the address, where it was read.
    pub(crate) reservation: Option<TdmReservation>,
}

impl Visit {
    /// A header of the last response, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A visit that ended at `url`, before anything else is known of it.
    fn at(url: Url, redirects: Vec<Url>) -> Self {
        Self {
            url,
            redirects,
            outcome: None,
            reason: None,
            status: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            requests: 0,
            bytes: 0,
            elapsed: Duration::ZERO,
            took: Duration::ZERO,
            peer: None,
            retry_at: None,
            reservation: None,
        }
    }

    fn failed(url: Url, redirects: Vec<Url>, failure: FetchFailure) -> Self {
        Self {
            outcome: Some(failure.outcome),
            reason: Some(failure.reason),
            ..Self::at(url, redirects)
        }
    }

    fn finished(url: Url, redirects: Vec<Url>, response: FetchResponse) -> Self {
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
        Self {
            outcome,
            reason: outcome.map(|_| format!("status {}", response.status)),
            status: Some(response.status),
            headers: response.headers,
            body: response.body,
            bytes: response.received_bytes,
            took: response.took,
            peer: response.peer,
            ..Self::at(url, redirects)
        }
    }
}

impl PoliteClient {
    /// Fetches an address: asks robots.txt, waits until the host may be asked, and sends one request; the
    /// same for each redirect.
    pub async fn visit(&self, requested: &Url, known: &Validators) -> Visit {
        let began = Instant::now();
        let mut visit = self.follow(requested, known).await;
        visit.elapsed = began.elapsed();
        // A last address that did not answer counts as a request as well, unless none was sent.
        let asked = visit.status.is_some() || visit.outcome.is_some_and(Outcome::is_transient);
        visit.requests =
            u32::try_from(visit.redirects.len()).unwrap_or(u32::MAX) + u32::from(asked);
        let state = self.state(&visit.url);
        visit.retry_at = match visit.outcome {
            Some(Outcome::RobotsUnreachable) => {
                let now_ms = self.now_ms();
                match lock(&state.robots_cache).status(now_ms) {
                    RobotsStatus::Unreachable(_, retry_ms) => {
                        let wait = u64::try_from(retry_ms - now_ms).unwrap_or(0);
                        Some(Instant::now() + Duration::from_millis(wait))
                    }
                    _ => None,
                }
            }
            Some(_) => {
                let host = lock(&state.host);
                host.resting().map(|_| host.ready_at())
            }
            None => None,
        };
        if visit.outcome.is_none()
            && origin(&visit.url) != origin(requested)
            && self.permission(&visit.url).is_none()
            && let Ok(RobotsStatus::Rules(robots)) = self.robots_status(&visit.url, &state).await
        {
            // Only the host that was asked for at first has been asked for its reservations.
            self.ask_reservations(&visit.url, &state, &robots).await;
        }
        let path = path(&visit.url);
        let rules = &lock(&state.robots_cache).reservations;
        visit.reservation = tdmrep::rule_for(rules, path).cloned();
        visit
    }

    async fn follow(&self, requested: &Url, known: &Validators) -> Visit {
        let mut url = requested.clone();
        let mut redirects: Vec<Url> = Vec::new();
        loop {
            let response = match self.request_if_allowed(&url, known).await {
                Ok(response) => response,
                Err(failure) => return Visit::failed(url, redirects, failure),
            };
            let target = match response.status {
                301 | 302 | 303 | 307 | 308 => redirect_target(&url, &response.headers),
                _ => return Visit::finished(url, redirects, response),
            };
            let next = match target {
                Ok(next) => next,
                Err(failure) => return Visit::failed(url, redirects, failure),
            };
            redirects.push(std::mem::replace(&mut url, next));
            let limit = self.inner.config.fetch.max_redirects as usize;
            if redirects.contains(&url) || redirects.len() > limit {
                let reason = format!("after {} redirects", redirects.len());
                let failure = FetchFailure::new(Outcome::RedirectLoop, reason);
                return Visit::failed(url, redirects, failure);
            }
        }
    }
}

pub(super) fn redirect_target(from: &Url, headers: &HeaderMap) -> Result<Url, FetchFailure> {
    let bad = |reason: &str| FetchFailure::new(Outcome::BadRedirect, reason);
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
