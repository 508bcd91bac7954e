//! Dates that readers see: marked elements and lines of text, with what the page says they are.

use jiff::Timestamp;

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::byline_markup::{BylineMarkup, DATES};
use crate::evidence::date::{self, DateFormat, has_digit};
use crate::evidence::date_label::{self, DateLabel};
use crate::evidence::line::line_of;
use crate::evidence::surroundings::Surroundings;
use crate::fields::byline_context::{Mark, Near, Run, Zone};
use crate::fields::dates::{Found, weight};

/// Longest line that is a dateline, in bytes.
const MAX_LINE_BYTES: usize = 80;

/// Letters a line may have beside its date to be nothing but a date: "1. März 2026, 10.20 Uhr".
const MAX_DATE_CHARS: usize = 32;

/// Attributes in which elements that show "2 hours ago" may keep the date, as a tooltip.
const TOOLTIPS: [&str; 5] = [
    "title",
    "data-tippy-content",
    "data-original-title",
    "data-tooltip",
    "aria-label",
];

/// A date in an element that is marked as one.
pub(crate) fn marked(page: &Document, mark: Mark, found: &mut Found) {
    let (source, weight) = match mark.kind {
        BylineMarkup::Time => ("time", weight::TIME),
        BylineMarkup::Dateline | BylineMarkup::Byline => ("dateline", weight::DATELINE),
        BylineMarkup::AuthorLink => return,
    };
    let weight = in_zone(weight, mark.zone);
    for (label, text) in said(page, mark.node, found.habit) {
        found.labelled(label, source, &text, mark.node, mark.zone, weight);
    }
}

/// A date in a margin or footer: only what it is called says that it is this story's.
pub(crate) fn in_margin(page: &Document, mark: Mark, found: &mut Found) {
    for (label, text) in said(page, mark.node, found.habit) {
        if matches!(
            label,
            Some(DateLabel::First | DateLabel::Published | DateLabel::Updated)
        ) {
            let weight = weight::LABELLED_APART;
            found.labelled(label, "margin", &text, mark.node, Zone::Below, weight);
        }
    }
}

/// A date beside that of the page's last change, wherever it stands: no other story was changed
/// that day and says so in the same line.
pub(crate) fn beside_update(page: &Document, mark: Mark, found: &mut Found) {
    let parts = said(page, mark.node, found.habit);
    let is_own = parts.iter().any(|(label, text)| {
        *label == Some(DateLabel::Updated)
            && date::parse(text, found.habit).is_some_and(|stamp| {
                let mut changes = found.dates.iter().filter(|d| d.field == "modified");
                changes.any(|change| change.stamp.date == stamp.date)
            })
    });
    if is_own {
        for (label, text) in parts {
            let weight = weight::ELSEWHERE;
            found.labelled(label, "dateline", &text, mark.node, mark.zone, weight);
        }
    }
}

fn in_zone(weight: u32, zone: Zone) -> u32 {
    match zone {
        Zone::Head => weight,
        Zone::Body => weight::IN_BODY,
        Zone::Below => weight::BELOW,
        Zone::Elsewhere => weight::ELSEWHERE,
    }
}

/// The texts of an element that may be dates, each with what it is called.
fn said(page: &Document, node: NodeId, habit: DateFormat) -> Vec<(Option<DateLabel>, String)> {
    let element = page.element(node);
    let attribute = |name: &&str| element.and_then(|e| e.attribute(name));
    let given = DATES
        .iter()
        .find_map(attribute)
        .filter(|value| !value.trim().is_empty())
        .or_else(|| {
            let mut tooltips = TOOLTIPS.iter().filter_map(attribute);
            tooltips.find(|text| has_digit(text) && date::parse(text, habit).is_some())
        });
    let line = line_of(page, node);
    let around = date_label::of_element(page, node);
    let parts = match given {
        Some(value) => vec![(date_label::first_in(&line), value)],
        None => date_label::split_at_labels(&line),
    };
    parts
        .into_iter()
        .map(|(label, text)| (label.or(around), text.to_owned()))
        .collect()
}

/// Short lines near the headline that hold a date. Lines that may hold more than that are read only
/// where nothing better speaks.
pub(crate) fn lines(
    page: &Document,
    near: &Near,
    zone: Zone,
    own_path: Option<&str>,
    found: &mut Found,
) {
    let silent = !found.has("published");
    let weight = in_zone(weight::TEXT, zone);
    let mut pending = None;
    for run in near.runs.iter().filter(|run| run.zone == zone) {
        if run.text.len() > MAX_LINE_BYTES {
            pending = None;
            continue;
        }
        for (label, text) in date_label::split_at_labels(&run.text) {
            let label = label.or(pending);
            let alone = label.is_some() || text.chars().count() <= MAX_DATE_CHARS;
            // Above the body, a story's own data may stand beside it.
            let own = !near.in_body(run.node)
                || (near.surroundings(page, run.node) == Surroundings::Story
                    && !near.is_anothers(page, run.node, own_path));
            if (silent || alone) && own {
                found.line(label, "text near the headline", text, run.node, weight);
            }
        }
        pending = date_label::first_in(&run.text);
    }
}

