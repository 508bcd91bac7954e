//! What repeats across a site's articles: counted, written down, and taken out of them.

mod count;

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::articles::{NewArticle, split};
use crate::record::Record;
use crate::sitewide;
use crate::{Error, dedup};
use count::{BUCKET_PAGES, Count, Site};

/// Blocks counted in memory before all are written and forgotten there; about 5 MB of them.
const MOST_BLOCKS: usize = 100_000;

/// Stored articles read at a time when a run ends.
const CLEANED_AT_A_TIME: usize = 200;

/// Articles of a site from which those stored so far need not be looked at again in a later run:
/// what is chrome is known by then.
const SETTLED_PAGES: u64 = 12;

/// A site whose newest articles were not looked at when a run ended.
struct Uncleaned {
    site: String,
    pages: u64,
    cleaned_to: i64,
    learned_at: i64,
    newest: i64,
}

/// The counts of the sites at hand. They reach the store when a host is given back and when a run
/// ends: one article's own blocks are counted and forgotten without a row of the table. What a killed
/// run had not written is missing from the counts, from no record.
#[derive(Debug, Default)]
pub(super) struct Counts {
    sites: HashMap<String, Site>,
    /// Blocks of all sites, about.
    blocks: usize,
}

impl Store {
    /// Takes out of an article what repeats across its site, as far as it is known.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn clean_sitewide(&self, article: &mut NewArticle) -> Result<(), Error> {
        let NewArticle {
            site,
            record,
            fingerprints,
            ..
        } = article;
        if self.sql(self.clean_record(site, record, fingerprints))? {
            let hashes = dedup::hashes(&article.record.text);
            article.content_hash = hashes.content;
            article.simhash = hashes.simhash;
        }
        Ok(())
    }

    /// Counts the blocks of a stored article for its site. Counts what the page had before it was
    /// cleaned: hand over the fingerprints taken then. They are kept by [`Store::keep_counts`].
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn learn_sitewide(
        &self,
        site: &str,
        fingerprints: &[u64],
        article: i64,
    ) -> Result<(), Error> {
        self.sql(self.with_site(site, |site| {
            if site.count(fingerprints) {
                site.learned_at = article;
            }
        }))
    }

    /// Writes down what was counted.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn keep_counts(&self) -> Result<(), Error> {
        let mut counts = self.counts.borrow_mut();
        for (name, site) in &mut counts.sites {
            self.sql(self.write_site(name, site))?;
        }
        Ok(())
    }

    /// When a run ends: cleans the articles that were stored before it was known what repeats.
    /// Returns how many changed.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn clean_stored(&mut self) -> Result<u64, Error> {
        self.transaction(Self::keep_counts)?;
        let mut changed = 0;
        for uncleaned in self.sql(self.uncleaned_sites())? {
            let mut from = uncleaned.cleaned_to;
            while from < uncleaned.learned_at {
                let last = self.transaction(|store| {
                    let some = store.clean_some(&uncleaned.site, from, uncleaned.learned_at);
                    let (last, cleaned) = store.sql(some)?;
                    changed += cleaned;
                    Ok(last)
                })?;
                let Some(last) = last else { break };
                from = last;
            }
            if uncleaned.pages >= SETTLED_PAGES {
                let newest = uncleaned.newest;
                self.transaction(|store| store.sql(store.settle_site(&uncleaned.site, newest)))?;
            }
        }
        Ok(changed)
    }

    /// Does something with a site's counts, which are read when they are not at hand.
    fn with_site<T>(&self, name: &str, work: impl FnOnce(&mut Site) -> T) -> rusqlite::Result<T> {
        let mut counts = self.counts.borrow_mut();
        if counts.blocks > MOST_BLOCKS {
            for (name, site) in &mut counts.sites {
                self.write_site(name, site)?;
            }
            *counts = Counts::default();
        }
        if !counts.sites.contains_key(name) {
            let site = self.read_site(name)?;
            counts.blocks += site.blocks.len();
            counts.sites.insert(name.to_owned(), site);
        }
        let Counts { sites, blocks } = &mut *counts;
        let site = sites.entry(name.to_owned()).or_default();
        let before = site.blocks.len();
        let done = work(site);
        *blocks = (*blocks + site.blocks.len()).saturating_sub(before);
        Ok(done)
    }

    fn read_site(&self, name: &str) -> rusqlite::Result<Site> {
        let known = self
            .connection
            .prepare_cached("SELECT pages, learned_at FROM sitewide_site WHERE site = ?1")?
            .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((pages, learned_at)) = known else {
            return Ok(Site::default());
        };
        let blocks = self
            .connection
            .prepare_cached(
                "SELECT fingerprint, pages, missed FROM sitewide_block WHERE site = ?1",
            )?
            .query_map([name], |row| {
                let count = Count {
                    pages: row.get(1)?,
                    missed: row.get(2)?,
                    changed: false,
                };
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), count))
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Site {
            pages,
            learned_at,
            blocks,
            ..Site::default()
        })
    }

    fn write_site(&self, name: &str, site: &mut Site) -> rusqlite::Result<()> {
        if !std::mem::take(&mut site.changed) {
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "INSERT INTO sitewide_site (site, pages, learned_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (site) DO UPDATE SET pages = excluded.pages, learned_at = excluded.learned_at",
            )?
            .execute(params![name, site.pages, site.learned_at])?;
        let mut write = self.connection.prepare_cached(
            "INSERT INTO sitewide_block (site, fingerprint, pages, missed) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (site, fingerprint) DO UPDATE SET pages = excluded.pages, missed = excluded.missed",
        )?;
        for (print, count) in &mut site.blocks {
            if std::mem::take(&mut count.changed) {
                write.execute(params![
                    name,
                    print.cast_signed(),
                    count.pages,
                    count.missed
                ])?;
            }
        }
        if std::mem::take(&mut site.forgot) {
            let buckets = site.pages / BUCKET_PAGES;
            self.connection
                .prepare_cached(
                    "DELETE FROM sitewide_block WHERE site = ?1 AND pages + missed <= ?2",
                )?
                .execute(params![name, buckets])?;
        }
        Ok(())
    }

    fn clean_record(
        &self,
        site: &str,
        record: &mut Record,
        fingerprints: &[u64],
    ) -> rusqlite::Result<bool> {
        self.with_site(site, |site| {
            // Nearly always nothing of an article repeats; then there is no need to look twice.
            let repeats = fingerprints
                .iter()
                .any(|print| site.conclusions(*print) > 0);
            repeats && sitewide::clean(record, |print| site.frequency(print), false)
        })
    }

    fn uncleaned_sites(&self) -> rusqlite::Result<Vec<Uncleaned>> {
        self.connection
            .prepare(
                "SELECT site, pages, cleaned_to, learned_at,
                   (SELECT coalesce(max(a.id), 0) FROM article a WHERE a.site = s.site) AS newest
                 FROM sitewide_site s WHERE newest > cleaned_to",
            )?
            .query_map([], |row| {
                Ok(Uncleaned {
                    site: row.get(0)?,
                    pages: row.get(1)?,
                    cleaned_to: row.get(2)?,
                    learned_at: row.get(3)?,
                    newest: row.get(4)?,
                })
            })?
            .collect()
    }

    /// Cleans the next articles of a site after `from`, up to `to`. Returns the last one's row, none
    /// when there was none, and how many changed.
    fn clean_some(&self, site: &str, from: i64, to: i64) -> rusqlite::Result<(Option<i64>, u64)> {
        let stored: Vec<(i64, String, String)> = self
            .connection
            .prepare_cached(
                "SELECT id, text, record FROM article
                 WHERE site = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
            )?
            .query_map(params![site, from, to, CLEANED_AT_A_TIME], |row| {
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
            let fingerprints = sitewide::fingerprints(&record);
            if self.clean_record(site, &mut record, &fingerprints)? {
                self.rewrite(id, &record)?;
                changed += 1;
            }
        }
        Ok((last, changed))
    }

    /// Writes a stored article's body again; it is the same version of the article.
    fn rewrite(&self, id: i64, record: &Record) -> rusqlite::Result<()> {
        self.index_text()?;
        let (text, json) = split(record);
        let hashes = dedup::hashes(text);
        let before: i64 = self
            .connection
            .prepare_cached("SELECT simhash FROM article WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
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
        if self.forget_bands(id, before.cast_unsigned())? {
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
            store
                .learn_sitewide("a.example", &blocks, 0)
                .expect("counted");
            // As runs do that bring a few articles each.
            if page % 7 == 0 {
                store.keep_counts().expect("written");
            }
        }
        store.keep_counts().expect("written");
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
