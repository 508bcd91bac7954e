//! The tables of what repeats across sites' articles.

use rusqlite::params;

use super::SqliteStore;
use super::articles::split;
use crate::dedup::TextHashes;
use crate::record::Record;
use crate::sitewide;
use crate::store::Result;
use crate::store::sitewide::{BlockCount, SiteCounts, SiteCountsCache, UncleanedSite};

/// Stored articles read at a time when a run ends.
const CLEANED_AT_A_TIME: usize = 200;

impl SqliteStore {
    /// Writes the counts that are not written yet.
    pub(super) fn keep_site_counts(&mut self) -> Result<()> {
        let mut sites = std::mem::take(&mut self.sites);
        for (name, site) in sites.take_changed() {
            self.run(
                "INSERT INTO sitewide_site (site, pages, learned_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (site) DO UPDATE SET pages = excluded.pages, learned_at = excluded.learned_at",
                params![name, site.pages, site.learned_at],
            )?;
            for (fingerprint, count) in site.take_changed() {
                self.run(
                    "INSERT INTO sitewide_block (site, fingerprint, pages, missed) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (site, fingerprint) DO UPDATE SET pages = excluded.pages, missed = excluded.missed",
                    params![name, fingerprint.cast_signed(), count.pages, count.missed],
                )?;
            }
            if let Some(most) = site.take_forgotten() {
                let forget = "DELETE FROM sitewide_block WHERE site = ?1 AND pages + missed <= ?2";
                self.run(forget, params![name, most])?;
            }
        }
        self.sites = sites;
        Ok(())
    }

    /// Calls `work` with a site's counts, which are read when they are not in memory.
    pub(super) fn with_site<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut SiteCounts) -> T,
    ) -> Result<T> {
        if self.sites.is_full() {
            self.keep_site_counts()?;
            self.sites = SiteCountsCache::default();
        }
        if !self.sites.has(name) {
            let counts = self.read_site(name)?;
            self.sites.insert(name, counts);
        }
        Ok(self.sites.with(name, work))
    }

    fn read_site(&self, name: &str) -> Result<SiteCounts> {
        let known = "SELECT pages, learned_at FROM sitewide_site WHERE site = ?1";
        let known = self.first(known, [name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((pages, learned_at)) = known else {
            return Ok(SiteCounts::default());
        };
        let blocks = "SELECT fingerprint, pages, missed FROM sitewide_block WHERE site = ?1";
        let blocks = self.all(blocks, [name], |row| {
            let count = BlockCount::stored(row.get(1)?, row.get(2)?);
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), count))
        })?;
        Ok(SiteCounts::stored(pages, learned_at, blocks))
    }

    pub(super) fn uncleaned_sites(&self) -> Result<Vec<UncleanedSite>> {
        self.all(
            "SELECT site, pages, cleaned_to, learned_at,
               (SELECT coalesce(max(a.id), 0) FROM article a WHERE a.site = s.site) AS newest
             FROM sitewide_site s WHERE newest > cleaned_to",
            [],
            |row| {
                Ok(UncleanedSite {
                    site: row.get(0)?,
                    pages: row.get(1)?,
                    cleaned_to: row.get(2)?,
                    learned_at: row.get(3)?,
                    newest: row.get(4)?,
                })
            },
        )
    }

    /// Cleans the next articles of a site after `from`, up to `to`. Returns the last one's number (none when
    /// there are no more) and how many changed.
    pub(super) fn clean_some(
        &mut self,
        site: &str,
        from: i64,
        to: i64,
    ) -> Result<(Option<i64>, u64)> {
        let stored: Vec<(i64, String, String)> = self.all(
            "SELECT id, text, record FROM article
             WHERE site = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4",
            params![site, from, to, CLEANED_AT_A_TIME],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let last = stored.last().map(|(id, ..)| *id);
        let mut changed = 0;
        for (id, text, json) in stored {
            let Ok(record) = serde_json::from_str::<Record>(&json) else {
                continue;
            };
            let mut record = Record { text, ..record };
            let fingerprints = sitewide::fingerprints(&record);
            let cleaned = self.with_site(site, |site| site.clean(&mut record, &fingerprints))?;
            if let Some(hashes) = cleaned {
                self.rewrite(id, &record, hashes)?;
                changed += 1;
            }
        }
        Ok((last, changed))
    }

    /// Writes a stored article's body again; it is the same version of the article.
    fn rewrite(&self, id: i64, record: &Record, hashes: TextHashes) -> Result<()> {
        self.index_text()?;
        let (text, json) = split(record);
        let (content, simhash) = (hashes.content.cast_signed(), hashes.simhash.cast_signed());
        let before: i64 = self.value("SELECT simhash FROM article WHERE id = ?1", [id])?;
        self.run(
            "UPDATE article SET text = ?2, record = ?3, content_hash = ?4, simhash = ?5 WHERE id = ?1",
            params![id, text, json, content, simhash],
        )?;
        if self.forget_bands(id, before.cast_unsigned())? {
            self.index_bands(id, hashes.simhash)?;
        }
        Ok(())
    }
}
