//! The address the page gives for its own.

use crate::evidence::canonical::canonical;
use crate::fields::Inputs;
use crate::fields::explain::Decision;

/// The first address that can be the page's own.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    Decision::first(canonical(inputs.evidence))
}
