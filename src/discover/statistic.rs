//! What the addresses of one shape on one site turned out to be: counted as pages are fetched, kept in
//! the store, and asked when the next address of the shape is found.

use serde::{Deserialize, Serialize};

/// What the addresses of one shape on one site turned out to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistic {
    /// Pages fetched that were articles.
    pub articles: u64,
    /// Pages fetched that were not.
    pub others: u64,
}

impl Statistic {
    /// Pages that the score by eye is worth: after this many fetched pages of a shape, what they
    /// were counts as much as what the address looks like.
    const PRIOR_PAGES: f32 = 4.0;

    /// Takes note of one more page.
    pub fn add(&mut self, article: bool) {
        if article {
            self.articles += 1;
        } else {
            self.others += 1;
        }
    }

    /// How likely the next page of the shape is an article, 0 to 1, when its address alone says
    /// `score`: the m-estimate (Cestnik, "Estimating probabilities", ECAI 1990) with the score as
    /// the prior and four pages as its weight. Without pages it is the score itself.
    #[must_use]
    pub fn probability(self, score: f32) -> f32 {
        #[allow(clippy::cast_precision_loss)] // Counts beyond 2^24 do not need their last digit.
        let (articles, others) = (self.articles as f32, self.others as f32);
        (articles + Self::PRIOR_PAGES * score) / (articles + others + Self::PRIOR_PAGES)
    }
}
