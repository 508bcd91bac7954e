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

/// URLs of one host read from the store at a time.
const BATCH: usize = 32;
/// A host that has to be waited for longer than this is given back to the store meanwhile.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// What the tasks of a run share.
#[derive(Debug)]
pub(super) struct RunContext {
    pub(super) id: i64,
    pub(super) polite: PoliteClient,
    pub(super) reader: PageReader,
    pub(super) writer: Writer,
    /// Requested when the run is to end: by the user, the time limit or a failed store.
    pub(super) stop: Shutdown,
    pub(super) clock: Clock,
    pub(super) monitor: Monitor,
    pub(super) budget: Budget,
    /// Permits for pages that are fetched and not stored yet; when the store is slow, fetching waits here.
    pub(super) pages: Arc<Semaphore>,
    /// Permits for pages being read.
    pub(super) readers: Arc<Semaphore>,
    pub(super) connections_per_host: usize,
    pub(super) rules: VisitRules,
}

/// Works on a host until none of its URLs is due, then ends its lease.
pub(super) async fn work(run: Arc<RunContext>, host: HostLease) {
    run.monitor.begin_host(&host.name);
    // A store that failed has stopped the run already; its thread reports why.
    let _ = work_until_done(&run, &host).await;
    run.monitor.end_host(&host.name);
}

async fn work_until_done(run: &Arc<RunContext>, host: &HostLease) -> Result<(), WriterGone> {
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
            run.monitor.set_queued(&host.name, queued);
        }
        ready_ms = work_batch(run, host, batch).await?;
    }
    let memory = run.polite.saved_state(&host.name);
    run.writer.release(host.id, ready_ms, memory).await
}

/// Works on a batch. Returns 0, or the time (Unix milliseconds) before which the host is to be left alone.
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
                let pause_ms = host_pause_ms(run, &fetched.visit);
                let (run, name) = (Arc::clone(run), host.name.clone());
                recording.spawn(visit::record(run, name, *fetched, permit));
                if let Some(pause_ms) = pause_ms {
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

/// What came of asking for a URL at `at_ms` (Unix milliseconds).
#[derive(Debug, Clone)]
pub(super) struct FetchedPage {
    pub(super) due: DueUrl,
    pub(super) visit: Visit,
    pub(super) at_ms: i64,
    /// The first page of the story, where this one was asked for as a further page of it.
    pub(super) first_page: Option<Url>,
}

enum VisitStep {
    /// A page, with its permit of [`RunContext::pages`], held until it is stored.
    Fetched(Box<FetchedPage>, OwnedSemaphorePermit),
    /// The host is to be left alone until then, in Unix milliseconds.
    NotReady(i64),
    Stopped,
}

async fn fetch(run: &RunContext, host: &str, due: DueUrl) -> VisitStep {
    let Ok(url) = Url::parse(&due.url) else {
        return VisitStep::Stopped;
    };
    let exchange = async {
        run.monitor.set_waiting(host, true);
        let ready = run.polite.ready(&url, PATIENCE).await;
        run.monitor.set_waiting(host, false);
        if let Err(at) = ready {
            return VisitStep::NotReady(run.unix_ms(at));
        }
        let Ok(permit) = Arc::clone(&run.pages).acquire_owned().await else {
            return VisitStep::Stopped;
        };
        if !run.budget.take(host) {
            return VisitStep::Stopped;
        }
        let at_ms = run.clock.now_ms();
        let visit = run.polite.visit(&url, &validators(&due)).await;
        let fetched = FetchedPage {
            due,
            visit,
            at_ms,
            first_page: None,
        };
        VisitStep::Fetched(Box::new(fetched), permit)
    };
    tokio::select! {
        biased;
        () = run.stop.requested() => VisitStep::Stopped,
        step = exchange => step,
    }
}

/// Until when a host is to be left alone after this visit, in Unix milliseconds; none when the visit says
/// nothing about the host.
fn host_pause_ms(run: &RunContext, visit: &Visit) -> Option<i64> {
    let outcome = visit.outcome?;
    let is_of_host = matches!(
        outcome,
        Outcome::RobotsUnreachable | Outcome::Dns | Outcome::TimeoutConnect | Outcome::RateLimited
    );
    is_of_host.then(|| retry_at_ms(run, visit).unwrap_or_else(|| run.clock.now_ms() + 300_000))
}

/// When a host wants to be asked again, in Unix milliseconds.
pub(super) fn retry_at_ms(run: &RunContext, visit: &Visit) -> Option<i64> {
    visit.retry_at.map(|at| run.unix_ms(at))
}

impl RunContext {
    /// A time to come in Unix milliseconds; now for one that has passed.
    pub(super) fn unix_ms(&self, at: Instant) -> i64 {
        let wait = at.saturating_duration_since(Instant::now());
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        self.clock.now_ms().saturating_add(wait_ms)
    }

    /// Keeps what is known of a host (robots.txt, complaints) for the next run.
    async fn remember(&self, host: &HostLease) -> Result<(), WriterGone> {
        match self.polite.saved_state(&host.name) {
            Some(memory) => self.writer.remember(host.id, memory).await,
            None => Ok(()),
        }
    }
}
