//! What can be said about the extraction of many pages without gold: what is missing, unlikely or
//! repeated. Each is a reason to look at a page, not an error: a brief is short, and some pages name no
//! author.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::corpus::CorpusPage;
use super::field_scores::folded;
use super::token_overlap::tokens;
use super::{Extractor, PageScore, score_page, warning_signs};
use crate::block::ratio;
use crate::record::{BlockKind, Kind, Record};
use crate::table;

/// Pages of a site on which a paragraph stands before it counts as repeated: two may be two versions
/// of one story.
const REPEATED_ON: usize = 3;

/// Pages proposed to be looked at.
const REVIEW_PAGES: usize = 10;

/// Characters shown of a repeated paragraph.
const SHOWN_CHARS: usize = 120;

/// Pages of which something may be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningSign {
    /// What may be wrong.
    pub name: String,
    /// The pages' names.
    pub pages: Vec<String>,
}

/// A paragraph that stands in the bodies of several pages of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedParagraph {
    /// The site.
    pub site: String,
    /// The start of the paragraph.
    pub text: String,
    /// On how many pages it stands.
    pub pages: usize,
}

/// What was seen over all pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CorpusHealth {
    /// Pages looked at.
    pub pages: usize,
    /// Median of words in the bodies.
    pub words_median: usize,
    /// Mean confidence.
    pub confidence_mean: f64,
    /// Pages by the kind the extractor took them for.
    pub kinds: BTreeMap<String, usize>,
    /// What may be wrong, with the pages.
    pub signs: Vec<WarningSign>,
    /// What repeats across pages, most often first.
    pub repeats: Vec<RepeatedParagraph>,
    /// Pages to look at first: those with the most signs, then some without.
    pub review: Vec<String>,
}

/// What is kept of one page until all are seen.
#[derive(Debug)]
struct PageHealth {
    id: String,
    kind: Kind,
    words: usize,
    confidence: f64,
    signs: Vec<&'static str>,
    /// Hash of the body.
    body: u64,
    /// Keys in [`HealthCheck::paragraphs`].
    paragraphs: Vec<u64>,
}

/// Looks at pages batch by batch, so that archives of any size can be looked at.
#[derive(Debug)]
pub(super) struct HealthCheck {
    today: Date,
    pages: Vec<PageHealth>,
    /// By a hash of site and paragraph; site and text are set once it stands on a second page.
    paragraphs: HashMap<u64, RepeatedParagraph>,
}

impl HealthCheck {
    /// Dates after `today` are in the future.
    pub(super) fn new(today: Date) -> Self {
        Self {
            today,
            pages: Vec::new(),
            paragraphs: HashMap::new(),
        }
    }

    /// Extracts pages, in parallel, scores them, and keeps what the check needs.
    pub(super) fn run(&mut self, pages: &[CorpusPage], extractor: &Extractor) -> Vec<PageScore> {
        let results = pages.par_iter().map(|page| score_page(page, extractor));
        let results: Vec<(Record, PageScore)> = results.collect();
        for (page, (record, score)) in pages.iter().zip(&results) {
            self.add(page, record, score.error.is_some());
        }
        results.into_iter().map(|(_, score)| score).collect()
    }

    fn add(&mut self, page: &CorpusPage, record: &Record, failed: bool) {
        let site = page.site().unwrap_or_else(|| "this corpus".to_owned());
        let mut paragraphs: Vec<u64> = Vec::new();
        let blocks = record.blocks.iter();
        for block in blocks.filter(|block| !matches!(block.kind, BlockKind::Caption)) {
            let key = xxh3_64(format!("{site}\n{}", folded(&block.text)).as_bytes());
            if paragraphs.contains(&key) {
                continue;
            }
            paragraphs.push(key);
            let paragraph = self.paragraphs.entry(key).or_default();
            paragraph.pages += 1;
            if paragraph.pages == 2 {
                paragraph.site.clone_from(&site);
                paragraph.text = block.text.chars().take(SHOWN_CHARS).collect();
            }
        }
        self.pages.push(PageHealth {
            id: page.id.clone(),
            kind: record.kind,
            words: tokens(&record.text).len(),
            confidence: record.confidence,
            signs: if failed {
                vec!["could not be read"]
            } else {
                warning_signs::of(record, page, self.today)
            },
            body: xxh3_64(record.text.as_bytes()),
            paragraphs,
        });
    }

