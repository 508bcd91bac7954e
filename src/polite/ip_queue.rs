//! One network address: the delay and the queue that all hosts at this address share.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::Instant;

use super::lock;
use super::rate_limiter::RateLimiter;

/// An address's limiter and the queue of those who wait for it.
#[derive(Debug)]
pub(super) struct IpQueue {
    pub(super) limiter: Mutex<RateLimiter>,
    /// Held by the first of the queue; the lock is fair, so others follow in the order of asking.
    queue: tokio::sync::Mutex<()>,
    waiting: AtomicU32,
}

/// Being first in an address's queue, until this is dropped.
#[derive(Debug)]
pub(super) struct IpQueueGuard<'a> {
    _queue: tokio::sync::MutexGuard<'a, ()>,
    _counted: Counted<'a>,
}

#[derive(Debug)]
struct Counted<'a>(&'a AtomicU32);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl IpQueue {
    pub(super) fn new(delay_s: f64) -> Self {
        Self {
            limiter: Mutex::new(RateLimiter::new(delay_s)),
            queue: tokio::sync::Mutex::default(),
            waiting: AtomicU32::new(0),
        }
    }

    /// Waits until nobody else is first.
    pub(super) async fn wait_to_be_first(&self) -> IpQueueGuard<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(&self.waiting);
        IpQueueGuard {
            _queue: self.queue.lock().await,
            _counted: counted,
        }
    }

    /// When whoever joins the queue now may likely ask the address.
    pub(super) fn ready_at(&self) -> Instant {
        let limiter = lock(&self.limiter);
        limiter.next_at() + limiter.delay() * self.waiting.load(Ordering::Relaxed)
    }
}
