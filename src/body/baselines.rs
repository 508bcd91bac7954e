//! Two older ways to tell which blocks are the story, whose results the learned stage sees as features beside
//! the density stage's: paragraph scores that spread to their containers, as in Arc90's Readability
//! (2009), and a classification by length, stop words and neighbours, as in Pomikálek's jusText
//! ("Removing Boilerplate and Duplicate Content from Web Corpora", 2011). Both are our own
//! renderings on text blocks; neither looks at a block twice.

use crate::block::{Cue, Shape, TextBlock};
use crate::dom::{Document, NodeId};

/// What paragraph scores say.
#[derive(Debug, Clone)]
pub(crate) struct Paragraphs {
    /// For each block, whether its container won or was joined to the winner.
    pub(crate) kept: Vec<bool>,
    /// For each block, its container's score as a share of the winner's.
    pub(crate) scores: Vec<f32>,
}

/// Characters from which a block counts as a paragraph (Readability).
const MIN_PARAGRAPH_CHARS: usize = 25;

/// Share of the winner's score from which a sibling is joined to it (Readability).
const JOIN_SHARE: f32 = 0.2;

/// Points that an element's name gives or takes (Readability).
const NAME_POINTS: f32 = 25.0;

/// Cues that speak for an element.
const GOOD: [Cue; 2] = [Cue::Content, Cue::Lead];

/// Cues that speak against an element.
const BAD: [Cue; 9] = [
    Cue::Comment,
    Cue::Footer,
    Cue::Aside,
    Cue::Share,
    Cue::Related,
    Cue::Ad,
    Cue::Prompt,
    Cue::Consent,
    Cue::Navigation,
];

/// Scores containers by their paragraphs.
pub(crate) fn paragraphs(page: &Document, blocks: &[TextBlock]) -> Paragraphs {
    let mut scores = vec![0.0f32; page.len()];
    let mut chars = vec![0u32; page.len()];
    let mut link_chars = vec![0u32; page.len()];
    for block in blocks {
        let at = block.node.index();
        chars[at] += u32::try_from(block.chars).unwrap_or(u32::MAX / 2);
        link_chars[at] += u32::try_from(block.link_chars).unwrap_or(u32::MAX / 2);
        if block.chars >= MIN_PARAGRAPH_CHARS
            && block.link_density() < 0.5
            && block.shape != Shape::Caption
        {
            spread(page, block, &mut scores);
        }
    }
    for (id, node) in page.nodes().skip(1).rev() {
        let (at, up) = (id.index(), node.parent.index());
        chars[up] = chars[up].saturating_add(chars[at]);
        link_chars[up] = link_chars[up].saturating_add(link_chars[at]);
    }
    for at in 0..scores.len() {
        #[allow(clippy::cast_precision_loss)] // Characters of a page.
        let links = link_chars[at] as f32 / chars[at].max(1) as f32;
        scores[at] *= 1.0 - links.min(1.0);
    }
    let winner = (0..scores.len()).fold(
        0,
        |best, at| if scores[at] > scores[best] { at } else { best },
    );
    join(page, blocks, &scores, winner)
}

/// Gives a paragraph's points to its container, half to the next, and less further out.
fn spread(page: &Document, block: &TextBlock, scores: &mut [f32]) {
    let text = &block.text;
    let commas = text.matches([',', '，', '、', '،']).count().min(10);
    let length = (block.chars / 100).min(3);
    let named = if block.own_cues.has_any(&GOOD) {
        NAME_POINTS / 10.0
    } else if block.cues.has_any(&BAD) {
        -NAME_POINTS / 10.0
    } else {
        0.0
    };
    #[allow(clippy::cast_precision_loss)] // At most 14.
    let points = (1 + commas + length) as f32 + named;
    for (level, outer) in page.ancestors(block.node).take(4).enumerate() {
        let divider = [1.0, 2.0, 6.0, 9.0][level];
        scores[outer.index()] += points / divider;
    }
}

fn join(page: &Document, blocks: &[TextBlock], scores: &[f32], winner: usize) -> Paragraphs {
    let best = scores[winner].max(f32::MIN_POSITIVE);
    let top = page.nodes().nth(winner).map_or(NodeId::ROOT, |(id, _)| id);
    let parent = page.node(top).parent;
    let end = page.node(parent).end;
    // The sibling a block stands in, found in one pass as siblings and blocks are both in order.
    let mut siblings = page.children(parent).peekable();
    let mut sibling: Option<NodeId> = None;
    let kept = blocks
        .iter()
        .map(|block| {
            if block.first <= parent || block.first >= end {
                return false;
            }
            while let Some(next) = siblings.peek().copied() {
                if next > block.first {
                    break;
                }
                sibling = siblings.next();
            }
            sibling.is_some_and(|at| {
                at == top
                    || scores[at.index()] >= (JOIN_SHARE * best).max(10.0)
                    || (block.node == at && block.chars > 80 && block.link_density() < 0.25)
            })
        })
        .collect();
    let shares = blocks
        .iter()
        .map(|block| scores[page.node(block.node).parent.index()] / best)
        .collect();
    Paragraphs {
        kept,
        scores: shares,
    }
}

