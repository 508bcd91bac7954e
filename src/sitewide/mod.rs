//! Chrome learned across a site: blocks that stand in the bodies of many of its articles are no
//! part of any of them.
//!
//! A page by itself cannot tell a polite closing line from a story's last sentence; twelve pages
//! can. Every block of a body has a [fingerprint](fingerprints) that forgets case, punctuation and
//! numbers, and is counted once an article. [`is_chrome`] says from which count on it is chrome, and
//! [`clean`] takes it out of a record. A crawl keeps the counts in its store, [`Learner`] keeps them
//! in memory for pages at hand.
//!
//! ```
//! use gleaner::sitewide::is_chrome;
//!
//! assert!(is_chrome(9, 12));          // "Sign up for our letter" under most stories
//! assert!(!is_chrome(4, 12));         // "This is part three of our series on the river"
//! assert!(is_chrome(60, 500));        // the note under one section's stories
//! assert!(!is_chrome(20, 500));       // a long series
//! ```

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
pub const MIN_PAGES: u64 = 4;

/// Chrome stands under at least one in this many articles of a site. A series has less of a site's
/// articles, unless it is most of what was read.
const COMMON_PART: u64 = 2;

/// What only some of a site's templates show must stand in as many articles: more than the parts of
/// any series but a running column.
const MANY_PAGES: u64 = 40;

/// And in at least one in this many.
const MANY_PART: u64 = 10;

/// Words up to which a repeated block in the middle of a body stays: "Ingredients", "The verdict",
/// "Answer" are how a site's stories are built, and single words of chrome are known by themselves.
const LABEL_WORDS: usize = 3;

/// Letters a block must have to be counted; digits and signs repeat by chance.
const MIN_LETTERS: usize = 2;

/// Whether a block that stands in `with` of `pages` articles of a site is chrome.
#[must_use]
pub fn is_chrome(with: u64, pages: u64) -> bool {
    let common = with >= MIN_PAGES && with * COMMON_PART >= pages;
    let many = with >= MANY_PAGES && with * MANY_PART >= pages;
    common || many
}

/// Whether something that stands in so many articles of a site means that records are to be cleaned
/// of it.
#[must_use]
pub fn matters(seen: Repeats) -> bool {
    meanings(seen) > 0
}

/// What may be concluded from that, counted: that a block is chrome, that a name is the site's. Each
/// needs a number of articles of its own.
#[must_use]
pub fn meanings(seen: Repeats) -> u8 {
    u8::from(is_chrome(seen.with, seen.pages)) + u8::from(site_names::is_everywhere(seen))
}

/// The fingerprints of a body's blocks, each once, captions left out since they are no text, and of
/// what else in the record [may be its site's](evidence::site). Text is
/// compared by its letters in lower case; a run of digits counts as one, so that "Updated 3 May" and
/// "7 comments" repeat as well.
#[must_use]
pub fn fingerprints(record: &Record) -> Vec<u64> {
    let mut seen = HashSet::new();
    let all = record.blocks.iter().filter_map(fingerprint);
    let all = all.chain(site_names::fingerprints(record));
    all.filter(|print| seen.insert(*print)).collect()
}

fn fingerprint(block: &Block) -> Option<u64> {
    if matches!(block.kind, BlockKind::Caption) {
        return None;
    }
    let (spelled, letters) = fingerprint_text(&block.text);
    (letters >= MIN_LETTERS).then(|| xxh3_64(spelled.as_bytes()))
}

/// In how many of a site's articles a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeats {
    /// Articles with the block.
    pub with: u64,
    /// Articles of the site.
    pub pages: u64,
}

/// Takes chrome out of a record: blocks that `repeats` says are chrome, by their fingerprints.
/// `explain` adds them to `removed`. Returns whether the record changed.
///
/// A subhead goes only with all that stands under it, and a label in the middle of a body stays. A
/// record of which more than half would go keeps all: then it is the site that is not understood.
pub fn clean(record: &mut Record, repeats: impl Fn(u64) -> Option<Repeats>, explain: bool) -> bool {
    let renamed = site_names::clean(record, &repeats);
    clean_body(record, repeats, explain) || renamed
}

