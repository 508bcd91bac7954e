//! The frontier's tables: hosts, URLs, and how many addresses of each pattern were articles.

use rusqlite::{Row, params};

use super::SqliteStore;
use crate::discover::PatternStats;
use crate::frontier::Role;
use crate::store::urls::{KnownUrl, KnownUrlChange, identity, role_by_pattern};
use crate::store::{DueUrl, FrontierSlice, NewUrl, Result};

/// Puts what has fallen due since into its host's queue.
pub(super) const QUEUE_DUE: &str =
    "UPDATE url SET waiting = 1 WHERE waiting = 0 AND due_at IS NOT NULL AND due_at <= ?1";

/// Hosts that are free at `?1` and have something in their queue, `?2` at most.
pub(super) const HOSTS_WITH_WORK: &str = "SELECT id, name, robots FROM host h
     WHERE ready_at <= ?1 AND (leased_by IS NULL OR leased_until < ?1)
       AND EXISTS (SELECT 1 FROM url u WHERE u.host_id = h.id AND u.waiting = 1/*slice*/)
     LIMIT ?2";

/// The best `?2` URLs in the queue of host `?1`.
pub(super) const BEST_OF_HOST: &str =
    "SELECT id, url, site, role, guessed, depth, hint, tries, fetched_at, found_at, etag,
       last_modified, interval_s, due_at, news_at
     FROM url u WHERE host_id = ?1 AND waiting = 1/*slice*/ ORDER BY priority DESC LIMIT ?2";

/// How many URLs are in the queue of host `?1`, up to `?2`.
pub(super) const COUNT_OF_HOST: &str = "SELECT count(*) FROM
       (SELECT 1 FROM url u WHERE host_id = ?1 AND waiting = 1/*slice*/ LIMIT ?2)";

/// The articles that are due at `?1`, best first.
pub(super) const DUE_ARTICLES: &str = "SELECT url FROM url u
     WHERE due_at <= ?1 AND role = 'article'/*slice*/ ORDER BY priority DESC";

/// When the first host that is not leased and has something in its queue is ready.
const FIRST_WITH_WORK: &str = "SELECT min(h.ready_at) FROM host h WHERE h.leased_by IS NULL
       AND EXISTS (SELECT 1 FROM url u WHERE u.host_id = h.id AND u.waiting = 1/*slice*/)";

/// When each URL of a host that is not leased falls due later, and when its host is ready, in the
/// order of the first.
pub(super) const IN_ORDER_OF_TIME: &str =
    "SELECT u.due_at, h.ready_at FROM url u CROSS JOIN host h ON h.id = u.host_id
     WHERE u.waiting = 0 AND u.due_at IS NOT NULL AND h.leased_by IS NULL/*slice*/
     ORDER BY u.due_at";

/// A query that asks only for the URLs `u` of a slice.
pub(super) fn of_slice(query: &str, slice: &FrontierSlice) -> String {
    let mut condition = String::new();
    if slice.sources_only {
        condition.push_str(" AND u.role <> 'article'");
    }
    if !slice.sites.is_empty() {
        let quoted = |site: &String| format!("'{}'", site.replace('\'', "''"));
        let names: Vec<_> = slice.sites.iter().map(quoted).collect();
        condition = format!("{condition} AND u.site IN ({})", names.join(", "));
    }
    query.replace("/*slice*/", &condition)
}

impl SqliteStore {
    pub(super) fn read_next_due_ms(&self, slice: &FrontierSlice) -> rusqlite::Result<Option<i64>> {
        let waiting = of_slice(FIRST_WITH_WORK, slice);
        let mut waiting = self.connection.prepare_cached(&waiting)?;
        let mut first: Option<i64> = waiting.query_row([], |row| row.get(0))?;
        let later = of_slice(IN_ORDER_OF_TIME, slice);
        let mut later = self.connection.prepare_cached(&later)?;
        let mut rows = later.query([])?;
        while let Some(row) = rows.next()? {
            let (due, ready): (i64, i64) = (row.get(0)?, row.get(1)?);
            if first.is_some_and(|first| first <= due) {
                break;
            }
            let at = due.max(ready);
            first = Some(first.map_or(at, |first| first.min(at)));
        }
        Ok(first)
    }

