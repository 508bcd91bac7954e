//! Whether an address is worth a request, and how likely it is an article's, by the address alone.

use url::Url;

use super::links::is_section;
use super::path_segment::UrlWord;
use super::url_features::UrlFeatures;
use super::{Role, crawler_trap};

/// Score from which an address is taken for an article's.
pub const ARTICLE_SCORE: f32 = 0.5;

/// Least probability at which an address is fetched as an article because a sitemap lists it: sites list
/// what they publish, whatever its address looks like; only counts of its pattern bring it below.
const LISTED_SCORE: f32 = 0.15;

/// What an address alone says.
#[derive(Debug, Clone, PartialEq)]
pub enum UrlClass {
    /// A page: how likely it is an article, 0 to 1, and why.
    Page(f32, String),
    /// Not worth a request, and why: a crawler trap, a file, or a page of a class that is skipped.
    Skip(&'static str),
}

/// Classifies an address: `/sport/2026/05/harbour-crane-falls` is likely an article's,
/// `/tag/harbour` is skipped as a tag page.
#[must_use]
pub fn classify_url(url: &Url) -> UrlClass {
    if let Some(reason) = crawler_trap(url) {
        return UrlClass::Skip(reason);
    }
    let features = UrlFeatures::of(url);
    if features.other_file {
        return UrlClass::Skip("file that is no page");
    }
    let word = features.path_word().or_else(|| features.query_word());
    if let Some(reason) = word.and_then(UrlWord::skip_reason)
        && !features.outweighs(word)
    {
        return UrlClass::Skip(reason);
    }
    let (score, reason) = features.score();
    UrlClass::Page(score, reason)
}

/// What to take an address for that is an article's with `probability`; `listed` says whether a
/// sitemap has it. None when it is not worth a request.
pub(crate) fn expected_role(url: &Url, probability: f32, listed: bool) -> Option<Role> {
    if probability >= ARTICLE_SCORE {
        Some(Role::Article)
    } else if is_section(url) {
        Some(Role::Section)
    } else {
        (listed && probability >= LISTED_SCORE).then_some(Role::Article)
    }
}
