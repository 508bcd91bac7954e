//! When it was published and changed: what speaks for it.

mod decide;
mod script;

pub(super) use decide::choose;

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::Evidence;
use super::date::{self, Habit, Stamp};
use super::label::{self, Label};
use super::near::{self, Kind, Mark, Near, Zone, line_of};
use crate::dom::{Document, NodeId, Tag};
use crate::extract::Options;

/// What one place says about a date.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    pub(super) field: &'static str,
    pub(super) source: &'static str,
    pub(super) stamp: Stamp,
    pub(super) node: Option<NodeId>,
    /// How far the source is believed; higher is more.
    weight: u32,
}

/// How far each kind of source is believed.
mod weight {
    pub(super) const JSON_LD: u32 = 100;
    pub(super) const META: u32 = 90;
    pub(super) const FEED: u32 = 80;
    /// A line a reader sees that says "first published".
    pub(super) const FIRST: u32 = 77;
    /// A line a reader sees that says "published".
    pub(super) const LABELLED: u32 = 75;
    pub(super) const TIME: u32 = 70;
    pub(super) const DATELINE: u32 = 65;
    pub(super) const TEXT: u32 = 55;
    pub(super) const OTHER_WORK: u32 = 50;
    pub(super) const ADDRESS: u32 = 45;
    pub(super) const SCRIPT: u32 = 42;
    pub(super) const IN_BODY: u32 = 38;
    pub(super) const BELOW: u32 = 35;
    pub(super) const ELSEWHERE: u32 = 30;
    pub(super) const RELATIVE: u32 = 20;
    pub(super) const UPDATE: u32 = 10;
}

/// Longest line that is a dateline, in bytes.
const MAX_LINE_BYTES: usize = 80;

/// Other works of the page whose dates are looked at.
const MAX_OTHER_WORKS: usize = 5;

/// All that speaks for a date, believed most first.
pub(super) fn candidates(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    options: &Options,
    language: Option<&str>,
) -> Vec<Dated> {
    let mut found = Found {
        habit: Habit {
            month_first: month_first(evidence, language),
            language: language
                .and_then(|tag| tag.split('-').next())
                .unwrap_or_default(),
        },
        latest: options
            .fetched
            .and_then(|fetched| fetched.checked_add(Span::new().hours(24)).ok()),
        day: evidence
            .url
            .as_ref()
            .and_then(|url| date::in_path(url.path())),
        dates: Vec::new(),
    };
    data(evidence, options, &mut found);
    for mark in &near.marks {
        marked(page, *mark, &mut found);
    }
    lines(page, near, Zone::Head, weight::TEXT, &mut found);
    // Reading the visible text errs most: only where nothing better speaks.
    if !found.has("published") {
        lines(page, near, Zone::Body, weight::IN_BODY, &mut found);
    }
    if let Some(day) = found.day {
        found.add(
            "published",
            "url",
            Stamp::of_day(day),
            None,
            weight::ADDRESS,
        );
    }
    if !found.has("published") {
        script::read(evidence, page, &mut found);
    }
    if !found.has("published") {
        for mark in near::dates_of(page) {
            marked(page, mark, &mut found);
        }
    }
    if let Some(fetched) = options.fetched.filter(|_| !found.has("published")) {
        relative(page, near, fetched, &mut found);
    }
    updates(&mut found);
    found.dates.sort_by_key(|d| std::cmp::Reverse(d.weight));
    found.dates
}

struct Found<'a> {
    habit: Habit<'a>,
    latest: Option<Timestamp>,
    /// The day in the page's address.
    day: Option<Date>,
    dates: Vec<Dated>,
}

impl Found<'_> {
    fn has(&self, field: &str) -> bool {
        self.dates.iter().any(|d| d.field == field)
    }

    fn add(
        &mut self,
        field: &'static str,
        source: &'static str,
        stamp: Stamp,
        node: Option<NodeId>,
        weight: u32,
    ) {
        // Never in the future beyond a day after the fetch.
        let believable = match (self.latest, stamp.instant()) {
            (Some(latest), Some(instant)) => instant <= latest,
            _ => stamp.date > Date::ZERO,
        };
        if believable {
            self.dates.push(Dated {
                field,
                source,
                stamp,
                node,
                weight,
            });
        }
    }

    fn read(
        &mut self,
        field: &'static str,
        source: &'static str,
        text: &str,
        node: Option<NodeId>,
        weight: u32,
    ) {
        if let Some(stamp) = self.parse(text) {
            self.add(field, source, stamp, node, weight);
        }
    }

    /// Reads a date; of "3/4/2026"'s two readings the one that the page says elsewhere too.
    fn parse(&self, text: &str) -> Option<Stamp> {
        let stamp = date::parse(text, self.habit)?;
        if stamp.date.day() > 12 {
            return Some(stamp);
        }
        let other = Habit {
            month_first: !self.habit.month_first,
            ..self.habit
        };
        let swapped = date::parse(text, other)?;
        let said =
            |date: Date| self.day == Some(date) || self.dates.iter().any(|d| d.stamp.date == date);
        let better = swapped.date != stamp.date && said(swapped.date) && !said(stamp.date);
        Some(if better { swapped } else { stamp })
    }
}

