//! One walk over the arena that cuts a page into text blocks.

use super::cues::{Cue, Cues, Reader};
use super::text::{Run, word_count};
use super::{Cell, Shape, TextBlock};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};

/// An open element, with what its contents inherit.
#[derive(Clone)]
struct Open {
    node: NodeId,
    end: NodeId,
    block_level: bool,
    context: Context,
}

/// What text inherits from the elements around it.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools)] // Four independent facts, read one by one.
struct Context {
    /// The innermost block-level element.
    node: NodeId,
    own_cues: Cues,
    shape: Shape,
    cell: Option<Cell>,
    lists: u8,
    ordered: bool,
    link: bool,
    bold: bool,
    preformatted: bool,
    ignored: bool,
}

/// Cuts a page into text blocks in document order.
#[must_use]
pub fn segment(page: &Document) -> Vec<TextBlock> {
    let mut walk = Walk {
        blocks: Vec::new(),
        run: Run::default(),
        first: None,
        context: None,
        link_chars: 0,
        links: 0,
        all_bold: true,
    };
    let mut reader = Reader::default();
    let mut own_cues = vec![Cues::default(); page.len()];
    let mut open = vec![Open {
        node: NodeId::ROOT,
        end: page.node(NodeId::ROOT).end,
        block_level: true,
        context: Context {
            node: NodeId::ROOT,
            own_cues: Cues::default(),
            shape: Shape::Paragraph,
            cell: None,
            lists: 0,
            ordered: false,
            link: false,
            bold: false,
            preformatted: false,
            ignored: false,
        },
    }];
    for (id, node) in page.nodes() {
        while open.len() > 1 && open.last().is_some_and(|top| top.end <= id) {
            walk.leave(open.pop(), page);
        }
        let Some(top) = open.last() else { break };
        match &node.data {
            NodeData::Text(text) if !top.context.ignored => walk.text(id, text, &top.context),
            NodeData::Root | NodeData::Text(_) => {}
            NodeData::Element(element) => {
                let own = reader.read(element);
                own_cues[id.index()] = own;
                let context = inherit(&top.context, id, element, own);
                let block_level = is_block_level(element.tag);
                walk.enter(element.tag, block_level, &context);
                if node.end.index() > id.index() + 1 {
                    open.push(Open {
                        node: id,
                        end: node.end,
                        block_level,
                        context,
                    });
                }
            }
        }
    }
    walk.flush();
    let mut blocks = walk.blocks;
    inherit_cues(page, own_cues, &mut blocks);
    blocks
}

/// Share of a page's running text from which an element is the page rather than a part of it, so
/// that a name such as `has-sidebar` or a form around everything says nothing about its contents.
const DOMINANT_SHARE: f64 = 0.5;

/// The same for cues whose words also stand in classes of whole stories, such as `WordPress`'s
/// `post tag-rain category-town`.
const WEAK_SHARE: f64 = 0.2;

/// Cues of that kind.
const WEAK: [Cue; 8] = [
    Cue::Tags,
    Cue::Ad,
    Cue::Author,
    Cue::Meta,
    Cue::Share,
    Cue::Prompt,
    Cue::Header,
    Cue::Caption,
];

/// The same for comments: a thread can be much longer than the story above it.
const DOMINANT_COMMENTS_SHARE: f64 = 0.85;

/// Words from which a block counts as running text here.
const RUNNING_WORDS: usize = 10;

