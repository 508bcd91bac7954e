//! What is decided by the share of the page that an element holds: which cues count for the blocks
//! inside, which headings, captions and list items are too large to be one, which tables hold data.

use std::collections::HashMap;

use super::cues::{Cue, Cues};
use super::{Cell, Shape, TextBlock, ratio, words_in};
use crate::dom::{Document, NodeData, NodeId};

/// Share of a page's running text from which an element is the page rather than a part of it, so
/// that a name such as `has-sidebar` or a form around everything says nothing about its contents.
const DOMINANT_SHARE: f64 = 0.5;

/// The same for cues whose words also stand in classes of whole stories, such as `WordPress`'s
/// `post tag-rain category-town`.
const WEAK_SHARE: f64 = 0.2;

/// Cues of that kind.
const WEAK: Cues = Cues::all_of(&[
    Cue::Tags,
    Cue::Ad,
    Cue::Author,
    Cue::Meta,
    Cue::Share,
    Cue::Prompt,
    Cue::Header,
    Cue::Caption,
]);

/// Cues that hold however much of the page they are around.
const LASTING: Cues = Cues::all_of(&[Cue::Content, Cue::Link]);

/// The same share for comments: a thread can be much longer than the story above it.
const DOMINANT_COMMENTS_SHARE: f64 = 0.85;

/// Words from which a block with few links counts as running text.
pub(crate) const RUNNING_WORDS: usize = 10;

/// Gives each block the cues of all elements around it, those of dominant elements left out.
/// `own` holds the cues of each node of the page.
pub(super) fn inherit_cues(page: &Document, own: Vec<Cues>, blocks: &mut [TextBlock]) {
    let mut words = vec![0usize; page.len()];
    for block in blocks.iter().filter(|block| block.words >= RUNNING_WORDS) {
        words[block.first.index()] += block.words;
    }
    for (id, node) in page.nodes().skip(1).rev() {
        words[node.parent.index()] += words[id.index()];
    }
    let all = words[NodeId::ROOT.index()];
    let mut around = own;
    for (id, node) in page.nodes().skip(1) {
        let at = id.index();
        let above = around[node.parent.index()];
        around[at] = above.with(without_dominant(around[at], ratio(words[at], all)));
    }
    for block in blocks {
        block.cues = around[innermost_around(page, block).index()];
    }
}

/// The innermost element around the better part of a block: what an inline element at its front calls itself,
/// such as the number of comments before a paragraph, says nothing of the rest.
fn innermost_around(page: &Document, block: &TextBlock) -> NodeId {
    let holds_most = |element: &NodeId| {
        let mut bytes = 0;
        *element <= block.node
            || page.subtree(*element).any(|(_, node)| {
                if let NodeData::Text(text) = &node.data {
                    bytes += text.trim().len();
                }
                2 * bytes >= block.text.len()
            })
    };
    let mut around = page.ancestors(block.first);
    around.find(holds_most).unwrap_or(block.node)
}

/// The cues of an element that holds this share of the page's running text, as far as they say
/// something about its contents.
fn without_dominant(own: Cues, share: f64) -> Cues {
    if share <= WEAK_SHARE || own == Cues::NONE {
        return own;
    }
    let cues = own.without(WEAK);
    if share <= DOMINANT_SHARE {
        return cues;
    }
    let comment = if share <= DOMINANT_COMMENTS_SHARE {
        cues.common(Cues::of(Cue::Comment))
    } else {
        Cues::NONE
    };
    cues.common(LASTING).with(comment)
}

/// Words from which a "heading" is an element that was never closed: no headline is as long.
const MAX_HEADING_WORDS: usize = 60;

/// Words from which a "caption" holds more than one: the class of a photo essay, say.
const MAX_CAPTION_WORDS: usize = 120;

/// Words from which a list item is a container of running text, such as a story in a list of cards.
const MAX_ITEM_WORDS: usize = 250;

