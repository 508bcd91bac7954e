//! What is remembered of a host from run to run, and what that says to people.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::host::Tally;
use super::standing::Standing;
use super::{Polite, lock, now_ms};

/// What a store remembers of one origin, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Scheme, host and port.
    pub origin: String,
    /// The state of robots.txt in a few words.
    pub robots: String,
    /// `Content-Usage` and `Content-Signal` lines that hold for us.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<String>,
    /// What was asked.
    #[serde(flatten)]
    pub tally: Tally,
    /// Mean time between two requests, in milliseconds.
    pub mean_gap_ms: Option<u64>,
}

impl Polite {
    /// Takes over what an earlier run remembered of a host (name, with the port where it is not the
    /// scheme's own). What cannot be read is as good as not remembered.
    pub fn recall(&self, host: &str, memory: &str) {
        let remembered: BTreeMap<String, Standing> =
            serde_json::from_str(memory).unwrap_or_default();
        for (origin, standing) in remembered {
            let Ok(url) = Url::parse(&origin) else {
                continue;
            };
            if url.host_str().is_none_or(|name| !host.starts_with(name)) {
                continue;
            }
            let slot = self.slot(&url);
            let ago_ms = u64::try_from(now_ms() - standing.noted_ms).unwrap_or(0);
            let mut host = lock(&slot.host);
            host.recall_complaints(standing.complaints, Duration::from_millis(ago_ms));
            host.tally = standing.tally.clone();
            let standing = standing.recalled();
            let min_delay_s = self.min_delay_s(&url);
            let politeness = &self.inner.config.politeness;
            host.set_pace(None, standing.crawl_delay_s(), min_delay_s, politeness);
            *lock(&slot.standing) = standing;
        }
    }

    /// What is worth remembering of a host, as JSON for [`Polite::recall`]; none when it was not
    /// asked for anything.
    #[must_use]
    pub fn memory(&self, host: &str) -> Option<String> {
        let mut remembered = BTreeMap::new();
        for scheme in ["http", "https"] {
            let origin = format!("{scheme}://{host}");
            let slot = lock(&self.inner.hosts).get(&origin).cloned();
            let Some(slot) = slot else { continue };
            let host = lock(&slot.host);
            let mut standing = lock(&slot.standing).clone();
            standing.tally = host.tally.clone();
            standing.complaints = host.complaints();
            standing.noted_ms = now_ms();
            if standing.tally.requests > 0 {
                remembered.insert(origin, standing);
            }
        }
        (!remembered.is_empty())
            .then(|| serde_json::to_string(&remembered).ok())
            .flatten()
    }
}

/// What a store's memory of a host says at `now_ms` (Unix milliseconds), for people.
#[must_use]
pub fn report(memory: &str, now_ms: i64) -> Vec<Report> {
    let remembered: BTreeMap<String, Standing> = serde_json::from_str(memory).unwrap_or_default();
    remembered
        .into_iter()
        .map(|(origin, standing)| {
            let standing = standing.recalled();
            let tally = standing.tally.clone();
            Report {
                origin,
                robots: standing.words(now_ms),
                usage: standing.usage().to_vec(),
                mean_gap_ms: tally.gaps_ms.checked_div(tally.gaps),
                tally,
            }
        })
        .collect()
}
