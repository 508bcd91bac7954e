//! From the learned stage's probabilities to a coherent choice of blocks.
//!
//! The choice maximises the F1 that the probabilities lead one to expect: where the model is sure,
//! that is a bar of about one half; where it doubts the whole page, the bar sinks, since half a
//! story is worth more than none (Ye, Chai, Lee and Chieu, "Optimizing F-measure: a Tale of Two
//! Approaches", ICML 2012). Then what belongs together is kept or dropped together.

use crate::block::{Cue, Shape, TextBlock};
use crate::body::clean::{self, RemovalReason};
use crate::body::pooling::{share_within_rows, weight};
use crate::body::repair::{self, Repair};
use crate::body::rules::RuleVerdicts;
use crate::body::switches::{Rule, Switches};
use crate::dom::Document;
use crate::record::Kind;

/// Highest bar: a block that is more likely in than out is kept.
const MAX_BAR: f32 = 0.5;

/// What the choice of blocks weighs on pages of a kind.
struct SelectionWeights {
    /// How many times as much finding the text counts as sparing the reader the rest: the square of beta in
    /// the expected F-measure (van Rijsbergen, "Information Retrieval", 1979).
    recall: f32,
    /// Lowest bar: a block that is hopeless is left out, whatever the rest of the page looks like.
    min_bar: f32,
}

/// Readers of stories mind what does not belong there as much as what is missing, and so it is with threads
/// and manuals. Of lists, goods and services nearly all is content, the scores are low all over, and what is
/// not found is lost.
fn weights_of(kind: Kind) -> SelectionWeights {
    let (recall, min_bar) = match kind {
        Kind::Listing | Kind::Product => (5.0, 0.08),
        Kind::Service => (2.5, 0.08),
        _ => (1.1, 0.15),
    };
    SelectionWeights { recall, min_bar }
}

/// The blocks chosen, and how good the choice may be expected to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Why each block is part of the body, or none for those that are not.
    pub(crate) kept: Vec<Option<KeptReason>>,
    /// The F1 that the probabilities lead one to expect, 0 to 1.
    pub(crate) expected_f1: f64,
}

impl Selection {
    /// The blocks that the rules have nothing against; what F1 to expect is not known.
    pub(crate) fn of_rules(rules: &RuleVerdicts) -> Self {
        let kept = |verdict: &Option<_>| verdict.is_none().then_some(KeptReason::Rules);
        Self {
            kept: rules.verdicts.iter().map(kept).collect(),
            expected_f1: 0.0,
        }
    }

    /// Those of a page's blocks that are part of the body.
    pub(crate) fn blocks<'a>(&self, blocks: &'a [TextBlock]) -> Vec<&'a TextBlock> {
        let chosen = blocks.iter().zip(&self.kept);
        chosen
            .filter(|(_, kept)| kept.is_some())
            .map(|(block, _)| block)
            .collect()
    }
}

/// Why a block is part of the body; the names appear in explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeptReason {
    Score,
    Rules,
    Structure,
    Sibling,
    Announced,
    Dek,
}

impl std::fmt::Display for KeptReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Score => "scored high enough",
            Self::Rules => "kept by the rules",
            Self::Structure => "stands inside the story",
            Self::Sibling => "a sentence in the story's own element",
            Self::Announced => "a list that a line announces",
            Self::Dek => "the dek, in the story's column",
        })
    }
}

/// Bar for blocks that the rules know as a chrome phrase, in any of their languages.
const PHRASE_BAR: f32 = 0.75;

/// Chooses blocks by their probabilities, 0 to 1, on a page taken to be of a kind. The title, which has a
/// field of its own, is none of the text.
pub(crate) fn choose(
    page: &Document,
    rules: &RuleVerdicts,
    probabilities: &[f32],
    kind: Kind,
) -> Selection {
    let blocks = &rules.blocks;
    let mut joint = probabilities.to_vec();
    let switches = rules.switches;
    if switches.on(Rule::RowShare) {
        share_within_rows(blocks, &mut joint);
    }
    let weights = match kind {
        _ if !switches.on(Rule::KindWeights) => weights_of(Kind::Article),
        kind => weights_of(kind),
    };
    let bar = best_bar(blocks, &joint, weights.recall).clamp(weights.min_bar, MAX_BAR);
    let first_choice = |at: usize| {
        let (block, verdict, p) = (&blocks[at], rules.verdicts[at], joint[at]);
        if block.shape == Shape::Caption && switches.on(Rule::RuledCaptions) {
            // Gold texts leave captions out, so that the model cannot know which are the story's.
            let is_credited = || repair::is_credited_caption(block, verdict);
            let is_kept = verdict.is_none() || switches.on(Rule::CreditedCaptions) && is_credited();
            return is_kept.then_some(KeptReason::Rules);
        }
        let is_word_of_story = || {
            let is_likely = |near: usize| joint[near] >= bar;
            switches.on(Rule::StoryWords)
                && clean::is_word_of_story(blocks, &rules.phrases, at, is_likely)
        };
        let is_chrome = || is_known_chrome(page, block, verdict, kind, switches);
        let is_likely = p >= PHRASE_BAR || p >= bar && (!is_chrome() || is_word_of_story());
        (is_likely && verdict != Some(RemovalReason::Title)).then_some(KeptReason::Score)
    };
    let kept = Repair {
        page,
        blocks,
        verdicts: &rules.verdicts,
        probabilities: &joint,
        kept: (0..blocks.len()).map(first_choice).collect(),
        switches,
    }
    .repaired(kind == Kind::Article);
    Selection {
        expected_f1: expected_f1(blocks, &joint, &kept),
        kept,
    }
}

/// Whether the rules are sure enough of a block that the model must be, too, to keep it: of chrome phrases, in
/// stories also of boxes around a field, which ask for an address whatever they say, in stories and threads of
/// date lines.
fn is_known_chrome(
    page: &Document,
    block: &TextBlock,
    verdict: Option<RemovalReason>,
    kind: Kind,
    switches: Switches,
) -> bool {
    let is_story = kind == Kind::Article;
    match verdict {
        Some(RemovalReason::Phrase(_)) => switches.on(Rule::PhraseBar),
        Some(RemovalReason::Named(Cue::Form)) => is_story && switches.on(Rule::FormFields),
        _ => {
            (is_story || kind == Kind::Forum)
                && switches.on(Rule::DateLines)
                && repair::is_date_line(page, block)
        }
    }
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

fn expected_f1(blocks: &[TextBlock], probabilities: &[f32], kept: &[Option<KeptReason>]) -> f64 {
    let (mut hits, mut taken, mut expected) = (0.0f32, 0.0f32, 0.0f32);
    for ((block, p), kept) in blocks.iter().zip(probabilities).zip(kept) {
        expected += weight(block) * p;
        if kept.is_some() {
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
