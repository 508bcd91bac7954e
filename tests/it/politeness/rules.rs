//! robots.txt as servers answer for it, and on every way to a page.

use std::process::Command;

use super::{STORIES, of, stories};
use crate::hostile::desk::Desk;
use crate::hostile::server::{Server, answer, front, page, story};

const SETTINGS: &str = "[fetch]\nallow_private_addresses = true\nfirst_byte_timeout_s = 2.0\n\
    [optout]\ntdm_reservation = \"ignore\"\n";

/// How robots.txt is answered for, by host: RFC 9309, 2.3.1.
#[test]
fn what_the_answer_for_robots_txt_means() {
    let server = Server::start(|asked, out| {
        let to = |out: &mut std::net::TcpStream, path: &str| {
            answer(out, &format!("302 Found\r\nLocation: {path}"), "")
        };
        let shut = "User-agent: *\nDisallow: /2026/11/05/a-\n";
        match (asked.host.as_str(), asked.path.as_str()) {
            ("r401", "/robots.txt") => answer(out, "401 Unauthorized", shut),
            ("r403", "/robots.txt") => answer(out, "403 Forbidden", shut),
            ("r404", "/robots.txt") => answer(out, "404 Not Found", shut),
            ("r410", "/robots.txt") => answer(out, "410 Gone", shut),
            ("r418", "/robots.txt") => answer(out, "418 I'm a teapot", shut),
            ("r429", "/robots.txt") => answer(out, "429 Too Many Requests", ""),
            ("r500", "/robots.txt") => answer(out, "500 Oops", ""),
            ("r599", "/robots.txt") => answer(out, "599 Odd", ""),
            ("rcut", "/robots.txt") => Ok(false),
            ("rmoved" | "rlost", "/robots.txt") => to(out, "/1"),
            // Five hops are followed, six are not.
            ("rmoved", path @ ("/1" | "/2" | "/3" | "/4"))
            | ("rlost", path @ ("/1" | "/2" | "/3" | "/4" | "/5")) => {
                let hop: u32 = path[1..].parse().unwrap_or(0);
                to(out, &format!("/{}", hop + 1))
            }
            ("rmoved", "/5") | ("rlost", "/6") => answer(out, "200 OK", shut),
            (_, "/robots.txt") => answer(out, "204 No Content", ""),
            (_, "/") => page(out, front(&stories())),
            (host, path) if stories().iter().any(|story| story == path) => {
                page(out, story(host, path))
            }
            _ => answer(out, "404 Not Found", ""),
        }
    });
    let open = ["r401", "r403", "r404", "r410", "r418", "r204", "rlost"];
    let closed = ["r429", "r500", "r599", "rcut"];
    let desk = Desk::new(SETTINGS);
    let hosts = [&open[..], &closed, &["rmoved"]].concat();
    let seeds: Vec<String> = hosts.iter().map(|host| server.url(host, "/")).collect();
    desk.crawl(&seeds);
    let outcomes = desk.outcomes();
    let of_url = |host: &str, path: &str| {
        let (outcome, reason) = &outcomes[&server.url(host, path)];
        (outcome.clone().unwrap_or_default(), reason.clone())
    };
    for host in open {
        for path in STORIES {
            let (outcome, reason) = of_url(host, path);
            assert_eq!(outcome, "stored", "{host}{path}: {reason:?}");
        }
    }
    let log = server.log();
    for host in closed {
        let (outcome, reason) = of_url(host, "/");
        assert_eq!(outcome, "robots_unreachable", "{host}: {reason:?}");
        let asked = of(&log, host);
        assert!(
            asked.iter().all(|asked| asked.path == "/robots.txt"),
            "{asked:?}"
        );
    }
    let (outcome, reason) = of_url("rmoved", STORIES[0]);
    assert_eq!(outcome, "robots_denied", "{reason:?}");
    assert_eq!(of_url("rmoved", STORIES[1]).0, "stored");
}

/// Each hop of a redirect is asked about like an address of its own.
#[test]
fn no_redirect_leads_past_the_rules() {
    let server = Server::start(|asked, out| {
        let port = asked.header("host").and_then(|host| host.split(':').nth(1));
        let port = port.unwrap_or_default();
        let target = match asked.path.as_str() {
            "/robots.txt" => {
                return answer(out, "200 OK", "User-agent: gleaner\nDisallow: /private/\n");
            }
            "/2026/11/05/to-the-own-desk" => "/private/desk".to_owned(),
            "/2026/11/05/to-another-desk" => {
                format!("http://other.localhost:{port}/private/desk")
            }
            "/2026/11/05/by-way-of-another" => {
                format!("http://other.localhost:{port}/2026/11/05/back")
            }
            "/2026/11/05/back" => format!("http://start.localhost:{port}/private/desk"),
            path => return page(out, story(&asked.host, path)),
        };
        answer(out, &format!("301 Moved\r\nLocation: {target}"), "")
    });
    let desk = Desk::new(SETTINGS);
    let seeds = ["to-the-own-desk", "to-another-desk", "by-way-of-another"]
        .map(|name| server.url("start", &format!("/2026/11/05/{name}")));
    desk.crawl(&seeds);
    let outcomes = desk.outcomes();
    for seed in &seeds {
        let (outcome, reason) = &outcomes[seed];
        assert_eq!(
            outcome.as_deref(),
            Some("robots_denied"),
            "{seed}: {reason:?}"
        );
        let line = "robots.txt line 2: Disallow: /private/";
        assert_eq!(reason.as_deref(), Some(line), "{seed}");
    }
    let log = server.log();
    assert!(
        !log.iter().any(|asked| asked.path.starts_with("/private")),
        "{log:?}"
    );
    assert_eq!(of(&log, "other")[0].path, "/robots.txt");
}

/// The only way past robots.txt is to say who allowed it, host by host.
#[test]
fn a_permission_opens_its_own_host_alone() {
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" => answer(out, "200 OK", "User-agent: *\nDisallow: /\n"),
        path => page(out, story(&asked.host, path)),
    });
    let desk = Desk::new(&format!(
        "{SETTINGS}[site.\"open.localhost\"]\npermission = \"Jane Doe, web editor, by letter\"\n"
    ));
    let urls = ["open", "shut"].map(|host| server.url(host, STORIES[0]));
    desk.crawl(&urls);
    let outcomes = desk.outcomes();
    assert_eq!(outcomes[&urls[0]].0.as_deref(), Some("stored"));
    assert_eq!(outcomes[&urls[1]].0.as_deref(), Some("robots_denied"));
    let log = server.log();
    assert!(
        of(&log, "shut")
            .iter()
            .all(|asked| asked.path == "/robots.txt")
    );
    let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(desk.path())
        .args(["check", &urls[0]])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("why: allowed by permission: Jane Doe, web editor, by letter"),
        "{said}"
    );
}
