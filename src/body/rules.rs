//! The rule-based stages in one: text blocks, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use crate::block::{Shape, TextBlock, phrases};
use crate::body::clean::{self, Reason};
use crate::body::density::{self, Density};
use crate::body::features::{self, Found, Matrix};
use crate::body::{consent, menus, other_story};
use crate::dom::Document;
use crate::evidence::Evidence;
use crate::text::to_letters;

/// What the rule-based stages say of a page.
pub(crate) struct Rules {
    pub(crate) blocks: Vec<TextBlock>,
    density: Density,
    pub(crate) phrases: Vec<Option<phrases::Match>>,
    /// Why each block is left out, or none for blocks of the body.
    pub(crate) verdicts: Vec<Option<Reason>>,
    /// What consent banners say, which is none of the page's text.
    pub(crate) banner: Vec<TextBlock>,
    /// The page's titles as [`normal`] spells them.
    titles: Vec<String>,
}

impl Rules {
    /// Runs the rule-based stages over a page's blocks.
    pub(crate) fn apply(page: &Document, blocks: Vec<TextBlock>, evidence: &Evidence) -> Self {
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
        let titles: Vec<String> = evidence.titles().map(to_letters).collect();
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
            titles,
        }
    }

    /// Says of menus that they are, and of what stands outside the container what it says of itself. The
    /// learned stage sees the rest as it was: what it makes of that tells most of these apart, and here
    /// they are left out whatever it makes of it.
    pub(crate) fn name_chrome(&mut self, page: &Document, address: Option<&Url>) {
        let menus = menus::find(page, &self.blocks, address);
        for (at, block) in self.blocks.iter().enumerate() {
            let is_outside = self.verdicts[at] == Some(Reason::OutsideBody);
            if menus[at] {
                self.verdicts[at] = Some(Reason::Menu);
            } else if let Some(category) = menus::named(block) {
                self.verdicts[at] = Some(Reason::Phrase(category.name()));
            } else if is_outside && block.shape != Shape::Caption {
                let says = clean::says_what_it_is(block, self.phrases[at], &self.titles);
                self.verdicts[at] = says.or(self.verdicts[at]);
            }
        }
    }

    /// The features of each block.
    pub(crate) fn features(
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
