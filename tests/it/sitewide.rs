//! Chrome learned across a site: in a crawl, and in a folder of pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

const CHROME: &str = "Harbour stories also come by carrier pigeon, for those who ask at the desk.";
const SERIES: &str = "This story is part of our summer series about the people of the harbour.";
const QUOTE: &str = "“A harbour without a crane is a pond,” the harbour master likes to say.";
/// What every title of the site ends with, and who is named as an author of every article.
const PAPER: &str = "Crane Courier";
const PUBLISHER: &str = "Harbour Press Group";
const TICK: &str = "The crane has still not moved, say those who are watching it.";

/// Articles of the site at first.
const FIRST: u32 = 12;

/// The first article is of the day after this one in November.
const DAYS: u32 = 11;

fn path(number: u32) -> String {
    format!(
        "/2026/11/{:02}/crane-and-harbour-story-{number}.html",
        number + DAYS
    )
}

/// A story of its own for each number, with chrome in it that no other site has.
fn article(number: u32) -> String {
    let name = ["Ada", "Bela", "Cyril", "Dora", "Emil", "Frida", "Gus"][number as usize % 7];
    let place = ["pier", "lock", "yard", "mole", "slip"][number as usize % 5];
    let mut body = String::new();
    if number <= 4 {
        let _ = write!(body, "<p>{SERIES}</p>");
    }
    for (turn, what) in ["saw", "heard", "mended", "painted", "left"]
        .iter()
        .enumerate()
    {
        let _ = write!(
            body,
            "<p>On day {turn} of week {number} {name} {what} the crane at the {place}, and wrote \
             down for number {number} what it looked like, who came by to watch, and why nobody \
             stayed until the evening.</p>"
        );
        if turn == 2 {
            let _ = write!(body, "<p>{CHROME}</p>");
        }
        if number == 5 {
            let _ = write!(body, "<p>{TICK}</p>");
        }
        if turn == 3 && (6..9).contains(&number) {
            let _ = write!(body, "<blockquote>{QUOTE}</blockquote>");
        }
    }
    let title = format!("{} – {PAPER}", headline(number));
    format!(
        "<!DOCTYPE html><html lang=en><head><title>{title}</title>\
         <script type=application/ld+json>{{\"@type\": \"Article\", \"author\": [\
         {{\"@type\": \"Person\", \"name\": \"{}\"}}, \
         {{\"@type\": \"Person\", \"name\": \"{PUBLISHER}\"}}]}}</script>\
         <meta property=og:type content=article><link rel=canonical href=\"{}\">\
         <meta property=article:published_time content=2026-11-{day:02}T08:00:00Z></head>\
         <body><main><article><h1>{title}</h1>{body}</article></main></body></html>",
        author(number),
        path(number),
        day = number + DAYS
    )
}

/// The headline of an article, with a dash in it.
fn headline(number: u32) -> String {
    format!("The crane – a report from week {number} at the harbour")
}

/// Who wrote an article.
fn author(number: u32) -> String {
    let first = ["Ada", "Bela", "Cyril", "Dora"][number as usize % 4];
    let last = ["Stone", "Brook", "Wood", "Field", "Hill"][number as usize % 5];
    format!("{first} {last}")
}

fn front(count: u32) -> String {
    let links = (1..=count).fold(String::new(), |mut links, number| {
        let _ = write!(
            links,
            "<li><a href={}>The crane and the harbour, week {number} of the year</a></li>",
            path(number)
        );
        links
    });
    format!("<!DOCTYPE html><title>The Harbour</title><ul>{links}</ul>")
}

