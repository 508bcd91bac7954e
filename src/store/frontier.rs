//! The frontier's tables: which URLs are known, which are due, and which host is leased to whom.

use rusqlite::{OptionalExtension, params};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::Store;
use crate::Error;
use crate::article::Hints;
use crate::frontier::Role;

/// A URL to be known from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUrl {
    /// Canonical form.
    pub url: String,
    /// Host, with the port where it is not the scheme's own.
    pub host: String,
    /// The site in whose name it is fetched.
    pub site: String,
    /// What it is believed to be.
    pub role: Role,
    /// Whether it is a customary place that need not exist.
    pub guessed: bool,
    /// Links from the seed.
    pub depth: u32,
    /// Higher is fetched earlier.
    pub priority: f64,
    /// Where its looks alone speak for its role: how likely it is an article, 0 to 1. What the site's
    /// addresses of the same shape were then counts too.
    pub looks: Option<f32>,
    /// Whether a sitemap lists it.
    pub listed: bool,
    /// What a feed or sitemap said about it.
    pub hints: Option<Hints>,
    /// When it was last changed, as the feed or sitemap says, in Unix milliseconds.
    pub modified_ms: Option<i64>,
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Whether it is new work.
    pub is_new: bool,
    /// When the URL was found first, in Unix milliseconds; none when it is left alone.
    pub found_ms: Option<i64>,
}

/// A URL's state after a visit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settlement {
    /// When it is due again, in Unix milliseconds; none for never.
    pub due_ms: Option<i64>,
    /// Failures in a row.
    pub tries: u32,
    /// What it turned out to be.
    pub role: Option<Role>,
    /// For the next conditional request.
    pub etag: Option<String>,
    /// For the next conditional request.
    pub last_modified: Option<String>,
    /// Seconds until the next visit, for the schedule to go on from.
    pub interval_s: Option<u64>,
    /// When it brought something new, if it did now, in Unix milliseconds.
    pub news_ms: Option<i64>,
}

impl NewUrl {
    fn hint(&self) -> Option<String> {
        let hints = self.hints.as_ref()?;
        serde_json::to_string(hints).ok()
    }
}

/// A number that addresses of one page have in common; see [`crate::address::page_key`].
fn identity(url: &str) -> i64 {
    let key = Url::parse(url).map_or_else(|_| url.to_owned(), |url| crate::address::page_key(&url));
    xxh3_64(key.as_bytes()).cast_signed()
}