    /// Adds a URL, due at once; for one that is known, changes what the link changes. Returns whether it is
    /// new work, and when it was found first (none when it is left alone).
    pub(super) fn add_url(
        &self,
        new: &NewUrl,
        found_on: Option<i64>,
        track_changes: bool,
        now_ms: i64,
    ) -> Result<(bool, Option<i64>)> {
        let known = "SELECT id, fetched_at, priority, found_at FROM url WHERE url = ?1";
        let known = self.first(known, [&new.url], |row| {
            Ok(KnownUrl {
                id: row.get(0)?,
                fetched_ms: row.get(1)?,
                priority: row.get(2)?,
                found_ms: row.get(3)?,
            })
        })?;
        let Some(known) = known else {
            let is_new = self.insert_url(new, found_on, now_ms)?;
            return Ok((is_new, is_new.then_some(now_ms)));
        };
        let change = known.change_by(new, track_changes);
        match change {
            KnownUrlChange::DueAgain => {
                let due = "UPDATE url SET due_at = ?2, waiting = 1 WHERE id = ?1";
                self.run(due, [known.id, now_ms])?;
            }
            KnownUrlChange::BetterEvidence => self.run(
                "UPDATE url SET priority = ?2, hint = coalesce(?3, hint),
                   role = CASE WHEN role = 'seed' THEN role ELSE ?4 END,
                   depth = min(depth, ?5) WHERE id = ?1",
                params![
                    known.id,
                    new.priority,
                    hint(new),
                    new.role.name(),
                    new.depth
                ],
            )?,
            KnownUrlChange::None => {}
        }
        Ok((change == KnownUrlChange::DueAgain, Some(known.found_ms)))
    }

    fn insert_url(&self, new: &NewUrl, found_on: Option<i64>, now_ms: i64) -> Result<bool> {
        let stats = |pattern: &str| self.pattern_stats(&new.site, pattern);
        let Some(role) = role_by_pattern(new, stats)? else {
            return Ok(false);
        };
        let identity = identity(&new.url).cast_signed();
        let alias = "SELECT EXISTS (SELECT 1 FROM alias WHERE url = ?1)";
        if self.value(alias, [&new.url])?
            || (role != Role::Seed && self.has_twin(&new.url, identity)?)
        {
            return Ok(false);
        }
        self.insert_row(new, role, found_on, now_ms)?;
        Ok(true)
    }

    /// Adds a URL, due at once, and returns its number.
    pub(super) fn insert_row(
        &self,
        new: &NewUrl,
        role: Role,
        found_on: Option<i64>,
        now_ms: i64,
    ) -> Result<i64> {
        self.value(
            "INSERT INTO url (url, host_id, site, role, guessed, depth, priority, hint,
               found_at, found_on, due_at, identity, waiting)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11, 1) RETURNING id",
            params![
                new.url,
                self.host_id(&new.host, now_ms)?,
                new.site,
                role.name(),
                new.guessed,
                new.depth,
                new.priority,
                hint(new),
                now_ms,
                found_on,
                identity(&new.url).cast_signed()
            ],
        )
    }

    /// The number of a host, which is made when it is new.
    fn host_id(&self, name: &str, now_ms: i64) -> Result<i64> {
        let known = "SELECT id FROM host WHERE name = ?1";
        match self.first(known, [name], |row| row.get(0))? {
            Some(id) => Ok(id),
            None => self.value(
                "INSERT INTO host (name, found_at) VALUES (?1, ?2) RETURNING id",
                params![name, now_ms],
            ),
        }
    }

    /// Whether the page is known under a twin of the address (`https`, `www.`, AMP …) that did not
    /// fail. Where an article is stored under it, the address becomes an alias.
    fn has_twin(&self, url: &str, identity: i64) -> Result<bool> {
        let twin = self.first(
            "SELECT url FROM url WHERE identity = ?1 AND (tries = 0 OR fetched_at IS NOT NULL)",
            [identity],
            |row| row.get::<_, String>(0),
        )?;
        let Some(twin) = twin else { return Ok(false) };
        self.run(
            "INSERT OR IGNORE INTO alias (url, article_id)
             SELECT ?1, id FROM article WHERE url = ?2
             UNION ALL SELECT ?1, article_id FROM alias WHERE url = ?2",
            [url, &twin],
        )?;
        Ok(true)
    }

    /// Counts a page whose address has that pattern.
    pub(super) fn learn_pattern(&self, site: &str, pattern: &str, is_article: bool) -> Result<()> {
        self.run(
            "INSERT INTO shape (site, shape, articles, others) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (site, shape) DO UPDATE SET
               articles = articles + excluded.articles, others = others + excluded.others",
            params![site, pattern, is_article, !is_article],
        )
    }

    /// How many addresses of a pattern on a site were articles.
    fn pattern_stats(&self, site: &str, pattern: &str) -> Result<PatternStats> {
        let counts = "SELECT articles, others FROM shape WHERE site = ?1 AND shape = ?2";
        let counts = self.first(counts, [site, pattern], |row| {
            let (articles, others) = (row.get(0)?, row.get(1)?);
            Ok(PatternStats { articles, others })
        });
        counts.map(Option::unwrap_or_default)
    }
}

fn hint(new: &NewUrl) -> Option<String> {
    serde_json::to_string(new.hints.as_ref()?).ok()
}

/// A row of [`BEST_OF_HOST`].
pub(super) fn due_url(row: &Row<'_>) -> rusqlite::Result<DueUrl> {
    let hints: Option<String> = row.get(6)?;
    Ok(DueUrl {
        id: row.get(0)?,
        url: row.get(1)?,
        site: row.get(2)?,
        role: Role::named(&row.get::<_, String>(3)?),
        guessed: row.get(4)?,
        depth: row.get(5)?,
        hints: hints
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
}
