//! The rule-based stages in one: text blocks, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use super::clean::{self, Reason};
use super::density::{self, Density};
use super::features::{self, Found, Matrix};
use crate::block::{TextBlock, phrases};
use crate::dom::Document;
use crate::metadata::Evidence;

/// What the rule-based stages say of a page.
pub(super) struct Rules {
    pub(super) blocks: Vec<TextBlock>,
    density: Density,
    pub(super) phrases: Vec<Option<phrases::Match>>,
    /// Why each block is left out, or none for blocks of the body.
    pub(super) verdicts: Vec<Option<Reason>>,
}

impl Rules {
    /// Runs the rule-based stages over a page's blocks.
    pub(super) fn apply(page: &Document, blocks: Vec<TextBlock>, evidence: &Evidence) -> Self {
        let density = density::find(page, &blocks);
        let phrases = clean::phrases_of(&blocks);
        let titles: Vec<&str> = evidence.titles().collect();
        let verdicts = clean::verdicts(page, &blocks, &density, &phrases, &titles);
        Self {
            blocks,
            density,
            phrases,
            verdicts,
        }
    }

    /// The features of each block.
    pub(super) fn features(
        &self,
        page: &Document,
        evidence: &Evidence,
        url: Option<&Url>,
    ) -> Matrix {
        features::compute(&Found {
            page,
            blocks: &self.blocks,
            density: &self.density,
            verdicts: &self.verdicts,
            phrases: &self.phrases,
            evidence,
            url,
        })
    }
}
