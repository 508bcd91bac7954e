//! Pages that were fetched and could not be read.

use std::path::Path;

use gleaner::crawl::{Control, Summary, crawl_with};
use gleaner::dom::Document;
use gleaner::outcome::Outcome;
use gleaner::{Extraction, Options, extract_document};
use url::Url;

use super::site::Site;
use super::{error_text, settings};
use crate::hostile::desk::Desk;
use crate::hostile::server::{Asked, Server, answer, front, page, story};

const STORIES: [&str; 3] = [
    "/2026/11/05/a-night-on-the-ferry",
    "/2026/11/05/bells-for-the-old-mill",
    "/2026/11/05/cats-of-the-harbour",
];

fn serve(asked: &Asked, out: &mut std::net::TcpStream) -> std::io::Result<bool> {
    match asked.path.as_str() {
        "/" => page(out, front(&STORIES.map(str::to_owned))),
        "/feed.xml" if asked.header("if-none-match") == Some("\"1\"") => {
            answer(out, "304 Not Modified", "")
        }
        "/feed.xml" => answer(
            out,
            "200 OK\r\nContent-Type: application/rss+xml\r\nETag: \"1\"",
            "<rss><channel><title>Rain",
        ),
        path if STORIES.contains(&path) => page(out, story(&asked.host, path)),
        _ => answer(out, "404 Not Found", ""),
    }
}

/// Has a bug that one page meets.
fn stumble(page: &Document, url: Option<&Url>, options: &Options) -> Extraction {
    assert!(
        url.is_none_or(|url| url.path() != STORIES[1]),
        "a bug of the extractor"
    );
    extract_document(page, url, options)
}

/// Crawls into a desk's store with an extractor that stumbles.
fn crawl(seed: String, desk: &Path) -> Summary {
    let mut config = settings(vec![seed], desk);
    config.crawl.near_duplicates = false;
    let control = Control {
        extract: stumble,
        ..Control::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime
        .block_on(crawl_with(&config, &control))
        .expect("crawled")
}

#[test]
fn a_page_that_the_extractor_fails_on_is_told_and_leaves_the_rest_alone() {
    let server = Server::start(serve);
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    let seed = server.url("fair", "/");
    let summary = crawl(seed.clone(), desk.path());
    assert_eq!((summary.total.stored, summary.total.failed), (2, 1));
    assert_eq!(summary.total.outcomes[&Outcome::ExtractFailed], 1);
    assert!(summary.has_failures());
    let outcomes = desk.outcomes();
    for path in STORIES {
        let (outcome, reason) = &outcomes[&server.url("fair", path)];
        let (expected, why) = if path == STORIES[1] {
            ("extract_failed", "a bug of the extractor")
        } else {
            ("stored", "")
        };
        let reason = reason.as_deref().unwrap_or_default();
        assert_eq!(outcome.as_deref(), Some(expected), "{path}: {reason}");
        assert!(reason.contains(why), "{path}: {reason}");
    }
    // It is a bug: the same page is not fetched again and again.
    let asked = server.log().len();
    desk.crawl(&[seed]);
    assert_eq!(server.log().len(), asked + 1, "the front page alone");
}

#[test]
fn a_feed_that_cannot_be_read_is_no_unchanged_one_later() {
    let server = Server::start(serve);
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    let seeds = [server.url("fair", "/feed.xml")];
    for run in ["first", "second"] {
        desk.crawl(&seeds);
        let outcomes = &desk.summary()["outcomes"];
        assert_eq!(outcomes, &serde_json::json!({"protocol": 1}), "{run}");
    }
}

#[test]
fn a_quiet_run_names_the_seed_that_failed_and_nothing_else() {
    let (desk, site) = (super::Desk::new(), Site::start(1, 3));
    site.break_article(2);
    let run = |seed: &str| {
        let output = desk.run(&["crawl", "--quiet", seed]);
        assert_eq!(output.status.code(), Some(1));
        error_text(&output)
    };
    assert_eq!(run(&site.address()), "");
    let gone = format!("{}gone.xml", site.address());
    let said = run(&gone);
    assert!(
        said.starts_with(&format!("seed {gone}: not_found")),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}
