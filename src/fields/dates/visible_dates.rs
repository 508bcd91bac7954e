//! Dates that readers see: marked elements and lines of text, with what the page says they are.

use std::sync::LazyLock;

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::byline_markup::{BylineMarkup, DATES};
use crate::evidence::date::{self, DateFormat, has_digit};
use crate::evidence::date_label::{self, DateLabel};
use crate::evidence::line::line_of;
use crate::evidence::surroundings::Surroundings;
use crate::fields::byline_context::{BylineContext, MarkedElement, Position, TextLine};
use crate::fields::dates::{DateClaims, DateField, priority};
use crate::fields::explain::Source;
use crate::fields::words_of;

/// Longest line that is a dateline, in bytes.
const MAX_LINE_BYTES: usize = 80;

/// Longest line that may be nothing but a date, in characters: "1. März 2026, 10.20 Uhr".
const MAX_DATE_CHARS: usize = 32;

/// Attributes in which elements that show "2 hours ago" may keep the date, as a tooltip.
static TOOLTIPS: LazyLock<Vec<&str>> = LazyLock::new(|| words_of("tooltip"));

impl DateClaims<'_> {
    /// A date in an element that is marked as one.
    pub(super) fn read_marked(&mut self, marked: MarkedElement) {
        let (source, priority) = match marked.kind {
            BylineMarkup::Time => ("time", priority::TIME),
            BylineMarkup::Dateline | BylineMarkup::Byline => ("dateline", priority::DATELINE),
            BylineMarkup::AuthorLink => return,
        };
        let priority = at_position(priority, marked.position);
        for (label, text) in labelled_texts(self.inputs.page, marked.node, self.format) {
            let priority = match (label, marked.position) {
                (Some(DateLabel::Published), Position::AboveBody) => priority::LABELLED,
                (Some(DateLabel::Published), Position::BelowBody) => priority::LABELLED_APART,
                _ => priority,
            };
            let source = Source::at(marked.node, source, priority);
            self.read_labelled(label, source, &text);
        }
    }

    /// Dates in margins and footers: only what they are called says that they are this story's.
    pub(super) fn read_margins(&mut self) {
        let context = &self.inputs.context;
        let dates = context.margin_dates.iter().map(|date| date.node);
        for node in dates.filter(|node| !context.is_of_another_story(*node)) {
            for (label, text) in labelled_texts(self.inputs.page, node, self.format) {
                if matches!(
                    label,
                    Some(DateLabel::First | DateLabel::Published | DateLabel::Updated)
                ) {
                    let source = Source::at(node, "margin", priority::LABELLED_APART);
                    self.read_labelled(label, source, &text);
                }
            }
        }
    }

    /// The dates beside that of the page's last change, wherever they stand: no other story was changed
    /// that day and says so in the same line.
    pub(super) fn read_beside_update(&mut self) {
        // Where the page names no change, there is nothing beside it.
        if self.modified.is_empty() {
            return;
        }
        for marked in self.inputs.context.dates_anywhere(BylineMarkup::Dateline) {
            let texts = labelled_texts(self.inputs.page, marked.node, self.format);
            let is_own = texts.iter().any(|(label, text)| {
                *label == Some(DateLabel::Updated)
                    && date::parse(text, self.format).is_some_and(|stamp| {
                        let mut changes = self.modified.iter();
                        changes.any(|change| change.stamp.date == stamp.date)
                    })
            });
            for (label, text) in texts.into_iter().filter(|_| is_own) {
                let source = Source::at(marked.node, "dateline", priority::ELSEWHERE);
                self.read_labelled(label, source, &text);
            }
        }
    }

    /// Dates that are marked as such by machine, wherever they stand.
    pub(super) fn read_time_anywhere(&mut self) {
        for marked in self.inputs.context.dates_anywhere(BylineMarkup::Time) {
            self.read_marked(marked);
        }
    }

    /// Short lines near the headline that hold a date. Lines that may hold more than that are read only
    /// where nothing better speaks.
    pub(super) fn read_lines(&mut self, position: Position) {
        let context = &self.inputs.context;
        let is_silent = self.published.is_empty();
        let priority = at_position(priority::TEXT, position);
        let mut pending = None;
        for line in context.lines_at(position) {
            if line.text.len() > MAX_LINE_BYTES {
                pending = None;
                continue;
            }
            for (label, text) in date_label::split_at_labels(&line.text) {
                let label = label.or(pending);
                let is_alone = label.is_some() || text.chars().count() <= MAX_DATE_CHARS;
                // Above the body, a story's own data may stand beside it.
                let is_own = !context.is_in_body(line.node) || is_of_this_story(context, line.node);
                if (is_silent || is_alone) && is_own {
                    let source = Source::at(line.node, "text near the headline", priority);
                    self.read_line(label, source, text);
                }
            }
            pending = date_label::first_in(&line.text);
        }
    }

    /// Lines below the body that say what their date is.
    pub(super) fn read_labelled_below_body(&mut self) {
        let context = &self.inputs.context;
        let lines = context.lines_below.iter();
        let lines = lines.map(|line| (line.node, line.text.as_str()));
        for (label, text, node) in labelled_lines(context, lines) {
            let source = Source::at(node, "text below the body", priority::LABELLED_APART);
            self.read_line(Some(label), source, text);
        }
    }

    /// The one date below the body that stands in a line of its own, where there is one only.
    pub(super) fn read_only_line_below_body(&mut self) {
        let context = &self.inputs.context;
        let is_date = |line: &&TextLine| {
            line.text.chars().count() <= MAX_DATE_CHARS
                && date_label::first_in(&line.text).is_none()
                && date::parse(&line.text, self.format).is_some()
                && is_of_this_story(context, line.node)
        };
        let mut dates = context.lines_below.iter().filter(is_date);
        if let (Some(line), None) = (dates.next(), dates.next()) {
            let source = Source::at(line.node, "text below the body", priority::BELOW);
            self.read_line(None, source, &line.text);
        }
    }

    /// The first line anywhere behind the headline that says it is the date of publication, and the
    /// first that says it is the date of a change.
    pub(super) fn read_labelled_anywhere(&mut self) {
        let (page, context) = (self.inputs.page, &self.inputs.context);
        let lines = page.nodes().filter_map(|(id, node)| match &node.data {
            NodeData::Text(text)
                if text.len() <= 2 * MAX_LINE_BYTES
                    && context.is_after_heading(id)
                    && !page.tag(node.parent).is_raw_text() =>
            {
                let text = text.trim();
                (!text.is_empty() && text.len() <= MAX_LINE_BYTES).then_some((id, text))
            }
            _ => None,
        });
        for (label, text, node) in labelled_lines(context, lines) {
            if field_of(Some(label)).is_some_and(|field| self.claims(field).is_empty()) {
                let source = Source::at(node, "text", priority::ELSEWHERE);
                self.read_line(Some(label), source, text);
            }
        }
    }

    /// "2 hours ago" near the headline, where it is known when the page was fetched.
    pub(super) fn read_relative(&mut self) {
        let Some(fetched) = self.inputs.options.fetched else {
            return;
        };
        let page = self.inputs.page;
        let date = self.inputs.context.lines.iter().find_map(|line| {
            let is_date = line.text.len() <= MAX_LINE_BYTES
                && page.tag(page.node(line.node).parent) != Tag::A
                && date_label::first_in(&line.text) != Some(DateLabel::Updated);
            let stamp = || date::parse_relative(&line.text, self.format, fetched);
            is_date.then(stamp)?.map(|stamp| (line.node, stamp))
        });
        if let Some((node, stamp)) = date {
            let source = Source::at(node, "relative date", priority::RELATIVE);
            self.add(DateField::Published, source, stamp);
        }
    }

    /// Reads the date in a line of text for the field its label says.
    fn read_line(&mut self, label: Option<DateLabel>, source: Source, text: &str) {
        if has_digit(text) {
            self.read_labelled(label, source, text);
        }
    }

    /// Reads a date for the field its label says.
    fn read_labelled(&mut self, label: Option<DateLabel>, source: Source, text: &str) {
        let priority = match label {
            Some(DateLabel::First) => priority::FIRST,
            _ => source.priority,
        };
        if let Some(field) = field_of(label) {
            self.read(field, Source { priority, ..source }, text);
        }
    }
}

