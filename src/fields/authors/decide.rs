//! Which of those that a page names are its authors.

use crate::dom::NodeId;
use crate::fields::authors::{People, weight};

/// The authors: of the source believed most that names a person in full, else one that names a
/// person, else an organisation. Gives the place among the candidates, and why.
pub(crate) fn choose(found: &[People]) -> Option<(usize, &'static str)> {
    let full = |p: &People| p.names.iter().any(|n| n.contains(' ') || !n.is_ascii());
    let persons = |p: &&People| !p.organisation;
    let first = found.iter().position(|p| persons(&p));
    let Some(first) = first else {
        return (!found.is_empty()).then_some((0, "nobody else is named"));
    };
    // The page signs with an organisation: its data or its byline, before any person is named.
    let signed = found.iter().position(|p| p.organisation);
    if let Some(signed) = signed
        && signs_for_all(found, signed, first)
    {
        return Some((signed, "the page signs with an organisation"));
    }
    // A handle that only the data know, where a byline has a full name.
    let echoed = found
        .iter()
        .any(|p| p.weight < weight::FEED && p.names[0].starts_with(&found[first].names[0]));
    if !full(&found[first])
        && found[first].weight >= weight::FEED
        && !echoed
        && let Some(longer) = found.iter().position(|p| {
            persons(&p) && full(p) && p.names.len() <= 4 && p.weight >= weight::LEAST_BYLINE
        })
    {
        return Some((longer, "a full name where the data have a single word"));
    }
    Some((first, "the source believed most that names a person"))
}

/// Whether an organisation stands for the authors although a person is named: the person stands
/// too far from the headline, or behind a byline that names the organisation.
fn signs_for_all(found: &[People], signed: usize, person: usize) -> bool {
    let person = &found[person];
    if person.weight >= weight::FEED || found[signed].weight <= person.weight {
        return false;
    }
    let place = |p: &People| p.node.map(NodeId::index);
    let alone = |p: &People| {
        found
            .iter()
            .all(|other| other.organisation || place(other) != place(p))
    };
    let byline = found.iter().find(|p| {
        p.organisation && (weight::LEAST_BYLINE..weight::FEED).contains(&p.weight) && alone(p)
    });
    (weight::HANDLE..weight::LEAST_BYLINE).contains(&person.weight)
        || byline.is_some_and(|b| place(b) < place(person) && b.names[0] == found[signed].names[0])
}

/// Most names of a group without persons: an article is signed by one organisation.
const MAX_ORGANISATIONS: usize = 1;

/// The names of the candidate that was chosen.
pub(crate) fn named(found: &[People], chosen: Option<usize>) -> Vec<String> {
    let Some(people) = chosen.and_then(|at| found.get(at)) else {
        return Vec::new();
    };
    let most = if people.organisation {
        MAX_ORGANISATIONS
    } else {
        people.names.len()
    };
    people.names.iter().take(most).cloned().collect()
}
