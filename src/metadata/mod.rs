//! Title, authors, dates, language and origin: evidence first, then one decision a field.
//!
//! [`gather`] walks the page once and notes what its data say; [`decide`] looks at what readers see
//! near the headline, when headline and body are known, and weighs both. [`site`] puts right what
//! only a whole site can tell.
#![doc = include_str!("../../docs/fields.md")]

mod aside;
mod clean;
mod date;
mod description;
mod explain;
mod gather;
pub(crate) mod json;
mod jsonld;
mod label;
mod language;
mod line;
mod mark;
mod names;
mod near;
mod origin;
mod people;
mod picture;
mod place;
mod signature;
pub mod site;
mod title;
mod topics;
mod when;
mod words;

pub use explain::Candidate;
pub use language::identify;
pub(crate) use signature::{is_clock, is_signed_by, signature};
use url::Url;

use crate::block::without_permalink;
use crate::dom::{Document, NodeId};
use crate::extract::{Body, Options};
use crate::record::{Kind, Record};
use clean::{key, plain};
use explain::Said;
use gather::Notes;
use jsonld::Article;
use near::Near;
use title::{Heading, Headline};

/// All that a page says about itself, before anything is decided.
#[derive(Debug, Default)]
pub struct Evidence {
    notes: Notes,
    /// Place of the story's own article among the linked ones.
    main: Option<usize>,
    titles: Vec<Headline>,
    /// Why the first of `titles` was taken.
    why: &'static str,
    descriptions: Vec<String>,
    url: Option<Url>,
    sites: site::Names,
}

impl Evidence {
    /// Headlines the page names, best first.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.titles.iter().map(|h| h.value.as_str())
    }

    /// Summaries the page names, best first.
    pub fn descriptions(&self) -> impl Iterator<Item = &str> {
        self.descriptions.iter().map(String::as_str)
    }

    /// Bodies that stand in JSON-LD, as given: plain text or HTML.
    pub fn article_bodies(&self) -> impl Iterator<Item = &str> {
        self.main
            .into_iter()
            .filter_map(|at| self.notes.linked.articles[at].body.as_deref())
    }

    /// Whether structured data describe an article that is this page.
    #[must_use]
    pub fn names_article(&self) -> bool {
        self.main.is_some()
    }

    /// What `OpenGraph` calls the page, such as `article` or `website`.
    #[must_use]
    pub fn declared_type(&self) -> Option<&str> {
        self.notes.of("type").first().map(|f| f.value.as_str())
    }

    /// Types of what structured data describe, as schema.org names them.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.notes.linked.types.iter().map(String::as_str)
    }

    /// Texts that structured data hold, such as a product's description or an answer.
    pub fn linked_texts(&self) -> impl Iterator<Item = &str> {
        self.notes.linked.texts.iter().map(String::as_str)
    }

    /// Names of the entries of lists in structured data.
    pub fn linked_names(&self) -> impl Iterator<Item = &str> {
        self.notes.linked.names.iter().map(String::as_str)
    }

    /// What made the page, as it says.
    #[must_use]
    pub fn generator(&self) -> Option<&str> {
        self.notes.of("generator").first().map(|f| f.value.as_str())
    }

    /// The page's address, where the caller knows it.
    #[must_use]
    pub fn address(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    /// The page's address, or what the page gives for it.
    #[must_use]
    pub fn likely_address(&self) -> Option<Url> {
        let given = || {
            let mut claims = place::canonical(self).into_iter();
            let own = claims.find(|claim| claim.refused.is_none())?;
            Url::parse(&own.value).ok()
        };
        self.url.clone().or_else(given)
    }

    fn article(&self) -> Option<&Article> {
        self.main.map(|at| &self.notes.linked.articles[at])
    }

    /// Works beside the page's article that have its headline.
    fn same_story(&self) -> impl Iterator<Item = &Article> {
        let titles: Vec<String> = self.titles().map(key).collect();
        let works = self.notes.linked.articles.iter().filter(|a| !a.listed);
        works.take(MAX_WORKS).filter(move |work| {
            let title = work.title().map(key).filter(|title| !title.is_empty());
            title.is_some_and(|title| titles.contains(&title))
        })
    }
}

/// Works in structured data that are compared with the page's article.
const MAX_WORKS: usize = 50;

/// Longest text of a heading that is a headline, in bytes.
const MAX_TITLE_BYTES: usize = 1000;

