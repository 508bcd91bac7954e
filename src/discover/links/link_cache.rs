//! What the links of earlier pages lead to, remembered.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use url::Url;

use crate::discover::address_odds::AddressOdds;

/// What the links of earlier pages lead to: a site's pages have most links in common.
#[derive(Debug, Default)]
pub(crate) struct LinkCache {
    known: Mutex<HashMap<u64, Arc<LinkTarget>>>,
}

/// What a link leads to, by its address alone.
#[derive(Debug)]
pub(super) enum LinkTarget {
    /// To another site, or nowhere.
    None,
    Feed(Url),
    /// To a page: its canonical address, and what that says.
    Page(Url, AddressOdds),
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
