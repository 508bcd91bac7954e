//! The one thread that writes to the store, many jobs in a transaction.
//!
//! Whoever asks gets the answer at once, from inside the transaction: what a killed run had answered
//! but not committed is undone as a whole, and work again for the next.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::frontier::{Clock, Role, revisit};
use crate::outcome::Outcome;
use crate::store::{Due, FetchLine, HostLease, NewArticle, NewUrl, Part, Settlement, Store};
use crate::{Error, archive};

/// Jobs waiting for the store before those who bring them must wait.
const QUEUE: usize = 256;
/// Jobs in one transaction, at the most: what they change fits into the store's memory.
const MOST_JOBS: usize = 512;
/// How long a transaction takes more jobs, which is how much a killed run loses. A commit writes each
/// changed page of the file once, and the full text's index gets a new part.
const OPEN: Duration = Duration::from_millis(250);
/// How long the store is left to others after a transaction, such as an export that sets its mark.
const PAUSE: Duration = Duration::from_millis(20);
/// Counting a host's queue ends here; what is more is many.
const QUEUED_MOST: usize = 1000;
/// A lease outlives any batch of one host; it ends at the latest with the run's lock.
const LEASE_MS: i64 = 3600 * 1000;

/// Everything one visit leaves in the store; all of it, or nothing.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) line: FetchLine,
    pub(super) due: Due,
    /// The state after the visit; for a source, `due_ms` is set when it is known what was new.
    pub(super) state: Settlement,
    pub(super) article: Option<Box<NewArticle>>,
    pub(super) links: Vec<NewUrl>,
    /// Links that were news and were stored before all of the source was read.
    pub(super) early_news: u64,
    /// For a source: what it asks for between visits.
    pub(super) schedule: Option<Schedule>,
    /// The page as a packed record, where a raw copy is kept.
    pub(super) copy: Option<Vec<u8>>,
}

/// How a source's next visit is found.
#[derive(Debug)]
pub(super) struct Schedule {
    pub(super) role: Role,
    pub(super) wish_s: Option<u64>,
}

enum Job {
    Lease(usize, oneshot::Sender<Vec<HostLease>>),
    Due(i64, usize, oneshot::Sender<Vec<Due>>),
    Queued(i64, oneshot::Sender<u64>),
    Release(i64, i64, Option<String>),
    Remember(i64, String),
    NextDue(oneshot::Sender<Option<i64>>),
    Links(Box<Due>, Vec<NewUrl>, oneshot::Sender<u64>),
    Visited(Box<Visited>, oneshot::Sender<Outcome>),
    Close,
}

/// Sends work to the store's thread.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

/// The store is gone; its thread knows why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone;

impl Writer {
    /// Starts the thread, which writes raw copies to `copies`, too. It ends with [`Writer::close`] or
    /// when the store or the disk of the copies fails.
    pub(super) fn start(
        store: Store,
        rules: Rules,
        copies: Option<archive::WarcWriter>,
    ) -> (Self, JoinHandle<Result<Store, Error>>) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let queue = Queue {
            jobs: queue,
            is_closed: false,
            runtime: Handle::current(),
        };
        let thread = std::thread::spawn(move || serve(store, &rules, copies, queue));
        (Self { jobs }, thread)
    }

    pub(super) async fn lease(&self, count: usize) -> Result<Vec<HostLease>, Gone> {
        self.ask(|reply| Job::Lease(count, reply)).await
    }

    pub(super) async fn due(&self, host: i64, count: usize) -> Result<Vec<Due>, Gone> {
        self.ask(|reply| Job::Due(host, count, reply)).await
    }

    /// How many URLs of a host are due; counting ends at 1,000.
    pub(super) async fn queued(&self, host: i64) -> Result<u64, Gone> {
        self.ask(|reply| Job::Queued(host, reply)).await
    }

    pub(super) async fn next_due(&self) -> Result<Option<i64>, Gone> {
        self.ask(Job::NextDue).await
    }

    /// Returns what the visit's outcome is in the light of what is stored already.
    pub(super) async fn visited(&self, visited: Visited) -> Result<Outcome, Gone> {
        self.ask(|reply| Job::Visited(Box::new(visited), reply))
            .await
    }

    /// Stores links of a source before all of it is read, from a thread that may block. Returns how
    /// many are news. Should the run die now, the source is asked again, and they are known.
    pub(super) fn links(&self, source: &Due, links: Vec<NewUrl>) -> u64 {
        let (reply, answer) = oneshot::channel();
        let sent = self
            .jobs
            .blocking_send(Job::Links(Box::new(source.clone()), links, reply));
        if sent.is_err() {
            return 0;
        }
        answer.blocking_recv().unwrap_or(0)
    }

    pub(super) async fn release(
        &self,
        host: i64,
        ready_ms: i64,
        robots: Option<String>,
    ) -> Result<(), Gone> {
        self.jobs
            .send(Job::Release(host, ready_ms, robots))
            .await
            .map_err(|_| Gone)
    }

    /// Keeps what is known of a host, which stays leased.
    pub(super) async fn remember(&self, host: i64, memory: String) -> Result<(), Gone> {
        self.jobs
            .send(Job::Remember(host, memory))
            .await
            .map_err(|_| Gone)
    }

    /// Ends the thread when all that was sent before is stored.
    pub(super) async fn close(&self) {
        let _ = self.jobs.send(Job::Close).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, Gone> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| Gone)?;
        answer.await.map_err(|_| Gone)
    }
}

