//! The text blocks of a page: runs of inline text between block-level boundaries, with what the
//! later stages want to know about each.
//!
//! A block is the unit of Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection using Shallow
//! Text Features" (WSDM 2010): text without a block-level tag in it. `<br><br>` ends a block too,
//! since table-era pages write paragraphs that way, and a single `<br>` does where it parts links from
//! text ([`line`]).

pub(crate) mod class_names;
pub mod cues;
mod edit_links;
pub(crate) mod email;
mod inherit;
mod initials;
mod inner_paragraphs;
pub mod languages;
mod line;
pub mod phrases;
mod proportions;
mod scripts;
mod segment;
pub(crate) mod stop_words;
mod text;

use std::ops::Range;

use crate::dom::{Document, NodeId};

pub(crate) use class_names::{MAX_NAMES, parts_of_name};
pub use cues::{Cue, Cues};
pub use languages::Languages;
pub(crate) use proportions::RUNNING_WORDS;
pub(crate) use segment::forget_class_names;
pub use segment::segment;
pub(crate) use text::{is_cjk, word_count};

/// A run of text as a reader sees it, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBlock {
    /// The innermost block-level element around the text.
    pub node: NodeId,
    /// The first text node of the block.
    pub first: NodeId,
    /// The text, white space collapsed; `\n` where the page breaks a line.
    pub text: String,
    /// Words in `text`; for scripts without spaces, half the characters.
    pub words: usize,
    /// Characters of `text`, white space not counted.
    pub chars: usize,
    /// Characters of `text` inside links, white space not counted.
    pub link_chars: usize,
    /// Links that begin in the block.
    pub links: usize,
    /// Images in the block or between it and the block before.
    pub images: usize,
    /// What the block is.
    pub shape: Shape,
    /// The element that gives the block its shape: the heading, list item, quotation, `<pre>` or
    /// caption around it; for a paragraph, `node`.
    pub group: NodeId,
    /// What the elements around it, up to the root, are or call themselves.
    pub cues: Cues,
    /// The same, for the block's own element only.
    pub own_cues: Cues,
    /// The innermost table, row and cell the block stands in.
    pub cell: Option<Cell>,
    /// Whether that table holds data, rather than laying out a page.
    pub tabular: bool,
    /// Whether all text of the block is bold.
    pub bold: bool,
    /// Elements in the block whose text stands for an e-mail address that Cloudflare hides.
    pub hidden_emails: Vec<NodeId>,
}

/// What a block is, by the elements around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Running text in no other shape.
    Paragraph,
    /// Text of a heading of this level.
    Heading(u8),
    /// An item of a list.
    Item {
        /// Whether the list counts its items.
        ordered: bool,
        /// 0 for an outermost list.
        depth: u8,
        /// The `<li>` itself: further blocks of one item have the same.
        item: NodeId,
    },
    /// Part of a quotation set apart.
    Quote,
    /// Preformatted text.
    Code,
    /// What stands under an image.
    Caption,
}

/// A place in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The table.
    pub table: NodeId,
    /// The row's element.
    pub row: NodeId,
    /// The cell's element.
    pub cell: NodeId,
}

impl TextBlock {
    /// Share of the block's characters inside links, 0 to 1 (Kohlschütter et al., 2010).
    pub(crate) fn link_density(&self) -> f64 {
        if self.chars == 0 {
            return 0.0;
        }
        ratio(self.link_chars, self.chars)
    }

    pub(crate) fn is_heading(&self) -> bool {
        matches!(self.shape, Shape::Heading(_))
    }

    /// Whether the text ends as a sentence does.
    pub(crate) fn ends_sentence(&self) -> bool {
        ends_sentence(&self.text)
    }

    /// Whether the text is numbered as an entry of a list is: "3. The bridge", "12) Rain".
    pub(crate) fn is_counted(&self) -> bool {
        let rest = self.text.trim_start_matches(|c: char| c.is_numeric());
        let digits = self.text.len() - rest.len();
        (1..=MAX_COUNT_BYTES).contains(&digits)
            && rest
                .strip_prefix(['.', ')', ':', '．', '、'])
                .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    }
}

/// The words of some blocks.
pub(crate) fn words_in<'a>(blocks: impl IntoIterator<Item = &'a TextBlock>) -> usize {
    blocks.into_iter().map(|block| block.words).sum()
}

/// Where in `blocks`, all those of a page, the ones stand whose text begins inside an element.
pub(crate) fn inside(page: &Document, blocks: &[TextBlock], element: NodeId) -> Range<usize> {
    let end = page.node(element).end;
    blocks.partition_point(|block| block.first < element)
        ..blocks.partition_point(|block| block.first < end)
}

/// The blocks that are entries of one list, as ranges; a block in no list has one of its own.
pub(crate) fn lists(page: &Document, blocks: &[TextBlock]) -> Vec<Range<usize>> {
    let list = |at: usize| match blocks[at].shape {
        Shape::Item { item, .. } => Some(page.node(item).parent),
        _ => None,
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..blocks.len() {
        match found.last_mut() {
            Some(run) if list(at).is_some() && list(at) == list(run.start) => run.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

/// Bytes of the longest number that counts a list's entries; years are longer.
const MAX_COUNT_BYTES: usize = 3;

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches([
        '"', '\'', '”', '’', '»', '«', ')', '」', '』', '“', ']', ' ',
    ])
    .ends_with([
        '.', '!', '?', '…', '。', '！', '？', '।', '؟', ':', '．', '۔',
    ])
}

/// A heading without the letter that Sphinx, `MkDocs` and others link it to itself by.
pub(crate) fn without_permalink(heading: &str) -> &str {
    heading.trim_end_matches(|c: char| matches!(c, '¶' | '🔗') || c.is_whitespace())
}

/// `part / whole` for counts; 0 when `whole` is 0.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts on a page are far below 2^52.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
