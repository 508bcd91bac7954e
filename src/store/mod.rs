//! The store: one `SQLite` file with the frontier, the records and the log of what was done.
//!
//! One process writes at a time ([`Store::lock`]); any number read. Everything that belongs to one
//! visit is written in one transaction, so a run that is killed at any instant leaves nothing half
//! done.

mod articles;
mod due;
mod frontier;
mod hosts;
mod read;
mod runs;
mod schema;
mod shapes;
mod sitewide;

use std::cell::RefCell;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use articles::{NewArticle, Placed};
pub use due::Due;
pub use frontier::{Added, NewUrl, Settlement};
pub use hosts::{HostLease, Part};
pub use read::{Exported, Filter, Found, HostStatus, Mark, Status};
pub use runs::FetchLine;

use crate::Error;

/// How long a reader waits for a writer's commit before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// An open store.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    /// What repeats across sites, as far as it is not written down.
    counts: RefCell<sitewide::Counts>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "held until the store is dropped")
    )]
    lock: Option<Lock>,
}

/// The lock file, held.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough: a child that another thread is just starting has it too, until
    /// it becomes its own program. Unlocking counts for both (flock(2)).
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl Store {
    /// Opens a store for writing, and makes it when it is not there. No other run can lock it
    /// until this value is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] when another run holds it; [`Error::NoStore`] when the file is no store, is
    /// newer than this program, or its folder is not there; [`Error::Store`] when it cannot be written.
    pub fn lock(path: &Path) -> Result<Self, Error> {
        let lock = acquire(path)?;
        if path.symlink_metadata().is_err() {
            make(path).map_err(|e| explain(path, e))?;
        }
        let connection = Connection::open(path).map_err(|e| explain(path, e))?;
        let mut store = Self {
            path: path.to_owned(),
            connection,
            counts: RefCell::default(),
            lock: Some(lock),
        };
        store.prepare().map_err(|e| explain(path, e))?;
        store.upgrade()?;
        Ok(store)
    }

    /// Opens a store for reading; a run may be writing to it meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::NoStore`] when there is no such store, or it needs a newer program or an upgrade;
    /// [`Error::Store`] when it cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        if !path.exists() {
            let message = "there is no such store; `gleaner crawl --store PATH` makes one";
            return Err(Error::no_store(path, message));
        }
        // Not read-only: a reader of a WAL store must be able to make its -shm file.
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|e| explain(path, e))?;
        let store = Self {
            path: path.to_owned(),
            connection,
            counts: RefCell::default(),
            lock: None,
        };
        let version = store.version()?;
        if version != schema::newest() {
            let message = format!(
                "the store has schema version {version}, this program reads {}; run `gleaner crawl` on it once to upgrade it",
                schema::newest()
            );
            return Err(Error::no_store(path, message));
        }
        store
            .connection
            .busy_timeout(BUSY_TIMEOUT)
            .map_err(|e| explain(path, e))?;
        Ok(store)
    }

    /// Copies the store to `to`, which must not exist.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when the copy cannot be written.
    pub fn copy_to(&self, to: &Path) -> Result<(), Error> {
        self.connection
            .execute("VACUUM INTO ?1", [to.to_string_lossy()])
            .map_err(|e| explain(to, e))?;
        Ok(())
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode a killed process loses nothing; only a power cut can cost the last commits.
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        // 16 MiB of pages: enough for the indices' upper levels, small beside the memory budget.
        self.connection.pragma_update(None, "cache_size", -16_384)?;
        // 16 MiB of log before it is copied into the file: pages that are written again and again, as
        // those of indices are, are copied once.
        self.connection
            .pragma_update(None, "wal_autocheckpoint", 4096)?;
        self.connection.set_prepared_statement_cache_capacity(128);
        // A prepared statement is not planned anew for each value that is bound to it.
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(())
    }

    fn version(&self) -> Result<usize, Error> {
        let number = |pragma: &str| -> rusqlite::Result<i64> {
            self.connection
                .pragma_query_value(None, pragma, |row| row.get(0))
        };
        let read = || -> rusqlite::Result<(i64, i64, i64)> {
            let tables =
                self.connection
                    .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            Ok((number("application_id")?, number("user_version")?, tables))
        };
        let (application, version, tables) = read().map_err(|e| explain(&self.path, e))?;
        if application != i64::from(schema::APPLICATION_ID) && tables > 0 {
            let message = "this is a database of another program; name another file with --store";
            return Err(Error::no_store(&self.path, message));
        }
        Ok(usize::try_from(version).unwrap_or(0))
    }

    fn upgrade(&mut self) -> Result<(), Error> {
        let version = self.version()?;
        let newest = schema::newest();
        if version > newest {
            let message = format!(
                "the store has schema version {version}, this program knows {newest}; use the newer gleaner that wrote it"
            );
            return Err(Error::no_store(&self.path, message));
        }
        if version < newest {
            schema::migrate(&mut self.connection, version).map_err(|e| explain(&self.path, e))?;
        }
        Ok(())
    }

    /// Runs `work` in one transaction: all of it is stored, or nothing.
    ///
    /// # Errors
    ///
    /// What `work` or the commit returns.
    pub fn transaction<T>(
        &mut self,
        work: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.execute("BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|value| {
            self.sql(self.index_text())?;
            self.execute("COMMIT").map(|()| value)
        });
        if done.is_err() {
            // A full disk may have ended the transaction already; then this says so, to nobody.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        done
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        self.sql(self.connection.execute_batch(sql))
    }

    fn sql<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|e| explain(&self.path, e))
    }
}

