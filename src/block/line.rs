//! The lines of a text between two block-level boundaries, and which of them are one block.

use super::inherit::Inherited;
use super::proportions::RUNNING_WORDS;
use super::scripts::{self, Script};
use super::text::{TextCollector, word_count};
use super::{Shape, edit_links, email, initials};
use crate::dom::{Document, Element, NodeId, Tag};

/// Bytes of the longest text that may be a letter with a sign that opens a quotation.
const MAX_INITIAL_BYTES: usize = 12;

/// A line that is being collected: the text between two line breaks.
#[derive(Default)]
pub(super) struct Line {
    pub(super) run: TextCollector,
    /// The first text of the line, and what it inherits.
    pub(super) first: Option<(NodeId, Inherited)>,
    pub(super) link_chars: usize,
    /// Those of them in links that lead to another page.
    onward_chars: usize,
    pub(super) links: usize,
    pub(super) images: usize,
    pub(super) has_plain_text: bool,
    pub(super) hidden_emails: Vec<NodeId>,
    /// Whether an inline element has just ended, and the link if one has.
    closed: bool,
    closed_link: Option<NodeId>,
    scripts: Vec<Script>,
    open_script: Option<(NodeId, usize)>,
    initial: Option<Initial>,
}

/// A letter that may be the first of the word behind it.
struct Initial {
    /// The letter of an image; none for one that is text of the line.
    image: Option<String>,
    /// Whether it is marked as drawn large.
    is_marked: bool,
    /// Whether white space stands behind it.
    is_spaced: bool,
}

impl Line {
    /// Whether the line has no text yet.
    pub(super) fn is_empty(&self) -> bool {
        self.run.text.is_empty()
    }

    /// Adds text of the page.
    pub(super) fn text(&mut self, page: &Document, id: NodeId, text: &str, context: &Inherited) {
        let before = self.run.chars;
        if !self.join_initial(page, text, context) {
            self.run.push(text, context.preformatted);
        }
        let added = self.run.chars - before;
        if added == 0 {
            return;
        }
        self.closed = false;
        self.closed_link = None;
        self.first.get_or_insert((id, *context));
        if context.link {
            self.link_chars += added;
        }
        if context.onward {
            self.onward_chars += added;
        }
        self.has_plain_text |= !context.bold;
    }

    /// Adds a word whose first letter stands before it; false if the text is no such word.
    fn join_initial(&mut self, page: &Document, text: &str, context: &Inherited) -> bool {
        let Some(initial) = self.initial.as_mut().filter(|_| !context.preformatted) else {
            return false;
        };
        let word = text.trim_start();
        initial.is_spaced |= word.len() < text.len();
        if word.is_empty() {
            return false;
        }
        let Some(initial) = self.initial.take() else {
            return false;
        };
        let letter = initial.image.as_deref().unwrap_or(&self.run.text);
        if !initials::goes_on(word) || initial.is_spaced && !initial.is_marked {
            return false;
        }
        let is_word = initial.is_spaced && initials::is_word(page, letter);
        if let Some(letter) = &initial.image {
            self.run.push(letter, context.preformatted);
        }
        self.run.close_up();
        if is_word {
            self.run.space();
        }
        self.run.push(word, context.preformatted);
        true
    }

    /// Notes something that is no text.
    pub(super) fn object(&mut self, element: &Element) {
        self.run.object();
        if matches!(element.tag, Tag::Img | Tag::AmpImg) {
            let letter = element.attribute("alt").and_then(initials::letter);
            self.initial = letter.map(|letter| Initial {
                image: Some(letter.to_owned()),
                is_marked: initials::is_marked(element),
                is_spaced: false,
            });
        }
    }

    /// Notes that an inline element begins.
    pub(super) fn enter(&mut self, page: &Document, id: NodeId, element: &Element) {
        let is_script = matches!(element.tag, Tag::Sub | Tag::Sup);
        if self.closed && !is_script {
            self.run.joint();
        }
        if is_script && self.open_script.is_none() {
            self.open_script = Some((id, self.run.text.len()));
        }
        let href = element.attribute("href");
        if element.tag == Tag::A && href.is_some() {
            self.links += 1;
            // Two links that touch in the markup stand apart on the screen; a word whose link was
            // cut in two leads to one place.
            let before = self.closed_link;
            if before.is_some_and(|before| page.attribute(before, "href") != href) {
                self.run.space();
            }
        }
        if matches!(element.tag, Tag::A | Tag::Span) && email::hidden_in(element).is_some() {
            self.hidden_emails.push(id);
        }
    }

