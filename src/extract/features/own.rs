//! What a block's own text looks like: the shallow text features of Kohlschütter et al. (2010) and
//! Pomikálek (2011), and a few of the page's furniture.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use super::{Hashed, Row};
use crate::block::{Shape, TextBlock, is_cjk, phrases, stop_words};

/// Function words of all languages, hashed in lower case.
static STOP_WORDS: LazyLock<HashSet<u64, BuildHasherDefault<Hashed>>> = LazyLock::new(|| {
    stop_words::lists()
        .flat_map(|(_, words)| words)
        .map(|word| xxh3_64(word.as_bytes()))
        .collect()
});

/// Particles of Chinese and Japanese, which stand without spaces around them.
const PARTICLES: [char; 14] = [
    '的', '了', '是', '在', '和', '不', 'の', 'は', 'を', 'に', 'が', 'と', 'で', 'も',
];

/// Signs between the parts of label lines and menus.
const BARS: [char; 8] = ['|', '•', '·', '›', '»', '/', '→', '■'];

/// What one pass over a block's text finds.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// Hashes of the words, lower-cased, in order.
    pub(super) tokens: Vec<u64>,
    /// Hash of all words together.
    pub(super) whole: u64,
    /// Words or particles that running text cannot do without.
    pub(super) stop_words: u32,
    /// Words that begin with a capital.
    pub(super) capitals: u32,
    /// Characters of each kind.
    pub(super) letters: u32,
    pub(super) upper: u32,
    pub(super) digits: u32,
    pub(super) commas: u32,
    pub(super) ends: u32,
    pub(super) quotes: u32,
    pub(super) bars: u32,
    pub(super) at_signs: u32,
    pub(super) colons: u32,
    pub(super) lines: u32,
    /// The first character's kind: 0 other, 1 upper or caseless letter, 2 lower, 3 digit, 4 quote.
    pub(super) first: u8,
    /// The chrome phrase the block is or opens with.
    pub(super) phrase: Option<phrases::Match>,
}

impl Look {
    /// Reads a block's text.
    pub(super) fn of(block: &TextBlock, phrase: Option<phrases::Match>) -> Self {
        let mut look = Self {
            phrase,
            lines: 1,
            ..Self::default()
        };
        let mut word = String::with_capacity(24);
        for c in block.text.chars() {
            look.count(c);
            if is_cjk(c) {
                look.end_word(&mut word);
                word.push(c);
                look.end_word(&mut word);
            } else if c.is_alphanumeric() {
                if word.is_empty() && c.is_uppercase() {
                    look.capitals += 1;
                }
                if c.is_ascii() {
                    word.push(c.to_ascii_lowercase());
                } else {
                    word.extend(c.to_lowercase());
                }
            } else {
                look.end_word(&mut word);
            }
        }
        look.end_word(&mut word);
        look.first = first_kind(&block.text);
        look.whole = whole(&look.tokens);
        look
    }

    fn count(&mut self, c: char) {
        if c.is_ascii_lowercase() {
            self.letters += 1;
            return;
        }
        match c {
            ' ' => {}
            '\n' => self.lines += 1,
            ',' | '،' | '、' | '，' | ';' => self.commas += 1,
            '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' | '…' => self.ends += 1,
            '"' | '“' | '”' | '„' | '«' | '「' | '『' => self.quotes += 1,
            '@' | '©' => self.at_signs += 1,
            ':' | '：' => self.colons += 1,
            _ if BARS.contains(&c) => self.bars += 1,
            _ if c.is_numeric() => self.digits += 1,
            _ if c.is_alphabetic() => {
                self.letters += 1;
                self.upper += u32::from(c.is_uppercase());
                self.stop_words += u32::from(PARTICLES.contains(&c));
            }
            _ => {}
        }
    }

    fn end_word(&mut self, word: &mut String) {
        if word.is_empty() {
            return;
        }
        let hash = xxh3_64(word.as_bytes());
        self.stop_words += u32::from(STOP_WORDS.contains(&hash));
        self.tokens.push(hash);
        word.clear();
    }

    /// Number of words, at least 1 for safe division.
    pub(super) fn len(&self) -> f32 {
        super::number(self.tokens.len().max(1))
    }

    /// The category of the block's chrome phrase as a number; 0 where there is none.
    pub(super) fn phrase_number(&self) -> f32 {
        self.phrase.map_or(0.0, |found| {
            phrases::Category::ALL
                .iter()
                .position(|category| *category == found.category)
                .map_or(0.0, |at| super::number(at + 1))
        })
    }
}

