//! Where a block stands: the elements around it, the blocks beside it, and blocks built alike.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::block::Cue;
use crate::body::features::cards::Cards;
use crate::body::features::{Context, Hashed, Row, log_number, number, share};
use crate::dom::{NodeId, Tag};

/// Block-level elements around a block that are looked at, its own first.
const LEVELS: usize = 5;

/// Names and meanings of this group.
pub(crate) const NAMES: &[(&str, &str)] = &[
    (
        "tag",
        "the innermost block-level element: 1 p, 2 div, 3 li, 4 td or th, 5 heading, 6 blockquote, 7 figure or figcaption, 8 article, section or main, 9 dt or dd, 10 span or a, 0 other",
    ),
    ("depth", "elements around the block"),
    ("in_article", "whether an article element stands around it"),
    ("in_main", "whether a main element stands around it"),
    (
        "article_place",
        "number of article elements that began before, 0 outside of all",
    ),
    ("level0_words", "own element: share of the page's words"),
    (
        "level0_running",
        "own element: share of the page's running words",
    ),
    (
        "level0_pure",
        "own element: share of its words in running text",
    ),
    ("level0_links", "own element: link density"),
    ("level0_blocks", "own element: blocks, as a logarithm"),
    (
        "level0_gain",
        "own element: share of the page's positive density gains",
    ),
    (
        "level0_kept",
        "own element: share of its words that the rules keep",
    ),
    (
        "level0_chrome",
        "own element: share of its blocks that are chrome phrases",
    ),
    ("level1_words", "one element out: share of the page's words"),
    (
        "level1_running",
        "one element out: share of the page's running words",
    ),
    (
        "level1_pure",
        "one element out: share of its words in running text",
    ),
    ("level1_links", "one element out: link density"),
    ("level1_blocks", "one element out: blocks, as a logarithm"),
    (
        "level1_gain",
        "one element out: share of the page's positive density gains",
    ),
    (
        "level1_kept",
        "one element out: share of its words that the rules keep",
    ),
    (
        "level1_chrome",
        "one element out: share of its blocks that are chrome phrases",
    ),
    (
        "level2_words",
        "two elements out: share of the page's words",
    ),
    (
        "level2_running",
        "two elements out: share of the page's running words",
    ),
    (
        "level2_pure",
        "two elements out: share of its words in running text",
    ),
    ("level2_links", "two elements out: link density"),
    ("level2_blocks", "two elements out: blocks, as a logarithm"),
    (
        "level2_gain",
        "two elements out: share of the page's positive density gains",
    ),
    (
        "level2_kept",
        "two elements out: share of its words that the rules keep",
    ),
    (
        "level2_chrome",
        "two elements out: share of its blocks that are chrome phrases",
    ),
    (
        "level3_words",
        "three elements out: share of the page's words",
    ),
    (
        "level3_running",
        "three elements out: share of the page's running words",
    ),
    (
        "level3_pure",
        "three elements out: share of its words in running text",
    ),
    ("level3_links", "three elements out: link density"),
    (
        "level3_blocks",
        "three elements out: blocks, as a logarithm",
    ),
    (
        "level3_gain",
        "three elements out: share of the page's positive density gains",
    ),
    (
        "level3_kept",
        "three elements out: share of its words that the rules keep",
    ),
    (
        "level3_chrome",
        "three elements out: share of its blocks that are chrome phrases",
    ),
    (
        "level4_words",
        "four elements out: share of the page's words",
    ),
    (
        "level4_running",
        "four elements out: share of the page's running words",
    ),
    (
        "level4_pure",
        "four elements out: share of its words in running text",
    ),
    ("level4_links", "four elements out: link density"),
    ("level4_blocks", "four elements out: blocks, as a logarithm"),
    (
        "level4_gain",
        "four elements out: share of the page's positive density gains",
    ),
    (
        "level4_kept",
        "four elements out: share of its words that the rules keep",
    ),
    (
        "level4_chrome",
        "four elements out: share of its blocks that are chrome phrases",
    ),
    (
        "alike_blocks",
        "blocks with the same tags and classes, as a logarithm",
    ),
    ("alike_words", "their share of the page's words"),
    ("alike_mean", "their mean words"),
    ("alike_links", "their link density"),
    ("alike_kept", "share of their words that the rules keep"),
    (
        "kin_blocks",
        "blocks with the same own tag and class, as a logarithm",
    ),
    ("kin_mean", "their mean words"),
    ("kin_links", "their link density"),
    ("kin_kept", "share of their words that the rules keep"),
    (
        "cards",
        "elements of one build side by side, each a linked headline with a few words, that the block is in one of, as a logarithm",
    ),
];

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, context: &Context, cards: &mut Cards, at: usize) {
    let block = &context.blocks[at];
    let page = context.page;
    row.push(tag_number(page.tag(block.node)));
    row.push(number(page.node(block.node).depth as usize));
    row.flag(context.places.article[block.node.index()] > 0);
    row.flag(context.places.main[block.node.index()]);
    row.push(number(
        context.places.article[block.node.index()].min(50) as usize
    ));
    push_levels(row, context, block.node);
    let (alike, kin) = (context.alike.of(at), context.kin.of(at));
    row.push(log_number(alike.blocks));
    row.push(share(alike.words, context.all.words));
    push_group(row, alike);
    row.push(log_number(kin.blocks));
    push_group(row, kin);
    row.push(log_number(cards.around(context, block)));
}

