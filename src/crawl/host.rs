//! Working on one leased host: its URLs one after another, at the host's own pace.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use url::Url;

use super::budget::Budget;
use super::monitor::Monitor;
use super::page::Reader;
use super::settle::settle;
use super::shutdown::Shutdown;
use super::writer::{Gone, Writer};
use crate::frontier::Clock;
use crate::outcome::Outcome;
use crate::polite::{PoliteClient, Visit};
use crate::store::{Due, HostLease};

/// URLs of one host taken from the store at a time.
const BATCH: usize = 32;
/// A host that asks for more patience than this is given back meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the tasks of a run share.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) polite: PoliteClient,
    pub(super) reader: Reader,
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
    pub(super) track_changes: bool,
}

/// Works on a host until nothing of it is due, then gives it back.
pub(super) async fn work(run: Arc<Run>, host: HostLease) {
    run.monitor.begin(&host.name);
    // A store that failed has stopped the run already; its thread reports why.
    let _ = work_or_gone(&run, &host).await;
    run.monitor.end(&host.name);
}

async fn work_or_gone(run: &Arc<Run>, host: &HostLease) -> Result<(), Gone> {
    if let Some(memory) = &host.robots {
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
async fn work_batch(run: &Arc<Run>, host: &HostLease, batch: Vec<Due>) -> Result<i64, Gone> {
    let mut settling = JoinSet::new();
    let mut ready_ms = 0;
    let mut visits = std::pin::pin!(
        futures_util::stream::iter(batch)
            .map(|due| visit(run, &host.name, due))
            .buffer_unordered(run.connections_per_host)
    );
    while let Some(visited) = visits.next().await {
        match visited {
            Step::Visited(done) => {
                let trouble = host_trouble(run, &done.visit);
                settling.spawn(settle(Arc::clone(run), host.name.clone(), *done));
                if let Some(pause_ms) = trouble {
                    ready_ms = pause_ms;
                    break;
                }
            }
            Step::NotReady(at_ms) => {
                ready_ms = at_ms;
                break;
            }
            Step::Stopped => break,
        }
    }
    // The lease ends only when all that was fetched under it is stored.
    while let Some(settled) = settling.join_next().await {
        settled.unwrap_or(Err(Gone))?;
    }
    Ok(ready_ms)
}

/// A visit, and the place it has between network and store until it is settled.
pub(super) struct Done {
    pub(super) due: Due,
    pub(super) visit: Visit,
    pub(super) at_ms: i64,
    pub(super) page: OwnedSemaphorePermit,
}

enum Step {
    Visited(Box<Done>),
    NotReady(i64),
    Stopped,
}

async fn visit(run: &Run, host: &str, due: Due) -> Step {
    let Ok(url) = Url::parse(&due.url) else {
        return Step::Stopped;
    };
    let exchange = async {
        run.monitor.waits(host, true);
        let turn = run.polite.ready(&url, PATIENCE).await;
        run.monitor.waits(host, false);
        if let Err(ready) = turn {
            let wait = ready.saturating_duration_since(tokio::time::Instant::now());
            let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            return Step::NotReady(run.clock.now_ms().saturating_add(wait_ms));
        }
        let Ok(page) = Arc::clone(&run.pages).acquire_owned().await else {
            return Step::Stopped;
        };
        if !run.budget.take(host) {
            return Step::Stopped;
        }
        let at_ms = run.clock.now_ms();
        let visit = run.polite.visit(&url, &due.validators()).await;
        Step::Visited(Box::new(Done {
            due,
            visit,
            at_ms,
            page,
        }))
    };
    tokio::select! {
        biased;
        () = run.stop.requested() => Step::Stopped,
        step = exchange => step,
    }
}

/// When a host should be left alone after this visit, in Unix milliseconds.
fn host_trouble(run: &Run, visit: &Visit) -> Option<i64> {
    let outcome = visit.outcome?;
    let is_hosts = matches!(
        outcome,
        Outcome::RobotsUnreachable | Outcome::Dns | Outcome::TimeoutConnect | Outcome::RateLimited
    );
    is_hosts.then(|| retry_at_ms(run, visit).unwrap_or_else(|| run.clock.now_ms() + 300_000))
}

/// When a host wants to be asked again, in Unix milliseconds.
pub(super) fn retry_at_ms(run: &Run, visit: &Visit) -> Option<i64> {
    let wait = visit
        .retry_at?
        .saturating_duration_since(tokio::time::Instant::now());
    Some(run.clock.now_ms() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

impl Run {
    /// Keeps what is known of a host's robots.txt and moods for the next run.
    async fn remember(&self, host: &HostLease) -> Result<(), Gone> {
        match self.polite.saved_state(&host.name) {
            Some(memory) => self.writer.remember(host.id, memory).await,
            None => Ok(()),
        }
    }
}
