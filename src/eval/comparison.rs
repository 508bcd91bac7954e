//! Two extractions of the same pages against each other.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::PageScore;
use super::bootstrap::{deviation, resampled};
use super::metrics::Measure;
use crate::block::ratio;

/// Standard errors beyond which a difference counts as more than chance (two-sided, 5%).
const SIGNIFICANT_ERRORS: f64 = 1.96;

/// How much two equal values may differ after one was written as a decimal and read again.
const ROUNDING: f64 = 1e-9;

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < ROUNDING
}

/// How much a value grew; 0 where it is the same but for rounding.
fn growth(before: f64, after: f64) -> f64 {
    if same(before, after) {
        0.0
    } else {
        after - before
    }
}

/// One measure before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureChange {
    /// The measure's name.
    pub measure: String,
    /// Its value before.
    pub before: f64,
    /// Its value after.
    pub after: f64,
    /// Bootstrap standard error of the difference, pages drawn in pairs.
    pub error: f64,
    /// Two-sided p-value: twice the share of resamplings whose difference is zero or of the other sign, at
    /// most 1.
    pub p: f64,
}

impl MeasureChange {
    /// `after - before`.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.after - self.before
    }

    /// Whether the measure fell by more than its error explains.
    pub(super) fn fell(&self) -> bool {
        self.is_significant() && self.difference() < 0.0
    }

    /// Whether the measure has the same value.
    #[must_use]
    pub fn is_same(&self) -> bool {
        same(self.before, self.after)
    }

    /// Whether the measure changed, either way, by more than its error explains.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        !self.is_same() && self.difference().abs() > SIGNIFICANT_ERRORS * self.error
    }
}

/// A page that came out differently.
#[derive(Debug, Clone, PartialEq)]
pub struct PageChange {
    /// The page's name.
    pub id: String,
    /// Shingle F1 before, where there is a gold text.
    pub before: Option<f64>,
    /// Shingle F1 after.
    pub after: Option<f64>,
    /// Fields that were wrong before and are right after.
    pub gained: Vec<String>,
    /// Fields that were right before and are wrong after.
    pub lost: Vec<String>,
    /// The lines that changed, where both texts are at hand.
    pub diff: Option<String>,
}

impl PageChange {
    /// How much shingle F1 grew.
    #[must_use]
    pub fn difference(&self) -> f64 {
        let [before, after] = [self.before, self.after].map(Option::unwrap_or_default);
        growth(before, after)
    }
}

/// What got better and worse from one extraction to the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Pages that both have.
    pub pages: usize,
    /// Pages that only one of them has; they are left out.
    pub unpaired: Vec<String>,
    /// Each measure.
    pub changes: Vec<MeasureChange>,
    /// Pages that came out differently, worst first.
    pub changed_pages: Vec<PageChange>,
}

impl Comparison {
    /// The measures that fell by more than their error.
    pub(super) fn drops(&self) -> impl Iterator<Item = &MeasureChange> {
        self.changes.iter().filter(|change| change.fell())
    }
}

/// Compares two extractions over the pages that both have, by page name.
///
/// The error is that of a paired bootstrap (Efron & Tibshirani, "An Introduction to the Bootstrap",
/// 1993): the same pages are drawn for both, so that what is hard for both cancels out.
pub(super) fn compare(before: &[PageScore], after: &[PageScore]) -> Comparison {
    let by_id: HashMap<&str, &PageScore> = before.iter().map(|s| (s.id.as_str(), s)).collect();
    let pairs = after
        .iter()
        .filter_map(|after| Some((*by_id.get(&*after.id)?, after)));
    let pairs: Vec<(&PageScore, &PageScore)> = pairs.collect();
    let paired: HashSet<&str> = pairs.iter().map(|(_, after)| after.id.as_str()).collect();
    let ids = before.iter().chain(after).map(|score| &score.id);
    let unpaired = ids.filter(|id| !paired.contains(id.as_str()));
    let changed_pages = pairs.iter().filter_map(|(b, a)| page_change(b, a));
    let mut changed_pages: Vec<PageChange> = changed_pages.collect();
    changed_pages.sort_by(|a, b| a.difference().total_cmp(&b.difference()));
    Comparison {
        pages: pairs.len(),
        unpaired: unpaired.cloned().collect(),
        changes: changes(&pairs),
        changed_pages,
    }
}

fn changes(pairs: &[(&PageScore, &PageScore)]) -> Vec<MeasureChange> {
    let (before, after): (Vec<&PageScore>, Vec<&PageScore>) = pairs.iter().copied().unzip();
    let before = Measure::all(&before);
    let measures: Vec<(&Measure, Measure)> = Measure::all(&after)
        .into_iter()
        .filter_map(|after| Some((before.iter().find(|b| b.name == after.name)?, after)))
        .collect();
    let differences = resampled(&measures, pairs.len(), |(before, after), drawn| {
        let value = |measure: &Measure| measure.value(drawn.iter().copied());
        Some(growth(value(before)?, value(after)?))
    });
    let changes = measures.iter().zip(&differences);
    let changes = changes.filter_map(|((before, after), differences)| {
        Some(MeasureChange {
            measure: after.name.clone(),
            before: before.value(0..pairs.len())?,
            after: after.value(0..pairs.len())?,
            error: deviation(differences),
            p: p_value(differences),
        })
    });
    changes.collect()
}

