//! Which text blocks of a page its gold text is made of.
//!
//! Blocks and gold are compared as token sequences. Each block may stand at a few places of the
//! gold; the heaviest chain of places that keeps both in order is taken first, so that of a text
//! that stands twice on the page the copy inside the story is meant. Blocks that the chain leaves out are
//! then matched to gold that no block covers yet, since some golds put a summary or a table elsewhere.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::token_overlap;
use crate::block::ratio;

/// Tokens in a run of a block that is looked up in the gold.
const RUN_TOKENS: usize = 3;

/// Places of one run that are followed up; commoner runs say nothing.
const MAX_PLACES: usize = 24;

/// Places of one block that compete in the chain.
const MAX_CANDIDATES: usize = 6;

/// Tokens by which a place may drift inside a block, for what one side leaves out.
const DRIFT_TOKENS: usize = 12;

/// Share of a block's tokens that have to stand in the gold for the block to have a place there.
const MIN_SHARE: f64 = 0.3;

/// A place of the gold where a block may stand.
#[derive(Debug, Clone, Copy)]
struct GoldSpan {
    start: usize,
    end: usize,
    matched: usize,
}

/// For each text, the share of its tokens that the gold was found to take from it, 0 to 1.
pub(super) fn labels(gold: &str, texts: &[&str]) -> Vec<f64> {
    let gold = IndexedGold::of(gold);
    let sequences: Vec<Vec<u64>> = texts.iter().map(|text| token_hashes(text)).collect();
    let candidates: Vec<Vec<GoldSpan>> =
        sequences.iter().map(|tokens| gold.places(tokens)).collect();
    let mut chosen = heaviest_chain(&candidates, gold.tokens.len());
    fill_between(&mut chosen, &sequences, &gold.tokens);
    fill_gaps(&mut chosen, &candidates, gold.tokens.len());
    let shares = chosen.iter().zip(&sequences).map(|(place, tokens)| {
        place.map_or(0.0, |place| ratio(place.matched, tokens.len()).min(1.0))
    });
    shares.collect()
}

fn token_hashes(text: &str) -> Vec<u64> {
    token_overlap::tokens(text)
        .into_iter()
        .map(|token| xxh3_64(token.to_lowercase().as_bytes()))
        .collect()
}

/// A gold text, ready to be searched.
struct IndexedGold {
    tokens: Vec<u64>,
    /// Whether a line starts at each token, and one past the last.
    line_starts: Vec<bool>,
    /// Where runs of one, two and three tokens stand.
    runs: [HashMap<u64, Vec<usize>>; RUN_TOKENS],
}

impl IndexedGold {
    fn of(text: &str) -> Self {
        let (mut tokens, mut line_starts) = (Vec::new(), Vec::new());
        // A cell of a table is as good as a line.
        for line in text.split(['\n', '|']) {
            let line = token_hashes(line);
            line_starts.extend((0..line.len()).map(|at| at == 0));
            tokens.extend(line);
        }
        line_starts.push(true);
        let mut runs = [HashMap::new(), HashMap::new(), HashMap::new()];
        for (size, runs) in (1..).zip(&mut runs) {
            for (at, run) in tokens.windows(size).enumerate() {
                let places: &mut Vec<usize> = runs.entry(run_hash(run)).or_default();
                places.push(at);
            }
        }
        Self {
            tokens,
            line_starts,
            runs,
        }
    }