/// Serves the site with as many articles as `count` says; returns its port.
fn serve(count: Arc<Mutex<u32>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = BufReader::new(stream.try_clone().expect("a socket"));
            let mut first = String::new();
            let mut line = String::new();
            let _ = request.read_line(&mut first);
            while request.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let asked = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let count = *count.lock().expect("no thread panics with the lock");
            let body = match (1..=count).find(|number| path(*number) == asked) {
                Some(number) => Some(article(number)),
                None if asked == "/" => Some(front(count)),
                None => None,
            };
            let status = if body.is_some() {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let body = body.unwrap_or_default();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    port
}

fn gleaner(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it starts");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Number of the article to its text.
fn texts(lines: &str) -> BTreeMap<u32, String> {
    lines
        .lines()
        .map(|line| {
            let record: Value = serde_json::from_str(line).expect("JSON");
            let published = record["published"].as_str().expect("dated");
            let day: u32 = published[8..10].parse().expect("a day");
            (
                day - DAYS,
                record["text"].as_str().expect("a body").to_owned(),
            )
        })
        .collect()
}

/// What must have happened to the texts: the chrome is gone, and nothing else.
fn check(texts: &BTreeMap<u32, String>, count: u32) {
    assert_eq!(texts.len(), count as usize);
    for (number, text) in texts {
        assert!(!text.contains("pigeon"), "{number}: {text}");
        assert_eq!(text.matches("On day").count(), 5, "{number}: {text}");
        assert_eq!(text.contains(SERIES), *number <= 4, "{number}: {text}");
        assert_eq!(
            text.contains(QUOTE),
            (6..9).contains(number),
            "{number}: {text}"
        );
        let ticks = if *number == 5 { 5 } else { 0 };
        assert_eq!(text.matches(TICK).count(), ticks, "{number}: {text}");
    }
}

/// A folder with settings for a crawl of the loopback server.
fn settings() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(
        folder.path().join("gleaner.toml"),
        "[crawl]\nsince_days = 0\n[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n[fetch]\nallow_private_addresses = true\n",
    )
    .expect("written");
    folder
}

/// What stands behind the headline on every page is the site's name, and who "writes" every article
/// beside its author is the publisher: in what was stored before that was known, and in what comes.
#[test]
fn a_crawl_learns_the_sites_name_and_its_publisher() {
    let count = Arc::new(Mutex::new(FIRST));
    let port = serve(Arc::clone(&count));
    let folder = settings();
    let site = format!("http://127.0.0.1:{port}/");
    let check = |store: &str, count: u32, learned: bool| {
        let lines = gleaner(folder.path(), &["export", "--duplicates", "--store", store]);
        assert_eq!(lines.lines().count(), count as usize);
        for line in lines.lines() {
            let record: Value = serde_json::from_str(line).expect("JSON");
            let day: u32 = record["published"].as_str().expect("dated")[8..10]
                .parse()
                .expect("a day");
            let (title, author) = (headline(day - DAYS), author(day - DAYS));
            if learned {
                assert_eq!(record["title"], title);
                assert_eq!(record["site_name"], PAPER);
                assert_eq!(record["authors"], serde_json::json!([author]));
            } else {
                assert_eq!(record["title"], format!("{title} – {PAPER}"));
                assert_eq!(record["site_name"], Value::Null);
                assert_eq!(record["authors"], serde_json::json!([author, PUBLISHER]));
            }
        }
    };
    gleaner(
        folder.path(),
        &["crawl", "--store", "raw.db", "--no-sitewide", &site],
    );
    check("raw.db", FIRST, false);
    gleaner(folder.path(), &["crawl", "--store", "clean.db", &site]);
    check("clean.db", FIRST, true);
    *count.lock().expect("no thread panics with the lock") = FIRST + 1;
    gleaner(
        folder.path(),
        &["crawl", "--store", "clean.db", "--refresh", &site],
    );
    check("clean.db", FIRST + 1, true);
}

#[test]
fn a_crawl_learns_what_repeats_and_cleans_what_it_stored_before() {
    let count = Arc::new(Mutex::new(FIRST));
    let port = serve(Arc::clone(&count));
    let folder = settings();
    let site = format!("http://127.0.0.1:{port}/");
    let export = |store| {
        texts(&gleaner(
            folder.path(),
            &["export", "--duplicates", "--store", store],
        ))
    };

    gleaner(
        folder.path(),
        &["crawl", "--store", "raw.db", "--no-sitewide", &site],
    );
    let raw = export("raw.db");
    assert_eq!(raw.len(), FIRST as usize);
    assert!(raw.values().all(|text| text.contains(CHROME)));

    gleaner(folder.path(), &["crawl", "--store", "clean.db", &site]);
    check(&export("clean.db"), FIRST);

    // A page that comes in a later run is cleaned by what the store knows.
    *count.lock().expect("no thread panics with the lock") = FIRST + 1;
    gleaner(
        folder.path(),
        &["crawl", "--store", "clean.db", "--refresh", &site],
    );
    check(&export("clean.db"), FIRST + 1);
    assert!(gleaner(folder.path(), &["search", "--store", "clean.db", "pigeon"]).is_empty());
}

#[test]
fn a_folder_of_one_site_is_cleaned_unless_told_otherwise() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).expect("made");
    let mut manifest = String::new();
    for number in 1..=FIRST {
        let name = format!("{number}.html");
        std::fs::write(pages.join(&name), article(number)).expect("written");
        let _ = writeln!(
            manifest,
            "{{\"id\":\"{number}\",\"html\":\"{name}\",\"url\":\"https://harbour.example{}\"}}",
            path(number)
        );
    }
    std::fs::write(pages.join("manifest.jsonl"), manifest).expect("written");
    check(
        &texts(&gleaner(folder.path(), &["extract", "pages"])),
        FIRST,
    );
    let raw = texts(&gleaner(
        folder.path(),
        &["extract", "--no-sitewide", "pages"],
    ));
    assert!(raw.values().all(|text| text.contains(CHROME)));
    let explained = gleaner(folder.path(), &["extract", "--explain", "pages"]);
    assert!(explained.contains("stands in 12 of 12 articles of the site"));
}