fn clean_body(
    record: &mut Record,
    repeats: impl Fn(u64) -> Option<Repeats>,
    explain: bool,
) -> bool {
    let known: Vec<Option<Repeats>> = record
        .blocks
        .iter()
        .map(|block| fingerprint(block).and_then(&repeats))
        .map(|found| found.filter(|found| is_chrome(found.with, found.pages)))
        .collect();
    if known.iter().all(Option::is_none) {
        return false;
    }
    let goes = decide(&record.blocks, &known);
    let words = |gone: bool| -> usize {
        let chosen = record.blocks.iter().zip(&goes).filter(|(_, g)| **g == gone);
        chosen.map(|(block, _)| words_of(block)).sum()
    };
    if !goes.contains(&true) || words(true) > words(false) {
        return false;
    }
    let mut at = 0;
    record.blocks.retain(|block| {
        let (gone, found) = (goes[at], known[at]);
        at += 1;
        if let Some(found) = found.filter(|_| gone && explain) {
            record.removed.push(Explained {
                text: block.text.clone(),
                reason: format!(
                    "stands in {} of {} articles of the site",
                    found.with, found.pages
                ),
                score: None,
            });
        }
        !gone
    });
    record.text = Record::join_blocks(&record.blocks);
    record.word_count = Record::count_words(&record.text);
    true
}

/// For each block, whether it goes.
fn decide(blocks: &[Block], known: &[Option<Repeats>]) -> Vec<bool> {
    let is_heading = |at: usize| matches!(blocks[at].kind, BlockKind::Heading { .. });
    // The first and last blocks that are the story's own for sure: sentences, and no headlines of
    // other stories.
    let own = |at: &usize| {
        known[*at].is_none()
            && !is_heading(*at)
            && words_of(&blocks[*at]) > 0
            && ends_sentence(&blocks[*at].text)
    };
    let first = (0..blocks.len()).find(own).unwrap_or(blocks.len());
    let last = (0..blocks.len()).rev().find(own).unwrap_or(0);
    let mut goes: Vec<bool> = (0..blocks.len())
        .map(|at| {
            let is_label = words_of(&blocks[at]) <= LABEL_WORDS && at > first && at < last;
            known[at].is_some() && !is_heading(at) && !is_label
        })
        .collect();
    // From the end: whether all text up to the next subhead that stays goes, and there is some; at
    // the very end there need not be.
    let (mut all_gone, mut some) = (true, true);
    for at in (0..blocks.len()).rev() {
        if !is_heading(at) {
            let is_text = words_of(&blocks[at]) > 0;
            all_gone &= goes[at] || !is_text;
            some |= is_text;
            continue;
        }
        goes[at] = known[at].is_some() && all_gone && some;
        if !goes[at] {
            (all_gone, some) = (true, false);
        }
    }
    goes
}

fn words_of(block: &Block) -> usize {
    match block.kind {
        BlockKind::Caption => 0,
        _ => crate::block::word_count(&block.text),
    }
}

/// The site of a record, by its address or by what it calls itself.
#[must_use]
pub fn site_of(record: &Record) -> Option<String> {
    let address = record.url.as_ref().or(record.canonical_url.as_ref());
    address
        .and_then(|address| Url::parse(address).ok())
        .and_then(|url| {
            address::registrable_domain(&url).or_else(|| url.host_str().map(str::to_owned))
        })
        .or_else(|| record.site_name.clone())
}

/// Counts the blocks of several sites' articles in memory.
#[derive(Debug, Default)]
pub struct Learner {
    sites: HashMap<String, Site>,
}

#[derive(Debug, Default)]
struct Site {
    pages: u64,
    /// Bodies that were counted, by their hashes: an article at two addresses is one.
    bodies: HashSet<u64>,
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
        for print in fingerprints(record) {
            *site.with.entry(print).or_default() += 1;
        }
    }

    /// [Cleans](clean) a record by what was learned of its site.
    pub fn clean(&self, site: &str, record: &mut Record, explain: bool) -> bool {
        let Some(site) = self.sites.get(site) else {
            return false;
        };
        let repeats = |print| {
            let with = *site.with.get(&print)?;
            let pages = site.pages;
            Some(Repeats { with, pages })
        };
        clean(record, repeats, explain)
    }
}

#[cfg(test)]
mod tests;
