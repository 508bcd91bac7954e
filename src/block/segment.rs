//! One walk over the arena that cuts a page into text blocks.

use super::around::{RUNNING_WORDS, inherit_cues, reshape, tell_tables};
use super::cues::{Cues, Reader};
use super::inherit::{Context, Flow};
use super::text::{Run, word_count};
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
    reshape(page, &mut blocks);
    tell_tables(page, &mut blocks);
    inherit_cues(page, walk.own_cues, &mut blocks);
    blocks
}

/// An open element.
#[derive(Clone, Copy)]
struct Open {
    node: NodeId,
    end: NodeId,
    flow: Flow,
    context: Context,
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
    run: Run,
    /// The first text of the block, and what it inherits.
    first: Option<(NodeId, Context)>,
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
            run: Run::default(),
            first: None,
            link_chars: 0,
            links: 0,
            images: 0,
            all_bold: true,
            hidden_emails: Vec::new(),
            closed: false,
            closed_link: None,
        };
        let mut reader = Reader::default();
        let mut open = vec![Open {
            node: NodeId::ROOT,
            end: page.node(NodeId::ROOT).end,
            flow: Flow::Block,
            context: Context::ROOT,
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
                    let own = reader.read(element);
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
    fn shows(&self, context: &Context) -> bool {
        !context.noscript || self.noscript
    }

    fn text(&mut self, id: NodeId, text: &str, context: &Context) {
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

    fn enter(&mut self, id: NodeId, element: &Element, flow: Flow, context: &Context) {
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
mod tests {
    use super::*;
    use crate::block::Shape;

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
    fn words_that_touch_in_the_markup_are_parted_where_their_letters_say_so() {
        for (html, text) in [
            ("<p><span>Omar</span><span>Ilhan</span>", "Omar Ilhan"),
            ("<p><span>foun</span><span>tain</span>", "fountain"),
            ("<p><b>C</b><b>afé</b> Mc<i>Donald</i>", "Café McDonald"),
            (
                "<p><a href=1>foun</a><a href=1>tain</a> <a href=1>x</a>y",
                "fountain xy",
            ),
            (
                "<p><i><a href=1>un</a></i><i><a href=2>deux</a></i>",
                "un deux",
            ),
            (
                "<p>Von <a href=/l>Lene Thoms</a><time>07.10.2026</time>",
                "Von Lene Thoms 07.10.2026",
            ),
            ("<p><i>x</i><sub>2</sub>", "x2"),
            ("<p>one<img src=x>two<img src=y>, three", "one two, three"),
        ] {
            assert_eq!(texts(html), [text], "{html}");
        }
    }

    #[test]
    fn words_hidden_in_a_line_are_no_part_of_it() {
        assert_eq!(
            texts(
                "<p>a <span hidden>b</span><a href=/>c <i class=screen-reader-text>opens</i></a>\
                 <span style='Display : none'>d</span><i class=material-icons>share</i></p>"
            ),
            ["a c"]
        );
        assert_eq!(
            texts("<p>a</p><span style=display:none><p>b</p></span><div hidden>c</div>"),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn what_is_styled_as_a_box_is_a_block() {
        assert_eq!(
            texts("<span style='color:red; display:block'>a</span><span>b</span>"),
            ["a", "b"]
        );
    }

    #[test]
    fn noscript_is_text_only_where_there_is_no_other() {
        let story = "The council met on Monday evening in the old school. ".repeat(8);
        let html = format!("<div id=app>Loading</div><noscript><p>{story}</p></noscript>");
        assert_eq!(texts(&html), ["Loading", story.trim()]);
        assert_eq!(
            texts(&format!(
                "<p>{story}</p><noscript><p>{story}</p></noscript>"
            )),
            [story.trim()]
        );
        assert_eq!(
            texts(
                "a<noscript><img src=x>You need to enable JavaScript to run this app.</noscript>"
            ),
            ["a"]
        );
    }

    #[test]
    fn a_caption_inside_a_paragraph_is_a_block_of_its_own() {
        let page = Document::parse("<p>Before<span class=wp-caption-text>The well</span>after</p>");
        let blocks: Vec<_> = segment(&page)
            .into_iter()
            .map(|block| (block.shape, block.text))
            .collect();
        let expected = [
            (Shape::Paragraph, "Before"),
            (Shape::Caption, "The well"),
            (Shape::Paragraph, "after"),
        ];
        assert_eq!(
            blocks,
            expected.map(|(shape, text)| (shape, text.to_owned()))
        );
    }

    #[test]
    fn images_are_counted_with_the_block_they_stand_before_or_in() {
        let page = Document::parse("<p>a</p><img src=1><p>b<picture><img src=2></picture></p>c");
        let images: Vec<_> = segment(&page).iter().map(|block| block.images).collect();
        assert_eq!(images, [0, 2, 0]);
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
