//! Links that were handed to the store already: most links of most pages are the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::store::NewUrl;

/// Links remembered, about 6 MB of them; when they are too many, all are forgotten and the store is
/// asked again.
const MOST: usize = 250_000;

/// Remembers links and with which priority they were handed over.
#[derive(Debug, Default)]
pub(super) struct Seen {
    links: Mutex<HashMap<u64, f64>>,
}

impl Seen {
    /// Leaves out of `links` what the store was told before, with no worse evidence.
    pub(super) fn keep_new(&self, links: &mut Vec<NewUrl>) {
        // A panic elsewhere leaves the table whole.
        let mut seen = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > MOST {
            seen.clear();
        }
        links.retain(|link| {
            // A date may say that the page changed since.
            if link.modified_ms.is_some() || link.hints.is_some() {
                return true;
            }
            let best = seen
                .entry(xxh3_64(link.url.as_bytes()))
                .or_insert(f64::NEG_INFINITY);
            let is_better = link.priority > *best;
            *best = best.max(link.priority);
            is_better
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontier::Role;

    #[test]
    fn a_link_passes_once_and_again_with_better_evidence() {
        let link = |priority| NewUrl {
            url: "http://a.example/1".into(),
            host: "a.example".into(),
            site: "a.example".into(),
            role: Role::Article,
            guessed: false,
            depth: 1,
            priority,
            looks: None,
            listed: false,
            hints: None,
            modified_ms: None,
        };
        let seen = Seen::default();
        let passed = |priority| {
            let mut links = vec![link(priority)];
            seen.keep_new(&mut links);
            links.len()
        };
        assert_eq!([1.0, 1.0, 0.5, 2.0, 2.0].map(passed), [1, 0, 0, 1, 0]);
    }
}
