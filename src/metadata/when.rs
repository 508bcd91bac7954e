//! When it was published and changed.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::Evidence;
use super::date::{self, Stamp};
use super::place;
use crate::dom::{Document, NodeId};
use crate::extract::Options;

/// What one place says about a date.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    pub(super) field: &'static str,
    pub(super) source: &'static str,
    pub(super) stamp: Stamp,
}

/// Nodes after the headline within which a dateline stands.
const NEAR_HEADING: usize = 250;

/// Longest line that is a dateline, in bytes.
const MAX_LINE_BYTES: usize = 80;

/// Nodes before the headline within which a dateline stands.
const BEFORE_HEADING: usize = 60;

/// All that speaks for a date, believed most first.
pub(super) fn candidates(
    evidence: &Evidence,
    page: &Document,
    heading: Option<NodeId>,
    options: &Options,
    language: Option<&str>,
) -> Vec<Dated> {
    let habit = date::Habit {
        month_first: month_first(evidence, language),
        language: language
            .and_then(|tag| tag.split('-').next())
            .unwrap_or_default(),
    };
    let latest = options
        .fetched
        .and_then(|fetched| fetched.checked_add(Span::new().hours(24)).ok());
    let mut found = Vec::new();
    let mut push = |field, source, text: &str| {
        if let Some(stamp) = date::parse(text, habit)
            && believable(stamp, latest)
        {
            found.push(Dated {
                field,
                source,
                stamp,
            });
        }
    };
    let article = evidence.article();
    if let Some(article) = article {
        for (field, value) in [
            ("published", &article.published),
            ("modified", &article.modified),
        ] {
            if let Some(text) = value {
                push(field, "json-ld", text);
            }
        }
    }
    for field in ["published", "modified"] {
        for note in evidence.notes.of(field) {
            push(field, note.source, &note.value);
        }
    }
    if let Some(published) = &options.hints.published {
        push("published", "feed", published);
    }
    // Other works of the page, such as the WebPage beside its Article.
    for other in evidence
        .notes
        .linked
        .articles
        .iter()
        .filter(|a| !a.listed)
        .take(5)
    {
        if let Some(text) = &other.published {
            push("published", "json-ld of another work", text);
        }
    }
    for field in ["time", "dateline"] {
        for note in evidence.notes.of(field) {
            let near = heading.is_none_or(|h| {
                note.node.index() + BEFORE_HEADING > h.index()
                    && note.node.index() < h.index() + NEAR_HEADING
            });
            if near {
                push("published", note.source, &note.value);
            }
        }
    }
    // Reading the visible text costs most and errs most: only where the page's data say nothing.
    if !found.iter().any(|dated| dated.field == "published") {
        for (line, _) in place::runs_near(page, heading, BEFORE_HEADING, NEAR_HEADING) {
            if line.len() <= MAX_LINE_BYTES
                && let Some(stamp) = date::parse(&line, habit)
                && believable(stamp, latest)
            {
                found.push(Dated {
                    field: "published",
                    source: "text near the headline",
                    stamp,
                });
            }
        }
    }
    if let Some(day) = evidence
        .url
        .as_ref()
        .and_then(|url| date::in_path(url.path()))
    {
        let stamp = Stamp {
            date: day,
            time: None,
            offset: None,
        };
        if believable(stamp, latest) {
            found.push(Dated {
                field: "published",
                source: "url",
                stamp,
            });
        }
    }
    found
}

/// Never in the future beyond a day after the fetch.
fn believable(stamp: Stamp, latest: Option<Timestamp>) -> bool {
    match (latest, stamp.instant()) {
        (Some(latest), Some(instant)) => instant <= latest,
        _ => stamp.date > Date::ZERO,
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

/// The date of a field: of the source believed most, made precise by one that means the same.
pub(super) fn choose(found: &[Dated], field: &str) -> Option<Stamp> {
    let mut dated = found.iter().filter(|d| d.field == field);
    let mut best = dated.next()?.stamp;
    let precise = |s: &Stamp| s.time.is_some() && s.offset.is_some();
    if precise(&best) {
        return Some(best);
    }
    // A time of the same day with an offset says the same, only more exactly.
    let same = |s: &&Stamp| {
        s.date == best.date
            && (best.time.is_none()
                || best.time.map(|t| (t.hour(), t.minute()))
                    == s.time.map(|t| (t.hour(), t.minute())))
    };
    if let Some(better) = found
        .iter()
        .filter(|d| d.field == field)
        .map(|d| &d.stamp)
        .filter(|s| precise(s))
        .find(same)
    {
        return Some(*better);
    }
    // The page's other dates tell its offset.
    if best.time.is_some() {
        best.offset = found
            .iter()
            .filter(|d| d.source != "feed")
            .find_map(|d| d.stamp.offset);
    }
    Some(best)
}
