//! A block's place on the page and in the story, its neighbours, and the opinions of the rule-based
//! stages on it and around it.

use crate::block::Shape;
use crate::body::baselines::Class;
use crate::body::features::own::shape_number;
use crate::body::features::{Context, Row, log_number, number, share};

/// Neighbours looked at, as distances.
const NEIGHBOURS: [isize; 6] = [-3, -2, -1, 1, 2, 3];

/// Blocks on each side within which the rules' verdicts are summed up.
const WINDOWS: [usize; 2] = [3, 10];

/// Names and meanings of places and opinions; those of neighbours follow.
const PLACES: &[(&str, &str)] = &[
    ("place", "place among the page's blocks, 0 to 1"),
    (
        "words_before",
        "words before it on the page, as a logarithm",
    ),
    ("words_after", "words after it on the page, as a logarithm"),
    ("words_share_before", "share of the page's words before it"),
    (
        "from_title",
        "blocks since the headline, as a signed logarithm; negative before it",
    ),
    (
        "words_from_title",
        "words since the headline, as a logarithm",
    ),
    (
        "from_first_kept",
        "blocks since the first that the rules keep, as a signed logarithm",
    ),
    (
        "to_last_kept",
        "blocks to the last that the rules keep, as a signed logarithm",
    ),
    (
        "running_after",
        "share of the page's running words after it",
    ),
    ("gain", "the density stage's gain, in words"),
    (
        "in_container",
        "whether it stands in the density stage's container",
    ),
    (
        "levels_from_container",
        "elements between it and that container; negative outside",
    ),
    ("kept", "whether the rules keep it"),
    ("reason", "why the rules drop it, as a number"),
    ("paragraph_kept", "whether paragraph scores keep it"),
    (
        "paragraph_score",
        "its container's paragraph score, as a share of the best",
    ),
    ("class", "class by length and stop words"),
    ("settled", "whether that class and its neighbours keep it"),
    ("in_best_run", "whether it stands in the best run of gains"),
    ("votes", "how many of the four opinions keep it"),
    (
        "kept_near_before",
        "share of words kept by the rules among three blocks before",
    ),
    ("kept_near_after", "the same after"),
    ("kept_far_before", "the same among ten blocks before"),
    ("kept_far_after", "the same among ten blocks after"),
    (
        "since_heading",
        "blocks since the last heading, as a logarithm",
    ),
    (
        "words_since_heading",
        "words since the last heading, as a logarithm",
    ),
    (
        "heading_phrase",
        "category of the chrome phrase of that heading",
    ),
    ("heading_level", "level of that heading"),
    ("heading_kept", "whether the rules keep that heading"),
    ("heading_links", "link density of that heading"),
    (
        "since_phrase",
        "blocks since the last chrome phrase, as a logarithm",
    ),
    (
        "last_phrase",
        "category of the last chrome phrase before it",
    ),
    (
        "phrases_since_kept",
        "chrome phrases since the first block that the rules keep",
    ),
];

/// What each neighbour adds.
const OF_NEIGHBOUR: [(&str, &str); 8] = [
    ("words", "words"),
    ("links", "link density"),
    ("shape", "shape"),
    ("sentence", "whether it ends a sentence"),
    ("kept", "whether the rules keep it"),
    ("phrase", "category of its chrome phrase"),
    ("same_parent", "whether it stands in the same element"),
    ("stop_share", "share of function words"),
];

/// Names and meanings of this group.
pub(crate) fn names() -> impl Iterator<Item = (String, String)> {
    let places = PLACES
        .iter()
        .map(|(name, meaning)| ((*name).to_owned(), (*meaning).to_owned()));
    let neighbours = NEIGHBOURS.iter().flat_map(|distance| {
        OF_NEIGHBOUR.iter().map(move |(name, meaning)| {
            (
                format!("at{distance:+}_{name}"),
                format!("the block at {distance:+}: {meaning}"),
            )
        })
    });
    places.chain(neighbours)
}

