//! What the words of a block, and of the names of the elements around it, speak for.
//!
//! The weights are the lexicon's (`src/body/model/lexicon.rs`). Each sum is divided by the square root of the
//! number of words known, so that a long text says more than a short one, but not as many times as it is
//! longer.

use crate::block::{Shape, TextBlock};
use crate::body::features::kinds::KINDS;
use crate::body::features::naming::Path;
use crate::body::features::{is_chrome_at_sight, number, words};
use crate::body::model::lexicon::{Lexicon, OfKinds, Weights};
use crate::dom::Document;

/// Words of a block that are looked up: what a text is shows in its first words.
const LOOKED_UP_WORDS: usize = 40;

/// Words up to which a block counts among those built alike, so that no long one outvotes the rest.
const MAX_VOTE: usize = 60;

/// Names and meanings of the columns of a block.
const NAMES: [(&str, &str); 6] = [
    (
        "names",
        "what the words of the names of all elements around speak for, as log-odds",
    ),
    ("own_names", "the part that its own element has in that"),
    (
        "near_names",
        "the part that the next three elements have in that",
    ),
    ("wording", "what its first words speak for, as log-odds"),
    (
        "heading_wording",
        "the same of the heading before, 0 without one",
    ),
    (
        "alike_wording",
        "the same of all blocks built alike, by their words",
    ),
];

/// Every column's name and meaning, in order; the last are the same for all blocks of a page.
#[must_use]
pub fn names() -> Vec<(String, String)> {
    let of_blocks = NAMES.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
    let of_pages = KINDS.map(|kind| {
        (
            format!("{kind}_by_wording"),
            format!("how likely a page of kind {kind} is by its words and names, as a logarithm"),
        )
    });
    of_blocks.into_iter().chain(of_pages).collect()
}

/// What a block's words and names speak for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said {
    pub(crate) names: f32,
    pub(crate) own_names: f32,
    pub(crate) near_names: f32,
    pub(crate) wording: f32,
    pub(crate) heading_wording: f32,
}

/// What the words and names of a page speak for.
#[derive(Debug, Clone)]
pub struct Wording {
    each: Vec<Said>,
    /// The mean of the blocks built alike, for each block.
    alike: Vec<f32>,
    /// The likelihood of each kind of page, as a logarithm.
    kinds: OfKinds,
}

impl Wording {
    /// Looks up the words of a page's blocks; `alike` is a number for each, the same for those of the same
    /// build.
    #[must_use]
    pub fn of(page: &Document, blocks: &[TextBlock], alike: &[usize], lexicon: &Lexicon) -> Self {
        let mut path = Path::of(page, lexicon);
        let mut words = Seen::of(&lexicon.words);
        let mut each = vec![Said::default(); blocks.len()];
        let mut heading = 0.0;
        for (said, block) in each.iter_mut().zip(blocks) {
            if is_chrome_at_sight(block) {
                continue;
            }
            path.go(block.node);
            let wording = words.add(block, lexicon);
            *said = Said {
                wording,
                heading_wording: heading,
                ..path.said()
            };
            if matches!(block.shape, Shape::Heading(_)) {
                heading = wording;
            }
        }
        let of_words = words.kinds(&lexicon.words);
        let of_names = path.seen.kinds(&lexicon.names);
        let mut kinds = lexicon.kinds;
        for ((kind, words), names) in kinds.iter_mut().zip(of_words).zip(of_names) {
            *kind += words + names;
        }
        Self {
            alike: means(blocks, alike, &each),
            each,
            kinds: log_shares(kinds),
        }
    }

    /// What the kind of the page is, by its words: the last columns, the same for all blocks.
    #[must_use]
    pub fn kinds(&self) -> &[f32] {
        &self.kinds
    }

    /// Adds a block's columns to its row.
    pub fn push(&self, row: &mut Vec<f32>, block: usize) {
        let said = self.each[block];
        row.extend([
            said.names,
            said.own_names,
            said.near_names,
            said.wording,
            said.heading_wording,
            self.alike[block],
        ]);
        row.extend(self.kinds);
    }
}

