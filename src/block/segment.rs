//! One walk over the arena that cuts a page into text blocks.

use super::cues::{CueReader, Cues};
use super::inherit::{Flow, Inherited};
use super::proportions::{RUNNING_WORDS, inherit_cues, note_data_tables, undo_large_shapes};
use super::text::{TextCollector, word_count};
use super::{Shape, TextBlock, email};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};

/// Words in `<noscript>`s from which they are the page, where it has little other running text. The
/// request to turn scripts on is shorter.
const MIN_NOSCRIPT_WORDS: usize = 50;

/// How many times as many words as the rest of the page's running text they must have.
const NOSCRIPT_LEAD: usize = 4;

/// Cuts a page into text blocks in document order.
///
/// What stands in `<noscript>` is left out, since browsers do not show it (mostly images that load
/// late, twice), unless the page has little running text beside it.
#[must_use]
pub fn segment(page: &Document) -> Vec<TextBlock> {
    let mut walk = Walk::over(page, false);
    let runs = |block: &TextBlock| block.words >= RUNNING_WORDS && block.link_density() < 0.5;
    let running: usize = walk
        .blocks
        .iter()
        .filter(|b| runs(b))
        .map(|b| b.words)
        .sum();
    if walk.noscript_words >= MIN_NOSCRIPT_WORDS.max(NOSCRIPT_LEAD * running) {
        walk = Walk::over(page, true);
    }
    let mut blocks = walk.blocks;
    undo_large_shapes(page, &mut blocks);
    note_data_tables(page, &mut blocks);
    inherit_cues(page, walk.own_cues, &mut blocks);
    blocks
}

/// An open element.
#[derive(Clone, Copy)]
struct Open {
    node: NodeId,
    end: NodeId,
    flow: Flow,
    context: Inherited,
}

/// The walk: the block that is being collected, and what came before.
struct Walk<'page> {
    page: &'page Document,
    /// Whether the contents of `<noscript>` are text.
    noscript: bool,
    /// Words that were left out because of that.
    noscript_words: usize,
    blocks: Vec<TextBlock>,
    /// The cues of each node of the page.
    own_cues: Vec<Cues>,
    run: TextCollector,
    /// The first text of the block, and what it inherits.
    first: Option<(NodeId, Inherited)>,
    link_chars: usize,
    links: usize,
    images: usize,
    all_bold: bool,
    hidden_emails: Vec<NodeId>,
    /// Whether an inline element has just ended, and the link if one has.
    closed: bool,
    closed_link: Option<NodeId>,
}

impl<'page> Walk<'page> {
    fn over(page: &'page Document, noscript: bool) -> Self {
        let mut walk = Self {
            page,
            noscript,
            noscript_words: 0,
            blocks: Vec::new(),
            own_cues: vec![Cues::NONE; page.len()],
            run: TextCollector::default(),
            first: None,
            link_chars: 0,
            links: 0,
            images: 0,
            all_bold: true,
            hidden_emails: Vec::new(),
            closed: false,
            closed_link: None,
        };
        let mut reader = CueReader::default();
        let mut open = vec![Open {
            node: NodeId::ROOT,
            end: page.node(NodeId::ROOT).end,
            flow: Flow::Block,
            context: Inherited::ROOT,
        }];
        for (id, node) in page.nodes() {
            while let Some(closed) = open.pop_if(|top| top.end <= id) {
                walk.leave(&closed);
            }
            let Some(top) = open.last() else { break };
            if top.context.ignored {
                continue;
            }
            match &node.data {
                NodeData::Root => {}
                NodeData::Text(text) => walk.text(id, text, &top.context),
                NodeData::Element(element) => {
                    // Highlighters name what the code's grammar knows: comments, titles.
                    let own = if top.context.preformatted {
                        Cues::NONE
                    } else {
                        reader.read(element)
                    };
                    walk.own_cues[id.index()] = own;
                    let (context, flow) = top.context.inside(page, id, element, own);
                    if walk.shows(&context) {
                        walk.enter(id, element, flow, &context);
                    }
                    if node.end.index() > id.index() + 1 {
                        open.push(Open {
                            node: id,
                            end: node.end,
                            flow,
                            context,
                        });
                    }
                }
            }
        }
        walk.flush();
        walk
    }

