//! What a store in `SQLite` does beside the suite: opening, locking and upgrading its file, and how
//! it is read and written.

use super::open::beside;
use super::*;
use crate::Error;
use crate::dedup::bands;
use crate::store::NewArticle;
use crate::store::sitewide::tests::blocks_of_page;
use crate::store::tests::{new_article, put};

fn store() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(&folder.path().join("s.db")).expect("a new store");
    (folder, store)
}

#[test]
fn a_second_run_is_locked_out_until_the_first_ends() {
    let (folder, first) = store();
    let path = folder.path().join("s.db");
    let second = SqliteStore::open(&path);
    assert!(matches!(second, Err(Error::Locked { .. })));
    drop(first);
    SqliteStore::open(&path).expect("the lock is free again");
}

/// A process that another thread starts has the lock file too, for a moment.
#[test]
fn the_lock_is_free_although_a_child_still_has_its_file() {
    let (folder, first) = store();
    let lock = &first.lock.as_ref().expect("locked").0;
    let of_child = lock.try_clone().expect("a second handle");
    drop(first);
    SqliteStore::open(&folder.path().join("s.db")).expect("the lock is free");
    drop(of_child);
}

#[test]
fn what_was_left_by_a_kill_while_the_store_was_made_is_no_trouble() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("s.db");
    let half = beside(&path, ".new");
    std::fs::write(&half, "SQLite format 3\0 and no more").expect("written");
    let message = SqliteStore::open_to_read(&path)
        .expect_err("not made yet")
        .to_string();
    assert!(message.contains("no such store"), "{message}");
    drop(SqliteStore::open(&path).expect("a new store"));
    SqliteStore::open_to_read(&path).expect("a whole one");
    assert!(!half.exists());
}

#[test]
fn a_scratch_copy_has_what_the_store_has_and_leaves_nothing() {
    let (folder, mut store) = store();
    let article = new_article("http://a.example/1", "body", 7);
    put(&mut store, &article, 10, true);
    drop(store);
    let copy = SqliteStore::open_scratch_copy(&folder.path().join("s.db")).expect("a copy");
    assert_eq!(copy.status(20).expect("status").articles, 1);
    let path = copy.path.clone();
    assert!(path.exists());
    drop(copy);
    assert!(!path.exists() && !beside(&path, ".lock").exists());
}

