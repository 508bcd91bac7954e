//! How a run is watched and ended from outside: discover, signals, watching on, metrics, logs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::site::Site;
use super::{Desk, error_text};

/// Far more than anything here takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_mins(1);

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} never came");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn signal(run: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &run.id().to_string()])
        .status();
    assert!(sent.expect("kill is there").success());
}

#[test]
fn discover_names_sources_and_articles_with_reasons() {
    let (desk, site) = (Desk::new(), Site::start(1, 8));
    let output = desk.run(&["discover", "--allow-private", "--json", &site.address()]);
    assert!(output.status.success(), "{}", error_text(&output));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let sitemap = found["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .find(|source| source["kind"] == "sitemap")
        .expect("the sitemap");
    assert_eq!(
        (&sitemap["why"], &sitemap["articles"]),
        (&"robots.txt".into(), &8.into())
    );
    assert_eq!(found["found"][0]["role"], "article");
    assert!(
        found["found"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("slug") || why.contains("date")),
        "{found:#}"
    );
    assert!(site.served().is_empty(), "no article is fetched");

    let text = String::from_utf8(
        desk.run(&["discover", "--allow-private", &site.address()])
            .stdout,
    )
    .expect("UTF-8");
    assert!(
        text.contains("articles (8)") && text.contains(&site.article_url(3)),
        "{text}"
    );
    let nothing = desk.run(&["discover", "--allow-private", "http://127.0.0.1:9/"]);
    assert_eq!(nothing.status.code(), Some(1));
    let wrong = desk.run(&["discover", "ftp://news.example"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", error_text(&wrong));
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_run_at_once_and_the_store_survives() {
    let (desk, site) = (Desk::new(), Site::start(1, 30));
    site.hold_after(5);
    let mut run = desk
        .command(&["crawl", &site.address()])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    until("the fifth article", || site.held());
    let mut said = BufReader::new(run.stderr.take().expect("piped")).lines();
    signal(&run, "-TERM");
    // The first signal is answered while a response is still awaited.
    let is_told = said
        .by_ref()
        .map_while(Result::ok)
        .any(|line| line.contains("again to end at once"));
    assert!(is_told);
    signal(&run, "-INT");
    let status = run.wait().expect("it ended");
    assert_eq!(status.code(), Some(130));
    site.let_go();
    desk.crawl(&[&site.address()]);
    assert_eq!(desk.stored().len(), 30);
}

#[cfg(unix)]
#[test]
fn a_watching_run_serves_what_falls_due_and_tells_its_counts() {
    let (desk, site) = (Desk::new(), Site::start(1, 12));
    let mut run = desk
        .command(&[
            "crawl",
            "--watch",
            "--metrics",
            "127.0.0.1:0",
            "-v",
            "--log-format",
            "json",
            "--summary-json",
            "summary.json",
            &site.address(),
        ])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let said = BufReader::new(run.stderr.take().expect("piped")).lines();
    let (lines, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in said.map_while(Result::ok) {
            let _ = lines.send(line);
        }
    });
    let mut address = String::new();
    until("the address of the metrics", || {
        while let Ok(line) = told.try_recv() {
            let Ok(event) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            if event["message"] == "metrics are served" {
                event["address"]
                    .as_str()
                    .expect("an address")
                    .clone_into(&mut address);
            }
        }
        !address.is_empty()
    });
    until("the twelfth article", || {
        metrics(&address).contains("gleaner_stored_total 12\n")
    });
    // Nothing is due for an hour and more; a run that does not watch would have ended.
    assert!(run.try_wait().expect("a child").is_none());
    let text = metrics(&address);
    assert!(
        text.contains("gleaner_outcomes_total{outcome=\"stored\"} 12\n"),
        "{text}"
    );
    signal(&run, "-TERM");
    assert_eq!(run.wait().expect("it ended").code(), Some(130));
    let summary = std::fs::read_to_string(desk.path("summary.json")).expect("a summary");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(
        (&summary["stored"], &summary["ended"]),
        (&12.into(), &"interrupted".into())
    );
    for line in told.iter().filter(|line| line.starts_with('{')) {
        serde_json::from_str::<Value>(&line).expect("a log line is JSON");
    }

    let refused = desk.run(&["crawl", "--metrics", "0.0.0.0:0", &site.address()]);
    assert_eq!(refused.status.code(), Some(2), "{}", error_text(&refused));
}

fn metrics(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("served");
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .expect("asked");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    text
}

#[test]
fn a_part_of_the_sites_is_worked_on_alone_and_patterns_hold() {
    let (desk, one, two) = (Desk::new(), Site::start(1, 6), Site::start(2, 6));
    let summary = desk.crawl(&[
        "--site",
        &format!("127.0.0.1:{}", two.port),
        &one.address(),
        &two.address(),
    ]);
    assert_eq!(summary["stored"], 6, "{summary:#}");
    assert!(one.served().is_empty() && two.served().len() == 6);
    let unknown = desk.run(&["crawl", "--site", "valley.example"]);
    assert_eq!(unknown.status.code(), Some(2));
    let error = error_text(&unknown);
    assert!(
        error.contains("valley.example") && error.contains("seed"),
        "{error}"
    );

    let three = Site::start(3, 9);
    let mut settings = std::fs::read_to_string(desk.path("gleaner.toml")).expect("settings");
    settings.push_str(
        "[site.\"127.0.0.1\"]\ninclude = [\"-story-[1-5]\\\\.html\"]\nexclude = [\"-story-2\"]\n",
    );
    std::fs::write(desk.path("gleaner.toml"), settings).expect("written");
    let summary = desk.crawl(&["--store", "three.db", &three.address()]);
    assert_eq!(summary["stored"], 4, "{summary:#}");
    assert_eq!(
        three.served().keys().copied().collect::<Vec<_>>(),
        [1, 3, 4, 5]
    );
}

#[test]
fn the_example_of_fifty_papers_is_a_valid_configuration() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/deploy/gleaner.toml");
    let output = Desk::new().run(&["config", "--config", &root.display().to_string()]);
    assert!(output.status.success(), "{}", error_text(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        text.matches("https://").count(),
        51,
        "50 papers and a contact: {text}"
    );
}

/// The run lets others write between its transactions: the mark of how far an export came.
#[test]
fn an_export_follows_a_run_that_is_writing() {
    let (desk, site) = (Desk::new(), Site::start(1, 150));
    site.slow_down(Duration::from_millis(10));
    let mut run = desk
        .command(&["--quiet", "crawl", &site.address()])
        .spawn()
        .expect("it starts");
    until("the tenth article", || site.served().len() >= 10);
    let mut handed_over = Vec::new();
    loop {
        let is_over = run.try_wait().expect("a child").is_some();
        let output = desk.run(&["export", "--follow", "reader"]);
        assert!(output.status.success(), "{}", error_text(&output));
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let record: Value = serde_json::from_str(line).expect("JSON");
            handed_over.push(record["url"].as_str().expect("an address").to_owned());
        }
        if is_over {
            break;
        }
    }
    handed_over.sort();
    assert!(handed_over.iter().eq(desk.stored().keys()));
    assert_eq!(handed_over.len(), 150);
}
