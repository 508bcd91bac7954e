//! From a source's bytes to leads: feeds, sitemaps and the links of a page.

use feed_rs::model::Entry;
use quick_xml::events::Event;
use url::Url;

use super::scope::{Lead, site_of};
use crate::address::decoded;
use crate::dom::{Document, Tag};
use crate::extract::Hints;
use crate::frontier::Role;

/// What a body is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Feed,
    Sitemap,
    Html,
    Other,
}

/// Bytes of a body in which its kind shows.
const SNIFF_BYTES: usize = 2048;
/// What a path must reach, in points, to count as an article's.
const ARTICLE_POINTS: u32 = 2;
/// Segments that name lists, searches and accounts in the usual content systems.
const LEFT_ALONE: &[&str] = &[
    "tag",
    "tags",
    "author",
    "authors",
    "search",
    "login",
    "register",
    "cart",
    "print",
    "comments",
    "feed",
    "wp-admin",
    "wp-json",
    "wp-login.php",
    "wp-content",
    "cdn-cgi",
    "share",
    "account",
    "calendar",
];

/// Tells what a body is; the transport's content type only breaks ties, since it is often wrong.
pub(super) fn classify(body: &[u8], content_type: Option<&str>) -> Source {
    let head = String::from_utf8_lossy(&body[..body.len().min(SNIFF_BYTES)]).to_ascii_lowercase();
    let has = |tags: &[&str]| tags.iter().any(|tag| head.contains(tag));
    let kind = content_type.unwrap_or_default();
    if has(&["<urlset", "<sitemapindex"]) || body.starts_with(&[0x1f, 0x8b]) {
        Source::Sitemap
    } else if has(&["<rss", "<feed", "<rdf:rdf"])
        || (has(&["jsonfeed.org/version"]) && head.trim_start().starts_with('{'))
    {
        Source::Feed
    } else if kind.contains("html")
        || (has(&["<html", "<!doctype", "<body", "<p", "<div"]) && !kind.starts_with("image/"))
    {
        Source::Html
    } else {
        Source::Other
    }
}

/// The entries of a feed, and the seconds for which it asks not to be asked again.
pub(super) fn of_feed(body: &[u8], base: &Url) -> (Vec<Lead>, Option<u64>) {
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .build();
    let Ok(feed) = parser.parse(body) else {
        return (Vec::new(), None);
    };
    let ttl_s = feed.ttl.map(|minutes| u64::from(minutes) * 60);
    (
        feed.entries
            .iter()
            .filter_map(|entry| of_entry(entry, base))
            .collect(),
        ttl_s,
    )
}

fn of_entry(entry: &Entry, base: &Url) -> Option<Lead> {
    let link = entry
        .links
        .iter()
        .find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
        .map(|link| link.href.as_str())
        .or_else(|| entry.id.starts_with("http").then_some(entry.id.as_str()))?;
    Some(Lead {
        hints: Hints {
            title: entry.title.as_ref().map(|title| title.content.clone()),
            published: entry.published.map(|at| at.to_rfc3339()),
            authors: entry
                .authors
                .iter()
                .filter_map(|author| author.name.clone())
                .collect(),
            language: entry.language.clone(),
        },
        modified: entry.updated.map(|at| at.to_rfc3339()),
        ..Lead::source(base.join(link).ok()?, Role::Article, false)
    })
}

/// The addresses of a sitemap or sitemap index; what is broken ends it, what came before counts.
pub(super) fn of_sitemap(body: &[u8], base: &Url) -> Vec<Lead> {
    let unpacked;
    let body = if body.starts_with(&[0x1f, 0x8b]) {
        unpacked = gunzip(body);
        &unpacked
    } else {
        body
    };
    let mut reader = quick_xml::Reader::from_reader(body);
    reader.config_mut().check_end_names = false;
    let mut leads = Vec::new();
    let (mut field, mut entry) = (
        String::new(),
        Lead::source(base.clone(), Role::Article, false),
    );
    let (mut found, mut text) = (None, String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                tag.local_name().as_ref().clone_into(&mut field);
                text.clear();
                match field.as_str() {
                    "sitemap" => entry = Lead::source(base.clone(), Role::Sitemap, false),
                    "url" => entry = Lead::source(base.clone(), Role::Article, false),
                    _ => continue,
                }
                found = None;
            }
            Ok(Event::Text(part)) => text.push_str(&part),
            Ok(Event::CData(part)) => text.push_str(&part),
            Ok(Event::GeneralRef(name)) => {
                let entity = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&entity).unwrap_or_default());
            }
            Ok(Event::End(tag)) => {
                take(&field, &text, base, &mut entry, &mut found);
                if matches!(tag.local_name().as_ref(), "url" | "sitemap")
                    && let Some(url) = found.take()
                {
                    leads.push(Lead {
                        url,
                        ..entry.clone()
                    });
                }
                field.clear();
            }
            Ok(Event::Eof) | Err(_) => return leads,
            Ok(_) => {}
        }
    }
}

fn take(field: &str, text: &str, base: &Url, entry: &mut Lead, found: &mut Option<Url>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    match field {
        // `image:loc` comes after the page's own.
        "loc" if found.is_none() => *found = base.join(text).ok(),
        "lastmod" => entry.modified = Some(text.to_owned()),
        "publication_date" => entry.hints.published = Some(text.to_owned()),
        "title" => entry.hints.title = Some(text.to_owned()),
        _ => {}
    }
}

