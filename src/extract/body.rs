//! The body of a page: the rule-based stages, the learned one, decoding and assembling in one.

use url::Url;

use super::clean::Reason;
use super::dek::{self, Dek};
use super::features::Matrix;
use super::judge::judge;
use super::kind::PageKind;
use super::rules::Rules;
use super::site_rules::SiteRules;
use super::{Options, assemble, decode, model, script_data};
use crate::block::{self, TextBlock};
use crate::dom::{Document, NodeId};
use crate::metadata::{self, Evidence};
use crate::record::{Block, Kind, Removed};

/// The story's body, as the extractor chose it.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Blocks in reading order, captions among them.
    pub blocks: Vec<Block>,
    /// The node each block of `blocks` starts at; none for text that came from script data.
    pub nodes: Vec<Option<NodeId>>,
    /// What the page is.
    pub kind: Kind,
    /// 0 to 1.
    pub confidence: f64,
    /// What was left out, on `Options::explain`.
    pub removed: Vec<Removed>,
    /// Where in the page's scripts the body stood, where the markup holds none.
    pub script: Option<String>,
}

/// How sure a body from script data is: it is named as one and titled as the page is, but nothing
/// says that the page shows it.
const SCRIPT_CONFIDENCE: f64 = 0.8;

/// The features of each of a page's text blocks, as the learned stage sees them, behind the blocks.
#[must_use]
pub fn features_of(
    page: &Document,
    blocks: Vec<TextBlock>,
    url: Option<&Url>,
) -> (Vec<TextBlock>, Matrix) {
    let evidence = metadata::gather(page, url, &Options::default());
    let rules = Rules::apply(page, blocks, &evidence);
    let matrix = rules.features(page, &evidence, url);
    (rules.blocks, matrix)
}

/// Finds the story's body.
#[must_use]
pub fn find(page: &Document, evidence: &Evidence, options: &Options) -> Body {
    let site = SiteRules::find(page, options.site.as_deref());
    let (blocks, ruled_out) = site.split(page, block::segment(page));
    let titles: Vec<&str> = evidence.titles().collect();
    if let Some(kept) = site.body(page, &blocks, &titles) {
        return of_rules(page, &kept, &ruled_out, options);
    }
    let mut rules = Rules::apply(page, blocks, evidence);
    let learned = (!options.density_only).then(|| Learned::of(page, evidence, &rules, options));
    let (mut chosen, expected_f1) = match &learned {
        Some(learned) => {
            let choice = decode::choose(
                page,
                &rules.blocks,
                &learned.scores,
                &rules.verdicts,
                learned.kind.assumed,
            );
            (choice.kept, Some(choice.expected_f1))
        }
        None => (rules.verdicts.iter().map(Option::is_none).collect(), None),
    };
    if let Some(learned) = &learned {
        let summaries = evidence.descriptions();
        match dek::find(page, &rules.blocks, &learned.scores, &chosen, summaries) {
            Some(Dek::InFlow(at)) => chosen[at] = true,
            Some(Dek::Excerpt(at)) => {
                chosen[at] = false;
                rules.verdicts[at] = Some(Reason::Excerpt);
            }
            None => {}
        }
    }
    let kept: Vec<&TextBlock> = rules
        .blocks
        .iter()
        .zip(&chosen)
        .filter(|(_, chosen)| **chosen)
        .map(|(block, _)| block)
        .collect();
    let mut removed = Vec::new();
    if options.explain {
        removed = explain(
            &rules,
            &chosen,
            learned.as_ref().map(|l| l.scores.as_slice()),
        );
        removed.extend(ruled_out.iter().map(by_rule));
    }
    let words = kept.iter().map(|block| block.words).sum();
    if let Some(found) = script_data::find(page, evidence, &rules.blocks, words) {
        return Body {
            nodes: vec![None; found.blocks.len()],
            blocks: found.blocks,
            kind: Kind::Article,
            confidence: SCRIPT_CONFIDENCE,
            removed,
            script: Some(found.place),
        };
    }
    let learned = learned.map(|learned| learned.kind.named).zip(expected_f1);
    let (kind, confidence) = judge(page, &rules, &kept, learned);
    let (blocks, nodes) = assemble::assemble(page, &kept)
        .into_iter()
        .map(|(block, node)| (block, Some(node)))
        .unzip();
    Body {
        blocks,
        nodes,
        kind,
        confidence,
        removed,
        script: None,
    }
}

/// What the learned stage says of a page.
struct Learned {
    /// How likely each block is part of the body.
    scores: Vec<f32>,
    kind: PageKind,
}

impl Learned {
    fn of(page: &Document, evidence: &Evidence, rules: &Rules, options: &Options) -> Self {
        let model = options.model.as_deref().unwrap_or(&model::EMBEDDED);
        let matrix = rules.features(page, evidence, evidence.address());
        let kind = PageKind::of(model, matrix.page());
        let mut scores: Vec<f32> = matrix
            .rows()
            .zip(&rules.verdicts)
            .map(|(row, verdict)| match (row, verdict) {
                (None, _) | (_, Some(Reason::NotShown)) => 0.0,
                (Some(row), _) => model.blocks.probability(row),
            })
            .collect();
        decode::level_alike(
            &rules.blocks,
            matrix.alike(),
            &rules.verdicts,
            kind.assumed,
            &mut scores,
        );
        Self { scores, kind }
    }
}

/// The body that the user's rules for the site name. They know it, so it is sure.
fn of_rules(
    page: &Document,
    kept: &[&TextBlock],
    ruled_out: &[TextBlock],
    options: &Options,
) -> Body {
    let (blocks, nodes) = assemble::assemble(page, kept)
        .into_iter()
        .map(|(block, node)| (block, Some(node)))
        .unzip();
    Body {
        blocks,
        nodes,
        kind: Kind::Article,
        confidence: 1.0,
        removed: if options.explain {
            ruled_out.iter().map(by_rule).collect()
        } else {
            Vec::new()
        },
        script: None,
    }
}

fn by_rule(block: &TextBlock) -> Removed {
    Removed {
        text: block.text.clone(),
        reason: "left out by the rules for the site".to_owned(),
        score: None,
    }
}

fn explain(rules: &Rules, chosen: &[bool], scores: Option<&[f32]>) -> Vec<Removed> {
    (0..rules.blocks.len())
        .filter(|at| !chosen[*at])
        .map(|at| Removed {
            text: rules.blocks[at].text.clone(),
            reason: rules.verdicts[at].unwrap_or(Reason::Score).to_string(),
            score: scores.map(|scores| f64::from(scores[at])),
        })
        .collect()
}
