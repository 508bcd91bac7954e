use super::super::feed::parse;
use super::url;

const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Harbour Post</title><language>en-GB</language><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<item><title>Crane &amp; sea</title><link>https://a.example/crane?utm_source=rss</link><pubDate>Thu, 14 May 2026 10:00:00 +0200</pubDate><dc:creator>Jane Doe</dc:creator></item>
<item><title>Front</title><link>https://a.example/</link></item>
<item><title>By guid</title><guid isPermaLink="true">https://a.example/by-guid</guid></item>
</channel></rss>"#;

#[test]
fn rss_gives_addresses_titles_dates_and_authors() {
    let feed = parse(RSS.as_bytes(), &url("https://a.example/feed")).expect("a feed");
    assert_eq!(feed.ttl_s, Some(1800));
    let of: Vec<_> = feed.entries.iter().map(|e| e.url.as_str()).collect();
    assert_eq!(of, ["https://a.example/crane", "https://a.example/by-guid"]);
    let first = &feed.entries[0];
    assert_eq!(first.title.as_deref(), Some("Crane & sea"));
    assert_eq!(
        first.published.as_deref(),
        Some("2026-05-14T08:00:00+00:00")
    );
    assert_eq!(first.authors, ["Jane Doe"]);
    assert_eq!(first.language.as_deref(), Some("en-gb"));
}

#[test]
fn atom_rdf_and_json_feeds_are_read() {
    for feed in [
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>x</id><updated>2026-05-14T10:00:00Z</updated><entry><title>A</title><id>1</id><link rel="replies" href="/c"/><link rel="alternate" href="/crane"/><updated>2026-05-14T10:00:00Z</updated></entry></feed>"#,
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item><title>A</title><link>https://a.example/crane</link></item></rdf:RDF>"#,
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","url":"https://a.example/crane","title":"A","content_text":"x"}]}"#,
    ] {
        let feed = parse(feed.as_bytes(), &url("https://a.example/feed")).expect("a feed");
        assert_eq!(feed.entries.len(), 1, "{feed:?}");
        assert_eq!(feed.entries[0].url.as_str(), "https://a.example/crane");
        assert_eq!(feed.entries[0].title.as_deref(), Some("A"));
    }
}

#[test]
fn a_feed_cut_short_or_broken_gives_what_is_there() {
    let cut = &RSS[..RSS.find("<item><title>By").expect("there") + 20];
    let broken = RSS.replace("&amp;", "& <b>").replacen("</item>", "", 1);
    for feed in [cut, &broken] {
        let feed = parse(feed.as_bytes(), &url("https://a.example/feed")).expect("a feed");
        assert_eq!(
            feed.entries[0].url.as_str(),
            "https://a.example/crane",
            "{feed:?}"
        );
    }
}

#[test]
fn a_feed_of_elements_never_closed_is_read_in_linear_time() {
    let feed = "<rss><channel><item><title>t<link>https://a.example/x".repeat(20_000);
    let _ = parse(feed.as_bytes(), &url("https://a.example/feed"));
}

#[test]
fn what_is_no_feed_is_an_error_with_its_address() {
    let error = parse(b"<html><p>no", &url("https://a.example/feed")).expect_err("no feed");
    assert!(
        error.to_string().contains("https://a.example/feed"),
        "{error}"
    );
}
