//! What readers see near the headline and below the body: bylines, datelines, links to authors.

use std::ops::Range;

use crate::block::ends_sentence;
use crate::body::ChosenBody;
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::evidence::byline_markup::{BylineMarkup, holds_date};
use crate::evidence::byline_words::after_by_word;
use crate::evidence::surroundings::{self, Surroundings};
use crate::record::{Block, BlockKind};
use crate::text::one_line;
use crate::text::to_words;

/// Most nodes of an element that is looked at as a byline or dateline.
const MAX_LINE_NODES: usize = 60;

/// Where something stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Zone {
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

/// An element that looks like a byline or dateline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) kind: BylineMarkup,
    pub(crate) node: NodeId,
    pub(crate) zone: Zone,
}

/// A run of text near the headline.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) node: NodeId,
    pub(crate) zone: Zone,
}

/// What stands near the headline and below the body.
#[derive(Debug, Default)]
pub(crate) struct Near {
    /// In page order.
    pub(crate) marks: Vec<Mark>,
    /// In page order; of the headline's surroundings only.
    pub(crate) runs: Vec<Run>,
    /// Runs below the body, in page order.
    pub(crate) closing: Vec<Run>,
    /// Dates in margins and footers, which may be other stories'.
    pub(crate) margins: Vec<Mark>,
    range: Range<usize>,
    heading: Option<NodeId>,
    /// The body's first node behind its dek.
    body: Option<usize>,
    /// The nodes of the body's first and last block.
    first: Option<NodeId>,
    last: Option<NodeId>,
}

impl Near {
    /// Whether a node stands in a link to another page, or in an article that is not this one.
    pub(crate) fn is_anothers(
        &self,
        page: &Document,
        node: NodeId,
        own_path: Option<&str>,
    ) -> bool {
        surroundings::is_of_another_story(page, node, own_path, [self.heading, self.last])
    }

    /// What a node stands in.
    pub(crate) fn surroundings(&self, page: &Document, node: NodeId) -> Surroundings {
        surroundings::surroundings(page, node, self.heading.or(self.first))
    }

    /// The places from the headline's end to the end of the body's first block: where a dek stands.
    pub(crate) fn below_heading(&self, page: &Document) -> Option<Range<usize>> {
        let start = page.node(self.heading?).end.index();
        let end = self.first.filter(|first| first.index() >= start)?;
        Some(start..page.node(end).end.index())
    }

    /// Whether an element stands among what is about other stories.
    pub(crate) fn is_apart(&self, page: &Document, node: NodeId) -> bool {
        self.surroundings(page, page.node(node).parent) != Surroundings::Story
    }

    /// Whether a node stands behind the headline's start.
    pub(crate) fn is_after_heading(&self, node: NodeId) -> bool {
        self.heading.is_none_or(|heading| node > heading)
    }

    /// Whether a node is behind the body's start.
    pub(crate) fn in_body(&self, node: NodeId) -> bool {
        self.body.is_some_and(|at| node.index() >= at)
    }

    /// Whether a node is near the headline.
    pub(crate) fn holds(&self, node: NodeId) -> bool {
        self.range.contains(&node.index())
    }
}

/// Looks around the headline and below the body; `deks` are the page's summaries of itself.
pub(crate) fn look(
    page: &Document,
    heading: Option<NodeId>,
    body: &ChosenBody,
    deks: &[String],
) -> Near {
    let last = body.nodes.iter().flatten().max().copied();
    let first = start(body, deks);
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
        heading,
        // A body that begins above its headline begins too early to say where the head ends.
        body: first.filter(|at| heading.is_none_or(|h| *at > h.index())),
        first: body.nodes.iter().flatten().min().copied(),
        last,
        ..Near::default()
    };
    let below = last.map_or(0..0, |last| {
        let end = page.node(last).end.index();
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

/// Blocks at a body's start that may be its dek.
const DEK_BLOCKS: usize = 3;

/// Longest byline that a body begins with, in bytes.
const MAX_BYLINE_BYTES: usize = 80;

fn is_byline(text: &str) -> bool {
    text.len() <= MAX_BYLINE_BYTES && !ends_sentence(text) && after_by_word(text).is_some()
}

/// The body's first node behind a dek and a byline: bylines stand between a story's dek and its text.
fn start(body: &ChosenBody, deks: &[String]) -> Option<usize> {
    let keys: Vec<String> = deks.iter().map(|dek| key(dek)).collect();
    let is_dek = |block: &Block| {
        matches!(block.kind, BlockKind::Heading { .. })
            || keys.contains(&to_words(&block.text))
            || is_byline(&block.text)
    };
    let deks = body
        .blocks
        .iter()
        .take(DEK_BLOCKS)
        .take_while(|block| is_dek(block))
        .count();
    let first = |nodes: &[Option<NodeId>]| nodes.iter().flatten().map(|id| id.index()).min();
    body.nodes
        .get(deks..)
        .and_then(first)
        .or_else(|| first(&body.nodes))
}

/// Most dates that are looked at anywhere on a page; a page with more is a list.
const MAX_DATES: usize = 20;

/// The page's first dates of a kind, wherever they stand: those behind the headline first.
pub(crate) fn dates_of(
    page: &Document,
    near: &Near,
    kind: BylineMarkup,
    own_path: Option<&str>,
) -> Vec<Mark> {
    let mut found: Vec<Mark> = page
        .elements()
        .filter(|(_, element)| kind != BylineMarkup::Time || holds_date(element))
        .filter(|(_, element)| BylineMarkup::of(element) == Some(kind))
        .map(|(node, _)| Mark {
            kind,
            node,
            zone: Zone::Elsewhere,
        })
        .filter(|mark| !is_long(page, mark.node))
        .filter(|mark| match near.surroundings(page, mark.node) {
            Surroundings::Story => true,
            Surroundings::Margin => kind == BylineMarkup::Dateline,
            Surroundings::Others => false,
        })
        .filter(|mark| !near.is_anothers(page, mark.node, own_path))
        .take(MAX_DATES)
        .collect();
    found.sort_by_key(|mark| !near.is_after_heading(mark.node));
    found
}

/// Whether an element holds more than a byline or dateline does.
fn is_long(page: &Document, id: NodeId) -> bool {
    page.node(id).end.index() - id.index() > MAX_LINE_NODES
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
        let end = match text.len() {
            ..=MAX_RUN_CHARS => None,
            _ => text.char_indices().nth(MAX_RUN_CHARS),
        };
        let cut = end.map_or(text, |(end, _)| &text[..end]);
        Some(Run {
            text: one_line(cut),
            node,
            zone: self.zone(node),
        })
    }

    fn mark(&mut self, page: &Document, id: NodeId, element: &Element, zone: Zone) {
        let Some(kind) = BylineMarkup::of(element) else {
            return;
        };
        if is_long(page, id) {
            return;
        }
        let mark = Mark {
            kind,
            node: id,
            zone,
        };
        // A theme may put a byline into an <aside> of its own.
        let around = if element.tag == Tag::Aside && kind == BylineMarkup::Byline {
            page.node(id).parent
        } else {
            id
        };
        match self.surroundings(page, around) {
            Surroundings::Story => self.marks.push(mark),
            Surroundings::Margin if matches!(kind, BylineMarkup::Time | BylineMarkup::Dateline) => {
                self.margins.push(mark);
            }
            Surroundings::Margin | Surroundings::Others => {}
        }
    }
}
