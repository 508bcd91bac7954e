//! Lines above and below the body that sign a story without being marked as bylines.

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::byline_line::is_date;
use crate::evidence::byline_markup::{BylineMarkup, is_author_link};
use crate::evidence::byline_words::{BYLINE_WORDS, after_by_word};
use crate::evidence::date::{self, DateFormat, has_digit};
use crate::evidence::date_label;
use crate::evidence::line::line_of;
use crate::evidence::person_names::{Trust, is_particle, names};
use crate::evidence::surroundings::Surroundings;
use crate::fields::Inputs;
use crate::fields::authors::{AuthorClaims, MAX_LINE_BYTES, priority};
use crate::fields::byline_context::{BylineContext, Position, TextLine};
use crate::fields::explain::Source;
use crate::text::to_letters;

/// Most lines that may name an author and are looked at.
const MAX_SIGNED_LINES: usize = 5;

/// Most words of a line that signs with a handle: "posted by ibby".
const MAX_HANDLE_WORDS: usize = 3;

/// Lines above the body with a by-word at their start or behind a date.
pub(super) fn with_by_word(context: &BylineContext, found: &mut AuthorClaims) {
    let mut lines = Vec::new();
    let mut pending: Option<String> = None;
    for TextLine { text, node, .. } in context.lines_at(Position::AboveBody) {
        if text.len() > MAX_LINE_BYTES {
            pending = None;
            continue;
        }
        if let Some(mut by) = pending.take() {
            by.push_str(text);
            lines.push((by, *node));
        } else if after_by_word(text).is_some_and(|rest| !rest.is_empty()) {
            lines.push((text.clone(), *node));
        } else if after_by_word(&format!("{text} ")).is_some_and(str::is_empty) {
            pending = Some(format!("{text} "));
        } else if let Some(signed) = signed_within(text) {
            lines.push((signed.to_owned(), *node));
        }
    }
    for (line, node) in lines.into_iter().take(MAX_SIGNED_LINES) {
        let source = Source::at(node, "by-word", priority::BY_WORD);
        found.add(source, &line, Trust::Text);
        if line.split_whitespace().count() <= MAX_HANDLE_WORDS && !context.is_in_body(node) {
            let priority = priority::HANDLE;
            found.add(Source { priority, ..source }, &line, Trust::Marked);
        }
        found.bylines.push((line, node));
    }
}

/// The part of a line from a by-word on that stands behind a date ("Posted on 12 June 2025 by Hana
/// Vell") or, of several words, behind a sign ("Photographs by Otto Brand, words by Hana Vell").
fn signed_within(line: &str) -> Option<&str> {
    let is_dated =
        |text: &str| has_digit(text) && date::parse(text, DateFormat::default()).is_some();
    let has_date = is_dated(line);
    for (at, _) in line.match_indices(' ') {
        let (before, rest) = line.split_at(at + 1);
        let is_behind_sign = before.trim_end().ends_with([',', ';', '|', '·', '•']);
        let after = after_by_word(rest).filter(|after| !after.is_empty());
        let Some(after) = after.filter(|_| has_date || is_behind_sign) else {
            continue;
        };
        let by_word = rest[..rest.len() - after.len()].trim().to_lowercase();
        let of_place = is_particle(&by_word) || BYLINE_WORDS.place.contains(by_word.as_str());
        let is_signed = is_behind_sign && by_word.contains(' ') || has_date && is_dated(before);
        if is_signed && !of_place {
            return Some(rest);
        }
    }
    None
}

/// A line that is nothing but two to four words in capitals, right at the body's start: the byline
/// of pages that name only themselves in their data. What a menu links to is a section or a place.
pub(super) fn alone_above_body(inputs: &Inputs, found: &mut AuthorClaims) {
    let context = &inputs.context;
    let mut lines = context.lines.iter();
    let Some(TextLine { text, node, .. }) = lines.find(|line| context.is_in_body(line.node)) else {
        return;
    };
    let first = text.split(['/', ',']).next().unwrap_or_default();
    let is_of_name = |c: char| c.is_alphabetic() || " -.'’/,".contains(c);
    if (2..=4).contains(&first.split_whitespace().count())
        && text.chars().all(is_of_name)
        && text.len() < MAX_LINE_BYTES
        && !is_linked_topic(inputs.page, text)
    {
        let source = Source::at(*node, "line above the body", priority::ALONE);
        found.add(source, text, Trust::Text);
    }
}

