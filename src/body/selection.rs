//! From the learned stage's probabilities to a coherent choice of blocks.
//!
//! The choice maximises the F1 that the probabilities lead one to expect: where the model is sure,
//! that is a bar of about one half; where it doubts the whole page, the bar sinks, since half a
//! story is worth more than none (Ye, Chai, Lee and Chieu, "Optimizing F-measure: a Tale of Two
//! Approaches", ICML 2012). Then what belongs together is kept or dropped together.

use crate::body::repair::{
    drop_kickers, drop_second_story, drop_section_name, drop_unsure_lone_headings, fill_announced,
    fill_entries, fill_long_story, fill_siblings, fill_story, is_credited_caption, is_date_line,
    keep_refrains,
};
mod pooling;

pub(crate) use pooling::level_alike;
use pooling::{draw_lists, draw_rows};

use crate::block::{Shape, TextBlock};
use crate::body::clean::Reason;
use crate::dom::Document;
use crate::record::Kind;

/// Highest bar: a block that is more likely in than out is kept.
const MAX_BAR: f32 = 0.5;

/// Where no block is likelier than this, none is kept: a page of menus and a footer has no text.
const HOPELESS: f32 = 0.25;

/// How blocks of a kind of page are chosen.
struct Choosing {
    /// How many times as much finding the text counts as sparing the reader the rest: the square of beta in
    /// the expected F-measure (van Rijsbergen, "Information Retrieval", 1979).
    recall_weight: f32,
    /// Lowest bar: a block that is hopeless is left out, whatever the rest of the page looks like.
    min_bar: f32,
}

/// Readers of stories mind what does not belong there as much as what is missing, and so it is with threads
/// and manuals. Of lists, goods and services nearly all is content, the scores are low all over, and what is
/// not found is lost. Cross-validated, these weights find .862 of the passages that must be there, 1 for all
/// .839; of those that must not be there they leave out .957 and .976; word F1 of all kinds is .882 and .888.
fn choosing(kind: Kind) -> Choosing {
    let (recall_weight, min_bar) = match kind {
        Kind::Listing | Kind::Product => (5.0, 0.08),
        Kind::Service => (2.5, 0.08),
        _ => (1.1, 0.15),
    };
    Choosing {
        recall_weight,
        min_bar,
    }
}

/// The blocks chosen, and how good the choice may be expected to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// Why each block is part of the body, or none for those that are not.
    pub(crate) kept: Vec<Option<Kept>>,
    /// The F1 that the probabilities lead one to expect, 0 to 1.
    pub(crate) expected_f1: f64,
}

/// Why a block is part of the body; the names appear in explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Its probability is high enough.
    Score,
    /// The rules keep it, and the learned stage was not asked or does not know such blocks.
    Rules,
    /// A table, code, quotation or subhead inside the story.
    Structure,
    /// A sentence beside a paragraph of the story.
    Sibling,
    /// An entry of a list that a line announces.
    Announced,
    /// A line that returns.
    Refrain,
    /// Part of a live blog's entry.
    Entry,
    /// The page's summary in the story's column.
    Dek,
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Score => "scored high enough",
            Self::Rules => "kept by the rules",
            Self::Structure => "stands inside the story",
            Self::Sibling => "a sentence in the story's own element",
            Self::Announced => "a list that a line announces",
            Self::Refrain => "a line that returns",
            Self::Entry => "an entry of a live blog",
            Self::Dek => "the dek, in the story's column",
        })
    }
}

/// Bar for blocks that the rules know as a chrome phrase, in any of their languages.
const PHRASE_BAR: f32 = 0.75;

