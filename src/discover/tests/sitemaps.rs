use std::fmt::Write as _;
use std::io::Write;

use super::super::{DiscoveredUrl, Role, sitemap};
use super::url;

fn read(text: impl AsRef<[u8]>) -> (Vec<DiscoveredUrl>, sitemap::SitemapReport) {
    let mut found = Vec::new();
    let reading = sitemap::parse(
        text.as_ref(),
        &url("https://a.example/sitemap.xml"),
        |one| {
            found.push(one);
        },
    );
    (found, reading.expect("readable"))
}

const NEWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="x">
<url><loc>https://a.example/crane?a=1&amp;b=2</loc><lastmod>2026-05-14</lastmod><image:image><image:loc>https://a.example/i.jpg</image:loc><image:title>no</image:title></image:image>
<news:news><news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication><news:publication_date>2026-05-14T10:00:00+02:00</news:publication_date><news:title><![CDATA[Crane & sea]]></news:title></news:news></url>
<url><loc> https://a.example/tag/crane </loc></url>
<url><loc>https://a.example/sport/</loc></url>
</urlset>"#;

#[test]
fn news_entries_bring_title_date_and_language() {
    let (found, reading) = read(NEWS);
    assert_eq!(
        (found.len(), reading.errors, found[1].unlikely),
        (3, 0, Some("tag page"))
    );
    let first = &found[0];
    assert_eq!(first.url.as_str(), "https://a.example/crane?a=1&b=2");
    assert_eq!((first.role, first.score > 0.9), (Role::Article, true));
    assert_eq!(first.title.as_deref(), Some("Crane & sea"));
    assert_eq!(
        first.published.as_deref(),
        Some("2026-05-14T10:00:00+02:00")
    );
    assert_eq!(first.modified.as_deref(), Some("2026-05-14"));
    assert_eq!(first.language.as_deref(), Some("en"));
    assert_eq!(found[2].role, Role::Section);
    assert_eq!(found[2].unlikely, None);
}

#[test]
fn packed_sitemaps_and_indices_and_lists_are_read() {
    let index = "<sitemapindex><sitemap><loc>/s1.xml.gz</loc><lastmod>2026-05-14</lastmod></sitemap></sitemapindex>";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(index.as_bytes()).expect("memory");
    let (found, _) = read(packed.finish().expect("memory"));
    assert_eq!(found[0].url.as_str(), "https://a.example/s1.xml.gz");
    assert_eq!(found[0].role, Role::Sitemap);
    let (found, _) =
        read("https://a.example/one-two-three-four\r\n\nnonsense:\nhttps://a.example/sport\n");
    assert_eq!(found.len(), 2);
}

#[test]
fn broken_markup_costs_one_entry_and_not_the_rest() {
    let text = "<urlset><url><loc>https://a.example/1</loc></url>
<url><loc>https://a.example/2</lo c <</url>
<url><loc>https://a.example/3 & 4</loc><url><loc>https://a.example/5</loc></url></wrong>
<url><!x><loc>https://a.example/6</loc></url><url><loc>https://a.example/7";
    let (found, reading) = read(text);
    let of: Vec<_> = found.iter().map(|one| one.url.path()).collect();
    for path in ["/1", "/5", "/6", "/7"] {
        assert!(of.contains(&path), "{path} of {of:?}, {reading:?}");
    }
}

#[test]
fn a_huge_sitemap_is_read_whole() {
    let mut text = String::from("<urlset>");
    for n in 0..50_000 {
        let _ = write!(
            text,
            "<url><loc>https://a.example/2026/05/story-number-{n}-of-many</loc></url>"
        );
    }
    text.push_str("</urlset>");
    let (found, reading) = read(text);
    assert_eq!((found.len(), reading.cut), (50_000, false));
}