impl Store {
    /// Whether an address of the site is known.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn knows_site(&self, site: &str) -> Result<bool, Error> {
        self.sql(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM url WHERE site = ?1)",
            [site],
            |row| row.get(0),
        ))
    }

    /// Makes a URL known and due. A known one that was not fetched yet takes over better evidence;
    /// a known one that was fetched stays as it is, unless `recheck` holds (it always does for
    /// sitemaps) and the evidence says that it changed since. A new address of a page that is known
    /// under a twin of it is an alias.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn add_url(
        &self,
        new: &NewUrl,
        found_on: Option<i64>,
        now_ms: i64,
        recheck: bool,
    ) -> Result<Added, Error> {
        let known: Option<(i64, Option<i64>, f64, i64)> = self.sql(
            self.connection
                .prepare_cached("SELECT id, fetched_at, priority, found_at FROM url WHERE url = ?1")
                .and_then(|mut known| {
                    known
                        .query_row([&new.url], |row| {
                            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                        })
                        .optional()
                }),
        )?;
        let is_new = self.sql(match known {
            Some((id, Some(fetched), ..)) => {
                let recheck = recheck || new.role == Role::Sitemap;
                let changed = recheck && new.modified_ms.is_some_and(|at| at > fetched);
                if changed {
                    self.due_again(id, now_ms)
                } else {
                    Ok(false)
                }
            }
            Some((id, None, priority, _)) if new.priority > priority => self.improve(id, new),
            Some(_) => Ok(false),
            None => self.insert_url(new, found_on, now_ms),
        })?;
        let found_ms = known.map(|(.., found)| found);
        Ok(Added {
            is_new,
            found_ms: found_ms.or(is_new.then_some(now_ms)),
        })
    }

    fn due_again(&self, id: i64, now_ms: i64) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached("UPDATE url SET due_at = ?2, waiting = 1 WHERE id = ?1")?
            .execute([id, now_ms])?;
        Ok(true)
    }

    /// Takes over better evidence for a URL that was not fetched yet.
    fn improve(&self, id: i64, new: &NewUrl) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached(
                "UPDATE url SET priority = ?2, hint = coalesce(?3, hint),
                   role = CASE WHEN role = 'seed' THEN role ELSE ?4 END,
                   depth = min(depth, ?5) WHERE id = ?1",
            )?
            .execute(params![
                id,
                new.priority,
                new.hint(),
                new.role.name(),
                new.depth
            ])?;
        Ok(false)
    }

    fn insert_url(
        &self,
        new: &NewUrl,
        found_on: Option<i64>,
        now_ms: i64,
    ) -> rusqlite::Result<bool> {
        let Some(role) = self.role_by_experience(new)? else {
            return Ok(false);
        };
        let identity = identity(&new.url);
        if self.is_alias(&new.url)? || (role != Role::Seed && self.has_twin(&new.url, identity)?) {
            return Ok(false);
        }
        let host = self.host_id(&new.host, now_ms)?;
        self.connection
            .prepare_cached(
                "INSERT INTO url (url, host_id, site, role, guessed, depth, priority, hint,
                   found_at, found_on, due_at, identity, waiting)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11, 1)",
            )?
            .execute(params![
                new.url,
                host,
                new.site,
                role.name(),
                new.guessed,
                new.depth,
                new.priority,
                new.hint(),
                now_ms,
                found_on,
                identity
            ])?;
        Ok(true)
    }

    fn is_alias(&self, url: &str) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM alias WHERE url = ?1")?
            .exists([url])
    }

    /// Whether the page is known under a twin of the address (`https`, `www.`, AMP …) that did not
    /// fail. Where an article is stored under it, the address becomes an alias.
    fn has_twin(&self, url: &str, identity: i64) -> rusqlite::Result<bool> {
        let twin: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT url FROM url WHERE identity = ?1 AND (tries = 0 OR fetched_at IS NOT NULL)",
            )?
            .query_row([identity], |row| row.get(0))
            .optional()?;
        let Some(twin) = twin else { return Ok(false) };
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO alias (url, article_id)
                 SELECT ?1, id FROM article WHERE url = ?2
                 UNION ALL SELECT ?1, article_id FROM alias WHERE url = ?2",
            )?
            .execute([url, &twin])?;
        Ok(true)
    }

    /// Makes the named seed due now, whatever its schedule says.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn make_due(&self, url: &str, now_ms: i64) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "UPDATE url SET due_at = min(coalesce(due_at, ?2), ?2), waiting = 1 WHERE url = ?1",
            params![url, now_ms],
        ))?;
        Ok(())
    }

    /// Makes every feed, sitemap, section page and seed due now.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn refresh(&self, now_ms: i64) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "UPDATE url SET due_at = ?1, waiting = 1 WHERE role <> 'article' AND due_at IS NOT NULL",
            [now_ms],
        ))?;
        Ok(())
    }

    /// Writes a URL's state after a visit.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn settle(
        &self,
        url: i64,
        now_ms: i64,
        outcome: crate::outcome::Outcome,
        reason: Option<&str>,
        state: &Settlement,
    ) -> Result<(), Error> {
        let settle = || -> rusqlite::Result<usize> {
            self.connection
                .prepare_cached(
                    "UPDATE url SET due_at = ?2, waiting = 0, tries = ?3, fetched_at = CASE WHEN ?3 = 0 THEN ?4 ELSE fetched_at END,
                       outcome = ?5, reason = ?6, role = coalesce(?7, role), etag = coalesce(?8, etag),
                       last_modified = coalesce(?9, last_modified), interval_s = ?10,
                       news_at = coalesce(?11, news_at)
                     WHERE id = ?1",
                )?
                .execute(params![
                    url, state.due_ms, state.tries, now_ms, outcome.to_string(), reason,
                    state.role.map(Role::name), state.etag, state.last_modified, state.interval_s,
                    state.news_ms
                ])
        };
        self.sql(settle())?;
        Ok(())
    }
}
