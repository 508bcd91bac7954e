//! Counts of the blocks that repeat across a site's articles.
//!
//! Most blocks stand in one article and would fill the store, so counting is lossy in the way of
//! Manku and Motwani, "Approximate Frequency Counts over Data Streams" (VLDB 2002): every
//! [`BUCKET_PAGES`] articles, blocks too rare to become chrome are forgotten. A count, with
//! what it may have missed, is then too high by at most one in [`BUCKET_PAGES`] articles.

use std::collections::HashMap;

use crate::sitewide::Frequency;

/// Articles of a site after which rare blocks are forgotten; a block that is chrome stands in one
/// in ten at least.
pub(super) const BUCKET_PAGES: u64 = 100;

/// A site's counts, in memory from its first article of a run on.
#[derive(Debug, Default)]
pub(super) struct Site {
    pub(super) pages: u64,
    pub(super) learned_at: i64,
    pub(super) blocks: HashMap<u64, Count>,
    /// Whether rare blocks were forgotten that the store still has.
    pub(super) forgot: bool,
    /// Whether the store does not have it all.
    pub(super) changed: bool,
}

/// How often one block was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    /// Articles with the block, counted since it was noted.
    pub(super) pages: u64,
    /// Most articles that can have had it before.
    pub(super) missed: u64,
    /// Whether the store does not have it.
    pub(super) changed: bool,
}

impl Site {
    /// On how many of the site's articles a block was seen.
    pub(super) fn frequency(&self, print: u64) -> Option<Frequency> {
        self.blocks.get(&print).map(|count| Frequency {
            with: count.pages + count.missed,
            pages: self.pages,
        })
    }

    pub(super) fn conclusions(&self, print: u64) -> u8 {
        self.frequency(print).map_or(0, Frequency::conclusions)
    }

    /// Counts an article's blocks. Returns whether more is now known of one of them.
    pub(super) fn count(&mut self, fingerprints: &[u64]) -> bool {
        let before: Vec<u8> = fingerprints.iter().map(|p| self.conclusions(*p)).collect();
        self.pages += 1;
        self.changed = true;
        // A block that was forgotten can have stood in one article of each bucket.
        let buckets = (self.pages - 1) / BUCKET_PAGES;
        for print in fingerprints {
            let count = self.blocks.entry(*print).or_insert(Count {
                missed: buckets,
                ..Count::default()
            });
            count.pages += 1;
            count.changed = true;
        }
        let learned = fingerprints
            .iter()
            .zip(before)
            .any(|(print, before)| self.conclusions(*print) > before);
        if self.pages.is_multiple_of(BUCKET_PAGES) {
            self.blocks
                .retain(|_, count| count.pages + count.missed > buckets + 1);
            self.forgot = true;
        }
        learned
    }
}
