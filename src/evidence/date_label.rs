//! What a date on a page is: when it appeared, or when it was changed.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::block::class_names::{NameHint, hints_in};
use crate::dom::{Document, NodeData, NodeId};
use crate::evidence::date::has_digit;
use crate::table;
use crate::text::one_line;

/// What a date is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateLabel {
    /// Expressly first published.
    First,
    Published,
    Updated,
    /// Something else: a manuscript's way to print, an event.
    Other,
}

impl DateLabel {
    const ALL: [Self; 4] = [Self::First, Self::Published, Self::Updated, Self::Other];
}

struct Labels {
    words: AhoCorasick,
    kinds: Vec<DateLabel>,
}

/// The words of `config/tables/datelines.tsv`.
static LABELS: LazyLock<Option<Labels>> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut kinds = Vec::new();
    for row in table::rows(include_str!("../../config/tables/datelines.tsv")) {
        let [kind, _, list] = row[..] else { continue };
        if let Some(kind) = table::named(kind, &DateLabel::ALL) {
            words.extend(list.split('|'));
            kinds.resize(words.len(), kind);
        }
    }
    let words = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .ok()?;
    Some(Labels { words, kinds })
});

/// Labels in a text and where they start, in the text's lower case.
fn find(lower: &str) -> Vec<(usize, DateLabel)> {
    let Some(labels) = LABELS.as_ref() else {
        return Vec::new();
    };
    labels
        .words
        .find_iter(lower)
        .filter(|hit| {
            let before = lower[..hit.start()].chars().next_back();
            let after = lower[hit.end()..].chars().next();
            let wide = lower[hit.start()..hit.end()]
                .chars()
                .any(|c| c >= '\u{e00}');
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            wide || !(is_word(before) || is_word(after))
        })
        .map(|hit| (hit.start(), labels.kinds[hit.pattern().as_usize()]))
        .collect()
}

/// The first label in a text.
pub(crate) fn first_in(text: &str) -> Option<DateLabel> {
    find(&text.to_lowercase()).first().map(|(_, label)| *label)
}

/// A text cut before each of its labels: "1 March. Updated: 2 March" says two things.
pub(crate) fn split_at_labels(text: &str) -> Vec<(Option<DateLabel>, &str)> {
    let lower = text.to_lowercase();
    let found = find(&lower);
    // Where small letters have other lengths, positions in the two texts differ.
    let usable = lower.len() == text.len();
    let (Some(first), true) = (found.first(), usable) else {
        return vec![(found.first().map(|f| f.1), text)];
    };
    let mut parts = Vec::new();
    if let Some(before) = text.get(..first.0).filter(|t| !t.trim().is_empty()) {
        parts.push((None, before));
    }
    for (n, (at, label)) in found.iter().enumerate() {
        let end = found.get(n + 1).map_or(text.len(), |next| next.0);
        if let Some(part) = text.get(*at..end) {
            parts.push((Some(*label), part));
        }
    }
    // In some languages the label follows: "2026年3月1日 公開".
    if let [(None, date), (Some(label), last)] = parts.as_slice()
        && has_digit(date)
        && !has_digit(last)
    {
        return vec![(Some(*label), date)];
    }
    parts
}

/// Nodes before an element in which its label stands.
const LABEL_NODES: usize = 12;

/// Longest label, in characters.
const MAX_LABEL_CHARS: usize = 40;

/// Ancestors whose classes may be the label.
const LABEL_ANCESTORS: usize = 3;

/// The label of an element's date: in the words right before it, or in a class or id of its own or of an
/// element around it.
pub(crate) fn of_element(page: &Document, id: NodeId) -> Option<DateLabel> {
    let mut up = id;
    for step in 0..LABEL_ANCESTORS {
        let class = page.attribute(up, "class").or(page.attribute(up, "id"));
        if let Some(label) = class.and_then(of_class) {
            return Some(label);
        }
        if step == 0
            && let Some(label) = before(page, id)
        {
            return Some(label);
        }
        let parent = page.node(up).parent;
        // A large parent holds several dates.
        if parent == up || page.node(parent).end.index() - parent.index() > 2 * LABEL_NODES {
            break;
        }
        up = parent;
    }
    None
}

fn of_class(class: &str) -> Option<DateLabel> {
    let hints = hints_in(class);
    match (hints.has(NameHint::Published), hints.has(NameHint::Updated)) {
        (true, false) => Some(DateLabel::Published),
        (false, true) => Some(DateLabel::Updated),
        _ => None,
    }
}

/// The label in the run of text right before an element.
fn before(page: &Document, id: NodeId) -> Option<DateLabel> {
    let from = id.index().saturating_sub(LABEL_NODES);
    let last = page
        .range(from..id.index())
        .filter_map(|(_, node)| match &node.data {
            NodeData::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        })
        .last()?;
    let text = one_line(last);
    (text.chars().count() <= MAX_LABEL_CHARS && !text.chars().any(|c| c.is_ascii_digit()))
        .then(|| first_in(&text))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_its_labels() {
        assert_eq!(
            split_at_labels("December 3, 2025. Updated: December 7, 2025"),
            [
                (None, "December 3, 2025. "),
                (Some(DateLabel::Updated), "Updated: December 7, 2025")
            ]
        );
        assert_eq!(
            split_at_labels("2026年3月1日 公開"),
            [(Some(DateLabel::Published), "2026年3月1日 ")]
        );
        assert_eq!(split_at_labels("1 March 2026"), [(None, "1 March 2026")]);
        assert_eq!(first_in("Zuletzt aktualisiert:"), Some(DateLabel::Updated));
        assert_eq!(first_in("The unpublished diaries"), None);
    }

    #[test]
    fn the_words_before_an_element_and_its_classes_say_what_it_is() {
        let page = Document::parse(
            "<p><span>Last updated:</span> <time>1 March</time></p><p class=post-modified><time>2 March</time></p><p><time>3 March</time></p>",
        );
        let labels: Vec<_> = page
            .elements()
            .filter(|(_, e)| e.name() == "time")
            .map(|(id, _)| of_element(&page, id))
            .collect();
        assert_eq!(
            labels,
            [Some(DateLabel::Updated), Some(DateLabel::Updated), None]
        );
    }
}
