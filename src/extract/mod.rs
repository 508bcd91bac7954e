//! Which blocks of a page are the story.
//!
//! [`extract`] is pure and synchronous: the same page, address and options give the same record.

use std::sync::Arc;

use url::Url;

use crate::config::SiteConfig;
use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::metadata;
use crate::record::{Block, BlockKind, Kind, Record, Removed};

/// What the caller knows about the page and wants from it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// BCP 47 tag to assume instead of detecting one.
    pub language: Option<String>,
    /// Whether to say what was removed and why.
    pub explain: bool,
    /// Leave the learned stage out.
    pub density_only: bool,
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

/// The story's body, as the extractor chose it.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Blocks in reading order, captions among them.
    pub blocks: Vec<Block>,
    /// The node each block of `blocks` starts at; none for text that came from script data.
    pub nodes: Vec<Option<NodeId>>,
    /// What the page is.
    pub kind: Kind,
    /// 0 to 1.
    pub confidence: f64,
    /// What was left out, on `Options::explain`.
    pub removed: Vec<Removed>,
}

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
    let body = find_body(page);
    let mut record = Record {
        kind: body.kind,
        confidence: body.confidence,
        text: Record::join_blocks(&body.blocks),
        ..Record::default()
    };
    let candidates = metadata::decide(evidence, page, &body, options, &mut record);
    record.blocks = body.blocks;
    record.removed = body.removed;
    Extraction {
        record,
        evidence: candidates,
    }
}

/// The paragraphs under the parent that holds most paragraph text.
fn find_body(page: &Document) -> Body {
    let mut weight = vec![0usize; page.len()];
    let mut paragraphs = Vec::new();
    for (id, node) in page.nodes() {
        if page.tag(id) == Tag::P {
            let text = page.text_of(id);
            weight[node.parent.index()] += text.len();
            paragraphs.push((id, node.parent, text));
        }
    }
    let best = (0..weight.len())
        .max_by_key(|place| weight[*place])
        .unwrap_or(0);
    let mut body = Body::default();
    for (id, parent, text) in paragraphs {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if parent.index() == best && !text.is_empty() {
            body.blocks.push(Block {
                kind: BlockKind::Paragraph,
                text,
            });
            body.nodes.push(Some(id));
        }
    }
    if body.blocks.is_empty() {
        body.kind = if page
            .nodes()
            .any(|(_, n)| matches!(n.data, NodeData::Text(_)))
        {
            Kind::Listing
        } else {
            Kind::Empty
        };
    } else {
        body.confidence = 0.5;
    }
    body
}