/// The field that a date with this label is for; none where it is the date of something else.
fn field_of(label: Option<DateLabel>) -> Option<DateField> {
    match label {
        Some(DateLabel::Other) => None,
        Some(DateLabel::Updated) => Some(DateField::Modified),
        Some(DateLabel::First | DateLabel::Published) | None => Some(DateField::Published),
    }
}

fn at_position(priority: u32, position: Position) -> u32 {
    match position {
        Position::AboveBody => priority,
        Position::InBody => priority::IN_BODY,
        Position::BelowBody => priority::BELOW,
        Position::Elsewhere => priority::ELSEWHERE,
    }
}

/// Whether a node stands in the story's own column and not among what is about other stories.
fn is_of_this_story(context: &BylineContext, node: NodeId) -> bool {
    context.surroundings(node) == Surroundings::Story && !context.is_of_another_story(node)
}

/// The texts of an element that may be dates, each with what it is called.
fn labelled_texts(
    page: &Document,
    node: NodeId,
    format: DateFormat,
) -> Vec<(Option<DateLabel>, String)> {
    let attribute = |name: &&str| page.attribute(node, name);
    let given = DATES
        .iter()
        .find_map(attribute)
        .filter(|value| !value.trim().is_empty())
        .or_else(|| {
            let mut tooltips = TOOLTIPS.iter().filter_map(attribute);
            tooltips.find(|text| has_digit(text) && date::parse(text, format).is_some())
        });
    let line = line_of(page, node);
    let around = date_label::of_element(page, node);
    let parts = match given {
        Some(value) => vec![(date_label::first_in(&line), value)],
        None => date_label::split_at_labels(&line),
    };
    let parts = parts.into_iter();
    parts
        .map(|(label, text)| (label.or(around), text.to_owned()))
        .collect()
}

/// Most lines with a label that are looked at; a page with more is a list.
const MAX_LABELLED: usize = 50;

/// Parts of lines that say what their date is: in themselves, or in the line before.
fn labelled_lines<'a>(
    context: &BylineContext,
    lines: impl Iterator<Item = (NodeId, &'a str)>,
) -> Vec<(DateLabel, &'a str, NodeId)> {
    let mut parts = Vec::new();
    let mut before: Option<&str> = None;
    for (node, line) in lines {
        // Labels are looked for only where there is a date to be labelled.
        let last = before.replace(line);
        if line.len() > MAX_LINE_BYTES || !has_digit(line) {
            continue;
        }
        if parts.len() >= MAX_LABELLED {
            break;
        }
        let pending = last
            .filter(|last| last.len() <= MAX_LINE_BYTES && !has_digit(last))
            .and_then(date_label::first_in);
        for (label, text) in date_label::split_at_labels(line) {
            if let Some(label) = label.or(pending)
                && has_digit(text)
                && context.surroundings(node) != Surroundings::Others
                && !context.is_of_another_story(node)
            {
                parts.push((label, text, node));
            }
        }
    }
    parts
}