/// Gives each block the cues of all elements around it, those of dominant elements left out.
fn inherit_cues(page: &Document, own: Vec<Cues>, blocks: &mut [TextBlock]) {
    let mut words = vec![0usize; page.len()];
    for block in blocks.iter().filter(|block| block.words >= RUNNING_WORDS) {
        words[block.first.index()] += block.words;
    }
    for (id, node) in page.nodes().collect::<Vec<_>>().into_iter().rev() {
        if id != NodeId::ROOT {
            words[node.parent.index()] += words[id.index()];
        }
    }
    let all = words[NodeId::ROOT.index()];
    let mut around = own;
    for (id, node) in page.nodes().skip(1) {
        let at = id.index();
        let share = super::ratio(words[at], all);
        let mut cues = around[at];
        if share > WEAK_SHARE {
            cues = cues.without(
                WEAK.into_iter()
                    .map(Cues::of)
                    .fold(Cues::default(), Cues::with),
            );
        }
        if share > DOMINANT_SHARE {
            let comment = Cues::of(Cue::Comment).common(cues);
            cues = cues.common(Cues::of(Cue::Content).with(Cues::of(Cue::Link)));
            if share <= DOMINANT_COMMENTS_SHARE {
                cues = cues.with(comment);
            }
        }
        around[at] = around[node.parent.index()].with(cues);
    }
    for block in blocks {
        block.cues = around[block.first.index()];
    }
}

fn is_block_level(tag: Tag) -> bool {
    !tag.is_inline()
        && !matches!(
            tag,
            Tag::Br
                | Tag::Img
                | Tag::Picture
                | Tag::Source
                | Tag::Svg
                | Tag::Other
                | Tag::Math
                | Tag::Script
                | Tag::Style
                | Tag::Noscript
                | Tag::Input
                | Tag::Link
                | Tag::Meta
                | Tag::AmpImg
                | Tag::Map
                | Tag::Template
        )
}

