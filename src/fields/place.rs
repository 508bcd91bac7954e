//! What the page is among others: its own article, its address, its site.

use std::sync::LazyLock;

use url::Url;

use crate::body::Draft;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::headline::{overlap, without_site};
use crate::evidence::line::headline_of;
use crate::record::Kind;
use crate::table;
use crate::text::to_letters;

/// The kind of page as far as what readers see on it goes: the names and dates on a list are its
/// entries', those on a thread its own, however much like a list it looks.
pub(crate) fn kind(evidence: &Evidence, found: Kind) -> Kind {
    match found {
        Kind::Listing if evidence.likely_address().is_some_and(|url| is_thread(&url)) => {
            Kind::Forum
        }
        found => found,
    }
}

/// Whether an address is that of a forum's thread, as its software has it.
fn is_thread(url: &Url) -> bool {
    let mut segments = url.path_segments().into_iter().flatten();
    // What stands under the word, or is asked of it, says which thread.
    segments.any(|segment| THREADS.contains(&segment))
        && (segments.any(|s| !s.is_empty()) || url.query().is_some())
}

static THREADS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../config/tables/thread_paths.tsv"));
    rows.map(|row| row[0]).collect()
});

/// Headings of lower levels that are compared with the title.
const MAX_HEADINGS: usize = 60;

/// The heading that holds the title: of those of the first level that say nearly the same the last
/// one above the body (bars at the top of a page repeat it), else one of a lower level that says it
/// exactly.
pub(crate) fn heading(
    page: &Document,
    evidence: &Evidence,
    title: Option<&str>,
    body: &Draft,
) -> Option<NodeId> {
    let title = title?;
    let start = body.nodes.iter().flatten().min();
    let same = || {
        evidence.declared.h1.iter().copied().filter(|id| {
            let text = headline_of(page, *id).replace(" | ", " ");
            overlap(&without_site(&text, &evidence.sites), title) > 0.9
        })
    };
    let above = same().take_while(|id| start.is_some_and(|start| id < start));
    above.last().or_else(|| same().next()).or_else(|| {
        let wanted = to_letters(title);
        page.elements()
            .filter(|(_, e)| matches!(e.tag, Tag::H2 | Tag::H3))
            .take(MAX_HEADINGS)
            .find(|(id, _)| to_letters(&headline_of(page, *id)) == wanted)
            .map(|(id, _)| id)
    })
}
