//! The section of the publication that the article is in.

use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The section by the page's metas, else by JSON-LD.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let json_ld = inputs.json_ld(|article| article.section.clone());
    Decision::first(inputs.declared("section").chain(json_ld).collect())
}
