//! What `export`, `search` and `status` read from a store.

use std::collections::BTreeMap;

use crate::record::Record;

/// Which articles to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// Stored at or after this time, in Unix milliseconds; a search takes the time of publication
    /// where it is known.
    pub since_ms: Option<i64>,
    /// Of this site, or of a host of it.
    pub site: Option<String>,
    /// Only what was stored or updated after this; ignored by a search.
    pub after: ExportMark,
    /// Whether duplicates of an earlier article are included.
    pub duplicates: bool,
}

/// How far an export came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportMark {
    /// The number of the newest article.
    pub article: i64,
    /// The number of the newest update of an article.
    pub update: i64,
}

impl ExportMark {
    /// The later of two marks, by article and by update.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            article: self.article.max(other.article),
            update: self.update.max(other.update),
        }
    }
}

/// An article as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The article's number, and that of its newest update.
    pub mark: ExportMark,
    /// The address it is stored under.
    pub url: String,
    /// When it was stored, in Unix milliseconds.
    pub stored_ms: i64,
    /// The address of the article it duplicates.
    pub duplicate_of: Option<String>,
    /// Other addresses of the article.
    pub aliases: Vec<String>,
    /// The record.
    pub record: Record,
}

/// An article that a search found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SearchHit {
    /// The address it is stored under.
    pub url: String,
    /// The headline.
    pub title: String,
    /// As the record has it.
    pub published: Option<String>,
    /// The words in their surroundings, between `[` and `]`.
    pub snippet: String,
}

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct StoreStatus {
    /// Articles, duplicates aside.
    pub articles: u64,
    /// Articles that duplicate an earlier one.
    pub duplicates: u64,
    /// Older versions of articles.
    pub versions: u64,
    /// Other addresses of articles.
    pub aliases: u64,
    /// URLs known, without those that are left alone.
    pub urls: u64,
    /// URLs known that are not fetched.
    pub left_alone: u64,
    /// URLs due now.
    pub due: u64,
    /// When the next URL falls due, in Unix milliseconds.
    pub next_due_ms: Option<i64>,
    /// Last outcome of each URL tried, to their number.
    pub outcomes: BTreeMap<String, u64>,
    /// Runs so far.
    pub runs: u64,
    /// When the last run began, in Unix milliseconds.
    pub last_run_ms: Option<i64>,
    /// The last run's summary, where it ended cleanly.
    pub last_summary: Option<serde_json::Value>,
}

/// What a store holds of one host.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HostStatus {
    /// Host, with the port where it is not the scheme's own.
    pub host: String,
    /// URLs known.
    pub urls: u64,
    /// URLs due now.
    pub due: u64,
    /// URLs whose page is stored.
    pub stored: u64,
    /// URLs whose last try failed; those that robots.txt forbids and guesses do not count.
    pub failing: u64,
    /// When the next URL falls due, in Unix milliseconds.
    pub next_due_ms: Option<i64>,
    /// What politeness remembers of it ([`HostLease::memory`](super::HostLease::memory)).
    #[serde(skip)]
    pub memory: Option<String>,
}
