use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

fn score(text: &str) -> f32 {
    match classify_url(&url(text)) {
        UrlClass::Page(score, _) => score,
        UrlClass::Skip(why) => panic!("{text} is left alone: {why}"),
    }
}

#[test]
fn addresses_of_articles_look_like_it() {
    for article in [
        "https://a.example/2026/05/14/harbour-crane-falls-into-sea",
        "https://a.example/sport/the-harbour-crane-that-fell-into-the-sea",
        "https://a.example/politik/hafenkran-stuerzt-ins-meer-a-1234567.html",
        "https://a.example/news/world-48271938",
        "https://a.example/article.php?id=48213",
        "https://a.example/2026/05/14/%E6%B8%AF%E3%81%AE%E3%82%AF%E3%83%AC%E3%83%BC%E3%83%B3%E3%81%8C%E6%B5%B7%E3%81%AB%E8%90%BD%E3%81%A1%E3%82%8B",
        "https://a.example/events/2026/05/what-the-night-of-museums-brought-us",
    ] {
        assert!(
            score(article) >= ARTICLE_SCORE,
            "{article}: {}",
            score(article)
        );
    }
    for list in [
        "https://a.example/",
        "https://a.example/sport",
        "https://a.example/sport/football/",
        "https://a.example/2026/05/14/",
        "https://a.example/category/local-news",
        "https://a.example/sport?page=3",
        "https://a.example/news/page/2",
    ] {
        assert!(score(list) < ARTICLE_SCORE, "{list}: {}", score(list));
    }
}

#[test]
fn other_views_and_service_pages_are_left_alone() {
    for (path, why) in [
        ("/tag/harbour-crane-falls-into-sea", "tag page"),
        ("/schlagwort/hafen", "tag page"),
        ("/author/jane-doe", "author page"),
        ("/?s=crane", "search page"),
        ("/suche/kran", "search page"),
        (
            "/print/2026/05/harbour-crane-falls-into-sea",
            "print version",
        ),
        ("/login?next=/x", "login or subscription page"),
        ("/share/harbour-crane", "share link"),
        ("/calendar/2026/05", "calendar page"),
        ("/harbour-crane-falls/comments", "comment page"),
        ("/x.pdf", "file that is no page"),
        ("/a/b/a/b/a/b", "trap: path repeats itself"),
        (
            "/x?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9",
            "trap: too many parameters",
        ),
    ] {
        let address = url(&format!("https://a.example{path}"));
        assert_eq!(classify_url(&address), UrlClass::Skip(why), "{path}");
    }
    let deep = format!("https://a.example/{}", "x1/y2/z3/".repeat(9));
    assert!(matches!(classify_url(&url(&deep)), UrlClass::Skip(_)));
}

#[test]
fn every_word_has_one_class_and_every_row_a_source() {
    for row in rows(include_str!("../../config/tables/url_words.tsv")) {
        assert_eq!(row.len(), 4, "{row:?}");
        for word in row[2].split('|') {
            assert_eq!(word, word.to_lowercase(), "{row:?}");
        }
    }
}

#[test]
fn patterns_keep_what_articles_have_in_common() {
    for (path, pattern) in [
        ("/", "/"),
        (
            "/sport/2026/05/a-long-slug-about-it.html",
            "/{word}/{year}/{n}/{slug}.html",
        ),
        (
            "/politik/kran-im-meer-a-1234567.html?x=1",
            "/{word}/{slug-id}.html?x",
        ),
        ("/news/48271938", "/news/{id}"),
        ("/tag/hafen", "/tag/{word}"),
    ] {
        let address = url(&format!("https://a.example{path}"));
        assert_eq!(url_pattern(&address), pattern, "{path}");
    }
}

#[test]
fn what_pages_were_overrules_what_addresses_look_like() {
    let odds = |articles, others| PatternStats { articles, others }.log_odds();
    assert!(odds(0, 3).abs() < 1e-6, "three may be exceptions");
    assert!(odds(0, 4) < -1.0 && odds(4, 0) > 1.0);
    assert!((odds(0, 1000) - story_odds::PATTERN_MIN).abs() < 1e-6);
    assert!((odds(1000, 0) - story_odds::PATTERN_MAX).abs() < 1e-6);
    assert!(odds(200, 20) > 2.0);
}

#[test]
fn responses_are_told_apart_by_their_bytes() {
    use ResponseKind::{Feed, Html, Other, Sitemap, SitemapIndex};
    let at = url("https://a.example/x");
    for (body, label, source) in [
        (
            "<?xml version='1.0'?><!-- c --><rss version='2.0'>",
            None,
            Feed,
        ),
        ("\u{feff}<rdf:RDF xmlns:rdf='x'>", Some("text/html"), Feed),
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", None, Feed),
        (
            "{\"version\": \"https://jsonfeed.org/version/1.1\"}",
            None,
            Feed,
        ),
        ("{\"a\": 1}", Some("application/json"), Other),
        ("<urlset><url>", Some("text/html"), Sitemap),
        ("<sm:sitemapindex xmlns:sm='x'>", None, SitemapIndex),
        (
            "https://a.example/1\nhttps://a.example/2\n",
            Some("text/plain"),
            Sitemap,
        ),
        ("<!DOCTYPE html><rss>", None, Html),
        ("plain words", Some("text/html"), Html),
        ("plain words", Some("text/plain"), Other),
        ("junk <channel><item><link>", None, Feed),
        ("", None, Other),
    ] {
        assert_eq!(response_kind(body.as_bytes(), label, &at), source, "{body}");
    }
}

#[test]
fn known_places_are_on_the_site() {
    let places = well_known(&url("https://a.example/some/page"));
    assert_eq!(places[0].url.as_str(), "https://a.example/sitemap.xml");
    assert!(
        places.iter().any(
            |place| place.url.as_str() == "https://a.example/feed/" && place.role == Role::Feed
        )
    );
}

mod bad_input;
mod evidence;
mod feeds;
mod pages;
mod sitemaps;
