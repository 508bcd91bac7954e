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
        hints: None,
        modified_ms: None,
    }
}

fn article(address: &str, text: &str, hash: u64) -> NewArticle {
    NewArticle {
        url: address.into(),
        canonical: None,
        site: "a.example".into(),
        record: Record {
            title: Some("Rain".into()),
            text: text.into(),
            word_count: 100,
            ..Record::default()
        },
        content_hash: hash,
        simhash: hash.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        published_ms: None,
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
        Err(s.error("stop".into()))
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
    assert!(store.add_url(&better, None, 5, false).expect("new"));
    assert!(!store.add_url(&better, None, 6, false).expect("known"));
    let hosts = store.lease_hosts("w1", 10, 10, 1000, &part).expect("lease");
    assert_eq!(hosts.len(), 1);
    assert!(
        store
            .lease_hosts("w2", 10, 10, 1000, &part)
            .expect("none left")
            .is_empty()
    );
    let due = store.due(hosts[0].id, 10, 10, &part).expect("due");
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
    let id = store.due(host, 1, 10, &part).expect("due")[0].id;
    store
        .settle(id, 10, Outcome::Stored, None, &Settlement::default())
        .expect("settled");
    store
        .add_url(&url("http://a.example/1"), None, 20, false)
        .expect("known");
    assert!(store.due(host, 1, 99, &part).expect("due").is_empty());
    let changed = NewUrl {
        modified_ms: Some(50),
        ..url("http://a.example/1")
    };
    assert!(store.add_url(&changed, None, 60, true).expect("known"));
    assert_eq!(store.due(host, 1, 99, &part).expect("due").len(), 1);
}

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
