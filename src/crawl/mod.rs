//! A run of the crawler: from seeds to records.
//!
//! ```text
//!  store ── leases of hosts ──> host tasks ── pages ──> readers ── findings ──> writer ──> store
//! ```
//!
//! The frontier lives in the store. A run leases hosts that have due URLs, a task for each works
//! on them one after another at the host's pace, pages are read (decoded, parsed, extracted) on
//! blocking threads, and one thread writes. Every step is bounded: when the store is slow, readers
//! wait, then fetchers. A visit's record, its URL's new state, the links found and the log line
//! are one transaction, so a run killed at any instant leaves nothing half done, and nothing done
//! is fetched again.

mod host;
mod leads;
mod page;
mod scope;
mod shutdown;
mod summary;
mod writer;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use self::host::Run;
use self::page::Reader;
pub use self::scope::time_ms;
pub use self::shutdown::Shutdown;
pub use self::summary::{Counts, Ended, FailedSeed, Summary};
use self::writer::{Rules, Scratch, Writer, now_ms};
use crate::config::{Config, Refresh};
use crate::frontier::Role;
use crate::frontier::priority::priority;
use crate::polite::Polite;
use crate::store::{NewUrl, Part, Store};
use crate::{Error, address};

/// Hosts worked on at a time, for each exchange that may be under way: most hosts are waiting for
/// their next turn at any moment.
const HOSTS_PER_EXCHANGE: usize = 16;
/// A run waits for work that falls due within this time before it ends.
const LINGER: Duration = Duration::from_secs(5);
/// How often a run looks for hosts that became due while others are worked on.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Crawls what `config` says into its store, until nothing more is due, a limit is reached, or
/// `shutdown` is requested.
///
/// # Errors
///
/// [`Error::Config`] for a seed or pattern that makes no sense, [`Error::Locked`] when another run
/// uses the store, [`Error::Store`] when it cannot be written. What single pages do is no error but
/// an outcome in the summary.
pub async fn crawl(config: &Config, shutdown: Shutdown) -> Result<Summary, Error> {
    let store = Store::lock(&config.store.path)?;
    run(config, store, shutdown, false)
        .await
        .map(|(summary, _)| summary)
}

/// Asks the feeds, sitemaps and section pages that are due, but fetches no article and leaves the
/// store as it is. Returns the summary and the articles a run would fetch, best first.
///
/// # Errors
///
/// As [`crawl`].
pub async fn plan(config: &Config, shutdown: Shutdown) -> Result<(Summary, Vec<String>), Error> {
    let scratch = Scratch::of(&config.store.path)?;
    let store = Store::lock(scratch.path())?;
    let (summary, store) = run(config, store, shutdown, true).await?;
    let part = Part {
        sites: config.crawl.sites.clone(),
        sources_only: false,
    };
    let articles = store.due_articles(now_ms(), &part)?;
    Ok((summary, articles))
}

async fn run(
    config: &Config,
    mut store: Store,
    shutdown: Shutdown,
    sources_only: bool,
) -> Result<(Summary, Store), Error> {
    let began = Instant::now();
    let reader = Reader::new(config)?;
    let polite = Polite::new(config)?;
    let part = Part {
        sites: config.crawl.sites.clone(),
        sources_only,
    };
    let id = store.transaction(|store| prepare(store, config))?;
    let rules = Rules {
        worker: format!("{}/{id}", std::process::id()),
        part,
        near_duplicates: config.crawl.near_duplicates,
        sitewide: config.extract.sitewide,
        track_changes: config.crawl.track_changes,
    };
    let (writer, thread) = Writer::start(store, rules);
    let run = Arc::new(Run {
        id,
        polite,
        reader,
        writer,
        stop: Shutdown::new(),
        summary: Mutex::default(),
        budget: (config.crawl.max_pages > 0).then(|| AtomicU64::new(config.crawl.max_pages)),
        host_budgets: host_budgets(config),
        pages: Arc::new(Semaphore::new(
            config.fetch.concurrency.max(1) + 4 * jobs(config),
        )),
        readers: Arc::new(Semaphore::new(jobs(config))),
        connections_per_host: usize::try_from(config.politeness.connections_per_host.max(1))
            .unwrap_or(1),
        track_changes: config.crawl.track_changes,
    });
    let deadline = (config.crawl.time_limit_s > 0)
        .then(|| began + Duration::from_secs(config.crawl.time_limit_s));
    let (ended, next_due_ms) = schedule(&run, config, &shutdown, deadline).await;
    run.writer.close().await;
    let mut store = match tokio::task::spawn_blocking(move || thread.join()).await {
        Ok(Ok(result)) => result?,
        _ => unreachable!("the writer's thread does not panic"),
    };
    if config.extract.sitewide && !sources_only {
        store.clean_stored()?;
    }
    let mut summary = std::mem::take(&mut *run.summary.lock().await);
    summary.ended = ended;
    summary.total.seconds = began.elapsed().as_secs_f64();
    summary.next_due = next_due_ms
        .and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
        .map(|at| at.to_string());
    let json = serde_json::to_string(&summary).unwrap_or_default();
    store.transaction(|store| store.end_run(id, now_ms(), &json))?;
    Ok((summary, store))
}