/// Collects what a page says about itself.
#[must_use]
pub fn gather(page: &Document, url: Option<&Url>, options: &Options) -> Evidence {
    let notes = gather::walk(page);
    let is_teaser = |id: &NodeId| aside::is_teaser(page, *id, url.map(Url::path));
    let only_teasers = notes.h1.iter().all(is_teaser);
    let h1: Vec<Heading> = notes
        .h1
        .iter()
        .filter(|id| only_teasers || !is_teaser(id))
        .map(|id| Heading {
            line: without_permalink(&line::headline_of(page, *id)).to_owned(),
        })
        .filter(|h| !h.line.is_empty() && h.line.len() < MAX_TITLE_BYTES)
        .collect();
    let page_title = notes
        .of("title")
        .into_iter()
        .find(|f| f.source == "title")
        .map(|f| f.value.clone());
    let mut data: Vec<Headline> = notes
        .of("title")
        .into_iter()
        .filter(|f| f.source != "title")
        .map(|f| Headline::new(f.source, f.value.clone()))
        .collect();
    if let Some(hint) = &options.hints.title {
        data.push(Headline::new("feed", plain(hint)));
    }
    if h1.is_empty() && data.is_empty() {
        let shown = page_title
            .as_deref()
            .filter(|title| title.len() < MAX_TITLE_BYTES)
            .and_then(|title| title::shown_part(page, title));
        data.extend(shown.map(|text| Headline::new("text that <title> repeats", text)));
    }
    let known: Vec<&str> = h1
        .iter()
        .map(|h| h.line.as_str())
        .chain(data.iter().map(|h| h.value.as_str()))
        .chain(page_title.as_deref())
        .collect();
    let main = place::main_article(&notes, url, &known);
    let article = main.map(|at| &notes.linked.articles[at]);
    if let Some(headline) = article.and_then(Article::title) {
        data.insert(
            usize::from(!data.is_empty()),
            Headline::new("json-ld", headline.to_owned()),
        );
    }
    let sites = site::Names::of(&place::site_names(&notes, main, url));
    let sections: Vec<String> = notes
        .of("section")
        .iter()
        .map(|f| f.value.clone())
        .chain(article.and_then(|a| a.section.clone()))
        .chain(url.into_iter().flat_map(place::folders))
        .collect();
    let (titles, why) = title::choose(
        &h1,
        &data,
        page_title.as_deref(),
        title::Context {
            sites: &sites,
            sections: &sections,
            news: article.is_some_and(|a| a.news),
        },
    );
    let mut descriptions: Vec<String> = Vec::new();
    let linked = article.and_then(|a| a.description.clone());
    for text in notes
        .of("description")
        .into_iter()
        .map(|f| f.value.clone())
        .chain(linked)
    {
        if !descriptions.iter().any(|known| key(known) == key(&text)) {
            descriptions.push(text);
        }
    }
    Evidence {
        notes,
        main,
        titles,
        why,
        descriptions,
        url: url.cloned(),
        sites,
    }
}

/// Decides each field and fills it into `record`, whose body fields are filled already. Returns
/// the candidates on `Options::explain`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "evidence is used up by the decision"
)]
pub fn decide(
    evidence: Evidence,
    page: &Document,
    body: &Body,
    options: &Options,
    record: &mut Record,
) -> Vec<Candidate> {
    let mut said = Said {
        page,
        wanted: options.explain,
        candidates: Vec::new(),
    };
    record.title = evidence.titles.first().map(|h| h.shown().to_owned());
    let titles = evidence.titles.iter();
    said.note(
        "title",
        Some((0, evidence.why)),
        titles.map(|h| (h.source, None, h.shown().to_owned())),
    );
    let heading = place::heading(page, &evidence, record.title.as_deref(), body);
    let near = near::look(page, heading, body, &evidence.descriptions);
    let claims = description::claims(&evidence, page, &near, body);
    record.description = explain::value(&claims);
    said.claims("description", FIRST, claims);
    let (claims, why) = language::claims(&evidence, options, &record.text);
    record.language = explain::value(&claims);
    said.claims("language", why, claims);
    let kind = place::kind(&evidence, record.kind);
    decide_authors(&evidence, &near, options, kind, record, &mut said);
    decide_dates(&evidence, &near, options, kind, record, &mut said);
    decide_rest(&evidence, &near, record, &mut said);
    picture::fill(&evidence, page, body, record);
    record.word_count = Record::count_words(&record.text);
    said.candidates
}

/// Why the first claim that is not refused is taken, where nothing else is to be said.
const FIRST: &str = "the source believed most";

fn decide_authors(
    evidence: &Evidence,
    near: &Near,
    options: &Options,
    kind: Kind,
    record: &mut Record,
    said: &mut Said,
) {
    let people = people::candidates(evidence, said.page, near, options, kind, &record.text);
    let chosen = people::choose(&people);
    record.authors = people::named(&people, chosen.map(|c| c.0));
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
    options: &Options,
    kind: Kind,
    record: &mut Record,
    said: &mut Said,
) {
    let language = record.language.as_deref();
    let dates = when::candidates(evidence, said.page, near, options, language, kind);
    for (field, slot) in [
        ("published", &mut record.published),
        ("modified", &mut record.modified),
    ] {
        let chosen = when::choose(&dates, field);
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
fn decide_rest(evidence: &Evidence, near: &Near, record: &mut Record, said: &mut Said) {
    for (field, slot, claims) in [
        (
            "canonical_url",
            &mut record.canonical_url,
            place::canonical(evidence),
        ),
        (
            "site_name",
            &mut record.site_name,
            place::site_name(evidence),
        ),
        ("section", &mut record.section, topics::section(evidence)),
        ("image", &mut record.image, picture::lead(evidence)),
        ("license", &mut record.license, origin::license(evidence)),
    ] {
        *slot = explain::value(&claims);
        said.claims(field, FIRST, claims);
    }
    let (claims, tags): (Vec<_>, Vec<_>) = topics::tags(evidence).into_iter().unzip();
    record.tags = tags.into_iter().next().unwrap_or_default();
    said.claims("tags", FIRST, claims);
    let (claims, origins): (Vec<_>, Vec<_>) =
        origin::claims(evidence, near, record).into_iter().unzip();
    record.origin = origins.into_iter().flatten().next();
    said.claims("origin", FIRST, claims);
    let claims = topics::paywalled(evidence);
    record.paywalled = explain::first(&claims).map(|_| true);
    said.claims("paywalled", "the page says that it is paid for", claims);
}
