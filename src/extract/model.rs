//! The learned stage: boosted regression trees over the features of a block, and of a page.
//!
//! The trees are trained by `config/model/train.py` and stand in `config/model/model.trees`, which
//! the binary embeds: one set for blocks, then one for each kind of page (`src/extract/kind.rs`). Walking
//! them allocates nothing. Each set is little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `gltrees2` |
//! | 4, 4, 4 | number of features, of trees, of marks |
//! | for each mark: 4, 4, 4 | after how many trees (32-bit), the sums below and above which a row is settled (32-bit floats) |
//! | for each tree: 1 | number of inner nodes, 1 to 127; leaves are one more |
//! | 8 an inner node | threshold (32-bit float), feature (16-bit), left and right child: an inner node's number, or 128 + a leaf's |
//! | 4 a leaf | what it adds to the score (32-bit float) |

use std::path::Path;
use std::sync::LazyLock;

use super::kind::KINDS;
use crate::Error;

/// The embedded model.
#[allow(clippy::expect_used)] // The file is part of the build; a test reads it.
pub(super) static EMBEDDED: LazyLock<Model> = LazyLock::new(|| {
    Model::parse(include_bytes!("../../config/model/model.trees"))
        .expect("the embedded model is well-formed")
});

/// What was learned about blocks and pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The log-odds of a block being part of the body.
    pub(super) blocks: Trees,
    /// The log-odds of a page being of each of [`super::kind::KINDS`].
    pub(super) kinds: Vec<Trees>,
}

/// A set of trees whose sum is the log-odds of something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trees {
    features: usize,
    nodes: Vec<Node>,
    leaves: Vec<f32>,
    starts: Vec<Start>,
    marks: Vec<Mark>,
}

/// Where a row may be settled: most blocks of a page are menus, and the trees after these could not save
/// them. The trainer reckons the marks such that no row that it has seen would end on another side.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    /// After so many trees.
    trees: usize,
    /// Settled with a sum below this,
    below: f32,
    /// or above this.
    above: f32,
}

/// Where a tree's nodes and leaves begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    node: u32,
    leaf: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    threshold: f32,
    feature: u16,
    left: u8,
    right: u8,
}

/// Child numbers from which on a child is a leaf.
const LEAF: u8 = 128;

/// First bytes of a model's file.
const MAGIC: &[u8] = b"gltrees2";

impl Model {
    /// Reads a model from a file, such as one trained without some sites.
    ///
    /// # Errors
    /// When the file cannot be read or is no model.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Self::parse(&bytes).ok_or_else(|| Error::Input {
            input: path.display().to_string(),
            message: "this is no model; config/model/train.py writes them".to_owned(),
        })
    }

    /// Reads a model's bytes; none where they are not well-formed.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let blocks = Trees::parse(&mut bytes)?;
        let kinds = KINDS
            .iter()
            .map(|_| Trees::parse(&mut bytes))
            .collect::<Option<_>>()?;
        bytes.0.is_empty().then_some(Self { blocks, kinds })
    }
}

impl Trees {
    /// Reads a set's bytes; none where they are not well-formed.
    fn parse(bytes: &mut Bytes) -> Option<Self> {
        bytes.0 = bytes.0.strip_prefix(MAGIC)?;
        let features = bytes.u32()? as usize;
        let (count, marks) = (bytes.u32()?, bytes.u32()?);
        let marks: Vec<Mark> = (0..marks)
            .map(|_| bytes.mark(count))
            .collect::<Option<_>>()?;
        if !marks.is_sorted_by_key(|mark| mark.trees) {
            return None;
        }
        let mut model = Self {
            features,
            nodes: Vec::new(),
            leaves: Vec::new(),
            starts: Vec::new(),
            marks,
        };
        for _ in 0..count {
            model.starts.push(Start {
                node: u32::try_from(model.nodes.len()).ok()?,
                leaf: u32::try_from(model.leaves.len()).ok()?,
            });
            let inner = bytes.u8().filter(|inner| (1..LEAF).contains(inner))?;
            for at in 0..inner {
                let node = Node {
                    threshold: bytes.f32()?,
                    feature: bytes.u16()?,
                    left: bytes.u8()?,
                    right: bytes.u8()?,
                };
                // Children come after their parents, so that every walk ends.
                let fits = |child: u8| {
                    if child < LEAF {
                        child > at && child < inner
                    } else {
                        child - LEAF <= inner
                    }
                };
                if !(fits(node.left) && fits(node.right) && usize::from(node.feature) < features) {
                    return None;
                }
                model.nodes.push(node);
            }
            for _ in 0..=inner {
                model.leaves.push(bytes.f32()?);
            }
        }
        Some(model)
    }

