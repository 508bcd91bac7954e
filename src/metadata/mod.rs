//! Title, authors, dates, language and origin: evidence first, then one decision a field.

use url::Url;

use crate::dom::{Document, Tag};
use crate::extract::{Body, Options};
use crate::record::Record;

/// One thing a page says about one field of its record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// The record's field.
    pub field: &'static str,
    /// What the page says.
    pub value: String,
    /// Where it says so, such as `json-ld`, `og:title`, `byline`.
    pub source: &'static str,
    /// Why it won, or did not.
    pub verdict: String,
}

/// All that a page says about itself, before anything is decided.
#[derive(Debug, Default)]
pub struct Evidence {
    titles: Vec<String>,
    descriptions: Vec<String>,
    article_bodies: Vec<String>,
}

impl Evidence {
    /// Headlines the page names, best first.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.titles.iter().map(String::as_str)
    }

    /// Summaries the page names, best first.
    pub fn descriptions(&self) -> impl Iterator<Item = &str> {
        self.descriptions.iter().map(String::as_str)
    }

    /// Bodies that stand in JSON-LD, as given: plain text or HTML.
    pub fn article_bodies(&self) -> impl Iterator<Item = &str> {
        self.article_bodies.iter().map(String::as_str)
    }
}

/// Collects what a page says about itself.
#[must_use]
pub fn gather(page: &Document, _url: Option<&Url>, _options: &Options) -> Evidence {
    let mut evidence = Evidence::default();
    for (id, element) in page.elements() {
        match element.tag {
            Tag::Meta => {
                let key = element.attribute("property").or(element.attribute("name"));
                let Some(content) = element.attribute("content") else {
                    continue;
                };
                match key {
                    Some("og:title") => evidence.titles.insert(0, content.to_owned()),
                    Some("og:description" | "description") => {
                        evidence.descriptions.push(content.to_owned());
                    }
                    _ => {}
                }
            }
            Tag::H1 => evidence.titles.push(page.text_of(id).trim().to_owned()),
            _ => {}
        }
    }
    evidence
}

/// Decides each field and fills it into `record`, whose body fields are filled already. Returns
/// the candidates on `Options::explain`.
pub fn decide(
    evidence: Evidence,
    _page: &Document,
    _body: &Body,
    _options: &Options,
    record: &mut Record,
) -> Vec<Candidate> {
    record.title = evidence.titles.into_iter().next();
    record.description = evidence.descriptions.into_iter().next();
    record.word_count = record.text.split_whitespace().count();
    Vec::new()
}
