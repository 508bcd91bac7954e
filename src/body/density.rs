//! The density stage: which container holds the story.
//!
//! Each block gains or costs by its length, text density and link density, the shallow features of
//! Kohlschütter, Fankhauser and Nejdl (WSDM 2010) and of Sun, Song and Liao, "DOM Based Content
//! Extraction via Text Density" (SIGIR 2011). The story is the subtree with the best sum, the tree's
//! version of the maximum subsequence of Pasternack and Roth, "Extracting Article Text from the Web
//! with Maximum Subsequence Segmentation" (WWW 2009).

use crate::block::{Cue, Cues, Shape, TextBlock, ratio};
use crate::body::switches::{Rule, Switches};
use crate::dom::{Document, NodeId};

/// Cues that say a block is not part of the story, whatever its text looks like.
pub(crate) const CHROME: [Cue; 13] = [
    Cue::Navigation,
    Cue::Footer,
    Cue::Aside,
    Cue::Related,
    Cue::Share,
    Cue::Prompt,
    Cue::Ad,
    Cue::Comment,
    Cue::Author,
    Cue::Tags,
    Cue::Consent,
    Cue::Hidden,
    Cue::Form,
];

/// Cues of text that may run as long as a story and never is one.
const WORTHLESS: [Cue; 4] = [Cue::Hidden, Cue::Form, Cue::Comment, Cue::Consent];

/// Words from which a block reads as running text; Kohlschütter et al. find the break between
/// boilerplate and content at 10 to 15.
const LONG_WORDS: usize = 12;

/// Link density below which a long block reads as running text.
pub(crate) const FEW_LINKS: f64 = 0.4;

/// Words beyond which a block counts no more, so that one giant block (a licence, a comment) cannot
/// outweigh a story.
const CAP_WORDS: usize = 120;

/// Share of a page's running text that chrome may hold. A cue around more than this hangs on an
/// element around the whole page (a form, as ASP.NET has it; a wrapper that a script shows) or on
/// every part of the story.
const MAX_CHROME_SHARE: f64 = 0.75;

/// What the density stage found.
#[derive(Debug, Clone)]
pub(crate) struct Density {
    /// Cues of chrome that stand around nearly all running text of the page, and so tell nothing apart.
    pub(crate) silent: Cues,
    /// What each block adds to the containers around it, in words.
    pub(crate) gains: Vec<f64>,
    /// The element that holds the story.
    pub(crate) container: NodeId,
}

/// Finds the container of the story. `others` says which blocks are part of other stories.
pub(crate) fn find(
    page: &Document,
    blocks: &[TextBlock],
    others: &[bool],
    switches: Switches,
) -> Density {
    let own = || blocks.iter().zip(others);
    let of_story = own().filter(|(_, other)| !**other).map(|(block, _)| block);
    let silent = switches.if_on(Rule::SilentNames, silent(of_story));
    let gain = |(block, other): (&TextBlock, &bool)| if *other { 0.0 } else { gain(block, silent) };
    let gains: Vec<f64> = own().map(gain).collect();
    let sums = subtree_sums(page, blocks, &gains);
    Density {
        silent,
        container: best_subtree(page, &sums),
        gains,
    }
}

/// The cues of chrome around nearly all running text. A thread of comments may outweigh its story
/// that far; no other chrome does.
fn silent<'a>(blocks: impl Iterator<Item = &'a TextBlock>) -> Cues {
    let running = blocks.filter(|block| {
        block.words >= LONG_WORDS && block.link_density() < FEW_LINKS && block.ends_sentence()
    });
    around_more_than(MAX_CHROME_SHARE, &CHROME, running).without(Cues::of(Cue::Comment))
}

/// Those of `cues` that stand around more than a share, 0 to 1, of the blocks' words.
pub(crate) fn around_more_than<'a>(
    share: f64,
    cues: &[Cue],
    blocks: impl Iterator<Item = &'a TextBlock>,
) -> Cues {
    let mut words = vec![0; cues.len()];
    let mut all = 0;
    for block in blocks {
        all += block.words;
        for (cue, words) in cues.iter().zip(&mut words) {
            *words += if block.cues.has(*cue) { block.words } else { 0 };
        }
    }
    cues.iter()
        .zip(words)
        .filter(|(_, words)| ratio(*words, all) > share)
        .fold(Cues::NONE, |found, (cue, _)| found.with(Cues::of(*cue)))
}