    /// Notes that an inline element ends.
    pub(super) fn leave(&mut self, page: &Document, id: NodeId) {
        self.closed = true;
        let tag = page.tag(id);
        if tag == Tag::A {
            self.closed_link = Some(id);
        }
        if self.initial.is_none()
            && self.run.text.len() <= MAX_INITIAL_BYTES
            && initials::letter(&self.run.text).is_some()
            && page.element(id).is_some_and(initials::is_marked)
        {
            self.initial = Some(Initial {
                image: None,
                is_marked: true,
                is_spaced: self.run.ends_in_space(),
            });
        }
        if let Some((_, start)) = self.open_script.take_if(|(open, _)| *open == id) {
            self.scripts.push(Script {
                is_raised: tag == Tag::Sup,
                range: start..self.run.text.len(),
            });
        }
    }

    /// Writes the line as plain text has it, once it is whole.
    pub(super) fn finish(&mut self) {
        if !self.scripts.is_empty() {
            let written = scripts::write(&self.run.text, &self.scripts);
            self.scripts.clear();
            self.run.set_text(written);
        }
    }

    /// Drops the links to edit a section from its heading, which this is.
    pub(super) fn drop_edit_links(&mut self) {
        let own = edit_links::without_links(&self.run.text, self.link_chars);
        if own.len() == self.run.text.len() {
            return;
        }
        let (own, before) = (own.to_owned(), self.run.chars);
        self.run.set_text(own);
        // Brackets and bars are no part of the links, so that this leaves none of theirs.
        let dropped = before - self.run.chars;
        self.link_chars = self.link_chars.saturating_sub(dropped);
    }

    /// Puts the next line behind this one.
    fn append(&mut self, next: Self) {
        self.run.append(&next.run);
        self.link_chars += next.link_chars;
        self.onward_chars += next.onward_chars;
        self.links += next.links;
        self.images += next.images;
        self.has_plain_text |= next.has_plain_text;
        self.hidden_emails.extend(next.hidden_emails);
    }

    /// Whether most of the line leads to other pages. What is written out as an address is no such
    /// line: it belongs to the postal address, the event or the source that the lines around it name.
    fn is_link(&self) -> bool {
        let text = &self.run.text;
        let is_host = !text.contains(char::is_whitespace) && text.contains('.');
        let is_address = |word: &str| word.contains("://") || word.starts_with("www.");
        2 * self.onward_chars > self.run.chars
            && !is_host
            && !text.split_whitespace().any(is_address)
    }

    /// Whether the line is running text: long, or a sentence.
    fn is_running(&self) -> bool {
        super::ends_sentence(&self.run.text) || word_count(&self.run.text) >= RUNNING_WORDS
    }

    /// Whether the line begins inside a sentence.
    fn begins_inside(&self) -> bool {
        let start = self.run.text.chars().next();
        start.is_some_and(|c| c.is_lowercase() || matches!(c, ',' | ';' | ')'))
    }

    /// Whether the line is indented as the first of a paragraph is. Two ideographic spaces are nothing
    /// else in Chinese; one (Japanese) or spaces that do not break also lay out poems, and count where
    /// the line before ends as a sentence does.
    fn begins_paragraph(&self, before: &Self) -> bool {
        let indent = self.run.indent;
        indent.ideographic >= 2
            || (indent.ideographic == 1 || indent.unbroken >= 2)
                && super::ends_sentence(&before.run.text)
    }
}

/// The blocks that lines without a boundary between them are: runs of text, and each line that is
/// mostly links beside running text. Beside short lines, links are entries of the same list.
pub(super) fn blocks_of(page: &Document, mut lines: Vec<Line>) -> Vec<Line> {
    if lines.len() < 2 {
        return lines;
    }
    let has_story = lines
        .iter()
        .any(|line| !line.is_link() && line.is_running());
    let parts: Vec<bool> = (0..lines.len())
        .map(|at| has_story && is_part(page, &lines, at))
        .collect();
    let mut blocks: Vec<Line> = Vec::new();
    for (at, line) in lines.drain(..).enumerate() {
        let apart = at > 0 && (parts[at] || parts[at - 1]);
        match blocks.last_mut() {
            Some(block) if !apart && !line.begins_paragraph(block) => block.append(line),
            _ => blocks.push(line),
        }
    }
    blocks
}

/// Whether one of several lines is a block of its own: it is mostly links, goes on no sentence and
/// stands in a box that holds lines as they come, not in a paragraph.
fn is_part(page: &Document, lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let is_loose = line.first.is_some_and(|(_, context)| {
        context.shape == Shape::Paragraph
            && !matches!(page.tag(context.node), Tag::P | Tag::Address | Tag::Summary)
    });
    let goes_on = || lines.get(at + 1).is_some_and(Line::begins_inside);
    is_loose && line.is_link() && !line.begins_inside() && !goes_on()
}