fn push_group(row: &mut Row, sums: Sums) {
    row.push(number(sums.words) / number(sums.blocks.max(1)));
    row.push(share(sums.link_chars, sums.chars));
    row.push(share(sums.kept, sums.words));
}

fn push_levels(row: &mut Row, context: &Context, node: NodeId) {
    let mut at = node;
    for _ in 0..LEVELS {
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

/// For each node, whether `main` stands around it and which `article` element does.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) main: Vec<bool>,
    pub(crate) article: Vec<u32>,
    /// Number of article elements on the page.
    pub(crate) articles: u32,
}

impl Places {
    pub(crate) fn of(page: &crate::dom::Document) -> Self {
        let mut places = Self {
            main: vec![false; page.len()],
            article: vec![0; page.len()],
            articles: 0,
        };
        for (id, node) in page.nodes() {
            let (at, up) = (id.index(), node.parent.index());
            places.main[at] = places.main[up];
            places.article[at] = places.article[up];
            match page.tag(id) {
                Tag::Main => places.main[at] = true,
                Tag::Article => {
                    places.articles += 1;
                    places.article[at] = places.articles;
                }
                _ => {}
            }
        }
        places
    }
}

/// Sums over a set of blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) blocks: usize,
    pub(crate) words: usize,
    pub(crate) running: usize,
    pub(crate) chars: usize,
    pub(crate) link_chars: usize,
    pub(crate) gain: usize,
    pub(crate) kept: usize,
    pub(crate) chrome: usize,
}

impl Sums {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            words: self.words + other.words,
            running: self.running + other.running,
            chars: self.chars + other.chars,
            link_chars: self.link_chars + other.link_chars,
            gain: self.gain + other.gain,
            kept: self.kept + other.kept,
            chrome: self.chrome + other.chrome,
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self {
            blocks: self.blocks - other.blocks,
            words: self.words - other.words,
            running: self.running - other.running,
            chars: self.chars - other.chars,
            link_chars: self.link_chars - other.link_chars,
            gain: self.gain - other.gain,
            kept: self.kept - other.kept,
            chrome: self.chrome - other.chrome,
        }
    }
}

/// Blocks grouped by how they are built.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    group: Vec<usize>,
    sums: Vec<Sums>,
}

impl Groups {
    /// Groups blocks by a key each, which stands for their build.
    pub(crate) fn by(keys: impl Iterator<Item = u64>, each: &[Sums]) -> Self {
        let mut known: HashMap<u64, usize, BuildHasherDefault<Hashed>> = HashMap::default();
        let mut groups = Self::default();
        for (key, one) in keys.zip(each) {
            let next = groups.sums.len();
            let group = *known.entry(key).or_insert(next);
            if group == next {
                groups.sums.push(Sums::default());
            }
            groups.sums[group] = groups.sums[group].plus(*one);
            groups.group.push(group);
        }
        groups
    }

    /// The group of each block.
    pub(crate) fn into_numbers(self) -> Vec<usize> {
        self.group
    }

    pub(crate) fn of(&self, block: usize) -> Sums {
        self.sums[self.group[block]]
    }
}

/// Names of the cue features: each cue of the elements around, then of the block's own element.
pub(crate) fn cue_names() -> impl Iterator<Item = (String, String)> {
    let around = Cue::ALL.into_iter().map(|cue| {
        let name = cue.name();
        (
            format!("cue_{name}"),
            format!("whether an element around is named as {name}"),
        )
    });
    let own = Cue::ALL.into_iter().map(|cue| {
        let name = cue.name();
        (
            format!("own_{name}"),
            format!("whether its own element is named as {name}"),
        )
    });
    around.chain(own)
}
