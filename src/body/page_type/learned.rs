//! What kind of page a page is: learned from what holds for the page as a whole, and what its address adds.

use url::Url;

use crate::address;
use crate::body::features::kind_signs::by_address;
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

/// What a word of the address adds for a kind of page, in log-odds: less than layout and metadata say of all
/// but the most doubtful pages. With 2, 1 article in 100 more was taken for a manual under `/help/`.
const ADDRESS_WORD: f32 = 1.25;

/// The same for words under which sites keep lists: sections of stories have other names.
const LIST_WORD: f32 = 2.5;

/// What a front page's address adds for a list.
const FRONT_LIST: f32 = 1.5;

/// What it adds for a service's page. Both are chosen by the kinds found on wcxb-dev, cross-validated.
const FRONT_SERVICE: f32 = 3.0;

/// Share of all kinds' probabilities below which a record is not called an article where a list is the
/// likeliest else.
pub(crate) const LIST_BAR: f32 = 0.5;

/// The same where anything else is: low, since a story that is taken for something else may be lost to its
/// reader.
const OTHER_BAR: f32 = 0.15;

/// The same for the kind that is assumed in choosing blocks, where a wrong one costs little.
const STORY_BAR: f32 = 0.5;

/// What kind of page a page is, by the model and the address.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LearnedKind {
    /// For the record: an article unless that is unlikely.
    pub(crate) named: Kind,
    /// For choosing blocks.
    pub(crate) assumed: Kind,
    /// How likely the page is an article by layout and metadata alone, 0 to 1.
    pub(crate) article_probability: f32,
}

impl LearnedKind {
    /// The kind of a page with these features and this address.
    pub(crate) fn of(model: &Model, page: &[f32], address: Option<&Url>) -> Self {
        let trees = model.kinds.iter();
        let mut odds: Vec<f32> = trees.map(|trees| trees.full_probability(page)).collect();
        let article_probability = odds[0] / odds.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        if let Some(url) = address {
            add_address(&mut odds, url);
        }
        let article = odds[0] / odds.iter().sum::<f32>();
        let other = (1..KINDS.len())
            .max_by(|a, b| odds[*a].total_cmp(&odds[*b]))
            .map_or(Kind::Article, |at| KINDS[at].0);
        let unless = |bar: f32| if article < bar { other } else { Kind::Article };
        let is_list = other == Kind::Listing;
        Self {
            named: unless(if is_list { LIST_BAR } else { OTHER_BAR }),
            assumed: unless(STORY_BAR),
            article_probability,
        }
    }
}

/// Adds what an address says to the odds of each kind.
fn add_address(odds: &mut [f32], url: &Url) {
    let (by_words, is_front_page) = (by_address(url), address::is_front_page(url));
    for (at, ((kind, _), odds)) in KINDS.iter().zip(odds).enumerate() {
        let of_word = match kind {
            Kind::Listing => LIST_WORD,
            _ => ADDRESS_WORD,
        };
        let of_front_page = match kind {
            Kind::Listing => FRONT_LIST,
            Kind::Service => FRONT_SERVICE,
            _ => 0.0,
        };
        let mut added = 0.0;
        if by_words >> at & 1 == 1 {
            added += of_word;
        }
        if is_front_page {
            added += of_front_page;
        }
        *odds *= added.exp();
    }
}
