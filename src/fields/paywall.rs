//! Whether the page says that its article is paid for.

use crate::evidence::claim::Claim;
use crate::fields::explain::Decision;
use crate::fields::{Inputs, words_of};

/// True where JSON-LD, a content tier or a meta says so; what says that it is free is refused.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<bool>> {
    let evidence = inputs.evidence;
    let free = |is_free: bool| is_free.then_some("it says the article is free");
    let linked = evidence.article().and_then(|a| a.free);
    let linked = linked.map(|is_free| {
        Claim::new("json-ld", format!("isAccessibleForFree: {is_free}")).unless(free(is_free))
    });
    let tiers = evidence.declared.of("tier").into_iter().map(|found| {
        let mut locked = words_of("paid-tier").into_iter();
        let is_locked = locked.any(|l| found.value.eq_ignore_ascii_case(l));
        Claim::of(found).unless(free(!is_locked))
    });
    let stated = evidence.declared.of("free").into_iter().map(|found| {
        let is_locked = found.value.eq_ignore_ascii_case("false");
        Claim::of(found).unless(free(!is_locked))
    });
    let claims = linked.into_iter().chain(tiers).chain(stated).collect();
    let why = "the page says that it is paid for";
    Decision::first(claims)
        .because(why)
        .map(|found| found.map(|_| true))
}
