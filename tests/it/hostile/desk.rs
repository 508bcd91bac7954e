//! A folder with settings and a store, and what a run through the real binary leaves in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// A folder with settings and a store.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Settings without waiting, and these.
    pub(crate) fn new(settings: &str) -> Self {
        Self::with(&format!(
            "[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n{settings}"
        ))
    }

    pub(crate) fn with(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = format!(
            "[crawl]\nsince_days = 0\nnear_duplicates = false\ncontact = \"crawler@a.example\"\n{settings}"
        );
        std::fs::write(folder.path().join("gleaner.toml"), settings).expect("written");
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Crawls to the end; returns the most memory that it took, in KiB.
    pub(crate) fn crawl(&self, seeds: &[String]) -> u64 {
        let mut run = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(self.path())
            .args(["--quiet", "crawl", "--summary-json", "summary.json"])
            .args(seeds)
            .stderr(Stdio::inherit())
            .spawn()
            .expect("it starts");
        let mut most_kib = 0;
        while run.try_wait().expect("a child").is_none() {
            most_kib = most_kib.max(peak_kib(run.id()).unwrap_or(0));
            thread::sleep(Duration::from_millis(20));
        }
        most_kib
    }

    pub(crate) fn summary(&self) -> serde_json::Value {
        let json = std::fs::read_to_string(self.path().join("summary.json")).expect("a summary");
        serde_json::from_str(&json).expect("JSON")
    }

    /// Outcome and reason of each address the store knows.
    pub(crate) fn outcomes(&self) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let store = self.open();
        let mut rows = store
            .prepare("SELECT url, outcome, reason FROM url")
            .expect("the table");
        rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("readable")
    }

    /// Tries in the store's log.
    pub(crate) fn tries(&self) -> u64 {
        self.open()
            .query_row("SELECT count(*) FROM fetch", [], |row| row.get(0))
            .expect("the table")
    }

    fn open(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path().join("gleaner.db")).expect("a store")
    }
}

/// The most memory a process has had so far, in KiB.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
