//! A whole world of sites, crawled: every article once, nothing that is none, nothing twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Desk;
use super::world::{Asked, Plan, World};

const HOSTS: usize = 10;
const ARTICLES: usize = 60;

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn world() -> (Desk, World) {
    let world = World::start(Plan {
        hosts: HOSTS,
        articles_per_host: ARTICLES,
        page_bytes: 12_000,
        now_ms: now_ms(),
    });
    let desk = Desk::new();
    let seeds: Vec<_> = world
        .seeds()
        .iter()
        .map(|seed| format!("{seed:?}"))
        .collect();
    std::fs::write(
        desk.path("gleaner.toml"),
        format!(
            "[crawl]\nseeds = [{}]\ntrack_changes = true\n[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n[fetch]\nallow_private_addresses = true\n",
            seeds.join(", ")
        ),
    )
    .expect("written");
    (desk, world)
}

/// Every address that leads to a stored article: its own, its aliases, and whether it is linked to
/// an earlier one.
fn known(stored: &BTreeMap<String, Value>) -> (BTreeSet<String>, usize) {
    let mut known = BTreeSet::new();
    let mut linked = 0;
    for (url, record) in stored {
        known.insert(url.clone());
        for alias in record["aliases"].as_array().into_iter().flatten() {
            known.insert(alias.as_str().expect("an address").to_owned());
        }
        linked += usize::from(record["duplicate_of"].is_string());
    }
    (known, linked)
}

/// The addresses that a reader is handed who comes again and again.
fn followed(desk: &Desk) -> BTreeSet<String> {
    let output = desk.run(&["export", "--follow", "reader", "--duplicates"]);
    let records = String::from_utf8(output.stdout).expect("UTF-8");
    let address = |line| {
        let record: Value = serde_json::from_str(line).expect("JSON");
        record["url"].as_str().expect("an address").to_owned()
    };
    records.lines().map(address).collect()
}

#[test]
fn a_world_is_crawled_whole_and_then_only_what_is_new_or_changed() {
    let (desk, world) = world();
    let summary = desk.crawl(&[]);
    let log = world.take_log();
    let stored = desk.stored();
    let expected: BTreeSet<_> = world.expected().into_iter().collect();
    let syndicated: BTreeSet<_> = world.syndicated().into_iter().collect();

    // Of a copy that names no other address, nobody knows that it is the second one.
    let second: BTreeSet<_> = world.second_addresses().into_iter().collect();

    let (addresses, linked) = known(&stored);
    let missing: Vec<_> = expected
        .iter()
        .filter(|url| !addresses.contains(*url))
        .collect();
    assert!(
        missing.is_empty(),
        "{} missing: {missing:#?}\n{summary:#}",
        missing.len()
    );
    let strange: Vec<_> = stored
        .keys()
        .filter(|url| {
            ![&expected, &syndicated, &second]
                .iter()
                .any(|set| set.contains(*url))
        })
        .collect();
    assert!(strange.is_empty(), "stored, but no articles: {strange:#?}");
    assert!(
        syndicated.iter().all(|url| addresses.contains(url)),
        "{syndicated:#?}"
    );
    assert_eq!(
        linked,
        syndicated.len(),
        "each taken over story is linked to its like"
    );
    let aliases: u64 = stored
        .values()
        .filter_map(|record| Some(record["aliases"].as_array()?.len() as u64))
        .sum();
    assert!(aliases > 0, "second addresses are known as such");

    let forbidden: Vec<_> = log
        .iter()
        .filter(|asked| {
            [
                "/private", "/search", "/tag/", "/author/", "/print/", "/login", "/share",
            ]
            .iter()
            .any(|path| asked.path.starts_with(path))
        })
        .collect();
    assert!(forbidden.is_empty(), "{forbidden:#?}");
    let trapped = log
        .iter()
        .filter(|asked| asked.path.starts_with("/calendar") || asked.path.starts_with("/loop"))
        .count();
    assert_eq!(trapped, 0);
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for asked in log
        .iter()
        .filter(|asked| world.is_article(asked) && asked.status == 200)
    {
        *times.entry(world.address(asked)).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");

    // At once again: nothing is due.
    desk.crawl(&[]);
    assert_eq!(world.take_log(), []);
    // Asked to, gleaner asks all sources, on condition that something changed; it did not.
    desk.crawl(&["--refresh"]);
    let log = world.take_log();
    let wrong: Vec<_> = log
        .iter()
        .filter(|asked| !asked.conditional || asked.status != 304)
        .collect();
    assert!(!log.is_empty() && wrong.is_empty(), "{wrong:#?}");

    assert_eq!(followed(&desk).len(), stored.len());

    // Something new and something changed: exactly that.
    let new = world.publish(50, now_ms());
    let changed = world.change(5, now_ms());
    let mut wanted: Vec<_> = new.iter().chain(&changed).cloned().collect();
    wanted.sort();
    let summary = desk.crawl(&["--refresh"]);
    let log: Vec<Asked> = world.take_log();
    let mut fetched: Vec<_> = log
        .iter()
        .filter(|asked| world.is_article(asked))
        .map(|asked| world.address(asked))
        .collect();
    fetched.sort();
    assert_eq!(fetched, wanted, "{summary:#}");
    assert_eq!(summary["stored"], 55, "{summary:#}");
    let outcomes = &summary["outcomes"];
    assert_eq!(
        (&outcomes["stored"], &outcomes["updated"]),
        (&50.into(), &5.into()),
        "{summary:#}"
    );
    let status: Value =
        serde_json::from_slice(&desk.run(&["status", "--json"]).stdout).expect("JSON");
    assert_eq!(status["versions"], 5);
    assert_eq!(followed(&desk), wanted.into_iter().collect());
    assert!(followed(&desk).is_empty());
}
