//! Sums over the blocks of an element, and over those of one template.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::body::features::Hashed;

/// Sums over some blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockSums {
    pub(crate) blocks: usize,
    pub(crate) words: usize,
    /// Words in running text.
    pub(crate) running: usize,
    pub(crate) chars: usize,
    pub(crate) link_chars: usize,
    /// Positive gains of the density stage, in hundredths of a word.
    pub(crate) gain: usize,
    /// Words that the rules keep.
    pub(crate) kept: usize,
    /// Blocks that are or open with a chrome phrase.
    pub(crate) chrome: usize,
}

impl BlockSums {
    pub(crate) fn plus(self, other: Self) -> Self {
        self.combined(other, |one, other| one + other)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.combined(other, |one, other| one - other)
    }

    fn combined(self, other: Self, each: impl Fn(usize, usize) -> usize) -> Self {
        Self {
            blocks: each(self.blocks, other.blocks),
            words: each(self.words, other.words),
            running: each(self.running, other.running),
            chars: each(self.chars, other.chars),
            link_chars: each(self.link_chars, other.link_chars),
            gain: each(self.gain, other.gain),
            kept: each(self.kept, other.kept),
            chrome: each(self.chrome, other.chrome),
        }
    }
}

/// The blocks of a page grouped by the template that builds them.
pub(crate) struct TemplateGroups {
    /// The number of each block's group.
    pub(crate) group: Vec<usize>,
    sums: Vec<BlockSums>,
}

impl TemplateGroups {
    /// Groups blocks by a key each, which stands for their template; `each` is what a block adds to
    /// its group's sums.
    pub(crate) fn by(keys: impl Iterator<Item = u64>, each: &[BlockSums]) -> Self {
        let mut known: HashMap<u64, usize, BuildHasherDefault<Hashed>> = HashMap::default();
        let (mut group, mut sums) = (Vec::with_capacity(each.len()), Vec::new());
        for (key, one) in keys.zip(each) {
            let at = *known.entry(key).or_insert(sums.len());
            if at == sums.len() {
                sums.push(BlockSums::default());
            }
            sums[at] = sums[at].plus(*one);
            group.push(at);
        }
        Self { group, sums }
    }

    /// The sums of the group that a block is in.
    pub(crate) fn of(&self, block: usize) -> BlockSums {
        self.sums[self.group[block]]
    }
}
