//! One walk over the arena that cuts a page into text blocks.

use super::cues::{CueReader, Cues};
use super::inherit::{Flow, Inherited};
use super::line::{self, Line};
use super::proportions::{RUNNING_WORDS, inherit_cues, note_data_tables, undo_large_shapes};
use super::text::word_count;
use super::{Shape, TextBlock, edit_links, initials, inner_paragraphs, words_in};
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
    segment_by(page, CueReader::default())
}

/// Takes from blocks what only the words in names of elements say of them.
pub(crate) fn forget_class_names(page: &Document, blocks: &mut [TextBlock]) {
    let nameless = segment_by(page, CueReader::without_words());
    for block in blocks {
        // A block that is none without names keeps its own.
        let same = nameless.binary_search_by_key(&block.first, |block| block.first);
        if let Ok(at) = same {
            block.cues = nameless[at].cues;
            block.own_cues = nameless[at].own_cues;
        }
    }
}

fn segment_by<'page>(page: &'page Document, mut reader: CueReader<'page>) -> Vec<TextBlock> {
    let mut walk = Walk::over(page, &mut reader, false);
    let runs = |block: &&TextBlock| block.words >= RUNNING_WORDS && block.link_density() < 0.5;
    let running = words_in(walk.blocks.iter().filter(runs));
    if walk.noscript_words >= MIN_NOSCRIPT_WORDS.max(NOSCRIPT_LEAD * running) {
        walk = Walk::over(page, &mut reader, true);
    }
    let mut blocks = walk.blocks;
    initials::join(page, &mut blocks);
    edit_links::drop(&mut blocks);
    undo_large_shapes(page, &mut blocks);
    note_data_tables(page, &mut blocks);
    inner_paragraphs::clear_cues(page, &mut walk.own_cues, &mut blocks);
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

/// The walk: the line that is being collected, the lines before it and the blocks before those.
struct Walk<'page> {
    page: &'page Document,
    /// Whether the contents of `<noscript>` are text.
    noscript: bool,
    /// Words that were left out because of that.
    noscript_words: usize,
    blocks: Vec<TextBlock>,
    /// The cues of each node of the page.
    own_cues: Vec<Cues>,
    /// Lines since the last boundary between blocks.
    lines: Vec<Line>,
    line: Line,
    /// Images since the last line with text.
    images: usize,
}

impl<'page> Walk<'page> {
    fn over(page: &'page Document, reader: &mut CueReader<'page>, noscript: bool) -> Self {
        let mut walk = Self {
            page,
            noscript,
            noscript_words: 0,
            blocks: Vec::new(),
            own_cues: vec![Cues::NONE; page.len()],
            lines: Vec::new(),
            line: Line::default(),
            images: 0,
        };
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
        while let Some(closed) = open.pop() {
            walk.leave(&closed);
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
        self.line.text(self.page, id, text, context);
    }

    fn enter(&mut self, id: NodeId, element: &Element, flow: Flow, context: &Inherited) {
        match flow {
            Flow::Block => self.flush(),
            Flow::Break => self.break_line(context.preformatted),
            Flow::Object => {
                self.line.object(element);
                if matches!(element.tag, Tag::Img | Tag::AmpImg) {
                    self.images += 1;
                }
            }
            Flow::Inline if !context.ignored => self.line.enter(self.page, id, element),
            Flow::Inline => {}
        }
    }

    /// Breaks the line. A paragraph ends there where the line is empty or long.
    fn break_line(&mut self, preformatted: bool) {
        if preformatted {
            self.line.run.line_feed();
        } else if self.line.is_empty() && self.lines.is_empty() {
            // Nothing stands before it.
        } else if self.line.is_empty() || self.line.run.is_paragraph() {
            self.flush();
        } else {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if line.first.is_some() {
            line.images = std::mem::take(&mut self.images);
            line.finish();
            self.lines.push(line);
        }
    }

    fn leave(&mut self, closed: &Open) {
        if !self.shows(&closed.context) {
            return;
        }
        match closed.flow {
            Flow::Block => self.flush(),
            Flow::Inline if !closed.context.ignored => self.line.leave(self.page, closed.node),
            _ => {}
        }
    }

    /// Ends the line at hand, and the blocks that it and the lines before it are.
    fn flush(&mut self) {
        self.end_line();
        for block in line::blocks_of(self.page, std::mem::take(&mut self.lines)) {
            self.add_block(block);
        }
    }

    fn add_block(&mut self, mut block: Line) {
        let Some((first, context)) = block.first else {
            return;
        };
        if matches!(context.shape, Shape::Heading(_)) && block.links > 0 {
            block.drop_edit_links();
        }
        let text = if context.preformatted {
            block.run.text.trim_matches('\n').trim_end().to_owned()
        } else {
            let mut text = block.run.text;
            let end = match context.shape {
                Shape::Heading(_) if block.links > 0 => super::without_permalink(&text),
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
            chars: block.run.chars,
            link_chars: block.link_chars,
            links: block.links,
            images: block.images,
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
            bold: !block.has_plain_text,
            hidden_emails: block.hidden_emails,
        });
    }
}

#[cfg(test)]
mod tests;
