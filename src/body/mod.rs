//! The body of a page: which of its text blocks are the story.
//!
//! [`choose`] takes a page's text blocks this way:
//!
//! | step | module | what happens |
//! |---|---|---|
//! | rules | `site_rules` | the user's own selectors for the site, if there are any |
//! | | `rules` | the next three in one |
//! | | `consent` | consent banners go |
//! | | [`density`] | which container holds the story |
//! | | [`clean`] | which blocks in it are chrome, and why |
//! | model | [`features`], `baselines` | numbers for each block and for the page |
//! | | [`model`] | how likely a block is the story's, by its numbers, words and names |
//! | | `page_type` | what the page is, and how sure that is |
//! | selection | `selection` | from likelihoods to blocks that belong together |
//! | | `repair` | what belongs to a story whatever its score, and what does not |
//! | | `dek` | whether the page's own summary is part of the story |
//! | | [`script_data`] | a story that stands in scripts alone |
//! | record | `assemble` | from blocks to the record's blocks |
//! | | `trim` | lines at either end that are not the story |

mod assemble;
mod baselines;
pub mod clean;
mod consent;
mod dek;
pub mod density;
pub mod features;
mod menus;
pub mod model;
mod other_story;
mod page_type;
mod repair;
mod rules;
pub mod script_data;
mod selection;
mod site_rules;
mod trim;

use url::Url;

use crate::block::{self, TextBlock};
use crate::dom::{Document, NodeId};
use crate::evidence::{self, Evidence, Hints};
use crate::record::{Block, Explained, Kind};
pub(crate) use assemble::assemble;
use clean::Reason;
use dek::Dek;
use features::Matrix;
use features::wording::Wording;
pub use model::Model;
use page_type::judge;
use page_type::learned::PageKind;
use rules::Rules;
use selection::Kept;
use site_rules::Selected;
pub use site_rules::SiteRules;

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
}

/// The story's body as it was chosen, with all lines of its blocks: the fields look at these for
/// bylines, and [`Draft::finish`] cuts them off.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Blocks in reading order, captions among them.
    pub blocks: Vec<Block>,
    /// The node each block of `blocks` starts at; none for text that came from script data.
    pub nodes: Vec<Option<NodeId>>,
    /// What the page is.
    pub kind: Kind,
    /// 0 to 1.
    pub confidence: f64,
    /// The page's blocks that are part of it, where that is to be explained.
    pub kept: Vec<Explained>,
    /// What was left out, where that is to be explained.
    pub removed: Vec<Explained>,
    /// Where in the page's scripts the body stood, where the markup holds none.
    pub script: Option<String>,
}

/// How sure a body from script data is: it is named as one and titled as the page is, but nothing
/// says that the page shows it.
const SCRIPT_CONFIDENCE: f64 = 0.8;

/// A page's text blocks that are no consent banner, and the features of each as the learned stage sees
/// them.
#[must_use]
pub fn features_of(
    page: &Document,
    blocks: Vec<TextBlock>,
    url: Option<&Url>,
) -> (Vec<TextBlock>, Matrix) {
    let evidence = evidence::read(page, url, &Hints::default());
    let rules = Rules::apply(page, blocks, &evidence);
    let matrix = rules.features(page, &evidence, url);
    (rules.blocks, matrix)
}