/// Lines at a body's start among which a byline in bold is looked for.
const MAX_BOLD_LINES: usize = 8;

/// Names in a paragraph of their own, in bold, up to the body's start: newspapers that sign in the
/// text put only their own name into the data.
pub(super) fn names_in_bold(inputs: &Inputs, found: &mut AuthorClaims) {
    let mut signed = found.claims.iter().flat_map(|claim| &claim.names);
    let by_itself = signed.all(|name| found.sites.is_site(name));
    if found.claims.is_empty() || !by_itself {
        return;
    }
    let (page, context) = (inputs.page, &inputs.context);
    let mut in_body = 0;
    let lines = context.lines.iter();
    let early = lines
        .filter(|line| context.is_after_heading(line.node))
        .take_while(|line| {
            in_body += usize::from(context.is_in_body(line.node));
            in_body <= MAX_BOLD_LINES
        });
    let signed = early.into_iter().find_map(|TextLine { text, node, .. }| {
        let up = page.node(*node).parent;
        let is_bold = matches!(page.tag(up), Tag::B | Tag::Strong)
            && line_of(page, page.node(up).parent) == *text
            && !has_digit(text);
        if !is_bold {
            return None;
        }
        let listed = names(text, Trust::Text);
        let parts = text.split([',', '/', '&']).count();
        let is_person = |name: &String| is_cased(name) && !is_topic(name, inputs);
        let are_persons = listed.len() == parts && listed.iter().all(is_person);
        are_persons.then_some((listed.join("; "), *node))
    });
    if let Some((listed, node)) = signed {
        let source = Source::at(node, "names in bold", priority::BOLD);
        found.add(source, &listed, Trust::Text);
    }
}

/// Whether a name is written with capitals, and so told from other text.
fn is_cased(name: &str) -> bool {
    name.chars().any(char::is_uppercase)
}

/// A line below the body that says who wrote the story: "Written by Hana Vell".
pub(super) fn by_word_below_body(context: &BylineContext, found: &mut AuthorClaims) {
    let mut pending = String::new();
    for TextLine { text, node, .. } in &context.lines_below {
        let line = std::mem::take(&mut pending) + text + " ";
        if line.len() > MAX_LINE_BYTES {
            continue;
        }
        let Some(after) = after_by_word(&line) else {
            continue;
        };
        let by_word = line[..line.len() - after.len()].trim().to_lowercase();
        if !by_word.contains(' ') || BYLINE_WORDS.post.contains(by_word.as_str()) {
            continue;
        }
        if after.is_empty() {
            pending = line;
        } else if context.surroundings(*node) == Surroundings::Story {
            let source = Source::at(*node, "by-word below the body", priority::BELOW);
            found.add(source, &line, Trust::Text);
            return;
        }
    }
}

/// Nodes between a name and the date beside it.
const MAX_APART: usize = 10;

