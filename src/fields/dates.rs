//! When it was published and changed: what speaks for it.

mod decide;
mod script;
mod visible;

pub(crate) use decide::choose;

use std::cell::OnceCell;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use url::Url;

use crate::dom::{Document, NodeId};
use crate::evidence::Evidence;
use crate::evidence::byline_markup::BylineMarkup;
use crate::evidence::date::{self, DateFormat, Order, Stamp};
use crate::fields::byline_context::{self, Near, Zone};
use crate::record;

/// What one place says about a date.
#[derive(Debug, Clone)]
pub(crate) struct Dated {
    pub(crate) field: &'static str,
    pub(crate) source: &'static str,
    pub(crate) stamp: Stamp,
    pub(crate) node: Option<NodeId>,
    /// How far the source is believed; higher is more.
    weight: u32,
}

/// How far each kind of source is believed.
mod weight {
    pub(crate) const JSON_LD: u32 = 100;
    pub(crate) const META: u32 = 90;
    pub(crate) const FEED: u32 = 80;
    /// A line a reader sees that says "first published".
    pub(crate) const FIRST: u32 = 77;
    /// A line a reader sees that says "published".
    pub(crate) const LABELLED: u32 = 75;
    pub(crate) const TIME: u32 = 70;
    pub(crate) const DATELINE: u32 = 65;
    pub(crate) const TEXT: u32 = 55;
    pub(crate) const OTHER_WORK: u32 = 50;
    pub(crate) const ADDRESS: u32 = 45;
    /// A line that says "published", in a margin or below the body.
    pub(crate) const LABELLED_APART: u32 = 44;
    pub(crate) const SCRIPT: u32 = 42;
    pub(crate) const IN_BODY: u32 = 38;
    pub(crate) const BELOW: u32 = 35;
    pub(crate) const ELSEWHERE: u32 = 30;
    pub(crate) const RELATIVE: u32 = 20;
    pub(crate) const UPDATE: u32 = 10;
}

/// Other works of the page whose dates are looked at.
const MAX_OTHER_WORKS: usize = 5;

/// All that speaks for a date, believed most first. The dates that readers see on a list are its
/// entries', but for those in a margin.
pub(crate) fn candidates(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    fetched: Option<Timestamp>,
    language: Option<&str>,
    kind: record::Kind,
) -> Vec<Dated> {
    let mut found = Found {
        habit: DateFormat {
            order: order(evidence, language),
            language: language
                .and_then(|tag| tag.split('-').next())
                .unwrap_or_default(),
        },
        latest: fetched.and_then(|fetched| fetched.checked_add(Span::new().hours(24)).ok()),
        day: evidence
            .url
            .as_ref()
            .and_then(|url| date::in_path(url.path())),
        page,
        stated: OnceCell::new(),
        dates: Vec::new(),
    };
    data(evidence, &mut found);
    if kind == record::Kind::Listing {
        margins(evidence, page, near, &mut found);
        address(&mut found);
    } else {
        shown(evidence, page, near, fetched, kind, &mut found);
    }
    updates(&mut found);
    found.dates.sort_by_key(|d| std::cmp::Reverse(d.weight));
    found.dates
}

/// Dates beside the story that say what they are.
fn margins(evidence: &Evidence, page: &Document, near: &Near, found: &mut Found) {
    let own_path = evidence.url.as_ref().map(Url::path);
    for mark in &near.margins {
        if !near.is_anothers(page, mark.node, own_path) {
            visible::in_margin(page, *mark, found);
        }
    }
}

/// The day in the page's address.
fn address(found: &mut Found) {
    if let Some(day) = found.day {
        let stamp = Stamp::of_day(day);
        found.add("published", "url", stamp, None, weight::ADDRESS);
    }
}