/// Chooses the story's blocks.
#[must_use]
pub fn choose(page: &Document, evidence: &Evidence, settings: Settings) -> Draft {
    let site = Selected::of(page, settings.site);
    let (blocks, ruled_out) = site.split(page, block::segment(page));
    let titles: Vec<&str> = evidence.titles().collect();
    if let Some(kept) = site.body(page, &blocks, &titles) {
        return of_rules(page, &kept, &ruled_out, settings);
    }
    let mut rules = Rules::apply(page, blocks, evidence);
    let address = evidence.likely_address();
    let matrix = (!settings.density_only).then(|| rules.features(page, evidence, address.as_ref()));
    rules.name_chrome(page, address.as_ref());
    let model = settings.model.unwrap_or(&model::EMBEDDED);
    let learned = matrix.map(|matrix| Learned::of(page, &matrix, &rules, model));
    let (chosen, expected_f1) = match &learned {
        Some(learned) => learned.choose(page, evidence, &mut rules),
        None => (by_rules(&rules), None),
    };
    let kept: Vec<&TextBlock> = rules
        .blocks
        .iter()
        .zip(&chosen)
        .filter(|(_, chosen)| chosen.is_some())
        .map(|(block, _)| block)
        .collect();
    let (mut explained, mut removed) = (Vec::new(), Vec::new());
    if settings.explain {
        let scores = learned.as_ref().map(|l| l.scores.as_slice());
        (explained, removed) = explain(&rules, &chosen, scores);
        removed.extend(by_rule(rules.banner.iter(), CONSENT_BANNER));
        removed.extend(by_rule(ruled_out.iter(), LEFT_OUT_BY_SITE));
    }
    let words = kept.iter().map(|block| block.words).sum();
    if let Some(found) = script_data::find(page, evidence, &rules.blocks, words) {
        return Draft {
            nodes: vec![None; found.blocks.len()],
            blocks: found.blocks,
            kind: Kind::Article,
            confidence: SCRIPT_CONFIDENCE,
            kept: Vec::new(),
            removed,
            script: Some(found.place),
        };
    }
    let learned = learned.map(|learned| learned.kind.named).zip(expected_f1);
    let (kind, confidence) = judge(page, &rules, &kept, learned);
    let (blocks, nodes) = assembled(page, &kept);
    Draft {
        blocks,
        nodes,
        kind,
        confidence,
        kept: explained,
        removed,
        script: None,
    }
}

/// The blocks that the rules have nothing against.
fn by_rules(rules: &Rules) -> Vec<Option<Kept>> {
    let kept = |verdict: &Option<Reason>| verdict.is_none().then_some(Kept::Rules);
    rules.verdicts.iter().map(kept).collect()
}

fn assembled(page: &Document, kept: &[&TextBlock]) -> (Vec<Block>, Vec<Option<NodeId>>) {
    assemble(page, kept)
        .into_iter()
        .map(|(block, node)| (block, Some(node)))
        .unzip()
}

/// Blocks that go through the trees together; with all of a huge page, its features would stand in memory twice.
const SCORED_TOGETHER: usize = 512;

/// What the learned stage says of a page.
struct Learned {
    /// How likely each block is part of the body.
    scores: Vec<f32>,
    kind: PageKind,
}

impl Learned {
    fn of(page: &Document, matrix: &Matrix, rules: &Rules, model: &Model) -> Self {
        let wording = Wording::of(page, &rules.blocks, matrix.alike(), &model.lexicon);
        let kind = PageKind::of(model, &[matrix.page(), wording.kinds()].concat());
        let asked = asked(matrix, rules, kind.assumed);
        let mut scores = scored(model, &wording, &asked, rules.blocks.len());
        selection::level_alike(
            &rules.blocks,
            matrix.alike(),
            &rules.verdicts,
            kind.assumed,
            &mut scores,
        );
        Self { scores, kind }
    }

    /// Chooses blocks by their scores, and the dek; says what F1 to expect.
    fn choose(
        &self,
        page: &Document,
        evidence: &Evidence,
        rules: &mut Rules,
    ) -> (Vec<Option<Kept>>, Option<f64>) {
        let choice = selection::choose(
            page,
            &rules.blocks,
            &self.scores,
            &rules.verdicts,
            self.kind.assumed,
        );
        let mut chosen = choice.kept;
        let kept: Vec<bool> = chosen.iter().map(Option::is_some).collect();
        let summaries = evidence.descriptions();
        match dek::find(page, &rules.blocks, &self.scores, &kept, summaries) {
            Some(Dek::InFlow(at)) => {
                chosen[at].get_or_insert(Kept::Dek);
            }
            Some(Dek::Excerpt(at)) => {
                chosen[at] = None;
                rules.verdicts[at] = Some(Reason::Excerpt);
            }
            None => {}
        }
        (chosen, Some(choice.expected_f1))
    }
}

