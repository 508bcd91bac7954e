//! Articles that are new, known, changed, copied or known under another address.

use super::super::*;
use super::{add, due, lease, new_article, new_url, on_each_store, put, visit};

/// What `of` makes of each article of the filter.
fn exported<T>(
    store: &dyn Store,
    filter: &ArticleFilter,
    of: impl Fn(StoredArticle) -> T,
) -> Vec<T> {
    let mut all = Vec::new();
    store
        .articles::<Error>(filter, |article| {
            all.push(of(article));
            Ok(())
        })
        .expect("read");
    all
}

#[test]
fn the_same_body_elsewhere_points_to_the_first() {
    on_each_store(|store| {
        let first = new_article("http://a.example/1", "body", 7);
        assert_eq!(put(store, &first, 10, true), Outcome::Stored);
        let second = new_article("http://b.example/1", "body", 7);
        assert_eq!(put(store, &second, 11, true), Outcome::Duplicate);
        let near = NewArticle {
            simhash: first.simhash ^ 0b101,
            ..new_article("http://c.example/1", "Body", 8)
        };
        assert_eq!(put(store, &near, 12, true), Outcome::Duplicate);
        let all = ArticleFilter {
            duplicates: true,
            ..ArticleFilter::default()
        };
        let first = Some("http://a.example/1".to_owned());
        assert_eq!(
            exported(store, &all, |article| (article.url, article.duplicate_of)),
            [
                ("http://a.example/1".to_owned(), None),
                ("http://b.example/1".to_owned(), first.clone()),
                ("http://c.example/1".to_owned(), first),
            ]
        );
    });
}

#[test]
fn nearly_the_same_bodies_can_be_told_apart() {
    on_each_store(|store| {
        let near = NewArticle {
            simhash: new_article("", "", 7).simhash ^ 0b101,
            ..new_article("http://b.example/1", "Body", 8)
        };
        let equal = new_article("http://c.example/1", "body", 7);
        let placed = [new_article("http://a.example/1", "body", 7), near, equal]
            .map(|new| put(store, &new, 10, false));
        assert_eq!(
            placed,
            [Outcome::Stored, Outcome::Stored, Outcome::Duplicate]
        );
    });
}

#[test]
fn the_same_story_at_a_second_address_of_its_site_is_an_alias() {
    on_each_store(|store| {
        let first = new_article("http://a.example/1", "body", 7);
        put(store, &first, 10, true);
        let copy = new_article("http://a.example/copy", "body", 7);
        assert_eq!(put(store, &copy, 11, true), Outcome::Duplicate);
        let aliases = exported(store, &ArticleFilter::default(), |article| article.aliases);
        assert_eq!(aliases, [["http://a.example/copy"]]);
        let status = store.status(20).expect("status");
        assert_eq!(
            (status.articles, status.duplicates, status.aliases),
            (1, 0, 1)
        );
    });
}

#[test]
fn twins_of_a_known_address_are_not_fetched() {
    on_each_store(|store| {
        let mut add = |url: &str| add(store, &new_url(url), 5, false);
        assert!(add("http://a.example/story-1"));
        assert!(!add("https://www.a.example/story-1"));
        assert!(!add("http://a.example/story-1/amp/"));
        assert!(add("http://a.example/story-2"));
    });
}

#[test]
fn another_address_of_an_article_is_an_alias_unless_the_page_lies() {
    on_each_store(|store| {
        let first = new_article("http://a.example/1", "body", 7);
        put(store, &first, 10, true);
        let amp = NewArticle {
            canonical: Some("http://a.example/1".into()),
            ..new_article("http://a.example/amp/1", "body", 7)
        };
        assert_eq!(put(store, &amp, 11, true), Outcome::Duplicate);
        let liar = NewArticle {
            canonical: Some("http://a.example/1".into()),
            ..new_article("http://a.example/2", "other", 0xdead_beef)
        };
        assert_eq!(put(store, &liar, 12, true), Outcome::Stored);
        let addresses = exported(store, &ArticleFilter::default(), |article| {
            (article.url, article.aliases)
        });
        assert_eq!(
            addresses,
            [
                (
                    "http://a.example/1".to_owned(),
                    vec!["http://a.example/amp/1".to_owned()]
                ),
                ("http://a.example/2".to_owned(), vec![]),
            ]
        );
        assert!(!add(store, &new_url("http://a.example/amp/1"), 20, false));
    });
}

