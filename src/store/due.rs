//! What is to be fetched now, and when there is something again.

use rusqlite::params;

use super::{Part, Store};
use crate::Error;
use crate::extract::Hints;
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

impl Store {
    /// The best URLs of a leased host that are due at `now_ms`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn due(
        &self,
        host: i64,
        count: usize,
        now_ms: i64,
        part: &Part,
    ) -> Result<Vec<Due>, Error> {
        let read = || -> rusqlite::Result<Vec<Due>> {
            self.connection
                .prepare_cached(&format!(
                    "SELECT id, url, site, role, guessed, depth, hint, tries, fetched_at, found_at, etag,
                       last_modified, interval_s, due_at, news_at
                     FROM url u WHERE host_id = ?2 AND {} ORDER BY priority DESC LIMIT ?3",
                    part.condition("?1")
                ))?
                .query_map(params![now_ms, host, count], |row| {
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

    /// How many URLs of a host are due at `now_ms`; counting ends at `most`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn count_due(
        &self,
        host: i64,
        most: usize,
        now_ms: i64,
        part: &Part,
    ) -> Result<u64, Error> {
        let count = || {
            self.connection
                .prepare_cached(&format!(
                    "SELECT count(*) FROM (SELECT 1 FROM url u WHERE host_id = ?2 AND {} LIMIT ?3)",
                    part.condition("?1")
                ))?
                .query_row(params![now_ms, host, most], |row| row.get(0))
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
                    "SELECT url FROM url u WHERE {} AND role = 'article' ORDER BY priority DESC",
                    part.condition("?1")
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
        self.sql(self.connection.query_row(
            &format!(
                "SELECT min(max(u.due_at, h.ready_at)) FROM url u JOIN host h ON h.id = u.host_id
                 WHERE h.leased_by IS NULL AND {}",
                part.condition("9223372036854775807")
            ),
            [],
            |row| row.get(0),
        ))
    }

    /// Whether another seed, feed or sitemap of the site falls due within `span_ms` around `at_ms`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn is_taken(&self, source: &Due, at_ms: i64, span_ms: i64) -> Result<bool, Error> {
        let taken = || {
            self.connection
                .prepare_cached(
                    "SELECT 1 FROM url WHERE site = ?1 AND role IN ('seed', 'feed', 'sitemap')
                       AND id <> ?2 AND due_at BETWEEN ?3 AND ?4",
                )?
                .exists(params![
                    source.site,
                    source.id,
                    at_ms - span_ms,
                    at_ms + span_ms
                ])
        };
        self.sql(taken())
    }
}
