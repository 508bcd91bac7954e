//! Chrome learned across a site: blocks that stand in the bodies of many of its articles are no
//! part of any of them.
//!
//! A page by itself cannot tell a polite closing line from a story's last sentence; twelve pages
//! can. Every block of a body has a fingerprint that forgets case, punctuation and numbers, and is
//! counted once an article. From some count on it is chrome, and is taken out of a record. A crawl keeps
//! the counts in its store, [`Learner`] keeps them in memory for pages at hand.

mod site_names;

use std::collections::HashMap;

use foldhash::{HashSet, HashSetExt as _};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::block::ends_sentence;
use crate::record::{Block, BlockKind, Explained, Record};
use crate::text::fingerprint_text;
use crate::{address, dedup};

/// Articles that must have a block before it can be chrome: a quote or a note stands in two or three
/// stories that belong together.
const MIN_PAGES: u64 = 4;

/// Chrome stands in at least one of this many articles of a site. A series is in fewer, unless most of
/// what was read belongs to it.
const COMMON_PART: u64 = 2;

/// Articles that must have a block which only some of a site's templates show: more than any series has
/// parts, but for a running column.
const MANY_PAGES: u64 = 40;

/// Such a block stands in at least one of this many articles.
const MANY_PART: u64 = 10;

/// Words up to which a repeated block in the middle of a body stays: "Ingredients", "The verdict",
/// "Answer" are how a site's stories are built, and single words of chrome are known by themselves.
const LABEL_WORDS: usize = 3;

/// Letters a block must have to be counted; digits and signs repeat by chance.
const MIN_LETTERS: usize = 2;

/// How often something stands in a site's articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frequency {
    /// Articles that have it.
    pub(crate) with: u64,
    /// Articles of the site.
    pub(crate) pages: u64,
}

impl Frequency {
    /// Whether a block that stands so often is chrome.
    fn is_chrome(self) -> bool {
        let common = self.with >= MIN_PAGES && self.with * COMMON_PART >= self.pages;
        let many = self.with >= MANY_PAGES && self.with * MANY_PART >= self.pages;
        common || many
    }

    /// How many conclusions may be drawn of two: that a block is chrome, that a name is the site's. Each needs
    /// a number of articles of its own; with 0 there is nothing to clean.
    pub(crate) fn conclusions(self) -> u8 {
        u8::from(self.is_chrome()) + u8::from(site_names::is_everywhere(self))
    }
}

/// The fingerprints, each once, of a body's blocks except captions, and of what else in the record may be
/// its site's. Text is compared by its letters in lower case; a run of digits counts as one, so that
/// "Updated 3 May" and "7 comments" repeat as well.
pub(crate) fn fingerprints(record: &Record) -> Vec<u64> {
    let mut seen = HashSet::new();
    let blocks = record.blocks.iter().filter_map(block_fingerprint);
    let all = blocks.chain(site_names::fingerprints(record));
    all.filter(|fingerprint| seen.insert(*fingerprint))
        .collect()
}

fn block_fingerprint(block: &Block) -> Option<u64> {
    if matches!(block.kind, BlockKind::Caption) {
        return None;
    }
    let (spelled, letters) = fingerprint_text(&block.text);
    (letters >= MIN_LETTERS).then(|| xxh3_64(spelled.as_bytes()))
}

/// Takes out of a record what is its site's; `frequency` says how often what has a fingerprint stands in
/// the site's articles. `explain` adds blocks to `removed`. Returns whether the record changed.
///
/// A subhead goes only with all that stands under it, and a label in the middle of a body stays. A
/// record of which more than half would go keeps all: then it is the site that is not understood.
pub(crate) fn clean(
    record: &mut Record,
    frequency: impl Fn(u64) -> Option<Frequency>,
    explain: bool,
) -> bool {
    let is_renamed = site_names::clean(record, &frequency);
    clean_body(record, frequency, explain) || is_renamed
}

fn clean_body(
    record: &mut Record,
    frequency: impl Fn(u64) -> Option<Frequency>,
    explain: bool,
) -> bool {
    let blocks = record.blocks.iter();
    let chrome: Vec<Option<Frequency>> = blocks
        .map(|block| block_fingerprint(block).and_then(&frequency))
        .map(|found| found.filter(|found| found.is_chrome()))
        .collect();
    let goes = removable(&record.blocks, &chrome);
    let words = |gone: bool| -> usize {
        let chosen = record.blocks.iter().zip(&goes).filter(|(_, g)| **g == gone);
        chosen.map(|(block, _)| word_count(block)).sum()
    };
    if !goes.contains(&true) || words(true) > words(false) {
        return false;
    }
    let mut decided = goes.iter().zip(&chrome);
    record.blocks.retain(|block| {
        let (gone, found) = decided.next().unwrap_or((&false, &None));
        if let Some(Frequency { with, pages }) = found.filter(|_| *gone && explain) {
            record.removed.push(Explained {
                text: block.text.clone(),
                reason: format!("stands in {with} of {pages} articles of the site"),
                score: None,
            });
        }
        !gone
    });
    record.text = Record::join_blocks(&record.blocks);
    record.word_count = dedup::count_words(&record.text);
    true
}

