//! What a block's own text looks like: the shallow text features of Kohlschütter et al. (2010) and
//! Pomikálek (2011), and a few of the page's furniture.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use crate::block::{Shape, TextBlock, is_cjk, phrases, stop_words};
use crate::body::features::word_hash::{self, Word};
use crate::body::features::{Hashed, Row, number};

/// Function words of all languages, hashed in lower case.
static STOP_WORDS: LazyLock<HashSet<u64, BuildHasherDefault<Hashed>>> = LazyLock::new(|| {
    stop_words::lists()
        .flat_map(|(_, words)| words)
        .map(word_hash::one)
        .collect()
});

/// Particles of Chinese and Japanese, which stand without spaces around them.
const PARTICLES: [char; 14] = [
    '的', '了', '是', '在', '和', '不', 'の', 'は', 'を', 'に', 'が', 'と', 'で', 'も',
];

/// Signs between the parts of label lines and menus.
const BARS: [char; 8] = ['|', '•', '·', '›', '»', '/', '→', '■'];

/// Classes of characters that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum CharClass {
    /// A letter that is no capital.
    Letter,
    Capital,
    Digit,
    Comma,
    Semicolon,
    /// A sign that ends a sentence.
    End,
    Quote,
    /// At and copyright signs.
    At,
    Colon,
    /// What stands between the parts of label lines and menus.
    Bar,
    LineBreak,
    Other,
}

impl CharClass {
    const COUNT: usize = Self::Other as usize + 1;

    fn of(c: char) -> Self {
        match c {
            '\n' => Self::LineBreak,
            ',' | '،' | '、' | '，' => Self::Comma,
            ';' => Self::Semicolon,
            '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' | '…' => Self::End,
            '"' | '“' | '”' | '„' | '«' | '「' | '『' => Self::Quote,
            '@' | '©' => Self::At,
            ':' | '：' => Self::Colon,
            _ if BARS.contains(&c) => Self::Bar,
            _ if c.is_numeric() => Self::Digit,
            _ if c.is_uppercase() => Self::Capital,
            _ if c.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }

    /// Whether words are made of it.
    fn is_of_words(self) -> bool {
        matches!(self, Self::Letter | Self::Capital | Self::Digit)
    }
}

/// The classes of ASCII's characters, which most text is made of.
static OF_ASCII: LazyLock<[CharClass; 128]> = LazyLock::new(|| {
    let mut classes = [CharClass::Other; 128];
    for (class, c) in classes.iter_mut().zip('\0'..) {
        *class = CharClass::of(c);
    }
    classes
});

/// What one pass over a block's text finds.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextStats {
    /// Hashes of the words, lower-cased, in order.
    pub(crate) tokens: Vec<u64>,
    /// Hash of all words together.
    pub(crate) whole: u64,
    /// Words or particles that running text cannot do without.
    stop_words: u32,
    /// Words that begin with a capital.
    capitals: u32,
    /// Characters of each class.
    counts: [u32; CharClass::COUNT],
    /// The first character as a number: 0 other, 1 upper or caseless letter, 2 lower, 3 digit, 4 quote.
    first: u8,
    /// The chrome phrase the block is or opens with.
    pub(crate) phrase: Option<phrases::Match>,
}

impl TextStats {
    /// Reads a block's text.
    pub(crate) fn of(block: &TextBlock, phrase: Option<phrases::Match>) -> Self {
        let mut text = Self {
            phrase,
            tokens: Vec::with_capacity(block.words),
            ..Self::default()
        };
        let of_ascii = &*OF_ASCII;
        let mut word = Word::default();
        for c in block.text.chars() {
            if c.is_ascii() {
                let class = of_ascii[c as usize];
                text.counts[class as usize] += 1;
                if class.is_of_words() {
                    text.capitals += u32::from(class == CharClass::Capital && word.is_empty());
                    word.push_ascii(c as u8);
                } else {
                    text.end_word(&mut word);
                }
            } else {
                text.take(c, &mut word);
            }
        }
        text.end_word(&mut word);
        text.first = first_number(&block.text);
        text.whole = word_hash::whole(&text.tokens);
        text
    }

