//! What `config/model/lexicon.py` learns from: the hashed words of every block's text and of the names
//! around it.

use std::collections::HashSet;

use crate::block::TextBlock;
use crate::body::features::name_scores::{NEAR_LEVELS, names_of};
use crate::body::features::word_scores::words_of;
use crate::dom::{Document, NodeId};

/// Appends four lists of word hashes for a block: the words of its text; those of its element's class and
/// id names; those of its next [`NEAR_LEVELS`] ancestors; those of its element and all its ancestors, each
/// once. A list is its length and then its hashes, in 32 bits each, little-endian.
pub(super) fn push(out: &mut Vec<u8>, page: &Document, block: &TextBlock) {
    let names = |node: NodeId| page.element(node).into_iter().flat_map(names_of);
    let outer = || page.ancestors(block.node);
    let own: Vec<u32> = names(block.node).collect();
    let near: Vec<u32> = outer().take(NEAR_LEVELS).flat_map(names).collect();
    let mut seen = HashSet::new();
    let mut around: Vec<u32> = own.clone();
    around.extend(outer().flat_map(names));
    around.retain(|name| seen.insert(*name));
    for list in [words_of(&block.text), own, near, around] {
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        for number in std::iter::once(count).chain(list) {
            out.extend(number.to_le_bytes());
        }
    }
}
