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
#[path = "crawl/every_article_once.rs"]
mod every_article_once;
#[path = "crawl/export.rs"]
mod export;
#[path = "crawl/failed.rs"]
mod failed;
#[path = "crawl/named_stories.rs"]
mod named_stories;
#[path = "crawl/running.rs"]
mod running;
#[path = "crawl/site.rs"]
mod site;
#[path = "crawl/stopped.rs"]
mod stopped;
#[path = "crawl/story_ends.rs"]
mod story_ends;
#[path = "crawl/story_pages.rs"]
mod story_pages;
#[path = "crawl/unusable_store.rs"]
mod unusable_store;
#[path = "crawl/walls.rs"]
mod walls;
#[path = "crawl/whole.rs"]
mod whole;
#[path = "../world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gleaner::config::Config;
use serde_json::Value;
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
