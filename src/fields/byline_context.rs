//! What readers see near the headline and below the body: bylines, datelines, links to authors.

use std::ops::Range;

use url::Url;

use crate::block::ends_sentence;
use crate::body::ChosenBody;
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::byline_markup::{BylineMarkup, holds_date};
use crate::evidence::byline_words::after_by_word;
use crate::evidence::surroundings::{self, Surroundings};
use crate::record::{Block, BlockKind};
use crate::text::{one_line, to_words};

/// Most nodes of an element that is looked at as a byline or dateline.
const MAX_LINE_NODES: usize = 60;

/// Where something stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// Around the headline and above the body.
    AboveBody,
    /// After the body's start, but not far from the headline.
    InBody,
    BelowBody,
    /// Anywhere; looked at only where nothing nearer makes a claim.
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

/// Longest text node that is kept whole, in characters; what is longer is the story.
const MAX_LINE_CHARS: usize = 200;

/// An element that is marked as a byline, a date or a link to an author.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MarkedElement {
    pub(crate) kind: BylineMarkup,
    pub(crate) node: NodeId,
    pub(crate) position: Position,
}

/// The text of one text node, in one line.
#[derive(Debug, Clone)]
pub(crate) struct TextLine {
    pub(crate) text: String,
    pub(crate) node: NodeId,
    pub(crate) position: Position,
}

/// What stands near the headline and below the body, each list in page order.
#[derive(Debug)]
pub(crate) struct BylineContext<'a> {
    page: &'a Document,
    /// The path of the page's address.
    own_path: Option<&'a str>,
    /// Elements of the story near the headline and below the body.
    pub(crate) marked: Vec<MarkedElement>,
    /// Dates in margins and footers, which may be other stories'.
    pub(crate) margin_dates: Vec<MarkedElement>,
    /// Texts near the headline.
    pub(crate) lines: Vec<TextLine>,
    /// Texts below the body.
    pub(crate) lines_below: Vec<TextLine>,
    /// Indices of the nodes that are near the headline.
    range: Range<usize>,
    heading: Option<NodeId>,
    /// Index of the body's first node after its dek.
    body_start: Option<usize>,
    /// The nodes of the body's first and last block.
    first_block: Option<NodeId>,
    last_block: Option<NodeId>,
}

impl<'a> BylineContext<'a> {
    /// Reads what stands around `heading` and below the body.
    pub(crate) fn read(
        page: &'a Document,
        heading: Option<NodeId>,
        body: &ChosenBody,
        evidence: &'a Evidence,
    ) -> Self {
        let first_block = body.nodes.iter().flatten().min().copied();
        let last_block = body.nodes.iter().flatten().max().copied();
        let start = body_start(body, &evidence.descriptions);
        let range = match (heading, start) {
            (Some(heading), start) => {
                let from = heading.index().saturating_sub(BEFORE_HEADING);
                let end = page.node(heading).end.index();
                let body = start.map_or(0, |at| at + INTO_BODY);
                from..(end + AFTER_HEADING).max(body.min(end + MAX_AFTER_HEADING))
            }
            (None, Some(start)) => start.saturating_sub(BEFORE_BODY)..start + BEFORE_HEADING,
            (None, None) => 0..0,
        };
        let mut context = Self {
            page,
            own_path: evidence.url.as_ref().map(Url::path),
            marked: Vec::new(),
            margin_dates: Vec::new(),
            lines: Vec::new(),
            lines_below: Vec::new(),
            range: range.start..range.end.min(page.len()),
            heading,
            // A body that begins above its headline begins too early to say where the head ends.
            body_start: start.filter(|at| heading.is_none_or(|h| *at > h.index())),
            first_block,
            last_block,
        };
        let below = last_block.map_or(0..0, |last| {
            let end = page.node(last).end.index();
            end.max(context.range.end)..(end + BELOW_BODY).min(page.len())
        });
        let inside = heading.map_or(0..0, |h| h.index()..page.node(h).end.index());
        for (range, is_below) in [(context.range.clone(), false), (below, true)] {
            for (id, node) in page.range(range) {
                match &node.data {
                    NodeData::Text(text) if !inside.contains(&id.index()) => {
                        let line = context.line(id, node.parent, text);
                        if is_below {
                            context.lines_below.extend(line);
                        } else {
                            context.lines.extend(line);
                        }
                    }
                    NodeData::Element(element) if is_below => {
                        context.mark(id, element, Position::BelowBody);
                    }
                    NodeData::Element(element) => context.mark(id, element, context.position(id)),
                    _ => {}
                }
            }
        }
        context
    }

    /// The texts near the headline at one position.
    pub(crate) fn lines_at(&self, position: Position) -> impl Iterator<Item = &TextLine> {
        let lines = self.lines.iter();
        lines.filter(move |line| line.position == position)
    }

    /// Whether a node stands in a link to another page, or in an article that is not this one.
    pub(crate) fn is_of_another_story(&self, node: NodeId) -> bool {
        let own = [self.heading, self.last_block];
        surroundings::is_of_another_story(self.page, node, self.own_path, own)
    }

