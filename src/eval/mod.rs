//! How good extraction is on saved pages with gold.
//!
//! [`corpus`] reads the pages, [`score`] holds the measures; [`run`] extracts every page, in
//! parallel, and [`figures`] sums the results up.

pub mod corpus;
pub mod label;
pub mod score;
pub mod training;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use url::Url;

use crate::Error;
use crate::block::ratio;
use crate::decode::decode;
use crate::extract::{Model, Options, extract};
use crate::record::Record;
use corpus::Page;
use score::Overlap;

/// Bytes of one saved page, unpacked; the largest of the development corpora has 6 MB.
const MAX_PAGE_BYTES: u64 = 50 * 1024 * 1024;

/// How one page came out.
#[derive(Debug, Clone, Serialize)]
pub struct PageScore {
    /// The page's name in its corpus.
    pub id: String,
    /// The page's kind by its gold; `article` where the gold does not say.
    pub kind: String,
    /// Shingles in common, where there is a gold text.
    #[serde(skip)]
    pub overlap: Option<Overlap>,
    /// Harmonic mean of the page's own precision and recall.
    pub shingle_f1: Option<f64>,
    /// Whether the tokens are exactly the gold's.
    pub exact: Option<bool>,
    /// Word F1 of the page.
    pub word_f1: Option<f64>,
    /// Snippets that must be there: found, of all.
    pub with: (usize, usize),
    /// Snippets that must not be there: absent, of all.
    pub without: (usize, usize),
    /// Per field of the record with gold: whether it is right.
    pub metadata: BTreeMap<&'static str, bool>,
    /// Why there is no record, if there is none.
    pub error: Option<String>,
}

/// Sums over pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// Pages with a gold text.
    pub pages: usize,
    /// Harmonic mean of `precision` and `recall`.
    pub shingle_f1: f64,
    /// Mean over pages.
    pub precision: f64,
    /// Mean over pages.
    pub recall: f64,
    /// Share of pages whose tokens are exactly the gold's.
    pub accuracy: f64,
    /// Bootstrap standard error of `shingle_f1`.
    pub shingle_f1_error: f64,
    /// Bootstrap standard error of `accuracy`.
    pub accuracy_error: f64,
    /// Mean over pages.
    pub word_f1: f64,
    /// Share of the snippets that must be there that are.
    pub with: Option<f64>,
    /// Share of the snippets that must not be there that are not.
    pub without: Option<f64>,
    /// Per field, the share of pages with gold that got it right.
    pub metadata: BTreeMap<&'static str, f64>,
    /// Pages that could not be read.
    pub failed: usize,
}

/// Extracts and scores every page, in parallel, results in the order of the pages.
///
/// With `folds`, each page is extracted by the model of its fold, which has not seen its site.
#[must_use]
pub fn run(pages: &[Page], options: &Options, folds: &[Arc<Model>]) -> Vec<PageScore> {
    pages
        .par_iter()
        .map(|page| {
            let model = folds.get(training::fold(page)).or(options.model.as_ref());
            let options = Options {
                model: model.cloned(),
                ..options.clone()
            };
            score_page(page, &options)
        })
        .collect()
}

/// Reads the models of a cross-validation: `0.trees` to `4.trees` in a folder.
///
/// # Errors
/// When one of them cannot be read.
pub fn read_folds(folder: &Path) -> Result<Vec<Arc<Model>>, Error> {
    (0..training::FOLDS)
        .map(|fold| Model::read(&folder.join(format!("{fold}.trees"))).map(Arc::new))
        .collect()
}

fn score_page(page: &Page, options: &Options) -> PageScore {
    match corpus::read_bytes(&page.html, MAX_PAGE_BYTES) {
        Ok(bytes) => {
            let url = page.url.as_deref().and_then(|url| Url::parse(url).ok());
            let html = decode(&bytes, None).text;
            score_record(page, &extract(&html, url.as_ref(), options).record)
        }
        Err(error) => PageScore {
            error: Some(error.to_string()),
            ..score_record(page, &Record::default())
        },
    }
}

