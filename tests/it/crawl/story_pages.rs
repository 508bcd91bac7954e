//! Stories on several pages: each becomes one record.

use std::collections::BTreeMap;
use std::net::TcpStream;

use serde_json::Value;

use super::world::Dice;
use super::{Desk, error_text};
use crate::hostile::server::{Asked, Handler, Server, answer, front, page};

pub(super) const TITLE: &str = "The long road of the lamp";
pub(super) const ROAD: &str = "/news/the-long-road-of-the-lamp/";

/// What opens a part of the story.
pub(super) fn opening(part: usize) -> String {
    format!("Stretch number {part} of the road begins at a bridge")
}

/// The paragraphs of a part, in words of its own.
pub(super) fn paragraphs(part: usize) -> String {
    const WORDS: [&str; 24] = [
        "keeper", "mule", "bridge", "lantern", "valley", "priest", "harbour", "winter", "letter",
        "mill", "ferry", "orchard", "market", "teacher", "storm", "village", "inn", "carter",
        "widow", "bell", "quarry", "river", "doctor", "ridge",
    ];
    let mut dice = Dice::new(part as u64 * 7919 + 13);
    let mut word = || WORDS[usize::try_from(dice.below(24)).expect("small")];
    let mut text = String::new();
    for number in 0..5 {
        let start = if number == 0 {
            format!("{}. ", opening(part))
        } else {
            String::new()
        };
        let named: [&str; 8] = std::array::from_fn(|_| word());
        let [who, place, what, one, other, third, crew, goal] = named;
        let paragraph = format!(
            "<p>{start}The {who} of the {place} had never seen a {what} like it, and the {one} said so to the \
             {other} before the {third} was gone. It took the {crew} of part {part} a whole day to reach the \
             {goal}, and {number} more nights before anybody spoke of the {place} again.</p>\n"
        );
        text.push_str(&paragraph);
    }
    text
}

/// A page of a story with what stands in its head and below its text.
pub(super) fn part(title: &str, part: usize, head: &str, below: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title} - The Loopback Post</title>\
         <meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2026-11-24T08:00:00+00:00\">{head}</head>\
         <body><nav><a href=/>Home</a></nav><main><article><h1>{title}</h1>\n{}{below}</article></main>\
         <footer>All rights reserved.</footer></body></html>",
        paragraphs(part)
    )
}

/// The links `1 2 3` of a pager, as `address` makes them.
pub(super) fn pager(own: usize, pages: usize, address: impl Fn(usize) -> String) -> String {
    let link = |n| {
        if n == own {
            format!("<span>{n}</span> ")
        } else {
            format!("<a href=\"{}\">{n}</a> ", address(n))
        }
    };
    let links: String = (1..=pages).map(link).collect();
    format!("<div class=\"page-links\">{links}</div>")
}

pub(super) fn number_after(path: &str, before: &str) -> Option<usize> {
    path.strip_prefix(before)?
        .trim_end_matches('/')
        .parse()
        .ok()
}

/// How often each path was asked for, robots.txt left out.
pub(super) fn asked(server: &Server) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for one in server.log() {
        *asked.entry(one.path).or_default() += 1;
    }
    asked.remove("/robots.txt");
    asked
}

/// Which parts a record has, in its order; each once.
pub(super) fn parts_of(record: &Value) -> Vec<usize> {
    let text = record["text"].as_str().expect("a text");
    let mut found: Vec<(usize, usize)> = Vec::new();
    for part in 1..40 {
        let opening = format!("{}.", opening(part));
        let places: Vec<usize> = text.match_indices(&opening).map(|(at, _)| at).collect();
        assert!(places.len() <= 1, "part {part} stands there twice");
        found.extend(places.first().map(|at| (*at, part)));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, part)| part).collect()
}

/// Crawls a site into a new store; the store's only record.
pub(super) fn only_record(desk: &Desk, server: &Server) -> Value {
    let summary = desk.crawl(&[&server.url("road", "/")]);
    let stored = desk.stored();
    assert_eq!(stored.len(), 1, "{:?} {summary:#}", stored.keys());
    stored.into_values().next().expect("one")
}

