//! What can be said about an extraction without gold: what is missing, unlikely or repeated.
//!
//! Signs are reasons to look, not errors: a brief is short, and some pages name no author.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::corpus::CorpusPage;
use super::fields::folded;
use super::{Extractor, PageScore, score_page, signs};
use crate::block::ratio;
use crate::record::{BlockKind, Kind, Record};

/// Pages of a site on which a paragraph stands before it counts as repeated: two may be two versions
/// of one story.
const REPEATED_ON: usize = 3;

/// Pages proposed for a look.
const REVIEW_PAGES: usize = 10;

/// Characters shown of a repeated paragraph.
const SHOWN_CHARS: usize = 120;

/// Pages of which something may be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// What may be wrong.
    pub name: String,
    /// The pages' names.
    pub pages: Vec<String>,
}

/// A paragraph that stands in the bodies of several pages of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The site.
    pub site: String,
    /// The start of the paragraph.
    pub text: String,
    /// On how many pages it stands.
    pub pages: usize,
}

/// What was seen over all pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Pages looked at.
    pub pages: usize,
    /// Median of words in the bodies.
    pub words_median: usize,
    /// Mean confidence.
    pub confidence_mean: f64,
    /// Pages by the kind the extractor took them for.
    pub kinds: BTreeMap<String, usize>,
    /// What may be wrong, with the pages.
    pub signs: Vec<Sign>,
    /// What repeats across pages, most often first.
    pub repeats: Vec<Repeat>,
    /// Pages to look at first: those with the most signs, then some without.
    pub review: Vec<String>,
}

/// What is kept of one page until all are seen.
#[derive(Debug)]
struct Note {
    id: String,
    site: String,
    kind: Kind,
    words: usize,
    confidence: f64,
    signs: Vec<&'static str>,
    body: u64,
    paragraphs: Vec<u64>,
}

/// Looks at pages batch by batch, so that archives of any size can be looked at.
#[derive(Debug)]
pub struct Watch {
    today: Date,
    notes: Vec<Note>,
    /// By site and paragraph: on how many pages, and how it starts once it repeats.
    paragraphs: HashMap<(u64, u64), (usize, String)>,
}