/// Scores one record against its gold.
#[must_use]
pub fn score_record(page: &Page, record: &Record) -> PageScore {
    let gold = page.text.as_deref();
    let overlap = gold.map(|gold| Overlap::of(gold, &record.text));
    let present = score::snippets_found(&record.text, &page.with);
    let unwanted = score::snippets_found(&record.text, &page.without);
    PageScore {
        id: page.id.clone(),
        kind: page.kind.clone().unwrap_or_else(|| "article".to_owned()),
        overlap,
        shingle_f1: overlap.map(|o| score::f1(o.precision(), o.recall())),
        exact: gold.map(|gold| score::tokens(gold) == score::tokens(&record.text)),
        word_f1: gold.map(|gold| score::word_f1(gold, &record.text)),
        with: (present, page.with.len()),
        without: (page.without.len() - unwanted, page.without.len()),
        metadata: metadata(page, record),
        error: None,
    }
}

/// Compares each field that has gold: exact after folding white space, case and quotes; dates by
/// day, and to the minute where the gold has a time; authors as sets.
fn metadata(page: &Page, record: &Record) -> BTreeMap<&'static str, bool> {
    let mut right = BTreeMap::new();
    if let Some(gold) = &page.title {
        let found = record.title.as_deref().unwrap_or_default();
        right.insert("title", folded(gold) == folded(found));
    }
    // A gold without a day cannot be compared by day.
    if let Some(day) = page.published.as_deref().and_then(|gold| gold.get(..10)) {
        let found = record.published.as_deref().and_then(|date| date.get(..10));
        right.insert("published", found == Some(day));
    }
    if let Some(gold) = page.published.as_deref()
        && let Some(right_minute) = same_minute(gold, record.published.as_deref())
    {
        right.insert("published_minute", right_minute);
    }
    if let Some(gold) = page.authors.as_ref().filter(|authors| !authors.is_empty()) {
        let set = |names: &[String]| {
            let mut names: Vec<_> = names
                .iter()
                .flat_map(|name| joined(name))
                .map(|name| folded(&name))
                .collect();
            names.sort();
            names.dedup();
            names
        };
        right.insert("authors", set(gold) == set(&record.authors));
    }
    if let Some(gold) = &page.language {
        let found = record.language.as_deref().unwrap_or_default();
        right.insert("language", gold.get(..2) == found.get(..2));
    }
    right
}

/// Whether a date is the gold's to the minute: the same instant where the gold has an offset, the
/// same time on the clock where it has none. None where the gold has no time.
fn same_minute(gold: &str, found: Option<&str>) -> Option<bool> {
    let gold = gold.replacen(' ', "T", 1);
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let clock = |text: &str| text.parse::<jiff::civil::DateTime>().ok();
    let minute = |at: jiff::Timestamp| at.as_second().div_euclid(60);
    if let Some(gold) = instant(&gold) {
        return Some(found.and_then(instant).map(minute) == Some(minute(gold)));
    }
    let gold = clock(&gold).filter(|gold| gold.time() != jiff::civil::Time::midnight())?;
    let shown = |at: jiff::civil::DateTime| (at.date(), at.hour(), at.minute());
    let found = found.filter(|text| text.contains('T')).and_then(clock);
    Some(found.map(shown) == Some(shown(gold)))
}

/// The names in one of a gold's names: some golds hold all authors in one text ("A, B and C").
fn joined(name: &str) -> Vec<String> {
    name.replace(", and ", ", ")
        .replace(" and ", ", ")
        .replace(" & ", ", ")
        .split([',', ';', '|'])
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect()
}

fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace(['“', '”', '„', '«', '»'], "\"")
        .replace(['‘', '’', '‚', '`', '´'], "'")
}

/// Sums pages up.
#[must_use]
pub fn figures(scores: &[&PageScore]) -> Figures {
    let texts: Vec<&PageScore> = scores
        .iter()
        .copied()
        .filter(|s| s.overlap.is_some())
        .collect();
    let overlaps: Vec<Overlap> = texts.iter().filter_map(|s| s.overlap).collect();
    let exact: Vec<f64> = texts
        .iter()
        .map(|s| f64::from(s.exact == Some(true)))
        .collect();
    let words: Vec<f64> = texts.iter().filter_map(|s| s.word_f1).collect();
    let share = |part: fn(&PageScore) -> (usize, usize)| {
        let (found, all) = scores
            .iter()
            .map(|s| part(s))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (all > 0).then(|| ratio(found, all))
    };
    let (precision, recall) = means(&overlaps);
    let (shingle_f1_error, accuracy_error) = bootstrap(&overlaps, &exact);
    Figures {
        pages: texts.len(),
        shingle_f1: score::f1(precision, recall),
        precision,
        recall,
        accuracy: mean(&exact),
        shingle_f1_error,
        accuracy_error,
        word_f1: mean(&words),
        with: share(|s| s.with),
        without: share(|s| s.without),
        metadata: metadata_shares(scores),
        failed: scores.iter().filter(|s| s.error.is_some()).count(),
    }
}

