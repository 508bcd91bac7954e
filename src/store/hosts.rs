//! Hosts: which are known, and which worker works on which. Hosts are leased, never single URLs, so
//! that politeness stays inside one worker.

use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::Error;

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

/// The part of the frontier a run takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Only these sites; all when empty.
    pub sites: Vec<String>,
    /// Whether articles are left out.
    pub sources_only: bool,
}

impl Part {
    /// A condition on `url u` in SQL, to stand behind another one.
    pub(super) fn condition(&self) -> String {
        let mut condition = String::new();
        if self.sources_only {
            condition.push_str(" AND u.role <> 'article'");
        }
        if !self.sites.is_empty() {
            let names: Vec<_> = self
                .sites
                .iter()
                .map(|site| format!("'{}'", site.replace('\'', "''")))
                .collect();
            condition.push_str(" AND u.site IN (");
            condition.push_str(&names.join(", "));
            condition.push(')');
        }
        condition
    }
}

/// Puts what has fallen due since into its host's queue.
pub(super) const QUEUE_DUE: &str =
    "UPDATE url SET waiting = 1 WHERE waiting = 0 AND due_at IS NOT NULL AND due_at <= ?1";

/// Hosts that are free at `?1` and have something in their queue, `?2` at most.
pub(super) fn with_work(part: &Part) -> String {
    format!(
        "SELECT id, name, robots, found_at FROM host h
         WHERE ready_at <= ?1 AND (leased_by IS NULL OR leased_until < ?1)
           AND EXISTS (SELECT 1 FROM url u WHERE u.host_id = h.id AND u.waiting = 1{})
         LIMIT ?2",
        part.condition()
    )
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
    pub(super) fn host_id(&self, name: &str, now_ms: i64) -> rusqlite::Result<i64> {
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

    /// Leases up to `count` hosts that have work of this `part` due at `now_ms`.
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
            self.connection
                .prepare_cached(QUEUE_DUE)?
                .execute([now_ms])?;
            let mut chosen = self.connection.prepare_cached(&with_work(part))?;
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
}
