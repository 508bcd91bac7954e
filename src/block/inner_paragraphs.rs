//! Paragraphs in the middle of a story whose class sounds like chrome: "footer-law", "caption-contest",
//! `MsoFooter` of Word. What a paragraph stands between says more than its name.

use super::cues::{Cue, Cues};
use super::{Shape, TextBlock};
use crate::dom::{Document, NodeId, Tag};

/// Words from which a paragraph reads like one of a story. Prompts and labels that end in a full stop are
/// shorter.
const STORY_WORDS: usize = 20;

/// Share of a paragraph's characters in links up to which it reads like one of a story, 0 to 1.
const MAX_LINK_DENSITY: f64 = 0.2;

/// What a name may say without being believed there.
const DOUBTED: Cues = Cues::all_of(&[
    Cue::Navigation,
    Cue::Aside,
    Cue::Footer,
    Cue::Header,
    Cue::Related,
    Cue::Share,
    Cue::Prompt,
    Cue::Ad,
    Cue::Author,
    Cue::Meta,
    Cue::Tags,
    Cue::Caption,
    Cue::Media,
    Cue::Offer,
]);

/// Forgets what the names of paragraphs say that read like those of the story before and after them.
/// `own` holds the cues of each node of the page.
pub(super) fn clear_cues(page: &Document, own: &mut [Cues], blocks: &mut [TextBlock]) {
    let doubted: Vec<usize> = (1..blocks.len().saturating_sub(1))
        .filter(|at| {
            let block = &blocks[*at];
            let cues = own[block.node.index()];
            cues.has_any_of(DOUBTED)
                && reads_like_story(page, block)
                && !(cues.has(Cue::Caption) && block.images > 0)
                && [at - 1, at + 1].into_iter().all(|beside| {
                    let beside = &blocks[beside];
                    reads_like_story(page, beside)
                        && !own[beside.node.index()].has_any_of(DOUBTED)
                        && parent(page, beside) == parent(page, block)
                })
        })
        .collect();
    for at in doubted {
        let block = &mut blocks[at];
        let cues = own[block.node.index()].without(DOUBTED);
        own[block.node.index()] = cues;
        block.own_cues = block.own_cues.without(DOUBTED);
        if block.shape == Shape::Caption && block.group == block.node {
            block.shape = Shape::Paragraph;
        }
    }
}

fn parent(page: &Document, block: &TextBlock) -> NodeId {
    page.node(block.node).parent
}

fn reads_like_story(page: &Document, block: &TextBlock) -> bool {
    page.tag(block.node) == Tag::P
        && block.words >= STORY_WORDS
        && block.link_density() <= MAX_LINK_DENSITY
        && block.ends_sentence()
}

#[cfg(test)]
mod tests {
    use crate::block::{Cue, Shape, TextBlock, segment};
    use crate::dom::Document;

    const SENTENCE: &str = "The council met on Monday evening in the old school and talked for three \
        hours about the bridge, which has been closed since the flood in spring.";

    fn middle(before: &str, paragraph: &str) -> TextBlock {
        let more = format!("<p>{SENTENCE}</p>").repeat(4);
        let html = format!("{more}<p>{SENTENCE}</p>{before}{paragraph}<p>{SENTENCE}</p>{more}");
        segment(&Document::parse(&html)).swap_remove(5)
    }

    #[test]
    fn a_paragraph_between_paragraphs_of_a_story_is_one_whatever_its_class() {
        for (class, cue) in [
            ("MsoFooter", Cue::Footer),
            ("footer-law", Cue::Footer),
            ("caption-contest", Cue::Caption),
            ("newsletter-strike", Cue::Prompt),
        ] {
            let block = middle("", &format!("<p class={class}>{SENTENCE}</p>"));
            assert!(!block.cues.has(cue) && !block.own_cues.has(cue), "{class}");
            assert_eq!(block.shape, Shape::Paragraph, "{class}");
        }
    }

    #[test]
    fn what_is_short_linked_or_under_an_image_is_what_it_is_called() {
        let prompt = middle("", "<p class=newsletter>Get our letter every morning.</p>");
        assert!(prompt.cues.has(Cue::Prompt));
        let linked = middle(
            "",
            &format!("<p class=related><a href=/x>{SENTENCE}</a></p>"),
        );
        assert!(linked.cues.has(Cue::Related));
        let caption = middle(
            "<img src=b.jpg>",
            &format!("<p class=caption>{SENTENCE}</p>"),
        );
        assert_eq!(caption.shape, Shape::Caption);
        let boxed = middle(
            "",
            &format!("<div class=footer><p class=footer>{SENTENCE}</p></div>"),
        );
        assert!(boxed.cues.has(Cue::Footer));
    }
}
