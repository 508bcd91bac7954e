//! What a block's own text looks like: the shallow text features of Kohlschütter et al. (2010) and
//! Pomikálek (2011), and a few of the page's furniture.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use crate::block::{Shape, TextBlock, is_cjk, phrases, stop_words};
use crate::body::features::words::{self, Word};
use crate::body::features::{Hashed, Row};

/// Function words of all languages, hashed in lower case.
static STOP_WORDS: LazyLock<HashSet<u64, BuildHasherDefault<Hashed>>> = LazyLock::new(|| {
    stop_words::lists()
        .flat_map(|(_, words)| words)
        .map(words::one)
        .collect()
});

/// Particles of Chinese and Japanese, which stand without spaces around them.
const PARTICLES: [char; 14] = [
    '的', '了', '是', '在', '和', '不', 'の', 'は', 'を', 'に', 'が', 'と', 'で', 'も',
];

/// Signs between the parts of label lines and menus.
const BARS: [char; 8] = ['|', '•', '·', '›', '»', '/', '→', '■'];

/// Kinds of characters that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
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

impl Kind {
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

/// The kinds of ASCII's characters, which most text is made of.
static OF_ASCII: LazyLock<[Kind; 128]> = LazyLock::new(|| {
    let mut kinds = [Kind::Other; 128];
    for (kind, c) in kinds.iter_mut().zip('\0'..) {
        *kind = Kind::of(c);
    }
    kinds
});

/// What one pass over a block's text finds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    /// Hashes of the words, lower-cased, in order.
    pub(crate) tokens: Vec<u64>,
    /// Hash of all words together.
    pub(crate) whole: u64,
    /// Words or particles that running text cannot do without.
    pub(crate) stop_words: u32,
    /// Words that begin with a capital.
    pub(crate) capitals: u32,
    /// Characters of each kind.
    counts: [u32; Kind::COUNT],
    /// The first character's kind: 0 other, 1 upper or caseless letter, 2 lower, 3 digit, 4 quote.
    pub(crate) first: u8,
    /// The chrome phrase the block is or opens with.
    pub(crate) phrase: Option<phrases::Match>,
}

impl Look {
    /// Reads a block's text.
    pub(crate) fn of(block: &TextBlock, phrase: Option<phrases::Match>) -> Self {
        let mut look = Self {
            phrase,
            tokens: Vec::with_capacity(block.words),
            ..Self::default()
        };
        let of_ascii = &*OF_ASCII;
        let mut word = Word::default();
        for c in block.text.chars() {
            if c.is_ascii() {
                let kind = of_ascii[c as usize];
                look.counts[kind as usize] += 1;
                if kind.is_of_words() {
                    look.capitals += u32::from(kind == Kind::Capital && word.is_empty());
                    word.push_ascii(c as u8);
                } else {
                    look.end_word(&mut word);
                }
            } else {
                look.take(c, &mut word);
            }
        }
        look.end_word(&mut word);
        look.first = first_kind(&block.text);
        look.whole = words::whole(&look.tokens);
        look
    }

    /// Takes a character beyond ASCII.
    fn take(&mut self, c: char, word: &mut Word) {
        let kind = Kind::of(c);
        self.counts[kind as usize] += 1;
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

    /// Characters of a kind.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize] as usize
    }

    /// Number of words, at least 1 for safe division.
    pub(crate) fn len(&self) -> f32 {
        crate::body::features::number(self.tokens.len().max(1))
    }

    /// Share of the words that running text cannot do without.
    pub(crate) fn stop_share(&self) -> f32 {
        crate::body::features::number(self.stop_words as usize) / self.len()
    }

    /// The category of the block's chrome phrase as a number; 0 where there is none.
    pub(crate) fn phrase_number(&self) -> f32 {
        self.phrase.map_or(0.0, |found| {
            phrases::Category::ALL
                .iter()
                .position(|category| *category == found.category)
                .map_or(0.0, |at| crate::body::features::number(at + 1))
        })
    }
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

/// Names and meanings of this group.
pub(crate) const NAMES: &[(&str, &str)] = &[
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
pub(crate) fn push(row: &mut Row, block: &TextBlock, look: &Look) {
    let words = crate::body::features::number(block.words);
    let chars = crate::body::features::number(block.chars.max(1));
    #[allow(clippy::cast_possible_truncation)] // A share; f32 is enough.
    let link_density = block.link_density() as f32;
    let count = |kind| crate::body::features::number(look.count(kind));
    let capitals = look.count(Kind::Capital);
    let letters = crate::body::features::number((look.count(Kind::Letter) + capitals).max(1));
    let ends = crate::body::features::number(look.count(Kind::End).max(1));
    row.push(words);
    row.push(crate::body::features::number(block.chars));
    row.push(link_density);
    row.push(crate::body::features::number(block.links));
    row.push(words * (1.0 - link_density));
    row.push(1.0 + count(Kind::LineBreak));
    row.push(chars / look.len());
    row.push(words / ends);
    row.push(look.stop_share());
    row.push(crate::body::features::number(look.capitals as usize) / look.len());
    row.push(crate::body::features::number(capitals) / letters);
    row.push(count(Kind::Digit) / chars);
    row.push((count(Kind::Comma) + count(Kind::Semicolon)) / look.len());
    row.push(count(Kind::Quote));
    row.push(count(Kind::Bar));
    row.push(count(Kind::At));
    row.push(count(Kind::Colon));
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
