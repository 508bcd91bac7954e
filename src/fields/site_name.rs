//! The publication's name.

use crate::evidence::claim::Claim;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The name by `og:site_name`, else JSON-LD, else other metas, without a slogan behind a bar.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let evidence = inputs.evidence;
    let (graph, others): (Vec<_>, Vec<_>) = evidence
        .declared
        .of("site")
        .into_iter()
        .partition(|f| f.source == "og:site_name");
    let publisher = evidence.article().and_then(|a| a.publisher.clone());
    let site = evidence.declared.json_ld.site.clone();
    let mut claims: Vec<Claim> = graph.into_iter().take(1).map(Claim::of).collect();
    claims.extend(publisher.map(|name| Claim::new("json-ld publisher", name)));
    claims.extend(site.map(|name| Claim::new("json-ld WebSite", name)));
    claims.extend(others.into_iter().map(Claim::of));
    for claim in &mut claims {
        let short = claim.value.split(" | ").next().unwrap_or_default().trim();
        if !short.is_empty() {
            claim.value = short.to_owned();
        }
    }
    Decision::first(claims)
}
