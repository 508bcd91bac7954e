//! Lines at either end of the body that are not the story: where a page breaks lines instead of
//! setting elements, headline, dek, byline and the first paragraph are one block.

use std::collections::VecDeque;

use crate::block::{Languages, phrases};
use crate::body::ChosenBody;
use crate::body::clean::RemovalReason;
use crate::body::explain::explained;
use crate::body::page_type::PageType;
use crate::body::switches::{Rule, Switches};
use crate::dedup::count_words;
use crate::evidence::byline_line::{byline_names, is_line_of};
use crate::evidence::separators::SEPARATORS;
use crate::record::{BlockKind, Explained, Kind, Record};

/// Lines of the body's front that are looked at: headline, dek, byline, date line.
const FRONT_LINES: usize = 4;

/// Lines of the body's end that are looked at: a row of buttons or two.
const END_LINES: usize = 2;

/// What the page's fields say of a line at the front of its body.
#[derive(Debug, Clone, Copy)]
struct KnownFields<'a> {
    title: &'a str,
    authors: &'a [String],
    language: Option<&'a str>,
    switches: Switches,
}

/// Why a line is no part of the story.
enum FrontLine {
    Headline,
    /// Names and nothing else.
    Authors,
    /// A byline or date line, with the names in it.
    Signed(Vec<String>),
}

impl KnownFields<'_> {
    /// What a line is; none for one of the story. `before` counts the lines before it, `has_more` is
    /// whether its block has other lines.
    fn line(&self, line: &str, before: usize, has_more: bool) -> Option<FrontLine> {
        let is_on = |rule| self.switches.on(rule);
        if has_more && is_headline(line, self.title) && is_on(Rule::FrontHeadline) {
            return Some(FrontLine::Headline);
        }
        if !is_on(Rule::FrontBylines) {
            return None;
        }
        // A first line with one name may be what made that the author's.
        if (before > 0 || self.authors.len() > 1) && is_line_of(line, self.authors) {
            return Some(FrontLine::Authors);
        }
        byline_names(line, self.language).map(FrontLine::Signed)
    }
}

impl ChosenBody {
    /// The names in bylines among the first lines of a story.
    pub(crate) fn signed_by(&self, title: &str, language: Option<&str>) -> Vec<String> {
        let known = KnownFields {
            title,
            authors: &[],
            language,
            // What a line says of the author is no matter of the body.
            switches: Switches::default(),
        };
        let mut names = Vec::new();
        for (line, before, has_more) in self.first_lines() {
            if let Some(FrontLine::Signed(found)) = known.line(line, before, has_more) {
                names.extend(found);
            }
        }
        names
    }

    /// The lines at the front of a story, each with how many came before it and whether its block has
    /// others.
    fn first_lines(&self) -> impl Iterator<Item = (&str, usize, bool)> {
        let is_story = self.page_type.kind == Kind::Article;
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

    /// Writes the body into the record: without byline and date line at its front, the headline where it
    /// stands in one block with more, and a row of prompts at its end. What is cut off counts as removed.
    /// Hands back what sort of page it is.
    pub(crate) fn finish(mut self, record: &mut Record, explain: bool) -> PageType {
        if self.page_type.kind == Kind::Article {
            let mut removed = cut_front(&mut self, record);
            if self.switches.on(Rule::EndPrompts) {
                let languages = Languages::of_tags(record.language.as_deref());
                removed.extend(cut_end(&mut self, languages));
            }
            self.blocks.retain(|block| !block.text.is_empty());
            if explain {
                self.removed.extend(removed);
            }
        }
        record.kind = self.page_type.kind;
        record.confidence = self.page_type.confidence;
        record.text = Record::join_blocks(&self.blocks);
        record.word_count = count_words(&record.text);
        record.blocks = self.blocks;
        record.kept = self.kept;
        record.removed = self.removed;
        self.page_type
    }
}

/// Takes the lines from the front that the page's fields account for.
fn cut_front(body: &mut ChosenBody, record: &Record) -> Vec<Explained> {
    let known = KnownFields {
        title: record.title.as_deref().unwrap_or_default(),
        authors: &record.authors,
        language: record.language.as_deref(),
        switches: body.switches,
    };
    let found: Vec<Option<FrontLine>> = body
        .first_lines()
        .map(|(line, before, has_more)| known.line(line, before, has_more))
        .collect();
    let mut found = found.into_iter();
    let mut removed = Vec::new();
    for block in &mut body.blocks {
        if block.kind == BlockKind::Caption {
            continue;
        }
        if found.len() == 0 {
            break;
        }
        let mut kept = Vec::new();
        for line in block.text.split('\n') {
            match found.next().flatten() {
                Some(FrontLine::Headline) => {
                    removed.push(explained(line, &RemovalReason::Title, None));
                }
                Some(_) => removed.push(explained(line, &RemovalReason::Byline, None)),
                None => kept.push(line),
            }
        }
        block.text = joined(&kept);
    }
    removed
}

/// Takes a row of prompts from the end.
fn cut_end(body: &mut ChosenBody, languages: Languages) -> Vec<Explained> {
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
            let Some(prompt) = prompts(last, languages) else {
                break;
            };
            let reason = RemovalReason::Phrase(prompt.category.name());
            removed.push_front(explained(last, &reason, None));
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
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(&SEPARATORS.prompts[..]))
}

/// The first phrase of a row of prompts and nothing else: "Print this article | Send to a friend".
fn prompts(line: &str, languages: Languages) -> Option<phrases::Match> {
    let mut parts = line.split(&SEPARATORS.prompts[..]).map(str::trim);
    let first = phrases::find(parts.next()?, true, languages)?;
    let mut rest = parts.peekable();
    rest.peek()?;
    rest.all(|part| phrases::find(part, true, languages).is_some())
        .then_some(first)
}

fn joined(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}
