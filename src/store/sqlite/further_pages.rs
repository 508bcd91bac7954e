//! The pages of a story that were fetched with its first one, and the log of any visit.

use rusqlite::params;

use super::SqliteStore;
use crate::frontier::Role;
use crate::outcome::Outcome;
use crate::store::{DueUrl, FetchLogEntry, FurtherPage, Result, UrlState, VisitRules};

impl SqliteStore {
    /// Stores what came of a further page of a story, which is known from now on and not due. Returns its
    /// outcome.
    pub(super) fn record_further_page(
        &mut self,
        page: FurtherPage,
        first: &DueUrl,
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<Outcome> {
        let mut log = page.log;
        let known = "SELECT id, tries FROM url WHERE url = ?1";
        let known = self.first(known, [&page.url.url], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (id, tries): (i64, u32) = match known {
            Some(known) => known,
            None => (
                self.insert_row(&page.url, page.url.role, Some(first.id), now_ms)?,
                0,
            ),
        };
        let was_read = page.was_read;
        if let Some(article) = page.article {
            log.outcome = self.record_article(*article, id, rules, now_ms)?;
        }
        let state = UrlState {
            tries: if was_read { 0 } else { tries + 1 },
            ..UrlState::default()
        };
        self.log_visit(id, &state, &log, was_read, now_ms)?;
        Ok(log.outcome)
    }

    /// Writes a URL's state after a visit, and a line of the log. `was_read` says whether the page was
    /// there.
    pub(super) fn log_visit(
        &self,
        id: i64,
        state: &UrlState,
        log: &FetchLogEntry,
        was_read: bool,
        now_ms: i64,
    ) -> Result<()> {
        let outcome = log.outcome.to_string();
        self.run(
            "UPDATE url SET due_at = ?2, waiting = 0, tries = ?3, fetched_at = CASE WHEN ?12 THEN ?4 ELSE fetched_at END,
               outcome = ?5, reason = ?6, role = coalesce(?7, role), etag = coalesce(?8, etag),
               last_modified = coalesce(?9, last_modified), interval_s = ?10,
               news_at = coalesce(?11, news_at)
             WHERE id = ?1",
            params![
                id, state.due_ms, state.tries, now_ms, outcome, log.reason,
                state.role.map(Role::name), state.etag, state.last_modified, state.interval_s,
                state.news_ms, was_read
            ],
        )?;
        self.run(
            "INSERT INTO fetch (run_id, url_id, at, status, outcome, reason, requests, bytes, elapsed_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                log.run, id, log.at_ms, log.status, outcome, log.reason, log.requests,
                log.bytes.cast_signed(), log.elapsed_ms.cast_signed()
            ],
        )
    }
}