    /// Sums up what was seen.
    pub(super) fn finish(mut self) -> CorpusHealth {
        let mut bodies: HashMap<u64, usize> = HashMap::new();
        for page in self.pages.iter().filter(|page| page.words > 0) {
            *bodies.entry(page.body).or_default() += 1;
        }
        for page in &mut self.pages {
            let is_repeated = |key: &u64| self.paragraphs[key].pages >= REPEATED_ON;
            if bodies.get(&page.body).is_some_and(|pages| *pages > 1) && page.words > 0 {
                page.signs.push("the same body as another page");
            } else if page.paragraphs.iter().any(is_repeated) {
                page.signs.push("paragraphs that repeat across the site");
            }
        }
        let mut words: Vec<usize> = self.pages.iter().map(|page| page.words).collect();
        words.sort_unstable();
        let confidence: f64 = self.pages.iter().map(|page| page.confidence).sum();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for page in &self.pages {
            *kinds.entry(table::name_of(page.kind)).or_default() += 1;
        }
        CorpusHealth {
            pages: self.pages.len(),
            words_median: words.get(words.len() / 2).copied().unwrap_or_default(),
            confidence_mean: confidence * ratio(1, self.pages.len()),
            kinds,
            signs: self.signs(),
            review: self.review(),
            repeats: self.repeats(),
        }
    }

    /// Signs with their pages, the most frequent first.
    fn signs(&self) -> Vec<WarningSign> {
        let mut pages: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for page in &self.pages {
            for sign in &page.signs {
                pages.entry(sign).or_default().push(page.id.clone());
            }
        }
        let named = pages.into_iter().map(|(name, pages)| WarningSign {
            name: name.to_owned(),
            pages,
        });
        let mut signs: Vec<WarningSign> = named.collect();
        signs.sort_by_key(|sign| Reverse(sign.pages.len()));
        signs
    }

    fn repeats(self) -> Vec<RepeatedParagraph> {
        let mut repeats: Vec<RepeatedParagraph> = self.paragraphs.into_values().collect();
        repeats.retain(|paragraph| paragraph.pages >= REPEATED_ON);
        repeats.sort_by(|a, b| (b.pages, &a.site, &a.text).cmp(&(a.pages, &b.site, &b.text)));
        repeats
    }

    fn review(&self) -> Vec<String> {
        let mut pages: Vec<&PageHealth> = self.pages.iter().collect();
        pages.sort_by_key(|page| (Reverse(page.signs.len()), xxh3_64(page.id.as_bytes())));
        let (suspected, others): (Vec<_>, Vec<_>) =
            pages.into_iter().partition(|page| !page.signs.is_empty());
        // Some of the review goes to pages that look well, since signs do not see everything.
        let unsuspected = (REVIEW_PAGES / 3).min(others.len());
        let suspected = suspected.into_iter().take(REVIEW_PAGES - unsuspected);
        let review = suspected.chain(others.into_iter().take(unsuspected));
        review.map(|page| page.id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::warning_signs::tests::{page, record, today};

    #[test]
    fn repeated_paragraphs_and_bodies_are_found_across_a_site() {
        let mut check = HealthCheck::new(today());
        let pledge = "Our newsroom is funded by its readers alone.";
        for number in 0..4 {
            let own = format!("Story number {number} of the valley is told here. ").repeat(8);
            let page = page(&number.to_string(), "/");
            check.add(&page, &record(&[&own, pledge]), false);
        }
        let same = "The same story twice over, word by word. ".repeat(9);
        check.add(&page("x", "/"), &record(&[&same]), false);
        check.add(&page("y", "/"), &record(&[&same]), false);
        let health = check.finish();
        assert_eq!(health.pages, 6);
        assert_eq!(health.repeats.len(), 1);
        assert_eq!(
            (health.repeats[0].pages, health.repeats[0].text.as_str()),
            (4, pledge)
        );
        let of = |name: &str| {
            let sign = health.signs.iter().find(|sign| sign.name == name);
            sign.map(|sign| sign.pages.clone()).unwrap_or_default()
        };
        assert_eq!(of("paragraphs that repeat across the site").len(), 4);
        assert_eq!(of("the same body as another page"), ["x", "y"]);
        assert_eq!(health.review.len(), 6);
    }
}
