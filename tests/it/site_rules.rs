//! A user's rules for a site: `body` and `remove` in `[site."HOST"]`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>The tide table</title>\
    <meta property=article:published_time content=2026-11-03T08:00:00Z></head><body>\
    <div class=lead><p>Nobody in the harbour had asked for a new tide table, and nobody had \
    expected that the old one would be wrong by an hour.</p></div>\
    <div class=prose><h1>The tide table</h1>\
    <p>The table on the wall of the harbour office is ninety years old, and was drawn by hand by \
    a master who never left the island, not even on the day the ferry was named after him.</p>\
    <p class=house>Tide tables are sold at the office from nine to five on all days of the week, \
    except on the days on which there is no tide, as the keeper says to every visitor.</p>\
    <p>Now a student with a telephone has found that it is wrong by an hour on every day of the \
    year, and that the whole island has lived by it without anybody coming late to anything.</p>\
    <table class=tides><tr><td>High</td><td>7:10</td></tr><tr><td>Low</td><td>13:20</td></tr></table>\
    </div></body></html>";

fn gleaner(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it starts")
}

fn text(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn write(folder: &Path, name: &str, contents: &str) {
    std::fs::write(folder.join(name), contents).expect("written");
}

#[test]
fn extract_follows_the_rules_of_the_host() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    write(folder, "page.html", PAGE);
    write(
        folder,
        "gleaner.toml",
        "[site.\"harbour.example\"]\nbody = \"div.prose\"\nremove = [\"p.house\", \"table.tides\"]\n",
    );
    let ruled = text(&gleaner(
        folder,
        &[
            "extract",
            "--url",
            "https://harbour.example/tide",
            "page.html",
        ],
    ));
    let paragraphs: Vec<&str> = ruled.trim().split("\n\n").collect();
    assert_eq!(paragraphs.len(), 2, "{ruled}");
    assert!(paragraphs[0].starts_with("The table on the wall"));
    assert!(paragraphs[1].starts_with("Now a student"));

    // Another host's page is none of theirs; `remove` works without `body`.
    let other = text(&gleaner(
        folder,
        &[
            "extract",
            "--url",
            "https://other.example/tide",
            "page.html",
        ],
    ));
    assert!(other.contains("are sold at the office"), "{other}");
    write(
        folder,
        "gleaner.toml",
        "[site.\"harbour.example\"]\nremove = [\".house\"]\n",
    );
    let explained = text(&gleaner(
        folder,
        &[
            "extract",
            "--explain",
            "--format",
            "json",
            "--url",
            "https://harbour.example/tide",
            "page.html",
        ],
    ));
    let record: serde_json::Value = serde_json::from_str(&explained).expect("JSON");
    let body = record["text"].as_str().expect("a body");
    assert!(
        body.contains("ninety years") && !body.contains("are sold"),
        "{body}"
    );
    assert!(explained.contains("left out by the rules for the site"));
}

#[test]
fn a_rule_that_is_no_selector_is_named_with_its_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "page.html", PAGE);
    write(
        folder.path(),
        "gleaner.toml",
        "[crawl]\nmax_pages = 5\n\n[site.\"harbour.example\"]\nremove = [\"p..house\"]\n",
    );
    let output = gleaner(folder.path(), &["extract", "page.html"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("remove") && errors.contains("p..house"),
        "{errors}"
    );
    assert!(errors.contains("gleaner.toml"), "{errors}");
}

#[test]
fn a_crawl_follows_the_rules_of_the_host() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = BufReader::new(stream.try_clone().expect("a socket"));
            let (mut first, mut line) = (String::new(), String::new());
            let _ = request.read_line(&mut first);
            while request.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let (status, body) = match first.split(' ').nth(1) {
                Some("/") => (
                    "200 OK",
                    "<a href=/2026/11/03/the-new-tide-table-of-the-harbour.html>The new tide table of the harbour</a>",
                ),
                Some("/2026/11/03/the-new-tide-table-of-the-harbour.html") => ("200 OK", PAGE),
                _ => ("404 Not Found", ""),
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        "gleaner.toml",
        "[crawl]\nsince_days = 0\n[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n\
         [fetch]\nallow_private_addresses = true\n\
         [site.\"127.0.0.1\"]\nbody = \"div.prose\"\nremove = [\".house\", \"table\"]\n",
    );
    text(&gleaner(
        folder.path(),
        &["crawl", &format!("http://127.0.0.1:{port}/")],
    ));
    let stored = text(&gleaner(folder.path(), &["export"]));
    let record: serde_json::Value = serde_json::from_str(stored.trim()).expect("one record");
    let body = record["text"].as_str().expect("a body");
    assert!(body.starts_with("The table on the wall"), "{body}");
    assert!(
        !body.contains("are sold") && !body.contains("High"),
        "{body}"
    );
}
