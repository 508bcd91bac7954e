//! Exact and near duplicates of bodies.
//!
//! *Exact*: [`content_hash`] over the words, so that case, punctuation and white space do not count.
//!
//! *Near*: a 64-bit [`simhash`] (Charikar, "Similarity estimation techniques from rounding
//! algorithms", STOC 2002): each feature of a text votes on each bit with its own hash, so that texts
//! which share most features share most bits. Two are [`near`] when at most [`NEAR_BITS`] differ, the
//! figure Manku, Jain and Das Sarma found right for 64 bits over 8 billion pages ("Detecting
//! Near-Duplicates for Web Crawling", WWW 2007). They also give the index: split into one band more
//! than bits may differ, and near duplicates agree in at least one band ([`bands`]).
//!
//! Features are the distinct pairs of neighbouring words. Single words would let the common ones of
//! a language decide; longer runs lose all their votes around each small edit.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Bits in which the simhashes of near duplicates may differ.
pub const NEAR_BITS: u32 = 3;

/// Bands of the index: one more than bits that may differ.
pub const BANDS: usize = NEAR_BITS as usize + 1;

/// Words of one feature.
const FEATURE_WORDS: usize = 2;

/// Fewer words than this say too little: short notes of one kind ("No games today.") would all be
/// near duplicates of each other. Their simhash is the hash of the whole, near only to itself.
const LEAST_WORDS: usize = 20;

/// A hash of a text's words, whatever their case, composition, punctuation and spacing. 64 bits:
/// among 10 million bodies, two different ones share a hash with a chance of 3 in a million.
#[must_use]
pub fn content_hash(text: &str) -> u64 {
    hash_of(&words(text))
}

fn hash_of(words: &[String]) -> u64 {
    let mut hash = Xxh3::new();
    for word in words {
        hash.update(word.as_bytes());
        hash.update(b" ");
    }
    hash.digest()
}

/// The words of a text: by Unicode's word boundaries (UAX 29, an ideograph is a word), compatibility
/// forms unified (NFKC), in lower case.
fn words(text: &str) -> Vec<String> {
    let normal: String = text.nfkc().collect();
    normal.unicode_words().map(str::to_lowercase).collect()
}

/// The 64-bit simhash of a text.
#[must_use]
pub fn simhash(text: &str) -> u64 {
    let words = words(text);
    if words.len() < LEAST_WORDS {
        return hash_of(&words);
    }
    let mut votes = [0_i32; 64];
    let mut seen = HashSet::new();
    for feature in words.windows(FEATURE_WORDS) {
        let hash = xxh3_64(feature.join(" ").as_bytes());
        if !seen.insert(hash) {
            continue;
        }
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    votes
        .iter()
        .enumerate()
        .filter(|(_, vote)| **vote > 0)
        .fold(0, |bits, (bit, _)| bits | 1 << bit)
}

/// Whether two simhashes are those of near duplicates.
#[must_use]
pub fn near(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= NEAR_BITS
}

/// The keys of the index, lowest bits first: near duplicates have one in common at the same place.
#[must_use]
pub fn bands(simhash: u64) -> [u16; BANDS] {
    // The mask makes the cut to 16 bits exact.
    std::array::from_fn(|band| u16::try_from(simhash >> (16 * band) & 0xffff).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A made-up article of `sentences` different sentences.
    fn story(seed: usize, sentences: usize) -> String {
        let nouns = [
            "council", "river", "school", "harbour", "budget", "bridge", "market", "mayor",
        ];
        let verbs = [
            "opened", "closed", "delayed", "praised", "rebuilt", "sold", "painted", "left",
        ];
        (0..sentences)
            .map(|n| {
                let mix = (seed * 7919 + n * 104_729).wrapping_mul(2_654_435_761);
                format!(
                    "The {} {} the {} near plot {} in ward {}.",
                    nouns[mix % 8],
                    verbs[mix / 8 % 8],
                    nouns[mix / 64 % 8],
                    mix / 512 % 977,
                    mix / 4096 % 89
                )
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn case_spacing_and_punctuation_do_not_count() {
        assert_eq!(
            content_hash("A “storm” hit.\n\nTown"),
            content_hash("a storm hit — town")
        );
        assert_eq!(content_hash("ﬁne cafe\u{301}"), content_hash("fine café"));
        assert_ne!(content_hash("one two"), content_hash("two one"));
        assert_ne!(content_hash("on etwo"), content_hash("one two"));
    }

    #[test]
    fn a_changed_word_leaves_a_text_near() {
        let text = story(1, 60);
        let edited = text.replacen("river", "stream", 1);
        assert_ne!(text, edited);
        assert!(near(simhash(&text), simhash(&edited)));
    }

    #[test]
    fn different_stories_in_the_same_words_are_apart() {
        for seed in 2..40 {
            assert!(
                !near(simhash(&story(1, 60)), simhash(&story(seed, 60))),
                "{seed}"
            );
        }
    }

    #[test]
    fn short_texts_are_near_only_when_they_are_equal() {
        assert!(!near(
            simhash("No games today."),
            simhash("No games this today.")
        ));
        assert!(near(simhash("No games today."), simhash("no games today")));
    }

    proptest! {
        #[test]
        fn near_hashes_share_a_band(hash: u64, flips in prop::collection::vec(0_u32..64, 0..=3)) {
            let other = flips.iter().fold(hash, |bits, flip| bits ^ 1 << flip);
            prop_assert!(near(hash, other));
            prop_assert!(bands(hash).iter().zip(bands(other)).any(|(a, b)| *a == b));
        }
    }
}
