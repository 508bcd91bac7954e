//! The rule-based stages in one: consent banners, the density stage's container, chrome phrases and
//! cleaning.

use url::Url;

use crate::block::{self, Languages, Shape, TextBlock, phrases};
use crate::body::clean::{self, RemovalReason};
use crate::body::density::{self, Density};
use crate::body::switches::{Rule, Switches};
use crate::body::{consent, link_lists, machine_summary, menus, next_story, other_story};
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
    /// Which blocks are part of other stories.
    others: Vec<bool>,
    /// Why each block is left out, or none for blocks of the body.
    pub(crate) verdicts: Vec<Option<RemovalReason>>,
    /// What consent banners say, which is none of the page's text.
    pub(crate) banner: Vec<TextBlock>,
    /// Which rules are switched off.
    pub(crate) switches: Switches,
    /// The page's titles as [`to_letters`] spells them.
    titles: Vec<String>,
}

impl RuleVerdicts {
    /// Runs the rule-based stages over a page's blocks.
    pub(crate) fn of(page: &Document, blocks: Vec<TextBlock>, evidence: &Evidence) -> Self {
        Self::with_banners(page, blocks, evidence, Switches::default())
    }

    /// The same, consent banners left among the blocks where `switches` say so.
    pub(crate) fn with_banners(
        page: &Document,
        blocks: Vec<TextBlock>,
        evidence: &Evidence,
        switches: Switches,
    ) -> Self {
        let declared: Vec<String> = evidence.declared.values("language").collect();
        let languages = Languages::of_page(declared.iter().map(String::as_str), &blocks);
        let phrases = clean::phrases_of(&blocks, languages);
        let banners = if switches.on(Rule::ConsentBanners) {
            consent::banners(page, &blocks, &phrases)
        } else {
            vec![false; blocks.len()]
        };
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
        let mut rules = Self {
            density: density::find(page, &blocks, &others, Switches::default()),
            others,
            blocks,
            phrases,
            languages,
            verdicts: Vec::new(),
            banner,
            switches: Switches::default(),
            titles,
        };
        rules.judge(page);
        rules
    }

    fn judge(&mut self, page: &Document) {
        let (blocks, titles) = (&self.blocks, &self.titles);
        let (density, switches) = (&self.density, self.switches);
        self.verdicts = clean::verdicts(page, blocks, density, &self.phrases, titles, switches);
        let summaries = if switches.on(Rule::MachineSummaries) {
            machine_summary::find(page, blocks)
        } else {
            vec![false; blocks.len()]
        };
        for (at, verdict) in self.verdicts.iter_mut().enumerate() {
            if self.others[at] {
                *verdict = Some(RemovalReason::OtherStory);
            } else if summaries[at] {
                *verdict = Some(RemovalReason::MachineSummary);
            }
        }
        if switches.on(Rule::OtherStories) {
            for story in next_story::by_markup(page, blocks, titles) {
                self.verdicts[story].fill(Some(RemovalReason::OtherStory));
            }
        }
    }

    /// Judges the blocks anew, some rules switched off. The features are computed before this: the model has
    /// learned with all rules on, and what is asked is what each decides by itself.
    pub(crate) fn judge_again(&mut self, page: &Document, switches: Switches) {
        if !switches.on(Rule::ClassNames) {
            block::forget_class_names(page, &mut self.blocks);
        }
        self.switches = switches;
        if !switches.on(Rule::Phrases) {
            self.phrases.fill(None);
        }
        if !switches.on(Rule::OtherStories) {
            self.others.fill(false);
        }
        self.density = density::find(page, &self.blocks, &self.others, switches);
        self.judge(page);
    }

    /// Marks menus and lists of links, and titles and chrome phrases outside the container as what they are. The
    /// features are computed before this: the model knows most of these blocks by other signs, and the
    /// verdicts then leave out the rest.
    pub(crate) fn mark_menus_and_phrases(&mut self, page: &Document, address: Option<&Url>) {
        let switches = self.switches;
        let menus = menus::find(page, &self.blocks, address);
        let link_lists = link_lists::find(page, &self.blocks, address);
        for (at, block) in self.blocks.iter().enumerate() {
            let is_outside = self.verdicts[at] == Some(RemovalReason::OutsideBody);
            if menus[at] && switches.on(Rule::Menus) {
                self.verdicts[at] = Some(RemovalReason::Menu);
            } else if link_lists[at] && switches.on(Rule::LinkLists) {
                self.verdicts[at] = Some(RemovalReason::OtherStory);
            } else if switches.on(Rule::MenuNames)
                && let Some(category) = menus::named_in_first_line(block, self.languages)
            {
                self.verdicts[at] = Some(RemovalReason::Phrase(category.name()));
            } else if is_outside
                && block.shape != Shape::Caption
                && switches.on(Rule::OutsideLabels)
            {
                let says = clean::title_or_phrase(block, self.phrases[at], &self.titles, switches);
                self.verdicts[at] = says.or(self.verdicts[at]);
            }
        }
    }
}