    /// Number of features that a row must have.
    #[cfg(test)]
    fn features(&self) -> usize {
        self.features
    }

    /// The probability, 0 to 1, that a block with these features is part of the body.
    pub(super) fn probability(&self, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        let mut from = 0;
        for mark in &self.marks {
            sum += self.sum(from..mark.trees, row);
            from = mark.trees;
            if sum < mark.below || sum > mark.above {
                return 1.0 / (1.0 + (-sum).exp());
            }
        }
        sum += self.sum(from..self.starts.len(), row);
        1.0 / (1.0 + (-sum).exp())
    }

    /// The same without settling early, as the trainer computes it.
    pub(super) fn full_probability(&self, row: &[f32]) -> f32 {
        1.0 / (1.0 + (-self.sum(0..self.starts.len(), row)).exp())
    }

    fn sum(&self, trees: std::ops::Range<usize>, row: &[f32]) -> f32 {
        self.starts[trees]
            .iter()
            .map(|tree| self.leaf(*tree, row))
            .sum()
    }

    fn leaf(&self, tree: Start, row: &[f32]) -> f32 {
        let nodes = &self.nodes[tree.node as usize..];
        let mut at = 0;
        while at < LEAF {
            let node = nodes[usize::from(at)];
            at = if row[usize::from(node.feature)] <= node.threshold {
                node.left
            } else {
                node.right
            };
        }
        self.leaves[tree.leaf as usize + usize::from(at - LEAF)]
    }
}

/// Bytes still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.take().map(f32::from_le_bytes)
    }

    /// A mark in a set of so many trees.
    fn mark(&mut self, trees: u32) -> Option<Mark> {
        let at = self.u32().filter(|at| *at <= trees)?;
        Some(Mark {
            trees: at as usize,
            below: self.f32()?,
            above: self.f32()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let rows = values.chunks_exact(kinds.len() + kinds[0].features());
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
        let rows: Vec<&[f32]> = values
            .chunks_exact(EMBEDDED.blocks.features() + 1)
            .collect();
        assert!(rows.len() >= 50);
        let mut settled = 0;
        for row in &rows {
            let ours = EMBEDDED.blocks.full_probability(&row[1..]);
            assert!((ours - row[0]).abs() < 1e-5, "{ours} {}", row[0]);
            let quick = EMBEDDED.blocks.probability(&row[1..]);
            if (quick - ours).abs() > 1e-5 {
                // The sides are `SETTLED` in train.py.
                assert!(
                    quick.max(ours) < 0.15 || quick.min(ours) > 0.8,
                    "{quick} {ours}"
                );
                settled += 1;
            }
        }
        assert!(settled > rows.len() / 2, "only {settled} are settled early");
    }

    #[test]
    fn the_model_knows_the_features_of_today() {
        let names = super::super::features::names();
        assert_eq!(EMBEDDED.blocks.features(), names.len());
        let of_pages = super::super::features::page_names().len();
        assert!(EMBEDDED.kinds.iter().all(|k| k.features() == of_pages));
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = include_bytes!("../../config/model/model.trees");
        assert!(Model::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Model::parse(&[bytes.as_slice(), b"more"].concat()).is_none());
        assert!(Model::parse(b"gltrees2").is_none());
        let marks = EMBEDDED.blocks.marks.len();
        let changed = |at: usize, byte: u8| {
            let mut changed = bytes.to_vec();
            changed[at] = byte;
            Model::parse(&changed)
        };
        // The first mark is beyond all others and all trees.
        assert!(changed(8 + 12 + 1, 0xff).is_none());
        assert!(changed(8 + 12, 199).is_none());
        // The first node's left child points back at the node itself.
        assert!(changed(8 + 12 + 12 * marks + 1 + 6, 0).is_none());
    }
}
