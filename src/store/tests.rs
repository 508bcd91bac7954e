//! What every store must do: the suite runs on each implementation, by the interface alone.

mod articles;

use url::Url;

use super::*;
use crate::article::Hints;
use crate::discover::{Naming, StoryOdds};
use crate::frontier::Role;
use crate::record::Record;

/// Runs a test on a new store of each implementation.
fn on_each_store(test: impl Fn(&mut dyn Store)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut store = open(&folder.path().join("s.db")).expect("a new store");
    test(store.as_mut());
}

pub(super) fn new_url(url: &str) -> NewUrl {
    NewUrl {
        url: url.into(),
        host: "a.example".into(),
        site: "a.example".into(),
        role: Role::Article,
        guessed: false,
        depth: 1,
        priority: 1.0,
        naming: None,
        left_alone: None,
        hints: None,
        modified_ms: None,
    }
}

pub(super) fn due_url(url: &str) -> DueUrl {
    DueUrl {
        id: 0,
        url: url.into(),
        site: "a.example".into(),
        role: Role::Article,
        guessed: false,
        depth: 1,
        hints: Hints::default(),
        tries: 0,
        fetched_ms: None,
        found_ms: 0,
        etag: None,
        last_modified: None,
        interval_s: None,
        due_ms: 0,
        news_ms: None,
        odds: StoryOdds::default(),
    }
}

pub(super) fn new_article(url: &str, text: &str, hash: u64) -> NewArticle {
    NewArticle {
        url: url.into(),
        canonical: None,
        pages: Vec::new(),
        site: url.split('/').nth(2).unwrap_or_default().into(),
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

/// Adds a link; returns whether it is new work.
fn add(store: &mut dyn Store, link: &NewUrl, now_ms: i64, track_changes: bool) -> bool {
    let rules = VisitRules {
        track_changes,
        ..VisitRules::default()
    };
    let page = due_url("http://a.example/");
    let news = store.add_links(&page, std::slice::from_ref(link), rules, now_ms);
    news.expect("added") == 1
}

fn lease(store: &mut dyn Store, worker: &str, now_ms: i64) -> Vec<HostLease> {
    let slice = FrontierSlice::default();
    let hosts = store.lease_hosts(worker, 10, &slice, now_ms, 1000);
    hosts.expect("leased")
}

fn due(store: &dyn Store, host: i64) -> Vec<DueUrl> {
    let slice = FrontierSlice::default();
    store.due_urls(host, 10, &slice).expect("read")
}

/// A visit of a seed of which it is the first in a run of its own.
fn visit(store: &mut dyn Store, outcome: Outcome, now_ms: i64) -> VisitResult {
    let seed = NewUrl {
        host: "seed.example".into(),
        site: "seed.example".into(),
        role: Role::Seed,
        ..new_url("http://seed.example/")
    };
    let slice = FrontierSlice {
        sites: vec![seed.site.clone()],
        ..FrontierSlice::default()
    };
    let run = store.begin_run(&[seed], Refresh::Seeds, now_ms);
    let hosts = store.lease_hosts("w", 1, &slice, now_ms, now_ms);
    let host = hosts.expect("leased")[0].id;
    let due = store.due_urls(host, 1, &slice).expect("read").remove(0);
    VisitResult {
        due,
        log: FetchLogEntry {
            run: run.expect("begun"),
            at_ms: now_ms,
            status: Some(200),
            outcome,
            reason: None,
            requests: 1,
            bytes: 1,
            elapsed_ms: 1,
        },
        state: UrlState::default(),
        article: None,
        pages: Vec::new(),
        links: Vec::new(),
        early_news: 0,
        schedule: None,
        page: None,
    }
}

/// Stores an article to which the seed's address led.
pub(super) fn put(
    store: &mut dyn Store,
    article: &NewArticle,
    now_ms: i64,
    near_duplicates: bool,
) -> Outcome {
    let visit = VisitResult {
        article: Some(Box::new(article.clone())),
        ..visit(store, Outcome::Stored, now_ms)
    };
    let rules = VisitRules {
        near_duplicates,
        ..VisitRules::default()
    };
    store.record_visit(visit, rules, now_ms).expect("stored").0
}

#[test]
fn what_fails_in_a_transaction_is_undone_as_a_whole() {
    on_each_store(|store| {
        let failed = store.transaction(&mut |store| {
            assert!(add(store, &new_url("http://a.example/1"), 5, false));
            Err(Error::store("s.db", "stop"))
        });
        assert!(failed.is_err());
        assert_eq!(store.status(10).expect("status").urls, 0);
    });
}

#[test]
fn hosts_are_leased_once_and_their_best_urls_come_first() {
    on_each_store(|store| {
        assert!(add(store, &new_url("http://a.example/1"), 5, false));
        let better = NewUrl {
            priority: 9.0,
            ..new_url("http://a.example/2")
        };
        assert!(add(store, &better, 5, false));
        assert!(!add(store, &better, 6, false));
        let hosts = lease(store, "w1", 10);
        assert_eq!(hosts.len(), 1);
        assert!(lease(store, "w2", 10).is_empty());
        let urls = due(store, hosts[0].id);
        assert_eq!(
            urls.iter().map(|due| due.url.as_str()).collect::<Vec<_>>(),
            ["http://a.example/2", "http://a.example/1"]
        );

        let released = store.release_host(hosts[0].id, 50, Some("memory"));
        released.expect("released");
        assert!(lease(store, "w2", 40).is_empty());
        let again = lease(store, "w2", 60);
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].memory.as_deref(), Some("memory"));
    });
}

