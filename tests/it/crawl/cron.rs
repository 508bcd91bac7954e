//! Three days of cron, an hour a run, in a world whose clock we set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gleaner::crawl::{Control, crawl_with};
use gleaner::frontier::Clock;
use gleaner::store::{self, ArticleFilter};

use super::settings;
use super::world::{Dice, Plan, World};

const HOUR_MS: i64 = 3_600_000;
const HOURS: i64 = 72;
/// Articles a day of each site, from a busy paper to a club's page.
const RATES: [u64; 5] = [60, 30, 20, 6, 12];

/// When articles come out: at random moments, mostly by day.
fn times(start_ms: i64) -> Vec<Vec<i64>> {
    let mut dice = Dice::new(3);
    let mut of_site = |rate: u64| -> Vec<i64> {
        let mut times = Vec::new();
        while (times.len() as u64) < 3 * rate {
            let at = dice.below(HOURS.unsigned_abs() * 60);
            let hour = at / 60 % 24;
            if (7..22).contains(&hour) || dice.below(5) == 0 {
                times.push(start_ms + i64::try_from(at).unwrap_or(0) * 60_000);
            }
        }
        times
    };
    RATES.iter().map(|rate| of_site(*rate)).collect()
}

#[test]
#[allow(clippy::cast_precision_loss, clippy::print_stdout)] // Minutes and requests, to read.
fn three_days_of_hourly_runs_are_fresh_and_cheap() {
    // In the past, so that no date of the world lies ahead of the real one.
    let start_ms = (jiff::Timestamp::now().as_millisecond() / HOUR_MS - HOURS - 2) * HOUR_MS;
    let world = World::start(Plan {
        hosts: RATES.len(),
        articles_per_host: 10,
        page_bytes: 2000,
        now_ms: start_ms,
    });
    world.schedule(&times(start_ms));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = settings(world.seeds(), folder.path());
    let now = Arc::new(AtomicI64::new(start_ms));
    let control = Control {
        clock: Clock::set_by(Arc::clone(&now)),
        ..Control::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let published = world.times();
    let mut sources = BTreeSet::new();
    let (mut requests, mut after) = (0, store::ExportMark::default());
    let mut delays: BTreeMap<String, i64> = BTreeMap::new();
    for hour in 0..=HOURS {
        let now_ms = start_ms + hour * HOUR_MS;
        now.store(now_ms, Ordering::Relaxed);
        world.set_now(now_ms);
        runtime
            .block_on(crawl_with(&config, &control))
            .expect("crawled");
        for asked in world.take_log() {
            if !world.is_article(&asked) {
                if matches!(asked.status, 200 | 304) {
                    sources.insert((asked.site, asked.path));
                }
                requests += u64::from(hour > 0);
            }
        }
        let store = store::open_to_read(&config.store.path).expect("a store");
        let filter = ArticleFilter {
            after,
            duplicates: true,
            ..ArticleFilter::default()
        };
        let each = |article: store::StoredArticle| {
            after = after.max(article.mark);
            if let Some(at) = published.get(&article.url).filter(|at| **at > start_ms) {
                delays.insert(article.url, now_ms - at);
            }
            Ok::<_, gleaner::Error>(())
        };
        store.articles(&filter, each).expect("read");
    }
    let minutes = |sum: i64| sum as f64 / 60_000.0 / delays.len() as f64;
    let delay = minutes(delays.values().sum());
    // Fixed polling asks every source every hour and stores each article at the next full hour.
    let fixed = minutes(
        delays
            .keys()
            .map(|url| HOUR_MS - (published[url] - start_ms - 1) % HOUR_MS - 1)
            .sum(),
    );
    let fixed_requests = sources.len() as u64 * HOURS.unsigned_abs();
    println!(
        "{} articles: mean delay {delay:.1} min with {requests} requests; fixed hourly polling of {} sources {fixed:.1} min with {fixed_requests}",
        delays.len(),
        sources.len()
    );
    let due: usize = published.values().filter(|at| **at > start_ms).count();
    assert_eq!(delays.len(), due, "stored in the end");
    assert!(
        requests * 2 <= fixed_requests,
        "{requests} of {fixed_requests} requests"
    );
    // Runs come once an hour, so none can be fresher than one that asks all.
    assert!(delay <= fixed + 0.01, "{delay} against {fixed} min");
}
