//! The frontier's values, and what is decided about URLs.

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::Result;
use crate::address;
use crate::article::Hints;
use crate::discover::story_odds::Expectation;
use crate::discover::{AddressOdds, NamedBy, Naming, PatternStats, StoryOdds, url_pattern};
use crate::frontier::Role;
use crate::frontier::revisit::covers_site;
use crate::outcome::Outcome;

/// A URL to add to the frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUrl {
    /// Canonical form.
    pub url: String,
    /// Host, with the port where it is not the scheme's own.
    pub host: String,
    /// The site in whose name it is fetched.
    pub site: String,
    /// What it is believed to be.
    pub role: Role,
    /// Whether it is a guess: a customary address of a feed or sitemap that need not exist.
    pub guessed: bool,
    /// Links from the seed.
    pub depth: u32,
    /// Higher is fetched earlier.
    pub priority: f64,
    /// Who named it as a page; none for seeds, feeds and sitemaps, which are what they are said to be.
    pub naming: Option<Naming>,
    /// Why this mention of it is none to follow, as far from the seed or another site's is.
    pub left_alone: Option<&'static str>,
    /// What a feed or sitemap said about it.
    pub hints: Option<Hints>,
    /// When it was last changed, as the feed or sitemap says, in Unix milliseconds.
    pub modified_ms: Option<i64>,
}

/// A URL that is to be fetched now.
#[derive(Debug, Clone, PartialEq)]
pub struct DueUrl {
    /// The URL's number.
    pub id: i64,
    /// Canonical form.
    pub url: String,
    /// The site in whose name it is fetched.
    pub site: String,
    /// What it is believed to be.
    pub role: Role,
    /// Whether it is a guess: a customary address of a feed or sitemap that need not exist.
    pub guessed: bool,
    /// Links from the seed.
    pub depth: u32,
    /// What a feed or sitemap said about it.
    pub hints: Hints,
    /// Failures in a row so far.
    pub tries: u32,
    /// When it was fetched with success last, in Unix milliseconds.
    pub fetched_ms: Option<i64>,
    /// When it was found, in Unix milliseconds.
    pub found_ms: i64,
    /// The `ETag` it came with last, for a conditional request.
    pub etag: Option<String>,
    /// The `Last-Modified` it came with last, for the same.
    pub last_modified: Option<String>,
    /// Seconds between visits so far.
    pub interval_s: Option<u64>,
    /// When it fell due, in Unix milliseconds.
    pub due_ms: i64,
    /// When it brought something new last, in Unix milliseconds.
    pub news_ms: Option<i64>,
    /// What speaks for and against a story there, before it is read.
    pub odds: StoryOdds,
}

/// A URL's state after a visit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UrlState {
    /// When it is due again, in Unix milliseconds; none for never.
    pub due_ms: Option<i64>,
    /// Failures in a row.
    pub tries: u32,
    /// What it turned out to be; none for what it was believed to be.
    pub role: Option<Role>,
    /// For the next conditional request; none leaves what is stored.
    pub etag: Option<String>,
    /// For the next conditional request; none leaves what is stored.
    pub last_modified: Option<String>,
    /// Seconds until the next visit, for the schedule to go on from.
    pub interval_s: Option<u64>,
    /// When it brought something new, if it did now, in Unix milliseconds.
    pub news_ms: Option<i64>,
}

/// A host whose URLs one task works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostLease {
    /// The host's number.
    pub id: i64,
    /// Host, with the port where it is not the scheme's own.
    pub name: String,
    /// What politeness remembers of it, robots.txt included, as JSON of its own.
    pub memory: Option<String>,
}

/// The part of the frontier that a run works on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontierSlice {
    /// Only these sites; all when empty.
    pub sites: Vec<String>,
    /// Whether articles are left out.
    pub sources_only: bool,
}

