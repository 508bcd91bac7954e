//! Sites that are crawled whole, each of their articles once.

use serde_json::Value;

use super::site::Site;
use super::{Desk, error_text};

#[test]
fn every_article_is_stored_once_and_never_fetched_again() {
    let (desk, site) = (Desk::new(), Site::start(1, 50));
    let summary = desk.crawl(&[&site.address()]);
    assert_eq!(summary["stored"], 50, "{summary:#}");
    assert_eq!(summary["failed"], 0, "{summary:#}");
    let tried: u64 = summary["outcomes"]
        .as_object()
        .expect("counts")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(summary["outcomes"]["stored"], 50, "{summary:#}");
    // The front page and the sitemap.
    assert_eq!(summary["outcomes"]["discovered"], 2, "{summary:#}");
    assert!(tried >= 52 && summary["hosts"].as_object().expect("hosts").len() == 1);
    let stored = desk.stored();
    assert_eq!(stored.len(), 50);
    let record = &stored[&site.article_url(7)];
    assert!(
        record["text"]
            .as_str()
            .expect("text")
            .starts_with("Story 7 says that")
    );
    assert!(
        !record["text"]
            .as_str()
            .expect("text")
            .contains("All rights reserved")
    );
    let asked = site.take_asked();
    assert!(
        !asked.iter().any(|(path, _)| path.starts_with("/private")),
        "{asked:?}"
    );

    // At once again: nothing but a conditional request of what was named.
    let again = desk.crawl(&[&site.address()]);
    assert_eq!(again["stored"], 0, "{again:#}");
    assert_eq!(again["outcomes"], serde_json::json!({"unchanged": 1}));
    assert_eq!(again["unchanged"], 1, "{again:#}");
    assert_eq!(site.take_asked(), [("/".to_owned(), 304)]);

    // New articles, and nothing else, once they are out.
    site.publish(51..=55);
    let new = desk.crawl(&["--refresh"]);
    assert_eq!(new["stored"], 5, "{new:#}");
    assert_eq!(desk.stored().len(), 55);
    assert!(
        site.served().values().all(|times| *times == 1),
        "{:?}",
        site.served()
    );
}

#[test]
fn a_failing_article_is_counted_and_leaves_the_rest_alone() {
    let (desk, site) = (Desk::new(), Site::start(1, 5));
    site.break_article(3);
    let output = desk.run(&["crawl", &site.address()]);
    assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
    assert!(
        error_text(&output).contains("1 failed"),
        "{}",
        error_text(&output)
    );
    assert_eq!(desk.stored().len(), 4);
}

#[test]
fn the_same_story_on_two_sites_is_linked() {
    let (desk, one, two) = (Desk::new(), Site::start(1, 4), Site::start(1, 4));
    let summary = desk.crawl(&[&one.address(), &two.address()]);
    assert_eq!(
        (&summary["stored"], &summary["duplicates"]),
        (&4.into(), &4.into()),
        "{summary:#}"
    );
    let linked = desk
        .stored()
        .values()
        .filter(|record| record["duplicate_of"].is_string())
        .count();
    assert_eq!(linked, 4);
    let plain = String::from_utf8(desk.run(&["export"]).stdout).expect("UTF-8");
    assert_eq!(plain.lines().count(), 4);
}

#[test]
fn ten_sites_are_crawled_whole() {
    let desk = Desk::new();
    let sites: Vec<_> = (1..=10).map(|number| Site::start(number, 100)).collect();
    let addresses: Vec<_> = sites.iter().map(Site::address).collect();
    let summary = desk.crawl(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(summary["stored"], 1000, "{summary:#}");
    assert_eq!(desk.stored().len(), 1000);
    assert!(
        sites
            .iter()
            .all(|site| site.served().values().all(|times| *times == 1))
    );
}

#[test]
fn the_sites_of_the_demo_are_crawled_whole_and_only_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sites = gleaner::demo::Sites::serve().await.expect("served");
        let mut config = gleaner::config::Config::default();
        config.crawl.seeds = sites.addresses().to_vec();
        config.crawl.since_days = 0;
        config.politeness.min_delay_s = 0.0;
        config.politeness.latency_factor = 0.0;
        config.fetch.allow_private_addresses = true;
        config.store.path = folder.path().join("demo.db");
        let shutdown = gleaner::crawl::Shutdown::new();
        let first = gleaner::crawl::crawl(&config, shutdown.clone())
            .await
            .expect("crawled");
        assert!(first.total.stored >= 25, "{first:#?}");
        assert_eq!(first.hosts.len(), 3, "{first:#?}");
        let served = sites.articles_served();
        config.crawl.refresh = gleaner::config::Refresh::All;
        let second = gleaner::crawl::crawl(&config, shutdown)
            .await
            .expect("crawled");
        assert_eq!(second.total.stored, 0, "{second:#?}");
        assert_eq!(sites.articles_served(), served, "{second:#?}");
    });
}
