//! The section of the publication that the article stands in.

use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The section by the page's metas, else by JSON-LD.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let linked = inputs.linked(|article| article.section.clone());
    Decision::first(inputs.noted("section").chain(linked).collect())
}