    /// What a node stands in.
    pub(crate) fn surroundings(&self, node: NodeId) -> Surroundings {
        surroundings::surroundings(self.page, node, self.heading.or(self.first_block))
    }

    /// The indices of the nodes from the headline's end to that of the body's first block: where a dek
    /// stands.
    pub(crate) fn below_heading(&self) -> Option<Range<usize>> {
        let start = self.page.node(self.heading?).end.index();
        let end = self.first_block.filter(|first| first.index() >= start)?;
        Some(start..self.page.node(end).end.index())
    }

    /// Whether a node stands behind the headline's start.
    pub(crate) fn is_after_heading(&self, node: NodeId) -> bool {
        self.heading.is_none_or(|heading| node > heading)
    }

    /// Whether a node is behind the body's start.
    pub(crate) fn is_in_body(&self, node: NodeId) -> bool {
        self.body_start.is_some_and(|at| node.index() >= at)
    }

    /// Whether a node is near the headline.
    pub(crate) fn is_near(&self, node: NodeId) -> bool {
        self.range.contains(&node.index())
    }

    /// The page's first dates of a kind, wherever they stand: those behind the headline first.
    pub(crate) fn dates_anywhere(&self, kind: BylineMarkup) -> Vec<MarkedElement> {
        let mut found: Vec<MarkedElement> = self
            .page
            .elements()
            .filter(|(_, element)| kind != BylineMarkup::Time || holds_date(element))
            .filter(|(node, element)| {
                BylineMarkup::of(element) == Some(kind) && !self.is_long(*node)
            })
            .filter(|(node, _)| match self.surroundings(*node) {
                Surroundings::Story => true,
                Surroundings::Margin => kind == BylineMarkup::Dateline,
                Surroundings::Others => false,
            })
            .filter(|(node, _)| !self.is_of_another_story(*node))
            .take(MAX_DATES)
            .map(|(node, _)| MarkedElement {
                kind,
                node,
                position: Position::Elsewhere,
            })
            .collect();
        found.sort_by_key(|date| !self.is_after_heading(date.node));
        found
    }

    /// Whether an element holds more than a byline or dateline does.
    fn is_long(&self, id: NodeId) -> bool {
        self.page.node(id).end.index() - id.index() > MAX_LINE_NODES
    }

    fn position(&self, node: NodeId) -> Position {
        match self.body_start {
            Some(at) if node.index() > at + INTO_BODY => Position::InBody,
            _ => Position::AboveBody,
        }
    }

    fn line(&self, node: NodeId, parent: NodeId, text: &str) -> Option<TextLine> {
        let tag = self.page.tag(parent);
        let is_hidden = tag.is_raw_text() || matches!(tag, Tag::Title | Tag::Noscript);
        if is_hidden || text.trim().is_empty() {
            return None;
        }
        let end = match text.len() {
            ..=MAX_LINE_CHARS => None,
            _ => text.char_indices().nth(MAX_LINE_CHARS),
        };
        Some(TextLine {
            text: one_line(end.map_or(text, |(end, _)| &text[..end])),
            node,
            position: self.position(node),
        })
    }

    fn mark(&mut self, node: NodeId, element: &Element, position: Position) {
        let Some(kind) = BylineMarkup::of(element).filter(|_| !self.is_long(node)) else {
            return;
        };
        // A theme may put a byline into an <aside> of its own.
        let around = match (element.tag, kind) {
            (Tag::Aside, BylineMarkup::Byline) => self.page.node(node).parent,
            _ => node,
        };
        let list = match (self.surroundings(around), kind) {
            (Surroundings::Story, _) => &mut self.marked,
            (Surroundings::Margin, BylineMarkup::Time | BylineMarkup::Dateline) => {
                &mut self.margin_dates
            }
            _ => return,
        };
        list.push(MarkedElement {
            kind,
            node,
            position,
        });
    }
}

/// Most dates that are looked at anywhere on a page; a page with more is a list.
const MAX_DATES: usize = 20;

/// Blocks at a body's start that may be its dek.
const DEK_BLOCKS: usize = 3;

/// Longest byline that a body begins with, in bytes.
const MAX_BYLINE_BYTES: usize = 80;

/// The index of the body's first node after a dek (one of the page's summaries of itself) and a byline:
/// bylines stand between a story's dek and its text.
fn body_start(body: &ChosenBody, summaries: &[String]) -> Option<usize> {
    let keys: Vec<String> = summaries.iter().map(|dek| to_words(dek)).collect();
    let is_dek = |block: &&Block| {
        matches!(block.kind, BlockKind::Heading { .. })
            || keys.contains(&to_words(&block.text))
            || (block.text.len() <= MAX_BYLINE_BYTES
                && !ends_sentence(&block.text)
                && after_by_word(&block.text).is_some())
    };
    let start = body.blocks.iter().take(DEK_BLOCKS);
    let deks = start.take_while(is_dek).count();
    let first = |nodes: &[Option<NodeId>]| nodes.iter().flatten().map(|id| id.index()).min();
    let behind = body.nodes.get(deks..).and_then(first);
    behind.or_else(|| first(&body.nodes))
}
