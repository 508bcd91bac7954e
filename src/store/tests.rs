//! Opening, locking and upgrading a store, and what is to be fetched out of it.

mod articles;

use url::Url;

use super::*;
use crate::frontier::Role;
use crate::outcome::Outcome;
use crate::record::Record;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::lock(&folder.path().join("s.db")).expect("a new store");
    (folder, store)
}

fn url(address: &str) -> NewUrl {
    NewUrl {
        url: address.into(),
        host: "a.example".into(),
        site: "a.example".into(),
        role: Role::Article,
        guessed: false,
        depth: 1,
        priority: 1.0,
        looks: None,
        listed: false,
        hints: None,
        modified_ms: None,
    }
}

fn article(address: &str, text: &str, hash: u64) -> NewArticle {
    NewArticle {
        url: address.into(),
        canonical: None,
        site: address.split('/').nth(2).unwrap_or_default().into(),
        record: Record {
            title: Some("Rain".into()),
            text: text.into(),
            word_count: 100,
            ..Record::default()
        },
        content_hash: hash,
        simhash: hash.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        published_ms: None,
        fingerprints: Vec::new(),
    }
}

#[test]
fn a_second_run_is_locked_out_until_the_first_ends() {
    let (folder, first) = store();
    let path = folder.path().join("s.db");
    assert!(matches!(Store::lock(&path), Err(Error::Locked { .. })));
    drop(first);
    Store::lock(&path).expect("the lock is free again");
}

/// A process that another thread starts has the lock file too, for a moment.
#[test]
fn the_lock_is_free_although_a_child_still_has_its_file() {
    let (folder, first) = store();
    let lock = &first.lock.as_ref().expect("locked").0;
    let of_child = lock.try_clone().expect("a second handle");
    drop(first);
    Store::lock(&folder.path().join("s.db")).expect("the lock is free");
    drop(of_child);
}

#[test]
fn what_was_left_by_a_kill_while_the_store_was_made_is_no_trouble() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("s.db");
    let half = beside(&path, ".new");
    std::fs::write(&half, "SQLite format 3\0 and no more").expect("written");
    let message = Store::read(&path).expect_err("not made yet").to_string();
    assert!(message.contains("no such store"), "{message}");
    drop(Store::lock(&path).expect("a new store"));
    Store::read(&path).expect("a whole one");
    assert!(!half.exists());
}

/// What a run asks all the time is found by an index, however many URLs are known.
#[test]
fn queues_are_read_by_their_indices() {
    let (_folder, store) = store();
    for part in [
        Part::default(),
        Part {
            sites: vec!["a.example".into()],
            sources_only: true,
        },
    ] {
        for (query, index) in [
            (due::best_of_host(&part), "url_waiting (host_id=?)"),
            (hosts::with_work(&part), "url_waiting (host_id=?)"),
            (due::in_order_of_time(&part), "url_later"),
            (hosts::QUEUE_DUE.to_owned(), "url_later (due_at"),
            (super::articles::SAME_ON_SITE.to_owned(), "article_content"),
            (super::articles::NEXT_UPDATE.to_owned(), "article_update"),
        ] {
            let plan: Vec<String> = store
                .connection
                .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
                .and_then(|mut plan| {
                    let places = plan.parameter_count();
                    plan.query_map(rusqlite::params_from_iter(vec![1; places]), |row| {
                        row.get(3)
                    })?
                    .collect()
                })
                .expect("a plan");
            let plan = plan.join("\n");
            assert!(plan.contains(index), "{query}\n{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{query}\n{plan}");
        }
    }
}

#[test]
fn what_is_no_store_of_ours_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = folder.path().join("notes.db");
    std::fs::write(&text, "these are my notes, ".repeat(100)).expect("written");
    let message = Store::lock(&text).expect_err("no database").to_string();
    assert!(message.contains("no SQLite database"), "{message}");

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .and_then(|c| c.execute_batch("CREATE TABLE mine (x)"))
        .expect("another program's database");
    let message = Store::lock(&other).expect_err("not ours").to_string();
    assert!(message.contains("another program"), "{message}");

    let newer = folder.path().join("newer.db");
    drop(Store::lock(&newer).expect("a new store"));
    Connection::open(&newer)
        .and_then(|c| c.pragma_update(None, "user_version", 999))
        .expect("set");
    let message = Store::lock(&newer).expect_err("too new").to_string();
    assert!(message.contains("schema version 999"), "{message}");
}

#[test]
fn what_fails_in_a_transaction_is_undone_as_a_whole() {
    let (_folder, mut store) = store();
    let failed: Result<(), Error> = store.transaction(|s| {
        s.add_url(&url("http://a.example/1"), None, 5, false)?;
        Err(Error::store(&s.path, "stop"))
    });
    assert!(failed.is_err());
    assert_eq!(store.status(10).expect("status").urls, 0);
}

#[test]
fn hosts_are_leased_once_and_their_best_urls_come_first() {
    let (_folder, store) = store();
    let part = Part::default();
    store
        .add_url(&url("http://a.example/1"), None, 5, false)
        .expect("new");
    let better = NewUrl {
        priority: 9.0,
        ..url("http://a.example/2")
    };
    assert!(store.add_url(&better, None, 5, false).expect("new").is_new);
    assert!(
        !store
            .add_url(&better, None, 6, false)
            .expect("known")
            .is_new
    );
    let hosts = store.lease_hosts("w1", 10, 10, 1000, &part).expect("lease");
    assert_eq!(hosts.len(), 1);
    assert!(
        store
            .lease_hosts("w2", 10, 10, 1000, &part)
            .expect("none left")
            .is_empty()
    );
    let due = store.due(hosts[0].id, 10, &part).expect("due");
    assert_eq!(
        due.iter().map(|d| d.url.as_str()).collect::<Vec<_>>(),
        ["http://a.example/2", "http://a.example/1"]
    );

    store.release_host(hosts[0].id, 50, None).expect("released");
    assert!(
        store
            .lease_hosts("w2", 10, 40, 1000, &part)
            .expect("not ready")
            .is_empty()
    );
    assert_eq!(
        store
            .lease_hosts("w2", 10, 60, 1000, &part)
            .expect("ready")
            .len(),
        1
    );
}

