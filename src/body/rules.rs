//! The rule-based stages in one: consent banners, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use crate::block::{Shape, TextBlock, phrases};
use crate::body::clean::{self, RemovalReason};
use crate::body::density::{self, Density};
use crate::body::{consent, machine_summary, menus, other_story};
use crate::dom::Document;
use crate::evidence::Evidence;
use crate::text::to_letters;

/// What the rule-based stages say of a page: of each block, whether it is left out and why.
pub(crate) struct RuleVerdicts {
    pub(crate) blocks: Vec<TextBlock>,
    pub(crate) density: Density,
    pub(crate) phrases: Vec<Option<phrases::Match>>,
    /// Why each block is left out, or none for blocks of the body.
    pub(crate) verdicts: Vec<Option<RemovalReason>>,
    /// What consent banners say, which is none of the page's text.
    pub(crate) banner: Vec<TextBlock>,
    /// The page's titles as [`to_letters`] spells them.
    titles: Vec<String>,
}

impl RuleVerdicts {
    /// Runs the rule-based stages over a page's blocks.
    pub(crate) fn of(page: &Document, blocks: Vec<TextBlock>, evidence: &Evidence) -> Self {
        let phrases = clean::phrases_of(&blocks);
        let banners = consent::banners(page, &blocks, &phrases);
        let (banner, stay): (Vec<_>, Vec<_>) = blocks
            .into_iter()
            .zip(phrases)
            .zip(banners)
            .partition(|(_, is_banner)| *is_banner);
        let banner = banner.into_iter().map(|((block, _), _)| block).collect();
        let (blocks, phrases): (Vec<_>, Vec<_>) = stay.into_iter().map(|(kept, _)| kept).unzip();
        let titles: Vec<String> = evidence.titles().map(to_letters).collect();
        let address = evidence.likely_address();
        let others = other_story::find(page, &blocks, &titles, address.as_ref());
        let density = density::find(page, &blocks, &others);
        let mut verdicts = clean::verdicts(page, &blocks, &density, &phrases, &titles);
        let summaries = machine_summary::find(page, &blocks);
        for (at, verdict) in verdicts.iter_mut().enumerate() {
            if others[at] {
                *verdict = Some(RemovalReason::OtherStory);
            } else if summaries[at] {
                *verdict = Some(RemovalReason::MachineSummary);
            }
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

    /// Marks menus as such, and titles and chrome phrases outside the container as what they are. The
    /// features are computed before this: the model knows most of these blocks by other signs, and the
    /// verdicts then leave out the rest.
    pub(crate) fn mark_menus_and_phrases(&mut self, page: &Document, address: Option<&Url>) {
        let menus = menus::find(page, &self.blocks, address);
        let link_lists = other_story::link_lists(page, &self.blocks, address);
        for (at, block) in self.blocks.iter().enumerate() {
            let is_outside = self.verdicts[at] == Some(RemovalReason::OutsideBody);
            if menus[at] {
                self.verdicts[at] = Some(RemovalReason::Menu);
            } else if link_lists[at] {
                self.verdicts[at] = Some(RemovalReason::OtherStory);
            } else if let Some(category) = menus::named_in_first_line(block) {
                self.verdicts[at] = Some(RemovalReason::Phrase(category.name()));
            } else if is_outside && block.shape != Shape::Caption {
                let says = clean::title_or_phrase(block, self.phrases[at], &self.titles);
                self.verdicts[at] = says.or(self.verdicts[at]);
            }
        }
    }
}
