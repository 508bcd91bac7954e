//! What a page links to, and which of it is likely an article: by the address, by the words of the
//! link, and by the place on the page.

use std::collections::HashMap;

use url::Url;

use super::{ARTICLE_SCORE, Candidate, Judgement, Role, judge};
use crate::address::{canonical, same_site};
use crate::dom::{Document, Element, NodeId, Tag};

/// Most links looked at on one page; the largest front pages have about 2,000.
const MAX_LINKS: usize = 10_000;

/// Words from which a link's text reads like a headline.
const HEADLINE_WORDS: usize = 4;

/// Longest link text kept as a title, in characters.
const MAX_TITLE: usize = 300;

/// Deepest path of a page taken for a section: `/sport/football/`.
const SECTION_SEGMENTS: usize = 2;

/// What a page links to.
#[derive(Debug, Clone, Default)]
pub struct PageLinks {
    /// Articles and sections of the same site, each once, in page order.
    pub candidates: Vec<Candidate>,
    /// Feeds that the page names with `<link rel=alternate>` or links to.
    pub feeds: Vec<Url>,
    /// The page's own address by `<link rel=canonical>`.
    pub canonical: Option<Url>,
    /// Its AMP and mobile twins, by `<link rel=amphtml>` and `rel=alternate media`.
    pub twins: Vec<Url>,
    /// Whether the page asks that its links be left alone (`<meta name=robots content=nofollow>`).
    pub nofollow: bool,
}

/// Where on the page a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Main,
    Plain,
    Aside,
    Nav,
    Footer,
}

impl Place {
    /// Log odds that the place adds, and its name.
    fn evidence(self) -> (f32, &'static str) {
        match self {
            Self::Main => (0.6, "in the main part"),
            Self::Plain => (0.0, "on the page"),
            Self::Aside => (-0.2, "beside the main part"),
            Self::Nav => (-2.0, "in the navigation"),
            Self::Footer => (-2.0, "in the footer"),
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
/// Only addresses of the same site become candidates. Traps, files and pages that are left alone
/// (see [`judge`]) are not among them. An address linked several times has the best of its scores.
#[must_use]
pub fn of_page(page: &Document, url: &Url) -> PageLinks {
    let mut reader = LinkReader {
        page,
        own: canonical(url),
        base: base(page, url),
        found: PageLinks::default(),
        places: HashMap::new(),
    };
    let mut regions: Vec<(NodeId, Place)> = Vec::new();
    let mut heading_end = NodeId::ROOT;
    let mut links = 0;
    for (id, element) in page.elements() {
        while regions.last().is_some_and(|(end, _)| *end <= id) {
            regions.pop();
        }
        if let Some(place) = Place::of(element) {
            regions.push((page.node(id).end, place));
        }
        match element.tag {
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 => heading_end = page.node(id).end,
            Tag::Link => reader.link(element),
            Tag::Meta => reader.meta(element),
            Tag::A if links < MAX_LINKS => {
                links += 1;
                let place = regions.last().map_or(Place::Plain, |(_, place)| *place);
                reader.anchor(id, element, place, id < heading_end);
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
    found: PageLinks,
    /// Where in the candidates an address stands.
    places: HashMap<Url, usize>,
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
        let Some(url) = element
            .attribute("href")
            .and_then(|href| self.resolve(href))
        else {
            return;
        };
        let rel = element
            .attribute("rel")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let has = |word: &str| rel.split_ascii_whitespace().any(|one| one == word);
        let kind = element
            .attribute("type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if has("canonical") {
            self.found.canonical.get_or_insert(url);
        } else if has("amphtml") {
            self.found.twins.push(url);
        } else if has("alternate") && is_feed_type(&kind) {
            self.feed(url);
        } else if has("alternate") && element.attribute("media").is_some() {
            self.found.twins.push(url);
        }
    }

    /// Comment feeds and machine interfaces are no news.
    fn feed(&mut self, url: Url) {
        let path = url.path().to_ascii_lowercase();
        let other =
            path.contains("/comments/") || path.contains("/wp-json/") || path.contains("oembed");
        if !other && !self.found.feeds.contains(&url) {
            self.found.feeds.push(url);
        }
    }

    fn meta(&mut self, element: &Element) {
        let is_robots = element
            .attribute("name")
            .is_some_and(|name| name.eq_ignore_ascii_case("robots"));
        let content = element
            .attribute("content")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if is_robots
            && content
                .split(',')
                .any(|word| matches!(word.trim(), "nofollow" | "none"))
        {
            self.found.nofollow = true;
        }
    }

    fn anchor(&mut self, id: NodeId, element: &Element, place: Place, in_heading: bool) {
        let Some(url) = element
            .attribute("href")
            .and_then(|href| self.resolve(href))
        else {
            return;
        };
        let rel = element
            .attribute("rel")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if rel
            .split_ascii_whitespace()
            .any(|word| matches!(word, "nofollow" | "sponsored" | "ugc"))
        {
            return;
        }
        if !same_site(&url, &self.own) {
            return;
        }
        if is_feed_address(&url) {
            self.feed(url);
            return;
        }
        let Judgement::Open(looks, why) = judge(&url) else {
            return;
        };
        let url = canonical(&url);
        if url == self.own {
            return;
        }
        let title = title_of(self.page, id);
        let words = title.split_whitespace().count();
        let (mut odds, mut reason) = (
            log_odds(looks),
            format!("link {}: {why}", place.evidence().1),
        );
        odds += place.evidence().0;
        if words >= HEADLINE_WORDS {
            odds += 1.0;
            reason.push_str(", text like a headline");
        }
        if in_heading {
            odds += 0.8;
            reason.push_str(", in a heading");
        }
        let score = 1.0 / (1.0 + (-odds).exp());
        let role = if score >= ARTICLE_SCORE {
            Role::Article
        } else {
            Role::Section
        };
        if role == Role::Section && !is_section(&url) {
            return;
        }
        let mut candidate = Candidate::new(&url, role, score, reason);
        candidate.title = (words >= HEADLINE_WORDS).then_some(title);
        self.keep(candidate);
    }

    fn keep(&mut self, candidate: Candidate) {
        if let Some(place) = self.places.get(&candidate.url) {
            let known = &mut self.found.candidates[*place];
            let title = known.title.take().or_else(|| candidate.title.clone());
            if candidate.score > known.score {
                *known = candidate;
            }
            known.title = title;
            return;
        }
        self.places
            .insert(candidate.url.clone(), self.found.candidates.len());
        self.found.candidates.push(candidate);
    }
}

fn log_odds(score: f32) -> f32 {
    let score = score.clamp(0.001, 0.999);
    (score / (1.0 - score)).ln()
}

fn title_of(page: &Document, id: NodeId) -> String {
    let text = page.text_of(id);
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(MAX_TITLE)
        .collect()
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
