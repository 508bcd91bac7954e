//! What an address alone says for and against a story.

use url::Url;

use super::crawler_trap;
use super::story_odds::{ADDRESS_MAX, ADDRESS_MIN, Expectation, StoryOdds};
use super::url_features::UrlFeatures;

/// What an address alone says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AddressOdds {
    /// Log-odds, within the bounds of addresses.
    pub(crate) odds: f32,
    /// What spoke for or against it, for people.
    pub(crate) why: String,
    /// Why it is no page at all: a crawler trap, a file. Links and patterns do not overrule this, since a
    /// trap has both without end.
    pub(crate) unfit: Option<&'static str>,
    /// What a word of it says the page is, where that is no story.
    pub(crate) word: Option<&'static str>,
}

impl AddressOdds {
    pub(crate) fn of(url: &Url) -> Self {
        let unfit = |reason: &'static str| Self {
            odds: ADDRESS_MIN,
            why: reason.to_owned(),
            unfit: Some(reason),
            word: None,
        };
        if let Some(reason) = crawler_trap(url) {
            return unfit(reason);
        }
        let features = UrlFeatures::of(url);
        if features.other_file {
            return unfit("file that is no page");
        }
        let (odds, why) = features.odds();
        Self {
            odds: odds.clamp(ADDRESS_MIN, ADDRESS_MAX),
            why,
            unfit: None,
            word: features.word_reason(),
        }
    }
}

/// What an address alone says.
#[derive(Debug, Clone, PartialEq)]
pub enum UrlClass {
    /// A page: how likely it is an article, 0 to 1, and why.
    Page(f32, String),
    /// Not worth a request unless something names it as a story, and why: a crawler trap, a file, or a page
    /// of another class.
    Skip(&'static str),
}

/// Probability from which an address is taken for an article's.
pub const ARTICLE_SCORE: f32 = 0.5;

/// Classifies an address by itself: `/sport/2026/05/harbour-crane-falls` is likely an article's,
/// `/tag/harbour` is a tag page.
#[must_use]
pub fn classify_url(url: &Url) -> UrlClass {
    let address = AddressOdds::of(url);
    let odds = StoryOdds {
        address: address.odds,
        ..StoryOdds::default()
    };
    match Expectation::of(url, &address, &odds) {
        Expectation::LeftAlone(reason) if address.unfit.or(address.word).is_some() => {
            UrlClass::Skip(reason)
        }
        _ => UrlClass::Page(odds.probability(), address.why),
    }
}
