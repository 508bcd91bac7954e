//! Exact and near duplicates of bodies.
//!
//! *Exact*: a hash over the words, so that case, punctuation and white space do not count.
//!
//! *Near*: a 64-bit simhash (Charikar, "Similarity estimation techniques from rounding
//! algorithms", STOC 2002): each feature of a text votes on each bit with its own hash, so that texts
//! which share most features share most bits. Two are near duplicates when at most three differ, the
//! figure Manku, Jain and Das Sarma found right for 64 bits over 8 billion pages ("Detecting
//! Near-Duplicates for Web Crawling", WWW 2007). They also give the index: split into one band more
//! than bits may differ, and near duplicates agree in at least one band.
//!
//! Features are the distinct pairs of neighbouring words. Single words would let the common ones of
//! a language decide; longer runs lose all their votes around each small edit.

use std::ops::Range;

use foldhash::{HashSet, HashSetExt as _};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Bits in which the simhashes of near duplicates may differ.
const MAX_DIFFERING_BITS: u32 = 3;

/// Bands of the index: one more than bits that may differ.
const BANDS: usize = MAX_DIFFERING_BITS as usize + 1;

/// Words of one feature.
const FEATURE_WORDS: usize = 2;

/// Fewer words than this say too little: short notes of one kind ("No games today.") would all be
/// near duplicates of each other. Their simhash is the hash of the whole, near only to itself.
const MIN_WORDS: usize = 20;

/// The hashes by which equal and nearly equal texts are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextHashes {
    /// A hash of the text's words, whatever their case, composition, punctuation and spacing. 64 bits:
    /// among 10 million bodies, two different ones share a hash with a chance of 3 in a million.
    pub(crate) content: u64,
    /// The 64-bit simhash.
    pub(crate) simhash: u64,
}

/// Both hashes of a text.
pub(crate) fn hashes(text: &str) -> TextHashes {
    let words = word_hashes(text);
    let mut content = Xxh3::new();
    for word in &words {
        content.update(&word.to_le_bytes());
    }
    let content = content.digest();
    let simhash = if words.len() < MIN_WORDS {
        content
    } else {
        simhash(&words)
    };
    TextHashes { content, simhash }
}

/// A hash of each of a text's words: by Unicode's word boundaries (UAX 29, an ideograph is a word),
/// compatibility forms unified (NFKC), in lower case. Most of most texts is ASCII, for which the rules
/// are few; what is not is looked at between one white space and the next.
fn word_hashes(text: &str) -> Vec<u64> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let (mut lower, mut plain) = (String::new(), String::new());
    for part in text.split_whitespace() {
        if part.is_ascii() {
            for word in ascii_words(part) {
                lower.clear();
                lower.push_str(&part[word]);
                lower.make_ascii_lowercase();
                words.push(xxh3_64(lower.as_bytes()));
            }
        } else if write_ascii(part, &mut plain) {
            // Words are hashed with the apostrophes of the text itself: stores hold such hashes.
            let (mut signs, mut at) = (part.chars(), 0);
            for word in ascii_words(&plain) {
                let of_word = signs.by_ref().skip(word.start - at).take(word.len());
                lower.clear();
                lower.extend(of_word.map(|c| c.to_ascii_lowercase()));
                words.push(xxh3_64(lower.as_bytes()));
                at = word.end;
            }
        } else {
            let normal: String = part.nfkc().collect();
            let of_part = normal.unicode_words();
            words.extend(of_part.map(|word| xxh3_64(word.to_lowercase().as_bytes())));
        }
    }
    words
}

/// How many words a text has by Unicode's rules (UAX 29), as a record's `word_count` says.
pub(crate) fn count_words(text: &str) -> usize {
    let mut plain = String::new();
    let mut of_ascii = |part: &str| {
        if part.is_ascii() {
            return Some(ascii_words(part).count());
        }
        write_ascii(part, &mut plain).then(|| ascii_words(&plain).count())
    };
    let mut words = 0;
    for line in text.split('\n') {
        words += of_ascii(line).unwrap_or_else(|| {
            let parts = line.split_whitespace();
            let of_part = |part| of_ascii(part).unwrap_or_else(|| part.unicode_words().count());
            parts.map(of_part).sum()
        });
    }
    words
}

