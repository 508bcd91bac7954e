//! The learned stage: boosted regression trees over the features of a block, and of a page.
//!
//! The trees are trained by `config/model/train.py` and stand in `config/model/model.trees`, which
//! the binary embeds: one set for blocks, then one for each kind of page (`src/body/page_type/learned.rs`). Walking
//! them allocates nothing. Each set is little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `gltrees2` |
//! | 4, 4, 4 | number of features, of trees, of early exits |
//! | for each early exit: 4, 4, 4 | after how many trees (32-bit), the sums below and above which a row is done (32-bit floats) |
//! | for each tree: 1 | number of inner nodes, 1 to 127; leaves are one more |
//! | 8 an inner node | threshold (32-bit float), feature (16-bit), left and right child: an inner node's number, or 128 + a leaf's |
//! | 4 a leaf | what it adds to the score (32-bit float) |

mod bytes;
pub(crate) mod lexicon;

use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use crate::Error;
use crate::body::model::bytes::Bytes;
use crate::body::model::lexicon::Lexicon;
use crate::body::page_type::learned::KINDS;

/// The embedded model's files: trees, words.
pub(crate) static EMBEDDED_FILES: [&[u8]; 2] = [
    include_bytes!("../../config/model/model.trees"),
    include_bytes!("../../config/model/model.words"),
];

/// The embedded model.
#[allow(clippy::expect_used)] // The file is part of the build; a test reads it.
pub(crate) static EMBEDDED: LazyLock<Model> = LazyLock::new(|| {
    let [trees, words] = EMBEDDED_FILES;
    Lexicon::parse(words)
        .and_then(|lexicon| Model::of(lexicon, trees))
        .expect("the embedded model is well-formed")
});

/// What was learned about blocks and pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The weights of words; what they sum up to are features for the trees.
    pub(crate) lexicon: Lexicon,
    /// The log-odds of a block being part of the body.
    pub(crate) blocks: Trees,
    /// The log-odds of a page being of each of [`KINDS`].
    pub(crate) kinds: Vec<Trees>,
}

/// A set of trees whose sum is the log-odds of something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trees {
    features: usize,
    /// Where each tree's nodes stand.
    each: Vec<Range<usize>>,
    /// Of all trees, one after the other: inner nodes, then leaves, which are one more.
    nodes: Vec<TreeNode>,
    exits: Vec<EarlyExit>,
}

/// Where a row whose sum is far off need not walk the remaining trees: most blocks of a page are menus, and
/// no later tree could save them. The trainer chooses the exits such that hardly any row that it has seen
/// would end on another side.
#[derive(Debug, Clone, Copy, PartialEq)]
struct EarlyExit {
    /// After so many trees.
    trees: usize,
    /// Rows with a sum below this are done.
    below: f32,
    /// And so are those with a sum above this.
    above: f32,
}

/// An inner node or a leaf. Both children of a leaf are the leaf itself, so that a row that has reached it
/// stays there until the other rows have reached theirs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct TreeNode {
    /// Up to which value of the feature the way goes left; of a leaf what it adds to the score.
    threshold: f32,
    feature: u16,
    left: u8,
    right: u8,
}

/// Rows that go through a tree side by side, so that the processor need not wait for one's next node, nor
/// guess where each walk ends.
const SIDE_BY_SIDE: usize = 16;

/// Child numbers from which on a child is a leaf.
const LEAF: u8 = 128;

/// First bytes of a model's file.
const MAGIC: &[u8] = b"gltrees2";

impl Model {
    /// Reads a model from two files, such as one trained without some sites: `path` with the endings
    /// `words` and `trees`.
    ///
    /// # Errors
    /// When a file cannot be read or is none of these.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let lexicon = Lexicon::read(&path.with_extension("words"))?;
        let path = path.with_extension("trees");
        let bytes = std::fs::read(&path).map_err(Error::io(&path))?;
        let message = "this is no model; config/model/train.py writes them";
        Self::of(lexicon, &bytes).ok_or_else(|| Error::input(path.display().to_string(), message))
    }

    /// Reads the bytes of the trees; none where they are not well-formed.
    fn of(lexicon: Lexicon, trees: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(trees);
        let blocks = Trees::parse(&mut bytes)?;
        let kinds = KINDS
            .iter()
            .map(|_| Trees::parse(&mut bytes))
            .collect::<Option<_>>()?;
        bytes.0.is_empty().then_some(Self {
            lexicon,
            blocks,
            kinds,
        })
    }
}

