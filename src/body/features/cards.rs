//! Cards: elements side by side with the same tag and class, each a linked headline with a few words under
//! it. Lists of other stories are made of them, and the text in a card reads like a paragraph.

use foldhash::HashMap;

use crate::block::{self, TextBlock};
use crate::body::clean::MOSTLY_LINKS;
use crate::body::features::context::PageContext;
use crate::dom::{Document, NodeId};

/// Words of a link from which it is a headline.
const HEADLINE_WORDS: usize = 3;

/// Words up to which an element is a card; stories with a linked headline are longer.
const CARD_WORDS: usize = 90;

/// Elements around a block that are looked at.
const LEVELS: usize = 5;

/// How many cards stand side by side around each block.
#[derive(Debug, Default)]
pub(crate) struct Cards {
    /// Before each block, and over all: linked headlines, other blocks, words.
    before: Vec<[usize; 3]>,
    /// Cards with the same tag and class beside each card, itself included.
    beside: HashMap<NodeId, usize>,
    /// Whether the children of each node have been counted.
    counted: Vec<bool>,
}

impl Cards {
    pub(crate) fn of(page: &Document, blocks: &[TextBlock]) -> Self {
        let mut sums = [0; 3];
        let mut before = vec![sums];
        for block in blocks {
            let is_link = block.link_density() > MOSTLY_LINKS;
            sums[0] += usize::from(is_link && block.words >= HEADLINE_WORDS);
            sums[1] += usize::from(!is_link);
            sums[2] += block.words;
            before.push(sums);
        }
        Self {
            before,
            beside: HashMap::default(),
            counted: vec![false; page.len()],
        }
    }

    /// Cards beside the one the block is in, that one included; 0 where it is in none.
    pub(crate) fn around(&mut self, context: &PageContext, block: &TextBlock) -> usize {
        let mut most = 0;
        let mut node = block.node;
        for _ in 0..LEVELS {
            let parent = context.page.node(node).parent;
            if !std::mem::replace(&mut self.counted[parent.index()], true) {
                self.count(context, parent);
            }
            most = most.max(self.beside.get(&node).copied().unwrap_or(0));
            node = context.outer(node);
        }
        most
    }

    /// Counts the cards among an element's children.
    fn count(&mut self, context: &PageContext, parent: NodeId) {
        let page = context.page;
        let cards: Vec<(NodeId, u64)> = page
            .children(parent)
            .filter(|child| page.element(*child).is_some())
            .filter(|child| self.is_card(page, context.blocks, *child))
            .map(|child| (child, page.tag_and_class_hash(child)))
            .collect();
        let mut by_markup: HashMap<u64, usize> = HashMap::default();
        for (_, markup) in &cards {
            *by_markup.entry(*markup).or_default() += 1;
        }
        for (card, markup) in cards {
            self.beside.insert(card, by_markup[&markup]);
        }
    }

    fn is_card(&self, page: &Document, blocks: &[TextBlock], element: NodeId) -> bool {
        let inside = block::inside(page, blocks, element);
        let (before, after) = (self.before[inside.start], self.before[inside.end]);
        let [headlines, others, words] = std::array::from_fn(|at| after[at] - before[at]);
        headlines > 0 && others > 0 && words <= CARD_WORDS
    }
}
