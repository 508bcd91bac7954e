//! Articles that are new, known, changed, copied or known under another address.

use super::super::*;
use super::{article, store, url};
use crate::outcome::Outcome;

#[test]
fn the_same_body_elsewhere_points_to_the_first() {
    let (_folder, store) = store();
    let first = store
        .put_article(&article("http://a.example/1", "body", 7), 10, true)
        .expect("stored");
    assert_eq!(first.outcome, Outcome::Stored);
    let second = store
        .put_article(&article("http://b.example/1", "body", 7), 11, true)
        .expect("stored");
    assert_eq!(second.outcome, Outcome::Duplicate);
    let near = NewArticle {
        simhash: article("", "", 7).simhash ^ 0b101,
        ..article("http://c.example/1", "Body", 8)
    };
    assert_eq!(
        store.put_article(&near, 12, true).expect("stored").outcome,
        Outcome::Duplicate
    );
    let mut seen = Vec::new();
    let all = Filter {
        duplicates: true,
        ..Filter::default()
    };
    store
        .articles::<Error>(&all, |a| {
            seen.push((a.url, a.duplicate_of));
            Ok(())
        })
        .expect("read");
    let first = Some("http://a.example/1".to_owned());
    assert_eq!(
        seen,
        [
            ("http://a.example/1".to_owned(), None),
            ("http://b.example/1".to_owned(), first.clone()),
            ("http://c.example/1".to_owned(), first),
        ]
    );
}

#[test]
fn the_same_story_at_a_second_address_of_its_site_is_an_alias() {
    let (_folder, store) = store();
    let first = store
        .put_article(&article("http://a.example/1", "body", 7), 10, true)
        .expect("stored");
    let second = store
        .put_article(&article("http://a.example/copy", "body", 7), 11, true)
        .expect("alias");
    assert_eq!((second.id, second.outcome), (first.id, Outcome::Duplicate));
    let status = store.status(20).expect("status");
    assert_eq!(
        (status.articles, status.duplicates, status.aliases),
        (1, 0, 1)
    );
}

#[test]
fn twins_of_a_known_address_are_not_fetched() {
    let (_folder, store) = store();
    let add = |address: &str| {
        store
            .add_url(&url(address), None, 5, false)
            .expect("added")
            .is_new
    };
    assert!(add("http://a.example/story-1"));
    assert!(!add("https://www.a.example/story-1"));
    assert!(!add("http://a.example/story-1/amp/"));
    assert!(add("http://a.example/story-2"));
}

#[test]
fn another_address_of_an_article_is_an_alias_unless_the_page_lies() {
    let (_folder, store) = store();
    store
        .put_article(&article("http://a.example/1", "body", 7), 10, true)
        .expect("stored");
    let amp = NewArticle {
        canonical: Some("http://a.example/1".into()),
        ..article("http://a.example/amp/1", "body", 7)
    };
    assert_eq!(
        store.put_article(&amp, 11, true).expect("alias").outcome,
        Outcome::Duplicate
    );
    let liar = NewArticle {
        canonical: Some("http://a.example/1".into()),
        ..article("http://a.example/2", "other", 0xdead_beef)
    };
    assert_eq!(
        store.put_article(&liar, 12, true).expect("own").outcome,
        Outcome::Stored
    );
    let mut seen = Vec::new();
    store
        .articles::<Error>(&Filter::default(), |a| {
            seen.push((a.url, a.aliases));
            Ok(())
        })
        .expect("read");
    assert_eq!(
        seen,
        [
            (
                "http://a.example/1".to_owned(),
                vec!["http://a.example/amp/1".to_owned()]
            ),
            ("http://a.example/2".to_owned(), vec![]),
        ]
    );
    assert!(
        !store
            .add_url(&url("http://a.example/amp/1"), None, 20, false)
            .expect("an alias")
            .is_new
    );
}

#[test]
fn a_changed_article_keeps_its_old_version() {
    let (_folder, store) = store();
    store
        .put_article(&article("http://a.example/1", "old words", 7), 10, true)
        .expect("stored");
    let same = store
        .put_article(&article("http://a.example/1", "old words", 7), 11, true)
        .expect("same");
    assert_eq!(same.outcome, Outcome::Unchanged);
    let new = store
        .put_article(&article("http://a.example/1", "new words", 8), 12, true)
        .expect("new");
    assert_eq!(new.outcome, Outcome::Updated);
    assert_eq!(store.status(20).expect("status").versions, 1);
    let found = |words: &str| {
        store
            .search(words, &Filter::default(), 9)
            .expect("search")
            .len()
    };
    assert_eq!((found("old"), found("new"), found("new words")), (0, 1, 1));
}