/// A name that stands beside a date between headline and body, in one line with it or next to it.
/// Sections and places stand there as well: what the page says elsewhere tells them from names.
pub(super) fn name_beside_date(inputs: &Inputs, found: &mut AuthorClaims) {
    let context = &inputs.context;
    let is_between = |line: &&TextLine| {
        line.text.len() <= MAX_LINE_BYTES
            && context.is_after_heading(line.node)
            && !context.is_in_body(line.node)
    };
    let above = context.lines_at(Position::AboveBody);
    let lines: Vec<&TextLine> = above.filter(is_between).collect();
    let is_date_near = |line: &TextLine, other: &TextLine| {
        line.node.index().abs_diff(other.node.index()) <= MAX_APART
            && has_digit(&other.text)
            && is_date(&other.text, DateFormat::default())
    };
    let named = lines.iter().enumerate().filter_map(|(at, line)| {
        let neighbours = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let mut neighbours = neighbours.filter_map(|other| lines.get(other));
        let listed = match names_beside_date(inputs.page, line) {
            Some(listed) => listed,
            None if !has_digit(&line.text) && neighbours.any(|other| is_date_near(line, other)) => {
                names(&line.text, Trust::Text)
            }
            None => return None,
        };
        (!listed.is_empty()).then_some((listed, line.node))
    });
    let is_person = |name: &String| {
        is_cased(name)
            && date_label::first_in(name).is_none()
            && !is_topic(name, inputs)
            && !is_linked_topic(inputs.page, name)
    };
    let mut named = named.take(MAX_SIGNED_LINES);
    if let Some((listed, node)) = named.find(|(listed, _)| listed.iter().all(is_person)) {
        let source = Source::at(node, "name beside a date", priority::BESIDE_DATE);
        found.add(source, &listed.join("; "), Trust::Text);
    }
}

/// The names in a line that has a date and nothing else beside them. Before a comma and a date
/// stand places as well as names: there, the line must be marked.
fn names_beside_date(page: &Document, line: &TextLine) -> Option<Vec<String>> {
    let text = line.text.as_str();
    if !has_digit(text) {
        return None;
    }
    let is_marked = || {
        let mut above = page.ancestors(line.node).take(2);
        above.any(|up| {
            let kind = page.element(up).and_then(BylineMarkup::of);
            matches!(kind, Some(BylineMarkup::Byline | BylineMarkup::Dateline))
        })
    };
    text.match_indices(['|', '·', '•', '–', '—', ',', '-'])
        .filter(|(at, sign)| *sign != "-" || text[..*at].ends_with(' '))
        .find_map(|(at, sign)| {
            let (before, after) = (&text[..at], &text[at + sign.len()..]);
            let name = if is_date(after, DateFormat::default()) {
                before
            } else if sign != "," && is_date(before, DateFormat::default()) {
                after
            } else {
                return None;
            };
            let listed = names(name, Trust::Text);
            (!listed.is_empty() && !has_digit(name) && (sign != "," || is_marked()))
                .then_some(listed)
        })
}

/// Shortest word of a name that is looked for in small letters, in bytes.
const MIN_WORD_BYTES: usize = 3;

/// Whether a name is the page's section or topic, or has a word that its text writes in small
/// letters: "Public Health".
fn is_topic(name: &str, inputs: &Inputs) -> bool {
    let named = ["section", "tag", "tags", "site"];
    let declared = named
        .iter()
        .flat_map(|field| inputs.evidence.declared.of(field));
    let own = to_letters(name);
    if declared
        .map(|note| to_letters(&note.value))
        .any(|topic| topic == own)
    {
        return true;
    }
    let small: Vec<String> = name
        .split([' ', '-'])
        .filter(|word| word.len() >= MIN_WORD_BYTES && word.starts_with(char::is_uppercase))
        .map(str::to_lowercase)
        .filter(|word| !is_particle(word))
        .collect();
    let mut words = inputs.text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| small.iter().any(|small| small == word))
}

/// Whether the name stands in a link to anything but an author's page, as sections do in menus.
fn is_linked_topic(page: &Document, name: &str) -> bool {
    let is_link = |id: NodeId| {
        page.ancestors(id)
            .take(3)
            .any(|up| page.tag(up) == Tag::A && !page.element(up).is_some_and(is_author_link))
    };
    page.nodes().any(|(id, node)| match &node.data {
        NodeData::Text(text) => text.len() >= name.len() && text.trim() == name && is_link(id),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_by_word_may_stand_behind_a_date_or_a_sign() {
        for (line, signed) in [
            ("Posted on 12 June 2025 by Hana Vell", Some("by Hana Vell")),
            (
                "Photographs by Otto Brand, words by Hana Vell",
                Some("words by Hana Vell"),
            ),
            ("A tale of rain by Hana Vell", None),
            ("12 June 2025 from New York", None),
            ("12 de junio de 2025", None),
        ] {
            assert_eq!(signed_within(line), signed, "{line}");
        }
    }
}
