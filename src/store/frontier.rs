//! The frontier's tables: which URLs are known, which are due, and which host is leased to whom.

use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::Error;
use crate::extract::Hints;
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
    /// What a feed or sitemap said about it.
    pub hints: Option<Hints>,
    /// When it was last changed, as the feed or sitemap says, in Unix milliseconds.
    pub modified_ms: Option<i64>,
}

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
}

/// A host whose queue one task works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostLease {
    /// The host's row.
    pub id: i64,
    /// Host, with the port where it is not the scheme's own.
    pub name: String,
    /// What politeness knows of it, robots.txt included, as JSON.
    pub robots: Option<String>,
    /// When the host was first heard of, in Unix milliseconds.
    pub found_ms: i64,
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
}

impl Store {
    /// Ends the leases of runs that did not end cleanly. Only for a run that holds the lock.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn release_all(&self) -> Result<(), Error> {
        self.execute(
            "UPDATE host SET leased_by = NULL, leased_until = 0 WHERE leased_by IS NOT NULL",
        )
    }

    /// The row of a host, made when it is new.
    fn host_id(&self, name: &str, now_ms: i64) -> rusqlite::Result<i64> {
        let known = self
            .connection
            .prepare_cached("SELECT id FROM host WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.connection
            .prepare_cached("INSERT INTO host (name, found_at) VALUES (?1, ?2) RETURNING id")?
            .query_row(params![name, now_ms], |row| row.get(0))
    }

    /// Makes a URL known and due. A known one that was not fetched yet takes over better evidence;
    /// a known one that was fetched stays as it is, unless `recheck` holds and the evidence says
    /// that it changed since. Returns whether it is new work.
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
    ) -> Result<bool, Error> {
        let add = || -> rusqlite::Result<bool> {
            let known: Option<(i64, Option<i64>, f64)> = self
                .connection
                .prepare_cached("SELECT id, fetched_at, priority FROM url WHERE url = ?1")?
                .query_row([&new.url], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let hint = new
                .hints
                .as_ref()
                .and_then(|h| serde_json::to_string(h).ok());
            match known {
                Some((id, Some(fetched), _)) => {
                    let changed = recheck && new.modified_ms.is_some_and(|at| at > fetched);
                    if changed {
                        self.connection
                            .prepare_cached("UPDATE url SET due_at = ?2 WHERE id = ?1")?
                            .execute([id, now_ms])?;
                    }
                    Ok(changed)
                }
                Some((id, None, priority)) => {
                    if new.priority > priority {
                        self.connection
                            .prepare_cached(
                                "UPDATE url SET priority = ?2, hint = coalesce(?3, hint),
                                   role = CASE WHEN role = 'seed' THEN role ELSE ?4 END,
                                   depth = min(depth, ?5) WHERE id = ?1",
                            )?
                            .execute(params![id, new.priority, hint, new.role.name(), new.depth])?;
                    }
                    Ok(false)
                }
                None if self.is_alias(&new.url)? => Ok(false),
                None => {
                    let host = self.host_id(&new.host, now_ms)?;
                    self.connection
                        .prepare_cached(
                            "INSERT INTO url (url, host_id, site, role, guessed, depth, priority, hint,
                               found_at, found_on, due_at)
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9)",
                        )?
                        .execute(params![
                            new.url, host, new.site, new.role.name(), new.guessed, new.depth,
                            new.priority, hint, now_ms, found_on
                        ])?;
                    Ok(true)
                }
            }
        };
        self.sql(add())
    }

    fn is_alias(&self, url: &str) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM alias WHERE url = ?1")?
            .exists([url])
    }

    /// Makes the named seed due now, whatever its schedule says.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn make_due(&self, url: &str, now_ms: i64) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "UPDATE url SET due_at = min(coalesce(due_at, ?2), ?2) WHERE url = ?1",
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
            "UPDATE url SET due_at = ?1 WHERE role <> 'article' AND due_at IS NOT NULL",
            [now_ms],
        ))?;
        Ok(())
    }

    /// Leases up to `count` hosts that have work due at `now_ms`, best first. `sites` limits the
    /// choice to some sites; `articles` false leaves articles out.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn lease_hosts(
        &self,
        worker: &str,
        count: usize,
        now_ms: i64,
        until_ms: i64,
        part: &Part,
    ) -> Result<Vec<HostLease>, Error> {
        let lease = || -> rusqlite::Result<Vec<HostLease>> {
            let mut chosen = self.connection.prepare_cached(&format!(
                "SELECT id, name, robots, found_at FROM host h
                 WHERE ready_at <= ?1 AND (leased_by IS NULL OR leased_until < ?1)
                   AND EXISTS (SELECT 1 FROM url u WHERE u.host_id = h.id AND {})
                 LIMIT ?2",
                part.condition("?1")
            ))?;
            let hosts = chosen
                .query_map(params![now_ms, count], |row| {
                    Ok(HostLease {
                        id: row.get(0)?,
                        name: row.get(1)?,
                        robots: row.get(2)?,
                        found_ms: row.get(3)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let mut take = self.connection.prepare_cached(
                "UPDATE host SET leased_by = ?2, leased_until = ?3 WHERE id = ?1",
            )?;
            for host in &hosts {
                take.execute(params![host.id, worker, until_ms])?;
            }
            Ok(hosts)
        };
        self.sql(lease())
    }

    /// Gives a host back; nothing is asked of it before `ready_ms`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn release_host(
        &self,
        host: i64,
        ready_ms: i64,
        robots: Option<&str>,
    ) -> Result<(), Error> {
        self.sql(self.connection.prepare_cached(
            "UPDATE host SET leased_by = NULL, leased_until = 0, ready_at = ?2, robots = coalesce(?3, robots) WHERE id = ?1",
        ).and_then(|mut release| release.execute(params![host, ready_ms, robots])))?;
        Ok(())
    }

    /// Keeps what politeness knows of a host for the next run, as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn remember_host(&self, host: i64, memory: &str) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "UPDATE host SET robots = ?2 WHERE id = ?1",
            params![host, memory],
        ))?;
        Ok(())
    }

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
                       last_modified, interval_s
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
                    })
                })?
                .collect()
        };
        self.sql(read())
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
                    "UPDATE url SET due_at = ?2, tries = ?3, fetched_at = CASE WHEN ?3 = 0 THEN ?4 ELSE fetched_at END,
                       outcome = ?5, reason = ?6, role = coalesce(?7, role), etag = coalesce(?8, etag),
                       last_modified = coalesce(?9, last_modified), interval_s = ?10
                     WHERE id = ?1",
                )?
                .execute(params![
                    url, state.due_ms, state.tries, now_ms, outcome.name(), reason,
                    state.role.map(Role::name), state.etag, state.last_modified, state.interval_s
                ])
        };
        self.sql(settle())?;
        Ok(())
    }
}

/// The part of the frontier a run takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Only these sites; all when empty.
    pub sites: Vec<String>,
    /// Whether articles are left out.
    pub sources_only: bool,
}

impl Part {
    /// An SQL condition on `url u`; `now` is an SQL expression.
    fn condition(&self, now: &str) -> String {
        use std::fmt::Write;
        let mut condition = format!("u.due_at <= {now}");
        if self.sources_only {
            condition.push_str(" AND u.role <> 'article'");
        }
        if !self.sites.is_empty() {
            let names: Vec<_> = self
                .sites
                .iter()
                .map(|site| format!("'{}'", site.replace('\'', "''")))
                .collect();
            let _ = write!(condition, " AND u.site IN ({})", names.join(", "));
        }
        condition
    }
}
