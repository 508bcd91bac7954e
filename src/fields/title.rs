//! The headline.

use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::fields::explain::Decision;

/// The headline that the evidence ranks first, as readers see it. They are ranked there, with the reason,
/// since the body is found by its headline.
pub(crate) fn decide(evidence: &Evidence) -> Decision<Option<String>> {
    let titles = evidence.titles.iter();
    let claims = titles.map(|title| Claim::new(title.source, title.shown().to_owned()));
    Decision::first(claims.collect()).because(evidence.title_reason)
}
