//! The measures over many pages, and how far they may be off.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::PageScore;
use super::bootstrap::{deviation, resampled};
use super::token_overlap::f1;
use crate::block::ratio;

/// The measures over many pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// Pages with a gold text.
    pub pages: usize,
    /// Harmonic mean of `precision` and `recall`.
    pub shingle_f1: f64,
    /// Mean over pages with output.
    pub precision: f64,
    /// Mean over pages with gold.
    pub recall: f64,
    /// Share of pages whose tokens are exactly the gold's.
    pub accuracy: f64,
    /// Bootstrap standard error of `shingle_f1`.
    pub shingle_f1_error: f64,
    /// Bootstrap standard error of `accuracy`.
    pub accuracy_error: f64,
    /// Mean over pages.
    pub word_f1: f64,
    /// Mean over pages.
    pub rouge_lsum_f1: f64,
    /// Median over pages.
    pub rouge_lsum_f1_median: f64,
    /// Mean over pages.
    pub levenshtein: f64,
    /// Median over pages.
    pub levenshtein_median: f64,
    /// Share of the snippets that must be there that are.
    pub with: Option<f64>,
    /// Share of the snippets that must not be there that are not.
    pub without: Option<f64>,
    /// Per field, the share of pages with gold that got it right.
    pub metadata: BTreeMap<String, f64>,
    /// Share of the names found that are in the gold.
    pub authors_precision: Option<f64>,
    /// Share of the gold's names that are found.
    pub authors_recall: Option<f64>,
    /// Bootstrap standard error of each measure, by its name as `Measure::all` names them.
    pub errors: BTreeMap<String, f64>,
    /// Pages that could not be read.
    pub failed: usize,
}

/// A measure as a numerator and a denominator for each page, so that it has a value over any pages drawn
/// with repeats: their sum over their sum.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub(super) name: String,
    /// By page: numerator and denominator of the measure, or of precision and of recall.
    rows: Vec<[(f64, f64); 2]>,
    /// Whether the value is the harmonic mean of both parts.
    harmonic: bool,
}

impl Measure {
    /// Every measure the pages have gold for.
    ///
    /// `shingle_f1` takes the mean precision over the pages with output, and the mean recall over
    /// the pages with gold, as article-extraction-benchmark's `evaluate.py` does: an empty output
    /// costs recall only.
    pub(super) fn all(scores: &[&PageScore]) -> Vec<Self> {
        let plain = |name: &str, row: &dyn Fn(&PageScore) -> Option<(f64, f64)>| Self {
            name: name.to_owned(),
            rows: scores
                .iter()
                .map(|score| [row(score).unwrap_or_default(), (0.0, 0.0)])
                .collect(),
            harmonic: false,
        };
        let mean = |value: Option<f64>| value.map(|value| (value, 1.0));
        let share =
            |(part, whole): (usize, usize)| (whole > 0).then(|| (ratio(part, 1), ratio(whole, 1)));
        let mut all = vec![
            Self {
                name: "shingle_f1".to_owned(),
                rows: scores.iter().map(|score| shingle_row(score)).collect(),
                harmonic: true,
            },
            plain("accuracy", &|s| mean(s.exact.map(f64::from))),
            plain("word_f1", &|s| mean(s.word_f1)),
            plain("rouge_lsum_f1", &|s| mean(s.rouge_lsum_f1)),
            plain("levenshtein", &|s| mean(s.levenshtein)),
            plain("with", &|s| share(s.with)),
            plain("without", &|s| share(s.without)),
        ];
        for field in fields(scores) {
            all.push(plain(field, &|s| {
                mean(s.metadata.get(field).map(|right| f64::from(*right)))
            }));
        }
        all.push(plain("authors_precision", &|s| {
            s.names.and_then(|n| share((n.common, n.found)))
        }));
        all.push(plain("authors_recall", &|s| {
            s.names.and_then(|n| share((n.common, n.gold)))
        }));
        all.retain(|measure| measure.value(0..scores.len()).is_some());
        all
    }

    /// The measure over the pages drawn; none when none of them has gold.
    pub(super) fn value(&self, drawn: impl Iterator<Item = usize>) -> Option<f64> {
        let [first, second] = self.sums(drawn);
        let has_gold = first.1 + second.1 > 0.0;
        has_gold.then(|| {
            if self.harmonic {
                f1(quotient(first), quotient(second))
            } else {
                quotient(first)
            }
        })
    }

    fn sums(&self, drawn: impl Iterator<Item = usize>) -> [(f64, f64); 2] {
        let mut sums = [(0.0, 0.0); 2];
        for at in drawn {
            for (sum, part) in sums.iter_mut().zip(self.rows[at]) {
                sum.0 += part.0;
                sum.1 += part.1;
            }
        }
        sums
    }
}

fn quotient((part, whole): (f64, f64)) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The fields that any of the pages has gold for.
fn fields<'a>(scores: &[&'a PageScore]) -> BTreeSet<&'a String> {
    scores.iter().flat_map(|s| s.metadata.keys()).collect()
}

