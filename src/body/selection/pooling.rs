//! Blocks that are in or out together share a part of their probability.

use crate::block::{self, TextBlock};
use crate::body::clean::Reason;
use crate::body::selection::weight;
use crate::dom::Document;
use crate::record::Kind;

/// How far blocks of the same build share one probability, 0 to 1: posts of a thread and entries of
/// a list are mostly in or out together, paragraphs of a story less so. Cross-validated, these raise
/// threads' F1 by .014, lists' by .009, stories' by .002 on news sites (half as much again makes
/// no more difference than chance; at .5 blurbs come with the story).
fn alike_share(kind: Kind) -> f32 {
    match kind {
        Kind::Forum => 0.7,
        Kind::Listing => 0.8,
        Kind::Documentation => 0.4,
        Kind::Product | Kind::Service => 0.2,
        _ => 0.3,
    }
}

/// Draws the probabilities of blocks of the same build towards their mean, weighted by words. Blocks
/// that nobody looked at, with none, stay out of it, and so does what the rules know as a label or
/// link among a story's paragraphs.
pub(crate) fn level_alike(
    blocks: &[TextBlock],
    alike: &[usize],
    verdicts: &[Option<Reason>],
    kind: Kind,
    probabilities: &mut [f32],
) {
    let share = alike_share(kind);
    let is_label = |verdict: &Option<Reason>| {
        matches!(
            verdict,
            Some(Reason::LinkDensity | Reason::Phrase(_) | Reason::Title)
        )
    };
    let drawn: Vec<bool> = verdicts
        .iter()
        .zip(probabilities.iter())
        .map(|(verdict, p)| *p > 0.0 && !(kind == Kind::Article && is_label(verdict)))
        .collect();
    let groups = alike.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![(0.0f32, 0.0f32); groups];
    for at in (0..blocks.len()).filter(|at| drawn[*at]) {
        let (sum, words) = &mut sums[alike[at]];
        *sum += weight(&blocks[at]) * probabilities[at];
        *words += weight(&blocks[at]);
    }
    for at in (0..blocks.len()).filter(|at| drawn[*at]) {
        let (sum, words) = sums[alike[at]];
        probabilities[at] += share * (sum / words - probabilities[at]);
    }
}

/// Cells of one row of data share their fate: each gets the row's mean.
pub(crate) fn draw_rows(blocks: &[TextBlock], probabilities: &mut [f32]) {
    let row = |at: usize| blocks[at].cell.map(|cell| cell.row);
    let mut from = 0;
    while from < blocks.len() {
        let mut to = from + 1;
        while to < blocks.len() && row(from).is_some() && row(to) == row(from) {
            to += 1;
        }
        if blocks[from].tabular {
            draw_together(&blocks[from..to], &mut probabilities[from..to], 1.0);
        }
        from = to;
    }
}

/// How far entries of a list share one probability, 0 to 1. Cross-validated, this raises lists and
/// lists of goods by .004 and manuals by .001; sharing it in full is no better.
const LIST_SHARE: f32 = 0.5;

/// Entries of one list are mostly in or out together.
pub(crate) fn draw_lists(page: &Document, blocks: &[TextBlock], probabilities: &mut [f32]) {
    for list in block::lists(page, blocks) {
        draw_together(&blocks[list.clone()], &mut probabilities[list], LIST_SHARE);
    }
}

/// Draws probabilities towards their mean, weighted by words.
fn draw_together(blocks: &[TextBlock], probabilities: &mut [f32], share: f32) {
    if blocks.len() < 2 {
        return;
    }
    let all: f32 = blocks.iter().map(weight).sum();
    let sum: f32 = blocks
        .iter()
        .zip(probabilities.iter())
        .map(|(block, p)| weight(block) * p)
        .sum();
    for p in probabilities {
        *p += share * (sum / all - *p);
    }
}
