//! One visit of an address: guarded, allowed by robots.txt, at the host's pace, bounded.
//!
//! Redirects are followed here, one by one, so that each target is checked like the first address.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{self, HeaderMap};
use tokio::time::Instant;
use url::{Host, Url};

use super::robots::Robots;
use crate::Error;
use crate::address::host_key;
use crate::config::Config;
use crate::outcome::Outcome;

/// The name by which robots.txt knows this crawler.
pub(super) const PRODUCT_TOKEN: &str = "gleaner";
/// Bytes of robots.txt that are read, as RFC 9309, 2.5 allows at least.
const ROBOTS_MAX_BYTES: u64 = 500 * 1024;
/// How long a robots.txt may be relied on (RFC 9309, 2.4).
const ROBOTS_LIFE: Duration = Duration::from_hours(24);
/// A robots.txt that could not be read is asked for again after this.
const ROBOTS_RETRY: Duration = Duration::from_mins(5);

/// Conditions of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// What came of a visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// The address after redirects.
    pub(super) url: Url,
    /// None when there is a body to read.
    pub(super) outcome: Option<Outcome>,
    pub(super) reason: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) requests: u32,
    pub(super) bytes: u64,
    pub(super) elapsed: Duration,
    pub(super) retry_at: Option<Instant>,
}

/// Fetches, politely.
#[derive(Debug)]
pub(super) struct Polite {
    client: reqwest::Client,
    config: Config,
    hosts: Mutex<HashMap<String, HostState>>,
}

#[derive(Debug, Clone)]
struct HostState {
    ready_at: Instant,
    robots: Option<(Instant, Arc<Robots>)>,
}

/// A request's failure, as outcome and words.
type Failed = (Outcome, String);