pub(super) fn outcome_of(desk: &Desk, url: &str) -> Option<String> {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a store");
    let outcome = "SELECT outcome FROM url WHERE url = ?1";
    store.query_row(outcome, [url], |row| row.get(0)).ok()?
}

/// As if the time had come for all that is to be visited again.
pub(super) fn time_passes(desk: &Desk) {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a store");
    let due = "UPDATE url SET due_at = 1 WHERE due_at IS NOT NULL";
    store.execute(due, []).expect("changed");
}

pub(super) fn not_found(out: &mut TcpStream) -> std::io::Result<bool> {
    answer(out, "404 Not Found", "")
}

pub(super) fn with_rel_next(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let own = match asked.path.as_str() {
        "/" => return page(out, front(&[ROAD.to_owned()])),
        ROAD => 1,
        path => match path
            .strip_prefix(ROAD)
            .and_then(|rest| number_after(rest, "?page="))
        {
            Some(n @ 2..=3) => n,
            _ => return not_found(out),
        },
    };
    let next = format!("<link rel=\"next\" href=\"{ROAD}?page={}\">", own + 1);
    let head = if own < 3 { next } else { String::new() };
    page(out, part(TITLE, own, &head, ""))
}

#[test]
fn pages_that_name_the_next_one_become_one_record() {
    let (desk, server) = (Desk::new(), Server::start(with_rel_next));
    let summary = desk.crawl(&[&server.url("road", "/")]);
    let stored = desk.stored();
    let record = &stored[&server.url("road", ROAD)];
    assert_eq!((stored.len(), parts_of(record)), (1, vec![1, 2, 3]));
    assert_eq!(record["title"], TITLE);
    assert!(record["continues"].is_null() && record["continued_from"].is_null());
    let text = record["text"].as_str().expect("a text");
    let of_blocks: usize = record["blocks"].as_array().expect("blocks").len();
    assert_eq!(of_blocks, text.split("\n\n").count());
    let pages = [2, 3].map(|n| server.url("road", &format!("{ROAD}?page={n}")));
    assert_eq!(record["aliases"], serde_json::json!(pages));
    assert_eq!(summary["outcomes"]["further_page"], 2, "{summary:#}");
    assert_eq!(summary["stored"], 1);
    assert_eq!(summary["failed"], 0);
    let once = asked(&server);
    assert!(
        once.iter()
            .all(|(path, times)| *times == 1 || !path.starts_with(ROAD)),
        "{once:?}"
    );
    desk.crawl(&["--refresh"]);
    let again = asked(&server);
    let of_story = |asked: &BTreeMap<String, usize>| -> usize {
        asked
            .iter()
            .filter(|(path, _)| path.starts_with(ROAD))
            .map(|(_, n)| n)
            .sum()
    };
    assert_eq!(
        of_story(&again),
        3,
        "a story that is stored is left alone: {again:?}"
    );
}

#[test]
fn numbered_links_alone_do_in_any_form_and_language() {
    fn path_form(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[ROAD.to_owned()])),
            ROAD => 1,
            path => match number_after(path, ROAD) {
                Some(n @ 2..=4) => n,
                _ => return not_found(out),
            },
        };
        let address = |n| {
            if n == 1 {
                ROAD.to_owned()
            } else {
                format!("{ROAD}{n}/")
            }
        };
        page(
            out,
            part(
                &format!("{TITLE} – Page {own}"),
                own,
                "",
                &pager(own, 4, address),
            ),
        )
    }
    fn files(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        const STEM: &str = "/artikel/die-lange-strasse-der-lampe";
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[format!("{STEM}.html")])),
            path => match path.strip_suffix(".html") {
                Some(STEM) => 1,
                Some(path) => match number_after(path, &format!("{STEM}_")) {
                    Some(n @ 2..=3) => n,
                    _ => return not_found(out),
                },
                None => return not_found(out),
            },
        };
        let next = format!(
            "<p><a href=\"{STEM}_{}.html\">Nächste Seite »</a></p>",
            own + 1
        );
        page(out, part(TITLE, own, "", if own < 3 { &next } else { "" }))
    }
    fn from_nought(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[ROAD.to_owned()])),
            ROAD => 1,
            path => match path
                .strip_prefix(ROAD)
                .and_then(|rest| number_after(rest, "?strana="))
            {
                Some(n @ 1..=2) => n + 1,
                _ => return not_found(out),
            },
        };
        page(
            out,
            part(
                TITLE,
                own,
                "",
                &pager(own, 3, |n| format!("{ROAD}?strana={}", n - 1)),
            ),
        )
    }
    for (handler, parts) in [
        (path_form as Handler, vec![1, 2, 3, 4]),
        (files, vec![1, 2, 3]),
        (from_nought, vec![1, 2, 3]),
    ] {
        let (desk, server) = (Desk::new(), Server::start(handler));
        let record = only_record(&desk, &server);
        assert_eq!(parts_of(&record), parts, "{record:#}");
        let asked = asked(&server);
        assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    }
}