    /// Whether what inherits this is part of the text.
    fn shows(&self, context: &Inherited) -> bool {
        !context.noscript || self.noscript
    }

    fn text(&mut self, id: NodeId, text: &str, context: &Inherited) {
        if !self.shows(context) {
            self.noscript_words += word_count(text);
            return;
        }
        let added = self.run.push(text, context.preformatted);
        if added == 0 {
            return;
        }
        self.closed = false;
        self.closed_link = None;
        if self.first.is_none() {
            self.first = Some((id, *context));
        }
        if context.link {
            self.link_chars += added;
        }
        self.all_bold &= context.bold;
    }

    fn enter(&mut self, id: NodeId, element: &Element, flow: Flow, context: &Inherited) {
        match flow {
            Flow::Block => self.flush(),
            Flow::Break => {
                if self.run.break_line(context.preformatted) {
                    self.flush();
                }
            }
            Flow::Object => {
                self.run.object();
                if matches!(element.tag, Tag::Img | Tag::AmpImg) {
                    self.images += 1;
                }
            }
            Flow::Inline if !context.ignored => self.enter_inline(id, element),
            Flow::Inline => {}
        }
    }

    fn enter_inline(&mut self, id: NodeId, element: &Element) {
        if self.closed && !matches!(element.tag, Tag::Sub | Tag::Sup) {
            self.run.joint();
        }
        let href = element.attribute("href");
        if element.tag == Tag::A && href.is_some() {
            self.links += 1;
            // Two links that touch in the markup stand apart on the screen; a word whose link was
            // cut in two leads to one place.
            let before = self.closed_link;
            if before.is_some_and(|before| self.page.attribute(before, "href") != href) {
                self.run.space();
            }
        }
        if matches!(element.tag, Tag::A | Tag::Span) && email::hidden_in(element).is_some() {
            self.hidden_emails.push(id);
        }
    }

    fn leave(&mut self, closed: &Open) {
        if !self.shows(&closed.context) {
            return;
        }
        match closed.flow {
            Flow::Block => self.flush(),
            Flow::Inline if !closed.context.ignored => {
                self.closed = true;
                if self.page.tag(closed.node) == Tag::A {
                    self.closed_link = Some(closed.node);
                }
            }
            _ => {}
        }
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        let link_chars = std::mem::take(&mut self.link_chars);
        let links = std::mem::take(&mut self.links);
        let bold = std::mem::replace(&mut self.all_bold, true);
        let hidden_emails = std::mem::take(&mut self.hidden_emails);
        self.closed = false;
        self.closed_link = None;
        let Some((first, context)) = self.first.take() else {
            return;
        };
        let text = if context.preformatted {
            run.text.trim_matches('\n').trim_end().to_owned()
        } else {
            let mut text = run.text;
            let end = match context.shape {
                Shape::Heading(_) if links > 0 => super::without_permalink(&text),
                _ => text.trim_end(),
            };
            text.truncate(end.len());
            text
        };
        self.blocks.push(TextBlock {
            node: context.node,
            first,
            words: word_count(&text),
            text,
            chars: run.chars,
            link_chars,
            links,
            images: std::mem::take(&mut self.images),
            shape: context.shape,
            group: if context.group == NodeId::ROOT {
                context.node
            } else {
                context.group
            },
            cues: Cues::NONE,
            own_cues: context.own_cues,
            cell: context.cell,
            tabular: false,
            bold,
            hidden_emails,
        });
    }
}

#[cfg(test)]
mod tests;
