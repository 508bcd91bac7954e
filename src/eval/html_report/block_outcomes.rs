//! What became of each block of a page, and where its output differs from the gold.

use std::collections::{HashMap, HashSet, VecDeque};

use similar::{Algorithm, ChangeTag, TextDiff};

use crate::block::{self, TextBlock};
use crate::dom::Document;
use crate::eval::token_overlap::{SHINGLE_TOKENS, shingles, tokens};
use crate::record::Record;

/// What became of a block of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockOutcome {
    /// In the output and in the gold (or in the output, where there is no gold).
    Kept,
    /// In the output and not in the gold.
    WronglyKept,
    /// In the gold and not in the output.
    Missed,
    /// In neither.
    LeftOut,
}

/// One block of a page in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComparedBlock {
    pub(super) text: String,
    pub(super) outcome: BlockOutcome,
    /// Why it is not in the output.
    pub(super) reason: Option<String>,
}

/// Share of a block's shingles in the gold from which the block counts as part of it.
const MIN_GOLD_SHARE: f64 = 0.5;

/// The blocks of a page with their outcomes; `record` has to come with `Options::explain`.
pub(super) fn blocks(markup: &str, record: &Record, gold: Option<&str>) -> Vec<ComparedBlock> {
    let gold = gold.map(GoldShingles::of);
    let blocks = block::segment(&Document::parse(markup));
    let reasons: Vec<_> = removal_reasons(&blocks, record).collect();
    blocks
        .iter()
        .zip(reasons)
        .map(|(block, reason)| {
            let wanted = gold.as_ref().map(|gold| gold.contains(&block.text));
            let outcome = match (reason, wanted) {
                (None, Some(false)) => BlockOutcome::WronglyKept,
                (None, _) => BlockOutcome::Kept,
                (Some(_), Some(true)) => BlockOutcome::Missed,
                (Some(_), _) => BlockOutcome::LeftOut,
            };
            ComparedBlock {
                text: block.text.clone(),
                outcome,
                reason: reason.map(str::to_owned),
            }
        })
        .collect()
}

/// Why each block is not in the output, by `record.removed`; none for the blocks that are in it.
pub(in crate::eval) fn removal_reasons<'a>(
    blocks: &[TextBlock],
    record: &'a Record,
) -> impl Iterator<Item = Option<&'a str>> {
    let mut removed: HashMap<&str, VecDeque<&str>> = HashMap::new();
    for one in &record.removed {
        let reasons = removed.entry(&one.text).or_default();
        reasons.push_back(&one.reason);
    }
    blocks.iter().map(move |block| {
        let reasons = removed.get_mut(block.text.as_str());
        reasons.and_then(VecDeque::pop_front)
    })
}

/// The shingles and the lines of a gold text, to look blocks up in.
#[derive(Debug)]
pub(in crate::eval) struct GoldShingles<'a> {
    shingles: HashSet<Vec<&'a str>>,
    lines: HashSet<Vec<&'a str>>,
}

impl<'a> GoldShingles<'a> {
    pub(in crate::eval) fn of(text: &'a str) -> Self {
        Self {
            shingles: shingles(&tokens(text)).map(<[_]>::to_vec).collect(),
            lines: text.lines().map(tokens).collect(),
        }
    }

    /// Whether a block of this text is part of the gold.
    pub(in crate::eval) fn contains(&self, text: &str) -> bool {
        let tokens = tokens(text);
        // A few words stand anywhere; as a block of their own they are a line of the gold.
        if tokens.len() < SHINGLE_TOKENS {
            return self.lines.contains(&tokens);
        }
        let in_gold = shingles(&tokens).filter(|shingle| self.shingles.contains(*shingle));
        block::ratio(in_gold.count(), shingles(&tokens).count()) >= MIN_GOLD_SHARE
    }
}

/// A span of text that gold and output share, or that one of them lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DiffSpan {
    /// Kept, wrongly kept or missed.
    pub(super) outcome: BlockOutcome,
    pub(super) text: String,
}

/// Words of both texts together up to which they are compared word by word, which takes longer the
/// more they differ; longer ones are compared line by line.
const MAX_WORDS: usize = 6000;

/// Where the output and its gold agree and differ, in the order of the text.
pub(super) fn diff_spans(gold: &str, found: &str) -> Vec<DiffSpan> {
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Patience);
    let words = |text: &str| text.split_whitespace().count();
    let diff = if words(gold) + words(found) <= MAX_WORDS {
        config.diff_words(gold, found)
    } else {
        config.diff_lines(gold, found)
    };
    let mut spans: Vec<DiffSpan> = Vec::new();
    for change in diff.iter_all_changes() {
        let outcome = match change.tag() {
            ChangeTag::Equal => BlockOutcome::Kept,
            ChangeTag::Insert => BlockOutcome::WronglyKept,
            ChangeTag::Delete => BlockOutcome::Missed,
        };
        match spans.last_mut() {
            Some(span) if span.outcome == outcome => span.text.push_str(change.value()),
            _ => spans.push(DiffSpan {
                outcome,
                text: change.value().to_owned(),
            }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Explained;

    #[test]
    fn blocks_are_marked_by_output_and_gold() {
        let markup = "<nav><p>Home</p></nav><p>It rained in the valley on Monday.</p>\
            <p>The river rose by two hands.</p><p>Share this with all your friends</p>";
        let removed = |text: &str, reason: &str| Explained {
            text: text.to_owned(),
            reason: reason.to_owned(),
            score: None,
        };
        let record = Record {
            removed: vec![
                removed("Home", "navigation"),
                removed("The river rose by two hands.", "density"),
            ],
            ..Record::default()
        };
        let gold = "It rained in the valley on Monday.\n\nThe river rose by two hands.";
        let blocks_with_gold = blocks(markup, &record, Some(gold)).into_iter();
        let outcomes: Vec<(BlockOutcome, Option<String>)> =
            blocks_with_gold.map(|b| (b.outcome, b.reason)).collect();
        assert_eq!(
            outcomes,
            [
                (BlockOutcome::LeftOut, Some("navigation".to_owned())),
                (BlockOutcome::Kept, None),
                (BlockOutcome::Missed, Some("density".to_owned())),
                (BlockOutcome::WronglyKept, None),
            ]
        );
        let without_gold = blocks(markup, &record, None);
        assert_eq!(without_gold[3].outcome, BlockOutcome::Kept);
    }

    #[test]
    fn spans_hold_all_words_of_both_texts() {
        let spans = diff_spans("It rained on Monday.", "It rained hard on Monday. Share");
        let text = |outcome| -> String {
            let spans = spans.iter().filter(|span| span.outcome == outcome);
            spans.map(|span| span.text.as_str()).collect()
        };
        assert!(text(BlockOutcome::WronglyKept).contains("hard"));
        assert!(text(BlockOutcome::WronglyKept).contains("Share"));
        assert_eq!(text(BlockOutcome::Missed).trim(), "");
        assert!(text(BlockOutcome::Kept).contains("Monday."));
    }
}
