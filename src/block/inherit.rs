//! What text inherits from the elements around it: its shape, its place in a table, and whether it
//! is text of the page at all.

use super::cues::{self, Cue, Cues};
use super::{Cell, Shape};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};

/// What holds for the text inside an element.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // Independent facts, read one by one.
pub(super) struct Inherited {
    /// The innermost block-level element.
    pub(super) node: NodeId,
    /// The cues of that element and of the inline elements in it.
    pub(super) own_cues: Cues,
    pub(super) shape: Shape,
    /// The element that gave the shape; the root when none did.
    pub(super) group: NodeId,
    pub(super) cell: Option<Cell>,
    /// Lists around.
    lists: u8,
    /// Whether the innermost list counts its items.
    ordered: bool,
    pub(super) link: bool,
    /// Whether that link leads to another page, not to a place on this one, a mail or a call.
    pub(super) onward: bool,
    pub(super) bold: bool,
    pub(super) preformatted: bool,
    /// Whether the text is not shown.
    pub(super) ignored: bool,
    /// Whether it is shown only where scripts do not run.
    pub(super) noscript: bool,
    /// Whether an element around is hidden and yet holds blocks.
    unseen: bool,
}

/// How an element stands in the flow of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It begins and ends a block.
    Block,
    /// It runs inside a line.
    Inline,
    /// It is no text and stands between words.
    Object,
    /// It breaks a line.
    Break,
}

impl Inherited {
    /// Around a whole page.
    pub(super) const ROOT: Self = Self {
        node: NodeId::ROOT,
        own_cues: Cues::NONE,
        shape: Shape::Paragraph,
        group: NodeId::ROOT,
        cell: None,
        lists: 0,
        ordered: false,
        link: false,
        onward: false,
        bold: false,
        preformatted: false,
        ignored: false,
        noscript: false,
        unseen: false,
    };

    /// What holds inside an element, whose own cues are `own`, that stands in this context.
    pub(super) fn inside(
        &self,
        page: &Document,
        id: NodeId,
        element: &Element,
        own: Cues,
    ) -> (Self, Flow) {
        let mut context = *self;
        let mut flow = flow_of(element);
        context.hide(page, id, element.tag, own, flow);
        context.give_shape(id, element);
        // Captions that are marked by their class only, some of them inside a paragraph.
        let named = own.has(Cue::Caption) && !own.has(Cue::Content) && !own.has(Cue::Link);
        if named && context.shape == Shape::Paragraph && element.tag != Tag::Time {
            context.set_shape(Shape::Caption, id);
            if flow == Flow::Inline {
                flow = Flow::Block;
            }
        }
        if flow == Flow::Block {
            context.node = id;
            context.own_cues = own;
        } else {
            context.own_cues = self.own_cues.with(own);
        }
        (context, flow)
    }

    /// Decides whether an element's text is shown.
    fn hide(&mut self, page: &Document, id: NodeId, tag: Tag, own: Cues, flow: Flow) {
        self.noscript |= tag == Tag::Noscript;
        self.ignored |= is_ignored(tag);
        // A hidden word inside a line is no part of it. Hidden blocks stay, with their cue: many a
        // page shows its story by script, or after a click.
        if own.has(Cue::Unseen) && flow == Flow::Inline && !self.unseen {
            if holds_block(page, id) {
                self.unseen = true;
            } else {
                self.ignored = true;
            }
        }
    }

    fn set_shape(&mut self, shape: Shape, group: NodeId) {
        self.shape = shape;
        self.group = group;
    }

