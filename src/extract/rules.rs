//! The rule-based stages in one: text blocks, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use super::clean::{self, Reason};
use super::consent;
use super::density::{self, Density};
use super::features::{self, Found, Matrix};
use super::other_story;
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
    /// What consent banners say, which is none of the page's text.
    pub(super) banner: Vec<TextBlock>,
}

impl Rules {
    /// Runs the rule-based stages over a page's blocks.
    pub(super) fn apply(page: &Document, blocks: Vec<TextBlock>, evidence: &Evidence) -> Self {
        let phrases = clean::phrases_of(&blocks);
        let banners = consent::banners(page, &blocks, &phrases);
        let (banner, stay): (Vec<_>, Vec<_>) = blocks
            .into_iter()
            .zip(phrases)
            .zip(banners)
            .partition(|(_, is_banner)| *is_banner);
        let banner = banner.into_iter().map(|((block, _), _)| block).collect();
        let (blocks, phrases): (Vec<_>, Vec<_>) = stay.into_iter().map(|(kept, _)| kept).unzip();
        let density = density::find(page, &blocks);
        let titles: Vec<&str> = evidence.titles().collect();
        let mut verdicts = clean::verdicts(page, &blocks, &density, &phrases, &titles);
        for other in other_story::find(page, &blocks, &titles) {
            verdicts[other].fill(Some(Reason::OtherStory));
        }
        Self {
            blocks,
            density,
            phrases,
            verdicts,
            banner,
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
