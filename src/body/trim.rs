//! Lines at the edges of the body that are not the story: where a page breaks lines instead of
//! setting elements, headline, dek, byline and the first paragraph are one block.

use std::collections::VecDeque;

use crate::block::phrases;
use crate::body::Draft;
use crate::body::clean::Reason;
use crate::dedup::count_words;
use crate::evidence::signed_line::{is_signed_by, signature};
use crate::record::{BlockKind, Explained, Kind, Record};

/// Lines of the body's front that are looked at: headline, dek, byline, date line.
const FRONT_LINES: usize = 4;

/// Lines of the body's end that are looked at: a row of buttons or two.
const END_LINES: usize = 2;

/// What the page's fields say of a line at the front of its body.
#[derive(Debug, Clone, Copy)]
struct Front<'a> {
    title: &'a str,
    authors: &'a [String],
    language: Option<&'a str>,
}

/// Why a line is no part of the story.
enum Line {
    Headline,
    /// Names and nothing else.
    Authors,
    /// A byline or date line, with the names in it.
    Signature(Vec<String>),
}

impl Front<'_> {
    /// What a line is; none for one of the story. `before` counts the lines before it, `has_more` is
    /// whether its block has other lines.
    fn line(&self, line: &str, before: usize, has_more: bool) -> Option<Line> {
        if has_more && is_headline(line, self.title) {
            return Some(Line::Headline);
        }
        // A first line with one name may be what made that the author's.
        if (before > 0 || self.authors.len() > 1) && is_signed_by(line, self.authors) {
            return Some(Line::Authors);
        }
        signature(line, self.language).map(Line::Signature)
    }
}

impl Draft {
    /// The names in bylines among the first lines of a story.
    pub(crate) fn signed_by(&self, title: &str, language: Option<&str>) -> Vec<String> {
        let front = Front {
            title,
            authors: &[],
            language,
        };
        let mut names = Vec::new();
        for (line, before, has_more) in self.first_lines() {
            if let Some(Line::Signature(found)) = front.line(line, before, has_more) {
                names.extend(found);
            }
        }
        names
    }

    /// The lines at the front of a story, each with how many came before it and whether its block has
    /// others.
    fn first_lines(&self) -> impl Iterator<Item = (&str, usize, bool)> {
        let is_story = self.kind == Kind::Article;
        let texts = self
            .blocks
            .iter()
            .filter(move |block| is_story && block.kind != BlockKind::Caption)
            .take_while(|block| block.kind == BlockKind::Paragraph);
        let lines = texts.flat_map(|block| {
            let has_more = block.text.contains('\n');
            block.text.split('\n').map(move |line| (line, has_more))
        });
        let mut before = 0;
        lines
            .map(move |(line, has_more)| {
                let at = before;
                before += usize::from(!line.trim().is_empty());
                (line, at, has_more)
            })
            .take_while(|(_, before, _)| *before < FRONT_LINES)
    }

    /// The body as the record has it: without byline and date line at its front, the headline where it
    /// stands in one block with more, and a row of prompts at its end. What is cut off counts as removed.
    pub(crate) fn finish(mut self, record: &mut Record, explain: bool) {
        if self.kind == Kind::Article {
            let mut removed = front(&mut self, record);
            removed.extend(end(&mut self));
            self.blocks.retain(|block| !block.text.is_empty());
            if explain {
                self.removed.extend(removed);
            }
        }
        record.kind = self.kind;
        record.confidence = self.confidence;
        record.text = Record::join_blocks(&self.blocks);
        record.word_count = count_words(&record.text);
        record.blocks = self.blocks;
        record.kept = self.kept;
        record.removed = self.removed;
    }
}

/// Takes the lines from the front that the page's fields account for.
fn front(draft: &mut Draft, record: &Record) -> Vec<Explained> {
    let front = Front {
        title: record.title.as_deref().unwrap_or_default(),
        authors: &record.authors,
        language: record.language.as_deref(),
    };
    let mut removed = Vec::new();
    let mut seen = 0;
    for block in &mut draft.blocks {
        if block.kind == BlockKind::Caption {
            continue;
        }
        if seen >= FRONT_LINES || block.kind != BlockKind::Paragraph {
            break;
        }
        let has_more = block.text.contains('\n');
        let mut kept = Vec::new();
        for line in block.text.split('\n') {
            let found = (seen < FRONT_LINES)
                .then(|| front.line(line, seen, has_more))
                .flatten();
            seen += usize::from(!line.trim().is_empty());
            match found {
                Some(Line::Headline) => removed.push(of(line, Reason::Title)),
                Some(_) => removed.push(of(line, Reason::Byline)),
                None => kept.push(line),
            }
        }
        block.text = joined(&kept);
    }
    removed
}

fn end(draft: &mut Draft) -> Vec<Explained> {
    let mut removed = VecDeque::new();
    let last = draft.blocks.last_mut();
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
pub(crate) const SEPARATORS: [char; 6] = ['|', '-', '–', '—', '·', '•'];

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
    use crate::article::{Options, extract};

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
