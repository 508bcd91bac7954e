//! Lines at the edges of the body that are not the story: where a page breaks lines instead of
//! setting elements, headline, dek, byline and the first paragraph are one block.

use std::collections::VecDeque;

use super::Body;
use super::clean::Reason;
use crate::block::phrases;
use crate::metadata::{is_signed_by, signature};
use crate::record::{BlockKind, Explained, Kind, Record};

/// Lines of the body's front that are looked at: headline, dek, byline, date line.
const FRONT_LINES: usize = 4;

/// Lines of the body's end that are looked at: a row of buttons or two.
const END_LINES: usize = 2;

/// What was cut off.
#[derive(Debug, Default)]
pub(super) struct Trimmed {
    /// The lines.
    pub(super) removed: Vec<Explained>,
    /// Names in bylines among them.
    pub(super) signed_by: Vec<String>,
}

/// Takes byline and date line from the front of a story's body, the headline where it stands in one
/// block with more, and a row of prompts from its end. `record` holds the page's title, authors and
/// language.
pub(super) fn trim(body: &mut Body, record: &Record) -> Trimmed {
    if body.kind != Kind::Article {
        return Trimmed::default();
    }
    let mut trimmed = front(body, record);
    trimmed.removed.extend(end(body));
    let mut nodes = std::mem::take(&mut body.nodes).into_iter();
    body.blocks.retain(|block| {
        let node = nodes.next();
        let keeps = !block.text.is_empty();
        body.nodes.extend(node.filter(|_| keeps));
        keeps
    });
    trimmed
}

fn front(body: &mut Body, record: &Record) -> Trimmed {
    let title = record.title.as_deref().unwrap_or_default();
    let language = record.language.as_deref();
    let mut trimmed = Trimmed::default();
    let mut seen = 0;
    for block in &mut body.blocks {
        if block.kind == BlockKind::Caption {
            continue;
        }
        if seen >= FRONT_LINES || block.kind != BlockKind::Paragraph {
            break;
        }
        let lines: Vec<&str> = block.text.split('\n').collect();
        let has_more = lines.len() > 1;
        let mut kept = Vec::new();
        for line in lines {
            let reason = if seen >= FRONT_LINES {
                None
            } else if has_more && is_headline(line, title) {
                Some(Reason::Title)
            } else if (seen > 0 || record.authors.len() > 1) && is_signed_by(line, &record.authors)
            {
                // A first line with one name may be what made that the author's.
                Some(Reason::Byline)
            } else if let Some(names) = signature(line, language) {
                trimmed.signed_by.extend(names);
                Some(Reason::Byline)
            } else {
                None
            };
            seen += usize::from(!line.trim().is_empty());
            match reason {
                Some(reason) => trimmed.removed.push(of(line, reason)),
                None => kept.push(line),
            }
        }
        block.text = joined(&kept);
    }
    trimmed
}

fn end(body: &mut Body) -> Vec<Explained> {
    let mut removed = VecDeque::new();
    let last = body.blocks.last_mut();
    let Some(block) = last.filter(|block| block.kind == BlockKind::Paragraph) else {
        return Vec::new();
    };
    let mut lines: Vec<&str> = block.text.split('\n').collect();
    while let Some(last) = lines.last()
        && removed.len() < END_LINES
    {
        if !last.trim().is_empty() {
            let Some(prompt) = prompts(last) else { break };
            removed.push_front(of(last, Reason::Phrase(prompt.category.name())));
        }
        lines.pop();
    }
    if !removed.is_empty() {
        block.text = joined(&lines);
    }
    removed.into()
}

/// Whether a line is the page's title, or what stands in the title before the site's name.
fn is_headline(line: &str, title: &str) -> bool {
    let rest = title.strip_prefix(line.trim()).map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(SEPARATORS))
}

/// What stands between a headline and the site's name, and between prompts in a row.
pub(super) const SEPARATORS: [char; 6] = ['|', '-', '–', '—', '·', '•'];

/// The first phrase of a row of prompts and nothing else: "Print this article | Send to a friend".
fn prompts(line: &str) -> Option<phrases::Match> {
    let mut parts = line.split(SEPARATORS).map(str::trim);
    let first = phrases::of(parts.next()?, true)?;
    let mut rest = parts.peekable();
    rest.peek()?;
    rest.all(|part| phrases::of(part, true).is_some())
        .then_some(first)
}

fn joined(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}

fn of(line: &str, reason: Reason) -> Explained {
    Explained {
        text: line.to_owned(),
        reason: reason.to_string(),
        score: None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, extract};

    /// The body of a page that breaks its lines and has no elements, with these lines around.
    fn body(front: &str, end: &str) -> String {
        let story = "The white ferry came round the point at ten past seven on Thursday morning, and \
            the people who had been standing on the quay since before dawn began to clap.";
        let page = format!(
            "<title>Ferry returns - Lakeside Gazette</title><table><tr><td>{front}<br><br>{story}
            <br><br>{story} Nobody had told them to.<br><br>{end}</td></tr></table>"
        );
        let text = extract(&page, None, &Options::default()).record.text;
        text.replace(story, "…")
    }

    #[test]
    fn headline_byline_and_prompts_are_cut_off() {
        let story = "…\n\n… Nobody had told them to.";
        assert_eq!(body("", ""), story);
        for (front, end) in [
            (
                "Ferry returns<br>By HANA VELL, staff writer 12 June 2025",
                "",
            ),
            ("Ana Gil - 14 de octubre de 2026", ""),
            (
                "",
                "<a href=p>Print this article</a> | <a href=s>Send to a friend</a>",
            ),
        ] {
            assert_eq!(body(front, end), story, "{front}{end}");
        }
        let dek = "It was the first crossing of the lake since 2006.";
        let with_dek = body(&format!("{dek}<br>Ana Gil - 14 de octubre de 2026"), "");
        assert_eq!(with_dek, format!("{dek}\n\n{story}"));
    }

    #[test]
    fn what_is_cut_off_is_explained() {
        let page =
            "<h1>Rain</h1><p>Ana Gil - 3 de octubre de 2026<p>After ninety dry days it rained in
            the valley on Monday, and farmers stood in their yards to watch it fall on the fields.";
        let options = Options {
            explain: true,
            ..Options::default()
        };
        let record = extract(page, None, &options).record;
        assert!(record.text.starts_with("After ninety"), "{}", record.text);
        let line = record
            .removed
            .iter()
            .find(|cut| cut.text.starts_with("Ana"));
        assert!(line.is_some_and(|cut| cut.reason.contains("byline")));
    }
}
