//! A block's position on the page and in the story, its neighbours, and what the rule-based stages say of
//! it and of those around it.

use crate::body::features::text_stats::{heading_level, link_density, shape_number};
use crate::body::features::{PageContext, Row, log_number, number, share};

/// Distances of the neighbours that are looked at, in blocks.
pub(crate) const NEIGHBOURS: [isize; 6] = [-3, -2, -1, 1, 2, 3];

/// Blocks on each side within which the rules' verdicts are summed up.
const WINDOWS: [usize; 2] = [3, 10];

/// What stands before a block: the last heading and chrome phrase, carried along from block to block.
#[derive(Debug, Default)]
pub(crate) struct Preceding {
    heading: Option<usize>,
    phrase: Option<usize>,
    phrases_since_kept: usize,
    first_kept: Option<usize>,
}

impl Preceding {
    /// Goes on to the next block, once the features of this one are computed.
    pub(crate) fn pass(&mut self, context: &PageContext, at: usize) {
        if context.is_kept(at) && self.first_kept.is_none() {
            self.first_kept = Some(at);
        }
        if context.blocks[at].is_heading() {
            self.heading = Some(at);
        }
        if context.texts[at].phrase.is_some() {
            self.phrase = Some(at);
            self.phrases_since_kept += usize::from(self.first_kept.is_some());
        }
    }
}

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, context: &PageContext, preceding: &Preceding, at: usize) {
    push_position(row, context, at);
    push_verdicts(row, context, at);
    push_windows(row, context, at);
    push_preceding(row, context, preceding, at);
    for distance in NEIGHBOURS {
        push_neighbour(row, context, at, distance);
    }
}

fn push_position(row: &mut Row, context: &PageContext, at: usize) {
    let count = context.blocks.len();
    let before = context.words_before(at);
    let all = context.all.words;
    let after = all - before - context.blocks[at].words;
    row.push(share(at, count));
    row.push(log_number(before));
    row.push(log_number(after));
    row.push(share(before, all));
    row.push(signed_log(at, context.title));
    row.push(log_number(
        before.saturating_sub(context.words_before(context.title)),
    ));
    row.push(signed_log(at, context.first_kept));
    row.push(signed_log(context.last_kept, at));
    row.push(share(
        context.all.running - context.prefix[at + 1].running,
        context.all.running,
    ));
}

fn push_verdicts(row: &mut Row, context: &PageContext, at: usize) {
    let block = &context.blocks[at];
    let page = context.page;
    let container = context.density.container;
    let inside = block.first > container && block.first < page.node(container).end;
    #[allow(clippy::cast_possible_truncation)] // Some words.
    row.push(context.density.gains[at] as f32);
    row.flag(inside);
    let depth = |node| number(page.node(node).depth as usize);
    row.push(if inside {
        depth(block.node) - depth(container)
    } else {
        // How far out of the container one has to go to find both.
        let shared = page
            .ancestors(container)
            .find(|outer| page.node(*outer).end > block.first && *outer < block.first);
        shared.map_or(-1.0, |outer| depth(outer) - depth(container))
    });
    row.flag(context.is_kept(at));
    row.push(context.removal_number(at));
}

fn push_windows(row: &mut Row, context: &PageContext, at: usize) {
    let count = context.blocks.len();
    for reach in WINDOWS {
        for (from, to) in [
            (at.saturating_sub(reach), at),
            (at + 1, (at + 1 + reach).min(count)),
        ] {
            let sums = context.between(from, to.max(from));
            row.push(share(sums.kept, sums.words));
        }
    }
}

fn push_preceding(row: &mut Row, context: &PageContext, preceding: &Preceding, at: usize) {
    match preceding.heading {
        Some(heading) => {
            let block = &context.blocks[heading];
            row.push(log_number(at - heading));
            row.push(log_number(
                context.words_before(at) - context.words_before(heading),
            ));
            row.push(context.texts[heading].phrase_number());
            row.push(heading_level(block));
            row.flag(context.is_kept(heading));
            row.push(link_density(block));
        }
        None => row.nothing(6),
    }
    if let Some(phrase) = preceding.phrase {
        row.push(log_number(at - phrase));
        row.push(context.texts[phrase].phrase_number());
    } else {
        row.push(-1.0);
        row.push(0.0);
    }
    row.push(number(preceding.phrases_since_kept.min(50)));
}

/// Columns of each neighbour, which are all -1 where the page has no such block.
const NEIGHBOUR_COLUMNS: usize = 8;

fn push_neighbour(row: &mut Row, context: &PageContext, at: usize, distance: isize) {
    let Some(other) = at
        .checked_add_signed(distance)
        .filter(|other| *other < context.blocks.len())
    else {
        return row.nothing(NEIGHBOUR_COLUMNS);
    };
    let (block, text) = (&context.blocks[other], &context.texts[other]);
    let parent = |at: usize| context.page.node(context.blocks[at].node).parent;
    row.push(number(block.words));
    row.push(link_density(block));
    row.push(shape_number(block));
    row.flag(block.ends_sentence());
    row.flag(context.is_kept(other));
    row.push(text.phrase_number());
    row.flag(parent(other) == parent(at));
    row.push(text.stop_share());
}

/// The logarithm of a distance with its sign.
fn signed_log(to: usize, from: usize) -> f32 {
    if to >= from {
        log_number(to - from)
    } else {
        -log_number(from - to)
    }
}
