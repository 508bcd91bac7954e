//! From a seed to the addresses it leads to: reads feeds, sitemaps and the links of pages, and classifies
//! addresses. Bytes or a parsed page in, `DiscoveredUrl`s out; nothing is fetched here.
//!
//! | question | answer |
//! |---|---|
//! | what did the server send? | `response_kind` |
//! | what does the feed, sitemap or page lead to? | `feed::parse`, `sitemap::parse`, `links::of_page` |
//! | at which customary addresses may a site have feeds and sitemaps? | `well_known` |
//! | what does this address say, and why? | [`classify_url`], `AddressOdds`, and in it `crawler_trap` |
//! | what have this site's addresses of this pattern been? | `url_pattern`, [`PatternStats`] |
//! | is it a story's, by all that is known? | `story_odds` |

mod address_odds;
mod crawler_trap;
pub(crate) mod feed;
pub(crate) mod links;
mod path_segment;
mod pattern_stats;
mod response_kind;
pub(crate) mod sitemap;
pub(crate) mod story_odds;
mod url_features;

use url::Url;

use crate::address::canonical;
use crate::frontier::Role;
use crate::table::rows;

pub(crate) use address_odds::AddressOdds;
pub use address_odds::{ARTICLE_SCORE, UrlClass, classify_url};
pub(crate) use crawler_trap::crawler_trap;
pub use pattern_stats::PatternStats;
pub(crate) use response_kind::{ResponseKind, response_kind};
use story_odds::Expectation;
pub use story_odds::{NamedBy, Naming, StoryOdds};
pub(crate) use url_features::url_pattern;

/// An address that something led to, with what is known before it is fetched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DiscoveredUrl {
    /// In [canonical] form.
    pub(crate) url: Url,
    /// What it is believed to be.
    pub(crate) role: Role,
    /// Who named it as a page, and what that says; none for feeds and sitemaps.
    pub(crate) naming: Option<Naming>,
    /// How likely it is an article by that and its address, 0 to 1.
    pub(crate) score: f32,
    /// Why it is left alone unless more speaks for a story.
    pub(crate) unlikely: Option<&'static str>,
    /// Why this mention is none to follow.
    pub(crate) not_to_follow: Option<&'static str>,
    /// What led to it, and what speaks for and against an article, for people.
    pub(crate) reason: String,
    /// The title a feed, news sitemap or link text gave.
    pub(crate) title: Option<String>,
    /// When it came out, as the feed or news sitemap says: RFC 3339, or a date.
    pub(crate) published: Option<String>,
    /// When it last changed, as the feed or sitemap says: RFC 3339, or a date.
    pub(crate) modified: Option<String>,
    /// BCP 47 tag, as the feed or news sitemap says.
    pub(crate) language: Option<String>,
    /// Names, as the feed says.
    pub(crate) authors: Vec<String>,
}

impl DiscoveredUrl {
    /// An address about which nothing more is known.
    pub(crate) fn new(url: &Url, role: Role, score: f32, reason: impl Into<String>) -> Self {
        Self::of_canonical(canonical(url), role, score, reason.into())
    }

    /// A page at an address in canonical form; what it is believed to be follows from who named it and what
    /// the address says. `explain`: whether that is put into words.
    fn named(url: Url, naming: Naming, address: &AddressOdds, explain: bool) -> Self {
        let odds = StoryOdds {
            address: address.odds,
            ..StoryOdds::of_namings([(naming.by, naming.weight)])
        };
        let expected = Expectation::of(&url, address, &odds);
        let reason = if explain {
            let signs = [naming.signs.as_str(), &address.why].into_iter();
            let signs: Vec<_> = signs.filter(|signs| !signs.is_empty()).collect();
            format!("{}: {}", naming.by.in_words(), signs.join(", "))
        } else {
            String::new()
        };
        let role = expected.role().unwrap_or(Role::Article);
        Self {
            naming: Some(naming),
            unlikely: match expected {
                Expectation::LeftAlone(reason) => Some(reason),
                _ => None,
            },
            ..Self::of_canonical(url, role, odds.probability(), reason)
        }
    }

    fn of_canonical(url: Url, role: Role, score: f32, reason: String) -> Self {
        Self {
            url,
            role,
            naming: None,
            score,
            unlikely: None,
            not_to_follow: None,
            reason,
            title: None,
            published: None,
            modified: None,
            language: None,
            authors: Vec::new(),
        }
    }
}

/// A site's customary addresses of sitemaps and feeds, likeliest first, from
/// `config/tables/well_known.tsv`. They are guesses, for a site whose robots.txt and front page name none:
/// the next one of a role is to be asked only when the one before does not exist.
pub(crate) fn well_known(site: &Url) -> Vec<DiscoveredUrl> {
    rows(include_str!("../../config/tables/well_known.tsv"))
        .filter_map(|row| {
            let url = site.join(row[1]).ok()?;
            let reason = format!("customary place ({})", row[2]);
            Some(DiscoveredUrl::new(&url, Role::named(row[0]), 0.0, reason))
        })
        .collect()
}

#[cfg(test)]
mod tests;