/// For each block, whether it goes; `chrome` says of each whether it is chrome.
fn removable(blocks: &[Block], chrome: &[Option<Frequency>]) -> Vec<bool> {
    let is_heading = |at: usize| matches!(blocks[at].kind, BlockKind::Heading { .. });
    // The first and last blocks that are the story's own for sure: sentences, and no headlines of
    // other stories.
    let own = |at: &usize| {
        chrome[*at].is_none()
            && !is_heading(*at)
            && word_count(&blocks[*at]) > 0
            && ends_sentence(&blocks[*at].text)
    };
    let first = (0..blocks.len()).find(own).unwrap_or(blocks.len());
    let last = (0..blocks.len()).rev().find(own).unwrap_or(0);
    let mut goes: Vec<bool> = (0..blocks.len())
        .map(|at| {
            let is_inside = at > first && at < last;
            let is_text = chrome[at].is_some() && !is_heading(at);
            is_text && !(is_inside && word_count(&blocks[at]) <= LABEL_WORDS)
        })
        .collect();
    // From the end: whether all text up to the next subhead that stays goes, and whether there is any;
    // at the very end there need not be.
    let (mut all_gone, mut some) = (true, true);
    for at in (0..blocks.len()).rev() {
        if !is_heading(at) {
            let is_text = word_count(&blocks[at]) > 0;
            all_gone &= goes[at] || !is_text;
            some |= is_text;
            continue;
        }
        goes[at] = chrome[at].is_some() && all_gone && some;
        if !goes[at] {
            (all_gone, some) = (true, false);
        }
    }
    goes
}

fn word_count(block: &Block) -> usize {
    match block.kind {
        BlockKind::Caption => 0,
        _ => crate::block::word_count(&block.text),
    }
}

/// The site of a record: the registrable domain of its address, else what it calls itself.
#[must_use]
pub fn site_of(record: &Record) -> Option<String> {
    let address = record.url.as_ref().or(record.canonical_url.as_ref());
    let url = address.and_then(|address| Url::parse(address).ok());
    let host = |url: &Url| url.host_str().map(str::to_owned);
    url.and_then(|url| address::registrable_domain(&url).or_else(|| host(&url)))
        .or_else(|| record.site_name.clone())
}

/// Counts in memory what repeats across the articles of several sites, and cleans records of it.
///
/// ```
/// use gleaner::sitewide::{Learner, site_of};
///
/// let mut records: Vec<gleaner::Record> = Vec::new(); // A site's pages, one by one extracted.
/// let mut learner = Learner::default();
/// for record in &records {
///     learner.learn(&site_of(record).unwrap_or_default(), record);
/// }
/// for record in &mut records {
///     learner.clean(&site_of(record).unwrap_or_default(), record, false);
/// }
/// ```
#[derive(Debug, Default)]
pub struct Learner {
    sites: HashMap<String, SeenBlocks>,
}

#[derive(Debug, Default)]
struct SeenBlocks {
    pages: u64,
    /// Bodies that were counted, by their hashes: an article at two addresses is one.
    bodies: HashSet<u64>,
    /// Pages by what stands in them.
    with: HashMap<u64, u64>,
}

impl Learner {
    /// Counts a record's blocks for its site; a body that was counted before is not counted again.
    pub fn learn(&mut self, site: &str, record: &Record) {
        if record.blocks.is_empty() {
            return;
        }
        let site = self.sites.entry(site.to_owned()).or_default();
        if !site.bodies.insert(dedup::hashes(&record.text).content) {
            return;
        }
        site.pages += 1;
        for fingerprint in fingerprints(record) {
            *site.with.entry(fingerprint).or_default() += 1;
        }
    }

    /// Takes out of a record what is known to be its site's: chrome out of the body, the site's name
    /// out of the title. `explain` adds blocks to `removed`. Returns whether the record changed.
    pub fn clean(&self, site: &str, record: &mut Record, explain: bool) -> bool {
        let Some(site) = self.sites.get(site) else {
            return false;
        };
        let frequency = |fingerprint| {
            let with = *site.with.get(&fingerprint)?;
            let pages = site.pages;
            Some(Frequency { with, pages })
        };
        clean(record, frequency, explain)
    }
}

#[cfg(test)]
mod tests;
