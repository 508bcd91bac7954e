//! What repeats across a site's articles: counted, and taken out of them.
//!
//! Most blocks stand in one article and would fill the store, so counting is lossy in the way of
//! Manku and Motwani, "Approximate Frequency Counts over Data Streams" (VLDB 2002): every
//! [`BUCKET_PAGES`] articles, blocks too rare to become chrome are forgotten. A count, with
//! what it may have missed, is then too high by at most one in [`BUCKET_PAGES`] articles.

use std::collections::HashMap;

use super::articles::NewArticle;
use crate::dedup::{self, TextHashes};
use crate::record::Record;
use crate::sitewide::{self, Frequency};

/// Articles of a site after which rare blocks are forgotten; a block that is chrome stands in one
/// in ten at least.
const BUCKET_PAGES: u64 = 100;

/// Blocks counted in memory, about 5 MB of them; when they are more, all are written to the store and
/// dropped from memory.
const MAX_BLOCKS: usize = 100_000;

/// Articles of a site from which its chrome counts as known: later runs need not clean the articles
/// stored so far again.
const KNOWN_FROM_PAGES: u64 = 12;

/// The counts of the sites that are worked on, in memory. They are written to the store when a host's
/// lease ends and when a run ends, so that blocks of a single article are mostly forgotten before they
/// become a row of the table. A killed run loses counts that were not written yet, but no record.
#[derive(Debug, Default)]
pub(crate) struct SiteCountsCache {
    sites: HashMap<String, SiteCounts>,
    /// Blocks of all sites, about.
    blocks: usize,
}

impl SiteCountsCache {
    /// Whether there are so many counts that all should be written and dropped from memory.
    pub(crate) fn is_full(&self) -> bool {
        self.blocks > MAX_BLOCKS
    }

    pub(crate) fn has(&self, site: &str) -> bool {
        self.sites.contains_key(site)
    }

    /// Takes over what the store has counted for a site.
    pub(crate) fn insert(&mut self, site: &str, counts: SiteCounts) {
        self.blocks += counts.blocks.len();
        self.sites.insert(site.to_owned(), counts);
    }

    /// Calls `work` with a site's counts.
    pub(crate) fn with<T>(&mut self, site: &str, work: impl FnOnce(&mut SiteCounts) -> T) -> T {
        let counts = self.sites.entry(site.to_owned()).or_default();
        let before = counts.blocks.len();
        let done = work(counts);
        self.blocks = (self.blocks + counts.blocks.len()).saturating_sub(before);
        done
    }

    /// The sites with counts that are not written yet; they count as written from now on.
    pub(crate) fn take_changed(&mut self) -> impl Iterator<Item = (&str, &mut SiteCounts)> {
        self.sites.iter_mut().filter_map(|(name, counts)| {
            std::mem::take(&mut counts.changed).then_some((name.as_str(), counts))
        })
    }
}

/// A site's counts.
#[derive(Debug, Default)]
pub(crate) struct SiteCounts {
    /// Articles counted.
    pub(crate) pages: u64,
    /// The number of the newest article when a block was last found to repeat.
    pub(crate) learned_at: i64,
    /// By each block's fingerprint.
    blocks: HashMap<u64, BlockCount>,
    /// Whether rare blocks were forgotten that the store may still have.
    forgot: bool,
    /// Whether there are counts that are not written yet.
    changed: bool,
}

/// How often one block was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockCount {
    /// Articles with the block since its count began.
    pub(crate) pages: u64,
    /// The most articles that can have had it before, in counts that were forgotten.
    pub(crate) missed: u64,
    /// Whether the count is not written yet.
    changed: bool,
}

impl BlockCount {
    /// As it was stored.
    pub(crate) fn stored(pages: u64, missed: u64) -> Self {
        let changed = false;
        Self {
            pages,
            missed,
            changed,
        }
    }
}

impl SiteCounts {
    /// The counts of a site as they were stored.
    pub(crate) fn stored(pages: u64, learned_at: i64, blocks: Vec<(u64, BlockCount)>) -> Self {
        Self {
            pages,
            learned_at,
            blocks: blocks.into_iter().collect(),
            ..Self::default()
        }
    }

    /// On how many of the site's articles a block was seen.
    fn frequency(&self, fingerprint: u64) -> Option<Frequency> {
        self.blocks.get(&fingerprint).map(|count| Frequency {
            with: count.pages + count.missed,
            pages: self.pages,
        })
    }

    fn conclusions(&self, fingerprint: u64) -> u8 {
        self.frequency(fingerprint)
            .map_or(0, Frequency::conclusions)
    }