impl Trees {
    /// Reads a set's bytes; none where they are not well-formed.
    fn parse(bytes: &mut Bytes) -> Option<Self> {
        bytes.0 = bytes.0.strip_prefix(MAGIC)?;
        let features = bytes.u32()? as usize;
        let (count, exits) = (bytes.u32()?, bytes.u32()?);
        let mut exit = |_| {
            let trees = bytes.u32().filter(|trees| *trees <= count)? as usize;
            let [below, above] = bytes.f32s()?;
            Some(EarlyExit {
                trees,
                below,
                above,
            })
        };
        let exits = (0..exits).map(&mut exit).collect::<Option<Vec<_>>>()?;
        if !exits.is_sorted_by_key(|exit| exit.trees) {
            return None;
        }
        let mut model = Self {
            features,
            each: Vec::new(),
            nodes: Vec::new(),
            exits,
        };
        for _ in 0..count {
            let first = model.nodes.len();
            read_tree(bytes, features, &mut model.nodes)?;
            model.each.push(first..model.nodes.len());
        }
        Some(model)
    }

    /// The probabilities, 0 to 1, that blocks are part of the body, whose features stand one block after the
    /// other in `rows`. Tree by tree, not block by block: a few trees stay in the processor's nearest cache,
    /// and neighbours go the same ways through them.
    pub(crate) fn probabilities(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / self.features;
        let mut sums = vec![0.0; count];
        let mut open: Vec<usize> = (0..count).collect();
        let mut from = 0;
        for exit in &self.exits {
            self.add(from..exit.trees, rows, &open, &mut sums);
            from = exit.trees;
            open.retain(|at| (exit.below..=exit.above).contains(&sums[*at]));
        }
        self.add(from..self.each.len(), rows, &open, &mut sums);
        sums.into_iter().map(logistic).collect()
    }

    /// The probability of one row without early exits, as the trainer computes it.
    pub(crate) fn full_probability(&self, row: &[f32]) -> f32 {
        let leaf = |tree: &Range<usize>| {
            let nodes = &self.nodes[tree.clone()];
            let [leaf] = leaves(nodes, [row]);
            nodes[usize::from(leaf)].threshold
        };
        logistic(self.each.iter().map(leaf).sum())
    }

    /// Adds what some trees say of some rows.
    fn add(&self, trees: Range<usize>, rows: &[f32], open: &[usize], sums: &mut [f32]) {
        for tree in &self.each[trees] {
            let nodes = &self.nodes[tree.clone()];
            for open in open.chunks(SIDE_BY_SIDE) {
                // Where fewer are left, the last goes along several times.
                let rows: [&[f32]; SIDE_BY_SIDE] = std::array::from_fn(|lane| {
                    let row = open[lane.min(open.len() - 1)];
                    &rows[row * self.features..(row + 1) * self.features]
                });
                for (leaf, row) in leaves(nodes, rows).into_iter().zip(open) {
                    sums[*row] += nodes[usize::from(leaf)].threshold;
                }
            }
        }
    }
}

/// The leaf of a tree that each of some rows ends at.
fn leaves<const ROWS: usize>(nodes: &[TreeNode], rows: [&[f32]; ROWS]) -> [u8; ROWS] {
    let mut reached = [0; ROWS];
    let first_leaf = nodes.len() / 2;
    while usize::from(reached.iter().copied().fold(u8::MAX, u8::min)) < first_leaf {
        for (at, row) in reached.iter_mut().zip(rows) {
            let node = nodes[usize::from(*at)];
            *at = if row[usize::from(node.feature)] <= node.threshold {
                node.left
            } else {
                node.right
            };
        }
    }
    reached
}