    /// Where a block may stand in the gold, best place first.
    fn places(&self, tokens: &[u64]) -> Vec<GoldSpan> {
        if tokens.is_empty() {
            return Vec::new();
        }
        let mut votes: HashMap<usize, usize> = HashMap::new();
        // Offsets are moved up by the block's length, so that they cannot be negative.
        for (at, places) in self.runs_of(tokens) {
            for place in places.iter().take(MAX_PLACES) {
                *votes.entry(place + tokens.len() - at).or_default() += 1;
            }
        }
        let mut offsets: Vec<(usize, usize)> = votes.into_iter().map(|(o, n)| (n, o)).collect();
        offsets.sort_by_key(|(count, offset)| (std::cmp::Reverse(*count), *offset));
        let mut candidates: Vec<GoldSpan> = Vec::new();
        for (_, offset) in offsets.into_iter().take(MAX_CANDIDATES) {
            let candidate = self.candidate(tokens, offset);
            let long_enough = ratio(candidate.matched, tokens.len()) >= MIN_SHARE;
            // One or two words stand anywhere; as a block they are a line of the gold.
            let whole_line = tokens.len() >= RUN_TOKENS
                || (self.line_starts[candidate.start]
                    && self.line_starts[candidate.end.min(self.tokens.len())]);
            if long_enough && whole_line {
                candidates.push(candidate);
            }
        }
        candidates
    }

    /// The runs of a block that the gold has: where each starts in the block, and where it stands in
    /// the gold.
    fn runs_of(&self, tokens: &[u64]) -> impl Iterator<Item = (usize, &[usize])> {
        let size = RUN_TOKENS.min(tokens.len());
        let runs = tokens.windows(size).map(run_hash).enumerate();
        runs.filter_map(move |(at, run)| Some((at, self.runs[size - 1].get(&run)?.as_slice())))
    }

    fn candidate(&self, tokens: &[u64], offset: usize) -> GoldSpan {
        let size = RUN_TOKENS.min(tokens.len());
        let mut covered = vec![false; tokens.len()];
        let (mut start, mut end) = (usize::MAX, 0);
        for (at, places) in self.runs_of(tokens) {
            let drift = |place: &&usize| (**place + tokens.len()).abs_diff(at + offset);
            if let Some(place) = places.iter().find(|place| drift(place) <= DRIFT_TOKENS) {
                covered[at..at + size].fill(true);
                start = start.min(*place);
                end = end.max(place + size);
            }
        }
        GoldSpan {
            start: start.min(self.tokens.len()),
            end,
            matched: covered.iter().filter(|is| **is).count(),
        }
    }
}

/// A hash of a run of tokens that knows their order.
fn run_hash(run: &[u64]) -> u64 {
    run.iter()
        .fold(0u64, |mix, token| mix.rotate_left(21) ^ token)
}

/// Chooses at most one place a block so that places grow with blocks, do not overlap, and match
/// the most tokens.
fn heaviest_chain(candidates: &[Vec<GoldSpan>], gold_len: usize) -> Vec<Option<GoldSpan>> {
    // A Fenwick tree of maxima: for each place of the gold, the link at which the heaviest chain ends
    // that ends there or before.
    let mut tree: Vec<usize> = vec![0; gold_len + 2];
    // Link 0 is the empty chain: weight, block, candidate, link before.
    let mut links: Vec<(usize, usize, usize, usize)> = vec![(0, 0, 0, 0)];
    for (block, places) in candidates.iter().enumerate() {
        let mut added = Vec::new();
        for (number, place) in places.iter().enumerate() {
            let before = best_until(&tree, &links, place.start);
            links.push((links[before].0 + place.matched, block, number, before));
            added.push((place.end, links.len() - 1));
        }
        for (end, link) in added {
            let mut at = end + 1;
            while at < tree.len() {
                if links[tree[at]].0 < links[link].0 {
                    tree[at] = link;
                }
                at += at & at.wrapping_neg();
            }
        }
    }
    let mut chosen = vec![None; candidates.len()];
    let mut link = best_until(&tree, &links, gold_len);
    while link != 0 {
        let (_, block, number, before) = links[link];
        chosen[block] = Some(candidates[block][number]);
        link = before;
    }
    chosen
}

/// The heaviest chain among those that end at `end` or before.
fn best_until(tree: &[usize], links: &[(usize, usize, usize, usize)], end: usize) -> usize {
    let mut best = 0;
    let mut at = end + 1;
    while at > 0 {
        if links[tree[at]].0 > links[best].0 {
            best = tree[at];
        }
        at &= at - 1;
    }
    best
}