#[test]
fn a_changed_article_keeps_its_old_version() {
    on_each_store(|store| {
        let put = |store: &mut dyn Store, text, hash, now_ms| {
            let article = new_article("http://a.example/1", text, hash);
            put(store, &article, now_ms, true)
        };
        put(store, "old words", 7, 10);
        assert_eq!(put(store, "old words", 7, 11), Outcome::Unchanged);
        assert_eq!(put(store, "new words", 8, 12), Outcome::Updated);
        assert_eq!(store.status(20).expect("status").versions, 1);
        let found = |words: &str| {
            let hits = store.search(words, &ArticleFilter::default(), 9);
            hits.expect("searched").len()
        };
        assert_eq!((found("old"), found("new"), found("new words")), (0, 1, 1));
    });
}

#[test]
fn a_reader_is_handed_updates_once() {
    on_each_store(|store| {
        let put = |store: &mut dyn Store, n: u64, text: &str, hash| {
            let new = new_article(&format!("http://a.example/{n}"), text, hash);
            put(store, &new, 10, false);
        };
        let mut mark = ExportMark::default();
        let mut follow = |store: &mut dyn Store| {
            let filter = ArticleFilter {
                after: mark,
                ..ArticleFilter::default()
            };
            let seen = exported(store, &filter, |article| {
                (article.mark, article.record.text)
            });
            for (of_article, _) in &seen {
                mark = mark.max(*of_article);
            }
            store.set_export_mark("reader", mark).expect("written");
            assert_eq!(store.export_mark("reader").expect("read"), mark);
            seen.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        put(store, 1, "rain", 1);
        put(store, 2, "snow", 2);
        assert_eq!(follow(store), ["rain", "snow"]);
        put(store, 1, "more rain", 3);
        put(store, 3, "hail", 4);
        assert_eq!(follow(store), ["more rain", "hail"]);
        put(store, 3, "more hail", 5);
        put(store, 1, "no rain", 6);
        assert_eq!(follow(store), ["no rain", "more hail"]);
        assert_eq!(follow(store), [""; 0]);
    });
}

#[test]
fn a_page_that_was_joined_is_known_and_never_takes_its_storys_place() {
    on_each_store(|store| {
        let (first, second) = ("http://a.example/1", "http://a.example/1?page=2");
        let story = NewArticle {
            pages: vec![second.to_owned()],
            ..new_article(first, "body", 7)
        };
        let of_first = visit(store, Outcome::Stored, 10);
        let page = FurtherPage {
            url: new_url(second),
            log: FetchLogEntry {
                outcome: Outcome::FurtherPage,
                ..of_first.log.clone()
            },
            was_read: true,
            article: None,
        };
        let of_first = VisitResult {
            article: Some(Box::new(story)),
            pages: vec![page],
            ..of_first
        };
        let outcomes = store.record_visit(of_first, VisitRules::default(), 10);
        assert_eq!(
            outcomes.expect("recorded"),
            (Outcome::Stored, vec![Outcome::FurtherPage])
        );
        assert!(!add(store, &new_url(second), 20, false));
        // A sitemap says that it changed.
        let changed = NewUrl {
            modified_ms: Some(50),
            ..new_url(second)
        };
        assert!(add(store, &changed, 60, true));
        let alone = visit(store, Outcome::Stored, 61);
        let host = lease(store, "w", 61)[0].id;
        let alone = VisitResult {
            due: due(store, host).remove(0),
            article: Some(Box::new(new_article(second, "another body", 9))),
            ..alone
        };
        assert_eq!(alone.due.url, second);
        let outcome = store.record_visit(alone, VisitRules::default(), 61);
        assert_eq!(outcome.expect("recorded").0, Outcome::FurtherPage);
        let texts = exported(store, &ArticleFilter::default(), |article| {
            article.record.text
        });
        assert_eq!(texts, ["body"]);
    });
}
