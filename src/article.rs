//! One page: its evidence, its body, its fields, in this order.
//!
//! [`extract`] is pure and synchronous: the same page, address and options give the same record.

use std::sync::Arc;

use url::Url;

use crate::body::switches::Switches;
pub use crate::body::{Model, PageType, SiteRules, TypeReason};
use crate::dom::Document;
pub use crate::evidence::Hints;
pub use crate::fields::Candidate;
use crate::record::Record;
use crate::{body, evidence, fields};

/// What the caller knows about the page and wants from it.
#[derive(Debug, Clone, Default)]
#[must_use]
#[non_exhaustive]
pub struct Options {
    /// BCP 47 tag to assume instead of detecting one.
    pub language: Option<String>,
    /// Whether to say what was kept and removed, and why.
    pub explain: bool,
    /// Leave the learned stage out.
    pub density_only: bool,
    /// A model to use instead of the one that comes with gleaner.
    pub model: Option<Arc<Model>>,
    /// When the page was fetched; dates more than a day later are not believed.
    pub fetched: Option<jiff::Timestamp>,
    /// What the feed or sitemap that led to the page said about it.
    pub hints: Hints,
    /// The user's own rules for the page's host.
    pub site: Option<Arc<SiteRules>>,
    /// The address of the story's first page, where the page is known to be a later one.
    pub first_page: Option<Url>,
    /// Which rules are switched off, to measure what they are worth.
    #[doc(hidden)]
    pub switches: Switches,
}

/// What came out of a page.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Extraction {
    /// The record; `id`, `source` and `url` are the caller's to fill.
    pub record: Record,
    /// What the page is, how sure its body is, and why; `record` has the first two.
    pub page_type: PageType,
    /// For each field, the candidates and why one won; filled only on `Options::explain`.
    pub evidence: Vec<Candidate>,
    /// For the first of several pages of a story: the address of all of them in one, where it links to it.
    pub whole: Option<String>,
}

/// Characters of a body that explanations quote.
const EXPLAINED_CHARS: usize = 80;

/// Extracts the story of a page.
#[must_use]
pub fn extract(html: &str, url: Option<&Url>, options: &Options) -> Extraction {
    extract_document(&Document::parse(html), url, options)
}

/// [`extract`] for a page that is parsed already.
#[must_use]
pub fn extract_document(page: &Document, url: Option<&Url>, options: &Options) -> Extraction {
    let mut evidence = evidence::read(page, url, &options.hints);
    evidence.first_page.clone_from(&options.first_page);
    let mut body = body::choose(page, &evidence, options.of_body());
    let (mut record, mut candidates) = fields::decide(&evidence, page, &body, options.of_fields());
    let continues = record.continues.is_some();
    let whole = continues.then(|| evidence.story_pages(page).whole);
    let script = body.script.take();
    let page_type = body.finish(&mut record, options.explain);
    if let Some(place) = script.filter(|_| options.explain) {
        candidates.push(Candidate {
            field: "text",
            value: record.text.chars().take(EXPLAINED_CHARS).collect(),
            source: "script data",
            place: None,
            verdict: format!("stands under `{place}`; the page's markup holds no body"),
        });
    }
    Extraction {
        record,
        page_type,
        evidence: candidates,
        whole: whole.flatten().map(String::from),
    }
}

impl Options {
    /// Assumes this language, a BCP 47 tag.
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        self.language = Some(tag.into());
        self
    }

    /// Says what was kept and removed, and why.
    pub fn explain(mut self, wanted: bool) -> Self {
        self.explain = wanted;
        self
    }

    /// Leaves the learned stage out.
    pub fn density_only(mut self, wanted: bool) -> Self {
        self.density_only = wanted;
        self
    }

    /// Uses another model than the one that comes with gleaner.
    pub fn model(mut self, model: Arc<Model>) -> Self {
        self.model = Some(model);
        self
    }

    /// Says when the page was fetched.
    pub fn fetched(mut self, at: impl Into<Option<jiff::Timestamp>>) -> Self {
        self.fetched = at.into();
        self
    }

    /// Says what the feed or sitemap that led to the page said about it.
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// Applies the user's own rules for the page's host.
    pub fn site(mut self, rules: impl Into<Option<Arc<SiteRules>>>) -> Self {
        self.site = rules.into();
        self
    }

    /// Says that the page is a later one of the story with this first page.
    pub fn first_page(mut self, url: impl Into<Option<Url>>) -> Self {
        self.first_page = url.into();
        self
    }

    fn of_body(&self) -> body::Settings<'_> {
        body::Settings {
            explain: self.explain,
            density_only: self.density_only,
            model: self.model.as_deref(),
            site: self.site.as_deref(),
            switches: self.switches,
        }
    }

    fn of_fields(&self) -> fields::FieldOptions<'_> {
        fields::FieldOptions {
            language: self.language.as_deref(),
            fetched: self.fetched,
            explain: self.explain,
        }
    }
}
