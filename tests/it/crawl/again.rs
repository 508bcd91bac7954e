//! Articles looked at again, and articles left alone because of their date.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gleaner::crawl::{Control, crawl_with};
use gleaner::dom::Document;
use gleaner::frontier::Clock;
use gleaner::store::{self, ArticleFilter};
use gleaner::{Error, Extraction, Options, extract_document};
use url::Url;

use super::world::{Plan, World};
use super::{Desk, error_text, settings};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn world(articles_per_host: usize, now_ms: i64) -> World {
    World::start(Plan {
        hosts: 1,
        articles_per_host,
        page_bytes: 2000,
        now_ms,
    })
}

/// Hourly runs for thirty hours; one of the articles changes before the second look at it.
#[test]
fn articles_are_looked_at_again_after_1_6_and_24_hours() {
    let start_ms = (jiff::Timestamp::now().as_millisecond() / HOUR_MS - 40) * HOUR_MS;
    let world = world(3, start_ms);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = settings(world.seeds(), folder.path());
    config.crawl.track_changes = true;
    let now = Arc::new(AtomicI64::new(start_ms));
    let control = Control {
        clock: Clock::set_by(Arc::clone(&now)),
        ..Control::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut looks: BTreeMap<i64, usize> = BTreeMap::new();
    for hour in 0..30 {
        let now_ms = start_ms + hour * HOUR_MS;
        now.store(now_ms, Ordering::Relaxed);
        world.set_now(now_ms);
        if hour == 5 {
            assert_eq!(world.change(1, now_ms).len(), 1);
        }
        runtime
            .block_on(crawl_with(&config, &control))
            .expect("crawled");
        let log = world.take_log();
        let asked = log.iter().filter(|asked| world.is_article(asked)).count();
        if asked > 0 {
            looks.insert(hour, asked);
        }
    }
    // A feed or sitemap that names a later date has the changed one looked at without waiting.
    let whole: Vec<i64> = looks
        .iter()
        .filter(|(_, asked)| **asked >= 2)
        .map(|(hour, _)| *hour)
        .collect();
    assert_eq!(whole, [0, 1, 6, 24], "{looks:?}");
    let store = store::open_to_read(&config.store.path).expect("a store");
    let status = store.status(start_ms).expect("status");
    assert_eq!((status.articles, status.versions), (3, 1), "{looks:?}");
}

/// An extractor for which the time of the fetch is the headline.
fn extract_time(page: &Document, url: Option<&Url>, options: &Options) -> Extraction {
    let mut extraction = extract_document(page, url, options);
    extraction.record.title = options.fetched.map(|at| at.to_string());
    extraction
}

#[test]
fn dates_of_pages_are_held_against_the_clock_of_the_run() {
    let now_ms = (jiff::Timestamp::now().as_millisecond() / HOUR_MS - 40) * HOUR_MS;
    let world = world(3, now_ms);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = settings(world.seeds(), folder.path());
    let control = Control {
        clock: Clock::set_by(Arc::new(AtomicI64::new(now_ms))),
        extract: extract_time,
        ..Control::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime
        .block_on(crawl_with(&config, &control))
        .expect("crawled");
    let store = store::open_to_read(&config.store.path).expect("a store");
    let mut times = BTreeSet::new();
    let each = |article: store::StoredArticle| {
        times.insert(article.record.title.unwrap_or_default());
        Ok::<_, Error>(())
    };
    store
        .articles(&ArticleFilter::default(), each)
        .expect("read");
    let now = jiff::Timestamp::from_millisecond(now_ms).expect("a time");
    assert_eq!(times, BTreeSet::from([now.to_string()]));
}

#[test]
fn articles_before_since_are_left_alone() {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let world = world(40, now_ms);
    let published = world.times();
    let day = |days: i64| {
        let time = jiff::Timestamp::from_millisecond(now_ms - days * DAY_MS).expect("a time");
        time.to_string()[..10].to_owned()
    };
    let (desk, seed) = (Desk::new(), &world.seeds()[0]);
    let old_asked = |arguments: &[&str]| {
        desk.crawl(arguments);
        let log = world.take_log();
        let asked = log.iter().filter(|asked| world.is_article(asked));
        let dates = asked.filter_map(|asked| published.get(&world.address(asked)));
        let (old, new): (Vec<i64>, Vec<i64>) =
            dates.copied().partition(|at| *at < now_ms - 100 * DAY_MS);
        assert!(new.len() > 30, "{new:?}");
        old.len()
    };
    assert_eq!(old_asked(&["--since", &day(30), seed]), 0);
    assert_eq!(old_asked(&["--store", "all.db", seed]), 2);
    let wrong = desk.run(&["crawl", "--since", "last week", seed]);
    assert_eq!(wrong.status.code(), Some(2), "{}", error_text(&wrong));

    // What is stored is searched by site and date.
    let site = seed.trim_start_matches("http://").trim_end_matches('/');
    let hits = |arguments: &[&str]| {
        let output =
            desk.run(&[&["search", "--json", "--limit", "100", "the"], arguments].concat());
        assert!(output.status.success(), "{}", error_text(&output));
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    let all = hits(&["--site", site]);
    assert!(all > 30, "{all}");
    assert_eq!(hits(&["--site", "elsewhere.example"]), 0);
    let late = hits(&["--since", &day(5)]);
    assert!(late > 0 && late < all, "{late} of {all}");
}
