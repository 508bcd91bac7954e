//! Stories on several pages: each becomes one record.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gleaner::{Options, extract};
use serde_json::Value;
use url::Url;

use super::world::Dice;
use super::{Desk, error_text};
use crate::hostile::server::{Asked, Server, answer, front, page};

const TITLE: &str = "The long road of the lamp";
const ROAD: &str = "/news/the-long-road-of-the-lamp/";

/// What opens a part of the story.
fn opening(part: usize) -> String {
    format!("Stretch number {part} of the road begins at a bridge")
}

/// The paragraphs of a part, in words of its own.
fn paragraphs(part: usize) -> String {
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
        let (a, b, c, d, e, f, g, h) = (
            word(),
            word(),
            word(),
            word(),
            word(),
            word(),
            word(),
            word(),
        );
        text += &format!(
            "<p>{start}The {a} of the {b} had never seen a {c} like it, and the {d} said so to the {e} \
             before the {f} was gone. It took the {g} of part {part} a whole day to reach the {h}, \
             and {number} more nights before anybody spoke of the {b} again.</p>\n"
        );
    }
    text
}

/// A page of a story with what stands in its head and below its text.
fn part(title: &str, part: usize, head: &str, below: &str) -> String {
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
fn pager(own: usize, pages: usize, address: impl Fn(usize) -> String) -> String {
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

fn number_after(path: &str, before: &str) -> Option<usize> {
    path.strip_prefix(before)?
        .trim_end_matches('/')
        .parse()
        .ok()
}

/// How often each path was asked for, robots.txt left out.
fn asked(server: &Server) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for one in server.log() {
        *asked.entry(one.path).or_default() += 1;
    }
    asked.remove("/robots.txt");
    asked
}

/// Which parts a record has, in its order; each once.
fn parts_of(record: &Value) -> Vec<usize> {
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
fn only_record(desk: &Desk, server: &Server) -> Value {
    let summary = desk.crawl(&[&server.url("road", "/")]);
    let stored = desk.stored();
    assert_eq!(stored.len(), 1, "{:?} {summary:#}", stored.keys());
    stored.into_values().next().expect("one")
}

fn outcome_of(desk: &Desk, url: &str) -> Option<String> {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a store");
    let outcome = "SELECT outcome FROM url WHERE url = ?1";
    store.query_row(outcome, [url], |row| row.get(0)).ok()?
}

/// As if the time had come for all that is to be visited again.
fn time_passes(desk: &Desk) {
    let store = rusqlite::Connection::open(desk.path("gleaner.db")).expect("a store");
    let due = "UPDATE url SET due_at = 1 WHERE due_at IS NOT NULL";
    store.execute(due, []).expect("changed");
}

fn not_found(out: &mut TcpStream) -> std::io::Result<bool> {
    answer(out, "404 Not Found", "")
}

fn with_rel_next(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
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
        (
            path_form as crate::hostile::server::Handler,
            vec![1, 2, 3, 4],
        ),
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
fn loops_and_a_first_page_again_end_a_story() {
    fn in_a_circle(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[ROAD.to_owned()])),
            ROAD => 1,
            path => match path
                .strip_prefix(ROAD)
                .and_then(|rest| number_after(rest, "?page="))
            {
                Some(n) => n,
                _ => return not_found(out),
            },
        };
        // After the second page, the first two come again and again.
        let head = format!("<link rel=next href=\"{ROAD}?page={}\">", own + 1);
        page(out, part(TITLE, 1 + (own - 1) % 2, &head, ""))
    }
    fn always_the_first(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        match asked.path.as_str() {
            "/" => page(out, front(&[ROAD.to_owned()])),
            path if path.starts_with(ROAD) => page(
                out,
                part(TITLE, 1, "", &pager(1, 9, |n| format!("{ROAD}?page={n}"))),
            ),
            _ => not_found(out),
        }
    }
    for (handler, parts) in [
        (in_a_circle as crate::hostile::server::Handler, vec![1, 2]),
        (always_the_first, vec![1]),
    ] {
        let (desk, server) = (Desk::new(), Server::start(handler));
        let record = only_record(&desk, &server);
        assert_eq!(parts_of(&record), parts);
        assert!(record["continues"].is_null());
        let asked: usize = asked(&server)
            .iter()
            .filter(|(path, _)| path.starts_with(ROAD))
            .map(|(_, n)| n)
            .sum();
        assert_eq!(asked, parts.len() + 1);
    }
}

static IS_BROKEN: AtomicBool = AtomicBool::new(true);

