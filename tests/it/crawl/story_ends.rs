//! Where a story on several pages ends: at a page that is missing, at another story, at a limit.

use std::net::TcpStream;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gleaner::{Options, extract};
use serde_json::Value;
use url::Url;

use super::Desk;
use super::story_pages::{
    ROAD, TITLE, asked, not_found, number_after, only_record, outcome_of, pager, part, parts_of,
    time_passes, with_rel_next,
};
use crate::hostile::server::{Asked, Handler, Server, answer, front, page};

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
        (in_a_circle as Handler, vec![1, 2]),
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
fn a_budget_counts_further_pages_and_the_next_run_goes_on() {
    let (desk, server) = (Desk::new(), Server::start(with_rel_next));
    let summary = desk.crawl(&["--max-pages", "3", &server.url("road", "/")]);
    assert_eq!(summary["fetched"], 3, "{summary:#}");
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
    let section = front(
        &(0..12)
            .map(|n| format!("/news/story-of-the-day-{n}"))
            .collect::<Vec<_>>(),
    );
    let section = section.replace(
        "</main>",
        "<nav class=pagination><a rel=next href='?page=2'>2</a></nav></main>",
    );
    assert_eq!(places("/news/", &section), [None, None]);
}
