//! The frontier's tables: hosts, URLs, and how many addresses of each pattern were articles.

use rusqlite::{Row, params};

use super::SqliteStore;
use super::evidence::LeftAloneTally;
use crate::discover::{NamedBy, StoryOdds};
use crate::frontier::Role;
use crate::store::urls::{KnownUrl, KnownUrlChange, UrlVerdict, identity};
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
        left_alone: &mut LeftAloneTally,
    ) -> Result<(bool, Option<i64>)> {
        let Some(known) = self.known_url(&new.url)? else {
            let is_new = self.insert_url(new, found_on, now_ms, left_alone)?;
            return Ok((is_new, is_new.then_some(now_ms)));
        };
        if known.is_left_alone {
            let is_new = self.reconsider(&known, new, found_on, now_ms)?;
            return Ok((is_new, is_new.then_some(now_ms)));
        }
        if new.left_alone.is_some() {
            return Ok((false, Some(known.found_ms)));
        }
        let named = self.namings(known.id)?;
        let is_list = |(by, _): &(NamedBy, f32)| by.is_list_of_stories();
        let names_first = new
            .naming
            .as_ref()
            .is_some_and(|one| one.by.is_list_of_stories())
            && !named.iter().any(is_list);
        let says_more = new.naming.as_ref().filter(|one| {
            let known = named.iter().find(|(by, _)| *by == one.by);
            known.is_none_or(|(_, weight)| one.weight > *weight)
        });
        if let Some(naming) = says_more {
            self.keep_naming(known.id, found_on, naming, now_ms)?;
        }
        let change = known.change_by(new, track_changes, names_first);
        match change {
            KnownUrlChange::DueAgain => {
                let due = "UPDATE url SET due_at = ?2, waiting = 1, hint = coalesce(?3, hint) WHERE id = ?1";
                self.run(due, params![known.id, now_ms, hint(new)])?;
            }
            KnownUrlChange::BetterEvidence => {
                let verdict = UrlVerdict::of(new, &named, |pattern| {
                    self.pattern_stats(&new.site, pattern)
                })?;
                self.run(
                    "UPDATE url SET priority = ?2, hint = coalesce(?3, hint),
                       role = CASE WHEN role = 'seed' THEN role ELSE coalesce(?4, role) END,
                       depth = min(depth, ?5) WHERE id = ?1",
                    params![
                        known.id,
                        new.priority,
                        hint(new),
                        verdict.role.ok().map(Role::name),
                        new.depth
                    ],
                )?;
            }
            KnownUrlChange::None => {}
        }
        Ok((change == KnownUrlChange::DueAgain, Some(known.found_ms)))
    }

    fn known_url(&self, url: &str) -> Result<Option<KnownUrl>> {
        self.first(
            "SELECT id, fetched_at, priority, found_at, coalesce(outcome = 'left_alone', 0),
               coalesce(outcome IN ('not_article', 'discovered')
                 AND role IN ('section', 'article'), 0)
             FROM url WHERE url = ?1",
            [url],
            |row| {
                Ok(KnownUrl {
                    id: row.get(0)?,
                    fetched_ms: row.get(1)?,
                    priority: row.get(2)?,
                    found_ms: row.get(3)?,
                    is_left_alone: row.get(4)?,
                    is_no_story: row.get(5)?,
                })
            },
        )
    }

    fn insert_url(
        &self,
        new: &NewUrl,
        found_on: Option<i64>,
        now_ms: i64,
        left_alone: &mut LeftAloneTally,
    ) -> Result<bool> {
        let stats = |pattern: &str| self.pattern_stats(&new.site, pattern);
        let verdict = UrlVerdict::of(new, &[], stats)?;
        // First what costs least: a sitemap may list 50,000 addresses that are too old.
        if let Err(reason) = verdict.role
            && !self.has_room(&new.site, reason, left_alone)?
        {
            return Ok(false);
        }
        let identity = identity(&new.url).cast_signed();
        let alias = "SELECT EXISTS (SELECT 1 FROM alias WHERE url = ?1)";
        if self.value(alias, [&new.url])?
            || (verdict.role != Ok(Role::Seed) && self.has_twin(&new.url, identity)?)
        {
            return Ok(false);
        }
        let role = verdict.role.unwrap_or(new.role);
        let id = self.insert_row(new, role, found_on, now_ms)?;
        if let Some(naming) = &new.naming {
            self.keep_naming(id, found_on, naming, now_ms)?;
        }
        if let Err(reason) = verdict.role {
            self.keep_pattern(id, verdict.odds.pattern, now_ms)?;
            self.set_left_alone(id, reason)?;
        }
        Ok(verdict.role.is_ok())
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

    /// Weighs a URL that is left alone once more, with what a link adds. Returns whether it is to be fetched
    /// now.
    fn reconsider(
        &self,
        known: &KnownUrl,
        new: &NewUrl,
        found_on: Option<i64>,
        now_ms: i64,
    ) -> Result<bool> {
        if new.left_alone.is_some() {
            return Ok(false);
        }
        let named = self.namings(known.id)?;
        if let Some(naming) = &new.naming {
            self.keep_naming(known.id, found_on, naming, now_ms)?;
        }
        let verdict = UrlVerdict::of(new, &named, |pattern| {
            self.pattern_stats(&new.site, pattern)
        })?;
        let identity = identity(&new.url).cast_signed();
        let Ok(role) = verdict.role else {
            return Ok(false);
        };
        if role != Role::Seed && self.has_twin(&new.url, identity)? {
            return Ok(false);
        }
        self.run(
            "UPDATE url SET role = ?2, depth = ?3, priority = ?4, hint = coalesce(?5, hint),
               due_at = ?6, waiting = 1, outcome = NULL, reason = NULL, identity = ?7, site = ?8
             WHERE id = ?1",
            params![
                known.id,
                role.name(),
                new.depth,
                new.priority,
                hint(new),
                now_ms,
                identity,
                new.site
            ],
        )?;
        let forget = "DELETE FROM evidence WHERE url_id = ?1 AND kind = 'pattern'";
        self.run(forget, [known.id])?;
        Ok(true)
    }

    /// Keeps what a pattern's pages said, where they said anything.
    pub(super) fn keep_pattern(&self, url: i64, weight: f32, now_ms: i64) -> Result<()> {
        if weight == 0.0 {
            return Ok(());
        }
        self.keep_evidence(url, "pattern", weight, "", now_ms)
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
        odds: StoryOdds::default(),
    })
}