#[test]
fn a_stored_article_is_not_due_again() {
    on_each_store(|store| {
        let address = "http://a.example/1";
        assert!(add(store, &new_url(address), 5, false));
        let stored = visit(store, Outcome::Stored, 10);
        let host = lease(store, "w", 10)[0].id;
        let stored = VisitResult {
            due: due(store, host).remove(0),
            ..stored
        };
        assert_eq!(stored.due.url, address);
        let outcome = store.record_visit(stored, VisitRules::default(), 10);
        assert_eq!(outcome.expect("recorded").0, Outcome::Stored);
        assert!(!add(store, &new_url(address), 20, false));
        assert!(due(store, host).is_empty());
        let changed = NewUrl {
            modified_ms: Some(50),
            ..new_url(address)
        };
        assert!(add(store, &changed, 60, true));
        assert_eq!(due(store, host).len(), 1);
    });
}

#[test]
fn a_site_teaches_what_its_addresses_are() {
    on_each_store(|store| {
        let page = |n: u32| {
            let address = format!("http://a.example/x/y/live-from-the-match-{n}");
            Url::parse(&address).expect("one")
        };
        let by_address = |n: u32| NewUrl {
            naming: Some(Naming::link(1.5, String::new())),
            ..new_url(page(n).as_str())
        };
        assert!(add(store, &by_address(10_001), 5, false));
        for n in 20_000..20_030 {
            let mut other = visit(store, Outcome::NotArticle, 5);
            other.due = DueUrl {
                id: other.due.id,
                ..due_url(page(n).as_str())
            };
            let outcome = store.record_visit(other, VisitRules::default(), 5);
            assert_eq!(outcome.expect("recorded").0, Outcome::NotArticle);
        }
        assert!(!add(store, &by_address(10_002), 5, false));
        let listed_by_feed = NewUrl {
            naming: Some(Naming::feed()),
            ..new_url(page(10_003).as_str())
        };
        assert!(
            add(store, &listed_by_feed, 5, false),
            "a feed's word counts more"
        );
    });
}

fn named(url: &str, naming: Naming) -> NewUrl {
    NewUrl {
        naming: Some(naming),
        ..new_url(url)
    }
}

#[test]
fn what_is_left_alone_has_a_reason_until_more_speaks_for_it() {
    on_each_store(|store| {
        let address = "http://a.example/tag/7";
        let by_link = || named(address, Naming::link(1.5, "text like a headline".into()));
        assert!(!add(store, &by_link(), 5, false));
        let history = store.history(address).expect("read");
        assert_eq!(history.outcome.as_deref(), Some("left_alone"));
        assert_eq!(history.reason.as_deref(), Some("tag page"));
        assert_eq!(history.evidence[0].signs, "text like a headline");
        assert_eq!((history.due_ms, history.is_known), (None, true));
        let status = store.status(10).expect("status");
        assert_eq!((status.urls, status.left_alone, status.due), (0, 1, 0));
        // The same again is no news, a second kind is.
        assert!(!add(store, &by_link(), 6, false));
        assert!(add(store, &named(address, Naming::sitemap()), 7, false));
        assert!(!add(store, &named(address, Naming::feed()), 8, false));
        let history = store.history(address).expect("read");
        assert_eq!((history.outcome.as_ref(), history.due_ms), (None, Some(7)));
        assert_eq!(history.evidence.len(), 3);
        assert!(history.odds.total() > 5.0, "{history:?}");
        let host = lease(store, "w", 10)[0].id;
        assert_eq!(due(store, host)[0].odds, history.odds);
    });
}

#[test]
fn addresses_that_are_left_alone_fill_no_store() {
    on_each_store(|store| {
        let tag = |n: u64| named(&format!("http://a.example/tag/x{n}"), Naming::sitemap());
        let links: Vec<NewUrl> = (0..300).map(tag).collect();
        let page = due_url("http://a.example/");
        let rules = VisitRules::default();
        for now_ms in [5, 6] {
            let news = store.add_links(&page, &links, rules, now_ms);
            assert_eq!(news.expect("added"), 0);
        }
        let counts = store.left_alone().expect("read");
        let bound = left_alone::MAX_NOTED;
        assert_eq!(store.status(10).expect("status").left_alone, bound);
        assert_eq!(
            (counts[0].reason.as_str(), counts[0].noted),
            ("tag page", bound)
        );
        assert_eq!(counts[0].more, 2 * (300 - bound));
        let unknown = store.history("http://a.example/tag/x299").expect("read");
        assert_eq!((unknown.is_known, unknown.full), (false, counts));
        // What comes with more evidence has room all the same.
        assert!(add(
            store,
            &named("http://a.example/tag/x299", Naming::feed()),
            7,
            false
        ));
    });
}

#[test]
fn what_was_read_as_no_story_is_read_again_when_a_feed_names_it() {
    on_each_store(|store| {
        let address = "http://a.example/main/7";
        assert!(add(store, &named(address, Naming::sitemap()), 5, false));
        let read = visit(store, Outcome::NotArticle, 6);
        let host = lease(store, "w", 6)[0].id;
        let read = VisitResult {
            due: due(store, host).remove(0),
            page: Some((-3.0, "a list".into())),
            ..read
        };
        let outcome = store.record_visit(read, VisitRules::default(), 6);
        assert_eq!(outcome.expect("recorded").0, Outcome::NotArticle);
        assert!(!add(store, &named(address, Naming::sitemap()), 7, false));
        assert!(add(store, &named(address, Naming::feed()), 8, false));
        assert!(!add(store, &named(address, Naming::feed()), 9, false));
        let history = store.history(address).expect("read");
        assert_eq!(history.visits.len(), 1);
        assert!(
            history.odds.page < 0.0 && history.odds.named > 5.0,
            "{history:?}"
        );
    });
}
