//! What one place says about a field of the record.

use crate::dom::NodeId;
use crate::evidence::declared::Declaration;

/// What one place on a page says about a field. In a list of claims, those believed more come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) source: &'static str,
    pub(crate) node: Option<NodeId>,
    pub(crate) value: String,
    /// Why it cannot be taken, where it cannot.
    pub(crate) refused: Option<&'static str>,
}

impl Claim {
    /// A claim of data that stand in no element.
    pub(crate) fn new(source: &'static str, value: String) -> Self {
        Self {
            source,
            node: None,
            value,
            refused: None,
        }
    }

    /// A claim of an element.
    pub(crate) fn at(node: NodeId, source: &'static str, value: String) -> Self {
        Self {
            node: Some(node),
            ..Self::new(source, value)
        }
    }

    /// What the walk over the page found.
    pub(crate) fn of(found: &Declaration) -> Self {
        Self::at(found.node, found.source, found.value.clone())
    }

    /// The claim, refused where there is a reason to.
    pub(crate) fn unless(self, refused: Option<&'static str>) -> Self {
        Self { refused, ..self }
    }
}

/// The index of the claim that is taken: the first that is not refused.
pub(crate) fn first(claims: &[Claim]) -> Option<usize> {
    claims.iter().position(|claim| claim.refused.is_none())
}
