//! robots.txt, feeds and sitemaps of a site.

use std::io::Write as _;

use super::pages::{Page, live, paper, time};
use super::{Article, HOUR_MS, Kind, SECTIONS, Site};

/// Entries of a feed.
const FEED_ENTRIES: usize = 30;
/// What a news sitemap holds.
const NEWS_MS: i64 = 48 * HOUR_MS;

/// robots.txt, feeds and sitemaps.
pub(super) fn answer(site: &Site, now_ms: i64, path: &str) -> Option<Page> {
    if path == "/robots.txt" {
        return Some(Page::of("text/plain", robots(site)));
    }
    feed(site, now_ms, path).or_else(|| sitemap(site, now_ms, path))
}

fn feed(site: &Site, now_ms: i64, path: &str) -> Option<Page> {
    let origin = site.origin();
    Some(match (site.kind, path) {
        (Kind::Index, "/rss.xml") | (Kind::Press, "/feed/") => {
            let items: String = live(site, now_ms)
                .take(FEED_ENTRIES)
                .map(|a| {
                    format!(
                        "<item><title>{}</title><link>{origin}{}?utm_source=rss</link><pubDate>{}</pubDate></item>",
                        a.title,
                        a.path,
                        jiff::fmt::rfc2822::to_string(
                            &jiff::Timestamp::from_millisecond(a.published_ms).unwrap_or_default().to_zoned_datetime(jiff::tz::TimeZone::UTC)
                        )
                        .unwrap_or_default()
                    )
                })
                .collect();
            Page::of(
                "application/rss+xml",
                format!(
                    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{}</title><language>en</language>{items}</channel></rss>",
                    paper(site)
                ),
            )
        }
        (Kind::Plain, "/atom.xml") => {
            let items: String = live(site, now_ms)
                .take(FEED_ENTRIES)
                .map(|a| format!("<entry><id>{origin}{0}</id><title>{1}</title><link href=\"{origin}{0}\"/><published>{2}</published><updated>{3}</updated></entry>", a.path, a.title, time(a.published_ms), time(a.modified_ms)))
                .collect();
            Page::of(
                "application/atom+xml",
                format!(
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{origin}</id><title>{}</title><updated>{}</updated>{items}</feed>",
                    paper(site),
                    time(
                        site.articles
                            .iter()
                            .map(|a| a.modified_ms)
                            .max()
                            .unwrap_or(0)
                    )
                ),
            )
        }
        (Kind::Packed, "/feed.json") => {
            let items: Vec<_> = live(site, now_ms)
                .take(FEED_ENTRIES)
                .map(|a| format!("{{\"id\":\"{origin}{0}\",\"url\":\"{origin}{0}\",\"title\":\"{1}\",\"date_published\":\"{2}\",\"content_text\":\"\"}}", a.path, a.title, time(a.published_ms)))
                .collect();
            Page::of(
                "application/feed+json",
                format!(
                    "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"{}\",\"items\":[{}]}}",
                    paper(site),
                    items.join(",")
                ),
            )
        }
        _ => return None,
    })
}

fn sitemap(site: &Site, now_ms: i64, path: &str) -> Option<Page> {
    let origin = site.origin();
    Some(match (site.kind, path) {
        (Kind::Index, "/sitemaps/index.xml") => {
            let newest = site
                .articles
                .iter()
                .filter(|a| a.published_ms <= now_ms)
                .map(|a| a.modified_ms)
                .max()
                .unwrap_or(0);
            Page::of(
                "application/xml",
                format!(
                    "<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{origin}/sitemaps/news.xml</loc></sitemap><sitemap><loc>{origin}/sitemaps/current.xml</loc><lastmod>{}</lastmod></sitemap><sitemap><loc>{origin}/sitemaps/archive.xml</loc><lastmod>2019-01-01</lastmod></sitemap></sitemapindex>",
                    time(newest)
                ),
            )
        }
        (Kind::Index, "/sitemaps/news.xml") => Page::of(
            "application/xml",
            urlset(site, now_ms, |a| a.published_ms > now_ms - NEWS_MS, true),
        ),
        (Kind::Index, "/sitemaps/current.xml") => Page::of(
            "application/xml",
            urlset(site, now_ms, |a| !a.is_old, false),
        ),
        (Kind::Index, "/sitemaps/archive.xml") => {
            Page::of("application/xml", urlset(site, now_ms, |a| a.is_old, false))
        }
        (Kind::Plain, "/sitemap.xml") | (Kind::Press, "/wp-sitemap-posts-post-1.xml") => {
            Page::of("application/xml", urlset(site, now_ms, |_| true, false))
        }
        (Kind::Packed, "/map.xml.gz") => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            let _ = packed.write_all(urlset(site, now_ms, |_| true, false).as_bytes());
            Page::of("application/gzip", packed.finish().unwrap_or_default())
        }
        (Kind::Press, "/wp-sitemap.xml") => Page::of(
            "application/xml",
            format!(
                "<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{origin}/wp-sitemap-posts-post-1.xml</loc></sitemap><sitemap><loc>{origin}/wp-sitemap-taxonomies-post_tag-1.xml</loc></sitemap></sitemapindex>"
            ),
        ),
        (Kind::Press, "/wp-sitemap-taxonomies-post_tag-1.xml") => {
            let tags: String = SECTIONS
                .iter()
                .map(|name| format!("<url><loc>{origin}/tag/{name}/</loc></url>"))
                .collect();
            Page::of("application/xml", format!("<urlset>{tags}</urlset>"))
        }
        _ => return None,
    })
}

fn robots(site: &Site) -> String {
    let origin = site.origin();
    let mut robots = "User-agent: *\nDisallow: /private/\nDisallow: /search\n".to_owned();
    match site.kind {
        Kind::Index => robots.push_str(&format!("Sitemap: {origin}/sitemaps/index.xml\n")),
        Kind::Packed => robots.push_str(&format!("Sitemap: {origin}/map.xml.gz\n")),
        _ => {}
    }
    robots
}

fn urlset(site: &Site, now_ms: i64, wanted: impl Fn(&Article) -> bool, is_news: bool) -> String {
    let origin = site.origin();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">".to_owned();
    for article in site
        .articles
        .iter()
        .filter(|a| a.published_ms <= now_ms && wanted(a))
    {
        let news = if is_news {
            format!(
                "<news:news><news:publication><news:name>{}</news:name><news:language>en</news:language></news:publication><news:publication_date>{}</news:publication_date><news:title>{}</news:title></news:news>",
                paper(site),
                time(article.published_ms),
                article.title
            )
        } else {
            String::new()
        };
        text.push_str(&format!(
            "<url><loc>{origin}{}</loc><lastmod>{}</lastmod>{news}</url>\n",
            article.path,
            time(article.modified_ms)
        ));
    }
    if !is_news {
        for name in SECTIONS {
            text.push_str(&format!("<url><loc>{origin}/tag/{name}/</loc></url>\n"));
        }
    }
    text + "</urlset>"
}
