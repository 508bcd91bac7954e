//! Links that were sent to the store already: pages of a site have most links in common.

use std::sync::Mutex;

use foldhash::{HashMap, HashMapExt as _};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::discover::DiscoveredUrl;
use crate::fetch::lock;

/// Links remembered, about 6 MB of them; when they are more, all are forgotten and go to the store once
/// more.
const MAX_LINKS: usize = 250_000;

/// Remembers links and the best evidence they were sent to the store with.
#[derive(Debug, Default)]
pub(super) struct KnownLinks {
    links: Mutex<HashMap<u64, BestEvidence>>,
}

/// The best evidence there was for a link.
#[derive(Debug, Clone, Copy)]
struct BestEvidence {
    score: f32,
    depth: u32,
}

impl KnownLinks {
    /// Drops from the links of a page of `site`, `depth` links from the seed, those that another page of the
    /// site had on evidence that was no worse.
    pub(super) fn keep_new(&self, site: &str, depth: u32, candidates: &mut Vec<DiscoveredUrl>) {
        let site = xxh3_64_with_seed(site.as_bytes(), 0);
        let mut known = lock(&self.links);
        if known.len() > MAX_LINKS {
            *known = HashMap::new();
        }
        candidates.retain(|candidate| {
            let key = xxh3_64_with_seed(candidate.url.as_str().as_bytes(), site);
            let now = BestEvidence {
                score: candidate.score,
                depth,
            };
            match known.get_mut(&key) {
                Some(best) if best.score >= now.score && best.depth <= now.depth => false,
                Some(best) => {
                    best.score = best.score.max(now.score);
                    best.depth = best.depth.min(now.depth);
                    true
                }
                None => {
                    known.insert(key, now);
                    true
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontier::Role;

    #[test]
    fn a_link_passes_once_and_again_with_better_evidence() {
        let known = KnownLinks::default();
        let url = url::Url::parse("http://a.example/1").expect("an address");
        let kept = |site, depth, score| {
            let mut links = vec![DiscoveredUrl::new(&url, Role::Article, score, "")];
            known.keep_new(site, depth, &mut links);
            links.len()
        };
        let of = [
            (2, 0.5),
            (2, 0.5),
            (3, 0.5),
            (2, 0.9),
            (2, 0.9),
            (1, 0.1),
            (1, 0.1),
        ];
        let passes = of.map(|(depth, score)| kept("a.example", depth, score));
        assert_eq!(passes, [1, 0, 0, 1, 0, 1, 0]);
        assert_eq!(kept("b.example", 2, 0.5), 1, "another site's own");
    }
}