/// What the writer needs to know of a run.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) clock: Clock,
    pub(super) worker: String,
    pub(super) part: Part,
    pub(super) near_duplicates: bool,
    pub(super) sitewide: bool,
    pub(super) track_changes: bool,
}

fn serve(
    mut store: Store,
    rules: &Rules,
    mut copies: Option<archive::WarcWriter>,
    mut queue: Queue,
) -> Result<Store, Error> {
    while let Some(first) = queue.wait() {
        store.transaction(|store| {
            perform_some(store, rules, copies.as_mut(), &mut queue, first)?;
            // Copies are on the disk before the store says that their pages are done: those are never
            // fetched again.
            copies.as_mut().map_or(Ok(()), archive::WarcWriter::sync)
        })?;
        if !queue.is_closed {
            std::thread::sleep(PAUSE);
        }
    }
    if let Some(copies) = &mut copies {
        copies.finish()?;
    }
    Ok(store)
}

/// Does a job and those that wait; and once a visit is among them, those that come soon.
fn perform_some(
    store: &Store,
    rules: &Rules,
    mut copies: Option<&mut archive::WarcWriter>,
    queue: &mut Queue,
    first: Job,
) -> Result<(), Error> {
    let mut until = Instant::now();
    let mut has_visit = false;
    let mut next = Some(first);
    let mut done = 0;
    while let Some(job) = next {
        if !has_visit && matches!(job, Job::Visited(..)) {
            has_visit = true;
            until = Instant::now() + OPEN;
        }
        perform(store, rules, copies.as_deref_mut(), job)?;
        done += 1;
        next = (done < MOST_JOBS).then(|| queue.next(until)).flatten();
    }
    Ok(())
}

/// The jobs that come, until there is to be no more.
struct Queue {
    jobs: mpsc::Receiver<Job>,
    is_closed: bool,
    runtime: Handle,
}

impl Queue {
    /// The next job, whenever it comes.
    fn wait(&mut self) -> Option<Job> {
        if self.is_closed {
            return None;
        }
        let job = self.jobs.blocking_recv();
        self.unless_closing(job)
    }

    /// The next job that waits, or comes before `until`.
    fn next(&mut self, until: Instant) -> Option<Job> {
        let job = self.jobs.try_recv().ok().or_else(|| {
            let next = async { timeout_at(until, self.jobs.recv()).await };
            self.runtime.block_on(next).ok().flatten()
        });
        self.unless_closing(job)
    }

    fn unless_closing(&mut self, job: Option<Job>) -> Option<Job> {
        self.is_closed = matches!(job, Some(Job::Close));
        job.filter(|_| !self.is_closed)
    }
}

