//! The headline.

use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::fields::explain::Decision;

/// The headline the evidence puts first, as readers see it: the body is found by headlines, so that they
/// are put in order, with the reason, before it is.
pub(crate) fn decide(evidence: &Evidence) -> Decision<Option<String>> {
    let titles = evidence.titles.iter();
    let claims = titles.map(|title| Claim::new(title.source, title.shown().to_owned()));
    Decision::first(claims.collect()).because(evidence.title_reason)
}
