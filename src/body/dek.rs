//! The dek: the page's own summary between headline and story. It is part of the body where it
//! stands in the story's column. Where the theme prints it from a field of its own, as `WordPress`
//! does with a post's excerpt, it stands in the record's `description` alone.

use crate::block::{Shape, TextBlock};
use crate::body::clean::RemovalReason;
use crate::body::rules::RuleVerdicts;
use crate::body::scores::Scores;
use crate::body::selection::KeptReason;
use crate::body::switches::Rule;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::text::to_letters;

/// What is to be done about a page's dek.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dek {
    /// The block belongs to the body.
    InFlow(usize),
    /// The block is the theme's print of a field.
    Excerpt(usize),
}

/// Probability from which a dek in the story's column is kept. Gold texts differ over deks, so that the
/// model cannot be sure of any; what has less than this is mostly a summary that is printed elsewhere, too.
const DEK_BAR: f32 = 0.05;

/// Elements around a block in which a theme's name for an excerpt is looked for.
const LEVELS: usize = 3;

/// Elements by which `WordPress`'s block editor and its commonest page builder print a post's
/// excerpt.
const EXCERPT_CLASSES: [&str; 2] = [
    "wp-block-post-excerpt",
    "elementor-widget-theme-post-excerpt",
];

/// Adds the dek to the blocks that are kept, or leaves it out where it is a print of a field.
pub(crate) fn decide(
    page: &Document,
    evidence: &Evidence,
    scores: &Scores,
    rules: &mut RuleVerdicts,
    kept: &mut [Option<KeptReason>],
) {
    let is_kept: Vec<bool> = kept.iter().map(Option::is_some).collect();
    let summaries = &evidence.descriptions;
    match find(page, &rules.blocks, &scores.blocks, &is_kept, summaries) {
        Some(Dek::InFlow(at)) if rules.switches.on(Rule::DekInColumn) => {
            kept[at].get_or_insert(KeptReason::Dek);
        }
        Some(Dek::Excerpt(at)) if rules.switches.on(Rule::DekExcerpts) => {
            kept[at] = None;
            rules.verdicts[at] = Some(RemovalReason::Excerpt);
        }
        _ => {}
    }
}

/// Finds the dek: the first block between the headline and the story, or at its start, that says
/// what the page gives as its summary. `summaries` are those of the page's head.
fn find(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    kept: &[bool],
    summaries: &[String],
) -> Option<Dek> {
    let is_story = |at: &usize| kept[*at] && blocks[*at].shape != Shape::Caption;
    let first = (0..blocks.len()).find(is_story)?;
    let headline = (0..first)
        .rev()
        .find(|at| blocks[*at].shape == Shape::Heading(1))?;
    let known: Vec<String> = summaries.iter().map(|text| to_letters(text)).collect();
    let dek = (headline + 1..=first).find(|at| known.contains(&to_letters(&blocks[*at].text)))?;
    let around = || page.ancestors(blocks[dek].node);
    if is_excerpt(page, blocks[dek].node) {
        Some(Dek::Excerpt(dek))
    } else if probabilities[dek] >= DEK_BAR && around().all(|node| page.tag(node) != Tag::Header) {
        Some(Dek::InFlow(dek))
    } else {
        None
    }
}

/// Whether an element stands where a theme prints a post's excerpt: in the elements above, or in a
/// `<span>` named so around a `<p>`, which no author writes and `the_excerpt()` does.
fn is_excerpt(page: &Document, node: NodeId) -> bool {
    let in_paragraph = page.tag(node) == Tag::P;
    std::iter::once(node)
        .chain(page.ancestors(node))
        .take(LEVELS)
        .any(|node| {
            let names = page.attribute(node, "class").unwrap_or_default();
            names.split_ascii_whitespace().any(|name| {
                EXCERPT_CLASSES.contains(&name)
                    || in_paragraph && page.tag(node) == Tag::Span && name.ends_with("excerpt")
            })
        })
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    const DEK: &str = "Nobody had told them to clap.";

    /// The dek of a page whose story is sure and whose other text has the probability.
    fn dek(head: &str, probability: f32) -> Option<Dek> {
        let story = "The white ferry came round the point at ten past seven on Thursday morning.";
        let page = Document::parse(&format!("<h1>Ferry returns</h1>{head}<p>{story}</p>"));
        let blocks = segment(&page);
        let kept: Vec<bool> = blocks.iter().map(|block| block.text == story).collect();
        let probabilities: Vec<f32> = kept
            .iter()
            .map(|kept| if *kept { 0.9 } else { probability })
            .collect();
        find(&page, &blocks, &probabilities, &kept, &[DEK.to_owned()])
    }

    #[test]
    fn a_dek_in_the_column_is_kept() {
        let head = format!("<div>Local</div><div>{DEK}</div>");
        assert_eq!(dek(&head, 0.3), Some(Dek::InFlow(2)));
        assert_eq!(dek(&head, 0.04), None);
        assert_eq!(dek("<div>Another line altogether.</div>", 0.4), None);
    }

    #[test]
    fn a_header_sets_it_apart() {
        let head = format!("<header><p>{DEK}</p></header>");
        assert_eq!(dek(&head, 0.4), None);
    }

    #[test]
    fn a_theme_s_excerpt_is_the_description() {
        for head in [
            format!("<span class='zox-post-excerpt left'><p>{DEK}</p></span>"),
            format!("<div class=wp-block-post-excerpt><p class=x>{DEK}</p></div>"),
            format!("<div class='elementor-widget-theme-post-excerpt'><div>{DEK}</div></div>"),
        ] {
            assert_eq!(dek(&head, 0.9), Some(Dek::Excerpt(1)), "{head}");
        }
        let own = format!("<p class=hero__excerpt>{DEK}</p>");
        assert_eq!(dek(&own, 0.9), Some(Dek::InFlow(1)));
    }
}
