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

mod budget;
mod host_task;
mod known_links;
mod metrics;
mod monitor;
mod page_reader;
mod scope;
mod shutdown;
mod single_page;
mod story;
mod story_verdict;
mod summary;
mod survey;
mod visit;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use self::budget::Budget;
use self::host_task::RunContext;
pub use self::metrics::serve_metrics;
pub use self::monitor::{HostActivity, Monitor, RunSnapshot};
use self::page_reader::PageReader;
pub use self::shutdown::Shutdown;
pub use self::single_page::fetch_page;
pub use self::summary::{EndReason, FailedSeed, RunCounts, Summary};
pub use self::survey::{Survey, SurveyedPage, SurveyedSource, survey};
use self::writer::{Writer, WriterSettings};
use crate::article::{Extraction, Options, extract_document};
use crate::config::{Config, parse_seed};
use crate::dom::Document;
use crate::frontier::priority::priority;
use crate::frontier::{Clock, Role};
use crate::polite::PoliteClient;
use crate::store::{self, FrontierSlice, NewUrl, Store, VisitRules};
use crate::{Error, address, archive};

/// Hosts worked on at a time for each exchange that may be under way: at any moment most of them wait for
/// their delay.
const HOSTS_PER_EXCHANGE: usize = 16;
/// A run waits for work that falls due within this time before it ends.
const LINGER: Duration = Duration::from_secs(5);
/// With `watch`, how often a run looks at least whether something is due.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How often a run looks for hosts that fell due while others are worked on.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How a run is watched and controlled from outside.
#[derive(Debug, Clone)]
pub struct Control {
    /// Ends the run early and cleanly.
    pub shutdown: Shutdown,
    /// Where the schedule of visits takes the time from.
    pub clock: Clock,
    /// Shows what the run is doing.
    pub monitor: Monitor,
    /// Whether the run goes on when nothing is due, and serves what falls due later.
    pub watch: bool,
    /// The extractor: [`extract_document`], unless another one is to be tried.
    pub extract: Extract,
}

/// An extractor: from a parsed page, its address and what is known about it, to a record.
pub type Extract = fn(&Document, Option<&Url>, &Options) -> Extraction;

impl Default for Control {
    fn default() -> Self {
        Self {
            shutdown: Shutdown::default(),
            clock: Clock::default(),
            monitor: Monitor::default(),
            watch: false,
            extract: extract_document,
        }
    }
}

/// Crawls the configured seeds into the configured store, until nothing more is due, a limit is reached,
/// or `shutdown` is requested.
///
/// # Errors
///
/// [`Error::Config`] for a seed or pattern that cannot be read, [`Error::Locked`] when another run uses
/// the store, [`Error::Store`] when it cannot be written. A page that fails is no error but an outcome in
/// the summary.
pub async fn crawl(config: &Config, shutdown: Shutdown) -> Result<Summary, Error> {
    let control = Control {
        shutdown,
        ..Control::default()
    };
    crawl_with(config, &control).await
}

/// [`crawl`], with a [`Control`].
///
/// # Errors
///
/// As [`crawl`].
pub async fn crawl_with(config: &Config, control: &Control) -> Result<Summary, Error> {
    config.check()?;
    let store = store::open(&config.store.path)?;
    run(config, store, control, false)
        .await
        .map(|(summary, _)| summary)
}

/// Fetches the feeds, sitemaps and section pages that are due, but no article, and leaves the store as it
/// is. Returns the summary and the articles that a run would fetch, by priority.
///
/// # Errors
///
/// As [`crawl`].
pub async fn plan(config: &Config, control: &Control) -> Result<(Summary, Vec<String>), Error> {
    let store = store::open_scratch_copy(&config.store.path)?;
    let (summary, store) = run(config, store, control, true).await?;
    let slice = slice(config, false);
    let articles = store.due_articles(&slice, control.clock.now_ms())?;
    Ok((summary, articles))
}

