//! Which URL of a host goes first: sources before articles, fresh before old, near before deep.

use super::Role;

/// An article found an hour ago or less gains the whole of this over one a month old.
const FRESHNESS_WEIGHT: f64 = 30.0;
/// What certainty that a link is an article is worth.
const EVIDENCE_WEIGHT: f64 = 10.0;
/// What each link from the seed costs.
const DEPTH_COST: f64 = 5.0;

/// The priority of a URL; higher is fetched earlier. `score` is how sure the evidence is, 0 to 1;
/// `age_h` the hours since its publication, where that is known.
pub(crate) fn priority(role: Role, depth: u32, score: f64, age_h: Option<f64>) -> f64 {
    let base = match role {
        Role::Seed => 200.0,
        Role::Feed => 180.0,
        Role::Sitemap => 140.0,
        Role::Article => 60.0,
        Role::Section => 50.0,
    };
    // Unknown age counts as a day.
    let age_h = age_h.unwrap_or(24.0).max(0.0);
    let freshness = FRESHNESS_WEIGHT / (1.0 + age_h / 24.0);
    base + freshness + EVIDENCE_WEIGHT * score - DEPTH_COST * f64::from(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_come_first_then_what_is_fresh() {
        let feed = priority(Role::Feed, 2, 0.0, None);
        let new = priority(Role::Article, 1, 0.5, Some(1.0));
        let old = priority(Role::Article, 1, 0.5, Some(500.0));
        let deep = priority(Role::Article, 3, 0.5, Some(1.0));
        assert!(feed > new && new > old && new > deep);
    }
}