/// What is stored of a URL that something links to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownUrl {
    pub(crate) id: i64,
    pub(crate) fetched_ms: Option<i64>,
    pub(crate) priority: f64,
    pub(crate) found_ms: i64,
    /// Whether it is not to be fetched, as it was decided before.
    pub(crate) is_left_alone: bool,
    /// Whether it was fetched last as a page that is no story.
    pub(crate) is_no_story: bool,
}

/// What a link changes about a URL that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownUrlChange {
    /// Nothing.
    None,
    /// It takes over the link's priority and hints.
    BetterEvidence,
    /// It is due again.
    DueAgain,
}

impl KnownUrl {
    /// What a link to this URL changes; `track_changes` as in [`super::VisitRules`]. `is_new_list` says
    /// whether the link is the first by which a list of stories (a feed, a news sitemap) names it.
    pub(crate) fn change_by(
        &self,
        link: &NewUrl,
        track_changes: bool,
        is_new_list: bool,
    ) -> KnownUrlChange {
        let rechecks = track_changes || link.role == Role::Sitemap;
        match self.fetched_ms {
            Some(fetched) if rechecks && link.modified_ms.is_some_and(|at| at > fetched) => {
                KnownUrlChange::DueAgain
            }
            // What was no story by itself may be one now.
            Some(_) if self.is_no_story && is_new_list => KnownUrlChange::DueAgain,
            None if link.priority > self.priority => KnownUrlChange::BetterEvidence,
            _ => KnownUrlChange::None,
        }
    }
}

/// What speaks for and against a story at an address, and the role that follows; none is left alone, for
/// a reason.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UrlVerdict {
    pub(crate) role: std::result::Result<Role, &'static str>,
    pub(crate) odds: StoryOdds,
}

impl UrlVerdict {
    /// Weighs a link together with what else `named` its URL before; `stats` reads what the site's
    /// addresses of the same pattern were.
    pub(crate) fn of(
        link: &NewUrl,
        named: &[(NamedBy, f32)],
        stats: impl FnOnce(&str) -> Result<PatternStats>,
    ) -> Result<Self> {
        let settled = |role| Self {
            role,
            odds: StoryOdds::default(),
        };
        if let Some(reason) = link.left_alone {
            return Ok(settled(Err(reason)));
        }
        let Some(naming) = &link.naming else {
            return Ok(settled(Ok(link.role)));
        };
        let Ok(url) = Url::parse(&link.url) else {
            return Ok(settled(Err("no address")));
        };
        let address = AddressOdds::of(&url);
        let all = named.iter().copied().chain([(naming.by, naming.weight)]);
        let odds = StoryOdds {
            address: address.odds,
            pattern: stats(&url_pattern(&url))?.log_odds(),
            ..StoryOdds::of_namings(all)
        };
        let role = match Expectation::of(&url, &address, &odds) {
            Expectation::LeftAlone(reason) => Err(reason),
            Expectation::Story => Ok(Role::Article),
            Expectation::Section => Ok(Role::Section),
        };
        Ok(Self { role, odds })
    }
}

/// The pattern of a visited page's address, and whether the page was an article: what is counted for
/// other addresses of the pattern. Only the first visit counts.
pub(crate) fn pattern_learned(page: &DueUrl, outcome: Outcome) -> Option<(String, bool)> {
    let is_article = match outcome {
        Outcome::Stored | Outcome::Duplicate => true,
        Outcome::NotArticle | Outcome::Discovered => false,
        _ => return None,
    };
    let is_page = matches!(page.role, Role::Article | Role::Section);
    let url = Url::parse(&page.url).ok()?;
    (is_page && page.fetched_ms.is_none()).then(|| (url_pattern(&url), is_article))
}

/// Whether a link counts as news for the schedule of the source that has it: when it is new to the store;
/// in a seed, feed or sitemap, which cover a whole site, also when another page led to it after the
/// source's last visit. `found_ms` says when the link was found first; none when it is left alone.
pub(crate) fn is_news(source: &DueUrl, is_new: bool, found_ms: Option<i64>) -> bool {
    is_new || (covers_site(source.role) && found_ms > source.fetched_ms)
}