/// Opens the run: ends leases of runs that died, makes seeds known, makes due what was asked for.
fn prepare(store: &Store, config: &Config) -> Result<i64, Error> {
    let now = now_ms();
    store.release_all()?;
    for seed in &config.crawl.seeds {
        let seed = seed_url(seed)?;
        store.add_url(&seed, None, now, false)?;
        if config.crawl.refresh == Refresh::Seeds {
            store.make_due(&seed.url, now)?;
        }
    }
    if config.crawl.refresh == Refresh::All {
        store.refresh(now)?;
    }
    store.begin_run(now)
}

fn seed_url(seed: &str) -> Result<NewUrl, Error> {
    let wrong = |why: String| Error::Config {
        place: "crawl.seeds".into(),
        message: format!(
            "{seed:?} is no address to crawl: {why}; write it like https://news.example"
        ),
    };
    let with_scheme = if seed.contains("://") {
        seed.to_owned()
    } else {
        format!("https://{seed}")
    };
    let url = Url::parse(&with_scheme).map_err(|e| wrong(e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("{} is neither http nor https", url.scheme())));
    }
    let url = address::canonical(&url);
    Ok(NewUrl {
        host: address::host_key(&url),
        site: scope::site_of(&url),
        role: Role::Seed,
        guessed: false,
        depth: 0,
        priority: priority(Role::Seed, 0, 1.0, None),
        hints: None,
        modified_ms: None,
        url: url.into(),
    })
}

/// Keeps as many hosts leased as may be, until the run ends. Returns why it ended and when
/// something is due next.
async fn schedule(
    run: &Arc<Run>,
    config: &Config,
    shutdown: &Shutdown,
    deadline: Option<Instant>,
) -> (Ended, Option<i64>) {
    let working_set = config
        .fetch
        .concurrency
        .max(1)
        .saturating_mul(HOSTS_PER_EXCHANGE);
    let mut tasks = JoinSet::new();
    let ended = loop {
        if shutdown.is_requested() {
            break Ended::Interrupted;
        }
        if deadline.is_some_and(|at| Instant::now() >= at) {
            break Ended::TimeLimit;
        }
        if run.is_spent() {
            break Ended::MaxPages;
        }
        let free = working_set - tasks.len();
        if free > 0 {
            let Ok(hosts) = run.writer.lease(free).await else {
                break Ended::Done;
            };
            for host in hosts {
                tasks.spawn(host::work(Arc::clone(run), host));
            }
        }
        let mut pause = LOOK_AGAIN;
        if tasks.is_empty() {
            match until_next(run).await {
                Some(wait) => pause = wait,
                None => break Ended::Done,
            }
        }
        tokio::select! {
            () = shutdown.requested() => {}
            () = until(deadline) => {}
            _ = tasks.join_next(), if !tasks.is_empty() => {}
            () = tokio::time::sleep(pause) => {}
        }
    };
    if ended != Ended::MaxPages {
        run.stop.request();
    }
    while tasks.join_next().await.is_some() {}
    (ended, run.writer.next_due().await.unwrap_or(None))
}

/// How long to wait for the next due URL; none when that is too long for this run.
async fn until_next(run: &Run) -> Option<Duration> {
    let due = run.writer.next_due().await.ok()??;
    let wait = Duration::from_millis(u64::try_from(due - now_ms()).unwrap_or(0));
    (wait <= LINGER).then(|| wait.max(Duration::from_millis(1)))
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Pages read at a time.
fn jobs(config: &Config) -> usize {
    match config.extract.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    }
}

fn host_budgets(config: &Config) -> HashMap<String, AtomicU64> {
    config
        .site
        .iter()
        .filter_map(|(host, site)| Some((host.clone(), AtomicU64::new(site.max_pages?))))
        .collect()
}
