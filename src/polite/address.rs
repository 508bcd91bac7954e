//! One network address: what all hosts that live there share.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::Instant;

use super::lock;
use super::pace::Pace;

/// An address's pace and the queue of those who wait for it.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) pace: Mutex<Pace>,
    /// Held by the first of the queue; the lock is fair, so turns come in the order of asking.
    queue: tokio::sync::Mutex<()>,
    waiting: AtomicU32,
}

/// A place in an address's queue, the first one.
#[derive(Debug)]
pub(super) struct First<'a> {
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

impl Address {
    pub(super) fn new(delay_s: f64) -> Self {
        Self {
            pace: Mutex::new(Pace::new(delay_s)),
            queue: tokio::sync::Mutex::default(),
            waiting: AtomicU32::new(0),
        }
    }

    /// Waits until nobody else is first.
    pub(super) async fn first(&self) -> First<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(&self.waiting);
        First {
            _queue: self.queue.lock().await,
            _counted: counted,
        }
    }

    /// When who queues now will have a turn, as it looks.
    pub(super) fn ready_at(&self) -> Instant {
        let pace = lock(&self.pace);
        pace.next_at() + pace.delay() * self.waiting.load(Ordering::Relaxed)
    }
}
