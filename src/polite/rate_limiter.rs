//! How often one host, or one network address, is asked.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use tokio::time::Instant;

/// The longest delay; also the one for a number of seconds that is no duration.
pub(super) const MAX_DELAY: Duration = Duration::from_hours(24);

/// Delays are longer than asked for by up to this part of themselves, differently each time, so
/// that crawlers started by the same clock do not knock in step.
const JITTER: f64 = 0.1;

/// One request per delay.
#[derive(Debug)]
pub(super) struct RateLimiter {
    limiter: DefaultDirectRateLimiter,
    delay: Duration,
    next_at: Instant,
}

impl RateLimiter {
    pub(super) fn new(delay_s: f64) -> Self {
        let delay = duration(delay_s);
        Self {
            limiter: limiter(delay),
            delay,
            next_at: Instant::now(),
        }
    }

    /// Least time between two requests.
    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// When the next request may be sent.
    pub(super) fn next_at(&self) -> Instant {
        self.next_at
    }

    /// Counts a request that is sent now, if the delay is over; otherwise fails with how long to wait.
    pub(super) fn try_acquire(&mut self) -> Result<(), Duration> {
        let now = Instant::now();
        if self.next_at > now {
            return Err(self.next_at - now);
        }
        self.limiter
            .check()
            .map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()))?;
        self.next_at = now + jittered(self.delay);
        Ok(())
    }

    /// Changes the delay; the new one starts at the request that was just answered.
    pub(super) fn set_delay(&mut self, delay_s: f64) {
        let delay = duration(delay_s);
        if delay != self.delay {
            self.delay = delay;
            self.limiter = limiter(delay);
            // The request just answered counts against the new delay.
            let _ = self.limiter.check();
            self.next_at = Instant::now() + jittered(delay);
        }
    }
}

/// A delay with its jitter.
fn jittered(delay: Duration) -> Duration {
    delay + delay.mul_f64(JITTER * chance())
}

/// A number from 0 to 1 that cannot be foreseen.
#[expect(
    clippy::cast_precision_loss,
    reason = "32 bits are plenty for a jitter"
)]
fn chance() -> f64 {
    let random = RandomState::new().hash_one(0u8) >> 32;
    random as f64 / f64::from(u32::MAX)
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(MAX_DELAY)
}

/// A delay of 0 (one's own test servers) still needs a period: 1 ns.
fn limiter(delay: Duration) -> DefaultDirectRateLimiter {
    let period = delay.max(Duration::from_nanos(1));
    let quota = Quota::with_period(period)
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::MIN);
    DefaultDirectRateLimiter::direct(quota)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_the_delay_and_are_never_early() {
        let mut limiter = RateLimiter::new(60.0);
        assert_eq!(limiter.try_acquire(), Ok(()));
        let wait = limiter.try_acquire().expect_err("too early");
        assert!(wait > Duration::from_secs(50) && wait <= Duration::from_secs(66));
        let mut unhurried = RateLimiter::new(0.0);
        for _ in 0..100 {
            while let Err(wait) = unhurried.try_acquire() {
                assert!(wait < Duration::from_micros(1));
            }
        }
    }

    #[test]
    fn jitter_only_lengthens_and_is_never_the_same() {
        let delay = Duration::from_mins(1);
        let half = delay + Duration::from_secs(3);
        let all: Vec<Duration> = (0..100).map(|_| jittered(delay)).collect();
        assert!(
            all.iter()
                .all(|one| (delay..=delay.mul_f64(1.0 + JITTER)).contains(one))
        );
        assert!(all.iter().any(|one| *one < half) && all.iter().any(|one| *one > half));
    }

    #[test]
    fn delays_and_new_delays_are_jittered() {
        let most = |begin: fn() -> RateLimiter| {
            let waits = (0..100).map(|_| {
                let began = Instant::now();
                begin().next_at() - began
            });
            waits.max().unwrap_or_default()
        };
        let half = Duration::from_secs(63);
        assert!(
            most(|| {
                let mut limiter = RateLimiter::new(60.0);
                assert_eq!(limiter.try_acquire(), Ok(()));
                limiter
            }) > half
        );
        assert!(
            most(|| {
                let mut limiter = RateLimiter::new(1.0);
                limiter.set_delay(60.0);
                limiter
            }) > half
        );
    }
}
