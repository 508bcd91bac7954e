//! The licence of the text.

use crate::evidence::claim::Claim;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// Licence of The Conversation's articles (theconversation.com/republishing-guidelines).
const CONVERSATION_LICENSE: &str = "https://creativecommons.org/licenses/by-nd/4.0/";

/// The licence by JSON-LD, else by metas and links, else by The Conversation's counter.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let json_ld = inputs.json_ld(|article| article.license.clone());
    let stated = json_ld.into_iter().chain(inputs.declared("license"));
    let counter = inputs.evidence.declared.of("counter").into_iter().take(1);
    let counter = counter.map(|f| Claim::at(f.node, f.source, CONVERSATION_LICENSE.to_owned()));
    Decision::first(stated.chain(counter).collect())
}
