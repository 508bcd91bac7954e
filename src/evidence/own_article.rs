//! Which of the articles that structured data describe is the page's own.

use url::Url;

use crate::address::same_site;
use crate::evidence::declared::Declarations;
use crate::evidence::headline::overlap;

/// Articles that are compared with the page; a page with more is a list.
const MAX_ARTICLES: usize = 200;

/// The index of the article that is this page's story: by its address, its headline, its type.
pub(crate) fn find(declared: &Declarations, url: Option<&Url>, titles: &[&str]) -> Option<usize> {
    let mut own: Vec<String> = declared.of("url").iter().map(|f| bare(&f.value)).collect();
    own.extend(url.map(|u| bare(u.as_str())));
    own.retain(|address| address.matches('/').count() > 0);
    let mut best: Option<(f64, usize)> = None;
    for (at, article) in declared
        .json_ld
        .articles
        .iter()
        .take(MAX_ARTICLES)
        .enumerate()
    {
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

/// Shortest part of an address that names a section, in bytes: "uk" is part of many a headline.
const MIN_FOLDER_BYTES: usize = 4;

/// The parts of an address above the page's own, as sections are called.
pub(crate) fn folders(url: &Url) -> Vec<String> {
    let mut parts: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    parts.retain(|part| !part.is_empty());
    parts.pop();
    parts.retain(|part| part.len() >= MIN_FOLDER_BYTES && !part.contains('%'));
    parts
        .iter()
        .map(|part| part.replace(['-', '_'], " "))
        .collect()
}

/// Whether a link leads to another page of the site, rather than to the page itself, a part of it, the front
/// page or another site. `own` is the page's address, if that is known.
pub(crate) fn leads_elsewhere(href: &str, own: Option<&Url>) -> bool {
    let href = href.trim();
    if href.starts_with('#') {
        return false;
    }
    let Some(own) = own else {
        return Url::parse(href).map_or(true, |url| url.has_host() && url.path().len() > 1);
    };
    let Ok(target) = own.join(href) else {
        return false;
    };
    let path = own.path().trim_end_matches('/');
    let rest = target.path().strip_prefix(path);
    // `/story/2` and `/story/comments`; what names a file there is another page.
    let is_part = rest.is_some_and(|rest| {
        let part = rest.trim_matches('/');
        part.is_empty() || rest.starts_with('/') && path.len() > 1 && !part.contains(['/', '.'])
    });
    let is_own = is_part && (own.query().is_none() || own.query() == target.query());
    target.path().len() > 1 && !is_own && same_site(&target, own)
}
