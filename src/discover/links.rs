//! The links of a page, and which of them likely lead to articles: by the address, the link's text and
//! where on the page it is.

mod link_cache;

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};
use url::Url;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::DiscoveredUrl;
use super::address_odds::AddressOdds;
use super::path_segment::words_in;
use super::story_odds::{HEADLINE, LINK_MIN, Naming};
use crate::address::{canonical, same_site};
use crate::dom::{Document, Element, NodeId, Tag};
pub(crate) use link_cache::LinkCache;
use link_cache::LinkTarget;

/// Most links looked at on one page; the largest front pages have about 2,000.
const MAX_LINKS: usize = 10_000;

/// Words from which a link's text reads like a headline.
const HEADLINE_WORDS: usize = 4;
/// Words from which it may be one: short, or in a language that makes one word of several.
const SHORT_HEADLINE_WORDS: usize = 3;
/// Log-odds of such a text.
const SHORT_HEADLINE: f32 = 1.0;
/// Log-odds of a link in a heading.
const IN_HEADING: f32 = 0.3;

/// Longest link text kept as a title, in characters.
const MAX_TITLE: usize = 300;

/// Deepest path of a page taken for a section: `/sport/football/`.
const SECTION_SEGMENTS: usize = 2;

/// What a page links to.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageLinks {
    /// Articles and sections of the same site, each once, in page order.
    pub(crate) candidates: Vec<DiscoveredUrl>,
    /// Feeds that the page names with `<link rel=alternate>` or links to.
    pub(crate) feeds: Vec<Url>,
}

/// In which part of the page a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageRegion {
    Main,
    Plain,
    Aside,
    Nav,
    Footer,
}

impl PageRegion {
    /// Log-odds that the region adds, and its name.
    fn log_odds(self) -> (f32, &'static str) {
        match self {
            Self::Main => (0.2, "in the main part"),
            Self::Plain => (0.0, "on the page"),
            Self::Aside => (0.0, "beside the main part"),
            Self::Nav => (LINK_MIN, "in the navigation"),
            Self::Footer => (LINK_MIN, "in the footer"),
        }
    }

    fn of(element: &Element) -> Option<Self> {
        Some(match element.tag {
            Tag::Nav | Tag::Menu => Self::Nav,
            Tag::Footer => Self::Footer,
            Tag::Aside => Self::Aside,
            Tag::Main | Tag::Article => Self::Main,
            _ => match element.attribute("role") {
                Some("navigation" | "menubar" | "menu") => Self::Nav,
                Some("contentinfo") => Self::Footer,
                Some("complementary") => Self::Aside,
                Some("main" | "article" | "feed") => Self::Main,
                _ => return None,
            },
        })
    }
}

/// Reads the links of a page that was fetched from `url`.
///
/// Only addresses of the same site become candidates, also those that are left alone, which have a reason.
/// An address that is linked several times has the best of its scores.
pub(crate) fn of_page(page: &Document, url: &Url) -> PageLinks {
    read(page, url, &LinkCache::default(), true)
}

/// [`of_page`] for one page of many: links that are in `cache` need not be classified again, and no
/// reasons are put into words.
pub(crate) fn of_page_of_crawl(page: &Document, url: &Url, cache: &LinkCache) -> PageLinks {
    read(page, url, cache, false)
}

fn read(page: &Document, url: &Url, cache: &LinkCache, explain: bool) -> PageLinks {
    let own = canonical(url);
    let base = base(page, url);
    let origins = format!(
        "{}\n{}",
        own.origin().ascii_serialization(),
        base.origin().ascii_serialization()
    );
    let mut reader = LinkReader {
        page,
        own,
        base,
        origins: xxh3_64(origins.as_bytes()),
        cache,
        explain,
        found: PageLinks::default(),
        index_of: HashMap::new(),
    };
    let mut regions: Vec<(NodeId, PageRegion)> = Vec::new();
    let mut heading_end = NodeId::ROOT;
    let mut links = 0;
    for (id, element) in page.elements() {
        while regions.last().is_some_and(|(end, _)| *end <= id) {
            regions.pop();
        }
        if let Some(region) = PageRegion::of(element) {
            regions.push((page.node(id).end, region));
        }
        match element.tag {
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 => heading_end = page.node(id).end,
            Tag::Link => reader.link(element),
            Tag::A if links < MAX_LINKS => {
                links += 1;
                let region = regions
                    .last()
                    .map_or(PageRegion::Plain, |(_, region)| *region);
                reader.anchor(id, element, region, id < heading_end);
            }
            _ => {}
        }
    }
    reader.found
}

/// What relative links start from: `<base href>`, or the page's own address.
fn base(page: &Document, url: &Url) -> Url {
    page.elements()
        .find(|(_, element)| element.tag == Tag::Base)
        .and_then(|(_, element)| element.attribute("href"))
        .and_then(|href| url.join(href.trim()).ok())
        .unwrap_or_else(|| url.clone())
}

struct LinkReader<'a> {
    page: &'a Document,
    own: Url,
    base: Url,
    /// A hash of both origins: an `href` from the root is resolved and classified by them alone.
    origins: u64,
    cache: &'a LinkCache,
    /// Whether candidates are given a reason, for people.
    explain: bool,
    found: PageLinks,
    /// The index among the candidates of an address, by its hash.
    index_of: HashMap<u64, usize>,
}