/// Makes an empty store. It appears with all its tables or not at all, whatever happens meanwhile, so
/// that nobody ever reads half of one.
fn make(path: &Path) -> rusqlite::Result<()> {
    let new = beside(path, ".new");
    // What a run left that was killed here.
    let _ = std::fs::remove_file(&new);
    let mut connection = Connection::open(&new)?;
    schema::migrate(&mut connection, 0)?;
    connection.close().map_err(|(_, error)| error)?;
    std::fs::rename(&new, path).map_err(|error| {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
        rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
    })
}

/// A file of the store's own beside it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Takes the lock file beside the store. The system lets go of it when the process ends, however
/// it ends.
fn acquire(path: &Path) -> Result<Lock, Error> {
    let name = beside(path, ".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|e| {
            let is_nowhere = e.kind() == std::io::ErrorKind::NotFound;
            let message = format!(
                "cannot make {} ({e}); the store's folder must exist and be writable",
                name.display()
            );
            if is_nowhere {
                Error::no_store(path, message)
            } else {
                Error::store(path, message)
            }
            .caused_by(e)
        })?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(Error::Locked {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(e)) => {
            let message = format!("cannot lock {}: {e}", name.display());
            Err(Error::store(path, message).caused_by(e))
        }
    }
}

fn explain(path: &Path, error: rusqlite::Error) -> Error {
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        let message = "the file is no SQLite database; name another file with --store";
        return Error::no_store(path, format!("{message} ({error})")).caused_by(error);
    }
    if path.is_dir() {
        return Error::no_store(path, "this is a folder; name a file with --store");
    }
    let hint = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "the disk is full; what was stored is safe, make room and run again"
        }
        Some(ErrorCode::ReadOnly) => {
            "the store cannot be written; check the permissions of the file and its folder"
        }
        Some(ErrorCode::CannotOpen) => {
            "the store cannot be opened; its folder must exist and be writable"
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            "the store is damaged; restore it from a backup, or save what can be read with `sqlite3 STORE .recover`"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk failed or is full; what was stored is safe, run again when it is mended"
        }
        _ => "",
    };
    let message = if hint.is_empty() {
        error.to_string()
    } else {
        format!("{hint} ({error})")
    };
    Error::store(path, message).caused_by(error)
}

#[cfg(test)]
mod tests;
