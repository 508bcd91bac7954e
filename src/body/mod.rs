//! The body of a page: which of its text blocks are the story.
//!
//! [`choose`] takes a page's text blocks this way:
//!
//! | step | module | what happens |
//! |---|---|---|
//! | site rules | `site_rules` | the user's own selectors for the site, if there are any |
//! | density | `rules` | the next five in one |
//! | | `consent` | consent banners go |
//! | | `other_story`, `next_story` | which blocks are part of other stories |
//! | | `density` | which container holds the story |
//! | | `clean` | which blocks in it are chrome, and why |
//! | | `machine_summary` | which say that a machine wrote them |
//! | features | `features` | numbers for each block and for the page |
//! | model | `model` | trees and words' weights, learned from pages with a gold text |
//! | | `scores` | how likely each block is part of the body, and what the page is |
//! | selection | `selection` | from likelihoods to blocks that belong together |
//! | repair | `repair`, `lone_headings` | what belongs to a story whatever its score, and what does not |
//! | | `dek` | whether the page's own summary is part of the story |
//! | | `script_data` | a story that stands in scripts alone |
//! | assembling | `page_type` | what the page is, and how sure its body |
//! | | `assemble` | from text blocks to the record's blocks |
//! | | `trim` | lines at either end that are not the story |

mod assemble;
mod clean;
mod consent;
mod dek;
mod density;
mod explain;
pub(crate) mod features;
mod link_lists;
mod lone_headings;
mod machine_summary;
mod menus;
pub(crate) mod model;
mod next_story;
mod other_story;
mod page_type;
mod pooling;
mod repair;
mod rules;
mod scores;
mod script_data;
mod selection;
mod site_rules;
pub mod switches;
mod trim;

use url::Url;

use crate::block::{self, TextBlock};
use crate::dom::{Document, NodeId};
use crate::evidence::{self, Evidence, Hints};
use crate::record::{Block, Explained};
pub(crate) use assemble::assemble;
use explain::Explanations;
use features::Matrix;
pub use model::Model;
pub(crate) use page_type::PageSigns;
pub(crate) use page_type::learned::LIST_BAR;
pub use page_type::{PageType, TypeReason};
use rules::RuleVerdicts;
use scores::Scores;
use selection::Selection;
use site_rules::Selected;
pub use site_rules::SiteRules;
use switches::{Rule, Switches};

/// What the caller wants of a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// Whether to say what was kept and removed, and why.
    pub explain: bool,
    /// Leave the learned stage out.
    pub density_only: bool,
    /// A model to use instead of the one that comes with gleaner.
    pub model: Option<&'a Model>,
    /// The user's own rules for the page's host.
    pub site: Option<&'a SiteRules>,
    /// Which of our own rules are switched off.
    pub switches: Switches,
}

/// The story's body as it was chosen, with all lines of its blocks: the fields look at these for
/// bylines, and `ChosenBody::finish` cuts them off.
#[derive(Debug, Clone, Default)]
pub struct ChosenBody {
    /// Blocks in reading order, captions among them.
    pub blocks: Vec<Block>,
    /// The node each block of `blocks` starts at; none for text that came from script data.
    pub nodes: Vec<Option<NodeId>>,
    /// What the page is, and how sure the body.
    pub page_type: PageType,
    /// The page's blocks that are part of it, where that is to be explained.
    pub kept: Vec<Explained>,
    /// What was left out, where that is to be explained.
    pub removed: Vec<Explained>,
    /// Where in the page's scripts the body stood, where the markup holds none.
    pub script: Option<String>,
    /// Which rules are switched off.
    switches: Switches,
}

/// A page's text blocks that are no consent banner, and the features of each as the learned stage sees
/// them.
pub(crate) fn features_of(
    page: &Document,
    blocks: Vec<TextBlock>,
    url: Option<&Url>,
) -> (Vec<TextBlock>, Matrix) {
    let evidence = evidence::read(page, url, &Hints::default());
    let rules = RuleVerdicts::of(page, blocks, &evidence);
    let matrix = features::compute(page, &rules, &evidence);
    (rules.blocks, matrix)
}

/// Chooses the story's blocks.
#[must_use]
pub fn choose(page: &Document, evidence: &Evidence, settings: Settings) -> ChosenBody {
    let site = Selected::of(page, settings.site);
    let (blocks, ruled_out) = site.split(page, block::segment(page));
    if let Some(kept) = site.body(page, &blocks, evidence.titles()) {
        let explain = || Explanations::of_site_rules(&kept, &ruled_out);
        let explanations = settings.explain.then(explain);
        let page_type = PageType::by_site_rules();
        return ChosenBody::of_markup(page, &kept, page_type, explanations, settings.switches);
    }
    let switches = settings.switches;
    let mut rules = RuleVerdicts::with_banners(page, blocks, evidence, switches);
    let address = evidence.likely_address();
    let matrix = (!settings.density_only).then(|| features::compute(page, &rules, evidence));
    if !switches.all_on() {
        rules.judge_again(page, switches);
    }
    rules.mark_menus_and_phrases(page, address.as_ref());
    let model = settings.model.unwrap_or(&model::EMBEDDED);
    let scores = matrix.map(|matrix| Scores::of(page, &matrix, &rules, model, address.as_ref()));
    let selection = match &scores {
        Some(scores) => {
            let mut selection =
                selection::choose(page, &rules, &scores.blocks, scores.kind.assumed);
            dek::decide(page, evidence, scores, &mut rules, &mut selection.kept);
            selection
        }
        None => Selection::of_rules(&rules),
    };
    let explain = || Explanations::of_stages(&rules, &selection, scores.as_ref(), &ruled_out);
    let explanations = settings.explain.then(explain);
    let kept = selection.blocks(&rules.blocks);
    if switches.on(Rule::ScriptBodies)
        && let Some(found) = script_data::find(page, evidence, &rules, &kept)
    {
        return ChosenBody::of_script(found, explanations, switches);
    }
    let learned = scores.map(|scores| (scores.kind, selection.expected_f1));
    let page_type = PageType::decide(page, evidence, &rules, &kept, learned);
    ChosenBody::of_markup(page, &kept, page_type, explanations, switches)
}

impl ChosenBody {
    fn of_markup(
        page: &Document,
        kept: &[&TextBlock],
        page_type: PageType,
        explanations: Option<Explanations>,
        switches: Switches,
    ) -> Self {
        let Explanations { kept: why, removed } = explanations.unwrap_or_default();
        let (blocks, nodes) = assemble(page, kept, switches)
            .into_iter()
            .map(|(block, node)| (block, Some(node)))
            .unzip();
        Self {
            blocks,
            nodes,
            page_type,
            kept: why,
            removed,
            script: None,
            switches,
        }
    }

    fn of_script(
        found: script_data::ScriptBody,
        explanations: Option<Explanations>,
        switches: Switches,
    ) -> Self {
        Self {
            nodes: vec![None; found.blocks.len()],
            blocks: found.blocks,
            page_type: PageType::by_script_data(),
            kept: Vec::new(),
            removed: explanations.unwrap_or_default().removed,
            script: Some(found.member),
            switches,
        }
    }
}
