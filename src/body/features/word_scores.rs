//! What the words of a block, and those in the names of the elements around it, speak for: the block being
//! part of the body, and the page being of a kind.
//!
//! The weights are the lexicon's (`src/body/model/lexicon.rs`). Each sum is divided by the square root of the
//! number of words known, so that a long text says more than a short one, but not as many times as it is
//! longer.

use crate::block::TextBlock;
use crate::body::features::name_scores::ElementPath;
use crate::body::features::{is_chrome_at_sight, number, word_hash};
use crate::body::model::lexicon::{KindWeights, Lexicon, Weights};
use crate::dom::Document;

/// Words of a block that are looked up: what a text is shows in its first words.
const LOOKED_UP_WORDS: usize = 40;

/// Words up to which a block counts among those of its template, so that no long one outvotes the rest.
const MAX_VOTE: usize = 60;

/// What a block's words and names speak for: log-odds of its being part of the body. The columns of a row
/// in `config/tables/features.tsv` have the same names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockScores {
    pub(crate) names: f32,
    pub(crate) own_names: f32,
    pub(crate) near_names: f32,
    pub(crate) wording: f32,
    pub(crate) heading_wording: f32,
}

/// What the words and names on a page speak for.
#[derive(Debug, Clone)]
pub(crate) struct WordScores {
    each: Vec<BlockScores>,
    /// For each block, the mean of `wording` over the blocks of its template.
    template_means: Vec<f32>,
    /// The likelihood of each kind of page, as a logarithm.
    kinds: KindWeights,
}

impl WordScores {
    /// Looks up the words of a page's blocks; `same_template` is a number for each, the same for those of
    /// one template.
    pub(crate) fn of(
        page: &Document,
        blocks: &[TextBlock],
        same_template: &[usize],
        lexicon: &Lexicon,
    ) -> Self {
        let mut path = ElementPath::of(page, lexicon);
        let mut words = FoundWords::of(&lexicon.words);
        let mut each = vec![BlockScores::default(); blocks.len()];
        let mut heading = 0.0;
        for (scores, block) in each.iter_mut().zip(blocks) {
            if is_chrome_at_sight(block) {
                continue;
            }
            path.go(block.node);
            let wording = words.add_block(block, lexicon);
            *scores = BlockScores {
                wording,
                heading_wording: heading,
                ..path.scores()
            };
            if block.is_heading() {
                heading = wording;
            }
        }
        let of_words = words.kinds(&lexicon.words);
        let of_names = path.found.kinds(&lexicon.names);
        let mut kinds = lexicon.kinds;
        for ((kind, words), names) in kinds.iter_mut().zip(of_words).zip(of_names) {
            *kind += words + names;
        }
        Self {
            template_means: means(blocks, same_template, &each),
            each,
            kinds: log_shares(kinds),
        }
    }

    /// What the kind of the page is, by its words: the last columns, the same for all blocks.
    pub(crate) fn kinds(&self) -> &[f32] {
        &self.kinds
    }

    /// Adds a block's columns to its row.
    pub(crate) fn push(&self, row: &mut Vec<f32>, block: usize) {
        let scores = self.each[block];
        row.extend([
            scores.names,
            scores.own_names,
            scores.near_names,
            scores.wording,
            scores.heading_wording,
            self.template_means[block],
        ]);
        row.extend(self.kinds);
    }
}

/// For each block, the mean of `wording` over those of its template, by their words.
fn means(blocks: &[TextBlock], same_template: &[usize], each: &[BlockScores]) -> Vec<f32> {
    let groups = same_template.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![(0.0, 0.0); groups];
    let scored = (0..blocks.len()).filter(|at| !is_chrome_at_sight(&blocks[*at]));
    for at in scored {
        let vote = number(blocks[at].words.min(MAX_VOTE) + 1);
        let (sum, votes): &mut (f32, f32) = &mut sums[same_template[at]];
        *sum += vote * each[at].wording;
        *votes += vote;
    }
    same_template
        .iter()
        .map(|group| sums[*group])
        .map(|(sum, votes)| if votes > 0.0 { sum / votes } else { 0.0 })
        .collect()
}

/// Logarithms of the shares that the odds have of all, all given as logarithms.
fn log_shares(odds: KindWeights) -> KindWeights {
    let most = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let all: f32 = odds.iter().map(|odd| (odd - most).exp()).sum();
    odds.map(|odd| odd - most - all.ln())
}

/// A sum of the weights of some words, by the square root of their number.
pub(crate) fn scaled(sum: f32, words: usize) -> f32 {
    sum / number(words.max(1)).sqrt()
}

