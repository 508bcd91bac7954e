//! What readers see near the headline and below the body: bylines, datelines, links to authors.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::clean::one_line;
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::extract::Body;

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

static MARK: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(MARKS)
        .ok()
});

/// Path segments of pages about authors, in the languages of many systems.
const AUTHOR_PATHS: [&str; 30] = [
    "author",
    "authors",
    "autor",
    "autores",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "autoren",
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

/// Classes of what is about other stories or readers, not this story's byline.
static ASIDE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            "related",
            "comment",
            "recirc",
            "teaser",
            "promo",
            "sidebar",
            "popular",
            "trending",
            "recommend",
            "most-read",
            "newsletter",
            "footer",
            "menu",
            "carousel",
        ])
        .ok()
});

/// Ancestors looked at for a sign that an element is about something else.
const MAX_ANCESTORS: usize = 8;

/// Most nodes of an element that is looked at as a byline or dateline.
const MAX_LINE_NODES: usize = 60;

/// Where something stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Zone {
    /// Around the headline and above the body.
    Head,
    /// Behind the body's start, but not far from the headline.
    Body,
    /// Below the body.
    Below,
    /// Anywhere; looked at where nothing nearer speaks.
    Elsewhere,
}

/// Nodes before the headline within which a byline or dateline stands.
const BEFORE_HEADING: usize = 60;

/// Nodes before the body within which they stand, where no headline is known.
const BEFORE_BODY: usize = 600;

/// Nodes after the headline within which they stand, whatever the body's start is.
const AFTER_HEADING: usize = 250;

/// Nodes after the headline within which they stand at most, where the body begins that late:
/// pictures and menus may lie between.
const MAX_AFTER_HEADING: usize = 1500;

/// Nodes into the body within which they stand.
const INTO_BODY: usize = 12;

/// Nodes below the body within which they stand.
const BELOW_BODY: usize = 200;

/// Longest run of text that is kept, in characters; what is longer is the story.
const MAX_RUN_CHARS: usize = 200;

/// What a mark is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An element whose class says byline.
    Byline,
    /// A link to a page about an author.
    AuthorLink,
    /// A `<time>` or another element with a date in an attribute.
    Time,
    /// An element whose class says date.
    Dateline,
}

/// An element that looks like a byline or dateline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) node: NodeId,
    pub(super) zone: Zone,
}

/// A run of text near the headline.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) node: NodeId,
    pub(super) zone: Zone,
}

/// What stands near the headline and below the body.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// In page order.
    pub(super) marks: Vec<Mark>,
    /// In page order; of the headline's surroundings only.
    pub(super) runs: Vec<Run>,
    /// Runs below the body, in page order.
    pub(super) closing: Vec<Run>,
    range: Range<usize>,
    /// The body's first node.
    body: Option<usize>,
}

impl Near {
    /// Whether a node is behind the body's start.
    pub(super) fn in_body(&self, node: NodeId) -> bool {
        self.body.is_some_and(|at| node.index() >= at)
    }

    /// Whether a node is near the headline.
    pub(super) fn holds(&self, node: NodeId) -> bool {
        self.range.contains(&node.index())
    }
}

/// Looks around the headline and below the body.
pub(super) fn look(page: &Document, heading: Option<NodeId>, body: &Body) -> Near {
    let places = || body.nodes.iter().flatten().map(|id| id.index());
    let (first, last) = (places().min(), places().max());
    let range = match (heading, first) {
        (Some(heading), first) => {
            let from = heading.index().saturating_sub(BEFORE_HEADING);
            let end = page.node(heading).end.index();
            let body = first.map_or(0, |at| at + INTO_BODY);
            from..(end + AFTER_HEADING).max(body.min(end + MAX_AFTER_HEADING))
        }
        (None, Some(first)) => first.saturating_sub(BEFORE_BODY)..first + BEFORE_HEADING,
        (None, None) => return Near::default(),
    };
    let mut near = Near {
        range: range.start..range.end.min(page.len()),
        // A body that begins above its headline begins too early to say where the head ends.
        body: first.filter(|at| heading.is_none_or(|h| *at > h.index())),
        ..Near::default()
    };
    let below = last.map_or(0..0, |last| {
        let end = page
            .range(last..last + 1)
            .next()
            .map_or(last, |(_, node)| node.end.index());
        end.max(near.range.end)..(end + BELOW_BODY).min(page.len())
    });
    let inside = heading.map_or(0..0, |h| h.index()..page.node(h).end.index());
    for (id, node) in page.range(near.range.clone()) {
        match &node.data {
            NodeData::Text(text) if !inside.contains(&id.index()) => {
                let run = near.run(page, id, node.parent, text);
                near.runs.extend(run);
            }
            NodeData::Element(element) => near.mark(page, id, element, near.zone(id)),
            _ => {}
        }
    }
    for (id, node) in page.range(below) {
        match &node.data {
            NodeData::Element(element) => near.mark(page, id, element, Zone::Below),
            NodeData::Text(text) => {
                let run = near.run(page, id, node.parent, text);
                near.closing.extend(run);
            }
            NodeData::Root => {}
        }
    }
    near
}

/// Most dates that are looked at anywhere on a page; a page with more is a list.
const MAX_DATES: usize = 20;

