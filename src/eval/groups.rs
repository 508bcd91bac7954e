//! Figures by what pages have in common.

use std::collections::BTreeMap;

use super::{Figures, PageScore, figures};

/// What pages are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
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

impl By {
    /// Every way to group pages.
    pub const ALL: [Self; 5] = [
        Self::Kind,
        Self::Language,
        Self::Site,
        Self::Length,
        Self::Confidence,
    ];

    /// The way's name.
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

/// Figures of each group of pages, groups in their natural order.
#[must_use]
pub fn groups(scores: &[&PageScore], by: By) -> Vec<(String, Figures)> {
    let mut groups: BTreeMap<String, Vec<&PageScore>> = BTreeMap::new();
    for score in scores {
        groups.entry(key(score, by)).or_default().push(score);
    }
    groups
        .into_iter()
        .map(|(key, pages)| (label(&key, by), figures(&pages)))
        .collect()
}

fn key(score: &PageScore, by: By) -> String {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    match by {
        By::Kind => score.kind.clone(),
        By::Language => known(&score.language),
        By::Site => known(&score.site),
        // Keys that sort as numbers do.
        By::Length => {
            let place = LENGTH_BOUNDS.partition_point(|bound| score.words >= *bound);
            place.to_string()
        }
        By::Confidence => {
            let fifth = [0.2, 0.4, 0.6, 0.8].partition_point(|bound| score.confidence >= *bound);
            fifth.to_string()
        }
    }
}

fn label(key: &str, by: By) -> String {
    let place: usize = match by {
        By::Length | By::Confidence => key.parse().unwrap_or_default(),
        _ => return key.to_owned(),
    };
    if by == By::Confidence {
        return ["0–0.2", "0.2–0.4", "0.4–0.6", "0.6–0.8", "0.8–1"][place].to_owned();
    }
    let from = if place == 0 {
        0
    } else {
        LENGTH_BOUNDS[place - 1]
    };
    match LENGTH_BOUNDS.get(place) {
        Some(to) => format!("{from}–{} words", to - 1),
        None => format!("{from} words or more"),
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
        let scores: Vec<&PageScore> = scores.iter().collect();
        let names = |by| -> Vec<String> {
            groups(&scores, by)
                .into_iter()
                .map(|(name, _)| name)
                .collect()
        };
        assert_eq!(
            names(By::Length),
            ["0–99 words", "100–299 words", "2000 words or more"]
        );
        assert_eq!(names(By::Confidence), ["0–0.2", "0.6–0.8", "0.8–1"]);
        assert_eq!(names(By::Site), ["unknown"]);
    }
}
