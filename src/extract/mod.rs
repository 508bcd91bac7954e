//! Which blocks of a page are the story.
//!
//! [`extract`] is pure and synchronous: the same page, address and options give the same record.
//! [`body::find`] takes a page's text blocks this way:
//!
//! | step | module | what happens |
//! |---|---|---|
//! | rules | `site_rules` | the user's own selectors for the site, if there are any |
//! | | `rules` | the next three in one |
//! | | `consent` | consent banners go |
//! | | [`density`] | which container holds the story |
//! | | [`clean`] | which blocks in it are chrome, and why |
//! | learned | [`features`], `opinion` | numbers for each block and for the page |
//! | | `lexicon` | what the words of its text and of the names around it speak for |
//! | | [`model`], `kind` | how likely a block is the story's, and what kind of page it is |
//! | choice | `decode` | from likelihoods to blocks that belong together |
//! | | `dek` | whether the page's own summary is part of the story |
//! | | [`script_data`] | a story that stands in scripts alone |
//! | record | `judge` | what the page is, and how sure that is |
//! | | `assemble` | from blocks to the record's blocks |
//! | | `edges` | with the metadata known, lines at either end that are not the story |

mod assemble;
pub mod body;
mod bytes;
pub mod clean;
mod consent;
mod decode;
mod dek;
pub mod density;
mod edges;
pub mod features;
mod judge;
mod kind;
pub mod lexicon;
mod menus;
pub mod model;
mod opinion;
mod other_story;
mod rules;
pub mod script_data;
mod site_rules;

use std::sync::Arc;

use url::Url;

use crate::config::SiteConfig;
use crate::dom::Document;
use crate::metadata;
use crate::record::Record;

pub(crate) use assemble::assemble;
pub use body::Body;
pub use model::Model;

/// What the caller knows about the page and wants from it.
#[derive(Debug, Clone, Default)]
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
    pub site: Option<Arc<SiteConfig>>,
}

/// What a feed or news sitemap said about a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Hints {
    /// The entry's title.
    pub title: Option<String>,
    /// The entry's date, RFC 3339 or a date alone.
    pub published: Option<String>,
    /// The entry's authors.
    pub authors: Vec<String>,
    /// The entry's language.
    pub language: Option<String>,
}

/// What came out of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extraction {
    /// The record; `id`, `source` and `url` are the caller's to fill.
    pub record: Record,
    /// For each field, the candidates and why one won; filled only on `Options::explain`.
    pub evidence: Vec<metadata::Candidate>,
}

/// Characters of a body that explanations quote.
const EXPLAINED_CHARS: usize = 80;

/// Extracts the story of a page.
///
/// ```
/// use gleaner::extract::{Options, extract};
///
/// let html = "<title>Rain at last - The Valley Post</title><nav><a href=/>Home</a></nav>
///   <h1>Rain at last</h1><p>After ninety dry days it rained in the valley on Monday, and farmers
///   stood in their yards to watch it fall on the fields.</p>";
/// let record = extract(html, None, &Options::default()).record;
/// assert_eq!(record.title.as_deref(), Some("Rain at last"));
/// assert!(record.text.starts_with("After ninety dry days"));
/// assert!(!record.text.contains("Home"));
/// ```
#[must_use]
pub fn extract(html: &str, url: Option<&Url>, options: &Options) -> Extraction {
    extract_document(&Document::parse(html), url, options)
}

/// [`extract`] for a page that is parsed already.
#[must_use]
pub fn extract_document(page: &Document, url: Option<&Url>, options: &Options) -> Extraction {
    let evidence = metadata::gather(page, url, options);
    let mut body = body::find(page, &evidence, options);
    let mut record = Record {
        kind: body.kind,
        confidence: body.confidence,
        text: Record::join_blocks(&body.blocks),
        ..Record::default()
    };
    let mut candidates = metadata::decide(evidence, page, &body, options, &mut record);
    let trimmed = edges::trim(&mut body, &record);
    if record.authors.is_empty() && !trimmed.signed_by.is_empty() {
        if options.explain {
            candidates.push(metadata::Candidate {
                field: "authors",
                value: trimmed.signed_by.join(", "),
                source: "first lines of the body",
                place: None,
                verdict: "taken: a line of a name and a date, and nothing else names an author"
                    .to_owned(),
            });
        }
        record.authors = trimmed.signed_by;
    }
    if !trimmed.removed.is_empty() {
        record.text = Record::join_blocks(&body.blocks);
        record.word_count = Record::count_words(&record.text);
        if options.explain {
            body.removed.extend(trimmed.removed);
        }
    }
    if let Some(place) = body.script.filter(|_| options.explain) {
        candidates.push(metadata::Candidate {
            field: "text",
            value: record.text.chars().take(EXPLAINED_CHARS).collect(),
            source: "script data",
            place: None,
            verdict: format!("stands under `{place}`; the page's markup holds no body"),
        });
    }
    record.blocks = body.blocks;
    record.kept = body.kept;
    record.removed = body.removed;
    Extraction {
        record,
        evidence: candidates,
    }
}
