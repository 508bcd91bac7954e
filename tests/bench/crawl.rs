//! What a crawl costs: a made-up world of 50 sites and 20,000 articles on loopback, crawled by gleaner
//! and fetched by a bare reqwest loop, each in a process of its own, with the server in a third.
//!
//! ```text
//! cargo bench --bench crawl                      50 hosts, 400 articles each
//! cargo bench --bench crawl -- 10 60             smaller
//! cargo bench --bench crawl -- 50 400 200000     with so many more URLs known before
//! ```
//!
//! CPU time and peak memory come from `/proc`, so figures are had on Linux only. The exit status is 1
//! when an article was missed, stored twice, or fetched from a place that is forbidden.

#![allow(clippy::print_stdout, clippy::cast_precision_loss, clippy::unwrap_used)]

#[path = "../world/mod.rs"]
mod world;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};

use futures_util::StreamExt;
use gleaner::config::{Config, Refresh};
use gleaner::frontier::Role;
use gleaner::store::{self, ArticleFilter, NewUrl};
use serde_json::{Value, json};
use world::{Plan, World};

/// Bytes of a page: this to twice this.
const PAGE_BYTES: usize = 40_000;
/// Connections of the bare loop; gleaner has one a host.
const BARE_CONNECTIONS: usize = 50;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => serve(number(&arguments, 1), number(&arguments, 2)),
        Some("bare") => bare(Path::new(&arguments[1])),
        Some("crawl") => crawl(
            Path::new(&arguments[1]),
            &arguments[2],
            Path::new(&arguments[3]),
        ),
        _ => {
            let or = |at, default| {
                arguments
                    .get(at)
                    .map_or(default, |text: &String| text.parse().unwrap())
            };
            return drive(or(0, 50), or(1, 400), or(2, 0));
        }
    }
    ExitCode::SUCCESS
}

fn number(arguments: &[String], at: usize) -> usize {
    arguments[at].parse().unwrap()
}

/// The addresses in a file of JSON.
fn read_list(path: &Path) -> Vec<String> {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Serves a world; answers a line of JSON to each line read.
fn serve(hosts: usize, articles_per_host: usize) {
    let world = World::start(Plan {
        hosts,
        articles_per_host,
        page_bytes: PAGE_BYTES,
        now_ms: now_ms(),
    });
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let answer = match line.as_str() {
            "seeds" => json!(world.seeds()),
            "expected" => json!(world.expected()),
            "others" => json!([world.syndicated(), world.second_addresses()].concat()),
            "publish" => json!(world.publish(hosts * articles_per_host / 40, now_ms())),
            "change" => json!(world.change(hosts * articles_per_host / 400, now_ms())),
            _ => {
                let log = world.take_log();
                let forbidden = log
                    .iter()
                    .filter(|asked| {
                        asked.path.starts_with("/private") || asked.path.starts_with("/search")
                    })
                    .count();
                let articles: Vec<_> = log
                    .iter()
                    .filter(|asked| world.is_article(asked))
                    .map(|asked| world.address(asked))
                    .collect();
                let unconditional = log.iter().filter(|asked| !asked.conditional).count();
                json!({"requests": log.len(), "forbidden": forbidden, "articles": articles, "unconditional": unconditional})
            }
        };
        println!("{answer}");
    }
}

/// Fetches every address of a file, one connection pool, nothing else.
fn bare(list: &Path) {
    let urls = read_list(list);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bytes: usize = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        futures_util::stream::iter(&urls)
            .map(|url| {
                let request = client.get(url).send();
                async { request.await.unwrap().bytes().await.unwrap().len() }
            })
            .buffer_unordered(BARE_CONNECTIONS)
            .fold(0, |sum, length| async move { sum + length })
            .await
    });
    println!(
        "{}",
        json!({"pages": urls.len(), "bytes": bytes, "cost": cost()})
    );
}

/// One run of gleaner.
fn crawl(seeds: &Path, refresh: &str, store: &Path) {
    let mut config = Config::default();
    config.crawl.seeds = read_list(seeds);
    config.crawl.track_changes = true;
    config.crawl.refresh = if refresh == "all" {
        Refresh::All
    } else {
        Refresh::Due
    };
    config.politeness.min_delay_s = 0.0;
    config.politeness.latency_factor = 0.0;
    config.fetch.allow_private_addresses = true;
    store.clone_into(&mut config.store.path);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let summary = runtime
        .block_on(gleaner::crawl::crawl(
            &config,
            gleaner::crawl::Shutdown::new(),
        ))
        .unwrap();
    println!("{}", json!({"summary": summary, "cost": cost()}));
}

/// CPU seconds and peak memory of this process so far, where the system tells.
fn cost() -> Value {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // utime and stime are fields 14 and 15 (proc(5)), in hundredths of a second; the name in field 2
    // may hold spaces.
    let ticks: u64 = stat
        .rsplit(") ")
        .next()
        .into_iter()
        .flat_map(|rest| rest.split(' ').skip(11).take(2))
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak_kb: Option<u64> = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    json!({"cpu_s": ticks as f64 / 100.0, "peak_kb": peak_kb})
}