    fn give_shape(&mut self, id: NodeId, element: &Element) {
        let tag = element.tag;
        match tag {
            Tag::A => {
                if let Some(href) = element.attribute("href") {
                    self.link = true;
                    self.onward = leads_on(href);
                }
            }
            Tag::B | Tag::Strong => self.bold = true,
            Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dl => {
                self.lists = self.lists.saturating_add(1);
                self.ordered = tag == Tag::Ol;
            }
            Tag::Li | Tag::Dt | Tag::Dd => {
                // What a term means stands one level below it.
                let below = u8::from(tag == Tag::Dd);
                let shape = Shape::Item {
                    ordered: self.ordered,
                    depth: self.lists.saturating_sub(1).saturating_add(below),
                    item: id,
                };
                self.set_shape(shape, id);
            }
            Tag::Article => {
                // A story in a list, such as an entry of a live blog, is no item.
                self.set_shape(Shape::Paragraph, id);
                self.lists = 0;
            }
            Tag::Blockquote => self.set_shape(Shape::Quote, id),
            Tag::Pre => {
                self.set_shape(Shape::Code, id);
                self.preformatted = true;
            }
            Tag::Figcaption => self.set_shape(Shape::Caption, id),
            // What is unfolded under it belongs to it as a section does to its subhead.
            Tag::Summary => self.set_shape(Shape::Heading(SUMMARY_LEVEL), id),
            Tag::Table | Tag::Caption | Tag::Tr | Tag::Td | Tag::Th => self.enter_table(id, tag),
            _ => {
                if let Some(level) = tag.heading_level().or_else(|| heading_by_role(element)) {
                    self.set_shape(Shape::Heading(level), id);
                }
            }
        }
    }

    fn enter_table(&mut self, id: NodeId, tag: Tag) {
        match (&mut self.cell, tag) {
            (cell, Tag::Table) => {
                *cell = Some(Cell {
                    table: id,
                    row: id,
                    cell: id,
                });
            }
            (cell, Tag::Caption) => *cell = None,
            (Some(cell), Tag::Tr) => cell.row = id,
            (Some(cell), _) => cell.cell = id,
            (None, _) => {}
        }
    }
}

/// The level of a `<summary>`, which has none: that of a subhead inside a section.
const SUMMARY_LEVEL: u8 = 3;

/// Whether a link leads to another page.
fn leads_on(href: &str) -> bool {
    let href = href.trim_start();
    let starts = |with: &str| {
        href.get(..with.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    !["#", "mailto:", "tel:", "sms:"].into_iter().any(starts)
}

/// The level of an element that says by its role that it is a heading (WAI-ARIA 1.2: 2 where no
/// level is given).
fn heading_by_role(element: &Element) -> Option<u8> {
    if !matches!(element.tag, Tag::Div | Tag::Span | Tag::P | Tag::Other)
        || element.attribute("role") != Some("heading")
    {
        return None;
    }
    let level = element.attribute("aria-level").unwrap_or("2");
    Some(level.trim().parse::<u8>().unwrap_or(2).clamp(1, 6))
}

fn flow_of(element: &Element) -> Flow {
    match element.tag {
        Tag::Br => Flow::Break,
        Tag::Img
        | Tag::AmpImg
        | Tag::Picture
        | Tag::Svg
        | Tag::Math
        | Tag::Input
        | Tag::Iframe
        | Tag::Video
        | Tag::Audio
        | Tag::Canvas
        | Tag::Object => Flow::Object,
        // No boxes, or names that HTML does not know, which are inline.
        Tag::Other
        | Tag::Source
        | Tag::Script
        | Tag::Style
        | Tag::Noscript
        | Tag::Link
        | Tag::Meta
        | Tag::Map
        | Tag::Template => Flow::Inline,
        tag if !tag.is_inline() => Flow::Block,
        _ => {
            let boxed = element.attribute("style").is_some_and(|style| {
                cues::declares(
                    style,
                    "display",
                    &["block", "flex", "grid", "table", "list-item"],
                )
            });
            if boxed { Flow::Block } else { Flow::Inline }
        }
    }
}

/// Whether an element holds one that begins a block.
fn holds_block(page: &Document, top: NodeId) -> bool {
    page.subtree(top)
        .skip(1)
        .any(|(_, node)| matches!(&node.data, NodeData::Element(e) if flow_of(e) == Flow::Block))
}

/// Elements whose text is never words of the page.
fn is_ignored(tag: Tag) -> bool {
    tag.is_raw_text()
        || matches!(
            tag,
            Tag::Head
                | Tag::Svg
                | Tag::Object
                | Tag::Canvas
                | Tag::Select
                | Tag::Template
                | Tag::Rp
                | Tag::Rt
                | Tag::Math
                | Tag::Audio
                | Tag::Video
                | Tag::Optgroup
        )
}
