//! What the links of earlier pages were judged to be.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use url::Url;

/// What the links of earlier pages were judged to be: a site's pages have most links in common.
#[derive(Debug, Default)]
pub struct Judged {
    known: Mutex<HashMap<u64, Arc<Link>>>,
}

/// What a link is, wherever on the page it stands.
#[derive(Debug)]
pub(super) enum Link {
    /// Leads to another site, to nothing that is fetched, or is left alone.
    None,
    Feed(Url),
    /// A page: its canonical address, how likely it is an article by its looks, and why.
    Page(Url, f32, String),
}

impl Judged {
    /// Links remembered, about 6 MB of them; when they are more, all are forgotten.
    const MOST: usize = 20_000;

    /// What is remembered under the key, or else what `judge` finds.
    pub(super) fn get(&self, key: u64, judge: impl FnOnce() -> Link) -> Arc<Link> {
        // A panic elsewhere leaves the table whole.
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let link = Arc::new(judge());
        let mut known = lock();
        if known.len() >= Self::MOST {
            *known = HashMap::new();
        }
        known.insert(key, Arc::clone(&link));
        link
    }
}
