//! What one segment of a path is: a year, a number, a slug of words, a word that says what the page is.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::table::rows;

/// Digits from which a number is an article's and not a page's, day's or year's.
pub(super) const ID_DIGITS: usize = 5;

/// Letters of a script without spaces that make about one word.
const LETTERS_A_WORD: usize = 3;

/// What a word that is a whole path segment says, by `config/tables/url_words.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The table says what each class is.
pub enum WordClass {
    Tag,
    Author,
    Search,
    Print,
    Login,
    Share,
    Calendar,
    Comment,
    Commerce,
    Info,
    Media,
    Section,
    Article,
}

impl WordClass {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tag" => Self::Tag,
            "author" => Self::Author,
            "search" => Self::Search,
            "print" => Self::Print,
            "login" => Self::Login,
            "share" => Self::Share,
            "calendar" => Self::Calendar,
            "comment" => Self::Comment,
            "commerce" => Self::Commerce,
            "info" => Self::Info,
            "media" => Self::Media,
            "section" => Self::Section,
            "article" => Self::Article,
            _ => return None,
        })
    }

    /// Why such a page is left alone; none where it is not.
    #[must_use]
    pub fn left_alone(self) -> Option<&'static str> {
        Some(match self {
            Self::Tag => "tag page",
            Self::Author => "author page",
            Self::Search => "search page",
            Self::Print => "print version",
            Self::Login => "login or subscription page",
            Self::Share => "share link",
            Self::Calendar => "calendar page",
            Self::Comment => "comment page",
            Self::Commerce => "shop page",
            Self::Info => "page about the site",
            Self::Media => "media or service page",
            Self::Section | Self::Article => return None,
        })
    }
}

static WORDS: LazyLock<HashMap<&'static str, WordClass>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for row in rows(include_str!("../../config/tables/url_words.tsv")) {
        if let (Some(class), Some(list)) = (WordClass::named(row[0]), row.get(2)) {
            words.extend(list.split('|').map(|word| (word, class)));
        }
    }
    words
});

/// What one path segment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Year,
    /// A number of up to four digits: month, day, page.
    Number,
    /// A number long enough to be an article's.
    Id,
    /// So many words between hyphens, and whether a long number stands among them.
    Slug {
        words: usize,
        id: bool,
    },
    Known(WordClass, String),
    Word,
}

/// What a segment is; `name` is in lower case, its percent-encoding undone.
pub(super) fn segment(name: &str) -> Segment {
    if let Some(class) = WORDS.get(name) {
        return Segment::Known(*class, name.to_owned());
    }
    if name.bytes().all(|b| b.is_ascii_digit()) {
        return match name.parse::<u32>() {
            Ok(1990..=2099) => Segment::Year,
            // A date in one piece, 20260514, is a folder, not an article.
            _ if name.len() == 8 && (name.starts_with("20") || name.starts_with("19")) => {
                Segment::Year
            }
            _ if name.len() >= ID_DIGITS => Segment::Id,
            _ => Segment::Number,
        };
    }
    let parts: Vec<&str> = name
        .split(['-', '_', '+', ' ', '.', ',', '~', '–'])
        .filter(|p| !p.is_empty())
        .collect();
    if let [year, rest @ ..] = parts.as_slice()
        && matches!(year.parse::<u32>(), Ok(1990..=2099))
        && !rest.is_empty()
        && rest
            .iter()
            .all(|part| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    {
        return Segment::Year;
    }
    let id = parts.iter().any(|part| is_id(part));
    let words = parts
        .iter()
        .filter(|part| !is_id(part) && part.chars().any(char::is_alphabetic))
        .map(|part| words_in(part))
        .sum();
    match (words, id) {
        (0 | 1, true) => Segment::Id,
        (0 | 1, false) => Segment::Word,
        (words, id) => Segment::Slug { words, id },
    }
}

/// A part that is a number, perhaps after a letter or two (`a1234567`, `art20260`), a long
/// hexadecimal one, or letters and digits mixed as no word mixes them (`clymn8zyrp9o`).
fn is_id(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let letters = part.len() - digits;
    let changes = part
        .as_bytes()
        .windows(2)
        .filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit())
        .count();
    let mixed = part.len() >= 10 && changes >= 3 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    mixed
        || (digits >= ID_DIGITS && letters <= 4)
        || (part.len() >= 8 && digits >= 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn words_in(part: &str) -> usize {
    if part.is_ascii() {
        return 1;
    }
    let dense = part.chars().filter(|c| is_unspaced(*c)).count();
    1.max(dense / LETTERS_A_WORD)
}

/// Scripts written without spaces: Thai, Lao, Khmer, Kana, Han.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF)
}