impl Watch {
    /// Dates after `today` are in the future.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            today,
            notes: Vec::new(),
            paragraphs: HashMap::new(),
        }
    }

    /// Extracts pages, in parallel, scores them as [`super::run`] does, and keeps what is to be seen.
    pub fn run(&mut self, pages: &[CorpusPage], extractor: &Extractor) -> Vec<PageScore> {
        let results: Vec<(Record, PageScore)> = pages
            .par_iter()
            .map(|page| score_page(page, extractor))
            .collect();
        let pairs = pages.iter().zip(results);
        pairs
            .map(|(page, (record, score))| {
                self.add(page, &record, score.error.is_some());
                score
            })
            .collect()
    }

    fn add(&mut self, page: &CorpusPage, record: &Record, failed: bool) {
        let address = page.address();
        let site = address
            .as_ref()
            .and_then(crate::address::registrable_domain);
        let site = site.unwrap_or_else(|| "this corpus".to_owned());
        let site_hash = xxh3_64(site.as_bytes());
        let mut paragraphs: Vec<u64> = Vec::new();
        for block in &record.blocks {
            if matches!(block.kind, BlockKind::Caption) {
                continue;
            }
            let hash = xxh3_64(folded(&block.text).as_bytes());
            if paragraphs.contains(&hash) {
                continue;
            }
            paragraphs.push(hash);
            let entry = self.paragraphs.entry((site_hash, hash)).or_default();
            entry.0 += 1;
            if entry.0 == 2 {
                entry.1 = block.text.chars().take(SHOWN_CHARS).collect();
            }
        }
        self.notes.push(Note {
            id: page.id.clone(),
            site,
            kind: record.kind,
            words: super::score::tokens(&record.text).len(),
            confidence: record.confidence,
            signs: if failed {
                vec!["could not be read"]
            } else {
                signs::of(record, page, self.today)
            },
            body: xxh3_64(record.text.as_bytes()),
            paragraphs,
        });
    }

    /// Sums up what was seen.
    #[must_use]
    pub fn health(mut self) -> Health {
        let mut bodies: HashMap<u64, usize> = HashMap::new();
        for note in self.notes.iter().filter(|note| note.words > 0) {
            *bodies.entry(note.body).or_default() += 1;
        }
        let paragraphs = &self.paragraphs;
        for note in &mut self.notes {
            let site = xxh3_64(note.site.as_bytes());
            let repeated = |hash: &u64| paragraphs.get(&(site, *hash)).map_or(0, |seen| seen.0);
            let copied = note.words > 0 && bodies.get(&note.body).copied().unwrap_or(0) > 1;
            if copied {
                note.signs.push("the same body as another page");
            } else if note
                .paragraphs
                .iter()
                .any(|hash| repeated(hash) >= REPEATED_ON)
            {
                note.signs.push("paragraphs that repeat across the site");
            }
        }
        let mut words: Vec<usize> = self.notes.iter().map(|note| note.words).collect();
        words.sort_unstable();
        let confidence: f64 = self.notes.iter().map(|note| note.confidence).sum();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for note in &self.notes {
            let name = serde_json::to_value(note.kind).unwrap_or_default();
            *kinds
                .entry(name.as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
        Health {
            pages: self.notes.len(),
            words_median: words.get(words.len() / 2).copied().unwrap_or_default(),
            confidence_mean: confidence * ratio(1, self.notes.len()),
            kinds,
            signs: self.signs(),
            repeats: self.repeats(),
            review: self.review(),
        }
    }

    /// Signs with their pages, the most frequent first.
    fn signs(&self) -> Vec<Sign> {
        let mut pages: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for note in &self.notes {
            for sign in &note.signs {
                pages.entry(sign).or_default().push(note.id.clone());
            }
        }
        let mut signs: Vec<Sign> = pages
            .into_iter()
            .map(|(name, pages)| Sign {
                name: name.to_owned(),
                pages,
            })
            .collect();
        signs.sort_by_key(|sign| std::cmp::Reverse(sign.pages.len()));
        signs
    }

    fn repeats(&self) -> Vec<Repeat> {
        let sites: HashMap<u64, &str> = self
            .notes
            .iter()
            .map(|note| (xxh3_64(note.site.as_bytes()), note.site.as_str()))
            .collect();
        let mut repeats: Vec<Repeat> = self
            .paragraphs
            .iter()
            .filter(|(_, (pages, _))| *pages >= REPEATED_ON)
            .map(|((site, _), (pages, text))| Repeat {
                site: sites.get(site).copied().unwrap_or_default().to_owned(),
                text: text.clone(),
                pages: *pages,
            })
            .collect();
        repeats.sort_by(|a, b| (b.pages, &a.site, &a.text).cmp(&(a.pages, &b.site, &b.text)));
        repeats
    }

    fn review(&self) -> Vec<String> {
        let mut notes: Vec<&Note> = self.notes.iter().collect();
        notes.sort_by_key(|note| {
            (
                std::cmp::Reverse(note.signs.len()),
                xxh3_64(note.id.as_bytes()),
            )
        });
        let (bad, good): (Vec<&Note>, Vec<&Note>) =
            notes.into_iter().partition(|note| !note.signs.is_empty());
        // Some of the review goes to pages that look well, since signs do not see everything.
        let unsuspected = (REVIEW_PAGES / 3).min(good.len());
        let suspected = bad.into_iter().take(REVIEW_PAGES - unsuspected);
        suspected
            .chain(good.into_iter().take(unsuspected))
            .map(|note| note.id.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::signs::tests::{page, record, today};

    #[test]
    fn repeated_paragraphs_and_bodies_are_found_across_a_site() {
        let mut watch = Watch::new(today());
        let pledge = "Our newsroom is funded by its readers alone.";
        for number in 0..4 {
            let own = format!("Story number {number} of the valley is told here. ").repeat(8);
            watch.add(
                &page(&number.to_string(), "/"),
                &record(&[&own, pledge]),
                false,
            );
        }
        let same = "The same story twice over, word by word. ".repeat(9);
        watch.add(&page("x", "/"), &record(&[&same]), false);
        watch.add(&page("y", "/"), &record(&[&same]), false);
        let health = watch.health();
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
