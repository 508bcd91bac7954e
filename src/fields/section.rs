//! The section of the publication that the article stands in.

use crate::evidence::claim::Claim;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The section by the page's metas, else by JSON-LD.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let evidence = inputs.evidence;
    let linked = evidence.article().and_then(|a| a.section.clone());
    let noted = evidence.notes.of("section").into_iter().map(Claim::of);
    let linked = linked.map(|section| Claim::new("json-ld", section));
    Decision::first(noted.chain(linked).collect())
}
