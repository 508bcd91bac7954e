//! How many addresses of a pattern turned out to be articles.

/// How many pages at addresses of one pattern on one site were articles: counted in the store when pages
/// are fetched, and used when the next address of the pattern is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PatternStats {
    /// Pages fetched that were articles.
    pub(crate) articles: u64,
    /// Pages fetched that were not.
    pub(crate) others: u64,
}

impl PatternStats {
    /// How many pages the score counts as much as: after four fetched pages of a pattern, what they were and
    /// what the address looks like have the same weight.
    const PRIOR_PAGES: f32 = 4.0;

    /// How likely the next page of the pattern is an article, 0 to 1, when its address alone says
    /// `score`: the m-estimate (Cestnik, "Estimating probabilities", ECAI 1990) with the score as
    /// the prior and four pages as its weight. Without pages it is the score itself.
    pub(crate) fn probability(self, score: f32) -> f32 {
        #[allow(clippy::cast_precision_loss)] // Counts beyond 2^24 do not need their last digit.
        let (articles, others) = (self.articles as f32, self.others as f32);
        (articles + Self::PRIOR_PAGES * score) / (articles + others + Self::PRIOR_PAGES)
    }
}