#[test]
fn a_settled_article_is_never_due_again() {
    let (_folder, store) = store();
    let part = Part::default();
    store
        .add_url(&url("http://a.example/1"), None, 5, false)
        .expect("new");
    let host = store.lease_hosts("w", 1, 10, 1000, &part).expect("lease")[0].id;
    let id = store.due(host, 1, &part).expect("due")[0].id;
    store
        .settle(id, 10, Outcome::Stored, None, &Settlement::default())
        .expect("settled");
    store
        .add_url(&url("http://a.example/1"), None, 20, false)
        .expect("known");
    assert!(store.due(host, 1, &part).expect("due").is_empty());
    let changed = NewUrl {
        modified_ms: Some(50),
        ..url("http://a.example/1")
    };
    assert!(
        store
            .add_url(&changed, None, 60, true)
            .expect("known")
            .is_new
    );
    assert_eq!(store.due(host, 1, &part).expect("due").len(), 1);
}

#[test]
fn a_site_teaches_what_its_addresses_are() {
    let (_folder, store) = store();
    let page =
        |n: u32| Url::parse(&format!("http://a.example/x/y/live-from-the-match-{n}")).expect("one");
    let new = |n: u32| NewUrl {
        looks: Some(0.8),
        ..url(page(n).as_str())
    };
    assert!(
        store
            .add_url(&new(10_001), None, 5, false)
            .expect("open")
            .is_new
    );
    for n in 20_000..20_030 {
        store
            .learn_shape("a.example", &page(n), false)
            .expect("noted");
    }
    assert!(
        !store
            .add_url(&new(10_002), None, 5, false)
            .expect("known better")
            .is_new
    );
    assert_eq!(
        store
            .statistic("a.example", &page(10_001))
            .expect("counts")
            .others,
        30
    );
    let listed_by_feed = url(page(10_003).as_str());
    assert!(
        store
            .add_url(&listed_by_feed, None, 5, false)
            .expect("a feed's word counts more")
            .is_new
    );
}

/// What version 1 of the schema left behind, as a run of it would have.
#[test]
fn a_store_of_every_earlier_version_is_upgraded_whole() {
    for version in 1..schema::newest() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("old.db");
        let old = Connection::open(&path).expect("a database");
        schema::migrate_to(&mut { old }, 0, version).expect("the old schema");
        let old = Connection::open(&path).expect("a database");
        old.execute_batch(
            "INSERT INTO host (id, name, found_at) VALUES (1, 'a.example', 5);
             INSERT INTO url (id, url, host_id, site, role, depth, priority, found_at, due_at)
               VALUES (1, 'http://a.example/new', 1, 'a.example', 'article', 1, 1.0, 5, 5);
             INSERT INTO article (id, url, site, stored_at, title, text, record, content_hash, simhash)
               VALUES (1, 'http://a.example/old', 'a.example', 5, 'Rain', 'old rain', '{}', 7, 7);
             INSERT INTO alias VALUES ('http://a.example/also', 1);
             INSERT INTO run (started_at) VALUES (5);",
        )
        .expect("rows of that version");
        let mut band = old
            .prepare("INSERT INTO simhash_band (band, key, article_id) VALUES (?1, ?2, 1)")
            .expect("the table");
        for (at, key) in (0..).zip(crate::dedup::bands(7)) {
            band.execute([at, i64::from(key)]).expect("a row");
        }
        drop(band);
        // From version 7 on no trigger does.
        old.execute_batch(
            "INSERT INTO article_fts (rowid, title, text) SELECT id, title, text FROM article
             WHERE id > (SELECT coalesce(max(id), 0) FROM article_fts_docsize);
             UPDATE article SET version = 2 WHERE id = 1;
             INSERT INTO export_mark (name, article_id) VALUES ('reader', 1);",
        )
        .expect("as a run's end and an update leave it");
        drop(old);
        assert!(Store::read(&path).is_err(), "a reader does not upgrade");
        let store = Store::lock(&path).expect("upgraded");
        let status = store.status(10).expect("status");
        assert_eq!(
            (status.articles, status.aliases, status.due, status.runs),
            (1, 1, 1, 1)
        );
        let after = store.export_mark("reader").expect("a mark");
        assert_eq!((after.article, after.update), (1, 0));
        let mut numbers = Vec::new();
        let filter = Filter {
            after,
            ..Filter::default()
        };
        store
            .articles::<Error>(&filter, |found| {
                numbers.push(found.mark.update);
                Ok(())
            })
            .expect("read");
        assert_eq!(numbers, [1]);
        let found = store
            .search("rain", &Filter::default(), 9)
            .expect("searched");
        assert_eq!(found.len(), 1);
        let again = store.put_article(&article("http://a.example/also", "old rain", 7), 20, true);
        assert_eq!(again.expect("known").outcome, Outcome::Unchanged);
        // What was indexed is found as nearly the same.
        let like = NewArticle {
            simhash: 7 ^ 1,
            ..article("http://b.example/like", "old rain again", 9)
        };
        let like = store.put_article(&like, 20, true).expect("placed");
        assert_eq!(like.outcome, Outcome::Duplicate, "version {version}");
        drop(store);
        Store::read(&path).expect("of the newest version now");
    }
}
