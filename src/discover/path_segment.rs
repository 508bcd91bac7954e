//! One segment of an address's path: a year, a number, a slug of words, a word that says what the page is.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::table::rows;

/// Digits from which a number is an article's and not that of a page, day or year.
pub(super) const ID_DIGITS: usize = 5;

/// Letters of a script without spaces that make about one word.
const LETTERS_A_WORD: usize = 3;

/// What a word that is a whole path segment says of the page; `config/tables/url_words.tsv` has the words
/// and says what each class is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UrlWord {
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

/// Each class with its name in the table, and why such a page is skipped where it is.
const CLASSES: [(UrlWord, &str, Option<&str>); 13] = [
    (UrlWord::Tag, "tag", Some("tag page")),
    (UrlWord::Author, "author", Some("author page")),
    (UrlWord::Search, "search", Some("search page")),
    (UrlWord::Print, "print", Some("print version")),
    (UrlWord::Login, "login", Some("login or subscription page")),
    (UrlWord::Share, "share", Some("share link")),
    (UrlWord::Calendar, "calendar", Some("calendar page")),
    (UrlWord::Comment, "comment", Some("comment page")),
    (UrlWord::Commerce, "commerce", Some("shop page")),
    (UrlWord::Info, "info", Some("page about the site")),
    (UrlWord::Media, "media", Some("media or service page")),
    (UrlWord::Section, "section", None),
    (UrlWord::Article, "article", None),
];

impl UrlWord {
    /// Why such a page is skipped; none where it is not.
    pub(super) fn skip_reason(self) -> Option<&'static str> {
        let class = CLASSES.iter().find(|(word, ..)| *word == self)?;
        class.2
    }
}

static WORDS: LazyLock<HashMap<&'static str, UrlWord>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for row in rows(include_str!("../../config/tables/url_words.tsv")) {
        let class = CLASSES.iter().find(|(_, name, _)| *name == row[0]);
        if let (Some((class, ..)), Some(list)) = (class, row.get(2)) {
            words.extend(list.split('|').map(|word| (word, *class)));
        }
    }
    words
});

/// One segment of an address's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathSegment {
    Year,
    /// A number of up to four digits: month, day, page.
    Number,
    /// A number long enough to be an article's.
    Id,
    /// Several words between hyphens, and whether a long number is among them.
    Slug {
        words: usize,
        id: bool,
    },
    Known(UrlWord, String),
    Word,
}

impl PathSegment {
    /// What a segment is; `name` is in lower case, its percent-encoding undone.
    pub(super) fn of(name: &str) -> Self {
        if let Some(class) = WORDS.get(name) {
            return Self::Known(*class, name.to_owned());
        }
        if name.bytes().all(|b| b.is_ascii_digit()) {
            return match name.parse::<u32>() {
                Ok(1990..=2099) => Self::Year,
                // A date in one piece, 20260514, is a folder, not an article.
                _ if name.len() == 8 && (name.starts_with("20") || name.starts_with("19")) => {
                    Self::Year
                }
                _ if name.len() >= ID_DIGITS => Self::Id,
                _ => Self::Number,
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
            return Self::Year;
        }
        let id = parts.iter().any(|part| is_id(part));
        let words = parts
            .iter()
            .filter(|part| !is_id(part) && part.chars().any(char::is_alphabetic))
            .map(|part| words_in(part))
            .sum();
        match (words, id) {
            (0 | 1, true) => Self::Id,
            (0 | 1, false) => Self::Word,
            (words, id) => Self::Slug { words, id },
        }
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