/// For each block, what those built alike say in the mean.
fn means(blocks: &[TextBlock], alike: &[usize], each: &[Said]) -> Vec<f32> {
    let groups = alike.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![(0.0, 0.0); groups];
    let spoken = (0..blocks.len()).filter(|at| !is_chrome_at_sight(&blocks[*at]));
    for at in spoken {
        let vote = number(blocks[at].words.min(MAX_VOTE) + 1);
        let (sum, votes): &mut (f32, f32) = &mut sums[alike[at]];
        *sum += vote * each[at].wording;
        *votes += vote;
    }
    alike
        .iter()
        .map(|group| sums[*group])
        .map(|(sum, votes)| if votes > 0.0 { sum / votes } else { 0.0 })
        .collect()
}

/// Logarithms of the shares that the odds have of all, all given as logarithms.
fn log_shares(odds: OfKinds) -> OfKinds {
    let most = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let all: f32 = odds.iter().map(|odd| (odd - most).exp()).sum();
    odds.map(|odd| odd - most - all.ln())
}

/// A sum of weights, evened out.
pub(crate) fn evened(sum: f32, words: usize) -> f32 {
    sum / number(words.max(1)).sqrt()
}

/// Words of the page that the lexicon knows.
pub(crate) struct Seen {
    is_seen: Vec<bool>,
    count: usize,
}

impl Seen {
    pub(crate) fn of<W>(weights: &Weights<W>) -> Self {
        Self {
            is_seen: vec![false; weights.len()],
            count: 0,
        }
    }

    pub(crate) fn mark(&mut self, place: usize) {
        self.count += usize::from(!self.is_seen[place]);
        self.is_seen[place] = true;
    }

    /// Marks a block's words and says what they speak for.
    fn add(&mut self, block: &TextBlock, lexicon: &Lexicon) -> f32 {
        let (mut sum, mut known) = (0.0, 0);
        for word in words_of(&block.text) {
            if let Some(place) = lexicon.words.place(word) {
                sum += lexicon.words.at(place);
                known += 1;
                self.mark(place);
            }
        }
        evened(sum, known)
    }

    /// What all words seen speak for.
    fn kinds<W>(&self, weights: &Weights<W>) -> OfKinds {
        let mut sums = OfKinds::default();
        for (place, _) in self.is_seen.iter().enumerate().filter(|(_, seen)| **seen) {
            for (sum, weight) in sums.iter_mut().zip(weights.kinds(place)) {
                *sum += weight;
            }
        }
        sums.map(|sum| evened(sum, self.count))
    }
}

/// Hashes of the words of a text that are looked up.
#[must_use]
pub fn words_of(text: &str) -> Vec<u32> {
    let words = words::first(text, LOOKED_UP_WORDS).into_iter();
    words.take(LOOKED_UP_WORDS).map(short).collect()
}

