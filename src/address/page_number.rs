//! Addresses that differ in the number of a page alone: `/story?page=2`, `/story/2/`, `story_2.html`.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::{canonical, decoded, is_front_page, page_key};
use crate::table::rows;

/// Digits of the highest page number: longer numbers are those of articles, or years.
const MAX_DIGITS: usize = 3;

/// What may stand between a name and the number of its page.
const SEPARATORS: [char; 8] = ['-', '_', '.', ',', '~', ':', '=', ';'];

/// Letters of the longest extension of a page's file: `shtml`, `xhtml`.
const MAX_EXTENSION: usize = 5;

/// An address read as that of a numbered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberedAddress {
    /// The address without the number: mostly that of the first page.
    pub(crate) stem: Url,
    /// What all pages have in common: the stem's [`page_key`].
    pub(crate) key: String,
    /// How the number stands in the address, such as `?page=`.
    pub(crate) style: String,
    pub(crate) number: u32,
    pub(crate) mark: Mark,
}

/// By what a number in an address seems to be a page's; the first is the surest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// A word for page: `?page=2`, `/seite/2`, `story-p2.html`.
    Word,
    /// A part of the path, or behind one, or a letter that may be for page or for post: `/story/2`,
    /// `story_2.html`, `?p=2`.
    Path,
    /// A parameter of any name: `?x=2`.
    Parameter,
    /// `story-2`, which is as often the second story with a name.
    Hyphen,
}

impl NumberedAddress {
    /// The ways in which an address can be read as that of a numbered page.
    pub(crate) fn readings(url: &Url) -> Vec<Self> {
        let mut readings: Vec<Self> = of_query(url).collect();
        readings.extend(of_path(url));
        readings.retain(|one| !is_front_page(&canonical(&one.stem)));
        readings
    }

    /// Whether both are pages of the same pages.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.key == other.key && self.style == other.style
    }
}

/// Whether an address holds all the pages whose key is given in one: `?page=all`, `/story/full`.
pub(crate) fn is_whole_view(url: &Url, key: &str) -> bool {
    let is_whole = |text: &str| {
        let text: String = decoded(text).to_lowercase();
        let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        kind_of(&text) == Some("whole")
    };
    let query = url.query().unwrap_or_default();
    for (at, pair) in query.split('&').enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let names_other = parts(name).any(|part| kind_of(&part) == Some("other"));
        if !names_other && (is_whole(name) || is_whole(value)) {
            return page_key(&without_pair(url, at)) == key;
        }
    }
    let path = url.path().trim_end_matches('/');
    path.rsplit_once('/').is_some_and(|(folder, last)| {
        is_whole(last) && page_key(&with_path(url, &format!("{folder}/"))) == key
    })
}

/// Whether the text of a link is a word for the next page, in one of the languages of the table.
pub(crate) fn is_next_phrase(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    kind_of(&text.to_lowercase()) == Some("next")
}

/// Whether one of an element's classes, or its id, is that of a pager.
pub(crate) fn is_pager_name(names: &str) -> bool {
    names.split_ascii_whitespace().any(|name| {
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        let name = name.to_lowercase();
        PAGER_NAMES.iter().any(|word| name.contains(word))
    })
}

fn of_query(url: &Url) -> impl Iterator<Item = NumberedAddress> {
    let pairs = url.query().into_iter().flat_map(|query| query.split('&'));
    pairs.enumerate().filter_map(|(at, pair)| {
        let (name, value) = pair.split_once('=')?;
        let value = decoded(value);
        // Drupal numbers several pagers of a page in one parameter: `page=0,1`.
        let (before, last) = value.rsplit_once(',').unwrap_or(("", &value));
        let number = number(last)?;
        let is_list = before.bytes().all(|b| b.is_ascii_digit() || b == b',');
        let kinds: Vec<_> = parts(name).filter_map(|part| kind_of(&part)).collect();
        if !is_list || kinds.contains(&"other") {
            return None;
        }
        let mark = match kinds.first() {
            Some(&"word" | &"parameter") => Mark::Word,
            Some(&"letter") => Mark::Path,
            _ => Mark::Parameter,
        };
        let style = format!("?{name}={before}");
        Some(numbered(without_pair(url, at), style, number, mark))
    })
}

fn of_path(url: &Url) -> Option<NumberedAddress> {
    let path = url.path();
    let end = if path.ends_with('/') { "/" } else { "" };
    let (folder, last) = path.trim_end_matches('/').rsplit_once('/')?;
    let (name, extension) = split_extension(last);
    let before = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = number(&name[before.len()..])?;
    let in_folder = |folder: &str, style: String, mark| {
        let end = if extension.is_empty() { end } else { "/" };
        let stem = with_path(url, &format!("{folder}{end}"));
        Some(numbered(stem, style, number, mark))
    };
    if before.is_empty() {
        let outer = folder.rsplit_once('/');
        let named = outer.and_then(|(outer, word)| Some((outer, word, mark_of(word)?)));
        return match named {
            Some((outer, word, mark)) => in_folder(outer, format!("/{word}/{extension}"), mark),
            None => in_folder(folder, format!("/{extension}"), Mark::Path),
        };
    }
    let bare = before.trim_end_matches(SEPARATORS);
    let (rest, word) = bare.rsplit_once(SEPARATORS).unwrap_or(("", bare));
    let (rest, mark) = if let Some(mark) = mark_of(word) {
        (rest, mark)
    } else {
        let separator = before.chars().next_back()?;
        if !SEPARATORS.contains(&separator) {
            return None;
        }
        let is_hyphen = separator == '-';
        (bare, if is_hyphen { Mark::Hyphen } else { Mark::Path })
    };
    let style = format!("{}{extension}", &before[rest.len()..]);
    if rest.is_empty() {
        return in_folder(folder, format!("/{style}"), mark);
    }
    let stem = with_path(url, &format!("{folder}/{rest}{extension}{end}"));
    Some(numbered(stem, style, number, mark))
}

