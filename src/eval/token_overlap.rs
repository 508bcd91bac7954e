//! Measures of the tokens that an output has in common with its gold.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::block::ratio;

/// Python's `\w+` on text: letters and numbers of every script, and `_`; no combining marks.
#[allow(clippy::expect_used)] // A fixed pattern, compiled in every test.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is valid"));

/// Tokens in a shingle (article-extraction-benchmark).
pub(super) const SHINGLE_TOKENS: usize = 4;

/// The tokens of a text, in order, case kept.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    WORD.find_iter(text).map(|found| found.as_str()).collect()
}

/// Share of true positives, false positives and false negatives among a page's shingles.
///
/// Source: article-extraction-benchmark (Zyte/Scrapinghub), `evaluate.py`: the multiset of 4-token
/// shingles (one shorter shingle for shorter texts); the three counts divided by their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ShingleOverlap {
    /// In gold and output.
    pub tp: f64,
    /// In the output only.
    pub fp: f64,
    /// In gold only.
    #[serde(rename = "fn")]
    pub fn_: f64,
}

impl ShingleOverlap {
    /// Compares an output with its gold.
    #[must_use]
    pub fn of(gold: &str, found: &str) -> Self {
        let (gold, found) = (tokens(gold), tokens(found));
        let gold = counts(shingles(&gold));
        let found = counts(shingles(&found));
        let tp = common(&gold, &found);
        let fp = found.values().sum::<usize>() - tp;
        let fn_ = gold.values().sum::<usize>() - tp;
        let all = tp + fp + fn_;
        Self {
            tp: ratio(tp, all),
            fp: ratio(fp, all),
            fn_: ratio(fn_, all),
        }
    }

    /// `tp / (tp + fp)`; 1 when gold and output are empty, 0 when only the output is.
    #[must_use]
    pub fn precision(self) -> f64 {
        self.share_beside(self.fp)
    }

    /// `tp / (tp + fn)`; 1 when gold and output are empty.
    #[must_use]
    pub fn recall(self) -> f64 {
        self.share_beside(self.fn_)
    }

    fn share_beside(self, others: f64) -> f64 {
        if self.fp == 0.0 && self.fn_ == 0.0 {
            1.0
        } else if self.tp == 0.0 {
            0.0
        } else {
            self.tp / (self.tp + others)
        }
    }
}

/// The runs of [`SHINGLE_TOKENS`] tokens; a shorter text is one shingle.
pub(super) fn shingles<'a, 't>(
    tokens: &'a [&'t str],
) -> impl Iterator<Item = &'a [&'t str]> + use<'a, 't> {
    let size = SHINGLE_TOKENS.min(tokens.len()).max(1);
    tokens.windows(size)
}

/// Word F1 of one page: multiset of lower-cased words.
///
/// Source: WCXB (Murrough Foley, 2026). 1 when both are empty, 0 when one is.
#[must_use]
pub fn word_f1(gold: &str, found: &str) -> f64 {
    let (gold, found) = (gold.to_lowercase(), found.to_lowercase());
    let gold = counts(tokens(&gold).into_iter());
    let found = counts(tokens(&found).into_iter());
    let both = gold.values().chain(found.values()).sum();
    f1_of_counts(common(&gold, &found), both)
}

/// F1 of tokens: `common` of them in gold and output, `both` in the two together. 1 when both are
/// empty, 0 when one is.
pub(super) fn f1_of_counts(common: usize, both: usize) -> f64 {
    if both == 0 {
        return 1.0;
    }
    // 2tp / (2tp + fp + fn), the harmonic mean of precision and recall.
    ratio(2 * common, both)
}

/// Harmonic mean of precision and recall.
pub(super) fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 {
        0.0
    } else {
        2.0 * precision * recall / (precision + recall)
    }
}

/// How many of the snippets stand in the text. White space is no matter: whether a page has some
/// between two elements, before a comma or between two characters of Japanese is a question of markup.
pub(super) fn snippets_found(text: &str, snippets: &[String]) -> usize {
    let flat = |text: &str| text.split_whitespace().collect::<String>();
    let text = flat(text);
    let found = snippets
        .iter()
        .filter(|snippet| text.contains(&flat(snippet)));
    found.count()
}

fn counts<T: Hash + Eq>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

fn common<T: Hash + Eq>(a: &HashMap<T, usize>, b: &HashMap<T, usize>) -> usize {
    a.iter()
        .map(|(item, count)| *count.min(b.get(item).unwrap_or(&0)))
        .sum()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::eval) fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn shingles_count_runs_of_four_tokens() {
        // Gold has 3 shingles, the output 2 of them and 1 of its own.
        let overlap = ShingleOverlap::of("a b c d e f", "b c d e f x");
        close(overlap.precision(), 2.0 / 3.0);
        close(overlap.recall(), 2.0 / 3.0);
    }

    #[test]
    fn degenerate_texts_are_defined() {
        close(ShingleOverlap::of("", "").precision(), 1.0);
        close(ShingleOverlap::of("a", "").recall(), 0.0);
        close(ShingleOverlap::of("", "a").precision(), 0.0);
        close(ShingleOverlap::of("a b", "a b").precision(), 1.0);
        close(word_f1("", ""), 1.0);
        close(word_f1("a", ""), 0.0);
    }

    #[test]
    fn words_count_as_often_as_they_stand() {
        // 2 common words; 3 in gold, 3 in the output.
        close(word_f1("A a b", "a B c"), 2.0 * 2.0 / 6.0);
    }

    #[test]
    fn tokens_are_those_of_python() {
        assert_eq!(
            tokens("It's naïve_1 – 漢字!"),
            ["It", "s", "naïve_1", "漢字"]
        );
    }

    #[test]
    fn snippets_are_found_whatever_the_white_space() {
        let found = snippets_found(
            "one\n\ntwo, three",
            &["one two ,".to_owned(), "four".to_owned()],
        );
        assert_eq!(found, 1);
    }
}