/// The two-sided p-value of a difference from its resampled values.
fn p_value(differences: &[f64]) -> f64 {
    let share = |counts: fn(&f64) -> bool| {
        let counted = differences.iter().filter(|d| counts(d)).count();
        ratio(counted, differences.len())
    };
    (2.0 * share(|d| *d <= 0.0).min(share(|d| *d >= 0.0))).min(1.0)
}

fn page_change(before: &PageScore, after: &PageScore) -> Option<PageChange> {
    let flipped = |now: bool| -> Vec<String> {
        let was = |field: &String| before.metadata.get(field).copied();
        let fields = after.metadata.iter();
        let fields = fields.filter(|(field, is)| **is == now && was(field) == Some(!now));
        fields.map(|(field, _)| field.clone()).collect()
    };
    let (gained, lost) = (flipped(true), flipped(false));
    let measures = |s: &PageScore| [s.shingle_f1, s.word_f1, s.levenshtein];
    let mut both = measures(before).into_iter().zip(measures(after));
    let same_text = both.all(|pair| match pair {
        (Some(before), Some(after)) => same(before, after),
        (before, after) => before == after,
    }) && (before.with, before.without) == (after.with, after.without);
    (!same_text || !gained.is_empty() || !lost.is_empty()).then(|| PageChange {
        id: after.id.clone(),
        before: before.shingle_f1,
        after: after.shingle_f1,
        gained,
        lost,
        diff: None,
    })
}

/// The lines in which two texts differ, each after `-` or `+`.
#[must_use]
pub fn diff(before: &str, after: &str) -> String {
    let mut lines = String::new();
    let (before, after) = (paragraphs(before), paragraphs(after));
    for change in TextDiff::from_slices(&before, &after).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let _ = writeln!(lines, "{sign} {}", change.value());
    }
    lines
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::eval::corpus::CorpusPage;
    use crate::eval::score_record;

    /// Scores of pages whose gold has ten words, of which this many come out.
    fn scores(words: &[usize]) -> Vec<PageScore> {
        let gold = "one two three four five six seven eight nine ten";
        words
            .iter()
            .enumerate()
            .map(|(place, words)| {
                let page = CorpusPage {
                    id: format!("page {place}"),
                    text: Some(gold.to_owned()),
                    title: Some("Rain".to_owned()),
                    ..CorpusPage::default()
                };
                let text: Vec<&str> = gold.split(' ').take(*words).collect();
                let record = Record {
                    text: text.join(" "),
                    title: (*words > 5).then(|| "Rain".to_owned()),
                    ..Record::default()
                };
                score_record(&page, &record)
            })
            .collect()
    }

    #[test]
    fn a_drop_on_every_page_is_no_chance() {
        let before = scores(&[10; 8]);
        let after = scores(&[8, 7, 8, 7, 8, 7, 8, 7]);
        let comparison = compare(&before, &after);
        let drops: Vec<&str> = comparison.drops().map(|c| c.measure.as_str()).collect();
        assert!(
            drops.contains(&"shingle_f1") && drops.contains(&"word_f1"),
            "{drops:?}"
        );
        assert!(!drops.contains(&"title"));
        assert_eq!(comparison.changed_pages.len(), 8);
        let same = compare(&before, &before);
        assert_eq!(same.drops().count() + same.changed_pages.len(), 0);
        assert!(
            same.changes
                .iter()
                .all(|change| (change.p - 1.0).abs() < 1e-9)
        );
        let better = compare(&after, &before);
        assert_eq!(better.drops().count(), 0);
        assert!(better.changes.iter().any(MeasureChange::is_significant));
    }

    #[test]
    fn one_page_of_many_may_be_chance() {
        let before = scores(&[10; 20]);
        let mut words = [10; 20];
        words[3] = 4;
        let comparison = compare(&before, &scores(&words));
        assert_eq!(comparison.drops().count(), 0);
        let page = &comparison.changed_pages[0];
        assert_eq!(
            (page.id.as_str(), page.lost.as_slice()),
            ("page 3", &["title".to_owned()][..])
        );
        assert!(page.difference() < 0.0);
    }

    #[test]
    fn pages_of_one_side_only_are_named_and_left_out() {
        let comparison = compare(&scores(&[10, 10]), &scores(&[10, 10, 3]));
        assert_eq!(comparison.pages, 2);
        assert_eq!(comparison.unpaired, ["page 2"]);
        assert_eq!(compare(&[], &[]), Comparison::default());
    }

    #[test]
    fn diffs_show_changed_lines_only() {
        assert_eq!(diff("a\n\nb\n\nc", "a\n\nx\n\nc"), "- b\n+ x\n");
        assert_eq!(diff("a", "a"), "");
    }
}
