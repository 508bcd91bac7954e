//! What the page is among others: its own article, its address, its site.

use url::Url;

use super::Evidence;
use super::clean::{key, one_line};
use super::gather::{Notes, line_of};
use super::title::{overlap, without_site};
use crate::dom::{Document, NodeData, NodeId, Tag};

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

/// The publication's name, without its slogan.
pub(super) fn site_name(evidence: &Evidence) -> Option<String> {
    let notes = &evidence.notes;
    let named = notes
        .of("site")
        .into_iter()
        .find(|f| f.source == "og:site_name")
        .map(|f| f.value.clone());
    let named = named
        .or_else(|| evidence.article().and_then(|a| a.publisher.clone()))
        .or_else(|| notes.linked.site.clone())
        .or_else(|| notes.of("site").first().map(|f| f.value.clone()))?;
    let short = named.split(" | ").next().unwrap_or(&named).trim();
    Some(if short.is_empty() {
        named.clone()
    } else {
        short.to_owned()
    })
}

/// The heading that holds the title.
pub(super) fn heading(page: &Document, evidence: &Evidence, title: Option<&str>) -> Option<NodeId> {
    let title = title?;
    evidence.notes.h1.iter().copied().find(|id| {
        let text = line_of(page, *id).replace(" | ", " ");
        overlap(&without_site(&text, &evidence.sites), title) > 0.9
    })
}

/// The address the page names as its own: on the page's own site, and no front page unless the
/// page is one.
pub(super) fn canonical(evidence: &Evidence) -> Option<String> {
    let notes = &evidence.notes;
    notes.of("url").into_iter().find_map(|found| {
        let named = match &evidence.url {
            Some(base) => base.join(&found.value).ok()?,
            None => Url::parse(&found.value).ok()?,
        };
        if !matches!(named.scheme(), "http" | "https") {
            return None;
        }
        if let Some(page) = &evidence.url {
            let front = |u: &Url| u.path() == "/" && u.query().is_none();
            let domain = |u: &Url| {
                u.host_str()
                    .and_then(psl::domain_str)
                    .map(str::to_owned)
                    .or_else(|| u.host_str().map(str::to_owned))
            };
            if (front(&named) && !front(page)) || domain(&named) != domain(page) {
                return None;
            }
        }
        Some(named.to_string())
    })
}

/// Longest run of text that is a byline or dateline, in bytes; what is longer is the story.
const MAX_RUN_BYTES: usize = 200;

/// Runs of text from `before` nodes before the headline to `after` nodes after it, each with its
/// node; from the page's start where there is no headline.
pub(super) fn runs_near(
    page: &Document,
    heading: Option<NodeId>,
    before: usize,
    after: usize,
) -> Vec<(String, NodeId)> {
    let Some(heading) = heading else {
        return Vec::new();
    };
    let from = heading.index().saturating_sub(before);
    let end = page.node(heading).end;
    let mut runs = Vec::new();
    for (id, node) in page.nodes().skip(from).take(before + after) {
        let NodeData::Text(text) = &node.data else {
            continue;
        };
        let inside = id >= heading && id < end;
        if inside
            || page.tag(node.parent).is_raw_text()
            || matches!(page.tag(node.parent), Tag::Title | Tag::Noscript)
        {
            continue;
        }
        let cut: String = text.chars().take(MAX_RUN_BYTES).collect();
        let line = one_line(&cut);
        if !line.is_empty() {
            runs.push((line, id));
        }
    }
    runs
}
