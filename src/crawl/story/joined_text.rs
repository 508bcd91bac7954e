//! The record of a story that grows page by page.

use super::MissingPage;
use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use crate::address::page_key;
use crate::dedup;
use crate::record::{Block, Record};
use crate::text::to_letters;

/// Letters from which a title within a longer one is no accident: three or four words.
const TITLE_LETTERS: usize = 16;

/// Letters that may stand beside a title with a page's number: "page 2 of 3", a site's name.
const MAX_ADDED_LETTERS: usize = 40;

/// Digits of the highest number of a page in a title.
const MAX_PAGE_DIGITS: usize = 3;

/// Letters from which a block that stands on two pages is not written twice: shorter ones ("He nodded.")
/// may well come again.
const LONG_BLOCK_LETTERS: usize = 60;

/// Share of the first page's letters that all pages in one show at least.
const WHOLE_SHARE: f64 = 0.8;

/// What a page that was fetched for a story has to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// It goes on with it.
    Part,
    /// It shows nothing that is not known.
    Again,
    AnotherStory,
}

/// A story's first pages as one record.
#[derive(Debug)]
pub(super) struct JoinedStory {
    pub(super) record: Record,
    /// Hashes of the letters of its blocks.
    blocks: HashSet<u64>,
    simhashes: Vec<u64>,
    pages: usize,
    /// Words of it, weighted by how sure they are.
    sure_words: f64,
}

impl JoinedStory {
    pub(super) fn of(record: Record) -> Self {
        Self {
            blocks: record.blocks.iter().map(key_of).collect(),
            simhashes: vec![dedup::hashes(&record.text).simhash],
            pages: 1,
            sure_words: weight(&record),
            record,
        }
    }

    /// Compares a page with the story; `is_whole` says that it is to hold all of it.
    pub(super) fn compare(&self, page: &Record, is_whole: bool) -> Comparison {
        let simhash = dedup::hashes(&page.text).simhash;
        let is_near = |known: &u64| dedup::are_near(*known, simhash);
        let new = self.new_blocks(page);
        if self.simhashes.iter().any(is_near) || new.is_empty() {
            return Comparison::Again;
        }
        let is_same = self.names_same_page(page)
            || is_same_title(self.record.title.as_deref(), page.title.as_deref());
        if !is_same {
            return Comparison::AnotherStory;
        }
        if is_whole {
            return self.compare_whole(page);
        }
        Comparison::Part
    }

    /// All pages in one hold nearly all of the first, and more.
    fn compare_whole(&self, page: &Record) -> Comparison {
        let shown: HashSet<u64> = page.blocks.iter().map(key_of).collect();
        let letters = |blocks: &mut dyn Iterator<Item = &Block>| -> f64 {
            let sum: usize = blocks.map(|block| block.text.len()).sum();
            #[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
            let sum = sum as f64;
            sum
        };
        let own = &self.record.blocks;
        let kept = letters(&mut own.iter().filter(|block| shown.contains(&key_of(block))));
        if kept >= WHOLE_SHARE * letters(&mut own.iter()) {
            Comparison::Part
        } else {
            Comparison::Again
        }
    }

    /// Whether the page gives as its own address the first page's.
    fn names_same_page(&self, page: &Record) -> bool {
        let key = |address: Option<&String>| {
            let url = url::Url::parse(address?).ok()?;
            Some(page_key(&url))
        };
        let named = key(page.canonical_url.as_ref());
        named.is_some()
            && (named == key(self.record.url.as_ref())
                || named == key(self.record.canonical_url.as_ref()))
    }

    /// The blocks of a page that do not repeat what stands in the story: what repeats at its ends (the headline, the dek, prompts) and long blocks anywhere go.
    fn new_blocks<'a>(&self, page: &'a Record) -> &'a [Block] {
        let title = page.title.as_deref();
        let repeats = |block: &Block| {
            self.blocks.contains(&key_of(block)) || is_same_title(title, Some(&block.text))
        };
        let blocks = &page.blocks;
        let Some(start) = blocks.iter().position(|block| !repeats(block)) else {
            return &[];
        };
        let end = blocks.iter().rposition(|block| !repeats(block));
        &blocks[start..=end.unwrap_or(start)]
    }

    /// Takes over what is new on a page; or, of all pages in one, the whole text.
    pub(super) fn append(&mut self, page: Record, is_whole: bool) {
        let is_long = |block: &Block| to_letters(&block.text).len() >= LONG_BLOCK_LETTERS;
        let new: Vec<Block> = if is_whole {
            self.record.blocks.clear();
            self.sure_words = 0.0;
            page.blocks.clone()
        } else {
            let new = self.new_blocks(&page).iter();
            new.filter(|block| !is_long(block) || !self.blocks.contains(&key_of(block)))
                .cloned()
                .collect()
        };
        self.blocks.extend(new.iter().map(key_of));
        self.simhashes.push(dedup::hashes(&page.text).simhash);
        self.pages += 1;
        self.sure_words += weight(&page);
        self.record.blocks.extend(new);
        for image in page.images {
            if !self
                .record
                .images
                .iter()
                .any(|known| known.url == image.url)
            {
                self.record.images.push(image);
            }
        }
        self.record.continues = page.continues;
    }

    /// What is said about the record; `missing` is what came of the page at which it ends too early.
    pub(super) fn remark(&self, missing: Option<&MissingPage>) -> Option<String> {
        let joined = (self.pages > 1).then(|| format!("{} pages in one", self.pages));
        let missing = missing.map(|missing| match missing.outcome {
            Some(outcome) => format!("the next page is missing: {outcome}"),
            None => "the next page was not asked for".to_owned(),
        });
        match (joined, missing) {
            (Some(joined), Some(missing)) => Some(format!("{joined}; {missing}")),
            (one, other) => one.or(other),
        }
    }

    pub(super) fn into_record(self) -> Record {
        let mut record = self.record;
        if self.pages > 1 {
            record.text = Record::join_blocks(&record.blocks);
            record.word_count = dedup::count_words(&record.text);
            #[expect(clippy::cast_precision_loss, reason = "words of a story")]
            let words = record.word_count.max(1) as f64;
            record.confidence = (self.sure_words / words).clamp(0.0, 1.0);
        }
        record
    }
}

