//! Levenshtein similarity, as web-content-extraction-benchmark takes it (see [`super::rouge_lsum`]).

use super::longest_common_subsequence::{self, TokenIds};
use super::token_overlap::f1_of_counts;

/// Similarity of the white-space tokens, 0 to 1: twice the longest common subsequence over the
/// tokens of both texts, which is `Levenshtein.ratio` (insertions and deletions, no substitutions).
/// 1 when both texts are empty, 0 when one is.
#[must_use]
pub fn levenshtein_similarity(gold: &str, found: &str) -> f64 {
    let mut ids = TokenIds::default();
    let gold = ids.of(words(gold));
    let found = ids.of(words(found));
    let common = longest_common_subsequence::length(&gold, &found);
    f1_of_counts(common, gold.len() + found.len())
}

/// Tokens between white space as Python's `\s` has it.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// White space of Python's `re`: Unicode's, and the four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::token_overlap::tests::close;

    #[test]
    fn similarity_counts_insertions_and_deletions() {
        // a b … d is common: 2 * 3 / (4 + 4).
        close(levenshtein_similarity("a b c d", "a b x d"), 0.75);
    }
}
