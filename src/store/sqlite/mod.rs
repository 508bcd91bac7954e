//! A store in one `SQLite` file.
//!
//! One process writes at a time, by a lock file beside the store; any number read.

mod articles;
mod contents;
mod evidence;
mod further_pages;
mod open;
mod schema;
mod sitewide;
mod urls;

use std::ops::ControlFlow;
use std::path::PathBuf;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use self::evidence::LeftAloneTally;
use self::open::{Lock, Scratch, explain};
use self::urls::of_slice;
use super::sitewide::SiteCountsCache;
use super::urls::{is_news, pattern_learned};
use super::{
    ArticleFilter, DueUrl, ExportMark, FrontierSlice, HostLease, HostStatus, LeftAloneCount,
    NewUrl, Result, SearchHit, Store, StoreStatus, StoredArticle, UrlHistory, VisitResult,
    VisitRules,
};
use crate::config::Refresh;
use crate::outcome::Outcome;

/// An open store.
#[derive(Debug)]
pub(super) struct SqliteStore {
    path: PathBuf,
    connection: Connection,
    /// Counts of what repeats across sites, some not written yet.
    sites: SiteCountsCache,
    /// Held until the store is dropped.
    #[cfg_attr(not(test), expect(dead_code, reason = "what counts is its drop"))]
    lock: Option<Lock>,
    /// Dropped after the connection.
    #[expect(dead_code, reason = "what counts is its drop")]
    scratch: Option<Scratch>,
}

impl SqliteStore {
    /// Does `work` in the transaction that is open, or in one of its own.
    fn write<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if !self.connection.is_autocommit() {
            return work(self);
        }
        self.run("BEGIN IMMEDIATE", [])?;
        let done = work(self).and_then(|value| {
            self.index_text()?;
            self.run("COMMIT", []).map(|()| value)
        });
        if done.is_err() {
            // A full disk may have ended the transaction already; then this says so, to nobody.
            let _ = self.run("ROLLBACK", []);
        }
        done
    }

    /// Runs a statement that returns nothing.
    fn run(&self, sql: &str, params: impl Params) -> Result<()> {
        let run = || self.connection.prepare_cached(sql)?.execute(params);
        self.explained(run()).map(|_| ())
    }

    /// Reads all rows of a query.
    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(params, row)?.collect()
        };
        self.explained(read())
    }

    /// Reads the first row of a query, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let read = || self.connection.prepare_cached(sql)?.query_row(params, row);
        self.explained(read().optional())
    }

    /// Reads the one value of a query that always has one.
    fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<T> {
        let read = || {
            self.connection
                .prepare_cached(sql)?
                .query_row(params, |row| row.get(0))
        };
        self.explained(read())
    }

    fn explained<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| explain(&self.path, error))
    }
}

impl Store for SqliteStore {
    fn transaction(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<()>) -> Result<()> {
        self.write(|store| work(store))
    }

    fn begin_run(&mut self, seeds: &[NewUrl], refresh: Refresh, now_ms: i64) -> Result<i64> {
        self.write(|store| {
            store.run(
                "UPDATE host SET leased_by = NULL, leased_until = 0 WHERE leased_by IS NOT NULL",
                [],
            )?;
            let mut left_alone = LeftAloneTally::default();
            for seed in seeds {
                store.add_url(seed, None, false, now_ms, &mut left_alone)?;
                if refresh == Refresh::Seeds {
                    store.run(
                        "UPDATE url SET due_at = min(coalesce(due_at, ?2), ?2), waiting = 1
                         WHERE url = ?1",
                        params![seed.url, now_ms],
                    )?;
                }
            }
            if refresh == Refresh::All {
                store.run(
                    "UPDATE url SET due_at = ?1, waiting = 1
                     WHERE role <> 'article' AND due_at IS NOT NULL",
                    [now_ms],
                )?;
            }
            store.value(
                "INSERT INTO run (started_at) VALUES (?1) RETURNING id",
                [now_ms],
            )
        })
    }

    fn end_run(&mut self, run: i64, now_ms: i64, summary: &str) -> Result<()> {
        let end = "UPDATE run SET ended_at = ?2, summary = ?3 WHERE id = ?1";
        self.run(end, params![run, now_ms, summary])
    }

    fn knows_site(&self, site: &str) -> Result<bool> {
        self.value("SELECT EXISTS (SELECT 1 FROM url WHERE site = ?1)", [site])
    }

    fn lease_hosts(
        &mut self,
        worker: &str,
        count: usize,
        slice: &FrontierSlice,
        now_ms: i64,
        until_ms: i64,
    ) -> Result<Vec<HostLease>> {
        self.write(|store| {
            store.run(urls::QUEUE_DUE, [now_ms])?;
            let free = of_slice(urls::HOSTS_WITH_WORK, slice);
            let hosts = store.all(&free, params![now_ms, count], |row| {
                Ok(HostLease {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    memory: row.get(2)?,
                })
            })?;
            for host in &hosts {
                let take = "UPDATE host SET leased_by = ?2, leased_until = ?3 WHERE id = ?1";
                store.run(take, params![host.id, worker, until_ms])?;
            }
            Ok(hosts)
        })
    }

    fn remember_host(&mut self, host: i64, memory: &str) -> Result<()> {
        let remember = "UPDATE host SET robots = ?2 WHERE id = ?1";
        self.run(remember, params![host, memory])
    }

