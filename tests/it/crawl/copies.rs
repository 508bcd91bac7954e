//! Raw copies of pages: who gets one, that archives are whole, and that they can be read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Desk, error_text};
use crate::hostile::server::{Server, answer, front, page, story};

/// The archives in a folder; that nothing else is there.
pub(super) fn archives(desk: &Desk, folder: &str) -> Vec<PathBuf> {
    let mut archives: Vec<_> = desk
        .path(folder)
        .read_dir()
        .expect("a folder")
        .map(|entry| entry.expect("readable").path())
        .collect();
    archives.sort();
    let names: Vec<_> = archives
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    assert!(
        names.iter().all(|name| name.ends_with(".warc.gz")),
        "{names:?}"
    );
    archives
}

/// What `extract` makes of the archives in a folder.
pub(super) fn extracted(desk: &Desk, folder: &str) -> Vec<Value> {
    let archives = archives(desk, folder);
    let mut command = desk.command(&["--quiet", "extract", "--format", "jsonl"]);
    let output = command.args(archives).output().expect("it starts");
    assert!(output.status.success(), "{}", error_text(&output));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let read = |line| serde_json::from_str(line).expect("JSON");
    lines.lines().map(read).collect()
}

/// All records of an archive as they stand.
fn unpacked(archive: &Path) -> String {
    let packed = std::fs::read(archive).expect("readable");
    let mut records = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::MultiGzDecoder::new(&*packed),
        &mut records,
    )
    .expect("gzip");
    String::from_utf8_lossy(&records).into_owned()
}

fn urls<'a>(records: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let url = |record: &Value| record["url"].as_str().expect("an address").to_owned();
    records.into_iter().map(url).collect()
}

const STORIES: [&str; 6] = [
    "/2026/11/05/first-plain-story",
    "/2026/11/05/second-plain-story",
    "/2026/11/05/story-without-copies-by-header",
    "/2026/11/05/story-without-copies-by-meta",
    "/2026/11/05/story-behind-a-redirect",
    "/2026/11/05/packed-story-in-an-old-charset",
];

fn site() -> Server {
    Server::start(|asked, out| {
        let html = "200 OK\r\nContent-Type: text/html; charset=utf-8";
        let text = story(&asked.host, &asked.path);
        match asked.path.as_str() {
            "/" => page(out, front(&STORIES.map(str::to_owned))),
            path if !path.starts_with("/2026/") => answer(out, "404 Not Found", ""),
            path if path.ends_with("by-header") => {
                answer(out, &format!("{html}\r\nX-Robots-Tag: noarchive"), text)
            }
            path if path.ends_with("by-meta") => {
                let meta = "<meta name=\"robots\" content=\"index, noarchive\"></head>";
                page(out, text.replace("</head>", meta))
            }
            path if path.ends_with("redirect") => {
                let head = "301 Moved Permanently\r\nLocation: /2026/11/05/story-at-its-new-place";
                answer(out, head, "")
            }
            path if path.ends_with("charset") => {
                let text = text.replace("gardener", "jardinière");
                let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
                let mut sent = Vec::new();
                let level = flate2::Compression::default();
                let mut packer = flate2::write::GzEncoder::new(&mut sent, level);
                std::io::Write::write_all(&mut packer, &latin)?;
                packer.finish()?;
                let html = "200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html; charset=iso-8859-1";
                answer(out, html, sent)
            }
            _ => page(out, text),
        }
    })
}

#[test]
fn articles_are_copied_unless_they_say_noarchive_and_can_be_extracted_again() {
    let (desk, server) = (Desk::new(), site());
    let summary = desk.crawl(&["--warc", "copies", &server.url("fair", "/")]);
    let stored = desk.stored();
    assert_eq!(stored.len(), STORIES.len(), "{summary:#}");
    let may_be_copied: Vec<_> = stored
        .values()
        .filter(|record| {
            !record["url"]
                .as_str()
                .unwrap_or_default()
                .contains("without-copies")
        })
        .collect();
    let copies = extracted(&desk, "copies");
    assert_eq!(copies.len(), 4);
    assert_eq!(urls(&copies), urls(may_be_copied.iter().copied()));
    for record in may_be_copied {
        let copy = copies.iter().find(|copy| copy["url"] == record["url"]);
        assert_eq!(copy.expect("a copy")["text"], record["text"]);
    }
    let text = copies.iter().map(|copy| copy["text"].to_string());
    assert!(text.into_iter().any(|text| text.contains("jardinière")));
    // What is not fetched again gets no archive.
    desk.crawl(&["--warc", "copies", "--refresh"]);
    let archives = archives(&desk, "copies");
    assert_eq!(archives.len(), 1);
    let kept = unpacked(&archives[0]);
    for (words, times) in [
        ("WARC-Type: warcinfo", 1),
        ("WARC-Type: response", 4),
        ("WARC-Type: request", 4),
        ("WARC-Type: metadata", 4),
        ("WARC-IP-Address: 127.0.0.1", 4),
        ("GET /2026/11/05/story-at-its-new-place HTTP/1.1", 1),
        ("host: fair.localhost:", 4),
        ("\r\nuser-agent: gleaner/", 4),
        ("accept-language: *", 4),
        ("fetchTimeMs: ", 4),
    ] {
        assert_eq!(kept.matches(words).count(), times, "{words}: {kept}");
    }
    let via = server.url("fair", "/2026/11/05/story-behind-a-redirect");
    assert!(kept.contains(&format!("via: {via}\r\n")), "{kept}");
    let output = desk.run(&["eval", archives[0].to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", error_text(&output));
}

#[test]
fn copies_are_kept_by_wish_only_in_archives_of_the_wished_length() {
    let (desk, server) = (Desk::new(), site());
    let settings = std::fs::read_to_string(desk.path("gleaner.toml")).expect("there");
    let wish = "[store]\nwarc = \"raw\"\nwarc_max_bytes = 800\n[optout]\nnoarchive = \"ignore\"\n";
    std::fs::write(desk.path("gleaner.toml"), settings.clone() + wish).expect("written");
    desk.crawl(&[&server.url("fair", "/")]);
    assert_eq!(urls(&extracted(&desk, "raw")).len(), STORIES.len());
    let archives = archives(&desk, "raw");
    assert!(archives.len() > 1, "{archives:?}");
    // Without the key there are none.
    let plain = Desk::new();
    plain.crawl(&[&server.url("fair", "/")]);
    let names: Vec<_> = plain
        .path("")
        .read_dir()
        .expect("there")
        .flatten()
        .collect();
    assert!(
        names.iter().all(|entry| entry.path().is_file()),
        "{names:?}"
    );
}

#[test]
fn where_copies_cannot_be_kept_nothing_is_crawled() {
    let (desk, server) = (Desk::new(), site());
    std::fs::write(desk.path("copies"), "a file").expect("written");
    let output = desk.run(&["crawl", "--warc", "copies", &server.url("fair", "/")]);
    assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
    assert!(
        error_text(&output).contains("copies: "),
        "{}",
        error_text(&output)
    );
    assert!(server.log().is_empty());
}
