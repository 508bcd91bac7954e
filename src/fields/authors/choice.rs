//! Which of those that a page names are its authors.

use crate::dom::NodeId;
use crate::fields::authors::{AuthorClaim, priority};

/// The authors: of the source believed most that names a person in full, else one that names a
/// person, else an organisation. Gives the place among the candidates, and why.
pub(super) fn choose(found: &[AuthorClaim]) -> Option<(usize, &'static str)> {
    let full = |p: &AuthorClaim| p.names.iter().any(|n| n.contains(' ') || !n.is_ascii());
    let persons = |p: &&AuthorClaim| !p.is_organisation;
    let first = found.iter().position(|p| persons(&p));
    let Some(first) = first else {
        return (!found.is_empty()).then_some((0, "nobody else is named"));
    };
    // The page signs with an organisation: its data or its byline, before any person is named.
    let signed = found.iter().position(|p| p.is_organisation);
    if let Some(signed) = signed
        && signs_for_all(found, signed, first)
    {
        return Some((signed, "the page signs with an organisation"));
    }
    // A handle that only the data know, where a byline has a full name.
    let echoed = found.iter().any(|p| {
        p.source.priority < priority::FEED && p.names[0].starts_with(&found[first].names[0])
    });
    if !full(&found[first])
        && found[first].source.priority >= priority::FEED
        && !echoed
        && let Some(longer) = found.iter().position(|p| {
            persons(&p)
                && full(p)
                && p.names.len() <= 4
                && p.source.priority >= priority::LEAST_BYLINE
        })
    {
        return Some((longer, "a full name where the data have a single word"));
    }
    Some((first, "the source believed most that names a person"))
}

/// Whether an organisation stands for the authors although a person is named: the person stands
/// too far from the headline, or behind a byline that names the organisation.
fn signs_for_all(found: &[AuthorClaim], signed: usize, person: usize) -> bool {
    let person = &found[person];
    if person.source.priority >= priority::FEED
        || found[signed].source.priority <= person.source.priority
    {
        return false;
    }
    let place = |p: &AuthorClaim| p.source.node.map(NodeId::index);
    let alone = |p: &AuthorClaim| {
        found
            .iter()
            .all(|other| other.is_organisation || place(other) != place(p))
    };
    let byline = found.iter().find(|p| {
        p.is_organisation
            && (priority::LEAST_BYLINE..priority::FEED).contains(&p.source.priority)
            && alone(p)
    });
    (priority::HANDLE..priority::LEAST_BYLINE).contains(&person.source.priority)
        || byline.is_some_and(|b| place(b) < place(person) && b.names[0] == found[signed].names[0])
}

/// Most names of a group without persons: an article is signed by one organisation.
const MAX_ORGANISATIONS: usize = 1;

/// The names of the claim that was chosen.
pub(super) fn names_of(claim: &AuthorClaim) -> Vec<String> {
    let mut names = claim.names.clone();
    if claim.is_organisation {
        names.truncate(MAX_ORGANISATIONS);
    }
    names
}