/// Lines below the body that say what their date is.
pub(crate) fn closing(page: &Document, near: &Near, own_path: Option<&str>, found: &mut Found) {
    let runs = near.closing.iter().map(|run| (run.node, run.text.as_str()));
    for (label, text, node) in labelled(page, near, own_path, runs) {
        let weight = weight::LABELLED_APART;
        found.line(Some(label), "text below the body", text, node, weight);
    }
}

/// The one date below the body that stands in a line of its own, where there is one only.
pub(crate) fn lone(page: &Document, near: &Near, own_path: Option<&str>, found: &mut Found) {
    let is_lone = |run: &&Run| {
        run.text.chars().count() <= MAX_DATE_CHARS
            && date_label::first_in(&run.text).is_none()
            && date::parse(&run.text, found.habit).is_some()
            && near.surroundings(page, run.node) == Surroundings::Story
            && !near.is_anothers(page, run.node, own_path)
    };
    let mut runs = near.closing.iter().filter(is_lone);
    if let (Some(run), None) = (runs.next(), runs.next()) {
        found.line(
            None,
            "text below the body",
            &run.text,
            run.node,
            weight::BELOW,
        );
    }
}

/// The first line anywhere behind the headline that says it is the date of publication, and the
/// first that says it is the date of a change.
pub(crate) fn anywhere(page: &Document, near: &Near, own_path: Option<&str>, found: &mut Found) {
    let runs = page.nodes().filter_map(|(id, node)| match &node.data {
        NodeData::Text(text)
            if text.len() <= 2 * MAX_LINE_BYTES
                && near.is_after_heading(id)
                && !page.tag(node.parent).is_raw_text() =>
        {
            let text = text.trim();
            (!text.is_empty() && text.len() <= MAX_LINE_BYTES).then_some((id, text))
        }
        _ => None,
    });
    for (label, text, node) in labelled(page, near, own_path, runs) {
        let field = match label {
            DateLabel::Updated => "modified",
            _ => "published",
        };
        if !found.has(field) {
            found.line(Some(label), "text", text, node, weight::ELSEWHERE);
        }
    }
}

/// Most lines with a label that are looked at; a page with more is a list.
const MAX_LABELLED: usize = 50;

/// Parts of lines that say what their date is: in themselves, or in the line before.
fn labelled<'a>(
    page: &Document,
    near: &Near,
    own_path: Option<&str>,
    runs: impl Iterator<Item = (NodeId, &'a str)>,
) -> Vec<(DateLabel, &'a str, NodeId)> {
    let mut parts = Vec::new();
    let mut before: Option<&str> = None;
    for (node, line) in runs {
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
                && near.surroundings(page, node) != Surroundings::Others
                && !near.is_anothers(page, node, own_path)
            {
                parts.push((label, text, node));
            }
        }
    }
    parts
}

impl Found<'_> {
    /// Notes a date readers see for the field its label says.
    fn labelled(
        &mut self,
        label: Option<DateLabel>,
        source: &'static str,
        text: &str,
        node: NodeId,
        zone: Zone,
        weight: u32,
    ) {
        let weight = match (label, zone) {
            (Some(DateLabel::First), _) => weight::FIRST,
            (Some(DateLabel::Published), Zone::Head) => weight::LABELLED,
            (Some(DateLabel::Published), Zone::Below) => weight::LABELLED_APART,
            _ => weight,
        };
        self.by_label(label, source, text, node, weight);
    }

    /// Notes the date in a line for the field its label says.
    fn line(
        &mut self,
        label: Option<DateLabel>,
        source: &'static str,
        text: &str,
        node: NodeId,
        weight: u32,
    ) {
        if !has_digit(text) {
            return;
        }
        let weight = match label {
            Some(DateLabel::First) => weight::FIRST,
            _ => weight,
        };
        self.by_label(label, source, text, node, weight);
    }

    fn by_label(
        &mut self,
        label: Option<DateLabel>,
        source: &'static str,
        text: &str,
        node: NodeId,
        weight: u32,
    ) {
        let field = match label {
            Some(DateLabel::Other) => return,
            Some(DateLabel::Updated) => "modified",
            _ => "published",
        };
        self.read(field, source, text, Some(node), weight);
    }
}

/// "2 hours ago" near the headline.
pub(crate) fn relative(page: &Document, near: &Near, fetched: Timestamp, found: &mut Found) {
    for run in &near.runs {
        let up = page.node(run.node).parent;
        let plausible = run.text.len() <= MAX_LINE_BYTES && page.tag(up) != Tag::A;
        if plausible
            && date_label::first_in(&run.text) != Some(DateLabel::Updated)
            && let Some(stamp) = date::parse_relative(&run.text, found.habit, fetched)
        {
            found.add(
                "published",
                "relative date",
                stamp,
                Some(run.node),
                weight::RELATIVE,
            );
            return;
        }
    }
}
