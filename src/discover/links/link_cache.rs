//! What the links of earlier pages lead to.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use url::Url;

/// What the links of earlier pages lead to: a site's pages have most links in common.
#[derive(Debug, Default)]
pub(crate) struct LinkCache {
    known: Mutex<HashMap<u64, Arc<LinkTarget>>>,
}

/// What a link leads to, wherever on the page it stands.
#[derive(Debug)]
pub(super) enum LinkTarget {
    /// Leads to another site, to nothing that is fetched, or is left alone.
    None,
    Feed(Url),
    /// A page: its canonical address, how likely it is an article by its looks, and why.
    Page(Url, f32, String),
}

impl LinkCache {
    /// Links remembered, about 6 MB of them; when they are more, all are forgotten.
    const MOST: usize = 20_000;

    /// What is remembered under the key, or else what `target` finds.
    pub(super) fn get_or_insert(
        &self,
        key: u64,
        target: impl FnOnce() -> LinkTarget,
    ) -> Arc<LinkTarget> {
        // A panic elsewhere leaves the table whole.
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let found = Arc::new(target());
        let mut known = lock();
        if known.len() >= Self::MOST {
            *known = HashMap::new();
        }
        known.insert(key, Arc::clone(&found));
        found
    }
}
