//! What a server sees of us: its own log is the proof.

#[path = "politeness/pace.rs"]
mod pace;
#[path = "politeness/rules.rs"]
mod rules;
#[path = "politeness/wishes.rs"]
mod wishes;

use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::hostile::desk::Desk;
use crate::hostile::server::{Asked, Server, answer, front, page, story};

/// How much closer two requests may arrive than they were sent: the server notes when its thread
/// gets to run, which a busy machine can put off for the first of two.
const TOLERANCE: Duration = Duration::from_millis(250);

/// The least delay of these tests; long beside the tolerance.
const MIN_DELAY: Duration = Duration::from_secs(1);

const STORIES: [&str; 3] = [
    "/2026/11/05/a-night-on-the-ferry",
    "/2026/11/05/bells-for-the-old-mill",
    "/2026/11/05/cats-of-the-harbour",
];

fn stories() -> Vec<String> {
    STORIES.map(str::to_owned).to_vec()
}

/// Requests of one host, in the order in which they came.
fn of<'l>(log: &'l [Asked], host: &str) -> Vec<&'l Asked> {
    log.iter().filter(|asked| asked.host == host).collect()
}

fn assert_spaced(asked: &[&Asked], delay: Duration) {
    for pair in asked.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(
            gap + TOLERANCE >= delay,
            "{} came {gap:?} after {}, not {delay:?}",
            pair[1].path,
            pair[0].path
        );
    }
}

#[test]
fn the_servers_log_shows_rules_pauses_and_one_connection() {
    let server = Server::start(serve);
    let desk = Desk::with(
        "[politeness]\nmin_delay_s = 1.0\naddress_delay_s = 0.01\n[fetch]\nallow_private_addresses = true\n",
    );
    let hosts = ["plain", "crawl-delay", "retry-after", "retry-date", "slow"];
    desk.crawl(&hosts.map(|host| server.url(host, "/")));
    let log = server.log();
    let outcomes = desk.outcomes();
    for host in hosts {
        for path in STORIES {
            let (outcome, reason) = &outcomes[&server.url(host, path)];
            assert_eq!(
                outcome.as_deref(),
                Some("stored"),
                "{host}{path}: {reason:?}"
            );
        }
        let asked = of(&log, host);
        assert_eq!(asked[0].path, "/robots.txt", "{host}");
        assert_spaced(&asked, MIN_DELAY);
        // What robots.txt forbids was linked to, known and left alone.
        assert!(
            !asked.iter().any(|asked| asked.path.starts_with("/private")),
            "{asked:?}"
        );
        let (outcome, _) = &outcomes[&server.url(host, "/private/2026/11/05/the-editors-diary")];
        assert_eq!(outcome.as_deref(), Some("robots_denied"));
        // Each asks once: robots.txt and the stories.
        for path in ["/robots.txt", STORIES[1]] {
            let times = asked.iter().filter(|asked| asked.path == path).count();
            assert_eq!(times, 1, "{host}{path}");
        }
    }
    assert!(
        server.most_under_way().values().all(|most| *most == 1),
        "{:?}",
        server.most_under_way()
    );
    // A host that is asked again within the five seconds that an idle connection is kept has one for
    // the whole run; nobody has two at a time, and none is opened that is not used.
    let (sockets, unused) = server.sockets();
    assert_eq!(unused, 0, "{sockets:?}");
    for (host, sockets) in &sockets {
        assert_eq!((sockets.opened, sockets.most_open), (1, 1), "{host}");
    }

    assert_spaced(&of(&log, "crawl-delay"), Duration::from_secs(2));
    // Five times a response time of 0.4 s.
    assert_spaced(&of(&log, "slow")[2..], Duration::from_secs(2));
    for host in ["retry-after", "retry-date"] {
        let asked = of(&log, host);
        let refused = asked
            .iter()
            .position(|asked| asked.path == STORIES[0])
            .expect("asked for");
        let pause = asked[refused + 1].at - asked[refused].at;
        assert!(
            pause + TOLERANCE >= Duration::from_secs(3),
            "{host}: {pause:?}"
        );
    }
    // Who we are, and how to reach whoever runs us.
    assert!(log.iter().all(|asked| {
        asked.header("user-agent").is_some_and(|agent| {
            agent.starts_with("gleaner/") && agent.contains("crawler@a.example")
        })
    }));
    // What a plain client says about what it can read.
    for (header, value) in [
        ("accept", "text/html,"),
        ("accept-encoding", "gzip, br, zstd, deflate"),
        ("accept-language", "*"),
    ] {
        assert!(
            log.iter().all(|asked| asked
                .header(header)
                .is_some_and(|said| said.starts_with(value))),
            "{header}"
        );
    }
}

