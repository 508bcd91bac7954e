//! One segment of an address's path: a year, a number, a slug of words, a word that says what the page is.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::story_odds::ADDRESS_MIN;
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

/// How much a slug counts in an address with a word of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlugCredit {
    Full,
    /// As a few words, unless a date or a number of an article stands beside it: guides and products have
    /// slugs, too.
    Little,
    /// Not at all: the slug is the tag's or the author's.
    None,
}

/// What a class says of the page.
#[derive(Debug)]
struct WordClass {
    word: UrlWord,
    /// The name in the table.
    name: &'static str,
    /// What such a page is, where it is no story.
    reason: Option<&'static str>,
    log_odds: f32,
    slug: SlugCredit,
}

/// A view of a page, a form: nothing else in the address counts.
const SETTLED: f32 = ADDRESS_MIN;
/// A list of what is about one thing: only a number makes it likely that the word is a section's name.
const OF_A_LIST: f32 = -1.8;
/// A shop has slugs and numbers as a newspaper has.
const OF_A_SHOP: f32 = -1.6;
/// Just as well a section's name: legal, press, help, video, events.
const OF_A_SERVICE: f32 = -0.6;

#[rustfmt::skip]
const CLASSES: [WordClass; 13] = {
    use SlugCredit::{Full, Little, None as Nothing};
    use UrlWord as W;
    [
        class(W::Tag, "tag", Some("tag page"), OF_A_LIST, Nothing),
        class(W::Author, "author", Some("author page"), OF_A_LIST, Nothing),
        class(W::Search, "search", Some("search page"), SETTLED, Nothing),
        class(W::Print, "print", Some("print version"), SETTLED, Nothing),
        class(W::Login, "login", Some("login or subscription page"), SETTLED, Nothing),
        class(W::Share, "share", Some("share link"), SETTLED, Nothing),
        class(W::Calendar, "calendar", Some("calendar page"), OF_A_SERVICE, Little),
        class(W::Comment, "comment", Some("comment page"), OF_A_LIST, Nothing),
        class(W::Commerce, "commerce", Some("shop page"), OF_A_SHOP, Little),
        class(W::Info, "info", Some("page about the site"), OF_A_SERVICE, Little),
        class(W::Media, "media", Some("media or service page"), OF_A_SERVICE, Little),
        class(W::Section, "section", None, -2.0, Full),
        class(W::Article, "article", None, 0.8, Full),
    ]
};

const fn class(
    word: UrlWord,
    name: &'static str,
    reason: Option<&'static str>,
    log_odds: f32,
    slug: SlugCredit,
) -> WordClass {
    WordClass {
        word,
        name,
        reason,
        log_odds,
        slug,
    }
}

impl UrlWord {
    fn class(self) -> &'static WordClass {
        static FALLBACK: WordClass = class(UrlWord::Article, "", None, 0.0, SlugCredit::Full);
        CLASSES
            .iter()
            .find(|class| class.word == self)
            .unwrap_or(&FALLBACK)
    }

    /// What such a page is, where it is no story.
    pub(super) fn reason(self) -> Option<&'static str> {
        self.class().reason
    }

    pub(super) fn log_odds(self) -> f32 {
        self.class().log_odds
    }

    pub(super) fn slug_credit(self) -> SlugCredit {
        self.class().slug
    }

    /// Whether nothing else in the address counts.
    pub(super) fn is_settled(self) -> bool {
        self.log_odds() <= SETTLED
    }
}

static WORDS: LazyLock<HashMap<&'static str, UrlWord>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for row in rows(include_str!("../../config/tables/url_words.tsv")) {
        let class = CLASSES.iter().find(|class| class.name == row[0]);
        if let (Some(class), Some(list)) = (class, row.get(2)) {
            words.extend(list.split('|').map(|word| (word, class.word)));
        }
    }
    words
});

/// One segment of an address's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathSegment {
    Year,
    /// A date in one piece, `20260514` or `2026-05-14`.
    Date,
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
                // A folder, not an article.
                _ if name.len() == 8 && (name.starts_with("20") || name.starts_with("19")) => {
                    Self::Date
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
            return if rest.len() > 1 {
                Self::Date
            } else {
                Self::Year
            };
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

/// Words between spaces; in scripts without spaces, about as many as the letters make.
pub(super) fn words_in(part: &str) -> usize {
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