/// Does one job and tells whoever asked, who may be waiting no more.
fn perform(
    store: &Store,
    rules: &Rules,
    copies: Option<&mut archive::WarcWriter>,
    job: Job,
) -> Result<(), Error> {
    let now_ms = rules.clock.now_ms();
    match job {
        Job::Lease(count, reply) => {
            let until = now_ms + LEASE_MS;
            let hosts = store.lease_hosts(&rules.worker, count, now_ms, until, &rules.part)?;
            let _ = reply.send(hosts);
        }
        Job::Due(host, count, reply) => {
            let _ = reply.send(store.due(host, count, &rules.part)?);
        }
        Job::Queued(host, reply) => {
            let _ = reply.send(store.count_due(host, QUEUED_MOST, &rules.part)?);
        }
        Job::Release(host, ready_ms, robots) => {
            store.release_host(host, ready_ms, robots.as_deref())?;
            store.keep_counts()?;
        }
        Job::Remember(host, memory) => store.remember_host(host, &memory)?,
        Job::NextDue(reply) => {
            let _ = reply.send(store.next_due(&rules.part)?);
        }
        Job::Links(source, links, reply) => {
            let _ = reply.send(add_links(store, rules, &source, &links, now_ms)?);
        }
        Job::Close => {}
        Job::Visited(mut visited, reply) => {
            if let (Some(copies), Some(copy)) = (copies, visited.copy.take()) {
                copies.append(&copy, now_ms)?;
            }
            let _ = reply.send(record(store, rules, *visited, now_ms)?);
        }
    }
    Ok(())
}

fn record(store: &Store, rules: &Rules, visited: Visited, now_ms: i64) -> Result<Outcome, Error> {
    let Visited {
        mut line,
        due,
        mut state,
        article,
        links,
        early_news,
        schedule,
        copy: _,
    } = visited;
    if let Some(mut article) = article {
        if rules.sitewide {
            store.clean_sitewide(&mut article)?;
        }
        let placed = store.put_article(&article, now_ms, rules.near_duplicates)?;
        if rules.sitewide && placed.outcome == Outcome::Stored {
            store.learn_sitewide(&article.site, &article.fingerprints, placed.id)?;
        }
        line.outcome = placed.outcome;
        store.finish_addresses(placed.id, due.id, now_ms)?;
    }
    let news = early_news + add_links(store, rules, &due, &links, now_ms)?;
    learn(store, &due, line.outcome)?;
    if let Some(schedule) = schedule {
        state.news_ms = (news > 0).then_some(now_ms);
        let quiet_s = state.news_ms.or(due.news_ms).map(|at| {
            let quiet_ms = now_ms.saturating_sub(at);
            u64::try_from(quiet_ms / 1000).unwrap_or(0)
        });
        let interval = revisit::next_interval_s(
            schedule.role,
            due.interval_s,
            news > 0,
            schedule.wish_s,
            quiet_s,
        );
        state.interval_s = Some(interval);
        let interval_ms = i64::try_from(interval * 1000).unwrap_or(i64::MAX);
        state.due_ms = Some(revisit::next_due_ms(due.due_ms, now_ms, interval_ms));
    }
    store.settle(due.id, now_ms, line.outcome, line.reason.as_deref(), &state)?;
    store.log_fetch(&line)?;
    Ok(line.outcome)
}

/// Makes links known and returns how many are news: to all, or, on a seed, feed or sitemap, since its
/// own last visit. Those cover a whole site; a section page is worth as much as what it tells first.
fn add_links(
    store: &Store,
    rules: &Rules,
    source: &Due,
    links: &[NewUrl],
    now_ms: i64,
) -> Result<u64, Error> {
    let covers_site = revisit::covers_site(source.role);
    let mut news = 0;
    for link in links {
        let added = store.add_url(link, Some(source.id), now_ms, rules.track_changes)?;
        let is_news = added.is_new || (covers_site && added.found_ms > source.fetched_ms);
        news += u64::from(is_news);
    }
    Ok(news)
}

/// What a page was at its first visit tells what other addresses of its shape are.
fn learn(store: &Store, due: &Due, outcome: Outcome) -> Result<(), Error> {
    let is_page = matches!(due.role, Role::Article | Role::Section);
    let is_article = match outcome {
        Outcome::Stored | Outcome::Duplicate => true,
        Outcome::NotArticle | Outcome::Discovered => false,
        _ => return Ok(()),
    };
    match url::Url::parse(&due.url) {
        Ok(url) if is_page && due.fetched_ms.is_none() => {
            store.learn_shape(&due.site, &url, is_article)
        }
        _ => Ok(()),
    }
}

/// A copy of the store in the system's folder for temporary files, gone when dropped.
#[derive(Debug)]
pub(super) struct Scratch(std::path::PathBuf);

impl Scratch {
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let name = format!(
            "gleaner-dry-run-{}-{}.db",
            std::process::id(),
            Clock::system().now_ms()
        );
        let scratch = Self(std::env::temp_dir().join(name));
        if path.exists() {
            Store::read(path)?.copy_to(&scratch.0)?;
        }
        Ok(scratch)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
}
