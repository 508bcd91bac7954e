//! Which of the authors that a page claims are taken.

use crate::dom::NodeId;
use crate::fields::authors::{AuthorClaim, priority};

/// The index of the claim that is taken, and why: that of the source believed most that names a person in
/// full, else one that names a person, else one that names an organisation.
pub(super) fn choose(found: &[AuthorClaim]) -> Option<(usize, &'static str)> {
    let is_full = |p: &AuthorClaim| p.names.iter().any(|n| n.contains(' ') || !n.is_ascii());
    let Some(first) = found.iter().position(|p| !p.is_organisation) else {
        return (!found.is_empty()).then_some((0, "nobody else is named"));
    };
    // The page signs with an organisation: its data or its byline, before any person is named.
    let signed = found.iter().position(|p| p.is_organisation);
    if let Some(signed) = signed.filter(|signed| signs_for_all(found, *signed, first)) {
        return Some((signed, "the page signs with an organisation"));
    }
    // A handle that only the data know, where a byline has a full name.
    let person = &found[first];
    let is_echoed = || {
        let mut visible = found.iter().filter(|p| p.source.priority < priority::FEED);
        visible.any(|p| p.names[0].starts_with(&person.names[0]))
    };
    if !is_full(person) && person.source.priority >= priority::FEED && !is_echoed() {
        let longer = found.iter().position(|p| {
            let is_byline = !p.is_organisation && p.source.priority >= priority::LEAST_BYLINE;
            is_byline && is_full(p) && p.names.len() <= 4
        });
        if let Some(longer) = longer {
            return Some((longer, "a full name where the data have a single word"));
        }
    }
    Some((first, "the source believed most that names a person"))
}

/// Whether an organisation stands for the authors although a person is named: the person stands
/// too far from the headline, or behind a byline that names the organisation.
fn signs_for_all(found: &[AuthorClaim], signed: usize, person: usize) -> bool {
    let (signed, person) = (&found[signed], &found[person]);
    if person.source.priority >= priority::FEED || signed.source.priority <= person.source.priority
    {
        return false;
    }
    let place = |p: &AuthorClaim| p.source.node.map(NodeId::index);
    let is_byline = |p: &&AuthorClaim| {
        let mut persons = found.iter().filter(|other| !other.is_organisation);
        p.is_organisation
            && (priority::LEAST_BYLINE..priority::FEED).contains(&p.source.priority)
            && persons.all(|other| place(other) != place(p))
    };
    let byline = found.iter().find(is_byline);
    (priority::HANDLE..priority::LEAST_BYLINE).contains(&person.source.priority)
        || byline.is_some_and(|b| place(b) < place(person) && b.names[0] == signed.names[0])
}

/// Most names that are kept where they are organisations: one signs an article.
const MAX_ORGANISATIONS: usize = 1;

/// The names of the claim that was chosen.
pub(super) fn names_of(claim: &AuthorClaim) -> Vec<String> {
    let mut names = claim.names.clone();
    if claim.is_organisation {
        names.truncate(MAX_ORGANISATIONS);
    }
    names
}