fn shingle_row(score: &PageScore) -> [(f64, f64); 2] {
    let Some(overlap) = score.shingles else {
        return [(0.0, 0.0); 2];
    };
    let part = |counts: bool, value: f64| if counts { (value, 1.0) } else { (0.0, 0.0) };
    [
        part(overlap.tp + overlap.fp > 0.0, overlap.precision()),
        part(overlap.tp + overlap.fn_ > 0.0, overlap.recall()),
    ]
}

impl Metrics {
    /// The measures of these pages.
    pub(super) fn of(scores: &[&PageScore]) -> Self {
        let measures = Measure::all(scores);
        let measure = |name: &str| measures.iter().find(|measure| measure.name == name);
        let share = |name: &str| measure(name)?.value(0..scores.len());
        let value = |name: &str| share(name).unwrap_or_default();
        let errors = errors(&measures, scores.len());
        let error = |name: &str| errors.get(name).copied().unwrap_or_default();
        let shares = |shingles: &Measure| shingles.sums(0..scores.len()).map(quotient);
        let [precision, recall] = measure("shingle_f1").map_or([0.0; 2], shares);
        let metadata = fields(scores)
            .into_iter()
            .map(|field| (field.clone(), value(field)));
        Self {
            pages: scores.iter().filter(|s| s.shingles.is_some()).count(),
            shingle_f1: value("shingle_f1"),
            precision,
            recall,
            accuracy: value("accuracy"),
            shingle_f1_error: error("shingle_f1"),
            accuracy_error: error("accuracy"),
            word_f1: value("word_f1"),
            rouge_lsum_f1: value("rouge_lsum_f1"),
            rouge_lsum_f1_median: median(scores.iter().filter_map(|s| s.rouge_lsum_f1)),
            levenshtein: value("levenshtein"),
            levenshtein_median: median(scores.iter().filter_map(|s| s.levenshtein)),
            with: share("with"),
            without: share("without"),
            metadata: metadata.collect(),
            authors_precision: share("authors_precision"),
            authors_recall: share("authors_recall"),
            errors,
            failed: scores.iter().filter(|s| s.error.is_some()).count(),
        }
    }

    /// Bootstrap standard error of a measure; 0 where there is none.
    #[must_use]
    pub fn error(&self, measure: &str) -> f64 {
        self.errors.get(measure).copied().unwrap_or_default()
    }
}

/// Bootstrap standard errors (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): the
/// standard deviation of each measure over resampled pages. article-extraction-benchmark prints 1.96
/// times this.
fn errors(measures: &[Measure], pages: usize) -> BTreeMap<String, f64> {
    let values = resampled(measures, pages, |measure, drawn| {
        // Of one page there is no other choice.
        measure.value(drawn.iter().copied()).filter(|_| pages > 1)
    });
    let names = measures.iter().map(|measure| measure.name.clone());
    names.zip(values.iter().map(|v| deviation(v))).collect()
}

/// Median of values, the mean of the middle two where their number is even; 0 when there are none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::eval::corpus::CorpusPage;
    use crate::eval::score_record;
    use crate::eval::token_overlap::tests::close;

    #[test]
    fn figures_are_means_over_pages_with_gold() {
        let page = CorpusPage {
            text: Some("one two three four five".to_owned()),
            title: Some("The “Title”".to_owned()),
            authors: Some(vec!["Ann Bell".to_owned()]),
            with: vec!["two".to_owned()],
            ..CorpusPage::default()
        };
        let record = |text: &str, authors: &[&str]| Record {
            text: text.to_owned(),
            title: Some("the \"title\"".to_owned()),
            authors: authors.iter().map(|name| (*name).to_owned()).collect(),
            ..Record::default()
        };
        let right = score_record(
            &page,
            &record("one two three four five", &["Ann Bell", "Bo"]),
        );
        let wrong = score_record(&page, &record("", &[]));
        let sums = Metrics::of(&[&right, &wrong]);
        // An empty output is no imprecision.
        close(sums.precision, 1.0);
        close(sums.recall, 0.5);
        close(sums.shingle_f1, 2.0 / 3.0);
        close(sums.accuracy, 0.5);
        close(sums.rouge_lsum_f1_median, 0.5);
        close(sums.with.expect("there are snippets"), 0.5);
        assert_eq!(sums.without, None);
        close(sums.metadata["title"], 1.0);
        close(sums.authors_precision.expect("names were found"), 0.5);
        close(sums.authors_recall.expect("there is gold"), 0.5);
        // Of two pages one is right: each resampling has 0, 1/2 or 1, of variance 1/8.
        assert!((sums.accuracy_error - 0.125_f64.sqrt()).abs() < 0.03);
    }

    #[test]
    fn no_pages_and_no_gold_are_no_figures() {
        assert_eq!(Metrics::of(&[]), Metrics::default());
        let bare = score_record(&CorpusPage::default(), &Record::default());
        let sums = Metrics::of(&[&bare]);
        assert_eq!((sums.pages, sums.with), (0, None));
        assert!(sums.errors.is_empty());
    }
}
