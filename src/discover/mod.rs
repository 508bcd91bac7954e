//! From a seed to candidate addresses: feeds, sitemaps, links on section pages, and what an address
//! itself says. Pure: bytes or a parsed page in, [`Candidate`]s out; nothing is fetched here.
//!
//! | question | answer |
//! |---|---|
//! | what did the server send? | [`classify`] |
//! | what does the feed, sitemap or page lead to? | [`feed::parse`], [`sitemap::parse`], [`links::of_page`] |
//! | where else may a site keep feeds and sitemaps? | [`well_known`] |
//! | is this address an article's, and why? | [`judge`] |
//! | what have this site's addresses of this kind been? | [`shape()`], [`Statistic`], [`expected`] |

pub mod feed;
pub mod links;
mod segment;
mod shape;
pub mod sitemap;
mod sniff;
mod statistic;
mod trap;

use url::Url;

use crate::address::canonical;
use crate::table::rows;

pub use segment::WordClass;
pub use shape::{Shape, shape};
pub use sniff::{Source, classify};
pub use statistic::Statistic;
pub use trap::trap;

/// Score from which an address is taken for an article's.
pub const ARTICLE_SCORE: f32 = 0.5;

/// What an address is thought to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// One article.
    Article,
    /// A page that links to articles.
    Section,
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
}

/// An address that something led to, with what is known before it is fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// In [canonical] form.
    pub url: Url,
    /// What it is thought to lead to.
    pub role: Role,
    /// How likely it is an article, 0 to 1.
    pub score: f32,
    /// What led to it and what spoke for and against it, for people.
    pub reason: String,
    /// The title a feed, news sitemap or link text gave.
    pub title: Option<String>,
    /// When it came out, as the feed or news sitemap says: RFC 3339, or a date.
    pub published: Option<String>,
    /// When it last changed, as the feed or sitemap says: RFC 3339, or a date.
    pub modified: Option<String>,
    /// BCP 47 tag, as the feed or news sitemap says.
    pub language: Option<String>,
    /// Names, as the feed says.
    pub authors: Vec<String>,
}

impl Candidate {
    /// An address about which nothing more is known.
    #[must_use]
    pub fn new(url: &Url, role: Role, score: f32, reason: impl Into<String>) -> Self {
        Self::of_canonical(canonical(url), role, score, reason.into())
    }

    fn of_canonical(url: Url, role: Role, score: f32, reason: String) -> Self {
        Self {
            url,
            role,
            score,
            reason,
            title: None,
            published: None,
            modified: None,
            language: None,
            authors: Vec::new(),
        }
    }
}

/// What an address alone says.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// How likely it is an article, 0 to 1, and why.
    Open(f32, String),
    /// Not worth a request: a trap, a file, or a page of a kind that is left alone; and why.
    LeftAlone(&'static str),
}

/// Judges an address by its looks.
///
/// ```
/// use gleaner::discover::{Judgement, judge};
/// # fn main() -> Result<(), url::ParseError> {
/// let url = "https://news.example/sport/2026/05/harbour-crane-falls-into-the-sea".parse()?;
/// assert!(matches!(judge(&url), Judgement::Open(score, _) if score > 0.9));
/// let url = "https://news.example/tag/harbour".parse()?;
/// assert_eq!(judge(&url), Judgement::LeftAlone("tag page"));
/// # Ok(()) }
/// ```
#[must_use]
pub fn judge(url: &Url) -> Judgement {
    if let Some(reason) = trap(url) {
        return Judgement::LeftAlone(reason);
    }
    let features = shape::Features::of(url);
    if features.other_file {
        return Judgement::LeftAlone("file that is no page");
    }
    let class = features.class().or_else(|| features.asks());
    if let Some(reason) = class.and_then(WordClass::left_alone)
        && !features.outweighs(class)
    {
        return Judgement::LeftAlone(reason);
    }
    let (score, reason) = features.score();
    Judgement::Open(score, reason)
}

/// Least probability of an article at which an address is still fetched because a sitemap lists it:
/// sites list what they publish, whatever its address looks like, until experience says otherwise.
const LISTED_SCORE: f32 = 0.15;

/// What to take an address for that is an article's with `probability`; `listed` says whether a
/// sitemap has it. None when it is not worth a request.
#[must_use]
pub fn expected(url: &Url, probability: f32, listed: bool) -> Option<Role> {
    if probability >= ARTICLE_SCORE {
        Some(Role::Article)
    } else if links::is_section(url) {
        Some(Role::Section)
    } else {
        (listed && probability >= LISTED_SCORE).then_some(Role::Article)
    }
}

/// Where a site may keep sitemaps and feeds without saying so, likeliest first, from
/// `config/tables/well_known.tsv`. Ask there only when robots.txt and the front page name none, and
/// at the next place of a kind only when the one before is not there.
#[must_use]
pub fn well_known(site: &Url) -> Vec<Candidate> {
    rows(include_str!("../../config/tables/well_known.tsv"))
        .filter_map(|row| {
            let role = if row[0] == "feed" {
                Role::Feed
            } else {
                Role::Sitemap
            };
            let reason = format!("customary place ({})", row[2]);
            Some(Candidate::new(&site.join(row[1]).ok()?, role, 0.0, reason))
        })
        .collect()
}

#[cfg(test)]
mod tests;
