//! The body of a page: blocks, density, cleaning and assembling in one.

use super::clean::{self, Reason};
use super::site_rules::SiteRules;
use super::{Options, assemble, density, script_data};
use crate::block::{self, Shape, TextBlock};
use crate::dom::{Document, NodeId};
use crate::metadata::Evidence;
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

/// Words from which a body is long enough to be a story for sure.
const SURE_WORDS: usize = 150;

/// How sure a body from script data is: it is named as one and titled as the page is, but nothing
/// says that the page shows it.
const SCRIPT_CONFIDENCE: f64 = 0.8;

/// Finds the story's body.
#[must_use]
pub fn find(page: &Document, evidence: &Evidence, options: &Options) -> Body {
    let site = SiteRules::find(page, options.site.as_deref());
    let (blocks, ruled_out) = site.split(page, block::segment(page));
    let titles: Vec<&str> = evidence.titles().collect();
    if let Some(kept) = site.body(page, &blocks, &titles) {
        return of_rules(page, &kept, &ruled_out, options);
    }
    let density = density::find(page, &blocks);
    let verdicts = clean::verdicts(page, &blocks, &density, &titles);
    let kept: Vec<&TextBlock> = blocks
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| verdict.is_none())
        .map(|(block, _)| block)
        .collect();
    let mut removed = Vec::new();
    if options.explain {
        removed = explain(&blocks, &verdicts);
        removed.extend(ruled_out.iter().map(by_rule));
    }
    let words = kept.iter().map(|block| block.words).sum();
    if let Some(found) = script_data::find(page, evidence, &blocks, words) {
        return Body {
            nodes: vec![None; found.blocks.len()],
            blocks: found.blocks,
            kind: Kind::Article,
            confidence: SCRIPT_CONFIDENCE,
            removed,
            script: Some(found.place),
        };
    }
    let (kind, confidence) = judge(&blocks, &kept);
    let (record_blocks, nodes) = assemble::assemble(page, &kept)
        .into_iter()
        .map(|(block, node)| (block, Some(node)))
        .unzip();
    Body {
        blocks: record_blocks,
        nodes,
        kind,
        confidence,
        removed,
        script: None,
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

/// What the page is, and how sure that its body is right: long running text that is a large part
/// of the page's unlinked text speaks for an article.
fn judge(blocks: &[TextBlock], kept: &[&TextBlock]) -> (Kind, f64) {
    let running = |block: &&TextBlock| block.link_density() < 0.4 && block.shape != Shape::Caption;
    let words: usize = kept.iter().filter(|b| running(b)).map(|b| b.words).sum();
    let all: usize = blocks.iter().map(|b| b.words).sum();
    if all == 0 {
        return (Kind::Empty, 0.0);
    }
    let linked: usize = blocks.iter().filter(|b| !running(b)).map(|b| b.words).sum();
    let length = block::ratio(words.min(SURE_WORDS), SURE_WORDS);
    let share = block::ratio(words, words + linked);
    let confidence = (0.7 * length + 0.3 * share).clamp(0.0, 1.0);
    if words < 30 && linked > 4 * words {
        return (Kind::Listing, confidence.min(0.2));
    }
    (Kind::Article, confidence)
}

fn explain(blocks: &[TextBlock], verdicts: &[Option<Reason>]) -> Vec<Removed> {
    blocks
        .iter()
        .zip(verdicts)
        .filter_map(|(block, verdict)| {
            verdict.map(|reason| Removed {
                text: block.text.clone(),
                reason: reason.to_string(),
                score: None,
            })
        })
        .collect()
}
