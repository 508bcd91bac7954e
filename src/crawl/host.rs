//! Working on one leased host: its URLs one after another, at the host's own pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use url::Url;

use super::page::{Findings, Reader, header};
use super::scope::Lead;
use super::shutdown::Shutdown;
use super::summary::{FailedSeed, Summary, Tally, is_failure};
use super::writer::{Gone, Schedule, Visited, Writer, now_ms};
use crate::fetch::Validators;
use crate::frontier::{Role, revisit};
use crate::outcome::Outcome;
use crate::polite::{Polite, Visit};
use crate::store::{Due, FetchLine, HostLease, Settlement};

/// URLs of one host taken from the store at a time.
const BATCH: usize = 32;
/// A host that asks for more patience than this is given back meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where sites keep sitemaps and feeds without saying so: sitemaps.org's place, Yoast's and
/// `WordPress`' own, and `WordPress`' feed.
const WELL_KNOWN: [(&str, Role); 4] = [
    ("/sitemap.xml", Role::Sitemap),
    ("/sitemap_index.xml", Role::Sitemap),
    ("/wp-sitemap.xml", Role::Sitemap),
    ("/feed/", Role::Feed),
];

/// What the tasks of a run share.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) polite: Polite,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    /// Ends what is under way: the user's wish, the time limit or a failed store.
    pub(super) stop: Shutdown,
    pub(super) summary: Mutex<Summary>,
    /// Exchanges that may still be begun, by run; none for no limit.
    pub(super) budget: Option<AtomicU64>,
    pub(super) host_budgets: std::collections::HashMap<String, AtomicU64>,
    /// Pages between the network and the store; when the store is slow, fetching waits here.
    pub(super) pages: Arc<Semaphore>,
    /// Pages being read.
    pub(super) readers: Arc<Semaphore>,
    pub(super) connections_per_host: usize,
    pub(super) track_changes: bool,
}

/// Works on a host until nothing of it is due, then gives it back.
pub(super) async fn work(run: Arc<Run>, host: HostLease) {
    // A store that failed has stopped the run already; its thread reports why.
    let _ = work_or_gone(&run, &host).await;
}

async fn work_or_gone(run: &Arc<Run>, host: &HostLease) -> Result<(), Gone> {
    if let Some(memory) = &host.robots {
        run.polite.recall(&host.name, memory);
    }
    let mut ready_ms = 0;
    while ready_ms == 0 {
        if run.stop.is_requested() || !run.may_fetch(&host.name) {
            // Not given back: nothing more is to be fetched of it in this run.
            return run.remember(host).await;
        }
        let batch = run.writer.due(host.id, BATCH).await?;
        if batch.is_empty() {
            break;
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
                let trouble = host_trouble(&done.visit);
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
        if let Err(ready) = run.polite.ready(&url, PATIENCE).await {
            let wait = ready.saturating_duration_since(tokio::time::Instant::now());
            let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            return Step::NotReady(now_ms().saturating_add(wait_ms));
        }
        let Ok(page) = Arc::clone(&run.pages).acquire_owned().await else {
            return Step::Stopped;
        };
        if !run.spend(host) {
            return Step::Stopped;
        }
        let at_ms = now_ms();
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
fn host_trouble(visit: &Visit) -> Option<i64> {
    let outcome = visit.outcome?;
    let is_hosts = matches!(
        outcome,
        Outcome::RobotsUnreachable | Outcome::Dns | Outcome::TimeoutConnect | Outcome::RateLimited
    );
    is_hosts.then(|| retry_at_ms(visit).unwrap_or_else(|| now_ms() + 300_000))
}

fn retry_at_ms(visit: &Visit) -> Option<i64> {
    let wait = visit
        .retry_at?
        .saturating_duration_since(tokio::time::Instant::now());
    Some(now_ms() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
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
        let leads = more_sources(&run, &visit).await;
        findings
            .links
            .extend(run.reader.admit_all(leads.into_iter(), &due, &visit, at_ms));
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
    drop(visit);
    let outcome = run.writer.visited(visited).await?;
    drop(page);
    let mut summary = run.summary.lock().await;
    summary.count(&host, Tally { outcome, ..tally });
    if let Some(url) = seed
        && (is_failure(outcome) || matches!(outcome, Outcome::RobotsDenied | Outcome::NotArticle))
    {
        summary.failed_seeds.push(FailedSeed {
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
        move || run.reader.read(&due, &visit, at_ms)
    })
    .await
    .unwrap_or_else(|panic| {
        Findings::nothing(Outcome::ExtractFailed, Some(panic.to_string()), due.role)
    });
    let visit = Arc::try_unwrap(visit).unwrap_or_else(|shared| shared.as_ref().clone());
    (visit, findings)
}

/// Sitemaps that robots.txt names; and, where robots.txt names none, the customary places.
async fn more_sources(run: &Run, visit: &Visit) -> Vec<Lead> {
    let named = run.polite.sitemaps(&visit.url).await;
    if named.is_empty() {
        return WELL_KNOWN
            .iter()
            .filter_map(|(path, role)| Some(Lead::source(visit.url.join(path).ok()?, *role, true)))
            .collect();
    }
    named
        .into_iter()
        .map(|url| Lead::source(url, Role::Sitemap, false))
        .collect()
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
    let now_ms = now_ms();
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
            retry_at_ms(visit).or_else(|| retry_ms(state.tries))
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

    /// Whether the budgets allow another page of this host.
    fn may_fetch(&self, host: &str) -> bool {
        let left = |budget: &AtomicU64| budget.load(Ordering::Relaxed) > 0;
        self.budget.as_ref().is_none_or(left) && self.host_budgets.get(host).is_none_or(left)
    }

    /// Whether the run's budget is used up.
    pub(super) fn is_spent(&self) -> bool {
        self.budget
            .as_ref()
            .is_some_and(|budget| budget.load(Ordering::Relaxed) == 0)
    }

    /// Takes one page out of the budgets, if they allow it.
    fn spend(&self, host: &str) -> bool {
        let take = |budget: &AtomicU64| {
            budget
                .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
        };
        self.host_budgets.get(host).is_none_or(take) && self.budget.as_ref().is_none_or(take)
    }
}