/// One hash for all words of a text together.
pub(super) fn whole(tokens: &[u64]) -> u64 {
    let bytes: Vec<u8> = tokens
        .iter()
        .flat_map(|token| token.to_le_bytes())
        .collect();
    xxh3_64(&bytes)
}

fn first_kind(text: &str) -> u8 {
    match text.chars().next() {
        Some(c) if c.is_numeric() => 3,
        Some(c) if c.is_lowercase() => 2,
        Some(c) if c.is_alphabetic() => 1,
        Some('"' | '“' | '„' | '«' | '‘' | '\'' | '「' | '—' | '–' | '-') => 4,
        _ => 0,
    }
}

/// The shape of a block as a number, for features of neighbours.
pub(super) fn shape_number(block: &TextBlock) -> f32 {
    match block.shape {
        Shape::Paragraph => 0.0,
        Shape::Heading(_) => 1.0,
        Shape::Item { .. } => 2.0,
        Shape::Quote => 3.0,
        Shape::Code => 4.0,
        Shape::Caption => 5.0,
    }
}

/// Names and meanings of this group.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("words", "words of the block"),
    ("chars", "characters without white space"),
    ("link_density", "share of characters inside links"),
    ("links", "links that begin in the block"),
    ("unlinked_words", "words outside links, by link density"),
    ("lines", "lines, by line breaks inside the block"),
    ("word_chars", "mean characters of a word"),
    ("sentence_words", "words for each sentence-ending sign"),
    ("stop_share", "share of function words among the words"),
    ("capital_share", "share of words with a capital"),
    ("upper_share", "share of capitals among letters"),
    ("digit_share", "share of digits among characters"),
    ("comma_share", "commas for each word"),
    ("quote_marks", "quotation marks"),
    ("bars", "bars, bullets and slashes"),
    ("at_signs", "at signs and copyright signs"),
    ("colons", "colons"),
    (
        "first_char",
        "kind of the first character: 1 capital, 2 small, 3 digit, 4 quote or dash",
    ),
    ("ends_sentence", "whether it ends as a sentence does"),
    ("ends_colon", "whether it ends in a colon"),
    ("ends_ellipsis", "whether it ends in an ellipsis"),
    (
        "phrase",
        "category of the chrome phrase it is or opens with, 0 for none",
    ),
    (
        "phrase_whole",
        "whether the block is that phrase and nothing else",
    ),
    ("bold", "whether all of it is bold"),
    (
        "shape",
        "0 paragraph, 1 heading, 2 list item, 3 quote, 4 code, 5 caption",
    ),
    ("level", "level of a heading, 0 for other blocks"),
    (
        "list_depth",
        "lists around the list the item stands in, plus one; 0 for no item",
    ),
    ("ordered", "whether it is an item of a counted list"),
    ("in_cell", "whether it stands in a table"),
];

/// Adds this group to a row.
pub(super) fn push(row: &mut Row, block: &TextBlock, look: &Look) {
    let words = super::number(block.words);
    let chars = super::number(block.chars.max(1));
    #[allow(clippy::cast_possible_truncation)] // A share; f32 is enough.
    let link_density = block.link_density() as f32;
    let letters = super::number(look.letters.max(1) as usize);
    let count = |n: u32| super::number(n as usize);
    row.push(words);
    row.push(super::number(block.chars));
    row.push(link_density);
    row.push(super::number(block.links));
    row.push(words * (1.0 - link_density));
    row.push(count(look.lines));
    row.push(chars / look.len());
    row.push(words / count(look.ends.max(1)));
    row.push(count(look.stop_words) / look.len());
    row.push(count(look.capitals) / look.len());
    row.push(count(look.upper) / letters);
    row.push(count(look.digits) / chars);
    row.push(count(look.commas) / look.len());
    row.push(count(look.quotes));
    row.push(count(look.bars));
    row.push(count(look.at_signs));
    row.push(count(look.colons));
    row.push(f32::from(look.first));
    row.flag(block.ends_sentence());
    row.flag(block.text.ends_with([':', '：']));
    row.flag(block.text.ends_with('…') || block.text.ends_with("..."));
    row.push(look.phrase_number());
    row.flag(look.phrase.is_some_and(phrases::Match::whole));
    row.flag(block.bold);
    row.push(shape_number(block));
    row.push(match block.shape {
        Shape::Heading(level) => f32::from(level),
        _ => 0.0,
    });
    let (depth, ordered) = match block.shape {
        Shape::Item { depth, ordered, .. } => (f32::from(depth) + 1.0, ordered),
        _ => (0.0, false),
    };
    row.push(depth);
    row.flag(ordered);
    row.flag(block.cell.is_some());
}