struct Server {
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Server {
    fn start(hosts: usize, articles: usize) -> Self {
        let mut process = own(&["serve", &hosts.to_string(), &articles.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            ask: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn ask(&mut self, what: &str) -> Value {
        writeln!(self.ask, "{what}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn list(&mut self, what: &str) -> BTreeSet<String> {
        serde_json::from_value(self.ask(what)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn own(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments);
    command
}

fn outcome(command: &mut Command) -> Value {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn drive(hosts: usize, articles: usize, known: usize) -> ExitCode {
    let folder = std::env::temp_dir().join(format!("gleaner-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name);
    println!(
        "{hosts} hosts x {articles} articles, {} to {} KB a page; {known} more URLs known",
        PAGE_BYTES / 1000,
        PAGE_BYTES / 500
    );
    let mut server = Server::start(hosts, articles);
    let expected = server.list("expected");
    let (seeds, urls, store) = (path("seeds.json"), path("urls.json"), path("store.db"));
    std::fs::write(&seeds, server.ask("seeds").to_string()).unwrap();
    std::fs::write(&urls, json!(expected).to_string()).unwrap();

    let bare = outcome(own(&["bare"]).arg(&urls));
    let bare_ms = line(
        "bare reqwest loop",
        bare["pages"].as_u64().unwrap(),
        &bare["cost"],
    );
    server.ask("report");

    if known > 0 {
        fill(&store, &read_list(&seeds), known);
    }
    let run = |refresh: &str| outcome(own(&["crawl"]).arg(&seeds).arg(refresh).arg(&store));
    let first = run("due");
    let fetched = first["summary"]["fetched"].as_u64().unwrap();
    let ms = line("gleaner, first run", fetched, &first["cost"]);
    println!(
        "  {:.1} times the bare loop's CPU; {:.0} pages/s",
        ms / bare_ms,
        fetched as f64 / first["summary"]["seconds"].as_f64().unwrap()
    );
    let report = server.ask("report");
    let stored = stored(&store);
    let missing = expected.difference(&stored.all).count();
    let others = server.list("others");
    let strange: Vec<_> = stored
        .own
        .iter()
        .filter(|url| !expected.contains(*url) && !others.contains(*url))
        .collect();
    println!(
        "  recall {:.4} of {}; {} stored that are no articles; {} requests to forbidden paths; {} linked duplicates, {} aliases",
        1.0 - missing as f64 / expected.len() as f64,
        expected.len(),
        strange.len(),
        report["forbidden"],
        stored.linked,
        stored.aliases
    );
    let second = run("all");
    let report_second = server.ask("report");
    line(
        "gleaner, all sources again",
        second["summary"]["fetched"].as_u64().unwrap(),
        &second["cost"],
    );
    println!(
        "  {} requests, {} without condition, {} for articles",
        report_second["requests"],
        report_second["unconditional"],
        report_second["articles"].as_array().unwrap().len()
    );
    let mut wanted: Vec<String> = server
        .list("publish")
        .into_iter()
        .chain(server.list("change"))
        .collect();
    wanted.sort();
    let third = run("all");
    let mut got: Vec<String> =
        serde_json::from_value(server.ask("report")["articles"].clone()).unwrap();
    got.sort();
    line(
        "gleaner, new and changed",
        third["summary"]["fetched"].as_u64().unwrap(),
        &third["cost"],
    );
    println!(
        "  {} articles new or changed, {} fetched, the same: {}",
        wanted.len(),
        got.len(),
        wanted == got
    );
    drop(server);
    let _ = std::fs::remove_dir_all(&folder);
    let is_good = missing == 0 && strange.is_empty() && report["forbidden"] == 0 && wanted == got;
    if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn line(name: &str, pages: u64, cost: &Value) -> f64 {
    let cpu_s = cost["cpu_s"].as_f64().unwrap();
    let ms = cpu_s * 1000.0 / pages.max(1) as f64;
    let peak_mb = cost["peak_kb"].as_f64().unwrap_or(f64::NAN) / 1024.0;
    println!("{name:<28} {pages:>7} pages {ms:>7.2} ms CPU a page {peak_mb:>7.1} MB peak");
    ms
}

/// Makes URLs known that are not due for a year.
fn fill(path: &Path, seeds: &[String], count: usize) {
    let known = (0..count).map(|n| {
        let seed = &seeds[n % seeds.len()];
        let host = seed
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        NewUrl {
            url: format!("{seed}archive/2019/01/a-story-of-old-times-number-{n}"),
            site: host.clone(),
            host,
            role: Role::Article,
            guessed: false,
            depth: 2,
            priority: 1.0,
            naming: None,
            left_alone: None,
            hints: None,
            modified_ms: None,
        }
    });
    let known: Vec<_> = known.collect();
    let mut store = store::open(path).unwrap();
    store.begin_run(&known, Refresh::Due, now_ms()).unwrap();
    drop(store);
    let later_ms = now_ms() + 365 * 86_400_000;
    let known = rusqlite::Connection::open(path).unwrap();
    let rows = known.execute("UPDATE url SET waiting = 0, due_at = ?1", [later_ms]);
    assert_eq!(rows, Ok(count));
}

struct Stored {
    own: BTreeSet<String>,
    all: BTreeSet<String>,
    linked: usize,
    aliases: usize,
}

fn stored(path: &Path) -> Stored {
    let store = store::open_to_read(path).unwrap();
    let mut found = Stored {
        own: BTreeSet::new(),
        all: BTreeSet::new(),
        linked: 0,
        aliases: 0,
    };
    let filter = ArticleFilter {
        duplicates: true,
        ..ArticleFilter::default()
    };
    store
        .articles::<gleaner::Error>(&filter, |article| {
            found.linked += usize::from(article.duplicate_of.is_some());
            found.aliases += article.aliases.len();
            found.all.extend(article.aliases);
            assert!(
                found.own.insert(article.url.clone()),
                "{} is stored twice",
                article.url
            );
            found.all.insert(article.url);
            Ok(())
        })
        .unwrap();
    found
}