/// What a run asks all the time is found by an index, however many URLs are known.
#[test]
fn queues_are_read_by_their_indices() {
    let (_folder, store) = store();
    for slice in [
        FrontierSlice::default(),
        FrontierSlice {
            sites: vec!["a.example".into()],
            sources_only: true,
        },
    ] {
        for (query, index) in [
            (urls::BEST_OF_HOST, "url_waiting (host_id=?)"),
            (urls::HOSTS_WITH_WORK, "url_waiting (host_id=?)"),
            (urls::IN_ORDER_OF_TIME, "url_later"),
            (urls::QUEUE_DUE, "url_later (due_at"),
            (articles::SAME_ON_SITE, "article_content"),
            (articles::NEXT_UPDATE, "article_update"),
        ] {
            let query = of_slice(query, &slice);
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
    let refused = |path: &std::path::Path| {
        let error = SqliteStore::open(path).expect_err("no store of ours");
        error.to_string()
    };
    let text = folder.path().join("notes.db");
    std::fs::write(&text, "these are my notes, ".repeat(100)).expect("written");
    let message = refused(&text);
    assert!(message.contains("no SQLite database"), "{message}");

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .and_then(|c| c.execute_batch("CREATE TABLE mine (x)"))
        .expect("another program's database");
    let message = refused(&other);
    assert!(message.contains("another program"), "{message}");

    let newer = folder.path().join("newer.db");
    drop(SqliteStore::open(&newer).expect("a new store"));
    Connection::open(&newer)
        .and_then(|c| c.pragma_update(None, "user_version", 999))
        .expect("set");
    let message = refused(&newer);
    assert!(message.contains("schema version 999"), "{message}");
}

/// Each part of the full text's index has to be merged with others later.
#[test]
fn articles_of_one_transaction_are_one_part_of_the_full_text() {
    let (_folder, mut store) = store();
    let stored = store.transaction(&mut |store| {
        for n in 1..=3 {
            let new = new_article(&format!("http://a.example/{n}"), &format!("body {n}"), n);
            put(store, &new, 10, true);
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
    for (query, hits) in [("body", 3), ("\"body 2\"", 1)] {
        let found = store.search(query, &ArticleFilter::default(), 9);
        assert_eq!(found.expect("searched").len(), hits);
    }
}

#[test]
fn what_repeats_is_written_down_and_what_does_not_is_forgotten() {
    let (_folder, mut store) = store();
    let pages = 500;
    for page in 0..pages {
        let blocks = blocks_of_page(page);
        let counted = store.with_site("a.example", |site| site.learn(&blocks, 0));
        counted.expect("counted");
        // As runs do that bring a few articles each.
        if page % 7 == 0 {
            store.keep_site_counts().expect("written");
        }
    }
    store.keep_site_counts().expect("written");
    let written: Vec<(i64, u64)> = store
        .connection
        .prepare("SELECT fingerprint, pages + missed FROM sitewide_block ORDER BY fingerprint")
        .and_then(|mut all| {
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .expect("the table is there");
    let [(some, in_some), (all, in_all)] = written[..] else {
        panic!("blocks of one article are forgotten: {written:?}")
    };
    assert_eq!((all, in_all), (1, pages));
    assert_eq!(some, u64::MAX.cast_signed());
    assert!(in_some.abs_diff(pages / 8) <= 5, "{in_some}");
}

/// What version 1 of the schema left behind, as a run of it would have.
#[test]
fn a_store_of_every_earlier_version_is_upgraded_whole() {
    for version in 1..schema::newest() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("old.db");
        let mut old = Connection::open(&path).expect("a database");
        schema::migrate_to(&mut old, 0, version).expect("the old schema");
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
        for (at, key) in (0..).zip(bands(7)) {
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
        // From version 8 on updates have a number.
        if version >= 8 {
            let number = "UPDATE article SET update_number = 1 WHERE id = 1";
            old.execute(number, []).expect("an update's number");
        }
        drop(old);
        let refused = SqliteStore::open_to_read(&path);
        assert!(refused.is_err(), "a reader does not upgrade");
        let mut store = SqliteStore::open(&path).expect("upgraded");
        let status = store.status(10).expect("status");
        assert_eq!(
            (status.articles, status.aliases, status.due, status.runs),
            (1, 1, 1, 1)
        );
        let waiting = store.history("http://a.example/new").expect("read");
        assert_eq!(
            waiting.evidence.len(),
            1,
            "it is still taken for an article"
        );
        assert!(waiting.odds.total() >= 0.0, "{waiting:?}");
        let after = store.export_mark("reader").expect("a mark");
        assert_eq!((after.article, after.update), (1, 0));
        let mut numbers = Vec::new();
        let filter = ArticleFilter {
            after,
            ..ArticleFilter::default()
        };
        store
            .each_article(&filter, &mut |found| {
                numbers.push(found.mark.update);
                ControlFlow::Continue(())
            })
            .expect("read");
        assert_eq!(numbers, [1]);
        let found = store.search("rain", &ArticleFilter::default(), 9);
        assert_eq!(found.expect("searched").len(), 1);
        let again = new_article("http://a.example/also", "old rain", 7);
        assert_eq!(put(&mut store, &again, 20, true), Outcome::Unchanged);
        // What was indexed is found as nearly the same.
        let like = NewArticle {
            simhash: 7 ^ 1,
            ..new_article("http://b.example/like", "old rain again", 9)
        };
        let like = put(&mut store, &like, 20, true);
        assert_eq!(like, Outcome::Duplicate, "version {version}");
        drop(store);
        SqliteStore::open_to_read(&path).expect("of the newest version now");
    }
}
