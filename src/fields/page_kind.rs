//! Whose the names and dates are that readers see on a page.

use std::sync::LazyLock;

use url::Url;

use crate::evidence::Evidence;
use crate::record::Kind;
use crate::table;

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
