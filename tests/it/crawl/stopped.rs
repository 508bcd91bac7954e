//! Runs that stop early: limits, signals, and a store that another run holds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::site::Site;
use super::{Desk, error_text};

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
