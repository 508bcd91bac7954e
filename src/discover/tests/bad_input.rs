use proptest::prelude::*;

use super::super::{classify_url, feed, links, response_kind, sitemap, url_pattern};
use super::url;
use crate::dom::Document;

const SEEDS: [&str; 3] = [
    r#"<?xml version="1.0"?><rss version="2.0"><channel><ttl>5</ttl><item><title>é<![CDATA[x]]></title><link>https://a.example/x</link><pubDate>Thu, 14 May 2026 10:00:00 GMT</pubDate></item></channel></rss>"#,
    "<urlset><url><loc>https://a.example/x&amp;y</loc><lastmod>2026-05-14</lastmod><news:title>t</news:title></url></urlset>",
    r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/x"/><updated>2026-05-14T10:00:00Z</updated></entry></feed>"#,
];

proptest! {
    #[test]
    fn mutated_feeds_and_sitemaps_never_panic(
        seed in 0_usize..3,
        edits in prop::collection::vec((0_usize..400, any::<u8>(), 0_usize..12), 0..8),
    ) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (at, byte, cut) in edits {
            let at = at % bytes.len().max(1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let base = url("https://a.example/");
        let _ = response_kind(&bytes, None, &base);
        let _ = feed::parse(&bytes, &base);
        let _ = sitemap::parse(bytes.as_slice(), &base, |_| {});
        let page = Document::parse(&String::from_utf8_lossy(&bytes));
        let _ = links::of_page(&page, &base);
    }

    #[test]
    fn any_address_is_classified(text in "\\PC{0,60}") {
        if let Ok(url) = url::Url::parse(&format!("https://a.example/{text}")) {
            let _ = (classify_url(&url), url_pattern(&url));
        }
    }
}