/// Elements whose text is never words of the page.
fn is_ignored(tag: Tag) -> bool {
    tag.is_raw_text()
        || matches!(
            tag,
            Tag::Head
                | Tag::Noscript
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

fn inherit(outer: &Context, id: NodeId, element: &Element, own: Cues) -> Context {
    let mut context = outer.clone();
    let tag = element.tag;
    if is_block_level(tag) {
        context.node = id;
        context.own_cues = own;
    } else {
        context.own_cues = outer.own_cues.with(own);
    }
    context.ignored |= is_ignored(tag);
    match tag {
        Tag::A => context.link |= element.attribute("href").is_some(),
        Tag::B | Tag::Strong => context.bold = true,
        Tag::Ul | Tag::Ol | Tag::Menu => {
            context.lists = outer.lists.saturating_add(1);
            context.ordered = tag == Tag::Ol;
        }
        Tag::Li | Tag::Dt | Tag::Dd => {
            context.shape = Shape::Item {
                ordered: outer.ordered,
                depth: outer.lists.saturating_sub(1),
                item: id,
            };
        }
        Tag::Blockquote => context.shape = Shape::Quote,
        Tag::Pre => {
            context.shape = Shape::Code;
            context.preformatted = true;
        }
        Tag::Figcaption => context.shape = Shape::Caption,
        Tag::Table => {
            context.cell = Some(Cell {
                table: id,
                row: id,
                cell: id,
            });
        }
        Tag::Tr => {
            if let Some(cell) = &mut context.cell {
                cell.row = id;
            }
        }
        Tag::Td | Tag::Th => {
            if let Some(cell) = &mut context.cell {
                cell.cell = id;
            }
        }
        _ => {
            if let Some(level) = tag.heading_level() {
                context.shape = Shape::Heading(level);
            }
        }
    }
    // Captions that are marked by their class only.
    if own.has(Cue::Caption) && context.shape == Shape::Paragraph && !own.has(Cue::Content) {
        context.shape = Shape::Caption;
    }
    context
}

struct Walk {
    blocks: Vec<TextBlock>,
    run: Run,
    first: Option<NodeId>,
    context: Option<Context>,
    link_chars: usize,
    links: usize,
    all_bold: bool,
}

impl Walk {
    fn text(&mut self, id: NodeId, text: &str, context: &Context) {
        let added = self.run.push(text, context.preformatted);
        if added == 0 {
            return;
        }
        if self.first.is_none() {
            self.first = Some(id);
            self.context = Some(context.clone());
        }
        if context.link {
            self.link_chars += added;
        }
        self.all_bold &= context.bold;
    }

    fn enter(&mut self, tag: Tag, block_level: bool, context: &Context) {
        if tag == Tag::Br && !context.ignored {
            if self.run.break_line() {
                self.flush();
            }
        } else if block_level {
            self.flush();
        } else if tag == Tag::A && context.link {
            self.links += 1;
        }
    }

    fn leave(&mut self, closed: Option<Open>, page: &Document) {
        let Some(closed) = closed else { return };
        if closed.block_level {
            self.flush();
        } else if page.tag(closed.node) == Tag::A {
            // Neighbouring links stand apart on the screen even where the markup glues them.
            let next = closed.end;
            if next.index() < page.len() && page.tag(next) == Tag::A {
                self.run.space();
            }
        }
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        let (first, context) = (self.first.take(), self.context.take());
        let link_chars = std::mem::take(&mut self.link_chars);
        let links = std::mem::take(&mut self.links);
        let bold = std::mem::replace(&mut self.all_bold, true);
        let (Some(first), Some(context)) = (first, context) else {
            return;
        };
        let text = if context.preformatted {
            run.text.trim_matches('\n').trim_end().to_owned()
        } else {
            run.text.trim().to_owned()
        };
        self.blocks.push(TextBlock {
            node: context.node,
            first,
            words: word_count(&text),
            text,
            chars: run.chars,
            link_chars,
            links,
            shape: context.shape,
            cues: Cues::default(),
            own_cues: context.own_cues,
            cell: context.cell,
            bold,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> Vec<String> {
        segment(&Document::parse(html))
            .into_iter()
            .map(|block| block.text)
            .collect()
    }

    #[test]
    fn block_level_tags_and_double_breaks_end_blocks() {
        assert_eq!(
            texts("<div>a <b>b</b><p>c<br>d<br> <br>e</p>f</div>"),
            ["a b", "c\nd", "e", "f"]
        );
    }

    #[test]
    fn names_in_neighbouring_links_are_not_glued() {
        assert_eq!(
            texts("<p><a href=1>Omar</a><a href=2>Ilhan</a>"),
            ["Omar Ilhan"]
        );
        assert_eq!(texts("<div>Omar</div><div>Ilhan</div>"), ["Omar", "Ilhan"]);
        assert_eq!(texts("<p><span class=dropcap>O</span>nce"), ["Once"]);
    }

    #[test]
    fn shapes_come_from_the_elements_around() {
        let page = Document::parse(
            "<h2>h</h2><ul><li>a<ol><li>b</ol></ul><blockquote><p>q</blockquote><pre>x\n  y</pre>",
        );
        let shapes: Vec<_> = segment(&page)
            .into_iter()
            .map(|b| (b.shape, b.text))
            .collect();
        assert_eq!(shapes[0].0, Shape::Heading(2));
        assert!(matches!(
            shapes[1].0,
            Shape::Item {
                ordered: false,
                depth: 0,
                ..
            }
        ));
        assert!(matches!(
            shapes[2].0,
            Shape::Item {
                ordered: true,
                depth: 1,
                ..
            }
        ));
        assert_eq!(shapes[3], (Shape::Quote, "q".to_owned()));
        assert_eq!(shapes[4], (Shape::Code, "x\n  y".to_owned()));
    }

    #[test]
    fn ruby_readings_and_scripts_are_no_text() {
        assert_eq!(
            texts("<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby>字<script>x</script>"),
            ["漢字"]
        );
    }

    #[test]
    fn link_density_is_the_share_of_linked_characters() {
        let blocks = segment(&Document::parse("<p>abc <a href=x>def</a>"));
        assert!((blocks[0].link_density() - 0.5).abs() < 1e-9);
        assert_eq!(blocks[0].links, 1);
    }
}
