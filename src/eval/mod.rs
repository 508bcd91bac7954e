//! How good extraction is on saved pages: with gold, and what can be said without.
//!
//! | module | what it does |
//! |---|---|
//! | [`inputs`] | what `gleaner extract` is given, whatever it is |
//! | [`corpus`], `layouts`, [`markdown`] | reads pages and their gold |
//! | [`score`], [`rouge`], [`fields`] | the measures, each with its definition and source |
//! | [`figures`](mod@figures), [`groups`](mod@groups) | sums over pages, their errors, by kind, language, … |
//! | [`records`], [`saved`], [`compare`] | what other extractors and earlier runs made of the pages, and what changed |
//! | [`health`], `signs` | what can be said without gold |
//! | [`report`] | all of it in one HTML file |
//! | [`gold`] | making gold in the browser |
//! | [`label`], [`training`] | what the learned stage is trained on |
//!
//! [`run`] extracts every page, in parallel, and [`figures()`] sums the results up.

pub mod compare;
pub mod corpus;
pub mod fields;
pub mod figures;
pub mod gold;
pub mod groups;
pub mod health;
pub mod inputs;
pub mod label;
mod layouts;
mod lcs;
mod lessons;
pub mod markdown;
pub mod records;
pub mod report;
pub mod rouge;
pub mod saved;
pub mod score;
mod signs;
pub mod training;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::address::registrable_domain;
use crate::article::{Extraction, Options, extract};
use crate::body::Model;
use crate::record::Record;
use corpus::{CorpusPage, Include};
use fields::NameCounts;
use score::Overlap;

pub use figures::{Figures, figures};
pub use groups::{By, groups};

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
    pub shingles: Option<Overlap>,
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

/// How pages are extracted.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    /// What every page is extracted with.
    pub options: Options,
    /// Models of a cross-validation: each page is extracted by the model of its fold, which has not
    /// seen its site. Empty for the one model of `options`.
    pub folds: Vec<Arc<Model>>,
}

impl Extractor {
    /// Reads the models of a cross-validation: `0.trees` to `4.trees` in a folder.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read_folds(&mut self, folder: &Path) -> Result<(), Error> {
        self.folds = (0..training::FOLDS)
            .map(|fold| Model::read(&folder.join(format!("{fold}.trees"))).map(Arc::new))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Extracts one page.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn extract(&self, page: &CorpusPage) -> Result<Extraction, Error> {
        let model = self.folds.get(training::fold(page));
        let options = Options {
            model: model.or(self.options.model.as_ref()).cloned(),
            ..self.options.clone()
        };
        Ok(extract(&page.markup()?, page.address().as_ref(), &options))
    }
}

/// Extracts and scores every page, in parallel, results in the order of the pages.
#[must_use]
pub fn run(pages: &[CorpusPage], extractor: &Extractor) -> Vec<PageScore> {
    pages
        .par_iter()
        .map(|page| score_page(page, extractor).1)
        .collect()
}

/// Extracts and scores one page; a page that cannot be read has an empty record.
#[must_use]
pub fn score_page(page: &CorpusPage, extractor: &Extractor) -> (Record, PageScore) {
    match extractor.extract(page) {
        Ok(extraction) => {
            let score = score_record(page, &extraction.record);
            (extraction.record, score)
        }
        Err(error) => {
            let score = PageScore {
                error: Some(error.to_string()),
                ..score_record(page, &Record::default())
            };
            (Record::default(), score)
        }
    }
}

/// Scores one record against its gold.
#[must_use]
pub fn score_record(page: &CorpusPage, record: &Record) -> PageScore {
    let gold = page.text.as_deref();
    let found = compared_text(record, page.includes.as_deref().unwrap_or_default());
    let overlap = gold.map(|gold| Overlap::of(gold, &found));
    let language = page.language.as_ref().or(record.language.as_ref());
    // Snippets say what the body must hold, whatever else a gold's text includes.
    let present = score::snippets_found(&record.text, &page.with);
    let unwanted = score::snippets_found(&record.text, &page.without);
    PageScore {
        id: page.id.clone(),
        kind: page.kind.clone().unwrap_or_else(|| "article".to_owned()),
        site: page.address().and_then(|url| registrable_domain(&url)),
        language: language.and_then(|tag| Some(tag.split('-').next()?.to_lowercase())),
        words: score::tokens(gold.unwrap_or(&found)).len(),
        confidence: record.confidence,
        shingles: overlap,
        shingle_f1: overlap.map(|o| score::f1(o.precision(), o.recall())),
        exact: gold.map(|gold| score::tokens(gold) == score::tokens(&found)),
        word_f1: gold.map(|gold| score::word_f1(gold, &found)),
        rouge_lsum_f1: gold.map(|gold| rouge::rouge_lsum_f1(gold, &found)),
        levenshtein: gold.map(|gold| rouge::levenshtein_similarity(gold, &found)),
        with: (present, page.with.len()),
        without: (page.without.len() - unwanted, page.without.len()),
        metadata: fields::compare(page, record),
        names: fields::count_names(page, record),
        error: None,
    }
}

/// A record's text, put together as the gold's is: title and authors' names first and captions among
/// the paragraphs, where the gold includes them.
#[must_use]
pub fn compared_text<'a>(record: &'a Record, includes: &[Include]) -> Cow<'a, str> {
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
        let block = |kind, text: &str| Block {
            kind,
            text: text.to_owned(),
        };
        let record = Record {
            title: Some("Rain at last".to_owned()),
            authors: vec!["Ann Bell".to_owned()],
            text: "It rained.".to_owned(),
            blocks: vec![
                block(BlockKind::Caption, "A cloud."),
                block(BlockKind::Paragraph, "It rained."),
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
