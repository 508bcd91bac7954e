//! Whether a page is stored as an article.

use crate::dom::{Document, NodeId, Tag};
use crate::frontier::Role;
use crate::record::{Kind, Record};

/// Confidence from which a page that was expected to be a section counts as an article.
const SURPRISE_CONFIDENCE: f64 = 0.5;

/// Whether a page is stored as an article: what was believed to be one needs to look like one,
/// what was not needs to say so too, or at least not to be a list of headlines.
pub(super) fn is_stored_as_article(expected: Role, record: &Record, page: &Document) -> bool {
    record.kind == Kind::Article
        && !record.text.is_empty()
        && (expected == Role::Article
            || (record.published.is_some()
                && record.confidence >= SURPRISE_CONFIDENCE
                && (calls_itself_article(page) || !has_linked_heading(page))))
}

/// Whether the page calls itself an article (Open Graph's `og:type`).
fn calls_itself_article(page: &Document) -> bool {
    page.elements().any(|(_, element)| {
        element.tag == Tag::Meta
            && element.attribute("property") == Some("og:type")
            && element.attribute("content") == Some("article")
    })
}

/// Whether a heading is a link, as those of a list's entries are.
fn has_linked_heading(page: &Document) -> bool {
    let mut heading_end = NodeId::ROOT;
    page.elements().any(|(id, element)| {
        if matches!(element.tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4) {
            heading_end = page.node(id).end;
        }
        element.tag == Tag::A && id < heading_end
    })
}