impl Polite {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        let crawl = &config.crawl;
        let agent = crawl.user_agent.clone().unwrap_or_else(|| {
            let contact = crawl
                .contact
                .as_ref()
                .map(|c| format!(" (+{c})"))
                .unwrap_or_default();
            format!("{PRODUCT_TOKEN}/{}{contact}", env!("CARGO_PKG_VERSION"))
        });
        let fetch = &config.fetch;
        let client = reqwest::Client::builder()
            .user_agent(agent)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs_f64(fetch.connect_timeout_s))
            .read_timeout(Duration::from_secs_f64(
                fetch.idle_timeout_s.max(fetch.first_byte_timeout_s),
            ))
            .timeout(Duration::from_secs_f64(fetch.total_timeout_s))
            .dns_resolver(Arc::new(Guard {
                allow_private: fetch.allow_private_addresses,
            }))
            .build()
            .map_err(|e| Error::Config {
                place: "fetch".into(),
                message: e.to_string(),
            })?;
        Ok(Self {
            client,
            config: config.clone(),
            hosts: Mutex::default(),
        })
    }

    /// When the address's host may be asked next.
    pub(super) fn ready_at(&self, url: &Url) -> Instant {
        self.state(url).ready_at
    }

    /// The sitemaps that the host's robots.txt names.
    pub(super) async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        let robots = self.robots(url, &mut 0).await;
        robots
            .sitemaps
            .iter()
            .filter_map(|text| url.join(text).ok())
            .collect()
    }

    /// Visits an address: robots.txt first, then the page, redirects followed.
    pub(super) async fn visit(&self, url: &Url, ask: &Ask) -> Visit {
        let began = Instant::now();
        let mut visit = Visit {
            url: url.clone(),
            outcome: None,
            reason: None,
            status: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            requests: 0,
            bytes: 0,
            elapsed: Duration::ZERO,
            retry_at: None,
        };
        if let Err((outcome, reason)) = self.follow(ask, &mut visit).await {
            visit.outcome = Some(outcome);
            visit.reason = Some(reason);
        }
        visit.elapsed = began.elapsed();
        visit
    }

    async fn follow(&self, ask: &Ask, visit: &mut Visit) -> Result<(), Failed> {
        for _ in 0..=self.config.fetch.max_redirects {
            self.allow(visit).await?;
            let response = self.send(&visit.url, ask, &mut visit.requests).await?;
            let status = response.status();
            visit.status = Some(status.as_u16());
            visit.headers = response.headers().clone();
            if !status.is_redirection() || status.as_u16() == 304 {
                return self.finish(response, visit).await;
            }
            let target = response
                .headers()
                .get(header::LOCATION)
                .and_then(|to| to.to_str().ok());
            let target = target.and_then(|to| visit.url.join(to).ok());
            let Some(target) = target.filter(|to| matches!(to.scheme(), "http" | "https")) else {
                return Err((Outcome::BadRedirect, "the redirect names no address".into()));
            };
            if target == visit.url {
                return Err((
                    Outcome::RedirectLoop,
                    format!("{target} redirects to itself"),
                ));
            }
            visit.url = target;
        }
        Err((
            Outcome::RedirectLoop,
            format!("more than {} redirects", self.config.fetch.max_redirects),
        ))
    }

    async fn finish(&self, response: reqwest::Response, visit: &mut Visit) -> Result<(), Failed> {
        let status = response.status().as_u16();
        let outcome = match status {
            200..=299 => None,
            304 => Some(Outcome::Unchanged),
            404 | 410 => Some(Outcome::NotFound),
            401 | 402 | 403 | 407 | 451 => Some(Outcome::Forbidden),
            429 => Some(Outcome::RateLimited),
            503 if visit.headers.contains_key(header::RETRY_AFTER) => Some(Outcome::RateLimited),
            500.. => Some(Outcome::ServerError),
            _ => Some(Outcome::ClientError),
        };
        if let Some(outcome) = outcome {
            visit.outcome = Some(outcome);
            visit.reason = (status != 304).then(|| format!("status {status}"));
            visit.retry_at = retry_after(&visit.headers).map(|wait| Instant::now() + wait);
            return Ok(());
        }
        visit.body = body(response, self.config.fetch.max_body_bytes).await?;
        visit.bytes = visit.body.len() as u64;
        Ok(())
    }

    /// Whether the address may be fetched at all.
    async fn allow(&self, visit: &mut Visit) -> Result<(), Failed> {
        guard(&visit.url, self.config.fetch.allow_private_addresses)?;
        let host = visit.url.host_str().unwrap_or_default();
        if self
            .config
            .site
            .get(host)
            .is_some_and(|site| site.permission.is_some())
        {
            return Ok(());
        }
        let url = visit.url.clone();
        let robots = self.robots(&url, &mut visit.requests).await;
        match &robots.unreachable {
            Some(why) => Err((Outcome::RobotsUnreachable, why.clone())),
            None => match robots.forbids(&url) {
                Some(rule) => Err((
                    Outcome::RobotsDenied,
                    format!("robots.txt: Disallow: {rule}"),
                )),
                None => Ok(()),
            },
        }
    }

    async fn robots(&self, url: &Url, requests: &mut u32) -> Arc<Robots> {
        if let Some((until, robots)) = self.state(url).robots
            && Instant::now() < until
        {
            return robots;
        }
        let robots = Arc::new(self.fetch_robots(url, requests).await);
        let life = if robots.unreachable.is_some() {
            ROBOTS_RETRY
        } else {
            ROBOTS_LIFE
        };
        let kept = (Instant::now() + life, Arc::clone(&robots));
        self.change(url, |state| state.robots = Some(kept));
        robots
    }

    /// RFC 9309, 2.3.1: 4xx means that everything is allowed, 5xx and no answer that nothing is.
    async fn fetch_robots(&self, url: &Url, requests: &mut u32) -> Robots {
        let mut url = match url.join("/robots.txt") {
            Ok(url) => url,
            Err(e) => return Robots::unreachable(e.to_string()),
        };
        for _ in 0..5 {
            if let Err((_, why)) = guard(&url, self.config.fetch.allow_private_addresses) {
                return Robots::unreachable(why);
            }
            let response = match self.send(&url, &Ask::default(), requests).await {
                Ok(response) => response,
                Err((_, why)) => return Robots::unreachable(why),
            };
            let status = response.status();
            if status.is_redirection() {
                let target = response
                    .headers()
                    .get(header::LOCATION)
                    .and_then(|to| to.to_str().ok());
                let Some(target) = target.and_then(|to| url.join(to).ok()) else {
                    return Robots::default();
                };
                url = target;
                continue;
            }
            if status.is_server_error() || status.as_u16() == 429 {
                return Robots::unreachable(format!("{url}: status {status}"));
            }
            if !status.is_success() {
                return Robots::default();
            }
            return match body(response, ROBOTS_MAX_BYTES).await {
                Ok(bytes) => Robots::parse(&String::from_utf8_lossy(&bytes), PRODUCT_TOKEN),
                Err((Outcome::TooLarge, _)) => Robots::unreachable(format!("{url} is too large")),
                Err((_, why)) => Robots::unreachable(why),
            };
        }
        // Five redirects: as if there were none (RFC 9309, 2.3.1.2).
        Robots::default()
    }

    /// One request, at the host's pace.
    async fn send(
        &self,
        url: &Url,
        ask: &Ask,
        requests: &mut u32,
    ) -> Result<reqwest::Response, Failed> {
        let turn = self.take_turn(url);
        tokio::time::sleep_until(turn).await;
        let mut request = self.client.get(url.clone());
        if let Some(etag) = &ask.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &ask.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        *requests += 1;
        let began = Instant::now();
        let response = request.send().await;
        let latency = began.elapsed();
        self.change(url, |state| {
            let politeness = &self.config.politeness;
            let wait =
                (latency.as_secs_f64() * politeness.latency_factor).min(politeness.max_delay_s);
            state.ready_at = state
                .ready_at
                .max(Instant::now() + Duration::from_secs_f64(wait));
        });
        response.map_err(|e| failure(&e))
    }

    /// Takes the host's next turn: when it is, and the one after it is a delay later.
    fn take_turn(&self, url: &Url) -> Instant {
        let site = self.config.site.get(url.host_str().unwrap_or_default());
        let least = site
            .and_then(|site| site.min_delay_s)
            .unwrap_or(self.config.politeness.min_delay_s);
        let mut turn = Instant::now();
        self.change(url, |state| {
            let wish = state
                .robots
                .as_ref()
                .and_then(|(_, robots)| robots.crawl_delay_s)
                .unwrap_or(0.0);
            let delay = least.max(wish.min(self.config.politeness.crawl_delay_cap_s));
            turn = turn.max(state.ready_at);
            state.ready_at = turn + Duration::from_secs_f64(delay);
        });
        turn
    }

    fn state(&self, url: &Url) -> HostState {
        let mut state = None;
        self.change(url, |known| state = Some(known.clone()));
        state.unwrap_or_else(|| HostState {
            ready_at: Instant::now(),
            robots: None,
        })
    }

    fn change(&self, url: &Url, change: impl FnOnce(&mut HostState)) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let state = hosts.entry(host_key(url)).or_insert_with(|| HostState {
            ready_at: Instant::now(),
            robots: None,
        });
        change(state);
    }
}

