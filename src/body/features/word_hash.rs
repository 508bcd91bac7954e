//! Words as numbers. Features only ask whether two words are the same, so that a word is a hash of
//! its letters in lower case.

use crate::block::is_cjk;

/// A word that is being read: its hash so far (FNV-1a by Fowler, Noll and Vo, 64 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(u64);

impl Default for Word {
    fn default() -> Self {
        Self(BASIS)
    }
}

/// FNV-1a's first value, which stands for no letters, and its factor.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

impl Word {
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Adds a letter or digit of ASCII.
    pub(crate) fn push_ascii(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
    }

    /// Adds any letter or digit.
    pub(crate) fn push(&mut self, c: char) {
        if c.is_ascii() {
            self.push_ascii(c as u8);
            return;
        }
        for lower in c.to_lowercase() {
            for byte in lower.encode_utf8(&mut [0; 4]).bytes() {
                self.push_ascii(byte);
            }
        }
    }

    /// The hash of the word, if there is one, which ends here.
    pub(crate) fn end(&mut self) -> Option<u64> {
        let word = std::mem::take(self);
        (!word.is_empty()).then_some(word.0)
    }
}

/// Words of a text that are looked at; more would be a body in the wrong place.
pub(crate) const MAX_WORDS: usize = 20_000;

/// The words of a text.
pub(crate) fn of(text: &str) -> Vec<u64> {
    first(text, MAX_WORDS)
}

/// The first words of a text.
pub(crate) fn first(text: &str, max_words: usize) -> Vec<u64> {
    let mut tokens = Vec::new();
    let mut word = Word::default();
    for c in text.chars().chain([' ']) {
        if is_cjk(c) {
            tokens.push(one(c.encode_utf8(&mut [0; 4])));
        } else if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        tokens.extend(word.end());
        if tokens.len() >= max_words {
            break;
        }
    }
    tokens
}

/// A text that is one word.
pub(crate) fn one(text: &str) -> u64 {
    let mut word = Word::default();
    for c in text.chars() {
        word.push(c);
    }
    word.0
}

/// One hash for all words of a text together.
pub(crate) fn whole(tokens: &[u64]) -> u64 {
    tokens.iter().fold(BASIS, |mix, token| {
        (mix.rotate_left(5) ^ token).wrapping_mul(PRIME)
    })
}
