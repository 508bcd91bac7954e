//! What a run did, counted.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::outcome::Outcome;
use crate::polite::Visit;

/// What a run did; the keys of `--summary-json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Counts over all hosts.
    #[serde(flatten)]
    pub total: RunCounts,
    /// Counts by host.
    pub hosts: BTreeMap<String, RunCounts>,
    /// Seeds that led to nothing, and why.
    pub failed_seeds: Vec<FailedSeed>,
    /// Why the run ended.
    pub ended: EndReason,
    /// When something is due next, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<String>,
}

/// Counts of one host, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunCounts {
    /// URLs for which at least one request was sent.
    pub fetched: u64,
    /// New records, and new versions of records.
    pub stored: u64,
    /// Pages that did not change since the last visit.
    pub unchanged: u64,
    /// Pages with the body of an article stored before.
    pub duplicates: u64,
    /// URLs that could not be fetched or read.
    pub failed: u64,
    /// Bytes received, as they were sent.
    pub bytes: u64,
    /// Seconds the run took; for one host, those it spent in exchanges.
    pub seconds: f64,
    /// How many URLs had each outcome; together, every URL tried.
    pub outcomes: BTreeMap<Outcome, u64>,
}

/// A seed that led to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedSeed {
    /// The seed's address.
    pub url: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in more detail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Nothing more was due.
    #[default]
    Done,
    /// `max_pages` was reached.
    MaxPages,
    /// `time_limit_s` was reached.
    TimeLimit,
    /// The run was asked to end.
    Interrupted,
}

/// What is counted of one URL's try.
#[derive(Debug, Clone, Copy)]
pub(super) struct UrlTally {
    pub(super) outcome: Outcome,
    /// Whether it is a guess: a customary address of a feed or sitemap.
    pub(super) guessed: bool,
    pub(super) requests: u32,
    pub(super) bytes: u64,
    pub(super) seconds: f64,
}

impl UrlTally {
    pub(super) fn of(visit: &Visit, outcome: Outcome, guessed: bool) -> Self {
        Self {
            outcome,
            guessed,
            requests: visit.requests,
            bytes: visit.bytes,
            seconds: visit.elapsed.as_secs_f64(),
        }
    }
}

impl Summary {
    /// Whether a URL or a seed failed.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        self.total.failed > 0 || !self.failed_seeds.is_empty()
    }

    pub(super) fn count(&mut self, host: &str, tally: UrlTally) {
        self.total.count(tally);
        match self.hosts.get_mut(host) {
            Some(counts) => counts.count(tally),
            None => self.hosts.entry(host.to_owned()).or_default().count(tally),
        }
    }
}

impl RunCounts {
    fn count(&mut self, tally: UrlTally) {
        *self.outcomes.entry(tally.outcome).or_default() += 1;
        self.fetched += u64::from(tally.requests > 0);
        self.bytes += tally.bytes;
        self.seconds += tally.seconds;
        match tally.outcome {
            Outcome::Stored | Outcome::Updated => self.stored += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Duplicate => self.duplicates += 1,
            outcome if is_failure(outcome) && !tally.guessed => self.failed += 1,
            _ => {}
        }
    }
}

/// Whether an outcome is a failure, not a page that is rightly left alone.
pub(super) fn is_failure(outcome: Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::Stored
            | Outcome::Updated
            | Outcome::Discovered
            | Outcome::Unchanged
            | Outcome::Duplicate
            | Outcome::FurtherPage
            | Outcome::NotArticle
            | Outcome::SoftNotFound
            | Outcome::ConsentWall
            | Outcome::Paywall
            | Outcome::LoginWall
            | Outcome::RobotsDenied
            | Outcome::OptedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_try_is_counted_once_and_a_guess_is_no_failure() {
        let mut summary = Summary::default();
        let tally = |outcome, guessed| UrlTally {
            outcome,
            guessed,
            requests: 1,
            bytes: 10,
            seconds: 0.5,
        };
        summary.count("a.example", tally(Outcome::Stored, false));
        summary.count("a.example", tally(Outcome::NotFound, true));
        summary.count("b.example", tally(Outcome::NotFound, false));
        assert_eq!(
            (
                summary.total.stored,
                summary.total.failed,
                summary.total.bytes
            ),
            (1, 1, 30)
        );
        assert_eq!(summary.total.outcomes.values().sum::<u64>(), 3);
        let json = serde_json::to_value(&summary).expect("plain data");
        assert_eq!(json["outcomes"]["not_found"], 2);
        assert_eq!(json["hosts"]["a.example"]["outcomes"]["not_found"], 1);
    }
}
