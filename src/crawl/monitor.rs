//! What a run is doing, for whoever looks on: a progress display, `/metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::summary::{FailedSeed, RunCounts, Summary, UrlTally};

/// A run's counts while it runs. Clones look at the same run.
#[derive(Debug, Clone, Default)]
pub struct Monitor {
    state: Arc<Mutex<State>>,
    is_watched: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct State {
    summary: Summary,
    /// Hosts that are worked on now.
    working: BTreeMap<String, HostActivity>,
}

/// A host that is worked on.
#[derive(Debug, Clone, Default)]
pub struct HostActivity {
    /// URLs tried in this run.
    pub done: u64,
    /// URLs due, as counted when the last batch was taken; counting ends at 1,000.
    pub queued: u64,
    /// Since when the host's next turn is waited for.
    pub waiting_since: Option<Instant>,
}

/// What is to be seen at one moment.
#[derive(Debug, Clone, Default)]
pub struct RunSnapshot {
    /// Counts so far.
    pub total: RunCounts,
    /// Hosts that had a URL tried so far.
    pub hosts_tried: usize,
    /// Hosts that are worked on, by name.
    pub working: Vec<(String, HostActivity)>,
}

impl Monitor {
    /// A monitor of a run to come.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that somebody looks on, so that queues are worth counting.
    pub fn watch(&self) {
        self.is_watched.store(true, Ordering::Relaxed);
    }

    /// What is to be seen now.
    #[must_use]
    pub fn snapshot(&self) -> RunSnapshot {
        let state = self.lock();
        RunSnapshot {
            total: state.summary.total.clone(),
            hosts_tried: state.summary.hosts.len(),
            working: state
                .working
                .iter()
                .map(|(name, host)| (name.clone(), host.clone()))
                .collect(),
        }
    }

    pub(super) fn is_watched(&self) -> bool {
        self.is_watched.load(Ordering::Relaxed)
    }

    pub(super) fn begin(&self, host: &str) {
        let mut state = self.lock();
        let done = state
            .summary
            .hosts
            .get(host)
            .map_or(0, |counts| counts.outcomes.values().sum());
        let now = HostActivity {
            done,
            ..HostActivity::default()
        };
        state.working.insert(host.to_owned(), now);
    }

    pub(super) fn queued(&self, host: &str, queued: u64) {
        if let Some(now) = self.lock().working.get_mut(host) {
            now.queued = queued;
        }
    }

    pub(super) fn waits(&self, host: &str, does: bool) {
        if let Some(now) = self.lock().working.get_mut(host) {
            now.waiting_since = does.then(Instant::now);
        }
    }

    pub(super) fn end(&self, host: &str) {
        self.lock().working.remove(host);
    }

    pub(super) fn count(&self, host: &str, tally: UrlTally) {
        let mut state = self.lock();
        state.summary.count(host, tally);
        if let Some(now) = state.working.get_mut(host) {
            now.done += 1;
            now.queued = now.queued.saturating_sub(1);
        }
    }

    pub(super) fn failed_seed(&self, seed: FailedSeed) {
        self.lock().summary.failed_seeds.push(seed);
    }

    /// The summary so far.
    pub(super) fn summary(&self) -> Summary {
        self.lock().summary.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock; if something did, the counts are still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
