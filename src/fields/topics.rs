//! Section, tags and whether the article is paid for.

use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::evidence::separators::SEPARATORS;

/// What speaks for the section: metas, then JSON-LD.
pub(crate) fn section(evidence: &Evidence) -> Vec<Claim> {
    let linked = evidence.article().and_then(|a| a.section.clone());
    let noted = evidence.declared.of("section").into_iter().map(Claim::of);
    noted
        .chain(linked.map(|section| Claim::new("json-ld", section)))
        .collect()
}

/// Lists of tags, believed most first: `article:tag` elements, JSON-LD, a list in one meta.
pub(crate) fn tags(evidence: &Evidence) -> Vec<(Claim, Vec<String>)> {
    let named = evidence.declared.of("tag");
    let mut lists = Vec::new();
    if let Some(first) = named.first() {
        let tags = named.iter().map(|f| f.value.clone());
        lists.push((Claim::of(first), unique(tags)));
    }
    if let Some(article) = evidence.article() {
        let tags = unique(article.tags.iter().cloned());
        lists.push((Claim::new("json-ld", String::new()), tags));
    }
    for found in evidence.declared.of("tags") {
        let tags = found
            .value
            .split(&SEPARATORS.tags[..])
            .map(|t| t.trim().to_owned());
        lists.push((Claim::of(found), unique(tags)));
    }
    lists.retain(|(_, tags)| !tags.is_empty());
    for (claim, tags) in &mut lists {
        claim.value = tags.join("; ");
    }
    lists
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

/// Values of a content tier that lock an article (developers.facebook.com: `article:content_tier`;
/// the others in use beside them).
const LOCKED: [&str; 5] = ["locked", "metered", "premium", "paid", "subscriber"];

/// What the page says about being paid for; refused is what says that it is free.
pub(crate) fn paywalled(evidence: &Evidence) -> Vec<Claim> {
    let free = |is_free: bool| is_free.then_some("it says the article is free");
    let linked = evidence.article().and_then(|a| a.free);
    let linked = linked.map(|is_free| {
        Claim::new("json-ld", format!("isAccessibleForFree: {is_free}")).unless(free(is_free))
    });
    let tiers = evidence.declared.of("tier").into_iter().map(|found| {
        let is_locked = LOCKED.iter().any(|l| found.value.eq_ignore_ascii_case(l));
        Claim::of(found).unless(free(!is_locked))
    });
    let said = evidence.declared.of("free").into_iter().map(|found| {
        let is_locked = found.value.eq_ignore_ascii_case("false");
        Claim::of(found).unless(free(!is_locked))
    });
    linked.into_iter().chain(tiers).chain(said).collect()
}
