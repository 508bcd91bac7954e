//! The programs under `examples/` do what they say.

use std::path::Path;
use std::process::Command;

use assert_cmd::assert::OutputAssertExt;
use gleaner::demo::Sites;

const STORY: &str = "fixtures/sites/harrow-ledger/ferry-returns-to-harrow-sound.html";

/// An example, which `cargo test` and `cargo nextest run` have built.
fn example(name: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_gleaner"));
    let folder = program.parent().expect("it is in a folder");
    let path = folder.join("examples").join(name);
    assert!(path.exists(), "{name} is not built: cargo build --examples");
    let mut command = Command::new(path);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn printed(command: &mut Command) -> String {
    let output = command.assert().success().get_output().stdout.clone();
    String::from_utf8(output).expect("UTF-8")
}

#[test]
fn one_page_gives_its_story() {
    let shown = printed(example("one_page").arg(STORY));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(
        lines[0],
        "Night ferry returns to Harrow Sound after eleven years"
    );
    assert_eq!(lines[1], "Maeve Collier");
    assert_eq!(lines[2], "2026-10-02T07:30:00+01:00");
    assert!(lines[4].starts_with("The night ferry across Harrow Sound sailed again"));
}

#[test]
fn many_pages_give_a_record_a_line() {
    let shown = printed(example("many_pages").arg("fixtures/sites/harrow-ledger"));
    let records: Vec<gleaner::Record> = shown
        .lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect();
    assert!(records.len() > 10, "{}", records.len());
    assert!(
        records
            .iter()
            .any(|r| r.text.starts_with("The night ferry"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_fills_a_store_and_shows_it() {
    let sites = Sites::serve().await.expect("loopback has ports");
    let folder = tempfile::tempdir().expect("a folder");
    let shown = printed(
        example("crawl")
            .arg(folder.path().join("news.db"))
            .args(sites.addresses())
            .env("GLEANER_FETCH__ALLOW_PRIVATE_ADDRESSES", "true")
            .env("GLEANER_POLITENESS__MIN_DELAY_S", "0.05")
            .env("GLEANER_CRAWL__SINCE_DAYS", "0")
            .env("GLEANER_CRAWL__MAX_PAGES", "40"),
    );
    let (first, articles) = shown.split_once('\n').expect("several lines");
    assert!(first.contains("pages fetched"), "{first}");
    assert!(articles.lines().count() > 3, "{shown}");
    assert!(articles.contains("http://127.0.0."), "{articles}");
}