/// Chooses blocks by their probabilities; `verdicts` are those of the rule-based stages. The title, which
/// has a field of its own, is none of the text. What holds for stories alone is asked of pages of that
/// kind: no second headline, no subheads without text, which elsewhere name the entries of a list.
pub(crate) fn choose(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    verdicts: &[Option<Reason>],
    kind: Kind,
) -> Choice {
    let is_story = kind == Kind::Article;
    let mut joint = probabilities.to_vec();
    draw_rows(blocks, &mut joint);
    draw_lists(page, blocks, &mut joint);
    let likeliest = joint.iter().copied().fold(0.0, f32::max);
    let choosing = choosing(kind);
    let bar = if likeliest < HOPELESS {
        f32::INFINITY
    } else {
        best_bar(blocks, &joint, choosing.recall_weight).clamp(choosing.min_bar, MAX_BAR)
    };
    let mut kept: Vec<bool> = blocks
        .iter()
        .zip(joint.iter().zip(verdicts))
        .map(|(block, (p, verdict))| {
            if block.shape == Shape::Caption {
                // Golds leave captions out, so that the model cannot know which are the story's.
                verdict.is_none() || is_credited_caption(block, *verdict)
            } else {
                let is_sure = *p >= PHRASE_BAR;
                *verdict != Some(Reason::Title)
                    && (is_sure || *p >= bar && !is_known_chrome(page, block, *verdict, kind))
            }
        })
        .collect();
    let rules: Vec<bool> = verdicts.iter().map(Option::is_none).collect();
    let mut why: Vec<Kept> = blocks.iter().map(first_reason).collect();
    let mut explain = |before: &[bool], kept: &[bool], reason| {
        for at in (0..kept.len()).filter(|at| kept[*at] && !before[*at]) {
            why[at] = reason;
        }
    };
    let mut before = kept.clone();
    fill_story(blocks, &joint, &rules, is_story, &mut kept);
    explain(&before, &kept, Kept::Structure);
    if is_story {
        before.clone_from(&kept);
        fill_siblings(page, blocks, &joint, verdicts, &mut kept);
        fill_long_story(page, blocks, &joint, verdicts, &mut kept);
        explain(&before, &kept, Kept::Sibling);
    }
    before.clone_from(&kept);
    fill_announced(blocks, &joint, &rules, &mut kept);
    explain(&before, &kept, Kept::Announced);
    before.clone_from(&kept);
    keep_refrains(page, blocks, &joint, &rules, &mut kept);
    explain(&before, &kept, Kept::Refrain);
    if is_story {
        before.clone_from(&kept);
        fill_entries(&joint, verdicts, &mut kept);
        explain(&before, &kept, Kept::Entry);
        drop_second_story(blocks, verdicts, &mut kept);
        drop_unsure_lone_headings(blocks, &joint, &mut kept);
        drop_kickers(blocks, verdicts, &mut kept);
        drop_section_name(page, blocks, &mut kept);
    }
    Choice {
        expected_f1: expected_f1(blocks, &joint, &kept),
        kept: kept
            .iter()
            .zip(why)
            .map(|(kept, why)| kept.then_some(why))
            .collect(),
    }
}

/// Whether the rules are sure enough of a block that the model must be, too, to keep it: of chrome
/// phrases, in stories and between the posts of a thread also of bylines.
fn is_known_chrome(
    page: &Document,
    block: &TextBlock,
    verdict: Option<Reason>,
    kind: Kind,
) -> bool {
    let is_story = kind == Kind::Article;
    match verdict {
        Some(Reason::Phrase(_)) => true,
        Some(Reason::Byline) => is_story || kind == Kind::Forum,
        _ => (is_story || kind == Kind::Forum) && is_date_line(page, block),
    }
}

/// Why a block is kept that is kept from the start.
fn first_reason(block: &TextBlock) -> Kept {
    match block.shape {
        Shape::Caption => Kept::Rules,
        _ => Kept::Score,
    }
}

/// What a block counts: its words, and a little for being there.
fn weight(block: &TextBlock) -> f32 {
    #[allow(clippy::cast_precision_loss)] // Words of a page.
    let words = block.words as f32;
    words + 0.5
}

/// The probability of the least likely block that still raises the expected F-measure.
fn best_bar(blocks: &[TextBlock], probabilities: &[f32], recall_weight: f32) -> f32 {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by(|a, b| {
        probabilities[*b]
            .total_cmp(&probabilities[*a])
            .then(a.cmp(b))
    });
    let expected: f32 = order
        .iter()
        .map(|at| weight(&blocks[*at]) * probabilities[*at])
        .sum();
    let (mut hits, mut taken) = (0.0, 0.0);
    let (mut best, mut bar) = (0.0, 1.0);
    for at in order {
        hits += weight(&blocks[at]) * probabilities[at];
        taken += weight(&blocks[at]);
        let f = (1.0 + recall_weight) * hits / (taken + recall_weight * expected);
        if f > best {
            best = f;
            bar = probabilities[at];
        }
    }
    bar
}

fn expected_f1(blocks: &[TextBlock], probabilities: &[f32], kept: &[bool]) -> f64 {
    let (mut hits, mut taken, mut expected) = (0.0f32, 0.0f32, 0.0f32);
    for ((block, p), kept) in blocks.iter().zip(probabilities).zip(kept) {
        expected += weight(block) * p;
        if *kept {
            hits += weight(block) * p;
            taken += weight(block);
        }
    }
    if hits == 0.0 {
        0.0
    } else {
        f64::from(2.0 * hits / (taken + expected)).min(1.0)
    }
}

#[cfg(test)]
mod tests;
