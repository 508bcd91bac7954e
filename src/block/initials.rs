//! Paragraphs' first letters that are drawn large: images of a letter, and letters in an element of
//! their own, which are put back in front of their word.

use super::class_names::{NameHint, hints_in};
use super::cues::declares;
use super::{Shape, TextBlock};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::table::rows;

/// Signs that open a quotation, which are drawn together with the letter.
const OPENING: [char; 10] = ['"', '\'', '“', '„', '«', '‘', '‚', '»', '‹', '—'];

/// Elements between a letter and what is marked as drawn large, at most: a table with a row and a cell.
const MAX_AROUND: usize = 4;

/// The capital letter that a text is, with the sign in front of it that opens a quotation; none for other texts.
pub(super) fn letter(text: &str) -> Option<&str> {
    let text = text.trim();
    let mut rest = text.trim_start_matches(OPENING).trim_start().chars();
    let is_letter = rest.next().is_some_and(char::is_uppercase) && rest.next().is_none();
    is_letter.then_some(text)
}

/// Whether a text goes on with a word whose first letter stands before it: in small letters, or after an
/// apostrophe as in "L’été".
pub(super) fn goes_on(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('\'' | '’') => chars.next().is_some_and(char::is_alphabetic),
        first => first.is_some_and(char::is_lowercase),
    }
}

/// Whether an element is drawn large or beside the lines of text, as initials are.
pub(super) fn is_marked(element: &Element) -> bool {
    let named = |name| {
        element
            .attribute(name)
            .is_some_and(|v| hints_in(v).has(NameHint::Initial))
    };
    let styled = |style: &str| style.contains("font-size") || declares(style, "float", &["left"]);
    named("class")
        || named("id")
        || element.attribute("style").is_some_and(styled)
        || floats_by_attribute(element)
        || element.name() == "big"
        || element.tag == Tag::Font && element.attribute("size").is_some()
}

/// Whether a table floats, as HTML 4 has it.
fn floats_by_attribute(element: &Element) -> bool {
    let side = element.attribute("align").unwrap_or_default();
    element.tag == Tag::Table && side.eq_ignore_ascii_case("left")
}

/// Whether a letter is a word of the page's language, or may be since the page names none that we know.
pub(super) fn is_word(page: &Document, letter: &str) -> bool {
    let html = page
        .elements()
        .find(|(_, element)| element.tag == Tag::Html);
    let language = html
        .and_then(|(_, element)| element.attribute("lang"))
        .unwrap_or_default();
    let language = language
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let letter = letter.trim_start_matches(OPENING).trim().to_lowercase();
    rows(include_str!("../../config/tables/one_letter_words.tsv"))
        .find(|row| row[0] == language)
        .is_none_or(|row| row[1].split(' ').any(|word| word == letter))
}

/// Joins letters that stand in a box of their own with the paragraph behind them.
pub(super) fn join(page: &Document, blocks: &mut Vec<TextBlock>) {
    for mut block in std::mem::take(blocks) {
        let text = blocks
            .last()
            .and_then(|before| joined(page, before, &block));
        if let Some(text) = text
            && let Some(initial) = blocks.pop()
        {
            block.text = text;
            block.words = super::word_count(&block.text);
            block.chars += initial.chars;
            block.images += initial.images;
        }
        blocks.push(block);
    }
}

/// The text of a large letter and the paragraph behind it; none if they are not that.
fn joined(page: &Document, initial: &TextBlock, next: &TextBlock) -> Option<String> {
    let letter = letter(&initial.text)?;
    if next.shape != Shape::Paragraph || !is_boxed_initial(page, initial, next.first) {
        return None;
    }
    let spaced = match &page.node(next.first).data {
        NodeData::Text(text) => text.starts_with(char::is_whitespace),
        _ => false,
    };
    let mut start = next.text.chars();
    let in_capitals = !spaced && start.by_ref().take(2).all(char::is_uppercase);
    if !goes_on(&next.text) && !in_capitals {
        return None;
    }
    let gap = if spaced && is_word(page, letter) {
        " "
    } else {
        ""
    };
    Some(format!("{letter}{gap}{}", next.text))
}

/// Whether the box of a letter, or one around it that does not hold what follows, is marked as drawn large.
fn is_boxed_initial(page: &Document, letter: &TextBlock, next: NodeId) -> bool {
    page.ancestors(letter.first)
        .take(MAX_AROUND)
        .take_while(|up| page.node(*up).end <= next)
        .any(|up| page.element(up).is_some_and(is_marked))
}

#[cfg(test)]
mod tests {
    use crate::block::segment;
    use crate::dom::Document;

    fn texts(language: &str, html: &str) -> Vec<String> {
        let html = format!("<html lang={language}><body>{html}");
        let blocks = segment(&Document::parse(&html));
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn an_image_of_a_letter_begins_its_word() {
        for (language, html, expected) in [
            ("en", "<p><img alt=E>ngineers came", "Engineers came"),
            (
                "en",
                "<p>“<img alt=E src=e.png><b>ngineers</b> came”",
                "“Engineers came”",
            ),
            (
                "de",
                "<p><img alt='„I'>ngenieure kamen“",
                "„Ingenieure kamen“",
            ),
            ("ru", "<p><img alt=И>нженеры пришли", "Инженеры пришли"),
            (
                "el",
                "<p><picture><img alt=Μ></picture>ηχανικοί ήρθαν",
                "Μηχανικοί ήρθαν",
            ),
            ("fr", "<p><img alt=L>’été est long", "L’été est long"),
            (
                "en",
                "<p><img class=dropcap alt=A> new bridge",
                "A new bridge",
            ),
            ("en", "<p><img alt=E> ngineers came", "ngineers came"),
            ("en", "<p><img alt='Two engineers'>they came", "they came"),
            ("en", "<p><img alt=X>They came", "They came"),
        ] {
            assert_eq!(texts(language, html), [expected], "{html}");
        }
    }

    #[test]
    fn a_letter_drawn_large_is_not_parted_from_its_word() {
        for (language, html, expected) in [
            (
                "en",
                "<p><span class=dropcap>E</span>\n ngineers came",
                "Engineers came",
            ),
            (
                "en",
                "<p><span class=dropcap>A</span> new bridge",
                "A new bridge",
            ),
            ("en", "<p><b>B</b> vitamins", "B vitamins"),
            ("ru", "<p><font size=7>Г</font> ород строит", "Город строит"),
            (
                "ru",
                "<p><font size=7>В</font> городе строят",
                "В городе строят",
            ),
            (
                "en",
                "<div><div class=drop-cap>E</div>ngineers came</div>",
                "Engineers came",
            ),
            (
                "en",
                "<div><div class=drop-cap>T</div>HE council met</div>",
                "THE council met",
            ),
            (
                "pl",
                "<div style='float:left'>“M</div><p>ost stoi",
                "“Most stoi",
            ),
            (
                "en",
                "<div><table align=left><tr><td>E</table>ngineers came</div>",
                "Engineers came",
            ),
            (
                "el",
                "<div><span style='float:left;display:block'>Ο</span> δήμαρχος ήρθε</div>",
                "Ο δήμαρχος ήρθε",
            ),
        ] {
            assert_eq!(texts(language, html), [expected], "{html}");
        }
    }

    #[test]
    fn letters_of_an_index_stay_apart() {
        assert_eq!(texts("en", "<h3>A</h3><p>aardvark</p>"), ["A", "aardvark"]);
        assert_eq!(
            texts("en", "<div class=letter>A</div><p>aardvark</p>"),
            ["A", "aardvark"]
        );
    }
}
