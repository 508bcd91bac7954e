//! When the page was published and last changed: the claims for either date.

mod choice;
mod script_dates;
mod visible_dates;

use std::cell::OnceCell;

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::dom::Document;
use crate::evidence::Evidence;
use crate::evidence::date::{self, DateFormat, Order, Stamp};
use crate::evidence::jsonld::Article;
use crate::fields::Inputs;
use crate::fields::byline_context::Position;
use crate::fields::explain::{Decision, Source};
use crate::record;

/// What one place says about a date.
#[derive(Debug, Clone)]
struct DateClaim {
    source: Source,
    stamp: Stamp,
}

/// Which of a record's dates one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateField {
    Published,
    Modified,
}

/// How much each kind of source is believed.
mod priority {
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
    /// A line that says "published", in a margin or below the body.
    pub(super) const LABELLED_APART: u32 = 44;
    pub(super) const SCRIPT: u32 = 42;
    pub(super) const IN_BODY: u32 = 38;
    pub(super) const BELOW: u32 = 35;
    pub(super) const ELSEWHERE: u32 = 30;
    pub(super) const RELATIVE: u32 = 20;
    pub(super) const UPDATE: u32 = 10;
}

/// When the page, whose text is in `language`, was published and when it was last changed. The dates that
/// readers see on a listing are its entries', except those in a margin.
pub(crate) fn decide(
    inputs: &Inputs,
    language: Option<&str>,
) -> (Decision<Option<String>>, Decision<Option<String>>) {
    let mut found = DateClaims::new(inputs, language);
    found.read_data();
    if inputs.kind == record::Kind::Listing {
        found.read_margins();
        found.read_address();
    } else {
        found.read_visible();
    }
    found.add_update();
    for claims in [&mut found.published, &mut found.modified] {
        claims.sort_by_key(|claim| std::cmp::Reverse(claim.source.priority));
    }
    let published = choice::published(&found.published, &found.modified);
    (published, choice::decide(&found.modified, None))
}

/// The claims for both dates as they are found.
struct DateClaims<'a> {
    inputs: &'a Inputs<'a>,
    format: DateFormat<'a>,
    /// The last instant that is believed.
    latest: Option<Timestamp>,
    /// The day in the page's address.
    day: Option<Date>,
    /// Days in `datetime` attributes anywhere on the page; read only where the order of a date's numbers is
    /// in doubt.
    machine_days: OnceCell<Vec<Date>>,
    published: Vec<DateClaim>,
    modified: Vec<DateClaim>,
}

/// Other works of the page whose dates are looked at.
const MAX_OTHER_WORKS: usize = 5;

impl<'a> DateClaims<'a> {
    fn new(inputs: &'a Inputs<'a>, language: Option<&'a str>) -> Self {
        let fetched = inputs.options.fetched;
        let url = inputs.evidence.url.as_ref();
        let primary = language.and_then(|tag| tag.split('-').next());
        Self {
            inputs,
            format: DateFormat {
                order: order(inputs.evidence, language),
                language: primary.unwrap_or_default(),
            },
            latest: fetched.and_then(|fetched| fetched.checked_add(Span::new().hours(24)).ok()),
            day: url.and_then(|url| date::in_path(url.path())),
            machine_days: OnceCell::new(),
            published: Vec::new(),
            modified: Vec::new(),
        }
    }

    fn claims(&mut self, field: DateField) -> &mut Vec<DateClaim> {
        match field {
            DateField::Published => &mut self.published,
            DateField::Modified => &mut self.modified,
        }
    }

    /// Adds a date, unless it lies in the future beyond a day after the fetch.
    fn add(&mut self, field: DateField, source: Source, stamp: Stamp) {
        let is_believable = match (self.latest, stamp.instant()) {
            (Some(latest), Some(instant)) => instant <= latest,
            _ => stamp.date > Date::ZERO,
        };
        if is_believable {
            self.claims(field).push(DateClaim { source, stamp });
        }
    }

    /// Adds the date that a text holds.
    fn read(&mut self, field: DateField, source: Source, text: &str) {
        if let Some(stamp) = self.parse(text) {
            self.add(field, source, stamp);
        }
    }

    /// Reads a date; of "3/4/2026"'s two readings the one that the page says elsewhere too.
    fn parse(&self, text: &str) -> Option<Stamp> {
        let format = self.format;
        let stamp = date::parse(text, format)?;
        if stamp.date.day() > 12 {
            return Some(stamp);
        }
        let read = |order| date::parse(text, DateFormat { order, ..format });
        let mut readings = [Order::DayFirst, Order::MonthFirstAlways].into_iter();
        let Some(swapped) = readings.find_map(|o| read(o).filter(|s| s.date != stamp.date)) else {
            return Some(stamp);
        };
        let machine_days = self
            .machine_days
            .get_or_init(|| machine_days(self.inputs.page));
        let is_known = |date: Date| {
            let mut claims = self.published.iter().chain(&self.modified);
            self.day == Some(date)
                || claims.any(|claim| claim.stamp.date == date)
                || machine_days.contains(&date)
        };
        let better = is_known(swapped.date) && !is_known(stamp.date);
        Some(if better { swapped } else { stamp })
    }

