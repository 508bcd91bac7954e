//! Where the schedule takes the time from: the system, or, so that tests can let days pass in seconds, a
//! number that is set from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time of the schedule. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    set_ms: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The time that is in `set_ms`, in Unix milliseconds.
    #[must_use]
    pub fn set_by(set_ms: Arc<AtomicI64>) -> Self {
        Self {
            set_ms: Some(set_ms),
        }
    }

    /// Now, in Unix milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        match &self.set_ms {
            Some(set_ms) => set_ms.load(Ordering::Relaxed),
            None => jiff::Timestamp::now().as_millisecond(),
        }
    }
}
