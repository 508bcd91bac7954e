//! `gleaner crawl` and what reads its store, end to end on sites of our own on loopback.

#[path = "crawl/again.rs"]
mod again;
#[path = "crawl/copies.rs"]
mod copies;
#[path = "crawl/crash.rs"]
mod crash;
#[path = "crawl/cron.rs"]
mod cron;
#[path = "crawl/deploy.rs"]
mod deploy;
#[path = "crawl/export.rs"]
mod export;
#[path = "crawl/failed.rs"]
mod failed;
#[path = "crawl/running.rs"]
mod running;
#[path = "crawl/site.rs"]
mod site;
#[path = "crawl/whole.rs"]
mod whole;
#[path = "../world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use gleaner::config::Config;
use serde_json::Value;
use site::Site;
use tempfile::TempDir;

/// A folder with a store's path in it and settings without waiting.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(
            folder.path().join("gleaner.toml"),
            "[crawl]\nsince_days = 0\n[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n[fetch]\nallow_private_addresses = true\n",
        )
        .expect("written");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it starts")
    }

    /// Crawls and returns the summary.
    fn crawl(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["crawl", "--summary-json", "summary.json"];
        all.extend(arguments);
        let output = self.run(&all);
        let json = std::fs::read_to_string(self.path("summary.json"));
        let json = json.unwrap_or_else(|_| panic!("no summary: {}", error_text(&output)));
        serde_json::from_str(&json).expect("JSON")
    }

    /// Address to record of what is stored.
    fn stored(&self) -> BTreeMap<String, Value> {
        let output = self.run(&["export", "--duplicates"]);
        assert!(output.status.success(), "{}", error_text(&output));
        let lines = String::from_utf8(output.stdout).expect("UTF-8");
        let mut stored = BTreeMap::new();
        for line in lines.lines() {
            let record: Value = serde_json::from_str(line).expect("JSON");
            let url = record["url"]
                .as_str()
                .expect("a record has its url")
                .to_owned();
            assert!(
                stored.insert(url.clone(), record).is_none(),
                "{url} is stored twice"
            );
        }
        stored
    }
}

/// Settings of a run through the library, without waiting.
fn settings(seeds: Vec<String>, folder: &Path) -> Config {
    let mut config = Config::default();
    config.crawl.seeds = seeds;
    config.politeness.min_delay_s = 0.0;
    config.politeness.latency_factor = 0.0;
    config.fetch.allow_private_addresses = true;
    config.store.path = folder.join("gleaner.db");
    config
}

fn error_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

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
fn two_runs_on_one_store_do_not_meet() {
    let (desk, site) = (Desk::new(), Site::start(1, 60));
    site.slow_down(Duration::from_millis(50));
    let mut first = desk
        .command(&["crawl", &site.address()])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    wait_for(&desk.path("gleaner.db.lock"));
    let second = loop {
        let second = desk.run(&["crawl", &site.address()]);
        if second.status.code() == Some(75) || first.try_wait().expect("a child").is_some() {
            break second;
        }
    };
    assert_eq!(second.status.code(), Some(75), "{}", error_text(&second));
    assert!(
        error_text(&second).contains("another run"),
        "{}",
        error_text(&second)
    );
    first.kill().expect("killed");
    first.wait().expect("it ended");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_cleanly_and_the_next_goes_on() {
    let (desk, site) = (Desk::new(), Site::start(1, 60));
    site.slow_down(Duration::from_millis(20));
    let run = desk
        .command(&["crawl", "--summary-json", "summary.json", &site.address()])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let began = Instant::now();
    while site.served().len() < 5 && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let signalled = Command::new("kill")
        .args(["-TERM", &run.id().to_string()])
        .status();
    assert!(signalled.expect("kill is there").success());
    let output = run.wait_with_output().expect("it ended");
    assert_eq!(output.status.code(), Some(130), "{}", error_text(&output));
    let summary = std::fs::read_to_string(desk.path("summary.json")).expect("a summary");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["ended"], "interrupted");
    assert_eq!(summary["stored"].as_u64(), Some(desk.stored().len() as u64));
    desk.crawl(&[]);
    assert_eq!(desk.stored().len(), 60);
}

#[test]
fn a_store_that_cannot_be_used_is_an_error_that_says_why() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("notes.db"),
        "my notes, not a database. ".repeat(200),
    )
    .expect("written");
    let output = desk.run(&["crawl", "--store", "notes.db", "http://127.0.0.1:9/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error_text(&output).contains("notes.db: the file is no SQLite database"),
        "{}",
        error_text(&output)
    );
    let notes = std::fs::read_to_string(desk.path("notes.db")).expect("still there");
    assert!(
        notes.starts_with("my notes"),
        "what is not ours is not touched"
    );

    std::fs::create_dir(desk.path("folder.db")).expect("made");
    for command in [
        &["crawl", "http://127.0.0.1:9/"][..],
        &["status"],
        &["export"],
    ] {
        let output = desk.run(&[command, &["--store", "folder.db"]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", error_text(&output));
        let said = error_text(&output);
        assert!(said.contains("folder.db: this is a folder"), "{said}");
    }

    let output = desk.run(&[
        "crawl",
        "--store",
        "no/such/folder/s.db",
        "http://127.0.0.1:9/",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error_text(&output).contains("must exist and be writable"),
        "{}",
        error_text(&output)
    );

    for command in ["export", "status"] {
        let output = desk.run(&[command, "--store", "none.db"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            error_text(&output).contains("none.db: there is no such store"),
            "{}",
            error_text(&output)
        );
    }
    assert!(!desk.path("none.db").exists());
}

#[test]
fn limits_of_pages_time_and_dry_runs_hold() {
    let (desk, site) = (Desk::new(), Site::start(1, 40));
    let output = desk.run(&["crawl", "--dry-run", &site.address()]);
    assert!(output.status.success(), "{}", error_text(&output));
    let planned = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        planned
            .lines()
            .filter(|url| url.contains("-story-"))
            .count(),
        40
    );
    assert!(site.served().is_empty() && !desk.path("gleaner.db").exists());

    let sources = ["crawl", "--max-depth", "0", "--store", "d.db"];
    let output = desk.run(&[&sources[..], &[&site.address()]].concat());
    assert!(output.status.success(), "{}", error_text(&output));
    assert!(site.served().is_empty(), "{:?}", site.served());

    let summary = desk.crawl(&["--max-pages", "10", &site.address()]);
    assert_eq!(
        (&summary["fetched"], &summary["ended"]),
        (&10.into(), &"max_pages".into())
    );

    site.slow_down(Duration::from_millis(150));
    let summary = desk.crawl(&["--time-limit", "1"]);
    assert_eq!(summary["ended"], "time_limit", "{summary:#}");
    site.slow_down(Duration::ZERO);
    desk.crawl(&[]);
    assert_eq!(desk.stored().len(), 40);
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

fn wait_for(path: &Path) {
    let began = Instant::now();
    while !path.exists() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{} never came",
            path.display()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
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
