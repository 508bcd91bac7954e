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
fn nearly_the_same_bodies_can_be_told_apart() {
    let (_folder, store) = store();
    let near = NewArticle {
        simhash: article("", "", 7).simhash ^ 0b101,
        ..article("http://b.example/1", "Body", 8)
    };
    let equal = article("http://c.example/1", "body", 7);
    let placed = [article("http://a.example/1", "body", 7), near, equal]
        .map(|new| store.put_article(&new, 10, false).expect("stored").outcome);
    assert_eq!(
        placed,
        [Outcome::Stored, Outcome::Stored, Outcome::Duplicate]
    );
}

/// Each part of the full text's index has to be merged with others later.
#[test]
fn articles_of_one_transaction_are_one_part_of_the_full_text() {
    let (_folder, mut store) = store();
    let stored = store.transaction(|store| {
        for n in 1..=3 {
            let new = article(&format!("http://a.example/{n}"), &format!("body {n}"), n);
            let placed = store.put_article(&new, 10, true)?;
            store.finish_addresses(placed.id, 0, 10)?;
        }
        Ok(())
    });
    stored.expect("stored");
    let parts = store.connection.query_row(
        "SELECT count(DISTINCT segid) FROM article_fts_idx",
        [],
        |row| row.get::<_, u64>(0),
    );
    assert_eq!(parts, Ok(1));
    for query in ["body", "\"body 2\""] {
        let found = store.search(query, &Filter::default(), 9);
        assert_eq!(
            found.expect("searched").len(),
            if query == "body" { 3 } else { 1 }
        );
    }
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

#[test]
fn a_reader_is_handed_updates_once() {
    let (_folder, store) = store();
    let put = |n: u64, text: &str, hash| {
        let new = article(&format!("http://a.example/{n}"), text, hash);
        store.put_article(&new, 10, false).expect("stored");
    };
    let mut mark = Mark::default();
    let mut follow = || {
        let filter = Filter {
            after: mark,
            ..Filter::default()
        };
        let mut seen = Vec::new();
        store
            .articles::<Error>(&filter, |found| {
                mark = mark.max(found.mark);
                seen.push(found.record.text);
                Ok(())
            })
            .expect("read");
        store.set_export_mark("reader", mark).expect("written");
        assert_eq!(store.export_mark("reader").expect("read"), mark);
        seen
    };
    put(1, "rain", 1);
    put(2, "snow", 2);
    assert_eq!(follow(), ["rain", "snow"]);
    put(1, "more rain", 3);
    put(3, "hail", 4);
    assert_eq!(follow(), ["more rain", "hail"]);
    put(3, "more hail", 5);
    put(1, "no rain", 6);
    assert_eq!(follow(), ["no rain", "more hail"]);
    assert_eq!(follow(), [""; 0]);
}
