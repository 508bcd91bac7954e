//! How fast hosts are asked, how long they are left alone, and how much is asked of them.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{TOLERANCE, assert_spaced, of, serve, stories};
use crate::hostile::desk::Desk;
use crate::hostile::server::{Server, answer, front, page, story};

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

/// What a slow host and a Crawl-delay ask for, up to the limits of the settings.
#[test]
fn slow_hosts_and_crawl_delays_stretch_the_pace_up_to_a_limit() {
    let server = Server::start(|asked, out| {
        if asked.host == "slow" {
            thread::sleep(Duration::from_millis(400));
        }
        let delay = if asked.host == "patient" { "500" } else { "0" };
        answer(
            out,
            "200 OK",
            format!("User-agent: *\nCrawl-delay: {delay}\n"),
        )
    });
    let rate = |settings: &str, host: &str| -> f64 {
        let desk = Desk::with(&format!(
            "[fetch]\nallow_private_addresses = true\n[politeness]\n{settings}"
        ));
        let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(desk.path())
            .args(["check", &server.url(host, "/")])
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = said.lines().find_map(|line| {
            line.strip_prefix("rate: one request every ")?
                .strip_suffix(" s")
        });
        rate.and_then(|rate| rate.parse().ok())
            .unwrap_or_else(|| panic!("no rate: {said}"))
    };
    // Five times 0.4 s, and as many times more as the machine is slow.
    let stretched = rate("", "slow");
    assert!(stretched >= 2.0, "{stretched}");
    for (settings, host, expected) in [
        ("max_delay_s = 1.5", "slow", 1.5),
        ("latency_factor = 0.0", "slow", 1.0),
        ("max_delay_s = 1.0", "patient", 60.0),
        ("max_delay_s = 1.0\ncrawl_delay_cap_s = 7.0", "patient", 7.0),
    ] {
        let rate = rate(settings, host);
        assert!(
            (rate - expected).abs() < 0.01,
            "{settings}: {rate} of {host}"
        );
    }
}

/// A host that lets us wait in vain gets more time before it is asked again.
#[test]
fn after_a_timeout_the_next_request_takes_its_time() {
    /// Whether a story has been asked for already: the first one hangs.
    static HUNG: AtomicBool = AtomicBool::new(false);
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" => answer(out, "404 Not Found", ""),
        "/" => page(out, front(&stories())),
        path if stories().iter().any(|story| story == path) => {
            if !HUNG.swap(true, Ordering::SeqCst) {
                thread::sleep(Duration::from_secs(5));
                return Ok(false);
            }
            page(out, story(&asked.host, path))
        }
        _ => answer(out, "404 Not Found", ""),
    });
    let desk = Desk::with(
        "[politeness]\nmin_delay_s = 0.01\naddress_delay_s = 0.01\nlatency_factor = 1.0\n\
         max_delay_s = 2.0\n[fetch]\nallow_private_addresses = true\nfirst_byte_timeout_s = 0.5\n",
    );
    desk.crawl(&[server.url("tired", "/")]);
    let log = server.log();
    let asked = of(&log, "tired");
    let hung = asked
        .iter()
        .position(|asked| stories().contains(&asked.path));
    let hung = hung.expect("a story is asked for");
    let (outcome, reason) = &desk.outcomes()[&server.url("tired", &asked[hung].path)];
    assert_eq!(outcome.as_deref(), Some("timeout_first_byte"), "{reason:?}");
    let pause = asked[hung + 1].at - asked[hung].at;
    // Half a second of waiting, and then the longest delay.
    assert!(
        pause + TOLERANCE >= Duration::from_millis(2500),
        "{pause:?}"
    );
}

/// Who asked for quiet has it, whoever starts another run meanwhile.
#[test]
fn a_wish_for_quiet_outlives_the_run() {
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" => answer(out, "404 Not Found", ""),
        "/" => page(out, front(&stories())),
        path if stories().iter().any(|story| story == path) => {
            answer(out, "429 Too Many Requests\r\nRetry-After: 7200", "")
        }
        _ => answer(out, "404 Not Found", ""),
    });
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    let seeds = [server.url("weary", "/")];
    desk.crawl(&seeds);
    let asked = server.log();
    let of_stories = asked.iter().filter(|asked| stories().contains(&asked.path));
    assert_eq!(of_stories.count(), 1, "{asked:?}");
    for _ in 0..2 {
        desk.crawl(&seeds);
        assert_eq!(server.log().len(), asked.len(), "{:?}", server.log());
    }
    let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .current_dir(desk.path())
        .args(["status", "--hosts", "--json"])
        .output()
        .expect("it runs");
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let told = &status["hosts"][0]["politeness"][0];
    assert_eq!(
        (&told["backoffs"], &told["requests"]),
        (&1.into(), &asked.len().into())
    );
}

/// Waiting for a host must not keep others waiting, nor a run from ending.
#[test]
fn a_crawl_ends_at_once_while_hosts_are_waited_for() {
    let server = Server::start(|asked, out| {
        if asked.path == "/robots.txt" {
            return answer(out, "200 OK", "User-agent: *\nCrawl-delay: 50\n");
        }
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
