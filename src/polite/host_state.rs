//! One host: how often it is asked, and how long it is left alone after complaints and failures.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::rate_limiter::{MAX_DELAY, RateLimiter};
use crate::config::PolitenessConfig;

/// How long a host is left alone after a 429 or 503 without Retry-After; doubles each time.
const FIRST_BACKOFF: Duration = Duration::from_mins(1);

/// Answers without complaint for this long make earlier complaints forgotten.
const FORGET_AFTER: Duration = Duration::from_hours(1);

/// A host that was not used for this long may be forgotten when there are too many.
const IDLE_AFTER: Duration = Duration::from_mins(10);

/// Exchanges that time out or break one after another before the host is left to rest.
const MAX_FAILURES: u32 = 3;

/// What is known of one host while a run lasts.
#[derive(Debug)]
pub(super) struct HostState {
    limiter: RateLimiter,
    resting_until: Option<Instant>,
    /// Why it rests, for people.
    why: &'static str,
    /// Complaints that are not forgotten.
    pub(super) complaints: u32,
    complained_at: Option<Instant>,
    /// Exchanges in a row that timed out or broke.
    failures: u32,
    /// The last response time.
    latency: Duration,
    asked_at: Option<Instant>,
    /// When the host was used last.
    pub(super) used_at: Instant,
    pub(super) tally: HostTally,
}

/// What was asked of a host, for its politeness report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostTally {
    /// Requests sent, those for robots.txt included.
    pub requests: u64,
    /// Bytes of bodies as they were sent.
    pub bytes: u64,
    /// Gaps between two requests of one run: how many.
    pub gaps: u64,
    /// The same: milliseconds in all.
    pub gaps_ms: u64,
    /// Times the host asked to be left alone, or was left to rest after failures.
    pub backoffs: u64,
}

impl HostState {
    pub(super) fn new(delay_s: f64) -> Self {
        Self {
            limiter: RateLimiter::new(delay_s),
            resting_until: None,
            why: "",
            complaints: 0,
            complained_at: None,
            failures: 0,
            latency: Duration::ZERO,
            asked_at: None,
            used_at: Instant::now(),
            tally: HostTally::default(),
        }
    }

    /// The time between two requests as of now.
    pub(super) fn delay(&self) -> Duration {
        self.limiter.delay()
    }

    /// Counts a request that is sent now, if the host may be asked; otherwise fails with how long to wait.
    pub(super) fn try_acquire(&mut self) -> Result<(), Duration> {
        if let Some((rest, _)) = self.resting() {
            return Err(rest);
        }
        self.limiter.try_acquire()?;
        let now = Instant::now();
        self.tally.requests += 1;
        if let Some(before) = self.asked_at.replace(now) {
            self.tally.gaps += 1;
            self.tally.gaps_ms += u64::try_from((now - before).as_millis()).unwrap_or(0);
        }
        Ok(())
    }

    /// The earliest instant for the next request.
    pub(super) fn ready_at(&self) -> Instant {
        let next_at = self.limiter.next_at();
        self.resting_until.map_or(next_at, |rest| rest.max(next_at))
    }

    /// Whether nothing would be lost if the host were forgotten.
    pub(super) fn is_idle(&self) -> bool {
        self.ready_at() <= Instant::now()
            && self.complaints == 0
            && self.used_at.elapsed() >= IDLE_AFTER
    }

    /// Sets the delay after a response, or when Crawl-delay is known.
    pub(super) fn set_delay(
        &mut self,
        latency: Option<Duration>,
        crawl_delay_s: f64,
        min_delay_s: f64,
        config: &PolitenessConfig,
    ) {
        self.latency = latency.unwrap_or(self.latency);
        let latency_s = self.latency.as_secs_f64();
        self.limiter
            .set_delay(delay_s(latency_s, crawl_delay_s, min_delay_s, config));
    }

    /// The server asked to be left alone (429, 503): rests for as long as it says, or longer each time.
    /// Returns how long.
    pub(super) fn complained(&mut self, retry_after: Option<Duration>) -> Duration {
        self.failures = 0;
        let rest = retry_after.unwrap_or_else(|| backoff(self.complaints));
        self.rest(rest, "the host asked to be left alone")
    }

    /// An exchange timed out or broke: after some in a row the host is left to rest.
    pub(super) fn failed(&mut self) {
        self.failures += 1;
        if self.failures >= MAX_FAILURES {
            self.failures = 0;
            let why = "the host failed several times running and is left to rest";
            self.rest(backoff(self.complaints), why);
        }
    }

    fn rest(&mut self, rest: Duration, why: &'static str) -> Duration {
        let now = Instant::now();
        self.complaints += 1;
        self.complained_at = Some(now);
        self.tally.backoffs += 1;
        self.resting_until = Some(now + rest);
        self.why = why;
        rest
    }

    /// An answer without complaint; after an hour of them, earlier complaints are forgotten.
    pub(super) fn answered(&mut self) {
        self.failures = 0;
        if self
            .complained_at
            .is_some_and(|at| at.elapsed() >= FORGET_AFTER)
        {
            self.complaints = 0;
            self.complained_at = None;
        }
    }

    /// How long the host is to be left alone from now on and why, if it is.
    pub(super) fn resting(&self) -> Option<(Duration, &'static str)> {
        self.resting_until
            .and_then(|until| until.checked_duration_since(Instant::now()))
            .filter(|rest| !rest.is_zero())
            .map(|rest| (rest, self.why))
    }

