//! The address the page gives for its own.

use crate::evidence::canonical::claims;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The first address that can be the page's own.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    Decision::first(claims(inputs.evidence))
}
