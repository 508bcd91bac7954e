//! Working on one leased host: its URLs one after another, at the host's own pace.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use url::Url;

use super::budget::Budget;
use super::monitor::Monitor;
use super::page::{Findings, Reader, header};
use super::shutdown::Shutdown;
use super::summary::{FailedSeed, Tally, is_failure};
use super::writer::{Gone, Schedule, Visited, Writer};
use crate::discover::{self, Candidate};
use crate::fetch::Validators;
use crate::frontier::{Clock, Role, revisit};
use crate::outcome::Outcome;
use crate::polite::{Polite, Visit};
use crate::store::{Due, FetchLine, HostLease, NewUrl, Settlement};

/// URLs of one host taken from the store at a time.
const BATCH: usize = 32;
/// A host that asks for more patience than this is given back meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the tasks of a run share.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) polite: Polite,
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
        run.polite.recall(&host.name, memory);
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
    let memory = run.polite.memory(&host.name);
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

struct Done {
    due: Due,
    visit: Visit,
    at_ms: i64,
    page: OwnedSemaphorePermit,
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
        let ask = Validators {
            etag: due.etag.clone(),
            last_modified: due.last_modified.clone(),
        };
        let visit = run.polite.visit(&url, &ask).await;
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

fn retry_at_ms(run: &Run, visit: &Visit) -> Option<i64> {
    let wait = visit
        .retry_at?
        .saturating_duration_since(tokio::time::Instant::now());
    Some(run.clock.now_ms() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// Reads a fetched page and stores what came out.
async fn settle(run: Arc<Run>, host: String, done: Done) -> Result<(), Gone> {
    let Done {
        due,
        visit,
        at_ms,
        page,
    } = done;
    let (visit, mut findings) = match visit.outcome {
        None => read(&run, due.clone(), visit, at_ms).await,
        Some(outcome) => {
            let findings = Findings::nothing(outcome, visit.reason.clone(), due.role);
            (visit, findings)
        }
    };
    if due.role == Role::Seed && findings.role == Role::Section {
        let sources = more_sources(&run, &due, &visit, &findings, at_ms).await;
        findings.links.extend(sources);
    } else if due.guessed && is_failure(findings.outcome) && !findings.outcome.is_transient() {
        findings.links.extend(next_guess(&run, &due, at_ms));
    }
    let tally = Tally {
        outcome: findings.outcome,
        guessed: due.guessed,
        requests: visit.requests,
        bytes: visit.bytes,
        seconds: visit.elapsed.as_secs_f64(),
    };
    let seed = (due.role == Role::Seed).then(|| due.url.clone());
    let reason = findings.reason.clone();
    let visited = visited(&run, due, &visit, findings, at_ms);
    let (status, elapsed) = (visit.status, visit.elapsed);
    drop(visit);
    let url = visited.due.url.clone();
    let outcome = run.writer.visited(visited).await?;
    tracing::info!(
        url,
        outcome = outcome.name(),
        status,
        reason,
        bytes = tally.bytes,
        elapsed_ms = elapsed.as_millis(),
        "visited"
    );
    drop(page);
    run.monitor.count(&host, Tally { outcome, ..tally });
    if let Some(url) = seed
        && (is_failure(outcome) || matches!(outcome, Outcome::RobotsDenied | Outcome::NotArticle))
    {
        run.monitor.failed_seed(FailedSeed {
            url,
            outcome,
            reason,
        });
    }
    Ok(())
}

/// Reads a page on a thread of its own kind; a page that makes the extractor panic is an outcome.
async fn read(run: &Arc<Run>, due: Due, visit: Visit, at_ms: i64) -> (Visit, Findings) {
    let _permit = run.readers.acquire().await;
    let visit = Arc::new(visit);
    let findings = tokio::task::spawn_blocking({
        let (run, visit, due) = (Arc::clone(run), Arc::clone(&visit), due.clone());
        move || {
            let mut early = 0;
            let mut overflow = |links| early += run.writer.links(&due, links);
            let findings = run.reader.read(&due, &visit, at_ms, &mut overflow);
            Findings {
                early_news: early,
                ..findings
            }
        }
    })
    .await
    .unwrap_or_else(|panic| {
        Findings::nothing(Outcome::ExtractFailed, Some(panic.to_string()), due.role)
    });
    let visit = Arc::try_unwrap(visit).unwrap_or_else(|shared| shared.as_ref().clone());
    (visit, findings)
}

/// Sitemaps that robots.txt names; and, where nothing names a sitemap or a feed, the first of the
/// customary places.
async fn more_sources(
    run: &Run,
    due: &Due,
    visit: &Visit,
    findings: &Findings,
    at_ms: i64,
) -> Vec<NewUrl> {
    let named: Vec<_> = run
        .polite
        .sitemaps(&visit.url)
        .await
        .iter()
        .map(|url| Candidate::new(url, discover::Role::Sitemap, 0.0, "robots.txt"))
        .collect();
    let mut sources = run.reader.admit_all(&named, due, visit, at_ms);
    let has_feed = findings.links.iter().any(|link| link.role == Role::Feed);
    let mut missing = Vec::new();
    missing.extend(sources.is_empty().then_some(Role::Sitemap));
    missing.extend((!has_feed).then_some(Role::Feed));
    let scope = &run.reader.scope;
    sources.extend(scope.guesses(&visit.url, &missing, None, due, at_ms));
    sources
}

/// Where to ask when nothing was at a customary place.
fn next_guess(run: &Run, due: &Due, at_ms: i64) -> Vec<NewUrl> {
    Url::parse(&due.url).map_or_else(
        |_| Vec::new(),
        |url| {
            let scope = &run.reader.scope;
            scope.guesses(&url, &[due.role], Some(&url), due, at_ms)
        },
    )
}

fn visited(run: &Run, due: Due, visit: &Visit, findings: Findings, at_ms: i64) -> Visited {
    let state = next_state(run, &due, visit, &findings);
    let succeeded = state.tries == 0;
    Visited {
        line: FetchLine {
            run: run.id,
            url: due.id,
            at_ms,
            status: visit.status,
            outcome: findings.outcome,
            reason: findings.reason,
            requests: visit.requests,
            bytes: visit.bytes,
            elapsed_ms: u64::try_from(visit.elapsed.as_millis()).unwrap_or(u64::MAX),
        },
        article: findings.article,
        links: findings.links,
        early_news: findings.early_news,
        schedule: (succeeded && findings.role.is_source()).then(|| Schedule {
            role: findings.role,
            wish_s: findings.wish_s.or_else(|| max_age_s(visit)),
        }),
        state,
        due,
    }
}

/// The URL's state after a visit, a source's next visit aside.
fn next_state(run: &Run, due: &Due, visit: &Visit, findings: &Findings) -> Settlement {
    let now_ms = run.clock.now_ms();
    let mut state = Settlement {
        // A seed stays one: it is asked for more sources at each visit.
        role: (due.role != Role::Seed || findings.role == Role::Article).then_some(findings.role),
        etag: header(visit, "etag").map(str::to_owned),
        last_modified: header(visit, "last-modified").map(str::to_owned),
        ..Settlement::default()
    };
    let left_alone = matches!(
        findings.outcome,
        Outcome::RobotsDenied | Outcome::RefusedAddress
    );
    if !left_alone && !is_failure(findings.outcome) {
        if run.track_changes && findings.role == Role::Article {
            let age_ms = now_ms - due.found_ms;
            state.due_ms = revisit::next_check_ms(age_ms).map(|check| due.found_ms + check);
        }
        return state;
    }
    state.tries = due.tries + 1;
    state.interval_s = due.interval_s;
    let retry_ms = |tries| {
        let wait_s = revisit::retry_s(due.role, tries)?;
        Some(now_ms + i64::try_from(wait_s * 1000).unwrap_or(i64::MAX))
    };
    state.due_ms = if findings.outcome.is_transient() {
        let given_up = !due.role.is_source() && state.tries >= revisit::MAX_TRIES;
        if given_up {
            None
        } else {
            retry_at_ms(run, visit).or_else(|| retry_ms(state.tries))
        }
    } else if due.guessed {
        None
    } else {
        retry_ms(revisit::MAX_TRIES)
    };
    state
}

fn max_age_s(visit: &Visit) -> Option<u64> {
    let value = header(visit, "cache-control")?;
    value
        .split(',')
        .find_map(|part| part.trim().strip_prefix("max-age="))
        .and_then(|seconds| seconds.parse().ok())
}

impl Run {
    /// Keeps what is known of a host's robots.txt and moods for the next run.
    async fn remember(&self, host: &HostLease) -> Result<(), Gone> {
        match self.polite.memory(&host.name) {
            Some(memory) => self.writer.remember(host.id, memory).await,
            None => Ok(()),
        }
    }
}