/// A number that addresses of one page have in common; see [`address::page_key`].
pub(crate) fn identity(url: &str) -> u64 {
    let key = Url::parse(url).map_or_else(|_| url.to_owned(), |url| address::page_key(&url));
    xxh3_64(key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{due_url, new_url};
    use super::*;

    #[test]
    fn a_fetched_url_is_due_again_only_when_it_is_said_to_have_changed() {
        let fetched = KnownUrl {
            id: 1,
            fetched_ms: Some(10),
            priority: 1.0,
            found_ms: 5,
            is_left_alone: false,
            is_no_story: false,
        };
        let link = |role, modified_ms| NewUrl {
            role,
            modified_ms,
            priority: 9.0,
            ..new_url("http://a.example/1")
        };
        let article = link(Role::Article, Some(11));
        assert_eq!(
            fetched.change_by(&article, true, false),
            KnownUrlChange::DueAgain
        );
        assert_eq!(
            fetched.change_by(&article, false, false),
            KnownUrlChange::None
        );
        let old = link(Role::Article, Some(10));
        assert_eq!(fetched.change_by(&old, true, false), KnownUrlChange::None);
        let sitemap = link(Role::Sitemap, Some(11));
        assert_eq!(
            fetched.change_by(&sitemap, false, false),
            KnownUrlChange::DueAgain
        );
        let no_story = KnownUrl {
            is_no_story: true,
            ..fetched
        };
        let by_feed = |is_new| no_story.change_by(&old, false, is_new);
        assert_eq!(by_feed(true), KnownUrlChange::DueAgain);
        assert_eq!(by_feed(false), KnownUrlChange::None, "it was read so");
        let waiting = KnownUrl {
            fetched_ms: None,
            ..fetched
        };
        let change = waiting.change_by(&article, true, false);
        assert_eq!(change, KnownUrlChange::BetterEvidence);
    }

    #[test]
    fn patterns_count_unless_a_feed_names_the_address() {
        let role = |link: &NewUrl, others| {
            let seen = PatternStats {
                articles: 0,
                others,
            };
            UrlVerdict::of(link, &[], |_| Ok(seen)).expect("read").role
        };
        let by_link = NewUrl {
            naming: Some(Naming::link(1.5, String::new())),
            ..new_url("http://a.example/x/y/live-from-the-match-1")
        };
        assert_eq!(role(&by_link, 0), Ok(Role::Article));
        assert!(role(&by_link, 30).is_err());
        let named = NewUrl {
            naming: Some(Naming::feed()),
            ..by_link
        };
        assert_eq!(role(&named, 300), Ok(Role::Article));
    }

    #[test]
    fn a_first_visit_teaches_and_a_feed_does_not() {
        let page = due_url("http://a.example/x/y/live-from-the-match-1");
        let learned = |page: &DueUrl, outcome| pattern_learned(page, outcome).map(|(_, is)| is);
        assert_eq!(learned(&page, Outcome::Stored), Some(true));
        assert_eq!(learned(&page, Outcome::NotArticle), Some(false));
        assert_eq!(learned(&page, Outcome::NotFound), None);
        let again = DueUrl {
            fetched_ms: Some(1),
            ..page.clone()
        };
        assert_eq!(learned(&again, Outcome::Stored), None);
        let feed = DueUrl {
            role: Role::Feed,
            ..page
        };
        assert_eq!(learned(&feed, Outcome::Discovered), None);
    }

    #[test]
    fn a_feed_tells_news_that_others_told_since_its_last_visit() {
        let source = |role| DueUrl {
            role,
            fetched_ms: Some(10),
            ..due_url("http://a.example/")
        };
        let (feed, section) = (source(Role::Feed), source(Role::Section));
        assert!(is_news(&feed, false, Some(11)));
        assert!(!is_news(&feed, false, Some(10)));
        assert!(!is_news(&feed, false, None));
        assert!(!is_news(&section, false, Some(11)));
        assert!(is_news(&section, true, Some(11)));
    }
}
