//! What the links of earlier pages lead to, remembered.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use url::Url;

/// What the links of earlier pages lead to: a site's pages have most links in common.
#[derive(Debug, Default)]
pub(crate) struct LinkCache {
    known: Mutex<HashMap<u64, Arc<LinkTarget>>>,
}

/// What a link leads to, by its address alone.
#[derive(Debug)]
pub(super) enum LinkTarget {
    /// To another site, or to what is not fetched.
    None,
    Feed(Url),
    /// To a page: its canonical address, how likely that is an article's, 0 to 1, and why.
    Page(Url, f32, String),
}

impl LinkCache {
    /// Links remembered, about 6 MB of them; when they are more, all are forgotten.
    const MAX_LINKS: usize = 20_000;

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
        if known.len() >= Self::MAX_LINKS {
            *known = HashMap::new();
        }
        known.insert(key, Arc::clone(&found));
        found
    }
}
