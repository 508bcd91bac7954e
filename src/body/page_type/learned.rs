//! What kind of page a page is, learned from what holds for the page as a whole.

use crate::body::model::Model;
use crate::record::Kind;

/// Kinds the model tells apart, in the order of its sets of trees, and their names in tables and columns.
pub(crate) const KINDS: [(Kind, &str); 6] = [
    (Kind::Article, "article"),
    (Kind::Listing, "listing"),
    (Kind::Forum, "forum"),
    (Kind::Product, "product"),
    (Kind::Documentation, "documentation"),
    (Kind::Service, "service"),
];

/// Share of all kinds' probabilities below which a record is not called an article: low, since a story
/// that is taken for something else may be lost to its reader.
pub(crate) const ARTICLE_BAR: f32 = 0.3;

/// The same for the kind that is assumed in choosing blocks, where a wrong one costs little.
const STORY_BAR: f32 = 0.5;

/// What kind of page a page is, by the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LearnedKind {
    /// For the record: an article unless that is unlikely.
    pub(crate) named: Kind,
    /// For choosing blocks.
    pub(crate) assumed: Kind,
    /// The article's share of all kinds' probabilities, 0 to 1.
    pub(crate) article_probability: f32,
}

impl LearnedKind {
    /// The kind of a page with these features.
    pub(crate) fn of(model: &Model, page: &[f32]) -> Self {
        let odds: Vec<f32> = model
            .kinds
            .iter()
            .map(|trees| trees.full_probability(page))
            .collect();
        let all: f32 = odds.iter().sum();
        let other = (1..KINDS.len())
            .max_by(|a, b| odds[*a].total_cmp(&odds[*b]))
            .map_or(Kind::Article, |at| KINDS[at].0);
        let unless = |bar: f32| {
            if odds[0] < bar * all {
                other
            } else {
                Kind::Article
            }
        };
        Self {
            named: unless(ARTICLE_BAR),
            assumed: unless(STORY_BAR),
            article_probability: odds[0] / all.max(f32::MIN_POSITIVE),
        }
    }
}
