//! What `--explain` tells: the candidates of each field, and why one of them was taken.

use crate::dom::{Document, Element, NodeId};
use crate::evidence::claim::{Claim, first};

/// One thing a page says about one field of its record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// The record's field.
    pub field: &'static str,
    /// What the page says.
    pub value: String,
    /// Where it says so, such as `json-ld`, `og:title`, `byline`.
    pub source: &'static str,
    /// The element that says so, by its nearest ancestors' names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why it won, or did not.
    pub verdict: String,
}

/// The candidates of a page's fields, as they are told.
pub(crate) struct Said<'a> {
    pub(crate) page: &'a Document,
    /// Whether anybody wants to know.
    pub(crate) wanted: bool,
    pub(crate) candidates: Vec<Candidate>,
}

impl Said<'_> {
    /// Notes the candidates of a field, believed most first, and which one was taken, and why.
    pub(crate) fn note(
        &mut self,
        field: &'static str,
        taken: Option<(usize, &'static str)>,
        found: impl Iterator<Item = (&'static str, Option<NodeId>, String)>,
    ) {
        if !self.wanted {
            return;
        }
        for (at, (source, node, value)) in found.enumerate() {
            let claim = Claim {
                node,
                ..Claim::new(source, value)
            };
            self.push(field, at, taken, claim);
        }
    }

    /// Notes the claims for a field of which the first that is not refused was taken.
    pub(crate) fn claims(&mut self, field: &'static str, why: &'static str, claims: Vec<Claim>) {
        if !self.wanted {
            return;
        }
        let taken = first(&claims).map(|at| (at, why));
        for (at, claim) in claims.into_iter().enumerate() {
            self.push(field, at, taken, claim);
        }
    }

    fn push(
        &mut self,
        field: &'static str,
        at: usize,
        taken: Option<(usize, &'static str)>,
        claim: Claim,
    ) {
        let verdict = match (taken, claim.refused) {
            (_, Some(reason)) => format!("refused: {reason}"),
            (Some((place, why)), _) if place == at => format!("taken: {why}"),
            (Some((place, _)), _) if place < at => "a candidate believed more was taken".to_owned(),
            _ => "another candidate had the better claim".to_owned(),
        };
        self.candidates.push(Candidate {
            field,
            value: claim.value,
            source: claim.source,
            place: claim.node.map(|node| self.path(node)),
            verdict,
        });
    }

    /// The names of an element's nearest ancestors and its own: `article/header/p/time`.
    fn path(&self, node: NodeId) -> String {
        let mut names: Vec<&str> = std::iter::once(node)
            .chain(self.page.ancestors(node))
            .filter_map(|id| self.page.element(id).map(Element::name))
            .take(5)
            .collect();
        names.reverse();
        names.join("/")
    }
}
