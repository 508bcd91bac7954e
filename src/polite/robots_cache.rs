//! An origin's rules and how long they hold; this is also what is remembered of an origin between runs.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::PRODUCT_TOKEN;
use super::host_state::{HostTally, backoff};
use super::robots::{MAX_ROBOTS_BYTES, Robots};
use super::tdmrep::TdmReservation;
use crate::fetch::FetchFailure;
use crate::outcome::Outcome;

/// How long a robots.txt holds (RFC 9309, 2.4).
const LIFETIME_MS: i64 = 24 * 3600 * 1000;

/// A robots.txt that cannot be read for so long counts as its last copy, or as absent (RFC 9309,
/// 2.3.1.4).
const LOST_MS: i64 = 30 * LIFETIME_MS;

/// An origin's robots.txt and `tdmrep.json`. Times are Unix milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RobotsCache {
    /// The robots.txt as it was read last; none when it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip)]
    parsed: Arc<Robots>,
    read_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    outage: Option<Outage>,
    /// Rules of `tdmrep.json`, and when it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reservations: Vec<TdmReservation>,
    pub(super) reservations_ms: i64,
    /// Complaints of the host that are not forgotten, and when they were noted.
    pub(super) complaints: u32,
    pub(super) noted_ms: i64,
    pub(super) tally: HostTally,
}

/// A robots.txt that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Outage {
    since_ms: i64,
    tries: u32,
    retry_ms: i64,
    outcome: Outcome,
    why: String,
}

/// Which rules hold now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RobotsStatus {
    /// These.
    Rules(Arc<Robots>),
    /// Nothing may be fetched (RFC 9309, 2.3.1.4), for this reason, until this time.
    Unreachable(FetchFailure, i64),
    /// Not known: robots.txt has to be asked for.
    Unknown,
}

impl Outage {
    /// The failure of a page because of it: a failed TLS handshake is one of the page, too.
    fn failure(&self) -> FetchFailure {
        if self.outcome == Outcome::Tls {
            return FetchFailure::new(Outcome::Tls, self.why.clone());
        }
        let reason = format!(
            "robots.txt could not be read ({}), so nothing is fetched",
            self.why
        );
        FetchFailure::new(Outcome::RobotsUnreachable, reason)
    }
}

impl RobotsCache {
    pub(super) fn status(&self, now_ms: i64) -> RobotsStatus {
        let rules = || RobotsStatus::Rules(Arc::clone(&self.parsed));
        match &self.outage {
            Some(outage) if now_ms >= outage.retry_ms => RobotsStatus::Unknown,
            Some(outage) if now_ms - outage.since_ms >= LOST_MS => rules(),
            Some(outage) => RobotsStatus::Unreachable(outage.failure(), outage.retry_ms),
            None if self.text.is_some() && (0..LIFETIME_MS).contains(&(now_ms - self.read_ms)) => {
                rules()
            }
            None => RobotsStatus::Unknown,
        }
    }

    /// Takes a robots.txt that was read; an absent one is empty.
    pub(super) fn read(&mut self, body: &[u8], now_ms: i64) {
        let mut text = String::from_utf8_lossy(body).into_owned();
        text.truncate(text.floor_char_boundary(MAX_ROBOTS_BYTES));
        self.parsed = Arc::new(Robots::parse(text.as_bytes(), PRODUCT_TOKEN));
        self.text = Some(text);
        self.read_ms = now_ms;
        self.outage = None;
    }

    /// Notes that robots.txt could not be read; asked again after a rest that doubles, or after the
    /// one that the server asked for.
    pub(super) fn unreadable(
        &mut self,
        failure: FetchFailure,
        retry_after: Option<Duration>,
        now_ms: i64,
    ) {
        let (since_ms, tries) = match &self.outage {
            Some(outage) => (outage.since_ms, outage.tries + 1),
            None => (now_ms, 0),
        };
        let rest = retry_after.unwrap_or_else(|| backoff(tries));
        self.outage = Some(Outage {
            since_ms,
            tries,
            retry_ms: now_ms + i64::try_from(rest.as_millis()).unwrap_or(LIFETIME_MS),
            outcome: failure.outcome,
            why: failure.reason,
        });
    }

