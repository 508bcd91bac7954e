//! Sums over pages, and how far they may be off.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::PageScore;
use super::score::f1;
use crate::block::ratio;

/// Sums over pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
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
    /// Bootstrap standard error of each measure, by its name in [`Series::all`].
    pub errors: BTreeMap<String, f64>,
    /// Pages that could not be read.
    pub failed: usize,
}

/// Resamplings of the bootstrap, as in article-extraction-benchmark.
pub const RESAMPLINGS: usize = 1000;

/// A measure as sums over pages: numerators over denominators, so that any choice of pages, each as
/// often as it is drawn, has a value.
#[derive(Debug, Clone)]
pub struct Series {
    /// The measure's name.
    pub name: String,
    /// By page: numerator and denominator of the measure, or of precision and of recall.
    rows: Vec<[(f64, f64); 2]>,
    /// Whether the value is the harmonic mean of both parts.
    harmonic: bool,
}

impl Series {
    /// Every measure the pages have gold for.
    ///
    /// `shingle_f1` takes the mean precision over the pages with output, and the mean recall over
    /// the pages with gold, as article-extraction-benchmark's `evaluate.py` does: an empty output
    /// costs recall only.
    #[must_use]
    pub fn all(scores: &[&PageScore]) -> Vec<Self> {
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
            |(part, whole): (usize, usize)| (whole > 0).then(|| (count(part), count(whole)));
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
        let fields: BTreeSet<&String> = scores.iter().flat_map(|s| s.metadata.keys()).collect();
        for field in fields {
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
        all.retain(|series| series.value(0..scores.len()).is_some());
        all
    }

    /// The measure over the pages drawn; none when none of them has gold.
    #[must_use]
    pub fn value(&self, drawn: impl Iterator<Item = usize>) -> Option<f64> {
        let mut sums = [(0.0, 0.0); 2];
        for at in drawn {
            for (sum, part) in sums.iter_mut().zip(self.rows[at]) {
                sum.0 += part.0;
                sum.1 += part.1;
            }
        }
        let value = |(part, whole): (f64, f64)| if whole > 0.0 { part / whole } else { 0.0 };
        if self.harmonic {
            (sums[0].1 + sums[1].1 > 0.0).then(|| f1(value(sums[0]), value(sums[1])))
        } else {
            (sums[0].1 > 0.0).then(|| value(sums[0]))
        }
    }
}

fn count(n: usize) -> f64 {
    ratio(n, 1)
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

/// Pages drawn with replacement, the same ones in every run.
#[derive(Debug)]
pub struct Draws {
    state: u64,
    pages: usize,
}

impl Draws {
    /// Draws from this many pages.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self {
            state: 0x9E37_79B9_7F4A_7C15,
            pages,
        }
    }

    /// As many pages as there are.
    pub fn sample(&mut self) -> Vec<usize> {
        (0..self.pages).map(|_| self.draw()).collect()
    }

    /// xorshift64* (Marsaglia, "Xorshift RNGs", 2003; Vigna, 2016).
    fn draw(&mut self) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let random = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(random).unwrap_or(0) % self.pages.max(1)
    }
}

/// Sums pages up.
#[must_use]
pub fn figures(scores: &[&PageScore]) -> Figures {
    let series = Series::all(scores);
    let values: BTreeMap<&str, f64> = series
        .iter()
        .filter_map(|s| Some((s.name.as_str(), s.value(0..scores.len())?)))
        .collect();
    let value = |name: &str| values.get(name).copied().unwrap_or_default();
    let errors = errors(&series, scores.len());
    let error = |name: &str| errors.get(name).copied().unwrap_or_default();
    let parts = |part: usize| {
        let rows = scores.iter().map(|s| shingle_row(s)[part]);
        let (sum, pages) = rows.fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
        if pages > 0.0 { sum / pages } else { 0.0 }
    };
    let fields: BTreeSet<&String> = scores.iter().flat_map(|s| s.metadata.keys()).collect();
    Figures {
        pages: scores.iter().filter(|s| s.shingles.is_some()).count(),
        shingle_f1: value("shingle_f1"),
        precision: parts(0),
        recall: parts(1),
        accuracy: value("accuracy"),
        shingle_f1_error: error("shingle_f1"),
        accuracy_error: error("accuracy"),
        word_f1: value("word_f1"),
        rouge_lsum_f1: value("rouge_lsum_f1"),
        rouge_lsum_f1_median: median(scores.iter().filter_map(|s| s.rouge_lsum_f1)),
        levenshtein: value("levenshtein"),
        levenshtein_median: median(scores.iter().filter_map(|s| s.levenshtein)),
        with: values.get("with").copied(),
        without: values.get("without").copied(),
        metadata: fields
            .into_iter()
            .map(|field| (field.clone(), value(field)))
            .collect(),
        authors_precision: values.get("authors_precision").copied(),
        authors_recall: values.get("authors_recall").copied(),
        errors,
        failed: scores.iter().filter(|s| s.error.is_some()).count(),
    }
}

/// Bootstrap standard errors (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): the
/// standard deviation of each measure over resampled pages. article-extraction-benchmark prints 1.96
/// times this.
fn errors(series: &[Series], pages: usize) -> BTreeMap<String, f64> {
    let mut draws = Draws::new(pages);
    let mut values: Vec<Vec<f64>> = vec![Vec::with_capacity(RESAMPLINGS); series.len()];
    if pages > 1 {
        for _ in 0..RESAMPLINGS {
            let sample = draws.sample();
            for (values, series) in values.iter_mut().zip(series) {
                values.extend(series.value(sample.iter().copied()));
            }
        }
    }
    let names = series.iter().map(|series| series.name.clone());
    names.zip(values.iter().map(|v| deviation(v))).collect()
}

/// Mean of values; 0 when there are none.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / count(values.len())
}

/// Standard deviation of values around their mean.
#[must_use]
pub fn deviation(values: &[f64]) -> f64 {
    let center = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - center).powi(2)).collect();
    mean(&squares).sqrt()
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
        let sums = figures(&[&right, &wrong]);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
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
        assert_eq!(figures(&[]), Figures::default());
        let bare = score_record(&CorpusPage::default(), &Record::default());
        let sums = figures(&[&bare]);
        assert_eq!((sums.pages, sums.with), (0, None));
        assert!(sums.errors.is_empty());
    }
}
