//! The store: the frontier, the records and the log of what was done.
//!
//! [`Store`] is the interface that a crawl, `export`, `search` and `status` use. Its methods record whole
//! visits, in types of our own. What every implementation must decide alike is written here once, as
//! functions over what the implementation has read: whether an article is new, changed or a copy
//! (`articles`), whether an address is worth a request and what makes a link news (`urls`), when a source
//! is due again (`visit`), what repeats across a site (`sitewide`).
//!
//! The first implementation is one `SQLite` file (`sqlite`). One process writes to it at a time, any
//! number read.

mod articles;
mod contents;
mod left_alone;
mod sitewide;
mod sqlite;
mod urls;
mod visit;

use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::Path;

pub use articles::NewArticle;
pub use contents::{ArticleFilter, ExportMark, HostStatus, SearchHit, StoreStatus, StoredArticle};
pub use left_alone::{EvidenceRow, LeftAloneCount, PastVisit, UrlHistory};
pub use urls::{DueUrl, FrontierSlice, HostLease, NewUrl, UrlState};
pub use visit::{FetchLogEntry, FurtherPage, SourceSchedule, VisitResult, VisitRules};

use self::sqlite::SqliteStore;
use crate::Error;
use crate::config::Refresh;
use crate::outcome::Outcome;

type Result<T> = std::result::Result<T, Error>;

