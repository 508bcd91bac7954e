//! Puts what pages write into attributes and scripts into plain text.

use crate::dom::{Document, NodeId};
use crate::text::one_line;

/// One line of plain text: entities and tags undone, white space collapsed, invisible signs out, and
/// at either end what is left of a sign that was cut in two.
pub(crate) fn plain(raw: &str) -> String {
    let mut text = raw.to_owned();
    // Some pages escape twice.
    for _ in 0..2 {
        if !has_markup(&text) {
            break;
        }
        text = Document::parse(&text).text_of(NodeId::ROOT);
    }
    let line = one_line(&text);
    let whole = line.trim_matches(|c: char| c == char::REPLACEMENT_CHARACTER || c == ' ');
    if whole.len() < line.len() {
        return whole.to_owned();
    }
    line
}

/// Whether there is a character reference or a tag in the text.
fn has_markup(text: &str) -> bool {
    let reference = text.match_indices('&').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        let name = rest
            .iter()
            .take(32)
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'#')
            .count();
        name > 0 && rest.get(name) == Some(&b';')
    });
    reference
        || text.match_indices('<').any(|(at, _)| {
            let rest = &text.as_bytes()[at + 1..];
            rest.first()
                .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/')
                && rest.contains(&b'>')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_tags_and_white_space_are_undone() {
        assert_eq!(
            plain("Fish &amp;amp; <b>chips</b>\n now"),
            "Fish & chips now"
        );
        assert_eq!(plain("a < b and b > c"), "a < b and b > c");
        assert_eq!(plain("Rain at last \u{fffd}"), "Rain at last");
        assert_eq!(plain("R&D; AT&T"), "R&D; AT&T");
    }
}
