//! Figures of one corpus in a file, for a later run to be compared with.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::health::Health;
use super::{By, Figures, PageScore, figures, groups};
use crate::Error;

/// The figures of one corpus as they are kept in a file: by [`Saved::to_json`], read by
/// [`Saved::read`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saved {
    /// Sums over all pages.
    #[serde(flatten)]
    pub figures: Figures,
    /// Sums over groups of pages: way to group, group, figures.
    pub groups: BTreeMap<String, BTreeMap<String, Figures>>,
    /// What could be said without gold, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// Each page.
    pub page_scores: Vec<PageScore>,
}

impl Saved {
    /// Sums up these pages. Sites of one page are no group.
    #[must_use]
    pub fn of(page_scores: Vec<PageScore>) -> Self {
        let scores: Vec<&PageScore> = page_scores.iter().collect();
        let mut by_way = BTreeMap::new();
        for by in By::ALL {
            let mut found: BTreeMap<String, Figures> = groups(&scores, by).into_iter().collect();
            if by == By::Site {
                found.retain(|_, figures| figures.pages > 1);
            }
            by_way.insert(by.name().to_owned(), found);
        }
        Self {
            figures: figures(&scores),
            groups: by_way,
            health: None,
            page_scores,
        }
    }

    /// The figures with a line a page, so that changes can be read in a diff.
    ///
    /// # Errors
    /// None is known; `serde_json` might find one.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let pages: Vec<String> = self
            .page_scores
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?;
        let mut all = serde_json::to_value(self)?;
        all["page_scores"] = serde_json::Value::Array(Vec::new());
        let text = serde_json::to_string_pretty(&all)?;
        let lines = format!("\"page_scores\": [\n{}\n]", pages.join(",\n"));
        Ok(text.replace("\"page_scores\": []", &lines) + "\n")
    }

    /// Reads figures of one corpus: of a file that holds those of several, the ones under `name`.
    ///
    /// # Errors
    /// When the file cannot be read or holds no figures of the corpus.
    pub fn read(path: &Path, name: &str) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let figures = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text)?;
            if value.get("page_scores").is_none() {
                value = value
                    .get_mut(name)
                    .map(serde_json::Value::take)
                    .unwrap_or_default();
            }
            serde_json::from_value(value)
        };
        figures(&text).map_err(|error| Error::Corpus {
            path: path.to_owned(),
            line: None,
            message: format!("no figures of {name} that gleaner eval --json wrote: {error}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::compare::{Change, compare};

    #[test]
    fn figures_survive_their_file() {
        let score = |id: &str, shingle_f1: f64| PageScore {
            id: id.to_owned(),
            shingle_f1: Some(shingle_f1),
            ..PageScore::default()
        };
        let saved = Saved::of(vec![score("page 0", 1.0), score("page 1", 1.0 / 3.0)]);
        let text = saved.to_json().expect("figures are plain data");
        assert!(text.contains("\n{\"id\":\"page 0\","), "{text}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("figures.json");
        std::fs::write(&path, &text).expect("the folder can be written");
        let back = Saved::read(&path, "corpus").expect("what was written can be read");
        let unchanged = compare(&saved.page_scores, &back.page_scores);
        assert_eq!((unchanged.pages, unchanged.changed_pages.len()), (2, 0));
        assert!(unchanged.changes.iter().all(Change::is_same));
        for other in ["{}", "[1]", "<html>"] {
            std::fs::write(&path, other).expect("the folder can be written");
            let said = Saved::read(&path, "corpus").expect_err("nothing is there");
            assert!(said.to_string().contains("no figures of corpus"), "{said}");
        }
    }
}
