//! How long the measures take on pages of 50,000 words: `cargo bench --bench measures`.

use divan::{Bencher, black_box};
use gleaner::eval::levenshtein::levenshtein_similarity;
use gleaner::eval::rouge_lsum::rouge_lsum_f1;
use gleaner::eval::token_overlap::{ShingleOverlap, word_f1};

fn main() {
    divan::main();
}

/// Words of a page: more than any news page has.
const WORDS: usize = 50_000;

/// A text whose words are as frequent as in a language (Zipf), in sentences of twenty words.
fn text(seed: u64, sentence: &str) -> String {
    let mut state = seed;
    let mut text = String::new();
    for place in 0..WORDS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // The word of rank r comes with a chance of about 1 / r: e^(u ln n) of an even u.
        let even = f64::from(u32::try_from(state >> 40).unwrap_or_default()) / f64::from(1 << 24);
        let rank = 20_000_f64.powf(even);
        text.push('w');
        text.push_str(&rank.round().to_string());
        text.push_str(if place % 20 == 19 { sentence } else { " " });
    }
    text
}

/// Gold, and an output that lacks a part and has another.
fn near(sentence: &str) -> (String, String) {
    let gold = text(1, sentence);
    // All of it is ASCII.
    let at = gold.len() / 3;
    let found = format!("{} {}", &gold[..at], &gold[at + 20_000..]);
    (gold, found)
}

fn far(sentence: &str) -> (String, String) {
    (text(1, sentence), text(2, sentence))
}

const CASES: [&str; 4] = ["near", "far", "near, one line", "far, one line"];

fn pair(case: &str) -> (String, String) {
    match case {
        "near" => near(".\n"),
        "far" => far(".\n"),
        "near, one line" => near(" "),
        _ => far(" "),
    }
}

#[divan::bench(args = CASES, sample_count = 5)]
fn rouge(bencher: Bencher, case: &str) {
    let (gold, found) = pair(case);
    bencher.bench(|| rouge_lsum_f1(black_box(&gold), black_box(&found)));
}

#[divan::bench(args = CASES, sample_count = 5)]
fn levenshtein(bencher: Bencher, case: &str) {
    let (gold, found) = pair(case);
    bencher.bench(|| levenshtein_similarity(black_box(&gold), black_box(&found)));
}

#[divan::bench(args = CASES, sample_count = 5)]
fn shingles(bencher: Bencher, case: &str) {
    let (gold, found) = pair(case);
    bencher.bench(|| ShingleOverlap::of(black_box(&gold), black_box(&found)));
}

#[divan::bench(args = CASES, sample_count = 5)]
fn words(bencher: Bencher, case: &str) {
    let (gold, found) = pair(case);
    bencher.bench(|| word_f1(black_box(&gold), black_box(&found)));
}
