//! What is to be fetched now, and when there is something again.

use rusqlite::params;

use super::{Part, Store};
use crate::Error;
use crate::article::Hints;
use crate::fetch::Validators;
use crate::frontier::Role;

/// A URL that is to be fetched now.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The URL's row.
    pub id: i64,
    /// Canonical form.
    pub url: String,
    /// The site in whose name it is fetched.
    pub site: String,
    /// What it is believed to be.
    pub role: Role,
    /// Whether it is a customary place that need not exist.
    pub guessed: bool,
    /// Links from the seed.
    pub depth: u32,
    /// What a feed or sitemap said about it.
    pub hints: Hints,
    /// Failures in a row so far.
    pub tries: u32,
    /// When it was fetched with success last, in Unix milliseconds.
    pub fetched_ms: Option<i64>,
    /// When it was found, in Unix milliseconds.
    pub found_ms: i64,
    /// For conditional requests.
    pub etag: Option<String>,
    /// For conditional requests.
    pub last_modified: Option<String>,
    /// Seconds between visits so far.
    pub interval_s: Option<u64>,
    /// When it fell due, in Unix milliseconds.
    pub due_ms: i64,
    /// When it brought something new last, in Unix milliseconds.
    pub news_ms: Option<i64>,
}

impl Due {
    /// What it was known by when it was fetched last.
    #[must_use]
    pub fn validators(&self) -> Validators {
        Validators {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        }
    }
}

impl Store {
    /// The best URLs in the queue of a host that was [leased](Store::lease_hosts).
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn due(&self, host: i64, count: usize, part: &Part) -> Result<Vec<Due>, Error> {
        let read = || -> rusqlite::Result<Vec<Due>> {
            self.connection
                .prepare_cached(&best_of_host(part))?
                .query_map(params![host, count], |row| {
                    Ok(Due {
                        id: row.get(0)?,
                        url: row.get(1)?,
                        site: row.get(2)?,
                        role: Role::named(&row.get::<_, String>(3)?),
                        guessed: row.get(4)?,
                        depth: row.get(5)?,
                        hints: row
                            .get::<_, Option<String>>(6)?
                            .and_then(|json| serde_json::from_str(&json).ok())
                            .unwrap_or_default(),
                        tries: row.get(7)?,
                        fetched_ms: row.get(8)?,
                        found_ms: row.get(9)?,
                        etag: row.get(10)?,
                        last_modified: row.get(11)?,
                        interval_s: row.get(12)?,
                        due_ms: row.get(13)?,
                        news_ms: row.get(14)?,
                    })
                })?
                .collect()
        };
        self.sql(read())
    }

    /// How many URLs are in a host's queue; counting ends at `most`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn count_due(&self, host: i64, most: usize, part: &Part) -> Result<u64, Error> {
        let count = || {
            self.connection
                .prepare_cached(&format!(
                    "SELECT count(*) FROM
                       (SELECT 1 FROM url u WHERE host_id = ?1 AND waiting = 1{} LIMIT ?2)",
                    part.condition()
                ))?
                .query_row(params![host, most], |row| row.get(0))
        };
        self.sql(count())
    }

    /// Addresses of the articles that are due at `now_ms`, best first.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn due_articles(&self, now_ms: i64, part: &Part) -> Result<Vec<String>, Error> {
        let read = || -> rusqlite::Result<Vec<String>> {
            self.connection
                .prepare(&format!(
                    "SELECT url FROM url u WHERE due_at <= ?1 AND role = 'article'{}
                     ORDER BY priority DESC",
                    part.condition()
                ))?
                .query_map([now_ms], |row| row.get(0))?
                .collect()
        };
        self.sql(read())
    }

    /// When the next URL of a host that is not leased falls due, in Unix milliseconds; a host that
    /// is not ready before then counts with that time.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn next_due(&self, part: &Part) -> Result<Option<i64>, Error> {
        let find = || -> rusqlite::Result<Option<i64>> {
            let waiting: Option<i64> = self
                .connection
                .prepare_cached(&format!(
                    "SELECT min(h.ready_at) FROM host h WHERE h.leased_by IS NULL
                       AND EXISTS (SELECT 1 FROM url u WHERE u.host_id = h.id AND u.waiting = 1{})",
                    part.condition()
                ))?
                .query_row([], |row| row.get(0))?;
            let mut later = self.connection.prepare_cached(&in_order_of_time(part))?;
            let mut rows = later.query([])?;
            let mut first = waiting;
            while let Some(row) = rows.next()? {
                let (due, ready): (i64, i64) = (row.get(0)?, row.get(1)?);
                if first.is_some_and(|first| first <= due) {
                    break;
                }
                let at = due.max(ready);
                first = Some(first.map_or(at, |first| first.min(at)));
            }
            Ok(first)
        };
        self.sql(find())
    }
}

/// The best `?2` URLs in the queue of host `?1`.
pub(super) fn best_of_host(part: &Part) -> String {
    format!(
        "SELECT id, url, site, role, guessed, depth, hint, tries, fetched_at, found_at, etag,
           last_modified, interval_s, due_at, news_at
         FROM url u WHERE host_id = ?1 AND waiting = 1{} ORDER BY priority DESC LIMIT ?2",
        part.condition()
    )
}

/// When each URL of a host that is not leased falls due later, and when its host is ready, in the
/// order of the first.
pub(super) fn in_order_of_time(part: &Part) -> String {
    format!(
        "SELECT u.due_at, h.ready_at FROM url u CROSS JOIN host h ON h.id = u.host_id
         WHERE u.waiting = 0 AND u.due_at IS NOT NULL AND h.leased_by IS NULL{}
         ORDER BY u.due_at",
        part.condition()
    )
}
