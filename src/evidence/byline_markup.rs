//! Whether markup says of an element that it is a byline or dateline: its name, attributes and classes.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::block::class_names::{
    BYLINE_ATTRIBUTES, NameHint, NameHints, hints_in, is_byline_alone,
};
use crate::dom::{Element, Tag};
use crate::evidence::byline_words::BYLINE_WORDS;

/// What an element's name, attributes and classes say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BylineMarkup {
    /// An element whose class says byline.
    Byline,
    /// A link to a page about an author.
    AuthorLink,
    /// A `<time>` or another element with a date in an attribute.
    Time,
    /// An element whose class says date.
    Dateline,
}

/// Finds what may be the segment of an author's page. Most addresses have none and need not be split.
static AUTHOR_PATH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let segments = BYLINE_WORDS
        .path
        .iter()
        .map(|segment| format!("{segment}/"));
    let mut search = AhoCorasick::builder();
    search.ascii_case_insensitive(true).build(segments).ok()
});

/// Attributes in which elements give a date exactly.
pub(crate) const DATES: [&str; 6] = [
    "datetime",
    "data-datetime",
    "data-timestamp",
    "data-published",
    "ts",
    "created-timestamp",
];

/// Whether an element holds a date: cheaper to ask than [`BylineMarkup::of`] where many elements are looked
/// through.
pub(crate) fn holds_date(element: &Element) -> bool {
    element.tag == Tag::Time || element.attributes().any(|(name, _)| DATES.contains(&name))
}

impl BylineMarkup {
    /// What the markup says of an element, if anything.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        for (name, value) in element.attributes() {
            match name {
                _ if DATES.contains(&name) => return Some(Self::Time),
                "href" if element.tag == Tag::A && is_author_address(value) => {
                    return Some(Self::AuthorLink);
                }
                _ => {}
            }
        }
        if element.tag == Tag::Time {
            return Some(Self::Time);
        }
        let hints = element
            .attributes()
            .filter(|(name, _)| BYLINE_ATTRIBUTES.contains(name))
            .fold(NameHints::default(), |all, (_, names)| {
                all.with(hints_in(names))
            });
        let is_alone = || element.attribute("class").is_some_and(is_byline_alone);
        if hints.has(NameHint::Byline) || is_alone() {
            Some(Self::Byline)
        } else {
            hints.has(NameHint::Dateline).then_some(Self::Dateline)
        }
    }
}

/// Whether an element links to a page about one author.
pub(crate) fn is_author_link(element: &Element) -> bool {
    element.attribute("href").is_some_and(is_author_address)
        || element
            .attribute("rel")
            .is_some_and(|rel| rel.contains("author"))
}

/// Whether an address is that of a page about one author: `/author/jane-doe`.
fn is_author_address(href: &str) -> bool {
    if !AUTHOR_PATH.as_ref().is_some_and(|path| path.is_match(href)) {
        return false;
    }
    let path = href.split(['?', '#']).next().unwrap_or(href);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let mut segments = path.split('/').filter(|s| !s.is_empty()).rev();
    // The name comes after the word: a link to all authors is none.
    segments.next().is_some()
        && segments.take(3).any(|segment| {
            let mut known = BYLINE_WORDS.path.iter();
            known.any(|known| segment.eq_ignore_ascii_case(known))
        })
}