    /// Takes over the complaints of an earlier run, the last of which is `ago` old.
    pub(super) fn restore_complaints(&mut self, complaints: u32, ago: Duration) {
        if ago < FORGET_AFTER {
            self.complaints = complaints;
            self.complained_at = Some(Instant::now());
        }
    }
}

/// Seconds between two requests: the largest of the host's own minimum, its Crawl-delay up to the
/// configured cap, and a multiple of its last response time up to the configured maximum.
fn delay_s(latency_s: f64, crawl_delay_s: f64, min_delay_s: f64, config: &PolitenessConfig) -> f64 {
    // A configured delay of 0 is for one's own test servers: their latency does not count.
    let by_latency_s = if min_delay_s == 0.0 {
        0.0
    } else {
        (latency_s * config.latency_factor).min(config.max_delay_s)
    };
    min_delay_s
        .max(crawl_delay_s.min(config.crawl_delay_cap_s))
        .max(by_latency_s)
}

/// How long to rest after so many failures when the server does not say: a minute, doubling, to a day.
pub(super) fn backoff(failures_before: u32) -> Duration {
    FIRST_BACKOFF
        .saturating_mul(1 << failures_before.min(16))
        .min(MAX_DELAY)
}

/// `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3), of which a day is kept at most.
pub(super) fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit ask for the longest rest, too.
        let rest = value.parse().map_or(MAX_DELAY, Duration::from_secs);
        return Some(rest.min(MAX_DELAY));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value)
        .ok()?;
    let rest = Duration::try_from(date.duration_since(now)).unwrap_or_default();
    Some(rest.min(MAX_DELAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a timestamp");
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            retry_after("Thu, 01 Jan 2026 00:01:30 GMT", now),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            retry_after("Wed, 31 Dec 2025 00:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        for long in [
            "86401",
            "9223372036854775",
            "99999999999999999999999",
            "Fri, 01 Jan 2027 00:00:00 GMT",
        ] {
            assert_eq!(retry_after(long, now), Some(MAX_DELAY), "{long}");
        }
        for noise in ["soon", "", "-5", "1.5"] {
            assert_eq!(retry_after(noise, now), None, "{noise}");
        }
    }

    #[test]
    fn the_delay_is_the_largest_of_what_asks_for_one() {
        let config = PolitenessConfig {
            latency_factor: 4.0,
            max_delay_s: 20.0,
            crawl_delay_cap_s: 50.0,
            ..PolitenessConfig::default()
        };
        // Last response time, Crawl-delay, the host's minimum, and what comes of them, in seconds.
        for (latency_s, crawl_delay_s, min_delay_s, expected_s) in [
            (0.0, 0.0, 1.0, 1.0),
            (0.2, 0.0, 1.0, 1.0),
            (0.5, 0.0, 1.0, 2.0),
            (0.5, 0.0, 3.0, 3.0),
            (0.5, 7.0, 3.0, 7.0),
            (3.0, 7.0, 3.0, 12.0),
            // Each wish up to its own limit; the minimum has none.
            (9.0, 7.0, 3.0, 20.0),
            (9.0, 49.0, 3.0, 49.0),
            (9.0, 51.0, 3.0, 50.0),
            (9.0, 51.0, 99.0, 99.0),
            // Test servers of one's own.
            (9.0, 0.0, 0.0, 0.0),
            (9.0, 7.0, 0.0, 7.0),
        ] {
            let delay_s = delay_s(latency_s, crawl_delay_s, min_delay_s, &config);
            assert!(
                (delay_s - expected_s).abs() < 1e-9,
                "{latency_s}, {crawl_delay_s}, {min_delay_s}: {delay_s}, not {expected_s}"
            );
        }
    }

    #[tokio::test]
    async fn the_last_response_time_holds_until_the_next() {
        let config = PolitenessConfig::default();
        let mut host = HostState::new(1.0);
        host.set_delay(Some(Duration::from_secs(2)), 0.0, 1.0, &config);
        assert_eq!(host.delay(), Duration::from_secs(10));
        host.set_delay(None, 500.0, 1.0, &config);
        assert_eq!(host.delay(), Duration::from_mins(1));
        host.set_delay(None, 0.0, 1.0, &config);
        assert_eq!(host.delay(), Duration::from_secs(10));
        host.set_delay(Some(Duration::from_secs(20)), 0.0, 1.0, &config);
        assert_eq!(host.delay(), Duration::from_secs(30));
    }

    #[test]
    fn complaints_double_the_rest_and_quiet_forgives() {
        let mut host = HostState::new(0.0);
        assert_eq!(host.complained(None), FIRST_BACKOFF);
        assert_eq!(host.complained(None), FIRST_BACKOFF * 2);
        assert!(host.resting().is_some());
        host.answered();
        assert_eq!(
            host.complained(None),
            FIRST_BACKOFF * 4,
            "not forgiven at once"
        );
        host.complained_at = Instant::now().checked_sub(FORGET_AFTER);
        host.answered();
        assert_eq!(host.complained(None), FIRST_BACKOFF);
        let wish = Duration::from_secs(7);
        assert_eq!(host.complained(Some(wish)), wish, "a wish outdoes it");
        assert_eq!(backoff(99), MAX_DELAY);
    }

    #[tokio::test]
    async fn failures_in_a_row_bring_rest() {
        let mut host = HostState::new(0.0);
        host.failed();
        host.failed();
        host.answered();
        host.failed();
        host.failed();
        assert!(host.resting().is_none());
        host.failed();
        assert!(
            host.resting()
                .is_some_and(|(_, why)| why.contains("failed"))
        );
    }
}
