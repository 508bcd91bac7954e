//! What one visit of a URL changes in the store.

use super::articles::NewArticle;
use super::urls::{DueUrl, NewUrl, UrlState};
use crate::frontier::{Role, revisit};
use crate::outcome::Outcome;

/// Everything that one visit changes in the store; it is stored as a whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitResult {
    /// The URL that was visited, as it was when it was due.
    pub due: DueUrl,
    /// What the log keeps of the visit. For an article, the store finds the outcome.
    pub log: FetchLogEntry,
    /// The URL's state after the visit. For a source with a schedule, the store sets the next visit, since
    /// it knows which links are news.
    pub state: UrlState,
    /// The article that the page is.
    pub article: Option<Box<NewArticle>>,
    /// Where the page is the first of a story's: the pages that were fetched with it.
    pub pages: Vec<FurtherPage>,
    /// The links that a crawl may follow.
    pub links: Vec<NewUrl>,
    /// How many links were news among those that were [added](super::Store::add_links) before the page was
    /// read to its end.
    pub early_news: u64,
    /// What the page itself says for a story, in log-odds, and what was seen; none where none was read.
    pub page: Option<(f32, String)>,
    /// For a source: what its next visit depends on.
    pub schedule: Option<SourceSchedule>,
}

/// A page that was fetched as a further one of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct FurtherPage {
    /// Its address.
    pub url: NewUrl,
    /// What the log keeps of the visit.
    pub log: FetchLogEntry,
    /// Whether the page was there.
    pub was_read: bool,
    /// The article that it is, where it turned out to be another story's.
    pub article: Option<Box<NewArticle>>,
}

/// One try of one URL in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLogEntry {
    /// The run it belongs to.
    pub run: i64,
    /// When it began, in Unix milliseconds.
    pub at_ms: i64,
    /// The response's status, where there was one.
    pub status: Option<u16>,
    /// What became of the URL.
    pub outcome: Outcome,
    /// More words on it.
    pub reason: Option<String>,
    /// Requests sent, redirects included.
    pub requests: u32,
    /// Bytes received, as they were sent.
    pub bytes: u64,
    /// From the first request to the end of the body.
    pub elapsed_ms: u64,
}

/// What a source's next visit depends on, besides whether this one brought news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceSchedule {
    /// What the source turned out to be.
    pub role: Role,
    /// Seconds between visits that it asks for.
    pub requested_s: Option<u64>,
}

/// The settings of a run that decide what of a visit is stored, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VisitRules {
    /// Whether an article with nearly the same body as an earlier one is a duplicate of it.
    pub near_duplicates: bool,
    /// Whether what repeats across a site's articles is learned and left out of them.
    pub sitewide: bool,
    /// Whether an article that a feed or sitemap says has changed is fetched again.
    pub track_changes: bool,
}

impl SourceSchedule {
    /// Sets when a source is due again in its state, by whether its visit at `now_ms` brought news.
    pub(crate) fn set(self, state: &mut UrlState, due: &DueUrl, has_news: bool, now_ms: i64) {
        state.news_ms = has_news.then_some(now_ms);
        let quiet_s = state.news_ms.or(due.news_ms).map(|at| {
            let quiet_ms = now_ms.saturating_sub(at);
            u64::try_from(quiet_ms / 1000).unwrap_or(0)
        });
        let Self { role, requested_s } = self;
        let seconds =
            revisit::next_interval_s(role, due.interval_s, has_news, requested_s, quiet_s);
        let interval_ms = i64::try_from(seconds * 1000).unwrap_or(i64::MAX);
        state.interval_s = Some(seconds);
        state.due_ms = Some(revisit::next_due_ms(due.due_ms, now_ms, interval_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::due_url;
    use super::*;

    #[test]
    fn a_source_with_news_is_asked_sooner_than_a_quiet_one() {
        let hour_ms = 3_600_000;
        let due = DueUrl {
            interval_s: Some(10 * 3600),
            due_ms: 30 * hour_ms,
            news_ms: Some(0),
            ..due_url("http://a.example/feed")
        };
        let schedule = SourceSchedule {
            role: Role::Section,
            requested_s: None,
        };
        let after = |has_news| {
            let mut state = UrlState::default();
            schedule.set(&mut state, &due, has_news, 30 * hour_ms);
            (state.interval_s, state.due_ms, state.news_ms)
        };
        let (news, quiet) = (after(true), after(false));
        assert_eq!(
            news,
            (Some(8 * 3600), Some(38 * hour_ms), Some(30 * hour_ms))
        );
        assert_eq!(quiet, (Some(15 * 3600), Some(45 * hour_ms), None));
    }
}
