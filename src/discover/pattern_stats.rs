//! How many addresses of a pattern turned out to be articles.

use super::story_odds::{PATTERN_MAX, PATTERN_MIN};

/// How many pages at addresses of one pattern on one site were articles: counted in the store when pages
/// are fetched, and used when the next address of the pattern is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PatternStats {
    /// Pages fetched that were articles.
    pub articles: u64,
    /// Pages fetched that were not.
    pub others: u64,
}

impl PatternStats {
    /// Pages of a pattern from which it says something: fewer may be the exception.
    const FEWEST_PAGES: u64 = 4;

    /// Pages of either sort assumed beforehand, so that a few do not say as much as many (additive
    /// smoothing; Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 11.3.2).
    const ASSUMED_PAGES: f32 = 3.0;

    /// How much a page counts: ten of one sort outweigh a long slug, thirty the best of addresses and links.
    const FACTOR: f32 = 2.0;

    /// What pages of the pattern say for the next one, in log-odds.
    pub(crate) fn log_odds(self) -> f32 {
        if self.articles + self.others < Self::FEWEST_PAGES {
            return 0.0;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts beyond 2^24 need no last digit"
        )]
        let (articles, others) = (self.articles as f32, self.others as f32);
        let odds = (articles + Self::ASSUMED_PAGES) / (others + Self::ASSUMED_PAGES);
        (Self::FACTOR * odds.ln()).clamp(PATTERN_MIN, PATTERN_MAX)
    }
}