/// What length and stop words say of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum TextClass {
    /// Links or no function words.
    Bad,
    /// Too short to tell.
    Short,
    /// Running text, but not for sure.
    NearGood,
    /// Running text.
    Good,
}

/// jusText's limits: characters from which a block is not short, and is long; shares of stop words;
/// link density.
const SHORT_CHARS: usize = 70;
const LONG_CHARS: usize = 200;
const STOP_LOW: f32 = 0.20;
const STOP_HIGH: f32 = 0.28;
const MAX_LINK_DENSITY: f64 = 0.33;

/// Classifies a block by itself.
pub(crate) fn class(block: &TextBlock, stop_share: f32) -> TextClass {
    if block.link_density() > MAX_LINK_DENSITY || block.text.contains('©') {
        TextClass::Bad
    } else if block.chars < SHORT_CHARS {
        if block.links > 0 {
            TextClass::Bad
        } else {
            TextClass::Short
        }
    } else if stop_share >= STOP_HIGH {
        if block.chars > LONG_CHARS {
            TextClass::Good
        } else {
            TextClass::NearGood
        }
    } else if stop_share >= STOP_LOW {
        TextClass::NearGood
    } else {
        TextClass::Bad
    }
}

/// Whether each block is running text by its class and, where that is in doubt, its neighbours': what stands
/// between good text is good.
pub(crate) fn smooth_by_neighbours(classes: &[TextClass]) -> Vec<bool> {
    let sure = |class: &TextClass| matches!(class, TextClass::Good | TextClass::Bad);
    let mut before = Vec::with_capacity(classes.len());
    let mut last = TextClass::Bad;
    for class in classes {
        before.push(last);
        if sure(class) {
            last = *class;
        }
    }
    let mut kept = vec![false; classes.len()];
    let mut next = TextClass::Bad;
    for at in (0..classes.len()).rev() {
        let good_sides =
            usize::from(before[at] == TextClass::Good) + usize::from(next == TextClass::Good);
        kept[at] = match classes[at] {
            TextClass::Good => true,
            TextClass::Bad => false,
            TextClass::Short => good_sides == 2,
            TextClass::NearGood => good_sides >= 1,
        };
        if sure(&classes[at]) {
            next = classes[at];
        }
    }
    kept
}

/// The run of neighbouring blocks with the best sum of gains: maximum subsequence segmentation
/// (Pasternack and Roth, 2009). First block and one past the last.
pub(crate) fn best_run(gains: &[f64]) -> std::ops::Range<usize> {
    let mut best = 0..0;
    let (mut best_sum, mut sum, mut start) = (0.0, 0.0, 0);
    for (at, gain) in gains.iter().enumerate() {
        if sum <= 0.0 {
            sum = 0.0;
            start = at;
        }
        sum += gain;
        if sum > best_sum {
            best_sum = sum;
            best = start..at + 1;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    #[test]
    fn paragraphs_vote_for_their_container_and_its_like() {
        let story =
            "<p>On Monday, after a long and wet night, the bridge opened again, to cheers, \
                     to bells, and to the horns of forty waiting lorries."
                .repeat(4);
        let page = Document::parse(&format!(
            "<div><ul><li>Home<li>News</ul></div><div class=x>{story}</div><div>short</div>"
        ));
        let blocks = segment(&page);
        let found = paragraphs(&page, &blocks);
        let kept: Vec<_> = found.kept.iter().filter(|kept| **kept).collect();
        assert_eq!(kept.len(), 4);
        assert!(!found.kept[0] && !found.kept[blocks.len() - 1]);
    }

    #[test]
    fn short_blocks_follow_their_neighbours() {
        use TextClass::{Bad, Good, NearGood, Short};
        assert_eq!(
            smooth_by_neighbours(&[Short, Good, Short, Good, NearGood, Bad, Short, NearGood]),
            [false, true, true, true, true, false, false, false]
        );
    }

    #[test]
    fn the_best_run_bridges_small_losses() {
        assert_eq!(best_run(&[-1.0, 5.0, -1.0, 5.0, -9.0, 4.0]), 1..4);
        assert_eq!(best_run(&[-1.0]), 0..0);
    }
}