/// Reads a tree's nodes; none where it is not well-formed.
fn read_tree(bytes: &mut Bytes, features: usize, nodes: &mut Vec<TreeNode>) -> Option<()> {
    let inner = bytes.u8().filter(|inner| (1..LEAF).contains(inner))?;
    for at in 0..inner {
        let (threshold, feature) = (bytes.f32()?, bytes.u16()?);
        // Children come after their parents, so that every walk ends.
        let mut child = || match bytes.u8()? {
            leaf @ LEAF.. => (leaf - LEAF <= inner).then(|| inner + (leaf - LEAF)),
            child => (child > at && child < inner).then_some(child),
        };
        let (left, right) = (child()?, child()?);
        if usize::from(feature) >= features {
            return None;
        }
        nodes.push(TreeNode {
            threshold,
            feature,
            left,
            right,
        });
    }
    for at in inner..=2 * inner {
        nodes.push(TreeNode {
            threshold: bytes.f32()?,
            feature: 0,
            left: at,
            right: at,
        });
    }
    Some(())
}

/// The probability that log-odds stand for.
fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::features;

    /// Rows and the trainer's own predictions for them, written with the model.
    const PARITY: &[u8] = include_bytes!("../../config/model/parity.npy");

    /// Pages, each behind the trainer's own predictions of its kinds.
    const KINDS_PARITY: &[u8] = include_bytes!("../../config/model/kinds_parity.npy");

    fn values(npy: &[u8]) -> Vec<f32> {
        npy[128..]
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect()
    }

    #[test]
    fn kinds_are_what_the_trainer_says() {
        let kinds = &EMBEDDED.kinds;
        let values = values(KINDS_PARITY);
        let rows = values.chunks_exact(kinds.len() + kinds[0].features);
        assert!(rows.len() >= 50);
        for row in rows {
            let (expected, row) = row.split_at(kinds.len());
            for (trees, expected) in kinds.iter().zip(expected) {
                let ours = trees.full_probability(row);
                assert!((ours - expected).abs() < 1e-5, "{ours} {expected}");
            }
        }
    }

    #[test]
    fn trees_say_what_the_trainer_says() {
        let values = values(PARITY);
        let rows = values.chunks_exact(EMBEDDED.blocks.features + 1);
        assert!(rows.len() >= 50);
        let (expected, rows): (Vec<f32>, Vec<&[f32]>) = rows.map(|row| (row[0], &row[1..])).unzip();
        let all_quick = EMBEDDED.blocks.probabilities(&rows.concat());
        assert_eq!(all_quick.len(), rows.len());
        let mut early = 0;
        for ((expected, row), quick) in expected.into_iter().zip(&rows).zip(all_quick) {
            let ours = EMBEDDED.blocks.full_probability(row);
            assert!((ours - expected).abs() < 1e-5, "{ours} {expected}");
            if (quick - ours).abs() > 1e-5 {
                // The sides are `SETTLED` in train.py.
                assert!(
                    quick.max(ours) < 0.07 || quick.min(ours) > 0.8,
                    "{quick} {ours}"
                );
                early += 1;
            }
        }
        assert!(early > rows.len() / 2, "only {early} leave early");
    }

    #[test]
    fn the_model_knows_the_features_of_today() {
        let of_blocks = features::names().len() + features::word_names().len();
        assert_eq!(EMBEDDED.blocks.features, of_blocks);
        let is_of_page = |group: &str| group == "page" || group.starts_with("kind_by_");
        let of_pages = features::columns::names_of(is_of_page).len();
        assert!(EMBEDDED.kinds.iter().all(|k| k.features == of_pages));
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = include_bytes!("../../config/model/model.trees");
        let parse = |trees: &[u8]| Model::of(Lexicon::default(), trees);
        assert!(parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(parse(&[bytes.as_slice(), b"more"].concat()).is_none());
        assert!(parse(b"gltrees2").is_none());
        let exits = EMBEDDED.blocks.exits.len();
        let changed = |at: usize, byte: u8| {
            let mut changed = bytes.to_vec();
            changed[at] = byte;
            parse(&changed)
        };
        // The first exit is beyond all others and all trees.
        assert!(changed(8 + 12 + 1, 0xff).is_none());
        assert!(changed(8 + 12, 199).is_none());
        // The first node's left child points back at the node itself.
        assert!(changed(8 + 12 + 12 * exits + 1 + 6, 0).is_none());
    }
}
