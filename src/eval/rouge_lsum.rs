//! ROUGE-LSum, as web-content-extraction-benchmark takes it.
//!
//! Source: Bevendorff, Gupta, Kiesel, Stein, "An Empirical Comparison of Web Content Extraction
//! Algorithms" (SIGIR 2023) and its code, which splits texts at white space and calls `rouge_score`
//! (Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004, section 3.2) and
//! `Levenshtein.ratio` on the tokens.

use super::levenshtein::{is_space, words};
use super::longest_common_subsequence::{LcsTable, TokenIds};
use super::token_overlap::f1_of_counts;

/// ROUGE-LSum F1 of one page, 0 to 1.
///
/// For each sentence of the gold, the union of its longest common subsequences with all sentences
/// of the output; a token is a hit at most as often as it stands in both texts. Hits over the gold's
/// tokens are recall, over the output's precision. 1 when both texts are empty, 0 when one is.
///
/// Sentences end at a line's end, after `.`, `!`, `?` or `…` before white space, and after the full
/// stops of Chinese and Japanese. The benchmark asks NLTK, which knows abbreviations, so figures of
/// the two are near but not equal.
#[must_use]
pub fn rouge_lsum_f1(gold: &str, found: &str) -> f64 {
    let mut ids = TokenIds::default();
    let gold = sentences(gold, &mut ids);
    let found = sentences(found, &mut ids);
    let gold_len: usize = gold.iter().map(Vec::len).sum();
    let found_len: usize = found.iter().map(Vec::len).sum();
    let counts = |sentences: &[Vec<u32>]| {
        let mut counts = vec![0_usize; ids.len()];
        for token in sentences.iter().flatten() {
            counts[*token as usize] += 1;
        }
        counts
    };
    // How often each token may still be a hit.
    let mut left = counts(&gold);
    for (left, in_found) in left.iter_mut().zip(counts(&found)) {
        *left = in_found.min(*left);
    }
    let mut unions = SubsequenceUnions {
        sentences: &found,
        positions: &token_positions(&found, ids.len()),
        table: LcsTable::default(),
        matches: vec![Vec::new(); found.len()],
    };
    let mut hits = 0;
    for sentence in &gold {
        let union = unions.of(sentence);
        for (token, _) in sentence.iter().zip(union).filter(|(_, is_in)| *is_in) {
            let left = &mut left[*token as usize];
            if *left > 0 {
                *left -= 1;
                hits += 1;
            }
        }
    }
    f1_of_counts(hits, gold_len + found_len)
}

fn sentences<'a>(text: &'a str, ids: &mut TokenIds<'a>) -> Vec<Vec<u32>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' => chars.peek().is_some_and(|(_, next)| is_space(*next)),
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            sentences.push(ids.of(words(&text[start..end])));
            start = end;
        }
    }
    sentences.push(ids.of(words(&text[start..])));
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// By token: the output's sentences that have it, in order, with its indices in each.
type TokenPositions = Vec<Vec<(usize, Vec<u32>)>>;

fn token_positions(sentences: &[Vec<u32>], tokens: usize) -> TokenPositions {
    let mut positions: TokenPositions = vec![Vec::new(); tokens];
    for (number, sentence) in sentences.iter().enumerate() {
        for (at, token) in (0..).zip(sentence) {
            let of_token = &mut positions[*token as usize];
            match of_token.last_mut() {
                Some((last, places)) if *last == number => places.push(at),
                _ => of_token.push((number, vec![at])),
            }
        }
    }
    positions
}

/// Unions of longest common subsequences with all sentences of the output.
struct SubsequenceUnions<'a> {
    sentences: &'a [Vec<u32>],
    positions: &'a TokenPositions,
    table: LcsTable,
    /// By sentence of the output: which tokens of the gold's sentence stand in it, and where.
    matches: Vec<Vec<(usize, &'a [u32])>>,
}

impl SubsequenceUnions<'_> {
    /// For each token of a sentence of the gold, whether it is in the union.
    fn of(&mut self, sentence: &[u32]) -> Vec<bool> {
        let mut touched = Vec::new();
        for (at, token) in sentence.iter().enumerate() {
            for (other, places) in &self.positions[*token as usize] {
                let matches = &mut self.matches[*other];
                if matches.is_empty() {
                    touched.push(*other);
                }
                matches.push((at, places));
            }
        }
        let mut union = vec![false; sentence.len()];
        let mut rows: Vec<&[u32]> = Vec::new();
        for other in touched {
            let matches = &mut self.matches[other];
            // A union only grows: where every common token is in it, nothing can change.
            if matches.iter().any(|(at, _)| !union[*at]) {
                rows.clear();
                rows.extend(matches.iter().map(|(_, places)| *places));
                for row in self.table.subsequence(&rows, self.sentences[other].len()) {
                    union[matches[row].0] = true;
                }
            }
            matches.clear();
        }
        union
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::levenshtein::levenshtein_similarity;
    use crate::eval::token_overlap::tests::close;

    #[test]
    fn hits_of_a_sentence_are_united_over_the_outputs_sentences() {
        // Lin's example (2004, section 3.2): w1 w2 is common with the first sentence, w1 w3 w5 with
        // the second; the union has 4 of the gold's 5 tokens, of 10 in the output.
        let f1 = rouge_lsum_f1("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5");
        close(f1, 2.0 * 4.0 / 15.0);
    }

    #[test]
    fn a_token_is_no_hit_more_often_than_it_stands_in_the_output() {
        close(rouge_lsum_f1("a\na\na", "a"), 2.0 / 4.0);
    }

    #[test]
    fn degenerate_texts_are_defined() {
        for measure in [rouge_lsum_f1, levenshtein_similarity] {
            close(measure("", ""), 1.0);
            close(measure(" \n", ""), 1.0);
            close(measure("a", ""), 0.0);
            close(measure("", "a"), 0.0);
            close(measure("a", "a"), 1.0);
            close(measure("a a a a", "a a a a"), 1.0);
        }
    }

    #[test]
    fn sentences_end_at_stops_and_lines() {
        let mut ids = TokenIds::default();
        let lens = |text, ids: &mut TokenIds<'static>| -> Vec<usize> {
            sentences(text, ids).iter().map(Vec::len).collect()
        };
        assert_eq!(lens("One two. Three 3.5\nfour", &mut ids), [2, 2, 1]);
        assert_eq!(lens("雨。晴！", &mut ids), [1, 1]);
    }
}