/// A sitemap's limit is 50 MB unpacked (sitemaps.org); what is longer is cut there.
fn gunzip(body: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut unpacked = Vec::new();
    let limit = 50 * 1024 * 1024;
    // A broken end is no reason to lose the beginning.
    let _ = flate2::read::MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut unpacked);
    unpacked
}

/// The links of a page: to articles and sections of its own site, and to its feeds.
pub(super) fn of_page(page: &Document, url: &Url) -> Vec<Lead> {
    let mut leads = Vec::new();
    for (_, element) in page.elements() {
        let Some(target) = element
            .attribute("href")
            .and_then(|href| url.join(href.trim()).ok())
        else {
            continue;
        };
        match element.tag {
            Tag::A => leads.extend(of_link(target, url)),
            Tag::Link if is_feed(element.attribute("rel"), element.attribute("type")) => {
                leads.push(Lead::source(target, Role::Feed, false));
            }
            _ => {}
        }
    }
    leads
}

fn is_feed(rel: Option<&str>, kind: Option<&str>) -> bool {
    let kind = kind.unwrap_or_default();
    rel.is_some_and(|rel| rel.eq_ignore_ascii_case("alternate"))
        && ["rss", "atom", "feed+json"]
            .iter()
            .any(|name| kind.contains(name))
        && !kind.contains("oembed")
}

fn of_link(target: Url, base: &Url) -> Option<Lead> {
    if target.path() == "/" || site_of(&target) != site_of(base) {
        return None;
    }
    let segments: Vec<_> = target
        .path_segments()?
        .filter(|segment| !segment.is_empty())
        .collect();
    let repeats = segments.windows(2).any(|pair| pair[0] == pair[1]);
    let is_file = segments.last().is_some_and(|last| {
        [
            ".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf", ".zip", ".mp3", ".mp4", ".css",
            ".js", ".xml",
        ]
        .iter()
        .any(|ending| last.to_ascii_lowercase().ends_with(ending))
    });
    if repeats
        || is_file
        || segments
            .iter()
            .any(|segment| LEFT_ALONE.contains(&&*decoded(segment)))
    {
        return None;
    }
    let points = article_points(&segments);
    let role = if points >= ARTICLE_POINTS {
        Role::Article
    } else {
        Role::Section
    };
    Some(Lead {
        score: f64::from(points.min(5)) / 5.0,
        ..Lead::source(target, role, false)
    })
}

/// How much a path looks like an article's: a slug of words, a date, a number, an ending.
fn article_points(segments: &[&str]) -> u32 {
    let last = segments.last().copied().unwrap_or_default();
    let slug = last.rsplit_once('.').map_or(last, |(name, _)| name);
    let words = slug
        .split(['-', '_'])
        .filter(|word| !word.is_empty())
        .count();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = segments
        .iter()
        .any(|s| s.len() == 4 && is_number(s) && (s.starts_with("19") || s.starts_with("20")));
    let has_id = slug
        .split(['-', '_'])
        .any(|word| word.len() >= 4 && is_number(word));
    u32::from(words >= 3) * 2
        + u32::from(words == 2)
        + u32::from(year && !is_number(last)) * 2
        + u32::from(has_id)
        + u32::from(
            [".html", ".htm"]
                .iter()
                .any(|ending| last.ends_with(ending)),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse("https://a.example/")
            .and_then(|base| base.join(text))
            .expect("an address")
    }

    #[test]
    fn sitemaps_give_addresses_dates_and_titles() {
        let xml = br#"<?xml version="1.0"?><urlset xmlns="s" xmlns:news="n" xmlns:image="i"><url><loc>
          https://a.example/1</loc><lastmod>2026-03-01</lastmod><image:image><image:loc>https://a.example/i.jpg</image:loc></image:image>
          <news:news><news:publication_date>2026-02-28T10:00:00Z</news:publication_date><news:title>One</news:title></news:news></url>
          <url><loc>/2</loc></url><url><loc>broken"#;
        let leads = of_sitemap(xml, &url("/sitemap.xml"));
        let found: Vec<_> = leads.iter().map(|lead| lead.url.as_str()).collect();
        assert_eq!(found, ["https://a.example/1", "https://a.example/2"]);
        assert_eq!(
            leads[0].hints.published.as_deref(),
            Some("2026-02-28T10:00:00Z")
        );
        assert_eq!(leads[1].modified, None);
        let index = of_sitemap(
            b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>",
            &url("/"),
        );
        assert_eq!(index[0].role, Role::Sitemap);
    }

    #[test]
    fn paths_tell_articles_from_sections_and_lists() {
        let role = |path: &str| of_link(url(path), &url("/")).map(|lead| lead.role);
        assert_eq!(role("/2026/03/rain.html"), Some(Role::Article));
        assert_eq!(role("/news/rain-falls-at-last"), Some(Role::Article));
        assert_eq!(role("/politics/"), Some(Role::Section));
        assert_eq!(role("/tag/rain-in-the-valley"), None);
        assert_eq!(role("/a/a/a/b"), None);
        assert_eq!(role("/photo-of-the-day.jpg"), None);
    }
}
