//! What marks an element as a byline or dateline: its name, attributes and classes.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::dom::{Element, Tag};

/// What a mark is of.
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

/// What classes of bylines and datelines hold, over themes and languages; the first
/// [`BYLINE_MARKS`] are of bylines.
const MARKS: [&str; 24] = [
    "author",
    "byline",
    "by-line",
    "by_line",
    "autor",
    "auteur",
    "writer",
    "contributor",
    "reporter",
    "journalist",
    "skribent",
    "verfasser",
    "authour",
    "redakt",
    "vcard",
    "date",
    "time",
    "publish",
    "posted",
    "datum",
    "fecha",
    "meta",
    "stamp",
    "updated",
];
const BYLINE_MARKS: usize = 15;

/// A byline's class that means as much only where it stands alone: tools that shorten class names give
/// out every pair of letters.
const BY: &str = "by";

static MARK: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(MARKS)
        .ok()
});

/// Path segments of pages about authors, in the languages of many systems.
const AUTHOR_PATHS: [&str; 29] = [
    "author",
    "authors",
    "autor",
    "autores",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "autoren",
    "people",
    "person",
    "persons",
    "profile",
    "profiles",
    "contributor",
    "contributors",
    "journalist",
    "journalists",
    "journaliste",
    "journalistes",
    "writers",
    "writer",
    "reporter",
    "reporters",
    "redakteur",
    "staff",
    "by",
    "columnist",
    "columnists",
];

/// Finds what may be such a segment above another: most addresses have none, and are not taken apart.
static AUTHOR_PATH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(AUTHOR_PATHS.map(|segment| format!("{segment}/")))
        .ok()
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

/// Whether an element holds a date, unless it is an author's link as well: asked before its kind
/// where many elements are looked through.
pub(crate) fn holds_date(element: &Element) -> bool {
    element.tag == Tag::Time || element.attributes().any(|(name, _)| DATES.contains(&name))
}

/// What an element is marked as, by its name, attributes and classes.
impl BylineMarkup {
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let mut classes = [None; 4];
        for (name, value) in element.attributes() {
            match name {
                "class" => classes[0] = Some(value),
                "id" => classes[1] = Some(value),
                "data-testid" | "data-component" | "data-qa" | "data-test" => {
                    classes[2] = Some(value)
                }
                "itemprop" => classes[3] = Some(value),
                _ if DATES.contains(&name) => return Some(BylineMarkup::Time),
                "href" if element.tag == Tag::A && is_author_address(value) => {
                    return Some(BylineMarkup::AuthorLink);
                }
                _ => {}
            }
        }
        if element.tag == Tag::Time {
            return Some(BylineMarkup::Time);
        }
        if classes[0].is_some_and(|class| class.trim() == BY) {
            return Some(BylineMarkup::Byline);
        }
        let mark = MARK.as_ref()?;
        let hit = classes
            .iter()
            .flatten()
            .filter_map(|class| mark.find_iter(class).map(|m| m.pattern().as_usize()).min())
            .min()?;
        Some(if hit < BYLINE_MARKS {
            BylineMarkup::Byline
        } else {
            BylineMarkup::Dateline
        })
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
        && segments
            .take(3)
            .any(|segment| AUTHOR_PATHS.iter().any(|p| segment.eq_ignore_ascii_case(p)))
}
