//! Lines above the body that sign a story without being marked as bylines.

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::byline_line::is_date;
use crate::evidence::byline_markup::{BylineMarkup, is_author_link};
use crate::evidence::byline_words::{BYLINE_WORDS, after_by_word};
use crate::evidence::date::{self, DateFormat, has_digit};
use crate::evidence::line::line_of;
use crate::evidence::person_names::{Trust, is_particle, names};
use crate::evidence::surroundings::Surroundings;
use crate::evidence::{Evidence, date_label};
use crate::fields::authors::{Found, MAX_LINE_BYTES, weight};
use crate::fields::byline_context::{Near, Run, Zone};
use crate::text::to_letters;

/// Most lines with a by-word that are looked at.
const MAX_SPOKEN: usize = 5;

/// Most words of a line that signs with a handle: "posted by ibby".
const MAX_HANDLE_WORDS: usize = 3;

/// Lines above the body with a by-word at their start or behind a date.
pub(crate) fn spoken(near: &Near, found: &mut Found) {
    let mut lines = Vec::new();
    let mut pending: Option<String> = None;
    for run in near.runs.iter().filter(|run| run.zone == Zone::Head) {
        let text = &run.text;
        if text.len() > MAX_LINE_BYTES {
            pending = None;
            continue;
        }
        if let Some(mut by) = pending.take() {
            by.push_str(text);
            lines.push((by, run.node));
        } else if after_by_word(text).is_some_and(|rest| !rest.is_empty()) {
            lines.push((text.clone(), run.node));
        } else if after_by_word(&format!("{text} ")).is_some_and(str::is_empty) {
            pending = Some(format!("{text} "));
        } else if let Some(signed) = signed_within(text) {
            lines.push((signed.to_owned(), run.node));
        }
    }
    for (line, node) in lines.into_iter().take(MAX_SPOKEN) {
        found.add("by-word", &line, Some(node), Trust::Text, weight::BY_WORD);
        if line.split_whitespace().count() <= MAX_HANDLE_WORDS && !near.in_body(node) {
            found.add("by-word", &line, Some(node), Trust::Marked, weight::HANDLE);
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
    let starts = line.match_indices(' ').map(|(at, _)| at + 1);
    let parts = starts
        .map(|at| line.split_at(at))
        .filter_map(|(before, rest)| {
            let behind_sign = before.trim_end().ends_with([',', ';', '|', '·', '•']);
            (has_date || behind_sign).then_some((before, rest, behind_sign))
        });
    for (before, rest, behind_sign) in parts {
        let Some(after) = after_by_word(rest).filter(|after| !after.is_empty()) else {
            continue;
        };
        let by_word = rest[..rest.len() - after.len()].trim().to_lowercase();
        let of_place = is_particle(&by_word) || BYLINE_WORDS.place.contains(by_word.as_str());
        if !of_place && (behind_sign && by_word.contains(' ') || has_date && is_dated(before)) {
            return Some(rest);
        }
    }
    None
}

/// A line that is nothing but two to four words in capitals, right at the body's start: the byline
/// of pages that name only themselves in their data.
pub(crate) fn alone(near: &Near, found: &mut Found) {
    let Some(run) = near.runs.iter().find(|run| near.in_body(run.node)) else {
        return;
    };
    let first = run.text.split(['/', ',']).next().unwrap_or_default();
    let letters = run
        .text
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’' | '/' | ','));
    if (2..=4).contains(&first.split_whitespace().count())
        && letters
        && run.text.len() < MAX_LINE_BYTES
    {
        let source = "line above the body";
        let node = Some(run.node);
        found.add(source, &run.text, node, Trust::Text, weight::ALONE);
    }
}

/// Runs at a body's start among which a byline in bold is looked for.
const MAX_BOLD_RUNS: usize = 8;

/// Names in a paragraph of their own, in bold, up to the body's start: newspapers that sign in the
/// text put only their own name into the data.
pub(crate) fn bold(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    text: &str,
    found: &mut Found,
) {
    let mut signed = found.people.iter().flat_map(|people| &people.names);
    let by_itself = signed.all(|name| found.sites.is_site(name));
    if found.people.is_empty() || !by_itself {
        return;
    }
    let mut in_body = 0;
    let runs = near
        .runs
        .iter()
        .filter(|run| near.is_after_heading(run.node));
    let early = runs.take_while(|run| {
        in_body += usize::from(near.in_body(run.node));
        in_body <= MAX_BOLD_RUNS
    });
    let signed = early.into_iter().find_map(|run| {
        let up = page.node(run.node).parent;
        let is_bold = matches!(page.tag(up), Tag::B | Tag::Strong)
            && line_of(page, page.node(up).parent) == run.text
            && !has_digit(&run.text);
        if !is_bold {
            return None;
        }
        let listed = names(&run.text, Trust::Text);
        let parts = run.text.split([',', '/', '&']).count();
        let persons = listed.len() == parts
            && listed
                .iter()
                .all(|name| is_cased(name) && !is_topic(name, evidence, text));
        persons.then_some((listed.join("; "), run.node))
    });
    if let Some((listed, node)) = signed {
        let source = "names in bold";
        found.add(source, &listed, Some(node), Trust::Text, weight::BOLD);
    }
}

/// Whether a name is written with capitals, and so told from other text.
fn is_cased(name: &str) -> bool {
    name.chars().any(char::is_uppercase)
}

/// A line below the body that says who wrote the story: "Written by Hana Vell".
pub(crate) fn closing(page: &Document, near: &Near, found: &mut Found) {
    let mut pending = String::new();
    for run in &near.closing {
        let line = std::mem::take(&mut pending) + &run.text + " ";
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
        } else if near.surroundings(page, run.node) == Surroundings::Story {
            let source = "by-word below the body";
            found.add(source, &line, Some(run.node), Trust::Text, weight::BELOW);
            return;
        }
    }
}

/// Nodes between a name and the date beside it.
const MAX_APART: usize = 10;

/// A name that stands beside a date between headline and body, in one line with it or next to it.
/// Sections and places stand there as well: they are told by what the page says elsewhere.
pub(crate) fn beside_date(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    text: &str,
    found: &mut Found,
) {
    let runs: Vec<&Run> = near
        .runs
        .iter()
        .filter(|run| {
            run.zone == Zone::Head
                && run.text.len() <= MAX_LINE_BYTES
                && near.is_after_heading(run.node)
                && !near.in_body(run.node)
        })
        .collect();
    let habit = DateFormat::default();
    let is_near = |a: &Run, b: &Run| a.node.index().abs_diff(b.node.index()) <= MAX_APART;
    let named = runs.iter().enumerate().filter_map(|(at, run)| {
        let beside = [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .filter_map(|other| runs.get(other))
            .any(|other| {
                is_near(run, other) && has_digit(&other.text) && is_date(&other.text, habit)
            });
        let listed = match in_line(page, run) {
            Some(listed) => listed,
            None if beside && !has_digit(&run.text) => names(&run.text, Trust::Text),
            None => return None,
        };
        (!listed.is_empty()).then_some((listed, run.node))
    });
    let is_person = |name: &String| {
        is_cased(name)
            && date_label::first_in(name).is_none()
            && !is_topic(name, evidence, text)
            && !is_linked_topic(page, name)
    };
    let signed = named
        .take(MAX_SPOKEN)
        .find(|(listed, _)| listed.iter().all(is_person));
    if let Some((listed, node)) = signed {
        let listed = listed.join("; ");
        let (source, weight) = ("name beside a date", weight::BESIDE_DATE);
        found.add(source, &listed, Some(node), Trust::Text, weight);
    }
}

/// The names in a line that has a date and nothing else beside them. Before a comma and a date
/// stand places as well as names: there, the line must be marked.
fn in_line(page: &Document, run: &Run) -> Option<Vec<String>> {
    let line = run.text.as_str();
    if !has_digit(line) {
        return None;
    }
    let is_marked = || {
        let mut above = page.ancestors(run.node).take(2);
        above.any(|up| {
            page.element(up)
                .and_then(BylineMarkup::of)
                .is_some_and(|kind| matches!(kind, BylineMarkup::Byline | BylineMarkup::Dateline))
        })
    };
    line.match_indices(['|', '·', '•', '–', '—', ',', '-'])
        .filter(|(at, sign)| *sign != "-" || line[..*at].ends_with(' '))
        .find_map(|(at, sign)| {
            let (before, after) = (&line[..at], &line[at + sign.len()..]);
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
fn is_topic(name: &str, evidence: &Evidence, text: &str) -> bool {
    let named = ["section", "tag", "tags", "site"];
    let notes = named.iter().flat_map(|field| evidence.declared.of(field));
    let own = to_letters(name);
    if notes
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
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| small.iter().any(|small| small == word))
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
