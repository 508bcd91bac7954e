//! The log: which runs there were, and every try of every URL.

use rusqlite::params;

use super::Store;
use crate::Error;
use crate::outcome::Outcome;

/// One try of one URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLine {
    /// The run it belongs to.
    pub run: i64,
    /// The URL's row.
    pub url: i64,
    /// When it began, in Unix milliseconds.
    pub at_ms: i64,
    /// The response's status, where there was one.
    pub status: Option<u16>,
    /// What became of it.
    pub outcome: Outcome,
    /// More words on it.
    pub reason: Option<String>,
    /// Requests sent, redirects counted in.
    pub requests: u32,
    /// Bytes received, as they were sent.
    pub bytes: u64,
    /// From the first request to the end of the body.
    pub elapsed_ms: u64,
}

impl Store {
    /// Opens a run in the log and returns its number.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn begin_run(&self, now_ms: i64) -> Result<i64, Error> {
        self.sql(self.connection.query_row(
            "INSERT INTO run (started_at) VALUES (?1) RETURNING id",
            [now_ms],
            |row| row.get(0),
        ))
    }

    /// Closes a run in the log with its summary as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn end_run(&self, run: i64, now_ms: i64, summary: &str) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "UPDATE run SET ended_at = ?2, summary = ?3 WHERE id = ?1",
            params![run, now_ms, summary],
        ))?;
        Ok(())
    }

    /// Adds a try to the log.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn log_fetch(&self, line: &FetchLine) -> Result<(), Error> {
        let log = || -> rusqlite::Result<usize> {
            self.connection
                .prepare_cached(
                    "INSERT INTO fetch (run_id, url_id, at, status, outcome, reason, requests, bytes, elapsed_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    line.run, line.url, line.at_ms, line.status, line.outcome.to_string(), line.reason,
                    line.requests, line.bytes.cast_signed(), line.elapsed_ms.cast_signed()
                ])
        };
        self.sql(log())?;
        Ok(())
    }
}
