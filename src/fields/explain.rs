//! How a field is decided from its claims, and what `--explain` tells of it.

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

/// Where a page says something, and how far that is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) name: &'static str,
    pub(crate) node: Option<NodeId>,
    /// Higher is believed more.
    pub(crate) priority: u32,
}

impl Source {
    /// A source in the page's data, or another one that is no element of the page.
    pub(crate) fn of_data(name: &'static str, priority: u32) -> Self {
        Self {
            name,
            node: None,
            priority,
        }
    }

    /// An element or a text of the page.
    pub(crate) fn at(node: NodeId, name: &'static str, priority: u32) -> Self {
        Self {
            node: Some(node),
            ..Self::of_data(name, priority)
        }
    }

    /// What the source says, for the explanation.
    pub(crate) fn claim(self, value: String) -> Claim {
        Claim {
            node: self.node,
            ..Claim::new(self.name, value)
        }
    }
}

/// What was decided for a field, and from what.
pub(crate) struct Decision<T> {
    pub(crate) value: T,
    /// The claims for the field, those believed more first.
    pub(crate) claims: Vec<Claim>,
    /// The index of the claim that is taken, and why it is.
    pub(crate) taken: Option<(usize, &'static str)>,
}

impl Decision<Option<String>> {
    /// Takes the first claim that is not refused.
    pub(crate) fn first(claims: Vec<Claim>) -> Self {
        let at = first(&claims);
        Self {
            value: at.map(|at| claims[at].value.clone()),
            claims,
            taken: at.map(|at| (at, "the source believed most")),
        }
    }
}

impl<T> Decision<T> {
    /// The decision for another reason.
    pub(crate) fn because(mut self, why: &'static str) -> Self {
        self.taken = self.taken.map(|(at, _)| (at, why));
        self
    }

    /// The decision with its value in another form.
    pub(crate) fn map<U>(self, form: impl FnOnce(T) -> U) -> Decision<U> {
        Decision {
            value: form(self.value),
            claims: self.claims,
            taken: self.taken,
        }
    }
}

/// The candidates of a page's fields, kept where they are asked for.
pub(crate) struct Explanation<'a> {
    pub(crate) page: &'a Document,
    pub(crate) is_wanted: bool,
    pub(crate) candidates: Vec<Candidate>,
}

impl Explanation<'_> {
    /// Keeps the candidates of a field, if they are wanted, and returns its value.
    pub(crate) fn field<T>(&mut self, field: &'static str, decision: Decision<T>) -> T {
        if self.is_wanted {
            let claims = decision.claims.into_iter().enumerate();
            let candidates = claims.map(|(at, claim)| Candidate {
                field,
                verdict: verdict(at, decision.taken, claim.refused),
                value: claim.value,
                source: claim.source,
                place: claim.node.map(|node| path(self.page, node)),
            });
            self.candidates.extend(candidates);
        }
        decision.value
    }
}

fn verdict(at: usize, taken: Option<(usize, &str)>, refused: Option<&str>) -> String {
    match (taken, refused) {
        (_, Some(reason)) => format!("refused: {reason}"),
        (Some((place, why)), _) if place == at => format!("taken: {why}"),
        (Some((place, _)), _) if place < at => "a candidate believed more was taken".to_owned(),
        _ => "another candidate had the better claim".to_owned(),
    }
}

/// The names of an element's nearest ancestors and its own: `article/header/p/time`.
fn path(page: &Document, node: NodeId) -> String {
    let mut names: Vec<&str> = std::iter::once(node)
        .chain(page.ancestors(node))
        .filter_map(|id| page.element(id).map(Element::name))
        .take(5)
        .collect();
    names.reverse();
    names.join("/")
}
