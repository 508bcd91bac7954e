//! One host: its pace, its robots.txt, and what it asked us to wait for.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::robots::Robots;
use crate::config::PolitenessConfig;

/// Seconds to stay away after a 429 or 503 without Retry-After; doubles each time.
const FIRST_BACKOFF: Duration = Duration::from_mins(1);

/// The longest a server can make us stay away.
const MAX_BACKOFF: Duration = Duration::from_hours(24);

/// What is known of a host's robots.txt.
#[derive(Debug, Clone)]
pub(super) enum RobotsState {
    /// Read, or absent (4xx), which allows everything (RFC 9309, 2.3.1.3).
    Known(Robots),
    /// Server or network error: nothing may be fetched (RFC 9309, 2.3.1.4).
    Unreachable(String),
}

/// One host's pace.
#[derive(Debug)]
pub(super) struct Host {
    limiter: DefaultDirectRateLimiter,
    delay: Duration,
    /// When the next turn comes.
    next_at: Instant,
    resting_until: Option<Instant>,
    backoff: Duration,
    pub(super) robots: Option<RobotsState>,
}

impl Host {
    pub(super) fn new(delay_s: f64) -> Self {
        let delay = duration(delay_s);
        Self {
            limiter: limiter(delay),
            delay,
            next_at: Instant::now(),
            resting_until: None,
            backoff: FIRST_BACKOFF,
            robots: None,
        }
    }

    /// The time between two requests as of now.
    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// Takes the next turn if it has come; otherwise says how long to wait.
    pub(super) fn take_turn(&mut self) -> Result<(), Duration> {
        if let Some(until) = self.resting_until {
            let now = Instant::now();
            if until > now {
                return Err(until - now);
            }
        }
        self.limiter
            .check()
            .map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()))?;
        self.next_at = Instant::now() + self.delay;
        Ok(())
    }

    /// The earliest instant for the next request.
    pub(super) fn ready_at(&self) -> Instant {
        self.resting_until
            .map_or(self.next_at, |rest| rest.max(self.next_at))
    }

    /// Sets the pace after a response: the largest of the configured minimum, the capped
    /// Crawl-delay, and a multiple of the response time up to the configured maximum.
    pub(super) fn answered(
        &mut self,
        latency: Duration,
        min_delay_s: f64,
        config: &PolitenessConfig,
    ) {
        let crawl_delay_s = match &self.robots {
            Some(RobotsState::Known(robots)) => robots.crawl_delay_s.unwrap_or(0.0),
            _ => 0.0,
        };
        let by_latency_s = (latency.as_secs_f64() * config.latency_factor).min(config.max_delay_s);
        // A configured delay of 0 is for one's own test servers: their latency does not count.
        let by_latency_s = if min_delay_s == 0.0 {
            0.0
        } else {
            by_latency_s
        };
        let delay = duration(
            min_delay_s
                .max(crawl_delay_s.min(config.crawl_delay_cap_s))
                .max(by_latency_s),
        );
        if delay != self.delay {
            self.delay = delay;
            self.limiter = limiter(delay);
            // The request just made counts against the new pace.
            let _ = self.limiter.check();
            self.next_at = Instant::now() + delay;
        }
    }

    /// The server asked for quiet (429, 503): stay away as long as it says, or longer each time.
    pub(super) fn rest(&mut self, retry_after: Option<Duration>) -> Duration {
        let rest = retry_after.unwrap_or(self.backoff).min(MAX_BACKOFF);
        self.backoff = (self.backoff * 2).min(MAX_BACKOFF);
        self.resting_until = Some(Instant::now() + rest);
        rest
    }

    /// An answer without complaint forgives earlier ones.
    pub(super) fn forgive(&mut self) {
        self.backoff = FIRST_BACKOFF;
    }

    /// How long the server wants to be left alone from now on, if it asked for that.
    pub(super) fn resting(&self) -> Option<Duration> {
        self.resting_until
            .and_then(|until| until.checked_duration_since(Instant::now()))
            .filter(|rest| !rest.is_zero())
    }
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(MAX_BACKOFF)
}

/// One request per `delay`. A delay of 0 (one's own test servers) still needs a period: 1 ns.
fn limiter(delay: Duration) -> DefaultDirectRateLimiter {
    let period = delay.max(Duration::from_nanos(1));
    let quota = Quota::with_period(period)
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::MIN);
    RateLimiter::direct(quota)
}

/// `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3).
pub(super) fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value.trim())
        .ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a timestamp");
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            retry_after("Thu, 01 Jan 2026 00:01:00 GMT", now),
            Some(Duration::from_mins(1))
        );
        assert_eq!(
            retry_after("Wed, 31 Dec 2025 00:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("soon", now), None);
    }

    #[tokio::test]
    async fn turns_keep_the_delay() {
        let mut host = Host::new(60.0);
        assert!(host.take_turn().is_ok());
        let wait = host.take_turn().expect_err("too early");
        assert!(wait > Duration::from_secs(50) && wait <= Duration::from_mins(1));
    }

    #[tokio::test]
    async fn slow_answers_and_crawl_delay_stretch_the_pace() {
        let config = PolitenessConfig::default();
        let mut host = Host::new(1.0);
        host.answered(Duration::from_secs(2), 1.0, &config);
        assert_eq!(host.delay(), Duration::from_secs(10));
        host.answered(Duration::from_secs(20), 1.0, &config);
        assert_eq!(host.delay(), Duration::from_secs(30));
        host.robots = Some(RobotsState::Known(Robots::parse(
            b"User-agent: *\nCrawl-delay: 500",
            "gleaner",
        )));
        host.answered(Duration::ZERO, 1.0, &config);
        assert_eq!(host.delay(), Duration::from_mins(1));
    }

    #[tokio::test]
    async fn complaints_double_the_rest_and_quiet_forgives() {
        let mut host = Host::new(0.0);
        assert_eq!(host.rest(None), FIRST_BACKOFF);
        assert_eq!(host.rest(None), FIRST_BACKOFF * 2);
        assert!(host.resting().is_some());
        host.forgive();
        assert_eq!(host.rest(None), FIRST_BACKOFF);
        assert_eq!(host.rest(Some(Duration::from_secs(999_999))), MAX_BACKOFF);
    }
}
