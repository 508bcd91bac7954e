//! From the learned stage's probabilities to a coherent choice of blocks.
//!
//! The choice maximises the F1 that the probabilities lead one to expect: where the model is sure,
//! that is a bar of about one half; where it doubts the whole page, the bar sinks, since half a
//! story is worth more than none (Ye, Chai, Lee and Chieu, "Optimizing F-measure: a Tale of Two
//! Approaches", ICML 2012). Then what belongs together is kept or dropped together.

use std::collections::HashSet;

use super::clean::{CLOCK, Reason};
use crate::block::{Cue, Shape, TextBlock};
use crate::dom::{Document, Tag};
use crate::record::Kind;

/// Lowest bar: a block that is hopeless is left out, whatever the rest of the page looks like.
const MIN_BAR: f32 = 0.15;

/// Highest bar: a block that is more likely in than out is kept. On pages without a story, where
/// everything is in doubt, leaving out costs more than leaving in: cross-validated, the lower bar
/// raises lists by .004, manuals by .006 and services by .008.
fn max_bar(kind: Kind) -> f32 {
    match kind {
        Kind::Service => 0.3,
        _ => 0.5,
    }
}

/// The blocks chosen, and how good the choice may be expected to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    /// Why each block is part of the body, or none for those that are not.
    pub(super) kept: Vec<Option<Kept>>,
    /// The F1 that the probabilities lead one to expect, 0 to 1.
    pub(super) expected_f1: f64,
}

/// Why a block is part of the body; the names appear in explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Its probability is high enough.
    Score,
    /// The rules keep it, and the learned stage was not asked or does not know such blocks.
    Rules,
    /// A table, code, quotation or subhead inside the story.
    Structure,
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
            Self::Announced => "a list that a line announces",
            Self::Refrain => "a line that returns",
            Self::Entry => "an entry of a live blog",
            Self::Dek => "the dek, in the story's column",
        })
    }
}

/// Bar inside the story for blocks that the rules keep and whose kind running text teaches little
/// about: golds differ over them, and readers miss them.
const STRUCTURE_BAR: f32 = 0.01;

/// Bar inside the story for subheads that the rules keep and that text follows.
const HEADING_BAR: f32 = 0.3;

/// Bar inside the story for quotations set apart that the rules keep: some golds leave out those
/// that repeat the story's own words.
const QUOTE_BAR: f32 = 0.2;

/// Bar for a line that stands in the story already, in the same element.
const REFRAIN_BAR: f32 = 0.1;

/// Bar for blocks that the rules know as a chrome phrase, in any of their languages, or as the title.
const PHRASE_BAR: f32 = 0.75;