impl LinkReader<'_> {
    fn resolve(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        let url = self.base.join(href).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    fn link(&mut self, element: &Element) {
        if has_rel(element, &["alternate"])
            && is_feed_type(&lower_case(element, "type"))
            && let Some(url) = element
                .attribute("href")
                .and_then(|href| self.resolve(href))
        {
            self.feed(url);
        }
    }

    /// Keeps a feed; not those of comments and of programming interfaces.
    fn feed(&mut self, url: Url) {
        let path = url.path().to_ascii_lowercase();
        let other =
            path.contains("/comments/") || path.contains("/wp-json/") || path.contains("oembed");
        if !other && !self.found.feeds.contains(&url) {
            self.found.feeds.push(url);
        }
    }

    /// What a link leads to, by its `href` alone.
    fn target(&self, href: &str) -> Arc<LinkTarget> {
        let target = || {
            let Some(url) = self.resolve(href) else {
                return LinkTarget::None;
            };
            if !same_site(&url, &self.own) {
                return LinkTarget::None;
            }
            if is_feed_address(&url) {
                return LinkTarget::Feed(url);
            }
            LinkTarget::Page(canonical(&url), AddressOdds::of(&url))
        };
        let from_root = href.contains("://") || (href.starts_with('/') && !href.starts_with("//"));
        if from_root {
            let key = xxh3_64_with_seed(href.as_bytes(), self.origins);
            self.cache.get_or_insert(key, target)
        } else {
            // It depends on the page's own address.
            Arc::new(target())
        }
    }

    fn anchor(&mut self, id: NodeId, element: &Element, region: PageRegion, in_heading: bool) {
        let Some(href) = element.attribute("href") else {
            return;
        };
        let target = self.target(href.trim());
        let (url, address) = match &*target {
            LinkTarget::None => return,
            LinkTarget::Feed(url) => return self.feed(url.clone()),
            LinkTarget::Page(url, address) => (url, address),
        };
        if *url == self.own {
            return;
        }
        let (title, words) = title_of(self.page, id);
        let is_headline = words >= HEADLINE_WORDS;
        let (by_text, text) = match words {
            HEADLINE_WORDS.. => (HEADLINE, "text like a headline"),
            SHORT_HEADLINE_WORDS.. => (SHORT_HEADLINE, "text like a short headline"),
            _ => (0.0, ""),
        };
        let (by_region, place) = region.log_odds();
        let by_heading = if in_heading { IN_HEADING } else { 0.0 };
        let heading = if in_heading { "in a heading" } else { "" };
        let signs = [place, text, heading]
            .into_iter()
            .filter(|sign| !sign.is_empty());
        let signs = signs.collect::<Vec<_>>().join(", ");
        let naming = Naming::link(by_text + by_region + by_heading, signs);
        let candidate = DiscoveredUrl::named(url.clone(), naming, address, self.explain);
        let unwelcome = has_rel(element, &["nofollow", "sponsored", "ugc"]);
        self.keep(DiscoveredUrl {
            title: is_headline.then_some(title),
            not_to_follow: unwelcome.then_some("link marked not to be followed"),
            ..candidate
        });
    }

    fn keep(&mut self, candidate: DiscoveredUrl) {
        let key = xxh3_64(candidate.url.as_str().as_bytes());
        if let Some(at) = self.index_of.get(&key) {
            let known = &mut self.found.candidates[*at];
            let title = known.title.take().or_else(|| candidate.title.clone());
            // One link that may be followed is enough.
            let rank = |one: &DiscoveredUrl| (one.not_to_follow.is_none(), one.score);
            if rank(&candidate) > rank(known) {
                *known = candidate;
            }
            known.title = title;
            return;
        }
        self.index_of.insert(key, self.found.candidates.len());
        self.found.candidates.push(candidate);
    }
}

fn lower_case(element: &Element, attribute: &str) -> String {
    element
        .attribute(attribute)
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Whether an element's `rel` has one of the words.
fn has_rel(element: &Element, words: &[&str]) -> bool {
    lower_case(element, "rel")
        .split_ascii_whitespace()
        .any(|word| words.contains(&word))
}

/// The words of a link, cut to [`MAX_TITLE`], and how many there are.
fn title_of(page: &Document, id: NodeId) -> (String, usize) {
    let text = page.text_of(id);
    let mut title = String::with_capacity(text.len().min(4 * MAX_TITLE));
    let mut words = 0;
    for word in text.split_whitespace() {
        if words > 0 {
            title.push(' ');
        }
        title.push_str(word);
        words += words_in(word);
    }
    if let Some((end, _)) = title.char_indices().nth(MAX_TITLE) {
        title.truncate(end);
    }
    (title, words)
}

/// Short paths without a query are sections worth a look; pages of lists are left to feeds.
pub(super) fn is_section(url: &Url) -> bool {
    let segments = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|one| !one.is_empty())
        .count();
    url.query().is_none() && segments <= SECTION_SEGMENTS
}

fn is_feed_type(kind: &str) -> bool {
    matches!(
        kind.split(';').next().unwrap_or_default().trim(),
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/rdf+xml"
            | "text/rss+xml"
    )
}

/// Addresses that are feeds by their name: `/feed/`, `/rss.xml`, `/atom.xml`, `….rss`.
fn is_feed_address(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let extension = last.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(last, "feed" | "rss" | "atom" | "feed.json")
        || matches!(extension, "rss" | "atom")
        || (extension == "xml"
            && ["rss", "atom", "feed"]
                .iter()
                .any(|word| last.contains(word)))
}