/// Writes a text into `plain` with its typographic quotes and dashes made ASCII, each by a sign at which
/// UAX 29 ends words in the same places: apostrophes stand inside words, the others between them. Returns
/// whether all of `plain` is ASCII.
fn write_ascii(part: &str, plain: &mut String) -> bool {
    plain.clear();
    part.chars().all(|c| {
        let ascii = match c {
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            '–' | '—' | '…' => '-',
            c => c,
        };
        plain.push(ascii);
        ascii.is_ascii()
    })
}

/// The byte ranges of an ASCII text's words, by the rules of UAX 29 that matter there: letters, digits
/// and `_` hold together; a point, colon or apostrophe joins two letters (`o'clock`), a point, comma,
/// semicolon or apostrophe two digits (`1,000`).
fn ascii_words(part: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = part.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < bytes.len() && !is_word(bytes[from]) {
            from += 1;
        }
        let start = from;
        while from < bytes.len()
            && (is_word(bytes[from]) || (from > start && is_inside_word(bytes, from)))
        {
            from += 1;
        }
        (from > start).then_some(start..from)
    })
    .filter(|word| bytes[word.clone()].iter().any(u8::is_ascii_alphanumeric))
}

/// Whether the sign at an index joins what is before and after it into one word.
fn is_inside_word(bytes: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|at| bytes[at]), bytes.get(at + 1))
    else {
        return false;
    };
    let letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
    let digits = before.is_ascii_digit() && after.is_ascii_digit();
    match bytes[at] {
        b'.' | b'\'' => letters || digits,
        b':' => letters,
        b',' | b';' => digits,
        _ => false,
    }
}

fn simhash(words: &[u64]) -> u64 {
    let mut votes = [0_i32; 64];
    let mut seen = HashSet::with_capacity(words.len());
    for feature in words.windows(FEATURE_WORDS) {
        let mut bytes = [0; 8 * FEATURE_WORDS];
        for (place, word) in bytes.chunks_exact_mut(8).zip(feature) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        let hash = xxh3_64(&bytes);
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
pub(crate) fn are_near(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= MAX_DIFFERING_BITS
}

/// The keys of the index, lowest bits first: near duplicates have one in common at the same place.
pub(crate) fn bands(simhash: u64) -> [u16; BANDS] {
    // The mask makes the cut to 16 bits exact.
    std::array::from_fn(|band| u16::try_from(simhash >> (16 * band) & 0xffff).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content_hash(text: &str) -> u64 {
        hashes(text).content
    }

    fn simhash(text: &str) -> u64 {
        hashes(text).simhash
    }

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
        assert!(are_near(simhash(&text), simhash(&edited)));
    }

    #[test]
    fn different_stories_in_the_same_words_are_apart() {
        for seed in 2..40 {
            assert!(
                !are_near(simhash(&story(1, 60)), simhash(&story(seed, 60))),
                "{seed}"
            );
        }
    }

    #[test]
    fn short_texts_are_near_only_when_they_are_equal() {
        assert!(!are_near(
            simhash("No games today."),
            simhash("No games this today.")
        ));
        assert!(are_near(
            simhash("No games today."),
            simhash("no games today")
        ));
    }

    proptest! {
        #[test]
        fn words_are_counted_as_unicode_does(
            text in "([a-z]{1,3}|[0-9]|[ \n'.,’‘“”–—…\u{301}\u{200d}é東か\u{e01}_-]){0,40}|.{0,60}"
        ) {
            prop_assert_eq!(count_words(&text), text.unicode_words().count());
        }

        #[test]
        fn words_are_those_of_unicode(text in "[a-cA-C0-2_.:;,'\"’‘“”–—…-]{0,24}|[a-cé’… ]{0,9}") {
            let normal: String = text.nfkc().collect();
            let by_unicode = normal.unicode_words().map(str::to_lowercase);
            let by_unicode: Vec<_> = by_unicode.map(|word| xxh3_64(word.as_bytes())).collect();
            prop_assert_eq!(word_hashes(&text), by_unicode);
        }

        #[test]
        fn near_hashes_share_a_band(hash: u64, flips in prop::collection::vec(0_u32..64, 0..=3)) {
            let other = flips.iter().fold(hash, |bits, flip| bits ^ 1 << flip);
            prop_assert!(are_near(hash, other));
            prop_assert!(bands(hash).iter().zip(bands(other)).any(|(a, b)| *a == b));
        }
    }
}