/// The blocks that the model is asked about, with their features: those that no rule settles.
fn asked<'a>(matrix: &'a Matrix, rules: &Rules, kind: Kind) -> Vec<(usize, &'a [f32])> {
    let is_settled = |verdict: &Option<Reason>| match verdict {
        Some(Reason::NotShown | Reason::Menu) => true,
        Some(Reason::OtherStory) => kind == Kind::Article,
        _ => false,
    };
    matrix
        .rows()
        .zip(&rules.verdicts)
        .enumerate()
        .filter(|(_, (_, verdict))| !is_settled(verdict))
        .filter_map(|(block, (row, _))| Some((block, row?)))
        .collect()
}

/// How likely each of a page's blocks is part of the body; 0 for one that the model is not asked about.
fn scored(model: &Model, wording: &Wording, asked: &[(usize, &[f32])], blocks: usize) -> Vec<f32> {
    let mut scores = vec![0.0; blocks];
    let mut features = Vec::new();
    for asked in asked.chunks(SCORED_TOGETHER) {
        features.clear();
        for (block, row) in asked {
            features.extend_from_slice(row);
            wording.push(&mut features, *block);
        }
        for ((block, _), score) in asked.iter().zip(model.blocks.probabilities(&features)) {
            scores[*block] = score;
        }
    }
    scores
}

/// The body that the user's rules for the site name. They know it, so it is sure.
fn of_rules(
    page: &Document,
    kept: &[&TextBlock],
    ruled_out: &[TextBlock],
    settings: Settings,
) -> Draft {
    let (blocks, nodes) = assembled(page, kept);
    let (mut explained, mut removed) = (Vec::new(), Vec::new());
    if settings.explain {
        explained.extend(by_rule(kept.iter().copied(), KEPT_BY_SITE));
        removed.extend(by_rule(ruled_out.iter(), LEFT_OUT_BY_SITE));
    }
    Draft {
        blocks,
        nodes,
        kind: Kind::Article,
        confidence: 1.0,
        kept: explained,
        removed,
        script: None,
    }
}

/// What explanations say of what a user's rules for a site keep and leave out.
const KEPT_BY_SITE: &str = "kept by the rules for the site";
const LEFT_OUT_BY_SITE: &str = "left out by the rules for the site";

/// What explanations say of a consent banner without a telling name.
const CONSENT_BANNER: &str = "a consent banner";

/// The same reason for each of some blocks.
fn by_rule<'a>(
    blocks: impl Iterator<Item = &'a TextBlock>,
    reason: &str,
) -> impl Iterator<Item = Explained> {
    blocks.map(move |block| Explained {
        text: block.text.clone(),
        reason: reason.to_owned(),
        score: None,
    })
}

/// Why blocks are part of the body, and why the others are not.
fn explain(
    rules: &Rules,
    chosen: &[Option<Kept>],
    scores: Option<&[f32]>,
) -> (Vec<Explained>, Vec<Explained>) {
    let (mut kept, mut removed) = (Vec::new(), Vec::new());
    for (at, block) in rules.blocks.iter().enumerate() {
        let removal = || rules.verdicts[at].unwrap_or(Reason::Score).to_string();
        let explained = Explained {
            text: block.text.clone(),
            reason: chosen[at].map_or_else(removal, |kept| kept.to_string()),
            score: scores.map(|scores| f64::from(scores[at])),
        };
        match chosen[at] {
            Some(_) => kept.push(explained),
            None => removed.push(explained),
        }
    }
    (kept, removed)
}
