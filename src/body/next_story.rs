//! The next story behind the page's own, by its headline alone: themes that scroll on load it, headline and all.

use std::ops::Range;

use crate::block::{self, Cue, Shape, TextBlock};
use crate::body::clean::{RemovalReason, is_running};
use crate::body::other_story::{MIN_HEADLINE_WORDS, MIN_STORY_WORDS, markup, says_title};
use crate::body::selection::KeptReason;
use crate::dom::Document;

/// Blocks from the first headline in an element named as related on, those in such elements, where something
/// is kept before it. What is not in such an element stays: it may be the page's own story.
pub(crate) fn named(
    blocks: &[TextBlock],
    verdicts: &[Option<RemovalReason>],
    kept: &[Option<KeptReason>],
) -> Vec<usize> {
    let is_related = |at: &usize| verdicts[*at] == Some(RemovalReason::Named(Cue::Related));
    let is_headline = |at: &usize| blocks[*at].shape == Shape::Heading(1) && is_related(at);
    match (0..blocks.len()).find(is_headline) {
        Some(start) if kept[..start].iter().any(Option::is_some) => {
            (start..blocks.len()).filter(is_related).collect()
        }
        _ => Vec::new(),
    }
}

/// The stories whose headlines have the tags and classes of the page's own, their element's and those of the one
/// around; `titles` are the page's as [`to_letters`](crate::text::to_letters) spells them. Each ends with the
/// largest element around it that does not hold the page's own headline. Where little running text follows, it
/// is a list's entry.
pub(crate) fn by_markup(
    page: &Document,
    blocks: &[TextBlock],
    titles: &[String],
) -> Vec<Range<usize>> {
    let is_title = |block: &TextBlock| says_title(block, titles);
    let Some(own) = blocks.iter().position(is_title) else {
        return Vec::new();
    };
    let (shape, own_markup) = (blocks[own].shape, markup(page, blocks[own].node));
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in own + 1..blocks.len() {
        let block = &blocks[at];
        let is_headline = block.shape == shape
            && block.words >= MIN_HEADLINE_WORDS
            && markup(page, block.node) == own_markup
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
    use crate::text::to_letters;

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
