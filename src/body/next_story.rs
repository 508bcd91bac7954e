//! The next story behind the page's own, by its headline alone: themes that scroll on load it, headline and all.

use std::ops::Range;

use crate::block::{self, Cue, Shape, TextBlock};
use crate::body::clean::{RemovalReason, is_running};
use crate::body::selection::KeptReason;
use crate::dom::{Document, NodeId};
use crate::text::to_letters;

/// Words from which a headline says more than the name of a section.
const MIN_HEADLINE_WORDS: usize = 2;

/// Words of running text from which what follows a headline is a story rather than a list's entry.
const MIN_STORY_WORDS: usize = 40;

/// By what the headline of another story is known.
#[derive(Clone, Copy)]
pub(crate) enum NextStory<'a> {
    /// Its element and the one around have the tags and classes of the page's own headline, which is one of
    /// these titles as [`to_letters`] spells them. Its story ends with the largest element around it that
    /// does not hold the page's own headline. Where little running text follows, it is a list's entry.
    Markup(&'a [String]),
    /// It stands in an element named as related, behind something that is kept. All that stands in such
    /// elements from there on is of other stories. What is not in such an element stays: it may be the page's
    /// own story.
    Name {
        verdicts: &'a [Option<RemovalReason>],
        kept: &'a [Option<KeptReason>],
    },
}

/// The blocks of other stories, headlines among them.
pub(crate) fn find(page: &Document, blocks: &[TextBlock], known_by: NextStory) -> Vec<usize> {
    match known_by {
        NextStory::Markup(titles) => by_markup(page, blocks, titles)
            .into_iter()
            .flatten()
            .collect(),
        NextStory::Name { verdicts, kept } => {
            let is_related = |at: &usize| verdicts[*at] == Some(RemovalReason::Named(Cue::Related));
            let is_headline = |at: &usize| blocks[*at].shape == Shape::Heading(1) && is_related(at);
            match (0..blocks.len()).find(is_headline) {
                Some(start) if kept[..start].iter().any(Option::is_some) => {
                    (start..blocks.len()).filter(is_related).collect()
                }
                _ => Vec::new(),
            }
        }
    }
}

/// The stories whose headlines have the same tags and classes as the page's own.
fn by_markup(page: &Document, blocks: &[TextBlock], titles: &[String]) -> Vec<Range<usize>> {
    let longest = titles.iter().map(String::len).max().unwrap_or(0);
    let is_title = |block: &TextBlock| {
        block.words >= MIN_HEADLINE_WORDS
            && block.text.len() <= 2 * longest
            && titles.contains(&to_letters(&block.text))
    };
    let Some(own) = blocks.iter().position(is_title) else {
        return Vec::new();
    };
    let markup =
        |node: NodeId| [node, page.node(node).parent].map(|node| page.tag_and_class_hash(node));
    let (shape, own_markup) = (blocks[own].shape, markup(blocks[own].node));
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in own + 1..blocks.len() {
        let block = &blocks[at];
        let is_headline = block.shape == shape
            && block.words >= MIN_HEADLINE_WORDS
            && markup(block.node) == own_markup
            && !is_title(block);
        if !is_headline || found.last().is_some_and(|last| last.contains(&at)) {
            continue;
        }
        let around = page
            .ancestors(block.node)
            .take_while(|node| *node > blocks[own].first)
            .last();
        let Some(around) = around else { continue };
        let to = block::inside(page, blocks, around).end;
        let running = blocks[at..to].iter().filter(|block| is_running(block));
        if block::words_in(running) >= MIN_STORY_WORDS {
            found.push(at..to);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    const STORY: &str = "<p>The white ferry came round the point at ten past seven on Thursday morning, and the people \
        who had been standing on the quay since before dawn began to clap. Nobody had told them to, \
        and nobody could say afterwards who had been the first.";

    fn others(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        by_markup(&page, &blocks, &[to_letters("Ferry returns")])
            .into_iter()
            .map(|range| blocks[range.start].text.clone())
            .collect()
    }

    #[test]
    fn a_headline_built_as_the_pages_own_begins_another_story() {
        let story = |headline: &str| {
            format!("<div><header><h1 class=x>{headline}</h1></header><div>{STORY}</div></div>")
        };
        let two = story("Ferry returns") + &story("Rain at last") + &story("Bread is dear");
        assert_eq!(others(&two), ["Rain at last", "Bread is dear"]);
    }

    #[test]
    fn subheads_and_lists_of_headlines_are_none() {
        let own = format!("<div><h1>Ferry returns</h1>{STORY}");
        for rest in [
            format!("<h1>What was said</h1>{STORY}</div>"),
            format!("<h2>What was said</h2>{STORY}</div>"),
            format!("<section class=part><h1>What was said</h1>{STORY}</section></div>"),
            "</div><div><h1>Rain at last</h1></div><div><h1>Bread is dear</h1></div>".to_owned(),
            "</div><div><h1>Rain at last</h1><p>A course on all that falls from the sky, and on how to \
             keep it.</div>"
                .to_owned(),
        ] {
            assert_eq!(others(&(own.clone() + &rest)), [""; 0], "{rest}");
        }
    }
}