    fn release_host(&mut self, host: i64, ready_ms: i64, memory: Option<&str>) -> Result<()> {
        self.write(|store| {
            store.run(
                "UPDATE host SET leased_by = NULL, leased_until = 0, ready_at = ?2,
                   robots = coalesce(?3, robots) WHERE id = ?1",
                params![host, ready_ms, memory],
            )?;
            store.keep_site_counts()
        })
    }

    fn due_urls(&self, host: i64, count: usize, slice: &FrontierSlice) -> Result<Vec<DueUrl>> {
        let best = of_slice(urls::BEST_OF_HOST, slice);
        let mut best = self.all(&best, params![host, count], urls::due_url)?;
        for due in &mut best {
            due.odds = self.odds(due)?;
        }
        Ok(best)
    }

    fn count_due(&self, host: i64, most: usize, slice: &FrontierSlice) -> Result<u64> {
        self.value(&of_slice(urls::COUNT_OF_HOST, slice), params![host, most])
    }

    fn next_due_ms(&self, slice: &FrontierSlice) -> Result<Option<i64>> {
        self.explained(self.read_next_due_ms(slice))
    }

    fn due_articles(&self, slice: &FrontierSlice, now_ms: i64) -> Result<Vec<String>> {
        let due = of_slice(urls::DUE_ARTICLES, slice);
        self.all(&due, [now_ms], |row| row.get(0))
    }

    fn add_links(
        &mut self,
        source: &DueUrl,
        links: &[NewUrl],
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<u64> {
        self.write(|store| {
            let mut news = 0;
            let mut left_alone = LeftAloneTally::default();
            for link in links {
                let (on, changes) = (Some(source.id), rules.track_changes);
                let (is_new, found_ms) =
                    store.add_url(link, on, changes, now_ms, &mut left_alone)?;
                news += u64::from(is_news(source, is_new, found_ms));
            }
            store.keep_tally(left_alone)?;
            Ok(news)
        })
    }

    fn record_visit(
        &mut self,
        visit: VisitResult,
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<(Outcome, Vec<Outcome>)> {
        self.write(|store| {
            let (due, mut log, mut state) = (visit.due, visit.log, visit.state);
            let mut of_pages = Vec::new();
            for page in visit.pages {
                of_pages.push(store.record_further_page(page, &due, rules, now_ms)?);
            }
            // A story of which a page is missing was read and is to be visited again all the same.
            let was_read = state.tries == 0 || visit.article.is_some();
            if let Some(article) = visit.article {
                log.outcome = store.record_article(*article, due.id, rules, now_ms)?;
            }
            let news = visit.early_news + store.add_links(&due, &visit.links, rules, now_ms)?;
            if let Some((pattern, is_article)) = pattern_learned(&due, log.outcome) {
                store.learn_pattern(&due.site, &pattern, is_article)?;
            }
            if let Some((weight, signs)) = visit.page {
                store.keep_evidence(due.id, "page", weight, &signs, now_ms)?;
                store.keep_pattern(due.id, due.odds.pattern, now_ms)?;
            }
            if let Some(schedule) = visit.schedule {
                schedule.set(&mut state, &due, news > 0, now_ms);
            }
            store.log_visit(due.id, &state, &log, was_read, now_ms)?;
            Ok((log.outcome, of_pages))
        })
    }

    fn clean_stored_articles(&mut self) -> Result<u64> {
        self.write(Self::keep_site_counts)?;
        let mut changed = 0;
        for site in self.uncleaned_sites()? {
            let mut from = site.cleaned_to;
            while from < site.learned_at {
                let (last, cleaned) =
                    self.write(|store| store.clean_some(&site.site, from, site.learned_at))?;
                changed += cleaned;
                let Some(last) = last else { break };
                from = last;
            }
            if site.is_chrome_known() {
                let looked_at =
                    "UPDATE sitewide_site SET cleaned_to = max(cleaned_to, ?2) WHERE site = ?1";
                self.run(looked_at, params![site.site, site.newest])?;
            }
        }
        Ok(changed)
    }

    fn each_article(
        &self,
        filter: &ArticleFilter,
        each: &mut dyn FnMut(StoredArticle) -> ControlFlow<()>,
    ) -> Result<()> {
        self.explained(self.read_articles(filter, each))
    }

    fn export_mark(&self, name: &str) -> Result<ExportMark> {
        let read = "SELECT article_id, update_number FROM export_mark WHERE name = ?1";
        let mark = self.first(read, [name], |row| {
            let (article, update) = (row.get(0)?, row.get(1)?);
            Ok(ExportMark { article, update })
        });
        mark.map(Option::unwrap_or_default)
    }

    fn set_export_mark(&mut self, name: &str, mark: ExportMark) -> Result<()> {
        self.run(
            "INSERT INTO export_mark (name, article_id, update_number) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE
               SET article_id = excluded.article_id, update_number = excluded.update_number",
            params![name, mark.article, mark.update],
        )
    }

    fn search(&self, query: &str, filter: &ArticleFilter, limit: usize) -> Result<Vec<SearchHit>> {
        self.find(query, filter, limit)
    }

    fn status(&self, now_ms: i64) -> Result<StoreStatus> {
        self.read_status(now_ms)
    }

    fn host_status(&self, now_ms: i64) -> Result<Vec<HostStatus>> {
        self.read_host_status(now_ms)
    }

    fn left_alone(&self) -> Result<Vec<LeftAloneCount>> {
        self.read_left_alone()
    }

    fn history(&self, url: &str) -> Result<UrlHistory> {
        self.read_history(url)
    }
}

#[cfg(test)]
mod tests;
