//! Addresses that are known and not fetched, and how it came to that: what `status --why` tells of any
//! address.

use serde::Serialize;

use crate::discover::{PatternStats, StoryOdds};

/// The outcome of an address that is not fetched.
pub(crate) const LEFT_ALONE: &str = "left_alone";

/// Addresses of one site that get a row for one reason. A site that makes up addresses without end fills
/// no store; for looking at why addresses are left alone, some hundreds of each sort are plenty.
pub(crate) const MAX_NOTED: u64 = 250;

/// How many addresses of a site are not fetched for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LeftAloneCount {
    /// The site.
    pub site: String,
    /// Why they are not fetched.
    pub reason: String,
    /// Addresses that got a row each, some of which may have been fetched since.
    pub noted: u64,
    /// Mentions of further addresses, which have no row: the bound of 250 was reached.
    pub more: u64,
}

/// One kind of evidence about an address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceRow {
    /// `setting`, `feed`, `news_sitemap`, `sitemap`, `link`, `pattern` or `page`.
    pub kind: String,
    /// The address of the feed, sitemap or page that named it.
    pub source: Option<String>,
    /// When it was seen, in Unix milliseconds.
    pub at_ms: i64,
    /// Log-odds for a story.
    pub weight: f32,
    /// What was seen, in words.
    pub signs: String,
}

/// A visit of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastVisit {
    /// When it began, in Unix milliseconds.
    pub at_ms: i64,
    /// The response's status, where there was one.
    pub status: Option<u16>,
    /// What became of it.
    pub outcome: String,
    /// More words on it.
    pub reason: Option<String>,
}

/// What is known of an address, from who named it to what became of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UrlHistory {
    /// Canonical form.
    pub url: String,
    /// Whether the store has a row of it.
    pub is_known: bool,
    /// The site in whose name it is fetched.
    pub site: String,
    /// What it is believed to be: `seed`, `section`, `feed`, `sitemap` or `article`.
    pub role: String,
    /// When it was found, in Unix milliseconds.
    pub found_ms: i64,
    /// The page, feed or sitemap that it was found on.
    pub found_on: Option<String>,
    /// Who named it, and what the page itself said.
    pub evidence: Vec<EvidenceRow>,
    /// What its address says, in words.
    pub address: String,
    /// The pattern that its address shares with others of the site.
    pub pattern: String,
    /// What the site's pages of that pattern were.
    pub pattern_pages: PatternStats,
    /// All evidence by kind.
    pub odds: StoryOdds,
    /// When it is due, in Unix milliseconds; none for never.
    pub due_ms: Option<i64>,
    /// What came of it last; `left_alone` where it is not fetched.
    pub outcome: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Visits, the first one first.
    pub visits: Vec<PastVisit>,
    /// The address of the article that is stored of it.
    pub article: Option<String>,
    /// Another spelling or twin (`https`, `www.`, AMP) under which the page is known.
    pub twin: Option<String>,
    /// For an address without a row: reasons of its site for which no more rows are made.
    pub full: Vec<LeftAloneCount>,
}
