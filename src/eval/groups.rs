//! Metrics by what pages have in common.

use std::collections::BTreeMap;

use super::{Metrics, PageScore};

/// What pages are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupBy {
    /// The page's kind by its gold.
    Kind,
    /// The language of the gold, or the one found.
    Language,
    /// The registrable domain of the page's address.
    Site,
    /// Words of the gold text.
    Length,
    /// The extractor's confidence in the body.
    Confidence,
}

impl GroupBy {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Kind,
        Self::Language,
        Self::Site,
        Self::Length,
        Self::Confidence,
    ];

    /// Its name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Language => "language",
            Self::Site => "site",
            Self::Length => "length",
            Self::Confidence => "confidence",
        }
    }
}

/// Upper bounds of the groups by length, in words of gold: a brief, a short report, a report, a
/// feature; the last group is open.
const LENGTH_BOUNDS: [usize; 4] = [100, 300, 800, 2000];

/// Metrics of each group of pages, groups in their natural order.
#[must_use]
pub fn groups(scores: &[PageScore], by: GroupBy) -> Vec<(String, Metrics)> {
    let mut groups: BTreeMap<(usize, String), Vec<&PageScore>> = BTreeMap::new();
    for score in scores {
        groups.entry(group_of(score, by)).or_default().push(score);
    }
    let groups = groups.into_iter();
    let metrics = groups.map(|((_, name), pages)| (name, Metrics::of(&pages)));
    metrics.collect()
}

/// A page's group: its number where groups are ranges, and its name.
fn group_of(score: &PageScore, by: GroupBy) -> (usize, String) {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    match by {
        GroupBy::Kind => (0, score.kind.clone()),
        GroupBy::Language => (0, known(&score.language)),
        GroupBy::Site => (0, known(&score.site)),
        GroupBy::Length => {
            let number = LENGTH_BOUNDS.partition_point(|bound| score.words >= *bound);
            let from = number.checked_sub(1).map_or(0, |at| LENGTH_BOUNDS[at]);
            let name = match LENGTH_BOUNDS.get(number) {
                Some(to) => format!("{from}–{} words", to - 1),
                None => format!("{from} words or more"),
            };
            (number, name)
        }
        GroupBy::Confidence => {
            let fifth = [0.2, 0.4, 0.6, 0.8].partition_point(|bound| score.confidence >= *bound);
            let names = ["0–0.2", "0.2–0.4", "0.4–0.6", "0.6–0.8", "0.8–1"];
            (fifth, names[fifth].to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_confidences_fall_into_ranges() {
        let page = |words, confidence| PageScore {
            words,
            confidence,
            ..PageScore::default()
        };
        let scores = [page(99, 1.0), page(100, 0.79), page(2000, 0.0)];
        let names = |by| -> Vec<String> {
            let groups = groups(&scores, by).into_iter();
            groups.map(|(name, _)| name).collect()
        };
        assert_eq!(
            names(GroupBy::Length),
            ["0–99 words", "100–299 words", "2000 words or more"]
        );
        assert_eq!(names(GroupBy::Confidence), ["0–0.2", "0.6–0.8", "0.8–1"]);
        assert_eq!(names(GroupBy::Site), ["unknown"]);
    }
}
