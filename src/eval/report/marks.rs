//! A page's text, marked by what became of it.

use std::collections::{HashMap, HashSet, VecDeque};

use similar::{Algorithm, ChangeTag, TextDiff};

use crate::block;
use crate::dom::Document;
use crate::eval::score;
use crate::record::Record;

/// What became of a block of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
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
pub struct MarkedBlock {
    /// The block's text.
    pub text: String,
    /// What became of it.
    pub mark: Mark,
    /// Why it is not in the output.
    pub reason: Option<String>,
}

/// Share of a block's shingles in the gold from which the block counts as part of it.
const IN_GOLD: f64 = 0.5;

/// The blocks of a page, marked; `record` has to come with `Options::explain`.
#[must_use]
pub fn blocks(markup: &str, record: &Record, gold: Option<&str>) -> Vec<MarkedBlock> {
    let mut removed: HashMap<&str, VecDeque<&str>> = HashMap::new();
    for one in &record.removed {
        let reasons = removed.entry(&one.text).or_default();
        reasons.push_back(&one.reason);
    }
    let gold = gold.map(Gold::of);
    block::segment(&Document::parse(markup))
        .into_iter()
        .map(|block| {
            let reason = removed
                .get_mut(block.text.as_str())
                .and_then(VecDeque::pop_front);
            let wanted = gold.as_ref().map(|gold| gold.holds(&block.text));
            let mark = match (reason, wanted) {
                (None, Some(false)) => Mark::WronglyKept,
                (None, _) => Mark::Kept,
                (Some(_), Some(true)) => Mark::Missed,
                (Some(_), _) => Mark::LeftOut,
            };
            MarkedBlock {
                text: block.text,
                mark,
                reason: reason.map(str::to_owned),
            }
        })
        .collect()
}

/// A gold text to look blocks up in.
#[derive(Debug)]
pub(in crate::eval) struct Gold<'a> {
    shingles: HashSet<Vec<&'a str>>,
    lines: HashSet<Vec<&'a str>>,
}

/// Tokens of the runs that are looked up.
const RUN_TOKENS: usize = 4;

impl<'a> Gold<'a> {
    pub(in crate::eval) fn of(text: &'a str) -> Self {
        let tokens = score::tokens(text);
        Self {
            shingles: tokens.windows(RUN_TOKENS).map(<[_]>::to_vec).collect(),
            lines: text.lines().map(score::tokens).collect(),
        }
    }

    /// Whether the block is part of the gold.
    pub(in crate::eval) fn holds(&self, text: &str) -> bool {
        let tokens = score::tokens(text);
        // A few words stand anywhere; as a block of their own they are a line of the gold.
        if tokens.len() < RUN_TOKENS {
            return self.lines.contains(&tokens);
        }
        let runs = tokens.len() + 1 - RUN_TOKENS;
        let found = tokens
            .windows(RUN_TOKENS)
            .filter(|run| self.shingles.contains(*run))
            .count();
        block::ratio(found, runs) >= IN_GOLD
    }
}

/// A run of text that gold and output share, or that one of them lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Kept, wrongly kept or missed.
    pub mark: Mark,
    /// The text.
    pub text: String,
}

/// Words up to which texts are compared word by word, which takes time that grows with the number
/// of differences; longer ones are compared line by line.
const MAX_WORDS: usize = 6000;

/// The output against its gold.
#[must_use]
pub fn runs(gold: &str, found: &str) -> Vec<Run> {
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Patience);
    let words = |text: &str| text.split_whitespace().count();
    let diff = if words(gold) + words(found) <= MAX_WORDS {
        config.diff_words(gold, found)
    } else {
        config.diff_lines(gold, found)
    };
    let mut runs: Vec<Run> = Vec::new();
    for change in diff.iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => Mark::Kept,
            ChangeTag::Insert => Mark::WronglyKept,
            ChangeTag::Delete => Mark::Missed,
        };
        match runs.last_mut() {
            Some(run) if run.mark == mark => run.text.push_str(change.value()),
            _ => runs.push(Run {
                mark,
                text: change.value().to_owned(),
            }),
        }
    }
    runs
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
        let marks: Vec<(Mark, Option<String>)> = blocks(markup, &record, Some(gold))
            .into_iter()
            .map(|block| (block.mark, block.reason))
            .collect();
        assert_eq!(
            marks,
            [
                (Mark::LeftOut, Some("navigation".to_owned())),
                (Mark::Kept, None),
                (Mark::Missed, Some("density".to_owned())),
                (Mark::WronglyKept, None),
            ]
        );
        let without_gold = blocks(markup, &record, None);
        assert_eq!(without_gold[3].mark, Mark::Kept);
    }

    #[test]
    fn runs_hold_all_words_of_both_texts() {
        let runs = runs("It rained on Monday.", "It rained hard on Monday. Share");
        let text = |mark| -> String {
            let runs = runs.iter().filter(|run| run.mark == mark);
            runs.map(|run| run.text.as_str()).collect()
        };
        assert!(text(Mark::WronglyKept).contains("hard"));
        assert!(text(Mark::WronglyKept).contains("Share"));
        assert_eq!(text(Mark::Missed).trim(), "");
        assert!(text(Mark::Kept).contains("Monday."));
    }
}
