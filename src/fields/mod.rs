//! The fields of a record, each one decision over the candidates that the page's evidence gives, with
//! the body in sight.
#![doc = include_str!("../../docs/fields.md")]

mod authors;
mod byline_context;
mod dates;
mod description;
mod explain;
mod images;
mod language;
mod origin;
mod place;
mod site_name;
mod topics;

use jiff::Timestamp;

use crate::body::ChosenBody;
use crate::dom::Document;
use crate::evidence::{Evidence, canonical, claim};
use crate::record::{Kind, Record};
use byline_context::Near;
pub use explain::Candidate;
use explain::Said;
pub use language::identify;

/// What the caller knows of the page beside its address and the feed's entry, and wants of the fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// BCP 47 tag to assume instead of detecting one.
    pub language: Option<&'a str>,
    /// When the page was fetched; dates more than a day later are not believed.
    pub fetched: Option<Timestamp>,
    /// Whether to say what each field was chosen from.
    pub explain: bool,
}

/// Decides each field of a page's record but those of its body, and returns the candidates where
/// `given` asks to explain.
#[must_use]
pub fn decide(
    evidence: &Evidence,
    page: &Document,
    draft: &ChosenBody,
    given: Given,
) -> (Record, Vec<Candidate>) {
    let mut said = Said {
        page,
        wanted: given.explain,
        candidates: Vec::new(),
    };
    let mut record = Record::default();
    let text = Record::join_blocks(&draft.blocks);
    record.title = evidence.titles.first().map(|h| h.shown().to_owned());
    let titles = evidence.titles.iter();
    said.note(
        "title",
        Some((0, evidence.title_reason)),
        titles.map(|h| (h.source, None, h.shown().to_owned())),
    );
    let heading = place::heading(page, evidence, record.title.as_deref(), draft);
    let near = byline_context::look(page, heading, draft, &evidence.descriptions);
    let claims = description::claims(evidence, page, &near, draft);
    record.description = claim::value(&claims);
    said.claims("description", FIRST, claims);
    let (claims, why) = language::claims(evidence, given.language, &text);
    record.language = claim::value(&claims);
    said.claims("language", why, claims);
    let kind = draft.page_type.kind_for_fields(evidence);
    decide_authors(evidence, &near, kind, &text, &mut record, &mut said);
    decide_dates(evidence, &near, given.fetched, kind, &mut record, &mut said);
    decide_rest(evidence, &near, &text, &mut record, &mut said);
    record.images = images::of(evidence, page, draft);
    if record.authors.is_empty() {
        record.authors = sign(draft, &record, &mut said);
    }
    (record, said.candidates)
}

/// The names in the body's first lines, where nothing else names an author.
fn sign(draft: &ChosenBody, record: &Record, said: &mut Said) -> Vec<String> {
    let title = record.title.as_deref().unwrap_or_default();
    let names = draft.signed_by(title, record.language.as_deref());
    if !names.is_empty() {
        let why = "a line of a name and a date, and nothing else names an author";
        let line = ("first lines of the body", None, names.join(", "));
        said.note("authors", Some((0, why)), std::iter::once(line));
    }
    names
}

/// Why the first claim that is not refused is taken, where nothing else is to be said.
const FIRST: &str = "the source believed most";

fn decide_authors(
    evidence: &Evidence,
    near: &Near,
    kind: Kind,
    text: &str,
    record: &mut Record,
    said: &mut Said,
) {
    let people = authors::candidates(evidence, said.page, near, kind, text);
    let chosen = authors::choose(&people);
    record.authors = authors::named(&people, chosen.map(|c| c.0));
    let found = people.iter();
    said.note(
        "authors",
        chosen,
        found.map(|p| (p.source, p.node, p.names.join("; "))),
    );
}

fn decide_dates(
    evidence: &Evidence,
    near: &Near,
    fetched: Option<Timestamp>,
    kind: Kind,
    record: &mut Record,
    said: &mut Said,
) {
    let language = record.language.as_deref();
    let dates = dates::candidates(evidence, said.page, near, fetched, language, kind);
    for (field, slot) in [
        ("published", &mut record.published),
        ("modified", &mut record.modified),
    ] {
        let chosen = dates::choose(&dates, field);
        *slot = chosen.map(|(_, stamp, _)| stamp.to_text());
        said.note(
            field,
            chosen.map(|(at, _, why)| {
                let before = dates[..at].iter().filter(|d| d.field == field).count();
                (before, why)
            }),
            dates
                .iter()
                .filter(|d| d.field == field)
                .map(|d| (d.source, d.node, d.stamp.to_text())),
        );
    }
}

/// The fields of which the first claim that is not refused is taken.
fn decide_rest(evidence: &Evidence, near: &Near, text: &str, record: &mut Record, said: &mut Said) {
    for (field, slot, claims) in [
        (
            "canonical_url",
            &mut record.canonical_url,
            canonical::claims(evidence),
        ),
        (
            "site_name",
            &mut record.site_name,
            site_name::claims(evidence),
        ),
        ("section", &mut record.section, topics::section(evidence)),
        ("image", &mut record.image, images::lead(evidence)),
        ("license", &mut record.license, origin::license(evidence)),
    ] {
        *slot = claim::value(&claims);
        said.claims(field, FIRST, claims);
    }
    let (claims, tags): (Vec<_>, Vec<_>) = topics::tags(evidence).into_iter().unzip();
    record.tags = tags.into_iter().next().unwrap_or_default();
    said.claims("tags", FIRST, claims);
    let (claims, origins): (Vec<_>, Vec<_>) = origin::claims(evidence, near, text, &record.authors)
        .into_iter()
        .unzip();
    record.origin = origins.into_iter().flatten().next();
    said.claims("origin", FIRST, claims);
    let claims = topics::paywalled(evidence);
    record.paywalled = claim::first(&claims).map(|_| true);
    said.claims("paywalled", "the page says that it is paid for", claims);
}