#[test]
fn a_missing_page_is_named_and_mended_later() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        if asked.path.ends_with("?page=2") && IS_BROKEN.load(Ordering::SeqCst) {
            return answer(out, "500 Internal Server Error", "");
        }
        with_rel_next(asked, out)
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let record = only_record(&desk, &server);
    let second = server.url("road", &format!("{ROAD}?page=2"));
    assert_eq!(parts_of(&record), [1]);
    assert_eq!(record["continues"], second);
    assert_eq!(outcome_of(&desk, &second).as_deref(), Some("server_error"));
    // Before its time, nothing is asked again; then it is tried once more, in vain.
    let before = asked(&server)[&format!("{ROAD}?page=2")];
    desk.crawl(&[]);
    assert_eq!(asked(&server)[&format!("{ROAD}?page=2")], before);
    time_passes(&desk);
    desk.crawl(&[]);
    assert_eq!(asked(&server)[&format!("{ROAD}?page=2")], before + 1);
    assert_eq!(desk.stored().len(), 1);
    IS_BROKEN.store(false, Ordering::SeqCst);
    time_passes(&desk);
    desk.crawl(&[]);
    let stored = desk.stored();
    let record = &stored[&server.url("road", ROAD)];
    assert_eq!((stored.len(), parts_of(record)), (1, vec![1, 2, 3]));
    assert!(record["continues"].is_null());
    let all: usize = asked(&server).values().sum();
    time_passes(&desk);
    desk.crawl(&["--refresh"]);
    let of_story = asked(&server)[ROAD];
    assert_eq!(
        of_story, 3,
        "a whole story is left alone, {all} requests before"
    );
}

#[test]
fn a_page_that_robots_txt_forbids_is_not_asked_for() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        if asked.path == "/robots.txt" {
            let rules = "User-agent: *\nDisallow: /*?page=\n";
            return answer(out, "200 OK\r\nContent-Type: text/plain", rules);
        }
        with_rel_next(asked, out)
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let record = only_record(&desk, &server);
    let second = server.url("road", &format!("{ROAD}?page=2"));
    assert_eq!(
        (parts_of(&record), &record["continues"]),
        (vec![1], &Value::from(second.clone()))
    );
    assert_eq!(outcome_of(&desk, &second).as_deref(), Some("robots_denied"));
    time_passes(&desk);
    desk.crawl(&[]);
    assert!(!asked(&server).contains_key(&format!("{ROAD}?page=2")));
    assert_eq!(asked(&server)[ROAD], 1);
}

#[test]
fn the_next_post_of_a_blog_and_the_next_page_of_a_list_are_not_joined() {
    const POSTS: [&str; 3] = [
        "/blog/letters-to-the-old-keeper/",
        "/blog/letters-to-the-old-keeper-2/",
        "/blog/letters-to-the-old-keeper-3/",
    ];
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let list = |next: &str| {
            let list = front(&POSTS.map(str::to_owned));
            let pager = format!("<nav class=pagination><a href=\"{next}\">2</a></nav></main>");
            list.replace(
                "<title>",
                &format!("<link rel=next href=\"{next}\"><title>"),
            )
            .replace("</main>", &pager)
        };
        match asked.path.as_str() {
            "/" => page(out, list("/?page=2")),
            "/blog/" => page(out, list("/blog/?page=2")),
            path => match POSTS.iter().position(|post| *post == path) {
                Some(at) => {
                    let neighbour = |rel: &str, at: Option<&&str>| {
                        let link = |path| format!("<link rel={rel} href=\"{path}\">");
                        at.map(link).unwrap_or_default()
                    };
                    let head = neighbour("next", POSTS.get(at + 1))
                        + &neighbour("prev", at.checked_sub(1).and_then(|at| POSTS.get(at)));
                    let below = POSTS
                        .get(at + 1)
                        .map(|next| format!("<p><a rel=next href=\"{next}\">Next »</a></p>"));
                    // The same headline each week, as columns have.
                    let below = below.unwrap_or_default();
                    page(
                        out,
                        part("Letters to the old keeper", at + 1, &head, &below),
                    )
                }
                None => not_found(out),
            },
        }
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    desk.crawl(&[&server.url("road", "/"), &server.url("road", "/blog/")]);
    let stored = desk.stored();
    assert_eq!(stored.len(), 3, "{:?}", stored.keys());
    for (at, post) in POSTS.iter().enumerate() {
        let record = &stored[&server.url("road", post)];
        assert_eq!(parts_of(record), [at + 1]);
        assert!(record["continues"].is_null() && record["continued_from"].is_null());
    }
    let asked = asked(&server);
    assert!(!asked.keys().any(|path| path.contains('?')), "{asked:?}");
}

