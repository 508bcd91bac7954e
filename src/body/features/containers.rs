//! The elements around a block, and the blocks of the same template.

use crate::body::features::block_sums::BlockSums;
use crate::body::features::cards::Cards;
use crate::body::features::{PageContext, Row, log_number, number, share};
use crate::dom::{Document, NodeId, Tag};

/// Elements around a block that are looked at, as the meanings of columns call them.
pub(crate) const LEVELS: [&str; 5] = [
    "own element",
    "one element out",
    "two elements out",
    "three elements out",
    "four elements out",
];

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, context: &PageContext, cards: &mut Cards, at: usize) {
    let block = &context.blocks[at];
    let page = context.page;
    row.push(tag_number(page.tag(block.node)));
    row.push(number(page.node(block.node).depth as usize));
    let article = context.landmarks.article[block.node.index()];
    row.flag(article > 0);
    row.flag(context.landmarks.main[block.node.index()]);
    row.push(number(article.min(50) as usize));
    push_levels(row, context, block.node);
    let (template, class) = (context.same_template.of(at), context.same_class.of(at));
    row.push(log_number(template.blocks));
    row.push(share(template.words, context.all.words));
    push_means(row, template);
    row.push(log_number(class.blocks));
    push_means(row, class);
    row.push(log_number(cards.around(context, block)));
}

fn push_means(row: &mut Row, sums: BlockSums) {
    row.push(number(sums.words) / number(sums.blocks.max(1)));
    row.push(share(sums.link_chars, sums.chars));
    row.push(share(sums.kept, sums.words));
}

fn push_levels(row: &mut Row, context: &PageContext, node: NodeId) {
    let mut at = node;
    for _ in LEVELS {
        let sums = context.sums_of(at);
        row.push(share(sums.words, context.all.words));
        row.push(share(sums.running, context.all.running));
        row.push(share(sums.running, sums.words));
        row.push(share(sums.link_chars, sums.chars));
        row.push(log_number(sums.blocks));
        row.push(share(sums.gain, context.all.gain));
        row.push(share(sums.kept, sums.words));
        row.push(share(sums.chrome, sums.blocks));
        at = context.outer(at);
    }
}

fn tag_number(tag: Tag) -> f32 {
    match tag {
        Tag::P => 1.0,
        Tag::Div => 2.0,
        Tag::Li => 3.0,
        Tag::Td | Tag::Th => 4.0,
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => 5.0,
        Tag::Blockquote => 6.0,
        Tag::Figure | Tag::Figcaption => 7.0,
        Tag::Article | Tag::Section | Tag::Main => 8.0,
        Tag::Dt | Tag::Dd => 9.0,
        Tag::Span | Tag::A => 10.0,
        _ => 0.0,
    }
}

/// The `main` and `article` elements around each node.
pub(crate) struct Landmarks {
    pub(crate) main: Vec<bool>,
    /// Which `article` element of the page it is, from 1 on; 0 for none.
    pub(crate) article: Vec<u32>,
    /// Number of article elements on the page.
    pub(crate) articles: u32,
}

impl Landmarks {
    pub(crate) fn of(page: &Document) -> Self {
        let mut landmarks = Self {
            main: vec![false; page.len()],
            article: vec![0; page.len()],
            articles: 0,
        };
        for (id, node) in page.nodes() {
            let (at, up) = (id.index(), node.parent.index());
            landmarks.main[at] = landmarks.main[up];
            landmarks.article[at] = landmarks.article[up];
            match page.tag(id) {
                Tag::Main => landmarks.main[at] = true,
                Tag::Article => {
                    landmarks.articles += 1;
                    landmarks.article[at] = landmarks.articles;
                }
                _ => {}
            }
        }
        landmarks
    }
}
