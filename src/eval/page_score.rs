//! One page's scores against its gold.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::corpus::{CorpusPage, Include};
use super::cross_validation::Extractor;
use super::field_scores::{self, NameCounts};
use super::levenshtein::levenshtein_similarity;
use super::rouge_lsum::rouge_lsum_f1;
use super::token_overlap::{self, ShingleOverlap, tokens};
use crate::record::Record;

/// How one page came out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageScore {
    /// The page's name in its corpus.
    pub id: String,
    /// The page's kind by its gold; `article` where the gold does not say.
    pub kind: String,
    /// The registrable domain the page comes from.
    pub site: Option<String>,
    /// Primary language subtag, of the gold or as found.
    pub language: Option<String>,
    /// Words (`\w+`) of the gold text, or of the output where there is no gold text.
    pub words: usize,
    /// The extractor's confidence in the body, 0 to 1.
    pub confidence: f64,
    /// Shingles in common, where there is a gold text.
    pub shingles: Option<ShingleOverlap>,
    /// Harmonic mean of the page's own precision and recall.
    pub shingle_f1: Option<f64>,
    /// Whether the tokens are exactly the gold's.
    pub exact: Option<bool>,
    /// Word F1 of the page.
    pub word_f1: Option<f64>,
    /// ROUGE-LSum F1 of the page.
    pub rouge_lsum_f1: Option<f64>,
    /// Levenshtein similarity of the page.
    pub levenshtein: Option<f64>,
    /// Snippets that must be there: found, of all.
    pub with: (usize, usize),
    /// Snippets that must not be there: absent, of all.
    pub without: (usize, usize),
    /// Per field of the record with gold: whether it is right.
    pub metadata: BTreeMap<String, bool>,
    /// Authors' names in common, where there is gold.
    pub names: Option<NameCounts>,
    /// Why there is no record, if there is none.
    pub error: Option<String>,
}

/// Extracts and scores one page; a page that cannot be read has an empty record.
#[must_use]
pub fn score_page(page: &CorpusPage, extractor: &Extractor) -> (Record, PageScore) {
    match extractor.extract(page) {
        Ok(extraction) => {
            let score = score_record(page, &extraction.record);
            (extraction.record, score)
        }
        Err(error) => (Record::default(), score_nothing(page, error.to_string())),
    }
}

/// The score of a page without a record, which counts as one with an empty body.
pub(super) fn score_nothing(page: &CorpusPage, error: String) -> PageScore {
    PageScore {
        error: Some(error),
        ..score_record(page, &Record::default())
    }
}

/// Scores one record against its gold.
#[must_use]
pub fn score_record(page: &CorpusPage, record: &Record) -> PageScore {
    let gold = page.text.as_deref();
    let found = compared_text(record, page.includes.as_deref().unwrap_or_default());
    let overlap = gold.map(|gold| ShingleOverlap::of(gold, &found));
    let language = page.language.as_ref().or(record.language.as_ref());
    // Snippets say what the body must hold, whatever else a gold's text includes.
    let present = token_overlap::snippets_found(&record.text, &page.with);
    let unwanted = token_overlap::snippets_found(&record.text, &page.without);
    PageScore {
        id: page.id.clone(),
        kind: kind_of(page).to_owned(),
        site: page.site(),
        language: language.and_then(|tag| Some(tag.split('-').next()?.to_lowercase())),
        words: tokens(gold.unwrap_or(&found)).len(),
        confidence: record.confidence,
        shingles: overlap,
        shingle_f1: overlap.map(|o| token_overlap::f1(o.precision(), o.recall())),
        exact: gold.map(|gold| tokens(gold) == tokens(&found)),
        word_f1: gold.map(|gold| token_overlap::word_f1(gold, &found)),
        rouge_lsum_f1: gold.map(|gold| rouge_lsum_f1(gold, &found)),
        levenshtein: gold.map(|gold| levenshtein_similarity(gold, &found)),
        with: (present, page.with.len()),
        without: (page.without.len() - unwanted, page.without.len()),
        metadata: field_scores::compare_fields(page, record),
        names: field_scores::count_names(page, record),
        error: None,
    }
}

/// A page's kind by its gold; `article` where the gold does not say.
pub(super) fn kind_of(page: &CorpusPage) -> &str {
    page.kind.as_deref().unwrap_or("article")
}

/// A record's text, put together as the gold's is: title and authors' names first and captions among
/// the paragraphs, where the gold includes them.
pub(super) fn compared_text<'a>(record: &'a Record, includes: &[Include]) -> Cow<'a, str> {
    if includes.is_empty() {
        return Cow::Borrowed(&record.text);
    }
    let mut parts: Vec<&str> = Vec::new();
    if includes.contains(&Include::Title) {
        parts.extend(record.title.as_deref());
    }
    let byline = record.authors.join(", ");
    if includes.contains(&Include::Byline) && !byline.is_empty() {
        parts.push(&byline);
    }
    if includes.contains(&Include::Captions) && !record.blocks.is_empty() {
        let blocks = record.blocks.iter().map(|block| block.text.as_str());
        parts.extend(blocks);
    } else {
        parts.push(&record.text);
    }
    parts.retain(|part| !part.is_empty());
    Cow::Owned(parts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Block, BlockKind};

    #[test]
    fn the_output_is_put_together_as_the_gold_is() {
        let record = Record {
            title: Some("Rain at last".to_owned()),
            authors: vec!["Ann Bell".to_owned()],
            text: "It rained.".to_owned(),
            blocks: vec![
                Block::new(BlockKind::Caption, "A cloud."),
                Block::new(BlockKind::Paragraph, "It rained."),
            ],
            ..Record::default()
        };
        let page = |text: &str, includes: &[Include]| CorpusPage {
            text: Some(text.to_owned()),
            includes: Some(includes.to_vec()),
            ..CorpusPage::default()
        };
        let all = [Include::Title, Include::Byline, Include::Captions];
        let golds = [
            page("It rained.", &[]),
            page("Rain at last It rained.", &all[..1]),
            page("Ann Bell: It rained.", &all[1..2]),
            page("A cloud. It rained.", &all[2..]),
            page("Rain at last, Ann Bell, A cloud. It rained.", &all),
        ];
        for gold in &golds {
            assert_eq!(score_record(gold, &record).exact, Some(true), "{gold:?}");
        }
        let body_only = page("Rain at last It rained.", &[]);
        assert_eq!(score_record(&body_only, &record).exact, Some(false));
    }
}
