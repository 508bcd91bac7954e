//! What is stored, read back through the program.

use std::process::Stdio;

use serde_json::Value;

use super::site::Site;
use super::{Desk, error_text};

#[test]
fn what_is_stored_can_be_exported_followed_and_searched() {
    let (desk, site) = (Desk::new(), Site::start(1, 6));
    desk.crawl(&[&site.address()]);
    let follow = || {
        let output = desk.run(&["export", "--follow", "reader"]);
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .lines()
            .count()
    };
    assert_eq!((follow(), follow()), (6, 0));
    site.publish([7]);
    desk.crawl(&["--refresh"]);
    assert_eq!(follow(), 1);

    let csv = String::from_utf8(desk.run(&["export", "--format", "csv"]).stdout).expect("UTF-8");
    assert!(csv.starts_with("url,title,"), "{csv}");
    let rows = csv::Reader::from_reader(csv.as_bytes()).records().count();
    assert_eq!(rows, 7);

    let hits =
        String::from_utf8(desk.run(&["search", "--json", "\"story 5\""]).stdout).expect("UTF-8");
    let hit: Value = serde_json::from_str(hits.trim()).expect("one hit");
    assert_eq!(hit["url"], site.article_url(5));
    assert!(desk.run(&["search", "zeppelin"]).stdout.is_empty());

    let none = desk.run(&["export", "--site", "elsewhere.example"]);
    assert!(none.status.success() && none.stdout.is_empty());
    let wrong = desk.run(&["export", "--since", "yesterday"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", error_text(&wrong));

    let status: Value =
        serde_json::from_slice(&desk.run(&["status", "--hosts", "--json"]).stdout).expect("JSON");
    assert_eq!(
        (&status["articles"], &status["runs"]),
        (&7.into(), &2.into())
    );
    assert_eq!(status["hosts"][0]["stored"], 7);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let (desk, site) = (Desk::new(), Site::start(1, 20));
    desk.crawl(&[&site.address()]);
    for format in ["jsonl", "csv"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = desk
            .command(&["export", "--format", format, "--follow", "reader"])
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{}", error_text(&output));
        assert_eq!(error_text(&output), "", "{format}");
    }
    let rest = desk.run(&["export", "--follow", "reader"]);
    let lines = String::from_utf8(rest.stdout).expect("UTF-8");
    assert_eq!(lines.lines().count(), 20, "none counts as handed over");
}