/// What is carried along from block to block.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    heading: Option<usize>,
    phrase: Option<usize>,
    phrases_since_kept: usize,
    first_kept: Option<usize>,
}

impl Trail {
    /// Notes a block once its own features are taken.
    pub(crate) fn pass(&mut self, context: &Context, at: usize) {
        if context.kept[at] && self.first_kept.is_none() {
            self.first_kept = Some(at);
        }
        if matches!(context.blocks[at].shape, Shape::Heading(_)) {
            self.heading = Some(at);
        }
        if context.looks[at].phrase.is_some() {
            self.phrase = Some(at);
            self.phrases_since_kept += usize::from(self.first_kept.is_some());
        }
    }
}

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, context: &Context, trail: &Trail, at: usize) {
    push_place(row, context, at);
    push_opinions(row, context, at);
    push_windows(row, context, at);
    push_trail(row, context, trail, at);
    for distance in NEIGHBOURS {
        push_neighbour(row, context, at, distance);
    }
}

fn push_place(row: &mut Row, context: &Context, at: usize) {
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

fn push_opinions(row: &mut Row, context: &Context, at: usize) {
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
    let kept = context.kept[at];
    let paragraph = context.paragraphs.kept[at];
    let settled = context.settled[at];
    let in_run = context.best_run.contains(&at);
    row.flag(kept);
    row.push(context.reasons[at]);
    row.flag(paragraph);
    row.push(context.paragraphs.scores[at]);
    row.push(match context.classes[at] {
        Class::Bad => 0.0,
        Class::Short => 1.0,
        Class::NearGood => 2.0,
        Class::Good => 3.0,
    });
    row.flag(settled);
    row.flag(in_run);
    row.push(
        [kept, paragraph, settled, in_run]
            .map(f32::from)
            .iter()
            .sum(),
    );
}

fn push_windows(row: &mut Row, context: &Context, at: usize) {
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

fn push_trail(row: &mut Row, context: &Context, trail: &Trail, at: usize) {
    match trail.heading {
        Some(heading) => {
            let block = &context.blocks[heading];
            row.push(log_number(at - heading));
            row.push(log_number(
                context.words_before(at) - context.words_before(heading),
            ));
            row.push(context.looks[heading].phrase_number());
            row.push(match block.shape {
                Shape::Heading(level) => f32::from(level),
                _ => 0.0,
            });
            row.flag(context.kept[heading]);
            #[allow(clippy::cast_possible_truncation)] // A share.
            row.push(block.link_density() as f32);
        }
        None => {
            for _ in 0..6 {
                row.push(-1.0);
            }
        }
    }
    if let Some(phrase) = trail.phrase {
        row.push(log_number(at - phrase));
        row.push(context.looks[phrase].phrase_number());
    } else {
        row.push(-1.0);
        row.push(0.0);
    }
    row.push(number(trail.phrases_since_kept.min(50)));
}

fn push_neighbour(row: &mut Row, context: &Context, at: usize, distance: isize) {
    let Some(other) = at
        .checked_add_signed(distance)
        .filter(|other| *other < context.blocks.len())
    else {
        for _ in OF_NEIGHBOUR {
            row.push(-1.0);
        }
        return;
    };
    let (block, look) = (&context.blocks[other], &context.looks[other]);
    let parent = |at: usize| context.page.node(context.blocks[at].node).parent;
    row.push(number(block.words));
    #[allow(clippy::cast_possible_truncation)] // A share.
    row.push(block.link_density() as f32);
    row.push(shape_number(block));
    row.flag(block.ends_sentence());
    row.flag(context.kept[other]);
    row.push(look.phrase_number());
    row.flag(parent(other) == parent(at));
    row.push(look.stop_share());
}

/// The logarithm of a distance with its sign.
fn signed_log(to: usize, from: usize) -> f32 {
    if to >= from {
        log_number(to - from)
    } else {
        -log_number(from - to)
    }
}
