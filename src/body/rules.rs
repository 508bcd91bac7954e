//! The rule-based stages in one: consent banners, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use crate::block::{Languages, Shape, TextBlock, phrases};
use crate::body::clean::{self, RemovalReason};
use crate::body::density::{self, Density};
use crate::body::other_story::{self, KnownBy};
use crate::body::{consent, menus};
use crate::dom::Document;
use crate::evidence::Evidence;
use crate::text::to_letters;

/// What the rule-based stages say of a page: of each block, whether it is left out and why.
pub(crate) struct RuleVerdicts {
    pub(crate) blocks: Vec<TextBlock>,
    pub(crate) density: Density,
    pub(crate) phrases: Vec<Option<phrases::Match>>,
    /// The languages that the page may be in.
    pub(crate) languages: Languages,
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
        let declared: Vec<String> = evidence.declared.values("language").collect();
        let languages = Languages::of_page(declared.iter().map(String::as_str), &blocks);
        let phrases = clean::phrases_of(&blocks, languages);
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
        for at in other_story::find(page, &blocks, KnownBy::Markup(&titles)) {
            verdicts[at] = Some(RemovalReason::OtherStory);
        }
        Self {
            blocks,
            density,
            phrases,
            languages,
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
        for (at, block) in self.blocks.iter().enumerate() {
            let is_outside = self.verdicts[at] == Some(RemovalReason::OutsideBody);
            if menus[at] {
                self.verdicts[at] = Some(RemovalReason::Menu);
            } else if let Some(category) = menus::named_in_first_line(block, self.languages) {
                self.verdicts[at] = Some(RemovalReason::Phrase(category.name()));
            } else if is_outside && block.shape != Shape::Caption {
                let says = clean::title_or_phrase(block, self.phrases[at], &self.titles);
                self.verdicts[at] = says.or(self.verdicts[at]);
            }
        }
    }
}
