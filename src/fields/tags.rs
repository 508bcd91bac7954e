//! The topics the page names.

use crate::evidence::claim::Claim;
use crate::evidence::separators::SEPARATORS;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The first of these that has any: `article:tag` elements, JSON-LD, a list in one meta.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Vec<String>> {
    let evidence = inputs.evidence;
    let named = evidence.declared.of("tag");
    let mut lists = Vec::new();
    if let Some(first) = named.first() {
        let tags = named.iter().map(|found| found.value.clone());
        lists.push((Claim::of(first), unique(tags)));
    }
    if let Some(article) = evidence.article() {
        let tags = unique(article.tags.iter().cloned());
        lists.push((Claim::new("json-ld", String::new()), tags));
    }
    for found in evidence.declared.of("tags") {
        let tags = found.value.split(&SEPARATORS.tags[..]);
        let tags = tags.map(|tag| tag.trim().to_owned());
        lists.push((Claim::of(found), unique(tags)));
    }
    lists.retain(|(_, tags)| !tags.is_empty());
    for (claim, tags) in &mut lists {
        claim.value = tags.join("; ");
    }
    let (claims, lists): (Vec<_>, Vec<_>) = lists.into_iter().unzip();
    Decision::first(claims).map(|_| lists.into_iter().next().unwrap_or_default())
}

fn unique(tags: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for tag in tags {
        if !tag.is_empty() && !found.contains(&tag) {
            found.push(tag);
        }
    }
    found
}
