//! A date's text as numbers, months and signs.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _};

use crate::evidence::date::calendar::Calendar;
use crate::table;

/// Month names by language, from CLDR.
pub(crate) const MONTHS: &str = include_str!("../../../config/tables/months.tsv");

/// Month names of other calendars.
const CALENDARS: &str = include_str!("../../../config/tables/calendars.tsv");

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token {
    /// A number and its count of digits.
    Number(i64, usize),
    /// A month's name.
    Month(Calendar, i64),
    /// A sign.
    Sign(char),
    /// Any other word: its first two letters, in bytes.
    Word([u8; 2]),
    /// "a.m." and "p.m." as East Asian clocks write them, before the time: whether it is the latter.
    Half(bool),
    Blank,
}

/// Splits lower-cased text.
pub(crate) fn tokens(text: &str, language: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            found.push(
                rest[..length]
                    .parse()
                    .map_or(Token::Blank, |n| Token::Number(n, length)),
            );
            length
        } else if c.is_alphabetic() {
            // "04-ago-2021" is a date in any language.
            let is_joined = matches!(
                found[..],
                [.., Token::Number(..), Token::Sign('-' | '/' | '.')]
            );
            let (token, length) = word(rest, language, is_joined);
            found.push(token);
            length
        } else {
            if c.is_whitespace() {
                if found.last() != Some(&Token::Blank) {
                    found.push(Token::Blank);
                }
            } else if !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202b}' | '\u{202c}') {
                found.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// Months of one spelling: language, calendar, number.
type Months = Vec<(&'static str, Calendar, i64)>;

/// Months by spelling, and the length of the longest spelling in bytes.
static NAMES: LazyLock<(HashMap<&'static str, Months>, usize)> = LazyLock::new(|| {
    let mut names: HashMap<&str, Months> = HashMap::new();
    let mut row =
        |calendar, language: &'static str, columns: &mut dyn Iterator<Item = &'static str>| {
            let language = language.split('-').next().unwrap_or_default();
            for (month, spellings) in (1..).zip(columns) {
                for name in spellings.split('|').filter(|name| !name.is_empty()) {
                    names
                        .entry(name)
                        .or_default()
                        .push((language, calendar, month));
                }
            }
        };
    for columns in table::rows(MONTHS) {
        let mut columns = columns.into_iter();
        let language = columns.next().unwrap_or_default();
        row(Calendar::Gregorian, language, &mut columns);
    }
    for columns in table::rows(CALENDARS) {
        let mut columns = columns.into_iter();
        let calendar = columns.next().unwrap_or_default();
        let language = columns.next().unwrap_or_default();
        if let Some(calendar) = table::named(calendar, &Calendar::TABLED) {
            row(calendar, language, &mut columns);
        }
    }
    let longest = names.keys().map(|name| name.len()).max().unwrap_or(0);
    (names, longest)
});

/// English words that are months elsewhere: "6 weeks ago on 2026-10-09" names no August.
const ENGLISH_WORDS: [&str; 3] = ["ago", "set", "out"];

/// The word at the start of `rest`, where the table knows it a month, and its length in bytes.
/// `is_joined`: a sign joins it to a number.
fn word(rest: &str, language: &str, is_joined: bool) -> (Token, usize) {
    let letters = |c: char| c.is_alphanumeric() && !c.is_ascii_digit() || is_mark(c);
    let length: usize = rest
        .chars()
        .take_while(|c| letters(*c))
        .map(char::len_utf8)
        .sum();
    let (names, longest) = &*NAMES;
    let month_of = |name: &str| {
        if language == "en" && !is_joined && ENGLISH_WORDS.contains(&name) {
            return None;
        }
        let months = names.get(name)?;
        let own = months.iter().find(|(tag, ..)| *tag == language);
        own.or(months.first())
            .map(|(_, calendar, month)| Token::Month(*calendar, *month))
    };
    // The longest name of several words first: "арван хоёрдугаар сар" before "хоёрдугаар сар".
    let mut end = length;
    let mut several = None;
    for part in rest[length..].split_inclusive(' ').take(3) {
        end += part.len();
        if end > longest + 1 {
            break;
        }
        let name = rest[..end].trim_end_matches([' ', '.', ',']);
        if name.len() > length {
            several = month_of(name).map(|month| (month, name.len())).or(several);
        }
    }
    if let Some(found) = several {
        return found;
    }
    let whole = &rest[..length];
    if let Some(month) = month_of(whole) {
        return (month, length);
    }
    if let Some(half) = half(whole) {
        return half;
    }
    // Hebrew puts its preposition before the name.
    let tail = whole.char_indices().nth(1).map(|(at, _)| &whole[at..]);
    if let Some(month) = tail.filter(|_| rest.starts_with('ב')).and_then(month_of) {
        return (month, length);
    }
    let bytes = whole.as_bytes();
    (
        Token::Word([bytes[0], *bytes.get(1).unwrap_or(&0)]),
        length.max(1),
    )
}

/// The half of the day at the start of a word of East Asian text, where it stands before the hour.
fn half(word: &str) -> Option<(Token, usize)> {
    for (name, later) in [
        ("오전", false),
        ("오후", true),
        ("上午", false),
        ("下午", true),
        ("午前", false),
        ("午後", true),
    ] {
        if word.starts_with(name) {
            return Some((Token::Half(later), name.len()));
        }
    }
    None
}

/// Combining marks that belong to a word.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\'' | '’' | '\u{200c}' | '\u{200d}')
}

/// Any script's decimal digit as an ASCII one.
pub(crate) fn latin_digit(c: char) -> char {
    // First digits of the scripts news are written in (Unicode, general category Nd).
    const ZEROS: [u32; 17] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
        0xED0, 0x1040, 0x17E0, 0xFF10,
    ];
    if c.is_ascii() {
        return c;
    }
    let code = c as u32;
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
        .unwrap_or(c)
}
