//! Lists of links to other stories, or of prices, between the paragraphs of the page's own.

use url::Url;

use crate::block::{Shape, TextBlock};
use crate::body::clean::is_running;
use crate::body::other_story::{WHOLE_LINK, link_of, markup};
use crate::dom::Document;
use crate::evidence::own_article::leads_elsewhere;

/// Words from which a line that is one link says more than a menu's entry.
const MIN_LINKED_LINE_WORDS: usize = 3;

/// Whether each block is an entry of a list of links to other pages, or of prices: two or more lines of one
/// build between paragraphs that go on without them. What a line announces with a colon is the story's own.
pub(crate) fn find(page: &Document, blocks: &[TextBlock], address: Option<&Url>) -> Vec<bool> {
    let is_line = |at: usize| {
        blocks[at].words >= MIN_LINKED_LINE_WORDS
            && blocks[at].link_density() > WHOLE_LINK
            && link_of(page, &blocks[at]).is_some_and(|href| leads_elsewhere(href, address))
    };
    let is_entry = |at: usize| !blocks[at].is_heading() && (is_line(at) || is_quote(&blocks[at]));
    let build = |at: usize| markup(page, blocks[at].node);
    let is_paragraph = |block: &TextBlock| is_running(block) && block.shape == Shape::Paragraph;
    let mut found = vec![false; blocks.len()];
    let mut from = 1;
    while from < blocks.len() {
        let mut to = from;
        while to < blocks.len() && is_entry(to) && build(to) == build(from) {
            to += 1;
        }
        let before = &blocks[from - 1];
        let goes_on =
            is_paragraph(before) && before.ends_sentence() && !before.text.ends_with([':', '：']);
        if to - from > 1 && goes_on && blocks.get(to).is_some_and(is_paragraph) {
            found[from..to].fill(true);
        }
        from = to.max(from + 1);
    }
    found
}

/// Words up to which a linked line is the price of a share or of goods.
const MAX_QUOTE_WORDS: usize = 12;

/// Whether a line links to something and says what it costs, or by how much that changed.
fn is_quote(block: &TextBlock) -> bool {
    let text = block.text.as_bytes();
    let is_signed = |pair: &[u8]| matches!(pair, [b'+' | b'-', b'0'..=b'9']);
    let changed = || block.text.contains('%') && text.windows(2).any(is_signed);
    let costs = || {
        block
            .text
            .contains(['€', '$', '£', '¥', '₽', '₹', '₺', '₩'])
    };
    block.links > 0
        && block.words <= MAX_QUOTE_WORDS
        && !block.ends_sentence()
        && text.iter().any(u8::is_ascii_digit)
        && (costs() || changed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    const STORY: &str = "<p>The white ferry came round the point at ten past seven on Thursday morning, and \
        the people who had been standing on the quay since before dawn began to clap.</p>";

    fn listed(before: &str, list: &str) -> Vec<String> {
        let page = Document::parse(&format!("{STORY}{before}{list}{STORY}"));
        let blocks = segment(&page);
        let address = Url::parse("https://www.valley.example/news/ferry").ok();
        let found = find(&page, &blocks, address.as_ref());
        let listed = blocks.into_iter().zip(found).filter(|(_, found)| *found);
        listed.map(|(block, _)| block.text).collect()
    }

    #[test]
    fn lists_of_links_and_prices_between_paragraphs_are_none_of_the_story() {
        let links = "<ul><li><a href=/news/rain>Rain at last</a>\
            <li><a href=/news/bread>Bread is so dear</a></ul>";
        assert_eq!(listed("", links), ["Rain at last", "Bread is so dear"]);
        let prices = "<ul><li><a href=/s/1>Tidal Power</a> 312.50 +1.2 %\
            <li><a href=/s/2>Ferries</a> £7.15</ul>";
        assert_eq!(listed("", prices).len(), 2);
        let announced =
            "<p>Of the things that the town talked about on that day, these were two:</p>";
        assert_eq!(listed(announced, links), [""; 0]);
        let elsewhere = links.replace("/news/", "https://lake.example/");
        assert_eq!(listed("", &elsewhere), [""; 0]);
    }
}