fn metadata_shares(scores: &[&PageScore]) -> BTreeMap<&'static str, f64> {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for (field, right) in scores.iter().flat_map(|s| &s.metadata) {
        let count = counts.entry(field).or_default();
        count.0 += usize::from(*right);
        count.1 += 1;
    }
    counts
        .into_iter()
        .map(|(field, (right, all))| (field, ratio(right, all)))
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / ratio(values.len(), 1)
}

/// Mean precision over the pages with output, and mean recall over the pages with gold, as
/// article-extraction-benchmark takes them: an empty output costs recall only.
fn means(overlaps: &[Overlap]) -> (f64, f64) {
    let with_output = overlaps.iter().filter(|o| o.tp + o.fp > 0.0);
    let with_gold = overlaps.iter().filter(|o| o.tp + o.fn_ > 0.0);
    (
        mean(&with_output.map(|o| o.precision()).collect::<Vec<_>>()),
        mean(&with_gold.map(|o| o.recall()).collect::<Vec<_>>()),
    )
}

/// Resamplings of the bootstrap, as in article-extraction-benchmark.
const RESAMPLINGS: usize = 1000;

/// Bootstrap standard errors of shingle F1 and accuracy over pages (Efron, 1979). The draws come
/// from a fixed sequence, so that the same pages give the same error.
fn bootstrap(overlaps: &[Overlap], exact: &[f64]) -> (f64, f64) {
    let len = overlaps.len();
    if len < 2 {
        return (0.0, 0.0);
    }
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = || {
        // xorshift64* (Marsaglia, 2003).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let random = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(random).unwrap_or(0) % len
    };
    let mut f1s = Vec::with_capacity(RESAMPLINGS);
    let mut accuracies = Vec::with_capacity(RESAMPLINGS);
    for _ in 0..RESAMPLINGS {
        let sample: Vec<usize> = (0..len).map(|_| draw()).collect();
        let drawn: Vec<Overlap> = sample.iter().map(|at| overlaps[*at]).collect();
        let (precision, recall) = means(&drawn);
        f1s.push(score::f1(precision, recall));
        accuracies.push(mean(
            &sample.iter().map(|at| exact[*at]).collect::<Vec<_>>(),
        ));
    }
    (deviation(&f1s), deviation(&accuracies))
}

fn deviation(values: &[f64]) -> f64 {
    let center = mean(values);
    mean(
        &values
            .iter()
            .map(|v| (v - center).powi(2))
            .collect::<Vec<_>>(),
    )
    .sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_means_over_pages_with_gold() {
        let page = |text: &str| Page {
            text: Some(text.to_owned()),
            title: Some("The “Title”".to_owned()),
            with: vec!["two".to_owned()],
            ..Page::default()
        };
        let record = |text: &str| Record {
            text: text.to_owned(),
            title: Some("the \"title\"".to_owned()),
            ..Record::default()
        };
        let right = score_record(
            &page("one two three four five"),
            &record("one two three four five"),
        );
        let wrong = score_record(&page("one two three four five"), &record(""));
        let sums = figures(&[&right, &wrong]);
        assert!(
            (sums.precision - 1.0).abs() < 1e-9,
            "no output is no imprecision"
        );
        assert!((sums.recall - 0.5).abs() < 1e-9);
        assert!((sums.accuracy - 0.5).abs() < 1e-9);
        assert_eq!(sums.with, Some(0.5));
        assert!((sums.metadata["title"] - 1.0).abs() < 1e-9);
        assert!(sums.accuracy_error > 0.2 && sums.accuracy_error < 0.5);
    }
}