/// Dates that readers see, and those in the address and the page's scripts.
fn shown(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    fetched: Option<Timestamp>,
    kind: record::Kind,
    found: &mut Found,
) {
    let own_path = evidence.url.as_ref().map(Url::path);
    for mark in &near.marks {
        if mark.zone == Zone::Head || !near.is_anothers(page, mark.node, own_path) {
            visible::marked(page, *mark, found);
        }
    }
    visible::lines(page, near, Zone::Head, own_path, found);
    margins(evidence, page, near, found);
    visible::closing(page, near, own_path, found);
    // Reading the visible text errs most: only where nothing better speaks.
    if !found.has("published") {
        visible::lines(page, near, Zone::Body, own_path, found);
    }
    address(found);
    if !found.has("published") {
        // Shops and offices keep large states and publish nothing.
        let is_published = matches!(kind, record::Kind::Article | record::Kind::Forum);
        script::read(evidence, page, is_published, found);
    }
    if !found.has("published") {
        visible::anywhere(page, near, own_path, found);
    }
    if !found.has("published") {
        visible::lone(page, near, own_path, found);
    }
    // Where the page names no change, there is nothing beside it.
    if !found.has("published") && found.has("modified") {
        for mark in byline_context::dates_of(page, near, BylineMarkup::Dateline, own_path) {
            visible::beside_update(page, mark, found);
        }
    }
    if !found.has("published") {
        for mark in byline_context::dates_of(page, near, BylineMarkup::Time, own_path) {
            visible::marked(page, mark, found);
        }
    }
    if let Some(fetched) = fetched.filter(|_| !found.has("published")) {
        visible::relative(page, near, fetched, found);
    }
}

struct Found<'a> {
    habit: DateFormat<'a>,
    latest: Option<Timestamp>,
    /// The day in the page's address.
    day: Option<Date>,
    page: &'a Document,
    /// Days that elements anywhere on the page state by machine; read only where a date's order
    /// is in doubt.
    stated: OnceCell<Vec<Date>>,
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
        let read = |order| {
            date::parse(
                text,
                DateFormat {
                    order,
                    ..self.habit
                },
            )
        };
        let mut readings = [Order::DayFirst, Order::MonthFirstAlways].into_iter();
        let Some(swapped) = readings.find_map(|o| read(o).filter(|s| s.date != stamp.date)) else {
            return Some(stamp);
        };
        let noted =
            |date: Date| self.day == Some(date) || self.dates.iter().any(|d| d.stamp.date == date);
        let stated = self.stated.get_or_init(|| stated(self.page));
        let said = |date: Date| noted(date) || stated.contains(&date);
        let better = said(swapped.date) && !said(stamp.date);
        Some(if better { swapped } else { stamp })
    }
}

/// The days in `datetime` attributes that begin with the year.
fn stated(page: &Document) -> Vec<Date> {
    page.elements()
        .filter_map(|(_, element)| element.attribute("datetime"))
        .filter_map(|value| value.trim().get(..10)?.parse().ok())
        .take(MAX_STATED)
        .collect()
}

/// Most dates that are looked at to tell the order of day and month.
const MAX_STATED: usize = 100;

/// Dates in JSON-LD, metas, microdata and the feed.
fn data(evidence: &Evidence, found: &mut Found) {
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
        for (rank, note) in (0..).zip(evidence.declared.of(field)) {
            let weight = weight::META.saturating_sub(rank).max(weight::FEED + 1);
            found.read(field, note.source, &note.value, Some(note.node), weight);
        }
    }
    if let Some(published) = &evidence.hints.published {
        found.read("published", "feed", published, None, weight::FEED);
    }
    // Such as the WebPage beside its Article.
    let own = evidence.article().map(std::ptr::from_ref);
    for other in evidence
        .declared
        .json_ld
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

/// Which number is the month on this page (CLDR: the first in en-US, en-PH and fil).
fn order(evidence: &Evidence, language: Option<&str>) -> Order {
    let british = evidence.declared.of("language").iter().any(|f| {
        let tag = f.value.to_ascii_lowercase().replace('_', "-");
        tag.starts_with("en-") && !matches!(tag.as_str(), "en-us" | "en-ph")
    });
    let suffix = evidence
        .url
        .as_ref()
        .and_then(|u| u.host_str())
        .and_then(|h| h.rsplit('.').next());
    let first = language.is_some_and(|l| l.starts_with("en"))
        && !british
        && !suffix.is_some_and(|s| matches!(s, "uk" | "au" | "nz" | "ie" | "in" | "za" | "sg"));
    if first {
        Order::MonthFirst
    } else {
        Order::DayFirst
    }
}