/// An open store.
///
/// Hosts, URLs and runs are named by the number that the store gave them. Times (`…_ms`) are Unix
/// milliseconds. Hosts are leased, never single URLs, so that one worker alone keeps a host's delay.
///
/// # Errors
///
/// Every method fails with [`Error::Store`] when the store cannot be read or written.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Store: Debug + Send {
    /// Does `work` in one transaction: all of it is stored or, when `work` fails, nothing. A method
    /// called outside of one is a transaction by itself.
    fn transaction(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<()>) -> Result<()>;

    /// Opens a run in the log and returns its number. Ends the leases of runs that did not end cleanly,
    /// adds the seeds to the frontier, and makes the sources due that `refresh` names, whatever their
    /// schedule.
    fn begin_run(&mut self, seeds: &[NewUrl], refresh: Refresh, now_ms: i64) -> Result<i64>;

    /// Closes a run in the log, with its summary as JSON.
    fn end_run(&mut self, run: i64, now_ms: i64, summary: &str) -> Result<()>;

    /// Whether an address of the site is known.
    fn knows_site(&self, site: &str) -> Result<bool>;

    /// Leases up to `count` hosts that have URLs due to a worker, until `until_ms`.
    fn lease_hosts(
        &mut self,
        worker: &str,
        count: usize,
        slice: &FrontierSlice,
        now_ms: i64,
        until_ms: i64,
    ) -> Result<Vec<HostLease>>;

    /// Stores what politeness remembers of a leased host for the next run.
    fn remember_host(&mut self, host: i64, memory: &str) -> Result<()>;

    /// Ends a host's lease; it is not leased again before `ready_ms`. Without `memory`, the stored one
    /// stays.
    fn release_host(&mut self, host: i64, ready_ms: i64, memory: Option<&str>) -> Result<()>;

    /// The URLs of a leased host that are due, by priority, `count` at most.
    fn due_urls(&self, host: i64, count: usize, slice: &FrontierSlice) -> Result<Vec<DueUrl>>;

    /// How many URLs of a leased host are due; counting ends at `most`.
    fn count_due(&self, host: i64, most: usize, slice: &FrontierSlice) -> Result<u64>;

    /// When the next URL of a host that is not leased is due, but not before the host may be leased.
    fn next_due_ms(&self, slice: &FrontierSlice) -> Result<Option<i64>>;

    /// Addresses of the articles that are due, by priority.
    fn due_articles(&self, slice: &FrontierSlice, now_ms: i64) -> Result<Vec<String>>;

    /// Adds links to the frontier before their page is read to its end. Returns how many are news for it.
    ///
    /// A link that is not worth a request gets a row with a reason, up to a bound for each site and reason,
    /// and is weighed again with each further mention.
    /// A known URL that was not fetched yet takes over a link's priority and hints when they are better.
    /// One that was fetched is due again when the link says that it changed since: a sitemap always, others
    /// with [`VisitRules::track_changes`]. A new address of a page that is known under a twin of it
    /// (`https`, `www.`, AMP) becomes an alias.
    fn add_links(
        &mut self,
        source: &DueUrl,
        links: &[NewUrl],
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<u64>;

    /// Stores what came of one visit, and returns the URL's outcome and those of a story's further pages: for
    /// an article it depends on what is stored already.
    ///
    /// An article whose address is known is compared with what is stored, and replaces it when it
    /// differs (the old version is kept). A body that is known under another address of the same article
    /// becomes an alias; one that is known from another article is stored with a pointer to the first.
    fn record_visit(
        &mut self,
        visit: VisitResult,
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<(Outcome, Vec<Outcome>)>;

    /// At the end of a run: takes what repeats across a site out of its articles that were stored before
    /// that was known. Returns how many changed.
    fn clean_stored_articles(&mut self) -> Result<u64>;

    /// Calls `each` with each article of the filter, in the order they were stored, until it breaks.
    /// [`dyn Store::articles`](trait.Store.html#method.articles) is for an `each` that may fail.
    fn each_article(
        &self,
        filter: &ArticleFilter,
        each: &mut dyn FnMut(StoredArticle) -> ControlFlow<()>,
    ) -> Result<()>;

    /// How far the export of that name came; the beginning when there was none.
    fn export_mark(&self, name: &str) -> Result<ExportMark>;

    /// Stores how far the export of that name came.
    fn set_export_mark(&mut self, name: &str, mark: ExportMark) -> Result<()>;

    /// Articles with all of the words of `query` in title or text, best first (BM25, the title
    /// counting four times). Words in double quotes are searched as a phrase.
    fn search(&self, query: &str, filter: &ArticleFilter, limit: usize) -> Result<Vec<SearchHit>>;

    /// What the store holds.
    fn status(&self, now_ms: i64) -> Result<StoreStatus>;

    /// What the store holds of each host, by name.
    fn host_status(&self, now_ms: i64) -> Result<Vec<HostStatus>>;

    /// How many addresses are not fetched, by site and reason.
    fn left_alone(&self) -> Result<Vec<LeftAloneCount>>;

    /// What is known of an address in canonical form: who named it, what it was taken for and why, what
    /// became of it. Reads the whole log of visits.
    fn history(&self, url: &str) -> Result<UrlHistory>;
}

impl dyn Store + '_ {
    /// Calls `each` with each article of the filter, in the order they were stored, until it fails.
    ///
    /// # Errors
    ///
    /// [`Error::Store`], or what `each` returns.
    pub fn articles<E: From<Error>>(
        &self,
        filter: &ArticleFilter,
        mut each: impl FnMut(StoredArticle) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut failed = None;
        self.each_article(filter, &mut |article| match each(article) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(()), Err)
    }
}

/// Opens a store for writing; makes it when it is not there. No one else can open it for writing until
/// this value is dropped.
///
/// # Errors
///
/// [`Error::Locked`] when another run holds it; [`Error::NoStore`] when the file is no store, is newer
/// than this program, or its folder is not there; [`Error::Store`] when it cannot be written.
pub fn open(path: &Path) -> Result<Box<dyn Store>> {
    Ok(Box::new(SqliteStore::open(path)?))
}

/// Opens a store for reading; a run may be writing to it meanwhile.
///
/// # Errors
///
/// [`Error::NoStore`] when there is no such store, or it needs a newer program or an upgrade;
/// [`Error::Store`] when it cannot be read.
pub fn open_to_read(path: &Path) -> Result<Box<dyn Store>> {
    Ok(Box::new(SqliteStore::open_to_read(path)?))
}

/// Opens a temporary copy of a store, which is deleted when this value is dropped. Where there is no store,
/// the copy is empty.
///
/// # Errors
///
/// As [`open_to_read`]; [`Error::Store`] when the copy cannot be written.
pub fn open_scratch_copy(path: &Path) -> Result<Box<dyn Store>> {
    Ok(Box::new(SqliteStore::open_scratch_copy(path)?))
}

#[cfg(test)]
mod tests;
