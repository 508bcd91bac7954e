//! What a run is doing, for a progress display and for `/metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::summary::{FailedSeed, RunCounts, Summary, UrlTally};
use crate::fetch::lock;

/// A run's counts while it runs. Clones show the same run.
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
    /// Since when the task waits until the host may be asked again; none while it does not wait.
    pub waiting_since: Option<Instant>,
}

/// A run's state at one moment.
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

    /// Says that somebody watches: only then are the hosts' queues counted.
    pub fn watch(&self) {
        self.is_watched.store(true, Ordering::Relaxed);
    }

    /// The run's state now.
    #[must_use]
    pub fn snapshot(&self) -> RunSnapshot {
        let state = lock(&self.state);
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

    pub(super) fn begin_host(&self, host: &str) {
        let mut state = lock(&self.state);
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

    pub(super) fn set_queued(&self, host: &str, queued: u64) {
        if let Some(now) = lock(&self.state).working.get_mut(host) {
            now.queued = queued;
        }
    }

    pub(super) fn set_waiting(&self, host: &str, is_waiting: bool) {
        if let Some(now) = lock(&self.state).working.get_mut(host) {
            now.waiting_since = is_waiting.then(Instant::now);
        }
    }

    pub(super) fn end_host(&self, host: &str) {
        lock(&self.state).working.remove(host);
    }

    pub(super) fn count(&self, host: &str, tally: UrlTally) {
        let mut state = lock(&self.state);
        state.summary.count(host, tally);
        if let Some(now) = state.working.get_mut(host) {
            now.done += 1;
            now.queued = now.queued.saturating_sub(1);
        }
    }

    pub(super) fn failed_seed(&self, seed: FailedSeed) {
        lock(&self.state).summary.failed_seeds.push(seed);
    }

    /// The summary so far.
    pub(super) fn summary(&self) -> Summary {
        lock(&self.state).summary.clone()
    }
}