/// Makes paragraphs of blocks whose heading, caption, list item or quotation is too large to be one.
pub(super) fn undo_large_shapes(page: &Document, blocks: &mut [TextBlock]) {
    let mut words = vec![0usize; page.len()];
    for block in blocks.iter() {
        words[block.group.index()] += block.words;
    }
    let all = words_in(blocks.iter().filter(|block| block.words >= RUNNING_WORDS));
    for block in blocks {
        let words = words[block.group.index()];
        let too_large = match block.shape {
            Shape::Paragraph | Shape::Code => false,
            Shape::Heading(_) => words > MAX_HEADING_WORDS,
            Shape::Caption => words > MAX_CAPTION_WORDS,
            Shape::Item { .. } => words > MAX_ITEM_WORDS,
            Shape::Quote => ratio(words, all) > DOMINANT_SHARE,
        };
        if too_large {
            block.shape = Shape::Paragraph;
            block.group = block.node;
        }
    }
}

/// Most characters a cell of a data table has on average; larger cells lay out a page.
const MAX_MEAN_CELL_CHARS: usize = 150;

/// Share of a page's characters in one table from which that table is the page.
const WHOLE_PAGE: f64 = 0.95;

/// Notes which tables hold data: two rows at least, one of them with two cells, and cells that are
/// short. All others lay out a page, as do those that say so and those that hold all of it.
pub(super) fn note_data_tables(page: &Document, blocks: &mut [TextBlock]) {
    // By table: rows, cells and characters, and the row and cell seen last.
    let mut sizes: HashMap<NodeId, (TableSize, Option<Cell>)> = HashMap::new();
    for block in blocks.iter() {
        if let Some(cell) = block.cell {
            let (size, last) = sizes.entry(cell.table).or_default();
            size.rows += usize::from(last.is_none_or(|last| last.row != cell.row));
            size.cells += usize::from(last.is_none_or(|last| last.cell != cell.cell));
            size.chars += block.chars;
            *last = Some(cell);
        }
    }
    let all: usize = blocks.iter().map(|block| block.chars).sum();
    for block in blocks {
        let size = block.cell.and_then(|cell| sizes.get(&cell.table));
        block.tabular = size
            .is_some_and(|(size, _)| size.is_of_data() && ratio(size.chars, all) < WHOLE_PAGE)
            && !block.cell.is_some_and(|cell| is_layout(page, cell.table));
    }
}

/// How large a table is.
#[derive(Debug, Clone, Copy, Default)]
struct TableSize {
    rows: usize,
    cells: usize,
    chars: usize,
}

impl TableSize {
    fn is_of_data(self) -> bool {
        self.rows >= 2 && self.cells > self.rows && self.chars <= self.cells * MAX_MEAN_CELL_CHARS
    }
}

fn is_layout(page: &Document, table: NodeId) -> bool {
    let role = page.attribute(table, "role");
    role.is_some_and(|role| matches!(role, "presentation" | "none"))
}

#[cfg(test)]
mod tests {
    use super::super::segment;
    use super::*;

    const SENTENCE: &str = "The council met on Monday evening in the old school and talked. ";

    fn shapes(html: &str) -> Vec<Shape> {
        let blocks = segment(&Document::parse(html));
        blocks.into_iter().map(|block| block.shape).collect()
    }

    #[test]
    fn what_is_too_large_to_be_its_shape_is_paragraphs() {
        let story = format!("<p>{SENTENCE}</p>").repeat(40);
        for around in ["<ul><li>", "<h2>", "<div class=photo>", "<blockquote>"] {
            let shapes = shapes(&format!("{around}{story}"));
            assert_eq!(shapes, [Shape::Paragraph; 40], "{around}");
        }
        let one = shapes(&format!(
            "<p>{SENTENCE}</p><p>{SENTENCE}</p><div class=photo><p>{SENTENCE}"
        ));
        assert_eq!(one[2], Shape::Caption);
    }

    #[test]
    fn a_table_that_is_the_page_holds_no_data() {
        let table = "<table><tr><td>Home<td>Contact<tr><td>About<td>Imprint</table>";
        let tabular = |html: &str| segment(&Document::parse(html))[0].tabular;
        assert!(!tabular(table));
        assert!(tabular(&format!("{table}<p>{SENTENCE}")));
    }

    #[test]
    fn the_name_of_an_element_around_everything_says_nothing() {
        let story = format!("<p>{SENTENCE}</p>").repeat(4);
        let page = Document::parse(&format!(
            "<div class=has-sidebar>{story}<div class=sidebar><p>{SENTENCE}</div></div>"
        ));
        let aside: Vec<bool> = segment(&page)
            .iter()
            .map(|block| block.cues.has(Cue::Aside))
            .collect();
        assert_eq!(aside, [false, false, false, false, true]);
    }
}