/// A word's hash as the lexicon has it.
pub(crate) fn short(hash: u64) -> u32 {
    #[allow(clippy::cast_possible_truncation)] // Half of the hash tells words apart well enough.
    let short = hash as u32;
    short
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::block::segment;
    use crate::body::features::naming::{NEAR_LEVELS, names_of};
    use crate::body::model::EMBEDDED;
    use crate::body::model::lexicon::Name;
    use crate::dom::NodeId;

    const PAGE: &str = "<body class='home blog'><div id=main class=entry-content><h2>Rain at last</h2>\
        <div class='entry wide'><p class=lead>It rained in the valley, and rained again.</p></div></div>\
        <div class='share-box wide' role=complementary><p>Share this story with your friends</p>\
        <ul><li class=item>Rain<li class=item>Valley</ul></div>";

    fn wording(html: &str, lexicon: &Lexicon) -> (Vec<TextBlock>, Vec<Vec<f32>>) {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let alike: Vec<usize> = (0..blocks.len()).collect();
        let wording = Wording::of(&page, &blocks, &alike, lexicon);
        let rows = (0..blocks.len()).map(|block| {
            let mut row = Vec::new();
            wording.push(&mut row, block);
            row
        });
        (blocks, rows.collect())
    }

    /// The sum of the weights of those words that are known, evened out.
    fn summed(places: impl Iterator<Item = Option<usize>>, weight: impl Fn(usize) -> f32) -> f32 {
        let known: Vec<usize> = places.flatten().collect();
        evened(known.iter().map(|place| weight(*place)).sum(), known.len())
    }

    /// What `lexicon_training` writes for the trainer, summed up as the trainer does, is what is said here.
    #[test]
    fn what_is_said_is_what_the_trainer_sums_up() {
        let lexicon = &EMBEDDED.lexicon;
        let page = Document::parse(PAGE);
        let (blocks, rows) = wording(PAGE, lexicon);
        assert_eq!(blocks.len(), 5);
        for (block, row) in blocks.iter().zip(rows) {
            let names = |node: NodeId| page.element(node).into_iter().flat_map(names_of);
            let place = |hash: u32| lexicon.names.place(hash);
            let own = summed(names(block.node).map(place), |at| lexicon.names.at(at).own);
            let near = page.ancestors(block.node).take(NEAR_LEVELS);
            let near = summed(near.flat_map(names).map(place), |at| {
                lexicon.names.at(at).near
            });
            let outer = std::iter::once(block.node).chain(page.ancestors(block.node));
            let around: HashSet<u32> = outer.flat_map(names).collect();
            let around = summed(around.into_iter().map(place), |at| {
                lexicon.names.at(at).around
            });
            let words = words_of(&block.text).into_iter();
            let words = summed(words.map(|hash| lexicon.words.place(hash)), |at| {
                *lexicon.words.at(at)
            });
            for (ours, theirs) in row.iter().zip([own + near + around, own, near, words]) {
                assert!(
                    (ours - theirs).abs() < 1e-4,
                    "{}: {ours} {theirs}",
                    block.text
                );
            }
        }
    }

    fn hash(word: &str) -> u32 {
        short(words::one(word))
    }

    #[test]
    fn words_speak_for_blocks_and_pages() {
        let mut lexicon = Lexicon::default();
        let kinds = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        lexicon.words.insert(hash("rain"), 2.0, kinds);
        let share = Name {
            near: -3.0,
            ..Name::default()
        };
        lexicon
            .names
            .insert(hash("share"), share, OfKinds::default());
        let (blocks, rows) = wording(PAGE, &lexicon);
        let of = |text: &str| {
            let at = blocks.iter().position(|block| block.text.starts_with(text));
            &rows[at.expect("a block")]
        };
        assert_eq!(of("Rain at last")[..5], [0.0, 0.0, 0.0, 2.0, 0.0]);
        assert_eq!(of("It rained")[..5], [0.0, 0.0, 0.0, 0.0, 2.0]);
        assert_eq!(of("Share this")[..3], [-3.0, 0.0, -3.0]);
        // Of six kinds one is as many times likelier than each other as its word says.
        let likelihood = 1.0 - (1f32.exp() + 5.0).ln();
        assert!((rows[0][6] - likelihood).abs() < 1e-6);
        assert!((rows[0][7] - (likelihood - 1.0)).abs() < 1e-6);
    }

    #[test]
    fn blocks_of_one_build_speak_together() {
        let mut lexicon = Lexicon::default();
        lexicon.words.insert(hash("rain"), 2.0, OfKinds::default());
        let page = Document::parse("<p>Rain<p>It is dry");
        let wording = Wording::of(&page, &segment(&page), &[0, 0], &lexicon);
        // One word and three, and one more for being there.
        assert!((wording.alike[0] - 2.0 * 2.0 / 6.0).abs() < 1e-6);
    }
}
