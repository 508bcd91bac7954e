//! What the groups of features share about a page.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::block::{self, Cue, TextBlock};
use crate::body::baselines::{self, Class, Paragraphs};
use crate::body::clean::Reason;
use crate::body::density::Density;
use crate::body::features::around::{Groups, Places, Sums};
use crate::body::features::own::Look;
use crate::body::features::{Found, likeness, number};
use crate::dom::{Document, NodeId, Tag};

/// All that the groups of features share about a page.
pub(crate) struct Context<'a> {
    pub(crate) page: &'a Document,
    pub(crate) blocks: &'a [TextBlock],
    pub(crate) looks: &'a [Look],
    pub(crate) density: &'a Density,
    /// Whether the rules keep each block.
    pub(crate) kept: Vec<bool>,
    /// Why they drop it, as a number.
    pub(crate) reasons: Vec<f32>,
    pub(crate) paragraphs: Paragraphs,
    pub(crate) classes: Vec<Class>,
    pub(crate) settled: Vec<bool>,
    pub(crate) best_run: Range<usize>,
    pub(crate) places: Places,
    /// Sums over all blocks before each, and over all.
    pub(crate) prefix: Vec<Sums>,
    pub(crate) all: Sums,
    pub(crate) alike: Groups,
    pub(crate) kin: Groups,
    /// The block that repeats the headline, 0 where none does.
    pub(crate) title: usize,
    pub(crate) first_kept: usize,
    pub(crate) last_kept: usize,
    pub(crate) script_runs: usize,
}

/// Words from which a block with few links counts as running text.
pub(crate) const RUNNING_WORDS: usize = 10;

impl<'a> Context<'a> {
    pub(crate) fn of(found: &Found<'a>, looks: &'a [Look], known: &likeness::Known) -> Self {
        let blocks = found.blocks;
        let kept: Vec<bool> = found.verdicts.iter().map(Option::is_none).collect();
        let each: Vec<Sums> = (0..blocks.len())
            .map(|at| sums_of_one(found, looks, kept[at], at))
            .collect();
        let mut prefix = vec![Sums::default()];
        for one in &each {
            prefix.push(prefix[prefix.len() - 1].plus(*one));
        }
        let classes: Vec<Class> = blocks
            .iter()
            .zip(looks)
            .map(|(block, look)| baselines::class(block, look.stop_share()))
            .collect();
        let page = found.page;
        let own_key = |block: &TextBlock| page.tag_and_class_hash(block.node);
        let alike_key = |block: &TextBlock| {
            let outer = page.node(block.node).parent;
            own_key(block) ^ page.tag_and_class_hash(outer).rotate_left(17) ^ table_key(page, block)
        };
        Self {
            page,
            blocks,
            looks,
            density: found.density,
            reasons: found
                .verdicts
                .iter()
                .map(|verdict| verdict.map_or(0.0, reason_number))
                .collect(),
            paragraphs: baselines::paragraphs(page, blocks),
            settled: baselines::settle(&classes),
            classes,
            best_run: baselines::best_run(&found.density.gains),
            places: Places::of(page),
            all: prefix[blocks.len()],
            alike: Groups::by(blocks.iter().map(alike_key), &each),
            kin: Groups::by(blocks.iter().map(own_key), &each),
            prefix,
            title: looks
                .iter()
                .position(|look| known.is_title(look))
                .unwrap_or(0),
            first_kept: kept.iter().position(|kept| *kept).unwrap_or(0),
            last_kept: kept.iter().rposition(|kept| *kept).unwrap_or(0),
            script_runs: known.script_runs(),
            kept,
        }
    }

    pub(crate) fn words_before(&self, at: usize) -> usize {
        self.prefix[at].words
    }

    pub(crate) fn between(&self, from: usize, to: usize) -> Sums {
        self.prefix[to].minus(self.prefix[from])
    }

    /// Sums over the blocks inside an element.
    pub(crate) fn sums_of(&self, node: NodeId) -> Sums {
        let inside = block::inside(self.page, self.blocks, node);
        self.between(inside.start, inside.end)
    }

    /// The next block-level element out; the root stays.
    pub(crate) fn outer(&self, node: NodeId) -> NodeId {
        let parent = self.page.node(node).parent;
        if self.page.tag(parent) == Tag::Html {
            node
        } else {
            parent
        }
    }
}

fn sums_of_one(found: &Found, looks: &[Look], kept: bool, at: usize) -> Sums {
    let block = &found.blocks[at];
    let running = block.words >= RUNNING_WORDS && block.link_density() < 0.4;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Some hundreds at most.
    let gain = (found.density.gains[at].max(0.0) * 100.0) as usize;
    Sums {
        blocks: 1,
        words: block.words,
        running: if running { block.words } else { 0 },
        chars: block.chars,
        link_chars: block.link_chars,
        gain,
        kept: if kept { block.words } else { 0 },
        chrome: usize::from(looks[at].phrase.is_some()),
    }
}

/// Tells the tables apart whose cells have no names: those that lay out a page are of one build, the
/// menu's and the story's.
fn table_key(page: &Document, block: &TextBlock) -> u64 {
    match block.cell {
        Some(cell) if cell.cell == block.node && page.attribute(cell.cell, "class").is_none() => {
            xxh3_64(&cell.table.index().to_le_bytes())
        }
        _ => 0,
    }
}

/// A reason as a number, alike reasons beside each other.
fn reason_number(reason: Reason) -> f32 {
    match reason {
        Reason::OutsideBody | Reason::OtherStory => 1.0,
        Reason::BeforeTitle => 2.0,
        Reason::Title => 3.0,
        Reason::Byline => 4.0,
        Reason::LoneHeading => 5.0,
        Reason::LinkDensity => 6.0,
        // The last three are given later.
        Reason::Phrase(_) | Reason::NotShown | Reason::Menu | Reason::Score | Reason::Excerpt => {
            7.0
        }
        Reason::Named(cue) => 8.0 + Cue::ALL.iter().position(|c| *c == cue).map_or(0.0, number),
    }
}
