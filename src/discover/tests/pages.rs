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
fn links_are_classified_by_address_words_and_place() {
    let links = of_page(
        &Document::parse(PAGE),
        &url("https://a.example/news/index.html"),
    );
    let (followed, left): (Vec<_>, Vec<_>) = links
        .candidates
        .iter()
        .partition(|one| one.unlikely.or(one.not_to_follow).is_none());
    let of: Vec<_> = followed
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
    let left: Vec<_> = left
        .iter()
        .map(|one| (one.url.path(), one.not_to_follow.or(one.unlikely)))
        .collect();
    assert_eq!(
        left,
        [
            ("/tag/sea", Some("tag page")),
            ("/login", Some("login or subscription page")),
            (
                "/paid-story-with-a-long-slug",
                Some("link marked not to be followed")
            ),
            ("/about", Some("page about the site")),
        ]
    );
    let crane = followed[1];
    assert_eq!(
        crane.title.as_deref(),
        Some("Harbour crane falls into the sea")
    );
    assert!(crane.reason.contains("in a heading"), "{}", crane.reason);
    let feeds: Vec<_> = links.feeds.iter().map(url::Url::path).collect();
    assert_eq!(feeds, ["/feed/", "/rss.xml"]);
}
