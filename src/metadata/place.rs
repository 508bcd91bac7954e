//! What the page is among others: its own article, its address, its site.

use std::sync::LazyLock;

use url::Url;

use super::Evidence;
use super::clean::key;
use super::explain::Claim;
use super::gather::Notes;
use super::line::headline_of;
use super::title::{overlap, without_site};
use crate::dom::{Document, NodeId, Tag};
use crate::extract::Body;
use crate::record::Kind;
use crate::table;

/// Articles that are compared with the page; a page with more is a list.
const MAX_ARTICLES: usize = 200;

/// The linked article that is this page's story: by its address, its headline, its type.
pub(super) fn main_article(notes: &Notes, url: Option<&Url>, titles: &[&str]) -> Option<usize> {
    let mut own: Vec<String> = notes.of("url").iter().map(|f| bare(&f.value)).collect();
    own.extend(url.map(|u| bare(u.as_str())));
    own.retain(|address| address.matches('/').count() > 0);
    let mut best: Option<(f64, usize)> = None;
    for (at, article) in notes.linked.articles.iter().take(MAX_ARTICLES).enumerate() {
        let mut score = f64::from(article.rank);
        let named = article.headline.as_ref().or(article.name.as_ref());
        if article.urls.iter().any(|u| own.contains(&bare(u))) {
            score += 3.0;
        }
        let same = named.map_or(0.0, |name| {
            titles.iter().map(|t| overlap(name, t)).fold(0.0, f64::max)
        });
        score += 3.0 * same;
        score += 0.3
            * f64::from(
                u8::from(article.published.is_some())
                    + u8::from(!article.authors.is_empty())
                    + u8::from(article.headline.is_some()),
            );
        if article.listed {
            score -= 3.0;
            if same < 0.9 {
                continue;
            }
        }
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// An address without scheme, `www.`, query, fragment and closing slash.
fn bare(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address
        .trim_start_matches("www.")
        .trim_end_matches('/')
        .to_lowercase()
}

/// Names the site goes by, its host's among them.
pub(super) fn site_names(notes: &Notes, main: Option<usize>, url: Option<&Url>) -> Vec<String> {
    let mut names: Vec<String> = notes.of("site").iter().map(|f| f.value.clone()).collect();
    names.extend(notes.linked.site.clone());
    names.extend(main.and_then(|at| notes.linked.articles[at].publisher.clone()));
    names.extend(
        notes
            .of("sitehandle")
            .iter()
            .map(|f| f.value.trim_start_matches('@').to_owned()),
    );
    let canonical = notes
        .of("url")
        .first()
        .and_then(|f| Url::parse(&f.value).ok());
    for host in [url, canonical.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(Url::host_str)
    {
        names.push(host.trim_start_matches("www.").to_owned());
        if let Some(domain) = psl::domain_str(host) {
            names.push(domain.to_owned());
            names.extend(domain.split('.').next().map(str::to_owned));
        }
    }
    names.retain(|name| !key(name).is_empty());
    names
}

/// Shortest part of an address that names a section, in bytes: "uk" is part of many a headline.
const MIN_FOLDER_BYTES: usize = 4;

/// The kind of page as far as what readers see on it goes: the names and dates on a list are its
/// entries', those on a thread its own, however much like a list it looks.
pub(super) fn kind(evidence: &Evidence, found: Kind) -> Kind {
    match found {
        Kind::Listing if evidence.likely_address().is_some_and(|url| is_thread(&url)) => {
            Kind::Forum
        }
        found => found,
    }
}

/// Whether an address is that of a forum's thread, as its software has it.
fn is_thread(url: &Url) -> bool {
    let mut segments = url.path_segments().into_iter().flatten();
    // What stands under the word, or is asked of it, says which thread.
    segments.any(|segment| THREADS.contains(&segment))
        && (segments.any(|s| !s.is_empty()) || url.query().is_some())
}

static THREADS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../config/tables/thread_paths.tsv"));
    rows.map(|row| row[0]).collect()
});

/// The parts of an address above the page's own, as sections are called.
pub(super) fn folders(url: &Url) -> Vec<String> {
    let mut parts: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    parts.retain(|part| !part.is_empty());
    parts.pop();
    parts.retain(|part| part.len() >= MIN_FOLDER_BYTES && !part.contains('%'));
    parts
        .iter()
        .map(|part| part.replace(['-', '_'], " "))
        .collect()
}

/// What speaks for the publication's name, without slogans.
pub(super) fn site_name(evidence: &Evidence) -> Vec<Claim> {
    let (graph, others): (Vec<_>, Vec<_>) = evidence
        .notes
        .of("site")
        .into_iter()
        .partition(|f| f.source == "og:site_name");
    let publisher = evidence.article().and_then(|a| a.publisher.clone());
    let site = evidence.notes.linked.site.clone();
    let mut claims: Vec<Claim> = graph.into_iter().take(1).map(Claim::of).collect();
    claims.extend(publisher.map(|name| Claim::new("json-ld publisher", name)));
    claims.extend(site.map(|name| Claim::new("json-ld WebSite", name)));
    claims.extend(others.into_iter().map(Claim::of));
    for claim in &mut claims {
        let short = claim.value.split(" | ").next().unwrap_or_default().trim();
        if !short.is_empty() {
            claim.value = short.to_owned();
        }
    }
    claims
}

/// Headings of lower levels that are compared with the title.
const MAX_HEADINGS: usize = 60;

/// The heading that holds the title: of those of the first level that say nearly the same the last
/// one above the body (bars at the top of a page repeat it), else one of a lower level that says it
/// exactly.
pub(super) fn heading(
    page: &Document,
    evidence: &Evidence,
    title: Option<&str>,
    body: &Body,
) -> Option<NodeId> {
    let title = title?;
    let start = body.nodes.iter().flatten().min();
    let same = || {
        evidence.notes.h1.iter().copied().filter(|id| {
            let text = headline_of(page, *id).replace(" | ", " ");
            overlap(&without_site(&text, &evidence.sites), title) > 0.9
        })
    };
    let above = same().take_while(|id| start.is_some_and(|start| id < start));
    above.last().or_else(|| same().next()).or_else(|| {
        let wanted = key(title);
        page.elements()
            .filter(|(_, e)| matches!(e.tag, Tag::H2 | Tag::H3))
            .take(MAX_HEADINGS)
            .find(|(id, _)| key(&headline_of(page, *id)) == wanted)
            .map(|(id, _)| id)
    })
}

/// Whether an address is a cache's copy of another, as AMP's caches make them: the original's
/// host and path stand in the copy's path
/// (amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls).
fn is_copy_of(copy: &Url, original: &Url) -> bool {
    let is_cache = copy.host_str().is_some_and(|host| {
        host.ends_with(".cdn.ampproject.org")
            || (host.starts_with("www.google.") && copy.path().starts_with("/amp/"))
    });
    is_cache
        && original
            .host_str()
            .is_some_and(|host| copy.path().contains(host))
}

/// What speaks for the page's own address: one on the page's own site, unless the page is an AMP
/// cache's copy, and no front page unless the page is one.
pub(super) fn canonical(evidence: &Evidence) -> Vec<Claim> {
    let base = evidence.url.as_ref();
    let noted = evidence.notes.of("url").into_iter().map(Claim::of);
    noted
        .map(|claim| {
            let named = match base {
                Some(base) => base.join(&claim.value),
                None => Url::parse(&claim.value),
            };
            match named {
                Ok(named) => {
                    let refused = refused(&named, base);
                    let value = named.to_string();
                    Claim { value, ..claim }.unless(refused)
                }
                Err(_) => claim.unless(Some("it is no address")),
            }
        })
        .collect()
}

/// Why an address cannot be the page's own.
fn refused(named: &Url, page: Option<&Url>) -> Option<&'static str> {
    if !matches!(named.scheme(), "http" | "https") {
        return Some("it is no address of the web");
    }
    let page = page?;
    let front = |u: &Url| u.path() == "/" && u.query().is_none();
    let domain = |u: &Url| {
        u.host_str()
            .and_then(psl::domain_str)
            .map(str::to_owned)
            .or_else(|| u.host_str().map(str::to_owned))
    };
    if front(named) && !front(page) {
        return Some("it is a front page's");
    }
    (domain(named) != domain(page) && !is_copy_of(page, named)).then_some("it is another site's")
}
