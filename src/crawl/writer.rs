//! The one thread that writes to the store, many jobs in a transaction.
//!
//! A job's answer is sent at once, before the transaction is committed. When a run is killed in between,
//! the whole transaction is undone, and its URLs are due again in the next run.

use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::frontier::Clock;
use crate::outcome::Outcome;
use crate::store::{DueUrl, FrontierSlice, HostLease, NewUrl, Store, VisitResult, VisitRules};
use crate::{Error, archive};

/// Jobs that may wait for the store; senders of more wait themselves.
const QUEUE: usize = 256;
/// The most jobs in one transaction: what they change has to fit into the store's memory.
const MAX_JOBS: usize = 512;
/// How long a transaction takes more jobs; a killed run loses as much. Longer is cheaper: a commit writes
/// each changed page of the file once, and adds one part to the full text's index.
const OPEN_FOR: Duration = Duration::from_millis(250);
/// How long the store is left to others after a transaction, such as an export that sets its mark.
const PAUSE: Duration = Duration::from_millis(20);
/// Counting a host's queue ends here.
const MAX_QUEUED: usize = 1000;
/// How long a lease holds: longer than any batch of one host takes. It ends with the run's lock at the
/// latest.
const LEASE_MS: i64 = 3600 * 1000;

/// What the thread needs to know of a run.
#[derive(Debug)]
pub(super) struct WriterSettings {
    pub(super) clock: Clock,
    /// The worker's name in leases.
    pub(super) worker: String,
    pub(super) slice: FrontierSlice,
    pub(super) rules: VisitRules,
}

/// Something to do with the store.
type Work = dyn FnOnce(&mut dyn Store, &WriterSettings) -> Result<(), Error> + Send;

enum Job {
    Work(Box<Work>),
    /// A visit, the page as a packed record where a raw copy is kept, and who waits for the outcomes.
    Visit(
        Box<VisitResult>,
        Option<Vec<u8>>,
        oneshot::Sender<(Outcome, Vec<Outcome>)>,
    ),
    Close,
}

/// The thread; it returns the store.
type StoreThread = JoinHandle<Result<Box<dyn Store>, Error>>;

/// Sends work to the store's thread.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

/// The store or the disk failed and the thread ended; it returns why.
#[derive(Debug, Clone, Copy)]
pub(super) struct WriterGone;