fn weight(record: &Record) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "words of a page")]
    let words = record.word_count as f64;
    words * record.confidence
}

fn key_of(block: &Block) -> u64 {
    xxh3_64(to_letters(&block.text).as_bytes())
}

/// Whether two titles are those of pages of one story: one is the other, perhaps with the page's number, a
/// part's name or the site's beside it. A page without a title is believed.
fn is_same_title(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let (one, other) = (to_letters(one), to_letters(other));
    if without_numbers(&one) == without_numbers(&other) {
        return true;
    }
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let Some(at) = long.find(&short).filter(|_| !short.is_empty()) else {
        return short == long;
    };
    let added = long.len() - short.len();
    let is_outside = at == 0 || at == added;
    let has_number = long[..at].contains(|c: char| c.is_numeric())
        || long[at + short.len()..].contains(|c: char| c.is_numeric());
    added == 0
        || is_outside && added <= MAX_ADDED_LETTERS && (has_number || short.len() >= TITLE_LETTERS)
}

/// Letters without the numbers among them that may be those of pages.
fn without_numbers(letters: &str) -> String {
    let runs = letters.split_inclusive(|c: char| !c.is_numeric());
    let mut kept = String::with_capacity(letters.len());
    for run in runs {
        let text = run.trim_start_matches(char::is_numeric);
        let digits = &run[..run.len() - text.len()];
        if digits.chars().count() > MAX_PAGE_DIGITS {
            kept.push_str(digits);
        }
        kept.push_str(text);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BlockKind;

    fn page(title: &str, paragraphs: &[&str]) -> Record {
        let block = |text: &&str| Block::new(BlockKind::Paragraph, *text);
        let blocks: Vec<Block> = paragraphs.iter().map(block).collect();
        Record {
            title: Some(title.into()),
            text: Record::join_blocks(&blocks),
            blocks,
            ..Record::default()
        }
    }

    const ROAD: &str =
        "The lamp was lit at dusk by the keeper, who had walked the whole of the long road for it.";
    const RAIN: &str =
        "On the second day it rained, and the mules would not go on before the bridge was mended.";

    #[test]
    fn titles_of_one_story_differ_in_the_number_of_the_page() {
        let same = |one: &str, other: &str| is_same_title(Some(one), Some(other));
        assert!(same(
            "The long road of the lamp",
            "The Long Road of the Lamp – page 2 of 3"
        ));
        assert!(same("Rain", "Rain (2/3)"));
        assert!(same("Rain – page 1 of 3", "Rain – page 2 of 3"));
        assert!(!same("Rain of 2024", "Rain of 2025"));
        assert!(same("灯火の長い道", "灯火の長い道（2ページ目）"));
        assert!(same(
            "The long road of the lamp",
            "The long road of the lamp: the bridge"
        ));
        assert!(!same("Rain", "Rain and sun"));
        assert!(!same("The long road of the lamp", "A short way home"));
    }

    #[test]
    fn what_a_page_repeats_is_not_written_twice() {
        let dek = "How a keeper came to the coast.";
        let mut story = JoinedStory::of(page("The long road", &[dek, ROAD]));
        let next = page(
            "The long road, page 2",
            &["The long road, page 2", dek, RAIN, ROAD, "He nodded.", dek],
        );
        assert_eq!(story.compare(&next, false), Comparison::Part);
        story.append(next, false);
        let record = story.into_record();
        assert_eq!(
            record.text,
            format!("{dek}\n\n{ROAD}\n\n{RAIN}\n\nHe nodded.")
        );
        assert_eq!(record.word_count, dedup::count_words(&record.text));
    }

    #[test]
    fn a_page_again_and_another_story_are_told_from_a_part() {
        let first = page("The long road", &[ROAD]);
        let story = JoinedStory::of(first.clone());
        assert_eq!(story.compare(&first, false), Comparison::Again);
        let other = page("A short way home", &[RAIN]);
        assert_eq!(story.compare(&other, false), Comparison::AnotherStory);
        let whole = page("The long road", &[ROAD, RAIN]);
        assert_eq!(story.compare(&whole, true), Comparison::Part);
        let part = page("The long road", &[RAIN]);
        assert_eq!(story.compare(&part, true), Comparison::Again);
    }
}
