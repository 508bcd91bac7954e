//! A link on a page, and what it says of the page it leads to.

use url::Url;

use super::PageLink;
use crate::address::page_number::is_next_phrase;
use crate::block::{Languages, phrases};
use crate::dom::{Element, NodeId};
use crate::evidence::date::latin_digit;

/// Words of a link to a page by its number: "Page 2", "Go to page 2".
const MAX_LABEL_WORDS: usize = 4;

/// What a link says of where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rel {
    None,
    Next,
    Previous,
    First,
    /// It is not to be followed.
    Refused,
}

/// A link to a page of the same pages.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) url: Url,
    pub(super) node: NodeId,
    /// The number in its address; none in that of a first page without one.
    pub(super) number: Option<u32>,
    pub(super) rel: Rel,
    /// The number it shows.
    pub(super) label: Option<u32>,
    /// Whether it shows a word or a sign for the next page, or for a page before.
    pub(super) turns: bool,
    /// Whether it stands in a pager.
    pub(super) in_pager: bool,
}

impl Link {
    pub(super) fn as_page(&self, source: &'static str) -> PageLink {
        PageLink {
            url: self.url.clone(),
            node: self.node,
            source,
        }
    }
}

pub(super) fn rel_of(element: &Element) -> Rel {
    let rel = element.attribute("rel").unwrap_or_default();
    if rel.is_empty() {
        return Rel::None;
    }
    let rel = rel.to_ascii_lowercase();
    let has = |words: &[&str]| {
        rel.split_ascii_whitespace()
            .any(|word| words.contains(&word))
    };
    if has(&["nofollow", "ugc", "sponsored"]) {
        Rel::Refused
    } else if has(&["next"]) {
        Rel::Next
    } else if has(&["prev", "previous"]) {
        Rel::Previous
    } else if has(&["first", "start"]) {
        Rel::First
    } else {
        Rel::None
    }
}

/// Whether an address may have a page's number in it, at a glance: most have none, and need not be resolved.
pub(super) fn has_number(href: &str) -> bool {
    let address = href.split('#').next().unwrap_or_default().trim();
    if address.contains('?') {
        return true;
    }
    let last = address.trim_end_matches('/').rsplit('/').next();
    last.is_some_and(|last| {
        let name = last.split('.').next().unwrap_or_default();
        [last, name]
            .iter()
            .any(|name| name.ends_with(|c: char| c.is_ascii_digit()))
    })
}

/// The number of the page that a link's text names: the only one in a few words.
pub(super) fn label(text: &str) -> Option<u32> {
    if text.split_whitespace().nth(MAX_LABEL_WORDS).is_some() {
        return None;
    }
    let latin: String = text.chars().map(latin_digit).collect();
    let mut numbers = latin
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty());
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

/// Whether a link's text is a word or a sign for turning a page.
pub(super) fn turns(text: &str) -> bool {
    let is_sign = !text.is_empty() && !text.chars().any(char::is_alphanumeric);
    is_sign
        || is_next_phrase(text)
        || phrases::find(text, true, Languages::ANY).is_some_and(phrases::Match::whole)
}
