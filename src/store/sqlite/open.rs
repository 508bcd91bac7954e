//! Opening, making, locking, copying and upgrading the file, and what may be wrong with it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{SqliteStore, schema};
use crate::Error;
use crate::frontier::Clock;
use crate::store::Result;
use crate::store::sitewide::SiteCountsCache;

/// How long a reader waits for a writer's commit before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// The lock file, held.
#[derive(Debug)]
pub(super) struct Lock(pub(super) File);

impl Drop for Lock {
    /// Closing the file is not enough: a child that another thread is just starting has it too, until
    /// it becomes its own program. Unlocking counts for both (flock(2)).
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The files of a store in the system's folder for temporary files, gone when dropped.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let _ = std::fs::remove_file(beside(&self.0, suffix));
        }
    }
}

impl SqliteStore {
    pub(in crate::store) fn open(path: &Path) -> Result<Self> {
        let lock = acquire(path)?;
        if path.symlink_metadata().is_err() {
            make(path).map_err(|e| explain(path, e))?;
        }
        let connection = Connection::open(path).map_err(|e| explain(path, e))?;
        let mut store = Self::of(path, connection, Some(lock));
        store.explained(store.prepare())?;
        store.upgrade()?;
        Ok(store)
    }

    pub(in crate::store) fn open_to_read(path: &Path) -> Result<Self> {
        if !path.exists() {
            let message = "there is no such store; `gleaner crawl --store PATH` makes one";
            return Err(Error::no_store(path, message));
        }
        // Not read-only: a reader of a WAL store must be able to make its -shm file.
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|e| explain(path, e))?;
        let store = Self::of(path, connection, None);
        let (version, newest) = (store.version()?, schema::newest());
        if version != newest {
            let message = format!(
                "the store has schema version {version}, this program reads {newest}; run `gleaner crawl` on it once to upgrade it"
            );
            return Err(Error::no_store(path, message));
        }
        store.explained(store.connection.busy_timeout(BUSY_TIMEOUT))?;
        Ok(store)
    }

    pub(in crate::store) fn open_scratch_copy(path: &Path) -> Result<Self> {
        let name = format!(
            "gleaner-dry-run-{}-{}.db",
            std::process::id(),
            Clock::system().now_ms()
        );
        let scratch = Scratch(std::env::temp_dir().join(name));
        if path.exists() {
            let connection = Self::open_to_read(path)?.connection;
            connection
                .execute("VACUUM INTO ?1", [scratch.0.to_string_lossy()])
                .map_err(|e| explain(&scratch.0, e))?;
        }
        let store = Self::open(&scratch.0)?;
        Ok(Self {
            scratch: Some(scratch),
            ..store
        })
    }

    fn of(path: &Path, connection: Connection, lock: Option<Lock>) -> Self {
        Self {
            path: path.to_owned(),
            connection,
            sites: SiteCountsCache::default(),
            lock,
            scratch: None,
        }
    }

    fn version(&self) -> Result<usize> {
        let (application, version, tables) = self.explained(self.read_version())?;
        if application != i64::from(schema::APPLICATION_ID) && tables > 0 {
            let message = "this is a database of another program; name another file with --store";
            return Err(Error::no_store(&self.path, message));
        }
        Ok(usize::try_from(version).unwrap_or(0))
    }

    fn upgrade(&mut self) -> Result<()> {
        let (version, newest) = (self.version()?, schema::newest());
        if version > newest {
            let message = format!(
                "the store has schema version {version}, this program knows {newest}; use the newer gleaner that wrote it"
            );
            return Err(Error::no_store(&self.path, message));
        }
        if version < newest {
            let upgraded = schema::migrate(&mut self.connection, version);
            self.explained(upgraded)?;
        }
        Ok(())
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode a killed process loses nothing; only a power cut can cost the last commits.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // 16 MiB of pages: enough for the indices' upper levels, small beside the memory budget.
        connection.pragma_update(None, "cache_size", -16_384)?;
        // 16 MiB of log before it is copied into the file: pages that are written again and again, as
        // those of indices are, are copied once.
        connection.pragma_update(None, "wal_autocheckpoint", 4096)?;
        connection.set_prepared_statement_cache_capacity(128);
        // A prepared statement is not planned anew for each value that is bound to it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(())
    }

    /// Whose file it is, the version of its schema, and how many tables it has.
    fn read_version(&self) -> rusqlite::Result<(i64, i64, i64)> {
        let connection = &self.connection;
        let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables = connection.query_row(tables, [], |row| row.get(0))?;
        Ok((number("application_id")?, number("user_version")?, tables))
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
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Takes the lock file beside the store. The system lets go of it when the process ends, however
/// it ends.
fn acquire(path: &Path) -> Result<Lock> {
    let name = beside(path, ".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|e| {
            let message = format!(
                "cannot make {} ({e}); the store's folder must exist and be writable",
                name.display()
            );
            match e.kind() {
                std::io::ErrorKind::NotFound => Error::no_store(path, message),
                _ => Error::store(path, message),
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

/// What went wrong with the file and, where that is known, what to do.
pub(super) fn explain(path: &Path, error: rusqlite::Error) -> Error {
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
        _ => return Error::store(path, error.to_string()).caused_by(error),
    };
    Error::store(path, format!("{hint} ({error})")).caused_by(error)
}
