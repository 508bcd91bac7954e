//! The links of wikis to edit a section, which stand behind its heading in brackets: "[edit]",
//! "[Bearbeiten | Quelltext bearbeiten]". `MediaWiki` marks them by a class too (`mw-editsection` in
//! `config/tables/class_names.tsv`); what is found here has lost it.

use super::TextBlock;

/// Words of the longest such links.
const MAX_WORDS: usize = 8;

/// A heading's text without the bracketed links at its end, given how many characters of it are links.
pub(super) fn without_links(heading: &str, link_chars: usize) -> &str {
    let Some(start) = heading.trim_end().rfind('[') else {
        return heading;
    };
    let (title, links) = heading.split_at(start);
    // Where the title is a link too, what stands in brackets is part of it: "Brücke [Video]".
    let chars = links.chars().filter(|c| !c.is_whitespace()).count();
    if title.trim().is_empty() || link_chars > chars || !is_bracketed(links, link_chars) {
        return heading;
    }
    title.trim_end()
}

/// Leaves out the blocks behind headings that are such links and nothing else.
pub(super) fn drop(blocks: &mut Vec<TextBlock>) {
    let mut after_heading = false;
    blocks.retain(|block| {
        let drops = after_heading && is_bracketed(&block.text, block.link_chars);
        after_heading = block.is_heading() || drops;
        !drops
    });
}

/// Whether a text is links in brackets, with nothing but bars between them. Numbers are marks of
/// footnotes.
fn is_bracketed(text: &str, link_chars: usize) -> bool {
    let inside = text
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| {
        let is_part_of_link = |c: &char| !c.is_whitespace() && *c != '|';
        let letters = inside.chars().filter(is_part_of_link).count();
        letters > 0
            && letters <= link_chars
            && !inside.contains(['[', ']'])
            && inside.split_whitespace().count() <= MAX_WORDS
            && inside.chars().any(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use crate::block::segment;
    use crate::dom::Document;

    fn texts(html: &str) -> Vec<String> {
        let blocks = segment(&Document::parse(html));
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn links_to_edit_a_section_are_no_part_of_its_heading() {
        for html in [
            "<h2>Brücke<span class=mw-editsection>[<a href=/e>Bearbeiten</a>]</span></h2>",
            "<h2><span class=editsection>[<a href=/e>edit</a>]</span> Brücke</h2>",
            "<h2>Brücke <span>[<a href=/e>Bearbeiten</a> | <a href=/f>Quelltext bearbeiten</a>]</span></h2>",
            "<div><h2>Brücke</h2><span class=mw-editsection>[<a href=/e>править</a>]</span></div>",
            "<div><h2>Brücke</h2><span><span>[</span><a href=/e>編集</a><span>]</span></span></div>",
            "<div><h2>Brücke</h2><div class=editsection>[<a href=/e>edytuj</a>]</div></div>",
        ] {
            assert_eq!(texts(html), ["Brücke"], "{html}");
        }
    }

    #[test]
    fn other_brackets_stay() {
        for html in [
            "<h2>Brücke [1912]</h2>",
            "<h2><a href=/b>Brücke</a> [sic]!</h2>",
            "<h2><a href=/b>Brücke</a> [sic]</h2>",
            "<h2><a href=/b>Brücke [Video]</a></h2>",
            "<h2>Brücke [<a href=#n>1</a>]</h2>",
        ] {
            assert!(texts(html)[0].starts_with("Brücke ["), "{html}");
        }
        assert_eq!(texts("<p>Brücke</p><p>[<a href=/m>mehr</a>]</p>").len(), 2);
    }
}