impl Writer {
    /// Starts the thread, which writes raw copies to `copies`, too. It ends with [`Writer::close`] or
    /// when the store or the disk of the copies fails.
    pub(super) fn start(
        store: Box<dyn Store>,
        settings: WriterSettings,
        copies: Option<archive::WarcWriter>,
    ) -> (Self, StoreThread) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let queue = JobQueue {
            jobs: queue,
            is_closed: false,
            runtime: Handle::current(),
        };
        let thread = std::thread::spawn(move || run_jobs(store, &settings, copies, queue));
        (Self { jobs }, thread)
    }

    pub(super) async fn lease(&self, count: usize) -> Result<Vec<HostLease>, WriterGone> {
        self.ask(move |store, run| {
            let now_ms = run.clock.now_ms();
            store.lease_hosts(&run.worker, count, &run.slice, now_ms, now_ms + LEASE_MS)
        })
        .await
    }

    pub(super) async fn due(&self, host: i64, count: usize) -> Result<Vec<DueUrl>, WriterGone> {
        self.ask(move |store, run| store.due_urls(host, count, &run.slice))
            .await
    }

    /// How many URLs of a host are due; counting ends at 1,000.
    pub(super) async fn queued(&self, host: i64) -> Result<u64, WriterGone> {
        self.ask(move |store, run| store.count_due(host, MAX_QUEUED, &run.slice))
            .await
    }

    pub(super) async fn next_due_ms(&self) -> Result<Option<i64>, WriterGone> {
        self.ask(|store, run| store.next_due_ms(&run.slice)).await
    }

    /// Returns what the visit's outcome is in the light of what is stored already, and those of a story's
    /// further pages. `copy` is the page as a packed record, where a raw copy is kept.
    pub(super) async fn record_visit(
        &self,
        visit: VisitResult,
        copy: Option<Vec<u8>>,
    ) -> Result<(Outcome, Vec<Outcome>), WriterGone> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Visit(Box::new(visit), copy, reply)).await?;
        answer.await.map_err(|_| WriterGone)
    }

    /// Stores links of a source before all of it is read, from a thread that may block. Returns how
    /// many are news. Should the run die now, the source is asked again, and they are known.
    pub(super) fn add_links(&self, source: &DueUrl, links: Vec<NewUrl>) -> u64 {
        let source = source.clone();
        let (job, answer) = job_for(move |store, run| {
            store.add_links(&source, &links, run.rules, run.clock.now_ms())
        });
        if self.jobs.blocking_send(job).is_err() {
            return 0;
        }
        answer.blocking_recv().unwrap_or(0)
    }

    /// Does not wait until it is done: a lease asked for later comes later.
    pub(super) async fn release(
        &self,
        host: i64,
        ready_ms: i64,
        memory: Option<String>,
    ) -> Result<(), WriterGone> {
        let (job, _) =
            job_for(move |store, _| store.release_host(host, ready_ms, memory.as_deref()));
        self.send(job).await
    }

    /// Keeps what is known of a host, which stays leased.
    pub(super) async fn remember(&self, host: i64, memory: String) -> Result<(), WriterGone> {
        let (job, _) = job_for(move |store, _| store.remember_host(host, &memory));
        self.send(job).await
    }

    /// Ends the thread when all that was sent before is stored.
    pub(super) async fn close(&self) {
        let _ = self.send(Job::Close).await;
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store, &WriterSettings) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, WriterGone> {
        let (job, answer) = job_for(work);
        self.send(job).await?;
        answer.await.map_err(|_| WriterGone)
    }

    async fn send(&self, job: Job) -> Result<(), WriterGone> {
        self.jobs.send(job).await.map_err(|_| WriterGone)
    }
}

/// A job, and the channel of its answer. Nobody need wait for it any more when it comes.
fn job_for<T: Send + 'static>(
    work: impl FnOnce(&mut dyn Store, &WriterSettings) -> Result<T, Error> + Send + 'static,
) -> (Job, oneshot::Receiver<T>) {
    let (reply, answer) = oneshot::channel();
    let job = Job::Work(Box::new(move |store, settings| {
        let _ = reply.send(work(store, settings)?);
        Ok(())
    }));
    (job, answer)
}

fn run_jobs(
    mut store: Box<dyn Store>,
    settings: &WriterSettings,
    mut copies: Option<archive::WarcWriter>,
    mut queue: JobQueue,
) -> Result<Box<dyn Store>, Error> {
    while let Some(first) = queue.wait() {
        let mut first = Some(first);
        store.transaction(&mut |store| {
            run_batch(store, settings, copies.as_mut(), &mut queue, first.take())?;
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

/// Does a job and those that wait already; when there is a visit among them, also those that come within
/// [`OPEN_FOR`].
fn run_batch(
    store: &mut dyn Store,
    settings: &WriterSettings,
    mut copies: Option<&mut archive::WarcWriter>,
    queue: &mut JobQueue,
    mut next: Option<Job>,
) -> Result<(), Error> {
    let mut until = Instant::now();
    let mut has_visit = false;
    let mut done = 0;
    while let Some(job) = next {
        match job {
            Job::Work(work) => work(store, settings)?,
            Job::Visit(visit, copy, reply) => {
                if !has_visit {
                    has_visit = true;
                    until = Instant::now() + OPEN_FOR;
                }
                let now_ms = settings.clock.now_ms();
                if let (Some(copies), Some(copy)) = (copies.as_deref_mut(), copy) {
                    copies.append(&copy, now_ms)?;
                }
                let _ = reply.send(store.record_visit(*visit, settings.rules, now_ms)?);
            }
            Job::Close => {}
        }
        done += 1;
        next = (done < MAX_JOBS).then(|| queue.next(until)).flatten();
    }
    Ok(())
}

/// The jobs that come, until there is to be no more.
struct JobQueue {
    jobs: mpsc::Receiver<Job>,
    is_closed: bool,
    runtime: Handle,
}

impl JobQueue {
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