async fn body(response: reqwest::Response, limit: u64) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|e| failure(&e))?;
        if body.len() as u64 + chunk.len() as u64 > limit {
            return Err((
                Outcome::TooLarge,
                format!("the body is larger than {limit} bytes"),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

fn failure(error: &reqwest::Error) -> Failed {
    let mut words = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    let outcome = if words.contains(REFUSED) {
        Outcome::RefusedAddress
    } else if error.is_timeout() {
        if error.is_connect() {
            Outcome::TimeoutConnect
        } else {
            Outcome::TimeoutTotal
        }
    } else if words.contains("dns error") {
        Outcome::Dns
    } else if error.is_connect() && words.contains("certificate") {
        Outcome::Tls
    } else if error.is_decode() {
        Outcome::Protocol
    } else {
        Outcome::Connection
    };
    (outcome, words)
}

/// Stands in an error's words when an address was refused, since the client wraps the resolver's.
const REFUSED: &str = "is a private address; --allow-private allows it";

fn guard(url: &Url, allow_private: bool) -> Result<(), Failed> {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        _ => return Ok(()),
    };
    if allow_private || is_public(ip) {
        return Ok(());
    }
    Err((Outcome::RefusedAddress, format!("{ip} {REFUSED}")))
}

/// Addresses of the open internet, by the IANA special-purpose registries.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_documentation()
                || a == 0
                || a >= 224
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 192 && b == 0))
        }
        IpAddr::V6(ip) => match ip.to_ipv4() {
            Some(ip) => is_public(IpAddr::V4(ip)),
            None => (0x2000..0x4000).contains(&ip.segments()[0]),
        },
    }
}

/// Resolves names, and refuses those that lead to private addresses.
#[derive(Debug)]
struct Guard {
    allow_private: bool,
}

impl reqwest::dns::Resolve for Guard {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if let Some(refused) = found
                .iter()
                .find(|at| !allow_private && !is_public(at.ip()))
            {
                return Err(format!("{name} resolves to {}, which {REFUSED}", refused.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_in_any_spelling_are_refused() {
        for refused in [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://[::1]/",
            "http://2130706433/",
            "http://[::ffff:192.168.0.1]/",
            "http://169.254.169.254/",
            "http://100.64.0.1/",
            "http://[fd00::1]/",
        ] {
            let url = Url::parse(refused).expect("an address");
            assert!(guard(&url, false).is_err(), "{refused}");
            assert!(guard(&url, true).is_ok(), "{refused}");
        }
        assert!(guard(&Url::parse("http://1.1.1.1/").expect("an address"), false).is_ok());
    }
}
