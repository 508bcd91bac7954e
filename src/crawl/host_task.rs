//! Working on one leased host: its URLs one after another, at the host's own pace.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use super::budget::Budget;
use super::monitor::Monitor;
use super::page_reader::{PageReader, validators};
use super::shutdown::Shutdown;
use super::visit;
use super::writer::{Writer, WriterGone};
use crate::frontier::Clock;
use crate::outcome::Outcome;
use crate::polite::{PoliteClient, Visit};
use crate::store::{DueUrl, HostLease, VisitRules};

/// URLs of one host taken from the store at a time.
const BATCH: usize = 32;
/// A host that asks for more patience than this is given back meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the tasks of a run share.
#[derive(Debug)]
pub(super) struct RunContext {
    pub(super) id: i64,
    pub(super) polite: PoliteClient,
    pub(super) reader: PageReader,
    pub(super) writer: Writer,
    /// Ends what is under way: the user's wish, the time limit or a failed store.
    pub(super) stop: Shutdown,
    pub(super) clock: Clock,
    pub(super) monitor: Monitor,
    pub(super) budget: Budget,
    /// Pages between the network and the store; when the store is slow, fetching waits here.
    pub(super) pages: Arc<Semaphore>,
    /// Pages being read.
    pub(super) readers: Arc<Semaphore>,
    pub(super) connections_per_host: usize,
    pub(super) rules: VisitRules,
}

/// Works on a host until nothing of it is due, then gives it back.
pub(super) async fn work(run: Arc<RunContext>, host: HostLease) {
    run.monitor.begin(&host.name);
    // A store that failed has stopped the run already; its thread reports why.
    let _ = work_or_gone(&run, &host).await;
    run.monitor.end(&host.name);
}

async fn work_or_gone(run: &Arc<RunContext>, host: &HostLease) -> Result<(), WriterGone> {
    if let Some(memory) = &host.memory {
        run.polite.restore(&host.name, memory);
    }
    let mut ready_ms = 0;
    while ready_ms == 0 {
        if run.stop.is_requested() || !run.budget.allows(&host.name) {
            // Not given back: nothing more is to be fetched of it in this run.
            return run.remember(host).await;
        }
        let batch = run.writer.due(host.id, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        if run.monitor.is_watched() {
            let queued = run.writer.queued(host.id).await?;
            run.monitor.queued(&host.name, queued);
        }
        ready_ms = work_batch(run, host, batch).await?;
    }
    let memory = run.polite.saved_state(&host.name);
    run.writer.release(host.id, ready_ms, memory).await
}

/// Works on a batch. Returns 0, or the time before which the host is to be left alone.
async fn work_batch(
    run: &Arc<RunContext>,
    host: &HostLease,
    batch: Vec<DueUrl>,
) -> Result<i64, WriterGone> {
    let mut recording = JoinSet::new();
    let mut ready_ms = 0;
    let mut visits = std::pin::pin!(
        futures_util::stream::iter(batch)
            .map(|due| fetch(run, &host.name, due))
            .buffer_unordered(run.connections_per_host)
    );
    while let Some(step) = visits.next().await {
        match step {
            VisitStep::Fetched(fetched, permit) => {
                let trouble = host_trouble(run, &fetched.visit);
                let (run, name) = (Arc::clone(run), host.name.clone());
                recording.spawn(visit::record(run, name, *fetched, permit));
                if let Some(pause_ms) = trouble {
                    ready_ms = pause_ms;
                    break;
                }
            }
            VisitStep::NotReady(at_ms) => {
                ready_ms = at_ms;
                break;
            }
            VisitStep::Stopped => break,
        }
    }
    // The lease ends only when all that was fetched under it is stored.
    while let Some(recorded) = recording.join_next().await {
        recorded.unwrap_or(Err(WriterGone))?;
    }
    Ok(ready_ms)
}

/// What a URL answered when it was asked for at `at_ms`.
#[derive(Debug, Clone)]
pub(super) struct FetchedPage {
    pub(super) due: DueUrl,
    pub(super) visit: Visit,
    pub(super) at_ms: i64,
}

enum VisitStep {
    /// A page, and the place it has between network and store until it is stored.
    Fetched(Box<FetchedPage>, OwnedSemaphorePermit),
    NotReady(i64),
    Stopped,
}

async fn fetch(run: &RunContext, host: &str, due: DueUrl) -> VisitStep {
    let Ok(url) = Url::parse(&due.url) else {
        return VisitStep::Stopped;
    };
    let exchange = async {
        run.monitor.waits(host, true);
        let turn = run.polite.ready(&url, PATIENCE).await;
        run.monitor.waits(host, false);
        if let Err(ready) = turn {
            return VisitStep::NotReady(run.unix_ms(ready));
        }
        let Ok(permit) = Arc::clone(&run.pages).acquire_owned().await else {
            return VisitStep::Stopped;
        };
        if !run.budget.take(host) {
            return VisitStep::Stopped;
        }
        let at_ms = run.clock.now_ms();
        let visit = run.polite.visit(&url, &validators(&due)).await;
        VisitStep::Fetched(Box::new(FetchedPage { due, visit, at_ms }), permit)
    };
    tokio::select! {
        biased;
        () = run.stop.requested() => VisitStep::Stopped,
        step = exchange => step,
    }
}

/// When a host should be left alone after this visit, in Unix milliseconds.
fn host_trouble(run: &RunContext, visit: &Visit) -> Option<i64> {
    let outcome = visit.outcome?;
    let is_hosts = matches!(
        outcome,
        Outcome::RobotsUnreachable | Outcome::Dns | Outcome::TimeoutConnect | Outcome::RateLimited
    );
    is_hosts.then(|| retry_at_ms(run, visit).unwrap_or_else(|| run.clock.now_ms() + 300_000))
}

/// When a host wants to be asked again, in Unix milliseconds.
pub(super) fn retry_at_ms(run: &RunContext, visit: &Visit) -> Option<i64> {
    visit.retry_at.map(|at| run.unix_ms(at))
}

impl RunContext {
    /// A time to come in Unix milliseconds; now for one that has passed.
    fn unix_ms(&self, at: Instant) -> i64 {
        let wait = at.saturating_duration_since(Instant::now());
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        self.clock.now_ms().saturating_add(wait_ms)
    }

    /// Keeps what is known of a host's robots.txt and moods for the next run.
    async fn remember(&self, host: &HostLease) -> Result<(), WriterGone> {
        match self.polite.saved_state(&host.name) {
            Some(memory) => self.writer.remember(host.id, memory).await,
            None => Ok(()),
        }
    }
}