    /// Dates in JSON-LD, metas, microdata and the feed.
    fn read_data(&mut self) {
        use DateField::{Modified, Published};
        let evidence = self.inputs.evidence;
        let own = evidence.article();
        if let Some(article) = own {
            let source = Source::of_data("json-ld", priority::JSON_LD);
            let (published, modified) = (&article.published, &article.modified);
            self.read(Published, source, published.as_deref().unwrap_or_default());
            self.read(Modified, source, modified.as_deref().unwrap_or_default());
        }
        for (field, name) in [(Published, "published"), (Modified, "modified")] {
            for (rank, note) in (0..).zip(evidence.declared.of(name)) {
                let priority = priority::META.saturating_sub(rank).max(priority::FEED + 1);
                let source = Source::at(note.node, note.source, priority);
                self.read(field, source, &note.value);
            }
        }
        if let Some(text) = &evidence.hints.published {
            self.read(Published, Source::of_data("feed", priority::FEED), text);
        }
        // Such as the WebPage beside its Article.
        let works = evidence.declared.json_ld.articles.iter();
        let is_own = |work: &Article| own.is_some_and(|own| std::ptr::eq(own, work));
        let others = works.filter(|work| !work.listed && !is_own(work));
        let dates = others.take(MAX_OTHER_WORKS).map(|work| &work.published);
        for text in dates.flatten() {
            let source = Source::of_data("json-ld of another work", priority::OTHER_WORK);
            self.read(Published, source, text);
        }
    }

    /// The day in the page's address.
    fn read_address(&mut self) {
        if let Some(day) = self.day {
            let source = Source::of_data("url", priority::ADDRESS);
            self.add(DateField::Published, source, Stamp::of_day(day));
        }
    }

    /// Dates that readers see, and those in the address and the page's scripts. Reading visible text
    /// errs most: what is far from the headline is read only where nothing better speaks.
    fn read_visible(&mut self) {
        let context = &self.inputs.context;
        for marked in &context.marked {
            if marked.position == Position::AboveBody || !context.is_of_another_story(marked.node) {
                self.read_marked(*marked);
            }
        }
        self.read_lines(Position::AboveBody);
        self.read_margins();
        self.read_labelled_below_body();
        if self.published.is_empty() {
            self.read_lines(Position::InBody);
        }
        self.read_address();
        for read in [
            Self::read_scripts,
            Self::read_labelled_anywhere,
            Self::read_only_line_below_body,
            Self::read_beside_update,
            Self::read_time_anywhere,
            Self::read_relative,
        ] {
            if self.published.is_empty() {
                read(self);
            }
        }
    }

    /// Where a page only says when it was changed, that is the one date it has: an article that was
    /// there then is not younger.
    fn add_update(&mut self) {
        let changes = self.modified.iter();
        let update = changes.max_by_key(|claim| claim.source.priority);
        self.published.extend(update.map(|update| DateClaim {
            source: Source {
                name: "date of the update",
                priority: priority::UPDATE,
                ..update.source
            },
            stamp: update.stamp,
        }));
    }
}

/// The days in `datetime` attributes that begin with the year.
fn machine_days(page: &Document) -> Vec<Date> {
    page.elements()
        .filter_map(|(_, element)| element.attribute("datetime"))
        .filter_map(|value| value.trim().get(..10)?.parse().ok())
        .take(MAX_MACHINE_DAYS)
        .collect()
}

/// Most dates that are looked at to tell the order of day and month.
const MAX_MACHINE_DAYS: usize = 100;

/// Whether the day or the month comes first in this page's dates (CLDR: the month in en-US, en-PH and fil).
fn order(evidence: &Evidence, language: Option<&str>) -> Order {
    let is_british = evidence.declared.of("language").iter().any(|f| {
        let tag = f.value.to_ascii_lowercase().replace('_', "-");
        tag.starts_with("en-") && !matches!(tag.as_str(), "en-us" | "en-ph")
    });
    let host = evidence.url.as_ref().and_then(|url| url.host_str());
    let suffix = host.and_then(|host| host.rsplit('.').next());
    let is_american = language.is_some_and(|l| l.starts_with("en"))
        && !is_british
        && !suffix.is_some_and(|s| matches!(s, "uk" | "au" | "nz" | "ie" | "in" | "za" | "sg"));
    if is_american {
        Order::MonthFirst
    } else {
        Order::DayFirst
    }
}