fn numbered(stem: Url, style: String, number: u32, mark: Mark) -> NumberedAddress {
    NumberedAddress {
        key: page_key(&stem),
        stem,
        style,
        number,
        mark,
    }
}

fn number(digits: &str) -> Option<u32> {
    let is_plain = digits == "0" || !digits.starts_with('0');
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    (is_plain && is_number && digits.len() <= MAX_DIGITS)
        .then(|| digits.parse().ok())
        .flatten()
}

/// A file's name and its extension with the point, where that is one of letters.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at)
            if at > 0
                && (2..=MAX_EXTENSION + 1).contains(&(name.len() - at))
                && name[at + 1..].bytes().all(|b| b.is_ascii_alphabetic()) =>
        {
            name.split_at(at)
        }
        _ => (name, ""),
    }
}

fn without_pair(url: &Url, at: usize) -> Url {
    let pairs = url.query().unwrap_or_default().split('&').enumerate();
    let kept: Vec<&str> = pairs
        .filter_map(|(place, pair)| (place != at).then_some(pair))
        .collect();
    let mut stem = url.clone();
    stem.set_fragment(None);
    stem.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    stem
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut stem = url.clone();
    stem.set_fragment(None);
    stem.set_path(path);
    stem
}

/// A parameter's name taken apart, in lower case, without digits at the parts' ends: `PAGEN_1` is `pagen`.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let name = decoded(name).to_lowercase();
    let parts = name.split(|c: char| !c.is_alphanumeric());
    let parts: Vec<String> = parts
        .map(|part| {
            part.trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned()
        })
        .collect();
    parts.into_iter()
}

/// How sure a word before a number makes it a page's; none for other words.
fn mark_of(word: &str) -> Option<Mark> {
    match kind_of(&decoded(word).to_lowercase())? {
        "word" => Some(Mark::Word),
        "letter" => Some(Mark::Path),
        _ => None,
    }
}

fn kind_of(word: &str) -> Option<&'static str> {
    WORDS.get(word).copied()
}

static TABLE: &str = include_str!("../../config/tables/page_numbers.tsv");

static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = rows(TABLE).filter(|row| row[0] != "class");
    rows.flat_map(|row| row[2].split('|').map(move |word| (word, row[0])))
        .collect()
});

static PAGER_NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rows = rows(TABLE).filter(|row| row[0] == "class");
    rows.flat_map(|row| row[2].split('|')).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn url(address: &str) -> Url {
        Url::parse("https://a.example")
            .and_then(|base| base.join(address))
            .expect("an address")
    }

    #[test]
    fn a_number_is_read_wherever_addresses_have_it() {
        for (address, stem, number, mark) in [
            ("/news/rain?page=2", "/news/rain", 2, Mark::Word),
            ("/rain?id=7042&PAGEN_1=3", "/rain?id=7042", 3, Mark::Word),
            ("/rain?page=0%2C1", "/rain", 1, Mark::Word),
            ("/rain?teil=2", "/rain", 2, Mark::Parameter),
            ("/news/rain/2/", "/news/rain/", 2, Mark::Path),
            ("/news/rain/page/2", "/news/rain", 2, Mark::Word),
            ("/news/rain/seite-2", "/news/rain", 2, Mark::Word),
            ("/news/rain/2.html", "/news/rain/", 2, Mark::Path),
            ("/news/rain_2.html", "/news/rain.html", 2, Mark::Path),
            ("/news/rain,page-12.html", "/news/rain.html", 12, Mark::Word),
            ("/news/rain-p2", "/news/rain", 2, Mark::Path),
            ("/news/rain/стр-2", "/news/rain", 2, Mark::Word),
            ("/news/rain-2/", "/news/rain/", 2, Mark::Hyphen),
        ] {
            let readings = NumberedAddress::readings(&url(address));
            let [read] = readings.as_slice() else {
                panic!("{address}: {readings:?}")
            };
            assert_eq!(read.stem, url(stem), "{address}");
            assert_eq!((read.number, read.mark), (number, mark), "{address}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for address in [
            "/news/rain",
            "/news/rain-2026",
            "/news/covid19",
            "/2",
            "/?p=12",
            "/news/rain?cpage=2",
            "/news/rain/comment-page-02",
            "/news/rain?rating=4",
            "/news/1234567.html",
        ] {
            let readings = NumberedAddress::readings(&url(address));
            assert!(readings.is_empty(), "{address}: {readings:?}");
        }
    }

    #[test]
    fn all_pages_in_one_have_the_address_of_the_story() {
        let key = page_key(&url("/news/rain"));
        for (address, is_whole) in [
            ("/news/rain?page=all", true),
            ("/news/rain/?showall=1", true),
            ("/news/rain/komplettansicht", true),
            ("/news/rain/single-page/", true),
            ("/news/rain?comments=all", false),
            ("/news/sun?page=all", false),
            ("/news/rain/2", false),
        ] {
            assert_eq!(is_whole_view(&url(address), &key), is_whole, "{address}");
        }
    }

    #[test]
    fn pagers_are_known_by_their_classes() {
        assert!(is_pager_name("td-page-links"), "by two words joined");
        assert!(is_pager_name("Pagination__list"));
        assert!(!is_pager_name("homepage story-body"));
    }
}
