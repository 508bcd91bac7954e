//! Counts of the blocks that repeat across a site's articles.
//!
//! Most blocks stand in one article and would fill the store, so counting is lossy in the way of
//! Manku and Motwani, "Approximate Frequency Counts over Data Streams" (VLDB 2002): every
//! [`BUCKET_PAGES`] articles, blocks too rare to become chrome are forgotten. A count, with
//! what it may have missed, is then too high by at most one in [`BUCKET_PAGES`] articles.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::articles::{NewArticle, split};
use crate::record::Record;
use crate::sitewide::{self, Repeats};
use crate::{Error, dedup};

/// Articles of a site after which rare blocks are forgotten; a block that is chrome stands in one
/// in ten at least.
const BUCKET_PAGES: u64 = 100;

/// Stored articles read at a time when a run ends.
const CLEANED_AT_A_TIME: usize = 200;

/// Articles of a site from which those stored so far need not be looked at again in a later run:
/// what is chrome is known by then.
const SETTLED_PAGES: u64 = 12;

impl Store {
    /// Takes out of an article what repeats across its site, as far as it is known.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn clean_sitewide(&self, article: &mut NewArticle) -> Result<(), Error> {
        if self.sql(self.clean_record(&article.site, &mut article.record))? {
            let hashes = dedup::hashes(&article.record.text);
            article.content_hash = hashes.content;
            article.simhash = hashes.simhash;
        }
        Ok(())
    }

    /// Counts an article's blocks for its site. Counts what the page had before it was cleaned:
    /// hand over the fingerprints taken then.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn learn_sitewide(&self, site: &str, fingerprints: &[u64]) -> Result<(), Error> {
        self.sql(self.count_blocks(site, fingerprints))
    }

    /// When a run ends: cleans the articles that were stored before it was known what repeats.
    /// Returns how many changed.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn clean_stored(&mut self) -> Result<u64, Error> {
        let mut changed = 0;
        for (site, pages, mut from) in self.sql(self.uncleaned_sites())? {
            if pages < sitewide::MIN_PAGES {
                continue;
            }
            loop {
                let last = self.transaction(|store| {
                    let (last, cleaned) = store.sql(store.clean_some(&site, from))?;
                    changed += cleaned;
                    Ok(last)
                })?;
                let Some(last) = last else { break };
                from = last;
            }
            if pages >= SETTLED_PAGES {
                self.transaction(|store| store.sql(store.settle_site(&site, from)))?;
            }
        }
        Ok(changed)
    }

    fn pages_of(&self, site: &str) -> rusqlite::Result<u64> {
        let pages = self
            .connection
            .prepare_cached("SELECT pages FROM sitewide_site WHERE site = ?1")?
            .query_row([site], |row| row.get(0))
            .optional()?;
        Ok(pages.unwrap_or(0))
    }

    fn clean_record(&self, site: &str, record: &mut Record) -> rusqlite::Result<bool> {
        let pages = self.pages_of(site)?;
        if pages < sitewide::MIN_PAGES {
            return Ok(false);
        }
        let mut count = self.connection.prepare_cached(
            "SELECT pages + missed FROM sitewide_block WHERE site = ?1 AND fingerprint = ?2",
        )?;
        let mut known = std::collections::HashMap::new();
        for print in sitewide::fingerprints(record) {
            let with: Option<u64> = count
                .query_row(params![site, print.cast_signed()], |row| row.get(0))
                .optional()?;
            known.extend(with.map(|with| (print, Repeats { with, pages })));
        }
        Ok(sitewide::clean(
            record,
            |print| known.get(&print).copied(),
            false,
        ))
    }

    fn count_blocks(&self, site: &str, fingerprints: &[u64]) -> rusqlite::Result<()> {
        let pages: u64 = self
            .connection
            .prepare_cached(
                "INSERT INTO sitewide_site (site, pages) VALUES (?1, 1)
                 ON CONFLICT (site) DO UPDATE SET pages = pages + 1 RETURNING pages",
            )?
            .query_row([site], |row| row.get(0))?;
        // A block that was forgotten can have stood in one article of each bucket.
        let buckets = (pages - 1) / BUCKET_PAGES;
        let mut count = self.connection.prepare_cached(
            "INSERT INTO sitewide_block (site, fingerprint, pages, missed) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (site, fingerprint) DO UPDATE SET pages = pages + 1",
        )?;
        for print in fingerprints {
            count.execute(params![site, print.cast_signed(), buckets])?;
        }
        if pages.is_multiple_of(BUCKET_PAGES) {
            self.connection
                .prepare_cached(
                    "DELETE FROM sitewide_block WHERE site = ?1 AND pages + missed <= ?2",
                )?
                .execute(params![site, buckets + 1])?;
        }
        Ok(())
    }

    fn uncleaned_sites(&self) -> rusqlite::Result<Vec<(String, u64, i64)>> {
        self.connection
            .prepare(
                "SELECT site, pages, cleaned_to FROM sitewide_site s WHERE EXISTS
                   (SELECT 1 FROM article a WHERE a.site = s.site AND a.id > s.cleaned_to)",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    }

    /// Cleans the next articles of a site after `from`. Returns the last one's row, none when there
    /// was none, and how many changed.
    fn clean_some(&self, site: &str, from: i64) -> rusqlite::Result<(Option<i64>, u64)> {
        let stored: Vec<(i64, String, String)> = self
            .connection
            .prepare_cached(
                "SELECT id, text, record FROM article WHERE site = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            )?
            .query_map(params![site, from, CLEANED_AT_A_TIME], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let last = stored.last().map(|(id, ..)| *id);
        let mut changed = 0;
        for (id, text, json) in stored {
            let Ok(record) = serde_json::from_str::<Record>(&json) else {
                continue;
            };
            let mut record = Record { text, ..record };
            if self.clean_record(site, &mut record)? {
                self.rewrite(id, &record)?;
                changed += 1;
            }
        }
        Ok((last, changed))
    }

    /// Writes a stored article's body again; it is the same version of the article.
    fn rewrite(&self, id: i64, record: &Record) -> rusqlite::Result<()> {
        let (text, json) = split(record);
        let hashes = dedup::hashes(text);
        self.connection
            .prepare_cached(
                "UPDATE article SET text = ?2, record = ?3, content_hash = ?4, simhash = ?5 WHERE id = ?1",
            )?
            .execute(params![
                id,
                text,
                json,
                hashes.content.cast_signed(),
                hashes.simhash.cast_signed()
            ])?;
        let indexed = self
            .connection
            .prepare_cached("DELETE FROM simhash_band WHERE article_id = ?1")?
            .execute([id])?;
        if indexed > 0 {
            self.index_bands(id, hashes.simhash)?;
        }
        Ok(())
    }

    fn settle_site(&self, site: &str, to: i64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE sitewide_site SET cleaned_to = max(cleaned_to, ?2) WHERE site = ?1",
            )?
            .execute(params![site, to])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(store: &Store, fingerprint: u64) -> Option<u64> {
        let query = "SELECT pages + missed FROM sitewide_block WHERE fingerprint = ?1";
        let found = store
            .connection
            .query_row(query, [fingerprint.cast_signed()], |row| row.get(0));
        found.optional().expect("the table is there")
    }

    #[test]
    fn what_repeats_is_counted_and_what_does_not_is_forgotten() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::lock(&folder.path().join("s.db")).expect("a new store");
        let pages = 5 * BUCKET_PAGES;
        for page in 0..pages {
            let mut blocks: Vec<u64> = (0..10).map(|block| 1_000 + page * 10 + block).collect();
            blocks.push(1);
            if page % 8 == 0 {
                blocks.push(u64::MAX);
            }
            store.learn_sitewide("a.example", &blocks).expect("counted");
        }
        assert_eq!(count(&store, 1), Some(pages));
        let part = count(&store, u64::MAX).expect("one in eight is not forgotten");
        assert!(part.abs_diff(pages / 8) <= pages / BUCKET_PAGES, "{part}");
        let rows: u64 = store
            .connection
            .query_row("SELECT count(*) FROM sitewide_block", [], |row| row.get(0))
            .expect("the table is there");
        assert_eq!(rows, 2, "blocks of one article are forgotten");
    }
}