/// What a block speaks for (above 0) or against (below 0) its containers being the story, in words.
fn gain(block: &TextBlock, silent: Cues) -> f64 {
    let cues = block.cues.without(silent);
    #[allow(clippy::cast_precision_loss)] // At most CAP_WORDS.
    let words = block.words.min(CAP_WORDS) as f64;
    let density = block.link_density();
    let named_content = cues.has(Cue::Content);
    let chrome = CHROME.iter().filter(|cue| cues.has(**cue)).count();
    if cues.has_any(&WORTHLESS) || block.shape == Shape::Caption {
        return 0.0;
    }
    let text = words * (1.0 - density).powi(2);
    let link_cost = (words * density).min(20.0);
    let running = block.words >= LONG_WORDS && density < FEW_LINKS;
    let sentence = if block.ends_sentence() { 1.0 } else { 0.5 };
    let trust = match (chrome, named_content) {
        (0, true) => 1.3,
        (0, false) => 1.0,
        (_, true) => 0.35,
        (1, false) => 0.25,
        (_, false) => 0.08,
    };
    if running {
        text * sentence * trust - link_cost
    } else {
        // Short blocks are subheads and list items in a story, labels everywhere else.
        (if cues.has(Cue::Content) { 0.5 } else { -1.5 }) - link_cost * 0.5
    }
}

/// For each node, the sum of the gains of the blocks in its subtree.
fn subtree_sums(page: &Document, blocks: &[TextBlock], gains: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; page.len()];
    for (block, gain) in blocks.iter().zip(gains) {
        sums[block.node.index()] += gain;
    }
    // Children come after their parents, so one pass from the end adds subtrees up.
    let parents: Vec<usize> = page.nodes().map(|(_, node)| node.parent.index()).collect();
    for at in (1..sums.len()).rev() {
        sums[parents[at]] += sums[at];
    }
    sums
}

fn best_subtree(page: &Document, sums: &[f64]) -> NodeId {
    let mut best = NodeId::ROOT;
    let mut best_sum = f64::MIN;
    for (id, _) in page.elements() {
        // Later nodes win ties: of a container and its only child, the child is tighter.
        if sums[id.index()] >= best_sum {
            best = id;
            best_sum = sums[id.index()];
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    const PARAGRAPH: &str = "The council met on Monday evening and voted, after three hours of \
        debate, to keep the old bridge open to walkers and cyclists for another year.";

    fn container_class(html: &str) -> Option<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let others = vec![false; blocks.len()];
        let density = find(&page, &blocks, &others, Switches::default());
        page.attribute(density.container, "class")
            .map(str::to_owned)
    }

    #[test]
    fn the_story_outweighs_links_and_blurbs() {
        let story = format!("<p>{PARAGRAPH}</p>").repeat(6);
        let blurbs =
            "<li><a href=/x>Another story of the day that is linked from here, at length</a>"
                .repeat(20);
        let html = format!(
            "<div class=page><ul>{blurbs}</ul><div class=x1>{story}</div><div>{blurbs}</div></div>"
        );
        assert_eq!(container_class(&html).as_deref(), Some("x1"));
    }

    #[test]
    fn a_story_split_over_two_containers_is_taken_whole() {
        let half = format!("<p>{PARAGRAPH}</p>").repeat(4);
        let html = format!(
            "<div class=all><div class=a>{half}</div><div class=ad>x</div><div class=b>{half}</div></div>"
        );
        assert_eq!(container_class(&html).as_deref(), Some("all"));
    }

    #[test]
    fn a_thread_of_comments_is_not_the_story() {
        let story = format!("<p>{PARAGRAPH}</p>").repeat(2);
        let comments = format!("<div class=comment><p>{PARAGRAPH}</p></div>").repeat(12);
        let html = format!(
            "<div class=page><div class=x1>{story}</div><div class=comments>{comments}</div></div>"
        );
        assert_eq!(container_class(&html).as_deref(), Some("x1"));
    }
}