    /// Counts the blocks that a stored article had before it was cleaned.
    pub(crate) fn learn(&mut self, fingerprints: &[u64], article: i64) {
        let before: Vec<u8> = fingerprints.iter().map(|p| self.conclusions(*p)).collect();
        self.pages += 1;
        self.changed = true;
        // A block that was forgotten can have stood in one article of each bucket.
        let buckets = (self.pages - 1) / BUCKET_PAGES;
        for fingerprint in fingerprints {
            let count = self.blocks.entry(*fingerprint).or_insert(BlockCount {
                missed: buckets,
                ..BlockCount::default()
            });
            count.pages += 1;
            count.changed = true;
        }
        let mut both = fingerprints.iter().zip(before);
        if both.any(|(fingerprint, before)| self.conclusions(*fingerprint) > before) {
            self.learned_at = article;
        }
        if self.pages.is_multiple_of(BUCKET_PAGES) {
            self.blocks
                .retain(|_, count| count.pages + count.missed > buckets + 1);
            self.forgot = true;
        }
    }

    /// Takes out of a record what repeats across its site, as far as it is known. Returns the hashes of
    /// its new text; none when nothing repeats.
    pub(crate) fn clean(&self, record: &mut Record, fingerprints: &[u64]) -> Option<TextHashes> {
        // Nearly always nothing of an article repeats; then the blocks need not be gone through.
        let repeats = fingerprints
            .iter()
            .any(|print| self.conclusions(*print) > 0);
        let is_changed = repeats && sitewide::clean(record, |print| self.frequency(print), false);
        is_changed.then(|| dedup::hashes(&record.text))
    }

    /// [Cleans](Self::clean) an article that is not stored yet.
    pub(crate) fn clean_new(&self, article: &mut NewArticle) {
        if let Some(hashes) = self.clean(&mut article.record, &article.fingerprints) {
            article.content_hash = hashes.content;
            article.simhash = hashes.simhash;
        }
    }

    /// The blocks whose counts are not written yet; they count as written from now on.
    pub(crate) fn take_changed(&mut self) -> impl Iterator<Item = (u64, &BlockCount)> {
        self.blocks.iter_mut().filter_map(|(fingerprint, count)| {
            std::mem::take(&mut count.changed).then_some((*fingerprint, &*count))
        })
    }

    /// Where the store may still have blocks that were forgotten here: it is to forget those with this
    /// count or less.
    pub(crate) fn take_forgotten(&mut self) -> Option<u64> {
        std::mem::take(&mut self.forgot).then_some(self.pages / BUCKET_PAGES)
    }
}

/// A site with stored articles that no run's end has cleaned yet.
#[derive(Debug)]
pub(crate) struct UncleanedSite {
    pub(crate) site: String,
    /// Articles counted.
    pub(crate) pages: u64,
    /// The number of the newest article that was cleaned.
    pub(crate) cleaned_to: i64,
    /// The number of the newest article when something new was learned; articles after it were cleaned
    /// with that knowledge when they were stored.
    pub(crate) learned_at: i64,
    /// The number of the newest article.
    pub(crate) newest: i64,
}

impl UncleanedSite {
    /// Whether the site's chrome is known, so that later runs need not clean the articles stored so far.
    pub(crate) fn is_chrome_known(&self) -> bool {
        self.pages >= KNOWN_FROM_PAGES
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The blocks of a site's page of that number: ten of its own, block 1, which each page has, and
    /// the last, which one in eight has.
    pub(in crate::store) fn blocks_of_page(number: u64) -> Vec<u64> {
        let mut blocks: Vec<u64> = (0..10).map(|n| 1_000 + number * 10 + n).collect();
        blocks.push(1);
        blocks.extend(number.is_multiple_of(8).then_some(u64::MAX));
        blocks
    }

    #[test]
    fn what_repeats_is_counted_and_what_does_not_is_forgotten() {
        let mut site = SiteCounts::default();
        let pages = 5 * BUCKET_PAGES;
        for page in 0..pages {
            site.learn(&blocks_of_page(page), 0);
        }
        let with = |fingerprint| site.frequency(fingerprint).map(|repeats| repeats.with);
        assert_eq!(with(1), Some(pages));
        let part = with(u64::MAX).expect("one in eight is not forgotten");
        assert!(part.abs_diff(pages / 8) <= pages / BUCKET_PAGES, "{part}");
        assert_eq!(site.blocks.len(), 2, "blocks of one article are forgotten");
    }
}