/// Tokens of gold between two blocks of the chain up to which short blocks between them are looked
/// for there.
const MAX_BETWEEN_TOKENS: usize = 40;

/// Gives blocks of a word or two, such as prices, the places between their neighbours' where the gold
/// has them in the same line.
fn fill_between(chosen: &mut [Option<GoldSpan>], sequences: &[Vec<u64>], gold: &[u64]) {
    let placed = (0..chosen.len()).filter_map(|at| Some((at, chosen[at]?)));
    let placed: Vec<(usize, GoldSpan)> = placed.collect();
    for neighbours in placed.windows(2) {
        let ((last, before), (next, after)) = (neighbours[0], neighbours[1]);
        let mut from = before.end;
        if after.start.saturating_sub(from) > MAX_BETWEEN_TOKENS {
            continue;
        }
        for at in last + 1..next {
            let tokens = &sequences[at];
            if tokens.is_empty() || tokens.len() >= RUN_TOKENS || from >= after.start {
                continue;
            }
            let mut windows = gold[from..after.start].windows(tokens.len());
            if let Some(offset) = windows.position(|window| window == tokens.as_slice()) {
                let start = from + offset;
                from = start + tokens.len();
                chosen[at] = Some(GoldSpan {
                    start,
                    end: from,
                    matched: tokens.len(),
                });
            }
        }
    }
}

/// Gives blocks outside the chain those of their places whose gold no block covers yet.
fn fill_gaps(chosen: &mut [Option<GoldSpan>], candidates: &[Vec<GoldSpan>], gold_len: usize) {
    let mut covered = vec![false; gold_len];
    for place in chosen.iter().flatten() {
        covered[place.start..place.end].fill(true);
    }
    for (slot, places) in chosen.iter_mut().zip(candidates) {
        if slot.is_some() {
            continue;
        }
        let free = places.iter().find(|place| {
            let covered = covered[place.start..place.end].iter();
            let taken = covered.filter(|is| **is).count();
            taken * 4 <= place.end - place.start
        });
        if let Some(place) = free {
            covered[place.start..place.end].fill(true);
            *slot = Some(*place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLD: &str =
        "It rained on Monday for hours.\nWhy\nNobody in the valley knows why it did.";

    #[test]
    fn blocks_of_the_gold_are_told_from_others() {
        let blocks = [
            "Home",
            "It rained on Monday for hours.",
            "Advertisement",
            "Why",
            "Nobody in the valley knows why it did.",
            "Why you should subscribe to us today",
        ];
        assert_eq!(labels(GOLD, &blocks), [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn of_two_copies_the_one_in_the_story_counts() {
        let blocks = [
            "Nobody in the valley knows why it did.",
            "It rained on Monday for hours.",
            "Nobody in the valley knows why it did.",
        ];
        assert_eq!(labels(GOLD, &blocks), [0.0, 1.0, 1.0]);
    }

    #[test]
    fn a_block_with_more_than_the_gold_has_a_share() {
        let label = labels(
            GOLD,
            &["It rained on Monday for hours. Read more about rain here"],
        )[0];
        assert!((0.5..0.7).contains(&label), "{label}");
    }

    #[test]
    fn short_blocks_count_in_a_line_between_their_neighbours() {
        let gold = "Red kite for children $ 12 Blue kite for sailors\nSize | 40";
        let blocks = [
            "12",
            "Red kite for children",
            "$ 12",
            "Cart",
            "Blue kite for sailors",
            "Size",
            "40",
        ];
        assert_eq!(labels(gold, &blocks), [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn gold_in_another_order_is_found_too() {
        let blocks = [
            "Nobody in the valley knows why it did.",
            "It rained on Monday for hours.",
        ];
        assert_eq!(labels(GOLD, &blocks), [1.0, 1.0]);
    }
}
