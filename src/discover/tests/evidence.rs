//! What one kind of evidence can do against others, for every word of the table.

use super::super::story_odds::{ADDRESS_MIN, Expectation, HEADLINE, NamedBy, SITEMAP, of_page};
use super::super::{AddressOdds, DiscoveredUrl, Naming, StoryOdds, feed, rows};
use super::url;
use crate::body::PageSigns;
use crate::frontier::Role;

/// Addresses with a word in each place that it may have.
fn addresses_with(word: &str) -> Vec<url::Url> {
    let paths = [
        format!("/{word}"),
        format!("/{word}/7/"),
        format!("/{word}/48123/"),
        format!("/{word}/x/y/z"),
        format!("/a/b/c/{word}"),
        format!("/{word}/page/7"),
        format!("/{word}/2026/05/14/"),
        format!("/{word}.php?{word}=7&tag=x&page=9"),
    ];
    let full = |path: String| url(&format!("https://a.example{path}"));
    paths.into_iter().map(full).collect()
}

fn words() -> Vec<&'static str> {
    let table = rows(include_str!("../../../config/tables/url_words.tsv"));
    table.flat_map(|row| row[2].split('|')).collect()
}

fn expected(url: &url::Url, named: &[(NamedBy, f32)], pattern: f32) -> Expectation {
    let address = AddressOdds::of(url);
    let odds = StoryOdds {
        address: address.odds,
        pattern,
        ..StoryOdds::of_namings(named.iter().copied())
    };
    Expectation::of(url, &address, &odds)
}

#[test]
fn no_word_of_an_address_overrules_two_other_kinds() {
    let sitemap = (NamedBy::Sitemap, SITEMAP);
    let headline = (NamedBy::Link, HEADLINE);
    // What a pattern says once it has as many stories as it needs to say anything.
    let pattern = super::PatternStats {
        articles: 4,
        others: 0,
    };
    let pattern = pattern.log_odds();
    assert!(words().len() > 400);
    for word in words() {
        for url in addresses_with(word) {
            for (named, pattern) in [
                (vec![sitemap, headline], 0.0),
                (vec![sitemap], pattern),
                (vec![headline], pattern),
            ] {
                let role = expected(&url, &named, pattern).role();
                assert!(role.is_some(), "{url} {named:?} {pattern}");
            }
        }
    }
}

#[test]
fn what_a_feed_or_news_sitemap_names_is_fetched_whatever_else_is_known() {
    let worst = super::story_odds::PATTERN_MIN;
    let trap = url("https://a.example/a/b/a/b/a/b");
    let odd = [
        "/x.pdf",
        "/~r/rss/edition/~3/aB0x/",
        "/print/heron",
        "/login",
    ];
    let odd = odd.map(|path| url(&format!("https://a.example{path}")));
    let all = words().into_iter().flat_map(addresses_with);
    for url in all.chain(odd).chain([trap]) {
        for naming in [
            Naming::feed(),
            Naming::news_sitemap(true),
            Naming::news_sitemap(false),
        ] {
            let role = expected(&url, &[(naming.by, naming.weight)], worst).role();
            assert_eq!(role, Some(Role::Article), "{url} {naming:?}");
        }
    }
}

#[test]
fn useless_addresses_stay_unfetched_where_nothing_or_only_a_link_names_them() {
    let sitemap = [(NamedBy::Sitemap, SITEMAP)];
    let link = [(NamedBy::Link, super::story_odds::LINK_MAX)];
    for path in [
        "/login",
        "/logout",
        "/share/48123",
        "/print/48123/",
        "/a-long-slug-about-the-crane?print=1",
        "/a-long-slug-about-the-crane?share=x",
        "/search?q=crane",
        "/subscribe/now",
        "/x.pdf",
        "/a/b/a/b/a/b",
    ] {
        let url = url(&format!("https://a.example{path}"));
        for named in [&[][..], &sitemap, &link] {
            assert_eq!(expected(&url, named, 0.0).role(), None, "{path} {named:?}");
        }
    }
    for path in [
        "/cart",
        "/basket/",
        "/tag/crane",
        "/tag/the-crane-that-fell-down",
        "/author/jane",
    ] {
        let url = url(&format!("https://a.example{path}"));
        for named in [&[][..], &sitemap] {
            assert_eq!(expected(&url, named, 0.0).role(), None, "{path} {named:?}");
        }
    }
}

#[test]
fn a_trap_is_no_page_however_many_links_and_pages_there_are() {
    let url = url("https://a.example/a/b/a/b/a/b");
    let named = [(NamedBy::Link, 2.0), (NamedBy::Sitemap, SITEMAP)];
    assert_eq!(expected(&url, &named, 2.5).role(), None);
}

#[test]
fn one_kind_is_enough_for_plain_addresses_and_awkward_sections() {
    for path in [
        "/2026/05/14/crane-falls",
        "/2026/05/14/7",
        "/main/7",
        "/article.php?id=7",
        "/index.php?option=com_content&view=article&catid=7&id=48123",
        "/index.php?option=com_content&view=article&catid=7&id=9",
        "/a3f9c2d41b7e",
        "/legal/7/",
        "/press/4812/",
        "/help/48123/",
    ] {
        let url = url(&format!("https://a.example{path}"));
        for named in [(NamedBy::Sitemap, SITEMAP), (NamedBy::Link, HEADLINE)] {
            let role = expected(&url, &[named], 0.0).role();
            assert!(role.is_some(), "{path} {named:?}");
        }
    }
}

#[test]
fn every_contribution_is_cut_to_its_bounds() {
    for word in words() {
        for url in addresses_with(word) {
            assert!(AddressOdds::of(&url).odds >= ADDRESS_MIN, "{url}");
        }
    }
    assert!(Naming::link(-99.0, String::new()).weight >= super::story_odds::LINK_MIN);
    let page = |article_probability, says_article| {
        of_page(&PageSigns {
            article_probability,
            says_article,
            is_dated: says_article,
            has_linked_heading: !says_article,
        })
        .0
    };
    assert!((page(0.0, false) - super::story_odds::PAGE_MIN).abs() < 1e-6);
    assert!((page(1.0, true) - super::story_odds::PAGE_MAX).abs() < 1e-6);
}

#[test]
fn a_feed_names_links_through_redirectors_and_other_views() {
    let rss = "<rss version=\"2.0\"><channel><item><link>https://a.example/~r/rss/e/~3/aB0x/index.html</link></item>\
        <item><link>https://a.example/print/heron</link></item><item><link>https://a.example/share/heron</link></item></channel></rss>";
    let feed = feed::parse(rss.as_bytes(), &url("https://a.example/rss.xml")).expect("a feed");
    // Behind the redirector there need be no folder.
    assert!(feed.entries[0].url.path().ends_with("/index.html"));
    let told = |one: &DiscoveredUrl| (one.role, one.unlikely);
    assert_eq!(
        feed.entries.iter().map(told).collect::<Vec<_>>(),
        [(Role::Article, None); 3]
    );
}