/// Dates in JSON-LD, metas, microdata and the feed.
fn data(evidence: &Evidence, options: &Options, found: &mut Found) {
    if let Some(article) = evidence.article() {
        for (field, value) in [
            ("published", &article.published),
            ("modified", &article.modified),
        ] {
            if let Some(text) = value {
                found.read(field, "json-ld", text, None, weight::JSON_LD);
            }
        }
    }
    for field in ["published", "modified"] {
        for (rank, note) in (0..).zip(evidence.notes.of(field)) {
            let weight = weight::META.saturating_sub(rank).max(weight::FEED + 1);
            found.read(field, note.source, &note.value, Some(note.node), weight);
        }
    }
    if let Some(published) = &options.hints.published {
        found.read("published", "feed", published, None, weight::FEED);
    }
    // Such as the WebPage beside its Article.
    let own = evidence.article().map(std::ptr::from_ref);
    for other in evidence
        .notes
        .linked
        .articles
        .iter()
        .filter(|a| !a.listed && Some(std::ptr::from_ref(*a)) != own)
        .take(MAX_OTHER_WORKS)
    {
        if let Some(text) = &other.published {
            found.read(
                "published",
                "json-ld of another work",
                text,
                None,
                weight::OTHER_WORK,
            );
        }
    }
}

/// A date a reader sees, with what the page says it is.
fn marked(page: &Document, mark: Mark, found: &mut Found) {
    let (source, mut weight) = match mark.kind {
        Kind::Time => ("time", weight::TIME),
        Kind::Dateline | Kind::Byline => ("dateline", weight::DATELINE),
        Kind::AuthorLink => return,
    };
    weight = match mark.zone {
        Zone::Head => weight,
        Zone::Body => weight::IN_BODY,
        Zone::Below => weight::BELOW,
        Zone::Elsewhere => weight::ELSEWHERE,
    };
    let element = page.element(mark.node);
    let given = [
        "datetime",
        "data-datetime",
        "data-timestamp",
        "data-published",
        "ts",
        "created-timestamp",
    ]
    .iter()
    .find_map(|name| element.and_then(|e| e.attribute(name)))
    .filter(|value| !value.trim().is_empty());
    let line = line_of(page, mark.node);
    let around = label::around(page, mark.node);
    let parts = match given {
        Some(value) => vec![(label::first(&line), value)],
        None => label::parts(&line),
    };
    for (label, text) in parts {
        let weight = match label.or(around) {
            Some(Label::Updated) => {
                found.read("modified", source, text, Some(mark.node), weight);
                continue;
            }
            Some(Label::Other) => continue,
            Some(Label::First) => weight::FIRST,
            Some(Label::Published) if mark.zone == Zone::Head => weight::LABELLED,
            _ => weight,
        };
        found.read("published", source, text, Some(mark.node), weight);
    }
}

/// Letters a line may have beside its date to be nothing but a date: "1. März 2026, 10.20 Uhr".
const MAX_DATE_CHARS: usize = 32;

/// Short lines near the headline that hold a date. Lines that may hold more than that are read only
/// where nothing better speaks.
fn lines(page: &Document, near: &Near, zone: Zone, weight: u32, found: &mut Found) {
    let silent = !found.has("published");
    let mut pending = None;
    for run in near.runs.iter().filter(|run| run.zone == zone) {
        if run.text.len() > MAX_LINE_BYTES {
            pending = None;
            continue;
        }
        for (label, text) in label::parts(&run.text) {
            let label = label.or(pending);
            let (field, weight) = match label {
                Some(Label::Updated) => ("modified", weight),
                Some(Label::Other) => continue,
                Some(Label::First) => ("published", weight::FIRST),
                _ => ("published", weight),
            };
            let alone = label.is_some() || text.chars().count() <= MAX_DATE_CHARS;
            // Above the body, a story's own data may stand beside it.
            let own = !near.in_body(run.node) || !near::is_aside(page, run.node);
            if (silent || alone) && has_digit(text) && own {
                found.read(
                    field,
                    "text near the headline",
                    text,
                    Some(run.node),
                    weight,
                );
            }
        }
        pending = label::first(&run.text);
    }
}

/// Whether a text may hold a date.
fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// "2 hours ago" near the headline.
fn relative(page: &Document, near: &Near, fetched: Timestamp, found: &mut Found) {
    for run in &near.runs {
        let up = page.node(run.node).parent;
        let plausible = run.text.len() <= MAX_LINE_BYTES && page.tag(up) != Tag::A;
        if plausible
            && label::first(&run.text) != Some(Label::Updated)
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

/// Where a page only says when it was changed, that is the one date it has: an article that was
/// there then is not younger.
fn updates(found: &mut Found) {
    let best = found
        .dates
        .iter()
        .filter(|d| d.field == "modified")
        .max_by_key(|d| d.weight)
        .cloned();
    if let Some(update) = best {
        found.dates.push(Dated {
            field: "published",
            source: "date of the update",
            weight: weight::UPDATE,
            ..update
        });
    }
}

/// Whether `3/4/2026` is the fourth of March on this page (CLDR: en-US, en-PH; fil).
fn month_first(evidence: &Evidence, language: Option<&str>) -> bool {
    let british = evidence.notes.of("language").iter().any(|f| {
        let tag = f.value.to_ascii_lowercase().replace('_', "-");
        tag.starts_with("en-") && !matches!(tag.as_str(), "en-us" | "en-ph")
    });
    let suffix = evidence
        .url
        .as_ref()
        .and_then(|u| u.host_str())
        .and_then(|h| h.rsplit('.').next());
    language.is_some_and(|l| l.starts_with("en"))
        && !british
        && !suffix.is_some_and(|s| matches!(s, "uk" | "au" | "nz" | "ie" | "in" | "za" | "sg"))
}
