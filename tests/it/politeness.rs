//! What a server sees of us: its own log is the proof.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

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
                format!("User-agent: *\n{delay}Disallow: /private/\n"),
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

#[test]
fn hosts_on_one_address_share_its_pace() {
    let server = Server::start(serve);
    let desk = Desk::with(
        "[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\naddress_delay_s = 0.5\n\
         [fetch]\nallow_private_addresses = true\n[optout]\ntdm_reservation = \"ignore\"\n",
    );
    desk.crawl(&["a", "b", "c"].map(|host| server.url(host, "/2026/11/05/a-night-on-the-ferry")));
    let log = server.log();
    assert!(log.len() >= 6, "{log:?}");
    assert_spaced(&log.iter().collect::<Vec<_>>(), Duration::from_millis(500));
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

    let status = std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(desk.path())
        .args(["status", "--hosts", "--json"])
        .output()
        .expect("it runs");
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
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
}

#[test]
fn pages_that_opt_out_are_left_out_for_a_reason() {
    let server = Server::start(opted_out);
    let settings = "[fetch]\nallow_private_addresses = true\n";
    let desk = Desk::new(settings);
    let seeds = [server.url("wishes", "/")];
    desk.crawl(&seeds);
    let outcomes = desk.outcomes();
    for (name, _, _, outcome, reason) in WISHES {
        let (found, why) = &outcomes[&server.url("wishes", &wish(name))];
        let why = why.as_deref().unwrap_or_default();
        assert_eq!(found.as_deref(), Some(*outcome), "{name}: {why}");
        assert!(
            why.starts_with(reason) && (why.is_empty() == reason.is_empty()),
            "{name}: {why}"
        );
    }
    // Where links may not be followed, they are not.
    let beyond = |name: &str| {
        outcomes.contains_key(&server.url("wishes", &format!("{}-part-two", wish(name))))
    };
    assert!(beyond("plain") && !beyond("nofollow") && !beyond("none"));

    let liberal = Desk::new(&format!(
        "{settings}[optout]\nnoindex = \"ignore\"\nnoai = \"no_copy\"\n"
    ));
    liberal.crawl(&seeds);
    let outcomes = liberal.outcomes();
    for (name, expected) in [
        ("noindex", "stored"),
        ("noai", "stored"),
        ("tdm-header", "opted_out"),
    ] {
        let (found, why) = &outcomes[&server.url("wishes", &wish(name))];
        assert_eq!(found.as_deref(), Some(expected), "{name}: {why:?}");
    }
}

/// Pages: name, a header, an element, what becomes of it, and the start of the reason.
const WISHES: &[(&str, &str, &str, &str, &str)] = &[
    ("plain", "", "", "stored", ""),
    (
        "noindex",
        "X-Robots-Tag: noindex",
        "",
        "opted_out",
        "X-Robots-Tag: noindex",
    ),
    (
        "by-name",
        "X-Robots-Tag: gleaner: noindex",
        "",
        "opted_out",
        "X-Robots-Tag: noindex",
    ),
    (
        "by-other-name",
        "X-Robots-Tag: otherbot: noindex",
        "",
        "stored",
        "",
    ),
    (
        "none",
        "",
        "<meta name=robots content=none>",
        "opted_out",
        "meta robots: none",
    ),
    (
        "nofollow",
        "",
        "<meta name=gleaner content=nofollow>",
        "stored",
        "",
    ),
    (
        "noarchive",
        "",
        "<meta name=robots content=noarchive>",
        "stored",
        "meta robots: noarchive",
    ),
    (
        "noai",
        "X-Robots-Tag: noai",
        "",
        "opted_out",
        "X-Robots-Tag: noai",
    ),
    (
        "over",
        "X-Robots-Tag: unavailable_after: 2020-01-01",
        "",
        "opted_out",
        "X-Robots-Tag: unavailable_after",
    ),
    (
        "tdm-header",
        "tdm-reservation: 1",
        "",
        "opted_out",
        "header tdm-reservation",
    ),
    (
        "tdm-meta",
        "",
        "<meta name=tdm-reservation content=1>",
        "opted_out",
        "meta tdm-reservation",
    ),
    ("reserved", "", "", "opted_out", "tdmrep.json"),
    ("reserved-not", "tdm-reservation: 0", "", "stored", ""),
];

fn wish(name: &str) -> String {
    format!("/2026/11/05/{name}-story-of-the-harbour")
}

fn opted_out(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    if asked.path == "/" {
        let paths: Vec<String> = WISHES.iter().map(|(name, ..)| wish(name)).collect();
        return page(out, front(&paths));
    }
    if asked.path == "/.well-known/tdmrep.json" {
        return answer(
            out,
            "200 OK",
            r#"[{"location": "/2026/11/05/reserved", "tdm-reservation": 1}]"#,
        );
    }
    let Some((_, header, element, ..)) = WISHES.iter().find(|(name, ..)| asked.path == wish(name))
    else {
        return answer(out, "404 Not Found", "");
    };
    let more = format!(
        "{element}</head><a href=\"{0}-part-two\">The story goes on</a>",
        asked.path
    );
    let body = story(&asked.host, &asked.path).replacen("</head>", &more, 1);
    let header = if header.is_empty() {
        "X-Nothing: 1"
    } else {
        header
    };
    answer(
        out,
        &format!("200 OK\r\nContent-Type: text/html\r\n{header}"),
        body,
    )
}

/// Waiting for a host must not keep others waiting, nor a run from ending.
#[test]
fn a_crawl_ends_at_once_while_hosts_are_waited_for() {
    let server = Server::start(|asked, out| {
        if asked.path == "/robots.txt" {
            return answer(out, "200 OK", "User-agent: *\nCrawl-delay: 50\n");
        }
        out.flush()?;
        page(out, front(&stories()))
    });
    let desk = Desk::with("[fetch]\nallow_private_addresses = true\n");
    let began = Instant::now();
    let seeds = [
        server.url("patient", "/"),
        "--time-limit".to_owned(),
        "3".to_owned(),
    ];
    desk.crawl(&seeds);
    // Not one Crawl-delay long.
    assert!(
        began.elapsed() < Duration::from_secs(45),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(desk.summary()["ended"], "time_limit");
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

/// The budget of each host holds for the run.
#[test]
fn a_host_is_asked_for_no_more_pages_than_its_budget() {
    let server = Server::start(serve);
    let desk = Desk::with(
        "[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\nmax_pages_per_host = 2\n\
         [fetch]\nallow_private_addresses = true\n",
    );
    desk.crawl(&["a", "b"].map(|host| server.url(host, "/")));
    let log = server.log();
    for host in ["a", "b"] {
        let asked = of(&log, host);
        let pages = asked
            .iter()
            .filter(|asked| asked.path != "/robots.txt" && !asked.path.starts_with("/.well-known"));
        assert_eq!(pages.count(), 2, "{asked:?}");
    }
}