fn serve(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    /// Hosts that have asked for quiet.
    static ASKED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    if asked.host == "slow" {
        thread::sleep(Duration::from_millis(400));
    }
    if asked.path == STORIES[0] && asked.host.starts_with("retry") {
        let mut before = ASKED.lock().expect("no panic");
        if !before.contains(&asked.host) {
            before.push(asked.host.clone());
            // A date has whole seconds: one of them may be over already.
            let at = jiff::Timestamp::now() + Duration::from_secs(4);
            let date = jiff::fmt::rfc2822::DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&at)
                .expect("a date of our days");
            let wish = if asked.host == "retry-date" {
                date
            } else {
                "3".to_owned()
            };
            return answer(out, &format!("503 Busy\r\nRetry-After: {wish}"), "");
        }
    }
    match asked.path.as_str() {
        "/robots.txt" => {
            let delay = if asked.host == "crawl-delay" {
                "Crawl-delay: 2\n"
            } else {
                ""
            };
            answer(
                out,
                "200 OK",
                format!(
                    "User-agent: *\n{delay}Disallow: /private/\nContent-Usage: train-ai=n\n\
                     Content-Signal: search=yes, ai-train=no\n"
                ),
            )
        }
        "/" => {
            let secret = "/private/2026/11/05/the-editors-diary".to_owned();
            page(out, front(&[stories(), vec![secret]].concat()))
        }
        path if STORIES.contains(&path) => page(out, story(&asked.host, path)),
        _ => answer(out, "404 Not Found", ""),
    }
}

/// robots.txt is asked for once a day, not once a run; `status --hosts` says what is known.
#[test]
fn what_is_known_of_a_host_outlives_the_run() {
    let server = Server::start(serve);
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    let seeds = [server.url("crawl-delay-not", "/")];
    desk.crawl(&seeds);
    let first = server.log().len();
    desk.crawl(&seeds);
    let log = server.log();
    let again: Vec<&str> = log[first..]
        .iter()
        .map(|asked| asked.path.as_str())
        .collect();
    assert_eq!(again, ["/"], "the seed alone, named by hand");

    let status = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(desk.path())
            .args(["status", "--hosts"])
            .args(arguments)
            .output()
            .expect("it runs")
            .stdout
    };
    let told = String::from_utf8_lossy(&status(&[])).into_owned();
    let status: serde_json::Value = serde_json::from_slice(&status(&["--json"])).expect("JSON");
    // The customary places of sitemaps and feeds need not exist, and robots.txt may forbid.
    assert_eq!(status["hosts"][0]["failing"], 0, "{status:#}");
    let host = &status["hosts"][0]["politeness"][0];
    assert_eq!(host["requests"], log.len(), "{status:#}");
    assert!(
        host["bytes"].as_u64().is_some_and(|bytes| bytes > 1000),
        "{status:#}"
    );
    assert!(host["mean_gap_ms"].is_u64(), "{status:#}");
    assert_eq!(host["backoffs"], 0);
    assert!(
        host["robots"]
            .as_str()
            .is_some_and(|robots| robots.starts_with("read ")),
        "{status:#}"
    );
    // The same for people, with what the owner says about uses.
    let line = told.lines().find(|line| line.contains(" requests, "));
    let line = line.unwrap_or_else(|| panic!("no line about requests: {told}"));
    for words in [
        format!("{} requests, one every ", log.len()),
        format!(
            " ms on average, {} bytes, 0 backoffs; robots.txt read ",
            host["bytes"]
        ),
    ] {
        assert!(line.contains(&words), "{words}: {line}");
    }
    for usage in [
        "content-usage: train-ai=n",
        "content-signal: search=yes, ai-train=no",
    ] {
        assert!(told.contains(usage), "{told}");
    }
}

/// What a webmaster asks for: when which address was asked for, and what came of it.
#[test]
fn each_request_has_its_line_in_the_log() {
    let server = Server::start(serve);
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(desk.path())
        .args(["crawl", "-v", "--log-format", "json", &server.url("a", "/")])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let mut lines: Vec<(String, u64)> = Vec::new();
    for line in said.lines() {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        if event["message"] == "fetched" {
            assert!(event["timestamp"].is_string(), "{event}");
            assert!(
                event["bytes"].is_u64() && event["elapsed_ms"].is_u64(),
                "{event}"
            );
            let url = event["url"].as_str().expect("an address").to_owned();
            lines.push((url, event["status"].as_u64().expect("a status")));
        }
    }
    let asked = server.log();
    let urls: Vec<String> = asked
        .iter()
        .map(|asked| server.url("a", &asked.path))
        .collect();
    assert_eq!(
        lines.iter().map(|(url, _)| url).collect::<Vec<_>>(),
        urls.iter().collect::<Vec<_>>()
    );
    assert!(
        lines.contains(&(server.url("a", "/robots.txt"), 200)),
        "{lines:?}"
    );
    assert!(lines.iter().any(|(_, status)| *status == 404), "{lines:?}");
}

#[test]
fn who_leaves_no_contact_is_warned() {
    let crawl = |arguments: &[&str]| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = crawl(&["crawl", "http://127.0.0.1:1/"]);
    assert!(said.contains("webmasters cannot reach you"), "{said}");
    let said = crawl(&["--quiet", "crawl", "http://127.0.0.1:1/"]);
    assert!(!said.contains("webmasters"), "{said}");
}