/// Chooses blocks by their probabilities; `verdicts` are those of the rule-based stages. What holds
/// for stories alone is asked of pages of that kind: no chrome phrases, no second headline.
pub(super) fn choose(
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
    let bar = best_bar(blocks, &joint).clamp(MIN_BAR, max_bar(kind));
    let mut kept: Vec<bool> = blocks
        .iter()
        .zip(joint.iter().zip(verdicts))
        .map(|(block, (p, verdict))| match (block.shape, verdict) {
            // Golds leave captions out, so that the model cannot know which are the story's.
            (Shape::Caption, verdict) => verdict.is_none(),
            (_, Some(Reason::Phrase(_) | Reason::Title)) if is_story => *p >= PHRASE_BAR,
            _ => *p >= bar,
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
    }
    drop_lone_headings(blocks, &joint, &mut kept);
    Choice {
        expected_f1: expected_f1(blocks, &joint, &kept),
        kept: kept
            .iter()
            .zip(why)
            .map(|(kept, why)| kept.then_some(why))
            .collect(),
    }
}

/// Why a block is kept that is kept from the start.
fn first_reason(block: &TextBlock) -> Kept {
    match block.shape {
        Shape::Caption => Kept::Rules,
        _ => Kept::Score,
    }
}

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
pub(super) fn level_alike(
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

/// Between the first and the last block of the story, keeps tables, code, quotations and subheads
/// that the rules keep unless the model is sure that they do not belong.
fn fill_story(
    blocks: &[TextBlock],
    probabilities: &[f32],
    rules: &[bool],
    is_story: bool,
    kept: &mut [bool],
) {
    let (Some(first), Some(last)) = (
        kept.iter().position(|kept| *kept),
        kept.iter().rposition(|kept| *kept),
    ) else {
        return;
    };
    for at in first..=last {
        let bar = match blocks[at].shape {
            Shape::Caption => continue,
            Shape::Code => STRUCTURE_BAR,
            Shape::Heading(_) => HEADING_BAR,
            Shape::Quote if is_story => QUOTE_BAR,
            _ if blocks[at].tabular => STRUCTURE_BAR,
            _ => continue,
        };
        kept[at] |= rules[at] && probabilities[at] >= bar;
    }
}

/// Bar for entries of a list that a line of the story announces.
const ANNOUNCED_BAR: f32 = 0.15;

/// Keeps lists that a line of the story announces: one that ends with a colon.
fn fill_announced(blocks: &[TextBlock], probabilities: &[f32], rules: &[bool], kept: &mut [bool]) {
    let mut announced = false;
    for at in 0..blocks.len() {
        if !matches!(blocks[at].shape, Shape::Item { .. }) {
            announced = kept[at] && blocks[at].text.trim_end().ends_with([':', '：']);
        } else if announced {
            kept[at] |= rules[at] && probabilities[at] >= ANNOUNCED_BAR;
        }
    }
}

/// Times of day from which a page is a live blog.
const MIN_ENTRIES: usize = 3;

/// Bar for what an entry of a live blog holds.
const ENTRY_BAR: f32 = 0.2;

/// Keeps the entries of a live blog, each under its time of day, where the entry before is kept: the
/// last ones stand where other pages have left the story behind.
fn fill_entries(probabilities: &[f32], verdicts: &[Option<Reason>], kept: &mut [bool]) {
    let is_time = |at: &usize| verdicts[*at] == Some(Reason::Phrase(CLOCK));
    let times: Vec<usize> = (0..kept.len()).filter(is_time).collect();
    if times.len() < MIN_ENTRIES {
        return;
    }
    for pair in 1..times.len() {
        let (before, entry) = (times[pair - 1], times[pair]);
        if !kept[before..entry].contains(&true) {
            continue;
        }
        let next = times.get(pair + 1).copied().unwrap_or(kept.len());
        for at in entry + 1..next {
            if verdicts[at] == Some(Reason::OutsideBody) {
                break;
            }
            kept[at] |= verdicts[at].is_none() && probabilities[at] >= ENTRY_BAR;
        }
    }
}

/// Drops what follows a headline of another story in an element named as such: themes that load the
/// next story put its whole text, headline and all, behind the first one.
fn drop_second_story(blocks: &[TextBlock], verdicts: &[Option<Reason>], kept: &mut [bool]) {
    let related = |at: usize| verdicts[at] == Some(Reason::Named(Cue::Related));
    let begins = |at: usize| blocks[at].shape == Shape::Heading(1) && related(at);
    let Some(start) = (0..blocks.len()).find(|at| begins(*at)) else {
        return;
    };
    if (0..start).any(|at| kept[at]) {
        for (at, kept) in kept.iter_mut().enumerate().skip(start) {
            *kept &= !related(at);
        }
    }
}

/// Elements around a block in which a list is looked for.
const LIST_LEVELS: usize = 3;

/// Keeps lines that are in the story already and stand in the same element again: the copy of a
/// whole text elsewhere on the page is chrome, a line that returns is the author's.
fn keep_refrains(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    rules: &[bool],
    kept: &mut [bool],
) {
    // Entries of a list are one place.
    let parent = |at: usize| {
        let outer = page.node(blocks[at].node).parent;
        page.ancestors(outer)
            .take(LIST_LEVELS)
            .find(|node| matches!(page.tag(*node), Tag::Ul | Tag::Ol))
            .unwrap_or(outer)
    };
    let known: HashSet<_> = (0..blocks.len())
        .filter(|at| kept[*at])
        .map(|at| (blocks[at].text.as_str(), parent(at)))
        .collect();
    for at in 0..blocks.len() {
        kept[at] |= rules[at]
            && probabilities[at] >= REFRAIN_BAR
            && known.contains(&(blocks[at].text.as_str(), parent(at)));
    }
}

/// Cells of one row of data share their fate: each gets the row's mean.
fn draw_rows(blocks: &[TextBlock], probabilities: &mut [f32]) {
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
fn draw_lists(page: &Document, blocks: &[TextBlock], probabilities: &mut [f32]) {
    let list = |at: usize| match blocks[at].shape {
        Shape::Item { item, .. } => Some(page.node(item).parent),
        _ => None,
    };
    let mut from = 0;
    while from < blocks.len() {
        let own = list(from);
        let mut to = from + 1;
        while to < blocks.len() && own.is_some() && list(to) == own {
            to += 1;
        }
        draw_together(&blocks[from..to], &mut probabilities[from..to], LIST_SHARE);
        from = to;
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

/// What a block counts: its words, and a little for being there.
fn weight(block: &TextBlock) -> f32 {
    #[allow(clippy::cast_precision_loss)] // Words of a page.
    let words = block.words as f32;
    words + 0.5
}

/// The probability of the least likely block that still raises the expected F1.
fn best_bar(blocks: &[TextBlock], probabilities: &[f32]) -> f32 {
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
        let f1 = 2.0 * hits / (taken + expected);
        if f1 > best {
            best = f1;
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

/// Probability from which a subhead stays although nothing follows it: lists of pictures have
/// their text in the subheads.
const SURE_HEADING: f32 = 0.7;

/// Drops subheads that nothing follows before the next of the same or a higher level, where
/// something was left out between.
fn drop_lone_headings(blocks: &[TextBlock], probabilities: &[f32], kept: &mut [bool]) {
    let mut next: Option<u8> = None;
    let mut cut_between = true;
    for at in (0..blocks.len()).rev() {
        match (kept[at], blocks[at].shape) {
            (true, Shape::Heading(level)) => {
                let alone = next.is_none_or(|below| below != 0 && below <= level && cut_between);
                if alone && probabilities[at] < SURE_HEADING && !blocks[at].is_counted() {
                    kept[at] = false;
                } else {
                    next = Some(level);
                    cut_between = false;
                }
            }
            (true, _) => {
                next = Some(0);
                cut_between = false;
            }
            (false, _) => cut_between = true,
        }
    }
}

#[cfg(test)]
mod tests;
