//! What is remembered of a host from run to run, and what that says to people.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::host_state::HostTally;
use super::robots_cache::RobotsCache;
use super::{PoliteClient, lock};

/// What a store remembers of one origin, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HostReport {
    /// Scheme, host and port.
    pub origin: String,
    /// The state of robots.txt in a few words.
    pub robots: String,
    /// `Content-Usage` and `Content-Signal` lines that hold for us.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<String>,
    /// What was asked.
    #[serde(flatten)]
    pub tally: HostTally,
    /// Mean time between two requests, in milliseconds.
    pub mean_gap_ms: Option<u64>,
}

impl PoliteClient {
    /// Takes over what an earlier run remembered of a host (name, with the port where it is not the
    /// scheme's own).
    pub(crate) fn restore(&self, host: &str, memory: &str) {
        for (origin, robots_cache) in remembered(memory) {
            let Ok(url) = Url::parse(&origin) else {
                continue;
            };
            if url.host_str().is_none_or(|name| !host.starts_with(name)) {
                continue;
            }
            let state = self.state(&url);
            let ago_ms = u64::try_from(self.now_ms() - robots_cache.noted_ms).unwrap_or(0);
            let mut host = lock(&state.host);
            host.restore_complaints(robots_cache.complaints, Duration::from_millis(ago_ms));
            host.tally = robots_cache.tally.clone();
            self.set_delay(&url, &mut host, None, robots_cache.crawl_delay_s());
            *lock(&state.robots_cache) = robots_cache;
        }
    }

    /// What is worth remembering of a host, as JSON for [`PoliteClient::restore`]; none when it was not
    /// asked for anything.
    pub(crate) fn saved_state(&self, host: &str) -> Option<String> {
        let mut remembered = BTreeMap::new();
        for scheme in ["http", "https"] {
            let origin = format!("{scheme}://{host}");
            let state = lock(&self.inner.hosts).get(&origin).cloned();
            let Some(state) = state else { continue };
            let host = lock(&state.host);
            let mut robots_cache = lock(&state.robots_cache).clone();
            robots_cache.tally = host.tally.clone();
            robots_cache.complaints = host.complaints;
            robots_cache.noted_ms = self.now_ms();
            if robots_cache.tally.requests > 0 {
                remembered.insert(origin, robots_cache);
            }
        }
        (!remembered.is_empty())
            .then(|| serde_json::to_string(&remembered).ok())
            .flatten()
    }
}

/// What was remembered of a host, by origin. What cannot be read is as good as not remembered.
fn remembered(memory: &str) -> BTreeMap<String, RobotsCache> {
    let origins: BTreeMap<_, RobotsCache> = serde_json::from_str(memory).unwrap_or_default();
    let origins = origins.into_iter();
    origins
        .map(|(origin, cache)| (origin, cache.reparsed()))
        .collect()
}

/// What a store's memory of a host says at `now_ms` (Unix milliseconds), for people.
#[must_use]
pub fn host_reports(memory: &str, now_ms: i64) -> Vec<HostReport> {
    remembered(memory)
        .into_iter()
        .map(|(origin, robots_cache)| {
            let tally = robots_cache.tally.clone();
            HostReport {
                origin,
                robots: robots_cache.summary(now_ms),
                usage: robots_cache.usage().to_vec(),
                mean_gap_ms: tally.gaps_ms.checked_div(tally.gaps),
                tally,
            }
        })
        .collect()
}
