use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

fn score(text: &str) -> f32 {
    match judge(&url(text)) {
        Judgement::Open(score, _) => score,
        Judgement::LeftAlone(why) => panic!("{text} is left alone: {why}"),
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
    for (address, why) in [
        (
            "https://a.example/tag/harbour-crane-falls-into-sea",
            "tag page",
        ),
        ("https://a.example/schlagwort/hafen", "tag page"),
        ("https://a.example/author/jane-doe", "author page"),
        ("https://a.example/?s=crane", "search page"),
        ("https://a.example/suche/kran", "search page"),
        (
            "https://a.example/print/2026/05/harbour-crane-falls-into-sea",
            "print version",
        ),
        (
            "https://a.example/login?next=/x",
            "login or subscription page",
        ),
        ("https://a.example/share/harbour-crane", "share link"),
        ("https://a.example/calendar/2026/05", "calendar page"),
        (
            "https://a.example/harbour-crane-falls/comments",
            "comment page",
        ),
        ("https://a.example/x.pdf", "file that is no page"),
        ("https://a.example/a/b/a/b/a/b", "trap: path repeats itself"),
        (
            "https://a.example/x?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9",
            "trap: too many parameters",
        ),
    ] {
        assert_eq!(judge(&url(address)), Judgement::LeftAlone(why), "{address}");
    }
    let deep = format!("https://a.example/{}", "x1/y2/z3/".repeat(9));
    assert!(matches!(judge(&url(&deep)), Judgement::LeftAlone(_)));
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
fn shapes_keep_what_articles_have_in_common() {
    for (address, pattern) in [
        ("https://a.example/", "/"),
        (
            "https://a.example/sport/2026/05/a-long-slug-about-it.html",
            "/{word}/{year}/{n}/{slug}.html",
        ),
        (
            "https://a.example/politik/kran-im-meer-a-1234567.html?x=1",
            "/{word}/{slug-id}.html?x",
        ),
        ("https://a.example/news/48271938", "/news/{id}"),
        ("https://a.example/tag/hafen", "/tag/{word}"),
    ] {
        assert_eq!(shape(&url(address)).as_str(), pattern, "{address}");
    }
}

#[test]
fn what_pages_were_overrules_what_addresses_look_like() {
    let mut seen = Statistic::default();
    assert!((seen.probability(0.9) - 0.9).abs() < 1e-6);
    for _ in 0..20 {
        seen.add(false);
    }
    assert!(seen.probability(0.9) < 0.2);
    assert!(seen.probability(0.9) > 0.0);
    for _ in 0..200 {
        seen.add(true);
    }
    assert!(seen.probability(0.1) > 0.8);
}

#[test]
fn rules_of_a_site() {
    let set = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
    let rules =
        Rules::new("a.example", &set(&["/news/[0-9]+"]), &set(&["sponsored"])).expect("fine");
    assert!(rules.may_be_article(&url("https://a.example/news/12")));
    assert!(!rules.may_be_article(&url("https://a.example/blog/12")));
    assert!(rules.may_visit(&url("https://a.example/blog/12")));
    assert!(!rules.may_visit(&url("https://a.example/news/12?sponsored")));
    let error = Rules::new("a.example", &[], &set(&["(("])).expect_err("no regular expression");
    let text = error.to_string();
    assert!(
        text.contains("site.\"a.example\".exclude") && text.contains("(("),
        "{text}"
    );
}

#[test]
fn responses_are_told_apart_by_their_bytes() {
    let at = url("https://a.example/x");
    for (body, label, source) in [
        (
            "<?xml version='1.0'?><!-- c --><rss version='2.0'>",
            None,
            Source::Feed,
        ),
        (
            "\u{feff}<rdf:RDF xmlns:rdf='x'>",
            Some("text/html"),
            Source::Feed,
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            None,
            Source::Feed,
        ),
        (
            "{\"version\": \"https://jsonfeed.org/version/1.1\"}",
            None,
            Source::Feed,
        ),
        ("{\"a\": 1}", Some("application/json"), Source::Other),
        ("<urlset><url>", Some("text/html"), Source::Sitemap),
        ("<sm:sitemapindex xmlns:sm='x'>", None, Source::SitemapIndex),
        (
            "https://a.example/1\nhttps://a.example/2\n",
            Some("text/plain"),
            Source::Sitemap,
        ),
        ("<!DOCTYPE html><rss>", None, Source::Html),
        ("plain words", Some("text/html"), Source::Html),
        ("plain words", Some("text/plain"), Source::Other),
        ("junk <channel><item><link>", None, Source::Feed),
        ("", None, Source::Other),
    ] {
        assert_eq!(classify(body.as_bytes(), label, &at), source, "{body}");
    }
}

#[test]
fn known_places_are_on_the_site() {
    let places = well_known(&url("https://a.example/some/page"));
    assert_eq!(places[0].as_str(), "https://a.example/sitemap.xml");
    assert!(
        places
            .iter()
            .any(|place| place.as_str() == "https://a.example/feed/")
    );
}

mod feeds {
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
        assert_eq!(feed.title.as_deref(), Some("Harbour Post"));
        assert_eq!(feed.ttl_s, Some(1800));
        assert!(!feed.broken);
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
            assert!(feed.broken);
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
}

mod sitemaps {
    use std::fmt::Write as _;
    use std::io::Write;

    use super::super::{Candidate, Role, sitemap};
    use super::url;

    fn read(text: impl AsRef<[u8]>) -> (Vec<Candidate>, sitemap::Reading) {
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
            (reading.entries, reading.left_alone, reading.errors),
            (2, 1, 0)
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
        assert_eq!(found[1].role, Role::Section);
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
}

mod pages {
    use super::super::{Role, links::of_page};
    use super::url;
    use crate::dom::Document;

    const PAGE: &str = r#"<base href="/news/"><link rel=canonical href="https://a.example/news/"><link rel=amphtml href="/amp/news/">
<link rel=alternate type="application/rss+xml" href="/feed/"><link rel=alternate type="application/rss+xml" href="/comments/feed/">
<link rel=alternate type="application/json" href="/wp-json/x">
<nav><a href="/sport">Sport</a><a href="/tag/sea">Sea</a><a href="/login">Log in</a></nav>
<main><article><h2><a href="crane-falls">Harbour crane falls into the sea</a></h2><a href="crane-falls#comments">3 comments</a></article>
<a href="https://other.example/2026/05/some-story-of-another-site">Elsewhere</a><a href="mailto:x@a.example">mail</a>
<a rel=nofollow href="/paid-story-with-a-long-slug">Paid</a><a href="http://[bad">bad</a></main>
<footer><a href="/about">About</a><a href="/rss.xml">RSS</a></footer>"#;

    #[test]
    fn links_are_judged_by_address_words_and_place() {
        let links = of_page(
            &Document::parse(PAGE),
            &url("https://a.example/news/index.html"),
        );
        let of: Vec<_> = links
            .candidates
            .iter()
            .map(|one| (one.url.path(), one.role))
            .collect();
        assert_eq!(
            of,
            [
                ("/sport", Role::Section),
                ("/news/crane-falls", Role::Article)
            ]
        );
        let crane = &links.candidates[1];
        assert_eq!(
            crane.title.as_deref(),
            Some("Harbour crane falls into the sea")
        );
        assert!(crane.reason.contains("in a heading"), "{}", crane.reason);
        let feeds: Vec<_> = links.feeds.iter().map(url::Url::path).collect();
        assert_eq!(feeds, ["/feed/", "/rss.xml"]);
        assert_eq!(links.canonical.as_ref().map(url::Url::path), Some("/news/"));
        assert_eq!(links.twins[0].path(), "/amp/news/");
        assert!(!links.nofollow);
    }

    #[test]
    fn a_page_can_ask_that_its_links_be_left_alone() {
        let page = Document::parse("<meta name=Robots content='noindex, NoFollow'>");
        assert!(of_page(&page, &url("https://a.example/")).nofollow);
    }
}

mod bad_input {
    use proptest::prelude::*;

    use super::super::{classify, feed, judge, links, shape, sitemap};
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
            let _ = classify(&bytes, None, &base);
            let _ = feed::parse(&bytes, &base);
            let _ = sitemap::parse(bytes.as_slice(), &base, |_| {});
            let page = Document::parse(&String::from_utf8_lossy(&bytes));
            let _ = links::of_page(&page, &base);
        }

        #[test]
        fn any_address_is_judged(text in "\\PC{0,60}") {
            if let Ok(url) = url::Url::parse(&format!("https://a.example/{text}")) {
                let _ = (judge(&url), shape(&url));
            }
        }
    }
}