#[test]
fn a_next_page_that_shows_another_story_is_a_story_of_its_own() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let next = format!("<link rel=next href=\"{ROAD}2/\">");
        match asked.path.strip_prefix(ROAD) {
            Some("") => page(out, part(TITLE, 1, &next, "")),
            Some("2/") => page(out, part("A short way home by sea", 2, "", "")),
            _ if asked.path == "/" => page(out, front(&[ROAD.to_owned()])),
            _ => not_found(out),
        }
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let summary = desk.crawl(&[&server.url("road", "/")]);
    let stored = desk.stored();
    let (road, way) = (
        server.url("road", ROAD),
        server.url("road", &format!("{ROAD}2/")),
    );
    assert_eq!(stored.keys().collect::<Vec<_>>(), [&road, &way]);
    assert_eq!(
        (parts_of(&stored[&road]), parts_of(&stored[&way])),
        (vec![1], vec![2])
    );
    assert!(stored.values().all(|record| record["continues"].is_null()));
    assert_eq!(summary["stored"], 2, "{summary:#}");
    assert!(asked(&server).values().all(|times| *times == 1));
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
            _ => answer(out, "500 Internal Server Error", ""),
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
fn a_budget_counts_further_pages_and_the_next_run_goes_on() {
    let (desk, server) = (Desk::new(), Server::start(with_rel_next));
    desk.crawl(&["--max-pages", "3", &server.url("road", "/")]);
    let pages: usize = asked(&server).values().sum();
    assert_eq!(pages, 3);
    desk.crawl(&["--refresh"]);
    let stored = desk.stored();
    assert_eq!(parts_of(&stored[&server.url("road", ROAD)]), [1, 2, 3]);
}

static IS_HELD: AtomicBool = AtomicBool::new(true);

#[test]
fn a_kill_between_two_pages_leaves_nothing_half_done() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        while asked.path.ends_with("?page=3") && IS_HELD.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(2));
        }
        with_rel_next(asked, out)
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let mut run = desk
        .command(&["--quiet", "crawl", &server.url("road", "/")])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let began = Instant::now();
    while !asked(&server).contains_key(&format!("{ROAD}?page=3")) {
        assert!(began.elapsed() < Duration::from_mins(1), "nothing happens");
        std::thread::sleep(Duration::from_millis(2));
    }
    run.kill().expect("SIGKILL");
    run.wait().expect("it ended");
    IS_HELD.store(false, Ordering::SeqCst);
    assert!(desk.stored().is_empty());
    desk.crawl(&["--refresh"]);
    let stored = desk.stored();
    assert_eq!(stored.len(), 1);
    assert_eq!(parts_of(&stored[&server.url("road", ROAD)]), [1, 2, 3]);
}

#[test]
fn a_story_of_a_hundred_pages_is_joined_as_far_as_may_be() {
    fn site(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
        let own = match asked.path.as_str() {
            "/" => return page(out, front(&[ROAD.to_owned()])),
            ROAD => 1,
            path => match number_after(path, ROAD) {
                Some(n @ 2..=100) => n,
                _ => return not_found(out),
            },
        };
        let head = format!("<link rel=next href=\"{ROAD}{}/\">", own + 1);
        page(out, part(TITLE, own, &head, ""))
    }
    let (desk, server) = (Desk::new(), Server::start(site));
    let record = only_record(&desk, &server);
    assert_eq!(parts_of(&record), (1..=30).collect::<Vec<_>>());
    assert_eq!(
        record["continues"],
        server.url("road", &format!("{ROAD}31/"))
    );
    desk.crawl(&["--refresh"]);
    assert_eq!(asked(&server)[ROAD], 1);
}

#[test]
fn an_extracted_page_says_where_its_story_goes_on_and_where_it_began() {
    let places = |path: &str, html: &str| {
        let url = Url::parse(&format!("https://road.example{path}")).expect("an address");
        let record = extract(html, Some(&url), &Options::default()).record;
        [record.continues, record.continued_from]
    };
    let address = |path: &str| Some(format!("https://road.example{ROAD}{path}"));
    let middle = part(TITLE, 2, "", &pager(2, 3, |n| format!("{ROAD}?page={n}")));
    assert_eq!(
        places(&format!("{ROAD}?page=2"), &middle),
        [address("?page=3"), address("")]
    );
    let last = part(TITLE, 3, "", &pager(3, 3, |n| format!("{ROAD}?page={n}")));
    assert_eq!(
        places(&format!("{ROAD}?page=3"), &last),
        [None, address("")]
    );
    let list = front(
        &(0..12)
            .map(|n| format!("/news/story-of-the-day-{n}"))
            .collect::<Vec<_>>(),
    );
    let list = list.replace(
        "</main>",
        "<nav class=pagination><a rel=next href='?page=2'>2</a></nav></main>",
    );
    assert_eq!(places("/news/", &list), [None, None]);
}

#[test]
fn raw_copies_are_kept_of_every_page() {
    let (desk, server) = (Desk::new(), Server::start(with_rel_next));
    let output = desk.run(&["crawl", "--warc", "copies", &server.url("road", "/")]);
    assert!(output.status.success(), "{}", error_text(&output));
    let copies = super::copies::extracted(&desk, "copies");
    assert_eq!(copies.len(), 3);
}
