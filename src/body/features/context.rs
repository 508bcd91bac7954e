//! What the groups of features share about a page.

use xxhash_rust::xxh3::xxh3_64;

use crate::block::{self, Cue, TextBlock};
use crate::body::clean::{self, RemovalReason};
use crate::body::density::Density;
use crate::body::features::block_sums::{BlockSums, TemplateGroups};
use crate::body::features::containers::Landmarks;
use crate::body::features::number;
use crate::body::features::overlap::PageTexts;
use crate::body::features::text_stats::TextStats;
use crate::body::rules::RuleVerdicts;
use crate::dom::{Document, NodeId, Tag};

/// What the groups of features share about a page; lists have an entry for each block.
pub(crate) struct PageContext<'a> {
    pub(crate) page: &'a Document,
    pub(crate) blocks: &'a [TextBlock],
    pub(crate) texts: &'a [TextStats],
    pub(crate) density: &'a Density,
    verdicts: &'a [Option<RemovalReason>],
    pub(crate) landmarks: Landmarks,
    /// Sums over all blocks before each, and over all.
    pub(crate) prefix: Vec<BlockSums>,
    pub(crate) all: BlockSums,
    /// Blocks of the same tag and class, their own and their parent's.
    pub(crate) same_template: TemplateGroups,
    /// Blocks of the same tag and class of their own.
    pub(crate) same_class: TemplateGroups,
    /// The block that repeats the headline, 0 where none does.
    pub(crate) title: usize,
    pub(crate) first_kept: usize,
    pub(crate) last_kept: usize,
    pub(crate) script_runs: usize,
}

impl<'a> PageContext<'a> {
    pub(crate) fn of(
        page: &'a Document,
        rules: &'a RuleVerdicts,
        texts: &'a [TextStats],
        known: &PageTexts,
    ) -> Self {
        let blocks = &rules.blocks;
        let each: Vec<BlockSums> = (0..blocks.len()).map(|at| sums_of_one(rules, at)).collect();
        let mut prefix = vec![BlockSums::default()];
        for one in &each {
            prefix.push(prefix[prefix.len() - 1].plus(*one));
        }
        let own_key = |block: &TextBlock| page.tag_and_class_hash(block.node);
        let template_key = |block: &TextBlock| {
            let outer = page.node(block.node).parent;
            own_key(block) ^ page.tag_and_class_hash(outer).rotate_left(17) ^ table_key(page, block)
        };
        Self {
            page,
            blocks,
            texts,
            density: &rules.density,
            verdicts: &rules.verdicts,
            landmarks: Landmarks::of(page),
            all: prefix[blocks.len()],
            same_template: TemplateGroups::by(blocks.iter().map(template_key), &each),
            same_class: TemplateGroups::by(blocks.iter().map(own_key), &each),
            prefix,
            title: texts
                .iter()
                .position(|text| known.is_title(text))
                .unwrap_or(0),
            first_kept: rules.verdicts.iter().position(Option::is_none).unwrap_or(0),
            last_kept: rules
                .verdicts
                .iter()
                .rposition(Option::is_none)
                .unwrap_or(0),
            script_runs: known.script_runs(),
        }
    }

    /// Whether the rules keep a block.
    pub(crate) fn is_kept(&self, at: usize) -> bool {
        self.verdicts[at].is_none()
    }

    /// Why they leave it out, as a number; 0 where they keep it.
    pub(crate) fn removal_number(&self, at: usize) -> f32 {
        self.verdicts[at].map_or(0.0, reason_number)
    }

    pub(crate) fn words_before(&self, at: usize) -> usize {
        self.prefix[at].words
    }

    pub(crate) fn between(&self, from: usize, to: usize) -> BlockSums {
        self.prefix[to].minus(self.prefix[from])
    }

    /// Sums over the blocks inside an element.
    pub(crate) fn sums_of(&self, node: NodeId) -> BlockSums {
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

/// What one block adds to sums.
fn sums_of_one(rules: &RuleVerdicts, at: usize) -> BlockSums {
    let block = &rules.blocks[at];
    let words_if = |is: bool| if is { block.words } else { 0 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Some hundreds at most.
    let gain = (rules.density.gains[at].max(0.0) * 100.0) as usize;
    BlockSums {
        blocks: 1,
        words: block.words,
        running: words_if(clean::is_running(block)),
        chars: block.chars,
        link_chars: block.link_chars,
        gain,
        kept: words_if(rules.verdicts[at].is_none()),
        chrome: usize::from(rules.phrases[at].is_some()),
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

/// A reason as a number; similar reasons have neighbouring numbers.
fn reason_number(reason: RemovalReason) -> f32 {
    match reason {
        RemovalReason::OutsideBody => 1.0,
        RemovalReason::OtherStory | RemovalReason::MachineSummary => 1.5,
        RemovalReason::BeforeTitle => 2.0,
        RemovalReason::Title => 3.0,
        RemovalReason::Byline => 4.0,
        RemovalReason::LoneHeading => 5.0,
        RemovalReason::LinkDensity => 6.0,
        // The last three are given later.
        RemovalReason::Phrase(_)
        | RemovalReason::NotShown
        | RemovalReason::Menu
        | RemovalReason::Score
        | RemovalReason::Excerpt => 7.0,
        RemovalReason::Named(cue) => {
            8.0 + Cue::ALL.iter().position(|c| *c == cue).map_or(0.0, number)
        }
    }
}