#[test]
fn a_later_page_that_is_found_first_leads_to_the_whole_story() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[format!("{ROAD}3/"), format!("{ROAD}2/")])),
            ROAD => 1,
            path => match number_after(path, ROAD) {
                Some(n @ 2..=3) => n,
                _ => return not_found(out),
            },
        };
        let address = |n| {
            if n == 1 {
                ROAD.to_owned()
            } else {
                format!("{ROAD}{n}/")
            }
        };
        page(out, part(TITLE, own, "", &pager(own, 3, address)))
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let record = only_record(&desk, &server);
    assert_eq!(record["url"], server.url("road", ROAD));
    assert_eq!(parts_of(&record), [1, 2, 3]);
    let second = server.url("road", &format!("{ROAD}2/"));
    assert_eq!(outcome_of(&desk, &second).as_deref(), Some("further_page"));
}

#[test]
fn pages_that_a_sitemap_lists_one_by_one_are_one_story() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        if asked.path != "/sitemap.xml" {
            return with_rel_next(asked, out);
        }
        // The later pages name no first one, and come before it.
        let at = asked.header("host").unwrap_or_default();
        let urls = ["?page=3", "?page=2", ""]
            .map(|page| format!("<url><loc>http://{at}{ROAD}{page}</loc></url>"))
            .concat();
        let xml = format!(
            "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
        );
        answer(out, "200 OK\r\nContent-Type: application/xml", xml)
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    desk.crawl(&[&server.url("road", "/sitemap.xml")]);
    let output = desk.run(&["export"]);
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let records: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let [record] = records.as_slice() else {
        panic!("{} records", records.len())
    };
    assert_eq!(parts_of(record), [1, 2, 3]);
    assert_eq!(record["url"], server.url("road", ROAD));
}

#[test]
fn all_pages_in_one_are_better_than_pages_joined() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let below = format!(
            "{}<p><a href=\"{ROAD}?page=all\">Single page</a></p>",
            pager(1, 3, |n| format!("{ROAD}?page={n}"))
        );
        match asked.path.strip_prefix(ROAD) {
            Some("") => page(out, part(TITLE, 1, "", &below)),
            Some("?page=all") => {
                let rest = paragraphs(2) + &paragraphs(3);
                page(out, part(TITLE, 1, "", &rest))
            }
            _ if asked.path == "/" => page(out, front(&[ROAD.to_owned()])),
            _ => not_found(out),
        }
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let record = only_record(&desk, &server);
    assert_eq!(parts_of(&record), [1, 2, 3]);
    assert_eq!(record["url"], server.url("road", ROAD));
    let asked = asked(&server);
    let of_story = asked.keys().filter(|path| path.starts_with(ROAD));
    assert_eq!(of_story.count(), 2, "{asked:?}");
}

#[test]
fn raw_copies_are_kept_of_every_page() {
    let (desk, server) = (Desk::new(), Server::start(with_rel_next));
    let output = desk.run(&["crawl", "--warc", "copies", &server.url("road", "/")]);
    assert!(output.status.success(), "{}", error_text(&output));
    let copies = super::copies::extracted(&desk, "copies");
    assert_eq!(copies.len(), 3);
}