    /// Takes a character beyond ASCII.
    fn take(&mut self, c: char, word: &mut Word) {
        let class = CharClass::of(c);
        self.counts[class as usize] += 1;
        if is_cjk(c) {
            self.stop_words += u32::from(PARTICLES.contains(&c));
            self.end_word(word);
            word.push(c);
            self.end_word(word);
        } else if c.is_alphanumeric() {
            self.capitals += u32::from(c.is_uppercase() && word.is_empty());
            word.push(c);
        } else {
            self.end_word(word);
        }
    }

    fn end_word(&mut self, word: &mut Word) {
        if let Some(hash) = word.end() {
            self.stop_words += u32::from(STOP_WORDS.contains(&hash));
            self.tokens.push(hash);
        }
    }

    /// Characters of a class.
    fn count(&self, class: CharClass) -> usize {
        self.counts[class as usize] as usize
    }

    /// Number of words, at least 1 for safe division.
    fn len(&self) -> f32 {
        number(self.tokens.len().max(1))
    }

    /// Share of the words that running text cannot do without.
    pub(crate) fn stop_share(&self) -> f32 {
        number(self.stop_words as usize) / self.len()
    }

    /// The category of the block's chrome phrase as a number; 0 where there is none.
    pub(crate) fn phrase_number(&self) -> f32 {
        self.phrase.map_or(0.0, |found| {
            phrases::Category::ALL
                .iter()
                .position(|category| *category == found.category)
                .map_or(0.0, |at| number(at + 1))
        })
    }
}

/// The first character as a number.
fn first_number(text: &str) -> u8 {
    match text.chars().next() {
        Some(c) if c.is_numeric() => 3,
        Some(c) if c.is_lowercase() => 2,
        Some(c) if c.is_alphabetic() => 1,
        Some('"' | '“' | '„' | '«' | '‘' | '\'' | '「' | '—' | '–' | '-') => 4,
        _ => 0,
    }
}

/// The shape of a block as a number, for features of neighbours.
pub(crate) fn shape_number(block: &TextBlock) -> f32 {
    match block.shape {
        Shape::Paragraph => 0.0,
        Shape::Heading(_) => 1.0,
        Shape::Item { .. } => 2.0,
        Shape::Quote => 3.0,
        Shape::Code => 4.0,
        Shape::Caption => 5.0,
    }
}

/// The level of a heading; 0 for other blocks.
pub(crate) fn heading_level(block: &TextBlock) -> f32 {
    match block.shape {
        Shape::Heading(level) => f32::from(level),
        _ => 0.0,
    }
}

#[allow(clippy::cast_possible_truncation)] // A share; 32 bits are enough.
pub(crate) fn link_density(block: &TextBlock) -> f32 {
    block.link_density() as f32
}

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, block: &TextBlock, text: &TextStats) {
    let words = number(block.words);
    let chars = number(block.chars.max(1));
    let link_density = link_density(block);
    let count = |class| number(text.count(class));
    let capitals = text.count(CharClass::Capital);
    let letters = number((text.count(CharClass::Letter) + capitals).max(1));
    let ends = number(text.count(CharClass::End).max(1));
    row.push(words);
    row.push(number(block.chars));
    row.push(link_density);
    row.push(number(block.links));
    row.push(words * (1.0 - link_density));
    row.push(1.0 + count(CharClass::LineBreak));
    row.push(chars / text.len());
    row.push(words / ends);
    row.push(text.stop_share());
    row.push(number(text.capitals as usize) / text.len());
    row.push(number(capitals) / letters);
    row.push(count(CharClass::Digit) / chars);
    row.push((count(CharClass::Comma) + count(CharClass::Semicolon)) / text.len());
    row.push(count(CharClass::Quote));
    row.push(count(CharClass::Bar));
    row.push(count(CharClass::At));
    row.push(count(CharClass::Colon));
    row.push(f32::from(text.first));
    row.flag(block.ends_sentence());
    row.flag(block.text.ends_with([':', '：']));
    row.flag(block.text.ends_with('…') || block.text.ends_with("..."));
    row.push(text.phrase_number());
    row.flag(text.phrase.is_some_and(phrases::Match::whole));
    row.flag(block.bold);
    row.push(shape_number(block));
    row.push(heading_level(block));
    let (depth, ordered) = match block.shape {
        Shape::Item { depth, ordered, .. } => (f32::from(depth) + 1.0, ordered),
        _ => (0.0, false),
    };
    row.push(depth);
    row.flag(ordered);
    row.flag(block.cell.is_some());
}