/// Which of the lexicon's words stand on the page.
pub(crate) struct FoundWords {
    /// For each word's number.
    is_found: Vec<bool>,
    count: usize,
}

impl FoundWords {
    pub(crate) fn of<W>(weights: &Weights<W>) -> Self {
        Self {
            is_found: vec![false; weights.len()],
            count: 0,
        }
    }

    pub(crate) fn add(&mut self, number: usize) {
        self.count += usize::from(!self.is_found[number]);
        self.is_found[number] = true;
    }

    /// Adds a block's words; returns what they speak for.
    fn add_block(&mut self, block: &TextBlock, lexicon: &Lexicon) -> f32 {
        let (mut sum, mut known) = (0.0, 0);
        for word in words_of(&block.text) {
            if let Some(number) = lexicon.words.number(word) {
                sum += lexicon.words.at(number);
                known += 1;
                self.add(number);
            }
        }
        scaled(sum, known)
    }

    /// What all words found speak for.
    fn kinds<W>(&self, weights: &Weights<W>) -> KindWeights {
        let mut sums = KindWeights::default();
        for (number, _) in self.is_found.iter().enumerate().filter(|(_, is)| **is) {
            for (sum, weight) in sums.iter_mut().zip(weights.kinds(number)) {
                *sum += weight;
            }
        }
        sums.map(|sum| scaled(sum, self.count))
    }
}

/// Hashes of the words of a text that are looked up.
pub(crate) fn words_of(text: &str) -> Vec<u32> {
    let words = word_hash::first(text, LOOKED_UP_WORDS).into_iter();
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
    use crate::body::features::name_scores::{NEAR_LEVELS, names_of};
    use crate::body::model::EMBEDDED;
    use crate::body::model::lexicon::NameWeights;
    use crate::dom::NodeId;

    const PAGE: &str = "<body class='home blog'><div id=main class=entry-content><h2>Rain at last</h2>\
        <div class='entry wide'><p class=lead>It rained in the valley, and rained again.</p></div></div>\
        <div class='share-box wide' role=complementary><p>Share this story with your friends</p>\
        <ul><li class=item>Rain<li class=item>Valley</ul></div>";

    fn wording(html: &str, lexicon: &Lexicon) -> (Vec<TextBlock>, Vec<Vec<f32>>) {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let templates: Vec<usize> = (0..blocks.len()).collect();
        let wording = WordScores::of(&page, &blocks, &templates, lexicon);
        let rows = (0..blocks.len()).map(|block| {
            let mut row = Vec::new();
            wording.push(&mut row, block);
            row
        });
        (blocks, rows.collect())
    }

    /// The sum of the weights of those words that are known, scaled.
    fn summed(numbers: impl Iterator<Item = Option<usize>>, weight: impl Fn(usize) -> f32) -> f32 {
        let known: Vec<usize> = numbers.flatten().collect();
        scaled(
            known.iter().map(|number| weight(*number)).sum(),
            known.len(),
        )
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
            let number = |hash: u32| lexicon.names.number(hash);
            let own = summed(names(block.node).map(number), |at| lexicon.names.at(at).own);
            let near = page.ancestors(block.node).take(NEAR_LEVELS);
            let near = summed(near.flat_map(names).map(number), |at| {
                lexicon.names.at(at).near
            });
            let outer = std::iter::once(block.node).chain(page.ancestors(block.node));
            let around: HashSet<u32> = outer.flat_map(names).collect();
            let around = summed(around.into_iter().map(number), |at| {
                lexicon.names.at(at).around
            });
            let words = words_of(&block.text).into_iter();
            let words = summed(words.map(|hash| lexicon.words.number(hash)), |at| {
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
        short(word_hash::one(word))
    }

    #[test]
    fn words_speak_for_blocks_and_pages() {
        let mut lexicon = Lexicon::default();
        let kinds = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        lexicon.words.insert(hash("rain"), 2.0, kinds);
        let share = NameWeights {
            near: -3.0,
            ..NameWeights::default()
        };
        lexicon
            .names
            .insert(hash("share"), share, KindWeights::default());
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
    fn blocks_of_one_template_speak_together() {
        let mut lexicon = Lexicon::default();
        lexicon
            .words
            .insert(hash("rain"), 2.0, KindWeights::default());
        let page = Document::parse("<p>Rain<p>It is dry");
        let wording = WordScores::of(&page, &segment(&page), &[0, 0], &lexicon);
        // One word and three, and one more for being there.
        assert!((wording.template_means[0] - 2.0 * 2.0 / 6.0).abs() < 1e-6);
    }
}
