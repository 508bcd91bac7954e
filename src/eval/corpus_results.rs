//! What came out for one corpus, also as a file for a later run to be compared with.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::corpus::corpus_error;
use super::corpus_health::CorpusHealth;
use super::{GroupBy, MadeWith, Metrics, PageScore, groups};
use crate::Error;

/// The figures of one corpus, over all pages, by groups and by page; what `--json` writes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorpusResults {
    /// Over all pages.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// Over groups of pages: by the name of what they are grouped by, then by that of the group.
    pub groups: BTreeMap<String, BTreeMap<String, Metrics>>,
    /// What the figures were made with, where they are to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_with: Option<MadeWith>,
    /// What can be said without gold, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<CorpusHealth>,
    /// Each page.
    pub page_scores: Vec<PageScore>,
}

impl CorpusResults {
    /// Sums up these pages. Sites of one page are no group.
    pub(super) fn of(page_scores: Vec<PageScore>, health: Option<CorpusHealth>) -> Self {
        let groups = GroupBy::ALL.map(|by| {
            let mut found: BTreeMap<String, Metrics> =
                groups(&page_scores, by).into_iter().collect();
            if by == GroupBy::Site {
                found.retain(|_, metrics| metrics.pages > 1);
            }
            (by.name().to_owned(), found)
        });
        Self {
            metrics: Metrics::of(&page_scores.iter().collect::<Vec<_>>()),
            groups: groups.into(),
            made_with: None,
            health,
            page_scores,
        }
    }

    /// Indices of the pages in `page_scores`, the worst first: by shingle F1, or by confidence where
    /// there is no gold text.
    #[must_use]
    pub fn worst_first(&self) -> Vec<usize> {
        let scores = &self.page_scores;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let quality = |at: &usize| scores[*at].shingle_f1.unwrap_or(scores[*at].confidence);
        order.sort_by(|a, b| quality(a).total_cmp(&quality(b)));
        order
    }

    /// The figures as JSON with a line a page, so that changes can be read in a diff.
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        let pages = self.page_scores.iter().map(serde_json::to_string);
        let pages: Vec<String> = pages.collect::<Result<_, _>>()?;
        let mut all = serde_json::to_value(self)?;
        all["page_scores"] = serde_json::Value::Array(Vec::new());
        let text = serde_json::to_string_pretty(&all)?;
        let lines = format!("\"page_scores\": [\n{}\n]", pages.join(",\n"));
        Ok(text.replace("\"page_scores\": []", &lines) + "\n")
    }

    /// Reads the figures of one corpus from a file that `--json` wrote; where it holds those of several
    /// corpora, the ones under `name`.
    pub(super) fn read(path: &Path, name: &str) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let figures = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text)?;
            if value.get("page_scores").is_none() {
                let named = value.get_mut(name).map(serde_json::Value::take);
                value = named.unwrap_or_default();
            }
            serde_json::from_value(value)
        };
        figures(&text).map_err(|error| {
            let message = format!("no figures of {name} that gleaner eval --json wrote: {error}");
            corpus_error(path, None, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::comparison::{MeasureChange, compare};

    #[test]
    fn figures_survive_their_file() {
        let score = |id: &str, shingle_f1: f64| PageScore {
            id: id.to_owned(),
            shingle_f1: Some(shingle_f1),
            ..PageScore::default()
        };
        let saved = CorpusResults::of(vec![score("page 0", 1.0), score("page 1", 1.0 / 3.0)], None);
        let text = saved.to_json().expect("figures are plain data");
        assert!(text.contains("\n{\"id\":\"page 0\","), "{text}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("figures.json");
        std::fs::write(&path, &text).expect("the folder can be written");
        let back = CorpusResults::read(&path, "corpus").expect("what was written can be read");
        let unchanged = compare(&saved.page_scores, &back.page_scores);
        assert_eq!((unchanged.pages, unchanged.changed_pages.len()), (2, 0));
        assert!(unchanged.changes.iter().all(MeasureChange::is_same));
        for other in ["{}", "[1]", "<html>"] {
            std::fs::write(&path, other).expect("the folder can be written");
            let said = CorpusResults::read(&path, "corpus").expect_err("nothing is there");
            assert!(said.to_string().contains("no figures of corpus"), "{said}");
        }
    }
}
