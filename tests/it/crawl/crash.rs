//! Runs that are killed, and disks that are full: nothing is lost, nothing is done twice.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::site::Site;
use super::world::Dice;
use super::{Desk, error_text};

const ARTICLES: u32 = 200;
const KILLS: u64 = 50;
/// Only a hang reaches it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Kills runs at instants that dice choose: after so many more articles were served, and then a random
/// moment later, while they are not all committed, or once they are. That a run is alive when it is
/// killed does not lean on the machine: the site holds its next response back until the kill was sent.
#[test]
fn fifty_kills_lose_nothing_and_repeat_nothing() {
    let (desk, site) = (Desk::new(), Site::start(1, ARTICLES));
    let mut dice = Dice::new(11);
    let mut kept: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let step = u32::try_from(dice.below(8)).expect("small");
        let before = site.served();
        site.hold_after(step);
        let mut run = desk
            .command(&["--quiet", "crawl", "--warc", "copies", &site.address()])
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let began = Instant::now();
        while !site.held() && run.try_wait().expect("a child").is_none() {
            assert!(began.elapsed() < PATIENCE, "kill {kill}: nothing happens");
            std::thread::sleep(Duration::from_millis(1));
        }
        if kill % 2 == 0 {
            let served = times(&site.served()) - times(&before);
            while committed(&desk) < kept.len() + served {
                assert!(began.elapsed() < PATIENCE, "kill {kill}: nothing is stored");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        std::thread::sleep(Duration::from_micros(dice.below(4000)));
        assert!(
            run.try_wait().expect("a child").is_none(),
            "kill {kill} came too late"
        );
        run.kill().expect("SIGKILL");
        run.wait().expect("it ended");
        site.let_go();
        assert_eq!(again(&kept, &before, &site), 0, "kill {kill}");
        let now = desk.stored();
        assert!(kept.iter().all(|url| now.contains_key(url)), "kill {kill}");
        kept = now.into_keys().collect();
    }
    let before = site.served();
    let summary = desk.crawl(&["--warc", "copies", "--refresh"]);
    let stored = desk.stored();
    assert_eq!(stored.len(), ARTICLES as usize, "{summary:#}");
    assert_eq!(again(&kept, &before, &site), 0);
    assert_sound(&desk);
    // A copy is on the disk before its page is done; and what a kill left is an archive all the same.
    let read_again = super::copies::extracted(&desk, "copies");
    let urls = read_again
        .iter()
        .filter_map(|record| record["url"].as_str());
    let urls: std::collections::BTreeSet<_> = urls.collect();
    assert!(stored.keys().all(|url| urls.contains(url.as_str())));
}

/// A run that is killed in its first moments leaves no store, or a whole one that can be read.
#[test]
fn a_kill_while_the_store_is_made_leaves_none_or_a_whole_one() {
    let site = Site::start(1, 5);
    for after_ms in 0..25 {
        let desk = Desk::new();
        let mut run = desk
            .command(&["--quiet", "crawl", &site.address()])
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(after_ms));
        run.kill().expect("SIGKILL");
        run.wait().expect("it ended");
        let output = desk.run(&["export"]);
        let said = error_text(&output);
        assert!(
            output.status.success() || said.contains("there is no such store"),
            "after {after_ms} ms: {said}"
        );
        if after_ms % 8 == 0 {
            desk.crawl(&[&site.address()]);
            assert_eq!(desk.stored().len(), 5, "after {after_ms} ms");
        }
    }
}

fn times(served: &BTreeMap<u32, u32>) -> usize {
    served.values().map(|times| *times as usize).sum()
}

/// Articles in the store, while a run may be writing to it.
fn committed(desk: &Desk) -> usize {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a database");
    store.busy_timeout(PATIENCE).expect("set");
    store
        .query_row("SELECT count(*) FROM article", [], |row| row.get(0))
        .expect("counted")
}

/// How many articles that were stored were served again since.
fn again(stored: &[String], before: &BTreeMap<u32, u32>, site: &Site) -> usize {
    let after = site.served();
    before
        .iter()
        .filter(|(n, times)| stored.contains(&site.article_url(**n)) && after[n] > **times)
        .count()
}

fn assert_sound(desk: &Desk) {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a database");
    let sound: String = store
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("checked");
    assert_eq!(sound, "ok");
}

/// The shell's limit of a file's size stands in for a full disk: writes fail with EFBIG. The disk is
/// full for three runs, each time a little later; then there is room.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_for_a_while_costs_nothing_that_was_stored() {
    let (desk, site) = (Desk::new(), Site::start(1, ARTICLES));
    let binary = env!("CARGO_BIN_EXE_gleaner");
    for blocks in [400, 700, 1000] {
        let before = site.served();
        let kept: Vec<_> = if desk.path("gleaner.db").exists() {
            desk.stored().into_keys().collect()
        } else {
            Vec::new()
        };
        let script = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {binary} crawl {}",
            site.address()
        );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(desk.folder.path())
            .output()
            .expect("sh is there");
        assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
        assert!(
            error_text(&output).contains("gleaner.db"),
            "{}",
            error_text(&output)
        );
        assert_eq!(again(&kept, &before, &site), 0);
        let now = desk.stored();
        assert!(kept.iter().all(|url| now.contains_key(url)));
        assert!(now.len() < ARTICLES as usize, "the disk was never full");
    }
    let (before, kept) = (site.served(), desk.stored().into_keys().collect::<Vec<_>>());
    desk.crawl(&[]);
    assert_eq!(desk.stored().len(), ARTICLES as usize);
    assert_eq!(again(&kept, &before, &site), 0);
    assert_sound(&desk);
}

/// Somebody else's transaction stands in for a disk that does not keep up: nothing can be committed.
/// Then fetching stops when the pages between network and store are as many as may be.
#[test]
fn fetching_waits_for_a_slow_disk() {
    const CONCURRENCY: usize = 4;
    // `fetch.concurrency`, and four for each reader.
    const BETWEEN: usize = CONCURRENCY + 4;
    let (desk, site) = (Desk::new(), Site::start(1, ARTICLES));
    // Slow enough that the run is far from its end when its transaction lets the other one in.
    site.slow_down(Duration::from_millis(100));
    let mut run = desk
        .command(&["--quiet", "crawl", &site.address()])
        .env("GLEANER_FETCH__CONCURRENCY", CONCURRENCY.to_string())
        .env("GLEANER_EXTRACT__JOBS", "1")
        .spawn()
        .expect("it starts");
    let count = |what: &str, holds: &mut dyn FnMut() -> bool| {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < PATIENCE, "{what} never came");
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    count("the tenth article", &mut || site.served().len() >= 10);
    let other = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a database");
    other.busy_timeout(PATIENCE).expect("set");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("the disk stalls");
    let stored: usize = other
        .query_row(
            "SELECT count(*) FROM url WHERE role = 'article' AND fetched_at IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .expect("counted");
    site.slow_down(Duration::ZERO);
    count("as much as may be", &mut || {
        site.served().len() >= stored + BETWEEN - 1
    });
    std::thread::sleep(Duration::from_millis(500));
    let served = site.served().len();
    assert!(
        served <= stored + BETWEEN && served < ARTICLES as usize,
        "{served} served, {stored} stored"
    );
    other.execute_batch("COMMIT").expect("the disk goes on");
    assert!(run.wait().expect("it ended").success());
    assert_eq!(desk.stored().len(), ARTICLES as usize);
}