/// The page's first elements with a date in an attribute, wherever they stand.
pub(super) fn dates_of(page: &Document) -> Vec<Mark> {
    page.elements()
        .filter(|(_, element)| kind_of(element) == Some(Kind::Time))
        .filter(|(id, _)| !is_aside(page, *id))
        .take(MAX_DATES)
        .map(|(node, _)| Mark {
            kind: Kind::Time,
            node,
            zone: Zone::Elsewhere,
        })
        .collect()
}

impl Near {
    fn zone(&self, node: NodeId) -> Zone {
        if self.body.is_some_and(|at| node.index() > at + INTO_BODY) {
            Zone::Body
        } else {
            Zone::Head
        }
    }

    fn run(&self, page: &Document, node: NodeId, parent: NodeId, text: &str) -> Option<Run> {
        let hidden = page.tag(parent).is_raw_text()
            || matches!(page.tag(parent), Tag::Title | Tag::Noscript);
        if hidden || text.trim().is_empty() {
            return None;
        }
        let cut: String = text.chars().take(MAX_RUN_CHARS).collect();
        Some(Run {
            text: one_line(&cut),
            node,
            zone: self.zone(node),
        })
    }

    fn mark(&mut self, page: &Document, id: NodeId, element: &Element, zone: Zone) {
        let Some(kind) = kind_of(element) else { return };
        let long = page.node(id).end.index() - id.index() > MAX_LINE_NODES;
        if long || is_aside(page, id) {
            return;
        }
        self.marks.push(Mark {
            kind,
            node: id,
            zone,
        });
    }
}

/// What an element is marked as, by its name, attributes and classes.
fn kind_of(element: &Element) -> Option<Kind> {
    let mut classes = [None; 4];
    for (name, value) in element.attributes() {
        match name {
            "class" => classes[0] = Some(value),
            "id" => classes[1] = Some(value),
            "data-testid" | "data-component" | "data-qa" | "data-test" => classes[2] = Some(value),
            "itemprop" => classes[3] = Some(value),
            "datetime" | "data-datetime" | "data-timestamp" | "data-published" | "ts"
            | "created-timestamp" => {
                return Some(Kind::Time);
            }
            "href" if element.tag == Tag::A && is_author_address(value) => {
                return Some(Kind::AuthorLink);
            }
            _ => {}
        }
    }
    if element.tag == Tag::Time {
        return Some(Kind::Time);
    }
    let mark = MARK.as_ref()?;
    let hit = classes
        .iter()
        .flatten()
        .filter_map(|class| mark.find_iter(class).map(|m| m.pattern().as_usize()).min())
        .min()?;
    Some(if hit < BYLINE_MARKS {
        Kind::Byline
    } else {
        Kind::Dateline
    })
}

/// Whether an address is that of a page about one author: `/author/jane-doe`.
fn is_author_address(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or(href);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let mut segments = path.split('/').filter(|s| !s.is_empty()).rev();
    // The name comes after the word: a link to all authors is none.
    segments.next().is_some()
        && segments
            .take(3)
            .any(|segment| AUTHOR_PATHS.iter().any(|p| segment.eq_ignore_ascii_case(p)))
}

/// Whether an element is about other stories or readers rather than this story.
pub(super) fn is_aside(page: &Document, id: NodeId) -> bool {
    std::iter::once(id)
        .chain(page.ancestors(id))
        .take(MAX_ANCESTORS)
        .any(|up| {
            let tag = page.tag(up);
            if matches!(tag, Tag::Aside | Tag::Footer | Tag::Nav) {
                return true;
            }
            let whole = matches!(tag, Tag::Body | Tag::Html | Tag::Main | Tag::Article);
            let class = page.attribute(up, "class").filter(|_| !whole);
            class
                .zip(ASIDE.as_ref())
                .is_some_and(|(class, aside)| aside.is_match(class))
        })
}

/// The text of an element, with ` | ` between what stands in different blocks.
pub(super) fn line_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut breaks = false;
    for (id, node) in page.subtree(top) {
        match &node.data {
            NodeData::Text(text) => {
                if page.tag(node.parent).is_raw_text() {
                    continue;
                }
                let blank = text.trim().is_empty();
                if breaks && !blank && !line.trim().is_empty() {
                    line.push_str(" | ");
                }
                breaks &= blank;
                line.push_str(text);
            }
            NodeData::Element(element) if id != top => breaks |= !element.tag.is_inline(),
            _ => {}
        }
    }
    one_line(&line)
}

/// The text of a byline: as [`line_of`], with `; ` between full names that stand side by side in
/// elements of their own.
pub(super) fn byline_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut breaks = false;
    let mut last: Option<(NodeId, bool)> = None;
    for (id, node) in page.subtree(top) {
        match &node.data {
            NodeData::Text(text) if !page.tag(node.parent).is_raw_text() => {
                if text.trim().is_empty() {
                    line.push(' ');
                    continue;
                }
                let full = text.split_whitespace().count() >= 2
                    && text.trim_start().starts_with(char::is_alphabetic);
                if !line.trim().is_empty() {
                    if breaks {
                        line.push_str(" | ");
                    } else if full
                        && last.is_some_and(|(parent, before)| before && parent != node.parent)
                    {
                        line.push_str("; ");
                    }
                }
                breaks = false;
                last = Some((node.parent, full && !text.trim_end().ends_with([',', ':'])));
                line.push_str(text);
            }
            NodeData::Element(element) if id != top => breaks |= !element.tag.is_inline(),
            _ => {}
        }
    }
    one_line(&line)
}
