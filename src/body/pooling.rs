//! Blocks that are in or out together share a part of their probability.

use crate::block::TextBlock;
use crate::body::clean::RemovalReason;
use crate::body::rules::RuleVerdicts;
use crate::record::Kind;

/// What a block counts: its words, and a little for being there.
pub(crate) fn weight(block: &TextBlock) -> f32 {
    #[allow(clippy::cast_precision_loss)] // Words of a page.
    let words = block.words as f32;
    words + 0.5
}

/// How far blocks of one template share one probability, 0 to 1: posts of a thread and entries of a list are
/// mostly in or out together, paragraphs of a story less so; with more for these, blurbs come with the story.
fn template_share(kind: Kind) -> f32 {
    match kind {
        Kind::Forum => 0.7,
        Kind::Listing => 0.8,
        Kind::Documentation => 0.4,
        Kind::Product | Kind::Service => 0.2,
        _ => 0.3,
    }
}

/// Draws the probabilities of blocks of one template towards their mean, weighted by words. Left out are
/// blocks that the model was not asked about, whose probability is 0, and in stories those that the rules
/// know as titles, links or prompts. `same_template` has a number for each block, the same for those of one
/// template.
pub(crate) fn share_within_templates(
    rules: &RuleVerdicts,
    same_template: &[usize],
    kind: Kind,
    probabilities: &mut [f32],
) {
    let (blocks, verdicts) = (&rules.blocks, &rules.verdicts);
    let share = template_share(kind);
    let is_label = |verdict: &Option<RemovalReason>| {
        matches!(
            verdict,
            Some(RemovalReason::LinkDensity | RemovalReason::Phrase(_) | RemovalReason::Title)
        )
    };
    let shares: Vec<bool> = verdicts
        .iter()
        .zip(probabilities.iter())
        .map(|(verdict, p)| *p > 0.0 && !(kind == Kind::Article && is_label(verdict)))
        .collect();
    let groups = same_template.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![(0.0f32, 0.0f32); groups];
    for at in (0..blocks.len()).filter(|at| shares[*at]) {
        let (sum, words) = &mut sums[same_template[at]];
        *sum += weight(&blocks[at]) * probabilities[at];
        *words += weight(&blocks[at]);
    }
    for at in (0..blocks.len()).filter(|at| shares[*at]) {
        let (sum, words) = sums[same_template[at]];
        probabilities[at] += share * (sum / words - probabilities[at]);
    }
}

/// Cells of one row of data share their fate: each gets the row's mean.
pub(crate) fn share_within_rows(blocks: &[TextBlock], probabilities: &mut [f32]) {
    let row = |at: usize| blocks[at].cell.map(|cell| cell.row);
    let mut from = 0;
    while from < blocks.len() {
        let mut to = from + 1;
        while to < blocks.len() && row(from).is_some() && row(to) == row(from) {
            to += 1;
        }
        if blocks[from].tabular {
            share_among(&blocks[from..to], &mut probabilities[from..to]);
        }
        from = to;
    }
}

/// Gives all blocks their mean probability, weighted by words.
fn share_among(blocks: &[TextBlock], probabilities: &mut [f32]) {
    let all: f32 = blocks.iter().map(weight).sum();
    let each = blocks.iter().zip(probabilities.iter());
    let sum: f32 = each.map(|(block, p)| weight(block) * p).sum();
    probabilities.fill(sum / all);
}