    /// `Crawl-delay` of the rules last read, in seconds; 0 for none.
    pub(super) fn crawl_delay_s(&self) -> f64 {
        self.parsed.crawl_delay_s.unwrap_or(0.0)
    }

    /// Whether `tdmrep.json` has to be asked for.
    pub(super) fn wants_reservations(&self, now_ms: i64) -> bool {
        !(0..LIFETIME_MS).contains(&(now_ms - self.reservations_ms))
    }

    /// What was read from the store, with robots.txt parsed again.
    pub(super) fn reparsed(mut self) -> Self {
        if let Some(text) = &self.text {
            self.parsed = Arc::new(Robots::parse(text.as_bytes(), PRODUCT_TOKEN));
        }
        self
    }

    /// The state of robots.txt in a few words.
    pub(super) fn summary(&self, now_ms: i64) -> String {
        let at = |ms| {
            jiff::Timestamp::from_millisecond(ms)
                .map_or_else(|_| "?".to_owned(), |at| at.to_string())
        };
        match (&self.outage, &self.text) {
            (Some(outage), _) if now_ms - outage.since_ms >= LOST_MS => {
                format!(
                    "given up, not readable since {}: {}",
                    at(outage.since_ms),
                    outage.why
                )
            }
            (Some(outage), _) => format!(
                "not readable since {} ({}), asked again from {}",
                at(outage.since_ms),
                outage.why,
                at(outage.retry_ms)
            ),
            (None, Some(text)) if text.is_empty() => format!("none, as of {}", at(self.read_ms)),
            (None, Some(_)) => format!("read {}", at(self.read_ms)),
            (None, None) => "not asked for yet".to_owned(),
        }
    }

    /// `Content-Usage` and `Content-Signal` lines in force.
    pub(super) fn usage(&self) -> &[String] {
        &self.parsed.usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = LIFETIME_MS;

    fn busy() -> FetchFailure {
        FetchFailure::new(Outcome::ServerError, "status 503")
    }

    #[test]
    fn a_file_holds_for_a_day() {
        let mut robots_cache = RobotsCache::default();
        assert_eq!(robots_cache.status(5), RobotsStatus::Unknown);
        robots_cache.read(b"User-agent: *\nDisallow: /x", 5);
        let RobotsStatus::Rules(rules) = robots_cache.status(DAY_MS) else {
            panic!("forgotten");
        };
        assert!(!rules.allows("/x"));
        assert_eq!(robots_cache.status(5 + DAY_MS), RobotsStatus::Unknown);
        // A clock set back does not keep it for longer.
        assert_eq!(robots_cache.status(4), RobotsStatus::Unknown);
    }

    #[test]
    fn an_outage_forbids_everything_until_thirty_days_are_over() {
        let mut robots_cache = RobotsCache::default();
        robots_cache.read(b"User-agent: *\nDisallow: /x", 0);
        let mut now_ms = 2 * DAY_MS;
        let mut asked = 0;
        while now_ms < 32 * DAY_MS {
            assert_eq!(robots_cache.status(now_ms), RobotsStatus::Unknown);
            robots_cache.unreadable(busy(), None, now_ms);
            asked += 1;
            let RobotsStatus::Unreachable(_, retry_ms) = robots_cache.status(now_ms) else {
                panic!("allowed on day {}", now_ms / DAY_MS);
            };
            now_ms = retry_ms;
        }
        assert!(asked > 30 && asked < 50, "{asked} tries");
        robots_cache.unreadable(busy(), None, now_ms);
        let RobotsStatus::Rules(rules) = robots_cache.status(now_ms + 1) else {
            panic!("the last copy holds");
        };
        assert!(rules.allows("/y") && !rules.allows("/x"));
    }

    #[test]
    fn it_is_remembered_whole() {
        let mut robots_cache = RobotsCache::default();
        robots_cache.read(b"User-agent: gleaner\nCrawl-delay: 7\nDisallow: /x", 99);
        robots_cache.tally.requests = 3;
        let json = serde_json::to_string(&robots_cache).expect("plain data");
        let back: RobotsCache = serde_json::from_str(&json).expect("as written");
        let back = back.reparsed();
        assert_eq!(back, robots_cache);
        assert!((back.crawl_delay_s() - 7.0).abs() < f64::EPSILON);
    }
}