async fn run(
    config: &Config,
    mut store: Box<dyn Store>,
    control: &Control,
    sources_only: bool,
) -> Result<(Summary, Box<dyn Store>), Error> {
    let began = Instant::now();
    let reader = PageReader::new(config, control.extract)?;
    let copies = match &config.store.warc {
        Some(folder) if !sources_only => Some(archive::WarcWriter::new(
            folder,
            config.store.warc_max_bytes,
            archive::WarcInfo {
                user_agent: config.crawl.user_agent(),
                operator: config.crawl.contact.clone(),
            },
        )?),
        _ => None,
    };
    let polite = PoliteClient::with_clock(config, control.clock.clone())?;
    let id = begin(store.as_mut(), config, control.clock.now_ms())?;
    tracing::info!(run = id, store = %config.store.path.display(), "run begins");
    let rules = VisitRules {
        near_duplicates: config.crawl.near_duplicates,
        sitewide: config.extract.sitewide,
        track_changes: config.crawl.track_changes,
    };
    let settings = WriterSettings {
        clock: control.clock.clone(),
        worker: format!("{}/{id}", std::process::id()),
        slice: slice(config, sources_only),
        rules,
    };
    let (writer, thread) = Writer::start(store, settings, copies);
    let run = Arc::new(RunContext {
        id,
        polite,
        reader,
        writer,
        stop: Shutdown::new(),
        clock: control.clock.clone(),
        monitor: control.monitor.clone(),
        budget: Budget::new(config),
        pages: Arc::new(Semaphore::new(
            config.fetch.concurrency.max(1) + 4 * jobs(config),
        )),
        readers: Arc::new(Semaphore::new(jobs(config))),
        connections_per_host: usize::try_from(config.politeness.connections_per_host.max(1))
            .unwrap_or(1),
        rules,
    });
    let deadline = (config.crawl.time_limit_s > 0)
        .then(|| began + Duration::from_secs(config.crawl.time_limit_s));
    let (ended, next_due_ms) = schedule(&run, config, control, deadline).await;
    run.writer.close().await;
    let mut store = match tokio::task::spawn_blocking(move || thread.join()).await {
        Ok(Ok(result)) => result?,
        _ => unreachable!("the writer's thread does not panic"),
    };
    if config.extract.sitewide && !sources_only {
        store.clean_stored_articles()?;
    }
    let mut summary = run.monitor.summary();
    summary.ended = ended;
    summary.total.seconds = began.elapsed().as_secs_f64();
    summary.next_due = next_due_ms
        .and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
        .map(|at| at.to_string());
    let json = serde_json::to_string(&summary).unwrap_or_default();
    store.end_run(id, control.clock.now_ms(), &json)?;
    let total = &summary.total;
    tracing::info!(
        run = id,
        fetched = total.fetched,
        stored = total.stored,
        failed = total.failed,
        seconds = total.seconds,
        "run ended"
    );
    Ok((summary, store))
}

/// Opens the run in the store; fails when the store does not know a site that the run is to work on.
fn begin(store: &mut dyn Store, config: &Config, now_ms: i64) -> Result<i64, Error> {
    let seeds = config.crawl.seeds.iter().map(|seed| seed_url(seed));
    let seeds = seeds.collect::<Result<Vec<_>, _>>()?;
    let mut id = 0;
    store.transaction(&mut |store| {
        id = store.begin_run(&seeds, config.crawl.refresh, now_ms)?;
        for site in &config.crawl.sites {
            if !store.knows_site(site)? {
                let message = format!(
                    "nothing of the site {site:?} is known; name an address of it as a seed, or a \
                         site of those that `gleaner status --hosts` lists"
                );
                return Err(Error::config("crawl.sites", message));
            }
        }
        Ok(())
    })?;
    Ok(id)
}

fn slice(config: &Config, sources_only: bool) -> FrontierSlice {
    let sites = config.crawl.sites.clone();
    FrontierSlice {
        sites,
        sources_only,
    }
}

fn seed_url(seed: &str) -> Result<NewUrl, Error> {
    let url = parse_seed(seed)?;
    Ok(NewUrl {
        host: address::host_key(&url),
        site: scope::site_of(&url),
        role: Role::Seed,
        guessed: false,
        depth: 0,
        priority: priority(Role::Seed, 0, 1.0, None),
        naming: None,
        left_alone: None,
        hints: None,
        modified_ms: None,
        url: url.into(),
    })
}

/// Keeps tasks at work on as many hosts as allowed until the run ends. Returns why it ended and when
/// something is due next (Unix milliseconds).
async fn schedule(
    run: &Arc<RunContext>,
    config: &Config,
    control: &Control,
    deadline: Option<Instant>,
) -> (EndReason, Option<i64>) {
    let working_set = config
        .fetch
        .concurrency
        .max(1)
        .saturating_mul(HOSTS_PER_EXCHANGE);
    let mut tasks = JoinSet::new();
    let ended = loop {
        if control.shutdown.is_requested() {
            break EndReason::Interrupted;
        }
        if deadline.is_some_and(|at| Instant::now() >= at) {
            break EndReason::TimeLimit;
        }
        if run.budget.is_spent() {
            break EndReason::MaxPages;
        }
        let free = working_set - tasks.len();
        if free > 0 {
            let Ok(hosts) = run.writer.lease(free).await else {
                break EndReason::Done;
            };
            for host in hosts {
                tasks.spawn(host_task::work(Arc::clone(run), host));
            }
        }
        let mut pause = LOOK_AGAIN;
        if tasks.is_empty() {
            match until_next(run).await {
                Some(wait) if wait <= LINGER => pause = wait,
                Some(wait) if control.watch => pause = wait.min(LONGEST_PAUSE),
                None if control.watch => pause = LONGEST_PAUSE,
                _ => break EndReason::Done,
            }
        }
        tokio::select! {
            () = control.shutdown.requested() => {}
            () = until(deadline) => {}
            _ = tasks.join_next(), if !tasks.is_empty() => {}
            () = tokio::time::sleep(pause) => {}
        }
    };
    if ended != EndReason::MaxPages {
        run.stop.request();
    }
    while tasks.join_next().await.is_some() {}
    (ended, run.writer.next_due_ms().await.unwrap_or(None))
}

/// How long until a URL falls due; none when no URL ever does.
async fn until_next(run: &RunContext) -> Option<Duration> {
    let due = run.writer.next_due_ms().await.ok()??;
    let wait_ms = u64::try_from(due - run.clock.now_ms()).unwrap_or(0);
    Some(Duration::from_millis(wait_ms.max(1)))
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
